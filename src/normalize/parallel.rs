//! One large text on several threads. What one span shows changes nothing in another.

use std::borrow::Cow;

use rayon::prelude::*;

use super::normalizer::Normalizer;

/// So much text is worth a task.
const SHORTEST_PIECE: usize = 64 << 10;

impl Normalizer {
    /// Normalizes a large text on all threads of the current `rayon` pool: the same result as
    /// [`normalize`](Normalizer::normalize), borrowed when nothing changes. Needs the `rayon` feature.
    ///
    /// # Memory
    ///
    /// The pieces' results are joined at the end, so for a moment it takes the output twice.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// let normalizer = Normalizer::new(Target::Tw);
    /// let book = "縂書記説，媒躰。\n".repeat(10_000);
    /// assert_eq!(normalizer.par_normalize(&book), normalizer.normalize(&book));
    /// ```
    pub fn par_normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.normalize_pieces(text, SHORTEST_PIECE)
    }

    /// Normalizes a text in pieces of whole spans that have at least so many bytes.
    fn normalize_pieces<'t>(&self, text: &'t str, shortest: usize) -> Cow<'t, str> {
        let text = self.cleaned(text);
        let pieces = self.pieces(&text, shortest);
        let repaired: Vec<_> = pieces
            .par_iter()
            .map(|piece| self.repaired(piece))
            .collect();
        if repaired.iter().all(Option::is_none) {
            return text;
        }
        let parts = pieces.iter().zip(&repaired);
        let parts = parts.map(|(piece, new)| new.as_deref().unwrap_or(piece));
        Cow::Owned(parts.collect())
    }

    fn pieces<'t>(&self, text: &'t str, shortest: usize) -> Vec<&'t str> {
        let mut finder = self.finder();
        let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
        while let Some(length) = finder.next(&text[at..], true) {
            at += length;
            if at - start >= shortest {
                pieces.push(&text[start..at]);
                start = at;
            }
        }
        pieces.push(&text[start..]);
        pieces
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Target, VariationSelectors};
    use super::*;
    use crate::spans::Unit;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn pieces_give_what_the_whole_text_gives(
            text in "[縂躰郃乾部里后余范发着。！”\n，a𠮷\u{fe00}\u{e0100}]{0,200}",
            unit in prop::sample::select(Unit::ALL.to_vec()),
            target in prop::sample::select(Target::ALL.to_vec()),
            shortest in 1usize..100,
        ) {
            let normalizer = Normalizer::builder(target)
                .unit(unit)
                .variation_selectors(VariationSelectors::Remove)
                .build();
            let expected = normalizer.normalize(&text);
            let got = normalizer.normalize_pieces(&text, shortest);
            prop_assert_eq!(&got, &expected);
            prop_assert_eq!(matches!(got, Cow::Borrowed(_)), matches!(expected, Cow::Borrowed(_)));
        }
    }
}
