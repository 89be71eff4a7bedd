//! The normalizer and its builder.

use std::borrow::Cow;

use super::clean::{cleaned, Cleaner, Edit};
use super::options::{Options, PrivateUse, Source, Style, Target, VariationSelectors, Width};
use super::repair::{Output, Worker};
use super::report::{Normalized, Report};
use super::stream::Stream;
use crate::spans::bounded::Finder;
use crate::spans::Unit;

/// Brings text of mixed or damaged Chinese script into one clean script.
///
/// Immutable, `Send + Sync` and cheap to copy: it holds its options; the tables are embedded in the program.
///
/// # Examples
///
/// ```
/// use zhnorm::normalize::{Normalizer, Target};
///
/// let normalizer = Normalizer::new(Target::Hans);
/// assert_eq!(normalizer.normalize("媒躰融郃發展"), "媒体融合发展");
/// assert_eq!(normalizer.normalize("三国有张郃"), "三国有张郃");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Normalizer {
    options: Options,
}

impl Normalizer {
    /// A normalizer to `target` with every other option at its default.
    pub fn new(target: Target) -> Self {
        Self::builder(target).build()
    }

    /// Starts a normalizer to `target`.
    pub fn builder(target: Target) -> NormalizerBuilder {
        NormalizerBuilder {
            options: Options {
                target,
                style: Style::default(),
                unit: Unit::Sentence,
                width: Width::default(),
                variation_selectors: VariationSelectors::default(),
                private_use: PrivateUse::default(),
                source: Source::default(),
                least: 0,
            },
        }
    }

    /// Normalizes a text; borrowed when nothing changes.
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    pub fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let text = self.cleaned(text);
        match self.repaired(&text) {
            Some(new) => Cow::Owned(new),
            None => text,
        }
    }

    /// Normalizes a text and appends the result to `out`.
    pub fn normalize_into(&self, text: &str, out: &mut String) {
        out.push_str(&self.normalize(text));
    }

    /// Normalizes bytes that should be UTF-8 and appends the result to `out`.
    ///
    /// What is not UTF-8 is copied as it stands, and no word or sentence goes over it.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// let mut out = Vec::new();
    /// Normalizer::new(Target::Tw).normalize_bytes("縂\0".as_bytes(), &mut out);
    /// Normalizer::new(Target::Tw).normalize_bytes(b"\xff\xe7", &mut out);
    /// assert_eq!(out, b"\xe7\xb8\xbd\0\xff\xe7"); // 總
    /// ```
    pub fn normalize_bytes(&self, bytes: &[u8], out: &mut Vec<u8>) {
        for chunk in bytes.utf8_chunks() {
            out.extend_from_slice(self.normalize(chunk.valid()).as_bytes());
            out.extend_from_slice(chunk.invalid());
        }
    }

    /// Normalizes a text and reports every change and what was left alone.
    pub fn normalize_with_report(&self, text: &str) -> Normalized {
        let mut cleaner = Cleaner::new(&self.options);
        let edits = cleaner.as_mut().map(|cleaner| cleaner.edits(text));
        let edits: Vec<Edit> = edits.into_iter().flatten().collect();
        let cleaned = cleaned(text, edits.iter().copied());
        let mut output = Output::with_account(text, edits);
        self.run(&cleaned, &mut output);
        let (out, report) = output.finish();
        Normalized {
            text: out.unwrap_or_else(|| text.to_owned()),
            report,
        }
    }

    /// Reports what [`normalize`](Normalizer::normalize) would change, and what looks wrong and would stay.
    ///
    /// The ranges of the report's changes are those of the text and of what it would become;
    /// [`Report::replay`] makes all of them.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// let report = Normalizer::new(Target::Tw).inspect("新媒躰");
    /// assert_eq!((report.changes[0].from.as_str(), report.changes[0].to.as_str()), ("躰", "體"));
    /// assert!(report.suspects.is_empty());
    /// ```
    pub fn inspect(&self, text: &str) -> Report {
        self.normalize_with_report(text).report
    }

    /// Starts a stream: the same result, however the input is cut.
    pub fn stream(&self) -> Stream {
        Stream::new(self.options)
    }

    /// The text with the single characters changed that the options change.
    pub(super) fn cleaned<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match Cleaner::new(&self.options) {
            Some(mut cleaner) => cleaned(text, cleaner.edits(text)),
            None => Cow::Borrowed(text),
        }
    }

    /// Spans of a text that is cleaned, normalized; `None` when nothing changes.
    pub(super) fn repaired(&self, text: &str) -> Option<String> {
        let mut output = Output::new(text);
        self.run(text, &mut output);
        output.finish().0
    }

    /// Finds the spans of a text that is cleaned.
    pub(super) fn finder(&self) -> Finder {
        Finder::new(self.options.unit)
    }

    /// Normalizes a text that is cleaned.
    fn run(&self, text: &str, output: &mut Output<'_>) {
        let mut worker = Worker::default();
        let mut finder = self.finder();
        let mut at = 0;
        while let Some(length) = finder.next(&text[at..], true) {
            worker.span(&self.options, at, &text[at..at + length], output);
            at += length;
        }
    }
}

/// Chooses how a [`Normalizer`] works; made by [`Normalizer::builder`].
///
/// # Examples
///
/// ```
/// use zhnorm::normalize::{Normalizer, Style, Target};
///
/// let normalizer = Normalizer::builder(Target::Tw).style(Style::Keep).build();
/// assert_eq!(normalizer.normalize("縂書記爲人民"), "總書記爲人民");
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct NormalizerBuilder {
    options: Options,
}

impl NormalizerBuilder {
    /// What becomes of regional spellings.
    pub fn style(mut self, style: Style) -> Self {
        self.options.style = style;
        self
    }

    /// The part of a text that is judged as one, a sentence by default.
    ///
    /// What one part shows never changes what is done to another. A part of more than some 8 KiB, such as most
    /// documents, is judged in pieces of that length.
    pub fn unit(mut self, unit: Unit) -> Self {
        self.options.unit = unit;
        self
    }

    /// The script that the text is known to be written in, if it is.
    ///
    /// Characters of the other script alone are converted all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Source, Target};
    ///
    /// let normalizer = Normalizer::builder(Target::Tw).source(Source::Simplified).build();
    /// assert_eq!(normalizer.normalize("皇后以后"), "皇后以後");
    /// ```
    pub fn source(mut self, source: Source) -> Self {
        self.options.source = source;
        self
    }

    /// The least [`confidence`](super::Change::confidence) of a change that is made, 0 by default, in thousandths.
    ///
    /// A confidence is near the share of such changes that were right in the development texts. What is less sure stays as
    /// it is found; of changes that the other options ask for, such as those of width, every one is sure.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// let careful = Normalizer::builder(Target::Tw).min_confidence(0.99).build();
    /// assert_eq!(careful.normalize("头发，吃面"), "頭髮，吃面");
    /// ```
    pub fn min_confidence(mut self, least: f32) -> Self {
        self.options.least = (least.clamp(0.0, 1.0) * 1000.0).round() as u16;
        self
    }

    /// What becomes of full-width letters and digits.
    pub fn width(mut self, width: Width) -> Self {
        self.options.width = width;
        self
    }

    /// What becomes of variation selectors.
    pub fn variation_selectors(mut self, selectors: VariationSelectors) -> Self {
        self.options.variation_selectors = selectors;
        self
    }

    /// What becomes of private-use characters.
    pub fn private_use(mut self, private_use: PrivateUse) -> Self {
        self.options.private_use = private_use;
        self
    }

    /// The normalizer.
    pub fn build(self) -> Normalizer {
        Normalizer {
            options: self.options,
        }
    }
}
