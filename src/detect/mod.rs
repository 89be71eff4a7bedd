//! Script detection: which script a text and its parts are written in, how sure that is, and
//! whether a converter left its marks.
//!
//! Chinese text is told by the characters that only one script has (这 against 這). A good part of
//! short text has none of them, and then [`Script::Unknown`] is the answer and not a guess:
//!
//! ```
//! use zhnorm::{detect, Script};
//!
//! assert_eq!(detect("这个问题很难").script(), Script::Simplified);
//! assert_eq!(detect("這個問題很難").script(), Script::Traditional);
//! assert_eq!(detect("你好").script(), Script::Unknown);
//! ```
//!
//! Where characters do not tell, neighbours often do, since a character that both scripts have can
//! stand for different words in them:
//!
//! ```
//! # use zhnorm::{detect, Script};
//! assert_eq!(detect("以后").script(), Script::Simplified);
//! assert_eq!(detect("皇后").script(), Script::Unknown); // the same in both scripts
//! ```
//!
//! [`detect`] judges a text as one; [`detect_spans`] judges each of its lines, sentences or
//! paragraphs. [`language_spans`] cuts out of these what a Chinese text quotes in kana or hangul.

mod classes;
mod counts;
mod detection;
mod fact;
mod quotations;
mod script;
mod spans;
mod tally;
mod verdict;

pub use counts::{Counts, Damage};
pub use detection::{detect, Detection};
pub use quotations::{language_spans, LanguageSpans};
pub use script::{Language, Region, Script};
pub use spans::{detect_spans, Span, Spans};
