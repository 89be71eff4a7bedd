//! `normalize TARGET [--report] [--keep-style]`: stdin to stdout; `--report` prints each change on stderr.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use zhnorm::normalize::{Normalizer, Style, Target};

fn main() -> ExitCode {
    let mut target = None;
    let (mut report, mut style) = (false, Style::Target);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--report" => report = true,
            "--keep-style" => style = Style::Keep,
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
    match run(Normalizer::builder(target).style(style).build(), report) {
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
            writeln!(log, "{at:?} {from:?} → {to:?} {reason:?} {sure:.2}")?;
        }
        output.write_all(done.text.as_bytes())?;
        return output.flush();
    }
    zhnorm::io::copy(&normalizer, input, &mut output)?;
    output.flush()
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("normalize: {problem}\nusage: normalize hans|hant|tw|hk [--report] [--keep-style]");
    ExitCode::from(2)
}
