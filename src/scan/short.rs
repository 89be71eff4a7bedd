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
use super::live_keys::Record;
use super::output::{Target, Written, CHECKED};
use super::segments::Stretch;
use super::{Found, Scan, Segmented};
use crate::engine::{End, Plan};

/// The size of a block.
const SIZE: usize = CHECKED;

/// Four bytes are read and written for a character of three.
const SLACK: usize = 1;

/// The longest text. From some twenty characters on the general passage is as fast for text with
/// many live pairs.
const LONGEST: usize = SIZE - SLACK;

/// What a text becomes, before zeros.
type Block = [u8; SIZE];

/// A block that starts a cache line: what was written in parts is read again at once, which takes
/// longer across two.
#[repr(align(64))]
struct Aligned(Block);

/// What stands behind a text.
const END: u8 = 0;

/// A text's block as something to be mended; one [`END`] counts.
struct Line<'b> {
    block: &'b mut Block,
    len: usize,
}

/// What became of a text converted one by one.
struct Converted {
    /// Whether any character changed.
    changed: bool,
    /// Where the second characters of pairs stand that may be live.
    hits: Places,
}

/// Places in a text, in order: a bit for each byte.
#[derive(Clone, Copy)]
struct Places(u64);

impl Scan {
    /// Converts a short text and appends the result to `out`, which is left alone, and false
    /// returned, if nothing changes; `None` if the text is too long or not simple.
    #[inline(always)]
    pub(super) fn convert_short(
        &self,
        plan: &Plan,
        text: &[u8],
        out: &mut impl Target,
    ) -> Option<bool> {
        match text.len() {
            ..=LONGEST => self.convert_in_block(plan, text, out),
            _ => None,
        }
    }

    #[inline(never)]
    fn convert_in_block(&self, plan: &Plan, text: &[u8], out: &mut impl Target) -> Option<bool> {
        let Aligned(block) = &mut Aligned([0; SIZE]);
        let Converted { mut changed, hits } = match self.live.view() {
            AnyView::Small(live) => self.convert_each(live, text, block)?,
            AnyView::Large(live) => self.convert_each(live, text, block)?,
        };
        let mut len = text.len();
        if hits.0 != 0 {
            len = self.put_in(plan, text, hits, block)?;
            changed = block[..len] != *text;
        }
        if changed {
            out.append_block(block, len);
        }
        Some(changed)
    }

    /// Converts the characters one by one, and notes the pairs that may be live; `None` if they are
    /// not that simple.
    #[inline(always)]
    fn convert_each<const BYTES: usize>(
        &self,
        live: View<'_, BYTES>,
        text: &[u8],
        block: &mut Block,
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

    /// Puts what live keys become into the block, and returns the new length; `None` if they are not
    /// that simple.
    fn put_in(&self, plan: &Plan, text: &[u8], hits: Places, block: &mut Block) -> Option<usize> {
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
            let (key, known) = match self.found_at(text, floor, hit) {
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
                    self.settle_in_block(plan, text, floor, key..hit, known, next, &mut line)?
                }
            };
        }
        Some(line.len - 1)
    }

    /// Converts the island of a live key that does not stand alone.
    #[inline(never)]
    #[allow(clippy::too_many_arguments)]
    fn settle_in_block(
        &self,
        plan: &Plan,
        text: &[u8],
        floor: usize,
        key_to_hit: Range<usize>,
        known: Option<Record<'_>>,
        next: Option<usize>,
        line: &mut Line<'_>,
    ) -> Option<usize> {
        // An end would leave open what follows; a character in no key does not.
        if self.segments != Segmented::Converted || !self.is_barrier_byte(END) {
            return None;
        }
        let mut source = [END; SIZE];
        source[..text.len()].copy_from_slice(text);
        let mut stretch = Stretch {
            source: &source[..=text.len()],
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
