//! The levels after one that makes segments: what they make of a segment, and where they do nothing.
//!
//! Most segments mean nothing to them, and to look that up in their tables takes most of the time.
//! So of each there is a set, of hashes as those of pairs: of the characters that it changes alone,
//! with nothing after them, and of the first two characters of its phrases. Where a text has none of
//! these the level does nothing in it.

use super::classes::has_three_bytes;
use super::derive::word;
use super::filter::pair_hash;
use super::keys::LevelKeys;
use super::{Filter, Scan};
use crate::engine::{convert_alone, Level, Plan};

/// Bits in a set for each of what is in it.
pub(super) const SPARE: usize = 32;

/// What comes after a character alone.
const NOTHING: u32 = 0;

/// See the module.
#[derive(Clone, Copy)]
pub(super) struct Later<'p> {
    levels: &'p [Level],
    /// For each level where it does something.
    acting: &'p [Filter],
}

/// Where a level does something; a false yes now and then.
pub(super) fn acting(level: &LevelKeys) -> Filter {
    let changed = level.changed_characters();
    let changed = changed.map(|changed| pair_hash(word(changed), NOTHING));
    let phrases = level.phrases.iter();
    let starts = phrases.map(|phrase| pair_hash(word(phrase[0]), word(phrase[1])));
    let hashes: Vec<u32> = changed.chain(starts).collect();
    Filter::new(&hashes, SPARE)
}

impl Scan {
    /// The first level after normalization, and those after it.
    pub(super) fn split<'p>(&'p self, plan: &'p Plan) -> Option<(&'p Level, Later<'p>)> {
        let (level, levels) = plan.levels[self.first_stage..].split_first()?;
        let acting = &self.acting;
        Some((level, Later { levels, acting }))
    }
}

impl Later<'_> {
    /// No such level.
    pub(super) const NONE: Later<'static> = Later {
        levels: &[],
        acting: &[],
    };

    /// Whether there is no such level.
    pub(super) fn is_none(self) -> bool {
        self.levels.is_empty()
    }

    /// Whether they surely do nothing in a segment.
    #[inline(always)]
    pub(super) fn leave(self, segment: &[u8]) -> bool {
        if self.levels.is_empty() {
            return true;
        }
        let (characters, rest) = segment.as_chunks();
        let leaves = |(level, acting): (&Level, &Filter)| {
            // The common case: none of its keys begins here.
            if level.firsts.none_in(segment, 0) == segment.len() {
                return true;
            }
            let mut acts = false;
            let mut next = NOTHING;
            for &[a, b, c] in characters.iter().rev() {
                let word = u32::from_le_bytes([a, b, c, 0]);
                acts |= !has_three_bytes(word)
                    | acting.contains(pair_hash(word, NOTHING))
                    | acting.contains(pair_hash(word, next));
                next = word;
            }
            !acts
        };
        rest.is_empty()
            && self.acting.len() == self.levels.len()
            && self.levels.iter().zip(self.acting).all(leaves)
    }

    /// Appends what they make of a segment.
    pub(super) fn convert(self, segment: &[u8], out: &mut Vec<u8>) {
        convert_alone(self.levels, segment, out);
    }
}
