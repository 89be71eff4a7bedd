//! The engine, telling what it did: level by level over a whole text.
//!
//! Far slower than [`Machine`](super::Machine), and for the few texts of which someone asks why. Decisions
//! are those of [`Level::step`].

use std::ops::Range;

use super::{End, Level, Plan, Step};
use crate::table::Entry;
use crate::text::utf8::unit_len;

/// What became of a text at each level.
pub(crate) struct Story<'p> {
    /// The text as it came to each level, and last what came out.
    pub(crate) texts: Vec<Vec<u8>>,
    /// The boundaries that all levels have in common: the place of each in every one of the texts.
    pub(crate) boundaries: Vec<Vec<usize>>,
    /// What each level found, in the order of the text.
    pub(crate) found: Vec<Vec<Found<'p>>>,
}

/// What a level found at a place.
pub(crate) struct Found<'p> {
    /// Where, in the text as it came to the level.
    pub(crate) key: Range<usize>,
    pub(crate) entry: Entry<'p>,
    pub(crate) is_word: bool,
    /// Whether the key was replaced; a segmentation only cuts at it.
    pub(crate) is_replaced: bool,
}

/// A text between two levels.
struct Between {
    text: Vec<u8>,
    /// Where segments end, the last at the text's end.
    cuts: Vec<usize>,
    /// Words, which are finished.
    words: Vec<Range<usize>>,
}

/// A level's passage over a text.
struct Passage<'s, 'p> {
    level: &'p Level,
    before: &'s Between,
    after: Between,
    /// The ends of all steps, before and after.
    ends: Vec<[usize; 2]>,
    found: Vec<Found<'p>>,
}

/// Passes a text through the levels of plans, each of which gets all that the one before gave.
pub(crate) fn tell<'p>(plans: &[&'p Plan], text: &[u8]) -> Story<'p> {
    let mut boundaries = vec![vec![0]];
    let mut at = 0;
    while at < text.len() {
        at += unit_len(text[at]).min(text.len() - at);
        boundaries.push(vec![at]);
    }
    let mut texts = Vec::new();
    let mut found = Vec::new();
    let mut between = Between {
        text: text.to_vec(),
        cuts: vec![text.len()],
        words: Vec::new(),
    };
    let first_of = |plan: &&'p Plan| {
        (plan
            .levels
            .iter()
            .enumerate()
            .map(|(number, level)| (number == 0, level)))
        .collect::<Vec<_>>()
    };
    for (is_first, level) in plans.iter().flat_map(first_of) {
        if is_first {
            // Neither segments nor words of the plan before are known to the next.
            between.cuts = vec![between.text.len()];
            between.words.clear();
        }
        let mut passage = Passage::new(level, &between);
        passage.pass();
        let Passage {
            after,
            ends,
            found: of_level,
            ..
        } = passage;
        let mut ends = ends.into_iter().peekable();
        boundaries.retain_mut(|places| {
            let place = *places.last().expect("one of each text");
            while ends.next_if(|&[before, _]| before < place).is_some() {}
            let end = ends.peek().filter(|[before, _]| *before == place);
            places.extend(end.map(|[_, after]| after));
            end.is_some()
        });
        found.push(of_level);
        texts.push(std::mem::replace(&mut between, after).text);
    }
    texts.push(between.text);
    Story {
        texts,
        boundaries,
        found,
    }
}

impl<'s, 'p> Passage<'s, 'p> {
    fn new(level: &'p Level, before: &'s Between) -> Self {
        Passage {
            level,
            before,
            after: Between {
                text: Vec::new(),
                cuts: Vec::new(),
                words: Vec::new(),
            },
            ends: vec![[0, 0]],
            found: Vec::new(),
        }
    }

    fn pass(&mut self) {
        let before = self.before;
        let mut words = before.words.iter().peekable();
        let mut at = 0;
        for &cut in &before.cuts {
            while at < cut {
                if let Some(word) = words.next_if(|word| word.start == at) {
                    let start = self.after.text.len();
                    self.write(&before.text[word.clone()], word.end);
                    self.after.words.push(start..self.after.text.len());
                    at = word.end;
                    continue;
                }
                at += self.step(at, cut);
            }
            self.cut();
        }
    }

    /// Takes the next step, and returns its length.
    fn step(&mut self, at: usize, end: usize) -> usize {
        let (level, text) = (self.level, &self.before.text);
        match level.step(&text[at..end], End::Here) {
            Step::Copy { len } => {
                self.copy(at, len);
                len
            }
            Step::Match { len, value, alone } => {
                let is_replaced = level.role.converts();
                if alone {
                    self.cut();
                }
                self.find(&level.table, at..at + len, false, is_replaced);
                match is_replaced {
                    true => self.write(value, at + len),
                    false => self.copy(at, len),
                }
                if alone {
                    self.cut();
                }
                len
            }
            Step::Final { len, value } => {
                self.cut();
                if let Some(words) = &level.overlay {
                    self.find(words, at..at + len, true, true);
                }
                let start = self.after.text.len();
                self.write(value, at + len);
                if !value.is_empty() {
                    self.after.words.push(start..self.after.text.len());
                }
                self.cut();
                len
            }
            Step::Wait => unreachable!("nothing follows"),
        }
    }

    /// Notes the key of a table that was found.
    fn find(
        &mut self,
        table: &'p crate::table::Table,
        key: Range<usize>,
        is_word: bool,
        is_replaced: bool,
    ) {
        let text = std::str::from_utf8(&self.before.text[key.clone()]);
        if let Some(entry) = text.ok().and_then(|text| table.get(text)) {
            self.found.push(Found {
                key,
                entry,
                is_word,
                is_replaced,
            });
        }
    }

    /// Writes what a step up to `end` gives.
    fn write(&mut self, bytes: &[u8], end: usize) {
        self.after.text.extend_from_slice(bytes);
        self.ends.push([end, self.after.text.len()]);
    }

    fn copy(&mut self, at: usize, len: usize) {
        let text = &self.before.text;
        let (mut at, end) = (at, at + len);
        while at < end {
            let unit = unit_len(text[at]).min(end - at);
            at += unit;
            self.write(&text[at - unit..at], at);
        }
    }

    /// Ends a segment.
    fn cut(&mut self) {
        let end = self.after.text.len();
        if self.after.cuts.last() != Some(&end) {
            self.after.cuts.push(end);
        }
    }
}
