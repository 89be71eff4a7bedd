//! Detecting the script of each part of a text.

use std::iter::FusedIterator;
use std::ops::Range;

use super::{detect, Detection};
use crate::spans::Unit;

/// A part of a text and what was found out about it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Span {
    /// Where the part is, in bytes.
    pub range: Range<usize>,
    /// What was found out.
    pub detection: Detection,
}

/// Detects the script of every document, paragraph, line or sentence of a text.
///
/// The spans follow each other and cover the text without a gap; an empty text has none. None of
/// them begins or ends inside a grapheme cluster.
///
/// ```
/// use zhnorm::{detect_spans, Script, Unit};
///
/// let text = "标题在这里\n內文是繁體字。\n";
/// let spans: Vec<_> = detect_spans(text, Unit::Line).collect();
/// assert_eq!(spans[0].detection.script(), Script::Simplified);
/// assert_eq!(&text[spans[1].range.clone()], "內文是繁體字。\n");
/// assert_eq!(spans[1].detection.script(), Script::Traditional);
/// ```
pub fn detect_spans(text: &str, unit: Unit) -> Spans<'_> {
    Spans {
        text,
        unit,
        start: 0,
    }
}

/// The iterator [`detect_spans`] returns.
#[derive(Clone, Debug)]
pub struct Spans<'t> {
    text: &'t str,
    unit: Unit,
    start: usize,
}

impl Iterator for Spans<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = &self.text[self.start..];
        if rest.is_empty() {
            return None;
        }
        let length = self.unit.first_in(rest);
        let range = self.start..self.start + length;
        self.start = range.end;
        Some(Span {
            range,
            detection: detect(&rest[..length]),
        })
    }
}

impl FusedIterator for Spans<'_> {}
