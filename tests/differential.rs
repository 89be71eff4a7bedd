//! Compares the library, and the naive reference, with the official OpenCC build.
//!
//! `tests/differential/run.py` has the official build write the cases, then runs this with
//! `ZHNORM_DIFFERENTIAL_CASES` naming their folder. Without that variable there is nothing to compare.

mod reference;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use reference::{Reference, DERIVED_TABLES, SOURCE_TABLES};
use zhnorm::{Config, Converter, RareCharacters};

/// How many differences of one kind are shown.
const SHOWN: usize = 5;

/// The folder with the cases, if the test is to run.
fn cases_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("ZHNORM_DIFFERENTIAL_CASES").map(PathBuf::from);
    if folder.is_none() {
        println!("SKIPPED: python3 tests/differential/run.py compares with the official build");
    }
    folder
}

/// One file of cases, all of one config.
struct CaseFile {
    config: String,
    rare_characters: bool,
    cases: String,
}

impl CaseFile {
    /// All files in the folder.
    fn all(folder: &Path) -> impl Iterator<Item = CaseFile> {
        let mut paths: Vec<_> = fs::read_dir(folder)
            .expect("the folder of cases can be read")
            .map(|entry| entry.expect("the folder of cases can be read").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "tsv"))
            .collect();
        paths.sort();
        paths.into_iter().map(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            let parts: Vec<_> = name
                .expect("case files have plain names")
                .split('.')
                .collect();
            CaseFile {
                config: parts[1].into(),
                rare_characters: match parts[2] {
                    "include" => true,
                    "exclude" => false,
                    other => panic!("{other} says nothing about the rare characters"),
                },
                cases: fs::read_to_string(&path).expect("case files are UTF-8"),
            }
        })
    }

    /// Each text with the official result.
    fn cases(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.cases.lines().map(|line| {
            let (text, expected) = line.split_once('\t').expect("a case has two fields");
            (unescape(text), unescape(expected))
        })
    }
}

fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('\\') => '\\',
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                other => panic!("unknown escape {other:?}"),
            },
            c => c,
        });
    }
    text
}

/// Counts comparisons and shows the first differences.
#[derive(Default)]
struct Tally {
    compared: usize,
    different: usize,
}

impl Tally {
    fn compare(&mut self, file: &CaseFile, how: &str, text: &str, expected: &str, got: &[u8]) {
        self.compared += 1;
        if got == expected.as_bytes() {
            return;
        }
        self.different += 1;
        if self.different <= SHOWN {
            println!(
                "{how} differs: {}, rare characters {}",
                file.config, file.rare_characters
            );
            println!("  input    {text:?}");
            println!("  expected {expected:?}");
            println!("  got      {:?}", String::from_utf8_lossy(got));
        }
    }

    /// Fails on any difference, and when not all cases were seen.
    fn finish(self, what: &str, cases: usize) {
        println!(
            "{what}: {} conversions compared, {} different",
            self.compared, self.different
        );
        assert_eq!(self.different, 0);
        assert_eq!(self.compared, cases);
    }
}

/// The number of cases the generator wrote.
fn total(folder: &Path) -> usize {
    let total = fs::read_to_string(folder.join("TOTAL")).expect("the generator counts its cases");
    total.trim().parse().expect("TOTAL holds a number")
}

fn converter(file: &CaseFile) -> Converter {
    let config: Config = file.config.parse().expect("the official configs are ours");
    let rare_characters = match file.rare_characters {
        true => RareCharacters::Include,
        false => RareCharacters::Exclude,
    };
    Converter::builder(config)
        .rare_characters(rare_characters)
        .build()
}

/// Converts in pieces of about the size of a character, some empty, some the length of a phrase.
fn convert_in_pieces(converter: &Converter, text: &[u8], seed: usize) -> Vec<u8> {
    let mut state = seed as u64 | 1;
    let mut output = Vec::new();
    let mut stream = converter.stream();
    let mut rest = text;
    while !rest.is_empty() {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let size = (state >> 33) as usize % if state >> 63 == 0 { 5 } else { 40 };
        let (piece, after) = rest.split_at(size.min(rest.len()));
        stream.push(piece, &mut output);
        rest = after;
    }
    stream.finish(&mut output);
    output
}

#[test]
fn whole_texts_convert_as_the_official_build_does() {
    let Some(folder) = cases_folder() else { return };
    let mut tally = Tally::default();
    for file in CaseFile::all(&folder) {
        let converter = converter(&file);
        for (text, expected) in file.cases() {
            let got = converter.convert(&text);
            tally.compare(&file, "whole text", &text, &expected, got.as_bytes());
        }
    }
    tally.finish("whole texts", total(&folder));
}

#[test]
fn streams_convert_as_the_official_build_does() {
    let Some(folder) = cases_folder() else { return };
    let mut tally = Tally::default();
    for file in CaseFile::all(&folder) {
        let converter = converter(&file);
        for (seed, (text, expected)) in file.cases().enumerate() {
            let got = convert_in_pieces(&converter, text.as_bytes(), seed);
            tally.compare(&file, "stream", &text, &expected, &got);
        }
    }
    tally.finish("streams", total(&folder));
}

/// What the other tests trust the reference for.
#[test]
fn the_reference_converts_as_the_official_build_does() {
    let Some(folder) = cases_folder() else { return };
    let mut tally = Tally::default();
    for file in CaseFile::all(&folder) {
        let reference = Reference::new(&file.config, file.rare_characters);
        for (text, expected) in file.cases() {
            let got = reference.convert(text.as_bytes());
            tally.compare(&file, "reference", &text, &expected, &got);
        }
    }
    tally.finish("reference", total(&folder));
}

#[test]
fn all_configs_are_compared() {
    let Some(folder) = cases_folder() else { return };
    let seen: BTreeSet<_> = CaseFile::all(&folder)
        .map(|file| (file.config, file.rare_characters))
        .collect();
    let all = Config::ALL.iter().map(|config| config.to_string());
    let all = all.flat_map(|name| [(name.clone(), true), (name, false)]);
    assert_eq!(seen, all.collect());
}

/// The words of a Python file's list, between `NAME = ` and the end of the line.
fn python_list(file: &str, name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(path).expect("the file can be read");
    let start = format!("{name} = ");
    let list = text.lines().find_map(|line| line.strip_prefix(&start));
    let list = list.unwrap_or_else(|| panic!("{file} has no {name}"));
    let list = list.strip_suffix(".split()").unwrap_or(list);
    let words = list.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_owned);
    words.collect()
}

/// Without the official build, too: a config that the generators do not know is never compared.
#[test]
fn the_generators_lists_name_every_config() {
    let sorted = |names: Vec<String>| {
        let mut names = names;
        names.sort();
        names
    };
    let all = || Config::ALL.iter().map(|config| config.to_string());

    let generate = "tests/differential/generate.py";
    let mut names = python_list(generate, "UNSEGMENTED");
    names.extend(python_list(generate, "SEGMENTED"));
    assert_eq!(sorted(names), sorted(all().collect()), "{generate}");

    let regenerate = "tests/golden/regenerate.py";
    let names = python_list(regenerate, "CONFIGS");
    assert_eq!(sorted(names), sorted(all().collect()), "{regenerate}");
    let to_simplified = all().filter(|name| name.ends_with("2s") || name.ends_with("2sp"));
    let names = python_list(regenerate, "TO_SIMPLIFIED");
    assert_eq!(
        sorted(names),
        sorted(to_simplified.collect()),
        "{regenerate}"
    );
}

/// A table's line: a key and its candidates.
fn entry(line: &str) -> (&str, Vec<&str>) {
    let (key, values) = line.split_once('\t').expect("an entry has a tab");
    (key, values.split(' ').collect())
}

/// The 17 imported tables as well as the five that the build derives.
#[test]
fn tables_equal_the_official_compiled_ones() {
    let Some(folder) = cases_folder() else { return };
    for name in SOURCE_TABLES.iter().chain(&DERIVED_TABLES) {
        let path = folder.join("tables").join(format!("{name}.txt"));
        let official =
            fs::read_to_string(&path).expect("the generator writes every official table");
        let official: BTreeMap<&str, Vec<&str>> = official.lines().map(entry).collect();
        // What the build merges the embedded maps from.
        let built = concat!(env!("OUT_DIR"), "/tables");
        let built = fs::read_to_string(Path::new(built).join(format!("{name}.txt")));
        let built = built.expect("the build writes every table");
        assert_eq!(built.lines().count(), official.len(), "entries of {name}");
        for (key, candidates) in built.lines().map(entry) {
            assert_eq!(Some(&candidates), official.get(key), "{name}: {key}");
        }
        let reference = &reference::tables()[name];
        assert_eq!(
            reference.entries().len(),
            official.len(),
            "the reference's {name}"
        );
        for (key, candidates) in reference.entries() {
            let candidates = candidates.iter().map(String::as_str).collect();
            assert_eq!(
                Some(&candidates),
                official.get(key),
                "the reference's {name}: {key}"
            );
        }
        println!("{name}: {} entries, all equal", official.len());
    }
}
