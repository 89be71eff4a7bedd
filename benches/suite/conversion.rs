//! Whole texts: `convert`, and `convert_into` a buffer that is used again.

use std::borrow::Cow;
use std::hint::black_box;

use zhnorm::{Config, Converter};

use crate::corpus::{self, Corpus, Kind, Script, Size};
use crate::harness::{large_sizes, Case};
use crate::MAIN;

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &config in Config::ALL {
        let article = match corpus::source(config.name()) {
            Script::Hans => Kind::News,
            Script::Hant => Kind::Traditional,
        };
        for corpus in corpus::checked(config.name()) {
            let article = corpus.name == article.corpus(Size::Article).name;
            if MAIN.contains(&config) || article {
                let expected = corpus::expected_digest(config.name(), &corpus.name);
                cases.push(convert(config, corpus, move |converted| {
                    assert_eq!(corpus::digest(converted), expected, "OpenCC's output");
                }));
            }
        }
    }
    for config in MAIN {
        let base = match corpus::source(config.name()) {
            Script::Hans => Kind::News,
            Script::Hant => Kind::Traditional,
        };
        let converter = Converter::new(*config);
        let done = corpus::converted(&base.corpus(Size::Book), |text| {
            converter.convert(text).into_owned()
        });
        for corpus in [done, Kind::Ascii.corpus(Size::Book)] {
            cases.push(unchanged(*config, corpus));
        }
        for corpus in corpus::own_texts() {
            cases.push(convert(*config, corpus, |_| ()));
        }
    }
    for config in MAIN {
        // Whether the cost per byte of the worst text grows with its length.
        let worst = match corpus::source(config.name()) {
            Script::Hans => Kind::NearMissHans,
            Script::Hant => Kind::NearMissHant,
        };
        for size in [10_000, 100_000].into_iter().chain(large_sizes()) {
            let convert = |config, corpus| convert(config, corpus, |_| ());
            cases.push(Case::of_size("convert", *config, worst, size, convert));
        }
        let query = corpus::queries(corpus::source(config.name()), 10..=10);
        cases.push(convert(*config, query, |_| ()));
    }
    for config in MAIN {
        cases.push(convert_into(*config, Kind::Ascii.corpus(Size::Book)));
        for corpus in corpus::checked(config.name()) {
            let kinds = [Kind::News, Kind::Traditional];
            if kinds
                .iter()
                .any(|kind| corpus.name.starts_with(kind.name()))
            {
                cases.push(mapped(*config, corpus.clone(), false));
                cases.push(mapped(*config, corpus.clone(), true));
                cases.push(convert_into(*config, corpus));
            }
        }
    }
    for kind in [Kind::Ascii, Kind::News] {
        cases.push(copy(kind.corpus(Size::Book)));
    }
    cases
}

fn case(
    operation: &str,
    config: &str,
    corpus: Corpus,
    prepare: impl FnOnce(Corpus) -> Box<dyn FnMut()> + 'static,
) -> Case {
    Case {
        operation: operation.to_owned(),
        config: config.to_owned(),
        texts: corpus.name.clone(),
        bytes: Some(corpus.bytes()),
        prepare: Box::new(move || prepare(corpus)),
    }
}

/// `check` is given what the texts become, after it has been found to be what
/// they become in pieces.
fn convert(config: Config, corpus: Corpus, check: impl FnOnce(&[Cow<str>]) + 'static) -> Case {
    convert_by(config.name(), move || Converter::new(config), corpus, check)
}

/// The same by any converter.
pub fn convert_by(
    name: &str,
    converter: impl FnOnce() -> Converter + 'static,
    corpus: Corpus,
    check: impl FnOnce(&[Cow<str>]) + 'static,
) -> Case {
    case("convert", name, corpus, move |corpus| {
        let converter = converter();
        let texts = corpus.texts.iter();
        let converted: Vec<Cow<str>> = texts.map(|text| converter.convert(text)).collect();
        check(&converted);
        for (text, converted) in corpus.texts.iter().zip(converted) {
            let streamed = crate::streaming::in_pieces(&converter, text, 4093);
            assert!(streamed == converted.as_bytes(), "whole and streamed text");
        }
        Box::new(move || {
            for text in &corpus.texts {
                black_box(converter.convert(black_box(text)));
            }
        })
    })
}

/// Texts in which nothing is to be changed, which must come back borrowed.
fn unchanged(config: Config, corpus: Corpus) -> Case {
    case("convert", config.name(), corpus, move |corpus| {
        let converter = Converter::new(config);
        for text in &corpus.texts {
            let converted = converter.convert(text);
            assert!(converted == *text, "text with nothing left to change");
            assert!(
                matches!(converted, Cow::Borrowed(_)),
                "unchanged is borrowed"
            );
        }
        Box::new(move || {
            for text in &corpus.texts {
                black_box(converter.convert(black_box(text)));
            }
        })
    })
}

fn convert_into(config: Config, corpus: Corpus) -> Case {
    case("convert_into", config.name(), corpus, move |corpus| {
        let converter = Converter::new(config);
        let mut out = String::new();
        for text in &corpus.texts {
            out.clear();
            converter.convert_into(text, &mut out);
            assert_eq!(out, converter.convert(text));
        }
        Box::new(move || {
            for text in &corpus.texts {
                out.clear();
                converter.convert_into(black_box(text), &mut out);
                black_box(&out);
            }
        })
    })
}

/// With an alignment, and with all spans of it looked at.
fn mapped(config: Config, corpus: Corpus, spans: bool) -> Case {
    let operation = if spans { "spans" } else { "convert_mapped" };
    case(operation, config.name(), corpus, move |corpus| {
        let converter = Converter::new(config);
        for text in &corpus.texts {
            let mapped = converter.convert_mapped(text);
            assert_eq!(mapped.text(), converter.convert(text));
            let parts = mapped.spans().map(|span| span.target_text());
            assert_eq!(parts.collect::<String>(), mapped.text());
        }
        Box::new(move || {
            for text in &corpus.texts {
                let mapped = black_box(converter.convert_mapped(black_box(text)));
                if spans {
                    black_box(mapped.spans().fold(0, |sum, span| sum ^ span.target.end));
                }
            }
        })
    })
}

/// What a plain copy of a text into a buffer used again costs, to hold the rest against.
fn copy(corpus: Corpus) -> Case {
    case("convert_into", "copy", corpus, |corpus| {
        let mut out = String::new();
        Box::new(move || {
            for text in &corpus.texts {
                out.clear();
                out.push_str(black_box(text));
                black_box(&out);
            }
        })
    })
}
