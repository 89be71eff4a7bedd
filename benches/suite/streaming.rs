//! Texts that arrive in pieces of 64 bytes, 4 KiB and 64 KiB.

use std::hint::black_box;

use zhnorm::{Config, Converter};

use crate::corpus::{self, Kind, Script, Size};
use crate::harness::Case;

const PIECES: [(usize, &str); 3] = [(64, "64B"), (4 << 10, "4KiB"), (64 << 10, "64KiB")];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (piece, name) in PIECES {
        for config in crate::MAIN {
            cases.push(case(*config, piece, name));
        }
    }
    cases
}

fn case(config: Config, piece: usize, name: &str) -> Case {
    let kind = match corpus::source(config.name()) {
        Script::Hans => Kind::News,
        Script::Hant => Kind::Traditional,
    };
    let corpus = kind.corpus(Size::Book);
    Case {
        operation: format!("stream-{name}"),
        config: config.name().to_owned(),
        texts: corpus.name.clone(),
        bytes: Some(corpus.bytes()),
        prepare: Box::new(move || {
            let converter = Converter::new(config);
            for text in &corpus.texts {
                let whole = converter.convert(text);
                assert!(in_pieces(&converter, text, piece) == whole.as_bytes());
            }
            let mut out = Vec::new();
            Box::new(move || {
                for text in &corpus.texts {
                    // Emptied after every piece, as a reader would.
                    let mut stream = converter.stream();
                    for piece in text.as_bytes().chunks(piece) {
                        out.clear();
                        stream.push(black_box(piece), &mut out);
                        black_box(&out);
                    }
                    stream.finish(&mut out);
                    black_box(&out);
                }
            })
        }),
    }
}

/// The whole result of streaming `text`.
pub fn in_pieces(converter: &Converter, text: &str, piece: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut stream = converter.stream();
    for piece in text.as_bytes().chunks(piece) {
        stream.push(piece, &mut out);
    }
    stream.finish(&mut out);
    out
}
