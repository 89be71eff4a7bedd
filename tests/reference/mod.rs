//! A converter written straight from OpenCC's rules, too simple to be wrong and too slow to use.
//!
//! It reads and derives the tables itself and shares no code with the library. It differs from OpenCC
//! where the library does on purpose: a stray byte is copied, and a NUL ends nothing.

// Each test binary that includes this module uses its own part of it.
#![allow(dead_code)]

pub mod aligned;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// The names of the tables kept in `data/opencc`.
pub const SOURCE_TABLES: [&str; 17] = [
    "CJK_Compatibility_Ideographs",
    "HKPhrases",
    "HKPhrasesRev",
    "HKVariants",
    "HKVariantsPhrases",
    "HKVariantsRevPhrases",
    "JPShinjitaiCharacters",
    "JPShinjitaiPhrases",
    "STCharacters",
    "STPhrases",
    "TSCharacters",
    "TSPhrases",
    "TWPhrases",
    "TWPhrasesRev",
    "TWVariants",
    "TWVariantsPhrases",
    "TWVariantsRevPhrases",
];

/// The names of the tables computed from those.
pub const DERIVED_TABLES: [&str; 5] = [
    "HKVariantsRev",
    "JPShinjitaiCharactersRev",
    "STPhrases_GeneratedFromRegionalPhrases",
    "TSCharactersExt",
    "TWVariantsRev",
];

/// A table: each key's candidates, the first of which is what conversion uses.
#[derive(Default)]
pub struct Table {
    entries: HashMap<Vec<u8>, Vec<String>>,
    /// The byte lengths of the keys, of which the longest is tried first.
    key_lengths: BTreeSet<usize>,
}

impl Table {
    /// A table of these entries.
    pub fn new(entries: BTreeMap<String, Vec<String>>) -> Arc<Table> {
        Arc::new(Table {
            key_lengths: entries.keys().map(String::len).collect(),
            entries: entries
                .into_iter()
                .map(|(key, values)| (key.into_bytes(), values))
                .collect(),
        })
    }

    /// Every entry, in key order.
    pub fn entries(&self) -> BTreeMap<&str, &[String]> {
        let entry = |(key, values)| (std::str::from_utf8(key).unwrap(), values);
        self.entries
            .iter()
            .map(|(key, values)| entry((key.as_slice(), values.as_slice())))
            .collect()
    }
}

/// What a stage looks its keys up in.
#[derive(Clone)]
pub enum Group {
    /// One table.
    Table(Arc<Table>),
    /// The first member with any match wins, even if a later one has a longer match.
    ShortCircuit(Vec<Group>),
    /// The longest match wins; of equal ones the earlier member's.
    Union(Vec<Group>),
}

impl Group {
    /// The longest key at the start of `text`: its length, and its first candidate.
    pub fn longest_prefix(&self, text: &[u8]) -> Option<(usize, &[u8])> {
        match self {
            Group::Table(table) => {
                let lengths = table.key_lengths.iter().rev();
                lengths
                    .filter(|&&length| length <= text.len())
                    .find_map(|&length| {
                        let values = table.entries.get(&text[..length])?;
                        Some((length, values[0].as_bytes()))
                    })
            }
            Group::ShortCircuit(members) => members.iter().find_map(|m| m.longest_prefix(text)),
            Group::Union(members) => {
                let matches = members.iter().filter_map(|m| m.longest_prefix(text));
                // `max_by_key` takes the last of equal ones, so the order is turned around.
                matches.rev().max_by_key(|&(length, _)| length)
            }
        }
    }

    /// Every table in it.
    pub fn tables(&self) -> Vec<&Table> {
        match self {
            Group::Table(table) => vec![table],
            Group::ShortCircuit(members) | Group::Union(members) => {
                members.iter().flat_map(Group::tables).collect()
            }
        }
    }
}

/// One config's converter.
#[derive(Clone)]
pub struct Reference {
    /// What the whole text passes before it is segmented.
    pub normalization: Vec<Group>,
    /// Where it is cut.
    pub segmentation: Option<Group>,
    /// What each segment passes.
    pub stages: Vec<Group>,
    /// Words that win over equally long or shorter keys of the segmentation, or of the first stage
    /// if there is none, and whose values no stage touches. Of several groups the longest word
    /// counts, of equal ones that of the last group.
    pub words: Vec<Group>,
    /// Words that stay. The text between two of them is a text of its own.
    pub keep: Vec<Group>,
}

impl Reference {
    /// The converter of a config, with or without the rare-character table.
    pub fn new(config: &str, rare_characters: bool) -> Reference {
        Reference::with_tables(config, rare_characters, tables())
    }

    fn with_tables(config: &str, rare_characters: bool, tables: &Tables) -> Reference {
        let table = |name: &str| Group::Table(tables[name].clone());
        let first_of =
            |names: &[&str]| Group::ShortCircuit(names.iter().map(|n| table(n)).collect());
        let simplified_phrases = || {
            let generated = table("STPhrases_GeneratedFromRegionalPhrases");
            Group::Union(vec![table("STPhrases"), generated])
        };
        let s2t = || Group::ShortCircuit(vec![simplified_phrases(), table("STCharacters")]);
        let t2s = || match rare_characters {
            true => first_of(&["TSPhrases", "TSCharactersExt", "TSCharacters"]),
            false => first_of(&["TSPhrases", "TSCharacters"]),
        };
        let tw = || first_of(&["TWVariantsPhrases", "TWVariants"]);
        let hk = || first_of(&["HKVariantsPhrases", "HKVariants"]);
        let tw_rev = || first_of(&["TWVariantsRevPhrases", "TWVariantsRev"]);
        let hk_rev = || first_of(&["HKVariantsRevPhrases", "HKVariantsRev"]);
        let (segmentation, stages) = match config {
            "s2t" => (None, vec![s2t()]),
            "s2tw" => (Some(simplified_phrases()), vec![s2t(), tw()]),
            "s2twp" => {
                let twp = first_of(&["TWPhrases", "TWVariantsPhrases", "TWVariants"]);
                (Some(simplified_phrases()), vec![s2t(), twp])
            }
            "s2hk" => (Some(simplified_phrases()), vec![s2t(), hk()]),
            "s2hkp" => {
                let hkp = first_of(&["HKPhrases", "HKVariantsPhrases", "HKVariants"]);
                (Some(simplified_phrases()), vec![s2t(), hkp])
            }
            "t2s" => (None, vec![t2s()]),
            "tw2s" => (Some(table("TSPhrases")), vec![tw_rev(), t2s()]),
            "tw2sp" => {
                let twp = first_of(&["TWPhrasesRev", "TWVariantsRevPhrases", "TWVariantsRev"]);
                (Some(table("TSPhrases")), vec![twp, t2s()])
            }
            "hk2s" => (Some(table("TSPhrases")), vec![hk_rev(), t2s()]),
            "hk2sp" => {
                let hkp = first_of(&["HKPhrasesRev", "HKVariantsRevPhrases", "HKVariantsRev"]);
                (Some(table("TSPhrases")), vec![hkp, t2s()])
            }
            "t2tw" => (None, vec![tw()]),
            "tw2t" => (None, vec![tw_rev()]),
            "t2hk" => (None, vec![hk()]),
            "hk2t" => (None, vec![hk_rev()]),
            "t2jp" => (None, vec![table("JPShinjitaiCharactersRev")]),
            "jp2t" => {
                let jp = first_of(&["JPShinjitaiPhrases", "JPShinjitaiCharacters"]);
                (None, vec![jp])
            }
            other => panic!("no config {other}"),
        };
        Reference {
            normalization: vec![table("CJK_Compatibility_Ideographs")],
            segmentation,
            stages,
            words: Vec::new(),
            keep: Vec::new(),
        }
    }

    fn without_keep(&self) -> Reference {
        Reference {
            keep: Vec::new(),
            ..self.clone()
        }
    }

    /// Converts a whole text.
    pub fn convert(&self, text: &[u8]) -> Vec<u8> {
        if !self.keep.is_empty() {
            let rest = self.without_keep();
            let parts = first_stage(&Group::Union(Vec::new()), &self.keep, text).into_iter();
            let parts = parts.map(|part| match part {
                Part::Text(text) => rest.convert(&text),
                Part::Word(word) => word,
            });
            return parts.collect::<Vec<_>>().concat();
        }
        let mut text = text.to_vec();
        for group in &self.normalization {
            text = walk(group, &text);
        }
        let nothing = Group::Union(Vec::new());
        let words = &self.words;
        let mut output = Vec::new();
        match (&self.segmentation, self.stages.split_first()) {
            (Some(group), _) => {
                for part in segments(group, words, &text) {
                    part.pass(&self.stages, &mut output);
                }
            }
            (None, Some((first, later))) => {
                for part in first_stage(first, words, &text) {
                    part.pass(later, &mut output);
                }
            }
            (None, None) => {
                for part in first_stage(&nothing, words, &text) {
                    part.pass(&[], &mut output);
                }
            }
        }
        output
    }

    /// Every table that the config uses, some more than once.
    pub fn tables(&self) -> Vec<&Table> {
        let groups = self.normalization.iter().chain(&self.stages);
        groups.flat_map(Group::tables).collect()
    }

    /// Converts a string.
    pub fn convert_str(&self, text: &str) -> String {
        String::from_utf8(self.convert(text.as_bytes()))
            .expect("keys and values are whole characters")
    }
}

/// A part of a text between the level that knows the words and those after it.
enum Part {
    /// The stages convert it by itself.
    Text(Vec<u8>),
    /// The value of a word, which is finished.
    Word(Vec<u8>),
}

impl Part {
    fn bytes(&self) -> &[u8] {
        match self {
            Part::Text(bytes) | Part::Word(bytes) => bytes,
        }
    }

    fn pass(self, stages: &[Group], output: &mut Vec<u8>) {
        match self {
            Part::Text(text) => {
                let converted = stages.iter().fold(text, |text, stage| walk(stage, &text));
                output.extend(converted);
            }
            Part::Word(value) => output.extend(value),
        }
    }
}

/// What stands at one place of a text.
enum Step<'g> {
    /// A key of this length, with its value.
    Key(usize, &'g [u8]),
    /// A word of this length, with its value.
    Word(usize, &'g [u8]),
    /// Nothing that is known, of this length.
    Unit(usize),
}

/// What stands at the start of a text: the longest key or word, of equal ones the word.
fn step<'g>(group: &'g Group, words: &'g [Group], text: &[u8]) -> Step<'g> {
    let mut word: Option<(usize, &[u8])> = None;
    for found in words.iter().filter_map(|words| words.longest_prefix(text)) {
        if word.is_none_or(|(length, _)| found.0 >= length) {
            word = Some(found);
        }
    }
    match (group.longest_prefix(text), word) {
        (Some((key, value)), Some((word, _))) if key > word => Step::Key(key, value),
        (_, Some((word, value))) => Step::Word(word, value),
        (Some((key, value)), None) => Step::Key(key, value),
        (None, None) => Step::Unit(unit(text)),
    }
}

/// Replaces the longest key at each place, from left to right, and copies what matches nothing.
fn walk(group: &Group, text: &[u8]) -> Vec<u8> {
    let parts = first_stage(group, &[], text);
    let texts = parts.into_iter().map(|part| match part {
        Part::Text(text) | Part::Word(text) => text,
    });
    texts.collect::<Vec<_>>().concat()
}

/// As `walk`, with words: what stands between two of them is one part.
fn first_stage(group: &Group, words: &[Group], text: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut converted = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match step(group, words, &text[at..]) {
            Step::Key(length, value) => {
                converted.extend(value);
                at += length;
            }
            Step::Word(length, value) => {
                parts.push(Part::Text(std::mem::take(&mut converted)));
                parts.push(Part::Word(value.to_vec()));
                at += length;
            }
            Step::Unit(length) => {
                converted.extend(&text[at..at + length]);
                at += length;
            }
        }
    }
    parts.push(Part::Text(converted));
    parts
}

/// Cuts a text into its keys, its words, and the runs of what is neither between them.
fn segments(group: &Group, words: &[Group], text: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut run_start = 0;
    let mut at = 0;
    while at < text.len() {
        let (length, part) = match step(group, words, &text[at..]) {
            Step::Key(length, _) => (length, Part::Text(text[at..at + length].to_vec())),
            Step::Word(length, value) => (length, Part::Word(value.to_vec())),
            Step::Unit(length) => {
                at += length;
                continue;
            }
        };
        parts.push(Part::Text(text[run_start..at].to_vec()));
        parts.push(part);
        at += length;
        run_start = at;
    }
    parts.push(Part::Text(text[run_start..].to_vec()));
    parts
}

/// The length of what is copied together where no key matches: an ideographic description sequence, or a
/// character as long as its first byte says or the text allows, or a byte that starts none.
fn unit(text: &[u8]) -> usize {
    let mut count = 0;
    if operands(text) > 0 {
        if let Some(length) = description(text, 16, &mut count) {
            return length;
        }
    }
    character(text[0]).max(1).min(text.len())
}

/// The length of a complete description sequence or single operand at the start of `text`, at most
/// `levels` deep and of at most 64 characters, of which `count` are used up.
fn description(text: &[u8], levels: usize, count: &mut usize) -> Option<usize> {
    let length = text.first().map_or(0, |&lead| character(lead));
    if levels == 0 || *count >= 64 || length == 0 || length > text.len() {
        return None;
    }
    *count += 1;
    let mut at = length;
    for _ in 0..operands(text) {
        at += description(&text[at..], levels - 1, count)?;
    }
    Some(at)
}

/// How many operands the ideographic description operator at the start of `text` takes; 0 if it is none.
fn operands(text: &[u8]) -> usize {
    match text {
        [0xE2, 0xBF, 0xB2 | 0xB3, ..] => 3,
        [0xE2, 0xBF, 0xBE | 0xBF, ..] => 1,
        [0xE2, 0xBF, 0xB0..=0xBD, ..] => 2,
        _ => 0,
    }
}

/// The length of a character by its first byte alone; 0 for a byte that starts none.
fn character(lead: u8) -> usize {
    match lead {
        0x00..=0x7F => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        0xF8..=0xFB => 5,
        0xFC..=0xFD => 6,
        _ => 0,
    }
}

type Tables = BTreeMap<&'static str, Arc<Table>>;

/// All 22 tables, by name.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let sources: BTreeMap<_, _> = SOURCE_TABLES.map(|name| (name, Source::read(name))).into();
        let mut tables: Tables = sources
            .iter()
            .map(|(&name, source)| (name, Table::new(source.entries.iter().cloned().collect())))
            .collect();
        tables.insert("TWVariantsRev", sources["TWVariants"].reversed());
        tables.insert("HKVariantsRev", sources["HKVariants"].reversed());
        let japanese = sources["JPShinjitaiCharacters"].reversed();
        tables.insert("JPShinjitaiCharactersRev", japanese);
        tables.insert("TSCharactersExt", sources["TSCharacters"].risky());
        // Simplifying the regional keys does not need the table that is made from them, but the
        // configs are all put together from a full set.
        let generated = "STPhrases_GeneratedFromRegionalPhrases";
        tables.insert(generated, Arc::default());
        let t2s = Reference::with_tables("t2s", true, &tables);
        let mut phrases = BTreeMap::new();
        for regional in ["HKPhrases", "TWPhrases"] {
            for (key, _) in &sources[regional].entries {
                let simplified = t2s.convert_str(key);
                if simplified.chars().count() >= 3 {
                    let former = phrases.insert(simplified, vec![key.clone()]);
                    assert!(
                        former.is_none_or(|former| former == [key.as_str()]),
                        "{key}"
                    );
                }
            }
        }
        tables.insert(generated, Table::new(phrases));
        tables
    })
}

/// A file of `data/opencc`.
struct Source {
    /// In file order.
    entries: Vec<(String, Vec<String>)>,
    /// What `@reverse-prefer` says: the key of the reversed table, and the value to put first.
    preferences: Vec<(String, String)>,
    /// The keys under `@tofu-risk`.
    risky: BTreeSet<String>,
}

impl Source {
    fn read(name: &str) -> Source {
        // The fuzzers' package stands in a folder of the library's.
        let package = env!("CARGO_MANIFEST_DIR").trim_end_matches("/fuzz");
        let path = format!("{package}/data/opencc/{name}.txt");
        let text = std::fs::read_to_string(&path).expect(&path);
        let mut source = Source {
            entries: Vec::new(),
            preferences: Vec::new(),
            risky: BTreeSet::new(),
        };
        let mut at_risk = false;
        for line in text.lines() {
            if let Some(preference) = line.strip_prefix("# @reverse-prefer: ") {
                let (key, value) = preference
                    .split_once(' ')
                    .unwrap_or((preference, preference));
                source.preferences.push((key.into(), value.into()));
            } else if line.starts_with("# @tofu-risk: ") {
                at_risk = true;
            } else if !line.starts_with('#') {
                let (key, values) = line.split_once('\t').expect(line);
                if std::mem::take(&mut at_risk) {
                    source.risky.insert(key.into());
                }
                let values = values.split(' ').map(String::from).collect();
                source.entries.push((key.into(), values));
            }
        }
        source
    }

    /// Every value with the keys that have it.
    fn reversed(&self) -> Arc<Table> {
        let mut reversed = BTreeMap::<String, Vec<String>>::new();
        for (key, values) in &self.entries {
            for value in values {
                reversed.entry(value.clone()).or_default().push(key.clone());
            }
        }
        for (key, first) in &self.preferences {
            let values = reversed.get_mut(key).expect(key);
            let at = values.iter().position(|value| value == first).expect(first);
            values[..=at].rotate_right(1);
        }
        Table::new(reversed)
    }

    /// The entries under `@tofu-risk`, without the key among the values.
    fn risky(&self) -> Arc<Table> {
        let risky = self
            .entries
            .iter()
            .filter(|(key, _)| self.risky.contains(key));
        Table::new(
            risky
                .map(|(key, values)| {
                    let keep_from = usize::from(values[0] == *key);
                    (key.clone(), values[keep_from..].to_vec())
                })
                .collect(),
        )
    }
}
