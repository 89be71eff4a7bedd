//! How often pairs of characters stand in texts, for the scans: of the pairs that an exception has,
//! the one that is rarest in texts costs least.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::scan::classes;
use crate::scan::derive::frequency::Frequency;
use crate::table::Table;

/// Frequencies of pairs in Simplified text.
pub struct Pairs {
    pairs: HashMap<(u32, u32), u64>,
    characters: HashMap<u32, u64>,
    total: u64,
    /// What Traditional characters are in Simplified.
    simplified: HashMap<u32, u32>,
}

impl Pairs {
    /// Counts the pairs within words; `simplify` maps Traditional to Simplified.
    pub fn read(words: &Path, simplify: &Table) -> Pairs {
        let text = fs::read_to_string(words).unwrap_or_else(|error| crate::stop(words, error));
        let mut pairs = Pairs {
            pairs: HashMap::new(),
            characters: HashMap::new(),
            total: 0,
            simplified: HashMap::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (word, frequency) = line.split_once('\t').expect("the normalizer reads it too");
            let frequency: u64 = frequency.parse().expect("the normalizer reads it too");
            let mut before = None;
            for character in word.chars().map(packed) {
                *pairs.characters.entry(character).or_default() += frequency;
                pairs.total += frequency;
                if let Some(before) = before.replace(character) {
                    *pairs.pairs.entry((before, character)).or_default() += frequency;
                }
            }
        }
        for (key, entry) in simplify.iter() {
            if let (Some(key), Some(value)) = (only(&key), only(entry.value())) {
                pairs.simplified.insert(key, value);
            }
        }
        pairs
    }

    /// What a character is in Simplified.
    fn simplified(&self, packed: u32) -> u32 {
        *self.simplified.get(&packed).unwrap_or(&packed)
    }
}

/// In a text of as many characters as the words have.
impl Frequency for Pairs {
    fn of(&self, character: u32) -> u64 {
        let simplified = self.simplified(character);
        self.characters.get(&simplified).copied().unwrap_or(0)
    }

    fn of_pair(&self, first: u32, second: u32) -> u64 {
        // The words do not say how often one stands beside another. Some three in ten pairs are
        // such; by chance, as good a guess as any.
        let by_chance = self.of(first) * self.of(second) / self.total * 3 / 10;
        let pair = (self.simplified(first), self.simplified(second));
        self.pairs.get(&pair).copied().unwrap_or(0) + by_chance
    }
}

fn only(text: &str) -> Option<u32> {
    let mut characters = text.chars();
    let first = characters.next()?;
    characters.as_str().is_empty().then(|| packed(first))
}

fn packed(character: char) -> u32 {
    classes::pack(character.encode_utf8(&mut [0; 4]).as_bytes())
}
