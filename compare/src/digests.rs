//! The expected outputs of the benchmarks, by digest: what OpenCC makes of
//! every generated text with every config.

use std::io;

/// Prints `benches/corpus/digests.tsv`.
#[cfg(opencc)]
pub fn print() -> io::Result<()> {
    use std::io::Write as _;

    use crate::corpus::{self, digest};
    use crate::opencc::OpenCc;
    use crate::peers::{self, Convert as _};

    let mut out = io::stdout().lock();
    writeln!(
        out,
        "# config\ttext\t64-bit FNV-1a of what OpenCC {} makes of it; written by `compare/run digests`",
        peers::version(peers::REFERENCE)
    )?;
    for &config in zhnorm::Config::ALL {
        let config = config.name();
        let converter = OpenCc::open(config)
            .ok_or_else(|| io::Error::other(format!("OpenCC has no config {config}")))?;
        for corpus in corpus::checked(config) {
            let digest = digest(corpus.texts.iter().map(|text| converter.converted(text)));
            writeln!(out, "{config}\t{}\t{digest:016x}", corpus.name)?;
        }
    }
    Ok(())
}

/// Without OpenCC nothing is there to ask.
#[cfg(not(opencc))]
pub fn print() -> io::Result<()> {
    Err(io::Error::other(
        "OpenCC was not built in (it needs cmake and a C++ compiler)",
    ))
}
