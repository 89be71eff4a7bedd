//! Where a text may be divided, so that its parts convert alone to what they convert to together.

use std::ops::Range;

use super::classes::OPERATOR;
use super::{IslandEnd, Scan};

/// A plan whose description sequences may go on for more characters than this is not divided. It
/// would have a stage that shrinks whole lines to a character.
const FURTHEST_REACH: usize = 1 << 12;

impl Scan {
    /// The first place in `within`, beyond its start, where `text` may be cut: what the plan makes
    /// of the text is what it makes of the parts on either side, one after the other.
    pub(crate) fn cut(&self, text: &str, within: Range<usize>) -> Option<usize> {
        if self.reach > FURTHEST_REACH {
            return None;
        }
        let start = (within.start..within.end).find(|&at| text.is_char_boundary(at))?;
        let bytes = &text.as_bytes()[..within.end];
        // A description that began before may go on for so many characters yet.
        let before = text[..start].char_indices().rev().take(self.reach);
        let is_operator = |(at, _)| {
            let unit = self.classes.unit(&bytes[at..]);
            unit.is_some_and(|unit| unit.entry & OPERATOR != 0)
        };
        let distance = before.map(is_operator).position(|operator| operator);
        let reach = distance.map_or(0, |distance| self.reach - distance);
        match self.island_end(bytes, start, reach) {
            IslandEnd::At { stop, .. } => Some(stop),
            IslandEnd::Unseen { .. } => None,
        }
    }
}
