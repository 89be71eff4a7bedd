//! What becomes of a hit: by the record of its exception, by a walk, or by the engine.
//!
//! # An exception that stands alone
//!
//! Where both ends of an exception are safe and the look-around is 1, both are cuts: its output is what the
//! plan makes of it as a text of its own, which is stored beside it. At most one of the exceptions that
//! match at a hit can stand so, for they overlap, and the end of one would lie inside another.
//!
//! With a look-around of 2 or more there are *doubtful* levels, before which some level turns phrases into
//! what their characters would not be. There the key may not touch a neighbour that it does not touch
//! in the source. The derivation runs the levels before the doubtful one and looks at the first and the
//! last character of what comes in there. If no key of the level has the first but at its start, and
//! none the last but at its end, nothing can reach over. Otherwise the record has source characters
//! with these views (`ends`), and they must not be joined to the neighbours at that level. That is
//! enough on the left, where all is known, and on the right if no exception begins right there
//! (`are_ends_free`). With two doubtful levels such a key is never taken alone.

use std::ops::Range;

use super::boundary::last_unit;
use super::classes::{self, has_three_bytes, CHANGE, SPECIAL};
use super::exceptions::{Record, Taken};
use super::facts::{Scan, Segmented, FURTHEST_PAIR};
use super::filter::pair_hash;
use super::output::Written;
use super::walk::Stretch;
use crate::engine::{End, Plan};

/// What became of a hit.
pub(super) enum Resolved {
    /// No exception matches there.
    Nothing,
    /// All is written to here, a cut that needs no look back. If the hit lies behind it, it is to be
    /// resolved from there.
    To(usize),
    /// An exception may start here, and the engine must tell.
    Left { key: usize },
}

/// Which exceptions match at a hit.
enum Matching<'k> {
    Nothing,
    One {
        start: usize,
        record: Record<'k>,
    },
    /// The first of them starts here.
    Several {
        start: usize,
    },
}

impl Scan {
    /// Resolves a hit in a stretch that is resolved up to `floor`, a cut.
    #[inline(always)]
    pub(super) fn resolve<S: Written>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        floor: usize,
        hit: usize,
    ) -> Resolved {
        let (start, record) = match self.matching(stretch.text, floor, hit) {
            Matching::Nothing => return Resolved::Nothing,
            Matching::Several { start } => (start, None),
            Matching::One { start, record } => (start, Some(record)),
        };
        if let Some(record) = record {
            let known = floor..stretch.to;
            let is_alone = self.is_alone(stretch.text, known, start, record, stretch.end);
            if is_alone && stretch.put_record(start, record) {
                return Resolved::To(start + record.len());
            }
        }
        let walked = match self.segments == Segmented::Converted && start >= stretch.simple_from {
            // On its own way, so that without one nothing of the stretch need be in memory.
            true => self.walk(plan, stretch.again(), floor, start, record),
            false => None,
        };
        match walked {
            Some(cut) => Resolved::To(cut),
            None => Resolved::Left { key: start },
        }
    }

    /// What stands at a hit of the loop.
    #[inline(always)]
    fn matching(&self, text: &[u8], floor: usize, hit: usize) -> Matching<'_> {
        let Some(pair) = hit.checked_sub(3).and_then(|start| text.get(start..)) else {
            return self.matching_otherwise(text, floor, hit);
        };
        let pair = match pair.first_chunk() {
            Some(&pair) => u64::from_le_bytes(pair),
            None => {
                let mut last = [0; 8];
                last[..pair.len()].copy_from_slice(pair);
                u64::from_le_bytes(last)
            }
        };
        let (first, second) = (pair as u32, (pair >> 24) as u32);
        if !has_three_bytes(first) || !has_three_bytes(second) {
            return self.matching_otherwise(text, floor, hit);
        }
        let hash = pair_hash(first & CHANGE, second & CHANGE);
        let mut found = None;
        let mut count = 0;
        self.exceptions.find(hash, |record| {
            if is_at(record, text, floor, hit) {
                found = Some(record);
                count += 1;
            }
        });
        match found {
            None => Matching::Nothing,
            Some(record) if count == 1 => Matching::One {
                start: hit - record.before(),
                record,
            },
            Some(_) => self.matching_otherwise(text, floor, hit),
        }
    }

    /// The same wherever the hit is and whatever stands there.
    #[inline(never)]
    fn matching_otherwise(&self, text: &[u8], floor: usize, hit: usize) -> Matching<'_> {
        let mut matching = Matching::Nothing;
        if hit == floor {
            return matching;
        }
        let first = classes::packed_at(&text[last_unit(text, floor, hit)..]);
        let second = classes::packed_at(&text[hit..]);
        if let (Some((first, _)), Some((second, _))) = (first, second) {
            self.exceptions.find(pair_hash(first, second), |record| {
                if is_at(record, text, floor, hit) {
                    matching.add(hit - record.before(), record);
                }
            });
        }
        matching
    }

    /// Where the first of the exceptions starts that match at a hit.
    pub(super) fn first_matching(&self, text: &[u8], floor: usize, hit: usize) -> Option<usize> {
        match self.matching_otherwise(text, floor, hit) {
            Matching::Nothing => None,
            Matching::One { start, .. } | Matching::Several { start } => Some(start),
        }
    }

    /// Whether by the ends alone of the only exception at a hit one can tell that it is taken and
    /// becomes what its record says. `known` is what lies between the floor and the cursor: neither
    /// special nor half a character.
    #[inline(always)]
    fn is_alone(
        &self,
        text: &[u8],
        known: Range<usize>,
        start: usize,
        record: Record<'_>,
        end: End,
    ) -> bool {
        let stop = start + record.len();
        if stop > known.end || !self.is_cut_within(text, known.start, start) {
            return false;
        }
        // Of what is always taken nothing need be known, unless a word that wins may begin inside it.
        let is_always = record.taken() == Taken::Always && self.keep.is_none();
        let is_cut = is_always
            || match stop < known.end {
                true => self.is_cut_within(text, known.start, stop),
                false => self.is_cut(text, known.start, stop, end),
            };
        is_cut
            && (!record.has_ends()
                || record
                    .key()
                    .ends
                    .is_some_and(|ends| self.are_ends_free(text, known.start, start..stop, ends)))
    }

    /// Whether no key of the last level that has phrases reaches over the boundaries of an exception
    /// that becomes at its ends what these characters would: no other level may. No exception may
    /// follow, or the character after it could be another one at that level than it seems here.
    fn are_ends_free(
        &self,
        text: &[u8],
        floor: usize,
        key: Range<usize>,
        [first, last]: [u32; 2],
    ) -> bool {
        let joins = |left, right| self.is_joined(left, right) && self.is_joined_last(left, right);
        if key.start > floor {
            let before = last_unit(text, floor, key.start);
            match classes::packed_at(&text[before..]) {
                Some((before, _)) if !joins(before, first) => {}
                _ => return false,
            }
        }
        let Some((after, _)) = classes::packed_at(&text[key.end..]) else {
            return key.end == text.len();
        };
        !joins(last, after) && !self.may_start_exception(text, key.end)
    }

    /// Whether an exception may start at `at`.
    fn may_start_exception(&self, text: &[u8], at: usize) -> bool {
        let mut place = at;
        let mut left = None;
        for _ in 0..FURTHEST_PAIR + 2 {
            let Some(right) = self.classes.unit(&text[place..]) else {
                return place < text.len();
            };
            if self.is_barrier(right) {
                return false;
            }
            if right.entry & SPECIAL != 0 {
                return true;
            }
            if let Some(left) = left {
                if !self.is_joined(left, right.packed) {
                    return false;
                }
                let pair = pair_hash(left, right.packed);
                let mut is_exception = false;
                if self.pairs.contains(pair) {
                    self.exceptions.find(pair, |record| {
                        let is_here = place == at + record.before();
                        is_exception |= is_here && record.is_in(&text[at..]);
                    });
                }
                if is_exception {
                    return true;
                }
            }
            left = Some(right.packed);
            place += right.len;
        }
        false
    }
}

impl<'k> Matching<'k> {
    /// Adds one.
    fn add(&mut self, start: usize, record: Record<'k>) {
        *self = match *self {
            Matching::Nothing => Matching::One { start, record },
            Matching::One { start: other, .. } | Matching::Several { start: other } => {
                let start = start.min(other);
                Matching::Several { start }
            }
        };
    }
}

/// Whether the text has a key of the hit's pair, and it starts behind the floor.
#[inline(always)]
fn is_at(record: Record<'_>, text: &[u8], floor: usize, hit: usize) -> bool {
    let before = record.before();
    before <= hit - floor && record.is_in(&text[hit - before..])
}
