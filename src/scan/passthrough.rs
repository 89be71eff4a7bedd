//! The characters at which a passage that writes nothing has to look: two bits for each.
//!
//! Text in which nothing changes consists of characters that do not change alone, and an exception
//! matters there only if it has no other. So the characters that change are notable, and of each
//! exception without one a character of its exception pair, the rarer: where no character is notable, all
//! stays as it is. One look at a table that the nearest cache holds replaces two at larger ones.
//! Whether a character is notable as the first of a pair or as the second tells which of the two
//! pairs it stands in needs a look.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::classes::{self, has_three_bytes, packed_at, Classes, ELSEWHERE, LISTED};
use super::exceptions::Exception;

/// Two bits for each place of a change, in words of sixteen.
#[derive(Clone)]
pub(crate) struct Passthrough {
    bits: Cow<'static, [u8]>,
}

/// The bits without bounds to check.
#[derive(Clone, Copy)]
pub(super) struct View<'n>(&'n [[u8; 2]; WORDS]);

/// By how much a place is shifted to number the 16 bits that have its two.
pub(super) const WORD_SHIFT: u32 = 3;

/// The places of a word.
pub(super) const PLACES: u16 = 1 << WORD_SHIFT;

/// Enough for all places.
const WORDS: usize = classes::CHANGES.div_ceil(PLACES as usize);

/// The character has to be looked at, and as the second of a pair.
pub(super) const SECOND: u16 = 1;
/// It has to be looked at as the first of a pair.
pub(super) const FIRST: u16 = 2;

impl Passthrough {
    /// Those of a plan. `frequency` tells about how often a character stands in texts, packed.
    pub(super) fn new(
        classes: &Classes,
        keys: &[Exception],
        frequency: impl Fn(u32) -> u64,
    ) -> Passthrough {
        let mut notable = Passthrough {
            bits: vec![0; 2 * WORDS].into(),
        };
        for (place, change) in (0..).zip(classes.changes()) {
            if u16::from_le_bytes(*change) != 0 {
                notable.add(place, SECOND);
            }
        }
        let mut pairs: Vec<[u32; 2]> = keys
            .iter()
            .filter(|key| stays(classes, &key.source))
            .map(Exception::exception_pair)
            // Where the passage stops it looks at the next character as well.
            .filter(|&[first, _]| !(has_three_bytes(first) && classes.change(first) == LISTED))
            .filter(|&[_, second]| notable.of(second) & SECOND == 0)
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        notable.add_one_of_each(&pairs, frequency);
        notable
    }

    /// With the characters of more entries, packed, and of more exceptions.
    pub(super) fn with(
        &self,
        classes: &Classes,
        entries: &[[u32; 2]],
        keys: &[Exception],
    ) -> Passthrough {
        let mut notable = self.clone();
        for &[word, _] in entries {
            if has_three_bytes(word) {
                notable.add(classes::place(word), SECOND);
            }
        }
        for key in keys.iter().filter(|key| stays(classes, &key.source)) {
            let [first, second] = key.exception_pair();
            if notable.of(first) & FIRST == 0 && notable.of(second) & SECOND == 0 {
                notable.add(classes::place(second), SECOND);
            }
        }
        notable
    }

    /// Opens what [`bytes`](Passthrough::bytes) gave.
    pub(crate) const fn embedded(bits: &'static [u8]) -> Passthrough {
        Passthrough {
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
        let sides = |&[first, second]: &[u32; 2]| [(first, FIRST), (second, SECOND)];
        let mut counts: HashMap<(u32, u16), usize> = HashMap::new();
        for side in pairs.iter().flat_map(sides) {
            *counts.entry(side).or_default() += 1;
        }
        // Of characters elsewhere, above all punctuation, none is told from another.
        let cost = |side: (u32, u16)| {
            let (word, _) = side;
            let is_elsewhere = !has_place(word);
            (is_elsewhere, frequency(word), Reverse(counts[&side]))
        };
        let mut chosen: HashSet<(u32, u16)> = HashSet::new();
        for [first, second] in pairs.iter().map(sides) {
            let first_is_rarer = has_place(first.0) && cost(first) < cost(second);
            chosen.insert(if first_is_rarer { first } else { second });
        }
        // One is not needed if of each of its pairs the other is there as well.
        let mut by_cost: Vec<(u32, u16)> = chosen.iter().copied().collect();
        by_cost.sort_unstable_by_key(|&side| Reverse((cost(side), side)));
        let mut others: HashMap<(u32, u16), Vec<(u32, u16)>> = HashMap::new();
        for [first, second] in pairs.iter().map(sides) {
            others.entry(first).or_default().push(second);
            others.entry(second).or_default().push(first);
        }
        for side in by_cost {
            if others[&side].iter().all(|other| chosen.contains(other)) {
                chosen.remove(&side);
            }
        }
        for (word, side) in chosen {
            self.add(classes::place(word), side);
        }
    }

    fn add(&mut self, place: u16, side: u16) {
        let word = &mut self.bits.to_mut()[2 * usize::from(place / PLACES)..][..2];
        for (byte, bits) in word.iter_mut().zip((side << bit(place)).to_le_bytes()) {
            *byte |= bits;
        }
    }

    /// As what the character is notable.
    fn of(&self, word: u32) -> u16 {
        match has_three_bytes(word) {
            true => self.view().of(classes::place(word)),
            false => 0,
        }
    }
}

/// Where a place's two bits are in their word.
#[inline(always)]
fn bit(place: u16) -> u16 {
    2 * (place % PLACES)
}

impl View<'_> {
    /// The 16 bits with this number.
    #[inline(always)]
    pub(super) fn word(self, number: u16) -> u16 {
        u16::from_le_bytes(self.0[usize::from(number)])
    }

    /// As what the character with this place is notable: [`FIRST`] and [`SECOND`].
    #[inline(always)]
    pub(super) fn of(self, place: u16) -> u16 {
        self.word(place >> WORD_SHIFT) >> bit(place) & (FIRST | SECOND)
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
    while let Some((word, len)) = packed_at(&key[at..]) {
        if len == 3 && !matches!(classes.change(word), 0 | LISTED) {
            return false;
        }
        at += len;
    }
    true
}
