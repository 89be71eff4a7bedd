//! Which part of standard input became which: `align CONFIG < in.txt`.
//!
//! A line a span: `start..end⇥start..end⇥kind⇥source⇥target`, the places in bytes of source and result. In
//! the texts a line feed is written `\n`, a carriage return `\r`, a tab `\t` and a backslash `\\`.

use std::io::{self, ErrorKind, Read, Write};
use std::process::ExitCode;

use zhnorm::{Config, Converter};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), None) = (arguments.next(), arguments.next()) else {
        return refuse("usage: align CONFIG < INPUT");
    };
    let config: Config = match name.parse() {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    match align(&Converter::new(config)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn align(converter: &Converter) -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    for span in converter.convert_mapped(&text).spans() {
        let texts = [span.source_text(), span.target_text()].map(escaped);
        let (source, target) = (&span.source, &span.target);
        let [before, after] = texts;
        writeln!(
            output,
            "{source:?}\t{target:?}\t{}\t{before}\t{after}",
            span.kind
        )?;
    }
    output.flush()
}

/// A text that stays on its line and in its column.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', r"\\").replace('\n', r"\n");
    text.replace('\r', r"\r").replace('\t', r"\t")
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("align: {message}");
    ExitCode::from(2)
}
