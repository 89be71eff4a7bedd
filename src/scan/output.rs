//! Where the scan writes: a small block, emptied into a `String` or a vector whenever it is full; and
//! who gets what a whole text becomes.
//!
//! The block stays in the nearest cache. There it costs little to check that a `String` gets
//! UTF-8, which it always does, but which safe code must show; measured together with the copy,
//! some 6 % of a conversion. Writing into the target itself would mean to zero its memory first
//! and to check it when it has left the cache.

use std::borrow::Cow;
use std::ops::Range;

use super::kernel::{SHORT_BLOCK, SLACK, STRETCH};

/// The size of the block for long texts: large enough to leave the loop rarely.
pub(super) const LONG: usize = KEPT + STRETCH + SLACK + GROWTH;

/// The size of the block for texts of up to [`SHORT_TEXT`] bytes: zeroing it costs little.
pub(super) const SHORT: usize = SHORT_TEXT + SLACK + GROWTH;

/// See [`SHORT`].
pub(super) const SHORT_TEXT: usize = 512;

/// So much stays in the block when it is emptied, so that an island that starts a little before
/// it is mended there.
const KEPT: usize = 64;

/// So much longer may islands make what the loop wrote.
const GROWTH: usize = 96;

/// The loop is not begun with less room, unless the block is a short one.
const LEAST: usize = 256;

/// Why the check never fails.
const IS_TEXT: &str = "text and values are UTF-8";

/// What converted text is appended to.
pub(crate) trait Target {
    /// What it holds.
    fn bytes(&self) -> &[u8];
    /// Appends whole characters, or, to what takes bytes, bytes.
    fn append(&mut self, more: &[u8]);
    /// The same, once it is known that they are.
    fn append_text(&mut self, more: &str);
    /// Makes room for so many bytes at once.
    fn reserve(&mut self, count: usize);
    /// Cuts off the last `count` bytes, which are whole characters.
    fn take_back(&mut self, count: usize);
}

impl Target for Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn append(&mut self, more: &[u8]) {
        self.extend_from_slice(more);
    }

    fn append_text(&mut self, more: &str) {
        self.extend_from_slice(more.as_bytes());
    }

    fn reserve(&mut self, count: usize) {
        self.reserve(count);
    }

    fn take_back(&mut self, count: usize) {
        self.truncate(self.len() - count);
    }
}

impl Target for String {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn append(&mut self, more: &[u8]) {
        self.push_str(simdutf8::basic::from_utf8(more).expect(IS_TEXT));
    }

    fn append_text(&mut self, more: &str) {
        self.push_str(more);
    }

    fn reserve(&mut self, count: usize) {
        self.reserve(count);
    }

    fn take_back(&mut self, count: usize) {
        self.truncate(self.len() - count);
    }
}

/// What a short text becomes: the first bytes of a block, UTF-8.
#[derive(Clone, Copy)]
pub(crate) struct ShortText<'b> {
    block: &'b [u8; SHORT_BLOCK],
    len: usize,
}

impl<'b> ShortText<'b> {
    /// The first bytes of a block.
    ///
    /// # Safety
    ///
    /// They must be UTF-8.
    #[allow(unsafe_code)]
    #[inline(always)]
    pub(super) unsafe fn unchecked(block: &'b [u8; SHORT_BLOCK], len: usize) -> ShortText<'b> {
        #[cfg(any(test, debug_assertions))]
        assert!(std::str::from_utf8(&block[..len]).is_ok());
        ShortText { block, len }
    }

    #[inline(always)]
    fn as_str(self) -> &'b str {
        // SAFETY: they are UTF-8, as who made this saw to.
        #[allow(unsafe_code)]
        unsafe {
            std::str::from_utf8_unchecked(&self.block[..self.len])
        }
    }

    #[inline(always)]
    fn to_owned(self) -> String {
        // A copy of a length that the compiler knows is an instruction or two.
        let mut bytes = match self.len {
            ..=32 => self.block[..32].to_vec(),
            33..=64 => self.block[..64].to_vec(),
            len => self.block[..len].to_vec(),
        };
        bytes.truncate(self.len);
        // SAFETY: they are UTF-8, as who made this saw to. To read them again, even one byte, would be
        // to wait until they are written, as long as for a table.
        #[allow(unsafe_code)]
        unsafe {
            String::from_utf8_unchecked(bytes)
        }
    }
}

/// Who gets what a whole text becomes.
pub(crate) trait Recipient<'t>: Sized {
    type Target: Target;
    type Receipt;
    /// NullSink changes.
    fn same(self, text: &'t str) -> Self::Receipt;
    /// What it becomes.
    fn changed(self, converted: ShortText<'_>) -> Self::Receipt;
    /// What `append` appends; if it returns false nothing changes, and it has appended nothing.
    fn filled(self, text: &'t str, append: impl FnOnce(&mut Self::Target) -> bool)
        -> Self::Receipt;
}

/// Borrows a text that stays.
pub(crate) struct IntoCow;

/// Appends what a text becomes if it changes, and says whether.
pub(crate) struct AppendTo<'o, T>(pub(crate) &'o mut T);

impl<'t> Recipient<'t> for IntoCow {
    type Target = String;
    type Receipt = Cow<'t, str>;

    #[inline(always)]
    fn same(self, text: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(text)
    }

    #[inline(always)]
    fn changed(self, converted: ShortText<'_>) -> Cow<'t, str> {
        Cow::Owned(converted.to_owned())
    }

    fn filled(self, text: &'t str, append: impl FnOnce(&mut String) -> bool) -> Cow<'t, str> {
        let mut converted = String::new();
        match append(&mut converted) {
            true => Cow::Owned(converted),
            false => Cow::Borrowed(text),
        }
    }
}

impl<'t, T: Target> Recipient<'t> for AppendTo<'_, T> {
    type Target = T;
    type Receipt = bool;

    #[inline(always)]
    fn same(self, _: &'t str) -> bool {
        false
    }

    #[inline(always)]
    fn changed(self, converted: ShortText<'_>) -> bool {
        self.0.append_text(converted.as_str());
        true
    }

    fn filled(self, _: &'t str, append: impl FnOnce(&mut T) -> bool) -> bool {
        append(self.0)
    }
}

/// What was written, and may be mended.
pub(super) trait Written {
    /// Whether it takes anything. What does not is asked nothing else, and the scan stops at the
    /// first change.
    const WRITES: bool;
    /// Whether it is told where characters may not be one to one.
    const NOTES: bool = false;
    /// Replaces what stands between so many bytes before the end and so many with whole characters.
    /// Refuses where that is not simple.
    fn replace(&mut self, from: usize, to: usize, with: &[u8]) -> bool;
    /// Replaces, from so many bytes before the end on, the bytes in the mask with those of `with`.
    /// Refuses where that is not simple.
    fn overwrite(&mut self, from: usize, with: u128, mask: u128) -> bool;
    /// Notes a part of the text, between two cuts, that became this.
    fn note(&mut self, _part: Range<usize>, _source: &[u8], _converted: &[u8]) {}
}

/// What the scan does with what it makes.
pub(super) trait Sink: Written {
    /// Room for the loop to write into, and for how much of a text it is.
    fn room(&mut self) -> (&mut [u8], usize);
    /// Keeps the next `written` bytes of the room.
    fn advance(&mut self, written: usize);
    /// Adds to what was written.
    fn append(&mut self, more: &[u8]);
    /// Takes back the last `count` bytes.
    fn take_back(&mut self, count: usize);
    /// Whether the last that was written is this.
    fn ends_with(&self, text: &[u8]) -> bool;
}

/// For a text that may not change at all.
#[derive(Default)]
pub(super) struct NullSink {
    /// So much of it did not.
    passed: usize,
}

impl NullSink {
    /// Where nothing is written, longer stretches cost less; but what lies behind a change in one was
    /// looked at in vain.
    const LONGEST: usize = 8 * STRETCH;
}

// Places in a stretch have 16 bits.
const _: () = assert!(NullSink::LONGEST + SLACK <= u16::MAX as usize);

impl Sink for NullSink {
    fn room(&mut self) -> (&mut [u8], usize) {
        (&mut [], self.passed.clamp(STRETCH, NullSink::LONGEST))
    }

    fn advance(&mut self, written: usize) {
        self.passed += written;
    }

    fn append(&mut self, _: &[u8]) {}

    fn take_back(&mut self, _: usize) {}

    fn ends_with(&self, _: &[u8]) -> bool {
        true
    }
}

impl Written for NullSink {
    const WRITES: bool = false;

    fn replace(&mut self, _: usize, _: usize, _: &[u8]) -> bool {
        true
    }

    fn overwrite(&mut self, _: usize, _: u128, _: u128) -> bool {
        true
    }
}

/// A target with its block.
pub(super) struct Output<'o, T: Target, const BLOCK: usize> {
    target: &'o mut T,
    block: [u8; BLOCK],
    filled: usize,
    /// Whether the target has got nothing yet.
    is_first: bool,
}

impl<'o, T: Target, const BLOCK: usize> Output<'o, T, BLOCK> {
    pub(super) fn new(target: &'o mut T) -> Output<'o, T, BLOCK> {
        Output {
            target,
            block: [0; BLOCK],
            filled: 0,
            is_first: true,
        }
    }

    /// All that was written, while it is still in the block.
    pub(super) fn whole(&self) -> Option<&[u8]> {
        self.is_first.then(|| &self.block[..self.filled])
    }

    /// Passes on what the block holds, but for the last few characters.
    fn empty(&mut self) {
        // Bytes that are no text have no characters, and need none.
        let is_inside = |&at: &usize| self.block[at] & 0xC0 == 0x80;
        let last = self.filled.saturating_sub(KEPT);
        let kept = (last.saturating_sub(3)..=last)
            .rev()
            .find(|at| !is_inside(at))
            .unwrap_or(last);
        self.target.append(&self.block[..kept]);
        self.is_first = false;
        self.block.copy_within(kept..self.filled, 0);
        self.filled -= kept;
    }

    /// Passes on all that the block holds.
    pub(super) fn flush(&mut self) {
        self.target.append(&self.block[..self.filled]);
        self.is_first = false;
        self.filled = 0;
    }
}

impl<T: Target, const BLOCK: usize> Sink for Output<'_, T, BLOCK> {
    #[inline]
    fn room(&mut self) -> (&mut [u8], usize) {
        if self.filled + LEAST.min(BLOCK / 4) + SLACK + GROWTH > BLOCK {
            self.empty();
        }
        let room = &mut self.block[self.filled..];
        let limit = room.len() - SLACK - GROWTH;
        (room, limit)
    }

    #[inline]
    fn advance(&mut self, written: usize) {
        self.filled += written;
    }

    #[inline]
    fn append(&mut self, more: &[u8]) {
        if let Some(room) = self.block.get_mut(self.filled..self.filled + more.len()) {
            room.copy_from_slice(more);
            self.filled += more.len();
        } else {
            self.flush();
            self.target.append(more);
        }
    }

    fn take_back(&mut self, count: usize) {
        match self.filled.checked_sub(count) {
            Some(left) => self.filled = left,
            None => {
                self.target.take_back(count - self.filled);
                self.filled = 0;
            }
        }
    }

    fn ends_with(&self, text: &[u8]) -> bool {
        let written = &self.block[..self.filled];
        // So few need no call, and of text that changes they mostly tell.
        written.last_chunk::<64>() == text.last_chunk::<64>() && written.ends_with(text)
    }
}

impl<T: Target, const BLOCK: usize> Written for Output<'_, T, BLOCK> {
    const WRITES: bool = true;

    #[inline]
    fn replace(&mut self, from: usize, to: usize, with: &[u8]) -> bool {
        let Some(start) = self.filled.checked_sub(from) else {
            return false;
        };
        let end = self.filled - to;
        let new_end = start + with.len();
        if new_end != end {
            if new_end + to > BLOCK {
                return false;
            }
            self.block.copy_within(end..self.filled, new_end);
            self.filled = new_end + to;
        }
        self.block[start..new_end].copy_from_slice(with);
        true
    }

    #[inline(always)]
    fn overwrite(&mut self, from: usize, with: u128, mask: u128) -> bool {
        let Some(start) = self.filled.checked_sub(from) else {
            return false;
        };
        let rest = self.block.get_mut(start..);
        let Some(place) = rest.and_then(|rest| rest.first_chunk_mut()) else {
            return false;
        };
        *place = (u128::from_le_bytes(*place) & !mask | with & mask).to_le_bytes();
        true
    }
}
