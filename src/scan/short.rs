//! Short texts, such as search queries: a loop of their own over a block on the stack, and one
//! allocation.
//!
//! Of a text of ten characters the general passage spends more on its beginning and its end than on
//! the characters. Here there is next to nothing to begin or to end. Live keys that stand alone are
//! put in, islands mended in place; whatever is less simple is left to the general passage, from the
//! start.

use super::classes::Unit;
use super::filter::pair_hash;
use super::kernel::{self, Converted, SHORT as SIZE};
use super::live_keys::{Record, Taken, WIDE};
use super::output::{Recipient, Written};
use super::segments::{word_at, Candidate, Stretch};
use super::{Scan, Segmented};
use crate::engine::Plan;

/// Four bytes are read and written for a character of three.
const SLACK: usize = 1;

/// The longest text. One of up to twice that length is cut in two, if it can be.
pub(super) const LONGEST: usize = SIZE - SLACK;

/// Whether less than this is UTF-8 the standard library's check tells as fast, and it needs not ask the
/// processor what it can do. Where that is answered by a hypervisor, the first answer takes longer than
/// all else that a first word costs.
const FEW: usize = 24;

/// What a text becomes, before zeros. It starts a cache line: what was written in parts is read again
/// at once, which takes longer across two.
#[repr(align(64))]
pub(super) struct Block(pub(super) [u8; SIZE]);

/// What stands behind a text.
const END: u8 = 0;

/// A text before zeros, so many that as much as a key is compared with can be loaded wherever one may
/// start. It starts a cache line, as a block does.
#[repr(align(64))]
pub(super) struct Source {
    bytes: [u8; SIZE + WIDE],
    len: usize,
}

impl Source {
    /// Of a short text. Its first and last bytes, which have all of it, are copied: so many as the
    /// compiler knows, which is an instruction or two.
    #[inline(always)]
    pub(super) fn of(text: &[u8]) -> Source {
        let len = text.len();
        let mut bytes = [END; SIZE + WIDE];
        macro_rules! copy_both {
            ($count:literal) => {
                for at in [0, len - $count] {
                    bytes[at..][..$count].copy_from_slice(&text[at..][..$count]);
                }
            };
        }
        match len {
            32.. => copy_both!(32),
            16.. => copy_both!(16),
            8.. => copy_both!(8),
            4.. => copy_both!(4),
            _ => bytes[..len].copy_from_slice(text),
        }
        Source { bytes, len }
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The hash of the pair around the boundary at `at`.
    #[inline(always)]
    fn around(&self, at: usize) -> u32 {
        let word = |at: usize| word_at(&self.bytes, at).map_or(Unit::NO_WORD, |(word, _)| word);
        pair_hash(word(self.before(at)), word(at))
    }

    /// The start of the character before `at`.
    #[inline(always)]
    fn before(&self, at: usize) -> usize {
        let last = at.saturating_sub(1);
        match self.bytes[last] < 0x80 {
            true => last,
            false => last.saturating_sub(2),
        }
    }
}

/// A text's block as something to be mended; one [`END`] counts.
struct Line<'b> {
    block: &'b mut [u8; SIZE],
    len: usize,
}

/// What became of the hits.
pub(super) enum Put {
    /// There was nothing to put in.
    Nothing,
    /// The block has so many bytes now.
    In(usize),
}

/// Places in a text, in order: a bit for each byte.
#[derive(Clone, Copy)]
pub(super) struct Places(pub(super) u64);

/// What a short text becomes.
#[derive(Clone, Copy)]
pub(crate) struct ShortText<'b> {
    block: &'b [u8; SIZE],
    /// So many bytes of the block are UTF-8.
    len: usize,
}

impl<'b> ShortText<'b> {
    /// The first bytes of a block, if they are UTF-8. As tables have nothing else, they are.
    pub(super) fn checked(block: &'b Block, len: usize) -> Option<ShortText<'b>> {
        let Block(block) = block;
        let is_text = match len {
            ..FEW => std::str::from_utf8(&block[..len]).is_ok(),
            _ => simdutf8::basic::from_utf8(block).is_ok_and(|block| block.is_char_boundary(len)),
        };
        is_text.then_some(ShortText { block, len })
    }

    /// The first bytes of a block.
    ///
    /// # Safety
    ///
    /// They must be UTF-8.
    #[allow(unsafe_code)]
    #[inline(always)]
    pub(super) unsafe fn unchecked(block: &'b Block, len: usize) -> ShortText<'b> {
        let Block(block) = block;
        #[cfg(any(test, debug_assertions))]
        assert!(std::str::from_utf8(&block[..len]).is_ok());
        ShortText { block, len }
    }

    #[inline(always)]
    pub(super) fn as_str(self) -> &'b str {
        // SAFETY: they are UTF-8, as each way to make this saw to.
        #[allow(unsafe_code)]
        unsafe {
            std::str::from_utf8_unchecked(&self.block[..self.len])
        }
    }

    #[inline(always)]
    pub(super) fn to_owned(self) -> String {
        // A copy of a length that the compiler knows is an instruction or two.
        let mut bytes = match self.len <= SIZE / 2 {
            true => self.block[..SIZE / 2].to_vec(),
            false => self.block.to_vec(),
        };
        bytes.truncate(self.len);
        // SAFETY: they are UTF-8, as each way to make this saw to. To read them again, even one byte,
        // would be to wait until they are written, as long as for a table.
        #[allow(unsafe_code)]
        unsafe {
            String::from_utf8_unchecked(bytes)
        }
    }
}

impl Block {
    #[inline(always)]
    pub(super) fn new() -> Block {
        Block([0; SIZE])
    }

    /// Whether the first bytes are something else than the text was.
    #[inline(always)]
    pub(super) fn is_changed(&self, len: usize, source: &Source) -> bool {
        // The zeros are compared as well: that needs no loop.
        len != source.len || source.bytes.first_chunk() != Some(&self.0)
    }
}

/// Bytes as a text, if they are one and short.
pub(super) fn short_text(bytes: &[u8]) -> Option<&str> {
    match bytes.len() {
        ..FEW => std::str::from_utf8(bytes).ok(),
        FEW..=LONGEST => simdutf8::basic::from_utf8(bytes).ok(),
        _ => None,
    }
}

impl Scan {
    /// Converts a short text.
    #[inline]
    pub(super) fn convert_short<'t, R: Recipient<'t>>(
        &self,
        plan: &Plan,
        text: &'t str,
        to: R,
    ) -> R::Receipt {
        let mut block = Block::new();
        match self.in_block(plan, text, &mut block) {
            Some(Some(converted)) => to.changed(converted),
            Some(None) => to.same(text),
            None => self.convert_long(plan, text, to),
        }
    }

    /// What a short text becomes, or an inner `None` if nothing changes; `None` if it is not simple.
    fn in_block<'b>(
        &self,
        plan: &Plan,
        text: &str,
        block: &'b mut Block,
    ) -> Option<Option<ShortText<'b>>> {
        let text = text.as_bytes();
        let live = self.live.view();
        let Converted { changed, hits } =
            kernel::convert_short(&self.classes, live, text, &mut block.0)?;
        let hits = Places(hits);
        if hits.0 != 0 {
            let source = Source::of(text);
            if let Put::In(len) = self.put_in(plan, &source, hits, &mut block.0)? {
                return match block.is_changed(len, &source) {
                    true => ShortText::checked(block, len).map(Some),
                    false => Some(None),
                };
            }
        }
        match changed {
            // SAFETY: the text is UTF-8, and each of its characters has become another one of as many
            // bytes, or has stayed: the changes lead to nothing else (see `Classes`), and ASCII has
            // none.
            #[allow(unsafe_code)]
            true => Some(Some(unsafe { ShortText::unchecked(block, text.len()) })),
            false => Some(None),
        }
    }

    /// Puts what live keys become into the block; `None` if they are not that simple.
    #[inline(always)]
    pub(super) fn put_in(
        &self,
        plan: &Plan,
        source: &Source,
        hits: Places,
        block: &mut [u8; SIZE],
    ) -> Option<Put> {
        // The text's end must leave nothing open, and no key may go on after it.
        if !self.is_barrier_byte(END) {
            return None;
        }
        let len = source.len;
        let joined = self.joined.first()?;
        let mut line = Line {
            block,
            len: len + 1,
        };
        let mut floor = 0;
        let mut places = hits;
        while let Some(hit) = places.next() {
            // One before is inside a live key.
            if hit <= floor {
                continue;
            }
            let mut found: Option<(usize, Record<'_>)> = None;
            let mut several = None;
            self.keys.find(source.around(hit), |record| {
                let Some(start) = hit.checked_sub(record.before()) else {
                    return;
                };
                if start >= floor && record.is_in(&source.bytes[start..]) {
                    if let Some((other, _)) = found {
                        several = Some(start.min(other).min(several.unwrap_or(start)));
                    }
                    found = Some((start, record));
                }
            });
            let Some((start, record)) = found else {
                continue;
            };
            let stop = start + record.len();
            let is_cut =
                |at: usize| at == floor || at == len || !joined.contains(source.around(at));
            let is_alone = several.is_none()
                && is_cut(start)
                && (record.taken() == Taken::Always || is_cut(stop))
                && (!record.has_ends()
                    || record.key().ends.is_some_and(|ends| {
                        self.are_ends_free(source.text(), floor, start..stop, ends)
                    }));
            let put = match is_alone {
                true => self.put(&source.bytes, len + 1 - start, start, record, &mut line),
                false => None,
            };
            floor = match put {
                Some(end) => end,
                None => {
                    let key = several.unwrap_or(start);
                    let mut from = key;
                    while !is_cut(from) {
                        from = source.before(from);
                    }
                    let candidate = Candidate {
                        from,
                        key,
                        hit,
                        known: several.is_none().then_some(record),
                    };
                    self.settle_in_block(plan, source, candidate, places, &mut line)?
                }
            };
        }
        Some(match floor {
            0 => Put::Nothing,
            _ => Put::In(line.len - 1),
        })
    }

    /// Converts the island of a live key that does not stand alone; then come these hits.
    #[inline(never)]
    fn settle_in_block(
        &self,
        plan: &Plan,
        source: &Source,
        candidate: Candidate<'_>,
        mut next: Places,
        line: &mut Line<'_>,
    ) -> Option<usize> {
        if self.segments != Segmented::Converted {
            return None;
        }
        let mut stretch = Stretch {
            source: &source.bytes[..=source.len],
            output: line,
            spare: &mut Vec::new(),
            parts: &mut Vec::new(),
        };
        self.settle(plan, &mut stretch, candidate, || next.next())
    }
}

impl Written for Line<'_> {
    const WRITES: bool = true;

    #[inline]
    fn can_replace(&self, _: usize, count: usize) -> bool {
        self.len + count <= SIZE
    }

    #[inline(always)]
    fn replace(&mut self, from: usize, to: usize, with: &[u8]) -> bool {
        let (start, end) = (self.len - from, self.len - to);
        let new_end = start + with.len();
        let new_len = new_end + to;
        if new_len > SIZE {
            return false;
        }
        if new_len != self.len {
            self.block.copy_within(end..self.len, new_end);
            self.block[new_len..].fill(END);
            self.len = new_len;
        }
        self.block[start..new_end].copy_from_slice(with);
        true
    }

    #[inline(always)]
    fn overwrite(&mut self, from: usize, with: u128, mask: u128) -> bool {
        let Some(place) = self.block[self.len - from..].first_chunk_mut() else {
            return false;
        };
        *place = (u128::from_le_bytes(*place) & !mask | with & mask).to_le_bytes();
        true
    }
}

impl Iterator for Places {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let place = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(place)
    }
}
