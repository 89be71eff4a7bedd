//! First: what others publish. OpenCC's tables, and a list of words with their frequencies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::maps::HashMap;
use crate::rows::{one, Rows};

/// Keys and the values each may have, the first one preferred.
pub type Table = HashMap<String, Vec<String>>;

/// OpenCC's tables.
pub struct OpenCc {
    /// Simplified characters and their Traditional forms.
    pub st: BTreeMap<char, Vec<char>>,
    /// All Traditional forms of that table.
    pub st_values: BTreeSet<char>,
    /// Traditional characters and their Simplified forms.
    pub ts: BTreeMap<char, Vec<char>>,
    /// Phrases from Simplified, and from Traditional.
    pub st_phrases: Table,
    pub ts_phrases: Table,
    /// From OpenCC's standard to the forms of the regions.
    pub tw: BTreeMap<char, Vec<char>>,
    pub hk: BTreeMap<char, Vec<char>>,
    pub jp: BTreeMap<char, Vec<char>>,
    pub compat: BTreeMap<char, Vec<char>>,
}

impl OpenCc {
    /// Reads OpenCC's folder.
    pub fn read(folder: &Path) -> OpenCc {
        let characters = |name: &str| characters(&table(folder, name));
        let st = characters("STCharacters.txt");
        OpenCc {
            st_values: st.values().flatten().copied().collect(),
            st,
            ts: characters("TSCharacters.txt"),
            st_phrases: table(folder, "STPhrases.txt"),
            ts_phrases: table(folder, "TSPhrases.txt"),
            tw: characters("TWVariants.txt"),
            hk: characters("HKVariants.txt"),
            jp: characters("JPShinjitaiCharacters.txt"),
            compat: characters("CJK_Compatibility_Ideographs.txt"),
        }
    }
}

fn table(folder: &Path, name: &str) -> Table {
    let rows = Rows::read(folder, name);
    let mut table = Table::default();
    for row in rows.iter() {
        let [key, values] = row.fields[..] else {
            row.fail("expected a key, a tab and values");
        };
        let values = values.split(' ').map(str::to_owned).collect();
        table.insert(key.to_owned(), values);
    }
    table
}

/// The entries of a table that are of single characters.
fn characters(table: &Table) -> BTreeMap<char, Vec<char>> {
    table
        .iter()
        .filter_map(|(k, vs)| Some((one(k)?, vs.iter().filter_map(|v| one(v)).collect())))
        .collect()
}

/// Simplified words and how often each is used.
pub struct Words<'a> {
    pub list: Vec<(&'a str, f64)>,
    pub frequencies: HashMap<&'a str, f64>,
    /// How often each character is used in them.
    used: HashMap<char, f64>,
}

impl<'a> Words<'a> {
    pub fn read(rows: &'a Rows) -> Words<'a> {
        let (mut list, mut used) = (Vec::new(), HashMap::default());
        for row in rows.iter() {
            let Ok(frequency) = row.field(1).parse::<f64>() else {
                row.fail("expected a word, a tab and a frequency");
            };
            for c in row.fields[0].chars() {
                *used.entry(c).or_default() += frequency;
            }
            list.push((row.fields[0], frequency));
        }
        Words {
            frequencies: list.iter().copied().collect(),
            list,
            used,
        }
    }

    /// How often a character is used.
    pub fn used(&self, c: char) -> f64 {
        self.used.get(&c).copied().unwrap_or(0.0)
    }

    /// How often a word would be met if its parts met by chance.
    pub fn by_chance(&self, word: &str) -> f64 {
        let places: Vec<usize> = places(word);
        let n = places.len() - 1;
        let mut best = vec![0.0; n + 1];
        best[0] = super::TOTAL;
        for start in 0..n {
            for end in start + 1..=n {
                let frequency = match self.frequencies.get(&word[places[start]..places[end]]) {
                    _ if end - start == n => continue,
                    Some(&f) => f,
                    None if end - start == 1 => 1.0,
                    None => continue,
                };
                best[end] = f64::max(best[end], best[start] * frequency / super::TOTAL);
            }
        }
        best[n]
    }
}

/// Where each character of a word begins, and its end.
pub fn places(word: &str) -> Vec<usize> {
    word.char_indices()
        .map(|(at, _)| at)
        .chain([word.len()])
        .collect()
}
