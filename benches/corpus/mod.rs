//! The texts the benchmarks convert: written by us, or grown from those with
//! fixed seeds. Shared by `benches/` and `compare/`, so that a number from one
//! means the same bytes as a number from the other.

// Each user takes its part of this module.
#![allow(dead_code)]

mod lexicon;
mod near_miss;
mod prose;
mod rng;

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::OnceLock;

pub use prose::Script;
pub use rng::Rng;

const NEWS: &str = include_str!("news.hans.txt");
const FICTION: &str = include_str!("fiction.hans.txt");
const TRADITIONAL: &str = include_str!("news-fiction.hant.txt");
const CODE: &str = include_str!("code.txt");
const SETTINGS: &str = include_str!("settings.txt");
const MIXED: &str = include_str!("mixed.txt");

/// The folder of texts of one's own to measure on, besides these.
pub const TEXTS_VARIABLE: &str = "ZHNORM_TEXTS";

/// A kind of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Simplified, news style: dense in phrases.
    News,
    /// Simplified, stories with dialogue.
    Fiction,
    /// Traditional as Taiwan writes it, news and stories.
    Traditional,
    /// Simplified, a line a clause: subtitles, chat, lists of sentences. Where
    /// lines are this short, every one costs a change of stride.
    LinesHans,
    /// The same, Traditional.
    LinesHant,
    /// Source code and settings with Simplified comments.
    Code,
    /// Forum style: both scripts, damaged characters, Latin and Japanese.
    Mixed,
    /// ASCII alone.
    Ascii,
    /// Prefixes of Simplified phrases, built against the converter.
    NearMissHans,
    /// The same of Traditional phrases.
    NearMissHant,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::News,
        Kind::Fiction,
        Kind::Traditional,
        Kind::LinesHans,
        Kind::LinesHant,
        Kind::Code,
        Kind::Mixed,
        Kind::Ascii,
        Kind::NearMissHans,
        Kind::NearMissHant,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::News => "news",
            Kind::Fiction => "fiction",
            Kind::Traditional => "traditional",
            Kind::LinesHans => "lines-hans",
            Kind::LinesHant => "lines-hant",
            Kind::Code => "code",
            Kind::Mixed => "mixed",
            Kind::Ascii => "ascii",
            Kind::NearMissHans => "near-miss-hans",
            Kind::NearMissHant => "near-miss-hant",
        }
    }

    /// `bytes` of this kind: never more, and fewer only by what would cut a
    /// character.
    fn generate(self, bytes: usize) -> String {
        let hans = format!("{NEWS}{FICTION}{MIXED}");
        let mut text = match self {
            // Half of the words are replaced: enough to make the vocabulary
            // of a megabyte that of many texts, few enough for the commonest
            // words to stay the commonest.
            Kind::News => prose::generate(NEWS, &hans, Script::Hans, 50, bytes),
            Kind::Fiction => prose::generate(FICTION, &hans, Script::Hans, 50, bytes),
            Kind::Traditional => prose::generate(TRADITIONAL, TRADITIONAL, Script::Hant, 50, bytes),
            Kind::LinesHans => lines(&Kind::Fiction.generate(bytes * 2)),
            Kind::LinesHant => lines(&Kind::Traditional.generate(bytes * 2)),
            Kind::Mixed => prose::generate(MIXED, &hans, Script::Hans, 50, bytes),
            Kind::Code => code(bytes),
            Kind::Ascii => {
                // Comments go, so more code is needed than is asked for.
                let mut text = code(bytes * 2);
                text.retain(|c| c.is_ascii());
                text
            }
            Kind::NearMissHans => near_miss::generate(Script::Hans, bytes),
            Kind::NearMissHant => near_miss::generate(Script::Hant, bytes),
        };
        assert!(text.len() >= bytes);
        text.truncate(boundary(&text, bytes));
        text
    }

    /// The megabyte of this kind, made once.
    fn book(self) -> &'static str {
        static BOOKS: [OnceLock<String>; Kind::ALL.len()] =
            [const { OnceLock::new() }; Kind::ALL.len()];
        BOOKS[self as usize].get_or_init(|| self.generate(1_000_000))
    }

    /// The texts of this kind and size.
    pub fn corpus(self, size: Size) -> Corpus {
        let texts = match size {
            Size::Sentence => pieces(self.book(), 100, 1000),
            Size::Article => pieces(self.book(), 30_000, 33),
            Size::Book => vec![self.book().to_owned()],
            Size::Bytes(bytes) => vec![self.generate(bytes)],
        };
        Corpus {
            name: self.corpus_name(size),
            texts,
        }
    }

    /// The name of these texts, for who does not need them yet.
    pub fn corpus_name(self, size: Size) -> String {
        let size = match size {
            Size::Sentence => "100B".to_owned(),
            Size::Article => "30K".to_owned(),
            Size::Book => "1M".to_owned(),
            Size::Bytes(bytes) => bytes_name(bytes),
        };
        format!("{}-{size}", self.name())
    }
}

/// A number of bytes, short if it is round.
fn bytes_name(bytes: usize) -> String {
    match bytes {
        _ if bytes.is_multiple_of(1_000_000) => format!("{}M", bytes / 1_000_000),
        _ if bytes.is_multiple_of(1000) => format!("{}K", bytes / 1000),
        _ => format!("{bytes}B"),
    }
}

/// How long the texts of a corpus are.
///
/// A text converted again and again soon has every branch it takes foretold,
/// which no text that is converted once has: on one article looped, a peer ran
/// at 1.6 times its speed on many. So the shorter sizes are many texts, a pass
/// over which converts each with a call of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// A sentence: 1000 texts of 100 bytes.
    Sentence,
    /// An article: 33 texts of 30 KB.
    Article,
    /// A book: one text of 1 MB.
    Book,
    /// One text of this many bytes.
    Bytes(usize),
}

impl Size {
    /// The sizes the benchmarks use.
    pub const ALL: [Size; 3] = [Size::Sentence, Size::Article, Size::Book];
}

/// Texts and what reports call them.
#[derive(Clone, Debug)]
pub struct Corpus {
    pub name: String,
    pub texts: Vec<String>,
}

impl Corpus {
    /// All bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }
}

/// The last place at which `text` may be cut that is not after `at`.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first `count` pieces of `text` of `bytes` each.
fn pieces(mut text: &str, bytes: usize, count: usize) -> Vec<String> {
    (0..count)
        .map(|_| {
            let (piece, rest) = text.split_at(boundary(text, bytes));
            text = rest;
            piece.to_owned()
        })
        .collect()
}

/// The script that texts for `config` (an OpenCC name) are written in.
pub fn source(config: &str) -> Script {
    if config.starts_with("s2") {
        Script::Hans
    } else {
        Script::Hant
    }
}

/// The generated texts that the benchmarks convert with `config` and whose
/// converted form is known, by `digests.tsv`.
pub fn checked(config: &str) -> Vec<Corpus> {
    let script = source(config);
    let kinds: &[Kind] = match script {
        Script::Hans => &[
            Kind::News,
            Kind::Fiction,
            Kind::LinesHans,
            Kind::Code,
            Kind::Mixed,
            Kind::NearMissHans,
        ],
        Script::Hant => &[
            Kind::Traditional,
            Kind::LinesHant,
            Kind::Code,
            Kind::Mixed,
            Kind::NearMissHant,
        ],
    };
    let mut texts: Vec<Corpus> = kinds
        .iter()
        .flat_map(|kind| Size::ALL.map(|size| kind.corpus(size)))
        .collect();
    texts.push(queries(script, 2..=20));
    texts
}

/// The digest of `text` (a name of [`checked`]) converted with `config`.
///
/// # Panics
///
/// If `digests.tsv` does not have it.
pub fn expected_digest(config: &str, text: &str) -> u64 {
    let start = format!("{config}\t{text}\t");
    include_str!("digests.tsv")
        .lines()
        .find_map(|line| line.strip_prefix(&start))
        .and_then(|digest| u64::from_str_radix(digest, 16).ok())
        .unwrap_or_else(|| panic!("digests.tsv has no {config} {text}: run `compare/run digests`"))
}

/// `text` with an end of line in place of punctuation.
fn lines(text: &str) -> String {
    let clauses = text.split([
        '，', '；', '：', '。', '！', '？', '“', '”', '「', '」', '\n',
    ]);
    let mut out = String::with_capacity(text.len());
    for clause in clauses.filter(|clause| !clause.is_empty()) {
        out.push_str(clause);
        out.push('\n');
    }
    out
}

/// Blocks of lines of the program and of the settings file, with numbers of
/// their own, the first time in order.
fn code(bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 4096);
    out.push_str(CODE);
    out.push_str(SETTINGS);
    let lines: Vec<&str> = CODE.lines().chain(SETTINGS.lines()).collect();
    let mut rng = Rng::new("code");
    while out.len() < bytes {
        let start = rng.below(lines.len());
        let end = (start + 4 + rng.below(12)).min(lines.len());
        for line in &lines[start..end] {
            for c in line.chars() {
                out.push(match c {
                    '0'..='9' => (b'0' + rng.below(10) as u8) as char,
                    c => c,
                });
            }
            out.push('\n');
        }
    }
    out
}

/// A thousand search queries: pieces of prose of `characters` characters,
/// with no end of line and no punctuation in front.
pub fn queries(script: Script, characters: RangeInclusive<usize>) -> Corpus {
    let kinds: &[Kind] = match script {
        Script::Hans => &[Kind::News, Kind::Fiction],
        Script::Hant => &[Kind::Traditional],
    };
    let text: Vec<char> = kinds.iter().flat_map(|kind| kind.book().chars()).collect();
    let (shortest, longest) = characters.into_inner();
    let mut rng = Rng::new("queries");
    let mut texts = Vec::new();
    while texts.len() < 1000 {
        let length = shortest + rng.below(longest - shortest + 1);
        let start = rng.below(text.len() - length);
        let piece = &text[start..start + length];
        if piece[0].is_alphanumeric() && !piece.contains(&'\n') {
            texts.push(piece.iter().collect());
        }
    }
    let name = if shortest == longest {
        format!("queries-{shortest}")
    } else {
        format!("queries-{shortest}-{longest}")
    };
    Corpus { name, texts }
}

/// Text that has been converted already and in which nothing is left to
/// change: the lines of what `convert` makes of `corpus` that `convert`
/// leaves as they are.
pub fn converted(corpus: &Corpus, convert: impl Fn(&str) -> String) -> Corpus {
    let unchanging = |text: &String| {
        let lines = convert(text);
        let lines = lines.split_inclusive('\n');
        lines.filter(|line| convert(line) == *line).collect()
    };
    Corpus {
        name: format!("converted-{}", corpus.name),
        texts: corpus.texts.iter().map(unchanging).collect(),
    }
}

/// The `.txt` files of the folder that [`TEXTS_VARIABLE`] names, in the order
/// of their names; none when it is not set.
///
/// # Panics
///
/// If it is set and the folder or a file in it cannot be read.
pub fn own_texts() -> Vec<Corpus> {
    let Some(folder) = std::env::var_os(TEXTS_VARIABLE).map(PathBuf::from) else {
        return Vec::new();
    };
    let entries = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{TEXTS_VARIABLE}={}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Corpus {
            name: path
                .file_stem()
                .expect("a path with an extension has a stem")
                .to_string_lossy()
                .into_owned(),
            texts: vec![fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))],
        })
        .collect()
}

/// 64-bit FNV-1a of the texts one after the other: what `digests.tsv` records
/// of expected outputs.
pub fn digest<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        for byte in text.as_ref().bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}
