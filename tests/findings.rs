//! Texts that were once converted wrongly, as the properties and the fuzzers found them, cut down.

mod reference;

use reference::Reference;
use zhnorm::{Config, Converter, Table};

fn byte_by_byte(converter: &Converter, text: &str) -> String {
    let mut out = Vec::new();
    let mut stream = converter.stream();
    for byte in text.as_bytes().chunks(1) {
        stream.push(byte, &mut out);
    }
    stream.finish(&mut out);
    String::from_utf8(out).expect("text and values are UTF-8")
}

/// The part of a description that had come counted again with each piece, so that its end was
/// expected too early.
#[test]
fn a_description_that_comes_in_pieces_is_kept_to_its_end() {
    let table = Table::from_pairs("one", [("汉", "字")]).expect("one key");
    let converter = Converter::pipeline().stage(table).build();
    let text = "⿰".repeat(17) + "⿲口汉汉汉汉𠀀，汉汉汉汉汉汉汉汉汉汉汉汉";
    let expected = "⿰".repeat(17) + "⿲口汉汉汉汉𠀀，汉汉汉汉汉汉汉汉汉汉字字";
    assert_eq!(converter.convert(&text), expected);
    assert_eq!(byte_by_byte(&converter, &text), expected);

    let reference = Reference::new("s2t", true);
    let converter = Converter::new(Config::S2t);
    let text = "⿲⿰⿲⿰⿲⿰⿰⿲⿰⿲⿰\t〇〇𠀾〇〇〇〇-〇〇〇〇\u{2F800}台历尿崩症".repeat(3);
    assert_eq!(
        byte_by_byte(&converter, &text),
        reference.convert_str(&text)
    );
}

/// What a phrase became met the character before it in a word, over a boundary that was thought
/// safe because no phrase of the first table crosses it.
#[test]
fn a_word_is_found_across_the_edge_of_what_a_phrase_became() {
    let normalization = Table::from_pairs("n", [("𠀀汉", "汉")]).expect("one key");
    let words = Table::from_pairs("w", [("汉汉", "word")]).expect("one key");
    let stage = Table::union([]).expect("an empty table");
    let pipeline = Converter::pipeline().normalization(normalization);
    let converter = pipeline.stage(stage).words(words).build();
    assert_eq!(converter.convert("汉𠀀汉"), "word");
    assert_eq!(byte_by_byte(&converter, "汉𠀀汉"), "word");
}

/// Only the first of two normalizations was asked whether it changes a character of an island, so
/// the second was left out there.
#[test]
fn a_second_normalization_counts_on_islands() {
    let empty = Table::union([]).expect("an empty table");
    let normalization = Table::from_pairs("n", [("后", "国")]).expect("one key");
    let stage = Table::from_pairs("s", [("面国", "汉")]).expect("one key");
    let pipeline = Converter::pipeline().normalization(empty);
    let converter = pipeline.normalization(normalization).stage(stage).build();
    assert_eq!(converter.convert("面后"), "汉");
    assert_eq!(byte_by_byte(&converter, "面后"), "汉");
}
