//! Whole texts by converters of one's own tables and words, as large as those of
//! the built-in configs, which they should not be much slower than.

use std::borrow::Cow;

use zhnorm::{Config, Converter, Table};

use crate::conversion::convert_by;
use crate::corpus::{self, Kind, Size};
use crate::harness::Case;

/// The tables of `s2tw` in OpenCC's text format.
const TABLES: [(&str, &str); 5] = [
    (
        "CJK_Compatibility_Ideographs",
        include_str!("../../data/opencc/CJK_Compatibility_Ideographs.txt"),
    ),
    ("STPhrases", include_str!("../../data/opencc/STPhrases.txt")),
    (
        "STCharacters",
        include_str!("../../data/opencc/STCharacters.txt"),
    ),
    (
        "TWVariantsPhrases",
        include_str!("../../data/opencc/TWVariantsPhrases.txt"),
    ),
    (
        "TWVariants",
        include_str!("../../data/opencc/TWVariants.txt"),
    ),
];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in [Kind::News, Kind::Fiction, Kind::NearMissHans] {
        let corpus = kind.corpus(Size::Book);
        let expected = corpus::expected_digest(Config::S2tw.name(), &corpus.name);
        let check = move |converted: &[Cow<str>]| {
            assert_eq!(corpus::digest(converted), expected, "OpenCC's output");
        };
        cases.push(convert_by("s2tw-words", words, corpus.clone(), check));
        cases.push(match kind {
            Kind::News => convert_by("s2tw-tables", tables, corpus, check),
            // Phrases that OpenCC's build derives from others stand in these.
            _ => convert_by("s2tw-tables", tables, corpus, |_| ()),
        });
    }
    cases
}

/// From OpenCC's tables, as its config file describes it.
fn tables() -> Converter {
    let tables = TABLES.map(|(name, text)| {
        Table::from_text(name, text.as_bytes()).expect("the tables of data/ are well-formed")
    });
    let [normalization, phrases, characters, variant_phrases, variants] = tables;
    let group = |tables: [&Table; 2]| Table::short_circuit(tables).expect("two tables");
    Converter::pipeline()
        .normalization(normalization)
        .segmentation(phrases.clone())
        .stage(group([&phrases, &characters]))
        .stage(group([&variant_phrases, &variants]))
        .build()
}

/// With words that the config converts so anyway.
fn words() -> Converter {
    let words = [("头发", "頭髮"), ("皇后", "皇后"), ("里面", "裡面")];
    let words = Table::from_pairs("words", words).expect("well-formed");
    Converter::builder(Config::S2tw).words(words).build()
}
