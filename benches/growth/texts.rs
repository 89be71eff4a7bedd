//! Operations on texts: what people write, and what was made to be slow.

use zhnorm::normalize::{Normalizer, Target};
use zhnorm::{detect, detect_spans, Config, Converter, Unit};

use crate::corpus::{Kind, Rng, Size};
use crate::Row;

/// The greatest exponent of anything done to a text.
const LIMIT: f64 = 1.1;

/// A kind of text.
struct Text {
    name: &'static str,
    make: fn(usize) -> String,
}

/// As much of a repeated text as fits.
fn repeated(pattern: &str, bytes: usize) -> String {
    let mut text = pattern.repeat(bytes / pattern.len() + 1);
    let mut end = bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

/// Ideographs of Extension B, any of them, in sentences.
fn extension_b(bytes: usize) -> String {
    let ideographs: Vec<char> = ('\u{20000}'..='\u{2A6DF}').collect();
    let mut rng = Rng::new("Extension B");
    let mut text = String::new();
    while text.len() + 4 <= bytes {
        match rng.below(12) {
            0 => text.push('，'),
            _ => text.push(*rng.pick(&ideographs)),
        }
    }
    text
}

fn generated(kind: Kind, bytes: usize) -> String {
    kind.corpus(Size::Bytes(bytes)).texts.remove(0)
}

/// Texts of a size: one, or of a smaller size as many as make a megabyte. One small text again and
/// again would be foretold, branch by branch.
fn texts(make: fn(usize) -> String, bytes: usize) -> Vec<String> {
    const AT_LEAST: usize = 1_000_000;
    let whole = make(bytes.max(AT_LEAST));
    let mut rest = &whole[..];
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let mut end = bytes.min(rest.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        texts.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    texts
}

macro_rules! repeating {
    ($($name:literal $pattern:literal),+ $(,)?) => {
        &[$(Text { name: $name, make: |bytes| repeated($pattern, bytes) }),+]
    };
}

const NATURAL: &[Text] = &[
    Text {
        name: "news",
        make: |bytes| generated(Kind::News, bytes),
    },
    Text {
        name: "traditional",
        make: |bytes| generated(Kind::Traditional, bytes),
    },
];

/// Texts against a converter: prefixes of phrases, and what stands in the way of a fast loop.
const AGAINST_CONVERSION: &[Text] = &[
    Text {
        name: "near-miss-hans",
        make: |bytes| generated(Kind::NearMissHans, bytes),
    },
    Text {
        name: "near-miss-hant",
        make: |bytes| generated(Kind::NearMissHant, bytes),
    },
    Text {
        name: "Extension B",
        make: extension_b,
    },
];

const REPEATED_AGAINST_CONVERSION: &[Text] = repeating![
    "description operators" "⿰",
    "descriptions" "⿰⿰木木⿱",
    "one phrase's character" "头",
    "selectors" "头\u{FE00}发\u{FE00}\u{FE00}",
    "Russian" "Съешь же ещё этих мягких французских булок. ",
    "Vietnamese" "Tiếng Việt là một ngôn ngữ đơn lập, có thanh điệu. ",
    "French" "Voyez le brick géant où j’élève des œufs à côté. ",
    "emoji" "😀👍🏽👩\u{200D}👩\u{200D}👧 ",
];

/// Texts against what cuts a text: quotes, stops, blank lines, characters that join.
const AGAINST_SPANS: &[Text] = repeating![
    "JSON quotes" "\"他说。\",\"她说。\",",
    "single quotes" "'他说。','她说。',",
    "stops" "。",
    "full stops and letters" "a.b",
    "stops and commas" "。，",
    "quotes" "\"",
    "closing quotes" "。”",
    "spaces" " ",
    "blank lines" "\n",
    "blank lines with spaces" " \u{3000}\n",
    "returns" "\r",
    "combining marks" "\u{0301}",
    "stops and combining marks" "。\u{0301}\u{0301}",
    "flags" "🇨🇳",
    "joined emoji" "👩\u{200D}",
    "conjuncts" "क\u{094D}",
    "Hangul parts" "ᄀ",
    "prepended marks" "\u{0600}",
    "no end" "说",
    "private use" "\u{E000}说",
];

fn all() -> impl Iterator<Item = &'static Text> {
    NATURAL
        .iter()
        .chain(AGAINST_CONVERSION)
        .chain(REPEATED_AGAINST_CONVERSION)
        .chain(AGAINST_SPANS)
}

pub fn rows() -> Vec<Row> {
    let sizes: &[usize] = match crate::is_quick() {
        true => &[10_000, 60_000, 400_000],
        false => &[10_000, 100_000, 1_000_000, 10_000_000],
    };
    let mut rows = Vec::new();
    let row = |operation: &str, text: &Text, run: fn(&String) -> usize| {
        let (name, make) = (format!("{operation}/{}", text.name), text.make);
        Row::new(name, sizes, LIMIT, move |bytes| texts(make, bytes), run)
    };
    let to_convert = || {
        NATURAL
            .iter()
            .chain(AGAINST_CONVERSION)
            .chain(REPEATED_AGAINST_CONVERSION)
    };
    for text in to_convert() {
        rows.push(row("convert/s2t", text, |text| convert(Config::S2t, text)));
        rows.push(row("convert/s2twp", text, |text| {
            convert(Config::S2twp, text)
        }));
        rows.push(row("convert/t2s", text, |text| convert(Config::T2s, text)));
        rows.push(row("convert/tw2sp", text, |text| {
            convert(Config::Tw2sp, text)
        }));
        rows.push(row("stream bytes/s2twp", text, |text| {
            stream(Config::S2twp, text, 1)
        }));
        rows.push(row("stream pieces/tw2sp", text, |text| {
            stream(Config::Tw2sp, text, 999)
        }));
    }
    rows.push(Row::new(
        "convert bytes/s2twp/no text".to_owned(),
        sizes,
        LIMIT,
        |bytes| vec![b"\xFF\xC0\xE4\x80".repeat(bytes / 4)],
        |bytes| {
            let mut out = Vec::new();
            Converter::new(Config::S2twp).convert_bytes(bytes, &mut out);
            out.len()
        },
    ));
    for text in all() {
        rows.push(row("detect", text, |text| {
            detect(text).counts().han() as usize
        }));
    }
    for text in NATURAL.iter().chain(AGAINST_SPANS) {
        rows.push(row("spans/document", text, |text| {
            spans(text, Unit::Document)
        }));
        rows.push(row("spans/paragraph", text, |text| {
            spans(text, Unit::Paragraph)
        }));
        rows.push(row("spans/line", text, |text| spans(text, Unit::Line)));
        rows.push(row("spans/sentence", text, |text| {
            spans(text, Unit::Sentence)
        }));
    }
    for text in all() {
        rows.push(row("normalize/tw/sentence", text, |text| {
            normalize(Target::Tw, Unit::Sentence, text)
        }));
        rows.push(row("normalize/hans/paragraph", text, |text| {
            normalize(Target::Hans, Unit::Paragraph, text)
        }));
        rows.push(row("normalize stream bytes/tw", text, |text| {
            normalize_stream(text, 1)
        }));
        rows.push(row("normalize stream pieces/tw", text, |text| {
            normalize_stream(text, 999)
        }));
    }
    rows
}

fn convert(config: Config, text: &str) -> usize {
    Converter::new(config).convert(text).len()
}

fn stream(config: Config, text: &str, piece: usize) -> usize {
    let mut stream = Converter::new(config).stream();
    let mut out = Vec::new();
    for piece in text.as_bytes().chunks(piece) {
        stream.push(piece, &mut out);
    }
    stream.finish(&mut out);
    out.len()
}

fn spans(text: &str, unit: Unit) -> usize {
    detect_spans(text, unit).count()
}

fn normalize(target: Target, unit: Unit, text: &str) -> usize {
    let normalizer = Normalizer::builder(target).unit(unit).build();
    normalizer.normalize(text).len()
}

fn normalize_stream(text: &str, piece: usize) -> usize {
    let mut stream = Normalizer::new(Target::Tw).stream();
    let mut out = Vec::new();
    for piece in text.as_bytes().chunks(piece) {
        stream.push(piece, &mut out);
    }
    stream.finish(&mut out);
    out.len()
}
