//! Folding with an alignment, for highlights.

use super::Fold;
use crate::align::{Builder, Mapped};

impl Fold {
    /// Folds a text, and maps ranges of the folded text to those of the source; see [`align`](crate::align).
    /// Characters are one to one, so only those whose number of bytes changes are held.
    ///
    /// # Complexity
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::fold::Fold;
    ///
    /// let mapped = Fold::new().fold_mapped("𠀋夫的頭髮");
    /// assert_eq!(mapped.text(), "丈夫的头发");
    /// let found = mapped.text().find("头发").expect("it is there");
    /// let source = mapped.to_source(found..found + "头发".len())?;
    /// assert_eq!(&mapped.source()[source], "頭髮");
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn fold_mapped(self, text: &str) -> Mapped<'_> {
        let folded = self.fold(text);
        let mut edits = Builder::default();
        edits.push_span([0, 0], text.as_bytes(), folded.as_bytes());
        let alignment = edits.finish(text.len(), folded.len());
        Mapped::new(text, folded, alignment, Vec::new())
    }
}
