//! Where the scan writes: a small block, emptied into a `String` or a vector whenever it is full.
//!
//! The block stays in the nearest cache. There it costs little to check that a `String` gets
//! UTF-8, which it always does, but which safe code must show; measured together with the copy,
//! some 6 % of a conversion. Writing into the target itself would mean to zero its memory first
//! and to check it when it has left the cache.

use super::run::STRETCH;

/// The size of the block: large enough to leave the loop rarely, small enough that zeroing it
/// does not show on a short text.
const BLOCK: usize = 1 << 10;

/// What converted text is appended to.
pub(crate) trait Target {
    /// What it holds.
    fn bytes(&self) -> &[u8];
    /// Appends whole characters, or, to what takes bytes, bytes.
    fn append(&mut self, more: &[u8]);
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
        self.push_str(simdutf8::basic::from_utf8(more).expect("text and values are UTF-8"));
    }

    fn reserve(&mut self, count: usize) {
        self.reserve(count);
    }

    fn take_back(&mut self, count: usize) {
        self.truncate(self.len() - count);
    }
}

/// What the scan does with what it makes.
pub(super) trait Sink {
    /// Whether it takes anything. What does not is asked nothing else, and the scan stops at the
    /// first change.
    const WRITES: bool;
    /// Room to write into.
    fn room(&mut self) -> &mut [u8];
    /// Keeps the next `written` bytes of the room.
    fn advance(&mut self, written: usize);
    /// Adds to what was written.
    fn append(&mut self, more: &[u8]);
    /// Takes back the last `count` bytes.
    fn take_back(&mut self, count: usize);
}

/// For a text that may not change at all.
pub(super) struct Nothing;

impl Sink for Nothing {
    const WRITES: bool = false;

    fn room(&mut self) -> &mut [u8] {
        &mut []
    }

    fn advance(&mut self, _: usize) {}

    fn append(&mut self, _: &[u8]) {}

    fn take_back(&mut self, _: usize) {}
}

/// A target with its block.
pub(super) struct Output<'o, T: Target> {
    target: &'o mut T,
    block: [u8; BLOCK],
    filled: usize,
}

impl<'o, T: Target> Output<'o, T> {
    pub(super) fn new(target: &'o mut T) -> Output<'o, T> {
        Output {
            target,
            block: [0; BLOCK],
            filled: 0,
        }
    }

    /// Passes on what the block holds.
    pub(super) fn flush(&mut self) {
        self.target.append(&self.block[..self.filled]);
        self.filled = 0;
    }
}

impl<T: Target> Sink for Output<'_, T> {
    const WRITES: bool = true;

    #[inline]
    fn room(&mut self) -> &mut [u8] {
        if self.filled > BLOCK - STRETCH {
            self.flush();
        }
        &mut self.block[self.filled..]
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
}
