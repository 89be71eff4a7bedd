//! The configurations: OpenCC's own sixteen, their chains for any pair, and what its config files describe.

#[cfg(feature = "config-file")]
pub(crate) mod file;
#[cfg(feature = "config-file")]
mod file_error;
pub(crate) mod opencc;
#[cfg(feature = "serde")]
mod serialize;
pub(crate) mod variety;

#[cfg(feature = "config-file")]
pub use file_error::{ConfigFileError, ConfigFileErrorKind};
pub use opencc::{Config, RareCharacters};
pub use variety::{Pair, Variety};
