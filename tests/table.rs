//! Look-ups in a table against a map too simple to be wrong.

use std::collections::BTreeMap;
use std::ops::Bound;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use zhnorm::Table;

/// What may follow a text: bytes that are none.
const JUNK: &[&[u8]] = &[b"", b"\xFF", b"\xE4", b"\xE4\xB8", b"\xF0\xA0\xAE"];

type Map = BTreeMap<String, String>;

/// Few characters, of one to four bytes, so that keys begin alike.
fn word(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    vec(select(&['a', 'b', 'é', '一', '丁', '𠮷'][..]), length).prop_map(String::from_iter)
}

fn map() -> impl Strategy<Value = Map> {
    btree_map(word(1..5), word(0..3), 0..40)
}

fn bound() -> impl Strategy<Value = Bound<String>> {
    prop_oneof![
        Just(Bound::Unbounded),
        word(0..4).prop_map(Bound::Included),
        word(0..4).prop_map(Bound::Excluded),
    ]
}

fn pairs<'t>(keys: impl Iterator<Item = (String, zhnorm::Entry<'t>)>) -> Vec<(String, String)> {
    keys.map(|(key, entry)| (key, entry.value().to_owned()))
        .collect()
}

fn expected(map: &Map, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let wanted = map.iter().filter(|(key, _)| is_wanted(key));
    wanted
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_look_up_is_that_of_a_map(
        map in map(),
        texts in vec(word(0..6), 1..8),
        [start, end] in [bound(), bound()],
        junk in select(JUNK),
    ) {
        let table = Table::from_pairs("map", map.clone()).expect("distinct keys");
        prop_assert_eq!(table.len(), map.len());
        prop_assert_eq!(pairs(table.iter()), expected(&map, |_| true));
        prop_assert_eq!(pairs((&table).into_iter()), expected(&map, |_| true));

        let range = (start.as_ref().map(String::as_str), end.as_ref().map(String::as_str));
        let is_within = |key: &str| {
            let is_after = match &start {
                Bound::Included(start) => key >= start.as_str(),
                Bound::Excluded(start) => key > start.as_str(),
                Bound::Unbounded => true,
            };
            is_after && match &end {
                Bound::Included(end) => key <= end.as_str(),
                Bound::Excluded(end) => key < end.as_str(),
                Bound::Unbounded => true,
            }
        };
        prop_assert_eq!(pairs(table.range(range)), expected(&map, is_within));

        for text in &texts {
            let value = table.get(text).map(|entry| entry.value());
            prop_assert_eq!(value, map.get(text).map(String::as_str));
            let with_prefix = expected(&map, |key| key.starts_with(text.as_str()));
            prop_assert_eq!(pairs(table.keys_with_prefix(text)), with_prefix);

            let bytes = [text.as_bytes(), junk].concat();
            let mut prefixes = expected(&map, |key| text.starts_with(key));
            prefixes.sort_by_key(|(key, _)| key.len());
            let found: Vec<(String, String)> = table
                .prefixes(&bytes)
                .map(|(length, entry)| (text[..length].to_owned(), entry.value().to_owned()))
                .collect();
            prop_assert_eq!(&found, &prefixes);
            let longest = table.longest_match(&bytes);
            let longest = longest.map(|(length, entry)| {
                (text[..length].to_owned(), entry.value().to_owned())
            });
            prop_assert_eq!(longest.as_ref(), prefixes.last());
        }
    }
}
