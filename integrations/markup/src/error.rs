//! What can go wrong, and where.

use std::error::Error;
use std::fmt;
use std::io;

/// A document that was not converted. Nothing of it was written.
///
/// Only [`MarkupErrorKind::Write`] can come after the first byte was written.
#[derive(Debug)]
pub struct MarkupError {
    kind: MarkupErrorKind,
    message: String,
    place: Option<Place>,
    entry: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarkupErrorKind {
    /// The input could not be read.
    Read,
    /// The output could not be written.
    Write,
    /// The input is not UTF-8.
    Encoding,
    /// The markup does not parse.
    Syntax,
    /// The EPUB is not one: its archive or its package is broken.
    Package,
}

/// A place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// In bytes, from 0.
    pub offset: usize,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of an offset. What follows the first bytes that are not UTF-8 does not count.
    pub(crate) fn of(document: &[u8], offset: usize) -> Place {
        let before = &document[..offset.min(document.len())];
        let line_start = before.iter().rposition(|&byte| byte == b'\n');
        let line_start = line_start.map_or(0, |feed| feed + 1);
        // A character is counted at its first byte.
        let is_first = |byte: &&u8| **byte & 0xC0 != 0x80;
        Place {
            offset,
            line: before.iter().filter(|&&byte| byte == b'\n').count() + 1,
            column: before[line_start..].iter().filter(is_first).count() + 1,
        }
    }
}

impl MarkupError {
    pub(crate) fn syntax(document: &str, offset: usize, message: impl Into<String>) -> MarkupError {
        let place = Place::of(document.as_bytes(), offset);
        MarkupError::new(MarkupErrorKind::Syntax, message).at(place)
    }

    pub(crate) fn new(kind: MarkupErrorKind, message: impl Into<String>) -> MarkupError {
        MarkupError {
            kind,
            message: message.into(),
            place: None,
            entry: None,
            source: None,
        }
    }

    pub(crate) fn read(error: io::Error) -> MarkupError {
        MarkupError::new(MarkupErrorKind::Read, "reading failed").caused_by(error)
    }

    pub(crate) fn write(error: io::Error) -> MarkupError {
        MarkupError::new(MarkupErrorKind::Write, "writing failed").caused_by(error)
    }

    pub(crate) fn at(mut self, place: Place) -> MarkupError {
        self.place = Some(place);
        self
    }

    /// Its place in a document that has so many bytes before it.
    pub(crate) fn moved(mut self, bytes: usize) -> MarkupError {
        if let Some(place) = &mut self.place {
            place.offset += bytes;
        }
        self
    }

    pub(crate) fn in_entry(mut self, entry: &str) -> MarkupError {
        self.entry = Some(entry.to_owned());
        self
    }

    pub(crate) fn caused_by(
        mut self,
        error: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> MarkupError {
        self.source = Some(error.into());
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> MarkupErrorKind {
        self.kind
    }

    /// Where, if it is a place in a document.
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// In which entry of an EPUB.
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }
}

impl fmt::Display for MarkupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = &self.entry {
            write!(f, "{entry}: ")?;
        }
        if let Some(Place { line, column, .. }) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for MarkupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
