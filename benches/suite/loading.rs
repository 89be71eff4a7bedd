//! What comes before the first text: a converter made and used once, tables
//! opened from their compiled form, tables and converters built from source.
//!
//! These run in a process that has done it before. What a fresh process pays
//! is measured by `compare/`.

use std::hint::black_box;

use zhnorm::{Config, Converter, Table};

use crate::corpus::{self, Script};
use crate::harness::Case;

const ST_CHARACTERS: &str = include_str!("../../data/opencc/STCharacters.txt");
const ST_PHRASES: &str = include_str!("../../data/opencc/STPhrases.txt");

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = crate::MAIN
        .iter()
        .map(|config| first_word(*config))
        .collect();
    cases.push(open());
    cases.push(build_table());
    cases.extend(build_converters());
    cases
}

fn first_word(config: Config) -> Case {
    let (word, expected) = match corpus::source(config.name()) {
        Script::Hans => ("头发", "頭髮"),
        Script::Hant => ("頭髮", "头发"),
    };
    Case {
        operation: "load".to_owned(),
        config: config.name().to_owned(),
        texts: "word".to_owned(),
        bytes: None,
        prepare: Box::new(move || {
            assert_eq!(Converter::new(config).convert(word), expected);
            Box::new(move || {
                black_box(Converter::new(black_box(config)).convert(word));
            })
        }),
    }
}

fn phrases() -> Table {
    Table::from_text("STPhrases", ST_PHRASES.as_bytes()).expect("the table of data/ is well-formed")
}

/// The compiled form of the largest table, verified and opened.
fn open() -> Case {
    let bytes = phrases().to_bytes();
    Case {
        operation: "open".to_owned(),
        config: "table".to_owned(),
        texts: "STPhrases".to_owned(),
        bytes: Some(bytes.len()),
        prepare: Box::new(move || {
            let table = Table::from_bytes(&bytes).expect("what was saved loads");
            assert!(table
                .iter()
                .map(|(key, _)| key)
                .eq(phrases().iter().map(|(key, _)| key)));
            Box::new(move || {
                black_box(Table::from_bytes(black_box(&bytes))).expect("it has just loaded");
            })
        }),
    }
}

/// The largest table from its text.
fn build_table() -> Case {
    Case {
        operation: "build".to_owned(),
        config: "table".to_owned(),
        texts: "STPhrases".to_owned(),
        bytes: Some(ST_PHRASES.len()),
        prepare: Box::new(|| {
            let entries = ST_PHRASES.lines().filter(|line| !line.starts_with('#'));
            assert_eq!(phrases().len(), entries.count());
            Box::new(|| {
                black_box(phrases());
            })
        }),
    }
}

/// A converter like that of s2t, with all it derives from its tables: from their text, and of
/// tables that were read before.
fn build_converters() -> [Case; 2] {
    let read = || {
        let phrases = phrases();
        let characters = Table::from_text("STCharacters", ST_CHARACTERS.as_bytes())
            .expect("the table of data/ is well-formed");
        Table::short_circuit([&phrases, &characters]).expect("two tables are not too many")
    };
    let build = |table: Table| Converter::pipeline().stage(table).build();
    let check = move |converter: Converter| {
        // What it has in common with the built-in config: all but normalization.
        let text = "干燥的头发，皇后大道中一只鹿";
        let built_in = Converter::new(Config::S2t);
        assert_eq!(converter.convert(text), built_in.convert(text));
    };
    let case = |texts: &str, prepare: Box<dyn FnOnce() -> Box<dyn FnMut()>>| Case {
        operation: "build".to_owned(),
        config: "converter".to_owned(),
        texts: texts.to_owned(),
        bytes: Some(ST_PHRASES.len() + ST_CHARACTERS.len()),
        prepare,
    };
    let from_text = Box::new(move || -> Box<dyn FnMut()> {
        check(build(read()));
        Box::new(move || {
            black_box(build(read()));
        })
    });
    let of_table = Box::new(move || -> Box<dyn FnMut()> {
        let table = read();
        check(build(table.clone()));
        Box::new(move || {
            black_box(build(black_box(table.clone())));
        })
    });
    [case("s2t-text", from_text), case("s2t-table", of_table)]
}
