//! Writes the scan of every built-in config.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use crate::frequency::Pairs;
use crate::maps;
use crate::opencc::{Config, Map, RareCharacters};
use crate::scan::derive::derive;
use crate::scan::exceptions::{Exception, Records};
use crate::scan::facts::Scan;
use crate::table::Table;

/// Derives the scans of all configs from the maps, in the order of `Map::ALL`, and writes
/// `scans.rs`, which has a static for each: a program with one config holds what that one needs.
pub fn write_scans(tables: &[Table], pairs: &Pairs, out: &Path) {
    let mut files = Files {
        out,
        names: HashMap::new(),
    };
    let mut list = String::new();
    let mut scans = Vec::new();
    for &config in Config::ALL {
        let table = |map| tables[map as usize].clone();
        let plan = config.plan(RareCharacters::Include, table);
        let scan = derive(&plan, pairs).expect("OpenCC's tables allow a scan");
        let keys: Vec<Exception> = scan.exceptions.iter().collect();
        scans.push((plan, scan, keys));
    }
    let records = shared_records(scans.iter().map(|(.., keys)| &keys[..]));
    let pairs = shared(scans.iter().map(|(_, scan, ..)| scan.pairs.bytes()), 100);
    // Here a common character too many costs more.
    let passthrough = shared(
        scans.iter().map(|(_, scan, ..)| scan.passthrough.bytes()),
        25,
    );
    let joined = |(_, scan, _): &(_, Scan, _)| {
        scan.joined
            .first()
            .map_or(Vec::new(), |any| any.bytes().to_vec())
    };
    let joined: Vec<Vec<u8>> = scans.iter().map(joined).collect();
    let joined = shared(joined.iter().map(Vec::as_slice), 100);
    let parts = pairs.into_iter().zip(passthrough).zip(joined).zip(&records);
    let configs = Config::ALL.iter().zip(&scans).zip(parts);
    for ((&config, (plan, scan, keys)), (((pairs, passthrough), joined), records)) in configs {
        let slots = records.slots(keys).expect("some ten thousand keys");
        let mut of_config = vec![Map::Normalization];
        of_config.extend(config.segmentation().map(|segmentation| segmentation.map));
        of_config.extend(config.stages());
        let of_config: Vec<String> = of_config
            .iter()
            .map(|&map| format!("(Map::{map:?}, &{})", maps::name(map)))
            .collect();
        writeln!(
            list,
            "#[allow(non_upper_case_globals, reason = \"named as the config\")]\n\
             pub(crate) static {config:?}: EmbeddedConfig = EmbeddedConfig {{ config: Config::{config:?}, \
             runner: OnceCell::new(), maps: &[{}], start_bits: {},",
            of_config.join(", "),
            records.start_bits()
        )
        .expect("memory");
        for (part, bytes) in [
            ("changes", &scan.classes.changes[..]),
            ("listed", &scan.classes.listed),
            ("pairs", &pairs),
            ("passthrough", &passthrough),
            ("slots", &slots),
            ("records", &records.bytes),
        ] {
            writeln!(list, "{part}: {},", files.add(bytes)).expect("memory");
        }
        writeln!(list, "joined: &[").expect("memory");
        let later = scan.joined.iter().skip(1).map(|later| later.bytes());
        let any = scan.joined.first().map(|_| &joined[..]);
        for joined in any.into_iter().chain(later) {
            writeln!(list, "Filter::embedded({}),", files.add(joined)).expect("memory");
        }
        let firsts: Vec<String> = plan
            .levels
            .iter()
            .map(|level| files.add(level.find_firsts().bytes()))
            .collect();
        writeln!(list, "], acting: &[").expect("memory");
        for acting in scan.acting.iter() {
            writeln!(list, "Filter::embedded({}),", files.add(acting.bytes())).expect("memory");
        }
        writeln!(
            list,
            "], elsewhere: Filter::embedded({}), firsts: &[{}], lookaround: {}, ids_reach: {}, first_level: {}, ascii_in_keys: {:#x}, segments: Segmented::{:?} }};",
            files.add(scan.elsewhere.bytes()), firsts.join(", "), scan.lookaround, scan.ids_reach, scan.first_level, scan.ascii_in_keys, scan.segments
        )
        .expect("memory");
    }
    let mut text = String::new();
    for number in 0..files.names.len() {
        let bytes = format!("&Aligned(*include_bytes!(\"scan-{number}.bin\")).0");
        writeln!(text, "static PART_{number}: &[u8] = {bytes};").expect("memory");
    }
    let names = Config::ALL.iter().map(|config| format!("&{config:?}"));
    writeln!(
        text,
        "{list}/// Every config, in the order of `Config::ALL`.\n\
         static CONFIGS: [&EmbeddedConfig; {}] = [{}];",
        Config::ALL.len(),
        names.collect::<Vec<_>>().join(", ")
    )
    .expect("memory");
    fs::write(out.join("scans.rs"), text).expect("the build's folder is writable");
}

/// The records of each config's exceptions. Two configs share theirs if more than half of the bytes that the
/// smaller one needs are the other's, too: so a program of all configs holds little twice, and one of a single
/// config little that it does not need.
fn shared_records<'s>(configs: impl Iterator<Item = &'s [Exception]>) -> Vec<Rc<Records>> {
    let of = |keys: &[&[Exception]]| {
        let mut records = Records::default();
        keys.iter().for_each(|keys| records.add(keys));
        records
    };
    // The keys of those in each set, and the length of the first one's own records.
    let mut sets: Vec<(Vec<&[Exception]>, usize)> = Vec::new();
    let mut set_of = Vec::new();
    for keys in configs {
        let own = of(&[keys]).bytes.len();
        let alike = sets.iter().position(|(set, first)| {
            let both = of(&[set[0], keys]).bytes.len();
            2 * (own + first).saturating_sub(both) > own.min(*first)
        });
        match alike {
            Some(set) => sets[set].0.push(keys),
            None => sets.push((vec![keys], own)),
        }
        set_of.push(alike.unwrap_or(sets.len() - 1));
    }
    let records: Vec<_> = sets.iter().map(|(set, _)| Rc::new(of(set))).collect();
    set_of.into_iter().map(|set| records[set].clone()).collect()
}

/// Sets of exception pairs or notable characters, in their order; those that are nearly alike become one,
/// with at most so many thousandths more than any of them: one too many costs a closer look now and
/// then, a set of exception pairs for each config costs the program a quarter of a megabyte.
fn shared<'s>(sets: impl Iterator<Item = &'s [u8]>, more: u32) -> Vec<Vec<u8>> {
    let count = |set: &[u8]| set.iter().map(|bits| bits.count_ones()).sum::<u32>();
    let with = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| a | b).collect::<Vec<u8>>();
    // Each with the smallest number of bits of those in it, and which they are.
    let mut unions: Vec<(Vec<u8>, u32, Vec<usize>)> = Vec::new();
    for (number, set) in sets.enumerate() {
        let own = count(set);
        let alike = unions.iter_mut().find(|(union, least, _)| {
            union.len() == set.len()
                && count(&with(union, set)) * 1000 <= own.min(*least) * (1000 + more)
        });
        match alike {
            Some((union, least, members)) => {
                *union = with(union, set);
                *least = own.min(*least);
                members.push(number);
            }
            None => unions.push((set.to_vec(), own, vec![number])),
        }
    }
    let mut shared: Vec<(usize, Vec<u8>)> = unions
        .into_iter()
        .flat_map(|(union, _, members)| members.into_iter().map(move |of| (of, union.clone())))
        .collect();
    shared.sort_by_key(|&(number, _)| number);
    shared.into_iter().map(|(_, set)| set).collect()
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
