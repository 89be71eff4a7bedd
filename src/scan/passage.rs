//! The way of a text through the scan: the loop converts a stretch one by one and notes the hits, the
//! hits are resolved, the engine is called for islands.
//!
//! There are two modes. One writes. The other, into [`NullSink`], only passes what stays as it is, and
//! stops at the first change; it is faster, since it looks at [`notable`](super::passthrough) characters
//! alone. A text of more than a few lines begins in that one, and comes back to it when for a while
//! nothing has changed.
//!
//! # Text that stays
//!
//! A character that would change alone is a change for certain if no exception matches over it, and none
//! if one is taken there that keeps it, as 里 is kept in 公里. So at each such character the loop asks
//! whether the key at one of its two pairs resolves to what is there already (`stays`). If not, that is
//! taken for a change: to write tells for certain. Up to where the passage is, every character that
//! would change is in a phrase that was looked at, which no other key can cross. So it need only note
//! the exceptions of which no character changes.

use super::batch;
use super::boundary::{last_unit, three_at, IslandEnd};
use super::classes::{self, Unit, CHANGE, NORMALIZED, SPECIAL};
use super::facts::{Scan, Segmented};
use super::filter::{first_hash, pair_hash};
use super::kernel::{self, Hits, Stop, Tables, STRETCH};
use super::output::{NullSink, Output, Sink, Target, LONG};
use super::resolve::Resolved;
use super::walk::Stretch;
use crate::engine::{End, Level, Machine, Plan};
use crate::work;

/// What a text's passage through the scan must remember between two pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) machine: Machine,
    /// What an island became.
    scratch: Vec<u8>,
    batch: Option<Box<batch::Scratch>>,
    island: Option<OpenIsland>,
}

/// An island whose end was not yet seen; the machine is inside it.
#[derive(Clone, Copy, Debug)]
struct OpenIsland {
    /// For how many characters yet a description sequence may go on, from the kept one on.
    reach: usize,
}

/// A text on its way.
pub(super) struct Passage<'t> {
    scan: &'t Scan,
    plan: &'t Plan,
    text: &'t [u8],
    end: End,
    state: &'t mut State,
    cursor: Cursor,
}

/// Where a passage stands.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    /// All before it is converted.
    at: usize,
    /// The last place where the output may be cut: a safe boundary from which on all bytes are
    /// whole characters, each converted alone.
    floor: usize,
    /// The packed form of the character before `at`; of none known the one that is in no key.
    before: u32,
}

/// A stretch that the loop has converted.
struct Converted {
    /// Where it starts.
    from: usize,
    /// From here on there are only three-byte characters that nothing normalizes, and ASCII.
    simple_from: usize,
    stop: Stop,
}

/// How a stretch's hits were resolved, or an island was passed.
enum Step {
    /// Within what was converted already.
    Within,
    /// The cursor is at a cut, and what stood after it was taken back.
    Beyond,
    /// And so was the passage.
    Out(Outcome),
}

/// How a passage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// At the end of the text.
    Done,
    /// At a safe boundary before the first change, where none was to be made, or before what is left
    /// open for the next piece.
    Changed,
    /// At a safe boundary after [`CALM`] bytes that stayed as they were, where changes are made.
    Calm,
}

/// What was passed that is in no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Elsewhere {
    /// ASCII alone.
    Ascii,
    /// Other characters as well.
    Others,
}

/// A hit so many bytes after a cut is near it, and a boundary so many before the cursor.
const NEAR: usize = 64;

/// After so many bytes that stay as they were, whole stretches, the passage looks for the next change
/// before it writes again. Sooner, and texts with a change every 1,000 characters were slower.
pub(super) const CALM: usize = 3 * STRETCH;

/// An undecided end longer than this is given to the machine rather than held back.
pub(super) const MAX_TAIL: usize = 256;

impl State {
    /// Whether no island is open.
    pub(super) fn is_between_islands(&self) -> bool {
        self.island.is_none()
    }

    /// Runs the machine; what comes out is in `scratch`.
    fn run(&mut self, levels: &[Level], input: &[u8], end: End) {
        self.scratch.clear();
        // Growing step by step would cost a short text more than all else.
        self.scratch.reserve(input.len() + input.len() / 2);
        self.machine.push(levels, input, end, &mut self.scratch);
    }
}

impl Cursor {
    /// At a safe boundary.
    fn start(at: usize) -> Cursor {
        Cursor {
            at,
            floor: at,
            before: Unit::NO_CHARACTER,
        }
    }
}

impl<'t> Passage<'t> {
    pub(super) fn new(
        scan: &'t Scan,
        plan: &'t Plan,
        text: &'t [u8],
        end: End,
        state: &'t mut State,
    ) -> Passage<'t> {
        Passage {
            scan,
            plan,
            text,
            end,
            state,
            cursor: Cursor::start(0),
        }
    }

    /// How many bytes of the text are converted.
    pub(super) fn at(&self) -> usize {
        self.cursor.at
    }

    /// The passage to the text's end, in whichever mode is faster.
    pub(super) fn pass_all<T: Target>(&mut self, output: &mut Output<'_, T, LONG>) {
        while self.pass(output) == Outcome::Calm {
            let from = self.cursor.at;
            self.pass(&mut NullSink::default());
            output.append(&self.text[from..self.cursor.at]);
        }
    }

    /// Goes on with an island that an earlier piece left open; whether its end was seen.
    pub(super) fn close_island<S: Sink>(&mut self, output: &mut S) -> bool {
        let Some(OpenIsland { reach }) = self.state.island.take() else {
            return true;
        };
        let unseen = self.scan.island_end(self.text, 0, reach);
        let IslandEnd::At(stop) = unseen else {
            self.leave_open(0, unseen, output);
            return false;
        };
        let rest = &self.text[..stop];
        self.state.run(&self.plan.levels, rest, End::Here);
        output.append(&self.state.scratch);
        self.cursor = Cursor::start(stop);
        true
    }

    /// The passage, into a sink. With one that takes nothing it goes on only while nothing
    /// changes.
    pub(super) fn pass<S: Sink>(&mut self, output: &mut S) -> Outcome {
        // All from here to the cursor is three-byte characters that nothing normalizes, and ASCII.
        let mut simple_before = None;
        let mut are_crowded = false;
        // So many bytes stayed as they were, one stretch after the other.
        let mut calm = 0;
        loop {
            let from = self.cursor.at;
            let simple_from = simple_before.take().unwrap_or(from);
            let mut hits = Hits::new();
            let stop = self.run(simple_from, output, &mut hits);
            // A short stretch tells nothing.
            if hits.is_full() || self.cursor.at - from > STRETCH / 2 {
                are_crowded = hits.is_full();
            }
            let converted = Converted {
                from,
                simple_from,
                stop,
            };
            match self.resolve_hits(converted, &hits, &mut are_crowded, output) {
                Step::Within => {}
                Step::Beyond => continue,
                Step::Out(outcome) => return outcome,
            }
            match stop {
                Stop::Full => {
                    if S::WRITES && !are_crowded {
                        let is_same = output.ends_with(&self.text[from..self.cursor.at]);
                        calm = if is_same {
                            calm + self.cursor.at - from
                        } else {
                            0
                        };
                        if calm >= CALM && self.text.len() - self.cursor.at > CALM {
                            if let Some(boundary) = self.boundary_near() {
                                self.back_to(boundary, output);
                                return Outcome::Calm;
                            }
                        }
                    }
                    simple_before = Some(simple_from);
                }
                Stop::Change => {
                    self.back_to_boundary(output);
                    return Outcome::Changed;
                }
                Stop::Other => {
                    let rest = &self.text[self.cursor.at..];
                    if let Some(passed) = self.pass_elsewhere(rest, output) {
                        simple_before = (passed == Elsewhere::Ascii).then_some(simple_from);
                    } else if let Some(unit) = self.scan.classes.unit(rest) {
                        if let Step::Out(outcome) = self.pass_unit(unit, output) {
                            return outcome;
                        }
                    } else {
                        return self.end(output);
                    }
                }
            }
        }
    }

    /// The loop over three-byte characters, from the cursor on.
    #[inline]
    fn run<S: Sink>(&mut self, simple_from: usize, output: &mut S, hits: &mut Hits) -> Stop {
        work::count(1);
        let Cursor { at, floor, before } = self.cursor;
        let source = &self.text[at..];
        let (target, limit) = output.room();
        let tables = Tables {
            changes: self.scan.classes.changes(),
            notable: self.scan.passthrough.view(),
            stays: &|offset| self.stays(simple_from, floor, at + offset),
        };
        let pairs = self.scan.pairs.view();
        // The loop is not told of the sink, so that there are only these two of each form.
        let run = match S::WRITES {
            true => kernel::run::<true>(tables, pairs, source, limit, target, before, hits),
            false => kernel::run::<false>(tables, pairs, source, limit, target, before, hits),
        };
        self.cursor.at += run.at;
        self.cursor.before = run.before;
        output.advance(run.at);
        run.stop
    }

    /// Whether an exception is known to keep the character at `at`, which would change alone: its
    /// pair ends at the character or begins with it.
    #[inline(never)]
    fn stays(&self, simple_from: usize, floor: usize, at: usize) -> bool {
        let text = self.text;
        let mut stretch = Stretch {
            text,
            simple_from,
            to: at + self.simple_len(at),
            end: self.end,
            output: &mut NullSink::default(),
            spare: &mut Vec::new(),
        };
        [at, at + 3].into_iter().any(|hit| {
            let is_exception = || {
                let first = hit.checked_sub(3).filter(|&first| first >= floor)?;
                let pair = pair_hash(three_at(text, first)?, three_at(text, hit)?);
                Some(self.scan.pairs.contains(pair))
            };
            is_exception() == Some(true)
                && matches!(
                    self.scan.resolve(self.plan, &mut stretch, floor, hit),
                    Resolved::To(cut) if cut > at
                )
        })
    }

    /// How many bytes from a place on are three-byte characters that nothing normalizes; no more
    /// than nearly all phrases have.
    fn simple_len(&self, at: usize) -> usize {
        const MOST: usize = 10;
        let is_simple = |at: &usize| {
            let packed = three_at(self.text, *at);
            packed
                .is_some_and(|packed| self.scan.classes.entry(packed) & (SPECIAL | NORMALIZED) == 0)
        };
        let places = (0..MOST).map(|number| at + 3 * number);
        3 * places.take_while(is_simple).count()
    }

    /// Resolves the hits of a stretch.
    #[inline]
    fn resolve_hits<S: Sink>(
        &mut self,
        converted: Converted,
        hits: &Hits,
        are_crowded: &mut bool,
        output: &mut S,
    ) -> Step {
        let Converted {
            from,
            simple_from,
            stop,
        } = converted;
        for hit in hits.places().map(|place| from + place) {
            // One before the floor is inside an island.
            while hit > self.cursor.floor {
                let floor = self.cursor.floor;
                let is_near = *are_crowded && floor >= simple_from && hit - floor <= NEAR;
                let is_walked =
                    self.scan.segments != Segmented::Unknown && self.scan.keep.is_none();
                if is_near && is_walked {
                    self.pass_batch(from, simple_from, hits, output);
                    if self.cursor.floor >= hit {
                        break;
                    }
                    // From the next hit on it would get no further, at the cost of looking at all
                    // that is left.
                    *are_crowded = self.cursor.at - self.cursor.floor <= 4 * NEAR;
                    if self.rewind(from, stop, output) {
                        return Step::Beyond;
                    }
                }
                let mut stretch = Stretch {
                    text: self.text,
                    simple_from,
                    to: self.cursor.at,
                    end: self.end,
                    output,
                    spare: &mut self.state.scratch,
                };
                let floor = self.cursor.floor;
                let key = match self.scan.resolve(self.plan, &mut stretch, floor, hit) {
                    Resolved::Nothing => break,
                    Resolved::To(cut) => {
                        self.cursor.floor = cut;
                        continue;
                    }
                    Resolved::Left { key } => key,
                };
                let may_rewind = self.scan.segments == Segmented::Converted
                    && key >= simple_from
                    && self.cursor.at - hit <= NEAR;
                if may_rewind && self.rewind(from, stop, output) {
                    return Step::Beyond;
                }
                match self.island(key, hit, output) {
                    Step::Within => {}
                    step => return step,
                }
            }
        }
        Step::Within
    }

    /// Resolves what is decided of the next characters after the floor, all hits at once.
    fn pass_batch<S: Sink>(
        &mut self,
        from: usize,
        simple_from: usize,
        hits: &Hits,
        output: &mut S,
    ) {
        let mut stretch = Stretch {
            text: self.text,
            simple_from,
            to: self.cursor.at,
            end: self.end,
            output,
            spare: &mut self.state.scratch,
        };
        let floor = self.cursor.floor;
        let hits = hits.places().map(|place| from + place);
        let scratch = &mut self.state.batch;
        let passed = self
            .scan
            .pass_batch(self.plan, &mut stretch, floor, hits, scratch);
        self.cursor.floor = passed.unwrap_or(floor);
    }

    /// Goes back to the last cut in the stretch from `from`: what reaches beyond the stretch's end is
    /// within the one from there. Only if that is less than half of it, so that the passage goes on.
    fn rewind<S: Sink>(&mut self, from: usize, stop: Stop, output: &mut S) -> bool {
        let passed = self.cursor.floor.saturating_sub(from);
        let again = self.cursor.at - self.cursor.floor;
        if stop != Stop::Full || passed <= again {
            return false;
        }
        self.back_to(self.cursor.floor, output);
        true
    }

    /// Goes back to a safe boundary.
    fn back_to<S: Sink>(&mut self, boundary: usize, output: &mut S) {
        output.take_back(self.cursor.at - boundary);
        self.cursor = Cursor::start(boundary);
    }

    /// Goes back to the nearest safe boundary before the last character: no exception that is yet
    /// unseen reaches over it.
    #[inline(never)]
    fn back_to_boundary<S: Sink>(&mut self, output: &mut S) {
        let Cursor { at, floor, .. } = self.cursor;
        let last = last_unit(self.text, floor, at);
        let boundary = self.scan.boundary_before(self.text, floor, last);
        self.back_to(boundary, output);
    }

    /// The same if it is near, so that the passage goes on.
    fn boundary_near(&self) -> Option<usize> {
        let Cursor { at, floor, .. } = self.cursor;
        let mut far = at.saturating_sub(NEAR).max(floor);
        while far < at && self.text[far] & 0xC0 == 0x80 {
            far += 1;
        }
        let last = last_unit(self.text, far, at);
        let boundary = self.scan.boundary_before(self.text, far, last);
        (boundary > far).then_some(boundary)
    }

    /// Passes one unit at which the loop stopped.
    #[inline(never)]
    fn pass_unit<S: Sink>(&mut self, unit: Unit, output: &mut S) -> Step {
        let Cursor { at, floor, .. } = self.cursor;
        let key = match unit.entry & SPECIAL != 0 {
            true => Some(at),
            false => self.scan.first_matching(self.text, floor, at),
        };
        if let Some(key) = key {
            return self.island(key, at, output);
        }
        if !S::WRITES && unit.entry & CHANGE != 0 {
            self.back_to_boundary(output);
            return Step::Out(Outcome::Changed);
        }
        if S::WRITES {
            let changed = (unit.packed ^ unit.entry).to_le_bytes();
            let is_entry = unit.len == 3 && unit.packed != Unit::NO_CHARACTER;
            output.append(match is_entry {
                true => &changed[..3],
                false => &self.text[at..at + unit.len],
            });
        }
        self.cursor.at += unit.len;
        self.cursor.before = unit.packed;
        if unit.packed == Unit::NO_CHARACTER {
            // Nothing matches here, and only forwards can one tell how its bytes belong together.
            self.cursor = Cursor::start(self.cursor.at);
        }
        Step::Beyond
    }

    /// Passes the island that reaches from `key`, where an exception may start or lie, to `hit` at least,
    /// to which the output is converted.
    #[inline(never)]
    fn island<S: Sink>(&mut self, key: usize, hit: usize, output: &mut S) -> Step {
        let (scan, text) = (self.scan, self.text);
        let start = scan.boundary_before(text, self.cursor.floor, key);
        let stop = match scan.island_end(text, hit, 0) {
            IslandEnd::At(stop) => stop,
            IslandEnd::Unseen { .. } if self.end == End::Here => text.len(),
            unseen => {
                self.back_to(start, output);
                if !S::WRITES {
                    // The machine writes what is left open.
                    return Step::Out(Outcome::Changed);
                }
                self.leave_open(start, unseen, output);
                return Step::Out(Outcome::Done);
            }
        };
        let island = &text[start..stop];
        let first = match scan.classes.has_normalized(island) || scan.keep.is_some() {
            true => 0,
            false => scan.first_level,
        };
        self.state
            .run(&self.plan.levels[first..], island, End::Here);
        let converted = &self.state.scratch;
        if !S::WRITES && converted != island {
            self.back_to(start, output);
            return Step::Out(Outcome::Changed);
        }
        if S::NOTES {
            output.note(start..stop, island, &[]);
        }
        // Outside islands nothing changes its length, so it is known where the island's own
        // characters stand that were converted one by one.
        let at = self.cursor.at;
        if stop <= at && output.replace(at - start, at - stop, converted) {
            self.cursor.floor = stop;
            return Step::Within;
        }
        output.take_back(at - start);
        output.append(converted);
        self.cursor = Cursor::start(stop);
        Step::Beyond
    }

    /// Gives the machine what there is of an island from `start` on, but for the last unit, which is
    /// kept if more may follow.
    fn leave_open<S: Sink>(&mut self, start: usize, unseen: IslandEnd, output: &mut S) {
        let stop = match (self.end, unseen) {
            (End::Open, IslandEnd::Unseen { last, reach, .. }) => {
                self.state.island = Some(OpenIsland { reach });
                last
            }
            _ => self.text.len(),
        };
        let open = &self.text[start..stop];
        self.state.run(&self.plan.levels, open, self.end);
        output.append(&self.state.scratch);
        self.cursor.at = stop;
    }

    /// Copies what `rest`, the text from the cursor on, starts with of ASCII and of characters
    /// elsewhere that stand in no key: other alphabets, emoji, most of the rarer ideographs; and of
    /// bytes that are no text. They are in no exception, and nothing changes them. `None` if it
    /// starts with nothing such.
    #[inline(never)]
    fn pass_elsewhere<S: Sink>(&mut self, rest: &[u8], output: &mut S) -> Option<Elsewhere> {
        let cursor = &mut self.cursor;
        let mut at = ascii_len(rest);
        let mut last = rest[..at].last().copied().map(u32::from);
        let mut passed = Elsewhere::Ascii;
        while let Some((packed, len)) = classes::elsewhere_at(&rest[at..]) {
            if self.scan.elsewhere.contains(first_hash(packed)) {
                break;
            }
            passed = Elsewhere::Others;
            last = Some(packed);
            at += len;
            if packed == Unit::NO_CHARACTER {
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

    /// Ends the passage where the text ends, but for the start of a character.
    #[inline(never)]
    fn end<S: Sink>(&mut self, output: &mut S) -> Outcome {
        let (scan, text) = (self.scan, self.text);
        let Cursor { at, floor, .. } = self.cursor;
        if self.end == End::Here {
            if S::WRITES {
                output.append(&text[at..]);
            }
            self.cursor.at = text.len();
            return Outcome::Done;
        }
        // An exception may yet start here; go back to where the output can no longer change.
        let (start, last) = scan.decided(text, floor, at);
        output.take_back(at - start);
        self.cursor.at = start;
        if text.len() - start > MAX_TAIL {
            if !S::WRITES {
                // The machine writes what is left open.
                self.cursor = Cursor::start(start);
                return Outcome::Changed;
            }
            self.leave_open(start, IslandEnd::Unseen { last, reach: 0 }, output);
        }
        Outcome::Done
    }
}

/// How many bytes of ASCII `text` starts with.
pub(super) fn ascii_len(text: &[u8]) -> usize {
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
