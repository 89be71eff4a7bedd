//! What the caller can choose.

use std::fmt;
use std::str::FromStr;

use super::tables::Side;
use crate::spans::Unit;
use crate::unknown::{self, NameKind, UnknownName};

/// All that is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Options {
    pub target: Target,
    pub style: Style,
    pub unit: Unit,
    pub width: Width,
    pub variation_selectors: VariationSelectors,
    pub private_use: PrivateUse,
    pub source: Source,
    /// In thousandths.
    pub least: u16,
}

impl Options {
    /// The least confidence of a change that is made.
    #[inline]
    pub(super) fn min_confidence(&self) -> f32 {
        f32::from(self.least) / 1000.0
    }

    pub(super) fn side(&self) -> Side {
        match self.target {
            Target::Hans => Side::Simplified,
            Target::Hant | Target::Tw | Target::Hk => Side::Traditional,
        }
    }
}

/// The script, and where it matters the region, that comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Target {
    /// Simplified.
    Hans,
    /// Traditional, of no region: regional spellings are kept as they are found.
    Hant,
    /// Traditional as written in Taiwan.
    Tw,
    /// Traditional as written in Hong Kong.
    Hk,
}

impl Target {
    /// Every target, in the order of the documentation.
    pub const ALL: &'static [Target] = &[Target::Hans, Target::Hant, Target::Tw, Target::Hk];

    /// The name [`FromStr`] reads: `hans`, `hant`, `tw`, `hk`.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Hans => "hans",
            Target::Hant => "hant",
            Target::Tw => "tw",
            Target::Hk => "hk",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Target {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        unknown::find(NameKind::Target, name, Target::ALL, Target::name)
    }
}

/// The script that a text is known to be written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Source {
    /// Nothing is known: each part of the text shows it.
    #[default]
    Auto,
    /// Simplified: a character of both scripts is the Simplified one, also where nothing else tells, as 面 in 吃面.
    Simplified,
    /// Traditional: a character of both scripts is the Traditional one unless its word says otherwise.
    Traditional,
}

impl Source {
    /// Every source, in the order of the documentation.
    pub const ALL: &'static [Source] = &[Source::Auto, Source::Simplified, Source::Traditional];
}

/// What becomes of spellings that are right somewhere: 爲 and 為, 裏 and 裡, 産 and 產.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Style {
    /// They follow the target: Taiwan's, Hong Kong's, or for [`Target::Hant`] as found.
    #[default]
    Target,
    /// They stay as found.
    Keep,
}

/// What becomes of full-width Latin letters and digits. Half-width katakana and all punctuation stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Width {
    /// They stay.
    #[default]
    Keep,
    /// Full-width ASCII letters and digits become ASCII; punctuation stays.
    Narrow,
}

/// What becomes of variation selectors.
///
/// Those that stay part words: 头 and 发 with one between them are not the word 头发.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum VariationSelectors {
    /// They stay.
    #[default]
    Keep,
    /// Those after an ideograph are removed, however many, and words are seen without them.
    Remove,
}

/// What becomes of private-use characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum PrivateUse {
    /// They stay.
    #[default]
    Keep,
    /// Each becomes U+FFFD.
    Replace,
}
