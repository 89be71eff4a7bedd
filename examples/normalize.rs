//! `normalize TARGET [--report] [--keep-style] [--simplified|--traditional] [CONFIDENCE]`: stdin to stdout; `--report` prints
//! each change on stderr; the next two tell what script the text is in; a number is the least confidence of a change.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use zhnorm::normalize::{Normalizer, Source, Style, Target};

fn main() -> ExitCode {
    let mut target = None;
    let (mut report, mut style, mut source) = (false, Style::Target, Source::Auto);
    let mut least = 0.0;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--report" => report = true,
            "--simplified" => source = Source::Simplified,
            "--traditional" => source = Source::Traditional,
            "--keep-style" => style = Style::Keep,
            number if number.parse::<f32>().is_ok() => least = number.parse().unwrap_or(0.0),
            name => match name.parse::<Target>() {
                Ok(found) if target.is_none() => target = Some(found),
                Ok(_) => return usage("more than one target"),
                Err(error) => return usage(&error.to_string()),
            },
        }
    }
    let Some(target) = target else {
        return usage("no target");
    };
    let normalizer = Normalizer::builder(target).style(style).source(source);
    let normalizer = normalizer.min_confidence(least);
    match run(normalizer.build(), report) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("normalize: {error}");
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn run(normalizer: Normalizer, report: bool) -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    if report {
        let mut text = String::new();
        input.read_to_string(&mut text)?;
        let done = normalizer.normalize_with_report(&text);
        let mut log = io::stderr().lock();
        for change in &done.report.changes {
            let (from, to) = (&change.from, &change.to);
            let (at, reason, sure) = (&change.source, change.reason, change.confidence);
            writeln!(log, "{at:?} {from:?} → {to:?} {reason:?} {sure:.3}")?;
        }
        output.write_all(done.text.as_bytes())?;
        return output.flush();
    }
    zhnorm::io::copy(&normalizer, input, &mut output)?;
    output.flush()
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("normalize: {problem}\nusage: normalize hans|hant|tw|hk [--report] [--keep-style] [--simplified|--traditional] [CONFIDENCE]");
    ExitCode::from(2)
}
