//! The engine, noting where the boundaries of a text are: the places where all levels have one.
//!
//! A level's *boundary* is the end of each match and of each unit that it copies. Where the output of a
//! level has a boundary, and the level's input had one there, too, that is a boundary of both. So a
//! [`Tracer`] passes on, beside the bytes, where such boundaries are and which place of the source each
//! belongs to; a match that begins or ends inside what an earlier match became merges both.
//!
//! Decisions are those of [`Machine`](super::Machine), by the same [`Level::step`]; what is decided
//! comes out at the same pushes.

use std::collections::VecDeque;
use std::mem;
use std::ops::Range;

use super::{End, Level, Step};
use crate::text::utf8::{are_even, unit_len};

/// A boundary at the end of all levels: the end of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Boundary {
    /// Its place in the source, in bytes.
    pub(crate) source: usize,
    /// Its place in what came out, in bytes.
    pub(crate) target: usize,
    /// Whether a word of an overlay is between the boundary before and this one.
    pub(crate) has_word: bool,
}

/// What one text's passage through a plan must remember; see [`Machine`](super::Machine).
#[derive(Clone, Debug, Default)]
pub(crate) struct Tracer {
    levels: Vec<Input>,
    /// How much came out.
    target: usize,
    has_word: bool,
    boundaries: Vec<Boundary>,
}

/// What a level has got and not yet decided.
#[derive(Clone, Debug, Default)]
struct Input {
    text: Vec<u8>,
    /// Where the text starts, of all that the level got.
    start: usize,
    /// The boundaries from the start on: the place of each, of all that the level got, and in the source.
    marks: VecDeque<[usize; 2]>,
}

/// Where the output of the last level goes.
struct Output<'o> {
    bytes: &'o mut Vec<u8>,
    target: &'o mut usize,
    has_word: &'o mut bool,
    boundaries: &'o mut Vec<Boundary>,
}

impl Tracer {
    /// Begins a text, or a part of one, that starts at these places of a source and a target. The tracer must
    /// hold nothing.
    pub(crate) fn begin_at(&mut self, [source, target]: [usize; 2]) {
        if self.levels.is_empty() {
            self.levels.push(Input::default());
        }
        self.levels[0].start = source;
        self.target = target;
    }

    /// Passes `input` through `levels` and appends to `out` all that is decided.
    pub(crate) fn push(&mut self, levels: &[Level], input: &[u8], end: End, out: &mut Vec<u8>) {
        self.levels.resize_with(levels.len().max(1), Input::default);
        let mut output = Output {
            bytes: out,
            target: &mut self.target,
            has_word: &mut self.has_word,
            boundaries: &mut self.boundaries,
        };
        let first = &mut self.levels[0];
        match levels.is_empty() {
            // As a machine does; a unit in two pieces has a boundary between them.
            true => copy(input, 0..input.len(), first, &mut [], true, &mut output),
            false => {
                first.text.extend_from_slice(input);
                pass(levels, &mut self.levels, true, end, &mut output);
            }
        }
    }

    /// How many bytes are held back.
    pub(crate) fn held(&self) -> usize {
        self.levels.iter().map(|level| level.text.len()).sum()
    }

    /// The boundaries that were found since they were taken last. The last one may be before the end of
    /// what came out, where that is not a boundary of all levels.
    pub(crate) fn take(&mut self) -> impl Iterator<Item = Boundary> + '_ {
        self.boundaries.drain(..)
    }
}

/// Whether each span of a text has characters as long as it had, and as many, if that is so of the whole.
pub(crate) fn is_even(levels: &[Level], text: &[u8]) -> bool {
    // Mostly all of it is one match of the first level that knows it.
    let knows = |level: &&Level| level.firsts.none_in(text, 0) < text.len();
    if let Some(level) = levels.iter().find(knows) {
        match level.step(text, End::Here) {
            Step::Match { len, .. } if len == text.len() && level.role.converts() => return true,
            Step::Final { len, .. } if len == text.len() => return true,
            _ => {}
        }
    }
    let mut tracer = Tracer::default();
    let mut out = Vec::new();
    tracer.push(levels, text, End::Here, &mut out);
    let mut at = [0, 0];
    let mut boundaries = tracer.take();
    boundaries.all(|Boundary { source, target, .. }| {
        let [from, to] = mem::replace(&mut at, [source, target]);
        are_even(&text[from..source], &out[to..target])
    })
}

impl Input {
    /// Where the next byte will be.
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The boundaries at the start of the text, and those that it left behind. All but the former lay
    /// inside a match.
    fn settle(&mut self, mut mark: impl FnMut(usize)) {
        while let Some(&[at, source]) = self.marks.front() {
            if at > self.start {
                break;
            }
            if at == self.start {
                mark(source);
            }
            self.marks.pop_front();
        }
    }
}

/// Notes a boundary at the end of what was handed on.
fn mark(later: &mut [Input], output: &mut Output<'_>, source: usize) {
    match later.first_mut() {
        Some(next) => next.marks.push_back([next.end(), source]),
        None => output.boundaries.push(Boundary {
            source,
            target: *output.target,
            has_word: mem::take(output.has_word),
        }),
    }
}

/// Hands bytes on to the next level.
fn hand(later: &mut [Input], output: &mut Output<'_>, bytes: &[u8]) {
    match later.first_mut() {
        Some(next) => next.text.extend_from_slice(bytes),
        None => output.write(bytes),
    }
}

impl Output<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        *self.target += bytes.len();
    }
}

/// Passes what the first of these levels has got through it and all others.
fn pass(
    levels: &[Level],
    inputs: &mut [Input],
    is_source: bool,
    end: End,
    output: &mut Output<'_>,
) {
    let (Some((level, levels)), Some((own, later))) =
        (levels.split_first(), inputs.split_first_mut())
    else {
        return;
    };
    let text = mem::take(&mut own.text);
    own.settle(|source| mark(later, output, source));
    let mut at = 0;
    loop {
        let len = level.firsts.none_in(&text, at);
        copy(&text, at..at + len, own, later, is_source, output);
        at += len;
        if at == text.len() {
            break;
        }
        match level.step(&text[at..], end) {
            Step::Copy { len } => {
                copy(&text, at..at + len, own, later, is_source, output);
                at += len;
            }
            Step::Match { len, value, alone } => {
                if alone {
                    pass(levels, later, false, End::Here, output);
                }
                match level.role.converts() {
                    true => {
                        hand(later, output, value);
                        advance(len, own, later, is_source, output);
                    }
                    false => copy(&text, at..at + len, own, later, is_source, output),
                }
                if alone {
                    pass(levels, later, false, End::Here, output);
                }
                at += len;
            }
            Step::Final { len, value } => {
                pass(levels, later, false, End::Here, output);
                output.write(value);
                *output.has_word = true;
                advance(len, own, later, is_source, output);
                // They have nothing but the boundary.
                pass(levels, later, false, End::Here, output);
                at += len;
            }
            Step::Wait => break,
        }
    }
    own.text = text;
    own.text.drain(..at);
    pass(levels, later, false, end, output);
}

/// Hands on a part of the text as it is, unit by unit.
fn copy(
    text: &[u8],
    part: Range<usize>,
    own: &mut Input,
    later: &mut [Input],
    is_source: bool,
    output: &mut Output<'_>,
) {
    let mut at = part.start;
    while at < part.end {
        let len = unit_len(text[at]).min(part.end - at);
        hand(later, output, &text[at..at + len]);
        advance(len, own, later, is_source, output);
        at += len;
    }
}

/// Steps over so many bytes of a level's text; what became of them was handed on.
fn advance(
    len: usize,
    own: &mut Input,
    later: &mut [Input],
    is_source: bool,
    output: &mut Output<'_>,
) {
    own.start += len;
    match is_source {
        true => mark(later, output, own.start),
        false => own.settle(|source| mark(later, output, source)),
    }
}
