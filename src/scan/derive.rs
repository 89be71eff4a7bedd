//! From a plan to its scan: which keys are live, where they may start, which characters stand
//! side by side in keys.
//!
//! Keys of a later level are keys in what the earlier levels made of a text. Outside islands
//! that is, character by character, the character's *view* at the level; so each pair of a key
//! stands for all pairs of source characters with those views.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::classes::{
    self, has_three_bytes, page_number, place_in_page, Classes, FIRST, NORMALIZED, OPERATOR, PAGE,
    PAGES, SECOND, SPECIAL,
};
use super::filter::{
    distance_hash, distance_remark, longer_hash, pair_hash, prefix_hash, Filter, LONGER, WHOLE,
};
use super::{LivePairs, Scan, FURTHEST_PAIR, LONGEST_CONFIRMED};
use crate::engine::description::MAX_CHARACTERS;
use crate::engine::{End, Level, Machine, Plan, Role};

/// The operators of description sequences.
const OPERATORS: std::ops::RangeInclusive<char> = '\u{2FF0}'..='\u{2FFF}';

/// The scan of a plan, if its tables allow one: it cannot skip over ASCII where ASCII is
/// converted, nor follow description sequences that a conversion makes.
pub(crate) fn derive(plan: &Plan) -> Option<Scan> {
    let levels: Vec<LevelKeys> = plan.levels.iter().map(LevelKeys::new).collect();
    let last = levels.len().checked_sub(1)?;
    if levels[..last].iter().any(LevelKeys::makes_operators) {
        return None;
    }

    let first_stage = normalization_levels(plan);
    let mut draft = Draft::new(&levels, first_stage)?;
    let joined: Vec<Vec<u32>> = (0..levels.len())
        .map(|number| draft.joined(number, &levels[number]))
        .collect();
    let mut common = HashMap::new();
    for &pair in joined.iter().flatten() {
        *common.entry(pair).or_insert(0) += 1;
    }
    for (number, level) in levels.iter().enumerate() {
        for (key, value) in &level.phrases {
            if level.is_live(key, value, &plan.levels[number + 1..], &levels[number..]) {
                draft.add_live(&draft.sources(number, key), &common)?;
            }
        }
        for key in &level.words {
            draft.add_live(&draft.sources(number, key), &common)?;
        }
    }

    draft.live.sort_unstable();
    draft.live.dedup();
    draft.confirm.sort_unstable();
    draft.confirm.dedup();

    let joined = joined
        .into_iter()
        .filter(|pairs| !pairs.is_empty())
        .map(|mut pairs| {
            pairs.sort_unstable();
            pairs.dedup();
            Filter::new(&pairs, 8)
        });

    // What a phrase becomes is not what its characters would be, and so may meet the characters
    // beside it in a key of a later level; unless it is a segment of its own.
    let changes =
        |level: &&LevelKeys| matches!(level.role, Role::Convert(_)) && !level.phrases.is_empty();
    let crosses = |level: &LevelKeys| !(level.phrases.is_empty() && level.words.is_empty());
    let spread = |number: usize| 1 + levels[..number].iter().filter(changes).count();
    let crossing = (0..levels.len()).filter(|&number| crosses(&levels[number]));
    let shrinking = levels[..last].iter().map(LevelKeys::shrinking);
    Some(Scan {
        joined: Cow::Owned(joined.collect()),
        spread: crossing.map(spread).max().unwrap_or(1),
        reach: shrinking.fold(MAX_CHARACTERS, usize::saturating_mul),
        first_stage,
        ascii_in_keys: levels.iter().fold(0, |set, level| set | level.ascii()),
        live: LivePairs::new(&draft.live),
        confirm: Filter::with_remarks(&draft.confirm, 16),
        classes: draft.classes(),
    })
}

/// How many levels come first that only ever change single characters and end no segment.
fn normalization_levels(plan: &Plan) -> usize {
    let only_characters = |level: &&Level| {
        matches!(level.role, Role::Convert(_))
            && level.overlay.is_none()
            && level.table.iter().all(|(key, _)| key.chars().count() == 1)
    };
    let first = plan.levels.iter().take_while(only_characters).count();
    // A plan of nothing else still needs a level to run.
    first.min(plan.levels.len() - 1)
}

/// A level's keys, taken apart.
struct LevelKeys {
    role: Role,
    /// What keys of one character become.
    characters: HashMap<char, String>,
    /// Keys of two characters and more, with their values.
    phrases: Vec<(String, String)>,
    /// The overlay's keys of two characters and more.
    words: Vec<String>,
    /// The overlay's keys of one character.
    single_words: Vec<char>,
}

impl LevelKeys {
    fn new(level: &Level) -> LevelKeys {
        let mut characters = HashMap::new();
        let mut phrases = Vec::new();
        for (key, entry) in level.keys() {
            match only(&key) {
                Some(character) if level.role.converts() => {
                    characters.insert(character, entry.value().to_owned());
                }
                // A character that is a segment of its own converts as it does alone.
                Some(_) => {}
                None => {
                    let value = if level.role.converts() {
                        entry.value()
                    } else {
                        &key
                    };
                    phrases.push((key.clone(), value.to_owned()));
                }
            }
        }
        let words = level
            .overlay
            .iter()
            .flat_map(|overlay| overlay.iter())
            .map(|(key, _)| key);
        let (single, words): (Vec<String>, _) = words.partition(|key| only(key).is_some());
        let single_words = single.iter().filter_map(|key| only(key)).collect();
        LevelKeys {
            role: level.role,
            characters,
            phrases,
            words,
            single_words,
        }
    }

    /// What a character becomes at this level: one character, unless `None`.
    fn view(&self, character: char) -> Option<char> {
        match self.characters.get(&character) {
            Some(value) => only(value),
            None => Some(character),
        }
    }

    /// Whether a key does anything but what its characters would do one by one. `after` are the
    /// levels after this one, `keys` the keys of this one and those.
    fn is_live(&self, key: &str, value: &str, after: &[Level], keys: &[LevelKeys]) -> bool {
        match self.role {
            Role::Convert(_) => {
                let apart: Option<String> =
                    key.chars().map(|character| self.view(character)).collect();
                apart.as_deref() != Some(value)
            }
            // A segment: only what comes out at the end counts, for no other level's match can
            // reach into it.
            Role::Segment(_) | Role::SegmentAndConvert(_) => {
                let view = |character, level: &LevelKeys| level.view(character);
                let apart: Option<String> = key
                    .chars()
                    .map(|character| keys.iter().try_fold(character, view))
                    .collect();
                let mut together = Vec::new();
                Machine::default().push(after, value.as_bytes(), End::Here, &mut together);
                apart.is_none_or(|apart| apart.as_bytes() != together)
            }
        }
    }

    fn values(&self) -> impl Iterator<Item = (usize, &str)> {
        let characters = self.characters.values().map(|value| (1, value.as_str()));
        let phrases = self
            .phrases
            .iter()
            .map(|(key, value)| (key.chars().count(), &value[..]));
        characters.chain(phrases)
    }

    /// The ASCII characters of keys of two characters and more, a bit each.
    fn ascii(&self) -> u128 {
        let keys = self.phrases.iter().map(|(key, _)| key).chain(&self.words);
        let ascii = keys.flat_map(|key| key.bytes()).filter(u8::is_ascii);
        ascii.fold(0, |set, byte| set | 1 << byte)
    }

    fn makes_operators(&self) -> bool {
        let mut values = self.values();
        values.any(|(_, value)| {
            value
                .chars()
                .any(|character| OPERATORS.contains(&character))
        })
    }

    /// How many characters of a text may become one here, at most.
    fn shrinking(&self) -> usize {
        let of = |(key, value): (usize, &str)| match value.chars().count() {
            0 => usize::MAX,
            length => key.div_ceil(length),
        };
        self.values().map(of).max().unwrap_or(1)
    }
}

/// A scan in the making.
struct Draft {
    /// The views at each level of the characters that have one at every level.
    sources: Vec<HashMap<char, Vec<char>>>,
    entries: BTreeMap<char, u32>,
    live: Vec<u32>,
    /// Hashes with their remarks.
    confirm: Vec<(u32, u32)>,
}

impl Draft {
    fn new(levels: &[LevelKeys], first_stage: usize) -> Option<Draft> {
        let mut draft = Draft {
            sources: vec![HashMap::new(); levels.len()],
            entries: BTreeMap::new(),
            live: Vec::new(),
            confirm: Vec::new(),
        };
        let mut characters: BTreeSet<char> = OPERATORS.collect();
        for level in levels {
            characters.extend(level.characters.keys());
            characters.extend(level.phrases.iter().flat_map(|(key, _)| key.chars()));
            characters.extend(level.words.iter().flat_map(|key| key.chars()));
            characters.extend(&level.single_words);
        }
        for &character in &characters {
            let mut views = vec![character];
            for level in levels {
                let before = *views.last().expect("the first is the character");
                let alone = level.single_words.contains(&before);
                views.extend(level.view(before).filter(|_| !alone));
            }
            let last = *views.last().expect("the first is the character");
            let simple = views.len() == levels.len() + 1 && !OPERATORS.contains(&character);
            if simple && (last == character || (is_wide(last) && is_wide(character))) {
                for (sources, view) in draft.sources.iter_mut().zip(&views) {
                    sources.entry(*view).or_default().push(character);
                }
                let entry = draft.entry(character);
                *entry |= word(character) ^ word(last);
                if views[first_stage] != character {
                    *entry |= NORMALIZED;
                }
            } else {
                draft.mark_special(character)?;
                if OPERATORS.contains(&character) {
                    *draft.entry(character) |= OPERATOR;
                }
            }
        }
        Some(draft)
    }

    fn entry(&mut self, character: char) -> &mut u32 {
        self.entries.entry(character).or_default()
    }

    /// Every place of the character becomes an island. ASCII has no entries, so no such mark.
    fn mark_special(&mut self, character: char) -> Option<()> {
        *self.entry(character) |= SPECIAL | NORMALIZED;
        (!character.is_ascii()).then_some(())
    }

    /// For each character of a level's key the source characters that become it there.
    fn sources(&self, level: usize, key: &str) -> Vec<Vec<char>> {
        let sources = &self.sources[level];
        key.chars()
            .map(|character| sources.get(&character).cloned().unwrap_or_default())
            .collect()
    }

    /// The pairs that stand side by side in a level's keys, once for each key.
    fn joined(&self, number: usize, level: &LevelKeys) -> Vec<u32> {
        let mut pairs = Vec::new();
        for key in level.phrases.iter().map(|(key, _)| key).chain(&level.words) {
            for pair in self.sources(number, key).windows(2) {
                for &left in &pair[0] {
                    for &right in &pair[1] {
                        pairs.push(pair_hash(word(left), word(right)));
                    }
                }
            }
        }
        pairs
    }

    /// Makes sure that a place is looked at where a key with these source characters matches.
    fn add_live(&mut self, key: &[Vec<char>], common: &HashMap<u32, usize>) -> Option<()> {
        if key.iter().any(Vec::is_empty) {
            // Some character of it never comes out of the levels before, or only of special
            // characters.
            return Some(());
        }
        for &first in &key[0] {
            self.confirm(word(first), &key[1..], LONGEST_CONFIRMED - 1);
        }
        // The loop sees pairs whose second character has three bytes. Of those near the key's
        // start the rarest costs least: few texts have it that do not have the key.
        let seen = |at: &usize| key[at + 1].iter().all(|&second| is_wide(second));
        let near = 0..(key.len() - 1).min(FURTHEST_PAIR + 1);
        let rarity = |at: &usize| self.pairs_seen(&key[*at], &key[at + 1], common);
        let at = near.filter(seen).min_by_key(rarity).unwrap_or(0);
        for &first in &key[at] {
            for &second in &key[at + 1] {
                if !is_wide(second) {
                    let marked = if second.is_ascii() { first } else { second };
                    self.mark_special(marked)?;
                    continue;
                }
                *self.entry(first) |= FIRST;
                *self.entry(second) |= SECOND;
                let pair = pair_hash(word(first), word(second));
                self.live.push(pair);
                self.confirm
                    .push((distance_hash(pair), distance_remark(at)));
            }
        }
        Some(())
    }

    /// In how many keys the most common of these pairs stands.
    fn pairs_seen(&self, first: &[char], second: &[char], common: &HashMap<u32, usize>) -> usize {
        let pairs = first
            .iter()
            .flat_map(|&a| second.iter().map(move |&b| (word(a), word(b))));
        let counts = pairs.map(|(a, b)| common.get(&pair_hash(a, b)).copied().unwrap_or(0));
        counts.max().unwrap_or(0)
    }

    /// Adds a live key whose characters so far have this hash, by up to `left` more of them.
    fn confirm(&mut self, hash: u32, rest: &[Vec<char>], left: usize) {
        let Some((next, rest)) = rest.split_first() else {
            self.confirm.push((prefix_hash(hash), WHOLE));
            return;
        };
        if left == 0 {
            return;
        }
        for &next in next {
            let hash = longer_hash(hash, word(next));
            self.confirm.push((prefix_hash(hash), LONGER));
            self.confirm(hash, rest, left - 1);
        }
    }

    fn classes(self) -> Classes {
        let mut drawn: BTreeMap<usize, [u32; PAGE]> = BTreeMap::new();
        let mut others = Vec::new();
        for (character, entry) in self.entries {
            let word = word(character);
            if is_wide(character) {
                let page = drawn.entry(page_number(word)).or_insert([0; PAGE]);
                page[place_in_page(word)] = entry;
            } else if entry & SPECIAL != 0 {
                others.push(word);
            }
        }
        others.sort_unstable();

        // Page 0 is the one of all characters that stay and mean nothing.
        let mut numbers: HashMap<[u32; PAGE], u16> = HashMap::from([([0; PAGE], 0)]);
        let mut pages: Vec<u32> = vec![0; PAGE];
        let mut page_of = vec![0u16; PAGES];
        for (place, page) in drawn {
            let next = numbers.len() as u16;
            page_of[place] = *numbers.entry(page).or_insert_with(|| {
                pages.extend_from_slice(&page);
                next
            });
        }
        Classes {
            page_of: page_of.into_iter().flat_map(u16::to_le_bytes).collect(),
            pages: pages.into_iter().flat_map(u32::to_le_bytes).collect(),
            others: others.into_iter().flat_map(u32::to_le_bytes).collect(),
        }
    }
}

/// The character of a text of one.
fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.as_str().is_empty())
}

fn word(character: char) -> u32 {
    classes::word(character.encode_utf8(&mut [0; 4]).as_bytes())
}

/// Whether the character has three bytes, as nearly all of Chinese.
fn is_wide(character: char) -> bool {
    character.len_utf8() == 3 && has_three_bytes(word(character))
}
