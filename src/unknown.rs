//! [`UnknownName`]: what every type that is read from a name says of one that is none.
//!
//! Shared with the build script.

use std::error::Error;
use std::fmt;

/// A name that is none of those that were expected: the error of every `FromStr` of this crate.
///
/// # Examples
///
/// ```
/// use zhnorm::{Config, NameKind};
///
/// let error = "s2x".parse::<Config>().unwrap_err();
/// assert_eq!((error.kind(), error.name()), (NameKind::Config, "s2x"));
/// assert!(error.expected().contains(&"s2twp"));
/// assert!(error.to_string().starts_with("unknown config \"s2x\", expected s2t, s2tw, "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    kind: NameKind,
    name: Box<str>,
    expected: Box<[&'static str]>,
}

/// What a name was to be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameKind {
    /// A `Config`.
    Config,
    /// A `Language`.
    Language,
    /// A `Pair`.
    Pair,
    /// A `QuotationMarks`.
    QuotationMarks,
    /// A `RareCharacters`.
    RareCharacters,
    /// A `Region`.
    Region,
    /// A `Script`.
    Script,
    /// One of OpenCC's tables.
    Table,
    /// A `normalize::Target`.
    Target,
    /// A `Unit`.
    Unit,
    /// A `Variety`.
    Variety,
}

/// The one of `all` with this name.
pub(crate) fn find<T: Copy>(
    kind: NameKind,
    name: &str,
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
) -> Result<T, UnknownName> {
    let found = all.iter().copied().find(|&one| name_of(one) == name);
    found.ok_or_else(|| UnknownName {
        kind,
        name: name.into(),
        expected: all.iter().map(|&one| name_of(one)).collect(),
    })
}

impl UnknownName {
    /// What it was to be the name of.
    pub fn kind(&self) -> NameKind {
        self.kind
    }

    /// The name that was found.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All names that would have done.
    pub fn expected(&self) -> &[&'static str] {
        &self.expected
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            NameKind::Config => "config",
            NameKind::Language => "language",
            NameKind::Pair => "pair",
            NameKind::QuotationMarks => "quotation marks",
            NameKind::RareCharacters => "choice",
            NameKind::Region => "region",
            NameKind::Script => "script",
            NameKind::Table => "table",
            NameKind::Target => "target",
            NameKind::Unit => "unit",
            NameKind::Variety => "variety",
        };
        write!(f, "unknown {what} {:?}, expected ", self.name)?;
        let last = self.expected.len() - 1;
        for (number, name) in self.expected.iter().enumerate() {
            let before = match number {
                0 => "",
                _ if number == last => " or ",
                _ => ", ",
            };
            write!(f, "{before}{name}")?;
        }
        Ok(())
    }
}

impl Error for UnknownName {}

#[cfg(all(test, feature = "detect", feature = "normalize"))]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::normalize::Target;
    use crate::{
        Config, Language, Pair, QuotationMarks, RareCharacters, Region, Script, Unit, Variety,
    };

    fn refused<T: FromStr<Err = UnknownName> + fmt::Debug>(kind: NameKind) -> String {
        let error = "没有".parse::<T>().expect_err("no such name");
        assert_eq!((error.kind(), error.name()), (kind, "没有"));
        for name in error.expected() {
            assert!(name.parse::<T>().is_ok(), "{name}");
        }
        error.to_string()
    }

    #[test]
    fn whatever_is_read_from_a_name_says_which_it_expected() {
        let config = refused::<Config>(NameKind::Config);
        assert!(config.starts_with("unknown config \"没有\", expected s2t, "));
        assert!(config.ends_with(", t2jp or jp2t"), "{config}");
        let pair = refused::<Pair>(NameKind::Pair);
        assert!(
            pair.starts_with("unknown pair \"没有\", expected s2t, s2tw, "),
            "{pair}"
        );
        for (error, expected) in [
            (
                refused::<RareCharacters>(NameKind::RareCharacters),
                "choice \"没有\", expected include or exclude",
            ),
            (
                refused::<Language>(NameKind::Language),
                "language \"没有\", expected zh, yue, ja, ko or und",
            ),
            (
                refused::<QuotationMarks>(NameKind::QuotationMarks),
                "quotation marks \"没有\", expected curly or corner",
            ),
            (
                refused::<Region>(NameKind::Region),
                "region \"没有\", expected TW or HK",
            ),
            (
                refused::<Script>(NameKind::Script),
                "script \"没有\", expected zh-Hans, zh-Hant, zh, ja, ko or und",
            ),
            (
                refused::<Target>(NameKind::Target),
                "target \"没有\", expected hans, hant, tw or hk",
            ),
            (
                refused::<Unit>(NameKind::Unit),
                "unit \"没有\", expected document, paragraph, line or sentence",
            ),
            (
                refused::<Variety>(NameKind::Variety),
                "variety \"没有\", expected zh-Hans, zh-Hant, zh-TW, zh-TW-x-words, zh-HK, zh-HK-x-words or ja",
            ),
        ] {
            assert_eq!(error, format!("unknown {expected}"));
        }
    }
}
