//! Seventh: the words, with what each of their characters is in either script and how often they are used.
//!
//! Our own words come first and win: names and fixed words, then patterns. Then the word list, spelled as
//! the phrases say or as its parts; then phrases that the list does not have.

use std::collections::hash_map::Entry;
use std::path::Path;

use super::forms::{Forms, Usual};
use super::maps::{HashMap, HashSet};
use super::names::Names;
use super::spelling::Parts;
use crate::rows::{Row, Rows};

/// How much oftener the words of a pattern are met than by chance.
const PATTERN: f64 = 8_000.0;
/// The same for patterns that are no reason to change clean text.
const WEAK_PATTERN: f64 = 245.0;
/// How much rarer the second of two spellings is: replaced in damaged text, left in clean text.
const SECOND: f64 = 0.015;
/// How often a phrase of OpenCC's is at least taken to be used: five words in a million. It says how the word is
/// written, and against which split, however rare the word list has it.
const PHRASE: f64 = 300.0;

/// A way to write a word.
pub struct Word {
    /// Its representatives.
    pub key: String,
    pub s: String,
    /// NUL where the word leaves a character's form open.
    pub t: String,
    pub frequency: f64,
}

/// Collects the words.
pub struct Lexicon<'a> {
    forms: &'a Forms<'a>,
    usual: &'a Usual<'a>,
    words: Vec<Word>,
    /// Our own words by their Simplified form: their Traditional forms and frequencies.
    ours: HashMap<String, (String, f64)>,
}

impl<'a> Lexicon<'a> {
    pub fn new(forms: &'a Forms<'a>, usual: &'a Usual<'a>) -> Self {
        Lexicon {
            forms,
            usual,
            words: Vec::new(),
            ours: HashMap::default(),
        }
    }

    /// All words of our own tables in the folder and of the published ones.
    pub fn read(mut self, folder: &Path, names: &Names) -> Vec<Word> {
        self.keep(&Rows::read(folder, "keep.tsv"));
        self.patterns(&Rows::read(folder, "patterns.tsv"));
        let ours = std::mem::take(&mut self.ours);
        let opencc = self.forms.opencc;
        let parts = Parts {
            frequencies: &self.forms.words.frequencies,
            phrases: &opencc.st_phrases,
            ours: &ours,
            usual: self.usual,
            names,
        };
        let modern = Modern::read(folder);
        self.listed(&parts, &modern);
        self.phrases(&parts, &modern);
        for (word, values) in &opencc.ts_phrases {
            if word.chars().count() == values[0].chars().count() && word.chars().count() > 1 {
                self.put(&values[0], word, 30.0);
            }
        }
        self.words
    }

    fn put(&mut self, s: &str, t: &str, frequency: f64) {
        let classes = self.forms.classes;
        let (key, from_t) = (classes.reps.of_text(s), classes.reps.of_text(t));
        let word = |key| Word {
            key,
            s: s.to_owned(),
            t: classes.canons.of_text(t),
            frequency,
        };
        // A plan, 计划, is 計畫, whose 畫 is otherwise 画.
        if from_t != key && !t.contains('\0') {
            self.words.push(word(from_t));
        }
        self.words.push(word(key));
    }

    /// Names, places and fixed words.
    fn keep(&mut self, rows: &Rows) {
        let second: HashSet<String> = rows
            .iter()
            .filter(|row| row.field(2) == "also")
            .map(|row| match row.field(1) {
                "" => row.fields[0]
                    .chars()
                    .map(|c| self.forms.plainly(c))
                    .collect(),
                s => s.to_owned(),
            })
            .collect();
        for row in rows.iter() {
            let t = row.fields[0];
            let s = match row.field(1) {
                "" => self.simplified(t),
                s => s.to_owned(),
            };
            if s.chars().count() != t.chars().count() || t.is_empty() {
                row.fail("expected as many characters on both sides");
            }
            let frequency = self.kept_frequency(&row, &s, &second);
            self.put(&s, t, frequency);
            if row.field(2) == "live" {
                continue;
            }
            if row.field(2) != "also" || !self.ours.contains_key(&s) {
                self.ours.insert(s, (t.to_owned(), frequency));
            }
        }
    }

    /// Of a word's possible Simplified spellings the one that the word list or a phrase knows.
    fn simplified(&self, t: &str) -> String {
        let Forms {
            opencc,
            words,
            variants,
            ..
        } = self.forms;
        let mut spellings = vec![String::new()];
        for c in t.chars() {
            let forms = match variants.rare.contains_key(&c) {
                true => vec![(c, 0.0)],
                false => self.forms.simplified(c),
            };
            let heads = std::mem::take(&mut spellings);
            for (form, _) in forms.iter().take(3) {
                for head in heads.iter().take(12) {
                    spellings.push(format!("{head}{form}"));
                }
            }
        }
        let phrase = opencc.ts_phrases.get(t).map(|values| &values[0]);
        let known = |s: &String| {
            let listed = words.frequencies.get(s.as_str()).copied().unwrap_or(0.0);
            let is_phrase = opencc.st_phrases.contains_key(s);
            listed + f64::from(is_phrase) + if phrase == Some(s) { 1e9 } else { 0.0 }
        };
        let mut best = 0;
        for i in 1..spellings.len() {
            if known(&spellings[i]) > known(&spellings[best]) {
                best = i;
            }
        }
        spellings.swap_remove(best)
    }

    /// How often a word of `keep.tsv` is taken to be used; `second` are the words with two spellings.
    fn kept_frequency(&self, row: &Row, s: &str, second: &HashSet<String>) -> f64 {
        let (t, forms) = (row.fields[0], self.forms);
        // Only what goes against the rule for its characters needs a word stronger than its use.
        let plain: String = s.chars().map(|c| self.usual.canon(c)).collect();
        let plainly: String = t.chars().map(|c| forms.plainly(c)).collect();
        let rare = s.chars().any(|c| forms.variants.rare.contains_key(&c));
        let is_plain = plain == *t && plainly == s && !rare;
        let used = forms.words.frequencies.get(s).copied().unwrap_or(3.0);
        match row.field(2) {
            // Close enough to its first spelling to stay, not to be chosen.
            "also" => used.max(60_000.0) * SECOND,
            "weak" => used.max(30.0),
            "live" => used.max(PHRASE) * SECOND,
            "strong" => used.max(60_000.0),
            "" if is_plain && !second.contains(s) => match used > 3.0 {
                true => used,
                false => (forms.words.by_chance(s) * PATTERN).clamp(3.0, 8_000.0),
            },
            // What the word list knows is not as far from its true use as a name it has never seen.
            "" if used >= 20.0 => (used * 8.0).clamp(8_000.0, 60_000.0).max(used),
            "" => used.max(60_000.0),
            _ => row.fail("unknown mark"),
        }
    }

    /// What stands beside what.
    fn patterns(&mut self, rows: &Rows) {
        let words = self.forms.words;
        for row in rows.iter() {
            let strength = match row.field(1) {
                "" => PATTERN,
                "also" => PATTERN * SECOND,
                "weak" => WEAK_PATTERN,
                _ => row.fail("unknown strength"),
            };
            let mut expanded = vec![];
            expand(row.fields[0], String::new(), &mut expanded)
                .unwrap_or_else(|| row.fail("expected a closing bracket"));
            for t in expanded {
                let s: String = t.chars().map(|c| self.forms.plainly(c)).collect();
                let Entry::Vacant(entry) = self.ours.entry(s.clone()) else {
                    continue;
                };
                let used = words.frequencies.get(s.as_str()).copied().unwrap_or(0.0);
                let expected = words.by_chance(&s) * strength;
                let frequency = used.max(expected.min(600_000.0));
                entry.insert((t.clone(), frequency));
                self.put(&s, &t, frequency);
            }
        }
    }

    /// How often the commonest spelling of each word of the list is used.
    fn commonest(&self) -> HashMap<String, f64> {
        let mut commonest: HashMap<String, f64> = HashMap::default();
        for &(word, frequency) in &self.forms.words.list {
            let key = self.forms.classes.reps.of_text(word);
            let most = commonest.entry(key).or_default();
            *most = most.max(frequency);
        }
        commonest
    }

    /// The words of the list.
    fn listed(&mut self, parts: &Parts, modern: &Modern) {
        let forms = self.forms;
        let usual = self.commonest();
        for &(word, frequency) in &forms.words.list {
            let n = word.chars().count();
            if n < 2 || parts.ours.contains_key(word) || parts.phrases.contains_key(word) {
                continue;
            }
            // The list has some words once more in Traditional, or misspelled.
            if frequency * 100.0 < usual[&forms.classes.reps.of_text(word)] {
                continue;
            }
            // The parts the word is made of, and what the phrases say of each.
            let spelled = parts.spell(word);
            // A long word that is no more than its parts says nothing they do not.
            let rare = word.chars().any(|c| forms.variants.rare.contains_key(&c));
            if !rare && spelled.is_sure() && (n >= 4 || n == 3 && frequency < 60.0) {
                continue;
            }
            self.put(word, &modern.write(&spelled.usual), frequency);
            if !spelled.is_sure() {
                // Not as sure: no list spells it out.
                self.put(word, &spelled.open, frequency * 0.003);
            }
        }
    }

    /// OpenCC's phrases, also those that keep a spelling: what they say stands against every split.
    fn phrases(&mut self, parts: &Parts, modern: &Modern) {
        for (word, values) in parts.phrases {
            if !(2..=8).contains(&word.chars().count()) {
                continue;
            }
            let used = parts.frequencies.get(word.as_str()).copied();
            let used = used.unwrap_or(0.0).max(PHRASE);
            let ours = parts.ours.get(word);
            for (i, value) in values.iter().enumerate() {
                let t = modern.write(value);
                match ours {
                    // Ours is the one to choose; theirs is right where it stands.
                    Some(word) if word.0 == t => {}
                    Some(word_of_ours) => self.put(word, &t, word_of_ours.1 * SECOND),
                    None => self.put(word, &t, used / (1.0 + 3.0 * i as f64)),
                }
                if t != *value {
                    self.put(word, value, ours.map_or(used, |word| word.1) * SECOND);
                }
            }
        }
    }
}

/// Old spellings that the phrase tables prefer, and what modern text writes.
struct Modern {
    pairs: Vec<(String, String)>,
    firsts: HashSet<char>,
}

impl Modern {
    fn read(folder: &Path) -> Modern {
        let mut modern = Modern {
            pairs: Vec::new(),
            firsts: HashSet::default(),
        };
        for row in Rows::read(folder, "modern.tsv").iter() {
            let (old, new) = (row.field(0), row.field(1));
            if old.chars().count() != new.chars().count() {
                row.fail("expected two texts of the same length");
            }
            modern.firsts.extend(old.chars().next());
            modern.pairs.push((old.to_owned(), new.to_owned()));
        }
        modern
    }

    fn write(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if text.chars().any(|c| self.firsts.contains(&c)) {
            for (old, new) in &self.pairs {
                text = text.replace(old, new);
            }
        }
        text
    }
}

/// Writes out a pattern like `[一二]天後`.
fn expand(pattern: &str, head: String, out: &mut Vec<String>) -> Option<()> {
    let Some(open) = pattern.find('[') else {
        out.push(head + pattern);
        return Some(());
    };
    let close = open + pattern[open..].find(']')?;
    for c in pattern[open + 1..close].chars() {
        let mut next = head.clone();
        next.push_str(&pattern[..open]);
        next.push(c);
        expand(&pattern[close + ']'.len_utf8()..], next, out)?;
    }
    Some(())
}
