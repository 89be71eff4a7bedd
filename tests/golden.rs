//! Converts the golden texts in every config, whole and cut in two at every byte.
//!
//! `tests/golden/README.md` says what the texts are and where the expected results come from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use zhnorm::{Config, Converter, RareCharacters};

/// A text, and its expected result by conversion: a config's name, and `:exclude` where the
/// rare-character table is left out.
struct Golden {
    name: String,
    text: String,
    expected: BTreeMap<String, String>,
}

impl Golden {
    fn all() -> Vec<Golden> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
            .expect("the golden folder can be read")
            .map(|entry| entry.expect("the golden folder can be read").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "no golden texts");
        paths.iter().map(|path| Golden::read(path)).collect()
    }

    fn read(path: &Path) -> Golden {
        let text = fs::read_to_string(path).expect("golden texts are UTF-8");
        let name = path.file_stem().and_then(|name| name.to_str());
        let name = name.expect("golden texts have plain names").to_string();
        let changes = path.with_file_name(format!("expected/{name}.tsv"));
        let changes = fs::read_to_string(changes).expect("each golden text has its expectations");

        let lines: Vec<&str> = text.split('\n').collect();
        let mut expected: BTreeMap<String, Vec<String>> = conversions()
            .map(|conversion| {
                (
                    conversion,
                    lines.iter().map(|line| line.to_string()).collect(),
                )
            })
            .collect();
        for change in changes.lines() {
            let fields: Vec<&str> = change.split('\t').collect();
            let [number, names, result] = fields[..] else {
                panic!("{name}: expected three fields, got {change}");
            };
            let number: usize = number.parse().expect("a line number");
            for conversion in names.split(' ') {
                let expected = expected.get_mut(conversion).expect("a conversion of ours");
                expected[number - 1] = unescape(result);
            }
        }
        Golden {
            name,
            text,
            expected: expected
                .into_iter()
                .map(|(conversion, lines)| (conversion, lines.join("\n")))
                .collect(),
        }
    }
}

/// Every config, and those whose result may depend on the rare characters once more without them.
fn conversions() -> impl Iterator<Item = String> {
    Config::ALL.iter().flat_map(|config| {
        let name = config.to_string();
        let exclude = name.ends_with("2s") || name.ends_with("2sp");
        let without = exclude.then(|| format!("{name}:exclude"));
        std::iter::once(name).chain(without)
    })
}

fn converter(conversion: &str) -> Converter {
    let (config, rare_characters) = match conversion.strip_suffix(":exclude") {
        Some(config) => (config, RareCharacters::Exclude),
        None => (conversion, RareCharacters::Include),
    };
    let config: Config = config.parse().expect("a config of ours");
    Converter::builder(config)
        .rare_characters(rare_characters)
        .build()
}

fn unescape(field: &str) -> String {
    // A golden line has no newline, so of the four escapes three occur.
    let mut text = String::new();
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('\\') => '\\',
                Some('t') => '\t',
                Some('r') => '\r',
                other => panic!("unknown escape {other:?}"),
            },
            c => c,
        });
    }
    text
}

#[test]
fn golden_texts_convert_as_the_official_build_does() {
    for golden in Golden::all() {
        for (conversion, expected) in &golden.expected {
            let got = converter(conversion).convert(&golden.text);
            assert_eq!(&got, expected, "{} in {conversion}", golden.name);
        }
    }
}

/// What `regenerate.py` does not know would be expected to leave every line as it is.
#[test]
fn each_conversion_is_expected_to_change_some_line() {
    let goldens = Golden::all();
    for conversion in conversions() {
        let changes = |golden: &Golden| golden.expected[&conversion] != golden.text;
        assert!(goldens.iter().any(changes), "{conversion}");
    }
}

/// The parts between blank lines, with the blank line. Nothing in the golden texts reaches over one,
/// and a short text has few places to cut.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.split_inclusive('\n') {
        paragraphs.last_mut().expect("never empty").push_str(line);
        if line.trim_end().is_empty() {
            paragraphs.push(String::new());
        }
    }
    paragraphs
}

#[test]
fn golden_texts_cut_at_any_byte_convert_the_same() {
    for golden in Golden::all() {
        for &config in Config::ALL {
            let expected = paragraphs(&golden.expected[config.name()]);
            let texts = paragraphs(&golden.text);
            assert_eq!(texts.len(), expected.len(), "no entry is a blank line");
            for (text, expected) in texts.iter().zip(&expected) {
                assert_any_cut_gives(config, text, expected);
            }
        }
    }
}

fn assert_any_cut_gives(config: Config, text: &str, expected: &str) {
    let converter = Converter::new(config);
    let mut output = Vec::new();
    for cut in 0..=text.len() {
        output.clear();
        let mut stream = converter.stream();
        stream.push(&text.as_bytes()[..cut], &mut output);
        stream.push(&text.as_bytes()[cut..], &mut output);
        stream.finish(&mut output);
        let got = String::from_utf8_lossy(&output);
        assert_eq!(got, expected, "{config}, cut at byte {cut} of\n{text}");
    }
}
