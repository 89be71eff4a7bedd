//! What can be wrong with a config file.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::table::TableError;

/// An OpenCC config file that cannot be used, and where.
#[derive(Debug)]
pub struct ConfigFileError {
    path: Option<PathBuf>,
    line: usize,
    column: usize,
    place: String,
    // Boxed, so that a `Result` of a converter stays small.
    cause: Box<Cause>,
}

/// What kind of thing is wrong with a config file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConfigFileErrorKind {
    /// The config file cannot be read; [`ConfigFileError::io`] says why.
    Io,
    /// It is not JSON, or not UTF-8.
    Syntax,
    /// A part is missing, empty, given twice, of another type, or has a name that OpenCC does not know.
    Invalid,
    /// A part needs OpenCC's own code: tables of type `ocd` and `ocd2`, segmentation plugins.
    Unsupported,
    /// A table's name leads out of the config's folder; [`ConfigFileError::outside_folder`] has it.
    OutsideFolder,
    /// A table cannot be read or merged; [`ConfigFileError::table`] says why.
    Table,
    /// The tables have more than [`PipelineBuilder::MAX_CONFIG_TABLE_BYTES`](crate::PipelineBuilder::MAX_CONFIG_TABLE_BYTES).
    TooLarge,
}

/// Why a config file cannot be used.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The file cannot be read.
    Reading(io::Error),
    /// The file is not UTF-8.
    InvalidUtf8,
    /// The file starts with a byte order mark, which OpenCC refuses too.
    ByteOrderMark,
    /// The text is not JSON; what the JSON reader says.
    Syntax(String),
    /// A member that must be there is not.
    Missing(&'static str),
    /// A value of another JSON type.
    Type {
        expected: &'static str,
        found: &'static str,
    },
    /// A `type` of table that does not exist.
    UnknownTable(String),
    /// A `type` of table that needs OpenCC's own code.
    ForeignTable(String),
    /// A `type` of segmentation other than `mmseg`.
    ForeignSegmentation(String),
    /// A `match_policy` that does not exist.
    UnknownPolicy(String),
    /// A segmentation without any table.
    NoTable,
    /// A member that inline tables may not have.
    InlineMember(&'static str),
    /// An empty key or value in an inline table.
    Empty(&'static str),
    /// A key that an inline table has twice.
    RepeatedKey(String),
    /// A table's name that leads out of the config's folder.
    OutsideFolder(String),
    /// A table that cannot be read or merged.
    Table(TableError),
    /// A table with which all have more than so many bytes.
    TooLarge(u64),
}

impl ConfigFileError {
    /// An error of the whole file.
    pub(crate) fn reading(path: &Path, error: io::Error) -> ConfigFileError {
        ConfigFileError {
            path: Some(path.to_owned()),
            line: 0,
            column: 0,
            place: String::new(),
            cause: Box::new(Cause::Reading(error)),
        }
    }

    /// An error at byte `at` of `text`, in the value that `place` names.
    pub(crate) fn at(text: &[u8], at: usize, place: String, cause: Cause) -> ConfigFileError {
        let before = String::from_utf8_lossy(&text[..at]);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        ConfigFileError {
            path: None,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            place,
            cause: Box::new(cause),
        }
    }

    pub(crate) fn in_file(mut self, path: &Path) -> ConfigFileError {
        self.path = Some(path.to_owned());
        self
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ConfigFileErrorKind {
        match *self.cause {
            Cause::Reading(_) => ConfigFileErrorKind::Io,
            Cause::InvalidUtf8 | Cause::ByteOrderMark | Cause::Syntax(_) => {
                ConfigFileErrorKind::Syntax
            }
            Cause::Missing(_)
            | Cause::Type { .. }
            | Cause::UnknownTable(_)
            | Cause::UnknownPolicy(_)
            | Cause::NoTable
            | Cause::InlineMember(_)
            | Cause::Empty(_)
            | Cause::RepeatedKey(_) => ConfigFileErrorKind::Invalid,
            Cause::ForeignTable(_) | Cause::ForeignSegmentation(_) => {
                ConfigFileErrorKind::Unsupported
            }
            Cause::OutsideFolder(_) => ConfigFileErrorKind::OutsideFolder,
            Cause::Table(_) => ConfigFileErrorKind::Table,
            Cause::TooLarge(_) => ConfigFileErrorKind::TooLarge,
        }
    }

    /// The config file; none where the config did not come from a file.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The 1-based line that is wrong, if the file could be read.
    pub fn line(&self) -> Option<usize> {
        (self.line > 0).then_some(self.line)
    }

    /// The 1-based column in characters, if the file could be read.
    pub fn column(&self) -> Option<usize> {
        (self.column > 0).then_some(self.column)
    }

    /// The value that is wrong, such as `conversion_chain[0].dict.dicts[1]`; none where it is
    /// the whole file, or the file is not JSON.
    pub fn place(&self) -> Option<&str> {
        Some(self.place.as_str()).filter(|place| !place.is_empty())
    }

    /// The error of reading the config file itself.
    pub fn io(&self) -> Option<&io::Error> {
        match &*self.cause {
            Cause::Reading(error) => Some(error),
            _ => None,
        }
    }

    /// The name of the table's file that `place` names, if it was refused because it leads out of
    /// the config's folder.
    pub fn outside_folder(&self) -> Option<&str> {
        match &*self.cause {
            Cause::OutsideFolder(name) => Some(name),
            _ => None,
        }
    }

    /// The error of the table that `place` names.
    pub fn table(&self) -> Option<&TableError> {
        match &*self.cause {
            Cause::Table(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for ConfigFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            None => f.write_str("config")?,
            Some(path) => write!(f, "{}", path.display())?,
        }
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        f.write_str(": ")?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        self.cause.fmt(f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Cause::*;
        match self {
            // `source` says why, of these two.
            Reading(_) => f.write_str("cannot be read"),
            InvalidUtf8 => f.write_str("expected UTF-8, found another byte"),
            ByteOrderMark => f.write_str("expected JSON, found a byte order mark"),
            Syntax(message) => write!(f, "expected JSON: {message}"),
            Missing(member) => write!(f, "expected a member {member:?}, found none"),
            Type { expected, found } => write!(f, "expected {expected}, found {found}"),
            UnknownTable(name) => write!(
                f,
                "expected a table type \"text\", \"inline\" or \"group\", found {name:?}"
            ),
            ForeignTable(name) => write!(
                f,
                "tables of type {name:?} are not supported, only \"text\", \"inline\" and \"group\""
            ),
            ForeignSegmentation(name) => write!(
                f,
                "segmentation of type {name:?} is not supported, only \"mmseg\""
            ),
            UnknownPolicy(name) => write!(
                f,
                "expected a match policy \"short_circuit\" or \"union\", found {name:?}"
            ),
            NoTable => f.write_str("expected at least one table, found an empty group"),
            InlineMember(member) => write!(f, "expected no {member:?} in an inline table"),
            Empty(what) => write!(f, "expected a {what}, found an empty string"),
            RepeatedKey(key) => write!(f, "the key {key:?} was given twice"),
            OutsideFolder(name) => write!(
                f,
                "expected a file in the config's folder, found {name:?}; \
                 `PipelineBuilder::from_config_text_with` takes files from elsewhere"
            ),
            Table(_) => f.write_str("the table cannot be made"),
            TooLarge(most) => write!(
                f,
                "expected at most {most} bytes of keys and values in all tables, found more"
            ),
        }
    }
}

impl Error for ConfigFileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.cause {
            Cause::Reading(error) => Some(error),
            Cause::Table(error) => Some(error),
            _ => None,
        }
    }
}
