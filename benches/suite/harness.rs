//! Runs the cases: under criterion, or quickly and into one table.

use std::collections::BTreeMap;
use std::env;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use zhnorm::Config;

use crate::corpus::{Corpus, Kind, Size};

/// Set to anything, it asks for the quick form.
const QUICK_VARIABLE: &str = "ZHNORM_BENCH_QUICK";

/// Set to anything, it asks for texts of 10 and 100 MB too.
const LARGE_VARIABLE: &str = "ZHNORM_BENCH_LARGE";

/// The sizes in bytes that are measured only if they are asked for.
pub fn large_sizes() -> impl Iterator<Item = usize> {
    let sizes = env::var_os(LARGE_VARIABLE).map(|_| [10_000_000, 100_000_000]);
    sizes.into_iter().flatten()
}

/// A benchmark.
pub struct Case {
    /// What is done, such as `convert`.
    pub operation: String,
    /// The config, or what stands in its place.
    pub config: String,
    /// What it is done to, such as `news-30K`.
    pub texts: String,
    /// The bytes of one run, where a speed means something.
    pub bytes: Option<usize>,
    /// Proves the output right, then returns what is to be timed. Called only
    /// if this benchmark is asked for.
    pub prepare: Box<dyn FnOnce() -> Box<dyn FnMut()>>,
}

impl Case {
    /// A case whose text of so many bytes is made only if it is asked for.
    pub fn of_size(
        operation: &str,
        config: Config,
        kind: Kind,
        bytes: usize,
        case: impl FnOnce(Config, Corpus) -> Case + 'static,
    ) -> Case {
        let size = Size::Bytes(bytes);
        Case {
            operation: operation.to_owned(),
            config: config.name().to_owned(),
            texts: kind.corpus_name(size),
            bytes: Some(bytes),
            prepare: Box::new(move || (case(config, kind.corpus(size)).prepare)()),
        }
    }
}

/// Runs `cases` as the command line and the environment ask.
pub fn run(cases: Vec<Case>) {
    let test = env::args().any(|argument| argument == "--test");
    if env::var_os(QUICK_VARIABLE).is_some() && !test {
        quick(cases);
    } else {
        measure(cases);
    }
}

fn measure(cases: Vec<Case>) {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for case in cases {
        let mut group = criterion.benchmark_group(format!("{}/{}", case.operation, case.config));
        if let Some(bytes) = case.bytes {
            group.throughput(Throughput::Bytes(bytes as u64));
        }
        let mut prepare = Some(case.prepare);
        let mut run: Option<Box<dyn FnMut()>> = None;
        group.bench_function(&case.texts, |bencher| {
            if let Some(prepare) = prepare.take() {
                run = Some(prepare());
            }
            bencher.iter(run.as_mut().expect("prepared on the first call"));
        });
        group.finish();
    }
    criterion.final_summary();
}

/// The fastest of seven short turns: enough to see a factor, not a percentage,
/// on a machine that may have other work.
fn quick(cases: Vec<Case>) {
    let filter = env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    // operation → texts → config → cell, in the order of the cases.
    let mut tables: Vec<(String, Table)> = Vec::new();
    for case in cases {
        let name = format!("{}/{}/{}", case.operation, case.config, case.texts);
        if filter
            .as_ref()
            .is_some_and(|filter| !name.contains(filter.as_str()))
        {
            continue;
        }
        let mut run = (case.prepare)();
        let seconds = fastest_turn(&mut run);
        let cell = match case.bytes {
            Some(bytes) => format!("{:.0}", bytes as f64 / seconds / 1e6),
            None => format!("{:.1} µs", seconds * 1e6),
        };
        match tables
            .last_mut()
            .filter(|(operation, _)| *operation == case.operation)
        {
            Some((_, table)) => table.add(case.texts, case.config, cell),
            None => {
                let mut table = Table::default();
                table.add(case.texts, case.config, cell);
                tables.push((case.operation, table));
            }
        }
    }
    println!("MB/s of input unless another unit is named; one thread.");
    for (operation, table) in tables {
        table.print(&operation);
    }
}

/// Seconds of a run.
fn fastest_turn(run: &mut dyn FnMut()) -> f64 {
    const TURN: Duration = Duration::from_millis(4);
    let start = Instant::now();
    run();
    let once = start.elapsed().max(Duration::from_nanos(1));
    let passes = (TURN.as_nanos() / once.as_nanos()).clamp(1, 1_000_000) as u32;
    (0..7)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..passes {
                run();
            }
            start.elapsed().as_secs_f64() / f64::from(passes)
        })
        .fold(f64::INFINITY, f64::min)
}

#[derive(Default)]
struct Table {
    rows: Vec<String>,
    columns: Vec<String>,
    cells: BTreeMap<(String, String), String>,
}

impl Table {
    fn add(&mut self, row: String, column: String, cell: String) {
        if !self.rows.contains(&row) {
            self.rows.push(row.clone());
        }
        if !self.columns.contains(&column) {
            self.columns.push(column.clone());
        }
        self.cells.insert((row, column), cell);
    }

    /// A line a text and a column a config; configs measured on one text
    /// only, which would widen the table for nothing, in a line below it.
    fn print(&self, title: &str) {
        let (single, columns): (Vec<&String>, Vec<&String>) = self
            .columns
            .iter()
            .partition(|column| self.columns.len() > 8 && self.column(column).count() == 1);
        let first = self.rows.iter().map(|row| row.chars().count()).max();
        let first = first.unwrap_or(0).max(title.len());
        print!("\n{title:first$}");
        for column in &columns {
            print!("  {column:>9}");
        }
        println!();
        for row in &self.rows {
            print!("{row:first$}");
            for column in &columns {
                let cell = self.cells.get(&(row.clone(), (*column).clone()));
                print!("  {:>9}", cell.map_or("", String::as_str));
            }
            println!();
        }
        let single: Vec<String> = single
            .into_iter()
            .flat_map(|column| {
                self.column(column)
                    .map(move |(row, cell)| format!("{column}/{row} {cell}"))
            })
            .collect();
        if !single.is_empty() {
            println!("{}", single.join(", "));
        }
    }

    /// The texts of a config and what was measured on them.
    fn column<'t>(&'t self, column: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let cells = self.cells.iter();
        cells
            .filter(move |((_, config), _)| config == column)
            .map(|((row, _), cell)| (row.as_str(), cell.as_str()))
    }
}
