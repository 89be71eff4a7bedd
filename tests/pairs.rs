//! Any pair of varieties equals its configs run one after the other, whatever the text and however it is cut.

mod generators;
mod reference;

use std::borrow::Cow;

use generators::{pieces, sizes, Vocabulary};
use proptest::prelude::*;
use proptest::sample::select;
use zhnorm::{Config, Converter, Pair, RareCharacters, Variety};

/// More texts than proptest would try, for there are many pairs; or fewer.
fn config(times: u32, of: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: (default.cases * times / of).max(1),
        failure_persistence: None,
        ..default
    }
}

fn whole(converter: &Converter, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    converter.convert_bytes(text, &mut out);
    out
}

fn one_after_the_other(pair: Pair, text: &[u8]) -> Vec<u8> {
    let configs = pair.configs().iter();
    configs.fold(text.to_vec(), |text, &config| {
        whole(&Converter::new(config), &text)
    })
}

fn streamed(converter: &Converter, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut stream = converter.stream();
    for piece in pieces {
        stream.push(piece, &mut out);
        assert!(stream.held() <= converter.max_held());
    }
    stream.finish(&mut out);
    out
}

/// A pair, or a variety with itself.
fn pair() -> impl Strategy<Value = Pair> {
    let itself = select(Variety::ALL).prop_map(|variety| Pair::new(variety, variety));
    prop_oneof![20 => select(Pair::ALL), 1 => itself]
}

/// A pair, and a text of the keys of any config of its chain: what the first takes, and what the last meets
/// only where the others leave it.
fn pair_and_bytes(length: usize) -> impl Strategy<Value = (Pair, Vec<u8>)> {
    pair().prop_flat_map(move |pair| {
        let text = move |config: Config| Vocabulary::of(config).bytes(length);
        let texts = match pair.configs() {
            [] => text(Config::S2t).boxed(),
            configs => {
                let texts = configs.iter().map(|&config| text(config).boxed());
                let parts: Vec<_> = texts.collect();
                parts.prop_map(|parts| parts.concat()).boxed()
            }
        };
        (Just(pair), texts)
    })
}

proptest! {
    #![proptest_config(config(8, 1))]

    #[test]
    fn a_pair_converts_as_its_configs_do_one_after_the_other(
        (pair, text) in pair_and_bytes(10), sizes in sizes(),
    ) {
        let expected = one_after_the_other(pair, &text);
        let converter = Converter::from(pair);
        let got = whole(&converter, &text);
        prop_assert_eq!(
            String::from_utf8_lossy(&got), String::from_utf8_lossy(&expected), "{:?}", pair
        );
        prop_assert_eq!(&got, &expected);
        prop_assert_eq!(&streamed(&converter, &pieces(&text, &sizes)), &expected);
        if let Ok(text) = std::str::from_utf8(&text) {
            let got = converter.convert(text);
            prop_assert_eq!(got.as_bytes(), &expected);
            prop_assert_eq!(matches!(got, Cow::Borrowed(_)), got == text);
            let mut out = String::from("before ");
            converter.convert_into(text, &mut out);
            prop_assert_eq!(&out.as_bytes()[7..], &expected);
        }
    }
}

proptest! {
    // With the converter that is too simple to be wrong.
    #![proptest_config(config(1, 1))]

    #[test]
    fn a_pair_converts_as_the_references_of_its_configs_do((pair, text) in pair_and_bytes(8)) {
        let references = pair.configs().iter().map(|&config| {
            generators::reference(config, RareCharacters::Include)
        });
        let expected = references.fold(text.clone(), |text, reference| reference.convert(&text));
        prop_assert_eq!(whole(&Converter::from(pair), &text), expected);
    }
}

proptest! {
    // Longer than what passes at once.
    #![proptest_config(config(1, 8))]

    #[test]
    fn a_long_text_passes_a_pair_as_its_configs_one_after_the_other(
        (pair, text) in pair_and_bytes(60), repeats in 20..100_usize, sizes in sizes(),
    ) {
        let text = text.repeat(repeats);
        let expected = one_after_the_other(pair, &text);
        let converter = Converter::from(pair);
        prop_assert_eq!(&whole(&converter, &text), &expected);
        prop_assert_eq!(&streamed(&converter, &pieces(&text, &sizes)), &expected);
        let text = String::from_utf8_lossy(&text);
        let expected = one_after_the_other(pair, text.as_bytes());
        let got = converter.convert(&text);
        prop_assert_eq!(got.as_bytes(), &expected);
    }
}

#[test]
fn what_is_one_config_is_that_config_s_converter() {
    for &config in Config::ALL {
        let pair: Pair = config.name().parse().expect("every config is a pair");
        let [own, pair] = [Converter::new(config), Converter::from(pair)].map(|c| format!("{c:?}"));
        assert_eq!(own, pair);
    }
}

#[test]
fn a_variety_to_itself_leaves_every_byte_as_it_is() {
    let text = "简体 繁體 裏 \u{F900} \u{FFFD}\r\n";
    for &variety in Variety::ALL {
        let converter = Converter::between(variety, variety);
        assert!(matches!(converter.convert(text), Cow::Borrowed(same) if same == text));
        assert_eq!(whole(&converter, b"\xFF\xE6\0"), b"\xFF\xE6\0");
        assert_eq!(
            streamed(&converter, &[b"\xFF", b"\xE6", b"\0"]),
            b"\xFF\xE6\0"
        );
    }
}

/// What the segments of one config keep apart, the next one joins: it gets text, not segments.
#[test]
fn a_config_finds_its_phrases_over_the_segments_of_the_one_before() {
    for &pair in Pair::ALL {
        let Some((&last, first)) = pair.configs().split_last() else {
            continue;
        };
        let converter = Converter::from(pair);
        let vocabulary = reference::Reference::new(last.name(), true);
        let mut texts = Vec::new();
        for table in vocabulary.tables() {
            texts.extend(table.entries().into_keys().map(str::to_owned));
        }
        // Back to the first config's side character by character, so that its tables cut what they can.
        for &config in first.iter().rev() {
            let back = Pair::ALL
                .iter()
                .find(|back| back.configs().len() == 1 && is_back(back.configs()[0], config));
            let Some(&back) = back else { continue };
            let back = Converter::from(back);
            for text in &mut texts {
                *text = text
                    .chars()
                    .map(|c| back.convert(c.encode_utf8(&mut [0; 4])).into_owned())
                    .collect();
            }
        }
        for text in texts {
            let expected = one_after_the_other(pair, text.as_bytes());
            assert_eq!(
                whole(&converter, text.as_bytes()),
                expected,
                "{pair:?} {text}"
            );
        }
    }
}

/// Whether a config goes the other way, without words.
fn is_back(back: Config, config: Config) -> bool {
    let plain = |config: Config| match config.name().strip_suffix('p') {
        Some(name) if !name.ends_with('j') => name.to_owned(),
        _ => config.name().to_owned(),
    };
    let name = plain(config);
    let (from, to) = name.split_once('2').expect("as all are");
    back.name() == format!("{to}2{from}")
}
