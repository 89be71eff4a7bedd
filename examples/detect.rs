//! Tells the script of each line of standard input: tag, confidence, counts.
//!
//! ```text
//! $ echo 這個問題 | cargo run --release --example detect
//! zh-Hant  0.9999  hans 0  hant 4  words 0/0  japanese 0  kana 0  shared 0  damage 0
//! ```

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use zhnorm::{detect, Detection};

fn main() -> ExitCode {
    match run() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("detect: {error}");
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn run() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        write_line(&mut output, &detect(&String::from_utf8_lossy(&line)))?;
        line.clear();
    }
    output.flush()
}

fn write_line(output: &mut impl Write, detection: &Detection) -> io::Result<()> {
    let counts = detection.counts();
    writeln!(
        output,
        "{:<10}  {:.4}  hans {}  hant {}  words {}/{}  japanese {}  kana {}  shared {}  damage {}",
        detection.tag(),
        detection.confidence(),
        counts.hans + counts.hans_leaning,
        counts.hant + counts.hant_leaning,
        counts.hans_words,
        counts.hant_words,
        counts.japanese,
        counts.kana,
        counts.shared,
        counts.damage.total(),
    )
}
