//! Exact and fast conversion of Chinese text between its scripts, and detection of the script a text
//! is in.
//!
//! A [`Converter`] does byte for byte what OpenCC 1.4.2 does, in all of its sixteen configurations
//! ([`Config`]): Simplified, OpenCC's Traditional, the standards of Taiwan and Hong Kong with or
//! without their vocabulary, and Japanese shinjitai. The tables are part of the program. [`detect`]
//! tells Simplified, Traditional, mixed and Japanese text apart.
//!
//! # Example: converting a string
//!
//! ```
//! use std::borrow::Cow;
//! use zhnorm::{Config, Converter};
//!
//! let converter = Converter::new(Config::S2twp);
//! assert_eq!(converter.convert("鼠标里面的硬盘"), "滑鼠裡面的硬碟");
//! assert!(matches!(converter.convert("no change"), Cow::Borrowed(_)));
//! ```
//!
//! # Example: converting a stream
//!
//! A [`Stream`] takes a text in pieces, cut wherever they happen to be cut, and does no I/O.
//! [`io`] has a reader, a writer and a copy function over it.
//!
//! ```
//! use zhnorm::{Config, Converter};
//!
//! let mut stream = Converter::new(Config::S2t).stream();
//! let mut out = Vec::new();
//! for byte in "理头发".bytes() {
//!     stream.push(&[byte], &mut out);
//! }
//! stream.finish(&mut out);
//! assert_eq!(out, "理頭髮".as_bytes());
//! ```
//!
//! # Example: what became of what
//!
//! ```
//! use zhnorm::Converter;
//!
//! let mapped = Converter::s2twp().convert_mapped("用鼠标的程序员");
//! assert_eq!(mapped.text(), "用滑鼠的程式設計師");
//! let found = mapped.text().find("滑鼠").expect("it is there");
//! let source = mapped.to_source(found..found + "滑鼠".len())?;
//! assert_eq!(&mapped.source()[source], "鼠标");
//! # Ok::<(), zhnorm::align::RangeError>(())
//! ```
//!
//! # Example: leaving parts alone
//!
//! ```
//! use zhnorm::align::Protected;
//! use zhnorm::Converter;
//!
//! let code = [Protected::barrier(6..11)];
//! let mapped = Converter::s2t().convert_protected("变量`头`", &code)?;
//! assert_eq!(mapped.text(), "變量`头`");
//! assert_eq!(Converter::s2t().convert_parts(&["头", "发"]), ["頭", "髮"]);
//! # Ok::<(), zhnorm::align::RangeError>(())
//! ```
//!
//! # Example: why
//!
//! ```
//! use zhnorm::Converter;
//!
//! let done = Converter::s2t().convert_with_report("头发");
//! assert_eq!(done.report.changes[0].decisions[0].table, "STPhrases");
//! assert_eq!(Converter::s2t().ambiguities("干")[0].candidates, ["幹", "乾", "干", "榦"]);
//! ```
//!
//! # Example: words of one's own
//!
//! ```
//! use zhnorm::{Config, Converter, Table};
//!
//! let words = Table::from_pairs("mine", [("鼠标", "鼠標")])?;
//! let converter = Converter::builder(Config::S2twp).words(words).keep(["里"]).build();
//! assert_eq!(converter.convert("鼠标里面"), "鼠標里面");
//! # Ok::<(), zhnorm::TableError>(())
//! ```
//!
//! # Example: any pair, and its quotation marks
//!
//! ```
//! use zhnorm::{Converter, QuotationMarks, Variety};
//!
//! let text = Converter::between(Variety::TaiwanWords, Variety::HongKongWords).convert("機率");
//! assert_eq!(text, "概率");
//! assert_eq!(QuotationMarks::of(Variety::Taiwan).convert("他说：“好。”"), "他说：「好。」");
//! ```
//!
//! # Example: telling the script
//!
//! ```
//! use zhnorm::{detect, Script};
//!
//! let detection = detect("这个问题很难");
//! assert_eq!(detection.script(), Script::Simplified);
//! assert!(detection.confidence() > 0.99);
//! ```
//!
//! # Example: mending mixed and damaged script
//!
//! ```
//! use zhnorm::normalize::{Normalizer, Target};
//!
//! let normalizer = Normalizer::new(Target::Hans);
//! assert_eq!(normalizer.normalize("媒躰融郃發展"), "媒体融合发展");
//! ```
//!
//! # Example: one form for search
//!
//! ```
//! use zhnorm::fold;
//!
//! assert_eq!(fold("頭髮"), fold("头发"));
//! ```
//!
//! # Features
//!
//! | feature | what it adds | on unless left out |
//! |---|---|---|
//! | `config-file` | OpenCC's config files: [`Converter::from_config_file`], `PipelineBuilder::from_config_text` | yes |
//! | `detect` | [`detect`], [`detect_spans`] | yes |
//! | `fold` | [`mod@fold`] | yes |
//! | `normalize` | [`normalize`]; needs `detect` | yes |
//! | `serde` | `Serialize` and `Deserialize` for configs, options, detections and reports | yes |
//! | `rayon` | `Converter::par_convert`, `Normalizer::par_normalize`: one large text on all cores | no |
//!
//! Conversion itself needs none of them. A feature that is left out takes its tables along, which makes
//! the build shorter; a program that does not call a part does not hold its tables either way.
//!
//! # Tables of one's own
//!
//! [`Converter::builder`] takes options and words to lay over a config, [`Converter::pipeline`]
//! assembles a converter of [`Table`]s, and [`Converter::from_config_file`] reads OpenCC's config
//! files. Such a converter prepares its fast path when it is built, so it should be built once and
//! cloned.
//!
//! # What is guaranteed
//!
//! - **The output is OpenCC's**, with three exceptions. OpenCC fails a whole text on a byte that can
//!   start no character; here the byte is copied. OpenCC drops what follows a NUL in a segment, in the
//!   configs that segment; here it is kept. OpenCC's streams can cut a phrase in two; here a stream
//!   gives what the whole text gives.
//! - **However the input is cut, the output is the same**, and a stream never holds back more than
//!   [`Converter::max_held`] bytes.
//! - **What no table knows is copied**: NUL, CR LF, a missing last newline, bytes that are not UTF-8.
//! - **Converting cannot fail.** Reading tables and config files can, and says where.
//! - **Text that does not change comes back borrowed** from [`Converter::convert`].
//! - Time is linear in the length of the input, whatever the input is. With tables of one's own it may
//!   be multiplied by the length of the longest key, where a text is made of that key's beginnings.
//! - Converters and tables are immutable, `Send + Sync` and cheap to clone.
//!
//! # What may surprise
//!
//! - Conversion works by code point, as OpenCC's does. A variation selector or a combining mark stays
//!   behind its base, and parts a phrase that it stands in:
//!
//!   ```
//!   # use zhnorm::{Config, Converter};
//!   let converter = Converter::new(Config::S2t);
//!   assert_eq!(converter.convert("头发"), "頭髮");
//!   assert_eq!(converter.convert("头\u{FE00}发"), "頭\u{FE00}發");
//!   ```
//! - The parts of an ideographic description sequence are not converted, for they describe a character:
//!   `⿰钅录` stays as it is.
//! - A key with several candidates becomes the first one. Phrases decide where a character has more than
//!   one counterpart; outside a phrase that it knows, a config gives the character's usual one.
//! - There and back is not always where one was: several characters of one script can be one of the
//!   other.
//! - `t` is OpenCC's own Traditional standard. For text that people in Taiwan or Hong Kong are to
//!   read, `s2tw`, `s2twp`, `s2hk` or `s2hkp` is the config to take.
//! - Conversions to Simplified may give characters that few fonts have. That is the OpenCC library's
//!   default and so is it here; OpenCC's command line leaves them out, as
//!   [`RareCharacters::Exclude`] does.
//!
//! # Data
//!
//! The tables are OpenCC 1.4.2's (Apache-2.0), merged and compiled by this crate's build. [`data`]
//! says which version and digest they have. Newer tables change what comes out, so they come with a new
//! minor version of this crate (0.1 → 0.2, later 1.0 → 1.1), never with a patch.
//!
//! [`Converter::new`] can make any of the sixteen converters, so a program that calls it carries the
//! tables of all. One that calls [`Converter::t2s`] or another of its kind carries those of that config.

// docs.rs's compiler marks what needs a feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod align;
pub mod data;
#[cfg(feature = "fold")]
pub mod fold;
pub mod io;
#[cfg(feature = "normalize")]
pub mod normalize;

mod builtin;
mod config;
mod convert;
#[cfg(feature = "detect")]
mod detect;
mod engine;
mod quotes;
mod scan;
#[cfg(any(feature = "detect", feature = "normalize"))]
mod spans;
mod table;
mod text;
mod unknown;
mod work;

pub use align::{Alignment, Mapped};
pub use config::{Config, Pair, RareCharacters, Variety};
#[cfg(feature = "config-file")]
pub use config::{ConfigFileError, ConfigFileErrorKind};
pub use convert::account;
pub use convert::{Ambiguous, Converter, ConverterBuilder, MappedStream, PipelineBuilder, Stream};
#[cfg(feature = "detect")]
pub use detect::{
    detect, detect_spans, language_spans, Counts, Damage, Detection, Language, LanguageSpans,
    Region, Script, Span, Spans,
};
#[cfg(feature = "fold")]
pub use fold::fold;
#[cfg(feature = "normalize")]
pub use normalize::normalizer::NormalizerBuilder;
#[cfg(feature = "normalize")]
pub use normalize::Normalizer;
pub use quotes::{QuotationMarks, QuotationStream};
#[cfg(any(feature = "detect", feature = "normalize"))]
pub use spans::Unit;
pub use table::{Entry, Table, TableError, TableErrorKind, TableIter, TablePrefixes};
pub use unknown::{NameKind, UnknownName};

/// The generators of the tests in `tests/`, for properties of what is not public.
#[cfg(all(test, feature = "rayon"))]
extern crate self as zhnorm;
#[cfg(all(test, feature = "rayon"))]
#[path = "../tests/generators/mod.rs"]
mod generators;
#[cfg(all(test, feature = "rayon"))]
#[path = "../tests/reference/mod.rs"]
mod reference;

/// The examples of the README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Those of the page on search.
#[cfg(all(doctest, feature = "fold"))]
#[doc = include_str!("../docs/search.md")]
struct Search;
