//! Islands within a stretch that the loop has just converted, mended in place.
//!
//! The common case by far: no character is normalized, and the first level's phrases are segments,
//! or there is no other level. Then only phrases need a look, and characters that a later level
//! joins: what stands between them was converted one by one already. Everything else is left to
//! [`Scan::island`].
//!
//! *A key that is always taken.* The level decides anew at a cut. If the boundary before the key is one
//! and no longer phrase or word starts with the key, the level takes it, it is a segment, and its end is
//! a cut: nothing need be known of what follows ([`Taken::Always`]).
//!
//! *In line.* Where the boundary before such a key may be joined, all that counts is whether the first
//! level comes to the key's start. So from the nearest cut to the left the longest phrases are passed
//! one after the other. What they become need not be looked at: a live one among them that ends before
//! the key would have been dealt with at its own hit, or at that of the key it follows from, which comes
//! earlier. If a phrase reaches over the key's start, or a longer one starts with the key, that phrase
//! is put in instead, and its end is a cut.

use std::mem;
use std::ops::Range;

use super::classes::{self, has_three_bytes, CHANGE};
use super::filter::pair_hash;
use super::later::Later;
use super::live_keys::{Record, Taken, MASKS, WIDE};
use super::output::Written;
use super::Scan;
use crate::engine::{Level, Plan};
use crate::table::RawMatch;
use crate::text::trie::Trie;

/// Three-byte characters that nothing normalizes and ASCII, which were converted one by one.
pub(super) struct Stretch<'s, S> {
    pub(super) source: &'s [u8],
    /// What they became stands at its end.
    pub(super) output: &'s mut S,
    /// Memory to use.
    pub(super) spare: &'s mut Vec<u8>,
    pub(super) parts: &'s mut Vec<u8>,
}

impl<S: Written> Stretch<'_, S> {
    /// Writes what a segment becomes at the `later` levels, if that is simple.
    #[inline(always)]
    pub(super) fn put(&mut self, later: Later<'_>, part: Range<usize>, segment: &[u8]) -> bool {
        if later.leave(segment) {
            return self.put_last(part, segment);
        }
        let mut converted = mem::take(self.spare);
        converted.clear();
        later.convert(segment, &mut converted);
        let is_done = self.put_last(part, &converted);
        *self.spare = converted;
        is_done
    }

    /// The same of a phrase.
    #[inline(always)]
    pub(super) fn put_phrase(
        &mut self,
        level: &Level,
        later: Later<'_>,
        part: Range<usize>,
        record: usize,
    ) -> bool {
        let found = RawMatch {
            len: part.len(),
            record,
        };
        if S::WRITES {
            if let Some(value) = level.table.value_of_same_length::<WIDE>(found) {
                let from_end = self.source.len() - part.start;
                let (with, mask) = (u128::from_le_bytes(*value), MASKS[found.len]);
                if later.leave(&value[..found.len]) && self.output.overwrite(from_end, with, mask) {
                    return true;
                }
            }
        }
        self.put(later, part, level.table.value(found))
    }

    /// Writes what a part becomes at last, if that is simple.
    pub(super) fn put_last(&mut self, part: Range<usize>, converted: &[u8]) -> bool {
        let from_end = |at: usize| self.source.len() - at;
        match S::WRITES {
            true => {
                let (start, end) = (from_end(part.start), from_end(part.end));
                self.output.replace(start, end, converted)
            }
            false => converted == &self.source[part],
        }
    }

    /// The same of several characters that are in no phrase, but perhaps in one of a later level.
    pub(super) fn put_chain(
        &mut self,
        level: &Level,
        trie: &Trie,
        later: Later<'_>,
        chain: Range<usize>,
    ) -> bool {
        let mut views = mem::take(self.parts);
        views.clear();
        pass_singles(level, trie, &self.source[chain.clone()], &mut views);
        let is_done = self.put(later, chain, &views);
        *self.parts = views;
        is_done
    }
}

/// Parts of an island that become something else than their characters one by one, in order.
#[derive(Default)]
struct Mended {
    parts: [Range<usize>; Mended::MOST],
    count: usize,
    /// What they become, one after the other, and where each of them ends.
    converted: Vec<u8>,
    ends: [usize; Mended::MOST],
}

impl Mended {
    /// An island with more is not the common case.
    const MOST: usize = 4;

    /// Uses the memory of `converted`.
    fn new(mut converted: Vec<u8>) -> Mended {
        converted.clear();
        Mended {
            converted,
            ..Mended::default()
        }
    }

    fn add(&mut self, part: Range<usize>, converted: &[u8]) -> Option<()> {
        self.converted.extend_from_slice(converted);
        *self.ends.get_mut(self.count)? = self.converted.len();
        self.parts[self.count] = part;
        self.count += 1;
        Some(())
    }

    /// Adds a segment as the `later` levels convert it.
    fn add_converted(
        &mut self,
        part: Range<usize>,
        later: Later<'_>,
        segment: &[u8],
        spare: &mut Vec<u8>,
    ) -> Option<()> {
        if later.leave(segment) {
            return self.add(part, segment);
        }
        spare.clear();
        later.convert(segment, spare);
        self.add(part, spare)
    }

    /// Writes all, or nothing.
    fn write<S: Written>(&self, stretch: &mut Stretch<'_, S>) -> Option<()> {
        let from_end = |at: usize| stretch.source.len() - at;
        let start = self.parts[0].start;
        if S::WRITES
            && !stretch
                .output
                .can_replace(from_end(start), self.converted.len())
        {
            return None;
        }
        let mut from = 0;
        for number in 0..self.count {
            let part = self.parts[number].clone();
            let converted = &self.converted[from..self.ends[number]];
            from = self.ends[number];
            if !S::WRITES {
                if *converted != stretch.source[part] {
                    return None;
                }
                continue;
            }
            let (start, end) = (from_end(part.start), from_end(part.end));
            let written = stretch.output.replace(start, end, converted);
            debug_assert!(written, "there is room for all");
        }
        Some(())
    }
}

/// A live key in a stretch that may be taken.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'k> {
    /// The nearest safe boundary at or before it.
    pub(super) from: usize,
    /// Where it may start.
    pub(super) key: usize,
    /// Where its live pair's second character is.
    pub(super) hit: usize,
    /// The key, if it is the only one there.
    pub(super) known: Option<Record<'k>>,
}

impl Scan {
    /// Converts the island of a live key, in line or else as a whole; see there.
    #[inline(always)]
    pub(super) fn settle<S: Written>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        candidate: Candidate<'_>,
        next: impl FnOnce() -> Option<usize>,
    ) -> Option<usize> {
        let Candidate { from, key, .. } = candidate;
        let line = match candidate.known {
            Some(known) => self.settle_in_line(plan, stretch, from, key, known, next),
            None => None,
        };
        match line {
            Some(to) => Some(to),
            None => self.settle_whole(plan, stretch, candidate),
        }
    }

    /// Converts the island of a live key; returns where the island ends. `None`, and nothing is
    /// changed, if this is not the common case.
    #[inline(never)]
    fn settle_whole<S: Written>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        candidate: Candidate<'_>,
    ) -> Option<usize> {
        let Candidate {
            from,
            key,
            hit,
            known,
        } = candidate;
        let known = known.and_then(|known| Some((key..key + known.len(), known.converted()?)));
        let (level, later) = self.split(plan)?;
        let trie = level.table.trie()?;
        let source = stretch.source;
        let mut mended = Mended::new(mem::take(stretch.parts));
        let mut at = from;
        // Since then each character is in no phrase, and joined to the one before by a key of a
        // later level.
        let (mut chain, mut in_chain) = (at, 0);
        // The character before, if it is in no phrase.
        let mut single = None;
        loop {
            let (word, len) = word_at(source, at)?;
            let found = longest(level, trie, source, at, word, len)?;
            let end = at + found.map_or(len, |found| found.len);
            let joined = found.is_none()
                && !later.is_none()
                && single.is_some_and(|before| self.is_joined_later(before, word));
            if !joined {
                if in_chain > 1 {
                    self.convert_chain(plan, stretch, chain..at, &known, &mut mended)?;
                }
                (chain, in_chain) = (at, 0);
            }
            in_chain += usize::from(found.is_none());
            if let Some(found) = found {
                match &known {
                    Some((known, converted)) if *known == (at..end) => {
                        mended.add(at..end, converted)?;
                    }
                    _ => {
                        let value = level.table.value(found);
                        mended.add_converted(at..end, later, value, stretch.spare)?;
                    }
                }
            }
            single = found.is_none().then_some(word);
            let is_cut = end > hit
                && (found.is_some()
                    || later.is_none()
                    || !self.is_joined_later(word, word_at(source, end)?.0));
            at = end;
            if is_cut {
                if in_chain > 1 {
                    self.convert_chain(plan, stretch, chain..at, &known, &mut mended)?;
                }
                let written = mended.write(stretch);
                *stretch.parts = mended.converted;
                written?;
                return Some(at);
            }
        }
    }

    /// Passes the only live key at a hit, by what the first level does between the cut before the
    /// key and the key; returns where a cut is that needs no look back. `next` is the next hit.
    /// `None`, and nothing is changed, if that is not enough to tell.
    #[inline]
    pub(super) fn settle_in_line<S: Written>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        from: usize,
        key: usize,
        record: Record<'_>,
        next: impl FnOnce() -> Option<usize>,
    ) -> Option<usize> {
        if record.taken() == Taken::Unknown {
            return self.settle_later_in_line(plan, stretch, from, key, record);
        }
        let (level, later) = self.split(plan)?;
        let trie = level.table.trie()?;
        let source = stretch.source;
        let key_end = key + record.len();
        let mut at = from;
        while at != key || record.taken() != Taken::Always {
            let (word, len) = word_at(source, at)?;
            let found = longest(level, trie, source, at, word, len)?;
            let end = at + found.map_or(len, |found| found.len);
            if at == key && end == key_end {
                break;
            }
            if end > key {
                // A phrase that begins before the key, or with it, and goes on. A live pair in it
                // may yet follow; one before this hit would have been looked at.
                if next().is_some_and(|next| next < end) {
                    return None;
                }
                let value = level.table.value(found?);
                return stretch.put(later, at..end, value).then_some(end);
            }
            at = end;
        }
        if key_end > source.len() {
            return None;
        }
        self.put(source, source.len() - key, key, record, stretch.output)
    }

    /// The same for a key of a later level: if the first level leaves its characters alone, and no
    /// later one joins them to those beside it.
    #[inline(never)]
    fn settle_later_in_line<S: Written>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        from: usize,
        key: usize,
        record: Record<'_>,
    ) -> Option<usize> {
        let level = plan.levels.get(self.first_stage)?;
        let trie = level.table.trie()?;
        let source = stretch.source;
        let key_end = key + record.len();
        let mut at = from;
        // The character before, if it is in no phrase.
        let mut single = None;
        while at < key_end {
            let (word, len) = word_at(source, at)?;
            let found = longest(level, trie, source, at, word, len)?;
            let end = at + found.map_or(len, |found| found.len);
            let is_joined = || single.is_some_and(|before| self.is_joined_later(before, word));
            if found.is_some() && end > key || at == key && is_joined() {
                return None;
            }
            single = found.is_none().then_some(word);
            at = end;
        }
        let (after, _) = word_at(source, key_end)?;
        if self.is_joined_later(single?, after) {
            return None;
        }
        self.put(source, source.len() - key, key, record, stretch.output)
    }

    /// Converts characters that are in no phrase, but perhaps in one of a later level.
    fn convert_chain<S: Written>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        chain: Range<usize>,
        known: &Option<(Range<usize>, &[u8])>,
        mended: &mut Mended,
    ) -> Option<()> {
        match known {
            Some((known, converted)) if *known == chain => mended.add(chain, converted),
            _ => {
                let (level, later) = self.split(plan)?;
                let mut views = Vec::new();
                let source = &stretch.source[chain.clone()];
                pass_singles(level, level.table.trie()?, source, &mut views);
                mended.add_converted(chain, later, &views, stretch.spare)
            }
        }
    }

    /// The nearest safe boundary at or before `key`.
    pub(super) fn segment_start(
        &self,
        source: &[u8],
        floor: Option<usize>,
        key: usize,
    ) -> Option<usize> {
        let (mut right, _) = word_at(source, key)?;
        let mut at = key;
        while Some(at) != floor {
            let (left, before) = match three_before(source, at) {
                Some(left) => (left, at - 3),
                None => (u32::from(*source.get(at.checked_sub(1)?)?), at - 1),
            };
            if !self.is_joined(left, right) {
                break;
            }
            at = before;
            right = left;
        }
        Some(at)
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

/// The word and length of the character at a place of a stretch.
#[inline(always)]
pub(super) fn word_at(source: &[u8], at: usize) -> Option<(u32, usize)> {
    let rest = source.get(at..)?;
    if let Some(&bytes) = rest.first_chunk() {
        let word = u32::from_le_bytes(bytes);
        return match has_three_bytes(word) {
            true => Some((word & CHANGE, 3)),
            false => Some((word & 0xFF, 1)),
        };
    }
    match *rest {
        [a, b, c] if a >= 0x80 => Some((u32::from_le_bytes([a, b, c, 0]), 3)),
        [a, ..] => Some((a.into(), 1)),
        [] => None,
    }
}

/// The word of the three-byte character before a place that is not the end.
#[inline(always)]
fn three_before(source: &[u8], at: usize) -> Option<u32> {
    let word = u32::from_le_bytes(*source.get(at.checked_sub(3)?..)?.first_chunk()?);
    has_three_bytes(word).then_some(word & CHANGE)
}

/// The code point of a character of a stretch by its word and length.
#[inline(always)]
pub(super) fn code(word: u32, len: usize) -> u32 {
    match len {
        3 => (word & 0xF) << 12 | (word & 0x3F00) >> 2 | word >> 16 & 0x3F,
        _ => classes::code(word, len),
    }
}

/// The longest phrase at `at`, where a character of this word and length stands. The outer `None`
/// if the stretch's end leaves that open, or a word of the overlay does.
#[inline(always)]
fn longest(
    level: &Level,
    trie: &Trie,
    source: &[u8],
    at: usize,
    word: u32,
    len: usize,
) -> Option<Option<RawMatch>> {
    if level.may_have_word(&source[at..]) {
        return None;
    }
    let mut node = trie.first(code(word, len));
    let mut to = at + len;
    let mut found = None;
    while let Some(parent) = node.filter(|node| node.has_children()) {
        let (word, len) = word_at(source, to)?;
        node = trie.child(parent, code(word, len));
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
    while let Some((word, len)) = word_at(source, at) {
        let node = trie.first(code(word, len));
        let key = node.and_then(|node| node.record());
        let found = key.map(|record| RawMatch { len, record });
        match found.filter(|&found| level.counts(found)) {
            Some(found) => out.extend_from_slice(level.table.value(found)),
            None => out.extend_from_slice(&source[at..at + len]),
        }
        at += len;
    }
}
