//! The scan of a plan with words laid over it, from that of the plan without.
//!
//! To derive a scan takes as long as its tables are large; words over a built-in config are few, and
//! change little of what is known. Their characters stand side by side in keys now, their pairs are
//! exceptions, and an exception that shares a pair with a word may become something else. So the sets of the
//! plan's scan are copied and added to, and the keys that the words touch are looked at anew. A set
//! with too many pairs only costs a closer look now and then.
//!
//! Why no other exception is touched: between two safe boundaries a word can only match if its pairs
//! are among the pairs there, or if it is a single character there. A word that reaches over a
//! boundary makes it unsafe, for its own pairs are joined.

use std::borrow::Cow;

use super::draft::{Alone, Draft};
use super::frequency::Frequency;
use super::sources::{pack, Sources};
use super::{ascii_of, elsewhere_hash};
use crate::engine::{End, Level, Machine, Plan, Role};
use crate::scan::classes::{packed_at, SPECIAL};
use crate::scan::exceptions::{Exception, Taken};
use crate::scan::facts::{Scan, Segmented};
use crate::scan::filter::{first_hash, pair_hash, Filter};
use crate::scan::keys::{only, ByCharacter};
use crate::table::{Lookup, Origins, Table};

/// With more words than this the sets of the plan's scan would become too full.
const MOST_WORDS: usize = 1 << 14;

/// Bits for each pair of the words.
const SPARE: usize = 16;

/// Words to be added to a scan.
pub(crate) struct Words<'p> {
    /// Those over the first level after normalization.
    over: Option<&'p Table>,
    /// Those over normalization, which win over everything.
    keep: Option<&'p Table>,
}

/// The words of a plan, if the scan of the plan without them can be added to: if they are not too
/// many, and lie over normalization and the first level after it and nowhere else.
pub(crate) fn addable<'p>(base: &Scan, plan: &'p Plan) -> Option<Words<'p>> {
    let (normalization, levels) = plan.levels.split_at(base.first_level);
    let (first, later) = levels.split_first()?;
    let [normalization] = normalization else {
        return None;
    };
    let words = Words {
        over: first.overlay.as_ref(),
        keep: normalization.overlay.as_ref(),
    };
    let tables = [words.over, words.keep];
    let count: usize = tables.into_iter().flatten().map(Table::len).sum();
    let fits = count <= MOST_WORDS
        && matches!(normalization.role, Role::Convert(_))
        && later.iter().all(|level| level.overlay.is_none())
        // Of two levels with phrases the pairs of the words belong to the first one's; of one it is
        // not known which it is.
        && (later.is_empty() || base.joined.len() > 1);
    fits.then_some(words)
}

/// The scan of a plan with words that are [`addable`], from the scan of the plan without them.
/// `None` if the words allow no scan.
pub(crate) fn add(base: &Scan, plan: &Plan, words: Words<'_>) -> Option<Scan> {
    let keys = |table: Option<&Table>| -> Vec<Vec<char>> {
        let keys = table.into_iter().flat_map(Table::iter);
        keys.map(|(key, _)| key.chars().collect()).collect()
    };
    let (over, keep) = (keys(words.over), keys(words.keep));
    let mut draft = Draft::default();
    let (mut pairs, mut singles) = (Vec::new(), Vec::new());
    let mut ascii_in_keys = base.ascii_in_keys;
    let over_sources = sources(base, Some(&plan.levels[0]), &over);
    let keep_sources = sources(base, None, &keep);
    // Also of special characters, which a walk may end before.
    let pairs_of = |key: &Vec<char>| -> Vec<u32> {
        let pairs = key.windows(2);
        pairs
            .map(|pair| pair_hash(pack(pair[0]), pack(pair[1])))
            .collect()
    };
    let keep_pairs: Vec<u32> = keep.iter().flat_map(pairs_of).collect();
    for (keys, sources) in [(&over, &over_sources), (&keep, &keep_sources)] {
        for key in keys {
            if let [character] = key[..] {
                for &source in sources.of(character) {
                    draft.mark_special(source)?;
                    singles.push(first_hash(source));
                }
                continue;
            }
            draft.add_exception(key, Taken::Unknown, sources, &[], &Known(base))?;
            sources.add_pairs(key, &mut pairs);
            ascii_in_keys |= ascii_of(key);
        }
    }
    let exception_pairs = draft.exception_pairs().to_vec();
    let touched = Touched {
        pairs: Filter::new(&pairs, SPARE),
        singles: Filter::new(&singles, SPARE),
    };
    let mut machine = Machine::default();
    for mut key in base.exceptions.of_pairs_with(|key| touched.is_in(key)) {
        let starts_word = |words| starts_word(plan, base, words, &key, &mut machine);
        if key.taken == Taken::Always && words.over.is_some_and(starts_word) {
            key.taken = Taken::IfLongest;
        }
        draft.add_again(key);
    }
    // Where a level may find more than the first one's phrases at the ends of a key, what becomes of
    // it is not known here.
    let alone = (base.lookaround == 1).then(|| Alone::certain(plan));
    let exceptions = draft.exceptions(alone);
    let entries = draft.entries();
    let classes = base.classes.with(entries);
    let mut joined = base.joined.to_vec();
    match joined.first_mut() {
        Some(any) => any.add(&pairs),
        None => joined.push(Filter::new(&pairs, SPARE)),
    }
    let mut elsewhere = base.elsewhere.clone();
    let characters = over.iter().chain(&keep).flatten().copied();
    elsewhere.add(&characters.filter_map(elsewhere_hash).collect::<Vec<u32>>());
    let (segments, acting) = match base.segments {
        Segmented::Apart => (Segmented::Unknown, Cow::Borrowed(&[][..])),
        segments => (segments, base.acting.clone()),
    };
    Some(Scan {
        pairs: base.pairs.with(&exception_pairs),
        passthrough: base.passthrough.with(&classes, entries, &exceptions),
        exceptions: base.exceptions.with(&exceptions)?,
        classes,
        joined: joined.into(),
        lookaround: base.lookaround,
        ids_reach: base.ids_reach,
        first_level: base.first_level,
        ascii_in_keys,
        elsewhere,
        segments,
        keep: words.keep.map(|_| Filter::new(&keep_pairs, SPARE)),
        acting,
    })
}

/// Which source characters the characters of `keys` come from, but for those that are special. Without
/// normalization each comes from itself.
fn sources(base: &Scan, normalization: Option<&Level>, keys: &[Vec<char>]) -> Sources {
    let mut is_wanted: ByCharacter<bool> = ByCharacter::default();
    let mut views = Vec::new();
    for &character in keys.iter().flatten() {
        if !std::mem::replace(is_wanted.entry(character), true) {
            views.push((pack(character), character));
        }
    }
    let mut normalized: ByCharacter<bool> = ByCharacter::default();
    for (key, entry) in normalization.into_iter().flat_map(Level::keys) {
        let (Some(from), to) = (only(&key), only(entry.value())) else {
            continue;
        };
        *normalized.entry(from) = to != Some(from);
        if let Some(to) = to.filter(|&to| to != from && is_wanted.get(to)) {
            views.push((pack(from), to));
        }
    }
    let stays = |&(source, view): &(u32, char)| source != pack(view) || !normalized.get(view);
    let is_simple = |&(source, _): &(u32, char)| {
        let unit = base.classes.unit(&source.to_le_bytes());
        unit.is_some_and(|unit| unit.entry & SPECIAL == 0)
    };
    views.retain(|view| stays(view) && is_simple(view));
    Sources::new(views.into_iter())
}

/// Pairs that stand in keys of the plan count as more frequent than others, and exceptions most.
struct Known<'s>(&'s Scan);

impl Frequency for Known<'_> {
    fn of(&self, _: u32) -> u64 {
        0
    }

    fn of_pair(&self, first: u32, second: u32) -> u64 {
        let Known(scan) = self;
        let is_exception = scan.pairs.contains(pair_hash(first, second));
        u64::from(scan.is_joined(first, second)) + u64::from(is_exception)
    }
}

/// What words touch.
struct Touched {
    /// The pairs of words.
    pairs: Filter,
    /// The characters that are words, by their hashes.
    singles: Filter,
}

impl Touched {
    /// Whether some word may match in a key.
    fn is_in(&self, key: &[u8]) -> bool {
        let mut at = 0;
        let mut left = None;
        while let Some((right, len)) = packed_at(&key[at..]) {
            let is_joined = |left| self.pairs.contains(pair_hash(left, right));
            if self.singles.contains(first_hash(right)) || left.is_some_and(is_joined) {
                return true;
            }
            left = Some(right);
            at += len;
        }
        false
    }
}

/// Whether a longer word may start with an exception.
fn starts_word(
    plan: &Plan,
    base: &Scan,
    words: &Table,
    key: &Exception,
    machine: &mut Machine,
) -> bool {
    let mut normalized = Vec::new();
    let levels = &plan.levels[..base.first_level];
    machine.push(levels, &key.source, End::Here, &mut normalized);
    matches!(words.lookup(&normalized, Origins::ALL), Lookup::Open(_))
}
