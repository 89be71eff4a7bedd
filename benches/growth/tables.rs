//! Operations on tables: with the length of a key, with the number of words.

use std::collections::BTreeSet;

use zhnorm::{Config, Converter, Table};

use crate::corpus::Rng;
use crate::Row;

/// The greatest exponent in the length of a key.
const LIMIT_OF_LENGTH: f64 = 1.1;

/// The greatest exponent in the number of words: sorting has a logarithm.
const LIMIT_OF_NUMBER: f64 = 1.2;

/// What stands before the two or three characters that tell words apart.
const PREFIXES: [(&str, &str); 4] = [
    ("mixed", ""),
    ("one start", "中国"),
    ("one rarest pair", "汉字"),
    ("one long start", "中华人民共和国"),
];

pub fn rows() -> Vec<Row> {
    let lengths = &[10, 50, 500, 5_000];
    let numbers: &[usize] = match crate::is_quick() {
        true => &[1_000, 10_000, 100_000],
        false => &[1_000, 10_000, 100_000, 1_000_000],
    };
    let mut rows = Vec::new();
    let keys = [
        ("one letter", "a"),
        ("one character", "天"),
        ("a sentence", "天地玄黄宇宙洪荒"),
    ];
    for (name, pattern) in keys {
        let make = move |bytes: usize| pattern.repeat(bytes / pattern.len() + 1);
        let row = |operation: &str, run: fn(&String) -> usize| {
            let name = format!("{operation}/key of {name}");
            Row::new(
                name,
                lengths,
                LIMIT_OF_LENGTH,
                move |bytes| vec![make(bytes)],
                run,
            )
        };
        rows.push(row("build", |key| build(&pairs([key.as_str()]))));
        rows.push(row("build two stages", |key| build_two_stages(key)));
        rows.push(row("words over s2twp", |key| {
            words_over(&pairs([key.as_str()]))
        }));
        rows.push(row("short circuit", |key| short_circuit(key)));
        rows.push(row("saved table", |key| saved(&pairs([key.as_str()]))));
    }
    for (name, prefix) in PREFIXES {
        let make = move |count: usize| words(prefix, count);
        let row = |operation: &str, run: fn(&Vec<String>) -> usize| {
            let name = format!("{operation}/words, {name}");
            Row::new(
                name,
                numbers,
                LIMIT_OF_NUMBER,
                move |count| vec![make(count)],
                run,
            )
        };
        rows.push(row("table", |words| pairs(words).len()));
        rows.push(row("build", |words| build(&pairs(words))));
        rows.push(row("words over s2twp", |words| words_over(&pairs(words))));
        rows.push(row("words over tw2sp", |words| {
            let words = pairs(words);
            let converter = Converter::builder(Config::Tw2sp).words(words).build();
            converter.max_held()
        }));
    }
    let mixed = |count: usize| vec![words("", count)];
    rows.push(Row::new(
        "build/characters that become one".to_owned(),
        &[100, 1_000, 10_000],
        LIMIT_OF_NUMBER,
        |count| vec![ideographs().take(2 * count).collect::<Vec<char>>()],
        |characters: &Vec<char>| crowded(characters),
    ));
    rows.push(Row::new(
        "short circuit/words, mixed".to_owned(),
        numbers,
        LIMIT_OF_NUMBER,
        mixed,
        |words: &Vec<String>| {
            let (first, second) = words.split_at(words.len() / 2);
            let tables = [pairs(first), pairs(second)];
            Table::short_circuit(&tables).expect("two tables").len()
        },
    ));
    rows
}

fn ideographs() -> impl Iterator<Item = char> {
    ('\u{4E00}'..='\u{9FA5}').chain('\u{3400}'..='\u{4DB5}')
}

/// So many words that begin alike and end in two or three characters of their own.
fn words(prefix: &str, count: usize) -> Vec<String> {
    let ideographs: Vec<char> = ideographs().take(20_000).collect();
    let mut rng = Rng::new("growth");
    let mut words = BTreeSet::new();
    while words.len() < count {
        let mut word = prefix.to_owned();
        for _ in 0..2 + rng.below(2) {
            word.push(*rng.pick(&ideographs));
        }
        words.insert(word);
    }
    words.into_iter().collect()
}

/// A table in which each key loses its last character and begins with another.
fn pairs<K: AsRef<str>>(keys: impl IntoIterator<Item = K>) -> Table {
    let pairs = keys.into_iter().map(|key| {
        let key = key.as_ref();
        let end = key.char_indices().next_back().map_or(0, |(at, _)| at);
        (key.to_owned(), format!("字{}", &key[..end]))
    });
    Table::from_pairs("growth", pairs).expect("distinct keys")
}

fn build(table: &Table) -> usize {
    Converter::pipeline()
        .stage(table.clone())
        .build()
        .max_held()
}

/// A segmentation by a key, its stage, and a later stage that knows part of what comes out.
fn build_two_stages(key: &str) -> usize {
    let first = pairs([key]);
    let end = key.char_indices().next_back().map_or(0, |(at, _)| at);
    let later = Table::from_pairs(
        "later",
        [
            (format!("字{}", &key[..end]), "字"),
            ("字字".to_owned(), "文"),
        ],
    );
    let pipeline = Converter::pipeline()
        .segmentation(first.clone())
        .stage(first);
    pipeline.stage(later.expect("two keys")).build().max_held()
}

fn words_over(words: &Table) -> usize {
    let converter = Converter::builder(Config::S2twp)
        .words(words.clone())
        .build();
    converter.max_held()
}

/// A key behind a table that has all but its first characters, and so might hide it.
fn short_circuit(key: &str) -> usize {
    let first = pairs([&format!("{key}b")]);
    let second = pairs([&format!("{key}c")]);
    Table::short_circuit([&first, &second])
        .expect("two tables")
        .len()
}

fn saved(table: &Table) -> usize {
    let table = Table::from_bytes(&table.to_bytes()).expect("just saved");
    build(&table)
}

/// Half of some characters become one, half another, and a later stage knows the two side by side.
fn crowded(characters: &[char]) -> usize {
    let (left, right) = characters.split_at(characters.len() / 2);
    let to = |characters: &[char], to: char| -> Vec<(String, String)> {
        let of = |&from: &char| (from.to_string(), to.to_string());
        characters.iter().map(of).collect()
    };
    let first = [to(left, '甲'), to(right, '乙')].concat();
    let first: Vec<_> = first.into_iter().filter(|(from, to)| from != to).collect();
    let stages = [
        Table::from_pairs("first", first).expect("distinct keys"),
        Table::from_pairs("second", [("甲乙", "丙")]).expect("one key"),
    ];
    let [first, second] = stages;
    Converter::pipeline()
        .stage(first)
        .stage(second)
        .build()
        .max_held()
}
