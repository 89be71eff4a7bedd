//! The facts of OpenCC 1.4.2's own configurations: their names, the chain of maps that each runs,
//! the tables that each map is merged from.
//!
//! A config is a line of [`configs`]: documentation, variant, name, segmentation, stages. A stage is a
//! [`Map`]; which tables a map is merged from, and how, stands in [`Map::group`]. From these two the
//! build makes the maps and each config's scan, and everything in the crate that goes over
//! [`Config::ALL`] or calls [`configs`] has the new config. `CONTRIBUTING.md` lists what else names
//! the configs, and which test misses one.
//!
//! Shared with the build script, which compiles the maps.

use std::fmt;
use std::str::FromStr;

use crate::engine::{Level, Plan, Role};
use crate::table::{Origins, Table};
use crate::unknown::{self, NameKind, UnknownName};

/// Gives every config to a macro: documentation, variant, name, how the text is cut into segments
/// after [`Map::Normalization`], and the stages in order.
macro_rules! configs {
    ($macro:ident) => {
        $macro! {
            /// Simplified to OpenCC's Traditional.
            S2t s2t (UNCUT, [St]);
            /// Simplified to Taiwan's Traditional, characters only.
            S2tw s2tw (AT_ST_PHRASES, [St, Tw]);
            /// Simplified to Taiwan's Traditional, with Taiwan's vocabulary.
            S2twp s2twp (AT_ST_PHRASES, [St, Twp]);
            /// Simplified to Hong Kong's Traditional, characters only.
            S2hk s2hk (AT_ST_PHRASES, [St, Hk]);
            /// Simplified to Hong Kong's Traditional, with Hong Kong's vocabulary.
            S2hkp s2hkp (AT_ST_PHRASES, [St, Hkp]);
            /// OpenCC's Traditional to Simplified.
            T2s t2s (UNCUT, [Ts]);
            /// Taiwan's Traditional to Simplified, characters only.
            Tw2s tw2s (AT_TS_PHRASES, [TwRev, Ts]);
            /// Taiwan's Traditional to Simplified, with the mainland's vocabulary.
            Tw2sp tw2sp (AT_TS_PHRASES, [TwpRev, Ts]);
            /// Hong Kong's Traditional to Simplified, characters only.
            Hk2s hk2s (AT_TS_PHRASES, [HkRev, Ts]);
            /// Hong Kong's Traditional to Simplified, with the mainland's vocabulary.
            Hk2sp hk2sp (AT_TS_PHRASES, [HkpRev, Ts]);
            /// OpenCC's Traditional to Taiwan's.
            T2tw t2tw (UNCUT, [Tw]);
            /// Taiwan's Traditional to OpenCC's.
            Tw2t tw2t (UNCUT, [TwRev]);
            /// OpenCC's Traditional to Hong Kong's.
            T2hk t2hk (UNCUT, [Hk]);
            /// Hong Kong's Traditional to OpenCC's.
            Hk2t hk2t (UNCUT, [HkRev]);
            /// OpenCC's Traditional (kyūjitai) to Japanese shinjitai.
            T2jp t2jp (UNCUT, [JpRev]);
            /// Japanese shinjitai to OpenCC's Traditional (kyūjitai).
            Jp2t jp2t (UNCUT, [Jp]);
        }
    };
}
#[allow(unused_imports, reason = "not by the build script")]
pub(crate) use configs;

/// The segmentation of configs without one.
const UNCUT: Option<Segmentation> = None;

/// Simplified text is cut at the phrases of its own first stage.
const AT_ST_PHRASES: Option<Segmentation> = Some(Segmentation {
    map: Map::St,
    tables: &["STPhrases", "STPhrases_GeneratedFromRegionalPhrases"],
});

/// Regional text is cut at the phrases of its last stage.
const AT_TS_PHRASES: Option<Segmentation> = Some(Segmentation {
    map: Map::Ts,
    tables: &["TSPhrases"],
});

macro_rules! define {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident $name:ident ($segmentation:ident, [$($stage:ident),+]);
    )+) => {
        /// One of OpenCC's sixteen configurations.
        ///
        /// In the names `s` is Simplified Chinese, `t` is OpenCC's own Traditional standard, `tw` and
        /// `hk` are the Traditional standards of Taiwan and Hong Kong, `jp` is Japanese shinjitai, and a
        /// `p` at the end adds the regional vocabulary (鼠标 → 滑鼠).
        ///
        /// # Examples
        ///
        /// ```
        /// use zhnorm::Config;
        ///
        /// let config: Config = "s2twp".parse()?;
        /// assert_eq!(config, Config::S2twp);
        /// assert_eq!(config.to_string(), "s2twp");
        /// # Ok::<(), zhnorm::UnknownName>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Config {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Config {
            /// All configurations; a later version may have more.
            pub const ALL: &'static [Config] = &[$(Config::$variant),+];

            /// OpenCC's name of the configuration, such as `s2twp`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Config::$variant => stringify!($name),)+
                }
            }

            /// How the text is cut into segments, after it is normalized.
            pub(crate) const fn segmentation(self) -> Option<Segmentation> {
                match self {
                    $(Config::$variant => $segmentation,)+
                }
            }

            /// The stages in order.
            pub(crate) const fn stages(self) -> &'static [Map] {
                match self {
                    $(Config::$variant => &[$(Map::$stage),+],)+
                }
            }
        }
    };
}
configs!(define);

impl Config {
    /// The chain of the config, of the maps that `table` gives.
    pub(crate) fn plan(self, rare: RareCharacters, table: impl Fn(Map) -> Table) -> Plan {
        let whole = |map| Level::new(table(map), Role::Convert(Origins::ALL));
        let mut levels = vec![whole(Map::Normalization)];
        let mut stages = self.stages();
        if let Some(segmentation) = self.segmentation() {
            let phrases = table(segmentation.map);
            let role = if stages[0] == segmentation.map {
                stages = &stages[1..];
                Role::SegmentAndConvert
            } else {
                Role::Segment(phrases.origins(|name| segmentation.tables.contains(&name)))
            };
            levels.push(Level::new(phrases, role));
        }
        for &stage in stages {
            let table = table(stage);
            // A rare character's key stands for itself once the table of rare values does not count.
            let counts = |name: &str| rare == RareCharacters::Include || name != RARE;
            let origins = table.origins(counts);
            levels.push(Level::new(table, Role::Convert(origins)));
        }
        Plan { levels }
    }

    /// Whether [`RareCharacters`] make a difference.
    #[allow(dead_code, reason = "not in the build script")]
    pub(crate) fn has_rare_characters(self) -> bool {
        self.stages().contains(&Map::Ts)
    }
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Config {
    type Err = UnknownName;

    /// Reads OpenCC's name of a configuration, with or without its `.json`.
    fn from_str(name: &str) -> Result<Config, UnknownName> {
        let stem = name.strip_suffix(".json").unwrap_or(name);
        unknown::find(NameKind::Config, stem, Config::ALL, Config::name)
    }
}

/// Whether a conversion to Simplified may produce characters that few fonts have, such as 𫝈 for
/// 㑮 (OpenCC calls them a "tofu risk").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RareCharacters {
    /// They may come out, as with the OpenCC library.
    #[default]
    Include,
    /// The Traditional character stays, as with the OpenCC command line.
    Exclude,
}

/// The table of the values that few fonts have.
const RARE: &str = "TSCharactersExt";

impl RareCharacters {
    /// Both choices.
    pub const ALL: &'static [RareCharacters] = &[RareCharacters::Include, RareCharacters::Exclude];

    /// The choice in a word: `include` or `exclude`.
    pub const fn name(self) -> &'static str {
        match self {
            RareCharacters::Include => "include",
            RareCharacters::Exclude => "exclude",
        }
    }
}

impl fmt::Display for RareCharacters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for RareCharacters {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<RareCharacters, UnknownName> {
        let (kind, all) = (NameKind::RareCharacters, RareCharacters::ALL);
        unknown::find(kind, name, all, RareCharacters::name)
    }
}

/// How a config cuts its text into segments: at the keys of a map that come from these tables.
pub(crate) struct Segmentation {
    /// The map.
    pub(crate) map: Map,
    /// The tables whose keys count.
    pub(crate) tables: &'static [&'static str],
}

/// Source tables combined into one map.
#[allow(dead_code, reason = "only the build script reads it")]
pub(crate) enum Group {
    /// One table.
    One(&'static str),
    /// The longest key over all, of equal keys the earlier.
    Union(&'static [Group]),
    /// The first with any match.
    ShortCircuit(&'static [Group]),
}

/// A map the build compiles and embeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Map {
    /// Compatibility ideographs to unified ones.
    Normalization,
    /// Simplified to Traditional.
    St,
    /// Traditional to Simplified.
    Ts,
    /// To Taiwan's characters.
    Tw,
    /// To Taiwan's characters and vocabulary.
    Twp,
    /// From Taiwan's characters.
    TwRev,
    /// From Taiwan's characters and vocabulary.
    TwpRev,
    /// To Hong Kong's characters.
    Hk,
    /// To Hong Kong's characters and vocabulary.
    Hkp,
    /// From Hong Kong's characters.
    HkRev,
    /// From Hong Kong's characters and vocabulary.
    HkpRev,
    /// To shinjitai.
    JpRev,
    /// From shinjitai.
    Jp,
}

impl Map {
    /// All maps, in the order of their numbers.
    #[allow(dead_code, reason = "only the build script and tests ask")]
    pub(crate) const ALL: &'static [Map] = &[
        Map::Normalization,
        Map::St,
        Map::Ts,
        Map::Tw,
        Map::Twp,
        Map::TwRev,
        Map::TwpRev,
        Map::Hk,
        Map::Hkp,
        Map::HkRev,
        Map::HkpRev,
        Map::JpRev,
        Map::Jp,
    ];

    /// The tables a map is made of: the dictionary groups of OpenCC's configuration files.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) const fn group(self) -> &'static Group {
        use Group::{One, ShortCircuit, Union};
        match self {
            Map::Normalization => &One("CJK_Compatibility_Ideographs"),
            Map::St => &ShortCircuit(&[
                Union(&[
                    One("STPhrases"),
                    One("STPhrases_GeneratedFromRegionalPhrases"),
                ]),
                One("STCharacters"),
            ]),
            Map::Ts => &ShortCircuit(&[
                One("TSPhrases"),
                One("TSCharactersExt"),
                One("TSCharacters"),
            ]),
            Map::Tw => &ShortCircuit(&[One("TWVariantsPhrases"), One("TWVariants")]),
            Map::Twp => &ShortCircuit(&[
                One("TWPhrases"),
                One("TWVariantsPhrases"),
                One("TWVariants"),
            ]),
            Map::TwRev => &ShortCircuit(&[One("TWVariantsRevPhrases"), One("TWVariantsRev")]),
            Map::TwpRev => &ShortCircuit(&[
                One("TWPhrasesRev"),
                One("TWVariantsRevPhrases"),
                One("TWVariantsRev"),
            ]),
            Map::Hk => &ShortCircuit(&[One("HKVariantsPhrases"), One("HKVariants")]),
            Map::Hkp => &ShortCircuit(&[
                One("HKPhrases"),
                One("HKVariantsPhrases"),
                One("HKVariants"),
            ]),
            Map::HkRev => &ShortCircuit(&[One("HKVariantsRevPhrases"), One("HKVariantsRev")]),
            Map::HkpRev => &ShortCircuit(&[
                One("HKPhrasesRev"),
                One("HKVariantsRevPhrases"),
                One("HKVariantsRev"),
            ]),
            Map::JpRev => &One("JPShinjitaiCharactersRev"),
            Map::Jp => &ShortCircuit(&[One("JPShinjitaiPhrases"), One("JPShinjitaiCharacters")]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_config_is_listed_once_and_parses_from_its_name() {
        for (index, config) in Config::ALL.iter().copied().enumerate() {
            assert_eq!(config as usize, index);
            assert_eq!(config.name().parse(), Ok(config));
            assert_eq!(format!("{config}.json").parse(), Ok(config));
        }
    }

    /// `data/rehearse_opencc.py` reads this table, too.
    #[test]
    fn the_table_of_the_readme_names_every_config_once() {
        let readme = include_str!("../../README.md");
        let (_, section) = readme.split_once("\n### Configs\n").expect("a section");
        let section = section.split("\n#").next().expect("its text");
        let rows = section.lines().filter(|line| line.starts_with('|'));
        // What stands between backquotes.
        let names = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
        let mut names: Vec<_> = names.collect();
        let mut all: Vec<_> = Config::ALL.iter().map(|config| config.name()).collect();
        names.sort_unstable();
        all.sort_unstable();
        assert_eq!(names, all);
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_ones() {
        let error = "s2x"
            .parse::<Config>()
            .expect_err("no such config")
            .to_string();
        assert!(
            error.contains("s2twp") && error.contains("\"s2x\""),
            "{error}"
        );
        for name in ["", "S2T", " s2t", "s2t.json.json"] {
            assert!(name.parse::<Config>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn rare_characters_are_read_from_what_they_are_shown_as() {
        for &rare in RareCharacters::ALL {
            assert_eq!(rare.to_string().parse(), Ok(rare));
        }
        let error = "maybe".parse::<RareCharacters>().expect_err("neither");
        assert_eq!(
            error.to_string(),
            "unknown choice \"maybe\", expected include or exclude"
        );
    }
}
