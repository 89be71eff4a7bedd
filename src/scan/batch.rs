//! Where hits are crowded, as in a text of nothing but near misses: all phrases of a stretch at once.
//!
//! To walk from phrase to phrase means to wait at every character for a look at memory, and to
//! guess wrongly at every other how far a key goes on. Here all places of a stretch take the first
//! step into the trie, then those that have a second one take that, and so on. No look waits for
//! another, and there is hardly a branch on what is found. Only then the phrases that are taken are
//! passed one after the other, and of them only those in which a level may do something that was
//! not done already.
//!
//! *Segments of the phrases of the third and last level* (`tw2s`, `tw2sp`, `hk2s`, `hk2sp`). Between two
//! of those phrases there is none. So if the middle level does nothing in a segment, the last one does in
//! a phrase what its record says, and elsewhere what was done already. One set tells where the middle
//! level may matter, by pairs of neighbours: the first pair of each of its phrases, and in each phrase of
//! the last level, of each character that the middle one changes or makes of another, a pair with that
//! character. A phrase that the last level does not see as it stands, or sees where none stands, has one
//! of these. A segment with such a pair passes both levels, whole. The end of a phrase is a cut; behind
//! the last one a place is a cut if no such pair begins within the longest key of the last level.

use std::hint::{black_box, select_unpredictable};
use std::ops::Range;
use std::slice;

use super::classes::CHANGE;
use super::facts::{Scan, Segmented};
use super::filter::Filter;
use super::output::Sink;
use super::walk::{code, packed_at, Stretch};
use crate::engine::{convert_alone, Level, Plan};
use crate::table::RawMatch;
use crate::text::trie::{Node, Trie};

/// So many characters are looked at at once; a power of two, so that a count of fewer is an index
/// that need not be checked.
const MOST: usize = 256;

/// The length of what is not known, because the stretch ends inside a key.
const OPEN: u16 = u16::MAX;

/// Memory for all this. Kept from one time to the next: to clear it costs too.
#[derive(Clone, Debug)]
pub(super) struct Scratch {
    characters: Characters,
    longest: LongestMatches,
    live: Live,
    /// Where phrases are, or what else is looked for.
    candidates: Places,
    path: Path,
    /// Where the middle level may do something.
    changes: Places,
    /// For a while.
    places: [u16; MOST],
    nodes: [Node; MOST],
    converted: Vec<u8>,
}

/// A stretch's first characters.
#[derive(Clone, Debug)]
struct Characters {
    count: usize,
    packed: [u32; MOST],
    codes: [u32; MOST],
    /// Where each starts, and where the last one ends, in bytes from the first.
    starts: [u16; MOST + 1],
}

/// Places among characters, in order.
#[derive(Clone, Debug)]
struct Places {
    places: [u16; MOST],
    count: usize,
}

/// The longest phrase at each place.
#[derive(Clone, Debug)]
struct LongestMatches {
    /// In characters, or [`OPEN`]; 1 without a phrase.
    lens: [u16; MOST],
    /// 1 + the start of the record of each phrase.
    records: [u32; MOST],
}

/// The pairs that may be live, by the place of the second character.
#[derive(Clone, Debug)]
struct Live {
    /// With so many more that always as many can be looked at.
    are: [bool; MOST + Live::AT_ONCE],
}

/// The way from phrase to phrase, up to where it is open how to go on.
#[derive(Clone, Debug)]
struct Path {
    /// What was looked for on the way: where it starts, and where the phrase before it ends.
    found: [[u16; 2]; MOST],
    count: usize,
    /// The end of the last phrase, a cut.
    last_end: usize,
    end: usize,
}

impl Scratch {
    fn new() -> Scratch {
        Scratch {
            characters: Characters {
                count: 0,
                packed: [0; MOST],
                codes: [0; MOST],
                starts: [0; MOST + 1],
            },
            longest: LongestMatches {
                lens: [0; MOST],
                records: [0; MOST],
            },
            live: Live {
                are: [false; MOST + Live::AT_ONCE],
            },
            candidates: Places::NONE,
            path: Path::NONE,
            changes: Places::NONE,
            places: [0; MOST],
            nodes: [Node::NONE; MOST],
            converted: Vec::new(),
        }
    }
}

impl Characters {
    fn read(&mut self, source: &[u8], from: usize) {
        let mut at = from;
        let mut count = 0;
        while count < MOST {
            let (read, len) = match self.read_four(source, at, count, at - from) {
                true => (4, 12),
                false => {
                    let Some((packed, len)) = packed_at(source, at) else {
                        break;
                    };
                    self.packed[count] = packed;
                    self.starts[count + 1] = (at - from + len) as u16;
                    (1, len)
                }
            };
            count += read;
            at += len;
        }
        // In a loop of its own the compiler finds those of several at once.
        for (to, &packed) in self.codes[..count].iter_mut().zip(&self.packed[..count]) {
            *to = code(packed, if packed < 0x80 { 1 } else { 3 });
        }
        self.count = count;
    }

    /// Reads the next four, which start so many bytes from the first, if none of them is ASCII.
    #[inline(always)]
    fn read_four(&mut self, source: &[u8], at: usize, count: usize, start: usize) -> bool {
        let packed: Option<&mut [_; 4]> = self.packed[count..].first_chunk_mut();
        let starts: Option<&mut [_; 4]> = self.starts[count + 1..].first_chunk_mut();
        let four: Option<&[u8; 14]> = source.get(at..).and_then(|rest| rest.first_chunk());
        let (Some(packed), Some(starts), Some(four)) = (packed, starts, four) else {
            return false;
        };
        // Two and two in a number each; both have bytes of neighbours as well.
        let [first, second] = [four.first_chunk(), four.last_chunk()];
        let two = |bytes: Option<&[u8; 8]>| u64::from_le_bytes(*bytes.expect("eight of 14"));
        let (first, second) = (two(first), two(second));
        if !are_both_of_three_bytes(first) || !are_both_of_three_bytes(second) {
            return false;
        }
        packed[0] = first as u32 & CHANGE;
        packed[1] = (first >> 24) as u32 & CHANGE;
        packed[2] = second as u32 & CHANGE;
        packed[3] = (second >> 24) as u32 & CHANGE;
        for (number, to) in (1..).zip(starts) {
            *to = (start + 3 * number) as u16;
        }
        true
    }

    /// Where some of them stand in the stretch, the first of all at the cut.
    fn bytes(&self, cut: usize, part: Range<usize>) -> Range<usize> {
        cut + usize::from(self.starts[part.start])..cut + usize::from(self.starts[part.end])
    }
}

/// Whether [`has_three_bytes`](super::classes::has_three_bytes) says so of two packed characters, one behind the other.
#[inline(always)]
fn are_both_of_three_bytes(two: u64) -> bool {
    const FORM: u64 = 0xC0_C0F0;
    const THREE: u64 = 0x80_80E0;
    two & (FORM << 24 | FORM) == THREE << 24 | THREE
}

impl Places {
    const NONE: Places = Places {
        places: [0; MOST],
        count: 0,
    };

    /// Those of the first `count` places that are.
    #[inline(always)]
    fn find(&mut self, count: usize, is_one: impl Fn(usize) -> bool) {
        // Counted here, as in all these loops: to count in memory would be to wait for it.
        let mut found = 0;
        for place in 0..count {
            self.places[found % MOST] = place as u16;
            found += usize::from(is_one(place));
        }
        self.count = found;
    }

    /// Of these only those that are.
    #[inline(always)]
    fn keep(&mut self, is_one: impl Fn(usize) -> bool) {
        let mut kept = 0;
        for number in 0..self.count {
            let place = self.places[number % MOST];
            self.places[kept % MOST] = place;
            kept += usize::from(is_one(place.into()));
        }
        self.count = kept;
    }

    /// Adds a place behind all others.
    fn push(&mut self, place: usize) {
        self.places[self.count] = place as u16;
        self.count += 1;
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.places[..self.count].iter().map(|&place| place.into())
    }
}

impl Scratch {
    /// Finds the longest keys of a level, of two characters and more.
    fn find_longest(&mut self, level: &Level, trie: &Trie) {
        self.find_longest_and(level, trie, |_| false);
    }

    /// The same, and the places of pairs that are in a set, and the last one, of which that is not
    /// known.
    fn find_longest_and_pairs(&mut self, level: &Level, trie: &Trie, set: &Filter) {
        // To hash a pair once more would cost as much again as to ask.
        self.find_longest_and(level, trie, |pair| set.may_contain(pair));
        let codes = &self.characters.codes[..self.characters.count];
        let pair = |place: usize| Trie::pair_hash(codes[place], codes[place + 1]);
        self.changes.keep(|place| set.contains(pair(place)));
        if let Some(last) = codes.len().checked_sub(1) {
            self.changes.push(last);
        }
    }

    /// The same, and where the next pair is one, by its hash in the trie.
    #[inline(always)]
    fn find_longest_and(&mut self, level: &Level, trie: &Trie, is_one: impl Fn(u32) -> bool) {
        match level.all_count() {
            true => self.find_longest_where::<true>(level, trie, is_one),
            false => self.find_longest_where::<false>(level, trie, is_one),
        }
    }

    /// The same by whether all keys of the level's table count.
    #[inline(always)]
    fn find_longest_where<const ALL_COUNT: bool>(
        &mut self,
        level: &Level,
        trie: &Trie,
        is_one: impl Fn(u32) -> bool,
    ) {
        let Scratch {
            characters,
            longest: LongestMatches { lens, records },
            places: on_places,
            nodes: on,
            changes,
            ..
        } = self;
        let count = characters.count;
        let codes = &characters.codes[..count];
        let edges = trie.edges();
        let record_of = |node: Node| {
            let after_record = node.after_record();
            if !ALL_COUNT && after_record != 0 {
                let record = after_record as usize - 1;
                let counts = level.counts(RawMatch { len: 0, record });
                return after_record * u32::from(counts);
            }
            after_record
        };
        // Which places go on, and from where in the trie.
        let mut on_count = 0;
        let mut found = 0;
        let known = lens.iter_mut().zip(records.iter_mut());
        for ((place, pair), (len, record)) in codes.windows(2).enumerate().zip(known) {
            let node = edges.child_or_none(Trie::first_node(pair[0]), pair[1]);
            *record = record_of(node);
            *len = 1 + u16::from(*record != 0);
            on[on_count % MOST] = node;
            on_places[on_count % MOST] = place as u16;
            on_count += usize::from(node.has_children());
            changes.places[found % MOST] = place as u16;
            found += usize::from(is_one(node.pair_hash()));
        }
        changes.count = found;
        if let Some(last) = count.checked_sub(1) {
            lens[last] = OPEN;
        }
        let mut len = 2;
        while on_count > 0 {
            let mut kept = 0;
            for number in 0..on_count {
                let place = usize::from(on_places[number % MOST]) % MOST;
                let Some(&code) = codes.get(place + usize::from(len)) else {
                    lens[place] = OPEN;
                    continue;
                };
                let node = edges.child_or_none(on[number % MOST], code);
                let record = record_of(node);
                let is_longer = record != 0;
                lens[place] = select_unpredictable(is_longer, len + 1, lens[place]);
                records[place] = select_unpredictable(is_longer, record, records[place]);
                on[kept % MOST] = node;
                on_places[kept % MOST] = place as u16;
                kept += usize::from(node.has_children());
            }
            on_count = kept;
            len += 1;
        }
    }

    /// Leaves open what is at the places where a word of the overlay may stand, of the characters that
    /// the source starts with.
    fn leave_words(&mut self, level: &Level, source: &[u8]) {
        let Some(words) = &level.overlay else { return };
        let Characters {
            count,
            codes,
            starts,
            ..
        } = &self.characters;
        let may_start = |code| words.trie().is_none_or(|trie| trie.first(code).is_some());
        for place in (0..*count).filter(|&place| may_start(codes[place])) {
            if level.may_have_word(&source[usize::from(starts[place])..]) {
                self.longest.lens[place] = OPEN;
            }
        }
    }
}

impl Live {
    /// So many are looked at at once.
    const AT_ONCE: usize = 8;

    /// Notes those of a stretch that may be, from the cut on; all where not all were noted.
    fn read<S: Sink>(
        &mut self,
        characters: &Characters,
        cut: usize,
        hits: impl Iterator<Item = usize>,
    ) {
        let count = characters.count;
        self.are[..count].fill(!S::WRITES);
        let starts = &characters.starts[..count];
        let end = usize::from(characters.starts[count]);
        let hits = hits.filter_map(|hit| hit.checked_sub(cut));
        for from_cut in hits.take_while(|&hit| hit < end) {
            // Without ASCII the place is known at once.
            let place = match starts.get(from_cut / 3) {
                Some(&start) if usize::from(start) == from_cut => Ok(from_cut / 3),
                _ => starts.binary_search(&(from_cut as u16)),
            };
            if let Ok(place) = place {
                self.are[place] = true;
            }
        }
        // A pair that ends at the cut is no concern of it.
        self.are[0] = false;
    }

    /// Whether one of so many characters from a place on, which are not all, ends one with the
    /// character before it.
    #[inline(always)]
    fn any_in(&self, place: usize, count: usize) -> bool {
        let bools: Option<&[bool; Live::AT_ONCE]> = self.are[place..].first_chunk();
        let flags = bools.map_or(0, |bools| u64::from_le_bytes(bools.map(u8::from)));
        let unwanted = 8 * Live::AT_ONCE.saturating_sub(count) as u32;
        // Of a longer phrase that is not told.
        (count > Live::AT_ONCE) | (flags << unwanted != 0)
    }
}

impl Path {
    const NONE: Path = Path {
        found: [[0; 2]; MOST],
        count: 0,
        last_end: 0,
        end: 0,
    };

    /// Goes from phrase to phrase, from the first of `count` places on, and notes which of the
    /// candidates are passed, and are what is looked for: asked with a place, the length of its
    /// phrase, and where the phrase before ends. All phrases must be candidates.
    #[inline(always)]
    fn go(
        &mut self,
        longest: &LongestMatches,
        candidates: &Places,
        count: usize,
        is_one: impl Fn(usize, usize, usize) -> bool,
    ) {
        let mut found = 0;
        let mut last_end = 0;
        self.end = count;
        // What is found decides no branch, and what must be waited for is only the last phrase's end.
        for place in candidates.iter() {
            let is_passed = place >= last_end;
            let len = longest.lens[place % MOST];
            if len == OPEN && is_passed {
                self.end = place;
                break;
            }
            let len = usize::from(len);
            self.found[found % MOST] = [place as u16, last_end as u16];
            found += usize::from(is_passed && is_one(place, len, last_end));
            let end = select_unpredictable(len > 1, place + len, last_end);
            last_end = select_unpredictable(is_passed, end, last_end);
        }
        self.count = found;
        self.last_end = last_end;
    }

    fn found(&self) -> impl Iterator<Item = [usize; 2]> + '_ {
        self.found[..self.count]
            .iter()
            .map(|found| found.map(usize::from))
    }
}

impl LongestMatches {
    /// Whether there is a phrase at a place that is not open.
    fn is_phrase(&self, place: usize) -> bool {
        self.lens[place] > 1
    }

    /// Looks at the records of all phrases of a path at once: to wait for one after the other
    /// takes longer.
    fn touch(&self, level: &Level, path: &Path) {
        let records = path.found().map(|[place, _]| self.records[place]);
        let records = records.map(|record| record.saturating_sub(1) as usize);
        black_box(records.fold(0, |all, record| all | level.table.touch(record)));
    }

    /// The phrase at a place and the start of its record.
    fn phrase(&self, place: usize) -> (Range<usize>, usize) {
        let len = usize::from(self.lens[place]);
        (place..place + len, self.records[place] as usize - 1)
    }
}

impl Scan {
    /// Converts from a cut on what is decided of the next characters, and returns a cut to which
    /// all is converted; `None` if that is this one.
    #[inline(never)]
    pub(super) fn pass_batch<S: Sink>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        cut: usize,
        hits: impl Iterator<Item = usize>,
        scratch: &mut Option<Box<Scratch>>,
    ) -> Option<usize> {
        let scratch = scratch.get_or_insert_with(|| Box::new(Scratch::new()));
        scratch.characters.read(stretch.known(), cut);
        let done = match self.segments {
            Segmented::Unknown => None,
            Segmented::Converted => self.pass_converted(plan, stretch, cut, hits, scratch),
            Segmented::Apart => self.pass_apart(plan, stretch, cut, scratch),
        };
        let done = cut + usize::from(scratch.characters.starts[done?]);
        (done > cut).then_some(done)
    }

    /// The same where the first level converts what it makes segments; returns how many characters
    /// are done.
    fn pass_converted<S: Sink>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        cut: usize,
        hits: impl Iterator<Item = usize>,
        scratch: &mut Scratch,
    ) -> Option<usize> {
        let (level, later) = self.split(plan)?;
        let trie = level.table.trie()?;
        scratch.find_longest(level, trie);
        scratch.leave_words(level, &stretch.known()[cut..]);
        let Scratch {
            characters,
            longest,
            live,
            candidates,
            path,
            ..
        } = scratch;
        let count = characters.count;
        if later.is_empty() {
            candidates.find(count, |place| longest.is_phrase(place));
            path.go(longest, candidates, count, |_, _, _| true);
        } else {
            // Without an exception pair a phrase becomes what its characters do, and so do characters
            // that are in none.
            live.read::<S>(characters, cut, hits);
            candidates.find(count, |place| longest.is_phrase(place) | live.are[place]);
            let is_exception = |place, len, last_end| match len {
                1 => place > last_end,
                _ => live.any_in(place + 1, len - 1),
            };
            path.go(longest, candidates, count, is_exception);
        }
        longest.touch(level, path);
        let packed = &characters.packed;
        let is_joined = |place: usize| self.is_joined_later(packed[place - 1], packed[place]);
        // Characters before the end that are in no phrase may be in one of a later level with the
        // next.
        let mut end = path.end;
        while end > path.last_end && is_joined(end) {
            end -= 1;
        }
        let mut done = 0;
        for [place, phrase_end] in path.found() {
            if place < done {
                continue;
            }
            if longest.is_phrase(place) {
                let (phrase, record) = longest.phrase(place);
                let bytes = characters.bytes(cut, phrase);
                if !stretch.put_phrase(level, later, bytes, record) {
                    return Some(place);
                }
                continue;
            }
            // This character and the one before.
            if place >= end || !is_joined(place) {
                continue;
            }
            let floor = done.max(phrase_end);
            let mut start = place - 1;
            while start > floor && is_joined(start) {
                start -= 1;
            }
            done = place + 1;
            while done < end && !longest.is_phrase(done) && is_joined(done) {
                done += 1;
            }
            if !stretch.put_chain(level, trie, later, characters.bytes(cut, start..done)) {
                return Some(start);
            }
        }
        Some(end)
    }

    /// The same where the first level only makes segments, of the phrases of the last one.
    ///
    /// What stands between two phrases has none. So if the level between does nothing in a segment,
    /// the last one does in a phrase what its record says, and elsewhere what was done already.
    fn pass_apart<S: Sink>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        cut: usize,
        scratch: &mut Scratch,
    ) -> Option<usize> {
        let [_, middle, last] = &plan.levels[self.first_level..] else {
            return None;
        };
        scratch.find_longest_and_pairs(last, last.table.trie()?, self.acting.first()?);
        let Scratch {
            characters,
            longest,
            candidates,
            path,
            changes,
            converted,
            ..
        } = scratch;
        let count = characters.count;
        candidates.find(count, |place| longest.is_phrase(place));
        path.go(longest, candidates, count, |_, _, _| true);
        longest.touch(last, path);
        let mut changes = changes.iter().peekable();
        let mut done = 0;
        for [place, _] in path.found() {
            let (phrase, record) = longest.phrase(place);
            let end = phrase.end;
            for (part, record) in [(done..place, None), (phrase, Some(record))] {
                let mut is_changed = false;
                while changes.next_if(|&change| change < part.end).is_some() {
                    is_changed = true;
                }
                let start = part.start;
                let bytes = characters.bytes(cut, part);
                let is_done = match (is_changed, record) {
                    (false, None) => true,
                    (false, Some(record)) => stretch.put_phrase(last, &[], bytes, record),
                    (true, _) => {
                        converted.clear();
                        let source = &stretch.text[bytes.clone()];
                        // In a segment one level after the other does what a machine would.
                        stretch.spare.clear();
                        convert_alone(slice::from_ref(middle), source, stretch.spare);
                        convert_alone(slice::from_ref(last), stretch.spare, converted);
                        let is_done = stretch.put_last(bytes.clone(), converted);
                        if is_done {
                            stretch.note_several(bytes);
                        }
                        is_done
                    }
                };
                if !is_done {
                    return Some(start);
                }
            }
            done = end;
        }
        // A key of the last level that has what the middle one changes may begin a little before
        // that.
        let end = path.end;
        let known = changes.peek().map_or(end, |&change| change.min(end));
        let safe = characters.starts[known].into();
        let starts = &characters.starts[done..=known];
        let is_safe = |&start: &u16| usize::from(start) + last.table.longest_key() <= safe;
        Some(done + starts.partition_point(is_safe).saturating_sub(1))
    }
}
