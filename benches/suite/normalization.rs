//! Text of any script into one, and what script a text is in.

use std::borrow::Cow;
use std::hint::black_box;

use zhnorm::normalize::{Normalizer, Target};
use zhnorm::{detect, detect_spans, Script, Unit};

use crate::corpus::{self, Corpus, Kind, Size};
use crate::harness::Case;

/// Text in need of work, and text as it is found, with the script it is in.
const KINDS: [(Kind, Script); 4] = [
    (Kind::News, Script::Simplified),
    (Kind::Traditional, Script::Traditional),
    (Kind::Mixed, Script::Mixed),
    (Kind::LinesHant, Script::Traditional),
];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &target in Target::ALL {
        for (corpus, _) in texts() {
            cases.push(normalize(target, corpus));
        }
        let native = match target {
            Target::Hans => Kind::News,
            _ => Kind::Traditional,
        };
        let clean = corpus::converted(&native.corpus(Size::Book), |text| {
            Normalizer::new(target).normalize(text).into_owned()
        });
        cases.push(unchanged(target, clean));
    }
    for (corpus, script) in texts() {
        cases.push(detect_text(corpus, script));
    }
    for (corpus, _) in texts() {
        cases.push(detect_sentences(corpus));
    }
    cases
}

/// The generated texts with their script, and one's own.
fn texts() -> Vec<(Corpus, Option<Script>)> {
    let generated = KINDS
        .iter()
        .flat_map(|(kind, script)| Size::ALL.map(|size| (kind.corpus(size), Some(*script))));
    let own = corpus::own_texts().into_iter().map(|corpus| (corpus, None));
    generated.chain(own).collect()
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

/// Checked against what does the same by other ways: text in pieces, the account of the changes, and a second
/// time, which must change nothing.
fn normalize(target: Target, corpus: Corpus) -> Case {
    case("normalize", target.name(), corpus, move |corpus| {
        let normalizer = Normalizer::new(target);
        for text in &corpus.texts {
            let normalized = normalizer.normalize(text);
            let mut streamed = Vec::new();
            let mut stream = normalizer.stream();
            for piece in text.as_bytes().chunks(4093) {
                stream.push(piece, &mut streamed);
            }
            stream.finish(&mut streamed);
            assert!(streamed == normalized.as_bytes(), "whole and streamed text");
            let told = normalizer.normalize_with_report(text);
            let replayed = told.report.replay(text);
            assert_eq!(replayed.as_deref(), Some(&*normalized), "the account");
            assert_eq!(normalizer.normalize(&normalized), normalized, "twice");
        }
        run(normalizer, corpus)
    })
}

/// Texts in which nothing is to be changed, which must come back borrowed.
fn unchanged(target: Target, corpus: Corpus) -> Case {
    case("normalize", target.name(), corpus, move |corpus| {
        let normalizer = Normalizer::new(target);
        for text in &corpus.texts {
            let normalized = normalizer.normalize(text);
            assert!(normalized == *text, "text with nothing left to change");
            assert!(
                matches!(normalized, Cow::Borrowed(_)),
                "unchanged is borrowed"
            );
        }
        run(normalizer, corpus)
    })
}

fn run(normalizer: Normalizer, corpus: Corpus) -> Box<dyn FnMut()> {
    Box::new(move || {
        for text in &corpus.texts {
            black_box(normalizer.normalize(black_box(text)));
        }
    })
}

fn detect_text(corpus: Corpus, script: Option<Script>) -> Case {
    case("detect", "document", corpus, move |corpus| {
        for text in &corpus.texts {
            // A sentence may tell nothing, or be of the other script.
            if let Some(script) = script.filter(|_| text.len() > 1000) {
                assert_eq!(detect(text).script(), script, "{}", corpus.name);
            }
        }
        Box::new(move || {
            for text in &corpus.texts {
                black_box(detect(black_box(text)));
            }
        })
    })
}

fn detect_sentences(corpus: Corpus) -> Case {
    case("detect", "sentence", corpus, |corpus| {
        for text in &corpus.texts {
            let mut at = 0;
            for span in detect_spans(text, Unit::Sentence) {
                assert_eq!(span.range.start, at, "spans follow each other");
                assert_eq!(span.detection, detect(&text[span.range.clone()]));
                at = span.range.end;
            }
            assert_eq!(at, text.len(), "spans cover the text");
        }
        Box::new(move || {
            for text in &corpus.texts {
                for span in detect_spans(black_box(text), Unit::Sentence) {
                    black_box(span);
                }
            }
        })
    })
}
