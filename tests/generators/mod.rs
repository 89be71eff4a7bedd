//! Texts and pipelines made to find mistakes: keys glued to keys, their parts, what stands between
//! them with a character's gap, description sequences, and bytes that are no text.

// Each test binary that includes this module uses its own part of it.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, Index};
use zhnorm::{Config, Converter, RareCharacters, Table};

use crate::reference::{self, Group, Reference};

/// The words of one config, and what can be made of them.
pub struct Vocabulary {
    /// Every key of every table that the config uses.
    keys: Vec<String>,
    /// The same by their first character.
    keys_by_first: HashMap<char, Vec<usize>>,
    /// The values of those keys.
    values: Vec<String>,
    /// Texts of which the first stage makes, character by character, a key of the second.
    preimages: Vec<String>,
    /// Single characters that occur in keys.
    characters: Vec<String>,
}

impl Vocabulary {
    /// The vocabulary of a config.
    pub fn of(config: Config) -> &'static Vocabulary {
        static ALL: [OnceLock<Vocabulary>; Config::ALL.len()] =
            [const { OnceLock::new() }; Config::ALL.len()];
        ALL[config as usize].get_or_init(|| Vocabulary::new(config))
    }

    fn new(config: Config) -> Vocabulary {
        let reference = Reference::new(config.name(), true);
        let mut keys = BTreeSet::new();
        let mut values = BTreeSet::new();
        let mut characters = BTreeSet::new();
        for table in reference.tables() {
            for (key, candidates) in table.entries() {
                characters.extend(key.chars());
                keys.insert(key.to_owned());
                values.insert(candidates[0].clone());
            }
        }
        let mut preimages = Vec::new();
        if let [first, second] = &reference.stages[..] {
            // For each character that the first stage makes of a single one: a single one.
            let mut sources: HashMap<char, char> = HashMap::new();
            for table in first.tables() {
                for (key, candidates) in table.entries() {
                    let mut key = key.chars();
                    let mut value = candidates[0].chars();
                    if let (Some(source), None, Some(target), None) =
                        (key.next(), key.next(), value.next(), value.next())
                    {
                        sources.insert(target, source);
                    }
                }
            }
            let source = |target: char| sources.get(&target).copied().unwrap_or(target);
            for table in second.tables() {
                let texts = table.entries().into_keys();
                preimages.extend(texts.map(|key| key.chars().map(source).collect::<String>()));
            }
        }
        let keys: Vec<String> = keys.into_iter().collect();
        let mut keys_by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (index, key) in keys.iter().enumerate() {
            let first = key.chars().next().expect("no key is empty");
            keys_by_first.entry(first).or_default().push(index);
        }
        Vocabulary {
            keys,
            keys_by_first,
            values: values.into_iter().collect(),
            preimages,
            characters: characters.into_iter().map(String::from).collect(),
        }
    }

    /// Whether a key of the config starts with this character.
    pub fn starts_a_key(&self, character: char) -> bool {
        self.keys_by_first.contains_key(&character)
    }

    fn key(&'static self) -> impl Strategy<Value = String> {
        select(&self.keys[..])
    }

    /// A key and another that starts inside it: `ABC` and `CD` give `ABCD`.
    fn overlap(&'static self) -> impl Strategy<Value = String> {
        (self.key(), any::<Index>(), any::<Index>()).prop_map(|(key, place, other)| {
            let starts: Vec<(usize, char)> = key.char_indices().skip(1).collect();
            if starts.is_empty() {
                return key;
            }
            let (start, first) = *place.get(&starts);
            let fits = |other: &&String| {
                let tail = &key[start..];
                other.starts_with(tail) || tail.starts_with(other.as_str())
            };
            let others = self.keys_by_first.get(&first).into_iter().flatten();
            let others: Vec<&String> = others.map(|&at| &self.keys[at]).filter(fits).collect();
            match others.is_empty() {
                true => key,
                false => format!("{}{}", &key[..start], other.get(&others)),
            }
        })
    }

    /// A piece of text, valid UTF-8.
    fn word(&'static self) -> BoxedStrategy<String> {
        let preimages = match self.preimages.is_empty() {
            true => &self.keys[..],
            false => &self.preimages[..],
        };
        let part = |from_start: bool| {
            (self.key(), any::<Index>()).prop_map(move |(key, cut)| {
                let boundaries: Vec<usize> = key.char_indices().map(|(at, _)| at).collect();
                let cut = *cut.get(&boundaries);
                match from_start {
                    true => key[..cut].to_owned(),
                    false => key[cut..].to_owned(),
                }
            })
        };
        prop_oneof![
            30 => self.key(),
            8 => select(&self.values[..]),
            12 => select(preimages),
            10 => part(true),
            5 => part(false),
            12 => self.overlap(),
            8 => select(&self.characters[..]),
            12 => select(SPECIAL).prop_map(str::to_owned),
            4 => self.description(),
            3 => any::<char>().prop_map(String::from),
        ]
        .boxed()
    }

    /// What may be a description sequence: too deep, too long, cut short, or none of it.
    fn description(&'static self) -> BoxedStrategy<String> {
        let operand = prop_oneof![
            6 => select(&self.characters[..]),
            2 => select(SPECIAL).prop_map(str::to_owned),
            2 => select(OPERATORS).prop_map(|(operator, _)| operator.to_owned()),
        ];
        let heap = (vec(select(OPERATORS), 0..18), vec(operand, 0..24)).prop_map(
            |(operators, operands)| {
                let operators: String = operators.iter().map(|(operator, _)| *operator).collect();
                operators + &operands.concat()
            },
        );
        // A complete one: operands replaced by operators with operands of their own. 21 with three
        // operands make 64 characters, as many as there may be; some then lose their end.
        let full = (
            vec((any::<Index>(), Just(("⿲", 3))), 21),
            vec((any::<Index>(), Just(("⿾", 1))), 0..3),
        );
        let grown = prop_oneof![
            vec((any::<Index>(), select(OPERATORS)), 1..40),
            full.prop_map(|(threes, ones)| [threes, ones].concat()),
        ];
        let tree =
            (grown, select(&self.characters[..]), 0..3_usize).prop_map(|(grown, operand, lost)| {
                let mut tree = std::vec![operand.as_str()];
                for (place, (operator, arity)) in grown {
                    let operands = (0..tree.len()).filter(|&at| tree[at] == operand);
                    let operands: Vec<usize> = operands.collect();
                    let at = *place.get(&operands);
                    tree.splice(at..=at, [operator]);
                    tree.splice(at + 1..at + 1, std::iter::repeat_n(operand.as_str(), arity));
                }
                tree.truncate(tree.len() - lost.min(tree.len()));
                tree.concat()
            });
        prop_oneof![heap, tree].boxed()
    }

    /// Texts of up to so many pieces, valid UTF-8.
    pub fn text(&'static self, pieces: usize) -> impl Strategy<Value = String> {
        vec(self.word(), 0..=pieces).prop_map(|words| words.concat())
    }

    /// Texts of up to so many pieces, some of which are no text.
    pub fn bytes(&'static self, pieces: usize) -> impl Strategy<Value = Vec<u8>> {
        let cut_key = (self.key(), any::<Index>()).prop_map(|(mut key, end)| {
            let end = end.index(key.len());
            let mut key = std::mem::take(&mut key).into_bytes();
            key.truncate(end);
            key
        });
        let piece = prop_oneof![
            20 => self.word().prop_map(String::into_bytes),
            1 => select(JUNK).prop_map(<[u8]>::to_vec),
            1 => cut_key,
            1 => vec(any::<u8>(), 1..4),
        ];
        vec(piece, 0..=pieces).prop_map(|pieces| pieces.concat())
    }
}

/// Some operators of description sequences and how many operands each takes.
const OPERATORS: &[(&str, usize)] = &[
    ("⿰", 2),
    ("⿱", 2),
    ("⿽", 2),
    ("⿲", 3),
    ("⿳", 3),
    ("⿾", 1),
    ("⿿", 1),
];

/// What often stands between words, and what has rules of its own: operators and the stroke mark that is
/// none, selectors, a combining mark, compatibility forms, astral characters, controls.
const SPECIAL: &[&str] = &[
    "⿰",
    "⿱",
    "⿲",
    "⿳",
    "⿾",
    "㇯",
    "\u{FE00}",
    "\u{FE0F}",
    "\u{E0100}",
    "\u{301}",
    "豈",
    "\u{F900}",
    "\u{2F800}",
    "\u{FA0E}",
    "𠮷",
    "😀",
    "é",
    "ж",
    "ộ",
    "한",
    "a",
    "Z",
    "7",
    " ",
    "\u{3000}",
    "，",
    "。",
    "·",
    "“",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "一",
    "了",
    "\u{FEFF}",
];

/// Bytes that are no text: stray, truncated, overlong, surrogates, lengths no longer in use.
const JUNK: &[&[u8]] = &[
    b"\x80",
    b"\xFF",
    b"\xFE",
    b"\xE4",
    b"\xE4\x41\x42",
    b"\xC0\x80",
    b"\xED\xA0\x80",
    b"\xF0\x9F",
    b"\xF8\x88\x80\x80\x80",
    b"\xFC\x84\x80\x80\x80\x80",
    b"\xE2\xBF",
    b"\xE2\xBF\xB0\xFF",
];

/// A built-in config with or without rare characters.
pub fn builtin() -> impl Strategy<Value = (Config, RareCharacters)> {
    let rare = select(&[RareCharacters::Include, RareCharacters::Exclude][..]);
    (select(Config::ALL), rare)
}

/// The converter of a built-in config.
pub fn converter(config: Config, rare: RareCharacters) -> Converter {
    Converter::builder(config).rare_characters(rare).build()
}

/// The reference for it, made once.
pub fn reference(config: Config, rare: RareCharacters) -> &'static Reference {
    static ALL: [OnceLock<Reference>; 2 * Config::ALL.len()] =
        [const { OnceLock::new() }; 2 * Config::ALL.len()];
    let include = rare == RareCharacters::Include;
    ALL[2 * config as usize + usize::from(include)]
        .get_or_init(|| Reference::new(config.name(), include))
}

/// Sizes of pieces to cut a text into, used in turn.
pub fn sizes() -> impl Strategy<Value = Vec<usize>> {
    let size = prop_oneof![3 => 0..4_usize, 3 => 1..40_usize, 1 => 1..4_000_usize];
    let sizes = vec(size, 1..8).prop_filter("some size must advance", |sizes| {
        sizes.iter().any(|&size| size > 0)
    });
    prop_oneof![2 => Just(std::vec![1]), 5 => sizes]
}

/// The pieces of a text cut into these sizes, used in turn.
pub fn pieces<'t>(text: &'t [u8], sizes: &[usize]) -> Vec<&'t [u8]> {
    let mut sizes = sizes.iter().cycle();
    let mut rest = text;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let size = *sizes.next().expect("a cycle does not end");
        let (piece, after) = rest.split_at(size.min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// A group of small tables.
#[derive(Clone, Debug)]
pub enum Shape {
    Leaf(BTreeMap<String, String>),
    ShortCircuit(Vec<Shape>),
    Union(Vec<Shape>),
}

impl Shape {
    /// The library's table of it.
    pub fn table(&self) -> Table {
        let tables = |members: &[Shape]| members.iter().map(Shape::table).collect::<Vec<_>>();
        match self {
            Shape::Leaf(pairs) => {
                let pairs = pairs
                    .iter()
                    .map(|(key, value)| (key.as_str(), value.as_str()));
                Table::from_pairs("leaf", pairs)
            }
            Shape::ShortCircuit(members) => Table::short_circuit(&tables(members)),
            Shape::Union(members) => Table::union(&tables(members)),
        }
        .expect("few tables, and no key empty or twice")
    }

    /// The reference's group of it.
    pub fn group(&self) -> Group {
        let groups = |members: &[Shape]| members.iter().map(Shape::group).collect();
        match self {
            Shape::Leaf(pairs) => {
                let entries = pairs.iter();
                let entries = entries.map(|(key, value)| (key.clone(), vec_of(value)));
                Group::Table(reference::Table::new(entries.collect()))
            }
            Shape::ShortCircuit(members) => Group::ShortCircuit(groups(members)),
            Shape::Union(members) => Group::Union(groups(members)),
        }
    }
}

fn vec_of(value: &str) -> Vec<String> {
    std::vec![value.to_owned()]
}

/// Characters that keys and texts are made of, few enough that keys meet: in texts, in one another,
/// and in the values of earlier stages.
#[derive(Clone, Copy, Debug)]
pub struct Alphabet {
    /// What keys and values are made of, the first three more often.
    letters: &'static [&'static str],
    /// What stands between keys.
    gaps: &'static [&'static str],
}

/// With and without ASCII, which the library may treat in a way of its own; the last with more
/// characters, so that keys are rarer and texts have places that no key can cross.
const ALPHABETS: &[Alphabet] = &[
    Alphabet {
        letters: &[
            "a", "b", "c", "汉", "字", "𠀀", "⿰", "⿲", "\u{FE00}", "\0",
        ],
        gaps: &["d", "，"],
    },
    Alphabet {
        letters: &[
            "汉", "字", "国", "学", "门", "é", "𠀀", "\u{F900}", "\u{FE00}",
        ],
        gaps: &[
            "a", "，", "⿰", "⿲", "⿾", "口", "\0", "豈", "ж", "ộ", "😀",
        ],
    },
    Alphabet {
        letters: &["汉", "字", "国", "学", "门", "发", "头", "理", "面", "后"],
        gaps: &["口", "，", "a", "好", "⿰", "é", "𠀀"],
    },
];

/// One of them.
pub fn alphabet() -> impl Strategy<Value = Alphabet> {
    select(ALPHABETS)
}

impl Alphabet {
    fn letters(self, length: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
        let letter = prop_oneof![6 => select(&self.letters[..3]), 4 => select(self.letters)];
        vec(letter, length).prop_map(|letters| letters.concat())
    }

    /// A table of a few short keys.
    pub fn leaf(self) -> impl Strategy<Value = BTreeMap<String, String>> {
        let key = prop_oneof![1 => self.letters(1..=1), 2 => self.letters(1..=4)];
        // Single characters for single characters, as in the tables there are, or anything.
        let value = prop_oneof![2 => self.letters(1..=1), 1 => self.letters(0..=3)];
        btree_map(key, value, 0..8)
    }

    /// A group of such tables, groups within groups included.
    pub fn shape(self) -> impl Strategy<Value = Shape> {
        let leaf = self.leaf().prop_map(Shape::Leaf);
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Shape::ShortCircuit),
                vec(inner, 0..4).prop_map(Shape::Union),
            ]
        })
    }

    /// Phrases, and a group of them and of characters: a segmentation and a stage such as OpenCC's
    /// configs have.
    fn phrases_and_stage(self) -> impl Strategy<Value = (Shape, Shape)> {
        let is_single = |key: &String| key.chars().count() == 1;
        let of = move |keys: &BTreeMap<String, String>, single: bool| {
            let mut keys = keys.clone();
            keys.retain(|key, _| is_single(key) == single);
            Shape::Leaf(keys)
        };
        (self.leaf(), self.leaf()).prop_map(move |(phrases, characters)| {
            let phrases = of(&phrases, false);
            let stage = Shape::ShortCircuit(vec![phrases.clone(), of(&characters, true)]);
            (phrases, stage)
        })
    }

    /// A pipeline of up to seven levels, and up to three tables of words over three quarters of them.
    pub fn chain(self) -> impl Strategy<Value = Chain> {
        let segmentation = prop_oneof![
            2 => Just((None, None)),
            1 => self.shape().prop_map(|shape| (Some(shape), None)),
            1 => self.phrases_and_stage().prop_map(|(shape, stage)| (Some(shape), Some(stage))),
        ];
        let levels = (
            vec(self.shape(), 0..3),
            segmentation,
            vec(self.shape(), 0..4),
            vec(self.leaf(), 0..4),
            prop_oneof![2 => Just(Vec::new()), 1 => vec(self.letters(1..=3), 0..3)],
        );
        levels.prop_map(|(normalization, segmentation, mut stages, words, keep)| {
            let (segmentation, first) = segmentation;
            stages.splice(0..0, first);
            Chain {
                normalization,
                segmentation,
                stages,
                words,
                keep,
            }
        })
    }

    /// A text.
    pub fn text(self) -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            24 => self.letters(1..=6).prop_map(String::into_bytes),
            12 => select(self.gaps).prop_map(|gap| gap.as_bytes().to_vec()),
            1 => select(JUNK).prop_map(<[u8]>::to_vec),
            1 => Just("⿰".repeat(17).into_bytes()),
        ];
        vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }
}

/// A pipeline of one's own.
#[derive(Clone, Debug)]
pub struct Chain {
    normalization: Vec<Shape>,
    segmentation: Option<Shape>,
    stages: Vec<Shape>,
    words: Vec<BTreeMap<String, String>>,
    keep: Vec<String>,
}

/// Words that stay, as the reference has them.
pub fn keep_groups(words: &[String]) -> Vec<Group> {
    let words = words.iter().filter(|word| !word.is_empty());
    let pairs: BTreeMap<String, String> = words.map(|word| (word.clone(), word.clone())).collect();
    match pairs.is_empty() {
        true => Vec::new(),
        false => std::vec![Shape::Leaf(pairs).group()],
    }
}

impl Chain {
    /// The library's converter of it.
    pub fn converter(&self) -> Converter {
        let mut pipeline = Converter::pipeline();
        for shape in &self.normalization {
            pipeline = pipeline.normalization(shape.table());
        }
        if let Some(shape) = &self.segmentation {
            pipeline = pipeline.segmentation(shape.table());
        }
        for shape in &self.stages {
            pipeline = pipeline.stage(shape.table());
        }
        for words in &self.words {
            pipeline = pipeline.words(Shape::Leaf(words.clone()).table());
        }
        pipeline.keep(self.keep.clone()).build()
    }

    /// The reference's converter of it.
    pub fn reference(&self) -> Reference {
        let groups = |shapes: &[Shape]| shapes.iter().map(Shape::group).collect();
        let words = self.words.iter();
        Reference {
            normalization: groups(&self.normalization),
            segmentation: self.segmentation.as_ref().map(Shape::group),
            stages: groups(&self.stages),
            words: words
                .map(|words| Shape::Leaf(words.clone()).group())
                .collect(),
            keep: keep_groups(&self.keep),
        }
    }
}

/// A pipeline of one's own and a text for it.
pub fn chain_and_text() -> impl Strategy<Value = (Chain, Vec<u8>)> {
    alphabet().prop_flat_map(|alphabet| (alphabet.chain(), alphabet.text()))
}
