//! Eighth: the filters in front of the words, which let most text pass without a look-up.

use std::collections::BTreeMap;

use super::filter::{self, Question};
use super::lexicon::Word;
use super::maps::HashMap;
use super::records::{Choice, Record};
use super::{flag, kind};

/// The sets of what the words ask for, filled word by word.
pub struct Filters {
    /// By representative and form: the characters that a word with this form there would correct,
    /// Simplified and Traditional.
    corrected: [HashMap<(char, char), Vec<char>>; 2],
    bits: Vec<u64>,
}

impl Filters {
    pub fn new(records: &BTreeMap<char, Record>) -> Self {
        let mut corrected = [HashMap::default(), HashMap::default()];
        for (&c, record) in records {
            // Rare forms are looked at wherever they stand.
            if record.flags & flag::RARE != 0 {
                continue;
            }
            let sides = [(c, &record.s), (record.canon, &record.t)];
            for (corrected, (own, choices)) in corrected.iter_mut().zip(sides) {
                let asked = |choice: &&Choice| {
                    choice.form != own && ![kind::ACCEPTED, kind::REGION].contains(&choice.kind)
                };
                for choice in choices.iter().filter(asked) {
                    let by_form: &mut Vec<char> =
                        corrected.entry((record.rep, choice.form)).or_default();
                    by_form.push(c);
                }
            }
        }
        Filters {
            corrected,
            bits: vec![0; 2 * filter::WORDS],
        }
    }

    fn set(&mut self, question: Question, a: char, b: char) {
        let (word, mask) = filter::place(question, a as u32, b as u32);
        self.bits[word] |= mask;
    }

    /// Adds all ways to write the word of these representatives.
    pub fn add(&mut self, keys: &[char], forms: &[Word]) {
        use Question::{Left, LeftSimplified, Right, RightSimplified};
        for pair in keys.windows(2) {
            self.set(Question::Join, pair[0], pair[1]);
        }
        for word in forms {
            self.correct(0, keys, &word.s, RightSimplified, LeftSimplified);
            self.correct(1, keys, &word.t, Right, Left);
        }
    }

    fn correct(&mut self, side: usize, keys: &[char], text: &str, right: Question, left: Question) {
        for (i, form) in text.chars().enumerate() {
            let corrected = self.corrected[side].get(&(keys[i], form));
            for c in corrected.cloned().unwrap_or_default() {
                match keys.get(i + 1) {
                    Some(&next) => self.set(right, c, next),
                    None => self.set(left, keys[i - 1], c),
                }
            }
        }
    }

    /// The filters in halves of words, as they are written.
    pub fn halves(&self) -> Vec<u32> {
        let halves = |bits: &u64| [*bits as u32, (bits >> 32) as u32];
        self.bits.iter().flat_map(halves).collect()
    }
}
