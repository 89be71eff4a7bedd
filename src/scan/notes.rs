//! A passage that notes where characters may not be one to one.
//!
//! Nearly everything is, as the loop and most exceptions convert; so the places where the engine has to be
//! asked for the boundaries inside are few. What is noted are parts between two cuts: what the plan makes
//! of one alone is what it made of it here.

use std::ops::Range;

use super::facts::Scan;
use super::output::{NullSink, Output, Sink, Written, LONG};
use super::passage::{Outcome, Passage, State};
use crate::engine::{End, Plan};
use crate::text::utf8::are_even;

/// The places of a text where characters may not be one to one.
#[derive(Debug)]
pub(crate) struct Notes {
    /// Parts of the text, in their order.
    parts: Vec<Range<usize>>,
    /// Whether each match is noted, since it may be one of a word.
    has_words: bool,
}

impl Notes {
    /// `has_words`: whether words lie over a level of the plan.
    pub(crate) fn new(has_words: bool) -> Notes {
        Notes {
            parts: Vec::new(),
            has_words,
        }
    }

    /// The parts of the text to ask the engine about, in their order. All else is one to one.
    pub(crate) fn into_parts(self) -> impl Iterator<Item = Range<usize>> {
        self.parts.into_iter()
    }

    /// Notes a part; twice is once.
    pub(crate) fn add(&mut self, part: Range<usize>) {
        if self.parts.last() != Some(&part) {
            self.parts.push(part);
        }
    }
}

/// A sink that notes.
struct Noted<'n, S> {
    sink: S,
    notes: &'n mut Notes,
}

impl Scan {
    /// Converts a whole text, appends what it becomes to `out`, and notes. Returns false, and leaves `out`
    /// alone, if nothing changes.
    pub(crate) fn convert_noted(
        &self,
        plan: &Plan,
        text: &str,
        out: &mut String,
        notes: &mut Notes,
    ) -> bool {
        let text = text.as_bytes();
        let from = out.len();
        let mut state = State::default();
        let mut passage = Passage::new(self, plan, text, End::Here, &mut state);
        // A word that keeps its characters is not seen where nothing is written.
        if !notes.has_words && passage.pass_quietly(notes) == Outcome::Done {
            return false;
        }
        out.reserve(text.len() + text.len() / 16);
        let mut output: Noted<'_, Output<'_, _, LONG>> = Noted {
            sink: Output::new(out),
            notes,
        };
        output.append(&text[..passage.at()]);
        while passage.pass(&mut output) == Outcome::Calm {
            let from = passage.at();
            passage.pass_quietly(output.notes);
            output.append(&text[from..passage.at()]);
        }
        output.sink.flush();
        super::keep_changed(text, out, from)
    }
}

impl Passage<'_> {
    /// The passage while nothing changes.
    fn pass_quietly(&mut self, notes: &mut Notes) -> Outcome {
        let sink = NullSink::default();
        self.pass(&mut Noted { sink, notes })
    }
}

impl<S: Written> Written for Noted<'_, S> {
    const WRITES: bool = S::WRITES;
    const NOTES: bool = true;

    #[inline]
    fn replace(&mut self, from: usize, to: usize, with: &[u8]) -> bool {
        self.sink.replace(from, to, with)
    }

    #[inline(always)]
    fn overwrite(&mut self, from: usize, with: u128, mask: u128) -> bool {
        self.sink.overwrite(from, with, mask)
    }

    #[inline]
    fn note(&mut self, part: Range<usize>, source: &[u8], converted: &[u8]) {
        if self.notes.has_words || !are_even(source, converted) {
            self.notes.add(part);
        }
    }
}

impl<S: Sink> Sink for Noted<'_, S> {
    #[inline]
    fn room(&mut self) -> (&mut [u8], usize) {
        self.sink.room()
    }

    #[inline]
    fn advance(&mut self, written: usize) {
        self.sink.advance(written);
    }

    #[inline]
    fn append(&mut self, more: &[u8]) {
        self.sink.append(more);
    }

    #[inline]
    fn take_back(&mut self, count: usize) {
        self.sink.take_back(count);
    }

    fn ends_with(&self, text: &[u8]) -> bool {
        // Otherwise the passage would go on without writing.
        !self.notes.has_words && self.sink.ends_with(text)
    }
}
