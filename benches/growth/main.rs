//! How time grows: with the length of a text, with the length of a key, with the number of words.
//!
//! ```sh
//! cargo bench --bench growth              # texts of 10 KB to 10 MB, up to 1,000,000 words
//! cargo bench --bench growth -- spans     # the rows whose names contain a word
//! ZHNORM_BENCH_QUICK=1 cargo bench --bench growth
//! ```
//!
//! A row is an operation on one kind of input: nanoseconds for each byte, or each word, at every
//! size, and two exponents. The first is that of the power of the size that fits all points best,
//! the second that of the last step alone. Linear is 1. Caches and overheads move an exponent by
//! some hundredths, a quadratic part moves it to 2. Rows above the limit are marked and counted at
//! the end. Nothing fails: a shared machine can be slow for other reasons.

#[path = "../corpus/mod.rs"]
mod corpus;
mod tables;
mod texts;

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A point that takes longer ends its row.
const PATIENCE: Duration = Duration::from_secs(3);

/// An operation that is measured at several sizes.
pub struct Row {
    /// Operation and input.
    pub name: String,
    /// The sizes: bytes or words.
    pub sizes: Vec<usize>,
    /// The greatest exponent that is no cause for a look.
    pub limit: f64,
    /// Makes inputs of a size and returns how many there are and what is timed.
    pub prepare: Box<dyn Fn(usize) -> Prepared>,
}

/// How many inputs there are, and what is timed: all of them, one after the other.
type Prepared = (usize, Box<dyn FnMut()>);

impl Row {
    /// A row of `run` on the inputs of a size that `make` makes, one after the other.
    pub fn new<I: 'static, O>(
        name: String,
        sizes: &[usize],
        limit: f64,
        make: impl Fn(usize) -> Vec<I> + 'static,
        run: impl Fn(&I) -> O + Clone + 'static,
    ) -> Row {
        Row {
            name,
            sizes: sizes.to_vec(),
            limit,
            prepare: Box::new(move |size| {
                let (inputs, run) = (make(size), run.clone());
                let count = inputs.len();
                let timed = move || {
                    for input in &inputs {
                        black_box(run(black_box(input)));
                    }
                };
                (count, Box::new(timed))
            }),
        }
    }
}

/// Whether the short form is asked for.
pub fn is_quick() -> bool {
    env::var_os("ZHNORM_BENCH_QUICK").is_some()
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&String> = arguments
        .iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut rows = texts::rows();
    rows.extend(tables::rows());
    rows.retain(|row| words.iter().all(|word| row.name.contains(word.as_str())));
    // `cargo test --benches` only asks whether it runs.
    if arguments.iter().any(|argument| argument == "--test") {
        rows.truncate(1);
    }
    println!(
        "Nanoseconds for each byte or word at every size; exponent of all sizes, of the last step."
    );
    let width = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0);
    let (count, mut above, mut highest) = (rows.len(), 0, f64::MIN);
    for row in rows {
        let points = measure(&row);
        print!("{:width$}", row.name);
        for &(size, seconds) in &points {
            print!(
                "  {:>9.2} at {:<5}",
                seconds * 1e9 / size as f64,
                short(size)
            );
        }
        if points.len() < row.sizes.len() {
            print!("  stopped after {PATIENCE:?}");
        }
        let (all, last) = exponents(&points);
        let is_above = all > row.limit || points.len() < row.sizes.len();
        highest = highest.max(all);
        above += usize::from(is_above);
        println!(
            "  {all:.2} {last:.2}{}",
            if is_above { "  ABOVE" } else { "" }
        );
    }
    match count {
        0 => println!("No row has such a name."),
        _ => println!("{count} rows, {above} above their limit; highest exponent {highest:.2}."),
    }
}

fn measure(row: &Row) -> Vec<(usize, f64)> {
    let mut points = Vec::new();
    for &size in &row.sizes {
        let (count, mut run) = (row.prepare)(size);
        let seconds = fastest(&mut run) / count as f64;
        points.push((size, seconds));
        if seconds > PATIENCE.as_secs_f64() {
            break;
        }
    }
    points
}

/// Seconds of the fastest of a few runs: as many as fit a tenth of a second, at least two of what
/// is short.
fn fastest(run: &mut dyn FnMut()) -> f64 {
    let budget = Duration::from_millis(if is_quick() { 10 } else { 100 });
    let begin = Instant::now();
    let mut best = f64::INFINITY;
    for round in 0..1000 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
        let spent = begin.elapsed();
        if spent > budget && (round > 0 || spent > 20 * budget) {
            break;
        }
    }
    best
}

/// The slope of the line that fits the logarithms of all points best, and that of the last two.
fn exponents(points: &[(usize, f64)]) -> (f64, f64) {
    let logs: Vec<(f64, f64)> = points
        .iter()
        .map(|&(size, seconds)| ((size as f64).ln(), seconds.ln()))
        .collect();
    let [.., before, last] = logs[..] else {
        return (f64::NAN, f64::NAN);
    };
    let count = logs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let covariance: f64 = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let variance: f64 = logs.iter().map(|point| (point.0 - x).powi(2)).sum();
    let step = (last.1 - before.1) / (last.0 - before.0);
    (covariance / variance, step)
}

/// A size, short.
fn short(size: usize) -> String {
    match size {
        1_000_000.. => format!("{}M", size / 1_000_000),
        1_000.. => format!("{}K", size / 1_000),
        _ => size.to_string(),
    }
}
