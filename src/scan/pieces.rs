//! Texts of a sentence, cut into pieces that are short.
//!
//! What the general passage spends on its beginning and its end is as much as a hundred characters
//! cost. A short text costs next to none of that, so a text of a few times that length is cut where
//! the parts convert alone to what they convert to together, if there are such places where they are
//! needed.

use super::output::{Behind, Recipient, Target};
use super::short::LONGEST;
use super::{IslandEnd, Scan};
use crate::engine::Plan;

/// More pieces are no faster.
const MOST: usize = 2;

/// The longest text that is cut.
pub(super) const LONGEST_IN_PIECES: usize = MOST * LONGEST;

/// A piece is looked for from so many bytes before an equal share on.
const BEFORE: usize = 9;

impl Scan {
    /// Converts a text of up to [`LONGEST_IN_PIECES`] bytes in pieces; `Err` if it can't be cut.
    #[inline]
    pub(super) fn convert_in_pieces<'t, R: Recipient<'t>>(
        &self,
        plan: &Plan,
        text: &'t str,
        to: R,
    ) -> Result<R::Receipt, R> {
        let Some(cut) = self.cut_in_pieces(text) else {
            return Err(to);
        };
        let (first, second) = text.split_at(cut);
        Ok(to.filled(text, |out| {
            let room = text.len() + LONGEST;
            out.reserve(room);
            let mut is_changed = false;
            for piece in [first, second] {
                match self.convert_short(plan, piece, Behind(out)) {
                    true => is_changed = true,
                    false => out.append_text(piece),
                }
            }
            if !is_changed {
                out.take_back(text.len());
            }
            is_changed
        }))
    }

    /// Where the first of two pieces ends.
    fn cut_in_pieces(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        if has_operators(bytes) {
            return None;
        }
        let least = bytes.len().checked_sub(LONGEST)?;
        let mut from = least.max((bytes.len() / 2).saturating_sub(BEFORE));
        while !text.is_char_boundary(from) {
            from += 1;
        }
        match self.island_end(bytes, from, 0) {
            IslandEnd::At { stop, .. } if stop <= LONGEST => Some(stop),
            _ => None,
        }
    }
}

/// Whether there may be an operator of description sequences, which may reach over any cut.
fn has_operators(text: &[u8]) -> bool {
    // All of them are looked at, so that the compiler looks at several at once.
    let pairs = text.iter().zip(&text[1..]);
    pairs.fold(false, |found, (&first, &second)| {
        found | (first == 0xE2 && second == 0xBF)
    })
}
