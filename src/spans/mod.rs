//! Where the parts of a text are that are judged as one: one [`Unit`] for detection and the normalizer.
//!
//! Two modules find them. `exact` serves detection, `bounded` the normalizer. Both end a sentence at the same
//! characters and take the same closing quotes and brackets along; below that they need opposite things, so they stay
//! apart:
//!
//! - Detection promises whole grapheme clusters and has no bound. It looks ahead as far as it takes: 3.14 and "e.g. this"
//!   go on after their full stops if a small letter or a comma comes after all the spaces, and a straight quote closes
//!   only where one was opened.
//! - The normalizer's stream must hold back a bounded part of a text, and cut a long span at the same places in a
//!   text and in what becomes of it, or normalizing twice would not be normalizing once. So its rule looks at one
//!   character at a time and weighs characters instead of counting bytes. It also ends sentences at `；`: a
//!   shorter span is judged by what is nearer, where the detector needs all the evidence it can get.

use std::fmt;
use std::str::FromStr;

use crate::unknown::{self, NameKind, UnknownName};

#[cfg(feature = "normalize")]
pub(crate) mod bounded;
#[cfg(feature = "detect")]
mod exact;

/// The part of a text that is judged as one, by detection and by the normalizer.
///
/// [`Unit::first_in`] says where the parts are that [`detect_spans`](crate::detect_spans) judges. The normalizer's
/// are much the same, but they have a bound, and their sentences end at `；` and not at a `.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Unit {
    /// The whole text.
    Document,
    /// Lines up to and with the blank ones after them, or up to a paragraph separator (U+2029).
    Paragraph,
    /// A line with its end: LF, CR, CR LF, U+0085, U+2028 or U+2029.
    Line,
    /// A sentence with the closing quotes and brackets and the spaces after it, at most a line.
    Sentence,
}

impl Unit {
    /// Every unit.
    pub const ALL: &'static [Unit] = &[Unit::Document, Unit::Paragraph, Unit::Line, Unit::Sentence];

    /// The name: `document`, `paragraph`, `line` or `sentence`.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Document => "document",
            Unit::Paragraph => "paragraph",
            Unit::Line => "line",
            Unit::Sentence => "sentence",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Unit {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Unit, UnknownName> {
        unknown::find(NameKind::Unit, name, Unit::ALL, Unit::name)
    }
}

/// What ends a sentence wherever it stands, which a full stop of Latin script does not.
fn stops(c: char) -> bool {
    matches!(
        c,
        '!' | '?' | '。' | '！' | '？' | '｡' | '‼' | '⁇' | '⁈' | '⁉' | '︒' | '︕' | '︖'
    )
}

/// Closing quotes and brackets.
fn closes(c: char) -> bool {
    matches!(
        c,
        ')' | ']'
            | '}'
            | '’'
            | '”'
            | '›'
            | '»'
            | '〉'
            | '》'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '〗'
            | '〙'
            | '〛'
            | '〞'
            | '〟'
            | '）'
            | '］'
            | '｝'
            | '｠'
            | '｣'
            | '﹂'
            | '﹄'
            | '︶'
            | '︸'
            | '︺'
            | '︼'
            | '︾'
            | '﹀'
            | '﹚'
            | '﹜'
            | '﹞'
    )
}
