//! Boundaries between characters: where no match of any level can cross, and so a text may be cut.

#[cfg(feature = "rayon")]
use std::ops::Range;

use super::classes::{has_three_bytes, Unit, CHANGE, OPERATOR, SPECIAL};
use super::facts::Scan;
use super::filter::pair_hash;
use crate::engine::End;

/// A plan whose description sequences may go on for more characters than this is not divided. It
/// would have a stage that shrinks whole lines to a character.
#[cfg(feature = "rayon")]
const FURTHEST_REACH: usize = 1 << 12;

/// What [`Scan::island_end`] found.
pub(super) enum IslandEnd {
    /// A boundary that is safe at every level.
    At(usize),
    /// None so far; the last unit starts here, and a description that began before it may go on
    /// for so many characters, it included.
    Unseen { last: usize, reach: usize },
}

impl Scan {
    /// The first place in `within`, beyond its start, where `text` may be cut: what the plan makes
    /// of the text is what it makes of the parts on either side, one after the other.
    #[cfg(feature = "rayon")]
    pub(crate) fn cut(&self, text: &str, within: Range<usize>) -> Option<usize> {
        if self.ids_reach > FURTHEST_REACH {
            return None;
        }
        let start = (within.start..within.end).find(|&at| text.is_char_boundary(at))?;
        let bytes = &text.as_bytes()[..within.end];
        // A description that began before may go on for so many characters yet.
        let before = text[..start].char_indices().rev().take(self.ids_reach);
        let is_operator = |(at, _)| {
            let unit = self.classes.unit(&bytes[at..]);
            unit.is_some_and(|unit| unit.entry & OPERATOR != 0)
        };
        let distance = before.map(is_operator).position(|operator| operator);
        let reach = distance.map_or(0, |distance| self.ids_reach - distance);
        match self.island_end(bytes, start, reach) {
            IslandEnd::At(stop) => Some(stop),
            IslandEnd::Unseen { .. } => None,
        }
    }

    /// The same as [`is_cut`](Scan::is_cut) for a boundary around which nothing is special.
    #[inline(always)]
    pub(super) fn is_cut_within(&self, text: &[u8], floor: usize, at: usize) -> bool {
        if at == floor {
            return true;
        }
        match (three_before(text, floor, at), three_at(text, at)) {
            (Some(left), Some(right)) => !self.is_joined(left, right),
            _ if self.is_barrier_byte(text[at - 1]) || self.is_barrier_byte(text[at]) => true,
            _ => self.is_cut(text, floor, at, End::Open),
        }
    }

    /// Whether the boundary at `at` is safe. Where the look-around is 1 that makes it a cut.
    pub(super) fn is_cut(&self, text: &[u8], floor: usize, at: usize, end: End) -> bool {
        if at == floor {
            return true;
        }
        // The common case at once: after the floor there are only whole characters.
        if let (Some(left), Some(right)) = (three_before(text, floor, at), three_at(text, at)) {
            let classes = &self.classes;
            return (classes.entry(left) | classes.entry(right)) & SPECIAL == 0
                && !self.is_joined(left, right);
        }
        let left = self.classes.unit(&text[last_unit(text, floor, at)..]);
        match (left, self.classes.unit(&text[at..])) {
            (Some(left), Some(right)) => {
                self.is_barrier(left) || self.is_barrier(right) || self.is_safe(left, right)
            }
            // Nothing follows but, perhaps, the start of a character.
            _ => end == End::Here,
        }
    }

    /// The nearest boundary at or before the start of the unit at `from` that is safe at every
    /// level.
    pub(super) fn boundary_before(&self, text: &[u8], floor: usize, from: usize) -> usize {
        let mut safe = 0;
        let mut at = from;
        let mut right = self.classes.unit(&text[at..]);
        while at > floor {
            let before = last_unit(text, floor, at);
            let left = self.classes.unit(&text[before..]);
            if left.is_some_and(|left| self.is_barrier(left)) {
                break;
            }
            match (left, right) {
                (Some(left), Some(right)) if self.is_safe(left, right) => safe += 1,
                _ => safe = 0,
            }
            if safe == self.lookaround {
                break;
            }
            right = left;
            at = before;
        }
        at
    }

    /// Up to where what is converted up to `at` can no longer change, whatever follows; and where the
    /// last unit before `at` starts.
    pub(super) fn decided(&self, text: &[u8], floor: usize, at: usize) -> (usize, usize) {
        let last = last_unit(text, floor, at);
        let unit = self.classes.unit(&text[last..]);
        // So that a line comes out when it ends.
        match unit.is_some_and(|unit| self.is_barrier(unit)) {
            true => (at, last),
            false => (self.boundary_before(text, floor, last), last),
        }
    }

    /// Where an island ends that is entered at `from`, at the start of a unit.
    pub(super) fn island_end(&self, text: &[u8], from: usize, reach: usize) -> IslandEnd {
        let mut reach = reach;
        let mut safe = 0;
        let mut stop = from;
        let mut last = from;
        let Some(mut left) = self.classes.unit(&text[from..]) else {
            return IslandEnd::Unseen { last, reach };
        };
        loop {
            let at = last + left.len;
            let Some(right) = self.classes.unit(&text[at..]) else {
                // The last unit comes again, and counts then.
                return IslandEnd::Unseen { last, reach };
            };
            reach = match left.entry & OPERATOR != 0 {
                true => self.ids_reach,
                false => reach.saturating_sub(1),
            };
            if reach == 0 && self.is_barrier(right) {
                return IslandEnd::At(at);
            }
            match reach == 0 && self.is_safe(left, right) {
                true => safe += 1,
                false => safe = 0,
            }
            // A level's matches may reach one boundary further than those of the level before,
            // from either side; the middle of so many boundaries is out of reach of both.
            if safe == self.lookaround {
                stop = at;
            }
            if safe == 2 * self.lookaround - 1 {
                return IslandEnd::At(stop);
            }
            left = right;
            last = at;
        }
    }

    /// Whether no match of any level can reach over the unit: ASCII that stands in no key.
    pub(super) fn is_barrier(&self, unit: Unit) -> bool {
        unit.len == 1 && self.is_barrier_byte(unit.packed as u8)
    }

    #[inline(always)]
    pub(super) fn is_barrier_byte(&self, byte: u8) -> bool {
        byte < 0x80 && (self.ascii_in_keys >> byte) & 1 == 0
    }

    pub(super) fn is_safe(&self, left: Unit, right: Unit) -> bool {
        if (left.entry | right.entry) & SPECIAL != 0 {
            return false;
        }
        !self.is_joined(left.packed, right.packed)
    }

    /// Whether the characters stand side by side in a key.
    #[inline]
    pub(super) fn is_joined(&self, left: u32, right: u32) -> bool {
        let any = self.joined.first();
        any.is_some_and(|any| any.contains(pair_hash(left, right)))
    }

    /// The same of the last level that has phrases, if a level before it has some.
    #[inline]
    pub(super) fn is_joined_last(&self, left: u32, right: u32) -> bool {
        let last = self.joined.last();
        last.is_some_and(|last| last.contains(pair_hash(left, right)))
    }

    /// The same of a level after the first that has phrases.
    #[inline(always)]
    pub(super) fn is_joined_later(&self, left: u32, right: u32) -> bool {
        let hash = pair_hash(left, right);
        let later = self.joined.get(1..).unwrap_or_default();
        later.iter().any(|joined| joined.contains(hash))
    }
}

/// Where the unit before `at` starts; after `floor` all units are whole characters.
pub(super) fn last_unit(text: &[u8], floor: usize, at: usize) -> usize {
    // The common case at once.
    if let Some(bytes) = at
        .checked_sub(3)
        .and_then(|start| text.get(start..start + 4))
    {
        let packed = u32::from_le_bytes(bytes.try_into().expect("four bytes"));
        if has_three_bytes(packed) && at >= floor + 3 {
            return at - 3;
        }
    }
    let mut start = at;
    while start > floor {
        start -= 1;
        if text[start] & 0xC0 != 0x80 {
            break;
        }
    }
    start
}

/// The packed form of the three-byte character at `at`, if one stands there and is not the text's last.
#[inline(always)]
pub(super) fn three_at(text: &[u8], at: usize) -> Option<u32> {
    let packed = u32::from_le_bytes(*text.get(at..)?.first_chunk()?);
    has_three_bytes(packed).then_some(packed & CHANGE)
}

/// The packed form of the three-byte character before `at`, if one stands there after `floor`.
#[inline(always)]
pub(super) fn three_before(text: &[u8], floor: usize, at: usize) -> Option<u32> {
    let start = at.checked_sub(3).filter(|&start| start >= floor)?;
    three_at(text, start)
}
