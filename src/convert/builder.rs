//! What makes a [`Converter`]: a config with options, or one's own tables.

use std::io;
use std::path::Path;

use once_cell::sync::OnceCell;

use super::embedded;
use super::runner::Runner;
use super::Converter;
use crate::config::file::{self, ConfigFile};
use crate::config::{Config, ConfigFileError, RareCharacters};
use crate::engine::plan;
use crate::table::Table;

impl Converter {
    /// The converter of a built-in config without rare characters. Its scan is not embedded but
    /// made once, and only for the configs that have rare characters at all.
    fn without_rare_characters(config: Config) -> Converter {
        static CONVERTERS: [OnceCell<Converter>; Config::ALL.len()] =
            [const { OnceCell::new() }; Config::ALL.len()];
        let make = || match config.has_rare_characters() {
            true => {
                let plan = config.plan(RareCharacters::Exclude, embedded::table);
                Converter::of(Runner::new(plan).of_config(config))
            }
            false => Converter::new(config),
        };
        CONVERTERS[config as usize].get_or_init(make).clone()
    }

    /// A built-in config with options.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Config, Converter, RareCharacters};
    ///
    /// let builder = Converter::builder(Config::T2s);
    /// let common = builder.rare_characters(RareCharacters::Exclude).build();
    /// assert_eq!(common.convert("㑮"), "㑮");
    /// assert_eq!(Converter::new(Config::T2s).convert("㑮"), "𫝈");
    /// ```
    pub fn builder(config: Config) -> ConverterBuilder {
        ConverterBuilder {
            config,
            rare: RareCharacters::default(),
            words: Vec::new(),
        }
    }

    /// A converter assembled from one's own tables.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Converter, Table};
    ///
    /// let phrases = Table::from_pairs("phrases", [("头发", "頭髮")])?;
    /// let characters = Table::from_pairs("characters", [("头", "頭"), ("发", "發")])?;
    /// let stage = Table::short_circuit([&phrases, &characters])?;
    /// let converter = Converter::pipeline().stage(stage).build();
    /// assert_eq!(converter.convert("发现头发"), "發现頭髮");
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn pipeline() -> Pipeline {
        Pipeline::default()
    }

    /// The converter that an OpenCC config file describes.
    ///
    /// Table files are looked for beside the config file. Short for
    /// [`Pipeline::from_config_file`] with rare characters included.
    ///
    /// # Errors
    ///
    /// See [`Pipeline::from_config_file`].
    pub fn from_config_file(path: impl AsRef<Path>) -> Result<Converter, ConfigFileError> {
        Ok(Pipeline::from_config_file(path, RareCharacters::default())?.build())
    }
}

/// A built-in config and its options; made by [`Converter::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct ConverterBuilder {
    config: Config,
    rare: RareCharacters,
    words: Vec<Table>,
}

impl ConverterBuilder {
    /// Whether characters that few fonts have may come out; they may unless this says otherwise.
    pub fn rare_characters(mut self, rare: RareCharacters) -> Self {
        self.rare = rare;
        self
    }

    /// Adds words of one's own, which win over the config's.
    ///
    /// A word takes part in the search for the longest match, on the text as it comes in: it
    /// wins where it is as long as the config's own phrase or longer, and its value comes out
    /// as given, whatever later stages would make of it.
    ///
    /// May be called any number of times. At one place the longest word of all tables counts, and
    /// of a word that several have, the value of the last one.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Config, Converter, Table};
    ///
    /// let words = Table::from_pairs("mine", [("东涌", "東涌"), ("鼠标", "鼠標")])?;
    /// let converter = Converter::builder(Config::S2twp).words(words).build();
    /// assert_eq!(converter.convert("在东涌买鼠标和硬盘"), "在東涌買鼠標和硬碟");
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    ///
    /// # Example: the words of a product over those of a company
    ///
    /// ```
    /// use zhnorm::{Config, Converter, Table};
    ///
    /// let company = Table::from_pairs("company", [("硬盘", "硬盤"), ("鼠标", "鼠標")])?;
    /// let product = Table::from_pairs("product", [("硬盘", "磁碟")])?;
    /// let builder = Converter::builder(Config::S2twp).words(company).words(product);
    /// assert_eq!(builder.build().convert("鼠标和硬盘"), "鼠標和磁碟");
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn words(mut self, words: Table) -> Self {
        self.words.push(words);
        self
    }

    /// Makes the converter.
    ///
    /// # Complexity
    ///
    /// Nothing without words, or once for rare characters. Words are added to what is known of the
    /// config: a millisecond and some microseconds for each. With more than 16,384 of them everything
    /// is prepared anew, as [`Pipeline::build`] does.
    pub fn build(self) -> Converter {
        let converter = match self.rare {
            RareCharacters::Include => Converter::new(self.config),
            RareCharacters::Exclude => Converter::without_rare_characters(self.config),
        };
        match self.words.is_empty() {
            true => converter,
            false => Converter::of(converter.runner.with_words(self.words, 1)),
        }
    }
}

/// One's own tables in the order a text passes them; made by [`Converter::pipeline`].
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct Pipeline {
    normalization: Vec<Table>,
    segmentation: Option<Table>,
    stages: Vec<Table>,
    words: Vec<Table>,
}

impl Pipeline {
    /// The longest file that [`from_config_file`](Pipeline::from_config_file) reads, in bytes.
    pub const MAX_CONFIG_BYTES: u64 = file::MAX_BYTES;

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
    /// [`MAX_CONFIG_BYTES`](Pipeline::MAX_CONFIG_BYTES) and [`Table::MAX_FILE_BYTES`]; each is
    /// read once. What it takes to load and build them is not limited otherwise: a config may name
    /// a table many times, in many groups. [`from_config_text_with`](Pipeline::from_config_text_with)
    /// opens no file at all.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is not JSON, a part that is missing or of another type, a
    /// table file that is missing, malformed or outside of the config's folder, an unknown match
    /// policy, and table types that need OpenCC's own code (`ocd`, `ocd2`, segmentation plugins),
    /// each with its place.
    pub fn from_config_file(
        path: impl AsRef<Path>,
        rare: RareCharacters,
    ) -> Result<Pipeline, ConfigFileError> {
        Ok(Pipeline::of(file::read(path.as_ref(), rare)?))
    }

    /// What the text of an OpenCC config describes; its tables of type `text` are looked for in
    /// `folder` and below it. Otherwise as [`from_config_file`](Pipeline::from_config_file).
    ///
    /// # Errors
    ///
    /// See [`from_config_file`](Pipeline::from_config_file).
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Pipeline, RareCharacters};
    ///
    /// let config = r#"{
    ///     // Straight to Taiwan's quotation marks.
    ///     "conversion_chain": [
    ///         { "dict": { "type": "inline", "entries": { "“": "「", "”": "」", } } },
    ///     ],
    /// }"#;
    /// let pipeline = Pipeline::from_config_text(config.as_bytes(), ".", RareCharacters::Include)?;
    /// assert_eq!(pipeline.build().convert("他说“好”。"), "他说「好」。");
    /// # Ok::<(), zhnorm::ConfigFileError>(())
    /// ```
    pub fn from_config_text(
        config: &[u8],
        folder: impl AsRef<Path>,
        rare: RareCharacters,
    ) -> Result<Pipeline, ConfigFileError> {
        let mut tables = file::from_folder(folder.as_ref());
        Ok(Pipeline::of(file::parse(config, &mut tables, rare)?))
    }

    /// What the text of an OpenCC config describes; `files` gives the content of its tables of type
    /// `text`, by the names that the config has for them, and is asked once for each. No file is
    /// opened otherwise. As [`from_config_file`](Pipeline::from_config_file) for the rest.
    ///
    /// For tables that are part of the program, and for those that are elsewhere than in the
    /// config's folder: `|name| std::fs::read(Path::new(folder).join(name))` follows every name.
    ///
    /// # Errors
    ///
    /// See [`from_config_file`](Pipeline::from_config_file); an error of `files` is that of the
    /// table ([`ConfigFileError::table`]).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::ErrorKind;
    /// use zhnorm::{Pipeline, RareCharacters};
    ///
    /// let config = r#"{ "conversion_chain": [{ "dict": { "type": "text", "file": "a.txt" } }] }"#;
    /// let files = |name: &str| match name {
    ///     "a.txt" => Ok("头发\t頭髮\n"),
    ///     _ => Err(ErrorKind::NotFound.into()),
    /// };
    /// let rare = RareCharacters::Include;
    /// let pipeline = Pipeline::from_config_text_with(config.as_bytes(), files, rare)?;
    /// assert_eq!(pipeline.build().convert("头发"), "頭髮");
    /// # Ok::<(), zhnorm::ConfigFileError>(())
    /// ```
    pub fn from_config_text_with<B: AsRef<[u8]>>(
        config: &[u8],
        files: impl FnMut(&str) -> io::Result<B>,
        rare: RareCharacters,
    ) -> Result<Pipeline, ConfigFileError> {
        let mut tables = file::from_files(files);
        Ok(Pipeline::of(file::parse(config, &mut tables, rare)?))
    }

    fn of(file: ConfigFile) -> Pipeline {
        Pipeline {
            normalization: file.normalization,
            segmentation: file.segmentation,
            stages: file.stages,
            words: Vec::new(),
        }
    }

    /// Adds a table that the whole text passes before it is segmented.
    pub fn normalization(mut self, table: Table) -> Self {
        self.normalization.push(table);
        self
    }

    /// Cuts the text at the keys of this table: each is a segment of its own, and so is each run
    /// of text between them. Later stages find no key across the end of a segment.
    ///
    /// Fastest, by half to five times, if its keys are all those of the first stage that have several
    /// characters, as in OpenCC's configs from Simplified.
    pub fn segmentation(mut self, table: Table) -> Self {
        self.segmentation = Some(table);
        self
    }

    /// Adds a stage: replaces the longest keys of this table in what the stage before gave.
    pub fn stage(mut self, table: Table) -> Self {
        self.stages.push(table);
        self
    }

    /// Adds words that win over the tables; see [`ConverterBuilder::words`].
    pub fn words(mut self, words: Table) -> Self {
        self.words.push(words);
        self
    }

    /// Makes the converter.
    ///
    /// # Complexity
    ///
    /// Prepares the fast path: O(n log n) for n keys. For tables as large as those of OpenCC's `s2t`
    /// with 54,000 keys some 20 to 35 milliseconds, half as much again if they are cut into segments
    /// at the phrases of the first stage, and twice as much if at others.
    pub fn build(self) -> Converter {
        let place = self.normalization.len();
        let mut plan = plan::of_tables(self.normalization, self.segmentation, self.stages);
        plan.set_words(self.words, place);
        Converter::of(Runner::new(plan))
    }
}
