//! zhnorm and its peers side by side: speed, load time, memory, on how many
//! lines each differs from OpenCC, and what each leaves of damaged text; and
//! zhnorm on one kind of text beside another. See README.md for the commands.

#[path = "../../benches/corpus/mod.rs"]
mod corpus;

mod chart;
mod clock;
mod digests;
mod kinds;
mod normalization;
#[cfg(opencc)]
mod opencc;
mod options;
mod peers;
mod probe;
mod report;
mod speed;

use std::process::ExitCode;
use std::{env, io};

fn main() -> ExitCode {
    let start = clock::now();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        ["probe", peer, config] => {
            let peer = peers::ALL.iter().find(|candidate| candidate.name == peer);
            probe::child(start, peer, config)
        }
        ["digests"] => digests::print(),
        ["normalize", ref rest @ ..] => match options::Options::parse(rest) {
            Ok(options) => normalization::run(&options),
            Err(message) => Err(io::Error::other(message)),
        },
        ["kinds", ref rest @ ..] => match options::Options::parse(rest) {
            Ok(options) => kinds::run(&options),
            Err(message) => Err(io::Error::other(message)),
        },
        _ => match options::Options::parse(&arguments) {
            Ok(options) => report::run(&options),
            Err(message) => Err(io::Error::other(message)),
        },
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("compare: {error}");
            ExitCode::from(2)
        }
    }
}
