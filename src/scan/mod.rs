//! The scan: converts character by character, and calls the exact engine only on *islands*, the
//! short stretches where something else could happen.
//!
//! DESIGN.md has the argument in full. In short: a key is *inert* if converting its characters
//! one by one gives what the engine would give, else *live*. Where no live key matches and no
//! special character stands, converting one by one is exact. Between two characters that stand
//! side by side in no key of any level, no match can cross: a *safe boundary*. So an island
//! reaches from a safe boundary before a live match to one after it. What becomes of one is known
//! beforehand (a live key between two safe boundaries), found by a walk in place (`segments`), or
//! left to the engine. Everything here errs on one side: a filter's false yes makes an island
//! longer or adds one, and never changes the output.
//!
//! # A live key that stands alone
//!
//! Where both ends of a live key are safe and the spread is 1, both are cuts: its output is what the
//! plan makes of it as a text of its own, which is stored beside it. At most one of the live keys that
//! match at a hit can stand so, for they overlap, and the end of one would lie inside another.
//!
//! With a spread of 2 or more there are *doubtful* levels, before which some level turns phrases into
//! what their characters would not be. There the key may not touch a neighbour that it does not touch
//! in the source. The derivation runs the levels before the doubtful one and looks at the first and the
//! last character of what comes in there. If no key of the level has the first but at its start, and
//! none the last but at its end, nothing can reach over. Otherwise the record has source characters
//! with these views (`ends`), and they must not be joined to the neighbours at that level. That is
//! enough on the left, where all is known, and on the right if no live key begins right there
//! (`are_ends_free`). With two doubtful levels such a key is never taken alone.
//!
//! # Text that stays
//!
//! A passage into [`Nothing`] stops at the first change. A character that would change alone is a
//! change for certain if no live key matches over it, and none if one is taken there that keeps it, as
//! 里 is kept in 公里. So at each such character the loop asks for a key over it by the pairs that end
//! and begin there (`stays`), and goes on if that key keeps it and stands alone, or if the first level,
//! followed from the nearest safe boundary, comes to a phrase over the character that keeps it. Up to
//! where the passage is, every character that would change is in a phrase that was looked at, which no
//! other key can cross. So it need only note the live keys of which no character changes, and looks at
//! [`notable`] characters alone.

pub(crate) mod classes;
#[cfg(feature = "rayon")]
mod cut;
mod dense;
pub(crate) mod derive;
mod filter;
mod kernel;
mod keys;
mod later;
mod live;
pub(crate) mod live_keys;
mod notable;
pub(crate) mod output;
mod pieces;
mod segments;
mod short;

use std::borrow::Cow;
use std::ops::Range;

use crate::engine::{End, Level, Machine, Plan};
use crate::text::utf8::unit_len;
use crate::work;
pub(crate) use classes::Classes;
use classes::{has_three_bytes, Unit, CHANGE, LISTED, NORMALIZED, OPERATOR, SPECIAL};
pub(crate) use filter::Filter;
use filter::{first_hash, pair_hash};
#[cfg(test)]
pub(crate) use kernel::{tests::force, Form};
use kernel::{Hits, Stop, Tables, STRETCH};
pub(crate) use live::LivePairs;
pub(crate) use live_keys::LiveKeys;
use live_keys::{Record, Taken};
pub(crate) use notable::Notable;
use output::{Behind, Nothing, Output, Recipient, Sink, Target, Written, LONG, SHORT, SHORT_TEXT};
use pieces::LONGEST_IN_PIECES;
use segments::{Candidate, Stretch};
use short::{short_text, LONGEST};

/// What the scan needs to know of a plan; derived from it by [`derive`].
#[derive(Clone)]
pub(crate) struct Scan {
    pub(crate) classes: Classes,
    /// A pair of each live key, near its start: the one that is rarest in texts, as far as known.
    pub(crate) live: LivePairs,
    /// The characters to look at where nothing is written.
    pub(crate) notable: Notable,
    /// What a live pair is checked against.
    pub(crate) keys: LiveKeys,
    /// Pairs that stand side by side in a key of any level; then, if more than one level has keys of
    /// two characters, those of each of these but the first.
    pub(crate) joined: Cow<'static, [Filter]>,
    /// How many safe boundaries must follow each other for the first to be safe at every level.
    pub(crate) spread: usize,
    /// For how many characters after an operator a description sequence may go on at any level.
    pub(crate) reach: usize,
    /// The first level after normalization.
    pub(crate) first_stage: usize,
    /// The ASCII characters that stand in keys, a bit each.
    pub(crate) ascii_in_keys: u128,
    /// The characters elsewhere, as [`classes::is_elsewhere`] says, that stand in keys.
    pub(crate) elsewhere: Filter,
    pub(crate) segments: Segmented,
    /// What makes the levels after that one act, each by a set of [`later`]; or, with segments apart,
    /// the pairs of which one stands wherever the middle level matters, by their hashes in a trie.
    pub(crate) acting: Cow<'static, [Filter]>,
}

/// What is known of the segments that the first level after normalization makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segmented {
    /// Nothing.
    Unknown,
    /// It converts them, and all that crosses a cut after it is known by
    /// [`joined`](Scan::joined).
    Converted,
    /// It makes them only, of the phrases of the third and last level.
    Apart,
}

/// What a text's passage through the scan must remember between two pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) machine: Machine,
    /// What an island became.
    scratch: Vec<u8>,
    /// Memory for the parts of an island.
    parts: Vec<u8>,
    dense: Option<Box<dense::Room>>,
    island: Option<OpenIsland>,
}

/// An island whose end was not yet seen; the machine is inside it.
#[derive(Clone, Copy, Debug)]
struct OpenIsland {
    /// For how many characters yet a description sequence may go on, from the kept one on.
    reach: usize,
}

/// Where a passage stands.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    /// All before it is converted.
    at: usize,
    /// The last place where the output may be cut: a safe boundary from which on all bytes are
    /// whole characters, each converted alone.
    floor: usize,
    /// The word of the character before `at`; of none known the one that is in no key.
    before: u32,
}

/// What the loop is told of a text.
#[derive(Clone, Copy)]
struct Given<'t> {
    text: &'t [u8],
    /// From here on to where the loop begins there are only three-byte characters that nothing
    /// normalizes, and ASCII.
    simple_from: usize,
    end: End,
}

/// Which live keys match at a hit of the loop.
enum Found<'k> {
    Nothing,
    One {
        start: usize,
        record: Record<'k>,
    },
    /// The first of them starts here.
    Several {
        start: usize,
    },
}

/// How an island was passed.
enum Passed {
    /// It ended within what was converted already.
    Within,
    /// The cursor is at its end, and what stood after it was taken back.
    Beyond,
    /// And so was the passage.
    Out(Outcome),
}

/// What was passed that is in no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Elsewhere {
    /// ASCII alone.
    Ascii,
    /// Other characters as well.
    Others,
}

/// How a passage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// At the end of the text.
    Done,
    /// At the first change, where none was to be made, or at what is left open for the next piece.
    Changed,
    /// After the first island that changes, where none was to be made. It started here, and
    /// what it became is still in the state.
    ChangedIsland { start: usize },
    /// At a safe boundary after [`CALM`] bytes that stayed as they were, where changes are made.
    Calm,
}

/// A live pair stands so many characters after its key's start, at most.
const FURTHEST_PAIR: usize = 2;

/// Where hits are dense, one so many bytes after a cut is near it.
const NEAR: usize = 64;

/// After so many bytes that stay as they were, whole stretches, the passage looks for the next change
/// before it writes again. Sooner, and texts with a change every 1,000 characters were slower.
const CALM: usize = 3 * STRETCH;

/// A text of so many bytes is written at once, and taken back if it has become what it was.
const ALWAYS_AT_ONCE: usize = 256;

/// One of so many is, if it seems to change.
const AT_ONCE_IF_CHANGING: usize = 16 << 10;

/// An undecided end longer than this is given to the machine rather than held back.
const MAX_TAIL: usize = 256;

impl State {
    /// Runs the machine; what comes out is in `scratch`.
    fn run(&mut self, levels: &[Level], input: &[u8], end: End) {
        self.scratch.clear();
        // Growing step by step would cost a short text more than all else.
        self.scratch.reserve(input.len() + input.len() / 2);
        self.machine.push(levels, input, end, &mut self.scratch);
    }
}

impl Scan {
    /// More bytes than a stream ever has to hold back for the scan.
    pub(crate) fn max_held(&self) -> usize {
        MAX_TAIL + crate::text::utf8::LONGEST_UNIT
    }

    /// Converts a whole text.
    #[inline]
    pub(crate) fn convert<'t, R: Recipient<'t>>(
        &self,
        plan: &Plan,
        text: &'t str,
        to: R,
    ) -> R::Receipt {
        match text.len() <= LONGEST {
            true => self.convert_short(plan, text, to),
            false => self.convert_long(plan, text, to),
        }
    }

    /// The same, of a text of any length.
    #[inline(never)]
    fn convert_long<'t, R: Recipient<'t>>(&self, plan: &Plan, text: &'t str, to: R) -> R::Receipt {
        let to = match text.len() <= LONGEST_IN_PIECES {
            true => match self.convert_in_pieces(plan, text, to) {
                Ok(receipt) => return receipt,
                Err(to) => to,
            },
            false => to,
        };
        to.filled(text, |out| self.convert_any(plan, text.as_bytes(), out))
    }

    /// Converts bytes that may be no text and appends the result to `out`, which is left alone, and
    /// false returned, if nothing changes.
    #[inline]
    pub(crate) fn convert_bytes(&self, plan: &Plan, bytes: &[u8], out: &mut impl Target) -> bool {
        match short_text(bytes) {
            Some(text) => self.convert_short(plan, text, Behind(out)),
            None => self.convert_any(plan, bytes, out),
        }
    }

    /// The same, of whatever length.
    #[inline(never)]
    fn convert_any(&self, plan: &Plan, text: &[u8], out: &mut impl Target) -> bool {
        let from = out.bytes().len();
        let mut state = State::default();
        let mut cursor = Cursor::start(0);
        // To begin again at the first change costs as much as some hundred characters.
        let at_once = text.len() <= ALWAYS_AT_ONCE
            || text.len() <= AT_ONCE_IF_CHANGING && self.seems_to_change(text);
        if at_once && text.len() <= SHORT_TEXT {
            let mut output: Output<_, SHORT> = Output::new(out);
            self.pass(plan, text, End::Here, &mut state, &mut cursor, &mut output);
            if output.whole() == Some(text) {
                return false;
            }
            output.flush();
            return keep_changed(text, out, from);
        }
        let mut nothing = Nothing::default();
        let outcome = match at_once {
            true => Outcome::Changed,
            false => self.pass(plan, text, End::Here, &mut state, &mut cursor, &mut nothing),
        };
        if outcome == Outcome::Done {
            return false;
        }
        // Most conversions keep the length, some lengthen a little.
        out.reserve(text.len() + text.len() / 16);
        let mut output: Output<_, LONG> = Output::new(out);
        self.keep(text, 0, outcome, &state, &cursor, &mut output);
        self.pass_all(plan, text, End::Here, &mut state, &mut cursor, &mut output);
        output.flush();
        keep_changed(text, out, from)
    }

    /// Whether one of the first characters would change alone. A phrase may yet keep it.
    fn seems_to_change(&self, text: &[u8]) -> bool {
        const LOOKED_AT: usize = 12;
        let mut at = 0;
        (0..LOOKED_AT).any(|_| {
            let word = three_at(text, at);
            at += word.map_or(1, |_| 3);
            word.is_some_and(|word| !matches!(self.classes.change(word), 0 | LISTED))
        })
    }

    /// The passage to the text's end. Where it finds nothing to change for a while, it looks for the
    /// next change before it writes again: that is faster, even with the copy.
    fn pass_all<T: Target>(
        &self,
        plan: &Plan,
        text: &[u8],
        end: End,
        state: &mut State,
        cursor: &mut Cursor,
        output: &mut Output<'_, T, LONG>,
    ) {
        while self.pass(plan, text, end, state, cursor, output) == Outcome::Calm {
            let from = cursor.at;
            let outcome = self.pass(plan, text, end, state, cursor, &mut Nothing::default());
            self.keep(text, from, outcome, state, cursor, output);
        }
    }

    /// Writes what a passage into nothing came to: the text from `from` on as it is, and the island
    /// that changed.
    fn keep<T: Target>(
        &self,
        text: &[u8],
        from: usize,
        outcome: Outcome,
        state: &State,
        cursor: &Cursor,
        output: &mut Output<'_, T, LONG>,
    ) {
        match outcome {
            Outcome::ChangedIsland { start } => {
                output.append(&text[from..start]);
                output.append(&state.scratch);
            }
            _ => output.append(&text[from..cursor.at]),
        }
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
        if state.island.is_none() {
            if let Some(used) = self.push_short(plan, piece, end, out) {
                return used;
            }
        }
        let mut output: Output<_, LONG> = Output::new(out);
        let mut cursor = Cursor::start(0);
        if let Some(OpenIsland { reach }) = state.island.take() {
            let unseen = self.island_end(piece, 0, reach);
            if let IslandEnd::At { stop, .. } = unseen {
                state.run(&plan.levels, &piece[..stop], End::Here);
                output.append(&state.scratch);
                cursor = Cursor::start(stop);
            } else {
                cursor.at = self.leave_open(plan, piece, 0, unseen, end, state, &mut output);
                output.flush();
                return cursor.at;
            }
        }
        self.pass_all(plan, piece, end, state, &mut cursor, &mut output);
        output.flush();
        cursor.at
    }

    /// The passage, into a sink. With one that takes nothing it goes on only while nothing
    /// changes.
    fn pass<S: Sink>(
        &self,
        plan: &Plan,
        text: &[u8],
        end: End,
        state: &mut State,
        cursor: &mut Cursor,
        output: &mut S,
    ) -> Outcome {
        // All from here to the cursor is three-byte characters that nothing normalizes, and ASCII.
        let mut simple_before = None;
        let mut are_dense = false;
        // So many bytes stayed as they were, one stretch after the other.
        let mut calm = 0;
        loop {
            let from = cursor.at;
            let simple_from = simple_before.take().unwrap_or(from);
            let mut hits = Hits::new();
            let given = Given {
                text,
                simple_from,
                end,
            };
            let stop = self.run(plan, given, cursor, output, &mut hits);
            // A short stretch tells nothing.
            if hits.is_full() || cursor.at - from > STRETCH / 2 {
                are_dense = hits.is_full();
            }
            if !are_dense {
                let pairs = hits
                    .places()
                    .filter_map(|place| pair_at(text, from + place));
                self.keys.touch(pairs);
            }
            let mut islands = true;
            let mut places = hits.places().peekable();
            while let Some(place) = places.next() {
                let hit = from + place;
                // One before is inside an island.
                if hit <= cursor.floor {
                    continue;
                }
                if self.segments != Segmented::Unknown
                    && are_dense
                    && cursor.floor >= simple_from
                    && hit - cursor.floor <= NEAR
                {
                    let mut stretch = Stretch {
                        source: &text[simple_from..cursor.at],
                        output,
                        spare: &mut state.scratch,
                        parts: &mut state.parts,
                    };
                    let cut = cursor.floor - simple_from;
                    let hits = hits.places().map(|place| from + place - simple_from);
                    let room = &mut state.dense;
                    if let Some(to) = self.pass_dense(plan, &mut stretch, cut, hits, room) {
                        cursor.floor = simple_from + to;
                        if cursor.floor > hit {
                            continue;
                        }
                    }
                    // From the next hit on it would get no further, at the cost of looking at all
                    // that is left.
                    are_dense = cursor.at - cursor.floor <= 4 * NEAR;
                    if rewind(from, stop, cursor, output) {
                        islands = false;
                        break;
                    }
                }
                if are_dense && self.segments == Segmented::Unknown && self.live.are_many() {
                    // The machine has most of this to do, and does it faster at once than in parts.
                    let last = hits.places().last().map_or(hit, |place| from + place);
                    match self.island(plan, text, hit, last, end, state, cursor, output) {
                        Passed::Within => continue,
                        Passed::Beyond => {
                            islands = false;
                            break;
                        }
                        Passed::Out(outcome) => return outcome,
                    }
                }
                let found = self.found_at(text, cursor.floor, hit);
                if let Found::Nothing = found {
                    continue;
                }
                if let Found::One { start, record } = found {
                    if let Some(to) = self.settle_one(text, cursor, start, record, end, output) {
                        cursor.floor = to;
                        continue;
                    }
                }
                let (key, known) = match found {
                    Found::Nothing => continue,
                    Found::One { start, record } => (start, Some(record)),
                    Found::Several { start } => (start, None),
                };
                if self.segments == Segmented::Converted && key >= simple_from {
                    let mut stretch = Stretch {
                        source: &text[simple_from..cursor.at],
                        output,
                        spare: &mut state.scratch,
                        parts: &mut state.parts,
                    };
                    let (key, hit) = (key - simple_from, hit - simple_from);
                    let floor = cursor.floor.checked_sub(simple_from);
                    let next = || places.peek().map(|next| from + next - simple_from);
                    let to = self
                        .segment_start(stretch.source, floor, key)
                        .and_then(|from| {
                            let candidate = Candidate {
                                from,
                                key,
                                hit,
                                known,
                            };
                            self.settle(plan, &mut stretch, candidate, next)
                        });
                    if let Some(to) = to {
                        cursor.floor = simple_from + to;
                        continue;
                    }
                    if rewind(from, stop, cursor, output) {
                        islands = false;
                        break;
                    }
                }
                match self.island(plan, text, key, hit, end, state, cursor, output) {
                    Passed::Within => {}
                    Passed::Beyond => {
                        islands = false;
                        break;
                    }
                    Passed::Out(outcome) => return outcome,
                }
            }
            if !islands {
                continue;
            }
            let key = match stop {
                Stop::Full => {
                    if S::WRITES && !are_dense {
                        let is_same = output.ends_with(&text[from..cursor.at]);
                        calm = if is_same { calm + cursor.at - from } else { 0 };
                        if calm >= CALM && text.len() - cursor.at > CALM {
                            if let Some(start) = self.boundary_near(text, cursor) {
                                output.take_back(cursor.at - start);
                                *cursor = Cursor::start(start);
                                return Outcome::Calm;
                            }
                        }
                    }
                    simple_before = Some(simple_from);
                    continue;
                }
                Stop::Change if self.may_stay(text, cursor) => cursor.at,
                Stop::Change => return Outcome::Changed,
                Stop::Other => {
                    let rest = &text[cursor.at..];
                    if let Some(passed) = self.pass_elsewhere(rest, cursor, output) {
                        simple_before = (passed == Elsewhere::Ascii).then_some(simple_from);
                        continue;
                    }
                    let Some(unit) = self.classes.unit(rest) else {
                        break;
                    };
                    let special = unit.entry & SPECIAL != 0;
                    let key = match special {
                        true => Some(cursor.at),
                        false => match self.found_otherwise(text, cursor.floor, cursor.at) {
                            Found::Nothing => None,
                            Found::One { start, .. } | Found::Several { start } => Some(start),
                        },
                    };
                    match key {
                        Some(key) => key,
                        None if !S::WRITES && unit.entry & CHANGE != 0 => {
                            if !self.may_stay(text, cursor) {
                                return Outcome::Changed;
                            }
                            cursor.at
                        }
                        None => {
                            step(&rest[..unit.len], cursor, unit, output);
                            continue;
                        }
                    }
                }
            };
            let hit = cursor.at;
            if let Passed::Out(outcome) =
                self.island(plan, text, key, hit, end, state, cursor, output)
            {
                return outcome;
            }
        }

        let rest = &text[cursor.at..];
        if end == End::Here {
            // At most the start of a character.
            if S::WRITES {
                output.append(rest);
            }
            cursor.at = text.len();
            return Outcome::Done;
        }
        // A live key may yet start here; go back to where the output can no longer change.
        let last = self.last_unit(text, cursor.floor, cursor.at);
        if self
            .classes
            .unit(&text[last..])
            .is_some_and(|unit| self.is_barrier(unit))
        {
            return Outcome::Done;
        }
        let (start, flags) = self.boundary_before(text, cursor.floor, last);
        output.take_back(cursor.at - start);
        cursor.at = start;
        if text.len() - start > MAX_TAIL {
            if !S::WRITES {
                // The machine writes what is left open.
                *cursor = Cursor::start(start);
                return Outcome::Changed;
            }
            let unseen = IslandEnd::Unseen {
                last,
                reach: 0,
                flags,
            };
            cursor.at = self.leave_open(plan, text, start, unseen, end, state, output);
        }
        Outcome::Done
    }

    /// The loop over three-byte characters, from the cursor on.
    #[inline]
    fn run<S: Sink>(
        &self,
        plan: &Plan,
        given: Given<'_>,
        cursor: &mut Cursor,
        output: &mut S,
        hits: &mut Hits,
    ) -> Stop {
        work::count(1);
        let source = &given.text[cursor.at..];
        let (target, limit) = output.room();
        let (floor, from) = (cursor.floor, cursor.at);
        let tables = Tables {
            changes: self.classes.changes(),
            notable: self.notable.view(),
            stays: &|offset| self.stays(plan, given, floor, from + offset),
        };
        let live = self.live.view();
        let before = cursor.before;
        // The loop is not told of the sink, so that there are only these two of each form.
        let run = match S::WRITES {
            true => kernel::run::<true>(tables, live, source, limit, target, before, hits),
            false => kernel::run::<false>(tables, live, source, limit, target, before, hits),
        };
        cursor.at += run.at;
        cursor.before = run.before;
        output.advance(run.at);
        run.stop
    }

    /// Passes the island that reaches from `key`, where a live key may start or lie, to `hit` at least,
    /// to which the output is converted.
    #[allow(clippy::too_many_arguments)]
    fn island<S: Sink>(
        &self,
        plan: &Plan,
        text: &[u8],
        key: usize,
        hit: usize,
        end: End,
        state: &mut State,
        cursor: &mut Cursor,
        output: &mut S,
    ) -> Passed {
        let (start, mut before) = self.boundary_before(text, cursor.floor, key);
        let mut at = key;
        while let Some(unit) = self.classes.unit(&text[at..hit]) {
            before |= unit.entry;
            at += unit.len;
        }
        let (stop, after) = match self.island_end(text, hit, 0) {
            IslandEnd::At { stop, flags } => (stop, flags),
            IslandEnd::Unseen { flags, .. } if end == End::Here => (text.len(), flags),
            _ if !S::WRITES => {
                // The machine writes what is left open.
                *cursor = Cursor::start(start);
                return Passed::Out(Outcome::Changed);
            }
            unseen => {
                output.take_back(cursor.at - start);
                cursor.at = self.leave_open(plan, text, start, unseen, end, state, output);
                return Passed::Out(Outcome::Done);
            }
        };
        let normalized = (before | after) & NORMALIZED != 0;
        let levels = &plan.levels[if normalized { 0 } else { self.first_stage }..];
        state.run(levels, &text[start..stop], End::Here);
        let island = &text[start..stop];
        if !S::WRITES && state.scratch != island {
            *cursor = Cursor::start(stop);
            return Passed::Out(Outcome::ChangedIsland { start });
        }
        // Outside islands nothing changes its length, so it is known where the island's own
        // characters stand that were converted one by one.
        if stop <= cursor.at && output.replace(cursor.at - start, cursor.at - stop, &state.scratch)
        {
            cursor.floor = stop;
            return Passed::Within;
        }
        output.take_back(cursor.at - start);
        output.append(&state.scratch);
        *cursor = Cursor::start(stop);
        Passed::Beyond
    }

    /// What stands at a hit of the loop.
    #[inline(always)]
    fn found_at(&self, text: &[u8], floor: usize, hit: usize) -> Found<'_> {
        let Some(pair) = hit.checked_sub(3).and_then(|start| text.get(start..)) else {
            return self.found_otherwise(text, floor, hit);
        };
        let pair = match pair.first_chunk() {
            Some(&pair) => u64::from_le_bytes(pair),
            None => {
                let mut last = [0; 8];
                last[..pair.len()].copy_from_slice(pair);
                u64::from_le_bytes(last)
            }
        };
        let (first, second) = (pair as u32, (pair >> 24) as u32);
        if !has_three_bytes(first) || !has_three_bytes(second) {
            return self.found_otherwise(text, floor, hit);
        }
        let hash = pair_hash(first & CHANGE, second & CHANGE);
        let mut found = None;
        let mut count = 0;
        self.keys.find(hash, |record| {
            let before = record.before();
            if before <= hit - floor && record.is_in(&text[hit - before..]) {
                found = Some(record);
                count += 1;
            }
        });
        match found {
            None => Found::Nothing,
            Some(record) if count == 1 => Found::One {
                start: hit - record.before(),
                record,
            },
            Some(_) => self.found_otherwise(text, floor, hit),
        }
    }

    /// The same wherever the hit is and whatever stands there.
    #[inline(never)]
    fn found_otherwise(&self, text: &[u8], floor: usize, hit: usize) -> Found<'_> {
        let mut found = Found::Nothing;
        if hit == floor {
            return found;
        }
        let first = classes::word_at(&text[self.last_unit(text, floor, hit)..]);
        let second = classes::word_at(&text[hit..]);
        let (Some((first, _)), Some((second, _))) = (first, second) else {
            return found;
        };
        self.keys.find(pair_hash(first, second), |record| {
            let before = record.before();
            if before > hit - floor || !record.is_in(&text[hit - before..]) {
                return;
            }
            let start = hit - before;
            found = match found {
                Found::Nothing => Found::One { start, record },
                Found::One { start: other, .. } | Found::Several { start: other } => {
                    let start = start.min(other);
                    Found::Several { start }
                }
            };
        });
        found
    }

    /// Converts the only live key at a hit, if it is alone; returns where it ends.
    #[inline(always)]
    fn settle_one<S: Written>(
        &self,
        text: &[u8],
        cursor: &Cursor,
        start: usize,
        record: Record<'_>,
        end: End,
        output: &mut S,
    ) -> Option<usize> {
        if !self.is_alone(text, cursor.floor..cursor.at, start, record, end) {
            return None;
        }
        self.put(text, cursor.at - start, start, record, output)
    }

    /// Whether by the ends alone of the only live key at a hit one can tell that it is taken and
    /// becomes what its record says. `known` is what lies between the floor and the cursor: neither
    /// special nor half a character.
    #[inline(always)]
    fn is_alone(
        &self,
        text: &[u8],
        known: Range<usize>,
        start: usize,
        record: Record<'_>,
        end: End,
    ) -> bool {
        let stop = start + record.len();
        if stop > known.end || !self.is_cut_within(text, known.start, start) {
            return false;
        }
        let is_cut = record.taken() == Taken::Always
            || match stop < known.end {
                true => self.is_cut_within(text, known.start, stop),
                false => self.is_cut(text, known.start, stop, end),
            };
        is_cut
            && (!record.has_ends()
                || record
                    .key()
                    .ends
                    .is_some_and(|ends| self.are_ends_free(text, known.start, start..stop, ends)))
    }

    /// Writes what a live key becomes that starts so many bytes before the output's end; returns
    /// where it ends.
    #[inline(always)]
    fn put<S: Written>(
        &self,
        text: &[u8],
        from_end: usize,
        start: usize,
        record: Record<'_>,
        output: &mut S,
    ) -> Option<usize> {
        let stop = start + record.len();
        if S::WRITES {
            let is_done = record
                .converted_wide()
                .is_some_and(|(with, mask)| output.overwrite(from_end, with, mask));
            let to = from_end - record.len();
            if !is_done && !output.replace(from_end, to, record.converted()?) {
                return None;
            }
        } else if record.converted()? != &text[start..stop] {
            return None;
        }
        Some(stop)
    }

    /// Whether no key of the last level that has phrases reaches over the boundaries of a live key
    /// that becomes at its ends what these characters would: no other level may. No live key may
    /// follow, or the character after it could be another one at that level than it seems here.
    fn are_ends_free(
        &self,
        text: &[u8],
        floor: usize,
        key: Range<usize>,
        [first, last]: [u32; 2],
    ) -> bool {
        let joins = |left, right| self.is_joined(left, right) && self.is_joined_last(left, right);
        if key.start > floor {
            let before = self.last_unit(text, floor, key.start);
            match classes::word_at(&text[before..]) {
                Some((before, _)) if !joins(before, first) => {}
                _ => return false,
            }
        }
        let Some((after, _)) = classes::word_at(&text[key.end..]) else {
            return key.end == text.len();
        };
        !joins(last, after) && !self.may_start_live(text, key.end)
    }

    /// Whether a live key may start at `at`.
    fn may_start_live(&self, text: &[u8], at: usize) -> bool {
        let mut place = at;
        let mut left = None;
        for _ in 0..FURTHEST_PAIR + 2 {
            let Some(right) = self.classes.unit(&text[place..]) else {
                return place < text.len();
            };
            if self.is_barrier(right) {
                return false;
            }
            if right.entry & SPECIAL != 0 {
                return true;
            }
            if let Some(left) = left {
                if !self.is_joined(left, right.word) {
                    return false;
                }
                let pair = pair_hash(left, right.word);
                let mut is_live = false;
                if self.live.contains(pair) {
                    self.keys.find(pair, |record| {
                        let is_here = place == at + record.before();
                        is_live |= is_here && record.is_in(&text[at..]);
                    });
                }
                if is_live {
                    return true;
                }
            }
            left = Some(right.word);
            place += right.len;
        }
        false
    }

    /// Whether the boundary at `at`, around which nothing is special, is safe.
    #[inline(always)]
    fn is_cut_within(&self, text: &[u8], floor: usize, at: usize) -> bool {
        if at == floor {
            return true;
        }
        match (three_before(text, floor, at), three_at(text, at)) {
            (Some(left), Some(right)) => !self.is_joined(left, right),
            _ if self.is_barrier_byte(text[at - 1]) || self.is_barrier_byte(text[at]) => true,
            _ => self.is_cut(text, floor, at, End::Open),
        }
    }

    /// Whether a live key is known to keep the character at `at`, which would change alone. The
    /// common cases: its live pair ends at the character or begins with it, and it stands alone or
    /// the first level comes to its start.
    #[inline(never)]
    fn stays(&self, plan: &Plan, given: Given<'_>, floor: usize, at: usize) -> bool {
        let Given {
            text,
            simple_from,
            end,
        } = given;
        [at, at + 3].into_iter().any(|hit| {
            let is_live = || {
                let first = hit.checked_sub(3).filter(|&first| first >= floor)?;
                let pair = pair_hash(three_at(text, first)?, three_at(text, hit)?);
                Some(self.live.contains(pair))
            };
            if is_live() != Some(true) {
                return false;
            }
            let Found::One { start, record } = self.found_at(text, floor, hit) else {
                return false;
            };
            let key = start..start + record.len();
            if key.contains(&at)
                && self.is_alone(text, floor..key.end, start, record, end)
                && record.converted() == Some(&text[key.clone()])
            {
                return true;
            }
            if self.segments != Segmented::Converted || start < simple_from {
                return false;
            }
            let simple_to = at + self.simple_len(&text[at..]);
            let mut stretch = Stretch {
                source: &text[simple_from..simple_to],
                output: &mut Nothing::default(),
                spare: &mut Vec::new(),
                parts: &mut Vec::new(),
            };
            let (start, floor) = (start - simple_from, floor.checked_sub(simple_from));
            // Not as a whole: what is in no phrase is not looked at there.
            self.segment_start(stretch.source, floor, start)
                .and_then(|from| {
                    self.settle_in_line(plan, &mut stretch, from, start, record, || None)
                })
                .is_some_and(|to| to > at - simple_from)
        })
    }

    /// How many bytes of a text's start are three-byte characters that nothing normalizes; no more
    /// than nearly all phrases have.
    fn simple_len(&self, text: &[u8]) -> usize {
        const MOST: usize = 10;
        let is_simple = |at: &usize| {
            let word = three_at(text, *at);
            word.is_some_and(|word| self.classes.entry(word) & (SPECIAL | NORMALIZED) == 0)
        };
        let places = (0..MOST).map(|number| 3 * number);
        3 * places.take_while(is_simple).count()
    }

    /// Whether a live key may match over the character at the cursor, which would change alone and
    /// before which none does since the floor.
    fn may_stay(&self, text: &[u8], cursor: &Cursor) -> bool {
        let (floor, at) = (cursor.floor, cursor.at);
        self.is_reached(text, floor, at) || self.reaches_over(text, floor, at)
    }

    /// Whether a live key may match over the character at `at` whose live pair does not stand
    /// before it.
    fn is_reached(&self, text: &[u8], floor: usize, at: usize) -> bool {
        let mut place = at;
        let mut left = match at > floor {
            true => {
                classes::word_at(&text[self.last_unit(text, floor, at)..]).map(|(word, _)| word)
            }
            false => None,
        };
        // At the character itself a pair may end, and after it where a key may have started with it.
        for _ in 0..FURTHEST_PAIR + 2 {
            let Some(right) = self.classes.unit(&text[place..]) else {
                return place < text.len();
            };
            if right.entry & SPECIAL != 0 {
                return true;
            }
            if self.is_barrier(right) {
                return false;
            }
            let pair = left.map(|left| pair_hash(left, right.word));
            if let Some(pair) = pair.filter(|&pair| self.live.contains(pair)) {
                let mut reaches = false;
                self.keys.find(pair, |record| {
                    let before = record.before();
                    reaches |= (place - at..=place - floor).contains(&before)
                        && record.is_in(&text[place - before..]);
                });
                if reaches {
                    return true;
                }
            }
            left = Some(right.word);
            place += right.len;
        }
        false
    }

    /// Whether a live key may match over the character at `at` whose live pair stands before it. The
    /// loop need not have noted it.
    fn reaches_over(&self, text: &[u8], floor: usize, at: usize) -> bool {
        let mut place = at;
        let mut right = None;
        while place > floor {
            let before = self.last_unit(text, floor, place);
            let Some((left, _)) = classes::word_at(&text[before..]) else {
                return false;
            };
            if let Some(right) = right {
                let mut reaches = false;
                if self.live.contains(pair_hash(left, right)) {
                    self.keys.find(pair_hash(left, right), |record| {
                        let fits = record.before() <= place - floor;
                        let start = place - record.before().min(place);
                        reaches |=
                            fits && start + record.len() > at && record.is_in(&text[start..]);
                    });
                }
                if reaches {
                    return true;
                }
            }
            let here = right.or_else(|| classes::word_at(&text[place..]).map(|(word, _)| word));
            if here.is_none_or(|here| !self.is_joined(left, here)) {
                return false;
            }
            right = Some(left);
            place = before;
        }
        false
    }

    /// Whether the boundary at `at` is safe.
    fn is_cut(&self, text: &[u8], floor: usize, at: usize, end: End) -> bool {
        if at == floor {
            return true;
        }
        // The common case at once: after the floor there are only whole characters.
        if let (Some(left), Some(right)) = (three_before(text, floor, at), three_at(text, at)) {
            let classes = &self.classes;
            return (classes.entry(left) | classes.entry(right)) & SPECIAL == 0
                && !self.is_joined(left, right);
        }
        let left = self.classes.unit(&text[self.last_unit(text, floor, at)..]);
        match (left, self.classes.unit(&text[at..])) {
            (Some(left), Some(right)) => {
                self.is_barrier(left) || self.is_barrier(right) || self.is_safe(left, right)
            }
            // Nothing follows but, perhaps, the start of a character.
            _ => end == End::Here,
        }
    }

    /// The nearest boundary at or before the start of the unit at `from` that is safe at every
    /// level, and the flags of the units from there to `from`.
    fn boundary_before(&self, text: &[u8], floor: usize, from: usize) -> (usize, u32) {
        let mut flags = 0;
        let mut safe = 0;
        let mut at = from;
        let mut right = self.classes.unit(&text[at..]);
        while at > floor {
            let before = self.last_unit(text, floor, at);
            let left = self.classes.unit(&text[before..]);
            if left.is_some_and(|left| self.is_barrier(left)) {
                break;
            }
            match (left, right) {
                (Some(left), Some(right)) if self.is_safe(left, right) => safe += 1,
                _ => safe = 0,
            }
            if safe == self.spread {
                break;
            }
            flags |= left.map_or(0, |left| left.entry);
            right = left;
            at = before;
        }
        (at, flags)
    }

    /// A boundary not far before the cursor that is safe at every level, if there is one: no live key
    /// that is yet unseen reaches over it.
    fn boundary_near(&self, text: &[u8], cursor: &Cursor) -> Option<usize> {
        let mut far = cursor.at.saturating_sub(NEAR).max(cursor.floor);
        while far < cursor.at && text[far] & 0xC0 == 0x80 {
            far += 1;
        }
        let last = self.last_unit(text, far, cursor.at);
        let (start, _) = self.boundary_before(text, far, last);
        (start > far).then_some(start)
    }

    /// Where an island ends that is entered at `from`, at the start of a unit.
    fn island_end(&self, text: &[u8], from: usize, reach: usize) -> IslandEnd {
        let mut reach = reach;
        let mut flags = 0;
        let mut safe = 0;
        let mut stop = from;
        let mut last = from;
        let Some(mut left) = self.classes.unit(&text[from..]) else {
            return IslandEnd::Unseen { last, reach, flags };
        };
        loop {
            flags |= left.entry;
            let at = last + left.len;
            let Some(right) = self.classes.unit(&text[at..]) else {
                // The last unit comes again, and counts then.
                return IslandEnd::Unseen { last, reach, flags };
            };
            reach = match left.entry & OPERATOR != 0 {
                true => self.reach,
                false => reach.saturating_sub(1),
            };
            if reach == 0 && self.is_barrier(right) {
                return IslandEnd::At { stop: at, flags };
            }
            match reach == 0 && self.is_safe(left, right) {
                true => safe += 1,
                false => safe = 0,
            }
            // A level's matches may reach one boundary further than those of the level before,
            // from either side; the middle of so many boundaries is out of reach of both.
            if safe == self.spread {
                stop = at;
            }
            if safe == 2 * self.spread - 1 {
                return IslandEnd::At { stop, flags };
            }
            left = right;
            last = at;
        }
    }

    /// Gives the machine what there is of an island from `start` to the unit at `last`, which is
    /// kept, and returns how many bytes of the text were used.
    #[allow(clippy::too_many_arguments)]
    fn leave_open<S: Sink>(
        &self,
        plan: &Plan,
        text: &[u8],
        start: usize,
        unseen: IslandEnd,
        end: End,
        state: &mut State,
        output: &mut S,
    ) -> usize {
        let stop = match (end, unseen) {
            (End::Open, IslandEnd::Unseen { last, reach, .. }) => {
                state.island = Some(OpenIsland { reach });
                last
            }
            _ => text.len(),
        };
        state.run(&plan.levels, &text[start..stop], end);
        output.append(&state.scratch);
        stop
    }

    /// Whether no match of any level can reach over the unit: ASCII that stands in no key, above
    /// all the end of a line, so that a line typed in comes out when it ends.
    fn is_barrier(&self, unit: Unit) -> bool {
        unit.len == 1 && self.is_barrier_byte(unit.word as u8)
    }

    #[inline(always)]
    fn is_barrier_byte(&self, byte: u8) -> bool {
        byte < 0x80 && (self.ascii_in_keys >> byte) & 1 == 0
    }

    fn is_safe(&self, left: Unit, right: Unit) -> bool {
        if (left.entry | right.entry) & SPECIAL != 0 {
            return false;
        }
        !self.is_joined(left.word, right.word)
    }

    /// Copies what `rest` starts with of ASCII and of characters elsewhere that stand in no key: other
    /// alphabets, emoji, most of the rarer ideographs; and of bytes that are no text. They are in no
    /// pair that is live, and nothing changes them. `None` if it starts with nothing such.
    #[inline(never)]
    fn pass_elsewhere<S: Sink>(
        &self,
        rest: &[u8],
        cursor: &mut Cursor,
        output: &mut S,
    ) -> Option<Elsewhere> {
        let mut at = ascii_len(rest);
        let mut last = rest[..at].last().copied().map(u32::from);
        let mut passed = Elsewhere::Ascii;
        while let Some((word, len)) = classes::elsewhere_at(&rest[at..]) {
            if self.elsewhere.contains(first_hash(word)) {
                break;
            }
            passed = Elsewhere::Others;
            last = Some(word);
            at += len;
            if word == Unit::NO_WORD {
                // Only forwards can one tell how its bytes belong together.
                cursor.floor = cursor.at + at;
            }
            if rest.get(at).is_some_and(u8::is_ascii) {
                at += ascii_len(&rest[at..]);
                last = Some(rest[at - 1].into());
            }
        }
        cursor.before = last?;
        if S::WRITES {
            output.append(&rest[..at]);
        }
        cursor.at += at;
        Some(passed)
    }

    /// Where the unit before `at` starts; after `floor` all units are whole characters.
    fn last_unit(&self, text: &[u8], floor: usize, at: usize) -> usize {
        // The common case at once.
        if let Some(bytes) = at
            .checked_sub(3)
            .and_then(|start| text.get(start..start + 4))
        {
            let word = u32::from_le_bytes(bytes.try_into().expect("four bytes"));
            if has_three_bytes(word) && at >= floor + 3 {
                return at - 3;
            }
        }
        let mut start = at;
        while start > floor {
            start -= 1;
            if text[start] & 0xC0 != 0x80 {
                break;
            }
        }
        debug_assert!(start == at || start + unit_len(text[start]) == at);
        start
    }
}

/// What [`Scan::island_end`] found.
enum IslandEnd {
    /// A boundary that is safe at every level, and the flags of all units before it.
    At { stop: usize, flags: u32 },
    /// None so far; the last unit starts here, and a description that began before it may go on
    /// for so many characters, it included.
    Unseen {
        last: usize,
        reach: usize,
        flags: u32,
    },
}

impl Cursor {
    /// At a safe boundary.
    fn start(at: usize) -> Cursor {
        Cursor {
            at,
            floor: at,
            before: Unit::NO_WORD,
        }
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

/// The hash of the pair whose second character is at `hit`, if both have three bytes and more follows.
#[inline(always)]
fn pair_at(text: &[u8], hit: usize) -> Option<u32> {
    let bytes = text.get(hit.checked_sub(3)?..)?.first_chunk()?;
    let pair = u64::from_le_bytes(*bytes);
    let [first, second] = [pair, pair >> 24].map(|word| word as u32 & CHANGE);
    Some(pair_hash(first, second))
}

/// The word of the three-byte character at `at`, if one stands there and is not the text's last.
#[inline(always)]
fn three_at(text: &[u8], at: usize) -> Option<u32> {
    let word = u32::from_le_bytes(*text.get(at..)?.first_chunk()?);
    has_three_bytes(word).then_some(word & CHANGE)
}

/// The word of the three-byte character before `at`, if one stands there after `floor`.
#[inline(always)]
fn three_before(text: &[u8], floor: usize, at: usize) -> Option<u32> {
    let start = at.checked_sub(3).filter(|&start| start >= floor)?;
    three_at(text, start)
}

/// Goes back to the last cut in the stretch from `from`: what reaches beyond the stretch's end is
/// within the one from there. Only if that is less than half of it, so that the passage goes on.
fn rewind<S: Sink>(from: usize, stop: Stop, cursor: &mut Cursor, output: &mut S) -> bool {
    let passed = cursor.floor.saturating_sub(from);
    let again = cursor.at - cursor.floor;
    if stop != Stop::Full || passed <= again {
        return false;
    }
    output.take_back(again);
    *cursor = Cursor::start(cursor.floor);
    true
}

/// Converts one unit that needs no island.
fn step<S: Sink>(bytes: &[u8], cursor: &mut Cursor, unit: Unit, output: &mut S) {
    if S::WRITES {
        let changed = (unit.word ^ unit.entry).to_le_bytes();
        let is_entry = unit.len == 3 && unit.word != Unit::NO_WORD;
        output.append(if is_entry { &changed[..3] } else { bytes });
    }
    cursor.at += unit.len;
    cursor.before = unit.word;
    if unit.word == Unit::NO_WORD {
        // Nothing matches here, and only forwards can one tell how its bytes belong together.
        *cursor = Cursor::start(cursor.at);
    }
}

/// How many bytes of ASCII `text` starts with.
fn ascii_len(text: &[u8]) -> usize {
    // Lanes are tested faster than bytes, and few texts have long runs.
    const LANE: usize = 64;
    let bytes = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii()).count();
    let len = bytes(&text[..text.len().min(LANE)]);
    if len < LANE {
        return len;
    }
    let lanes = text.as_chunks::<LANE>().0.iter();
    let len = lanes.take_while(|lane| lane.is_ascii()).count() * LANE;
    len + bytes(&text[len..])
}
