//! Masks in a text what was found in its conversion: `redact CONFIG ENTITY... < in.txt`.
//!
//! The entities are looked for in the converted text, where a recognizer for that script would find them; each of
//! their characters in the source becomes ■.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use zhnorm::{Config, Converter};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(name) = arguments.next() else {
        return refuse("usage: redact CONFIG ENTITY... < INPUT > OUTPUT");
    };
    let config: Config = match name.parse() {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    let entities: Vec<String> = arguments.filter(|entity| !entity.is_empty()).collect();
    match redact(&Converter::new(config), &entities) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn redact(converter: &Converter, entities: &[String]) -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mapped = converter.convert_mapped(&text);
    let mut found = Vec::new();
    for entity in entities {
        for (at, _) in mapped.text().match_indices(entity.as_str()) {
            let source = mapped.to_source(at..at + entity.len());
            found.push(source.expect("what was found is a range of the text"));
        }
    }
    found.sort_by_key(|range| range.start);
    let mut output = io::stdout().lock();
    let mut at = 0;
    for range in found {
        // Two entities may overlap.
        let start = range.start.max(at);
        output.write_all(&text.as_bytes()[at..start])?;
        at = range.end.max(at);
        let masked = "■".repeat(text[start..at].chars().count());
        output.write_all(masked.as_bytes())?;
    }
    output.write_all(&text.as_bytes()[at..])?;
    output.flush()
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("redact: {message}");
    ExitCode::from(2)
}
