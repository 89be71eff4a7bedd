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

mod classes;
pub(crate) mod derive;
mod filter;

use std::borrow::Cow;

use crate::engine::unit::unit_len;
use crate::engine::{End, Machine, Plan};
pub(crate) use classes::Classes;
use classes::{
    has_three_bytes, page_number, place_in_page, Unit, CHANGE, FIRST, NORMALIZED, OPERATOR, SPECIAL,
};
pub(crate) use filter::Filter;
use filter::{first_hash, pair_hash, second_hash, triple_hash};

/// What the scan needs to know of a plan; derived from it by [`derive`].
#[derive(Clone)]
pub(crate) struct Scan {
    pub(crate) classes: Classes,
    /// Pairs that a live key starts with (or has further on, where it starts with ASCII).
    pub(crate) live: Filter,
    /// Live keys that are such a pair alone, and the others' pairs with the character after.
    pub(crate) confirm: Filter,
    /// Pairs that stand side by side in a key, for each level that has keys of two characters.
    pub(crate) joined: Cow<'static, [Filter]>,
    /// How many safe boundaries must follow each other for the first to be safe at every level.
    pub(crate) spread: usize,
    /// For how many characters after an operator a description sequence may go on at any level.
    pub(crate) reach: usize,
    /// The first level after normalization.
    pub(crate) first_stage: usize,
}

/// What a text's passage through the scan must remember between two pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) machine: Machine,
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
    /// Of the character before `at`: [`FIRST`] or nothing, and its part of the pair's hash.
    before: (u32, u32),
}

/// Why the loop over three-byte characters stopped.
enum Stop {
    /// A live key may stand around here, or a special character does.
    Candidate,
    /// A character that changes, where none was to be changed.
    Change,
    /// Something else than a three-byte character, or the last few bytes.
    Other,
}

/// How a passage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// At the end of the text.
    Done,
    /// At the first change, where none was to be made.
    Changed,
}

/// Text of this size is written at once, so that the room for it is made in the near cache.
const BLOCK: usize = 4 << 10;

/// An undecided end longer than this is given to the machine rather than held back.
const MAX_TAIL: usize = 256;

impl Scan {
    /// More bytes than a stream ever has to hold back for the scan.
    pub(crate) fn max_held(&self) -> usize {
        MAX_TAIL + crate::engine::unit::LONGEST_UNIT
    }

    /// Converts a whole text and appends the result to `out`, which is left alone, and false
    /// returned, if nothing changes.
    pub(crate) fn convert(&self, plan: &Plan, text: &[u8], out: &mut Vec<u8>) -> bool {
        let mut state = State::default();
        let mut cursor = Cursor::start(0);
        let base = out.len();
        if self.pass::<false>(plan, text, End::Here, &mut state, &mut cursor, out) == Outcome::Done
        {
            return false;
        }
        // Room for the text at once, and some for conversions that lengthen it.
        out.reserve(text.len() + text.len() / 16 + BLOCK.min(text.len()) / 8 + 8);
        debug_assert_eq!(out.len(), base);
        out.extend_from_slice(&text[..cursor.at]);
        self.pass::<true>(plan, text, End::Here, &mut state, &mut cursor, out);
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
        let mut from = 0;
        if let Some(island) = state.island.take() {
            match self.island_end(piece, 0, island.reach) {
                IslandEnd::At(at) => {
                    state
                        .machine
                        .push(&plan.levels, &piece[..at], End::Here, out);
                    from = at;
                }
                IslandEnd::Unseen { last, reach } => {
                    return self.leave_open(plan, piece, 0, last, reach, end, state, out);
                }
            }
        }
        let mut cursor = Cursor::start(from);
        self.pass::<true>(plan, piece, end, state, &mut cursor, out);
        cursor.at
    }

    /// The passage. With `WRITE` it appends to `out`; without, it goes on only while nothing
    /// changes, and `out` is scratch that ends as it began.
    fn pass<const WRITE: bool>(
        &self,
        plan: &Plan,
        text: &[u8],
        end: End,
        state: &mut State,
        cursor: &mut Cursor,
        out: &mut Vec<u8>,
    ) -> Outcome {
        loop {
            match self.run::<WRITE>(text, cursor, out) {
                Stop::Change => return Outcome::Changed,
                Stop::Other => {
                    let Some(&first) = text.get(cursor.at) else {
                        break;
                    };
                    if first < 0x80 {
                        copy_ascii::<WRITE>(text, cursor, out);
                        continue;
                    }
                    let Some(unit) = self.classes.unit(&text[cursor.at..]) else {
                        break;
                    };
                    if unit.entry & SPECIAL == 0 && !self.may_start(text, cursor, unit) {
                        if !WRITE && unit.entry & CHANGE != 0 {
                            return Outcome::Changed;
                        }
                        self.step::<WRITE>(text, cursor, unit, out);
                        continue;
                    }
                }
                Stop::Candidate => {}
            }
            // An island.
            let (start, mut flags) = self.boundary_before(text, cursor.floor, cursor.at);
            if WRITE {
                // What stands between the island's start and here was converted one by one,
                // which never changes a length.
                out.truncate(out.len() - (cursor.at - start));
            }
            let stop = match self.island_end(text, cursor.at, 0) {
                IslandEnd::At(stop) => stop,
                IslandEnd::Unseen { .. } if end == End::Here => text.len(),
                IslandEnd::Unseen { last, reach } => {
                    cursor.at = self.leave_open(plan, text, start, last, reach, end, state, out);
                    return Outcome::Done;
                }
            };
            flags |= self.flags(&text[cursor.at..stop]);
            let first = if flags & NORMALIZED == 0 {
                self.first_stage
            } else {
                0
            };
            let levels = &plan.levels[first..];
            let mark = out.len();
            state
                .machine
                .push(levels, &text[start..stop], End::Here, out);
            if !WRITE {
                let same = out[mark..] == text[start..stop];
                out.truncate(mark);
                if !same {
                    // From here on the engine runs again, this time for its output.
                    *cursor = Cursor {
                        at: start,
                        ..Cursor::start(start)
                    };
                    return Outcome::Changed;
                }
            }
            *cursor = Cursor::start(stop);
        }

        if end == End::Here {
            // At most the start of a character is left.
            if WRITE {
                out.extend_from_slice(&text[cursor.at..]);
            }
            cursor.at = text.len();
            return Outcome::Done;
        }
        // A live key may yet start here; go back to where the output can no longer change.
        let last = self.last_unit(text, cursor.floor, cursor.at);
        let (start, _) = self.boundary_before(text, cursor.floor, last);
        out.truncate(out.len() - (cursor.at - start));
        cursor.at = start;
        if text.len() - start > MAX_TAIL {
            cursor.at = self.leave_open(plan, text, start, last, 0, end, state, out);
        }
        Outcome::Done
    }

    /// The loop over three-byte characters.
    #[inline(always)]
    fn run<const WRITE: bool>(&self, text: &[u8], cursor: &mut Cursor, out: &mut Vec<u8>) -> Stop {
        let (page_of, pages) = self.classes.tables();
        loop {
            let source = &text[cursor.at..];
            let block = source.len().min(BLOCK);
            let base = out.len();
            if WRITE {
                out.resize(base + block + 4, 0);
            }
            let target = &mut out[base..];
            let (mut first, mut hash) = cursor.before;
            let mut at = 0;
            let stop = loop {
                let Some(&bytes) = source[at..].first_chunk::<4>() else {
                    break Some(Stop::Other);
                };
                if at >= block {
                    break None;
                }
                let word = u32::from_le_bytes(bytes);
                if !has_three_bytes(word) {
                    break Some(Stop::Other);
                }
                let word = word & CHANGE;
                let page = u16::from_le_bytes(page_of[page_number(word)]);
                let entry = u32::from_le_bytes(pages[usize::from(page)][place_in_page(word)]);
                let live = self.live.bit(hash.wrapping_add(second_hash(word)));
                let hit = first & (entry >> 1) & (live << 24) | entry & SPECIAL;
                if hit != 0 {
                    let pair = hash.wrapping_add(second_hash(word));
                    if entry & SPECIAL != 0 || self.is_confirmed(pair, &source[at + 3..]) {
                        break Some(Stop::Candidate);
                    }
                }
                if WRITE {
                    target[at..at + 4].copy_from_slice(&(word ^ entry).to_le_bytes());
                } else if entry & CHANGE != 0 {
                    break Some(Stop::Change);
                }
                first = entry & FIRST;
                hash = first_hash(word);
                at += 3;
            };
            if WRITE {
                out.truncate(base + at);
            }
            cursor.at += at;
            cursor.before = (first, hash);
            if let Some(stop) = stop {
                return stop;
            }
        }
    }

    /// Whether a live key may have the pair with this hash, where `after` follows it.
    #[cold]
    fn is_confirmed(&self, pair: u32, after: &[u8]) -> bool {
        if self.confirm.contains(pair) {
            return true;
        }
        match self.classes.unit(after) {
            Some(third) => self.confirm.contains(triple_hash(pair, third.word)),
            // The text ends here or is cut; the tail is looked at again when more has come.
            None => true,
        }
    }

    /// Whether a live pair ends with the unit at the cursor; for what the loop does not see.
    fn may_start(&self, text: &[u8], cursor: &Cursor, unit: Unit) -> bool {
        let (first, hash) = cursor.before;
        let pair = hash.wrapping_add(second_hash(unit.word));
        unit.len == 3
            && first & (unit.entry >> 1) & FIRST != 0
            && self.live.contains(pair)
            && self.is_confirmed(pair, &text[cursor.at + unit.len..])
    }

    /// Converts one unit that needs no island.
    fn step<const WRITE: bool>(
        &self,
        text: &[u8],
        cursor: &mut Cursor,
        unit: Unit,
        out: &mut Vec<u8>,
    ) {
        let bytes = &text[cursor.at..cursor.at + unit.len];
        cursor.at += unit.len;
        if WRITE {
            match unit.len {
                3 => {
                    let changed = (unit.word ^ unit.entry).to_le_bytes();
                    match unit.word == Unit::NO_WORD {
                        true => out.extend_from_slice(bytes),
                        false => out.extend_from_slice(&changed[..3]),
                    }
                }
                _ => out.extend_from_slice(bytes),
            }
        }
        cursor.before = (unit.entry & FIRST, first_hash(unit.word));
        if unit.word == Unit::NO_WORD {
            // Nothing matches here, and only forwards can one tell how its bytes belong together.
            *cursor = Cursor::start(cursor.at);
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
        let mut safe = 0;
        let mut cut = from;
        let mut last = from;
        let Some(mut left) = self.classes.unit(&text[from..]) else {
            return IslandEnd::Unseen { last, reach };
        };
        loop {
            let at = last + left.len;
            let Some(right) = self.classes.unit(&text[at..]) else {
                // The last unit comes again, and counts then.
                return IslandEnd::Unseen { last, reach };
            };
            reach = match left.entry & OPERATOR != 0 {
                true => self.reach,
                false => reach.saturating_sub(1),
            };
            match reach == 0 && self.is_safe(left, right) {
                true => safe += 1,
                false => safe = 0,
            }
            // A level's matches may reach one boundary further than those of the level before,
            // from either side; the middle of so many boundaries is out of reach of both.
            if safe == self.spread {
                cut = at;
            }
            if safe == 2 * self.spread - 1 {
                return IslandEnd::At(cut);
            }
            left = right;
            last = at;
        }
    }

    /// Gives the machine what there is of an island from `start` to the unit at `last`, which is
    /// kept, and returns how many bytes of the text were used.
    #[allow(clippy::too_many_arguments)]
    fn leave_open(
        &self,
        plan: &Plan,
        text: &[u8],
        start: usize,
        last: usize,
        reach: usize,
        end: End,
        state: &mut State,
        out: &mut Vec<u8>,
    ) -> usize {
        let stop = match end {
            End::Here => text.len(),
            End::Open => last,
        };
        state
            .machine
            .push(&plan.levels, &text[start..stop], end, out);
        if end == End::Open {
            state.island = Some(OpenIsland { reach });
        }
        stop
    }

    fn is_safe(&self, left: Unit, right: Unit) -> bool {
        if (left.entry | right.entry) & SPECIAL != 0 {
            return false;
        }
        let hash = pair_hash(left.word, right.word);
        !self.joined.iter().any(|joined| joined.contains(hash))
    }

    /// All flags of the units of `text`.
    fn flags(&self, text: &[u8]) -> u32 {
        let mut flags = 0;
        let mut at = 0;
        while let Some(unit) = self.classes.unit(&text[at..]) {
            flags |= unit.entry;
            at += unit.len;
        }
        flags
    }

    /// Where the unit before `at` starts; after `floor` all units are whole characters.
    fn last_unit(&self, text: &[u8], floor: usize, at: usize) -> usize {
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
    /// A boundary that is safe at every level.
    At(usize),
    /// None so far; the last unit starts here, and a description that began before it may go on
    /// for so many characters, it included.
    Unseen { last: usize, reach: usize },
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

/// Copies the ASCII characters at the cursor.
fn copy_ascii<const WRITE: bool>(text: &[u8], cursor: &mut Cursor, out: &mut Vec<u8>) {
    const LANE: usize = 64;
    let rest = &text[cursor.at..];
    let lanes = rest.as_chunks::<LANE>().0;
    let whole = lanes.iter().take_while(|lane| lane.is_ascii()).count() * LANE;
    let tail = rest[whole..]
        .iter()
        .take_while(|byte| byte.is_ascii())
        .count();
    let run = &rest[..whole + tail];
    if WRITE {
        out.extend_from_slice(run);
    }
    cursor.at += run.len();
    let last = run.last().copied().map_or(0, u32::from);
    cursor.before = (FIRST, first_hash(last));
}
