//! What can be wrong with a table.

use std::error::Error;
use std::fmt;
use std::io;

use super::saved::{SavedError, FORMAT_VERSION};
use super::source::{SourceError, SourceErrorKind};

/// A table that could not be made: of text, of pairs, of saved bytes, or by merging.
#[derive(Debug)]
pub struct TableError {
    name: String,
    cause: Cause,
}

/// What kind of thing is wrong with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TableErrorKind {
    /// The table's file cannot be read; [`TableError::io`] says why.
    Io,
    /// A line is not UTF-8.
    InvalidUtf8,
    /// A line has no tab.
    NoTab,
    /// A key is empty.
    EmptyKey,
    /// A key stands there twice.
    DuplicateKey,
    /// The bytes were not saved by this crate.
    NotSaved,
    /// The bytes were saved in a format that this version of the crate does not read.
    OtherVersion,
    /// The bytes were cut short or changed since they were saved.
    Damaged,
    /// A group has more than 64 tables.
    TooManyTables,
}

#[derive(Debug)]
enum Cause {
    Source(SourceError),
    Reading(io::Error),
    Saved(SavedError),
    TooManyTables,
}

impl TableError {
    pub(crate) fn source(name: &str, error: SourceError) -> TableError {
        TableError {
            name: name.to_owned(),
            cause: Cause::Source(error),
        }
    }

    pub(crate) fn reading(name: &str, error: io::Error) -> TableError {
        TableError {
            name: name.to_owned(),
            cause: Cause::Reading(error),
        }
    }

    pub(crate) fn saved(error: SavedError) -> TableError {
        TableError {
            name: String::new(),
            cause: Cause::Saved(error),
        }
    }

    pub(crate) fn too_many_tables() -> TableError {
        TableError {
            name: String::new(),
            cause: Cause::TooManyTables,
        }
    }

    /// What kind of error it is.
    pub fn kind(&self) -> TableErrorKind {
        match &self.cause {
            Cause::Source(error) => match error.kind {
                SourceErrorKind::NoTab => TableErrorKind::NoTab,
                SourceErrorKind::EmptyKey => TableErrorKind::EmptyKey,
                SourceErrorKind::DuplicateKey { .. } => TableErrorKind::DuplicateKey,
                SourceErrorKind::InvalidUtf8 { .. } => TableErrorKind::InvalidUtf8,
            },
            Cause::Reading(_) => TableErrorKind::Io,
            Cause::Saved(SavedError::Magic) => TableErrorKind::NotSaved,
            Cause::Saved(SavedError::Version(_)) => TableErrorKind::OtherVersion,
            Cause::Saved(_) => TableErrorKind::Damaged,
            Cause::TooManyTables => TableErrorKind::TooManyTables,
        }
    }

    /// The table's name or its file's path; none for saved bytes and groups.
    pub fn table(&self) -> Option<&str> {
        match self.cause {
            Cause::Source(_) | Cause::Reading(_) => Some(&self.name),
            Cause::Saved(_) | Cause::TooManyTables => None,
        }
    }

    /// The 1-based line that is wrong, where the table came from text.
    pub fn line(&self) -> Option<usize> {
        match &self.cause {
            Cause::Source(error) if error.line > 0 => Some(error.line),
            _ => None,
        }
    }

    /// The error of reading the table's file.
    pub fn io(&self) -> Option<&io::Error> {
        match &self.cause {
            Cause::Reading(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.cause {
            Cause::Source(SourceError { line: 0, kind }) => write!(f, "{name}: {kind}"),
            Cause::Source(SourceError { line, kind }) => {
                write!(f, "{name}:{line}: {kind}")
            }
            // `source` says why.
            Cause::Reading(_) => write!(f, "{name}: cannot be read"),
            Cause::Saved(error) => write!(f, "saved table: {error}"),
            Cause::TooManyTables => {
                f.write_str("expected at most 64 tables in a group, found more")
            }
        }
    }
}

impl Error for TableError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.io().map(|error| error as _)
    }
}

impl fmt::Display for SavedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SavedError::Magic => f.write_str("expected bytes that zhnorm saved, found others"),
            SavedError::Version(version) => {
                write!(
                    f,
                    "expected format version {FORMAT_VERSION}, found {version}"
                )
            }
            SavedError::Truncated => f.write_str("expected more bytes, found the end"),
            SavedError::Checksum { expected, got } => {
                write!(f, "expected checksum {expected:08x}, got {got:08x}")
            }
            SavedError::Malformed { what, at } => {
                write!(f, "expected {what} before byte {at}, found something else")
            }
        }
    }
}
