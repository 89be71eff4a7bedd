//! [`RangeError`]: a range that is none of a text's.

use std::error::Error;
use std::fmt;
use std::ops::Range;

/// A range that is not one of the text's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeError {
    range: Range<usize>,
    kind: RangeErrorKind,
}

/// What is wrong with a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RangeErrorKind {
    /// It ends before it starts.
    Reversed,
    /// It goes beyond the end of the text.
    OutOfBounds,
    /// It starts or ends inside a character.
    InsideCharacter,
    /// It starts before the end of the range before it.
    Overlapping,
}

impl RangeError {
    pub(crate) fn new(range: Range<usize>, kind: RangeErrorKind) -> RangeError {
        RangeError { range, kind }
    }

    /// The range, in the units that the caller used.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What is wrong with it.
    pub fn kind(&self) -> RangeErrorKind {
        self.kind
    }

    /// Checks that a range lies within so many units.
    pub(crate) fn check_bounds(range: &Range<usize>, len: usize) -> Result<(), RangeError> {
        let kind = match range {
            _ if range.start > range.end => RangeErrorKind::Reversed,
            _ if range.end > len => RangeErrorKind::OutOfBounds,
            _ => return Ok(()),
        };
        Err(RangeError::new(range.clone(), kind))
    }

    /// Checks that a range is one of whole characters.
    pub(crate) fn check(range: &Range<usize>, text: &str) -> Result<(), RangeError> {
        RangeError::check_bounds(range, text.len())?;
        match text.is_char_boundary(range.start) && text.is_char_boundary(range.end) {
            true => Ok(()),
            false => Err(RangeError::new(
                range.clone(),
                RangeErrorKind::InsideCharacter,
            )),
        }
    }
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { start, end } = self.range;
        let problem = match self.kind {
            RangeErrorKind::Reversed => "ends before it starts",
            RangeErrorKind::OutOfBounds => "goes beyond the end of the text",
            RangeErrorKind::InsideCharacter => "starts or ends inside a character",
            RangeErrorKind::Overlapping => "starts before the end of the range before it",
        };
        write!(f, "range {start}..{end} {problem}")
    }
}

impl Error for RangeError {}
