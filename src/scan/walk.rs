//! The walk from phrase to phrase, within a stretch that the loop has just converted.
//!
//! The common case by far: no character is normalized, and the first level's phrases are segments,
//! or there is no other level. Then only phrases need a look: what stands between them was converted
//! one by one already. Everything else is left to the engine.
//!
//! *A key that is always taken.* The level decides anew at a cut. If the boundary before the key is one
//! and no longer phrase or word starts with the key, the level takes it, it is a segment, and its end is
//! a cut: nothing need be known of what follows ([`Taken::Always`]).
//!
//! *Where the boundary before the key may be joined* all that counts is whether the first level comes to
//! the key's start. So from the nearest cut to the left the longest phrases are passed one after the
//! other. What they become need not be looked at: an exception among them that ends before the key would
//! have been dealt with at its own hit, or at that of the key it follows from, which comes earlier. If a
//! phrase reaches over the key's start, or a longer one starts with the key, that phrase is put in
//! instead, and its end is a cut.

use std::mem;
use std::ops::Range;

use super::boundary::three_before;
use super::classes::{self, has_three_bytes, Unit, CHANGE};
use super::exceptions::{Record, Taken, MASKS, WIDE};
use super::facts::Scan;
use super::filter::{pair_hash, Filter};
use super::output::Written;
use crate::engine::{convert_alone, End, Level, Plan};
use crate::table::RawMatch;
use crate::text::trie::Trie;

/// A part of a text that was converted one by one, and may be mended.
pub(super) struct Stretch<'s, S> {
    pub(super) text: &'s [u8],
    /// From here on to its end there are three-byte characters that nothing normalizes, and ASCII.
    pub(super) simple_from: usize,
    /// The end; what came before stands at the output's end.
    pub(super) to: usize,
    /// Whether more may follow the text.
    pub(super) end: End,
    pub(super) output: &'s mut S,
    /// Memory to use.
    pub(super) spare: &'s mut Vec<u8>,
}

impl<'s, S: Written> Stretch<'s, S> {
    /// The same stretch.
    #[inline(always)]
    pub(super) fn again(&mut self) -> Stretch<'_, S> {
        Stretch {
            text: self.text,
            simple_from: self.simple_from,
            to: self.to,
            end: self.end,
            output: self.output,
            spare: self.spare,
        }
    }

    /// What is known: up to the end.
    pub(super) fn known(&self) -> &'s [u8] {
        &self.text[..self.to]
    }

    /// Writes what an exception becomes by its record, if it says that and it is simple.
    #[inline(always)]
    pub(super) fn put_record(&mut self, start: usize, record: Record<'_>) -> bool {
        let key = start..start + record.len();
        if S::WRITES {
            if let Some((with, mask)) = record.converted_wide() {
                if self.output.overwrite(self.to - start, with, mask) {
                    self.note(key, || record.converted());
                    return true;
                }
            }
        }
        record
            .converted()
            .is_some_and(|converted| self.put_last(key, converted))
    }

    /// Writes what a segment becomes at the `later` levels, if that is simple.
    #[inline(always)]
    pub(super) fn put(&mut self, later: &[Level], part: Range<usize>, segment: &[u8]) -> bool {
        if leave(later, segment) {
            return self.put_last(part, segment);
        }
        let mut converted = mem::take(self.spare);
        converted.clear();
        convert_alone(later, segment, &mut converted);
        let is_done = self.put_last(part, &converted);
        *self.spare = converted;
        is_done
    }

    /// The same of a phrase.
    #[inline(always)]
    pub(super) fn put_phrase(
        &mut self,
        level: &Level,
        later: &[Level],
        part: Range<usize>,
        record: usize,
    ) -> bool {
        let found = RawMatch {
            len: part.len(),
            record,
        };
        if S::WRITES {
            if let Some(value) = level.table.value_of_same_length::<WIDE>(found) {
                let (with, mask) = (u128::from_le_bytes(*value), MASKS[found.len]);
                let from_end = self.to - part.start;
                if leave(later, &value[..found.len]) && self.output.overwrite(from_end, with, mask)
                {
                    self.note(part, || Some(&value[..found.len]));
                    return true;
                }
            }
        }
        self.put(later, part, level.table.value(found))
    }

    /// Writes what a part becomes at last, if that is simple.
    pub(super) fn put_last(&mut self, part: Range<usize>, converted: &[u8]) -> bool {
        let is_done = match S::WRITES {
            true => {
                let (start, end) = (self.to - part.start, self.to - part.end);
                self.output.replace(start, end, converted)
            }
            false => converted == &self.text[part.clone()],
        };
        if is_done {
            self.note(part, || Some(converted));
        }
        is_done
    }

    /// Notes what a part became, where that is asked for: one match, or several whose characters are one to
    /// one if those of all are.
    #[inline(always)]
    fn note<'c>(&mut self, part: Range<usize>, converted: impl FnOnce() -> Option<&'c [u8]>) {
        if S::NOTES {
            let source = &self.text[part.clone()];
            self.output
                .note(part, source, converted().unwrap_or_default());
        }
    }

    /// The same of several matches.
    #[inline(always)]
    pub(super) fn note_several(&mut self, part: Range<usize>) {
        if S::NOTES {
            self.output.note(part.clone(), &self.text[part], &[]);
        }
    }

    /// The same of several characters that are in no phrase, but perhaps in one of a later level.
    pub(super) fn put_chain(
        &mut self,
        level: &Level,
        trie: &Trie,
        later: &[Level],
        chain: Range<usize>,
    ) -> bool {
        let mut views = Vec::new();
        pass_singles(level, trie, &self.text[chain.clone()], &mut views);
        let is_done = self.put(later, chain.clone(), &views);
        if is_done {
            self.note_several(chain);
        }
        is_done
    }
}

/// Whether no key of these levels begins in a segment, so that they do nothing in it.
#[inline(always)]
fn leave(levels: &[Level], segment: &[u8]) -> bool {
    let leaves = |level: &Level| level.firsts.none_in(segment, 0) == segment.len();
    levels.iter().all(leaves)
}

impl Scan {
    /// The first level after normalization, and those after it.
    pub(super) fn split<'p>(&self, plan: &'p Plan) -> Option<(&'p Level, &'p [Level])> {
        plan.levels[self.first_level..].split_first()
    }

    /// Passes the exception that starts at `key`, or the phrase that the first level takes over its
    /// start, by what that level does between the cut before and there; returns where the cut after it
    /// is. `None`, and nothing is changed, if that is not enough to tell. `record` is the exception's,
    /// if there is only one.
    #[inline(never)]
    pub(super) fn walk<S: Written>(
        &self,
        plan: &Plan,
        mut stretch: Stretch<'_, S>,
        floor: usize,
        key: usize,
        record: Option<Record<'_>>,
    ) -> Option<usize> {
        let record = record.filter(|record| record.taken() != Taken::Unknown);
        let is_always = record.is_some_and(|record| record.taken() == Taken::Always);
        let (level, later) = self.split(plan)?;
        let trie = level.table.trie()?;
        let source = stretch.known();
        let from = stretch.simple_from;
        let mut at = reached_from(source, from, floor, key, |a, b| self.is_joined(a, b))?;
        let from_start = at;
        // Since then each character is in no phrase; and the last of them.
        let mut singles = at;
        let mut before = Unit::NO_CHARACTER;
        while at != key || !is_always {
            let (packed, len) = packed_at(source, at)?;
            let found = longest(level, trie, source, at, packed, len)?;
            let end = at + found.map_or(len, |found| found.len);
            if at == key && record.is_some_and(|record| end == key + record.len()) {
                break;
            }
            let is_joined = |left, right| self.is_joined_later(left, right);
            if at > key && (found.is_some() || !is_joined(before, packed)) {
                // The key's first character is in no phrase, but perhaps in one of a later level.
                let start = reached_from(source, singles, singles, key, is_joined)?;
                self.has_no_keep(&stretch, from_start..end)?;
                let is_put = stretch.put_chain(level, trie, later, start..at);
                return is_put.then_some(at);
            }
            if let Some(found) = found {
                if end > key {
                    // A phrase that begins before the key, or with it, and goes on.
                    self.has_no_keep(&stretch, from_start..end)?;
                    let value = level.table.value(found);
                    return stretch.put(later, at..end, value).then_some(end);
                }
                singles = end;
            }
            before = packed;
            at = end;
        }
        let record = record?;
        let end = key + record.len();
        self.has_no_keep(&stretch, from_start..end)?;
        (end <= source.len() && stretch.put_record(key, record)).then_some(end)
    }
}

impl Scan {
    /// `None` if a word that wins over phrases may stand in a part of a stretch's text, or reach over its end.
    #[inline(always)]
    fn has_no_keep<S>(&self, stretch: &Stretch<'_, S>, part: Range<usize>) -> Option<()> {
        match &self.keep {
            None => Some(()),
            Some(keep) => has_no_pair(keep, stretch.text, part, stretch.end).then_some(()),
        }
    }
}

/// Whether no pair of neighbours that begins in a part of a text is in the set.
#[inline(never)]
fn has_no_pair(pairs: &Filter, text: &[u8], part: Range<usize>, end: End) -> bool {
    let mut at = part.start;
    let mut left = None;
    while at <= part.end {
        // Behind the stretch any character may stand, or a later piece of the text.
        let Some((right, len)) = classes::packed_at(&text[at..]) else {
            return end == End::Here;
        };
        if left.is_some_and(|left| pairs.contains(pair_hash(left, right))) {
            return false;
        }
        left = Some(right);
        at += len;
    }
    true
}

/// The nearest boundary at or before `at` around which nothing is joined, from `from` on; `None` if there
/// is none. The one at `floor` needs no look.
fn reached_from(
    source: &[u8],
    from: usize,
    floor: usize,
    at: usize,
    is_joined: impl Fn(u32, u32) -> bool,
) -> Option<usize> {
    let (mut right, _) = packed_at(source, at)?;
    let mut at = at;
    while at != floor {
        let (left, before) = match three_before(source, from, at) {
            Some(left) => (left, at - 3),
            None if at > from => (source[at - 1].into(), at - 1),
            None => return None,
        };
        if !is_joined(left, right) {
            break;
        }
        at = before;
        right = left;
    }
    Some(at)
}

/// The packed form and length of the character at a place of a stretch.
#[inline(always)]
pub(super) fn packed_at(source: &[u8], at: usize) -> Option<(u32, usize)> {
    let rest = source.get(at..)?;
    if let Some(&bytes) = rest.first_chunk() {
        let packed = u32::from_le_bytes(bytes);
        return match has_three_bytes(packed) {
            true => Some((packed & CHANGE, 3)),
            false => Some((packed & 0xFF, 1)),
        };
    }
    match *rest {
        [a, b, c] if a >= 0x80 => Some((u32::from_le_bytes([a, b, c, 0]), 3)),
        [a, ..] => Some((a.into(), 1)),
        [] => None,
    }
}

/// The code point of a packed character of a stretch, of this length.
#[inline(always)]
pub(super) fn code(packed: u32, len: usize) -> u32 {
    match len {
        3 => (packed & 0xF) << 12 | (packed & 0x3F00) >> 2 | packed >> 16 & 0x3F,
        _ => classes::code(packed, len),
    }
}

/// The longest phrase at `at`, where this character, packed, stands. The outer `None`
/// if the stretch's end leaves that open, or a word of the overlay does.
#[inline(always)]
fn longest(
    level: &Level,
    trie: &Trie,
    source: &[u8],
    at: usize,
    packed: u32,
    len: usize,
) -> Option<Option<RawMatch>> {
    if level.may_have_word(&source[at..]) {
        return None;
    }
    let mut node = trie.first(code(packed, len));
    let mut to = at + len;
    let mut found = None;
    while let Some(parent) = node.filter(|node| node.has_children()) {
        let (packed, len) = packed_at(source, to)?;
        node = trie.child(parent, code(packed, len));
        to += len;
        if let Some(record) = node.and_then(|node| node.record()) {
            let key = RawMatch {
                len: to - at,
                record,
            };
            if level.counts(key) {
                found = Some(key);
            }
        }
    }
    Some(found)
}

/// Appends what a level makes of characters that are in no phrase.
fn pass_singles(level: &Level, trie: &Trie, source: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some((packed, len)) = packed_at(source, at) {
        let node = trie.first(code(packed, len));
        let key = node.and_then(|node| node.record());
        let found = key.map(|record| RawMatch { len, record });
        match found.filter(|&found| level.counts(found)) {
            Some(found) => out.extend_from_slice(level.table.value(found)),
            None => out.extend_from_slice(&source[at..at + len]),
        }
        at += len;
    }
}
