//! Entries not yet compiled: sorted, merged, ready to become a map.
//!
//! Shared with the build script. A group of tables becomes one list of entries here, so that the
//! engine only ever sees one longest-match map for each stage.

use std::collections::BTreeMap;

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
    pub fn union(tables: Vec<Entries>) -> Result<Entries, TooManyOrigins> {
        merge(tables, |prefix, key| prefix.len() == key.len())
    }

    /// OpenCC's `short_circuit` group: the first table with any match wins.
    ///
    /// As one longest-match map: where a key of an earlier table is a proper prefix of a later
    /// table's key, the earlier table always answers first, so the later entry can never be
    /// reached and is left out. Every other later entry is longer than any earlier match at its
    /// place could be, so longest match picks it exactly when the group would.
    pub fn short_circuit(tables: Vec<Entries>) -> Result<Entries, TooManyOrigins> {
        merge(tables, |_, _| true)
    }

    /// Words laid over each other: the longest key over all tables, of equal keys the later
    /// table's. There may be more tables than an entry can number, and nobody asks which it was.
    pub fn overlay(tables: Vec<Entries>) -> Entries {
        let entries = tables.into_iter().flat_map(|table| table.entries);
        let by_key: BTreeMap<String, TableEntry> = entries
            .map(|entry| (entry.key.clone(), TableEntry { origin: 0, ..entry }))
            .collect();
        Entries {
            origins: vec!["words".to_owned()],
            entries: by_key.into_values().collect(),
        }
    }
}

/// Finds the keys of a table that other keys start with, these in ascending order.
///
/// The keys that the present one starts with are kept on a stack, the longest on top: all together
/// take time as long as the keys are, however many of them are prefixes of each other.
struct Prefixes<'t> {
    keys: std::iter::Peekable<std::slice::Iter<'t, TableEntry>>,
    open: Vec<&'t str>,
}

impl<'t> Prefixes<'t> {
    fn of(table: &'t Entries) -> Prefixes<'t> {
        Prefixes {
            keys: table.entries.iter().peekable(),
            open: Vec::new(),
        }
    }

    /// The longest key that `key` starts with, itself included.
    fn longest(&mut self, key: &str) -> Option<&'t str> {
        while self.open.last().is_some_and(|open| !key.starts_with(open)) {
            self.open.pop();
        }
        // One that is passed over is a prefix of no later key: those with a prefix stand together.
        while let Some(entry) = self.keys.next_if(|entry| entry.key.as_str() <= key) {
            if key.starts_with(&entry.key) {
                self.open.push(&entry.key);
            }
        }
        self.open.last().copied()
    }
}

/// All entries that no earlier table hides: by one of its keys that the entry's starts with, the
/// longest, if `hides` says so.
fn merge(
    mut tables: Vec<Entries>,
    hides: impl Fn(&str, &str) -> bool,
) -> Result<Entries, TooManyOrigins> {
    // From the last table to the first, for what an earlier one hides of its own still hides.
    for number in (1..tables.len()).rev() {
        let (earlier, later) = tables.split_at_mut(number);
        for table in earlier {
            let mut prefixes = Prefixes::of(table);
            later[0].entries.retain(|entry| {
                let prefix = prefixes.longest(&entry.key);
                !prefix.is_some_and(|prefix| hides(prefix, &entry.key))
            });
        }
    }
    let mut merged = Entries::default();
    for table in tables {
        let mut renumbered = Vec::with_capacity(table.origins.len());
        for name in table.origins {
            let known = merged.origins.iter().position(|origin| *origin == name);
            renumbered.push(known.unwrap_or(merged.origins.len()) as u8);
            if known.is_none() {
                merged.origins.push(name);
            }
        }
        if merged.origins.len() > MAX_ORIGINS {
            return Err(TooManyOrigins);
        }
        merged
            .entries
            .extend(table.entries.into_iter().map(|entry| TableEntry {
                origin: renumbered[usize::from(entry.origin)],
                ..entry
            }));
    }
    // Runs that are in order, which the sort finds and merges.
    merged.entries.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(merged)
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
        let union = Entries::union(vec![a, b]).expect("two origins");
        assert_eq!(
            keys(&union),
            [("ab", "1", "a"), ("abc", "2", "b"), ("abcde", "X", "a")]
        );
    }

    #[test]
    fn short_circuit_drops_what_a_shorter_earlier_key_hides() {
        let a = entries("a", "ab\t1\nabcde\tX\n");
        let b = entries("b", "abc\t2\na\t3\n");
        let group = Entries::short_circuit(vec![a, b]).expect("two origins");
        assert_eq!(
            keys(&group),
            [("a", "3", "b"), ("ab", "1", "a"), ("abcde", "X", "a")]
        );
    }

    #[test]
    fn a_key_that_was_hidden_itself_still_hides_nothing_it_should_not() {
        let a = entries("a", "宏\tm\n");
        let b = entries("b", "宏內核\tk\n內\tn\n");
        let group = Entries::short_circuit(vec![a, b]).expect("two origins");
        assert_eq!(keys(&group), [("內", "n", "b"), ("宏", "m", "a")]);
    }

    #[test]
    fn an_overlay_keeps_every_key_once_and_prefers_the_later_table() {
        let a = entries("a", "ab\t1\nabcde\tX\n");
        let b = entries("b", "abc\t2\nab\tnew\n");
        let overlay = Entries::overlay(vec![a, b]);
        assert_eq!(
            keys(&overlay),
            [
                ("ab", "new", "words"),
                ("abc", "2", "words"),
                ("abcde", "X", "words")
            ]
        );
    }

    #[test]
    fn nested_groups_keep_their_origins_apart() {
        let union =
            Entries::union(vec![entries("a", "x\t1\n"), entries("b", "y\t2\n")]).expect("two");
        let group = Entries::short_circuit(vec![union, entries("c", "z\t3\n")]).expect("three");
        assert_eq!(
            keys(&group),
            [("x", "1", "a"), ("y", "2", "b"), ("z", "3", "c")]
        );
    }
}
