//! Parts of a text that come out as they are, and texts in several parts.
//!
//! Both are laid out by the alignment of what is converted, so that whoever makes a [`Mapped`] of a text can
//! have them.

use std::borrow::Cow;
use std::ops::Range;

use super::alignment::{Alignment, Builder};
use super::error::{RangeError, RangeErrorKind};
use super::mapped::Mapped;
use super::spans::{Marked, SpanKind};

/// A part of a text that comes out as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// Where it is, in bytes. An empty barrier is a place that no match crosses; what is empty and seen through
    /// does nothing.
    pub range: Range<usize>,
    /// What it does to the text around it.
    pub protection: Protection,
}

/// What a [`Protected`] part does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protection {
    /// No match crosses it: what is before it and what is after it are texts of their own, as around code
    /// or an address.
    Barrier,
    /// The text around it is converted as if it were not there, as around a tag or a soft line break, and laid
    /// out around it: characters one to one, and what an atomic span becomes before the first such part in
    /// it.
    SeeThrough,
}

impl Protected {
    /// A part that no match crosses.
    pub fn barrier(range: Range<usize>) -> Protected {
        let protection = Protection::Barrier;
        Protected { range, protection }
    }

    /// A part that the text around it does not notice.
    pub fn see_through(range: Range<usize>) -> Protected {
        let protection = Protection::SeeThrough;
        Protected { range, protection }
    }
}

/// Maps a text but for what is protected; `map` maps a text.
pub(crate) fn map_protected<'t>(
    text: &'t str,
    protected: &[Protected],
    map: impl Fn(&str) -> Mapped<'_>,
) -> Result<Mapped<'t>, RangeError> {
    let mut before = 0;
    for Protected { range, .. } in protected {
        RangeError::check(range, text)?;
        if range.start < before {
            return Err(RangeError::new(range.clone(), RangeErrorKind::Overlapping));
        }
        before = range.end;
    }
    let mut layout = Layout::default();
    let mut rest = protected;
    let mut at = 0;
    loop {
        let is_barrier = |part: &Protected| part.protection == Protection::Barrier;
        let holes = rest.iter().take_while(|part| !is_barrier(part)).count();
        let (holes, after) = rest.split_at(holes);
        let end = after
            .first()
            .map_or(text.len(), |barrier| barrier.range.start);
        layout.add(text, at..end, holes, &map);
        let Some((barrier, after)) = after.split_first() else {
            break;
        };
        layout.protect(text, barrier.range.clone());
        at = barrier.range.end;
        rest = after;
    }
    let Layout {
        target,
        edits,
        marked,
    } = layout;
    let alignment = edits.finish(text.len(), target.len());
    let target = match target == text {
        true => Cow::Borrowed(text),
        false => Cow::Owned(target),
    };
    Ok(Mapped::new(text, target, alignment, marked))
}

/// Maps the text that several parts make together, and gives what belongs to each.
pub(crate) fn map_parts<'t>(
    parts: &[&'t str],
    map: impl Fn(&str) -> Mapped<'_>,
) -> Vec<Cow<'t, str>> {
    let text = parts.concat();
    let mapped = map(&text);
    let alignment = mapped.alignment();
    let (mut source, mut target) = (0, 0);
    let mut converted = Vec::with_capacity(parts.len());
    for (number, part) in parts.iter().enumerate() {
        source += part.len();
        let end = match number + 1 == parts.len() {
            true => mapped.text().len(),
            false => parted(alignment, source),
        };
        let new = &mapped.text()[target..end];
        converted.push(match new == *part {
            true => Cow::Borrowed(*part),
            false => Cow::Owned(new.to_owned()),
        });
        target = end;
    }
    converted
}

/// Where the target is parted if the source is parted here: a part that maps as a whole stays before it.
fn parted(alignment: &Alignment, at: usize) -> usize {
    let edits = alignment.edits();
    let started = edits.partition_point(|edit| edit.source.start < at);
    match started.checked_sub(1).map(|last| &edits[last]) {
        Some(edit) => edit.target.end + at.saturating_sub(edit.source.end),
        None => at,
    }
}

/// A text that is put together part by part.
#[derive(Default)]
struct Layout {
    target: String,
    edits: Builder,
    marked: Vec<Marked>,
}

impl Layout {
    /// Adds a part as it is.
    fn protect(&mut self, text: &str, range: Range<usize>) {
        let start = self.target.len();
        self.target.push_str(&text[range.clone()]);
        if !range.is_empty() {
            self.marked.push(Marked {
                source: range,
                target: start..self.target.len(),
                kind: SpanKind::Protected,
            });
        }
    }

    /// Adds a part of the text without holes.
    fn add(
        &mut self,
        text: &str,
        part: Range<usize>,
        holes: &[Protected],
        map: impl Fn(&str) -> Mapped<'_>,
    ) {
        let mut without = Cow::Borrowed(&text[part.clone()]);
        if !holes.is_empty() {
            let mut at = part.start;
            let joined = without.to_mut();
            joined.clear();
            for Protected { range, .. } in holes {
                joined.push_str(&text[at..range.start]);
                at = range.end;
            }
            joined.push_str(&text[at..part.end]);
        }
        let mapped = map(&without);
        let mut pieces = Pieces {
            mapped: &mapped,
            edits: 0,
            marked: 0,
            from: [0, 0],
        };
        let mut at = part.start;
        let holes = holes.iter().filter(|hole| !hole.range.is_empty());
        for Protected { range, .. } in holes {
            pieces.add_to(self, at, pieces.from[0] + (range.start - at));
            self.protect(text, range.clone());
            at = range.end;
        }
        pieces.add_to(self, at, without.len());
    }
}

/// What a mapped text is laid out in, piece by piece.
struct Pieces<'m> {
    mapped: &'m Mapped<'m>,
    /// How many of its parts are laid out whole.
    edits: usize,
    marked: usize,
    /// Where the next piece starts.
    from: [usize; 2],
}

impl Pieces<'_> {
    /// Adds the piece up to `end`, which stands at `at` in the source of the layout.
    fn add_to(&mut self, layout: &mut Layout, at: usize, end: usize) {
        let [source, target] = self.from;
        let is_last = end == self.mapped.source().len();
        let target_end = match is_last {
            true => self.mapped.text().len(),
            false => parted(self.mapped.alignment(), end),
        };
        let start = layout.target.len();
        layout
            .target
            .push_str(&self.mapped.text()[target..target_end]);
        // What reaches into the piece, or out of it, is parted there.
        let moved = |range: &Range<usize>, from: usize, end: usize, to: usize| {
            let place = |at: usize| at.clamp(from, end) - from + to;
            place(range.start)..place(range.end)
        };
        let is_here = |range: &Range<usize>| range.start < end || is_last;
        let edits = self.mapped.alignment().edits();
        while let Some(edit) = edits.get(self.edits).filter(|edit| is_here(&edit.source)) {
            let from = moved(&edit.source, source, end, at);
            let to = moved(&edit.target, target, target_end, start);
            if !(from.is_empty() && to.is_empty()) {
                layout.edits.push(from, to);
            }
            if edit.source.end > end {
                break;
            }
            self.edits += 1;
        }
        let marked = self.mapped.marked();
        while let Some(part) = marked.get(self.marked).filter(|part| is_here(&part.source)) {
            let source = moved(&part.source, source, end, at);
            if !source.is_empty() {
                layout.marked.push(Marked {
                    source,
                    target: moved(&part.target, target, target_end, start),
                    kind: part.kind,
                });
            }
            if part.source.end > end {
                break;
            }
            self.marked += 1;
        }
        self.from = [end, target_end];
    }
}
