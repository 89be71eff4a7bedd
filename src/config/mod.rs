//! The configurations: OpenCC's own sixteen, and what its config files describe.

pub(crate) mod file;
mod file_error;
pub(crate) mod opencc;
mod serialize;

pub use file_error::{ConfigFileError, ConfigFileErrorKind};
pub use opencc::{Config, RareCharacters, UnknownConfig, UnknownRareCharacters};
