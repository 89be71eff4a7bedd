//! Short texts, such as search queries: a loop of their own over a block on the stack, and one
//! allocation of the exact size.
//!
//! Of a text of ten characters the general passage spends more on its beginning and its end than on
//! the characters. Here there is next to nothing to begin or to end. Live keys that stand alone are
//! put in; whatever is less simple is left to the general passage, from the start.

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

/// What stands behind a text.
const END: u8 = 0;

/// A text's block as something to be mended; one [`END`] counts.
struct Line<'b> {
    block: &'b mut Block,
    len: usize,
}

/// The pairs of a text that may be live, in order: their hashes, and where their second characters
/// stand, which have three bytes.
struct Pairs {
    hashes: [u32; Pairs::MOST],
    places: [u8; Pairs::MOST],
    count: usize,
}

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
        let mut block = [0; SIZE];
        let mut pairs = Pairs::new();
        let mut changed = self.convert_each(text, &mut block, &mut pairs)?;
        match self.live.view() {
            AnyView::Small(live) => pairs.keep_live(live),
            AnyView::Large(live) => pairs.keep_live(live),
        }
        let mut len = text.len();
        if pairs.count > 0 {
            len = self.put_in(plan, text, &pairs, &mut block)?;
            changed = block[..len] != *text;
        }
        if changed {
            out.append_block(&block, len);
        }
        Some(changed)
    }

    /// Converts the characters one by one, and notes the pairs that may be live. Returns whether any
    /// character changes; `None` if they are not that simple.
    #[inline(always)]
    fn convert_each(&self, text: &[u8], block: &mut Block, pairs: &mut Pairs) -> Option<bool> {
        let text = text.get(..LONGEST).unwrap_or(text);
        let mut at = 0;
        let mut all = 0;
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
            pairs.add(before.wrapping_add(second_hash(word)), at, true);
            before = first_hash(word);
            at += 3;
        }
        (at == text.len() && all & (SPECIAL | NORMALIZED) == 0).then_some(all & CHANGE != 0)
    }

    /// Puts what live keys become into the block, and returns the new length; `None` if they are not
    /// that simple.
    fn put_in(&self, plan: &Plan, text: &[u8], pairs: &Pairs, block: &mut Block) -> Option<usize> {
        let mut line = Line {
            block,
            len: text.len() + 1,
        };
        let mut floor = 0;
        let mut places = pairs.places().peekable();
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

impl Pairs {
    /// A power of two; no short text has so many.
    const MOST: usize = 32;

    #[inline(always)]
    fn new() -> Pairs {
        Pairs {
            hashes: [0; Pairs::MOST],
            places: [0; Pairs::MOST],
            count: 0,
        }
    }

    /// Adds a pair, if it is to be kept.
    #[inline(always)]
    fn add(&mut self, hash: u32, place: usize, keep: bool) {
        self.hashes[self.count % Pairs::MOST] = hash;
        self.places[self.count % Pairs::MOST] = place as u8;
        self.count += usize::from(keep);
    }

    /// Keeps those that may indeed be live.
    #[inline(always)]
    fn keep_live<const BYTES: usize>(&mut self, live: View<'_, BYTES>) {
        let count = self.count.min(Pairs::MOST);
        self.count = 0;
        for number in 0..count {
            let hash = self.hashes[number];
            let place = usize::from(self.places[number]);
            // Without a branch, which would be mispredicted often.
            self.add(hash, place, live.contains(hash));
        }
    }

    fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.places[..self.count].iter().copied().map(usize::from)
    }
}
