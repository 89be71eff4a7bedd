//! Converting with an alignment: whole texts, and texts that arrive in pieces.

use std::borrow::Cow;
use std::fmt;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use super::runner::Runner;
use super::Converter;
use crate::align::{self, Alignment, Builder, Mapped, Marked, Protected, RangeError, SpanKind};
use crate::engine::trace::{Boundary, Tracer};
use crate::engine::{End, Plan};
use crate::scan::notes::Notes;
use crate::scan::output::AppendTo;

impl Converter {
    /// Converts a text, and tells which part of it became which part of the result.
    ///
    /// The text is that of [`convert`](Converter::convert); where nothing changes it is borrowed, and the
    /// alignment holds nothing. What the spans are is defined in [`align`](crate::align).
    ///
    /// # Complexity
    ///
    /// O(n), and little more than to convert. Memory for the alignment follows the number of
    /// [atomic](crate::align#definitions) spans.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Converter;
    ///
    /// let mapped = Converter::s2twp().convert_mapped("鼠标和数据库");
    /// assert_eq!(mapped.text(), "滑鼠和資料庫");
    /// let word = mapped.text().find("資料庫").unwrap();
    /// let source = mapped.to_source(word..word + "資料庫".len())?;
    /// assert_eq!(&mapped.source()[source], "数据库");
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn convert_mapped<'t>(&self, text: &'t str) -> Mapped<'t> {
        let Aligned {
            converted,
            alignment,
            marked,
        } = self.runner.convert_aligned(text);
        let converted = converted.map_or(Cow::Borrowed(text), Cow::Owned);
        Mapped::new(text, converted, alignment, marked)
    }

    /// The same but for parts of the text that come out as they are.
    ///
    /// # Errors
    ///
    /// If a range is not one of whole characters of the text, or starts before the end of the one before it.
    ///
    /// # Complexity
    ///
    /// O(n), for n bytes and ranges.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::align::Protected;
    /// use zhnorm::Converter;
    ///
    /// // The tags are not noticed, the code is a barrier.
    /// let text = "头<b>发</b>和`头`发";
    /// let protected = [
    ///     Protected::see_through(3..6),
    ///     Protected::see_through(9..13),
    ///     Protected::barrier(16..21),
    /// ];
    /// let mapped = Converter::s2t().convert_protected(text, &protected)?;
    /// assert_eq!(mapped.text(), "頭<b>髮</b>和`头`發");
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn convert_protected<'t>(
        &self,
        text: &'t str,
        protected: &[Protected],
    ) -> Result<Mapped<'t>, RangeError> {
        align::map_protected(text, protected, |part| self.convert_mapped(part))
    }

    /// Converts a text that is in several parts, such as the text nodes of a paragraph, as one, and gives what
    /// belongs to each: characters one to one, and what an atomic span becomes to the part it begins in.
    ///
    /// # Complexity
    ///
    /// O(n), for n bytes and parts.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Converter;
    ///
    /// assert_eq!(Converter::s2twp().convert_parts(&["用鼠", "标的头", "发"]), ["用滑", "鼠的頭", "髮"]);
    /// ```
    pub fn convert_parts<'t>(&self, parts: &[&'t str]) -> Vec<Cow<'t, str>> {
        align::map_parts(parts, |text| self.convert_mapped(text))
    }

    /// Starts converting a text that arrives in pieces, with an alignment.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Converter;
    ///
    /// let mut stream = Converter::s2twp().mapped_stream();
    /// let mut out = Vec::new();
    /// for piece in ["程", "序", "员"] {
    ///     stream.push(piece.as_bytes(), &mut out);
    /// }
    /// let alignment = stream.finish(&mut out);
    /// assert_eq!(out, "程式設計師".as_bytes());
    /// assert_eq!(alignment.to_source(3..6)?, 0..9);
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn mapped_stream(&self) -> MappedStream {
        let links = match self.runner.links() {
            [] => vec![Link::of(self.runner.clone())],
            links => links.iter().cloned().map(Link::of).collect(),
        };
        MappedStream {
            links,
            between: [Vec::new(), Vec::new()],
        }
    }
}

/// What a text became, and how.
pub(super) struct Aligned {
    /// `None` if it stayed.
    pub(super) converted: Option<String>,
    pub(super) alignment: Alignment,
    pub(super) marked: Vec<Marked>,
}

/// An alignment in the making.
#[derive(Clone, Debug, Default)]
struct Trail {
    edits: Builder,
    marked: Vec<Marked>,
    /// Memory to use.
    target: Vec<u8>,
}

impl Trail {
    /// Adds the span from one boundary to the next, of source and target texts that start at these
    /// places.
    fn add(
        &mut self,
        from: &mut [usize; 2],
        start: [usize; 2],
        texts: [&[u8]; 2],
        boundary: Boundary,
    ) {
        let to = [boundary.source, boundary.target];
        let [source, target] = [0, 1].map(|side| from[side]..to[side]);
        let part = |side: usize| &texts[side][from[side] - start[side]..to[side] - start[side]];
        self.edits.push_span(*from, part(0), part(1));
        if boundary.has_word {
            self.marked.push(Marked {
                source,
                target,
                kind: SpanKind::Word,
            });
        }
        *from = to;
    }

    /// Finds the spans of a part of a text between two cuts. The tracer must hold nothing.
    fn trace(&mut self, tracer: &mut Tracer, plan: &Plan, text: &str, part: Range<usize>) {
        let target_start = part.start.wrapping_add_signed(self.edits.shift());
        let start = [part.start, target_start];
        let source = &text.as_bytes()[part];
        tracer.begin_at(start);
        self.target.clear();
        tracer.push(&plan.levels, source, End::Here, &mut self.target);
        let target = mem::take(&mut self.target);
        let mut from = start;
        for boundary in tracer.take() {
            self.add(&mut from, start, [source, &target], boundary);
        }
        self.target = target;
    }
}

impl Runner {
    /// Converts a text and finds its alignment.
    pub(super) fn convert_aligned(&self, text: &str) -> Aligned {
        let Some((first, links)) = self.links().split_first() else {
            return self.align_alone(text);
        };
        let mut aligned = first.convert_aligned(text);
        for link in links {
            let between = aligned.converted.as_deref().unwrap_or(text);
            let next = link.convert_aligned(between);
            aligned.alignment = aligned.alignment.followed_by(&next.alignment);
            aligned.converted = next.converted.or(aligned.converted);
        }
        aligned.converted = aligned.converted.filter(|converted| converted != text);
        aligned
    }

    /// The same by one plan.
    fn align_alone(&self, text: &str) -> Aligned {
        let mut converted = String::new();
        let mut trail = Trail::default();
        let mut notes = Notes::new(self.has_words());
        let changed = match &self.scan {
            Some(scan) => scan.convert_noted(&self.plan, text, &mut converted, &mut notes),
            None => {
                notes.add(0..text.len());
                self.convert_by_machine(text, AppendTo(&mut converted))
            }
        };
        let mut tracer = Tracer::default();
        for part in notes.into_parts() {
            trail.trace(&mut tracer, &self.plan, text, part);
        }
        let target_len = if changed { converted.len() } else { text.len() };
        Aligned {
            converted: changed.then_some(converted),
            alignment: trail.edits.finish(text.len(), target_len),
            marked: trail.marked,
        }
    }
}

/// Converts a text that arrives in pieces, and tells which part of it became which part of the result; made
/// by [`Converter::mapped_stream`].
///
/// Places are those of the whole text, however it was cut; the text is that of a
/// [`Stream`](crate::Stream). All of it passes the exact engine, which costs some times as much.
///
/// # Memory
///
/// What is held back is bounded as for a `Stream`; the alignment grows with the number of
/// [atomic](crate::align#definitions) spans.
#[derive(Clone)]
#[must_use = "a stream holds bytes back until it is finished"]
pub struct MappedStream {
    /// Of the plans that the text passes.
    links: Vec<Link>,
    /// What one gave and the next is to take; empty between two pieces.
    between: [Vec<u8>; 2],
}

/// A text's passage through one plan.
#[derive(Clone)]
struct Link {
    runner: Arc<Runner>,
    tracer: Tracer,
    trail: Trail,
    /// What was pushed since the last boundary, and what came out of it.
    source: Vec<u8>,
    target: Vec<u8>,
    /// The places of that boundary.
    from: [usize; 2],
}

impl MappedStream {
    /// Takes the next piece and appends to `out` all that is decided.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.pass(piece, End::Open, out);
    }

    /// Ends the text, appends to `out` what was held back, and gives the alignment of the whole text.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Alignment {
        self.pass(&[], End::Here, out);
        let alignments = self.links.into_iter().map(|link| {
            let [source, target] = link.from;
            link.trail.edits.finish(source, target)
        });
        let all = alignments.reduce(|before, next| before.followed_by(&next));
        all.unwrap_or_default()
    }

    /// How many bytes are held back now, of the input or of what stages made of it.
    pub fn held(&self) -> usize {
        self.links.iter().map(|link| link.tracer.held()).sum()
    }

    fn pass(&mut self, piece: &[u8], end: End, out: &mut Vec<u8>) {
        let [taken, given] = &mut self.between;
        taken.extend_from_slice(piece);
        for link in &mut self.links {
            link.pass(taken, end, given);
            mem::swap(taken, given);
            given.clear();
        }
        out.append(taken);
    }
}

impl Link {
    fn of(runner: Arc<Runner>) -> Link {
        Link {
            runner,
            tracer: Tracer::default(),
            trail: Trail::default(),
            source: Vec::new(),
            target: Vec::new(),
            from: [0, 0],
        }
    }

    fn pass(&mut self, piece: &[u8], end: End, out: &mut Vec<u8>) {
        let before = out.len();
        self.tracer.push(&self.runner.plan.levels, piece, end, out);
        self.source.extend_from_slice(piece);
        self.target.extend_from_slice(&out[before..]);
        let start = self.from;
        for boundary in self.tracer.take() {
            let texts = [&self.source[..], &self.target];
            self.trail.add(&mut self.from, start, texts, boundary);
        }
        let [source, target] = self.from;
        self.source.drain(..source - start[0]);
        self.target.drain(..target - start[1]);
    }
}

impl fmt::Debug for MappedStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let converters: Vec<_> = self.links.iter().map(|link| &link.runner).collect();
        f.debug_struct("MappedStream")
            .field("converters", &converters)
            .field("held", &self.held())
            .finish()
    }
}
