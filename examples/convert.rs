//! Converts standard input to standard output: `convert CONFIG < in.txt > out.txt`. A config is one of OpenCC's,
//! or a pair as `t2twp`.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use zhnorm::{Converter, Pair};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), None) = (arguments.next(), arguments.next()) else {
        return refuse("usage: convert CONFIG < INPUT > OUTPUT");
    };
    let pair: Pair = match name.parse() {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    match convert(&Converter::from(pair)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn convert(converter: &Converter) -> io::Result<()> {
    let mut output = io::stdout().lock();
    zhnorm::io::copy(converter, io::stdin().lock(), &mut output)?;
    output.flush()
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("convert: {message}");
    ExitCode::from(2)
}
