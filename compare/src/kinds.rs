//! zhnorm on one kind of text beside another: ordinary text, the same converted already, and near
//! misses of several lengths, in the same rounds; then what the scan is worth on near misses, by
//! tables of one's own that allow one and that do not.

use std::io::{self, Write as _};

use zhnorm::{Converter, Table};

use crate::corpus::{self, Corpus, Kind, Script, Size};
use crate::options::Options;
use crate::peers::{self, Convert};
use crate::report;
use crate::speed::{self, Timing};

/// The lengths in bytes of near misses, to see that the cost of a byte does not grow; of the first
/// the ratio is told.
const NEAR_MISSES: [usize; 5] = [1_000_000, 10_000, 100_000, 10_000_000, 100_000_000];

pub fn run(options: &Options) -> io::Result<()> {
    println!("zhnorm {}.", peers::version(peers::OURS));
    report::machine(options)?;
    kinds_table(options)?;
    scan_table(options)
}

fn kinds_table(options: &Options) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\nzhnorm, MB/s; the same text converted already, and how many times as fast; near misses of 1 MB, \
         and how many times as slow; of 10 KB, 100 KB, 10 MB and 100 MB:\n"
    )?;
    writeln!(
        out,
        "| config | text | ordinary | converted already | near misses | 10K | 100K | 10M | 100M |"
    )?;
    writeln!(out, "|---|---|---:|---:|---:|---:|---:|---:|---:|")?;
    for config in &options.configs {
        let ours = peers::ours(Converter::new(config.parse().map_err(io::Error::other)?));
        let (kinds, near): (&[Kind], Kind) = match corpus::source(config) {
            Script::Hans => (&[Kind::News, Kind::Fiction], Kind::NearMissHans),
            Script::Hant => (&[Kind::Traditional], Kind::NearMissHant),
        };
        let near = NEAR_MISSES.map(|bytes| near.corpus(Size::Bytes(bytes)));
        for kind in kinds {
            let ordinary = kind.corpus(Size::Book);
            eprintln!("{config} {}", ordinary.name);
            let done = corpus::converted(&ordinary, |text| ours.converted(text));
            let texts: Vec<&Corpus> = [&ordinary, &done].into_iter().chain(&near).collect();
            let pairs: Vec<(&Corpus, &dyn Convert)> =
                texts.iter().map(|text| (*text, &*ours)).collect();
            let timings = speed::measure_pairs(&pairs, options.rounds, options.turn);
            let measured: Vec<(&Corpus, Timing)> = texts.into_iter().zip(timings).collect();
            let speed = |number: usize| {
                let (text, timing) = &measured[number];
                text.bytes() as f64 / timing.seconds / 1e6
            };
            // How many times as fast a byte is as one of ordinary text.
            let ratio = |number: usize| {
                let (text, timing) = &measured[number];
                text.bytes() as f64 / ordinary.bytes() as f64 / timing.ratio
            };
            let others: Vec<String> = (3..measured.len())
                .map(|number| format!("{:.0}", speed(number)))
                .collect();
            writeln!(
                out,
                "| {config} | {} | {:.0} | {:.0} ({:.2}×) | {:.0} ({:.1}×) | {} |",
                ordinary.name,
                speed(0),
                speed(1),
                ratio(1),
                speed(2),
                1.0 / ratio(2),
                others.join(" | ")
            )?;
        }
    }
    Ok(())
}

/// A plan of one stage, or of segments and two stages, in OpenCC's text format.
struct Tables {
    name: &'static str,
    phrases: &'static str,
    characters: &'static str,
    near: Kind,
}

const TABLES: [Tables; 2] = [
    Tables {
        name: "ST",
        phrases: include_str!("../../data/opencc/STPhrases.txt"),
        characters: include_str!("../../data/opencc/STCharacters.txt"),
        near: Kind::NearMissHans,
    },
    Tables {
        name: "TS",
        phrases: include_str!("../../data/opencc/TSPhrases.txt"),
        characters: include_str!("../../data/opencc/TSCharacters.txt"),
        near: Kind::NearMissHant,
    },
];

/// How a pipeline is cut into segments.
#[derive(Clone, Copy)]
enum Cut {
    Nowhere,
    AtPhrases,
    AtHalfOfThem,
}

impl Tables {
    /// Where ASCII is converted there is no scan, and the engine does it all.
    fn converter(&self, cut: Cut, by_engine: bool) -> Converter {
        let table = |name: &str, text: &str| {
            Table::from_text(name, text.as_bytes()).expect("the tables of data/ are well-formed")
        };
        let phrases = table("phrases", self.phrases);
        let ascii = table("ascii", if by_engine { "\u{1}\t\u{2}\n" } else { "" });
        let characters = table("characters", self.characters);
        let stage = Table::short_circuit([&phrases, &characters, &ascii]).expect("three tables");
        let half = self
            .phrases
            .split_inclusive('\n')
            .step_by(2)
            .collect::<String>();
        let pipeline = match cut {
            Cut::Nowhere => Converter::pipeline(),
            Cut::AtPhrases => Converter::pipeline().segmentation(phrases),
            Cut::AtHalfOfThem => Converter::pipeline().segmentation(table("half", &half)),
        };
        pipeline.stage(stage).build()
    }
}

fn scan_table(options: &Options) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\nOwn tables on near misses, MB/s; by the engine alone, and how many times as fast the scan is:\n"
    )?;
    writeln!(
        out,
        "| tables | cut into segments | with the scan | by the engine alone |"
    )?;
    writeln!(out, "|---|---|---:|---:|")?;
    for tables in &TABLES {
        let near = tables.near.corpus(Size::Book);
        for (name, cut) in [
            ("no", Cut::Nowhere),
            ("at phrases", Cut::AtPhrases),
            ("at every other phrase", Cut::AtHalfOfThem),
        ] {
            eprintln!("{} tables, cut {name}", tables.name);
            let [scan, engine] =
                [false, true].map(|alone| peers::ours(tables.converter(cut, alone)));
            let same = near
                .texts
                .iter()
                .all(|text| scan.converted(text) == engine.converted(text));
            assert!(same, "the scan converts as the engine does");
            let converters = [&*scan, &*engine];
            let timings = speed::measure(&near, &converters, options.rounds, options.turn);
            let [scan, engine] =
                [0, 1].map(|number: usize| near.bytes() as f64 / timings[number].seconds / 1e6);
            writeln!(
                out,
                "| {} | {name} | {scan:.0} | {engine:.0} ({:.2}×) |",
                tables.name, timings[1].ratio
            )?;
        }
    }
    Ok(())
}
