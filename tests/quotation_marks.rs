//! Quotation marks: a table of cases with reasons, and what must hold of any text.

mod generators;
mod reference;

use std::borrow::Cow;
use std::collections::BTreeSet;

use generators::{pieces, sizes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use zhnorm::{QuotationMarks, Variety};

const CASES: &str = include_str!("quotation_marks/cases.tsv");

#[test]
fn each_case_comes_out_as_its_reason_says() {
    let mut inputs = BTreeSet::new();
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(CASES.lines()) {
        if line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let [input, output, target, reason] = fields[..] else {
            panic!("line {number}: expected four fields, got {}", fields.len());
        };
        assert!(
            inputs.insert((input, target)),
            "line {number}: a second time"
        );
        let unescaped = |text: &str| text.replace("\\n", "\n").replace("\\r", "\r");
        let target: QuotationMarks = target.parse().expect("a name");
        let (input, output) = (unescaped(input), unescaped(output));
        let got = target.convert(&input);
        if got != output {
            wrong.push(format!(
                "line {number} ({reason}):\n{input}\nexpected {output}\ngot      {got}\n"
            ));
        }
    }
    assert!(inputs.len() >= 60, "{}", inputs.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const MARKS: [&str; 8] = ["“", "”", "‘", "’", "「", "」", "『", "』"];

/// Texts in which marks meet all that tells something, and each other.
fn text() -> impl Strategy<Value = String> {
    let around = [
        "汉", "说：", "。", "，", "word", "a", "é", "한", " ", "\u{3000}", ".", "(", "-", "—", "6",
        "90s", "\n", "\r\n", "\n\n", "„", "\"", "'", "😀", "\0", "…",
    ];
    let piece = prop_oneof![3 => select(&MARKS[..]), 4 => select(around.to_vec())];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let junk: &[&[u8]] = &[b"\xE2", b"\xE2\x80", b"\x9C", b"\xFF", b"\xE3\x80"];
    let piece = prop_oneof![
        6 => text().prop_map(String::into_bytes),
        1 => select(junk).prop_map(<[u8]>::to_vec),
    ];
    vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn whole(target: QuotationMarks, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    target.convert_bytes(text, &mut out);
    out
}

fn streamed(target: QuotationMarks, pieces: &[&[u8]]) -> Vec<u8> {
    let mut stream = target.stream();
    let mut out = Vec::new();
    for piece in pieces {
        stream.push(piece, &mut out);
        assert!(stream.held() <= stream.max_held());
    }
    stream.finish(&mut out);
    out
}

/// A text without its marks: where each stands, and whether it opens, is left.
fn without_shapes(text: &str) -> String {
    let shapeless = |c| match c {
        '“' | '‘' | '「' | '『' => '<',
        '”' | '’' | '」' | '』' => '>',
        c => c,
    };
    text.chars().map(shapeless).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8 * ProptestConfig::default().cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn marks_become_marks_and_nothing_else_changes(
        text in text(), target in select(QuotationMarks::ALL),
    ) {
        let once = target.convert(&text);
        prop_assert_eq!(without_shapes(&once), without_shapes(&text));
        prop_assert_eq!(matches!(once, Cow::Borrowed(_)), once == text);
        // Corner marks are Chinese, so none is left where curly ones are asked for.
        if target == QuotationMarks::Curly {
            prop_assert!(!once.contains(['「', '」', '『', '』']), "{}", once);
        }
        // Of marks of both kinds that do not fit, those that became others may be closed by others the second
        // time; and so may what a line leaves open by those after it.
        let lines = ['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{B}', '\u{C}'];
        let is_mixed = text.contains(['「', '」', '『', '』']) && text.contains(['“', '”', '‘', '’']);
        if !text.contains(lines) && !is_mixed {
            prop_assert_eq!(&target.convert(&once), &once, "a second time");
        }
        let mut out = String::from("before ");
        target.convert_into(&text, &mut out);
        prop_assert_eq!(&out[7..], &once);
    }

    #[test]
    fn however_a_text_is_cut_its_marks_become_the_same(
        text in bytes(), target in select(QuotationMarks::ALL), sizes in sizes(),
    ) {
        prop_assert_eq!(streamed(target, &pieces(&text, &sizes)), whole(target, &text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_line_longer_than_what_is_held_is_the_same_however_it_is_cut(
        text in bytes(), repeats in 100..400_usize, target in select(QuotationMarks::ALL), sizes in sizes(),
    ) {
        let mut text = text.repeat(repeats);
        text.retain(|&byte| byte != b'\n');
        prop_assert_eq!(streamed(target, &pieces(&text, &sizes)), whole(target, &text));
    }
}

#[test]
fn a_quotation_longer_than_what_is_held_is_closed_as_it_was_opened() {
    let filling = "很长的一行，没有尽头".repeat(5_000);
    let text = format!("他说：“{filling}‘引文’{filling}”。");
    let expected = format!("他说：「{filling}『引文』{filling}」。");
    assert_eq!(QuotationMarks::Corner.convert(&text), expected);
}

#[test]
fn a_text_of_nothing_but_marks_that_open_is_done_in_time() {
    // A stack that is walked for each mark would take hours.
    let text = "“‘「".repeat(1_000_000);
    let done = QuotationMarks::Corner.convert(&text);
    assert_eq!(done.len(), text.len());
}

#[test]
fn a_variety_has_its_marks() {
    for &variety in Variety::ALL {
        let expected = match variety {
            Variety::Hans => QuotationMarks::Curly,
            _ => QuotationMarks::Corner,
        };
        assert_eq!(QuotationMarks::of(variety), expected);
    }
}

#[test]
fn readers_and_writers_pass_marks_as_texts_do() {
    let text = "他说：“别信‘稳赚’。”\n".repeat(10_000);
    let expected = QuotationMarks::Corner.convert(&text);
    let mut out = Vec::new();
    zhnorm::io::copy(&QuotationMarks::Corner, text.as_bytes(), &mut out).expect("memory");
    assert_eq!(out, expected.as_bytes());
}
