//! The scripts, languages and regions that detection tells apart, and their names.

use std::fmt;
use std::str::FromStr;

use crate::unknown::{self, NameKind, UnknownName};

/// The script of a text.
///
/// Displays as, and is parsed and serialized from, its BCP 47 tag.
///
/// ```
/// use zhnorm::Script;
///
/// assert_eq!(Script::Traditional.to_string(), "zh-Hant");
/// assert_eq!("zh-Hant-TW".parse(), Ok(Script::Traditional));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Script {
    /// Simplified Chinese, `zh-Hans`.
    #[cfg_attr(feature = "serde", serde(rename = "zh-Hans"))]
    Simplified,
    /// Traditional Chinese, `zh-Hant`.
    #[cfg_attr(feature = "serde", serde(rename = "zh-Hant"))]
    Traditional,
    /// Simplified and Traditional Chinese together, or Chinese with Japanese: `zh`.
    #[cfg_attr(feature = "serde", serde(rename = "zh"))]
    Mixed,
    /// Japanese, `ja`.
    #[cfg_attr(feature = "serde", serde(rename = "ja"))]
    Japanese,
    /// Korean, `ko`: hangul, with or without hanja.
    #[cfg_attr(feature = "serde", serde(rename = "ko"))]
    Korean,
    /// Nothing in the text tells: `und`.
    #[cfg_attr(feature = "serde", serde(rename = "und"))]
    Unknown,
}

impl Script {
    /// Every script.
    pub const ALL: &'static [Script] = &[
        Script::Simplified,
        Script::Traditional,
        Script::Mixed,
        Script::Japanese,
        Script::Korean,
        Script::Unknown,
    ];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Script::Simplified => "zh-Hans",
            Script::Traditional => "zh-Hant",
            Script::Mixed => "zh",
            Script::Japanese => "ja",
            Script::Korean => "ko",
            Script::Unknown => "und",
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.tag())
    }
}

impl FromStr for Script {
    type Err = UnknownName;

    /// Parses a tag; those with a region and those of Cantonese give their script.
    fn from_str(tag: &str) -> Result<Script, UnknownName> {
        match tag {
            "zh-Hant-TW" | "zh-Hant-HK" | "yue-Hant" => Ok(Script::Traditional),
            "yue-Hans" => Ok(Script::Simplified),
            _ => unknown::find(NameKind::Script, tag, Script::ALL, Script::tag),
        }
    }
}

/// The language of a text.
///
/// Displays as, and is parsed and serialized from, its BCP 47 tag.
///
/// ```
/// use zhnorm::{detect, Language};
///
/// assert_eq!(detect("佢哋喺度等咗好耐").language(), Language::Cantonese);
/// assert_eq!(detect("取扱説明書").language(), Language::Japanese);
/// assert_eq!(detect("學生들이 圖書館에서 工夫한다").language(), Language::Korean);
/// assert_eq!(Language::Cantonese.to_string(), "yue");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Language {
    /// Chinese other than written Cantonese, as a rule the standard language: `zh`.
    #[cfg_attr(feature = "serde", serde(rename = "zh"))]
    Chinese,
    /// Written Cantonese: `yue`.
    #[cfg_attr(feature = "serde", serde(rename = "yue"))]
    Cantonese,
    /// Japanese: `ja`.
    #[cfg_attr(feature = "serde", serde(rename = "ja"))]
    Japanese,
    /// Korean: `ko`.
    #[cfg_attr(feature = "serde", serde(rename = "ko"))]
    Korean,
    /// Nothing in the text tells: `und`.
    #[cfg_attr(feature = "serde", serde(rename = "und"))]
    Unknown,
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Language] = &[
        Language::Chinese,
        Language::Cantonese,
        Language::Japanese,
        Language::Korean,
        Language::Unknown,
    ];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh",
            Language::Cantonese => "yue",
            Language::Japanese => "ja",
            Language::Korean => "ko",
            Language::Unknown => "und",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.tag())
    }
}

impl FromStr for Language {
    type Err = UnknownName;

    fn from_str(tag: &str) -> Result<Language, UnknownName> {
        unknown::find(NameKind::Language, tag, Language::ALL, Language::tag)
    }
}

/// The region whose way of writing a Traditional text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Region {
    /// Taiwan, `TW`.
    #[cfg_attr(feature = "serde", serde(rename = "TW"))]
    Taiwan,
    /// Hong Kong, `HK`.
    #[cfg_attr(feature = "serde", serde(rename = "HK"))]
    HongKong,
}

impl Region {
    /// Every region.
    pub const ALL: &'static [Region] = &[Region::Taiwan, Region::HongKong];

    /// The BCP 47 subtag.
    pub const fn subtag(self) -> &'static str {
        match self {
            Region::Taiwan => "TW",
            Region::HongKong => "HK",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.subtag())
    }
}

impl FromStr for Region {
    type Err = UnknownName;

    fn from_str(subtag: &str) -> Result<Region, UnknownName> {
        unknown::find(NameKind::Region, subtag, Region::ALL, Region::subtag)
    }
}
