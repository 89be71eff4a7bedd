//! Texts of a sentence, cut into two pieces that are short.
//!
//! What the general passage spends on its beginning and its end is as much as a hundred characters
//! cost. A short text costs next to none of that, so a text of up to twice its length is cut where
//! the parts convert alone to what they convert to together, if there is such a place near its
//! middle.

use super::output::{Behind, Recipient, Target};
use super::short::{short_text, ShortText, LONGEST};
use super::{IslandEnd, Scan};
use crate::engine::{End, Plan};

/// The longest text that is cut.
pub(super) const LONGEST_IN_PIECES: usize = 2 * LONGEST;

/// A cut is looked for from so many bytes before the middle on.
const BEFORE: usize = 9;

/// Of a short piece of a stream the last cut is looked for among so many bytes at its end.
const NEAR_END: usize = 15;

/// Appends what a text becomes if it changes, behind what stands before it, and says whether.
struct After<'o, T> {
    before: &'o str,
    /// Room for so many bytes more is made then.
    room: usize,
    out: &'o mut T,
}

impl<'t, T: Target> Recipient<'t> for After<'_, T> {
    type Target = T;
    type Receipt = bool;

    #[inline(always)]
    fn same(self, _: &'t str) -> bool {
        false
    }

    #[inline(always)]
    fn changed(self, converted: ShortText<'_>) -> bool {
        self.out.reserve(self.before.len() + self.room);
        self.out.append_text(self.before);
        self.out.append_text(converted.as_str());
        true
    }

    fn filled(self, _: &'t str, append: impl FnOnce(&mut T) -> bool) -> bool {
        self.out.append_text(self.before);
        let changes = append(self.out);
        if !changes {
            self.out.take_back(self.before.len());
        }
        changes
    }
}

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
            let after = After {
                before: "",
                room: LONGEST_IN_PIECES,
                out,
            };
            let first_changes = self.convert_short(plan, first, after);
            let after = After {
                before: if first_changes { "" } else { first },
                room: LONGEST,
                out,
            };
            let second_changes = self.convert_short(plan, second, after);
            if first_changes && !second_changes {
                out.append_text(second);
            }
            first_changes || second_changes
        }))
    }

    /// Converts what is decided of a short piece of a stream when no island is open, by the form for
    /// short texts, and returns how many bytes that are; `None` if it can't be cut. To begin and to end the general passage costs more than a query or a line.
    pub(crate) fn push_short(
        &self,
        plan: &Plan,
        piece: &[u8],
        end: End,
        out: &mut Vec<u8>,
    ) -> Option<usize> {
        if piece.len() > LONGEST {
            return None;
        }
        let cut = match end {
            End::Here => piece.len(),
            End::Open => self.last_cut(piece)?,
        };
        let text = short_text(&piece[..cut])?;
        if !self.convert_short(plan, text, Behind(out)) {
            out.extend_from_slice(text.as_bytes());
        }
        Some(cut)
    }

    /// A boundary near a short piece's end, whatever follows, such that its two sides convert alone to
    /// what they convert to together.
    fn last_cut(&self, piece: &[u8]) -> Option<usize> {
        if has_operators(piece) {
            return None;
        }
        // So that what has ended comes out.
        if piece.last().is_none_or(|&last| self.is_barrier_byte(last)) {
            return Some(piece.len());
        }
        let mut from = piece.len().saturating_sub(NEAR_END);
        while piece.get(from).is_some_and(|byte| byte & 0xC0 == 0x80) {
            from += 1;
        }
        let mut cut = None;
        while let IslandEnd::At { stop, .. } = self.island_end(piece, from, 0) {
            cut = Some(stop);
            from = stop;
        }
        cut
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
    let pairs = text.iter().zip(text.iter().skip(1));
    pairs.fold(false, |found, (&first, &second)| {
        found | (first == 0xE2 && second == 0xBF)
    })
}
