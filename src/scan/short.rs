//! Short texts, such as search queries: a loop of their own over a block on the stack, and one
//! allocation of the exact size.
//!
//! Of a text of ten characters the general passage spends more on its beginning and its end than on
//! the characters. Here there is next to nothing to begin or to end. Live keys that stand alone are
//! put in; whatever is less simple is left to the general passage, from the start.

use super::classes::{has_three_bytes, Unit, CHANGE, SPECIAL};
use super::filter::{first_hash, second_hash};
use super::live::{AnyView, View};
use super::output::{Target, CHECKED};
use super::{Found, Scan};
use crate::engine::End;

/// The size of a block.
const SIZE: usize = CHECKED;

/// Four bytes are read and written for a character of three.
const SLACK: usize = 1;

/// The longest text. From some twenty characters on the general passage is as fast for text with
/// many live pairs.
const LONGEST: usize = SIZE - SLACK;

/// What a text becomes, before zeros.
type Block = [u8; SIZE];

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
    pub(super) fn convert_short(&self, text: &[u8], out: &mut impl Target) -> Option<bool> {
        match text.len() {
            ..=LONGEST => self.convert_in_block(text, out),
            _ => None,
        }
    }

    #[inline(never)]
    fn convert_in_block(&self, text: &[u8], out: &mut impl Target) -> Option<bool> {
        let mut block = [0; SIZE];
        let mut pairs = Pairs::new();
        let mut changed = self.convert_each(text, &mut block, &mut pairs)?;
        match self.live.view() {
            AnyView::Small(live) => pairs.keep_live(live),
            AnyView::Large(live) => pairs.keep_live(live),
        }
        let mut len = text.len();
        if pairs.count > 0 {
            len = self.put_in(text, &pairs, &mut block)?;
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
        (at == text.len() && all & SPECIAL == 0).then_some(all & CHANGE != 0)
    }

    /// Puts what live keys that stand alone become into the block, and returns the new length;
    /// `None` if there are others.
    fn put_in(&self, text: &[u8], pairs: &Pairs, block: &mut Block) -> Option<usize> {
        let mut len = text.len();
        let mut floor = 0;
        for hit in pairs.places() {
            // One before is inside a live key.
            if hit <= floor {
                continue;
            }
            let (start, record) = match self.found_at(text, floor, hit) {
                Found::Nothing => continue,
                Found::One { start, record } => (start, record),
                Found::Several { .. } => return None,
            };
            if !self.is_alone(text, floor..text.len(), start, record, End::Here) {
                return None;
            }
            let key = start..start + record.len();
            let converted = record.converted()?;
            // What stands after it was converted one by one, which keeps the length.
            let end = len - (text.len() - key.end);
            let start = end - key.len();
            let new_end = start + converted.len();
            let new_len = new_end + (len - end);
            if new_len > SIZE {
                return None;
            }
            if new_len != len {
                block.copy_within(end..len, new_end);
                block[new_len..].fill(0);
                len = new_len;
            }
            block[start..new_end].copy_from_slice(converted);
            floor = key.end;
        }
        Some(len)
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
