//! What OpenCC demands of its tables, and what the engine and the build rely on, checked over `data/opencc`.
//!
//! The rules come from OpenCC's own dictionary tests; an update of the data that breaks one is either an
//! upstream mistake or a rule that changed, and both are worth knowing before they are shipped.

mod reference;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use reference::{tables, DERIVED_TABLES, SOURCE_TABLES};
use zhnorm::{NameKind, Table};

/// Tables that may have any character outside the basic plane: they are about such characters.
const CHARACTER_TABLES: [&str; 4] = [
    "CJK_Compatibility_Ideographs",
    "STCharacters",
    "TSCharacters",
    "TSCharactersExt",
];

/// The characters outside the basic plane that phrases have.
const PHRASES_WITH_ASTRAL_CHARACTERS: [(&str, char); 8] = [
    ("STPhrases", '𣗊'),
    ("STPhrases", '𣲘'),
    ("STPhrases", '𫖮'),
    ("STPhrases", '𫗧'),
    ("STPhrases", '𫛭'),
    ("STPhrases", '𬴃'),
    ("STPhrases_GeneratedFromRegionalPhrases", '𫫇'),
    ("TSPhrases", '𫫇'),
];

type Entries = BTreeMap<&'static str, &'static [String]>;

fn entries(name: &str) -> Entries {
    tables()[name].entries()
}

/// Every pair of a key and one of its candidates.
fn pairs(entries: &Entries) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
    let pairs_of = |(&key, &values): (&&'static str, &&'static [String])| {
        values.iter().map(move |value| (key, value.as_str()))
    };
    entries.iter().flat_map(pairs_of)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Shows all that breaks a rule, not only the first.
fn assert_none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn the_library_has_all_tables_with_all_their_entries() {
    let library: BTreeMap<&str, usize> = zhnorm::data::tables().collect();
    let expected = SOURCE_TABLES.iter().chain(&DERIVED_TABLES);
    let expected: BTreeMap<&str, usize> =
        expected.map(|name| (*name, entries(name).len())).collect();
    assert_eq!(library, expected);
}

#[test]
fn source_files_are_sorted_by_key_without_duplicates() {
    for name in SOURCE_TABLES {
        let path = format!("{}/data/opencc/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(&path).expect(&path);
        let keys: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                line.split('\t')
                    .next()
                    .expect("split gives one part at least")
            })
            .collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{name}: {} before {}", pair[0], pair[1]);
        }
    }
}

/// A key with a newline could match across lines, one with an operator inside a description sequence, and
/// one with a NUL nowhere in OpenCC: rules of streaming and of the differential test rest on this.
#[test]
fn keys_are_plain_words() {
    for (name, table) in tables() {
        for key in table.entries().into_keys() {
            assert!(!key.is_empty(), "{name} has an empty key");
            let odd = |c: char| c.is_control() || c.is_whitespace() || ('⿰'..='⿿').contains(&c);
            assert!(!key.contains(odd), "{name}: {key:?}");
        }
    }
}

#[test]
fn every_entry_has_values_and_none_is_empty() {
    for (name, table) in tables() {
        for (key, values) in table.entries() {
            assert!(!values.is_empty(), "{name}: {key}");
            assert!(
                values.iter().all(|value| !value.is_empty()),
                "{name}: {key}"
            );
        }
    }
}

/// Segmentation by phrases would otherwise isolate single characters.
#[test]
fn simplified_phrases_have_two_characters_or_more() {
    assert!(entries("STPhrases").keys().all(|key| length(key) >= 2));
}

#[test]
fn regional_phrases_and_their_reverses_are_exact_inverses() {
    for region in ["TW", "HK"] {
        let forward = entries(&format!("{region}Phrases"));
        let reverse = entries(&format!("{region}PhrasesRev"));
        let forward: BTreeSet<_> = pairs(&forward).collect();
        let reverse: BTreeSet<_> = pairs(&reverse).map(|(key, value)| (value, key)).collect();
        let broken: Vec<_> = forward
            .symmetric_difference(&reverse)
            .map(|(word, regional)| format!("{word} and {regional}"))
            .collect();
        assert_none(&broken, &format!("{region}: mapped in one direction only"));
    }
}

/// A segment that ends inside a regional phrase would hide the phrase from the last stage.
#[test]
fn hong_kong_phrases_are_not_cut_by_simplified_phrases() {
    let simplified = ["STPhrases", "STPhrases_GeneratedFromRegionalPhrases"].map(entries);
    let values: BTreeSet<&str> = simplified
        .iter()
        .flat_map(|e| pairs(e).map(|pair| pair.1))
        .collect();
    let mut broken = Vec::new();
    for key in entries("HKPhrases").into_keys() {
        let covered = values.iter().any(|value| value.contains(key));
        let cut = values
            .iter()
            .find(|value| length(value) >= 2 && key.contains(**value));
        if let (false, Some(cut)) = (covered, cut) {
            broken.push(format!("{key} by {cut}"));
        }
    }
    assert_none(&broken, "HKPhrases that a segment boundary cuts");
}

#[test]
fn generated_phrases_lead_to_regional_keys_and_are_not_short() {
    let regional = [entries("HKPhrases"), entries("TWPhrases")];
    let generated = entries("STPhrases_GeneratedFromRegionalPhrases");
    for (key, value) in pairs(&generated) {
        assert!(
            length(key) >= 3,
            "{key} is short enough to split longer words"
        );
        assert!(
            regional.iter().any(|r| r.contains_key(value)),
            "{key}: {value} is no key"
        );
    }
}

#[test]
fn characters_change_in_phrases_only_as_the_character_tables_allow() {
    let mut broken = Vec::new();
    for (phrases, characters) in [
        ("STPhrases", "STCharacters"),
        ("TSPhrases", "TSCharacters"),
        ("HKVariantsRevPhrases", "HKVariantsRev"),
        ("TWVariantsRevPhrases", "TWVariantsRev"),
    ] {
        let allowed = entries(characters);
        let allowed: BTreeSet<_> = pairs(&allowed).collect();
        for (key, value) in pairs(&entries(phrases)) {
            if length(key) != length(value) {
                continue;
            }
            for (from, to) in key.chars().zip(value.chars()) {
                let (from, to) = (from.to_string(), to.to_string());
                if from != to && !allowed.contains(&(from.as_str(), to.as_str())) {
                    broken.push(format!("{phrases}: {key} to {value} needs {from} to {to}"));
                }
            }
        }
    }
    assert_none(&broken, "substitutions that the character tables lack");
}

/// A character that two Simplified readings share in a region's standard is turned back to the wrong one
/// unless the phrases that keep it are listed.
#[test]
fn phrases_keep_the_characters_that_reversing_a_standard_would_take() {
    let variant_sets: Vec<&[String]> = entries("STCharacters").into_values().collect();
    for region in ["TW", "HK"] {
        let reverse = entries(&format!("{region}VariantsRev"));
        let mut ambiguous = BTreeSet::new();
        for (key, value) in pairs(&entries(&format!("{region}Variants"))) {
            let stays = key == value || reverse[value][0] == value;
            let has = |set: &&&[String], text: &str| set.iter().any(|value| value == text);
            let share = variant_sets
                .iter()
                .any(|set| has(&set, key) && has(&set, value));
            if !stays && share {
                ambiguous.insert(value);
            }
        }
        assert!(!ambiguous.is_empty(), "{region}: nothing to check");

        let exceptions = entries(&format!("{region}VariantsRevPhrases"));
        let kept: BTreeSet<_> = pairs(&exceptions)
            .filter(|(key, value)| key == value)
            .collect();
        let mut broken = Vec::new();
        for values in entries("STPhrases").into_values() {
            let value = values[0].as_str();
            let needs = ambiguous.iter().any(|character| value.contains(character));
            if length(value) >= 2 && needs && !kept.contains(&(value, value)) {
                broken.push(value.to_string());
            }
        }
        assert_none(&broken, &format!("{region}VariantsRevPhrases lacks"));
    }
}

#[test]
fn phrases_have_only_the_known_characters_outside_the_basic_plane() {
    let mut found = BTreeSet::new();
    for (name, table) in tables() {
        if CHARACTER_TABLES.contains(name) {
            continue;
        }
        for (key, value) in pairs(&table.entries()) {
            let astral = key.chars().chain(value.chars()).filter(|&c| c > '\u{FFFF}');
            found.extend(astral.map(|c| (*name, c)));
        }
    }
    assert_eq!(found, BTreeSet::from(PHRASES_WITH_ASTRAL_CHARACTERS));
}

#[test]
fn compatibility_ideographs_are_in_their_own_table_only() {
    let compatible =
        |c: &char| ('\u{F900}'..='\u{FAFF}').contains(c) || ('\u{2F800}'..='\u{2FA1F}').contains(c);
    for (name, table) in tables() {
        if *name == "CJK_Compatibility_Ideographs" {
            assert_eq!(table.entries().len(), 1002);
            for (key, value) in pairs(&table.entries()) {
                assert!(key.chars().all(|c| compatible(&c)), "{key}");
                assert!(!value.chars().any(|c| compatible(&c)), "{key}: {value}");
            }
            continue;
        }
        for (key, value) in pairs(&table.entries()) {
            let found = key.chars().chain(value.chars()).find(compatible);
            assert_eq!(found, None, "{name}: {key} to {value}");
        }
    }
}

#[test]
fn every_bundled_table_is_the_reference_s() {
    let names: Vec<&str> = tables().keys().copied().collect();
    assert_eq!(Table::BUILTIN, names);
    for name in names {
        let table = Table::builtin(name).expect("a table of this name");
        let entries = table.iter().map(|(key, entry)| {
            assert_eq!(entry.origin(), name);
            let candidates = entry.candidates().map(str::to_owned);
            (key, candidates.collect::<Vec<_>>())
        });
        let expected = tables()[name].entries().into_iter();
        let expected = expected.map(|(key, values)| (key.to_owned(), values.to_vec()));
        assert!(entries.eq(expected), "{name}");
    }
    let error = Table::builtin("STPhrase").expect_err("one letter less");
    assert_eq!((error.kind(), error.name()), (NameKind::Table, "STPhrase"));
    assert_eq!(error.expected(), Table::BUILTIN);
}
