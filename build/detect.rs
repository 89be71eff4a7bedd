//! Derives the script detector's tables: a class for each Han character and the telling pairs.
//!
//! Everything comes from the OpenCC tables, which hold the same 49,000 phrases in both scripts. A
//! character is of one script when it occurs in the phrases of that script alone; one that both
//! use is judged by how often each does. Where single characters do not tell (后, 里, 干), pairs of
//! neighbours do: 以后 is found in Simplified phrases only, 皇后 in both. Rows of
//! `detect/curated.tsv` come last and win.
//!
//! The layout written here is read by `src/detect/classes.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::table::source::Source;

mod corpus;
mod lists;

use corpus::Corpus;
use lists::{Curated, NormalizerLists};

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

// Kinds, the low three bits of a class.
const OTHER: u8 = 0;
const SHARED: u8 = 1;
const HANS: u8 = 2;
const HANT: u8 = 3;
const HANS_LEANING: u8 = 4;
const HANT_LEANING: u8 = 5;
const JAPANESE: u8 = 6;
const KANA: u8 = 7;
const KIND: u8 = 7;

// Flags, the rest of a class.
const OPENS_PAIR: u8 = 1 << 3;
const CLOSES_PAIR: u8 = 1 << 4;
const IN_JAPANESE: u8 = 1 << 5;
const MARK_SHIFT: u8 = 6;

// What a pair tells, the low three bits of its entry.
const PAIR_WRONG: u32 = 0;
const PAIR_HANS: u32 = 1;
const PAIR_HANT: u32 = 2;
const PAIR_TAKES_FIRST: u32 = 3;
const PAIR_TAKES_SECOND: u32 = 4;
const PAIR_TAKES_BOTH: u32 = 5;
const PAIR_TAIWAN: u32 = 6;
const PAIR_HONG_KONG: u32 = 7;

// What else a character tells, the high two bits of a class.
const TAIWAN: u8 = 1;
const HONG_KONG: u8 = 2;
const UNSEEN: u8 = 3;

/// Writes `detect_classes.bin`, `detect_beyond.bin`, `detect_pairs.bin` and `detect_filter.bin` to
/// `out_dir`, from the OpenCC tables as read and the rows of `data_dir`.
pub fn generate(sources: &Sources, data_dir: &Path, out_dir: &Path) {
    let lists = NormalizerLists::read(&data_dir.join("normalize"));
    let corpus = Corpus::read(sources, &lists);
    let curated = Curated::read(&data_dir.join("detect"));
    let mut kinds = corpus.kinds();
    kinds.extend(&curated.characters);
    corpus.add_japanese(&mut kinds, sources);
    for (&c, target) in &lists.rare {
        // What stands for a Traditional character stands in Traditional text, most of the time.
        if kinds.get(target).is_some_and(|kind| kind & KIND == HANT) {
            kinds.entry(c).or_insert(HANT_LEANING);
        }
    }
    let mut pairs = corpus.pairs(&kinds, &curated);
    pairs.extend(curated.pairs.iter().map(|(&pair, &tells)| (pair, tells)));

    let mut marks: BTreeMap<u32, u8> = lists.rare.keys().map(|&c| (c, UNSEEN)).collect();
    marks.extend(&curated.marks);
    for (&c, mark) in &marks {
        let kind = kinds
            .entry(c)
            .or_insert(if is_han(c) { SHARED } else { OTHER });
        *kind |= mark << MARK_SHIFT;
    }

    let mut classes: Vec<u8> = (FIRST..END)
        .map(|c| match c {
            0x3041..=0x3096 | 0x30A1..=0x30FA | 0x31F0..=0x31FF => KANA,
            _ if is_han(c) => SHARED,
            _ => OTHER,
        })
        .collect();
    let mut beyond = Vec::new();
    for (&c, &class) in &kinds {
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
    write("detect_beyond.bin", words(beyond));
    write("detect_pairs.bin", words(pair_table(&pairs)));
    write("detect_filter.bin", pair_filter(&pairs));
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
        table[slot] = key << 3 | tells;
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
