//! What the build compiled, opened in place, each part once.
//!
//! There is one static for each config and for each map, and what names one names no other: so the
//! linker drops those that a program cannot use.

use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::runner::Runner;
use crate::config::opencc::Map;
use crate::config::{Config, RareCharacters};
use crate::engine::firsts::Firsts;
use crate::scan::classes::Classes;
use crate::scan::exception_pairs::ExceptionPairs;
use crate::scan::exceptions::Exceptions;
use crate::scan::facts::{Scan, Segmented};
use crate::scan::filter::Filter;
use crate::scan::passthrough::Passthrough;
use crate::table::{Embedded, Table};

include!(concat!(env!("OUT_DIR"), "/maps.rs"));
include!(concat!(env!("OUT_DIR"), "/scans.rs"));

/// Bytes that start a cache line. Where they start by chance, entries and slots lie across two
/// lines, and how many shifts with every change of the program.
#[repr(align(64))]
struct Aligned<B>(B);

/// A built-in config.
pub(crate) struct EmbeddedConfig {
    config: Config,
    /// Ready to run, once it was asked for.
    runner: OnceCell<Arc<Runner>>,
    /// The maps of its chain.
    maps: &'static [(Map, &'static EmbeddedMap)],
    changes: &'static [u8],
    listed: &'static [u8],
    pairs: &'static [u8],
    passthrough: &'static [u8],
    slots: &'static [u8],
    records: &'static [u8],
    start_bits: u32,
    joined: &'static [Filter],
    lookaround: usize,
    ids_reach: usize,
    first_level: usize,
    ascii_in_keys: u128,
    elsewhere: Filter,
    segments: Segmented,
    acting: &'static [Filter],
    /// For each level its [`Firsts`].
    firsts: &'static [&'static [u8]],
}

impl EmbeddedConfig {
    /// The config, ready to run; all callers share it.
    pub(crate) fn runner(&'static self) -> Arc<Runner> {
        self.runner.get_or_init(|| Arc::new(self.open())).clone()
    }

    fn open(&'static self) -> Runner {
        let scan = Scan {
            classes: Classes {
                changes: self.changes.into(),
                listed: self.listed.into(),
            },
            pairs: ExceptionPairs::embedded(self.pairs),
            passthrough: Passthrough::embedded(self.passthrough),
            exceptions: Exceptions {
                slots: self.slots.into(),
                records: self.records.into(),
                start_bits: self.start_bits,
                over: None,
            },
            joined: self.joined.into(),
            lookaround: self.lookaround,
            ids_reach: self.ids_reach,
            first_level: self.first_level,
            ascii_in_keys: self.ascii_in_keys,
            elsewhere: self.elsewhere.clone(),
            segments: self.segments,
            keep: None,
            acting: self.acting.into(),
        };
        let table = |wanted| {
            let mut maps = self.maps.iter();
            let (_, map) = maps
                .find(|&&(map, _)| map == wanted)
                .expect("the build lists all maps of a config");
            map.table()
        };
        let mut plan = self.config.plan(RareCharacters::Include, table);
        for (level, firsts) in plan.levels.iter_mut().zip(self.firsts) {
            level.firsts = Firsts::embedded(firsts);
        }
        Runner::embedded(plan, scan).of_config(self.config)
    }
}

/// A map.
pub(crate) struct EmbeddedMap {
    parts: Embedded,
    table: OnceCell<Table>,
}

impl EmbeddedMap {
    /// The map as a table, made at the first call; all callers share it.
    fn table(&'static self) -> Table {
        self.table
            .get_or_init(|| Table::embedded(&self.parts))
            .clone()
    }
}

/// A built-in config, ready to run. What calls this holds all of them.
pub(crate) fn runner(config: Config) -> Arc<Runner> {
    CONFIGS[config as usize].runner()
}

/// An embedded map as a table. What calls this holds all of them.
pub(crate) fn table(map: Map) -> Table {
    MAPS[map as usize].table()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::plan::cuts_at_phrases;
    use crate::table::Table;

    #[test]
    fn every_embedded_map_is_whole() {
        for (number, map) in Map::ALL.iter().copied().enumerate() {
            assert_eq!(map as usize, number);
            let table = table(map);
            assert_eq!(table.iter().count(), table.len(), "{map:?}");
            let longest = table.iter().map(|(key, _)| key.len()).max();
            assert_eq!(longest, Some(table.longest_key()), "{map:?}");
            for (key, entry) in table.iter() {
                assert_eq!(table.get(&key), Some(entry), "{map:?} {key}");
                assert!(entry.candidates().count() > 0, "{map:?} {key}");
            }
        }
    }

    #[test]
    fn the_configs_from_simplified_cut_at_the_phrases_of_their_first_stage() {
        for &config in Config::ALL {
            let Some(segmentation) = config.segmentation() else {
                continue;
            };
            if segmentation.map != config.stages()[0] {
                continue;
            }
            let stage = table(segmentation.map);
            let phrases = stage.origins(|name| segmentation.tables.contains(&name));
            let phrases = stage
                .iter_from(phrases)
                .map(|(key, _)| (key, String::new()));
            let phrases: Vec<_> = phrases.collect();
            let pairs = phrases
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str()));
            let segments = Table::from_pairs("segments", pairs).expect("well-formed");
            assert!(cuts_at_phrases(&segments, &stage));
        }
    }

    #[test]
    fn merged_maps_have_the_sizes_the_groups_imply() {
        let sizes = [
            (Map::Normalization, 1_002),
            (Map::St, 53_804),
            (Map::Ts, 4_625),
            (Map::Tw, 53),
            (Map::Twp, 871),
            (Map::TwRev, 1_169),
            (Map::TwpRev, 1_976),
            (Map::Hk, 338),
            (Map::Hkp, 420),
            (Map::HkRev, 384),
            (Map::HkpRev, 463),
            (Map::JpRev, 476),
            (Map::Jp, 638),
        ];
        // Of all maps, so that a new one is noticed here.
        let got = Map::ALL.iter().map(|&map| (map, table(map).len()));
        assert_eq!(got.collect::<Vec<_>>(), sizes);
    }
}
