//! One text on all cores, with the `rayon` feature; `convert` of the same text is its measure.

use std::hint::black_box;
use std::iter;

use zhnorm::{Config, Converter};

use crate::corpus::{self, Corpus, Kind, Script};
use crate::harness::{large_sizes, Case};

pub fn cases() -> Vec<Case> {
    let cases = crate::MAIN.iter().flat_map(|&config| {
        let kinds = match corpus::source(config.name()) {
            Script::Hans => [Kind::News, Kind::NearMissHans],
            Script::Hant => [Kind::Traditional, Kind::NearMissHant],
        };
        let sizes = iter::once(1_000_000).chain(large_sizes());
        let of_size =
            move |size| kinds.map(|kind| Case::of_size("parallel", config, kind, size, case));
        sizes.flat_map(of_size)
    });
    cases.collect()
}

fn case(config: Config, corpus: Corpus) -> Case {
    Case {
        operation: "parallel".to_owned(),
        config: config.name().to_owned(),
        texts: corpus.name.clone(),
        bytes: Some(corpus.bytes()),
        prepare: Box::new(move || {
            let converter = Converter::new(config);
            for text in &corpus.texts {
                assert!(converter.par_convert(text) == converter.convert(text));
            }
            Box::new(move || {
                for text in &corpus.texts {
                    black_box(converter.par_convert(black_box(text)));
                }
            })
        }),
    }
}
