//! The words a text may be given in place of its own: the keys (Simplified) or
//! the values (Traditional) of OpenCC's phrase table, sorted into classes
//! within which one word may stand for another without making the text easier
//! or harder to convert.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::rng::Rng;

const ST_CHARACTERS: &str = include_str!("../../data/opencc/STCharacters.txt");
pub const ST_PHRASES: &str = include_str!("../../data/opencc/STPhrases.txt");
pub const TS_PHRASES: &str = include_str!("../../data/opencc/TSPhrases.txt");
const TW_PHRASES: &str = include_str!("../../data/opencc/TWPhrases.txt");
const TW_PHRASES_REV: &str = include_str!("../../data/opencc/TWPhrasesRev.txt");
const TW_VARIANTS: &str = include_str!("../../data/opencc/TWVariants.txt");

/// Key and first value of each entry of a table in OpenCC's text format.
pub fn entries(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(key, values)| (key, values.split(' ').next().unwrap_or(values)))
}

/// A table of single characters as a map.
pub fn characters(table: &'static str) -> HashMap<char, &'static str> {
    entries(table)
        .filter_map(|(key, value)| Some((key.chars().next()?, value)))
        .collect()
}

/// What converting `text` character by character gives.
fn one_by_one(text: &str, characters: &HashMap<char, &'static str>) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match characters.get(&c) {
            Some(value) => out.push_str(value),
            None => out.push(c),
        }
    }
    out
}

/// The Simplified phrases whose conversion is not that of their characters:
/// the ones a converter cannot do without.
pub fn live_phrases() -> Vec<&'static str> {
    let characters = characters(ST_CHARACTERS);
    entries(ST_PHRASES)
        .filter(|(key, value)| one_by_one(key, &characters) != *value)
        .map(|(key, _)| key)
        .collect()
}

/// What a word is to a converter. Only one phrase in nine of real text is
/// live, one in five of the phrase table; drawing without regard to it would
/// double the hard places.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Role {
    /// A phrase that converts differently from its characters.
    Live,
    /// A phrase that does not.
    Inert,
    /// Two characters that are no phrase, with which one starts.
    Start,
    /// Two characters with which none starts.
    Plain,
}

/// What two words must share to stand for each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Class {
    characters: usize,
    role: Role,
}

/// Words by class, each class from the commonest to the rarest. How common a
/// word is we have to guess: as common as the rarest of its characters in the
/// texts we wrote, at random between equals.
pub struct Lexicon {
    phrases: HashMap<String, Class>,
    words: BTreeMap<Class, Vec<String>>,
    /// The first two characters of phrases a converter looks for.
    starts: HashSet<String>,
    longest: usize,
}

impl Lexicon {
    /// Simplified words.
    pub fn hans(sample: &str) -> Lexicon {
        let live: HashSet<&str> = live_phrases().into_iter().collect();
        let phrases = entries(ST_PHRASES).map(|(key, _)| (key.to_owned(), live.contains(key)));
        let starts = entries(ST_PHRASES).filter_map(|(key, _)| first_two(key));
        Lexicon::new(phrases, starts.map(str::to_owned).collect(), sample)
    }

    /// Traditional words as Taiwan writes them.
    pub fn hant(sample: &str) -> Lexicon {
        let taiwan = characters(TW_VARIANTS);
        let live: HashSet<&str> = entries(TS_PHRASES)
            .map(|(key, _)| key)
            .chain(entries(TW_PHRASES).map(|(_, value)| value))
            .chain(entries(TW_PHRASES_REV).map(|(key, _)| key))
            .filter(|word| first_two(word).is_some())
            .collect();
        let is_live = |word: &str| {
            let mut starts = word.char_indices().map(|(at, _)| at);
            starts.any(|from| {
                word[from..]
                    .char_indices()
                    .any(|(at, c)| live.contains(&word[from..from + at + c.len_utf8()]))
            })
        };
        let phrases = entries(ST_PHRASES).map(|(_, value)| {
            let word = one_by_one(value, &taiwan);
            let live = is_live(&word);
            (word, live)
        });
        let starts = live.iter().filter_map(|word| first_two(word));
        Lexicon::new(phrases, starts.map(str::to_owned).collect(), sample)
    }

    fn new(
        phrases: impl Iterator<Item = (String, bool)>,
        starts: HashSet<String>,
        sample: &str,
    ) -> Lexicon {
        let mut lexicon = Lexicon {
            phrases: HashMap::new(),
            words: BTreeMap::new(),
            starts,
            longest: 0,
        };
        let mut order = Vec::new();
        for (phrase, live) in phrases {
            let characters = phrase.chars().count();
            let role = if live { Role::Live } else { Role::Inert };
            let class = Class { characters, role };
            if characters > 1 && lexicon.phrases.insert(phrase.clone(), class).is_none() {
                lexicon.longest = lexicon.longest.max(characters);
                order.push(phrase);
            }
        }
        // Pairs come from inside the phrases, where the language made them:
        // the first two characters of the long ones, and the last two.
        let mut pairs: Vec<&str> = order
            .iter()
            .filter(|phrase| phrase.chars().nth(3).is_some())
            .flat_map(|phrase| [first_two(phrase), last_two(phrase)])
            .flatten()
            .filter(|pair| !lexicon.phrases.contains_key(*pair))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        for pair in pairs {
            let class = lexicon.class_of_pair(pair);
            lexicon
                .words
                .entry(class)
                .or_default()
                .push(pair.to_owned());
        }
        for phrase in order {
            let class = lexicon.phrases[&phrase];
            lexicon.words.entry(class).or_default().push(phrase);
        }
        let mut rng = Rng::new("lexicon");
        let mut counts: HashMap<char, usize> = HashMap::new();
        for c in sample.chars() {
            *counts.entry(c).or_default() += 1;
        }
        let count = |c: char| counts.get(&c).copied().unwrap_or(0);
        for words in lexicon.words.values_mut() {
            rng.shuffle(words);
            words.sort_by_cached_key(|word| Reverse(word.chars().map(count).min()));
        }
        lexicon
    }

    fn class_of_pair(&self, pair: &str) -> Class {
        let role = if self.starts.contains(pair) {
            Role::Start
        } else {
            Role::Plain
        };
        Class {
            characters: 2,
            role,
        }
    }

    /// The word at the start of `text`: the longest phrase, or two Han
    /// characters of which the second starts no phrase.
    pub fn word<'t>(&self, text: &'t str) -> Option<(&'t str, Class)> {
        self.longest_match(text).or_else(|| {
            let pair = first_two(text)?;
            let second = pair.char_indices().next_back()?.0;
            (pair.chars().all(is_han) && self.longest_match(&text[second..]).is_none())
                .then(|| (pair, self.class_of_pair(pair)))
        })
    }

    /// The longest phrase that `text` starts with.
    fn longest_match<'t>(&self, text: &'t str) -> Option<(&'t str, Class)> {
        let mut found = None;
        for (at, c) in text.char_indices().take(self.longest) {
            let word = &text[..at + c.len_utf8()];
            if let Some(class) = self.phrases.get(word) {
                found = Some((word, *class));
            }
        }
        found
    }

    /// A word of `class`, common ones more often; none if it has no words.
    pub fn draw(&self, class: Class, rng: &mut Rng) -> Option<&str> {
        let words = self.words.get(&class)?;
        Some(&words[rng.rank(words.len())])
    }
}

/// The unified ideographs of the basic plane, where all words of these texts
/// are.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

fn first_two(text: &str) -> Option<&str> {
    let mut ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.nth(1).map(|end| &text[..end])
}

fn last_two(text: &str) -> Option<&str> {
    let mut starts = text.char_indices().map(|(at, _)| at);
    starts.nth_back(1).map(|start| &text[start..])
}
