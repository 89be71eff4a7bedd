//! The benchmarks. `cargo bench` measures with criterion, `cargo bench -- s2t`
//! a part of them, `cargo bench -- --test` runs each once and checks it;
//! `ZHNORM_BENCH_QUICK=1 cargo bench` takes seconds and prints one table.
//!
//! `ZHNORM_BENCH_LARGE=1` adds texts of 10 and 100 MB. The benchmarks on
//! several threads need `--features rayon`.
//!
//! A name is `operation/config/texts`. Every benchmark has proved its output
//! right before it is timed.

mod conversion;
#[path = "../corpus/mod.rs"]
mod corpus;
mod folding;
mod harness;
mod loading;
mod normalization;
mod own;
#[cfg(feature = "rayon")]
mod parallel;
mod streaming;

use zhnorm::Config;

/// The configs measured on all texts: each way, with one stage and with more.
const MAIN: &[Config] = &[
    Config::S2t,
    Config::S2twp,
    Config::S2hk,
    Config::T2s,
    Config::Tw2sp,
];

fn main() {
    let mut cases = conversion::cases();
    cases.extend(own::cases());
    cases.extend(streaming::cases());
    #[cfg(feature = "rayon")]
    cases.extend(parallel::cases());
    cases.extend(loading::cases());
    cases.extend(folding::cases());
    cases.extend(normalization::cases());
    harness::run(cases);
}
