//! The live keys: what a hit is checked against, and what becomes of a live key that stands alone.
//!
//! A record has a key as it stands in a text, and which place in it the second character of its
//! live pair has. It is found by that pair, through a hash table of 32-bit slots, each a part of
//! the hash and where the record starts. So a chance hit costs one look at memory, a true one two.
//!
//! Most live keys stand between two safe boundaries. Then no other key has to do with them, and
//! the record says what comes out.

use std::borrow::Cow;
use std::collections::HashMap;

use super::classes;
use super::filter::pair_hash;

/// A live key of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LiveKey<B = Vec<u8>> {
    /// How many bytes stand before the second character of its live pair.
    pub(crate) before: usize,
    /// The key, or, of one with many forms, its first characters.
    pub(crate) source: B,
    /// What the plan makes of it where nothing else touches it, if that is so simple.
    pub(crate) converted: Option<B>,
    /// Where a later level might take more than the key's own characters, because it does not
    /// become there what these would: characters, by their words, that would become what it
    /// becomes at its start and its end.
    pub(crate) ends: Option<[u32; 2]>,
}

/// All live keys of a plan.
#[derive(Clone)]
pub(crate) struct LiveKeys {
    /// Little-endian `u32`s: 0, or the low bits of a hash over 1 + the start of a record.
    pub(crate) slots: Cow<'static, [u8]>,
    pub(crate) records: Cow<'static, [u8]>,
    /// How many bits of a slot are the start of a record.
    pub(crate) start_bits: u32,
}

/// The length of what is not there.
const NOTHING: usize = 0xFF;

/// No source is longer, in bytes.
pub(super) const LONGEST_SOURCE: usize = NOTHING - 1;

impl LiveKey {
    /// The hash of its live pair.
    fn pair(&self) -> u32 {
        let mut at = 0;
        let mut first = 0;
        while at < self.before {
            let (word, len) = classes::word_at(&self.source[at..]).expect("whole characters");
            first = word;
            at += len;
        }
        let second = classes::word_at(&self.source[at..]).expect("whole characters");
        pair_hash(first, second.0)
    }

    fn record(&self) -> Vec<u8> {
        let fits = |converted: &&Vec<u8>| converted.len() < NOTHING;
        let converted = self.converted.as_ref().filter(fits);
        let len = |bytes: &Vec<u8>| bytes.len() as u8;
        let converted_len = converted.map_or(NOTHING as u8, len);
        let has_ends = u8::from(self.ends.is_some());
        let mut record = vec![
            self.before as u8,
            len(&self.source),
            converted_len,
            has_ends,
        ];
        record.extend_from_slice(&self.source);
        record.extend(converted.into_iter().flatten());
        record.extend(
            self.ends
                .iter()
                .flatten()
                .flat_map(|word| word.to_le_bytes()),
        );
        record
    }
}

/// Records in the making, equal ones once.
#[derive(Default)]
pub(crate) struct Records {
    starts: HashMap<Vec<u8>, usize>,
    pub(crate) bytes: Vec<u8>,
}

impl Records {
    pub(crate) fn add(&mut self, key: &LiveKey) {
        let record = key.record();
        if !self.starts.contains_key(&record) {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(&record);
            self.starts.insert(record, start);
        }
    }

    /// How many bits the start of any record takes.
    pub(crate) fn start_bits(&self) -> u32 {
        usize::BITS - self.bytes.len().leading_zeros()
    }

    /// The slots of keys that were all added; `None` where the records are too many for them.
    pub(crate) fn slots(&self, keys: &[LiveKey]) -> Option<Vec<u8>> {
        let start_bits = self.start_bits();
        if start_bits > 28 {
            return None;
        }
        let mut slots = vec![0u32; keys.len() * 10 / 5 + 1];
        for key in keys {
            let start = self.starts[&key.record()];
            let hash = mixed(key.pair());
            let mut at = home(hash, slots.len());
            while slots[at] != 0 {
                at = if at + 1 == slots.len() { 0 } else { at + 1 };
            }
            slots[at] = hash << start_bits | (start as u32 + 1);
        }
        Some(slots.into_iter().flat_map(u32::to_le_bytes).collect())
    }
}

impl LiveKeys {
    /// Of one plan alone; `None` where there are too many.
    pub(super) fn new(keys: &[LiveKey]) -> Option<LiveKeys> {
        let mut records = Records::default();
        keys.iter().for_each(|key| records.add(key));
        Some(LiveKeys {
            slots: records.slots(keys)?.into(),
            start_bits: records.start_bits(),
            records: records.bytes.into(),
        })
    }

    /// Calls `with` for each key that may have this live pair.
    #[inline(always)]
    pub(super) fn find<'k>(&'k self, pair: u32, mut with: impl FnMut(LiveKey<&'k [u8]>)) {
        let (slots, _) = self.slots.as_chunks();
        let hash = mixed(pair);
        let tag = hash << self.start_bits;
        let mut at = home(hash, slots.len());
        loop {
            let slot = u32::from_le_bytes(slots[at]);
            if slot == 0 {
                return;
            }
            if (slot ^ tag) >> self.start_bits == 0 {
                let start = slot & ((1 << self.start_bits) - 1);
                with(self.key(start as usize - 1));
            }
            at = if at + 1 == slots.len() { 0 } else { at + 1 };
        }
    }

    #[inline(always)]
    fn key(&self, start: usize) -> LiveKey<&[u8]> {
        let record = &self.records[start..];
        let [before, source, converted, has_ends] = *record.first_chunk().expect("whole records");
        let (source, rest) = record[4..].split_at(source.into());
        let (converted, rest) = match usize::from(converted) {
            NOTHING => (None, rest),
            len => (Some(&rest[..len]), &rest[len..]),
        };
        let ends = || rest.as_chunks().0.first_chunk().expect("whole records");
        LiveKey {
            before: before.into(),
            source,
            converted,
            ends: (has_ends == 1).then(|| ends().map(u32::from_le_bytes)),
        }
    }

    /// All keys.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = LiveKey> + '_ {
        let slots = self
            .slots
            .as_chunks()
            .0
            .iter()
            .map(|&slot| u32::from_le_bytes(slot));
        let starts = slots
            .filter(|&slot| slot != 0)
            .map(|slot| slot & ((1 << self.start_bits) - 1));
        starts.map(|start| {
            let key = self.key(start as usize - 1);
            LiveKey {
                before: key.before,
                source: key.source.to_vec(),
                converted: key.converted.map(<[u8]>::to_vec),
                ends: key.ends,
            }
        })
    }
}

/// Pairs get here because their highest bits are those of live pairs; this makes others of them.
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
