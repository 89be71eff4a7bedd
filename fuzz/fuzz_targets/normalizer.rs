//! Every way to normalize a text gives the same: at once, as bytes, in any pieces. Its report replays, and
//! normalizing again changes nothing more.
//!
//! The input is a header and a text. The header picks the options and the size of the pieces. The text is
//! taken as it stands, or as a list of words of either script, their parts, rare forms and special
//! characters, since a fuzzer hardly finds the words by itself.

#![no_main]

use std::borrow::Cow;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use zhnorm::normalize::{Normalizer, PrivateUse, Source, Style, Target, VariationSelectors, Width};
use zhnorm::{Converter, Unit};

/// The options that two bytes choose.
fn normalizer([first, second]: [u8; 2]) -> Normalizer {
    let choice = |bits: u8, of: usize| usize::from(bits) % of;
    Normalizer::builder(Target::ALL[choice(first, Target::ALL.len())])
        .unit(Unit::ALL[choice(first >> 2, Unit::ALL.len())])
        .style([Style::Target, Style::Keep][choice(second, 2)])
        .width([Width::Keep, Width::Narrow][choice(second >> 1, 2)])
        .variation_selectors(
            [VariationSelectors::Keep, VariationSelectors::Remove][choice(second >> 2, 2)],
        )
        .private_use([PrivateUse::Keep, PrivateUse::Replace][choice(second >> 3, 2)])
        .source(Source::ALL[choice(second >> 4, Source::ALL.len())])
        .min_confidence([0.0, 0.98, 0.99][choice(second >> 6, 3)])
        .build()
}

/// Words of both scripts, and rare forms.
fn words() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let first_fields = |text: &'static str| {
            let rows = text.lines().filter(|row| !row.starts_with('#'));
            rows.filter_map(|row| row.split('\t').next())
                .filter(|field| !field.is_empty())
        };
        let traditional = Converter::s2t();
        let mut words = Vec::new();
        for word in first_fields(include_str!("../../data/normalize/words.txt")) {
            words.push(traditional.convert(word).into_owned());
            words.push(word.to_owned());
        }
        let rare = [
            include_str!("../../data/normalize/variants.tsv"),
            include_str!("../../data/normalize/curated.tsv"),
            include_str!("../../data/normalize/keep.tsv"),
        ];
        words.extend(rare.into_iter().flat_map(first_fields).map(str::to_owned));
        words.sort_unstable();
        words.dedup();
        words
    })
}

const SPECIAL: [&str; 16] = [
    "\u{F900}",
    "\u{2F00}",
    "\u{FE00}",
    "\u{E0100}",
    "\u{E000}",
    "Ａ",
    "ｶﾞ",
    "の",
    "。",
    "」",
    "\n",
    "\u{2029}",
    "a. ",
    "\u{200D}",
    "𠮷",
    "\0",
];

/// A text of words and other pieces, each named by two bytes and a kind.
fn text_of(program: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for step in program.chunks_exact(3) {
        let number = usize::from(u16::from_le_bytes([step[1], step[2]]));
        let word = &words()[number * words().len() / 0x1_0000];
        let (middle, _) = word
            .char_indices()
            .nth(usize::from(step[0]) % word.chars().count())
            .expect("one of its characters");
        match step[0] {
            0..=95 => text.extend_from_slice(word.as_bytes()),
            96..=127 => text.extend_from_slice(word[..middle].as_bytes()),
            128..=175 => text.extend_from_slice(word[middle..].as_bytes()),
            176..=239 => text.extend_from_slice(SPECIAL[number % SPECIAL.len()].as_bytes()),
            240..=243 => text.push(step[1]),
            // The last bytes again: long spans without an end.
            244..=255 => {
                let from = text.len().saturating_sub(number % 512);
                text.extend_from_within(from..);
            }
        }
    }
    text
}

fuzz_target!(|input: &[u8]| {
    let [first, second, size, rest @ ..] = input else {
        return;
    };
    let normalizer = normalizer([*first, *second]);
    let text = match first & 0x80 {
        0 => Cow::Borrowed(rest),
        _ => Cow::Owned(text_of(rest)),
    };

    let mut expected = Vec::new();
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid();
        let done = normalizer.normalize_with_report(valid);
        assert_eq!(
            done.report.replay(valid).as_deref(),
            Some(&*done.text),
            "{valid:?}"
        );
        let normalized = normalizer.normalize(valid);
        assert_eq!(normalized, done.text, "{valid:?}");
        assert_eq!(
            matches!(normalized, Cow::Borrowed(_)),
            normalized == valid,
            "{valid:?}"
        );
        assert_eq!(
            normalizer.normalize(&done.text),
            done.text,
            "twice: {valid:?}"
        );
        expected.extend_from_slice(done.text.as_bytes());
        expected.extend_from_slice(chunk.invalid());
    }
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut whole = b"before".to_vec();
    normalizer.normalize_bytes(&text, &mut whole);
    assert!(whole[6..] == expected, "as bytes: {:?}", shown(&text));
    for size in [1, usize::from(*size) + 1] {
        let mut out = Vec::new();
        let mut stream = normalizer.stream();
        for piece in text.chunks(size) {
            stream.push(piece, &mut out);
            assert!(
                stream.held() <= stream.max_held(),
                "held back: {:?}",
                shown(&text)
            );
        }
        stream.finish(&mut out);
        assert!(
            out == expected,
            "in pieces of {size}: {:?}: expected {:?}, got {:?}",
            shown(&text),
            shown(&expected),
            shown(&out)
        );
    }
});
