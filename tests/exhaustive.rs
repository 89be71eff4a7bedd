//! Every character alone, and every key of every table, in every config, against the naive reference.

mod reference;

use std::collections::HashSet;

use reference::{tables, Reference};
use zhnorm::{Config, Converter, RareCharacters};

/// Every config beside its reference, and those to Simplified, the only ones that may use the rare
/// characters, once more without them.
fn converters() -> impl Iterator<Item = (String, Converter, Reference)> {
    Config::ALL.iter().copied().flat_map(|config| {
        let to_simplified = config.name().ends_with("2s") || config.name().ends_with("2sp");
        let exclude = to_simplified.then_some((RareCharacters::Exclude, false));
        let settings = std::iter::once((RareCharacters::Include, true)).chain(exclude);
        settings.map(move |(rare, include)| {
            (
                format!("{config}, {rare:?}"),
                Converter::builder(config).rare_characters(rare).build(),
                Reference::new(config.name(), include),
            )
        })
    })
}

#[test]
fn every_character_alone_converts_as_its_entries_say() {
    // A character that no table knows stays, so the reference need not be asked 1.1 million times.
    let known: HashSet<char> = tables()
        .values()
        .flat_map(|table| table.entries().into_keys().collect::<Vec<_>>())
        .flat_map(str::chars)
        .collect();
    for (name, converter, reference) in converters() {
        let mut output = Vec::new();
        for character in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let text: &str = character.encode_utf8(&mut buffer);
            output.clear();
            converter.convert_bytes(text.as_bytes(), &mut output);
            if known.contains(&character) {
                let expected = reference.convert_str(text);
                assert_eq!(
                    output,
                    expected.as_bytes(),
                    "{name}: {character:?}, expected {expected}"
                );
            } else {
                assert_eq!(
                    output,
                    text.as_bytes(),
                    "{name}: {character:?}, expected no change"
                );
            }
        }
    }
}

#[test]
fn every_key_converts_as_the_reference_says() {
    for (name, converter, reference) in converters() {
        for table in reference.tables() {
            for key in table.entries().into_keys() {
                let expected = reference.convert_str(key);
                assert_eq!(converter.convert(key), expected, "{name}: {key}");
            }
        }
    }
}
