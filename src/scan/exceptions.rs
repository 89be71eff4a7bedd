//! The exceptions: what a hit is checked against, and what becomes of an exception that stands alone.
//!
//! A record has a key as it stands in a text, and which place in it the second character of its
//! exception pair has. The records of a pair stand one after the other, and are found through a hash
//! table of 32-bit slots, each a part of the pair's hash, where the records start, and whether
//! another slot is alike. So a chance hit costs one look at memory, a true one two.
//!
//! Most exceptions stand between two safe boundaries, or are taken wherever the first level comes
//! to their start. Then no other key has to do with them, and the record says what comes out.

use std::borrow::Cow;
use std::collections::HashMap;

use super::classes;
use super::filter::pair_hash;

/// An exception of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Exception<B = Vec<u8>> {
    /// How many bytes stand before the second character of its exception pair.
    pub(crate) before: usize,
    /// The key, or, of one with many forms, its first characters.
    pub(crate) source: B,
    /// What the plan makes of it where nothing else touches it, if that is so simple.
    pub(crate) converted: Option<B>,
    /// Where a later level might take more than the key's own characters, because it does not
    /// become there what these would: characters, packed, that would become what it
    /// becomes at its start and its end.
    pub(crate) ends: Option<[u32; 2]>,
    pub(crate) taken: Taken,
}

/// Whether the first level after normalization takes an exception, and makes a segment of it, where
/// it comes to the key's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Taken {
    /// It is no phrase of that level, or the level makes no segments.
    Unknown,
    /// Unless a longer phrase stands there.
    IfLongest,
    /// No phrase starts with it but itself.
    Always,
}

/// All exceptions of a plan.
#[derive(Clone)]
pub(crate) struct Exceptions {
    /// Little-endian `u32`s: 0, or the low bits of a hash over a flag and the start of a record.
    pub(crate) slots: Cow<'static, [u8]>,
    pub(crate) records: Cow<'static, [u8]>,
    /// How many bits of a slot are the start of a record.
    pub(crate) start_bits: u32,
    /// The keys of pairs that words of one's own touch, in place of those here.
    pub(crate) over: Option<Box<Exceptions>>,
}

/// A record, to be read as far as one asks.
#[derive(Clone, Copy)]
pub(super) struct Record<'k> {
    /// What [`HEAD`] says.
    head: u32,
    /// The source and all that follows it.
    rest: &'k [u8],
}

/// A record starts with so many bytes: [`Exception::before`], the lengths of what it was and what
/// it becomes, and flags.
const HEAD: usize = 4;

/// Set in every slot that is not empty.
const IN_USE: u32 = 1 << 31;

/// The length of what is not there.
const NOTHING: usize = 0xFF;

/// Flags of a record; above them is [`Taken`].
const HAS_ENDS: u8 = 1;
/// Another record of the same pair follows.
const HAS_NEXT: u8 = 2;
const TAKEN: u32 = 2;

/// No source is longer, in bytes.
pub(super) const LONGEST_SOURCE: usize = NOTHING - 1;

impl<B: AsRef<[u8]>> Exception<B> {
    /// The hash of its exception pair.
    fn pair(&self) -> u32 {
        let [first, second] = self.exception_pair();
        pair_hash(first, second)
    }

    /// Its exception pair, packed.
    pub(super) fn exception_pair(&self) -> [u32; 2] {
        let source = self.source.as_ref();
        let mut at = 0;
        let mut first = 0;
        while at < self.before {
            let (packed, len) = classes::packed_at(&source[at..]).expect("whole characters");
            first = packed;
            at += len;
        }
        let second = classes::packed_at(&source[at..]).expect("whole characters");
        [first, second.0]
    }
}

impl Exception<&[u8]> {
    fn to_owned(&self) -> Exception {
        Exception {
            before: self.before,
            source: self.source.to_vec(),
            converted: self.converted.map(<[u8]>::to_vec),
            ends: self.ends,
            taken: self.taken,
        }
    }
}

impl Exception {
    fn record(&self, has_next: bool) -> Vec<u8> {
        let fits = |converted: &&Vec<u8>| converted.len() < NOTHING;
        let converted = self.converted.as_ref().filter(fits);
        let len = |bytes: &Vec<u8>| bytes.len() as u8;
        let converted_len = converted.map_or(NOTHING as u8, len);
        let has_ends = HAS_ENDS * u8::from(self.ends.is_some());
        let has_next = HAS_NEXT * u8::from(has_next);
        let mut record = vec![
            self.before as u8,
            len(&self.source),
            converted_len,
            has_ends | has_next | (self.taken as u8) << TAKEN,
        ];
        record.extend_from_slice(&self.source);
        record.extend(converted.into_iter().flatten());
        record.extend(
            self.ends
                .iter()
                .flatten()
                .flat_map(|packed| packed.to_le_bytes()),
        );
        record
    }
}

/// Records in the making, those of a pair together, equal ones once.
#[derive(Default)]
pub(crate) struct Records {
    starts: HashMap<Vec<u8>, usize>,
    pub(crate) bytes: Vec<u8>,
}

/// The records of each pair of some keys, by the pair's hash; ascending.
fn of_pairs(keys: &[Exception]) -> Vec<(u32, Vec<u8>)> {
    let mut keys: Vec<(u32, &Exception)> = keys.iter().map(|key| (key.pair(), key)).collect();
    keys.sort_by_key(|&(pair, _)| pair);
    let of_pair = |keys: &[(u32, &Exception)]| {
        let mut records = Vec::new();
        for (number, (_, key)) in keys.iter().enumerate() {
            records.extend(key.record(number + 1 < keys.len()));
        }
        (keys[0].0, records)
    };
    keys.chunk_by(|a, b| a.0 == b.0).map(of_pair).collect()
}

impl Records {
    /// Adds those of a plan's keys.
    pub(crate) fn add(&mut self, keys: &[Exception]) {
        for (_, records) in of_pairs(keys) {
            if !self.starts.contains_key(&records) {
                // Behind the last record stands something, so that it can be loaded like the
                // others.
                let start = self.bytes.len().saturating_sub(WIDE);
                self.bytes.truncate(start);
                self.bytes.extend_from_slice(&records);
                self.bytes.extend_from_slice(&[0; WIDE]);
                self.starts.insert(records, start);
            }
        }
    }

    /// How many bits the start of any record takes.
    pub(crate) fn start_bits(&self) -> u32 {
        usize::BITS - self.bytes.len().leading_zeros()
    }

    /// The slots of a plan's keys that were all added; `None` where the records are too many for
    /// them.
    pub(crate) fn slots(&self, keys: &[Exception]) -> Option<Vec<u8>> {
        let start_bits = self.start_bits();
        if start_bits > 28 {
            return None;
        }
        let of_pairs = of_pairs(keys);
        // Filled to a third: a search rarely goes beyond the first slot.
        let mut slots = vec![0u32; of_pairs.len() * 3 + 1];
        for (pair, records) in of_pairs {
            let start = self.starts[&records];
            let hash = mixed(pair);
            let tag = tag(hash, start_bits);
            let mut at = home(hash, slots.len());
            while slots[at] != 0 {
                if is_alike(slots[at], tag, start_bits) {
                    slots[at] |= 1 << start_bits;
                }
                at = if at + 1 == slots.len() { 0 } else { at + 1 };
            }
            slots[at] = tag | start as u32;
        }
        Some(slots.into_iter().flat_map(u32::to_le_bytes).collect())
    }
}

impl Exceptions {
    /// Of one plan alone; `None` where there are too many.
    pub(super) fn new(keys: &[Exception]) -> Option<Exceptions> {
        let mut records = Records::default();
        records.add(keys);
        Some(Exceptions {
            slots: records.slots(keys)?.into(),
            start_bits: records.start_bits(),
            records: records.bytes.into(),
            over: None,
        })
    }

    /// With other keys in place of those of the same pairs; `None` where there are too many.
    pub(super) fn with(&self, keys: &[Exception]) -> Option<Exceptions> {
        Some(Exceptions {
            over: Some(Box::new(Exceptions::new(keys)?)),
            ..self.clone()
        })
    }

    /// Whether there are keys with this exception pair.
    #[inline(never)]
    fn has(&self, pair: u32) -> bool {
        let mut has = false;
        // A slot may be alike and of another pair.
        self.find(pair, |record| has |= record.key().pair() == pair);
        has
    }

    /// Calls `with` for each key that may have this exception pair.
    #[inline(always)]
    pub(super) fn find<'k>(&'k self, pair: u32, mut with: impl FnMut(Record<'k>)) {
        let keys = match &self.over {
            Some(over) if over.has(pair) => over,
            _ => self,
        };
        let (slots, _) = keys.slots.as_chunks::<4>();
        let hash = mixed(pair);
        let tag = tag(hash, keys.start_bits);
        let mut at = home(hash, slots.len());
        loop {
            let slot = u32::from_le_bytes(slots[at]);
            if is_alike(slot, tag, keys.start_bits) {
                let mut record = keys.record(slot);
                loop {
                    with(record);
                    if !record.has_next() {
                        break;
                    }
                    record = record.next();
                }
                if slot >> keys.start_bits & 1 == 0 {
                    return;
                }
            } else if slot == 0 {
                return;
            }
            at = if at + 1 == slots.len() { 0 } else { at + 1 };
        }
    }

    /// The record of a slot.
    #[inline(always)]
    fn record(&self, slot: u32) -> Record<'_> {
        let start = slot & ((1 << self.start_bits) - 1);
        Record::first_in(&self.records[start as usize..])
    }

    /// All keys, those that others take the place of included.
    #[allow(dead_code, reason = "only the build script asks, and tests")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = Exception> + '_ {
        let over = self.over.iter().flat_map(|over| over.pairs());
        let records = self.pairs().chain(over).flatten();
        records.map(|record| record.key().to_owned())
    }

    /// All keys of the pairs of which `is_one` is true of a key.
    pub(super) fn of_pairs_with<'k>(
        &'k self,
        is_one: impl Fn(&[u8]) -> bool + 'k,
    ) -> impl Iterator<Item = Exception> + 'k {
        self.pairs()
            .filter(move |records| records.clone().any(|record| is_one(record.key().source)))
            .flatten()
            .map(|record| record.key().to_owned())
    }

    /// The records of each pair.
    fn pairs(&self) -> impl Iterator<Item = impl Iterator<Item = Record<'_>> + Clone> {
        let slots = self.slots.as_chunks().0.iter();
        let slots = slots.map(|&slot| u32::from_le_bytes(slot));
        slots.filter(|&slot| slot != 0).map(|slot| {
            std::iter::successors(Some(self.record(slot)), |record| {
                record.has_next().then(|| record.next())
            })
        })
    }
}

impl<'k> Record<'k> {
    /// The one that these bytes start with.
    #[inline(always)]
    fn first_in(records: &'k [u8]) -> Record<'k> {
        let (&head, rest) = records.split_first_chunk::<HEAD>().expect("whole records");
        Record {
            head: u32::from_le_bytes(head),
            rest,
        }
    }

    /// Whether the next record has the same pair.
    #[inline(always)]
    fn has_next(self) -> bool {
        self.byte(3) & usize::from(HAS_NEXT) != 0
    }

    /// The next record.
    fn next(self) -> Record<'k> {
        let converted = self.converted().map_or(0, <[u8]>::len);
        let ends = if self.has_ends() {
            2 * size_of::<u32>()
        } else {
            0
        };
        Record::first_in(&self.rest[self.len() + converted + ends..])
    }

    /// See [`Exception`].
    #[inline(always)]
    pub(super) fn before(self) -> usize {
        self.byte(0)
    }

    /// The length of the key.
    #[inline(always)]
    pub(super) fn len(self) -> usize {
        self.byte(1)
    }

    /// See [`Exception`].
    #[inline(always)]
    pub(super) fn has_ends(self) -> bool {
        self.byte(3) & usize::from(HAS_ENDS) != 0
    }

    /// See [`Exception`].
    #[inline(always)]
    pub(super) fn taken(self) -> Taken {
        match self.byte(3) >> TAKEN {
            0 => Taken::Unknown,
            1 => Taken::IfLongest,
            _ => Taken::Always,
        }
    }

    #[inline(always)]
    fn byte(self, number: u32) -> usize {
        (self.head >> (8 * number) & 0xFF) as usize
    }

    /// Whether a text starts with the key.
    #[inline(always)]
    pub(super) fn is_in(self, text: &[u8]) -> bool {
        let len = self.len();
        match text.first_chunk() {
            Some(&text) if len <= WIDE => {
                (u128::from_le_bytes(text) ^ wide(self.rest)) & MASKS[len] == 0
            }
            _ => text.starts_with(&self.rest[..len]),
        }
    }

    /// What the key becomes alone, if that is known.
    #[inline(always)]
    pub(super) fn converted(self) -> Option<&'k [u8]> {
        match self.byte(2) {
            NOTHING => None,
            len => Some(&self.rest[self.len()..][..len]),
        }
    }

    /// The same as a number of bytes, and which of them count, if the key keeps its length.
    #[inline(always)]
    pub(super) fn converted_wide(self) -> Option<(u128, u128)> {
        let len = self.len();
        let is_simple = self.byte(2) == len && len <= WIDE;
        is_simple.then(|| (wide(&self.rest[len..]), MASKS[len]))
    }

    #[inline]
    pub(super) fn key(self) -> Exception<&'k [u8]> {
        let converted = self.converted();
        let ends = || {
            let rest = &self.rest[self.len()..][converted.map_or(0, <[u8]>::len)..];
            let ends: &[_; 2] = rest.as_chunks().0.first_chunk().expect("whole records");
            ends.map(u32::from_le_bytes)
        };
        Exception {
            before: self.before(),
            source: &self.rest[..self.len()],
            converted,
            ends: self.has_ends().then(ends),
            taken: self.taken(),
        }
    }
}

/// So many bytes are compared, or replaced, at once; most keys are no longer.
pub(super) const WIDE: usize = 16;

/// For each count the lowest bytes of a number.
pub(super) const MASKS: [u128; WIDE + 1] = {
    let mut masks = [0; WIDE + 1];
    let mut count = 1;
    while count <= WIDE {
        masks[count] = masks[count - 1] << 8 | 0xFF;
        count += 1;
    }
    masks
};

/// The first bytes of what follows a record's head, or a key.
#[inline(always)]
fn wide(rest: &[u8]) -> u128 {
    u128::from_le_bytes(
        *rest
            .first_chunk()
            .expect("something behind the last record"),
    )
}

/// The slot of a key with this hash, without its record.
#[inline(always)]
fn tag(hash: u32, start_bits: u32) -> u32 {
    IN_USE | hash << (start_bits + 1)
}

/// Whether a slot may be one of the keys with a tag.
#[inline(always)]
fn is_alike(slot: u32, tag: u32, start_bits: u32) -> bool {
    (slot ^ tag) >> (start_bits + 1) == 0
}

/// Pairs get here because their highest bits are those of exception pairs; this makes others of them.
#[inline(always)]
fn mixed(pair: u32) -> u32 {
    let mixed = (pair ^ pair >> 15).wrapping_mul(0x2C1B_3C6D);
    (mixed ^ mixed >> 12).wrapping_mul(0x297A_2D39)
}

/// Where to look for a hash first.
#[inline(always)]
fn home(hash: u32, capacity: usize) -> usize {
    ((u64::from(hash) * capacity as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(source: &str, before: usize) -> Exception {
        Exception {
            before,
            source: source.into(),
            converted: Some(source.replace('一', "二").into()),
            ends: None,
            taken: Taken::IfLongest,
        }
    }

    /// The keys that a text has, whose pair's second character is at `hit`.
    fn found(
        keys: &Exceptions,
        text: &str,
        first: char,
        second: char,
        hit: usize,
    ) -> Vec<Exception> {
        let packed = |character: char| classes::pack(character.to_string().as_bytes());
        let mut found = Vec::new();
        keys.find(pair_hash(packed(first), packed(second)), |record| {
            let start = hit - record.before();
            if record.is_in(&text.as_bytes()[start..]) {
                let key = record.key();
                found.push(Exception {
                    before: key.before,
                    source: key.source.to_vec(),
                    converted: key.converted.map(<[u8]>::to_vec),
                    ends: key.ends,
                    taken: key.taken,
                });
            }
        });
        found
    }

    #[test]
    fn every_key_is_found_however_many_are_alike() {
        let characters: Vec<char> = ('\u{4E00}'..'\u{4E40}').collect();
        let mut keys = Vec::new();
        for &first in &characters {
            for &second in &characters {
                keys.push(key(&format!("{first}{second}"), 3));
                if first < '\u{4E04}' {
                    // Many of one pair.
                    keys.push(key(&format!("一丁{first}{second}"), 3));
                }
            }
        }
        let all = Exceptions::new(&keys).expect("some thousand keys");
        for wanted in &keys {
            let text = std::str::from_utf8(&wanted.source).expect("keys are text");
            let mut pair = text.chars();
            let (first, second) = (
                pair.next().expect("a first"),
                pair.next().expect("a second"),
            );
            let found = found(&all, text, first, second, 3);
            assert!(found.contains(wanted), "{text}");
        }
        assert_eq!(all.iter().count(), keys.len());
    }

    #[test]
    fn a_key_is_compared_to_its_last_byte_and_no_further() {
        // Up to, and beyond, what is compared at once.
        for length in 2..12 {
            let source = format!("一丁{}", "三".repeat(length - 2));
            let keys = Exceptions::new(&[key(&source, 3)]).expect("one key");
            let count = |text: &str| found(&keys, text, '一', '丁', 3).len();
            for after in ["", "的", "三三三三三三三三"] {
                assert_eq!(count(&format!("{source}{after}")), 1, "{source} {after}");
            }
            let short = &source[..source.len() - 3];
            if length > 2 {
                for after in ["", "的", "的的的的的的的的"] {
                    assert_eq!(count(&format!("{short}{after}")), 0, "{source} {after}");
                }
            }
        }
    }
}
