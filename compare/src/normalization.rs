//! Damaged text brought into one script: what each way leaves wrong, and how fast it is.
//!
//! The texts are those of the folder in `ZHNORM_TEXTS` that have the character map they were made with beside
//! them: `NAME.txt` and `NAME-map.tsv`, whose lines are a Simplified character, a tab and what the converter made
//! of it. Taiwan's texts without a map are taken to be clean, so that what changes there is harm.

use std::collections::HashMap;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::path::Path;
use std::{env, fs};

use zhnorm::normalize::{Normalizer, Target};
use zhnorm::{detect, Config, Converter, Region};

use crate::corpus::{self, Corpus};
use crate::options::Options;
use crate::peers::{Convert, Peer, ALL, OURS};
use crate::speed;

struct Ours(Normalizer);

impl Convert for Ours {
    fn converted_len(&self, text: &str) -> usize {
        black_box(self.0.normalize(black_box(text))).len()
    }

    fn converted(&self, text: &str) -> String {
        self.0.normalize(text).into_owned()
    }
}

/// Two conversions, one after the other.
struct Chain(Box<dyn Convert>, Box<dyn Convert>);

impl Convert for Chain {
    fn converted_len(&self, text: &str) -> usize {
        self.1.converted_len(&self.0.converted(text))
    }

    fn converted(&self, text: &str) -> String {
        self.1.converted(&self.0.converted(text))
    }
}

/// A way to normalize, and what it is called.
type Way = (String, Box<dyn Convert>);

/// The ways to a target, ours first.
fn ways(target: Target, peers: &[&Peer]) -> Vec<Way> {
    let ours: Box<dyn Convert> = Box::new(Ours(Normalizer::new(target)));
    let mut ways = vec![(format!("`Normalizer`, {target}"), ours)];
    for peer in peers.iter().filter(|peer| peer.name != OURS) {
        let way = match target {
            Target::Hans => (peer.open)("t2s").map(|way| (format!("{} t2s", peer.name), way)),
            // It takes any script as its source.
            _ if peer.name == "zhconv" => {
                (peer.open)("s2tw").map(|way| (format!("{} zh-TW", peer.name), way))
            }
            _ => (peer.open)("t2s")
                .zip((peer.open)("s2tw"))
                .map(|(first, second)| {
                    let chain: Box<dyn Convert> = Box::new(Chain(first, second));
                    (format!("{} t2s, then s2tw", peer.name), chain)
                }),
        };
        ways.extend(way);
    }
    ways
}

/// What is known of a text: of each of its characters the Simplified ones that may be right.
struct Truth {
    sources: HashMap<char, Vec<char>>,
    to_simplified: Converter,
}

impl Truth {
    fn read(path: &Path) -> io::Result<Truth> {
        let mut sources: HashMap<char, Vec<char>> = HashMap::new();
        for line in fs::read_to_string(path)?.lines() {
            let mut characters = line.split('\t').map(|field| field.chars().next());
            if let (Some(Some(simplified)), Some(Some(made)), false) =
                (characters.next(), characters.next(), line.starts_with('#'))
            {
                sources.entry(made).or_default().push(simplified);
            }
        }
        Ok(Truth {
            sources,
            to_simplified: Converter::new(Config::T2s),
        })
    }

    fn is_right(&self, target: Target, source: char, out: char) -> bool {
        let right = |c: char| match self.sources.get(&source) {
            Some(sources) => sources.contains(&c),
            // What the map cannot have made was there before.
            None => c == source,
        };
        if target == Target::Hans {
            return right(out);
        }
        // A Traditional form of the right character. Which of several is not asked: no map tells that.
        let text = out.to_string();
        let simplified = self.to_simplified.convert(&text).chars().next();
        detect(&text).counts().hans == 0
            && simplified.is_some_and(|simplified| right(simplified) || right(out))
    }

    /// How many characters are wrong; none if the text is not of the same length.
    fn wrong(&self, target: Target, source: &str, out: &str) -> Option<usize> {
        let pairs = || source.chars().zip(out.chars());
        (source.chars().count() == out.chars().count()).then(|| {
            pairs()
                .filter(|pair| !self.is_right(target, pair.0, pair.1))
                .count()
        })
    }
}

pub fn run(options: &Options) -> io::Result<()> {
    let folder = env::var_os(corpus::TEXTS_VARIABLE)
        .ok_or_else(|| io::Error::other(format!("{} is not set", corpus::TEXTS_VARIABLE)))?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "One thread; processor time, {} interleaved rounds, medians.",
        options.rounds
    )?;
    for corpus in corpus::own_texts() {
        let map = Path::new(&folder).join(format!("{}-map.tsv", corpus.name));
        if map.exists() {
            let truth = Truth::read(&map)?;
            let wrong = |target, out: &str| truth.wrong(target, &corpus.texts[0], out);
            for target in [Target::Hans, Target::Tw] {
                table(&mut out, options, &corpus, target, "wrong", |out| {
                    wrong(target, out)
                })?;
            }
        } else if detect(&corpus.texts[0]).region() == Some(Region::Taiwan) {
            table(&mut out, options, &corpus, Target::Tw, "changed", |out| {
                let pairs = corpus.texts[0].chars().zip(out.chars());
                Some(pairs.filter(|pair| pair.0 != pair.1).count())
            })?;
        }
    }
    Ok(())
}

fn table(
    out: &mut impl io::Write,
    options: &Options,
    corpus: &Corpus,
    target: Target,
    counted: &str,
    count: impl Fn(&str) -> Option<usize>,
) -> io::Result<()> {
    let named = |peer: &&Peer| options.peers.iter().any(|other| other.name == peer.name);
    let peers: Vec<&Peer> = ALL.iter().filter(named).collect();
    let ways = ways(target, &peers);
    let converters: Vec<&dyn Convert> = ways.iter().map(|way| &*way.1).collect();
    let timings = speed::measure(corpus, &converters, options.rounds, options.turn);
    writeln!(
        out,
        "\n{} to {target} ({} characters):\n\n| | {counted} characters | MB/s |\n|---|---:|---:|",
        corpus.name,
        corpus.texts[0].chars().count()
    )?;
    for ((name, way), timing) in ways.iter().zip(timings) {
        let counted = count(&way.converted(&corpus.texts[0]));
        let counted = counted.map_or("other length".to_owned(), |count| count.to_string());
        let speed = corpus.bytes() as f64 / timing.seconds / 1e6;
        writeln!(out, "| {name} | {counted} | {speed:.1} |")?;
    }
    Ok(())
}
