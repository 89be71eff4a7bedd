//! What must hold for every text, every config and every way to bring one to the other.
//!
//! `PROPTEST_CASES` sets how many texts each property is tried on.

mod generators;
mod reference;

use std::borrow::Cow;
use std::collections::BTreeMap;

use generators::{
    alphabet, builtin, chain_and_text, converter, pieces, reference, sizes, Alphabet, Vocabulary,
};
use proptest::prelude::*;
use proptest::sample::Index;
use zhnorm::{Config, Converter, RareCharacters, Table};

/// `times / of` as many texts as proptest would try. Findings become tests of their own, so no list
/// of seeds is kept.
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

/// Converts piece by piece and checks what is held back on the way.
fn streamed(converter: &Converter, pieces: &[&[u8]]) -> Result<Vec<u8>, TestCaseError> {
    let bound = converter.max_held();
    let mut out = Vec::new();
    let mut stream = converter.stream();
    for piece in pieces {
        stream.push(piece, &mut out);
        prop_assert!(
            stream.held() <= bound,
            "{} bytes held back, at most {bound} expected",
            stream.held()
        );
    }
    stream.finish(&mut out);
    Ok(out)
}

fn same(expected: &[u8], got: &[u8], what: &str) -> Result<(), TestCaseError> {
    prop_assert!(
        expected == got,
        "{what}:\nexpected {:?}\ngot      {:?}\n(bytes {expected:02X?}\nand   {got:02X?})",
        String::from_utf8_lossy(expected),
        String::from_utf8_lossy(got),
    );
    Ok(())
}

fn config_and_bytes(length: usize) -> impl Strategy<Value = ((Config, RareCharacters), Vec<u8>)> {
    builtin().prop_flat_map(move |(config, rare)| {
        let text = Vocabulary::of(config).bytes(length);
        (Just((config, rare)), text)
    })
}

/// Some of a config's keys over and over, whole or less a character at either end: enough that there
/// is more of interest than the fast path notes of a stretch of text.
fn config_and_near_misses() -> impl Strategy<Value = ((Config, RareCharacters), String)> {
    let some = prop::collection::vec(any::<Index>(), 1..40);
    let order = prop::collection::vec((any::<Index>(), 0..3), 300..500);
    (builtin(), some, order).prop_map(|((config, rare), some, order)| {
        let tables = reference(config, rare).tables();
        let keys: Vec<&str> = tables
            .iter()
            .flat_map(|table| table.entries().into_keys())
            .collect();
        let some: Vec<&str> = some.iter().map(|index| *index.get(&keys)).collect();
        let part = |&(ref index, part): &(Index, i32)| {
            let key = *index.get(&some);
            let (first, last) = (key.chars().next(), key.chars().next_back());
            match part {
                0 => key,
                1 => &key[first.map_or(0, char::len_utf8)..],
                _ => &key[..key.len() - last.map_or(0, char::len_utf8)],
            }
        };
        ((config, rare), order.iter().map(part).collect())
    })
}

/// What is done to a byte of a saved table.
#[derive(Clone, Copy, Debug)]
enum Forgery {
    /// If it is a number, the same in so many more bytes.
    Pad(usize),
    Replace(u8),
    Insert(u8),
    Repeat,
    Remove,
}

fn forgery() -> impl Strategy<Value = Forgery> {
    // Numbers are small, and so are most that would be taken for one.
    let byte = || prop_oneof![0..4_u8, any::<u8>()];
    prop_oneof![
        (1..5_usize).prop_map(Forgery::Pad),
        byte().prop_map(Forgery::Replace),
        byte().prop_map(Forgery::Insert),
        Just(Forgery::Repeat),
        Just(Forgery::Remove),
    ]
}

proptest! {
    #![proptest_config(config(1, 8))]

    #[test]
    fn a_long_text_of_keys_and_near_misses_converts_as_the_reference_does(
        ((config, rare), text) in config_and_near_misses()
    ) {
        let expected = reference(config, rare).convert(text.as_bytes());
        let converter = converter(config, rare);
        same(&expected, &whole(&converter, text.as_bytes()), config.name())?;
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(700).collect();
        same(&expected, &streamed(&converter, &pieces)?, config.name())?;
    }
}

proptest! {
    #![proptest_config(config(4, 1))]

    #[test]
    fn a_built_in_config_converts_as_the_reference_does(
        ((config, rare), text) in config_and_bytes(14)
    ) {
        let expected = reference(config, rare).convert(&text);
        same(&expected, &whole(&converter(config, rare), &text), config.name())?;
    }

    #[test]
    fn however_a_text_is_cut_the_output_is_the_same(
        ((config, rare), text) in config_and_bytes(14),
        sizes in sizes(),
    ) {
        let converter = converter(config, rare);
        let expected = whole(&converter, &text);
        let got = streamed(&converter, &pieces(&text, &sizes))?;
        same(&expected, &got, config.name())?;
    }

    #[test]
    fn a_pipeline_of_one_s_own_converts_as_the_reference_does(
        (chain, text) in chain_and_text()
    ) {
        let expected = chain.reference().convert(&text);
        same(&expected, &whole(&chain.converter(), &text), "pipeline")?;
    }

    #[test]
    fn however_a_text_is_cut_a_pipeline_of_one_s_own_gives_the_same(
        (chain, text) in chain_and_text(), sizes in sizes(),
    ) {
        let converter = chain.converter();
        let expected = whole(&converter, &text);
        let got = streamed(&converter, &pieces(&text, &sizes))?;
        same(&expected, &got, "pipeline")?;
    }

    #[test]
    fn the_string_forms_give_what_the_bytes_form_gives(
        (config, text) in builtin().prop_flat_map(|(config, _)| {
            (Just(config), Vocabulary::of(config).text(14))
        })
    ) {
        let converter = Converter::new(config);
        let expected = whole(&converter, text.as_bytes());
        let got = converter.convert(&text);
        same(&expected, got.as_bytes(), config.name())?;
        prop_assert_eq!(matches!(got, Cow::Borrowed(_)), got == text);
        let mut out = String::from("before ");
        converter.convert_into(&text, &mut out);
        same(&[b"before ", &expected[..]].concat(), out.as_bytes(), config.name())?;
        let mut stream = converter.stream();
        prop_assert_eq!(stream.max_held(), converter.max_held());
        let mut out = String::new();
        for piece in text.split_inclusive(['的', '\n', 'a']) {
            stream.push_str(piece, &mut out);
        }
        for character in text.chars() {
            stream.push_str(character.encode_utf8(&mut [0; 4]), &mut out);
        }
        stream.finish_str(&mut out);
        let twice = whole(&converter, text.repeat(2).as_bytes());
        same(&twice, out.as_bytes(), config.name())?;
    }

    #[test]
    fn a_text_without_keys_comes_back_borrowed(
        config in proptest::sample::select(Config::ALL),
        text in "\\PC{0,40}",
        controls in "[\\x00-\\x1F⿰⿲\u{FE00}\u{E0100}😀 ]{0,40}",
    ) {
        let vocabulary = Vocabulary::of(config);
        let text: String = (text + &controls)
            .chars()
            .filter(|&character| !vocabulary.starts_a_key(character))
            .collect();
        let converted = Converter::new(config).convert(&text);
        prop_assert!(matches!(converted, Cow::Borrowed(same) if same == text), "{converted:?}");
    }

    #[test]
    fn a_group_finds_what_its_members_find(
        (shape, text) in alphabet().prop_flat_map(|alphabet| (alphabet.shape(), alphabet.text()))
    ) {
        let (table, group) = (shape.table(), shape.group());
        let found = table.longest_match(&text);
        let found = found.map(|(length, entry)| (length, entry.value().as_bytes()));
        prop_assert_eq!(found, group.longest_prefix(&text));
    }

    #[test]
    fn a_saved_table_loads_with_every_entry(
        (shape, leaf) in alphabet().prop_flat_map(|alphabet| (alphabet.shape(), alphabet.leaf()))
    ) {
        // Candidates come from text only; the value of a pair is one candidate.
        let text: String = leaf.iter().map(|(key, value)| format!("{key}\t{value} b {key}\n")).collect();
        let text = text.replace('\0', "z");
        for table in [Some(shape.table()), Table::from_text("text", text.as_bytes()).ok()] {
            let Some(table) = table else { continue };
            let loaded = Table::from_bytes(&table.to_bytes()).expect("just saved");
            prop_assert_eq!(loaded.len(), table.len());
            prop_assert_eq!(loaded.longest_key(), table.longest_key());
            prop_assert!(loaded.iter().eq(table.iter()));
        }
    }

    #[test]
    fn a_forged_saved_table_that_loads_is_saved_as_the_same_bytes(
        shape in alphabet().prop_flat_map(Alphabet::shape),
        changes in proptest::collection::vec((any::<Index>(), forgery()), 1..3),
    ) {
        const CHECKSUM: std::ops::Range<usize> = 12..16;
        let mut bytes = shape.table().to_bytes();
        let mut body = bytes.split_off(CHECKSUM.end);
        for (at, forgery) in changes {
            let at = at.index(body.len());
            let byte = body[at];
            match forgery {
                Forgery::Pad(zeros) => {
                    let more = std::iter::repeat_n(0x80, zeros - 1).chain([0]);
                    body.splice(at..=at, [byte | 0x80].into_iter().chain(more));
                }
                Forgery::Replace(other) => body[at] = other,
                Forgery::Insert(other) => body.insert(at, other),
                Forgery::Repeat => body.insert(at, byte),
                Forgery::Remove if body.len() > 1 => drop(body.remove(at)),
                Forgery::Remove => {}
            }
        }
        bytes[CHECKSUM].copy_from_slice(&crc32fast::hash(&body).to_le_bytes());
        bytes.extend(body);
        if let Ok(table) = Table::from_bytes(&bytes) {
            prop_assert_eq!(table.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_damaged_saved_table_is_refused(
        leaf in alphabet().prop_flat_map(Alphabet::leaf), at in any::<Index>(), byte in 1..=255_u8, end in any::<Index>(),
    ) {
        let saved = generators::Shape::Leaf(leaf).table().to_bytes();
        let mut damaged = saved.clone();
        *at.get_mut(&mut damaged) ^= byte;
        prop_assert!(Table::from_bytes(&damaged).is_err());
        prop_assert!(Table::from_bytes(&saved[..end.index(saved.len())]).is_err());
    }
}

proptest! {
    #![proptest_config(config(1, 1))]

    #[test]
    fn words_over_a_config_convert_as_in_the_reference(
        ((config, rare), tables, text) in builtin().prop_flat_map(|(config, rare)| {
            let vocabulary = Vocabulary::of(config);
            let word = (vocabulary.text(2), vocabulary.text(1));
            let tables = proptest::collection::vec(proptest::collection::vec(word, 1..6), 1..4);
            (Just((config, rare)), tables, vocabulary.bytes(10))
        }),
        again in proptest::collection::vec((any::<Index>(), any::<Index>(), "[a-z]?"), 0..4),
        order in proptest::collection::vec(any::<Index>(), 0..6),
        sizes in sizes(),
        keep in proptest::collection::vec((any::<Index>(), 0..3_usize, 1..4_usize), 0..4),
    ) {
        let mut tables: Vec<BTreeMap<String, String>> = tables
            .into_iter()
            .map(|words| words.into_iter().filter(|(word, _)| !word.is_empty()).collect())
            .collect();
        let words: Vec<String> = tables.iter().flat_map(|table| table.keys().cloned()).collect();
        let mut text = text;
        if !words.is_empty() {
            // Some of them in another table too, there perhaps a bit longer.
            for (table, word, more) in again {
                table.get_mut(&mut tables).insert(word.get(&words).clone() + &more, more);
            }
            // The words themselves, between what else there is.
            for word in &order {
                text.extend_from_slice(word.get(&words).as_bytes());
            }
        }
        // Words that stay are parts of the text, so that they stand across what would be found.
        let characters: Vec<char> = String::from_utf8_lossy(&text).chars().collect();
        let keep = keep.iter().filter(|_| !characters.is_empty()).map(|(place, less, len)| {
            let start = place.index(characters.len()).saturating_sub(*less);
            characters[start..characters.len().min(start + len)].iter().collect()
        });
        let keep: Vec<String> = keep.collect();
        let mut expected = generators::reference(config, rare).clone();
        expected.keep = generators::keep_groups(&keep);
        let mut builder = Converter::builder(config).rare_characters(rare).keep(keep.clone());
        for words in tables {
            let words = generators::Shape::Leaf(words);
            expected.words.push(words.group());
            builder = builder.words(words.table());
        }
        let expected = expected.convert(&text);
        let converter = builder.build();
        let what = format!("{config} keeping {keep:?}");
        same(&expected, &whole(&converter, &text), &what)?;
        same(&expected, &streamed(&converter, &pieces(&text, &sizes))?, &what)?;
    }
}

proptest! {
    // Longer than what the engine takes at once.
    #![proptest_config(config(1, 8))]

    #[test]
    fn long_texts_convert_as_the_reference_does_however_they_are_cut(
        ((config, rare), text) in config_and_bytes(60),
        repeats in 60..120_usize,
        sizes in sizes(),
    ) {
        let text = text.repeat(repeats);
        let converter = converter(config, rare);
        let expected = reference(config, rare).convert(&text);
        same(&expected, &whole(&converter, &text), config.name())?;
        same(&expected, &streamed(&converter, &pieces(&text, &sizes))?, config.name())?;
    }
}

#[test]
fn any_number_of_tables_of_words_is_laid_over_a_config() {
    // More than the origins that one table can tell apart.
    let mut builder = Converter::builder(Config::S2t);
    for number in 0..100 {
        let word = format!("词{number}。");
        let words = [
            (word.as_str(), format!("{number}")),
            ("头发", format!("of {number}")),
        ];
        let words = Table::from_pairs(&format!("table {number}"), words).expect("two words");
        builder = builder.words(words);
    }
    let converter = builder.build();
    assert_eq!(converter.convert("词0。词77。头发头"), "077of 99頭");
}

#[test]
fn many_threads_give_one_answer() {
    let texts: Vec<String> = reference::tables()["TWPhrases"]
        .entries()
        .into_keys()
        .map(|key| format!("{key}头发{key}"))
        .collect();
    let text = texts.concat();
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let expected = converter.convert(&text);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|number| {
                    let (converter, text) = (&converter, text.as_bytes());
                    scope.spawn(move || {
                        let mut out = Vec::new();
                        let mut stream = converter.stream();
                        for piece in text.chunks(100 * number + 1) {
                            stream.push(piece, &mut out);
                        }
                        stream.finish(&mut out);
                        out
                    })
                })
                .collect();
            for thread in threads {
                let got = thread.join().expect("converting does not panic");
                assert!(got == expected.as_bytes(), "{config}");
            }
        });
    }
}
