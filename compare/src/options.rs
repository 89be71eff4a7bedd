//! The command line: which configs, corpora and peers, and how long.

use std::path::PathBuf;
use std::time::Duration;

use crate::corpus::{self, Corpus, Kind, Script, Size};
use crate::peers::{self, Peer};

/// The configs compared when none are named: those that have peers.
const CONFIGS: &[&str] = &[
    "s2t", "s2tw", "s2twp", "s2hk", "s2hkp", "t2s", "tw2s", "hk2s", "tw2sp", "hk2sp",
];

pub struct Options {
    pub configs: Vec<String>,
    /// Empty for the usual ones of each config.
    corpora: Vec<String>,
    pub peers: Vec<&'static Peer>,
    pub rounds: usize,
    pub turn: Duration,
    /// Processes per peer and config whose load time is measured; may be 0.
    pub processes: usize,
    /// Where a chart of the speeds is written, if anywhere.
    pub chart: Option<PathBuf>,
}

impl Options {
    pub fn parse(arguments: &[&str]) -> Result<Options, String> {
        let mut options = Options {
            configs: CONFIGS.iter().map(|name| (*name).to_owned()).collect(),
            corpora: Vec::new(),
            peers: peers::ALL
                .iter()
                .filter(|peer| peer.name != peers::COPY)
                .collect(),
            rounds: 15,
            turn: Duration::from_millis(20),
            processes: 7,
            chart: None,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if *argument == "--quick" {
                options.rounds = 5;
                options.turn = Duration::from_millis(5);
                options.processes = 3;
                continue;
            }
            let value = arguments
                .next()
                .ok_or_else(|| format!("{argument}: unknown, or its value is missing"))?;
            let number = || {
                value
                    .parse::<usize>()
                    .map_err(|_| format!("{argument} {value}: not a number"))
            };
            let list = || value.split(',').map(str::to_owned).collect::<Vec<_>>();
            match *argument {
                "--configs" => {
                    options.configs = list();
                    for name in &options.configs {
                        name.parse::<zhnorm::Config>()
                            .map_err(|error| error.to_string())?;
                    }
                }
                "--corpora" => options.corpora = list(),
                "--peers" => options.peers = named_peers(&list())?,
                "--rounds" => options.rounds = number()?.max(1),
                "--turn-ms" => options.turn = Duration::from_millis(number()? as u64),
                "--chart" => options.chart = Some(PathBuf::from(value)),
                "--load-processes" => options.processes = number()?,
                _ => return Err(format!("{argument}: unknown option")),
            }
        }
        Ok(options)
    }

    /// What is converted with `config`.
    pub fn corpora(&self, config: &str) -> Result<Vec<Corpus>, String> {
        let script = corpus::source(config);
        let usual: &[&str] = match script {
            Script::Hans => &[
                "news-1M",
                "fiction-1M",
                "lines-hans-1M",
                "news-30K",
                "code-30K",
                "queries-10",
            ],
            Script::Hant => &[
                "traditional-1M",
                "lines-hant-1M",
                "traditional-30K",
                "code-30K",
                "queries-10",
            ],
        };
        let own = corpus::own_texts();
        let names: Vec<String> = if self.corpora.is_empty() {
            let usual = usual.iter().map(|name| (*name).to_owned());
            // Nothing happens to ASCII in any config; two show it.
            let ascii = (config == "s2t" || config == "t2s").then(|| "ascii-1M".to_owned());
            let own = own.iter().map(|own| own.name.clone());
            usual.chain(ascii).chain(own).collect()
        } else {
            self.corpora.clone()
        };
        let corpus = |name: String| {
            if let Some(own) = own.iter().find(|own| own.name == name) {
                Ok(own.clone())
            } else if name == "queries-10" {
                Ok(corpus::queries(script, 10..=10))
            } else if name == "queries-2-20" {
                Ok(corpus::queries(script, 2..=20))
            } else if let Some(base) = name.strip_prefix("converted-") {
                let config = config
                    .parse()
                    .map_err(|_| format!("{config}: unknown config"))?;
                let converter = zhnorm::Converter::new(config);
                Ok(corpus::converted(&generated(base, script)?, |text| {
                    converter.convert(text).into_owned()
                }))
            } else {
                generated(&name, script)
            }
        };
        names.into_iter().map(corpus).collect()
    }
}

/// The generated texts that `name`, such as `news-30K`, asks for. `prose` is
/// the kind that is prose in `script`.
fn generated(name: &str, script: Script) -> Result<Corpus, String> {
    let unknown = || format!("{name}: unknown corpus; see README.md for the names");
    let (kind, size) = name.rsplit_once('-').ok_or_else(unknown)?;
    let kind = match (kind, script) {
        ("prose", Script::Hans) => Kind::News,
        ("prose", Script::Hant) => Kind::Traditional,
        _ => Kind::ALL
            .into_iter()
            .find(|candidate| candidate.name() == kind)
            .ok_or_else(unknown)?,
    };
    let size = match size {
        "100B" => Size::Sentence,
        "30K" => Size::Article,
        "1M" => Size::Book,
        _ => {
            let bytes = size.strip_suffix('B').and_then(|bytes| bytes.parse().ok());
            Size::Bytes(bytes.ok_or_else(unknown)?)
        }
    };
    Ok(kind.corpus(size))
}

/// Ours first, whether named or not: the others are compared to it.
fn named_peers(names: &[String]) -> Result<Vec<&'static Peer>, String> {
    for name in names {
        if !peers::ALL.iter().any(|peer| peer.name == name) {
            return Err(format!("{name}: no such peer in this build"));
        }
    }
    Ok(peers::ALL
        .iter()
        .filter(|peer| peer.name == peers::OURS || names.iter().any(|name| name == peer.name))
        .collect())
}
