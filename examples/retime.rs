//! Converts a transcript and keeps its word timings: `retime CONFIG < in.tsv > out.tsv`.
//!
//! A line a word: start, end and word, with tabs between. The words are converted as the one text they make, and
//! each gets what it became. Where several became one, it has the time of all.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use zhnorm::{Config, Converter};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), None) = (arguments.next(), arguments.next()) else {
        return refuse("usage: retime CONFIG < INPUT > OUTPUT");
    };
    let config: Config = match name.parse() {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    match retime(&Converter::new(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn retime(converter: &Converter) -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut timed = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut columns = line.splitn(3, '\t');
        let (Some(start), Some(end), Some(word)) = (columns.next(), columns.next(), columns.next())
        else {
            let message = format!("line {}: no start, end and word", number + 1);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        };
        timed.push((start, end, word));
    }
    let words: Vec<&str> = timed.iter().map(|&(_, _, word)| word).collect();
    let converted = converter.convert_parts(&words);
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut words = timed.iter().zip(&converted).peekable();
    while let Some(((start, mut end, before), word)) = words.next() {
        // What became nothing was converted with the word before it.
        let is_joined = |next: &(&(&str, &str, &str), &std::borrow::Cow<str>)| {
            next.1.is_empty() && !next.0 .2.is_empty() && !before.is_empty()
        };
        while let Some(((_, last, _), _)) = words.next_if(is_joined) {
            end = last;
        }
        writeln!(output, "{start}\t{end}\t{word}")?;
    }
    output.flush()
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("retime: {message}");
    ExitCode::from(2)
}
