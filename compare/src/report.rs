//! The report: what was run, and its tables in Markdown.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::{env, fs, thread};

use crate::corpus::{self, Corpus, Kind, Script, Size};
use crate::options::Options;
use crate::peers::{self, Convert, Peer};
use crate::{chart, probe, speed};

pub fn run(options: &Options) -> io::Result<()> {
    head(options)?;
    tables(options)?;
    if options.processes > 0 {
        load_table(options)?;
    }
    Ok(())
}

fn head(options: &Options) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let versions: Vec<String> = options
        .peers
        .iter()
        .map(|peer| {
            format!("{} {}", peer.name, peers::version(peer.name))
                .trim_end()
                .to_owned()
        })
        .collect();
    writeln!(out, "Converters: {}.", versions.join(", "))?;
    writeln!(
        out,
        "zhconv's tables: {}.",
        if cfg!(feature = "zhconv-mediawiki") {
            "MediaWiki (its default)"
        } else {
            "OpenCC"
        }
    )?;
    machine(options)?;
    if !peers::ALL.iter().any(|peer| peer.name == peers::REFERENCE) {
        writeln!(
            out,
            "OpenCC was not built in, so nothing says whose output is right: no differences are counted."
        )?;
    }
    Ok(())
}

/// Says what it ran on, and how often.
pub fn machine(options: &Options) -> io::Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find(|line| line.starts_with("model name"))
        .and_then(|line| line.split(": ").nth(1))
        .unwrap_or(env::consts::ARCH);
    writeln!(
        io::stdout(),
        "Machine: {processor}, {cores} cores, one thread used; processor time, {} interleaved rounds, medians.",
        options.rounds
    )
}

/// A row: config and corpus, then a cell per peer.
type Rows = Vec<(String, String, Vec<String>)>;

fn tables(options: &Options) -> io::Result<()> {
    let mut speeds = Rows::new();
    let mut differences = Rows::new();
    let mut bars = Vec::new();
    for config in &options.configs {
        let corpora = options.corpora(config).map_err(io::Error::other)?;
        // Opened once per config, not once per corpus: some take a while.
        let opened: Vec<Option<Box<dyn Convert>>> = options
            .peers
            .iter()
            .map(|peer| (peer.open)(config))
            .collect();
        for corpus in &corpora {
            eprintln!("{config} {}", corpus.name);
            let (indices, converters): (Vec<usize>, Vec<&dyn Convert>) = opened
                .iter()
                .enumerate()
                .filter_map(|(index, converter)| Some((index, converter.as_deref()?)))
                .unzip();
            let timings = speed::measure(corpus, &converters, options.rounds, options.turn);
            let timings: BTreeMap<usize, speed::Timing> =
                indices.iter().copied().zip(timings).collect();
            let queries = corpus.name.starts_with("queries");
            if !queries {
                let speed = |peer| {
                    timings
                        .get(&peer)
                        .map(|timing| megabytes_a_second(corpus, timing))
                };
                bars.push(chart::Group {
                    label: format!("{config}, {}", corpus.name),
                    speeds: (0..opened.len()).map(speed).collect(),
                });
            }
            let cells = (0..opened.len())
                .map(|peer| {
                    timings.get(&peer).map_or_else(String::new, |timing| {
                        let measured = if queries {
                            format!("{:.0} ns", timing.seconds * 1e9 / corpus.texts.len() as f64)
                        } else {
                            format!(
                                "{:.*}",
                                digits(corpus, timing),
                                megabytes_a_second(corpus, timing)
                            )
                        };
                        match peer {
                            0 => measured,
                            _ => format!("{measured} ({:.1}×)", timing.ratio),
                        }
                    })
                })
                .collect();
            speeds.push((config.clone(), corpus.name.clone(), cells));

            let Some(reference) = options
                .peers
                .iter()
                .position(|peer| peer.name == peers::REFERENCE)
            else {
                continue;
            };
            let Some(reference) = opened[reference].as_deref() else {
                continue;
            };
            let expected = lines(corpus, reference);
            let cells = opened
                .iter()
                .map(|converter| {
                    converter.as_deref().map_or_else(String::new, |converter| {
                        differing(&lines(corpus, converter), &expected).to_string()
                    })
                })
                .collect();
            let name = format!("{} ({} lines)", corpus.name, expected.len());
            differences.push((config.clone(), name, cells));
        }
    }

    if let Some(path) = &options.chart {
        let names: Vec<&str> = options.peers.iter().map(|peer| peer.name).collect();
        fs::write(path, chart::svg(&names, &bars))?;
    }
    let mut out = io::stdout().lock();
    writeln!(out, "\nSpeed, MB/s (queries: time per query), and in brackets how many times as fast zhnorm is:\n")?;
    table(&mut out, &options.peers, &speeds)?;
    if !differences.is_empty() {
        writeln!(out, "\nLines on which the output differs from OpenCC's:\n")?;
        table(&mut out, &options.peers, &differences)?;
    }
    Ok(())
}

fn megabytes_a_second(corpus: &Corpus, timing: &speed::Timing) -> f64 {
    corpus.bytes() as f64 / timing.seconds / 1e6
}

/// Digits after the point, for three that mean something.
fn digits(corpus: &Corpus, timing: &speed::Timing) -> usize {
    usize::from(megabytes_a_second(corpus, timing) < 10.0)
}

/// The converted lines of a text, or the converted queries.
fn lines(corpus: &Corpus, converter: &dyn Convert) -> Vec<String> {
    corpus
        .texts
        .iter()
        .flat_map(|text| {
            let converted = converter.converted(text);
            converted.split('\n').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

fn differing(lines: &[String], expected: &[String]) -> usize {
    let pairs = lines.iter().zip(expected);
    pairs.filter(|(line, expected)| line != expected).count() + lines.len().abs_diff(expected.len())
}

fn table(out: &mut impl io::Write, peers: &[&Peer], rows: &Rows) -> io::Result<()> {
    let names: Vec<&str> = peers.iter().map(|peer| peer.name).collect();
    writeln!(out, "| config | text | {} |", names.join(" | "))?;
    writeln!(out, "|---|---|{}", "---:|".repeat(peers.len()))?;
    for (config, name, cells) in rows {
        writeln!(out, "| {config} | {name} | {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn load_table(options: &Options) -> io::Result<()> {
    // Both from a file, so that the children's memory holds no generator.
    let folder = env::temp_dir();
    let mut rows = Vec::new();
    for config in ["s2t", "s2twp", "t2s"] {
        if !options.configs.iter().any(|name| name == config) {
            continue;
        }
        let kind = match corpus::source(config) {
            Script::Hans => Kind::News,
            Script::Hant => Kind::Traditional,
        };
        let path = folder.join(format!(
            "zhnorm-compare-{}-{config}.txt",
            std::process::id()
        ));
        fs::write(&path, kind.corpus(Size::Book).texts.concat())?;
        let measured = load_rows(options, config, &path.to_string_lossy(), &mut rows);
        fs::remove_file(&path)?;
        measured?;
    }
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\nLoad, from `main` to the first converted word, and the most memory a process held, after that word \
         and after 1 MB of text; `{}` is the process without a converter:\n",
        probe::NOTHING
    )?;
    writeln!(
        out,
        "| config | converter | load, ms | memory, MB | memory after 1 MB, MB |"
    )?;
    writeln!(out, "|---|---|---:|---:|---:|")?;
    for row in rows {
        writeln!(out, "{row}")?;
    }
    Ok(())
}

fn load_rows(
    options: &Options,
    config: &str,
    text: &str,
    rows: &mut Vec<String>,
) -> io::Result<()> {
    let names = options.peers.iter().filter(|peer| {
        // One that lacks the config has nothing to load.
        (peer.open)(config).is_some()
    });
    for name in [probe::NOTHING]
        .into_iter()
        .chain(names.map(|peer| peer.name))
    {
        eprintln!("{config} load {name}");
        let load = probe::measure(name, config, text, options.processes)?;
        rows.push(format!(
            "| {config} | {name} | {:.3} | {:.1} | {:.1} |",
            load.milliseconds, load.megabytes, load.megabytes_text
        ));
    }
    Ok(())
}
