//! The varieties that a text is written in, and the chain of OpenCC's configs between any two of them.

use std::fmt;
use std::str::FromStr;

use super::opencc::Config;
use crate::unknown::{self, NameKind, UnknownName};

/// A way to write Chinese, or Japanese: what a text is in, and what it is to become.
///
/// It is displayed as a BCP 47 tag and read from one, whatever the case of its letters.
///
/// *Words.* Taiwan and Hong Kong have words of their own (滑鼠 for 鼠标), and [`Taiwan`](Variety::Taiwan) and
/// [`TaiwanWords`](Variety::TaiwanWords) are written in the same characters. To convert from the one with
/// words means to take Taiwan's words for Taiwan's; to convert to it, to put them in. All other varieties
/// have the words of the mainland, or those that the text happens to have.
///
/// # Examples
///
/// ```
/// use zhnorm::Variety;
///
/// assert_eq!("zh-Hant-TW".parse(), Ok(Variety::Taiwan));
/// assert_eq!("zh-MO".parse(), Ok(Variety::HongKong));
/// assert_eq!(Variety::TaiwanWords.to_string(), "zh-TW-x-words");
/// // It does not say which script it means.
/// assert!("zh".parse::<Variety>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Variety {
    /// Simplified Chinese, `zh-Hans`; also `zh-CN`, `zh-SG`, `zh-MY`.
    Hans,
    /// OpenCC's own Traditional standard, `zh-Hant`.
    Hant,
    /// Traditional in Taiwan's characters, `zh-TW`; also `zh-Hant-TW`.
    Taiwan,
    /// The same with Taiwan's vocabulary, `zh-TW-x-words`.
    TaiwanWords,
    /// Traditional in Hong Kong's characters, `zh-HK`; also `zh-Hant-HK`, and Macau's `zh-MO`.
    HongKong,
    /// The same with Hong Kong's vocabulary, `zh-HK-x-words`.
    HongKongWords,
    /// Japanese shinjitai, `ja`. Of a text's kanji, that is: no word is translated.
    Shinjitai,
}

/// Other tags for them. The regions that have a locale of their own in Unicode's CLDR.
const OTHER_TAGS: &[(&str, Variety)] = &[
    ("zh-CN", Variety::Hans),
    ("zh-SG", Variety::Hans),
    ("zh-MY", Variety::Hans),
    ("zh-Hans-CN", Variety::Hans),
    ("zh-Hans-SG", Variety::Hans),
    ("zh-Hans-MY", Variety::Hans),
    ("zh-Hans-HK", Variety::Hans),
    ("zh-Hans-MO", Variety::Hans),
    ("zh-Hant-TW", Variety::Taiwan),
    ("zh-Hant-TW-x-words", Variety::TaiwanWords),
    ("zh-Hant-HK", Variety::HongKong),
    ("zh-Hant-HK-x-words", Variety::HongKongWords),
    ("zh-MO", Variety::HongKong),
    ("zh-Hant-MO", Variety::HongKong),
    ("zh-MO-x-words", Variety::HongKongWords),
    ("zh-Hant-MO-x-words", Variety::HongKongWords),
    ("ja-JP", Variety::Shinjitai),
    ("ja-Jpan", Variety::Shinjitai),
    ("ja-Jpan-JP", Variety::Shinjitai),
];

impl Variety {
    /// All varieties; a later version may have more.
    pub const ALL: &'static [Variety] = &[
        Variety::Hans,
        Variety::Hant,
        Variety::Taiwan,
        Variety::TaiwanWords,
        Variety::HongKong,
        Variety::HongKongWords,
        Variety::Shinjitai,
    ];

    /// Its BCP 47 tag, such as `zh-TW`; `x-words` is a subtag for private use, as the standard has it.
    pub const fn tag(self) -> &'static str {
        match self {
            Variety::Hans => "zh-Hans",
            Variety::Hant => "zh-Hant",
            Variety::Taiwan => "zh-TW",
            Variety::TaiwanWords => "zh-TW-x-words",
            Variety::HongKong => "zh-HK",
            Variety::HongKongWords => "zh-HK-x-words",
            Variety::Shinjitai => "ja",
        }
    }
}

impl fmt::Display for Variety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.tag())
    }
}

impl FromStr for Variety {
    type Err = UnknownName;

    /// Reads a BCP 47 tag: those of [`Variety::ALL`], with or without the script where the region tells it
    /// and with the region where the script does, in letters of any case.
    fn from_str(tag: &str) -> Result<Variety, UnknownName> {
        let own = Variety::ALL.iter().map(|&variety| (variety.tag(), variety));
        let mut all = own.chain(OTHER_TAGS.iter().copied());
        match all.find(|(other, _)| other.eq_ignore_ascii_case(tag)) {
            Some((_, variety)) => Ok(variety),
            None => unknown::find(NameKind::Variety, tag, Variety::ALL, Variety::tag),
        }
    }
}

/// Gives every pair of two varieties to a macro, with its configs and its name. What a single config does
/// has that config's name. Else the name is made as OpenCC makes its own; a `p` at the end stands for the
/// words of both sides. That leaves no name for pairs that change the words of one region alone, but of
/// those that bring words into characters that are there already (`tw2twp`).
macro_rules! pairs {
    ($macro:ident) => {
        $macro! {
            Hans Hant [S2t];
            Hans Taiwan [S2tw];
            Hans TaiwanWords [S2twp];
            Hans HongKong [S2hk];
            Hans HongKongWords [S2hkp];
            Hans Shinjitai [S2t T2jp] "s2jp";
            Hant Hans [T2s];
            Hant Taiwan [T2tw];
            Hant TaiwanWords [T2s S2twp] "t2twp";
            Hant HongKong [T2hk];
            Hant HongKongWords [T2s S2hkp] "t2hkp";
            Hant Shinjitai [T2jp];
            Taiwan Hans [Tw2s];
            Taiwan Hant [Tw2t];
            Taiwan TaiwanWords [Tw2s S2twp] "tw2twp";
            Taiwan HongKong [Tw2t T2hk] "tw2hk";
            Taiwan HongKongWords [Tw2s S2hkp];
            Taiwan Shinjitai [Tw2t T2jp] "tw2jp";
            TaiwanWords Hans [Tw2sp];
            TaiwanWords Hant [Tw2sp S2t] "tw2tp";
            TaiwanWords Taiwan [Tw2sp S2tw];
            TaiwanWords HongKong [Tw2sp S2hk];
            TaiwanWords HongKongWords [Tw2sp S2hkp] "tw2hkp";
            TaiwanWords Shinjitai [Tw2sp S2t T2jp] "tw2jpp";
            HongKong Hans [Hk2s];
            HongKong Hant [Hk2t];
            HongKong Taiwan [Hk2t T2tw] "hk2tw";
            HongKong TaiwanWords [Hk2s S2twp];
            HongKong HongKongWords [Hk2s S2hkp] "hk2hkp";
            HongKong Shinjitai [Hk2t T2jp] "hk2jp";
            HongKongWords Hans [Hk2sp];
            HongKongWords Hant [Hk2sp S2t] "hk2tp";
            HongKongWords Taiwan [Hk2sp S2tw];
            HongKongWords TaiwanWords [Hk2sp S2twp] "hk2twp";
            HongKongWords HongKong [Hk2sp S2hk];
            HongKongWords Shinjitai [Hk2sp S2t T2jp] "hk2jpp";
            Shinjitai Hans [Jp2t T2s] "jp2s";
            Shinjitai Hant [Jp2t];
            Shinjitai Taiwan [Jp2t T2tw] "jp2tw";
            Shinjitai TaiwanWords [Jp2t T2s S2twp] "jp2twp";
            Shinjitai HongKong [Jp2t T2hk] "jp2hk";
            Shinjitai HongKongWords [Jp2t T2s S2hkp] "jp2hkp";
        }
    };
}

macro_rules! define {
    ($($from:ident $to:ident [$($config:ident)+] $($name:literal)?;)+) => {
        impl Pair {
            /// All pairs of two different varieties.
            pub const ALL: &'static [Pair] = &[$(Pair::new(Variety::$from, Variety::$to)),+];

            /// The chain of OpenCC's configs, in the order in which a text passes them; none where nothing
            /// is to be done.
            pub const fn configs(self) -> &'static [Config] {
                match (self.source, self.target) {
                    $((Variety::$from, Variety::$to) => &[$(Config::$config),+],)+
                    _ => &[],
                }
            }

            /// The name, as OpenCC would call it: `t2twp`, `tw2hk`. Some pairs have none.
            pub const fn name(self) -> Option<&'static str> {
                match (self.source, self.target) {
                    $($((Variety::$from, Variety::$to) => Some($name),)?)+
                    _ => match self.configs() {
                        [config] => Some(config.name()),
                        _ => None,
                    },
                }
            }
        }
    };
}

/// Two varieties: the one that a text is in, and the one that it becomes.
///
/// A pair is read from its [`name`](Pair::name), which is OpenCC's name of a config (`s2twp`) or made like
/// one (`t2twp`). A `p` at the end says that the words are converted, on both sides: `tw2hkp` goes from
/// Taiwan's words to Hong Kong's.
///
/// # What a pair does
///
/// What its [`configs`](Pair::configs) do, one after the other, each to all that the one before gave. A pair
/// of words goes by way of Simplified, as OpenCC's tables do. Characters that Simplified merges are told
/// apart again as the last config does it, so a 后 in the Traditional text may come out as 後. Without
/// words the way goes over OpenCC's Traditional, which loses little.
///
/// A variety to itself has no configs: the text stays, byte for byte.
///
/// # Examples
///
/// ```
/// use zhnorm::{Config, Converter, Pair, Variety};
///
/// let pair: Pair = "tw2hk".parse()?;
/// assert_eq!(pair, Pair::new(Variety::Taiwan, Variety::HongKong));
/// assert_eq!(pair.configs(), [Config::Tw2t, Config::T2hk]);
/// assert_eq!(Converter::from(pair).convert("臺灣"), "台灣");
/// # Ok::<(), zhnorm::UnknownName>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    source: Variety,
    target: Variety,
}
pairs!(define);

impl Pair {
    /// From one variety to another, or to itself.
    pub const fn new(from: Variety, to: Variety) -> Pair {
        Pair {
            source: from,
            target: to,
        }
    }

    /// What a text is in.
    pub const fn source(self) -> Variety {
        self.source
    }

    /// What it becomes.
    pub const fn target(self) -> Variety {
        self.target
    }
}

impl FromStr for Pair {
    type Err = UnknownName;

    /// Reads the name of a pair, with or without `.json` at its end, as [`Config`] does.
    fn from_str(name: &str) -> Result<Pair, UnknownName> {
        let name = name.strip_suffix(".json").unwrap_or(name);
        let named = |&pair: &Pair| Some((pair.name()?, pair));
        let named: Vec<(&'static str, Pair)> = Pair::ALL.iter().filter_map(named).collect();
        let (_, pair) = unknown::find(NameKind::Pair, name, &named, |(name, _)| name)?;
        Ok(pair)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_pair_of_different_varieties_is_there_once_and_has_configs() {
        let all: BTreeSet<Pair> = Pair::ALL.iter().copied().collect();
        assert_eq!(all.len(), Pair::ALL.len());
        for &from in Variety::ALL {
            for &to in Variety::ALL {
                let pair = Pair::new(from, to);
                assert_eq!(all.contains(&pair), from != to, "{pair:?}");
                assert_eq!(pair.configs().is_empty(), from == to, "{pair:?}");
                assert_eq!((pair.source(), pair.target()), (from, to));
            }
        }
    }

    /// A variety in a config's name, and whether the config has words.
    fn letters(variety: Variety) -> (&'static str, bool) {
        match variety {
            Variety::Hans => ("s", false),
            Variety::Hant => ("t", false),
            Variety::Taiwan => ("tw", false),
            Variety::TaiwanWords => ("tw", true),
            Variety::HongKong => ("hk", false),
            Variety::HongKongWords => ("hk", true),
            Variety::Shinjitai => ("jp", false),
        }
    }

    fn ends(config: Config) -> (&'static str, &'static str, bool) {
        let (from, to) = config.name().split_once('2').expect("as all are");
        match to.strip_suffix('p') {
            Some(to) if to != "j" => (from, to, true),
            _ => (from, to, false),
        }
    }

    #[test]
    fn each_config_of_a_chain_takes_what_the_one_before_gives() {
        for &pair in Pair::ALL {
            let (from, to) = (letters(pair.source), letters(pair.target));
            let mut at = from.0;
            for (number, &config) in pair.configs().iter().enumerate() {
                let (takes, gives, words) = ends(config);
                assert_eq!(takes, at, "{pair:?}");
                let is_first = number == 0 && from.1;
                let is_last = number + 1 == pair.configs().len() && to.1;
                assert_eq!(words, is_first || is_last, "{pair:?}");
                at = gives;
            }
            assert_eq!(at, to.0, "{pair:?}");
        }
    }

    #[test]
    fn what_one_config_does_is_that_config_and_no_chain_is_longer_than_it_must_be() {
        for &config in Config::ALL {
            let pair: Pair = config.name().parse().expect("every config is a pair");
            assert_eq!(pair.configs(), [config]);
        }
        for &pair in Pair::ALL {
            let (from, to) = (letters(pair.source), letters(pair.target));
            // By way of Simplified for words, else of Traditional.
            let way = if from.1 || to.1 { "s" } else { "t" };
            let apart = [from.0, to.0].iter().filter(|&&end| end != way).count();
            // Shinjitai and Simplified have no config between them.
            let is_far = way == "s" && [from.0, to.0].contains(&"jp");
            let is_direct = pair.configs().len() == 1;
            let expected = apart + usize::from(is_far);
            assert!(is_direct || pair.configs().len() == expected, "{pair:?}");
        }
    }

    #[test]
    fn a_pair_is_read_from_its_name_and_the_name_says_what_it_does() {
        let mut names = BTreeSet::new();
        for &pair in Pair::ALL {
            let Some(name) = pair.name() else {
                let of_words = |variety| letters(variety).1;
                assert_ne!(of_words(pair.source), of_words(pair.target), "{pair:?}");
                continue;
            };
            assert_eq!(name.parse(), Ok(pair));
            assert_eq!(format!("{name}.json").parse(), Ok(pair));
            assert!(names.insert(name), "{name} twice");
            let ((from, has_words), (to, gets_words)) =
                (letters(pair.source), letters(pair.target));
            let p = if has_words || gets_words { "p" } else { "" };
            assert_eq!(name, format!("{from}2{to}{p}"));
        }
        assert_eq!(names.len(), 36);
        for name in ["", "T2TWP", "t2twp.json.json", "tw2tw", "s2s"] {
            assert!(name.parse::<Pair>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn the_table_of_the_readme_has_the_configs_and_the_name_of_every_pair() {
        let readme = include_str!("../../README.md");
        let (_, section) = readme.split_once("\n### Any pair\n").expect("a section");
        let section = section.split("\n##").next().expect("its text");
        let rows = section.lines().filter(|line| line.starts_with('|'));
        // What stands between backquotes in each cell.
        let cells = |row: &'static str| -> Vec<Vec<&'static str>> {
            let cells = row.split('|').skip(1);
            let names = |cell: &'static str| cell.split('`').skip(1).step_by(2).collect();
            cells.map(names).collect()
        };
        let rows: Vec<_> = rows.map(cells).collect();
        let name = |variety: Variety| format!("{variety:?}");
        for (row, &from) in rows[2..].iter().zip(Variety::ALL) {
            assert_eq!(row[0], [name(from)]);
            for (number, &to) in Variety::ALL.iter().enumerate() {
                assert_eq!(rows[0][number + 1], [name(to)]);
                let pair = Pair::new(from, to);
                let mut expected: Vec<_> = pair.configs().iter().map(|c| c.name()).collect();
                expected.extend(pair.name().filter(|_| expected.len() > 1));
                assert_eq!(row[number + 1], expected, "{pair:?}");
            }
        }
        assert_eq!(rows.len(), 2 + Variety::ALL.len());
    }

    #[test]
    fn a_variety_is_read_from_its_tags_in_any_case() {
        for &variety in Variety::ALL {
            assert_eq!(variety.to_string().parse(), Ok(variety));
            assert_eq!(variety.tag().to_uppercase().parse(), Ok(variety));
        }
        let mut tags = BTreeSet::new();
        for &(tag, variety) in OTHER_TAGS {
            assert_eq!(tag.to_lowercase().parse(), Ok(variety));
            assert!(tags.insert(tag), "{tag} twice");
        }
        for tag in ["", "zh", "zh_TW", "zh-Hant-CN", "zh-TW-words", "en", " ja"] {
            let error = tag.parse::<Variety>().expect_err("no such variety");
            assert_eq!(error.name(), tag);
        }
    }
}
