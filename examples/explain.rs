//! Why standard input becomes what it becomes: `explain CONFIG < in.txt`.
//!
//! A line for each place that changes or could be something else, and under it the keys that decided.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use zhnorm::{Config, Converter};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), None) = (arguments.next(), arguments.next()) else {
        return refuse("usage: explain CONFIG < INPUT");
    };
    let config: Config = match name.parse() {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    match explain(&Converter::new(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn explain(converter: &Converter) -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut explanation = converter
        .explain(&text, 0..text.len())
        .expect("all of a text");
    let places = &mut explanation.places;
    places.retain(|place| place.from != place.to || place.candidates.len() > 1);
    let mut output = io::BufWriter::new(io::stdout().lock());
    write!(output, "{explanation}")?;
    output.flush()
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("explain: {message}");
    ExitCode::from(2)
}
