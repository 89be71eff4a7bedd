//! [`Spans`]: source and text, part by part.

use std::fmt;
use std::ops::Range;

use super::alignment::Edit;

/// A part of a source and what it became; made by [`Mapped::spans`](super::Mapped::spans).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Span<'m> {
    /// How both belong together.
    pub kind: SpanKind,
    /// Where it is in the source, in bytes.
    pub source: Range<usize>,
    /// Where it is in the text, in bytes.
    pub target: Range<usize>,
    texts: [&'m str; 2],
}

impl<'m> Span<'m> {
    /// What stands in the source.
    pub fn source_text(&self) -> &'m str {
        &self.texts[0][self.source.clone()]
    }

    /// What stands in the text.
    pub fn target_text(&self) -> &'m str {
        &self.texts[1][self.target.clone()]
    }
}

/// How the two sides of a [`Span`] belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanKind {
    /// The characters stayed as they were.
    Unchanged,
    /// Each character became another one.
    OneToOne,
    /// All of it became all of that: a phrase whose number of characters changed.
    Atomic,
    /// It was protected.
    Protected,
    /// It is a word of one's own, or several that overlap.
    Word,
}

impl SpanKind {
    /// Its name: `unchanged`, `one-to-one`, `atomic`, `protected`, `word`.
    pub const fn name(self) -> &'static str {
        match self {
            SpanKind::Unchanged => "unchanged",
            SpanKind::OneToOne => "one-to-one",
            SpanKind::Atomic => "atomic",
            SpanKind::Protected => "protected",
            SpanKind::Word => "word",
        }
    }
}

impl fmt::Display for SpanKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A part of a source that is a span by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marked {
    pub(crate) source: Range<usize>,
    pub(crate) target: Range<usize>,
    pub(crate) kind: SpanKind,
}

/// The spans of a [`Mapped`](super::Mapped), in their order.
#[derive(Clone, Debug)]
pub struct Spans<'m> {
    texts: [&'m str; 2],
    edits: &'m [Edit],
    marked: &'m [Marked],
    /// Where the run starts that is under way.
    at: [usize; 2],
    /// Whether its characters changed.
    is_changed: bool,
    /// Some characters that were compared: where they start in the source, and for each that starts a run,
    /// but for the one at `at`, a bit.
    window: usize,
    starts: u64,
    /// All before it in the source is compared.
    next: usize,
    /// What to add to a place there for that in the target.
    shift: usize,
    /// Up to here in the source each byte belongs to one: to the next part that maps as a whole or is marked.
    known: usize,
}

impl<'m> Spans<'m> {
    pub(super) fn new(texts: [&'m str; 2], edits: &'m [Edit], marked: &'m [Marked]) -> Spans<'m> {
        let mut spans = Spans {
            texts,
            edits,
            marked,
            at: [0; 2],
            is_changed: false,
            window: 0,
            starts: 0,
            next: 0,
            shift: 0,
            known: 0,
        };
        spans.set_known();
        spans
    }

    fn set_known(&mut self) {
        let edit = self.edits.first().map(|edit| edit.source.start);
        let marked = self.marked.first().map(|marked| marked.source.start);
        let end = [edit, marked].into_iter().flatten().min();
        self.known = end.unwrap_or(self.texts[0].len());
    }

    #[inline]
    fn span(&mut self, kind: SpanKind, ends: [usize; 2]) -> Span<'m> {
        let [source, target] = std::mem::replace(&mut self.at, ends);
        Span {
            kind,
            source: source..ends[0],
            target: target..ends[1],
            texts: self.texts,
        }
    }

    /// The run under way, which ends here in the source.
    #[inline]
    fn run(&mut self, end: usize) -> Span<'m> {
        let kind = match self.is_changed {
            true => SpanKind::OneToOne,
            false => SpanKind::Unchanged,
        };
        self.span(kind, [end, end.wrapping_add(self.shift)])
    }

    /// Goes on where no run starts in what was compared.
    #[inline(never)]
    fn go_on(&mut self) -> Option<Span<'m>> {
        while self.starts == 0 {
            if self.next < self.known {
                self.compare();
                continue;
            }
            // A run ends where something else is, but not before one more changed character.
            let is_run = self.at[0] < self.known;
            match self.next_one_to_one() {
                Some(edit) if self.is_changed || !is_run => {
                    self.is_changed = true;
                    self.edits = &self.edits[1..];
                    self.pass([edit.source.end, edit.target.end]);
                }
                _ if is_run => return Some(self.run(self.known)),
                _ => return self.special(),
            }
        }
        self.next()
    }

    /// Compares the next characters.
    fn compare(&mut self) {
        let places = [self.next, self.next.wrapping_add(self.shift)];
        let compared = Compared::new(self.texts, places, self.known - self.next);
        if self.at[0] == self.next {
            self.is_changed = compared.changed & 1 != 0;
        }
        let before = compared.changed << 1 | u64::from(self.is_changed);
        self.starts = (compared.changed ^ before) & compared.characters;
        self.window = self.next;
        self.next += compared.len;
    }

    /// The part that maps as a whole and comes next, if it is one character that became another one.
    fn next_one_to_one(&self) -> Option<&'m Edit> {
        let edit = self
            .edits
            .first()
            .filter(|edit| edit.source.start == self.known)?;
        let is_marked = self
            .marked
            .first()
            .is_some_and(|marked| marked.source.start == self.known);
        let parts = [
            &self.texts[0][edit.source.clone()],
            &self.texts[1][edit.target.clone()],
        ];
        let is_one = |text: &str| text.chars().nth(1).is_none() && !text.is_empty();
        (!is_marked && parts.into_iter().all(is_one)).then_some(edit)
    }

    /// What starts here and maps as a whole or is marked, or the end.
    fn special(&mut self) -> Option<Span<'m>> {
        let (kind, ends) = match (self.marked.split_first(), self.edits.split_first()) {
            (Some((marked, rest)), _) if [marked.source.start, marked.target.start] == self.at => {
                self.marked = rest;
                let [source, target] = [marked.source.end, marked.target.end];
                let is_inside =
                    |edit: &Edit| edit.source.end <= source && edit.target.end <= target;
                self.edits = &self.edits[self.edits.partition_point(is_inside)..];
                (marked.kind, [source, target])
            }
            (_, Some((edit, rest))) => {
                self.edits = rest;
                (SpanKind::Atomic, [edit.source.end, edit.target.end])
            }
            (_, None) => return None,
        };
        self.pass(ends);
        Some(self.span(kind, ends))
    }

    /// Passes what ends here.
    fn pass(&mut self, [source, target]: [usize; 2]) {
        self.next = source;
        self.shift = target.wrapping_sub(source);
        self.set_known();
    }
}

impl<'m> Iterator for Spans<'m> {
    type Item = Span<'m>;

    #[inline]
    fn next(&mut self) -> Option<Span<'m>> {
        if self.starts == 0 {
            return self.go_on();
        }
        let end = self.window + self.starts.trailing_zeros() as usize;
        self.starts &= self.starts - 1;
        let run = self.run(end);
        self.is_changed = !self.is_changed;
        Some(run)
    }
}

/// Some characters of two texts, equally long one by one.
struct Compared {
    /// How many bytes they have.
    len: usize,
    /// The bytes of those that changed.
    changed: u64,
    /// The first byte of each, where one changed.
    characters: u64,
}

impl Compared {
    /// The characters from these places on, of which so many bytes belong together.
    fn new(texts: [&str; 2], places: [usize; 2], known: usize) -> Compared {
        let [source, target] = [0, 1].map(|side| &texts[side].as_bytes()[places[side]..]);
        let mut last = [[0; SIZE]; 2];
        let (source, target) = match (source.first_chunk(), target.first_chunk()) {
            (Some(source), Some(target)) if known > SIZE => (source, target),
            _ => {
                let len = known.min(SIZE);
                for (last, text) in last.iter_mut().zip([source, target]) {
                    last[..len].copy_from_slice(&text[..len]);
                }
                (&last[0], &last[1])
            }
        };
        if known > SIZE && source == target {
            // None changed, and one begins within the last few bytes.
            let is_first = |&at: &usize| source[at] & 0xC0 != 0x80;
            let len = (0..SIZE).rev().find(is_first).unwrap_or(SIZE);
            return Compared {
                len,
                changed: 0,
                characters: u64::MAX,
            };
        }
        // Loops over bytes, which the compiler makes vectors of.
        let mut differ = [0; SIZE];
        let mut first = [0; SIZE];
        for at in 0..SIZE {
            differ[at] = u8::from(source[at] != target[at]);
            first[at] = u8::from(source[at] & 0xC0 != 0x80);
        }
        let (mut changed, characters) = (bits(&differ), bits(&first));
        // The last one may go on behind these bytes.
        let len = match known > SIZE {
            true => SIZE - 1 - (characters | 1).leading_zeros() as usize,
            false => known,
        };
        let inside = u64::MAX >> (SIZE - len);
        // A character changed if any of its bytes did: from there down to its first, and up to its last.
        for _ in 0..LONGEST - 1 {
            changed |= (changed & !characters) >> 1;
        }
        for _ in 0..LONGEST - 1 {
            changed |= (changed << 1) & !characters;
        }
        Compared {
            len,
            changed,
            characters: characters & inside,
        }
    }
}

/// So many bytes are compared at once.
const SIZE: usize = 64;

/// No character has more bytes.
const LONGEST: usize = 4;

/// A bit for each byte, which is 0 or 1.
fn bits(bytes: &[u8; SIZE]) -> u64 {
    let mut bits = 0;
    for (number, bytes) in bytes.as_chunks().0.iter().enumerate() {
        let eight = u64::from_le_bytes(*bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= eight << (8 * number);
    }
    bits
}
