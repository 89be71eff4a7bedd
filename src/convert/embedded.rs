//! What the build compiled, opened in place, each part once.

use once_cell::sync::OnceCell;

use super::runner::Runner;
use crate::config::opencc::Map;
use crate::config::{Config, RareCharacters};
use crate::engine::firsts::Firsts;
use crate::scan::{Classes, Filter, LiveKeys, LivePairs, Notable, Scan, Segmented};
use crate::table::{Embedded, Table};

include!(concat!(env!("OUT_DIR"), "/maps.rs"));
include!(concat!(env!("OUT_DIR"), "/scans.rs"));

/// Bytes that start a cache line. Where they start by chance, entries and slots lie across two
/// lines, and how many shifts with every change of the program.
#[repr(align(64))]
struct Aligned<B>(B);

/// The parts of an embedded scan that differ between configs.
struct EmbeddedScan {
    changes: &'static [u8],
    listed: &'static [u8],
    live: &'static [u8],
    notable: &'static [u8],
    slots: &'static [u8],
    joined: &'static [Filter],
    spread: usize,
    reach: usize,
    first_stage: usize,
    ascii_in_keys: u128,
    elsewhere: Filter,
    segments: Segmented,
    acting: &'static [Filter],
    /// For each level its [`Firsts`].
    firsts: &'static [&'static [u8]],
}

/// A built-in config, ready to run.
pub(crate) fn runner(config: Config) -> Runner {
    let parts = &SCANS[config as usize];
    let scan = Scan {
        classes: Classes {
            changes: parts.changes.into(),
            listed: parts.listed.into(),
        },
        live: LivePairs::embedded(parts.live),
        notable: Notable::embedded(parts.notable),
        keys: LiveKeys {
            slots: parts.slots.into(),
            records: RECORDS.into(),
            start_bits: START_BITS,
            over: None,
        },
        joined: parts.joined.into(),
        spread: parts.spread,
        reach: parts.reach,
        first_stage: parts.first_stage,
        ascii_in_keys: parts.ascii_in_keys,
        elsewhere: parts.elsewhere.clone(),
        segments: parts.segments,
        acting: parts.acting.into(),
    };
    let mut plan = config.plan(RareCharacters::Include, table);
    for (level, firsts) in plan.levels.iter_mut().zip(parts.firsts) {
        level.firsts = Firsts::embedded(firsts);
    }
    Runner::embedded(plan, scan).of_config(config)
}

/// An embedded map as a table, made at the first call; all callers share it.
pub(crate) fn table(map: Map) -> Table {
    static TABLES: [OnceCell<Table>; Map::ALL.len()] = [const { OnceCell::new() }; Map::ALL.len()];
    let number = map as usize;
    TABLES[number]
        .get_or_init(|| Table::embedded(&MAPS[number]))
        .clone()
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
        for (map, len) in sizes {
            assert_eq!(table(map).len(), len, "{map:?}");
        }
    }
}
