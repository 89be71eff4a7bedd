//! [`Alignment`]: a two-way map between the places of two texts.

use std::ops::Range;

use super::error::{RangeError, RangeErrorKind};
use crate::text::utf8::{are_even, unit_len};

/// Which ranges of one text became which ranges of another, both in bytes.
///
/// It holds only the [atomic](super#definitions) spans and the characters whose number of bytes changed,
/// with 32 bytes for each; nothing for a text that keeps its lengths.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
///
/// let mapped = Converter::s2twp().convert_mapped("新程序员");
/// assert_eq!(mapped.text(), "新程式設計師");
/// let alignment = mapped.alignment();
/// assert_eq!(alignment.to_target(0..3)?, 0..3);
/// // 程序 is a part of 程序员, which became 程式設計師 as a whole.
/// assert_eq!(alignment.to_target(3..9)?, 3..18);
/// # Ok::<(), zhnorm::align::RangeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    edits: Vec<Edit>,
    source_len: usize,
    target_len: usize,
}

/// A part that maps as a whole. Between two of them each byte maps to one, at the same distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) source: Range<usize>,
    pub(crate) target: Range<usize>,
}

/// Which side of an alignment is asked about.
type Side = fn(&Edit) -> &Range<usize>;

const SOURCE: Side = |edit| &edit.source;
const TARGET: Side = |edit| &edit.target;

impl Alignment {
    /// Of a text of so many bytes with itself.
    pub fn identity(len: usize) -> Alignment {
        Alignment {
            edits: Vec::new(),
            source_len: len,
            target_len: len,
        }
    }

    /// The length of the source in bytes.
    pub fn source_len(&self) -> usize {
        self.source_len
    }

    /// The length of the target in bytes.
    pub fn target_len(&self) -> usize {
        self.target_len
    }

    /// Whether every byte maps to the one at its own place.
    pub fn is_identity(&self) -> bool {
        self.edits.is_empty()
    }

    /// The parts that map as a whole, in their order: source and target of each. What lies between two of
    /// them maps byte by byte.
    pub fn wholes(&self) -> impl ExactSizeIterator<Item = (Range<usize>, Range<usize>)> + '_ {
        let wholes = self.edits.iter();
        wholes.map(|edit| (edit.source.clone(), edit.target.clone()))
    }

    /// What a range of the source became.
    ///
    /// # Errors
    ///
    /// If the range ends before it starts or goes beyond the source.
    ///
    /// # Complexity
    ///
    /// O(log n) for n parts that map as a whole.
    pub fn to_target(&self, range: Range<usize>) -> Result<Range<usize>, RangeError> {
        RangeError::check_bounds(&range, self.source_len)?;
        Ok(self.map(range, SOURCE, TARGET))
    }

    /// What a range of the target came from.
    ///
    /// # Errors
    ///
    /// If the range ends before it starts or goes beyond the target.
    ///
    /// # Complexity
    ///
    /// O(log n) for n parts that map as a whole.
    pub fn to_source(&self, range: Range<usize>) -> Result<Range<usize>, RangeError> {
        RangeError::check_bounds(&range, self.target_len)?;
        Ok(self.map(range, TARGET, SOURCE))
    }

    /// Where a place of the source is in the target. One inside a part that maps as a whole is at that
    /// part's start, and so is one where something was removed.
    ///
    /// # Errors
    ///
    /// If it is beyond the source.
    pub fn point_to_target(&self, at: usize) -> Result<usize, RangeError> {
        self.to_target(at..at).map(|range| range.start)
    }

    /// Where a place of the target is in the source; see [`point_to_target`](Alignment::point_to_target).
    ///
    /// # Errors
    ///
    /// If it is beyond the target.
    pub fn point_to_source(&self, at: usize) -> Result<usize, RangeError> {
        self.to_source(at..at).map(|range| range.start)
    }

    /// The alignment of this one's source with the target of `next`, whose source is this one's target.
    ///
    /// # Errors
    ///
    /// If this one's target and the other one's source are not equally long; the range is that of the
    /// target.
    ///
    /// # Complexity
    ///
    /// Linear in the parts that map as a whole.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Converter;
    ///
    /// let first = Converter::s2tw().convert_mapped("新程序员");
    /// let second = Converter::tw2s().convert_mapped(first.text());
    /// let both = first.alignment().then(second.alignment())?;
    /// assert_eq!(both.to_target(3..6)?, 3..6);
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn then(&self, next: &Alignment) -> Result<Alignment, RangeError> {
        if self.target_len != next.source_len {
            let target = 0..self.target_len;
            return Err(RangeError::new(target, RangeErrorKind::OutOfBounds));
        }
        Ok(self.followed_by(next))
    }

    /// The alignment of the target with the source.
    pub fn inverse(&self) -> Alignment {
        let edits = self.edits.iter().map(|edit| Edit {
            source: edit.target.clone(),
            target: edit.source.clone(),
        });
        Alignment {
            edits: edits.collect(),
            source_len: self.target_len,
            target_len: self.source_len,
        }
    }

    /// The same of one that is known to follow.
    pub(crate) fn followed_by(&self, next: &Alignment) -> Alignment {
        let mut edits = Vec::new();
        let mut own = Cursor::new(&self.edits, TARGET, SOURCE);
        let mut other = Cursor::new(&next.edits, SOURCE, TARGET);
        // Parts of the text between that overlap become one, of which nothing is known inside.
        loop {
            let first = [own.next(), other.next()].into_iter().flatten();
            let Some(mut between) = first.min_by_key(|part| (part.start, part.end)) else {
                break;
            };
            let (source, target) = (own.map(between.start), other.map(between.start));
            while own.take_into(&mut between) || other.take_into(&mut between) {}
            edits.push(Edit {
                source: source..own.map(between.end),
                target: target..other.map(between.end),
            });
        }
        Alignment {
            edits,
            source_len: self.source_len,
            target_len: next.target_len,
        }
    }

    pub(super) fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// A range of one side as one of the other. Of several places that belong to an end the outermost
    /// counts, so that what was removed there is in the range.
    fn map(&self, range: Range<usize>, from: Side, to: Side) -> Range<usize> {
        let edits = &self.edits;
        let after = |count: usize, at: usize| match count.checked_sub(1) {
            Some(last) => to(&edits[last]).end + (at - from(&edits[last]).end),
            None => at,
        };
        let started = edits.partition_point(|edit| from(edit).start < range.start);
        let start = match started.checked_sub(1).map(|last| &edits[last]) {
            Some(edit) if range.start < from(edit).end => to(edit).start,
            _ => after(started, range.start),
        };
        let ended = edits.partition_point(|edit| from(edit).end <= range.end);
        let end = match edits.get(ended) {
            Some(edit) if from(edit).start < range.end => to(edit).end,
            _ => after(ended, range.end),
        };
        start..end
    }
}

/// The parts of one side of an alignment, one after the other.
struct Cursor<'e> {
    edits: &'e [Edit],
    from: Side,
    to: Side,
    /// The ends of the last part that was taken, on both sides.
    last: [usize; 2],
}

impl<'e> Cursor<'e> {
    fn new(edits: &'e [Edit], from: Side, to: Side) -> Cursor<'e> {
        let last = [0; 2];
        Cursor {
            edits,
            from,
            to,
            last,
        }
    }

    /// The next part.
    fn next(&self) -> Option<Range<usize>> {
        self.edits.first().map(|edit| (self.from)(edit).clone())
    }

    /// A place that is not inside a part, and not before the last one that was taken.
    fn map(&self, at: usize) -> usize {
        let [from, to] = self.last;
        to + (at - from)
    }

    /// Takes the next part if it overlaps this range, or is it, and makes the range longer by it.
    fn take_into(&mut self, range: &mut Range<usize>) -> bool {
        let Some((edit, rest)) = self.edits.split_first() else {
            return false;
        };
        let part = (self.from)(edit);
        let takes = part.start < range.end || part == range;
        if takes {
            range.end = range.end.max(part.end);
            self.last = [part.end, (self.to)(edit).end];
            self.edits = rest;
        }
        takes
    }
}

/// Makes an alignment, part by part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builder {
    edits: Vec<Edit>,
}

impl Builder {
    /// Adds the next part that maps as a whole.
    pub(crate) fn push(&mut self, source: Range<usize>, target: Range<usize>) {
        self.edits.push(Edit { source, target });
    }

    /// Adds a span, which starts at these places. If it keeps its number of characters they are looked at
    /// one by one.
    pub(crate) fn push_span(
        &mut self,
        [source_at, target_at]: [usize; 2],
        source: &[u8],
        target: &[u8],
    ) {
        if are_even(source, target) {
            return;
        }
        if units(source).count() != units(target).count() {
            let source = source_at..source_at + source.len();
            return self.push(source, target_at..target_at + target.len());
        }
        let (mut source_at, mut target_at) = (source_at, target_at);
        for (from, to) in units(source).zip(units(target)) {
            let (source_end, target_end) = (source_at + from, target_at + to);
            if from != to {
                self.push(source_at..source_end, target_at..target_end);
            }
            (source_at, target_at) = (source_end, target_end);
        }
    }

    /// How much longer the target is than the source, up to now.
    pub(crate) fn shift(&self) -> isize {
        let last = self.edits.last();
        last.map_or(0, |edit| {
            edit.target.end as isize - edit.source.end as isize
        })
    }

    /// The alignment of two texts of so many bytes.
    pub(crate) fn finish(self, source_len: usize, target_len: usize) -> Alignment {
        debug_assert_eq!(source_len as isize + self.shift(), target_len as isize);
        Alignment {
            edits: self.edits,
            source_len,
            target_len,
        }
    }
}

/// The lengths of the units of a text.
fn units(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let len = unit_len(*text.get(at)?).min(text.len() - at);
        at += len;
        Some(len)
    })
}
