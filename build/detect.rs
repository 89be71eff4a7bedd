//! Derives the script detector's tables: a class for each Han character and the telling pairs.
//!
//! Everything comes from the OpenCC tables, which hold the same 49,000 phrases in both scripts. A
//! character is of one script when it occurs in the phrases of that script alone; one that both
//! use is judged by how often each does. Where single characters do not tell (后, 里, 干), pairs of
//! neighbours do: 以后 is found in Simplified phrases only, 皇后 in both. Rows of
//! `detect/curated.tsv` come last and win. `detect/japanese.tsv` adds what Japanese has and Chinese
//! has not, and the reverse.
//!
//! The layout written here is read by `src/detect/classes.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::table::source::Source;

mod corpus;
#[path = "../src/detect/fact.rs"]
mod fact;
mod lists;

use corpus::Corpus;
use fact::{
    CANTONESE, HANGUL, IN_JAPANESE, KIND, MANDARIN, MARK, MARK_SHIFT, NEVER_JAPANESE, REPEATS,
    SELDOM_JAPANESE,
};
use lists::{Curated, Japanese, NormalizerLists};

/// The first character of the dense table, which ends before U+A000.
const FIRST: u32 = 0x3000;
/// One past the last character of the dense table.
const END: u32 = 0xA000;
/// The first character that can be part of a pair: the common ones, so that a pair takes 29 bits.
const PAIR_FIRST: u32 = 0x4E00;
/// The logarithm of the number of bits in the filter before the table of pairs.
const FILTER_BITS: u32 = 18;
/// How many characters can be part of a pair.
const PAIR_RANGE: u32 = END - PAIR_FIRST;

// Kinds, the low three bits of a character's facts.
const OTHER: u16 = 0;
const SHARED: u16 = 1;
const HANS: u16 = 2;
const HANT: u16 = 3;
const HANS_LEANING: u16 = 4;
const HANT_LEANING: u16 = 5;
const JAPANESE: u16 = 6;
const KANA: u16 = 7;

// The marks among the facts.
const TAIWAN: u16 = 1 << MARK_SHIFT;
const HONG_KONG: u16 = 2 << MARK_SHIFT;
const UNSEEN: u16 = 3 << MARK_SHIFT;

// A class: the number of its facts and whether pairs begin or end with it.
const NUMBER: u8 = 0x3F;
const OPENS_PAIR: u8 = 1 << 6;
const CLOSES_PAIR: u8 = 1 << 7;
/// Facts that the tally has to look at when it meets them have numbers from this one on.
const LOOK: usize = 48;

// What a pair tells: the remainder of its entry.
const PAIR_KINDS: u32 = 9;
const PAIR_WRONG: u32 = 0;
const PAIR_HANS: u32 = 1;
const PAIR_HANT: u32 = 2;
const PAIR_TAKES_FIRST: u32 = 3;
const PAIR_TAKES_SECOND: u32 = 4;
const PAIR_TAKES_BOTH: u32 = 5;
const PAIR_TAIWAN: u32 = 6;
const PAIR_HONG_KONG: u32 = 7;
const PAIR_JAPANESE: u32 = 8;

/// Writes `detect_classes.bin`, `detect_facts.bin`, `detect_beyond.bin`, `detect_pairs.bin` and `detect_filter.bin` to
/// `out_dir`, from the OpenCC tables as read and the rows of `data_dir`.
pub fn generate(sources: &Sources, data_dir: &Path, out_dir: &Path) {
    let lists = NormalizerLists::read(&data_dir.join("normalize"));
    let corpus = Corpus::read(sources, &lists);
    let curated = Curated::read(&data_dir.join("detect"));
    let mut kinds = corpus.kinds();
    kinds.extend(&curated.characters);
    let japanese = Japanese::read(&data_dir.join("detect"));
    corpus.add_japanese(&mut kinds, sources, &japanese.often);
    for (&c, target) in &lists.rare {
        // What stands for a Traditional character stands in Traditional text, most of the time.
        if kinds.get(target).is_some_and(|kind| kind & KIND == HANT) {
            kinds.entry(c).or_insert(HANT_LEANING);
        }
    }
    let mut pairs = corpus.pairs(&kinds, &curated);
    pairs.extend(curated.pairs.iter().map(|(&pair, &tells)| (pair, tells)));
    let counted = japanese.pairs.difference(&curated.not_japanese);
    for &pair in counted.chain(&curated.japanese) {
        // What a Chinese phrase has tells more.
        pairs.entry(pair).or_insert(PAIR_JAPANESE);
    }

    for &c in lists.rare.keys() {
        add_facts(&mut kinds, c, UNSEEN);
    }
    for (&c, &facts) in curated.facts.iter().chain(&japanese.facts) {
        add_facts(&mut kinds, c, facts);
    }

    let mut numbers = Numbers::new();
    let mut classes: Vec<u8> = (FIRST..END)
        .map(|c| {
            numbers.of(match c {
                0x3005 => REPEATS,
                0x3041..=0x3096 | 0x30A1..=0x30FA | 0x31F0..=0x31FF => KANA,
                0x3131..=0x318E => HANGUL,
                _ if is_han(c) => SHARED,
                _ => OTHER,
            })
        })
        .collect();
    let mut beyond = Vec::new();
    for (&c, &facts) in &kinds {
        let class = numbers.of(facts);
        if c >= END {
            beyond.push(c << 8 | u32::from(class));
        } else {
            classes[(c - FIRST) as usize] = class;
        }
    }
    for &(first, second) in pairs.keys() {
        classes[(first - FIRST) as usize] |= OPENS_PAIR;
        classes[(second - FIRST) as usize] |= CLOSES_PAIR;
    }
    let write = |name: &str, bytes: Vec<u8>| {
        let path = out_dir.join(name);
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    };
    let words = |words: Vec<u32>| words.iter().flat_map(|w| w.to_le_bytes()).collect();
    write("detect_classes.bin", classes);
    let facts = numbers.facts.iter().flat_map(|facts| facts.to_le_bytes());
    write("detect_facts.bin", facts.collect());
    write("detect_beyond.bin", words(beyond));
    write("detect_pairs.bin", words(pair_table(&pairs)));
    write("detect_filter.bin", pair_filter(&pairs));
}

/// Adds facts to a character's; a mark replaces a mark.
fn add_facts(kinds: &mut BTreeMap<u32, u16>, c: u32, facts: u16) {
    let all = kinds
        .entry(c)
        .or_insert(if is_han(c) { SHARED } else { OTHER });
    if facts & MARK != 0 {
        *all &= !MARK;
    }
    *all |= facts;
}

/// The facts that some character has, each with a number of six bits.
struct Numbers {
    facts: [u16; NUMBER as usize + 1],
    next: usize,
    next_to_look_at: usize,
}

impl Numbers {
    /// Those with a fixed number come first: the reader makes their classes by itself.
    fn new() -> Numbers {
        let mut numbers = Numbers {
            facts: [OTHER; NUMBER as usize + 1],
            next: 1,
            next_to_look_at: LOOK,
        };
        for facts in [SHARED, KANA, HANGUL, SHARED | UNSEEN] {
            numbers.of(facts);
        }
        numbers
    }

    fn of(&mut self, facts: u16) -> u8 {
        if facts == OTHER {
            return 0;
        }
        let looks = facts & KIND == KANA || facts & HANGUL != 0 || facts & MARK == UNSEEN;
        let (begin, next) = if looks {
            (LOOK, &mut self.next_to_look_at)
        } else {
            (1, &mut self.next)
        };
        let known = (begin..*next).find(|&number| self.facts[number] == facts);
        known.unwrap_or_else(|| {
            let end = if looks { self.facts.len() } else { LOOK };
            assert!(*next < end, "more different facts than numbers");
            self.facts[*next] = facts;
            *next += 1;
            *next - 1
        }) as u8
    }
}

type Pair = (u32, u32);
type Sources = BTreeMap<String, Source>;

/// The number that stands for a pair.
fn pair_key((first, second): Pair) -> u32 {
    (first - PAIR_FIRST) * PAIR_RANGE + (second - PAIR_FIRST)
}

/// The hash of a pair; its high bits are its place in the table and in the filter.
fn pair_hash(key: u32) -> u32 {
    key.wrapping_mul(0x9E37_79B1)
}

/// An open-addressing table of pairs: at most two thirds full, empty slots zero.
fn pair_table(pairs: &BTreeMap<Pair, u32>) -> Vec<u32> {
    let bits = (pairs.len() * 3 / 2).next_power_of_two().trailing_zeros();
    let mut table = vec![0; 1 << bits];
    for (&pair, &tells) in pairs {
        let key = pair_key(pair);
        let mut slot = (pair_hash(key) >> (32 - bits)) as usize;
        while table[slot] != 0 {
            slot = (slot + 1) % table.len();
        }
        table[slot] = key * PAIR_KINDS + tells;
    }
    table
}

/// A bit for each of 2^18 hashes, set where a pair has it: one position in fifteen passes.
fn pair_filter(pairs: &BTreeMap<Pair, u32>) -> Vec<u8> {
    let mut filter = vec![0; 1 << (FILTER_BITS - 3)];
    for &pair in pairs.keys() {
        let bit = pair_hash(pair_key(pair)) >> (32 - FILTER_BITS);
        filter[(bit >> 3) as usize] |= 1 << (bit & 7);
    }
    filter
}

/// Whether a character is an ideograph.
fn is_han(c: u32) -> bool {
    matches!(c, 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x20000..=0x3FFFF)
}

/// The first character of a text, or none, which is 0.
fn first(text: &str) -> u32 {
    text.chars().next().map_or(0, u32::from)
}
