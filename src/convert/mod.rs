//! [`Converter`]: what converts text. How one is built is in [`builder`].

pub mod account;
mod builder;
#[cfg(feature = "config-file")]
mod config_file;
mod embedded;
mod mapped;
mod pair;
#[cfg(feature = "rayon")]
mod parallel;
pub(crate) mod runner;
#[cfg(test)]
mod scan_tests;
mod stream;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::config::opencc::configs;
use crate::config::Config;
use crate::scan::output::{AppendTo, IntoCow};
use runner::Runner;

pub use builder::{Ambiguous, ConverterBuilder, PipelineBuilder};
pub use mapped::MappedStream;
pub use stream::Stream;

/// Converts text from one Chinese script to another.
///
/// Immutable and shared: `Send + Sync`, and a clone is one reference count. Converting cannot
/// fail; what no table knows is copied.
///
/// # Examples
///
/// ```
/// use zhnorm::{Config, Converter};
///
/// let converter = Converter::new(Config::S2twp);
/// assert_eq!(converter.convert("鼠标里面的硬盘"), "滑鼠裡面的硬碟");
/// ```
#[derive(Clone)]
pub struct Converter {
    runner: Arc<Runner>,
}

impl Converter {
    /// The converter of a built-in config.
    ///
    /// A program that calls this holds the tables of all configs; one that knows which it needs can
    /// call the function of that one, such as [`s2t`](Converter::s2t).
    ///
    /// # Complexity
    ///
    /// Microseconds, and no allocation after the first time: the tables are part of the program
    /// and opened in place.
    pub fn new(config: Config) -> Converter {
        Converter {
            runner: embedded::runner(config),
        }
    }

    fn of(runner: Runner) -> Converter {
        Converter {
            runner: Arc::new(runner),
        }
    }

    /// Converts a text; borrows it where nothing changes.
    ///
    /// Conversion goes by code point, as OpenCC's does. A variation selector or combining mark is
    /// a character that no table knows: it stays with the character before it, which converts as
    /// it would alone, and a phrase that has one inside is no phrase.
    ///
    /// # Complexity
    ///
    /// O(n). The result of a text of up to 63 bytes may have a capacity of 32 or 64 bytes, whatever its
    /// length.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::borrow::Cow;
    /// use zhnorm::{Config, Converter};
    ///
    /// let converter = Converter::new(Config::S2t);
    /// assert_eq!(converter.convert("皇后后面的头发"), "皇后後面的頭髮");
    /// assert!(matches!(converter.convert("no change"), Cow::Borrowed(_)));
    /// assert_eq!(converter.convert("头\u{FE00}发"), "頭\u{FE00}發");
    /// ```
    pub fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.runner.convert(text, IntoCow)
    }

    /// Converts a text and appends the result to `out`.
    pub fn convert_into(&self, text: &str, out: &mut String) {
        if !self.runner.convert(text, AppendTo(out)) {
            out.push_str(text);
        }
    }

    /// Converts bytes that should be UTF-8 and appends the result to `out`.
    ///
    /// What is not UTF-8 is copied as it stands. A character's length is taken from its first
    /// byte, as OpenCC does; a byte that can start no character is copied alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Config, Converter};
    ///
    /// let mut out = Vec::new();
    /// Converter::new(Config::S2t).convert_bytes(b"\xFF\xE6\xB1\x89\0\xE6", &mut out);
    /// assert_eq!(out, b"\xFF\xE6\xBC\xA2\0\xE6");
    /// ```
    pub fn convert_bytes(&self, bytes: &[u8], out: &mut Vec<u8>) {
        if !self.runner.convert_bytes(bytes, out) {
            out.extend_from_slice(bytes);
        }
    }

    /// Starts converting a text that arrives in pieces.
    pub fn stream(&self) -> Stream {
        Stream::new(self.runner.clone())
    }

    /// No [`Stream`] of this converter holds back more bytes than this between two pieces.
    ///
    /// It comes from the longest key of each stage and the longest description sequence, so it
    /// depends on the converter alone, not on the text.
    pub fn max_held(&self) -> usize {
        self.runner.max_held()
    }
}

/// A function for each config.
macro_rules! functions {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:ident $chain:tt;)+) => {
        impl Converter {
            $(
                $(#[doc = $doc])+
                #[doc = ""]
                #[doc = concat!("Short for [`Converter::new`]`(`[`Config::", stringify!($variant), "`]`)`,")]
                /// and a program that calls no other of these holds this config's tables alone.
                pub fn $name() -> Converter {
                    Converter {
                        runner: embedded::$variant.runner(),
                    }
                }
            )+
        }
    };
}
configs!(functions);

/// [`Converter::new`].
impl From<Config> for Converter {
    fn from(config: Config) -> Converter {
        Converter::new(config)
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.runner.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    /// Also that each is the one that its name says.
    #[test]
    fn all_ways_to_a_config_share_one_converter() {
        macro_rules! check {
            ($($(#[doc = $doc:literal])+ $variant:ident $name:ident $chain:tt;)+) => {
                $(
                    let new = Converter::new(Config::$variant);
                    assert!(Arc::ptr_eq(&new.runner, &Converter::$name().runner));
                    assert!(Arc::ptr_eq(&new.runner, &Converter::from(Config::$variant).runner));
                    let shown = format!("Converter {{ config: {:?} }}", Config::$variant);
                    assert_eq!(format!("{new:?}"), shown);
                )+
            };
        }
        configs!(check);
    }

    #[test]
    fn a_converter_shows_its_config_or_its_levels() {
        let converter = Converter::new(Config::S2twp);
        assert_eq!(format!("{converter:?}"), "Converter { config: S2twp }");
        let table = |name| Table::from_pairs(name, [("头", "頭"), ("发", "發")]).expect("two keys");
        let with_words = Converter::builder(Config::T2s).words(table("mine")).build();
        let shown = format!("{with_words:?}");
        assert_eq!(shown, "Converter { config: T2s, words: 2 }");
        let pipeline = Converter::pipeline().segmentation(table("cut"));
        let own = pipeline.stage(table("a")).stage(table("b")).build();
        let shown = format!("{own:?}");
        let places: Vec<_> = ["segment(", "cut", "convert(", "\"a\"", "\"b\""]
            .iter()
            .map(|part| shown.find(part).expect(part))
            .collect();
        assert!(places.is_sorted(), "{shown}");
    }
}
