//! Short texts, such as search queries: a loop of their own over a block on the stack, and one
//! allocation of the exact size.
//!
//! Of a text of ten characters the general passage spends more on its beginning and its end than on
//! the characters. Here there is next to nothing to begin or to end. Live keys that stand alone are
//! put in, islands mended in place; whatever is less simple is left to the general passage, from the
//! start.

use std::ops::Range;

use super::classes::{has_three_bytes, Unit, CHANGE, NORMALIZED, SPECIAL};
use super::filter::{first_hash, second_hash};
use super::live::{AnyView, View};
use super::live_keys::{Record, WIDE};
use super::output::Written;
#[cfg(target_arch = "x86_64")]
use super::run::{self, Form};
use super::segments::Stretch;
#[cfg(target_arch = "x86_64")]
use super::short_avx512;
use super::{Found, Scan, Segmented};
use crate::engine::{End, Plan};

/// The size of a block: so many bytes are checked to be UTF-8 at once, and less one by one, at several
/// times the cost.
pub(super) const SIZE: usize = 64;

/// Four bytes are read and written for a character of three.
const SLACK: usize = 1;

/// The longest text. From some twenty characters on the general passage is as fast for text with
/// many live pairs.
const LONGEST: usize = SIZE - SLACK;

/// What a text becomes, before zeros. It starts a cache line: what was written in parts is read again
/// at once, which takes longer across two.
#[repr(align(64))]
pub(super) struct Block(pub(super) [u8; SIZE]);

/// What stands behind a text.
const END: u8 = 0;

/// A text before zeros, so many that as much as a key is compared with can be loaded wherever one may
/// start.
pub(super) struct Source {
    bytes: [u8; SIZE + WIDE],
    len: usize,
}

impl Source {
    /// Of a text's bytes before zeros.
    #[inline(always)]
    pub(super) fn new(text: &[u8; SIZE], len: usize) -> Source {
        let mut bytes = [END; SIZE + WIDE];
        bytes[..SIZE].copy_from_slice(text);
        Source { bytes, len }
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// A text's block as something to be mended; one [`END`] counts.
struct Line<'b> {
    block: &'b mut [u8; SIZE],
    len: usize,
}

/// What became of a text converted one by one.
struct Converted {
    /// Whether any character changed.
    changed: bool,
    /// Where the second characters of pairs stand that may be live.
    hits: Places,
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

impl Block {
    #[inline(always)]
    pub(super) fn new() -> Block {
        Block([0; SIZE])
    }

    /// The first bytes, if they are UTF-8. As tables have nothing else, what is not has come from
    /// bytes that were no text.
    pub(super) fn text(&self, len: usize) -> Option<&str> {
        match len {
            // Of less than this the standard library's check costs less, and it needs not ask the
            // processor what it can do. Where that is answered by a hypervisor, the first answer
            // takes longer than all else that a first word costs.
            ..24 => std::str::from_utf8(&self.0[..len]).ok(),
            _ => simdutf8::basic::from_utf8(&self.0).ok()?.get(..len),
        }
    }

    /// The same, or an inner `None` if they are what the text was.
    pub(super) fn changed(&self, len: usize, source: &Source) -> Option<Option<&str>> {
        match self.is_changed(len, source) {
            true => self.text(len).map(Some),
            false => Some(None),
        }
    }

    /// Whether the first bytes are something else than the text was.
    #[inline(always)]
    pub(super) fn is_changed(&self, len: usize, source: &Source) -> bool {
        // The zeros are compared as well: that needs no loop.
        len != source.len || source.bytes.first_chunk() != Some(&self.0)
    }
}

impl Scan {
    /// What a short text becomes, or an inner `None` if nothing changes; `None` if the text is too long
    /// or not simple.
    #[inline]
    pub(super) fn convert_short<'b>(
        &self,
        plan: &Plan,
        text: &[u8],
        block: &'b mut Block,
    ) -> Option<Option<&'b str>> {
        if text.len() > LONGEST {
            return None;
        }
        #[cfg(target_arch = "x86_64")]
        if run::form_for_short() == Form::Avx512 {
            // SAFETY: the processor has what the function needs, as `Form` says.
            #[allow(unsafe_code)]
            return unsafe { short_avx512::convert(self, plan, text, block) };
        }
        self.convert_in_block(plan, text, block)
    }

    /// The same, one character after the other.
    #[inline(never)]
    pub(super) fn convert_in_block<'b>(
        &self,
        plan: &Plan,
        text: &[u8],
        block: &'b mut Block,
    ) -> Option<Option<&'b str>> {
        let Converted { changed, hits } = match self.live.view() {
            AnyView::Small(live) => self.convert_each(live, text, &mut block.0)?,
            AnyView::Large(live) => self.convert_each(live, text, &mut block.0)?,
        };
        if hits.0 != 0 {
            let mut bytes = [END; SIZE];
            bytes[..text.len()].copy_from_slice(text);
            let source = Source::new(&bytes, text.len());
            if let Put::In(len) = self.put_in(plan, &source, hits, &mut block.0)? {
                return block.changed(len, &source);
            }
        }
        match changed {
            true => block.text(text.len()).map(Some),
            false => Some(None),
        }
    }

    /// Converts the characters one by one, and notes the pairs that may be live; `None` if they are
    /// not that simple.
    #[inline(always)]
    fn convert_each<const BYTES: usize>(
        &self,
        live: View<'_, BYTES>,
        text: &[u8],
        block: &mut [u8; SIZE],
    ) -> Option<Converted> {
        let text = text.get(..LONGEST).unwrap_or(text);
        let mut at = 0;
        let mut all = 0;
        let mut hits = 0;
        let mut before = first_hash(Unit::NO_WORD);
        while at < text.len() {
            let rest = &text[at..];
            let word = match (rest.first_chunk(), rest) {
                (Some(&bytes), _) => u32::from_le_bytes(bytes),
                (None, &[a, b, c]) => u32::from_le_bytes([a, b, c, 0]),
                _ => u32::from(rest[0]),
            };
            if !has_three_bytes(word) {
                if word & 0x80 != 0 {
                    return None;
                }
                block[at] = word as u8;
                before = first_hash(word & 0x7F);
                at += 1;
                continue;
            }
            let word = word & CHANGE;
            let entry = self.classes.entry(word);
            *block[at..].first_chunk_mut()? = (word ^ entry & CHANGE).to_le_bytes();
            all |= entry;
            // Without a branch, which would be mispredicted often.
            hits |= u64::from(live.contains(before.wrapping_add(second_hash(word)))) << at;
            before = first_hash(word);
            at += 3;
        }
        (at == text.len() && all & (SPECIAL | NORMALIZED) == 0).then_some(Converted {
            changed: all & CHANGE != 0,
            hits: Places(hits),
        })
    }

    /// Puts what live keys become into the block; `None` if they are not that simple.
    #[inline(never)]
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
        let text = source.text();
        let mut line = Line {
            block,
            len: text.len() + 1,
        };
        let mut floor = 0;
        let mut places = hits.peekable();
        while let Some(hit) = places.next() {
            // One before is inside a live key.
            if hit <= floor {
                continue;
            }
            let (key, known) = match self.found_at(&source.bytes, floor, hit) {
                Found::Nothing => continue,
                Found::One { start, record } => (start, Some(record)),
                Found::Several { start } => (start, None),
            };
            let alone = known
                .filter(|&record| self.is_alone(text, floor..text.len(), key, record, End::Here))
                .and_then(|record| Some((key + record.len(), record.converted()?)));
            floor = match alone {
                Some((end, converted)) => {
                    let from_end = |at| text.len() + 1 - at;
                    let is_put = line.replace(from_end(key), from_end(end), converted);
                    is_put.then_some(end)?
                }
                None => {
                    let next = places.peek().copied();
                    self.settle_in_block(plan, source, floor, key..hit, known, next, &mut line)?
                }
            };
        }
        Some(match floor {
            0 => Put::Nothing,
            _ => Put::In(line.len - 1),
        })
    }

    /// Converts the island of a live key that does not stand alone.
    #[inline(never)]
    #[allow(clippy::too_many_arguments)]
    fn settle_in_block(
        &self,
        plan: &Plan,
        source: &Source,
        floor: usize,
        key_to_hit: Range<usize>,
        known: Option<Record<'_>>,
        next: Option<usize>,
        line: &mut Line<'_>,
    ) -> Option<usize> {
        if self.segments != Segmented::Converted {
            return None;
        }
        let mut stretch = Stretch {
            source: &source.bytes[..=source.len],
            output: line,
            floor: Some(floor),
            spare: &mut Vec::new(),
            parts: &mut Vec::new(),
        };
        let Range {
            start: key,
            end: hit,
        } = key_to_hit;
        self.settle(plan, &mut stretch, key, hit, known, || next)
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
    fn overwrite(&mut self, _: usize, _: u128, _: u128) -> bool {
        // Replacing is as simple.
        false
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
