//! Load time and memory: a fresh process per peer and config, which says how
//! long it took from `main` to the first converted word and how much memory
//! it held at most. A probe of nothing shows what the process itself costs.

use std::io::Read as _;
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use crate::clock;
use crate::peers::Peer;
use crate::speed::median;

/// What a probe that loads no peer is called.
pub const NOTHING: &str = "(none)";

/// What the processes of one peer and config said.
pub struct Load {
    /// Median milliseconds of processor time from `main` to the first converted word.
    pub milliseconds: f64,
    /// Median of the most memory held, in MB, having converted one word.
    pub megabytes: f64,
    /// The same, having converted a long text.
    pub megabytes_text: f64,
}

/// The child's side: `probe PEER CONFIG`, a text on stdin; prints
/// microseconds, kilobytes after a word, kilobytes after the text.
pub fn child(start: Duration, peer: Option<&Peer>, config: &str) -> io::Result<()> {
    let word = if config.starts_with('s') {
        "头发"
    } else {
        "頭髮"
    };
    let converter = peer.and_then(|peer| (peer.open)(config));
    if let Some(converter) = &converter {
        converter.converted_len(word);
    }
    let elapsed = clock::now() - start;
    let after_word = peak_kilobytes();
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text)?;
    if let Some(converter) = &converter {
        converter.converted_len(&text);
    }
    println!("{} {} {}", elapsed.as_nanos(), after_word, peak_kilobytes());
    Ok(())
}

/// The parent's side. The children read the long text from the file at
/// `text`, so that it costs each the same.
pub fn measure(peer: &str, config: &str, text: &str, processes: usize) -> io::Result<Load> {
    let mut said = Vec::with_capacity(processes);
    for _ in 0..processes {
        let output = Command::new(env::current_exe()?)
            .args(["probe", peer, config])
            .stdin(fs::File::open(text)?)
            .output()?;
        let numbers: Vec<f64> = String::from_utf8_lossy(&output.stdout)
            .split_whitespace()
            .filter_map(|number| number.parse().ok())
            .collect();
        let [nanoseconds, word, text] = numbers[..] else {
            return Err(io::Error::other(format!(
                "the probe of {peer} {config} failed"
            )));
        };
        said.push((nanoseconds, word, text));
    }
    Ok(Load {
        milliseconds: median(said.iter().map(|said| said.0)) / 1e6,
        megabytes: median(said.iter().map(|said| said.1)) / 1e3,
        megabytes_text: median(said.iter().map(|said| said.2)) / 1e3,
    })
}

/// The most memory this process has held, where the system tells (Linux).
fn peak_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|value| value.split_whitespace().next()?.parse::<u64>().ok())
        // The kernel counts in KiB.
        .map_or(0, |kibibytes| kibibytes * 1024 / 1000)
}
