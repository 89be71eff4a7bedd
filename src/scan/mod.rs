//! The scan: converts character by character, and calls the exact engine only on *islands*, the
//! short stretches where something else could happen.
//!
//! DESIGN.md has the argument in full. In short: a key is *inert* if converting its characters
//! one by one gives what the engine would give, else *live*. Where no live key matches and no
//! special character stands, converting one by one is exact. Between two characters that stand
//! side by side in no key of any level, no match can cross: a *safe boundary*. So an island
//! reaches from a safe boundary before a live match to one after it, and only there the engine
//! runs. Everything here errs on one side: a filter's false yes makes an island longer or adds
//! one, and never changes the output.

pub(crate) mod classes;
#[cfg(feature = "rayon")]
mod cut;
pub(crate) mod derive;
mod filter;
mod keys;
mod live;
mod output;
mod run;

use std::borrow::Cow;

use crate::engine::unit::unit_len;
use crate::engine::{End, Level, Machine, Plan};
pub(crate) use classes::Classes;
use classes::{has_three_bytes, Unit, CHANGE, FIRST, NORMALIZED, OPERATOR, SECOND, SPECIAL};
pub(crate) use filter::Filter;
use filter::{
    distance_hash, distance_remark, first_hash, longer_hash, pair_hash, prefix_hash, second_hash,
    LONGER, WHOLE,
};
use live::AnyView;
pub(crate) use live::LivePairs;
pub(crate) use output::Target;
use output::{Nothing, Output, Sink};
use run::{Before, Stop};

/// What the scan needs to know of a plan; derived from it by [`derive`].
#[derive(Clone)]
pub(crate) struct Scan {
    pub(crate) classes: Classes,
    /// A pair of each live key, near its start: the one that fewest keys have.
    pub(crate) live: LivePairs,
    /// The first characters of live keys, which of them are whole keys, and how far from the
    /// start their live pair stands.
    pub(crate) confirm: Filter,
    /// Pairs that stand side by side in a key, for each level that has keys of two characters.
    pub(crate) joined: Cow<'static, [Filter]>,
    /// How many safe boundaries must follow each other for the first to be safe at every level.
    pub(crate) spread: usize,
    /// For how many characters after an operator a description sequence may go on at any level.
    pub(crate) reach: usize,
    /// The first level after normalization.
    pub(crate) first_stage: usize,
    /// The ASCII characters that stand in keys, a bit each.
    pub(crate) ascii_in_keys: u128,
}

/// What a text's passage through the scan must remember between two pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) machine: Machine,
    /// What the machine made of an island; empty between two.
    scratch: Vec<u8>,
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
    /// What is known of the character before `at`.
    before: Before,
}

/// How a passage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// At the end of the text.
    Done,
    /// At the first change, where none was to be made.
    Changed,
    /// After the first island that changes, where none was to be made. It started here, and
    /// what it became is still in the state.
    ChangedIsland { start: usize },
}

/// Live keys are told apart by so many characters; longer ones are known by their first ones.
const LONGEST_CONFIRMED: usize = 5;

/// A live pair stands so many characters after its key's start, at most.
const FURTHEST_PAIR: usize = 2;

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
        MAX_TAIL + crate::engine::unit::LONGEST_UNIT
    }

    /// Converts a whole text and appends the result to `out`, which is left alone, and false
    /// returned, if nothing changes.
    pub(crate) fn convert(&self, plan: &Plan, text: &[u8], out: &mut impl Target) -> bool {
        let mut state = State::default();
        let mut cursor = Cursor::start(0);
        let outcome = self.pass(plan, text, End::Here, &mut state, &mut cursor, &mut Nothing);
        let (kept, island) = match outcome {
            Outcome::Done => return false,
            Outcome::Changed => (cursor.at, &[][..]),
            Outcome::ChangedIsland { start } => (start, &state.scratch[..]),
        };
        // Most conversions keep the length, some lengthen a little.
        out.reserve(text.len() + text.len() / 16);
        out.append(&text[..kept]);
        out.append(island);
        let mut output = Output::new(out);
        self.pass(plan, text, End::Here, &mut state, &mut cursor, &mut output);
        output.flush();
        true
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
        let mut output = Output::new(out);
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
        self.pass(plan, piece, end, state, &mut cursor, &mut output);
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
        loop {
            match self.run(text, cursor, output) {
                Stop::Change => return Outcome::Changed,
                Stop::Special => {}
                Stop::Hit | Stop::Other | Stop::Full => {
                    let rest = &text[cursor.at..];
                    if rest.first().is_some_and(u8::is_ascii) {
                        copy_ascii(rest, cursor, output);
                        continue;
                    }
                    let Some(unit) = self.classes.unit(rest) else {
                        break;
                    };
                    if unit.entry & SPECIAL == 0 && !self.is_live(text, cursor, unit) {
                        if !S::WRITES && unit.entry & CHANGE != 0 {
                            return Outcome::Changed;
                        }
                        step(&rest[..unit.len], cursor, unit, output);
                        continue;
                    }
                }
            }
            // An island.
            let (start, before) = self.boundary_before(text, cursor.floor, cursor.at);
            if S::WRITES {
                // What stands between the island's start and here was converted one by one,
                // which never changes a length.
                output.take_back(cursor.at - start);
            }
            let (stop, after) = match self.island_end(text, cursor.at, 0) {
                IslandEnd::At { stop, flags } => (stop, flags),
                IslandEnd::Unseen { flags, .. } if end == End::Here => (text.len(), flags),
                unseen => {
                    cursor.at = self.leave_open(plan, text, start, unseen, end, state, output);
                    return Outcome::Done;
                }
            };
            let normalized = (before | after) & NORMALIZED != 0;
            let levels = &plan.levels[if normalized { 0 } else { self.first_stage }..];
            let island = &text[start..stop];
            state.run(levels, island, End::Here);
            if S::WRITES {
                output.append(&state.scratch);
            } else if state.scratch != island {
                *cursor = Cursor::start(stop);
                return Outcome::ChangedIsland { start };
            }
            *cursor = Cursor::start(stop);
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
    fn run<S: Sink>(&self, text: &[u8], cursor: &mut Cursor, output: &mut S) -> Stop {
        loop {
            let source = &text[cursor.at..];
            let rest = source.len();
            let target = if S::WRITES { output.room() } else { &mut [] };
            let limit = if S::WRITES {
                source.len().min(target.len())
            } else {
                source.len()
            };
            let (source, before, classes) = (&source[..limit], cursor.before, self.classes.view());
            let (at, before, stop) = match self.live.view() {
                AnyView::Large(live) => run::run::<S, _>(classes, live, source, target, before),
                AnyView::Small(live) => run::run::<S, _>(classes, live, source, target, before),
            };
            cursor.at += at;
            cursor.before = before;
            if S::WRITES {
                output.advance(at);
            }
            let goes_on = match stop {
                Stop::Full => true,
                Stop::Other => limit < rest && limit - at < 4,
                _ => false,
            };
            if !goes_on {
                return stop;
            }
        }
    }

    /// Whether a live key may have the unit at the cursor as the second of its live pair.
    fn is_live(&self, text: &[u8], cursor: &Cursor, unit: Unit) -> bool {
        let (first, hash) = cursor.before;
        let pair = hash.wrapping_add(second_hash(unit.word));
        if unit.len != 3 || first == 0 || unit.entry & SECOND == 0 || !self.live.contains(pair) {
            return false;
        }
        let distances = self.confirm.remarks(distance_hash(pair));
        let mut start = cursor.at;
        for distance in 0..=FURTHEST_PAIR {
            let left = distances >> distance_remark(distance);
            if start == cursor.floor || left == 0 {
                return false;
            }
            start = self.last_unit(text, cursor.floor, start);
            if left & 1 == 1 && self.starts_live(&text[start..]) {
                return true;
            }
        }
        false
    }

    /// Whether a live key may start with the first characters of `text`.
    fn starts_live(&self, text: &[u8]) -> bool {
        let Some((first, len)) = classes::word_at(text) else {
            return false;
        };
        let mut after = &text[len..];
        let mut hash = first;
        // Where the text ends or is cut, what is held back comes again with more.
        for _ in 1..LONGEST_CONFIRMED {
            let Some((next, len)) = classes::word_at(after) else {
                return false;
            };
            hash = longer_hash(hash, next);
            let remarks = self.confirm.remarks(prefix_hash(hash));
            if remarks >> WHOLE & 1 == 1 {
                return true;
            }
            if remarks >> LONGER & 1 == 0 {
                return false;
            }
            after = &after[len..];
        }
        true
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
        unit.len == 1 && unit.word < 0x80 && (self.ascii_in_keys >> unit.word) & 1 == 0
    }

    fn is_safe(&self, left: Unit, right: Unit) -> bool {
        if (left.entry | right.entry) & SPECIAL != 0 {
            return false;
        }
        let hash = pair_hash(left.word, right.word);
        !self.joined.iter().any(|joined| joined.contains(hash))
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
            before: (0, 0),
        }
    }
}

/// Converts one unit that needs no island.
fn step<S: Sink>(bytes: &[u8], cursor: &mut Cursor, unit: Unit, output: &mut S) {
    if S::WRITES {
        let changed = (unit.word ^ unit.entry).to_le_bytes();
        let is_entry = unit.len == 3 && unit.word != Unit::NO_WORD;
        output.append(if is_entry { &changed[..3] } else { bytes });
    }
    cursor.at += unit.len;
    cursor.before = (u32::from(unit.entry & FIRST != 0), first_hash(unit.word));
    if unit.word == Unit::NO_WORD {
        // Nothing matches here, and only forwards can one tell how its bytes belong together.
        *cursor = Cursor::start(cursor.at);
    }
}

/// Copies the ASCII characters that `rest` starts with.
fn copy_ascii<S: Sink>(rest: &[u8], cursor: &mut Cursor, output: &mut S) {
    // Lanes are tested faster than bytes, and few texts have long runs.
    const LANE: usize = 64;
    let mut run = rest
        .iter()
        .take(LANE)
        .take_while(|byte| byte.is_ascii())
        .count();
    if run == LANE {
        let lanes = rest.as_chunks::<LANE>().0;
        run = lanes.iter().take_while(|lane| lane.is_ascii()).count() * LANE;
        run += rest[run..]
            .iter()
            .take_while(|byte| byte.is_ascii())
            .count();
    }
    let run = &rest[..run];
    if S::WRITES {
        output.append(run);
    }
    cursor.at += run.len();
    let last = run.last().copied().map_or(0, u32::from);
    cursor.before = (1, first_hash(last));
}
