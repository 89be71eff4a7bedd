//! Converts a document: `convert_markup CONFIG html|xhtml|md|epub|srt|vtt|ass [LANGUAGE] < IN > OUT`.
//!
//! With a LANGUAGE, such as `zh-TW`, it is stated where the document states the one that was converted.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use zhnorm::{Config, Converter};
use zhnorm_markup as markup;

const USAGE: &str =
    "usage: convert_markup CONFIG html|xhtml|md|epub|srt|vtt|ass [LANGUAGE] < IN > OUT";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, kind, language) = match arguments.as_slice() {
        [name, kind] => (name, kind, None),
        [name, kind, language] => (name, kind, Some(language)),
        _ => return refuse(USAGE),
    };
    let config: Config = match name.parse() {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    let mut options = markup::Options::for_config(config);
    if let Some(language) = language {
        options = options.target(language);
    }
    let converter = Converter::new(config);
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    let result = match kind.as_str() {
        "html" => markup::convert_html(&converter, &options, input, output),
        "xhtml" => markup::convert_xhtml(&converter, &options, input, output),
        "md" => markup::convert_markdown(&converter, &options, input, output),
        "epub" => markup::convert_epub(&converter, &options, input, output),
        "srt" => markup::convert_srt(&converter, input, output),
        "vtt" => markup::convert_vtt(&converter, &options, input, output),
        "ass" => markup::convert_ass(&converter, input, output),
        _ => return refuse(USAGE),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

/// Whether whoever reads the output has seen enough.
fn is_broken_pipe(error: &markup::MarkupError) -> bool {
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    source.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("convert_markup: {message}");
    ExitCode::from(2)
}
