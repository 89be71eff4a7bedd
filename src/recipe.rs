//! The chain of every built-in config: the facts of OpenCC 1.4.2's configuration files.

use crate::config::Config;
use crate::map::Map;

/// How a config cuts its text into segments: at the keys of a map that come from these tables.
pub(crate) struct SegmentationRecipe {
    /// The map.
    pub(crate) map: Map,
    /// The tables whose keys count.
    pub(crate) tables: &'static [&'static str],
}

/// A config: normalization always comes first, with [`Map::Normalization`].
pub(crate) struct ConfigRecipe {
    /// Between normalization and the stages.
    pub(crate) segmentation: Option<SegmentationRecipe>,
    /// The stages in order.
    pub(crate) stages: &'static [Map],
}

impl ConfigRecipe {
    /// The recipe of a built-in config.
    pub(crate) const fn of(config: Config) -> ConfigRecipe {
        // Simplified text is cut at the phrases of its own first stage, regional text at the
        // phrases of its last.
        let by_st = Some(SegmentationRecipe {
            map: Map::St,
            tables: &["STPhrases", "STPhrases_GeneratedFromRegionalPhrases"],
        });
        let by_ts = Some(SegmentationRecipe {
            map: Map::Ts,
            tables: &["TSPhrases"],
        });
        let (segmentation, stages): (_, &[Map]) = match config {
            Config::S2t => (None, &[Map::St]),
            Config::S2tw => (by_st, &[Map::St, Map::Tw]),
            Config::S2twp => (by_st, &[Map::St, Map::Twp]),
            Config::S2hk => (by_st, &[Map::St, Map::Hk]),
            Config::S2hkp => (by_st, &[Map::St, Map::Hkp]),
            Config::T2s => (None, &[Map::Ts]),
            Config::Tw2s => (by_ts, &[Map::TwRev, Map::Ts]),
            Config::Tw2sp => (by_ts, &[Map::TwpRev, Map::Ts]),
            Config::Hk2s => (by_ts, &[Map::HkRev, Map::Ts]),
            Config::Hk2sp => (by_ts, &[Map::HkpRev, Map::Ts]),
            Config::T2tw => (None, &[Map::Tw]),
            Config::Tw2t => (None, &[Map::TwRev]),
            Config::T2hk => (None, &[Map::Hk]),
            Config::Hk2t => (None, &[Map::HkRev]),
            Config::T2jp => (None, &[Map::JpRev]),
            Config::Jp2t => (None, &[Map::Jp]),
        };
        ConfigRecipe {
            segmentation,
            stages,
        }
    }
}
