//! The keys of a level, taken apart for the derivation of a scan.
//!
//! Tables have tens of thousands of keys, and build scripts run unoptimized. So each key is
//! decoded once, into vectors that all share, and what is asked of a character is found by its
//! number.

use super::filter::{pair_hash, Filter};
use crate::engine::description::OPERATORS;
use crate::engine::{Level, Role};

/// In [`LevelKeys::views`]: no character, or several.
const NOT_ONE: u32 = u32::MAX;

/// The keys of a level that count, and what becomes of them.
pub(super) struct LevelKeys {
    pub(super) role: Role,
    /// The keys of one character, at a level that converts.
    characters: Vec<char>,
    /// For each character 0 if it stays, else 1 + what it becomes.
    views: ByCharacter<u32>,
    /// Keys of two characters and more.
    pub(super) phrases: Texts,
    /// What they become; at a level that only segments, themselves.
    pub(super) values: Texts,
    /// The hashes of the first two characters of phrases.
    starts: Filter,
    /// The overlay's keys of two characters and more.
    pub(super) words: Texts,
    /// The overlay's keys of one character, ascending.
    pub(super) single_words: Vec<char>,
    /// Whether single characters are segments of their own at a level that only segments.
    pub(super) segments_characters: bool,
    /// Whether some value has an operator of description sequences.
    pub(super) makes_operators: bool,
    /// How many characters of a text may become one here, at most.
    pub(super) shrinking: usize,
}

impl LevelKeys {
    pub(super) fn new(level: &Level) -> LevelKeys {
        let mut keys = LevelKeys {
            role: level.role,
            characters: Vec::new(),
            views: ByCharacter::default(),
            phrases: Texts::default(),
            values: Texts::default(),
            starts: Filter::new(&[], 0),
            words: Texts::default(),
            single_words: Vec::new(),
            segments_characters: false,
            makes_operators: false,
            shrinking: 1,
        };
        let converts = level.role.converts();
        let mut starts = Vec::new();
        for (key, entry) in level.keys() {
            let value = if converts { entry.value() } else { &key };
            match only(&key) {
                // A character that is a segment of its own converts as it does alone.
                Some(_) if !converts => keys.segments_characters = true,
                Some(character) => {
                    keys.characters.push(character);
                    let view = only(value).map_or(NOT_ONE, |view| u32::from(view) + 1);
                    *keys.views.entry(character) = view;
                    keys.note(1, value);
                }
                None => {
                    keys.phrases.push(&key);
                    keys.values.push(value);
                    let phrase = keys.phrases.last();
                    starts.push(start_hash(phrase[0], phrase[1]));
                    let length = phrase.len();
                    keys.note(length, value);
                }
            }
        }
        keys.starts = Filter::new(&starts, 16);
        for (word, _) in level.overlay.iter().flat_map(|overlay| overlay.iter()) {
            match only(&word) {
                Some(character) => keys.single_words.push(character),
                None => keys.words.push(&word),
            }
        }
        keys
    }

    /// Takes note of what a key of so many characters becomes.
    fn note(&mut self, length: usize, value: &str) {
        self.shrinking = match value.chars().count() {
            0 => usize::MAX,
            count => self.shrinking.max(length.div_ceil(count)),
        };
        self.makes_operators |= value.contains(|character| OPERATORS.contains(&character));
    }

    /// What a character becomes at this level: one character, unless `None`.
    pub(super) fn view(&self, character: char) -> Option<char> {
        match self.views.get(character) {
            0 => Some(character),
            NOT_ONE => None,
            view => char::from_u32(view - 1),
        }
    }

    /// Whether this level surely finds nothing in a text but single characters.
    pub(super) fn sees_only_characters(&self, text: &[char]) -> bool {
        let start = |pair: &[char]| self.starts.contains(start_hash(pair[0], pair[1]));
        self.words.is_empty()
            && self.single_words.is_empty()
            && !text.iter().any(|character| OPERATORS.contains(character))
            && (self.phrases.is_empty() || !text.windows(2).any(start))
    }

    /// The characters of all keys, some more than once: of keys that are one character, of the
    /// overlay's, of phrases, of words.
    pub(super) fn known_characters(&self) -> [&[char]; 4] {
        let (phrases, words) = (&self.phrases.characters, &self.words.characters);
        [&self.characters, &self.single_words, phrases, words]
    }

    /// The keys of two characters and more, the overlay's too.
    pub(super) fn longer_keys(&self) -> impl Iterator<Item = &[char]> {
        self.phrases.iter().chain(self.words.iter())
    }
}

fn start_hash(first: char, second: char) -> u32 {
    pair_hash(first.into(), second.into())
}

/// The character of a text of one.
pub(super) fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.as_str().is_empty())
}

/// Texts, character by character, one after the other.
#[derive(Default)]
pub(super) struct Texts {
    characters: Vec<char>,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.characters.extend(text.chars());
        self.ends.push(self.characters.len());
    }

    fn last(&self) -> &[char] {
        self.iter().next_back().unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &[char]> {
        let start = |number: usize| match number {
            0 => 0,
            _ => self.ends[number - 1],
        };
        let ends = self.ends.iter().enumerate();
        ends.map(move |(number, &end)| &self.characters[start(number)..end])
    }
}

/// Something of every character, in pages of which only those exist that were written to.
pub(super) struct ByCharacter<T> {
    /// For each page of code points which page of values it has.
    page_of: Vec<u16>,
    values: Vec<T>,
}

/// The characters of a page.
const PAGE: usize = 256;

impl<T: Copy + Default> ByCharacter<T> {
    pub(super) fn get(&self, character: char) -> T {
        let code = character as usize;
        self.values[usize::from(self.page_of[code / PAGE]) * PAGE + code % PAGE]
    }

    pub(super) fn entry(&mut self, character: char) -> &mut T {
        let code = character as usize;
        let page = &mut self.page_of[code / PAGE];
        if *page == 0 {
            *page = (self.values.len() / PAGE) as u16;
            self.values.resize(self.values.len() + PAGE, T::default());
        }
        &mut self.values[usize::from(*page) * PAGE + code % PAGE]
    }
}

impl<T: Copy + Default> Default for ByCharacter<T> {
    /// The default of every character, on page 0.
    fn default() -> ByCharacter<T> {
        ByCharacter {
            page_of: vec![0; char::MAX as usize / PAGE + 1],
            values: vec![T::default(); PAGE],
        }
    }
}
