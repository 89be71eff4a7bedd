//! From a plan to its scan: which keys are live, where they may start, which characters stand
//! side by side in keys.
//!
//! Keys of a later level are keys in what the earlier levels made of a text. Outside islands
//! that is, character by character, the character's *view* at the level; so each pair of a key
//! stands for all pairs of source characters with those views.
//!
//! Of characters only the words count here, so that is what this works with.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::classes::{self, has_three_bytes, word_at, Classes, NORMALIZED, OPERATOR, SPECIAL};
use super::filter::{pair_hash, Filter};
use super::keys::{ByCharacter, LevelKeys};
use super::live_keys::{LiveKey, LiveKeys, Taken, LONGEST_SOURCE};
use super::{later, LivePairs, Notable, Scan, Segmented, FURTHEST_PAIR};
use crate::engine::description::{MAX_CHARACTERS, OPERATORS};
use crate::engine::{End, Level, Machine, Plan, Role};
use crate::table::trie::Trie;

/// About how often characters, by their words, stand in texts.
pub(crate) trait Frequency {
    /// One character.
    fn of(&self, character: u32) -> u64;
    /// One after the other. Any measure serves in which a pair of one key weighs [`KEY`].
    fn of_pair(&self, first: u32, second: u32) -> u64;
}

/// Nothing is known of texts.
pub(crate) struct Unknown;

impl Frequency for Unknown {
    fn of(&self, _: u32) -> u64 {
        0
    }

    fn of_pair(&self, _: u32, _: u32) -> u64 {
        0
    }
}

/// See [`Frequency::of_pair`].
const KEY: u64 = 10;

/// A key that may stand in a text in more forms is known by its start.
const MANY_FORMS: usize = 64;

/// The scan of a plan, if its tables allow one: it cannot skip over ASCII where ASCII is
/// converted, nor follow description sequences that a conversion makes.
///
/// `frequency` tells what is common in texts from what is not; [`Unknown`] is good enough.
pub(crate) fn derive(plan: &Plan, frequency: &dyn Frequency) -> Option<Scan> {
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

    // What a phrase becomes is not what its characters would be, and so may meet the characters
    // beside it in a key of a later level; unless it is a segment of its own.
    let changes =
        |level: &&LevelKeys| matches!(level.role, Role::Convert(_)) && !level.phrases.is_empty();
    let crosses = |level: &LevelKeys| !(level.phrases.is_empty() && level.words.is_empty());
    let spread = |number: usize| 1 + levels[..number].iter().filter(changes).count();
    let crossing = (0..levels.len()).filter(|&number| crosses(&levels[number]));
    let all_spread = crossing.clone().map(spread).max().unwrap_or(1);
    // Without phrases that texts may have it would not be its pairs that come first in `joined`.
    let makes_segments = makes_segments(&plan.levels[first_stage..])
        && all_spread == 1
        && !joined[first_stage].is_empty();

    let mut segments = Segments::default();
    for (number, level) in levels.iter().enumerate() {
        let sources = &sources[number];
        let mut live = Vec::new();
        let mut longer = level.phrases.iter().skip(1);
        let words: Vec<&[char]> = level.words.iter().collect();
        for (key, value) in level.phrases.iter().zip(level.values.iter()) {
            // Keys ascend, so one that starts with this one would be the next.
            let word = words.get(words.partition_point(|&word| word <= key));
            let next = [longer.next(), word.copied()];
            let taken = match next.iter().flatten().any(|next| next.starts_with(key)) {
                _ if !makes_segments || number != first_stage => Taken::Unknown,
                true => Taken::IfLongest,
                false => Taken::Always,
            };
            let is_live = match level.role {
                Role::Convert(_) => !level.converts_apart(key, value),
                Role::Segment(_) | Role::SegmentAndConvert => {
                    segments.is_live(key, value, &levels[number..], &plan.levels[number + 1..])
                }
            };
            if is_live {
                live.push((key, value, taken));
            }
        }
        let values: HashMap<_, _> = live.iter().map(|&(key, value, _)| (key, value)).collect();
        for &(key, value, taken) in &live {
            if !level.follows(key, value, &values) {
                draft.add_live(key, taken, sources, &joined, frequency)?;
            }
        }
        for key in level.words.iter() {
            draft.add_live(key, Taken::Unknown, sources, &joined, frequency)?;
        }
    }

    draft.live.sort_unstable();
    draft.live.dedup();

    joined.retain(|pairs| !pairs.is_empty());
    if joined.len() > 1 {
        // Whether any level joins two characters is asked far more often than which one.
        joined[0] = joined.concat();
        joined[0].sort_unstable();
    }
    let joined = joined.into_iter().map(|mut pairs| {
        pairs.dedup();
        // With ten bits for each, some common pairs seemed joined.
        Filter::new(&pairs, 14)
    });
    let doubtful = crossing.filter(|&number| spread(number) > 1);
    let alone = Alone::new(plan, &levels, &sources, doubtful.collect());
    let live = LivePairs::new(&draft.live);
    let keys = draft.live_keys(alone);
    let classes = draft.classes();
    let segments = match makes_segments {
        true => Segmented::Converted,
        false if are_apart(&plan.levels[first_stage..], &levels[first_stage..]) => Segmented::Apart,
        false => Segmented::Unknown,
    };
    let acting = match segments {
        Segmented::Unknown => Vec::new(),
        Segmented::Converted => levels[first_stage + 1..]
            .iter()
            .map(later::acting)
            .collect(),
        Segmented::Apart => vec![sources[last].changing(&levels[last - 1], &levels[last])],
    };
    let shrinking = levels[..last].iter().map(|level| level.shrinking);
    Some(Scan {
        joined: Cow::Owned(joined.collect()),
        spread: all_spread,
        reach: shrinking.fold(MAX_CHARACTERS, usize::saturating_mul),
        first_stage,
        ascii_in_keys: levels.iter().fold(0, |set, level| set | ascii(level)),
        segments,
        acting: acting.into(),
        live,
        notable: Notable::new(&classes, &keys, |character| frequency.of(character)),
        keys: LiveKeys::new(&keys)?,
        classes,
    })
}

/// Whether the first of these levels converts, and ends a segment with each of its phrases unless
/// no level comes after it.
fn makes_segments(levels: &[Level]) -> bool {
    let [first, later @ ..] = levels else {
        return false;
    };
    let first_does = match first.role {
        Role::SegmentAndConvert => true,
        Role::Convert(_) => later.is_empty(),
        Role::Segment(_) => false,
    };
    let converts = |level: &Level| matches!(level.role, Role::Convert(_));
    let plain = later.iter().all(|level| level.overlay.is_none());
    first_does && plain && later.iter().all(converts)
}

/// Whether the first of these levels makes segments of the phrases of the last of three, and of
/// nothing else.
fn are_apart(levels: &[Level], keys: &[LevelKeys]) -> bool {
    let roles = |[first, later @ ..]: &[Level; 3]| {
        matches!(first.role, Role::Segment(_))
            && later
                .iter()
                .all(|level| matches!(level.role, Role::Convert(_)))
    };
    levels.try_into().is_ok_and(roles)
        && levels.iter().all(|level| level.overlay.is_none())
        && !keys[0].segments_characters
        && keys[0].phrases.iter().eq(keys[2].phrases.iter())
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

    /// Whether a phrase does only what a shorter one of `live`, in it, does, and to its other
    /// characters what is done to each alone. Where it stands that one is found; and since a
    /// boundary of that one is not safe there, it is asked what the first level does.
    fn follows(&self, key: &[char], value: &[char], live: &HashMap<&[char], &[char]>) -> bool {
        let follows = |start: usize, length: usize| {
            let end = start + length;
            let Some(&converted) = live.get(&key[start..end]) else {
                return false;
            };
            let (before, rest) = value.split_at(start.min(value.len()));
            rest.strip_prefix(converted).is_some_and(|after| {
                self.converts_apart(&key[..start], before)
                    && self.converts_apart(&key[end..], after)
            })
        };
        let lengths = 2..key.len();
        self.role.converts()
            && lengths
                .flat_map(|length| (0..=key.len() - length).map(move |start| (start, length)))
                .any(|(start, length)| follows(start, length))
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

impl Sources {
    /// Pairs of which one stands wherever the middle of three levels does what matters, if the first
    /// makes segments of the phrases of the last, whose sources these are: at the start of each
    /// phrase of the middle level; in each of the last that the middle one changes; and wherever it
    /// makes one of the last level's phrases of something else, at a character that it changes.
    fn changing(&self, middle: &LevelKeys, last: &LevelKeys) -> Filter {
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
            add(&[word(key[0])], &[word(key[1])]);
        }
        for key in last.phrases.iter() {
            for (place, &character) in key.iter().enumerate() {
                let own = word(character);
                let others = self.of(character).iter().copied();
                let mut others: Vec<u32> = others.filter(|&other| other != own).collect();
                if middle.view(character) != Some(character) {
                    others.push(own);
                }
                let beside = |place: usize| {
                    let mut beside = self.of(key[place]).to_vec();
                    beside.push(word(key[place]));
                    beside
                };
                match place + 1 < key.len() {
                    true => add(&others, &beside(place + 1)),
                    false => add(&beside(place - 1), &others),
                }
            }
        }
        Filter::new(&pairs, later::SPARE)
    }
}

/// A scan in the making.
#[derive(Default)]
struct Draft {
    /// What is known of characters, by their words; of a character more than once.
    entries: Vec<[u32; 2]>,
    live: Vec<u32>,
    /// Live keys.
    whole: Vec<LiveKey>,
    /// Starts of live keys.
    starts: Vec<LiveKey>,
}

impl Draft {
    /// Notes what is known of all characters that some level knows, and returns what the others
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
        if flags != 0 && (is_wide(word) || flags & SPECIAL != 0) {
            self.entries.push([word, flags]);
        }
    }

    /// Every place of the character becomes an island. ASCII has no entries, so no such mark.
    fn mark_special(&mut self, word: u32) -> Option<()> {
        self.add_flags(word, SPECIAL | NORMALIZED);
        (word >= 0x80).then_some(())
    }

    /// Makes sure that a place is looked at where a key of a level with these sources matches.
    fn add_live(
        &mut self,
        key: &[char],
        taken: Taken,
        sources: &Sources,
        joined: &[Vec<u32>],
        frequency: &dyn Frequency,
    ) -> Option<()> {
        if key
            .iter()
            .any(|&character| sources.of(character).is_empty())
        {
            // Some character of it never comes out of the levels before, or only of special
            // characters.
            return Some(());
        }
        // The loop sees pairs whose second character has three bytes. Of those near the key's
        // start the rarest costs least: few texts have it that do not have the key.
        let pair = |at: usize| (sources.of(key[at]), sources.of(key[at + 1]));
        let seen = |&at: &usize| pair(at).1.iter().all(|&second| is_wide(second));
        let near = 0..(key.len() - 1).min(FURTHEST_PAIR + 1);
        let rarity = |&at: &usize| pairs_seen(pair(at), joined, frequency);
        let at = near.filter(seen).min_by_key(rarity).unwrap_or(0);
        let (firsts, seconds) = pair(at);
        for &first in firsts {
            for &second in seconds {
                if !is_wide(second) {
                    self.mark_special(if second < 0x80 { first } else { second })?;
                    continue;
                }
                self.live.push(pair_hash(first, second));
            }
        }
        self.add_forms(key, at, taken, sources);
        Some(())
    }

    /// Adds the forms in which a live key stands in texts. Of one with very many only the starts.
    fn add_forms(&mut self, key: &[char], at: usize, taken: Taken, sources: &Sources) {
        let mut forms = vec![LiveKey {
            before: 0,
            source: Vec::new(),
            converted: None,
            ends: None,
            taken,
        }];
        for (place, &character) in key.iter().enumerate() {
            let words = sources.of(character);
            let is_long = forms[0].source.len() + 4 > LONGEST_SOURCE;
            if place > at + 1 && (is_long || forms.len() * words.len() > MANY_FORMS) {
                forms
                    .iter_mut()
                    .for_each(|form| form.taken = Taken::Unknown);
                self.starts.append(&mut forms);
                return;
            }
            let longer = forms.iter().flat_map(|form| {
                words.iter().map(move |word| {
                    let mut form = form.clone();
                    if place == at + 1 {
                        form.before = form.source.len();
                    }
                    form.source.extend(word_bytes(*word));
                    form
                })
            });
            forms = longer.collect();
        }
        self.whole.append(&mut forms);
    }

    /// All live keys, with what becomes of them alone.
    fn live_keys(&mut self, mut alone: Alone<'_>) -> Vec<LiveKey> {
        let mut keys = std::mem::take(&mut self.whole);
        // A key of several levels is one, of which the most that is known counts.
        let place = |key: &LiveKey| (key.source.clone(), key.before);
        keys.sort_by_cached_key(|key| (place(key), Reverse(key.taken)));
        keys.dedup_by_key(|key| place(key));
        for key in &mut keys {
            alone.convert(key);
        }
        keys.append(&mut self.starts);
        // One whose live pair the loop does not see is found by its special character.
        let seen =
            |key: &LiveKey| word_at(&key.source[key.before..]).is_some_and(|(_, len)| len == 3);
        keys.retain(seen);
        keys.sort_unstable_by(|a, b| (&a.source, a.before).cmp(&(&b.source, b.before)));
        keys.dedup();
        keys
    }

    fn classes(mut self) -> Classes {
        self.entries.sort_unstable();
        self.entries.dedup_by(|next, kept| {
            let is_same = next[0] == kept[0];
            if is_same {
                kept[1] |= next[1];
            }
            is_same
        });
        Classes::new(self.entries)
    }
}

/// The characters of all keys, some more than once, and the operators.
fn known_characters(levels: &[LevelKeys]) -> impl Iterator<Item = char> + '_ {
    let of_level = |level| LevelKeys::known_characters(level).into_iter().flatten();
    OPERATORS.chain(levels.iter().flat_map(of_level).copied())
}

/// How common the most common of these pairs is.
fn pairs_seen(
    (first, second): (&[u32], &[u32]),
    joined: &[Vec<u32>],
    frequency: &dyn Frequency,
) -> u64 {
    let in_keys = |pair: u32| -> usize {
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
    let pairs = pairs.flat_map(|&first| second.iter().map(move |&second| (first, second)));
    let seen = |(first, second)| {
        let keys = in_keys(pair_hash(first, second)) as u64;
        frequency.of_pair(first, second) + KEY * keys
    };
    pairs.map(seen).max().unwrap_or(0)
}

/// What becomes of live keys that stand alone.
struct Alone<'p> {
    plan: &'p Plan,
    sources: &'p [Sources],
    /// The levels before which phrases become what their characters would not be, with the
    /// characters that stand first, and last, in a pair of a key there.
    doubtful: Vec<(usize, [HashSet<char>; 2])>,
    machine: Machine,
}

impl Alone<'_> {
    /// `doubtful` are the numbers of levels.
    fn new<'p>(
        plan: &'p Plan,
        levels: &[LevelKeys],
        sources: &'p [Sources],
        doubtful: Vec<usize>,
    ) -> Alone<'p> {
        let joined = |number: usize| {
            let pairs = || levels[number].longer_keys().flat_map(|key| key.windows(2));
            let firsts = pairs().map(|pair| pair[0]).collect();
            let lasts = pairs().map(|pair| pair[1]).collect();
            (number, [firsts, lasts])
        };
        Alone {
            plan,
            sources,
            doubtful: doubtful.into_iter().map(joined).collect(),
            machine: Machine::default(),
        }
    }

    /// Finds what the plan makes of a live key between two safe boundaries, unless a key of a
    /// doubtful level might reach over these.
    fn convert(&mut self, key: &mut LiveKey) {
        for number in 0..self.doubtful.len() {
            let level = self.doubtful[number].0;
            let input = self.run(level, &key.source);
            let input = std::str::from_utf8(&input).expect("text and values are UTF-8");
            let (Some(first), Some(last)) = (input.chars().next(), input.chars().next_back())
            else {
                return;
            };
            let [firsts, lasts] = &self.doubtful[number].1;
            if !lasts.contains(&first) && !firsts.contains(&last) {
                continue;
            }
            let source = |view| self.sources[level].of(view).first().copied();
            match (source(first), source(last)) {
                // Two such levels are more than a record can say.
                (Some(first), Some(last)) if self.doubtful.len() == 1 => {
                    key.ends = Some([first, last]);
                }
                _ => return,
            }
        }
        key.converted = Some(self.run(self.plan.levels.len(), &key.source));
    }

    /// What the first so many levels make of a text.
    fn run(&mut self, levels: usize, text: &[u8]) -> Vec<u8> {
        let mut output = Vec::new();
        let levels = &self.plan.levels[..levels];
        self.machine.push(levels, text, End::Here, &mut output);
        output
    }
}

/// The bytes of a character by its word.
fn word_bytes(word: u32) -> impl Iterator<Item = u8> {
    let len = 4 - word.leading_zeros() as usize / 8;
    word.to_le_bytes().into_iter().take(len.max(1))
}

pub(super) fn word(character: char) -> u32 {
    classes::word(character.encode_utf8(&mut [0; 4]).as_bytes())
}

/// The hash of a pair by which a trie finds its keys, if both can stand in a stretch.
fn pair_in_trie(first: u32, second: u32) -> Option<u32> {
    let code = |word| match word {
        ..0x80 => Some(word),
        _ => is_wide(word).then(|| classes::code(word, 3)),
    };
    Some(Trie::pair_hash(code(first)?, code(second)?))
}

/// Whether a character's word has three bytes, as nearly all of Chinese.
fn is_wide(word: u32) -> bool {
    word >> 24 == 0 && has_three_bytes(word)
}
