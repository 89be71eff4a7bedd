//! The normalizer and its builder.

use std::borrow::Cow;

use super::clean::{cleaned, Cleaner, Edit};
use super::options::{Mode, Options, PrivateUse, Style, Target, VariationSelectors, Width};
use super::repair::{Output, Worker};
use super::report::Normalized;
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
    pub fn builder(target: Target) -> Builder {
        Builder {
            options: Options {
                target,
                style: Style::default(),
                mode: Mode::default(),
                unit: Unit::Sentence,
                width: Width::default(),
                variation_selectors: VariationSelectors::default(),
                private_use: PrivateUse::default(),
            },
        }
    }

    /// Normalizes a text; borrowed when nothing changes.
    pub fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.options.mode == Mode::ReportOnly {
            return Cow::Borrowed(text);
        }
        let text = match Cleaner::new(&self.options) {
            Some(mut cleaner) => cleaned(text, cleaner.edits(text)),
            None => Cow::Borrowed(text),
        };
        let mut output = Output::new(&text);
        self.run(&text, &mut output);
        let (out, _) = output.finish();
        out.map_or(text, Cow::Owned)
    }

    /// Normalizes a text and reports every change and what was left alone.
    pub fn normalize_with_report(&self, text: &str) -> Normalized {
        let mut cleaner = Cleaner::new(&self.options);
        let edits = cleaner.as_mut().map(|cleaner| cleaner.edits(text));
        let edits: Vec<Edit> = edits.into_iter().flatten().collect();
        let cleaned = cleaned(text, edits.iter().copied());
        let mut output = Output::with_account(text, self.options.mode, edits);
        self.run(&cleaned, &mut output);
        let (out, report) = output.finish();
        Normalized {
            text: out.unwrap_or_else(|| text.to_owned()),
            report,
        }
    }

    /// Starts a stream: the same result, however the input is cut.
    pub fn stream(&self) -> Stream {
        Stream::new(self.options)
    }

    /// Normalizes a text that is cleaned.
    fn run(&self, text: &str, output: &mut Output<'_>) {
        let mut worker = Worker::default();
        let mut finder = Finder::new(self.options.unit);
        let mut at = 0;
        while let Some(length) = finder.next(&text[at..], true) {
            worker.span(&self.options, at, &text[at..at + length], output);
            at += length;
        }
    }
}

/// Chooses how a [`Normalizer`] works.
#[derive(Clone, Copy, Debug)]
pub struct Builder {
    options: Options,
}

impl Builder {
    /// What becomes of regional spellings.
    pub fn style(mut self, style: Style) -> Self {
        self.options.style = style;
        self
    }

    /// Whether text is changed.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.options.mode = mode;
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
