//! The build: the source tables in `data/` to the maps the crate embeds.
//!
//! Offline and deterministic. It reads text with the same parser and compiles with the same
//! compiler as the crate does at run time, and stops, naming file, line and reason, at anything
//! it cannot read.

// The modules that read, compile and run tables are the crate's own, so that what is embedded and
// what is made at run time cannot differ. The build needs only a part of each.
macro_rules! shared {
    ($($path:literal $name:ident),+ $(,)?) => {
        $(#[path = $path] #[allow(dead_code)] mod $name;)+
    };
}
shared! {
    "../src/config/opencc.rs" opencc,
    "../src/engine/mod.rs" engine,
    "../src/scan/mod.rs" scan,
    "../src/table/mod.rs" table,
    "../src/text/mod.rs" text,
    "../src/unknown.rs" unknown,
    "../src/work.rs" work,
}

mod derive;
#[cfg(feature = "detect")]
mod detect;
#[cfg(feature = "fold")]
mod fold;
mod frequency;
mod maps;
#[cfg(feature = "normalize")]
mod normalize;
#[cfg(any(feature = "detect", feature = "fold", feature = "normalize"))]
mod rows;
mod scans;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use table::source::{self, Source};

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=data");
    if has_vectors() {
        println!("cargo::rustc-cfg=vector");
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let opencc = root.join("data/opencc");

    let sources = read_tables(&opencc);
    let tables = derive::derive(&sources);
    maps::write_tables(&tables, &out);
    let maps = maps::write_maps(&tables, &out);
    let words = root.join("data/normalize/words.txt");
    let pairs = frequency::Pairs::read(&words, &maps[opencc::Map::Ts as usize]);
    scans::write_scans(&maps, &pairs, &out);
    maps::write_version(&opencc, &tables, &out);
    #[cfg(feature = "normalize")]
    normalize::generate(&root.join("data"), &out);
    #[cfg(feature = "fold")]
    fold::generate(&sources, &root.join("data"), &out);
    #[cfg(feature = "detect")]
    detect::generate(&sources, &root.join("data"), &out);
}

/// Whether the target may have instructions that the scan's loop is made for. `--cfg zhnorm_scalar`
/// leaves them out, to check and test anywhere what targets without them run.
fn has_vectors() -> bool {
    let target = |what: &str| env::var(format!("CARGO_CFG_{what}")).unwrap_or_default();
    let has_them = match target("TARGET_ARCH").as_str() {
        "x86" | "x86_64" | "aarch64" => true,
        "wasm32" => target("TARGET_FEATURE")
            .split(',')
            .any(|feature| feature == "simd128"),
        _ => false,
    };
    // Bytes become characters by a cast.
    let is_little = target("TARGET_ENDIAN") == "little";
    has_them && is_little && env::var_os("CARGO_CFG_ZHNORM_SCALAR").is_none()
}

/// Reads every table of a folder, by name.
fn read_tables(folder: &Path) -> BTreeMap<String, Source> {
    let mut tables = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| stop(folder, error)) {
        let path = entry.unwrap_or_else(|error| stop(folder, error)).path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = fs::read(&path).unwrap_or_else(|error| stop(&path, error));
        let source = source::parse(&text)
            .unwrap_or_else(|error| panic!("{}:{}: {}", path.display(), error.line, error.kind));
        // Legal in a table of one's own, where a line of only a key deletes it, but in these a
        // sign that something went wrong.
        for entry in &source.entries {
            if entry.values.iter().any(String::is_empty) {
                panic!("{}:{}: empty value", path.display(), entry.line);
            }
        }
        let name = path
            .file_stem()
            .expect("it has an extension")
            .to_string_lossy()
            .into_owned();
        tables.insert(name, source);
    }
    tables
}

fn stop(path: &Path, error: std::io::Error) -> ! {
    panic!("{}: {error}", path.display())
}
