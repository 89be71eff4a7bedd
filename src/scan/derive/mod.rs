//! From a plan to its scan: which keys are exceptions, where they may start, which characters stand
//! side by side in keys.
//!
//! Keys of a later level are keys in what the earlier levels made of a text. Outside islands
//! that is, character by character, the character's *view* at the level; so each pair of a key
//! stands for all pairs of source characters with those views.
//!
//! Of characters only the words count here, so that is what this works with.
//!
//! *Keys that follow.* 不了解 does to 了解 what 了解 does, and to 不 what is done to it alone: it follows from
//! a shorter exception of its level, inside it, and need not be looked for. Where it matches the shorter
//! one does too, so a hit is there; and since a boundary of the shorter one lies inside the longer, which
//! joins it, that one does not stand alone, and the first level is asked what it takes.

mod draft;
pub(crate) mod frequency;
mod sources;
pub(crate) mod words;

use std::borrow::Cow;
use std::collections::HashMap;

use super::classes::is_elsewhere;
use super::exception_pairs::ExceptionPairs;
use super::exceptions::{Exceptions, Taken};
use super::facts::{Scan, Segmented};
use super::filter::{first_hash, Filter};
use super::keys::LevelKeys;
use super::passthrough::Passthrough;
use crate::engine::description::MAX_CHARACTERS;
use crate::engine::trace::is_even;
use crate::engine::{End, Level, Machine, Plan, Role};
use draft::{known_characters, Alone, Draft};
use frequency::Frequency;
use sources::pack;

/// Of a longer key it is not asked whether it follows from a shorter one: there are as many parts to
/// look at as the square of its length. Then it is an exception, which is always right.
const LONGEST_FOLLOWING: usize = 24;

/// A longer segment is not run through the later levels to find out whether it is an exception; it is.
const LONGEST_RUN: usize = 64;

/// The scan of a plan, if its tables allow one: it cannot skip over ASCII where ASCII is
/// converted, nor follow description sequences that a conversion makes.
///
/// `frequency` tells what is common in texts from what is not; [`Unknown`](frequency::Unknown) is good enough.
pub(crate) fn derive(plan: &Plan, frequency: &dyn Frequency) -> Option<Scan> {
    let levels: Vec<LevelKeys> = plan.levels.iter().map(LevelKeys::new).collect();
    let last = levels.len().checked_sub(1)?;
    if levels[..last].iter().any(|level| level.makes_operators) {
        return None;
    }

    // A plan of nothing but normalization still needs a level to run.
    let first_level = levels[..last].iter().take_while(only_normalizes).count();
    let mut draft = Draft::default();
    let sources = draft.characters(&levels, first_level)?;
    let joined = levels.iter().zip(&sources);
    let mut joined: Vec<Vec<u32>> = joined
        .map(|(level, sources)| sources.joined(level))
        .collect();

    // What a phrase becomes is not what its characters would be, and so may meet the characters
    // beside it in a key of a later level; unless it is a segment of its own.
    let changes =
        |level: &&LevelKeys| matches!(level.role, Role::Convert(_)) && !level.phrases.is_empty();
    let crosses = |level: &LevelKeys| !(level.phrases.is_empty() && level.words.is_empty());
    let lookaround = |number: usize| 1 + levels[..number].iter().filter(changes).count();
    let crossing = (0..levels.len()).filter(|&number| crosses(&levels[number]));
    let all_lookaround = crossing.clone().map(lookaround).max().unwrap_or(1);
    // Without phrases that texts may have it would not be its pairs that come first in `joined`.
    let makes_segments = makes_segments(&plan.levels[first_level..])
        && all_lookaround == 1
        && !joined[first_level].is_empty();

    let mut segments = Segments::default();
    for (number, level) in levels.iter().enumerate() {
        let sources = &sources[number];
        let mut exceptions = Vec::new();
        let mut longer = level.phrases.iter().skip(1);
        let words: Vec<&[char]> = level.words.iter().collect();
        for (key, value) in level.phrases.iter().zip(level.values.iter()) {
            // Keys ascend, so one that starts with this one would be the next.
            let word = words.get(words.partition_point(|&word| word <= key));
            let next = [longer.next(), word.copied()];
            let taken = match next.iter().flatten().any(|next| next.starts_with(key)) {
                _ if !makes_segments || number != first_level => Taken::Unknown,
                true => Taken::IfLongest,
                false => Taken::Always,
            };
            let is_exception = match level.role {
                Role::Convert(_) => !level.converts_apart(key, value),
                Role::Segment(_) | Role::SegmentAndConvert => {
                    segments.is_exception(key, value, &levels[number..], &plan.levels[number + 1..])
                }
            };
            if is_exception {
                exceptions.push((key, value, taken));
            }
        }
        let values: HashMap<_, _> = exceptions
            .iter()
            .map(|&(key, value, _)| (key, value))
            .collect();
        for &(key, value, taken) in &exceptions {
            if !level.follows(key, value, &values) {
                draft.add_exception(key, taken, sources, &joined, frequency)?;
            }
        }
        for key in level.words.iter() {
            draft.add_exception(key, Taken::Unknown, sources, &joined, frequency)?;
        }
    }

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
    let doubtful = crossing.filter(|&number| lookaround(number) > 1);
    let alone = Alone::new(plan, &levels, &sources, doubtful.collect());
    let pairs = ExceptionPairs::new(draft.exception_pairs());
    let keys = draft.exceptions(Some(alone));
    let classes = draft.classes();
    let mut elsewhere: Vec<u32> = known_characters(&levels)
        .filter_map(elsewhere_hash)
        .collect();
    elsewhere.sort_unstable();
    elsewhere.dedup();
    let segments = match makes_segments {
        true => Segmented::Converted,
        false if are_apart(&plan.levels[first_level..], &levels[first_level..]) => Segmented::Apart,
        false => Segmented::Unknown,
    };
    let acting = match segments {
        Segmented::Unknown | Segmented::Converted => Vec::new(),
        Segmented::Apart => vec![sources[last].changing(&levels[last - 1], &levels[last])],
    };
    let shrinking = levels[..last].iter().map(|level| level.shrinking);
    Some(Scan {
        joined: Cow::Owned(joined.collect()),
        lookaround: all_lookaround,
        ids_reach: shrinking.fold(MAX_CHARACTERS, usize::saturating_mul),
        first_level,
        ascii_in_keys: levels.iter().fold(0, |set, level| set | ascii(level)),
        elsewhere: Filter::new(&elsewhere, 16),
        segments,
        keep: None,
        acting: acting.into(),
        pairs,
        passthrough: Passthrough::new(&classes, &keys, |character| frequency.of(character)),
        exceptions: Exceptions::new(&keys)?,
        classes,
    })
}

/// What a character elsewhere is known by in [`Scan::elsewhere`].
fn elsewhere_hash(character: char) -> Option<u32> {
    Some(pack(character))
        .filter(|&word| is_elsewhere(word))
        .map(first_hash)
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
    ascii_of(phrases) | ascii_of(words)
}

/// The ASCII characters among some, a bit each.
fn ascii_of(characters: &[char]) -> u128 {
    let ascii = characters.iter().filter(|character| character.is_ascii());
    ascii.fold(0, |set, &character| set | 1 << u32::from(character))
}

impl LevelKeys {
    /// Whether a phrase does only what its characters do one by one.
    fn converts_apart(&self, key: &[char], value: &[char]) -> bool {
        let mut pairs = key.iter().zip(value);
        key.len() == value.len() && pairs.all(|(&from, &to)| self.view(from) == Some(to))
    }

    /// Whether a phrase does only what a shorter one of `exceptions`, in it, does, and to its other
    /// characters what is done to each alone. Where it stands that one is found; and since a
    /// boundary of that one is not safe there, it is asked what the first level does.
    fn follows(
        &self,
        key: &[char],
        value: &[char],
        exceptions: &HashMap<&[char], &[char]>,
    ) -> bool {
        let follows = |start: usize, length: usize| {
            let end = start + length;
            let Some(&converted) = exceptions.get(&key[start..end]) else {
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
            && key.len() <= LONGEST_FOLLOWING
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
    fn is_exception(
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
        if value.len() > LONGEST_RUN {
            return true;
        }
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
        // What is the same as a whole may yet have parts that are not as long as they were.
        !output.chars().eq(self.apart.iter().copied()) || !is_even(levels, input)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::draft::MOST_OF_PAIR;
    use super::frequency::Unknown;
    use super::*;
    use crate::convert::runner::Runner;
    use crate::engine::plan;
    use crate::scan::output::IntoCow;
    use crate::table::Table;

    fn characters(count: usize) -> impl Iterator<Item = char> {
        ('\u{4E00}'..).take(count)
    }

    fn table(pairs: impl IntoIterator<Item = (String, String)>) -> Table {
        Table::from_pairs("test", pairs).expect("distinct keys")
    }

    fn scan_of(tables: Vec<Table>) -> (Plan, Scan) {
        let mut plan = plan::of_tables(Vec::new(), None, tables);
        plan.find_firsts();
        let scan = derive(&plan, &Unknown).expect("these tables allow a scan");
        (plan, scan)
    }

    fn most_of_one_pair(scan: &Scan) -> usize {
        let mut counts: HashMap<[u32; 2], usize> = HashMap::new();
        for key in scan.exceptions.iter() {
            *counts.entry(key.exception_pair()).or_default() += 1;
        }
        counts.into_values().max().unwrap_or(0)
    }

    /// Converts a text with the scan and by the machine alone.
    fn convert(plan: &Plan, scan: Scan, text: &str) -> [String; 2] {
        let mut expected = Vec::new();
        Machine::default().push(&plan.levels, text.as_bytes(), End::Here, &mut expected);
        let expected = String::from_utf8(expected).expect("text stays text");
        let converted = Runner::embedded(plan.clone(), scan).convert(text, IntoCow);
        [converted.into_owned(), expected]
    }

    #[test]
    fn at_a_hit_few_keys_are_looked_at_however_many_share_their_pair() {
        // With what stands before the shared pair, and what behind it.
        let cases: [(&[&str], usize); 2] = [
            (&["汉字汉字"], 4000),
            (&["汉字", "字汉字", "文字汉字"], 1000),
        ];
        for (starts, count) in cases {
            let words = starts.iter().flat_map(|start| {
                let word = move |last| format!("{start}{last}");
                characters(count).map(move |last| (word(last), "短".to_owned()))
            });
            let (plan, scan) = scan_of(vec![table(words)]);
            let most = most_of_one_pair(&scan);
            assert!(most <= MOST_OF_PAIR, "{starts:?}: {most}");
            let text = "汉字汉字一文字汉字丁汉字汉字汉字七汉汉字字丐";
            let [converted, expected] = convert(&plan, scan, text);
            assert_eq!(converted, expected);
        }
    }

    #[test]
    fn pairs_with_a_crowd_before_them_are_known_by_their_character() {
        // Of each of these pairs of characters as many keys have the shared pair.
        let starts: Vec<char> = characters(100).collect();
        let words = starts.iter().flat_map(|start| {
            let word = move |last| format!("{start}汉字{last}");
            characters(120).map(move |last| (word(last), "短".to_owned()))
        });
        let (plan, scan) = scan_of(vec![table(words)]);
        assert!(most_of_one_pair(&scan) <= 100);
        let text: String = starts
            .iter()
            .map(|start| format!("{start}汉字丁字"))
            .collect();
        let [converted, expected] = convert(&plan, scan, &text);
        assert_eq!(converted, expected);
    }

    #[test]
    fn crowds_that_become_one_character_do_not_multiply() {
        // Side by side in a key they would be 64 million pairs.
        let crowds = characters(16_000).enumerate();
        let first = crowds.map(|(number, from)| {
            let to = if number < 8_000 { '甲' } else { '乙' };
            (from.to_string(), to.to_string())
        });
        let first = first.filter(|(from, to)| from != to);
        let later = [("甲乙".to_owned(), "丙".to_owned())];
        let (plan, scan) = scan_of(vec![table(first), table(later)]);
        let text: String = characters(16_000).step_by(799).collect();
        let [converted, expected] = convert(&plan, scan, &text);
        assert_eq!(converted, expected);
    }

    #[test]
    fn a_key_may_be_as_long_as_it_likes() {
        // The parts of such a key are as many as the square of its length.
        for pattern in ["a", "天", "天地玄黄宇宙洪荒"] {
            let key = pattern.repeat(50_000);
            let stages = vec![
                table([(key.clone(), format!("{key}字"))]),
                table([(format!("{key}字"), "文".to_owned())]),
            ];
            let segments = Some(stages[0].clone());
            let runner = Runner::new(plan::of_tables(Vec::new(), segments, stages));
            assert_eq!(runner.convert(&key, IntoCow), "文");
            // A text of starts of the key is read as often as it is long, so this one is short.
            let start = &key[..240];
            assert_eq!(runner.convert(start, IntoCow), start);
        }
    }
}
