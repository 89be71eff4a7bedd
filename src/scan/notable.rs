//! The characters at which a passage that writes nothing has to look: a bit for each.
//!
//! Text in which nothing changes consists of characters that do not change alone, and a live key
//! matters there only if it has no other. So the characters that change are notable, and of each
//! live key without one a character of its live pair, the rarer: where no character is notable, all
//! stays as it is. One look at a table that the nearest cache holds replaces two at larger ones.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::classes::{self, has_three_bytes, word_at, Classes, ELSEWHERE, LISTED};
use super::live_keys::LiveKey;

/// A bit for each place of a change, in words of sixteen.
#[derive(Clone)]
pub(crate) struct Notable {
    bits: Cow<'static, [u8]>,
}

/// The bits without bounds to check.
#[derive(Clone, Copy)]
pub(super) struct View<'n>(&'n [[u8; 2]; WORDS]);

/// By how much a place is shifted to number the 16 bits that have its bit.
pub(super) const WORD_SHIFT: u32 = 4;

/// Enough for all places.
const WORDS: usize = classes::CHANGES.div_ceil(16);

impl Notable {
    /// Those of a plan. `frequency` tells about how often a character stands in texts, by its word.
    pub(super) fn new(
        classes: &Classes,
        keys: &[LiveKey],
        frequency: impl Fn(u32) -> u64,
    ) -> Notable {
        let mut bits = vec![0; 2 * WORDS];
        for (place, change) in classes.changes().iter().enumerate() {
            if u16::from_le_bytes(*change) != 0 {
                bits[place / 8] |= 1 << (place % 8);
            }
        }
        let mut notable = Notable { bits: bits.into() };
        let mut pairs: Vec<[u32; 2]> = keys
            .iter()
            .filter(|key| stays(classes, &key.source))
            .map(LiveKey::live_pair)
            .filter(|pair| !pair.iter().any(|&word| notable.has(word)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        notable.add_one_of_each(&pairs, frequency);
        notable
    }

    /// Opens what [`bytes`](Notable::bytes) gave.
    pub(crate) const fn embedded(bits: &'static [u8]) -> Notable {
        Notable {
            bits: Cow::Borrowed(bits),
        }
    }

    /// The bits, for embedding.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bits
    }

    #[inline]
    pub(super) fn view(&self) -> View<'_> {
        let (words, _) = self.bits.as_chunks();
        View(words.try_into().expect("one size"))
    }

    /// Adds a character of each pair, together as rare as is easily found.
    fn add_one_of_each(&mut self, pairs: &[[u32; 2]], frequency: impl Fn(u32) -> u64) {
        let mut counts: HashMap<u32, usize> = HashMap::new();
        for &word in pairs.iter().flatten() {
            *counts.entry(word).or_default() += 1;
        }
        // Of characters elsewhere, above all punctuation, none is told from another.
        let cost = |word: u32| {
            let is_elsewhere = !has_place(word);
            (is_elsewhere, frequency(word), Reverse(counts[&word]))
        };
        let mut chosen: HashMap<u32, usize> = HashMap::new();
        for &[first, second] in pairs {
            let first_is_rarer = has_place(first) && cost(first) < cost(second);
            let rarer = if first_is_rarer { first } else { second };
            chosen.entry(rarer).or_default();
        }
        // One is not needed if of each of its pairs the other is there as well.
        let mut by_cost: Vec<u32> = chosen.keys().copied().collect();
        by_cost.sort_unstable_by_key(|&word| Reverse((cost(word), word)));
        let mut others: HashMap<u32, Vec<u32>> = HashMap::new();
        for &[first, second] in pairs {
            others.entry(first).or_default().push(second);
            others.entry(second).or_default().push(first);
        }
        for word in by_cost {
            let is_needed = |other: &u32| *other == word || !chosen.contains_key(other);
            if !others[&word].iter().any(is_needed) {
                chosen.remove(&word);
            }
        }
        for word in chosen.into_keys() {
            let place = usize::from(classes::place(word));
            self.bits.to_mut()[place / 8] |= 1 << (place % 8);
        }
    }

    fn has(&self, word: u32) -> bool {
        has_three_bytes(word) && self.view().contains(classes::place(word))
    }
}

impl View<'_> {
    /// The 16 bits with this number. A place's bit among these has the number that its lowest four
    /// bits are.
    #[inline(always)]
    pub(super) fn word(self, number: u16) -> u16 {
        u16::from_le_bytes(self.0[usize::from(number)])
    }

    #[inline(always)]
    pub(super) fn contains(self, place: u16) -> bool {
        self.word(place >> WORD_SHIFT) >> (place % 16) & 1 == 1
    }
}

/// Whether the character has a place of its own.
fn has_place(word: u32) -> bool {
    has_three_bytes(word) && classes::place(word) < ELSEWHERE
}

/// Whether a passage that stops at changes may come to the end of a key: what is in the list, or
/// has not three bytes, may be passed.
fn stays(classes: &Classes, key: &[u8]) -> bool {
    let mut at = 0;
    while let Some((word, len)) = word_at(&key[at..]) {
        if len == 3 && !matches!(classes.change(word), 0 | LISTED) {
            return false;
        }
        at += len;
    }
    true
}
