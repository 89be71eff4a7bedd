//! Normalizing with an alignment: the same as [`Converter`](crate::Converter) has, under the same names.

use std::borrow::Cow;

use super::normalizer::Normalizer;
use super::report::Normalized;
use crate::align::{self, Builder, Mapped, Protected, RangeError};

impl Normalizer {
    /// Normalizes a text, and tells which part of it became which part of the result; see
    /// [`align`](crate::align).
    ///
    /// # Complexity
    ///
    /// Linear in the text; as [`normalize_with_report`](Normalizer::normalize_with_report).
    ///
    /// # Examples
    ///
    /// Normalized, then converted, and back to where it came from:
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    /// use zhnorm::Converter;
    ///
    /// let clean = Normalizer::new(Target::Hans).normalize_mapped("新媒躰的程序员");
    /// let mapped = Converter::s2twp().convert_mapped(clean.text());
    /// assert_eq!(mapped.text(), "新媒體的程式設計師");
    /// let both = clean.alignment().then(mapped.alignment())?;
    /// assert_eq!(&clean.source()[both.to_source(12..27)?], "程序员");
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn normalize_mapped<'t>(&self, text: &'t str) -> Mapped<'t> {
        let Normalized { text: new, report } = self.normalize_with_report(text);
        let mut edits = Builder::default();
        for change in &report.changes {
            let places = [change.source.start, change.target.start];
            edits.push_span(places, change.from.as_bytes(), change.to.as_bytes());
        }
        let alignment = edits.finish(text.len(), new.len());
        let new = match new == text {
            true => Cow::Borrowed(text),
            false => Cow::Owned(new),
        };
        Mapped::new(text, new, alignment, Vec::new())
    }

    /// The same but for parts of the text that come out as they are.
    ///
    /// # Errors
    ///
    /// If a range is not one of whole characters of the text, or starts before the end of the one before it.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::align::Protected;
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// let normalizer = Normalizer::new(Target::Tw);
    /// let mapped = normalizer.normalize_protected("媒<b>躰</b>", &[
    ///     Protected::see_through(3..6),
    ///     Protected::see_through(9..13),
    /// ])?;
    /// assert_eq!(mapped.text(), "媒<b>體</b>");
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn normalize_protected<'t>(
        &self,
        text: &'t str,
        protected: &[Protected],
    ) -> Result<Mapped<'t>, RangeError> {
        align::map_protected(text, protected, |part| self.normalize_mapped(part))
    }

    /// Normalizes a text that is in several parts as one, and gives what belongs to each.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// assert_eq!(Normalizer::new(Target::Tw).normalize_parts(&["新媒", "躰"]), ["新媒", "體"]);
    /// ```
    pub fn normalize_parts<'t>(&self, parts: &[&'t str]) -> Vec<Cow<'t, str>> {
        align::map_parts(parts, |text| self.normalize_mapped(text))
    }
}
