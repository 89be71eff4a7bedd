//! Why a text became what it became, against the reference and the tables.

mod generators;
mod reference;

use std::ops::Range;

use generators::{alphabet, builtin, converter, Vocabulary};
use proptest::prelude::*;
use proptest::sample::Index;
use reference::Reference;
use zhnorm::account::{By, Change};
use zhnorm::align::RangeErrorKind;
use zhnorm::{Ambiguous, Config, Converter, Table};

/// As many texts as proptest would try.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Checks the story of a text against the boundaries of the reference.
fn check(
    converter: &Converter,
    reference: &Reference,
    text: &str,
) -> Result<Vec<Change>, TestCaseError> {
    let (expected, boundaries, _) = reference.align(text.as_bytes());
    let places = converter
        .explain(text, 0..text.len())
        .expect("all of it")
        .places;
    let ranges = |pair: &[[usize; 2]]| [pair[0][0]..pair[1][0], pair[0][1]..pair[1][1]];
    let expected_ranges: Vec<[Range<usize>; 2]> = boundaries.windows(2).map(ranges).collect();
    let got: Vec<_> = places
        .iter()
        .map(|place| [place.source.clone(), place.target.clone()])
        .collect();
    prop_assert_eq!(got, expected_ranges);
    let done = converter.convert_with_report(text);
    prop_assert_eq!(done.text.as_bytes(), &expected[..]);
    prop_assert_eq!(done.report.replay(text), Some(done.text.clone()));
    for place in &places {
        prop_assert_eq!(&text[place.source.clone()], &place.from);
        prop_assert_eq!(&done.text[place.target.clone()], &place.to);
        prop_assert_eq!(&place.candidates[0], &place.to);
        // What no stage found stays.
        if place
            .decisions
            .iter()
            .all(|decision| decision.by == By::Segment)
        {
            prop_assert_eq!(&place.from, &place.to);
        }
        let single = |decision: &&zhnorm::account::Decision| {
            decision.key == place.from && decision.value == place.to
        };
        if let [only] = &place.decisions[..] {
            prop_assert!(only.by == By::Segment || single(&only), "{place:?}");
        }
    }
    Ok(places)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_place_of_a_text_is_told(
        ((config, rare), text) in builtin().prop_flat_map(|(config, rare)| {
            (Just((config, rare)), Vocabulary::of(config).text(10))
        }),
        ends in (any::<Index>(), any::<Index>()),
    ) {
        let converter = converter(config, rare);
        let places = check(&converter, generators::reference(config, rare), &text)?;
        // A part of it is what touches it.
        let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (a, b) = (*ends.0.get(&characters), *ends.1.get(&characters));
        let range = a.min(b)..a.max(b);
        let part = converter.explain(&text, range.clone()).expect("a range of it").places;
        let touches = |place: &&Change| {
            place.source.start < range.end.max(range.start + 1) && place.source.end > range.start
        };
        prop_assert_eq!(part, places.iter().filter(touches).cloned().collect::<Vec<_>>());
    }

    #[test]
    fn every_place_of_a_pipeline_with_words_is_told(
        (chain, text) in alphabet().prop_flat_map(|alphabet| (alphabet.chain(), alphabet.text())),
    ) {
        check(&chain.converter(), &chain.reference(), &String::from_utf8_lossy(&text))?;
    }
}

/// Every entry of every table that has several candidates, where it stands alone.
#[test]
fn every_entry_with_several_candidates_is_an_ambiguity() {
    for config in [
        Config::S2t,
        Config::T2s,
        Config::T2jp,
        Config::T2tw,
        Config::T2hk,
    ] {
        let converter = Converter::new(config);
        let mut count = 0;
        let tables: Vec<_> = generators::reference(config, Default::default())
            .tables()
            .iter()
            .map(|table| table.entries())
            .collect();
        for entries in &tables {
            for (&key, &candidates) in entries {
                // Of a key that two tables have it is the groups that tell which counts.
                let is_twice = tables
                    .iter()
                    .filter(|other| other.contains_key(key))
                    .count()
                    > 1;
                if candidates.len() < 2 || is_twice {
                    continue;
                }
                count += 1;
                let ambiguities = converter.ambiguities(key);
                let [place] = &ambiguities[..] else {
                    panic!("{config} {key}: {ambiguities:?}");
                };
                assert_eq!(
                    (&place.from, &place.to),
                    (&key.to_owned(), &candidates[0]),
                    "{config}"
                );
                let mut distinct: Vec<&String> = candidates.iter().collect();
                distinct.dedup();
                assert!(
                    distinct
                        .iter()
                        .all(|&value| place.candidates.contains(value)),
                    "{place:?}"
                );
                let by = if key.chars().count() > 1 {
                    By::Phrase
                } else {
                    By::Character
                };
                assert!(
                    place.decisions.iter().any(|decision| decision.by == by),
                    "{place:?}"
                );
            }
        }
        assert!(count > 0, "{config}");
    }
}

#[test]
fn words_of_one_s_own_and_cuts_are_told() {
    let words = Table::from_pairs("mine", [("鼠标", "鼠標")]).expect("one word");
    let converter = Converter::builder(Config::S2twp).words(words).build();
    let explanation = converter.explain("鼠标", 0..6).expect("all of it");
    assert_eq!(
        explanation.to_string(),
        "0..6 鼠标 → 鼠標\n  level 1: 鼠标 → 鼠標, a word of mine\n"
    );
    let error = converter
        .explain("鼠标", 1..6)
        .expect_err("inside a character");
    assert_eq!(error.kind(), RangeErrorKind::InsideCharacter);
}

/// A character that is ambiguous alone stays; phrases, and all others, are converted as ever.
#[test]
fn ambiguous_characters_stay_where_no_phrase_decides() {
    for config in [Config::S2t, Config::S2twp, Config::T2s, Config::Tw2sp] {
        let converter = Converter::new(config);
        let keeping = Converter::builder(config)
            .ambiguous(Ambiguous::Keep)
            .build();
        let mut kept = 0;
        for table in generators::reference(config, Default::default()).tables() {
            for key in table.entries().into_keys() {
                // A compatibility form becomes its ideograph all the same.
                let is_other =
                    |c: char| matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}');
                if key.chars().nth(1).is_none() && !key.contains(is_other) {
                    let is_ambiguous = !converter.ambiguities(key).is_empty();
                    kept += usize::from(is_ambiguous);
                    let converted = converter.convert(key);
                    let expected = if is_ambiguous { key } else { &converted };
                    assert_eq!(keeping.convert(key), expected, "{config}");
                }
            }
        }
        assert!(kept > 0, "{config}");
        assert_eq!(keeping.convert("头发"), converter.convert("头发"));
    }
}
