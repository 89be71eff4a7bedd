//! The exceptions of a scan in the making, and what is known of its characters.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::frequency::Frequency;
use super::sources::{crowded, is_wide, pack, word_bytes, Sources};
use crate::engine::description::OPERATORS;
use crate::engine::trace::is_even;
use crate::engine::{End, Machine, Plan};
use crate::scan::classes::{packed_at, Classes, NORMALIZED, OPERATOR, SPECIAL};
use crate::scan::exceptions::{Exception, Taken, LONGEST_SOURCE};
use crate::scan::facts::FURTHEST_PAIR;
use crate::scan::filter::pair_hash;
use crate::scan::keys::{ByCharacter, LevelKeys};
use crate::text::utf8::are_even;

/// See [`Frequency::of_pair`].
const KEY: u64 = 10;

/// A key that may stand in a text in more forms is known by its start.
const MANY_FORMS: usize = 64;

/// If more exceptions than this have one exception pair, only their starts are known.
pub(super) const MOST_OF_PAIR: usize = 64;

/// A scan in the making.
#[derive(Default)]
pub(super) struct Draft {
    /// What is known of characters, packed; of a character more than once.
    entries: Vec<[u32; 2]>,
    /// The hashes of exception pairs, some more than once.
    exception_pairs: Vec<u32>,
    /// Exceptions.
    whole: Vec<Exception>,
    /// Starts of exceptions.
    starts: Vec<Exception>,
}

impl Draft {
    /// Notes what is known of all characters that some level knows, and returns what the others
    /// become at each level.
    pub(super) fn characters(
        &mut self,
        levels: &[LevelKeys],
        first_level: usize,
    ) -> Option<Vec<Sources>> {
        let mut known: ByCharacter<bool> = ByCharacter::default();
        // The characters that can be converted one by one, with what is known of each.
        let mut simple: Vec<[u32; 2]> = Vec::new();
        // The views of those at each level, level by level.
        let mut views: Vec<Vec<char>> = vec![Vec::new(); levels.len()];
        for character in known_characters(levels) {
            if std::mem::replace(known.entry(character), true) {
                continue;
            }
            let packed = pack(character);
            if OPERATORS.contains(&character) {
                self.mark_special(packed)?;
                self.add_flags(packed, OPERATOR);
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
                Some(last)
                    if last == character || (is_wide(packed) && is_wide(self::pack(last))) =>
                {
                    let mut flags = packed ^ self::pack(last);
                    if views[first_level].last() != Some(&character) {
                        flags |= NORMALIZED;
                    }
                    simple.push([packed, flags]);
                }
                _ => {
                    self.mark_special(packed)?;
                    for views in &mut views {
                        views.truncate(simple.len());
                    }
                }
            }
        }
        let is_crowded = crowded(levels, &views);
        for (&[packed, flags], &is_crowded) in simple.iter().zip(&is_crowded) {
            match is_crowded {
                true => self.mark_special(packed)?,
                false => self.add_flags(packed, flags),
            }
        }
        let sources = views.iter().map(|views| {
            let all = simple.iter().zip(views).zip(&is_crowded);
            let uncrowded = all.filter(|(_, &is_crowded)| !is_crowded);
            Sources::new(uncrowded.map(|((&[packed, _], &view), _)| (packed, view)))
        });
        Some(sources.collect())
    }

    /// Sets bits of a character's entry; of characters of other lengths only whether they are
    /// special is known.
    pub(super) fn add_flags(&mut self, packed: u32, flags: u32) {
        if flags != 0 && (is_wide(packed) || flags & SPECIAL != 0) {
            self.entries.push([packed, flags]);
        }
    }

    /// Every place of the character becomes an island. ASCII has no entries, so no such mark.
    pub(super) fn mark_special(&mut self, packed: u32) -> Option<()> {
        self.add_flags(packed, SPECIAL | NORMALIZED);
        (packed >= 0x80).then_some(())
    }

    /// Makes sure that a place is looked at where a key of a level with these sources matches.
    pub(super) fn add_exception(
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
                self.exception_pairs.push(pair_hash(first, second));
            }
        }
        self.add_forms(key, at, taken, sources);
        Some(())
    }

    /// Adds the forms in which an exception stands in texts. Of one with very many only the starts.
    fn add_forms(&mut self, key: &[char], at: usize, taken: Taken, sources: &Sources) {
        let mut forms = vec![Exception {
            before: 0,
            source: Vec::new(),
            converted: None,
            ends: None,
            taken,
        }];
        for (place, &character) in key.iter().enumerate() {
            let packed = sources.of(character);
            let is_long = forms[0].source.len() + 4 > LONGEST_SOURCE;
            if place > at + 1 && (is_long || forms.len() * packed.len() > MANY_FORMS) {
                forms
                    .iter_mut()
                    .for_each(|form| form.taken = Taken::Unknown);
                self.starts.append(&mut forms);
                return;
            }
            let longer = forms.iter().flat_map(|form| {
                packed.iter().map(move |packed| {
                    let mut form = form.clone();
                    if place == at + 1 {
                        form.before = form.source.len();
                    }
                    form.source.extend(word_bytes(*packed));
                    form
                })
            });
            forms = longer.collect();
        }
        self.whole.append(&mut forms);
    }

    /// The hashes of all exception pairs.
    pub(super) fn exception_pairs(&self) -> &[u32] {
        &self.exception_pairs
    }

    /// What is known of characters, packed; of a character more than once.
    pub(super) fn entries(&self) -> &[[u32; 2]] {
        &self.entries
    }

    /// Adds an exception of another scan, of which is known where its exception pair is.
    pub(super) fn add_again(&mut self, key: Exception) {
        match key.converted {
            Some(_) => self.whole.push(key),
            None => self.starts.push(key),
        }
    }

    /// All exceptions, with what becomes of them alone, if `alone` tells.
    pub(super) fn exceptions(&mut self, mut alone: Option<Alone<'_>>) -> Vec<Exception> {
        let mut keys = std::mem::take(&mut self.whole);
        // A key of several levels is one, of which the most that is known counts.
        let place = |key: &Exception| (key.source.clone(), key.before);
        keys.sort_by_cached_key(|key| (place(key), Reverse(key.taken)));
        keys.dedup_by_key(|key| place(key));
        self.move_crowds_to_starts(&mut keys);
        for key in &mut keys {
            (key.converted, key.ends) = (None, None);
            if let Some(alone) = &mut alone {
                alone.convert(key);
            }
        }
        keys.append(&mut self.starts);
        // One whose exception pair the loop does not see is found by its special character.
        let seen =
            |key: &Exception| packed_at(&key.source[key.before..]).is_some_and(|(_, len)| len == 3);
        keys.retain(seen);
        keys.sort_unstable_by(|a, b| (&a.source, a.before).cmp(&(&b.source, b.before)));
        keys.dedup();
        keys
    }

    /// Makes starts of keys of which very many have one exception pair: at a hit all keys of the pair are
    /// looked at.
    fn move_crowds_to_starts(&mut self, keys: &mut Vec<Exception>) {
        let counts = |keys: &mut dyn Iterator<Item = &Exception>| {
            let mut counts: HashMap<[u32; 2], usize> = HashMap::new();
            for key in keys {
                *counts.entry(key.exception_pair()).or_default() += 1;
            }
            counts.retain(|_, count| *count > MOST_OF_PAIR);
            counts
        };
        let crowds = counts(&mut keys.iter().chain(&self.starts));
        if crowds.is_empty() {
            return;
        }
        let is_crowded = |key: &mut Exception| crowds.contains_key(&key.exception_pair());
        let of_starts = self.starts.extract_if(.., is_crowded);
        let mut crowded: Vec<Exception> =
            keys.extract_if(.., is_crowded).chain(of_starts).collect();
        for key in &mut crowded {
            let (_, len) = packed_at(&key.source[key.before..]).expect("whole characters");
            key.source.truncate(key.before + len);
            key.converted = None;
            key.ends = None;
            key.taken = Taken::Unknown;
        }
        self.starts.append(&mut crowded);
        self.starts.sort_unstable_by(|a, b| a.source.cmp(&b.source));
        self.starts.dedup();
        // Still as many, by what stands before the pair: then each place of the pair is an island.
        for pair in counts(&mut self.starts.iter()).into_keys() {
            self.add_flags(pair[1], SPECIAL | NORMALIZED);
        }
    }

    pub(super) fn classes(mut self) -> Classes {
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
pub(super) fn known_characters(levels: &[LevelKeys]) -> impl Iterator<Item = char> + '_ {
    let of_level = |level| LevelKeys::known_characters(level).into_iter().flatten();
    OPERATORS.chain(levels.iter().flat_map(of_level).copied())
}

/// How common the most common of these pairs is.
fn pairs_seen(
    (first, second): (&[u32], &[u32]),
    joined: &[Vec<u32>],
    frequency: &dyn Frequency,
) -> u64 {
    // Many keys may have the pair, so they are not all counted one by one.
    const FEW: usize = 8;
    let in_keys = |pair: u32| -> usize {
        let of_level = |pairs: &Vec<u32>| {
            let from = pairs.partition_point(|&other| other < pair);
            let rest = &pairs[from..];
            // Most are in one or two.
            match rest.get(FEW) == Some(&pair) {
                true => rest.partition_point(|&other| other == pair),
                false => rest.iter().take_while(|&&other| other == pair).count(),
            }
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

/// What becomes of exceptions that stand alone.
pub(super) struct Alone<'p> {
    plan: &'p Plan,
    sources: &'p [Sources],
    /// The levels before which phrases become what their characters would not be, with the
    /// characters that stand first, and last, in a pair of a key there.
    doubtful: Vec<(usize, [HashSet<char>; 2])>,
    machine: Machine,
}

impl Alone<'_> {
    /// Of a plan without doubtful levels.
    pub(super) fn certain(plan: &Plan) -> Alone<'_> {
        Alone {
            plan,
            sources: &[],
            doubtful: Vec::new(),
            machine: Machine::default(),
        }
    }

    /// `doubtful` are the numbers of levels.
    pub(super) fn new<'p>(
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

    /// Finds what the plan makes of an exception between two safe boundaries, unless a key of a
    /// doubtful level might reach over these.
    fn convert(&mut self, key: &mut Exception) {
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
        let converted = self.run(self.plan.levels.len(), &key.source);
        // Whether its characters are one to one must be told by what it becomes.
        let levels = &self.plan.levels;
        if !are_even(&key.source, &converted) || is_even(levels, &key.source) {
            key.converted = Some(converted);
        }
    }

    /// What the first so many levels make of a text.
    fn run(&mut self, levels: usize, text: &[u8]) -> Vec<u8> {
        let mut output = Vec::new();
        let levels = &self.plan.levels[..levels];
        self.machine.push(levels, text, End::Here, &mut output);
        output
    }
}
