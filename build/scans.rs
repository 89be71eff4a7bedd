//! Writes the scan of every built-in config.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::config::Config;
use crate::plan::{self, RareCharacters};
use crate::scan::derive::derive;
use crate::table::Table;

/// Derives the scans of all configs from the maps, in the order of `Map::ALL`, and writes
/// `scans.rs`, which lists them in the order of `Config::ALL`.
pub fn write_scans(maps: &[Table], out: &Path) {
    let mut files = Files {
        out,
        names: HashMap::new(),
    };
    let mut pages = Pages::default();
    let mut list = String::new();
    for config in Config::ALL {
        let table = |map| maps[map as usize].clone();
        let plan = plan::builtin(config, RareCharacters::Include, table);
        let scan = derive(&plan).expect("OpenCC's tables allow a scan");
        let page_of = pages.add(&scan.classes.page_of, &scan.classes.pages);
        writeln!(list, "EmbeddedScan {{").expect("memory");
        for (part, bytes) in [
            ("page_of", &page_of[..]),
            ("others", &scan.classes.others),
            ("live", scan.live.bytes()),
            ("confirm", scan.confirm.bytes()),
        ] {
            writeln!(list, "{part}: {},", files.add(bytes)).expect("memory");
        }
        writeln!(list, "joined: &[").expect("memory");
        for joined in scan.joined.iter() {
            writeln!(list, "Filter::embedded({}),", files.add(joined.bytes())).expect("memory");
        }
        let (spread, reach, first) = (scan.spread, scan.reach, scan.first_stage);
        writeln!(
            list,
            "], spread: {spread}, reach: {reach}, first_stage: {first} }},"
        )
        .expect("memory");
    }
    let pages = files.add(&pages.bytes);
    let count = Config::ALL.len();
    let mut text = String::new();
    for number in 0..files.names.len() {
        let bytes = format!("&Aligned(*include_bytes!(\"scan-{number}.bin\")).0");
        writeln!(text, "static PART_{number}: &[u8] = {bytes};").expect("memory");
    }
    writeln!(
        text,
        "/// The pages of all configs' classes.\nstatic PAGES: &[u8] = {pages};"
    )
    .expect("memory");
    writeln!(text, "/// Every scan, in the order of `Config::ALL`.").expect("memory");
    writeln!(text, "static SCANS: [EmbeddedScan; {count}] = [\n{list}];").expect("memory");
    fs::write(out.join("scans.rs"), text).expect("the build's folder is writable");
}

/// Files of bytes that the crate includes, equal ones only once.
struct Files<'p> {
    out: &'p Path,
    names: HashMap<Vec<u8>, usize>,
}

impl Files<'_> {
    /// Writes the bytes, unless they were, and returns the name of the static that has them.
    fn add(&mut self, bytes: &[u8]) -> String {
        let next = self.names.len();
        let number = *self.names.entry(bytes.to_vec()).or_insert(next);
        let path = self.out.join(format!("scan-{number}.bin"));
        fs::write(path, bytes).expect("the build's folder is writable");
        format!("PART_{number}")
    }
}

/// The pages of all configs, equal ones only once.
#[derive(Default)]
struct Pages {
    numbers: HashMap<Vec<u8>, u16>,
    bytes: Vec<u8>,
}

impl Pages {
    /// Adds a config's pages and returns its `page_of` with their numbers here.
    fn add(&mut self, page_of: &[u8], pages: &[u8]) -> Vec<u8> {
        const BYTES: usize = 64 * 4;
        let mut renumbered = Vec::new();
        for page in pages.chunks(BYTES) {
            let next = u16::try_from(self.numbers.len()).expect("16 configs of 1,024 pages");
            renumbered.push(*self.numbers.entry(page.to_vec()).or_insert_with(|| {
                self.bytes.extend_from_slice(page);
                next
            }));
        }
        let of =
            |number: &[u8]| renumbered[usize::from(u16::from_le_bytes([number[0], number[1]]))];
        page_of
            .chunks(2)
            .flat_map(|number| of(number).to_le_bytes())
            .collect()
    }
}
