//! Sixth: how words are spelled that no list spells out: like the parts they are made of.

use super::forms::Usual;
use super::maps::HashMap;
use super::names::Names;
use super::sources::{places, Table};
use super::TOTAL;

/// What the forms of such words are made of.
pub struct Parts<'a> {
    pub frequencies: &'a HashMap<&'a str, f64>,
    pub phrases: &'a Table,
    /// Our own words: their Traditional forms and frequencies.
    pub ours: &'a HashMap<String, (String, f64)>,
    pub usual: &'a Usual<'a>,
    pub names: &'a Names,
}

/// A word's Traditional form.
pub struct Spelled {
    /// With the usual form where nothing says which.
    pub usual: String,
    /// With NUL where nothing says which of several.
    pub open: String,
}

impl Spelled {
    /// Whether each character's form is known.
    pub fn is_sure(&self) -> bool {
        self.usual == self.open
    }
}

impl Parts<'_> {
    fn frequency(&self, part: &str, length: usize) -> Option<f64> {
        let ours = self.ours.get(part).map(|word| word.1);
        let listed = self.frequencies.get(part).copied();
        match (ours, listed) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (Some(f), None) | (None, Some(f)) => Some(f),
            (None, None) if length == 1 => Some(1.0),
            (None, None) => self.phrases.contains_key(part).then_some(3.0),
        }
    }

    fn listed(&self, part: &str) -> Option<&str> {
        let phrase = || self.phrases.get(part).map(|values| values[0].as_str());
        self.ours
            .get(part)
            .map(|word| word.0.as_str())
            .or_else(phrase)
    }

    /// Spells a word from those of its parts.
    pub fn spell(&self, word: &str) -> Spelled {
        let places = places(word);
        let n = places.len() - 1;
        let mut spelled = Spelled {
            usual: String::new(),
            open: String::new(),
        };
        for (start, end) in self.cut(word, &places) {
            let part = &word[places[start]..places[end]];
            if let Some(listed) = self.listed(part).filter(|_| end - start > 1) {
                spelled.usual.push_str(listed);
                spelled.open.push_str(listed);
                continue;
            }
            for (at, c) in (start..end).zip(part.chars()) {
                let named = match (start, end, n) {
                    // Three characters that are no words together: a name.
                    (0, 1, 3) if self.frequency(&word[places[1]..], 2).is_none() => {
                        self.names.listed_surname(c)
                    }
                    _ => None,
                };
                // In a foreign name it stands for a sound; after a word it is what is inside.
                let sound = self.names.is_sound(c)
                    && n >= 3
                    && (at + 1 < n || self.frequency(&word[..places[at]], at).is_none());
                if let Some(form) = named.or(sound.then_some(c)) {
                    spelled.usual.push(form);
                    spelled.open.push(form);
                    continue;
                }
                let first = self.usual.form(c);
                let several = self.usual.is_one_of_several(c);
                spelled.usual.push(first);
                spelled.open.push(if several { '\0' } else { first });
            }
        }
        spelled
    }

    /// The likeliest parts of a word, in order.
    fn cut(&self, word: &str, places: &[usize]) -> Vec<(usize, usize)> {
        let n = places.len() - 1;
        let mut best: Vec<(f64, usize)> = vec![(f64::INFINITY, 0); n + 1];
        best[0].0 = 0.0;
        for start in 0..n {
            for end in start + 1..=n {
                if end - start == n {
                    continue;
                }
                let part = &word[places[start]..places[end]];
                let Some(frequency) = self.frequency(part, end - start) else {
                    continue;
                };
                let cost = best[start].0 + (TOTAL / frequency.max(0.2)).ln();
                if cost < best[end].0 {
                    best[end] = (cost, start);
                }
            }
        }
        let mut parts = vec![];
        let mut end = n;
        while end > 0 {
            parts.push((best[end].1, end));
            end = best[end].1;
        }
        parts.reverse();
        parts
    }
}
