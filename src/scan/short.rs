//! Short texts, such as search queries: a loop of their own over a block on the stack, and one
//! allocation of the exact size.
//!
//! Of a text of ten characters the general passage spends more on its beginning and its end than on
//! the characters. Here there is next to nothing to begin or to end. Live keys that stand alone are
//! put in; whatever is less simple is left to the general passage, from the start.

use super::classes::{has_three_bytes, CHANGE, FIRST, SECOND, SPECIAL};
use super::filter::pair_hash;
use super::live::{AnyView, View};
use super::output::{Target, CHECKED};
use super::Scan;
use crate::engine::End;

/// The size of a block.
const SIZE: usize = CHECKED;

/// Four bytes are read and written for a character of three.
const SLACK: usize = 1;

/// The longest text. From some fifteen characters on the loop of eight would be as fast for text
/// with many live pairs, and from thirty on faster.
const LONGEST: usize = SIZE - SLACK;

/// A text before zeros.
type Block = [u8; SIZE];

/// Places in a block, ascending, and how many there are.
struct Places {
    places: [u8; SIZE],
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
        let mut source = [0; SIZE];
        source[..text.len()].copy_from_slice(text);
        let mut block = [0; SIZE];
        let mut hits = Places {
            places: [0; SIZE],
            count: 0,
        };
        let mut changed = self.convert_each(&source, text.len(), &mut block, &mut hits)?;
        if hits.count > 0 {
            match self.live.view() {
                AnyView::Small(live) => hits.keep_live(&source, live),
                AnyView::Large(live) => hits.keep_live(&source, live),
            }
        }
        let mut len = text.len();
        if hits.count > 0 {
            len = self.put_in(text, hits.iter(), &mut block)?;
            changed = block[..len] != *text;
        }
        if changed {
            out.append_block(&block, len);
        }
        Some(changed)
    }

    /// Converts the characters one by one, and notes where the second ones of pairs stand that may
    /// be live. Returns whether any changes; `None` if they are not that simple.
    #[inline(always)]
    fn convert_each(
        &self,
        source: &Block,
        len: usize,
        block: &mut Block,
        hits: &mut Places,
    ) -> Option<bool> {
        let classes = self.classes.view();
        let len = len.min(LONGEST);
        let mut at = 0;
        let mut all = 0;
        let mut before = 0;
        while at < len {
            let word = u32::from_le_bytes(*source[at..].first_chunk()?);
            if !has_three_bytes(word) {
                if word & 0x80 != 0 {
                    return None;
                }
                block[at] = word as u8;
                before = FIRST;
                at += 1;
                continue;
            }
            let word = word & CHANGE;
            let entry = classes.entry(word);
            *block[at..].first_chunk_mut()? = (word ^ entry & CHANGE).to_le_bytes();
            all |= entry;
            // Without a branch, which would be mispredicted often.
            hits.places[hits.count % SIZE] = at as u8;
            let may = (before / FIRST) & (entry / SECOND) & 1;
            hits.count += may as usize;
            before = entry;
            at += 3;
        }
        (at == len && all & SPECIAL == 0).then_some(all & CHANGE != 0)
    }

    /// Puts what live keys that stand alone become into the block, and returns the new length;
    /// `None` if there are others.
    fn put_in(
        &self,
        text: &[u8],
        hits: impl Iterator<Item = usize>,
        block: &mut Block,
    ) -> Option<usize> {
        let mut len = text.len();
        let mut floor = 0;
        for hit in hits {
            // One before is inside a live key.
            if hit <= floor {
                continue;
            }
            let Some(live) = self.live_at(text, floor, hit, End::Here) else {
                continue;
            };
            let (true, Some((key, converted))) = (live.is_alone, live.known) else {
                return None;
            };
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

impl Places {
    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.places[..self.count].iter().copied().map(usize::from)
    }

    /// Keeps the places where the second character of a live pair may stand.
    #[inline(always)]
    fn keep_live<const BYTES: usize>(&mut self, source: &Block, live: View<'_, BYTES>) {
        let three_at = |at: usize| {
            let &bytes = source.get(at..)?.first_chunk()?;
            Some(u32::from_le_bytes(bytes) & CHANGE)
        };
        let mut kept = 0;
        for number in 0..self.count.min(SIZE) {
            let place = self.places[number];
            let at = usize::from(place);
            let before = source[at.wrapping_sub(1) % SIZE];
            let first = match before {
                ..0x80 => Some(u32::from(before)),
                _ => three_at(at.wrapping_sub(3) % SIZE),
            };
            let (Some(first), Some(second)) = (first, three_at(at)) else {
                continue;
            };
            self.places[kept] = place;
            kept += (live.bit(pair_hash(first, second)) & 1) as usize;
        }
        self.count = kept;
    }
}
