//! OpenCC's config files: JSON with comments and trailing commas, to tables.

use std::path::Path;

use crate::plan::RareCharacters;
use crate::table::Table;

/// The tables a config file names, merged into one for each level.
pub(crate) struct ConfigFile {
    pub(crate) normalization: Vec<Table>,
    pub(crate) segmentation: Option<Table>,
    pub(crate) stages: Vec<Table>,
}

pub(crate) fn read(_path: &Path, _rare: RareCharacters) -> Result<ConfigFile, ConfigFileError> {
    Err(ConfigFileError {})
}

/// A config file that cannot be read.
#[derive(Debug)]
pub struct ConfigFileError {}

impl std::fmt::Display for ConfigFileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not yet")
    }
}

impl std::error::Error for ConfigFileError {}
