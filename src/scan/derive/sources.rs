//! Which source characters become a character at each level.

use crate::scan::classes::{self, has_three_bytes};
use crate::scan::filter::{pair_hash, Filter};
use crate::scan::keys::{ByCharacter, LevelKeys};
use crate::text::trie::Trie;

/// If more characters than this become one, and it stands in a key, they are special.
const CROWD: u32 = 32;

/// For each character which source characters become it at a level, packed. Only those
/// that have a view at every level are here.
pub(super) struct Sources {
    /// For each character where its sources start in `words`, and how many there are.
    ranges: ByCharacter<[u32; 2]>,
    packed: Vec<u32>,
}

impl Sources {
    /// Of source characters' words with their views.
    pub(super) fn new(views: impl Iterator<Item = (u32, char)> + Clone) -> Sources {
        let mut counts: ByCharacter<u32> = ByCharacter::default();
        let mut total = 0;
        for (_, view) in views.clone() {
            *counts.entry(view) += 1;
            total += 1;
        }
        let mut ranges: ByCharacter<[u32; 2]> = ByCharacter::default();
        let mut packed = vec![0; total];
        let mut end = 0;
        for (character, view) in views {
            let [start, len] = ranges.entry(view);
            if *len == 0 {
                *start = end;
                end += counts.get(view);
            }
            packed[(*start + *len) as usize] = character;
            *len += 1;
        }
        Sources { ranges, packed }
    }

    pub(super) fn of(&self, view: char) -> &[u32] {
        let [start, len] = self.ranges.get(view);
        &self.packed[start as usize..][..len as usize]
    }

    /// The hashes of the pairs that stand side by side in a level's keys, once for each key;
    /// ascending.
    pub(super) fn joined(&self, level: &LevelKeys) -> Vec<u32> {
        let mut pairs = Vec::new();
        for key in level.longer_keys() {
            self.add_pairs(key, &mut pairs);
        }
        pairs.sort_unstable();
        pairs
    }

    /// Adds the hashes of the pairs that stand side by side in a key.
    pub(super) fn add_pairs(&self, key: &[char], pairs: &mut Vec<u32>) {
        for pair in key.windows(2) {
            for &left in self.of(pair[0]) {
                for &right in self.of(pair[1]) {
                    pairs.push(pair_hash(left, right));
                }
            }
        }
    }

    /// Pairs of which one stands wherever the middle of three levels does what matters, if the first
    /// makes segments of the phrases of the last, whose sources these are: at the start of each
    /// phrase of the middle level; in each of the last that the middle one changes; and wherever it
    /// makes one of the last level's phrases of something else, at a character that it changes.
    pub(super) fn changing(&self, middle: &LevelKeys, last: &LevelKeys) -> Filter {
        let mut pairs = Vec::new();
        let mut add = |firsts: &[u32], seconds: &[u32]| {
            for &first in firsts {
                pairs.extend(
                    seconds
                        .iter()
                        .filter_map(|&second| pair_in_trie(first, second)),
                );
            }
        };
        for key in middle.phrases.iter() {
            add(&[pack(key[0])], &[pack(key[1])]);
        }
        for key in last.phrases.iter() {
            for (place, &character) in key.iter().enumerate() {
                let own = pack(character);
                let others = self.of(character).iter().copied();
                let mut others: Vec<u32> = others.filter(|&other| other != own).collect();
                if middle.view(character) != Some(character) {
                    others.push(own);
                }
                let beside = |place: usize| {
                    let mut beside = self.of(key[place]).to_vec();
                    beside.push(pack(key[place]));
                    beside
                };
                match place + 1 < key.len() {
                    true => add(&others, &beside(place + 1)),
                    false => add(&beside(place - 1), &others),
                }
            }
        }
        Filter::new(&pairs, 32)
    }
}

/// Which characters, by their views at each level, become at some level one that stands in a key of
/// several characters and that more than [`CROWD`] become. A pair in such a key stands for as many
/// pairs of source characters as the product of two crowds.
pub(super) fn crowded(levels: &[LevelKeys], views: &[Vec<char>]) -> Vec<bool> {
    let mut is_crowded = vec![false; views.first().map_or(0, Vec::len)];
    for (level, views) in levels.iter().zip(views) {
        let mut counts: ByCharacter<u32> = ByCharacter::default();
        for &view in views {
            *counts.entry(view) += 1;
        }
        let mut crowds: ByCharacter<bool> = ByCharacter::default();
        for &character in level.longer_keys().flatten() {
            if counts.get(character) > CROWD {
                *crowds.entry(character) = true;
            }
        }
        for (is_crowded, &view) in is_crowded.iter_mut().zip(views) {
            *is_crowded |= crowds.get(view);
        }
    }
    is_crowded
}

/// The bytes of a character packed.
pub(super) fn word_bytes(packed: u32) -> impl Iterator<Item = u8> {
    let len = 4 - packed.leading_zeros() as usize / 8;
    packed.to_le_bytes().into_iter().take(len.max(1))
}

pub(in crate::scan) fn pack(character: char) -> u32 {
    classes::pack(character.encode_utf8(&mut [0; 4]).as_bytes())
}

/// The hash of a pair by which a trie finds its keys, if both can stand in a stretch.
fn pair_in_trie(first: u32, second: u32) -> Option<u32> {
    let code = |packed| match packed {
        ..0x80 => Some(packed),
        _ => is_wide(packed).then(|| classes::code(packed, 3)),
    };
    Some(Trie::pair_hash(code(first)?, code(second)?))
}

/// Whether a character's word has three bytes, as nearly all of Chinese.
pub(super) fn is_wide(packed: u32) -> bool {
    packed >> 24 == 0 && has_three_bytes(packed)
}
