//! What the tests of all kinds share.

#![allow(dead_code)]

use zhnorm::{Config, Converter, Table};
use zhnorm_markup::{MarkupError, Options};

/// A function of the crate.
pub type Function = fn(&Converter, &Options, &[u8], &mut Vec<u8>) -> Result<(), MarkupError>;

/// Converts a document.
pub fn convert(function: Function, converter: &Converter, source: &str) -> String {
    convert_with(function, converter, &Options::new(), source)
}

pub fn convert_with(
    function: Function,
    converter: &Converter,
    options: &Options,
    source: &str,
) -> String {
    let mut out = Vec::new();
    function(converter, options, source.as_bytes(), &mut out)
        .unwrap_or_else(|error| panic!("{error}\n{source}"));
    String::from_utf8(out).expect("text stays text")
}

/// The error for a document, of which nothing may have been written.
pub fn error(function: Function, source: &[u8]) -> MarkupError {
    let mut out = Vec::new();
    let result = function(&Converter::s2twp(), &Options::new(), source, &mut out);
    assert!(out.is_empty(), "nothing is written");
    result.expect_err("it does not parse")
}

/// A converter without tables.
pub fn empty() -> Converter {
    Converter::pipeline().build()
}

/// A converter that makes of two characters everything that means something in markup, and of one nothing.
pub fn hostile() -> Converter {
    let pairs = [
        ("甲", "<b>&amp;\"'`*_[x](y)|]]>\\{"),
        ("乙", "amp;"),
        ("丙丁", "戊"),
        ("己", "]"),
    ];
    let table = Table::from_pairs("hostile", pairs).expect("a table");
    Converter::pipeline().stage(table).build()
}

pub fn all() -> impl Iterator<Item = Converter> {
    Config::ALL.iter().map(|&config| Converter::new(config))
}

/// What two pieces of a word become, from the definitions alone: characters one to one if their number stays,
/// and otherwise all to the first.
pub fn in_two(converter: &Converter, first: &str, second: &str) -> [String; 2] {
    let word = converter.convert(&format!("{first}{second}")).into_owned();
    let count = first.chars().count();
    if word.chars().count() != count + second.chars().count() {
        return [word, String::new()];
    }
    [
        word.chars().take(count).collect(),
        word.chars().skip(count).collect(),
    ]
}

/// Words in two pieces that the configs change as a whole, in all scripts.
pub const WORDS: &[[&str; 2]] = &[
    ["鼠", "标"],
    ["数", "据"],
    ["头", "发"],
    ["硬", "盘"],
    ["软", "件"],
    ["皇", "后"],
    ["程", "序"],
    ["里", "面"],
    ["滑", "鼠"],
    ["資", "料"],
    ["頭", "髮"],
    ["硬", "碟"],
    ["軟", "體"],
    ["程", "式"],
    ["裡", "面"],
    ["著", "名"],
    ["士", "多"],
    ["的", "士"],
    ["発", "見"],
    ["対", "応"],
];
