//! Brings all forms of each character to one, for search: `fold [+FORMS|-FORMS …] < in.txt > out.txt`, where FORMS is
//! `variants` or `japanese` (folded unless left out) or `width` (left out unless asked for).
//!
//! ```text
//! $ printf '頭髮 头发' | cargo run --release --example fold
//! 头发 头发
//! ```

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use zhnorm::fold::{Fold, Forms};

fn main() -> ExitCode {
    let mut fold = Fold::new();
    for argument in std::env::args().skip(1) {
        let forms = match argument.get(1..) {
            Some("variants") => Forms::Variants,
            Some("japanese") => Forms::Japanese,
            Some("width") => Forms::Width,
            _ => return refuse(
                "usage: fold [+FORMS|-FORMS …] < INPUT > OUTPUT\nFORMS: variants, japanese, width",
            ),
        };
        fold = match argument.starts_with('-') {
            true => fold.without(forms),
            false => fold.with(forms),
        };
    }
    match run(fold) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn run(fold: Fold) -> io::Result<()> {
    let mut output = io::stdout().lock();
    zhnorm::io::copy(&fold, io::stdin().lock(), &mut output)?;
    output.flush()
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("fold: {message}");
    ExitCode::from(2)
}
