//! How keys are looked up: each, the longest one, all that a text starts with, in order.
//!
//! All of it reads the `fst`. The scan walks a trie of the same keys instead, and so does a plan that
//! has no scan; the tests hold both equal.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Bound, RangeBounds};

use fst::raw::{CompiledAddr, Output, Stream};
use fst::{IntoStreamer, Streamer};

use super::{Entry, Origins, Table};
use crate::text::utf8::{character, could_become_character};

/// A match as the engine wants it: no look at the record until it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawMatch {
    pub(crate) len: usize,
    pub(crate) record: usize,
}

/// What a longest-match look-up on unfinished text can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// The longest key the text starts with; more text would not change it.
    Match(RawMatch),
    /// No key; more text would not change it.
    NoMatch,
    /// The text ended while a longer key was still possible; the longest so far.
    Open(Option<RawMatch>),
}

impl Table {
    /// The entry of exactly this key.
    ///
    /// # Complexity
    ///
    /// O(k) for a key of k bytes; no allocation.
    pub fn get(&self, key: &str) -> Option<Entry<'_>> {
        let output = self.inner.fst.open().get(key)?;
        Some(self.entry(output.value() as usize))
    }

    /// The longest key that `text` starts with: its length in bytes and its entry.
    ///
    /// # Complexity
    ///
    /// O(k) for a longest key of k bytes; no allocation.
    ///
    /// # Examples
    ///
    /// ```
    /// let table = zhnorm::Table::from_pairs("mine", [("头", "頭"), ("头发", "頭髮")])?;
    /// let longest = table.longest_match("头发长".as_bytes());
    /// assert_eq!(longest.map(|(length, entry)| (length, entry.value())), Some((6, "頭髮")));
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn longest_match(&self, text: &[u8]) -> Option<(usize, Entry<'_>)> {
        let found = match self.lookup(text, Origins::ALL) {
            Lookup::Match(found) | Lookup::Open(Some(found)) => found,
            Lookup::NoMatch | Lookup::Open(None) => return None,
        };
        Some((found.len, self.entry(found.record)))
    }

    /// Every key that `text` starts with, the shortest first: its length in bytes and its entry.
    ///
    /// # Complexity
    ///
    /// O(k) for all of them, with a longest key of k bytes; no allocation.
    ///
    /// # Examples
    ///
    /// ```
    /// let table = zhnorm::Table::from_pairs("mine", [("头", "頭"), ("头发", "頭髮"), ("发", "發")])?;
    /// let text = "头发长";
    /// let keys = table.prefixes(text.as_bytes()).map(|(length, _)| &text[..length]);
    /// assert_eq!(keys.collect::<Vec<_>>(), ["头", "头发"]);
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn prefixes<'t>(&'t self, text: &'t [u8]) -> TablePrefixes<'t> {
        TablePrefixes {
            table: self,
            text,
            at: 0,
            node: Some(self.inner.fst.open().root().addr()),
            output: Output::zero(),
        }
    }

    /// All keys that start with `prefix`, which may itself be one, with their entries, in byte order
    /// of the keys.
    ///
    /// # Complexity
    ///
    /// O(p) for a prefix of p bytes, and then O(k) for each key of k bytes, which is a new `String`.
    ///
    /// # Examples
    ///
    /// ```
    /// let table = zhnorm::Table::from_pairs("mine", [("头发", "頭髮"), ("头皮", "頭皮"), ("发", "發")])?;
    /// let keys: Vec<String> = table.keys_with_prefix("头").map(|(key, _)| key).collect();
    /// assert_eq!(keys, ["头发", "头皮"]);
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn keys_with_prefix(&self, prefix: &str) -> TableIter<'_> {
        let Some((last, before)) = prefix.as_bytes().split_last() else {
            return self.iter();
        };
        // No byte of UTF-8 is the highest one.
        let end = [before, &[last + 1]].concat();
        let range = self.inner.fst.open().range().ge(prefix).lt(end);
        self.iter_over(range.into_stream(), Origins::ALL)
    }

    /// The keys within a range, with their entries, in byte order of the keys. A range that ends before
    /// it starts has none.
    ///
    /// # Complexity
    ///
    /// O(b) for bounds of b bytes, and then O(k) for each key of k bytes, which is a new `String`.
    ///
    /// # Examples
    ///
    /// ```
    /// let table = zhnorm::Table::from_pairs("mine", [("a", "1"), ("b", "2"), ("c", "3")])?;
    /// let keys = |range: Vec<(String, zhnorm::Entry)>| {
    ///     range.into_iter().map(|(key, _)| key).collect::<String>()
    /// };
    /// assert_eq!(keys(table.range("b"..).collect()), "bc");
    /// assert_eq!(keys(table.range("a".."c").collect()), "ab");
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn range<'k>(&self, range: impl RangeBounds<&'k str>) -> TableIter<'_> {
        let all = self.inner.fst.open().range();
        let from = match range.start_bound() {
            Bound::Included(start) => all.ge(start),
            Bound::Excluded(start) => all.gt(start),
            Bound::Unbounded => all,
        };
        let to = match range.end_bound() {
            Bound::Included(end) => from.le(end),
            Bound::Excluded(end) => from.lt(end),
            Bound::Unbounded => from,
        };
        self.iter_over(to.into_stream(), Origins::ALL)
    }

    /// All keys with their entries, in byte order of the keys.
    ///
    /// # Complexity
    ///
    /// O(k) for each key of k bytes, which is a new `String`.
    pub fn iter(&self) -> TableIter<'_> {
        self.iter_from(Origins::ALL)
    }

    /// The keys that come from the wanted tables, likewise.
    pub(crate) fn iter_from(&self, origins: Origins) -> TableIter<'_> {
        self.iter_over(self.stream(), origins)
    }

    fn iter_over<'t>(&'t self, keys: Stream<'t>, origins: Origins) -> TableIter<'t> {
        TableIter {
            table: self,
            keys,
            origins,
        }
    }

    /// The longest key of the wanted origins that `text` starts with, told apart from what more
    /// text could still change.
    pub(crate) fn lookup(&self, text: &[u8], origins: Origins) -> Lookup {
        let fst = self.inner.fst.open();
        let mut node = fst.root();
        let mut output = Output::zero();
        let mut found = None;
        for (at, &byte) in text.iter().enumerate() {
            let Some(index) = node.find_input(byte) else {
                return found.map_or(Lookup::NoMatch, Lookup::Match);
            };
            let transition = node.transition(index);
            output = output.cat(transition.out);
            node = fst.node(transition.addr);
            if node.is_final() {
                let record = output.cat(node.final_output()).value() as usize;
                if self.record_is_from(record, origins) {
                    found = Some(RawMatch {
                        len: at + 1,
                        record,
                    });
                }
            }
        }
        if node.is_empty() {
            found.map_or(Lookup::NoMatch, Lookup::Match)
        } else {
            Lookup::Open(found)
        }
    }

    /// The same by the trie, which is made if it is not there yet: one step for each character.
    #[inline]
    pub(crate) fn lookup_by_trie(&self, text: &[u8], origins: Origins) -> Lookup {
        let Some(trie) = self.trie() else {
            return self.lookup(text, origins);
        };
        let mut node = None;
        let mut found = None;
        let mut at = 0;
        while let Some((character, len)) = character(&text[at..]) {
            let child = match node {
                None => trie.first(character),
                Some(node) => trie.child(node, character),
            };
            let Some(child) = child else {
                return found.map_or(Lookup::NoMatch, Lookup::Match);
            };
            node = Some(child);
            at += len;
            if let Some(record) = child.record() {
                if self.record_is_from(record, origins) {
                    found = Some(RawMatch { len: at, record });
                }
            }
            if !child.has_children() {
                return found.map_or(Lookup::NoMatch, Lookup::Match);
            }
        }
        let rest = &text[at..];
        match node {
            Some(_) if rest.is_empty() => Lookup::Open(found),
            // Only the fst knows which keys go on with a part of a character.
            _ if could_become_character(rest) => self.lookup(text, origins),
            _ => found.map_or(Lookup::NoMatch, Lookup::Match),
        }
    }
}

/// Every key that a text starts with; made by [`Table::prefixes`].
#[derive(Clone)]
pub struct TablePrefixes<'t> {
    table: &'t Table,
    text: &'t [u8],
    /// How much of the text leads to the node; none once no key goes on.
    at: usize,
    node: Option<CompiledAddr>,
    output: Output,
}

impl<'t> Iterator for TablePrefixes<'t> {
    type Item = (usize, Entry<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let fst = self.table.inner.fst.open();
        let mut node = fst.node(self.node.take()?);
        loop {
            let index = node.find_input(*self.text.get(self.at)?)?;
            let transition = node.transition(index);
            self.output = self.output.cat(transition.out);
            self.at += 1;
            node = fst.node(transition.addr);
            if node.is_final() {
                self.node = Some(node.addr());
                let record = self.output.cat(node.final_output()).value() as usize;
                return Some((self.at, self.table.entry(record)));
            }
        }
    }
}

impl FusedIterator for TablePrefixes<'_> {}

impl fmt::Debug for TablePrefixes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// Keys with their entries, in byte order of the keys; made by [`Table::iter`],
/// [`Table::range`] and [`Table::keys_with_prefix`].
pub struct TableIter<'t> {
    table: &'t Table,
    keys: Stream<'t>,
    origins: Origins,
}

impl<'t> Iterator for TableIter<'t> {
    type Item = (String, Entry<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (key, output) = self.keys.next()?;
            let record = output.value() as usize;
            if self.table.record_is_from(record, self.origins) {
                let key = std::str::from_utf8(key).expect("keys are made from str");
                return Some((key.to_owned(), self.table.entry(record)));
            }
        }
    }
}

impl FusedIterator for TableIter<'_> {}

impl fmt::Debug for TableIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableIter")
            .field("table", self.table)
            .finish_non_exhaustive()
    }
}

impl<'t> IntoIterator for &'t Table {
    type Item = (String, Entry<'t>);
    type IntoIter = TableIter<'t>;

    fn into_iter(self) -> TableIter<'t> {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Characters of one to four bytes, some with bytes in common, and some that no key has.
    const CHARACTERS: &[char] = &[
        'a', 'é', '一', '丁', '七', '干', '𠮷', '𠮸', '\0', '⿰', '丂', 'b',
    ];

    fn key() -> impl Strategy<Value = String> {
        vec(select(&CHARACTERS[..10]), 1..5).prop_map(String::from_iter)
    }

    fn keys() -> impl Strategy<Value = Vec<String>> {
        btree_set(key(), 0..30).prop_map(Vec::from_iter)
    }

    /// Texts of keys and other characters, cut and broken anywhere.
    fn text(keys: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
        let mut parts: Vec<Vec<u8>> = keys.into_iter().map(String::into_bytes).collect();
        parts.extend(
            CHARACTERS
                .iter()
                .map(|character| character.to_string().into_bytes()),
        );
        parts.extend(
            [
                &b"\xFF"[..],
                b"\x80",
                b"\xE4",
                b"\xE4\xB8",
                b"\xF0\xA0",
                b"\xC0\x80",
                b"\xED\xA0\x80",
            ]
            .map(<[u8]>::to_vec),
        );
        (vec(select(parts), 0..6), 0..4_usize, 0..4_usize).prop_map(|(parts, front, back)| {
            let bytes = parts.concat();
            let front = front.min(bytes.len());
            let end = bytes.len().saturating_sub(back).max(front);
            bytes[front..end].to_vec()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// With keys of several tables, of which all or some count.
        #[test]
        fn the_trie_says_what_the_fst_says(
            ((first, second), text) in (keys(), keys()).prop_flat_map(|(first, second)| {
                let all = [&first[..], &second].concat();
                (Just((first, second)), text(all))
            }),
        ) {
            let table = |name, keys: Vec<String>| {
                let pairs = keys.into_iter().map(|key| (key.clone(), key));
                Table::from_pairs(name, pairs).expect("distinct keys")
            };
            let table = Table::union([&table("first", first), &table("second", second)]).expect("two");
            for wanted in [&["first", "second"][..], &["first"], &["second"], &[]] {
                let origins = table.origins(|name| wanted.contains(&name));
                for end in 0..=text.len() {
                    let expected = table.lookup(&text[..end], origins);
                    let found = table.lookup_by_trie(&text[..end], origins);
                    prop_assert_eq!(found, expected, "{:X?} {:?}", &text[..end], wanted);
                }
            }
        }
    }

    /// A trie has room for fewer bytes of records than a table.
    #[test]
    fn a_table_too_large_for_a_trie_is_looked_up_all_the_same() {
        let long = "值".repeat(400_000);
        let pairs = [
            ("一", long.clone()),
            ("一二", long + "值"),
            ("一二三", "短".to_owned()),
        ];
        let table = Table::from_pairs("large", pairs).expect("three keys");
        assert!(table.trie().is_none());
        for text in ["一", "一二", "一二三", "一三", "二"] {
            let text = text.as_bytes();
            let expected = table.lookup(text, Origins::ALL);
            assert_eq!(table.lookup_by_trie(text, Origins::ALL), expected);
        }
    }
}
