//! One form for search, and `t2s` on the same texts, which changes as many characters and knows phrases.

use std::borrow::Cow;
use std::hint::black_box;

use zhnorm::fold::Fold;
use zhnorm::Converter;

use crate::corpus::{self, Corpus, Kind, Script, Size};
use crate::harness::Case;

/// Text of both scripts and of neither.
const KINDS: [Kind; 4] = [Kind::News, Kind::Traditional, Kind::Mixed, Kind::Ascii];

pub fn cases() -> Vec<Case> {
    let mut texts: Vec<Corpus> = KINDS.iter().map(|kind| kind.corpus(Size::Book)).collect();
    let folded = |text: &str| Fold::new().fold(text).into_owned();
    texts.push(corpus::converted(
        &Kind::Traditional.corpus(Size::Book),
        folded,
    ));
    texts.extend([Script::Hans, Script::Hant].map(|script| corpus::queries(script, 10..=10)));
    let t2s = texts.clone().into_iter().map(t2s);
    t2s.chain(texts.into_iter().map(fold)).collect()
}

/// Conversion is checked where it is measured by itself.
fn t2s(corpus: Corpus) -> Case {
    Case {
        operation: "fold".to_owned(),
        config: "t2s".to_owned(),
        texts: corpus.name.clone(),
        bytes: Some(corpus.bytes()),
        prepare: Box::new(move || {
            let converter = Converter::t2s();
            Box::new(move || {
                for text in &corpus.texts {
                    black_box(converter.convert(black_box(text)));
                }
            })
        }),
    }
}

/// Checked character by character.
fn fold(corpus: Corpus) -> Case {
    Case {
        operation: "fold".to_owned(),
        config: "default".to_owned(),
        texts: corpus.name.clone(),
        bytes: Some(corpus.bytes()),
        prepare: Box::new(move || {
            let fold = Fold::new();
            for text in &corpus.texts {
                let folded = fold.fold(text);
                assert!(folded.chars().eq(text.chars().map(|c| fold.fold_char(c))));
                let is_same = folded == *text;
                assert!(is_same == matches!(folded, Cow::Borrowed(_)), "borrowed");
            }
            Box::new(move || {
                for text in &corpus.texts {
                    black_box(fold.fold(black_box(text)));
                }
            })
        }),
    }
}
