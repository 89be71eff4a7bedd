//! What makes a [`Converter`]: a config with options, or one's own tables.
//! Those that a config file names are in `config_file`.

use std::collections::BTreeSet;

use once_cell::sync::OnceCell;

use super::embedded;
use super::runner::Runner;
use super::Converter;
use crate::config::{Config, RareCharacters};
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
            ambiguous: Ambiguous::default(),
            words: Vec::new(),
            keep: BTreeSet::new(),
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
    pub fn pipeline() -> PipelineBuilder {
        PipelineBuilder::default()
    }
}

/// A built-in config and its options; made by [`Converter::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct ConverterBuilder {
    config: Config,
    rare: RareCharacters,
    ambiguous: Ambiguous,
    words: Vec<Table>,
    keep: BTreeSet<String>,
}

/// What becomes of a character with several candidates, where no phrase decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Ambiguous {
    /// It becomes the first candidate, as in OpenCC.
    #[default]
    First,
    /// It stays, for a proofreader to decide.
    Keep,
}

impl ConverterBuilder {
    /// What becomes of a character with several candidates where no phrase decides; the first candidate
    /// unless this says otherwise.
    ///
    /// The characters are those of which [`Converter::ambiguities`] speaks where they stand alone. One that
    /// stays is a word of one's own to the report and to the spans.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Ambiguous, Config, Converter};
    ///
    /// let converter = Converter::builder(Config::S2t).ambiguous(Ambiguous::Keep).build();
    /// assert_eq!(converter.convert("头发，发！马"), "頭髮，发！馬");
    /// ```
    pub fn ambiguous(mut self, ambiguous: Ambiguous) -> Self {
        self.ambiguous = ambiguous;
        self
    }

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

    /// Adds words that stay as they are, whatever stands around them. May be called any number of times.
    ///
    /// They win over every phrase, also a longer one and one that begins before them, and no match crosses
    /// them. Of two that overlap the first in the text counts, of those that start at one place the longest.
    /// They are looked for in the text as it comes in; an empty one is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Config, Converter};
    ///
    /// let converter = Converter::builder(Config::S2t).keep(["里", "发布"]).build();
    /// assert_eq!(converter.convert("里面的头发布"), "里面的頭发布");
    /// ```
    pub fn keep<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.keep.extend(words.into_iter().map(Into::into));
        self
    }

    /// Makes the converter.
    ///
    /// # Complexity
    ///
    /// Nothing without words, or once for rare characters. Words of both kinds are added to what is known of
    /// the config: a millisecond and some microseconds for each. With more than 16,384 of them everything
    /// is prepared anew, as [`PipelineBuilder::build`] does.
    pub fn build(self) -> Converter {
        let converter = match self.rare {
            RareCharacters::Include => Converter::new(self.config),
            RareCharacters::Exclude => Converter::without_rare_characters(self.config),
        };
        let mut words = self.words;
        if self.ambiguous == Ambiguous::Keep {
            // Of equal words the later counts, so one's own do.
            words.insert(0, converter.runner.ambiguous_characters());
        }
        let keep = keep_table(self.keep);
        match words.is_empty() && keep.is_none() {
            true => converter,
            false => Converter::of(converter.runner.with_words(words, 1, keep)),
        }
    }
}

/// One's own tables in the order a text passes them; made by [`Converter::pipeline`].
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct PipelineBuilder {
    pub(super) normalization: Vec<Table>,
    pub(super) segmentation: Option<Table>,
    pub(super) stages: Vec<Table>,
    pub(super) words: Vec<Table>,
    pub(super) keep: BTreeSet<String>,
}

impl PipelineBuilder {
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

    /// Adds words that stay as they are; see [`ConverterBuilder::keep`].
    pub fn keep<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.keep.extend(words.into_iter().map(Into::into));
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
        if let Some(keep) = keep_table(self.keep) {
            plan.set_keep(keep);
        }
        Converter::of(Runner::new(plan))
    }
}

/// A table of words that stay.
fn keep_table(mut words: BTreeSet<String>) -> Option<Table> {
    words.remove("");
    let pairs = words.iter().map(|word| (word.as_str(), word.as_str()));
    let table = || Table::from_pairs("kept words", pairs).expect("no key is empty or twice");
    (!words.is_empty()).then(table)
}
