//! From a plan to its scan: which keys are live, where they may start, which characters stand
//! side by side in keys.
//!
//! Keys of a later level are keys in what the earlier levels made of a text. Outside islands
//! that is, character by character, the character's *view* at the level; so each pair of a key
//! stands for all pairs of source characters with those views.
//!
//! Of characters only the words count here, so that is what this works with.

use std::borrow::Cow;
use std::collections::HashMap;

use super::classes::{
    self, has_three_bytes, page_number, place_in_page, Classes, FIRST, NORMALIZED, OPERATOR, PAGE,
    PAGES, SECOND, SPECIAL,
};
use super::filter::{
    distance_hash, distance_remark, longer_hash, pair_hash, prefix_hash, Filter, LONGER, WHOLE,
};
use super::keys::{ByCharacter, LevelKeys, OPERATORS};
use super::{LivePairs, Scan, FURTHEST_PAIR, LONGEST_CONFIRMED};
use crate::engine::description::MAX_CHARACTERS;
use crate::engine::{End, Level, Machine, Plan, Role};

/// The scan of a plan, if its tables allow one: it cannot skip over ASCII where ASCII is
/// converted, nor follow description sequences that a conversion makes.
pub(crate) fn derive(plan: &Plan) -> Option<Scan> {
    let levels: Vec<LevelKeys> = plan.levels.iter().map(LevelKeys::new).collect();
    let last = levels.len().checked_sub(1)?;
    if levels[..last].iter().any(|level| level.makes_operators) {
        return None;
    }

    // A plan of nothing but normalization still needs a level to run.
    let first_stage = levels[..last].iter().take_while(only_normalizes).count();
    let mut draft = Draft::default();
    let sources = draft.characters(&levels, first_stage)?;
    let joined = levels.iter().zip(&sources);
    let mut joined: Vec<Vec<u32>> = joined
        .map(|(level, sources)| sources.joined(level))
        .collect();
    let mut segments = Segments::default();
    for (number, level) in levels.iter().enumerate() {
        let sources = &sources[number];
        for (key, value) in level.phrases.iter().zip(level.values.iter()) {
            let is_live = match level.role {
                Role::Convert(_) => !level.converts_apart(key, value),
                Role::Segment(_) | Role::SegmentAndConvert(_) => {
                    segments.is_live(key, value, &levels[number..], &plan.levels[number + 1..])
                }
            };
            if is_live {
                draft.add_live(key, sources, &joined)?;
            }
        }
        for key in level.words.iter() {
            draft.add_live(key, sources, &joined)?;
        }
    }

    draft.live.sort_unstable();
    draft.live.dedup();
    draft.confirm.sort_unstable();
    draft.confirm.dedup();

    joined.retain(|pairs| !pairs.is_empty());
    let joined = joined.into_iter().map(|mut pairs| {
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
    let shrinking = levels[..last].iter().map(|level| level.shrinking);
    Some(Scan {
        joined: Cow::Owned(joined.collect()),
        spread: crossing.map(spread).max().unwrap_or(1),
        reach: shrinking.fold(MAX_CHARACTERS, usize::saturating_mul),
        first_stage,
        ascii_in_keys: levels.iter().fold(0, |set, level| set | ascii(level)),
        live: LivePairs::new(&draft.live),
        confirm: Filter::with_remarks(&draft.confirm, 16),
        classes: draft.classes(),
    })
}

/// Whether a level only ever changes single characters and ends no segment.
fn only_normalizes(level: &&LevelKeys) -> bool {
    matches!(level.role, Role::Convert(_))
        && level.phrases.is_empty()
        && level.words.is_empty()
        && level.single_words.is_empty()
}

/// The ASCII characters of keys of two characters and more, a bit each.
fn ascii(level: &LevelKeys) -> u128 {
    let [_, _, phrases, words] = level.known_characters();
    let characters = phrases.iter().chain(words);
    let ascii = characters.filter(|character| character.is_ascii());
    ascii.fold(0, |set, &character| set | 1 << u32::from(character))
}

impl LevelKeys {
    /// Whether a phrase does only what its characters do one by one.
    fn converts_apart(&self, key: &[char], value: &[char]) -> bool {
        let mut pairs = key.iter().zip(value);
        key.len() == value.len() && pairs.all(|(&from, &to)| self.view(from) == Some(to))
    }
}

/// What becomes of segments.
#[derive(Default)]
struct Segments {
    apart: Vec<char>,
    together: Vec<char>,
    machine: Machine,
    input: String,
    output: Vec<u8>,
}

impl Segments {
    /// Whether more comes out at the end for a phrase that is a segment than for its characters
    /// one by one. Only what comes out counts, for no other level's match can reach into it.
    /// `keys` are those of the phrase's level and of the levels after it, which are `after`.
    fn is_live(
        &mut self,
        key: &[char],
        value: &[char],
        keys: &[LevelKeys],
        after: &[Level],
    ) -> bool {
        let one_by_one = |&character| {
            let mut levels = keys.iter();
            levels.try_fold(character, |view, level| level.view(view))
        };
        self.apart.clear();
        self.apart.extend(key.iter().map_while(one_by_one));
        if self.apart.len() < key.len() {
            return true;
        }
        // Most phrases mean nothing to the levels after; for those this is much less work than
        // to run these levels.
        self.together.clear();
        self.together.extend_from_slice(value);
        for level in &keys[1..] {
            if !level.sees_only_characters(&self.together) {
                return self.run_differs(value, after);
            }
            for character in &mut self.together {
                match level.view(*character) {
                    Some(view) => *character = view,
                    None => return self.run_differs(value, after),
                }
            }
        }
        self.apart != self.together
    }

    /// Whether the levels make something else of a segment than its characters one by one are.
    fn run_differs(&mut self, segment: &[char], levels: &[Level]) -> bool {
        self.input.clear();
        self.input.extend(segment);
        self.output.clear();
        let input = self.input.as_bytes();
        // At the end of a text the machine is at rest, and so good for the next one.
        self.machine
            .push(levels, input, End::Here, &mut self.output);
        let output = std::str::from_utf8(&self.output).expect("text and values are UTF-8");
        !output.chars().eq(self.apart.iter().copied())
    }
}

/// For each character which source characters become it at a level, by their words. Only those
/// that have a view at every level are here.
struct Sources {
    /// For each character where its sources start in `words`, and how many there are.
    ranges: ByCharacter<[u32; 2]>,
    words: Vec<u32>,
}

impl Sources {
    /// Of source characters' words with their views.
    fn new(views: impl Iterator<Item = (u32, char)> + Clone) -> Sources {
        let mut counts: ByCharacter<u32> = ByCharacter::default();
        let mut total = 0;
        for (_, view) in views.clone() {
            *counts.entry(view) += 1;
            total += 1;
        }
        let mut ranges: ByCharacter<[u32; 2]> = ByCharacter::default();
        let mut words = vec![0; total];
        let mut end = 0;
        for (word, view) in views {
            let [start, len] = ranges.entry(view);
            if *len == 0 {
                *start = end;
                end += counts.get(view);
            }
            words[(*start + *len) as usize] = word;
            *len += 1;
        }
        Sources { ranges, words }
    }

    fn of(&self, view: char) -> &[u32] {
        let [start, len] = self.ranges.get(view);
        &self.words[start as usize..][..len as usize]
    }

    /// The hashes of the pairs that stand side by side in a level's keys, once for each key;
    /// ascending.
    fn joined(&self, level: &LevelKeys) -> Vec<u32> {
        let mut pairs = Vec::new();
        for key in level.longer_keys() {
            for pair in key.windows(2) {
                for &left in self.of(pair[0]) {
                    for &right in self.of(pair[1]) {
                        pairs.push(pair_hash(left, right));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs
    }
}

/// A scan in the making.
struct Draft {
    /// The entries of three-byte characters, page by page.
    entries: Vec<u32>,
    /// The special characters of other lengths.
    others: Vec<u32>,
    live: Vec<u32>,
    /// Hashes with their remarks.
    confirm: Vec<(u32, u32)>,
}

impl Default for Draft {
    fn default() -> Draft {
        Draft {
            entries: vec![0; PAGES * PAGE],
            others: Vec::new(),
            live: Vec::new(),
            confirm: Vec::new(),
        }
    }
}

impl Draft {
    /// Draws the entries of all characters that some level knows, and returns what the others
    /// become at each level.
    fn characters(&mut self, levels: &[LevelKeys], first_stage: usize) -> Option<Vec<Sources>> {
        let mut known: ByCharacter<bool> = ByCharacter::default();
        let mut simple = Vec::new();
        // The views of those at each level, level by level.
        let mut views: Vec<Vec<char>> = vec![Vec::new(); levels.len()];
        for character in known_characters(levels) {
            if std::mem::replace(known.entry(character), true) {
                continue;
            }
            let word = word(character);
            if OPERATORS.contains(&character) {
                self.mark_special(word)?;
                self.add_flags(word, OPERATOR);
                continue;
            }
            let mut last = Some(character);
            for (level, views) in levels.iter().zip(&mut views) {
                let Some(view) = last else { break };
                views.push(view);
                let alone = level.single_words.binary_search(&view).is_ok();
                last = level.view(view).filter(|_| !alone);
            }
            match last {
                Some(last) if last == character || (is_wide(word) && is_wide(self::word(last))) => {
                    simple.push(word);
                    let mut entry = word ^ self::word(last);
                    if views[first_stage].last() != Some(&character) {
                        entry |= NORMALIZED;
                    }
                    self.add_flags(word, entry);
                }
                _ => {
                    self.mark_special(word)?;
                    for views in &mut views {
                        views.truncate(simple.len());
                    }
                }
            }
        }
        let sources = views.iter().map(|views| {
            let words = simple.iter().copied();
            Sources::new(words.zip(views.iter().copied()))
        });
        Some(sources.collect())
    }

    /// Sets bits of a character's entry; of characters of other lengths only whether they are
    /// special is known.
    fn add_flags(&mut self, word: u32, flags: u32) {
        if is_wide(word) {
            self.entries[page_number(word) * PAGE + place_in_page(word)] |= flags;
        } else if flags & SPECIAL != 0 {
            self.others.push(word);
        }
    }

    /// Every place of the character becomes an island. ASCII has no entries, so no such mark.
    fn mark_special(&mut self, word: u32) -> Option<()> {
        self.add_flags(word, SPECIAL | NORMALIZED);
        (word >= 0x80).then_some(())
    }

    /// Makes sure that a place is looked at where a key of a level with these sources matches.
    fn add_live(&mut self, key: &[char], sources: &Sources, joined: &[Vec<u32>]) -> Option<()> {
        if key
            .iter()
            .any(|&character| sources.of(character).is_empty())
        {
            // Some character of it never comes out of the levels before, or only of special
            // characters.
            return Some(());
        }
        for &first in sources.of(key[0]) {
            self.confirm(first, &key[1..], sources, LONGEST_CONFIRMED - 1);
        }
        // The loop sees pairs whose second character has three bytes. Of those near the key's
        // start the rarest costs least: few texts have it that do not have the key.
        let pair = |at: usize| (sources.of(key[at]), sources.of(key[at + 1]));
        let seen = |&at: &usize| pair(at).1.iter().all(|&second| is_wide(second));
        let near = 0..(key.len() - 1).min(FURTHEST_PAIR + 1);
        let rarity = |&at: &usize| pairs_seen(pair(at), joined);
        let at = near.filter(seen).min_by_key(rarity).unwrap_or(0);
        let (firsts, seconds) = pair(at);
        for &first in firsts {
            for &second in seconds {
                if !is_wide(second) {
                    self.mark_special(if second < 0x80 { first } else { second })?;
                    continue;
                }
                self.add_flags(first, FIRST);
                self.add_flags(second, SECOND);
                let pair = pair_hash(first, second);
                self.live.push(pair);
                self.confirm
                    .push((distance_hash(pair), distance_remark(at)));
            }
        }
        Some(())
    }

    /// Adds a live key whose characters so far have this hash, by up to `left` more of them.
    fn confirm(&mut self, hash: u32, rest: &[char], sources: &Sources, left: usize) {
        let Some((&next, rest)) = rest.split_first() else {
            self.confirm.push((prefix_hash(hash), WHOLE));
            return;
        };
        if left == 0 {
            return;
        }
        for &next in sources.of(next) {
            let hash = longer_hash(hash, next);
            self.confirm.push((prefix_hash(hash), LONGER));
            self.confirm(hash, rest, sources, left - 1);
        }
    }

    fn classes(mut self) -> Classes {
        self.others.sort_unstable();
        self.others.dedup();

        // Page 0 is the one of all characters that stay and mean nothing.
        let mut numbers: HashMap<&[u32], u16> = HashMap::from([(&[0; PAGE][..], 0)]);
        let mut pages: Vec<u32> = vec![0; PAGE];
        let mut page_of = vec![0u16; PAGES];
        for (place, page) in self.entries.chunks(PAGE).enumerate() {
            if page.iter().all(|&entry| entry == 0) {
                continue;
            }
            let next = numbers.len() as u16;
            page_of[place] = *numbers.entry(page).or_insert_with(|| {
                pages.extend_from_slice(page);
                next
            });
        }
        Classes {
            page_of: page_of.into_iter().flat_map(u16::to_le_bytes).collect(),
            pages: pages.into_iter().flat_map(u32::to_le_bytes).collect(),
            others: self.others.into_iter().flat_map(u32::to_le_bytes).collect(),
        }
    }
}

/// The characters of all keys, some more than once, and the operators.
fn known_characters(levels: &[LevelKeys]) -> impl Iterator<Item = char> + '_ {
    let of_level = |level| LevelKeys::known_characters(level).into_iter().flatten();
    OPERATORS.chain(levels.iter().flat_map(of_level).copied())
}

/// In how many keys the most common of these pairs stands.
fn pairs_seen((first, second): (&[u32], &[u32]), joined: &[Vec<u32>]) -> usize {
    let count = |pair: u32| -> usize {
        let of_level = |pairs: &Vec<u32>| {
            let from = pairs.partition_point(|&other| other < pair);
            pairs[from..]
                .iter()
                .take_while(|&&other| other == pair)
                .count()
        };
        joined.iter().map(of_level).sum()
    };
    let pairs = first.iter();
    let pairs = pairs.flat_map(|&first| second.iter().map(move |&second| pair_hash(first, second)));
    pairs.map(count).max().unwrap_or(0)
}

fn word(character: char) -> u32 {
    classes::word(character.encode_utf8(&mut [0; 4]).as_bytes())
}

/// Whether a character's word has three bytes, as nearly all of Chinese.
fn is_wide(word: u32) -> bool {
    word >> 24 == 0 && has_three_bytes(word)
}
