//! Converters that OpenCC's config files describe, behind the `config-file` feature.

use std::io;
use std::path::Path;

use super::{Converter, PipelineBuilder};
use crate::config::file::{self, ConfigFile};
use crate::config::{ConfigFileError, RareCharacters};

impl Converter {
    /// The converter that an OpenCC config file describes.
    ///
    /// Table files are looked for beside the config file. Short for
    /// [`PipelineBuilder::from_config_file`] with rare characters included.
    ///
    /// # Errors
    ///
    /// See [`PipelineBuilder::from_config_file`].
    pub fn from_config_file(path: impl AsRef<Path>) -> Result<Converter, ConfigFileError> {
        Ok(PipelineBuilder::from_config_file(path, RareCharacters::default())?.build())
    }
}

impl PipelineBuilder {
    /// The longest file that [`from_config_file`](PipelineBuilder::from_config_file) reads, in bytes.
    pub const MAX_CONFIG_BYTES: u64 = file::MAX_BYTES;

    /// The most that the tables of a config may have, in bytes of keys and values. A table counts each
    /// time that the config names it, and a group counts beside its tables.
    pub const MAX_CONFIG_TABLE_BYTES: u64 = file::MAX_TABLE_BYTES;

    /// What an OpenCC config file describes.
    ///
    /// The file is JSON with comments and trailing commas. Tables of type `text` are looked for
    /// beside it; `inline` tables and groups with either match policy are read; a group without
    /// a policy is `short_circuit`, as in OpenCC.
    ///
    /// # Untrusted configs
    ///
    /// A config is confined to its folder: a table file with an absolute name, or with `..` in it,
    /// is refused. Symbolic links are followed, so the folder itself must be trusted. The config
    /// and its tables must be regular files, of at most
    /// [`MAX_CONFIG_BYTES`](PipelineBuilder::MAX_CONFIG_BYTES) and
    /// [`Table::MAX_FILE_BYTES`](crate::Table::MAX_FILE_BYTES); each is read once. A config may
    /// name a table many times, in many groups, so all together are limited as well, by
    /// [`MAX_CONFIG_TABLE_BYTES`](PipelineBuilder::MAX_CONFIG_TABLE_BYTES).
    /// [`from_config_text_with`](PipelineBuilder::from_config_text_with) opens no file at all.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is not JSON, a part that is missing or of another type, a
    /// table file that is missing, malformed or outside of the config's folder, an unknown match
    /// policy, tables that are too large together, and table types that need OpenCC's own code (`ocd`, `ocd2`, segmentation plugins),
    /// each with its place.
    pub fn from_config_file(
        path: impl AsRef<Path>,
        rare: RareCharacters,
    ) -> Result<PipelineBuilder, ConfigFileError> {
        Ok(PipelineBuilder::of(file::read(path.as_ref(), rare)?))
    }

    /// What the text of an OpenCC config describes; its tables of type `text` are looked for in
    /// `folder` and below it. Otherwise as [`from_config_file`](PipelineBuilder::from_config_file).
    ///
    /// # Errors
    ///
    /// See [`from_config_file`](PipelineBuilder::from_config_file).
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{PipelineBuilder, RareCharacters};
    ///
    /// let config = r#"{
    ///     // Straight to Taiwan's quotation marks.
    ///     "conversion_chain": [
    ///         { "dict": { "type": "inline", "entries": { "“": "「", "”": "」", } } },
    ///     ],
    /// }"#;
    /// let pipeline = PipelineBuilder::from_config_text(config.as_bytes(), ".", RareCharacters::Include)?;
    /// assert_eq!(pipeline.build().convert("他说“好”。"), "他说「好」。");
    /// # Ok::<(), zhnorm::ConfigFileError>(())
    /// ```
    pub fn from_config_text(
        config: &[u8],
        folder: impl AsRef<Path>,
        rare: RareCharacters,
    ) -> Result<PipelineBuilder, ConfigFileError> {
        let mut tables = file::from_folder(folder.as_ref());
        Ok(PipelineBuilder::of(file::parse(config, &mut tables, rare)?))
    }

    /// What the text of an OpenCC config describes; `files` gives the content of its tables of type
    /// `text`, by the names that the config has for them, and is asked once for each. No file is
    /// opened otherwise. As [`from_config_file`](PipelineBuilder::from_config_file) for the rest.
    ///
    /// For tables that are part of the program, and for those that are elsewhere than in the
    /// config's folder: `|name| std::fs::read(Path::new(folder).join(name))` follows every name.
    ///
    /// # Errors
    ///
    /// See [`from_config_file`](PipelineBuilder::from_config_file); an error of `files` is that of the
    /// table ([`ConfigFileError::table`]).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::ErrorKind;
    /// use zhnorm::{PipelineBuilder, RareCharacters};
    ///
    /// let config = r#"{ "conversion_chain": [{ "dict": { "type": "text", "file": "a.txt" } }] }"#;
    /// let files = |name: &str| match name {
    ///     "a.txt" => Ok("头发\t頭髮\n"),
    ///     _ => Err(ErrorKind::NotFound.into()),
    /// };
    /// let rare = RareCharacters::Include;
    /// let pipeline = PipelineBuilder::from_config_text_with(config.as_bytes(), files, rare)?;
    /// assert_eq!(pipeline.build().convert("头发"), "頭髮");
    /// # Ok::<(), zhnorm::ConfigFileError>(())
    /// ```
    pub fn from_config_text_with<B: AsRef<[u8]>>(
        config: &[u8],
        files: impl FnMut(&str) -> io::Result<B>,
        rare: RareCharacters,
    ) -> Result<PipelineBuilder, ConfigFileError> {
        let mut tables = file::from_files(files);
        Ok(PipelineBuilder::of(file::parse(config, &mut tables, rare)?))
    }

    fn of(file: ConfigFile) -> PipelineBuilder {
        PipelineBuilder {
            normalization: file.normalization,
            segmentation: file.segmentation,
            stages: file.stages,
            ..PipelineBuilder::default()
        }
    }
}
