//! The scan: converts character by character, and calls the exact engine only on *islands*, the
//! short stretches where something else could happen.
//!
//! DESIGN.md has the argument in full. In short: a key is *inert* if converting its characters
//! one by one gives what the engine would give, else an *exception*. Where no exception matches and no
//! special character stands, converting one by one is exact. Between two characters that stand
//! side by side in no key of any level, no match can cross: a *safe boundary*. So an island
//! reaches from a safe boundary before an exception that matches to one after it. What becomes of one is known
//! beforehand (an exception between two safe boundaries: [`resolve`]), found by a walk in place
//! ([`walk`]), or left to the engine ([`passage`]). Everything here errs on one side: a filter's false
//! yes makes an island longer or adds one, and never changes the output.
//!
//! This file has the ways in: a whole text, bytes, a piece of a stream.

mod batch;
mod boundary;
#[cfg(feature = "fold")]
pub(crate) mod characters;
pub(crate) mod classes;
pub(crate) mod derive;
pub(crate) mod exception_pairs;
pub(crate) mod exceptions;
pub(crate) mod facts;
pub(crate) mod filter;
mod kernel;
mod keys;
pub(crate) mod notes;
pub(crate) mod output;
pub(crate) mod passage;
pub(crate) mod passthrough;
mod resolve;
mod short;
mod walk;

use crate::engine::{End, Plan};
use crate::text::utf8::{unit_len, LONGEST_UNIT};
use facts::Scan;
#[cfg(test)]
pub(crate) use kernel::{tests::force, Form};
use output::{NullSink, Output, Recipient, Sink, Target, LONG, SHORT, SHORT_TEXT};
use passage::{Outcome, Passage, State, MAX_TAIL};
use short::{Block, Short, LONGEST};

impl Scan {
    /// More bytes than a stream ever has to hold back for the scan.
    pub(crate) fn max_held(&self) -> usize {
        MAX_TAIL + LONGEST_UNIT
    }

    /// Converts a whole text.
    #[inline]
    pub(crate) fn convert<'t, R: Recipient<'t>>(
        &self,
        plan: &Plan,
        text: &'t str,
        to: R,
    ) -> R::Receipt {
        short::convert(
            text,
            to,
            |text, block| self.convert_short(plan, text, block),
            |text, out| self.convert_long(plan, text, out),
        )
    }

    /// Converts bytes that may be no text and appends the result to `out`, which is left alone, and
    /// false returned, if nothing changes.
    pub(crate) fn convert_bytes(&self, plan: &Plan, bytes: &[u8], out: &mut Vec<u8>) -> bool {
        if bytes.len() <= LONGEST {
            let mut block = Block::new(bytes.len());
            match self.convert_short(plan, bytes, &mut block) {
                Some(Short::Same) => return false,
                Some(Short::OneByOne | Short::Resolved) => {
                    out.extend_from_slice(block.bytes());
                    return true;
                }
                None => {}
            }
        }
        self.convert_long(plan, bytes, out)
    }

    /// The same, of whatever length.
    #[inline(never)]
    fn convert_long(&self, plan: &Plan, text: &[u8], out: &mut impl Target) -> bool {
        let from = out.bytes().len();
        let mut state = State::default();
        let mut passage = Passage::new(self, plan, text, End::Here, &mut state);
        // To begin again at the first change costs as much as some hundred characters.
        if text.len() <= SHORT_TEXT {
            let mut output: Output<_, SHORT> = Output::new(out);
            passage.pass(&mut output);
            if output.whole() == Some(text) {
                return false;
            }
            output.flush();
            return keep_changed(text, out, from);
        }
        if passage.pass(&mut NullSink::default()) == Outcome::Done {
            return false;
        }
        // Most conversions keep the length, some lengthen a little.
        out.reserve(text.len() + text.len() / 16);
        let mut output: Output<_, LONG> = Output::new(out);
        output.append(&text[..passage.at()]);
        passage.pass_all(&mut output);
        output.flush();
        keep_changed(text, out, from)
    }

    /// Converts a piece of text that follows what `state` remembers, appends to `out` what is
    /// decided, and returns how many bytes of the piece that took. The others must come again at
    /// the start of the next piece.
    pub(crate) fn push(
        &self,
        plan: &Plan,
        piece: &[u8],
        end: End,
        state: &mut State,
        out: &mut Vec<u8>,
    ) -> usize {
        if state.is_between_islands() {
            if let Some(used) = self.push_short(plan, piece, end, out) {
                return used;
            }
        }
        let mut output: Output<_, LONG> = Output::new(out);
        let mut passage = Passage::new(self, plan, piece, end, state);
        if passage.close_island(&mut output) {
            passage.pass_all(&mut output);
        }
        output.flush();
        passage.at()
    }

    /// The same of a piece that begins at a cut; `None` if it is not short and simple.
    pub(crate) fn push_short(
        &self,
        plan: &Plan,
        piece: &[u8],
        end: End,
        out: &mut Vec<u8>,
    ) -> Option<usize> {
        let len = match end {
            _ if piece.len() > LONGEST => return None,
            End::Here => piece.len(),
            End::Open => self.decided(piece, 0, whole_len(piece)).0,
        };
        let mut block = Block::new(len);
        self.convert_short(plan, &piece[..len], &mut block)?;
        out.extend_from_slice(block.bytes());
        Some(len)
    }
}

/// How many bytes of a piece are whole characters, if it is part of a text.
fn whole_len(piece: &[u8]) -> usize {
    let mut starts = (1..=piece.len().min(LONGEST_UNIT)).map(|back| piece.len() - back);
    match starts.find(|&at| piece[at] & 0xC0 != 0x80) {
        Some(start) if start + unit_len(piece[start]) > piece.len() => start,
        _ => piece.len(),
    }
}

/// Takes back what was appended from `from` on, and returns false, if it is the text itself: a
/// character that would change alone may stay in the phrase it stands in, as 涂 does in a name, and
/// the scan learns that too late.
fn keep_changed(text: &[u8], out: &mut impl Target, from: usize) -> bool {
    let converted = &out.bytes()[from..];
    let changed = converted != text;
    if !changed {
        out.take_back(converted.len());
    }
    changed
}
