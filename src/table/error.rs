//! What can be wrong with a table.

use std::error::Error;
use std::fmt;
use std::io;

use super::saved::{SavedError, FORMAT_VERSION};
use super::source::SourceError;

/// A table that could not be made: of text, of pairs, of saved bytes, or by merging.
#[derive(Debug)]
pub struct TableError {
    name: String,
    kind: TableErrorKind,
}

#[derive(Debug)]
enum TableErrorKind {
    Source(SourceError),
    Reading(io::Error),
    Saved(SavedError),
    TooManyTables,
}

impl TableError {
    pub(crate) fn source(name: &str, error: SourceError) -> TableError {
        TableError {
            name: name.to_owned(),
            kind: TableErrorKind::Source(error),
        }
    }

    pub(crate) fn reading(name: &str, error: io::Error) -> TableError {
        TableError {
            name: name.to_owned(),
            kind: TableErrorKind::Reading(error),
        }
    }

    pub(crate) fn saved(error: SavedError) -> TableError {
        TableError {
            name: String::new(),
            kind: TableErrorKind::Saved(error),
        }
    }

    pub(crate) fn too_many_tables() -> TableError {
        TableError {
            name: String::new(),
            kind: TableErrorKind::TooManyTables,
        }
    }

    /// The table's name or its file's path; empty where there is none.
    pub fn table(&self) -> &str {
        &self.name
    }

    /// The 1-based line that is wrong, where the table came from text.
    pub fn line(&self) -> Option<usize> {
        match &self.kind {
            TableErrorKind::Source(error) if error.line > 0 => Some(error.line),
            _ => None,
        }
    }

    /// The error of reading the table's file.
    pub fn io(&self) -> Option<&io::Error> {
        match &self.kind {
            TableErrorKind::Reading(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.kind {
            TableErrorKind::Source(SourceError { line: 0, kind }) => write!(f, "{name}: {kind}"),
            TableErrorKind::Source(SourceError { line, kind }) => {
                write!(f, "{name}:{line}: {kind}")
            }
            TableErrorKind::Reading(error) => write!(f, "{name}: {error}"),
            TableErrorKind::Saved(error) => write!(f, "saved table: {error}"),
            TableErrorKind::TooManyTables => {
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
