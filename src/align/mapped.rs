//! [`Mapped`]: a text, where it comes from, and the map between both.

use std::borrow::Cow;
use std::ops::Range;

use super::alignment::Alignment;
use super::error::RangeError;
use super::spans::{Marked, Spans};

/// A text with its source, and which part of either became which of the other.
///
/// # Examples
///
/// What was found in the converted text, in the source:
///
/// ```
/// use zhnorm::Converter;
///
/// let mapped = Converter::s2twp().convert_mapped("他是程序员，用鼠标。");
/// assert_eq!(mapped.text(), "他是程式設計師，用滑鼠。");
/// let found = mapped.text().find("滑鼠").unwrap();
/// let source = mapped.to_source(found..found + "滑鼠".len())?;
/// assert_eq!(&mapped.source()[source], "鼠标");
/// # Ok::<(), zhnorm::align::RangeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mapped<'t> {
    source: &'t str,
    text: Cow<'t, str>,
    alignment: Alignment,
    /// Parts of the source that are more than text, in their order.
    marked: Vec<Marked>,
}

impl<'t> Mapped<'t> {
    pub(crate) fn new(
        source: &'t str,
        text: Cow<'t, str>,
        alignment: Alignment,
        marked: Vec<Marked>,
    ) -> Mapped<'t> {
        Mapped {
            source,
            text,
            alignment,
            marked,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text alone; borrowed from the source if nothing changed.
    pub fn into_text(self) -> Cow<'t, str> {
        self.text
    }

    /// What it comes from.
    pub fn source(&self) -> &'t str {
        self.source
    }

    /// The map alone, which needs neither text.
    pub fn alignment(&self) -> &Alignment {
        &self.alignment
    }

    /// The text and the map.
    pub fn into_parts(self) -> (Cow<'t, str>, Alignment) {
        (self.text, self.alignment)
    }

    /// What a range of the source, in bytes, became. A variation selector is not parted from the character
    /// before it.
    ///
    /// # Errors
    ///
    /// If the range is not one of whole characters of the source.
    ///
    /// # Complexity
    ///
    /// O(log n) for n parts that map as a whole.
    pub fn to_target(&self, range: Range<usize>) -> Result<Range<usize>, RangeError> {
        RangeError::check(&range, self.source)?;
        let mapped = self.alignment.to_target(range)?;
        Ok(with_selectors(&self.text, mapped))
    }

    /// What a range of the text, in bytes, came from. A variation selector is not parted from the character
    /// before it.
    ///
    /// # Errors
    ///
    /// If the range is not one of whole characters of the text.
    ///
    /// # Complexity
    ///
    /// O(log n) for n parts that map as a whole.
    pub fn to_source(&self, range: Range<usize>) -> Result<Range<usize>, RangeError> {
        RangeError::check(&range, &self.text)?;
        let mapped = self.alignment.to_source(range)?;
        Ok(with_selectors(self.source, mapped))
    }

    pub(super) fn marked(&self) -> &[Marked] {
        &self.marked
    }

    /// The parts of source and text that belong together, in their order: runs of characters that stayed, of
    /// characters that changed one to one, and what maps as a whole.
    ///
    /// Their sources, one after the other, are the source, and their targets the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Converter;
    ///
    /// let mapped = Converter::s2twp().convert_mapped("新程序员的头发");
    /// let spans: Vec<String> = mapped
    ///     .spans()
    ///     .map(|span| format!("{} {}→{}", span.kind, span.source_text(), span.target_text()))
    ///     .collect();
    /// let expected = [
    ///     "unchanged 新→新",
    ///     "atomic 程序员→程式設計師",
    ///     "unchanged 的→的",
    ///     "one-to-one 头发→頭髮",
    /// ];
    /// assert_eq!(spans, expected);
    /// ```
    pub fn spans(&self) -> Spans<'_> {
        Spans::new(
            [self.source, &self.text],
            self.alignment.edits(),
            &self.marked,
        )
    }
}

/// A range that does not part a variation selector from what is before it.
fn with_selectors(text: &str, range: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = range;
    while text[start..].starts_with(is_selector) && start > 0 {
        start = text[..start]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
    }
    // An empty range is a place; it is before the character if it would part it.
    if range.is_empty() {
        return start..start;
    }
    while let Some(selector) = text[end..].chars().next().filter(|&c| is_selector(c)) {
        end += selector.len_utf8();
    }
    start..end
}

/// Whether a character says which form the one before it has.
fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}')
}
