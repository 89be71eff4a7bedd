//! Every way to convert a text gives what the naive reference gives: at once, as a string, in any
//! pieces, byte by byte; and no stream holds back more than it says.
//!
//! The input is a header and a text. The header picks the config and the sizes of the pieces. The
//! text is taken as it stands, or as a list of keys, their parts and special characters, since a
//! fuzzer hardly finds fifty thousand phrases by itself.

#![no_main]

use std::borrow::Cow;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use reference::Reference;
use zhnorm::{Config, Converter, RareCharacters};

#[path = "../../tests/reference/mod.rs"]
mod reference;

/// A config with and without rare characters, and the reference's keys and opinion.
struct Subject {
    converter: Converter,
    reference: Reference,
    keys: Vec<&'static str>,
}

fn subject(number: u8) -> &'static Subject {
    static SUBJECTS: [OnceLock<Subject>; 32] = [const { OnceLock::new() }; 32];
    let number = usize::from(number) % SUBJECTS.len();
    SUBJECTS[number].get_or_init(|| {
        let config = Config::ALL[number / 2];
        let rare = match number % 2 {
            0 => RareCharacters::Include,
            _ => RareCharacters::Exclude,
        };
        let reference = Reference::new(config.name(), rare == RareCharacters::Include);
        let tables = reference::tables().values();
        let used: Vec<*const reference::Table> = reference
            .tables()
            .into_iter()
            .map(|table| table as *const _)
            .collect();
        let tables = tables.filter(|table| used.contains(&std::sync::Arc::as_ptr(table)));
        let mut keys: Vec<&str> = tables
            .flat_map(|table| table.entries().into_keys())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Subject {
            converter: Converter::builder(config).rare_characters(rare).build(),
            reference,
            keys,
        }
    })
}

const SPECIAL: [&str; 16] = [
    "⿰",
    "⿲",
    "⿾",
    "㇯",
    "\u{FE00}",
    "\u{E0100}",
    "\u{301}",
    "\u{F900}",
    "\u{2F800}",
    "𠮷",
    "é",
    "a",
    " ",
    "，",
    "\n",
    "\0",
];

/// A text of keys and other pieces, each named by two bytes and a kind.
fn text_of(program: &[u8], keys: &[&str]) -> Vec<u8> {
    let mut text = Vec::new();
    for step in program.chunks_exact(3) {
        let number = usize::from(u16::from_le_bytes([step[1], step[2]]));
        let key = keys[number * keys.len() / 0x1_0000];
        let boundary = |share: u8| {
            let boundaries: Vec<usize> = key.char_indices().map(|(at, _)| at).collect();
            boundaries[usize::from(share) % boundaries.len()]
        };
        match step[0] {
            0..=95 => text.extend_from_slice(key.as_bytes()),
            96..=127 => text.extend_from_slice(key[..boundary(step[0])].as_bytes()),
            128..=159 => text.extend_from_slice(key[boundary(step[0])..].as_bytes()),
            160..=191 => text.extend_from_slice(&key.as_bytes()[..boundary(step[0]) + 1]),
            192..=239 => text.extend_from_slice(SPECIAL[number % SPECIAL.len()].as_bytes()),
            240..=251 => text.push(step[1]),
            // The last characters again: overlaps and long runs.
            252..=255 => {
                let from = text.len().saturating_sub(number % 64);
                text.extend_from_within(from..);
            }
        }
    }
    text
}

fuzz_target!(|input: &[u8]| {
    let [number, form, sizes @ ..] = input else {
        return;
    };
    let Some((sizes, rest)) = sizes.split_at_checked(usize::from(form % 8)) else {
        return;
    };
    let Subject {
        converter,
        reference,
        keys,
    } = subject(*number);
    let text = match form & 0x80 {
        0 => Cow::Borrowed(rest),
        _ => Cow::Owned(text_of(rest, keys)),
    };

    let expected = reference.convert(&text);
    let mut whole = b"before".to_vec();
    converter.convert_bytes(&text, &mut whole);
    assert_eq!(
        show(&whole[6..]),
        show(&expected),
        "at once: {:?}",
        show(&text)
    );
    if let Ok(string) = std::str::from_utf8(&text) {
        let converted = converter.convert(string);
        assert_eq!(converted.as_bytes(), expected, "as a string: {string:?}");
        let same = converted == string;
        assert_eq!(matches!(converted, Cow::Borrowed(_)), same, "{string:?}");
    }
    for sizes in [sizes, &[1]] {
        if sizes.iter().all(|&size| size == 0) {
            continue;
        }
        let mut out = Vec::new();
        let mut stream = converter.stream();
        let mut rest = &text[..];
        for &size in sizes.iter().cycle() {
            let (piece, after) = rest.split_at(usize::from(size).min(rest.len()));
            stream.push(piece, &mut out);
            assert!(
                stream.held() <= converter.max_held(),
                "held back: {:?}",
                show(&text)
            );
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        stream.finish(&mut out);
        assert_eq!(
            show(&out),
            show(&expected),
            "in pieces of {sizes:?}: {:?}",
            show(&text)
        );
    }
});

/// Bytes so that a failure can be read and written into a test.
fn show(bytes: &[u8]) -> String {
    let chunks = bytes.utf8_chunks().map(|chunk| {
        let invalid: String = chunk
            .invalid()
            .iter()
            .map(|byte| format!("\\x{byte:02X}"))
            .collect();
        chunk.valid().to_owned() + &invalid
    });
    chunks.collect()
}
