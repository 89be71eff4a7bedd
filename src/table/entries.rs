//! Entries not yet compiled: sorted, merged, ready to become a map.
//!
//! Shared with the build script. A group of tables becomes one list of entries here, so that the
//! engine only ever sees one longest-match map for each stage.

use std::collections::{BTreeMap, HashSet};

use super::source::SourceEntry;

/// A key with its candidates and the table it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableEntry {
    /// What is looked up.
    pub key: String,
    /// What it becomes, best first; never empty.
    pub values: Vec<String>,
    /// Index into [`Entries::origins`].
    pub origin: u8,
}

/// The entries of one map in key order, and the names of the tables they came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// Names of the source tables.
    pub origins: Vec<String>,
    /// Sorted by key (byte order, which for UTF-8 is code point order); no key twice.
    pub entries: Vec<TableEntry>,
}

/// More source tables in one map than an entry can number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyOrigins;

/// At most so many tables in one map: a set of them must fit the bits of a `u64`.
pub const MAX_ORIGINS: usize = 64;

impl Entries {
    /// The entries of one source table. Keys must be unique, as a parsed source's are.
    pub fn from_source(name: &str, source: Vec<SourceEntry>) -> Entries {
        let mut entries: Vec<TableEntry> = source
            .into_iter()
            .map(|entry| TableEntry {
                key: entry.key,
                values: entry.values,
                origin: 0,
            })
            .collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        Entries {
            origins: vec![name.to_owned()],
            entries,
        }
    }

    /// OpenCC's `union` group: the longest key over all tables, of equal keys the earlier table's.
    pub fn union(tables: &[Entries]) -> Result<Entries, TooManyOrigins> {
        merge(tables, |_, _| true)
    }

    /// OpenCC's `short_circuit` group: the first table with any match wins.
    ///
    /// As one longest-match map: where a key of an earlier table is a proper prefix of a later
    /// table's key, the earlier table always answers first, so the later entry can never be
    /// reached and is left out. Every other later entry is longer than any earlier match at its
    /// place could be, so longest match picks it exactly when the group would.
    pub fn short_circuit(tables: &[Entries]) -> Result<Entries, TooManyOrigins> {
        merge(tables, |earlier, key| {
            let inner_boundaries = key.char_indices().map(|(at, _)| at).skip(1);
            !inner_boundaries
                .into_iter()
                .any(|at| earlier.contains(&key[..at]))
        })
    }
}

fn merge(
    tables: &[Entries],
    reachable: impl Fn(&HashSet<&str>, &str) -> bool,
) -> Result<Entries, TooManyOrigins> {
    let mut origins: Vec<String> = Vec::new();
    let mut merged: BTreeMap<&str, TableEntry> = BTreeMap::new();
    let mut earlier: HashSet<&str> = HashSet::new();
    for table in tables {
        let mut renumbered = Vec::with_capacity(table.origins.len());
        for name in &table.origins {
            let known = origins.iter().position(|origin| origin == name);
            renumbered.push(known.unwrap_or(origins.len()));
            if known.is_none() {
                origins.push(name.clone());
            }
        }
        if origins.len() > MAX_ORIGINS {
            return Err(TooManyOrigins);
        }
        for entry in &table.entries {
            if earlier.contains(entry.key.as_str()) || !reachable(&earlier, &entry.key) {
                continue;
            }
            let origin = renumbered[usize::from(entry.origin)] as u8;
            merged.insert(
                &entry.key,
                TableEntry {
                    origin,
                    ..entry.clone()
                },
            );
        }
        earlier.extend(table.entries.iter().map(|entry| entry.key.as_str()));
    }
    Ok(Entries {
        origins,
        entries: merged.into_values().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::source::parse;

    fn entries(name: &str, text: &str) -> Entries {
        Entries::from_source(name, parse(text.as_bytes()).expect("well-formed").entries)
    }

    fn keys(entries: &Entries) -> Vec<(&str, &str, &str)> {
        let list = entries.entries.iter();
        list.map(|entry| {
            let origin = entries.origins[usize::from(entry.origin)].as_str();
            (entry.key.as_str(), entry.values[0].as_str(), origin)
        })
        .collect()
    }

    #[test]
    fn union_keeps_every_key_once_and_prefers_the_earlier_table() {
        let a = entries("a", "ab\t1\nabcde\tX\n");
        let b = entries("b", "abc\t2\nab\tlost\n");
        let union = Entries::union(&[a, b]).expect("two origins");
        assert_eq!(
            keys(&union),
            [("ab", "1", "a"), ("abc", "2", "b"), ("abcde", "X", "a")]
        );
    }

    #[test]
    fn short_circuit_drops_what_a_shorter_earlier_key_hides() {
        let a = entries("a", "ab\t1\nabcde\tX\n");
        let b = entries("b", "abc\t2\na\t3\n");
        let group = Entries::short_circuit(&[a, b]).expect("two origins");
        assert_eq!(
            keys(&group),
            [("a", "3", "b"), ("ab", "1", "a"), ("abcde", "X", "a")]
        );
    }

    #[test]
    fn a_key_that_was_hidden_itself_still_hides_nothing_it_should_not() {
        let a = entries("a", "宏\tm\n");
        let b = entries("b", "宏內核\tk\n內\tn\n");
        let group = Entries::short_circuit(&[a, b]).expect("two origins");
        assert_eq!(keys(&group), [("內", "n", "b"), ("宏", "m", "a")]);
    }

    #[test]
    fn nested_groups_keep_their_origins_apart() {
        let union = Entries::union(&[entries("a", "x\t1\n"), entries("b", "y\t2\n")]).expect("two");
        let group = Entries::short_circuit(&[union, entries("c", "z\t3\n")]).expect("three");
        assert_eq!(
            keys(&group),
            [("x", "1", "a"), ("y", "2", "b"), ("z", "3", "c")]
        );
    }
}
