//! Where hits are dense, as in a text of nothing but near misses: all phrases of a stretch at once.
//!
//! To walk from phrase to phrase means to wait at every character for a look at memory, and to
//! guess wrongly at every other how far a key goes on. Here all places of a stretch take the first
//! step into the trie, then those that have a second one take that, and so on. No look waits for
//! another, and there is hardly a branch on what is found. Only then the phrases that are taken are
//! passed one after the other.

use std::hint::black_box;
use std::ops::Range;
use std::slice;

use super::output::Sink;
use super::segments::{code, word_at, Stretch};
use super::{Scan, Segmented};
use crate::engine::{convert_alone, Level, Plan};
use crate::table::trie::{Node, Trie};
use crate::table::RawMatch;

/// So many characters are looked at at once.
const MOST: usize = 256;

/// The length of what is not known, because the stretch ends inside a key.
const OPEN: u16 = u16::MAX;

/// Memory for all this. Kept from one time to the next: to clear it costs too.
#[derive(Clone, Debug)]
pub(super) struct Room {
    characters: Characters,
    longest: Longest,
    /// Where something may be that the phrases of `longest` do not tell.
    others: Places,
    /// For a while.
    places: [u16; MOST],
    nodes: [Node; MOST],
    converted: Vec<u8>,
}

/// A stretch's first characters.
#[derive(Clone, Debug)]
struct Characters {
    count: usize,
    words: [u32; MOST],
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
struct Longest {
    /// In characters, or [`OPEN`]; without a phrase anything.
    lens: [u16; MOST],
    /// 0 without a phrase, else 1 + the start of its record; 1 where the length is [`OPEN`].
    records: [u32; MOST],
    /// Where there is a phrase, or may be one.
    places: Places,
}

impl Room {
    fn new() -> Room {
        Room {
            characters: Characters {
                count: 0,
                words: [0; MOST],
                codes: [0; MOST],
                starts: [0; MOST + 1],
            },
            longest: Longest {
                lens: [0; MOST],
                records: [0; MOST],
                places: Places::NONE,
            },
            others: Places::NONE,
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
            let Some((word, len)) = word_at(source, at) else {
                break;
            };
            self.words[count] = word;
            at += len;
            count += 1;
            self.starts[count] = (at - from) as u16;
        }
        // In a loop of its own the compiler finds those of several at once.
        for (to, &word) in self.codes[..count].iter_mut().zip(&self.words[..count]) {
            *to = code(word, if word < 0x80 { 1 } else { 3 });
        }
        self.count = count;
    }

    /// Where some of them stand in the stretch, the first of all at the cut.
    fn bytes(&self, cut: usize, part: Range<usize>) -> Range<usize> {
        cut + usize::from(self.starts[part.start])..cut + usize::from(self.starts[part.end])
    }
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
            self.places[found] = place as u16;
            found += usize::from(is_one(place));
        }
        self.count = found;
    }

    /// Of these only those that are, by their number and place.
    #[inline(always)]
    fn keep(&mut self, is_one: impl Fn(usize, usize) -> bool) {
        let mut kept = 0;
        for number in 0..self.count {
            let place = self.places[number];
            self.places[kept] = place;
            kept += usize::from(is_one(number, place.into()));
        }
        self.count = kept;
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.places[..self.count].iter().map(|&place| place.into())
    }
}

impl Room {
    /// Finds the places where a level changes a character, or may find a longer key.
    fn find_changes(&mut self, level: &Level, trie: &Trie) {
        let Room {
            characters,
            others,
            nodes,
            ..
        } = self;
        let (count, words) = (characters.count, &characters.words);
        let edges = trie.edges();
        let codes = &characters.codes[..count];
        others.find(count, |place| level.firsts.may_have(words[place]));
        for (node, place) in nodes.iter_mut().zip(others.iter()) {
            *node = trie.first_or_none(codes[place]);
        }
        let changes_alone = |place: usize, node: Node| {
            node.record().is_some_and(|record| {
                let value = level.table.value(RawMatch { len: 0, record });
                word_at(value, 0) != Some((words[place], value.len()))
            })
        };
        let goes_on = |place: usize, node: Node| match codes.get(place + 1) {
            Some(&next) => edges.child_or_none(node, next).is_there(),
            None => node.has_children(),
        };
        others.keep(|number, place| {
            let node = nodes[number];
            changes_alone(place, node) | goes_on(place, node)
        });
    }

    /// Finds the longest keys of a level, of two characters and more.
    fn find_longest(&mut self, level: &Level, trie: &Trie) {
        match level.all_count() {
            true => self.find_longest_where::<true>(level, trie),
            false => self.find_longest_where::<false>(level, trie),
        }
    }

    /// The same by whether all keys of the level's table count.
    #[inline(always)]
    fn find_longest_where<const ALL_COUNT: bool>(&mut self, level: &Level, trie: &Trie) {
        let Room {
            characters,
            longest:
                Longest {
                    lens,
                    records,
                    places,
                },
            places: on_places,
            nodes: on,
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
        lens[..count].fill(2);
        for (place, pair) in codes.windows(2).enumerate() {
            let node = edges.child_or_none(Trie::first_node(pair[0]), pair[1]);
            records[place] = record_of(node);
            on[on_count] = node;
            on_places[on_count] = place as u16;
            on_count += usize::from(node.has_children());
        }
        if let Some(last) = count.checked_sub(1) {
            (lens[last], records[last]) = (OPEN, 1);
        }
        let mut len = 2;
        while on_count > 0 {
            let mut kept = 0;
            for number in 0..on_count {
                let place = usize::from(on_places[number]);
                let Some(&code) = codes.get(place + usize::from(len)) else {
                    (lens[place], records[place]) = (OPEN, 1);
                    continue;
                };
                let node = edges.child_or_none(on[number], code);
                let record = record_of(node);
                let is_longer = record != 0;
                lens[place] = if is_longer { len + 1 } else { lens[place] };
                records[place] = if is_longer { record } else { records[place] };
                on[kept] = node;
                on_places[kept] = place as u16;
                kept += usize::from(node.has_children());
            }
            on_count = kept;
            len += 1;
        }
        places.find(count, |place| records[place] != 0);
    }
}

impl Longest {
    /// Looks at the records of all phrases at once: to wait for one after the other takes longer.
    fn touch(&self, level: &Level) {
        let records = self.places.iter().map(|place| self.records[place]);
        let records = records.map(|record| record.saturating_sub(1) as usize);
        black_box(records.fold(0, |all, record| all | level.table.touch(record)));
    }

    /// The phrase at a place and what it becomes.
    fn phrase<'l>(&self, place: usize, level: &'l Level) -> (Range<usize>, &'l [u8]) {
        let len = self.lens[place].into();
        let record = self.records[place] as usize - 1;
        (
            place..place + len,
            level.table.value(RawMatch { len, record }),
        )
    }
}

impl Scan {
    /// Converts from a cut on what is decided of the next characters, and returns a cut to which
    /// all is converted; `None` if that is this one.
    #[inline(never)]
    pub(super) fn pass_dense<S: Sink>(
        &self,
        plan: &Plan,
        stretch: &mut Stretch<'_, S>,
        cut: usize,
        room: &mut Option<Box<Room>>,
    ) -> Option<usize> {
        let levels = &plan.levels[self.first_stage..];
        let room = room.get_or_insert_with(|| Box::new(Room::new()));
        room.characters.read(stretch.source, cut);
        let done = match self.segments {
            Segmented::Unknown => None,
            Segmented::Converted => self.pass_converted(levels, stretch, cut, room),
            Segmented::Apart => pass_apart(levels, stretch, cut, room),
        };
        let done = cut + usize::from(room.characters.starts[done?]);
        (done > cut).then_some(done)
    }

    /// The same where the first level converts what it makes segments; returns how many characters
    /// are done.
    fn pass_converted<S: Sink>(
        &self,
        levels: &[Level],
        stretch: &mut Stretch<'_, S>,
        cut: usize,
        room: &mut Room,
    ) -> Option<usize> {
        let (level, later) = levels.split_first()?;
        let trie = level.table.trie()?;
        room.find_longest(level, trie);
        let Room {
            characters,
            longest,
            others: joins,
            ..
        } = room;
        // Where a character that is in no phrase may be in one of a later level with the next.
        joins.count = 0;
        if !later.is_empty() {
            let words = &characters.words[..characters.count];
            joins.find(words.len().saturating_sub(1), |place| {
                self.is_joined_later(words[place], words[place + 1])
            });
        }
        let mut joins = joins.iter().peekable();
        longest.touch(level);
        let mut done = 0;
        for place in longest.places.iter() {
            if place < done {
                continue;
            }
            while let Some(start) = joins.next_if(|&join| join < place) {
                if start < done {
                    continue;
                }
                let mut end = start + 1;
                while joins.next_if(|&join| join == end && join < place).is_some() {
                    end += 1;
                }
                // The phrase ends the chain, if one is there.
                if end >= place && longest.lens[place] == OPEN {
                    return Some(start);
                }
                let end = (end + 1).min(place);
                if end > start + 1
                    && !stretch.put_chain(level, trie, later, characters.bytes(cut, start..end))
                {
                    return Some(start);
                }
            }
            if longest.lens[place] == OPEN {
                return Some(place);
            }
            let (phrase, value) = longest.phrase(place, level);
            done = phrase.end;
            if !stretch.put(later, characters.bytes(cut, phrase), value) {
                return Some(place);
            }
        }
        Some(done)
    }
}

/// The same where the first level only makes segments, of the phrases of the last one.
///
/// What stands between two phrases has none. So if the levels between do nothing in a segment, the
/// last one does in a phrase what its record says, and elsewhere what was done already.
fn pass_apart<S: Sink>(
    levels: &[Level],
    stretch: &mut Stretch<'_, S>,
    cut: usize,
    room: &mut Room,
) -> Option<usize> {
    let [_, middle, last] = levels else {
        return None;
    };
    room.find_longest(last, last.table.trie()?);
    room.find_changes(middle, middle.table.trie()?);
    let Room {
        characters,
        longest,
        others: changes,
        converted,
        ..
    } = room;
    let mut changes = changes.iter().peekable();
    let mut done = 0;
    for place in longest.places.iter() {
        if place < done {
            continue;
        }
        if longest.lens[place] == OPEN {
            // A key of the last level that has what the middle one changes may begin a little
            // before that.
            let known = changes.peek().map_or(place, |&change| change.min(place));
            let safe = characters.starts[known].into();
            let starts = &characters.starts[done..=known];
            let is_safe = |&start: &u16| usize::from(start) + last.table.longest_key() <= safe;
            return Some(done + starts.partition_point(is_safe).saturating_sub(1));
        }
        let (phrase, value) = longest.phrase(place, last);
        let end = phrase.end;
        for (part, value) in [(done..place, None), (phrase, Some(value))] {
            let mut is_changed = false;
            while changes.next_if(|&change| change < part.end).is_some() {
                is_changed = true;
            }
            let start = part.start;
            let bytes = characters.bytes(cut, part);
            let is_done = match (is_changed, value) {
                (false, None) => true,
                (false, Some(value)) => stretch.put(&[], bytes, value),
                (true, _) => {
                    converted.clear();
                    let source = &stretch.source[bytes.clone()];
                    // In a segment one level after the other does what a machine would.
                    let middle_only = slice::from_ref(middle);
                    stretch.spare.clear();
                    convert_alone(middle_only, source, stretch.spare);
                    convert_alone(slice::from_ref(last), stretch.spare, converted);
                    stretch.put(&[], bytes, converted)
                }
            };
            if !is_done {
                return Some(start);
            }
        }
        done = end;
    }
    Some(done)
}
