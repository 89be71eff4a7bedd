//! One large text on several threads, behind the `rayon` feature.
//!
//! The text is cut only where no match of any stage crosses ([`Scan::cut`](crate::scan::facts::Scan::cut);
//! DESIGN.md has the argument), so the pieces convert alone to what they convert to together.

use std::borrow::Cow;

use rayon::prelude::*;

use super::Converter;

/// No piece is meant to be shorter. It takes 60 to 160 microseconds to convert, and some ten to
/// wake a thread for it: on two idle cores a text of two pieces is 1.5 times as fast as on one,
/// and on two that have other work it is slower by a tenth.
const SHORTEST_PIECE: usize = 64 << 10;

/// So many pieces for each thread, for some take longer than others.
const PIECES_PER_THREAD: usize = 4;

impl Converter {
    /// Converts a large text on all threads of the current `rayon` pool; borrows it where nothing
    /// changes. Needs the `rayon` feature.
    ///
    /// Exactly what [`convert`](Converter::convert) gives. The text is divided only where no phrase
    /// can lie across: mostly the nearest comma will do, but a text that has no such place is
    /// converted by one thread, and so are short texts and those for tables of one's own that
    /// convert ASCII characters.
    ///
    /// # Memory
    ///
    /// The pieces' results are joined at the end, so for a moment it takes the output twice.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Config, Converter};
    ///
    /// let converter = Converter::new(Config::S2t);
    /// let book = "皇后后面的头发，干了又干。\n".repeat(10_000);
    /// assert_eq!(converter.par_convert(&book), converter.convert(&book));
    /// ```
    pub fn par_convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.convert_pieces(text, SHORTEST_PIECE) {
            None => self.convert(text),
            Some(pieces) if unchanged(&pieces) => Cow::Borrowed(text),
            Some(pieces) => {
                let mut out = String::new();
                append(&pieces, &mut out);
                Cow::Owned(out)
            }
        }
    }

    /// Converts a large text on all threads of the current `rayon` pool and appends the result to
    /// `out`; see [`par_convert`](Converter::par_convert). Needs the `rayon` feature.
    pub fn par_convert_into(&self, text: &str, out: &mut String) {
        match self.convert_pieces(text, SHORTEST_PIECE) {
            None => self.convert_into(text, out),
            Some(pieces) => append(&pieces, out),
        }
    }

    /// Converts the pieces that a text is divided into, of about `shortest` bytes or more; `None`
    /// if there is but one.
    fn convert_pieces<'t>(&self, text: &'t str, shortest: usize) -> Option<Vec<Cow<'t, str>>> {
        // Before the pool is asked, which the first question starts.
        let count = text.len() / shortest;
        if count < 2 {
            return None;
        }
        let threads = rayon::current_num_threads();
        let count = count.min(threads.saturating_mul(PIECES_PER_THREAD));
        if threads < 2 {
            return None;
        }
        let pieces = self.divide(text, count);
        let several = pieces.len() > 1;
        several.then(|| pieces.par_iter().map(|piece| self.convert(piece)).collect())
    }

    /// Divides a text into at most `count` pieces that convert alone to what they convert to
    /// together. There are fewer where the next even part is reached before a cut is found.
    fn divide<'t>(&self, text: &'t str, count: usize) -> Vec<&'t str> {
        let part = text.len() / count;
        let cut = |number: usize| self.runner.cut(text, number * part..(number + 1) * part);
        let cuts: Vec<usize> = (1..count).into_par_iter().filter_map(cut).collect();
        let mut pieces = Vec::with_capacity(cuts.len() + 1);
        let mut start = 0;
        for cut in cuts {
            pieces.push(&text[start..cut]);
            start = cut;
        }
        pieces.push(&text[start..]);
        pieces
    }
}

fn unchanged(pieces: &[Cow<str>]) -> bool {
    let mut pieces = pieces.iter();
    pieces.all(|piece| matches!(piece, Cow::Borrowed(_)))
}

/// Appends the pieces with one allocation.
fn append(pieces: &[Cow<str>], out: &mut String) {
    out.reserve(pieces.iter().map(|piece| piece.len()).sum());
    for piece in pieces {
        out.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::generators::{alphabet, builtin, converter, Vocabulary};
    use crate::{Config, Table};

    /// Checks that the pieces convert alone as they do together, and returns how many there are.
    fn check(converter: &Converter, text: &str, count: usize) -> usize {
        let pieces = converter.divide(text, count);
        assert_eq!(pieces.concat(), text);
        let alone: Vec<Cow<str>> = pieces
            .iter()
            .map(|piece| converter.convert(piece))
            .collect();
        assert_eq!(alone.concat(), converter.convert(text), "{pieces:?}");
        pieces.len()
    }

    /// How many pieces to ask for: parts of a few characters or of many.
    fn count(text: &str, size: usize) -> usize {
        (text.len() / size).max(1)
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 4 * ProptestConfig::default().cases,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_pieces_of_a_text_convert_alone_as_they_do_together(
            ((config, rare), text) in builtin().prop_flat_map(|(config, rare)| {
                (Just((config, rare)), Vocabulary::of(config).text(40))
            }),
            size in 4..100_usize,
        ) {
            check(&converter(config, rare), &text, count(&text, size));
        }

        #[test]
        fn the_pieces_of_a_text_for_a_pipeline_convert_alone_as_they_do_together(
            (chain, text) in alphabet().prop_flat_map(|alphabet| {
                (alphabet.chain(), proptest::collection::vec(alphabet.text(), 1..6))
            }),
            size in 4..100_usize,
        ) {
            let text = String::from_utf8_lossy(&text.concat()).into_owned();
            check(&chain.converter(), &text, count(&text, size));
        }
    }

    #[test]
    fn a_text_with_commas_is_divided_as_often_as_asked() {
        let text = "皇后后面的头发，干了又干。鼠标里面的硬盘，皇后大道中。".repeat(100);
        for &config in Config::ALL {
            let pieces = check(&Converter::new(config), &text, 32);
            assert_eq!(pieces, 32, "{config}");
        }
    }

    #[test]
    fn a_text_of_keys_that_touch_is_not_divided() {
        let table =
            Table::from_pairs("circle", [("一二", "甲"), ("二一", "乙")]).expect("two pairs");
        let converter = Converter::pipeline().stage(table).build();
        assert_eq!(check(&converter, &"一二".repeat(1000), 16), 1);
        assert_eq!(check(&converter, &"一二三".repeat(1000), 16), 16);
    }

    #[test]
    fn operands_of_a_description_are_not_parted_from_it() {
        // Each of the 31 commas alone would be a place to cut.
        let description = "⿲".repeat(15) + &"发，".repeat(15) + "发";
        for &config in Config::ALL {
            let converter = Converter::new(config);
            for before in 0..description.chars().count() {
                let text = "发".repeat(before) + &description + &"，发".repeat(70);
                check(&converter, &text, text.len() / 7);
            }
        }
    }

    #[test]
    fn a_large_text_is_converted_in_pieces_and_joined() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build();
        pool.expect("three threads").install(|| {
            let converter = Converter::new(Config::S2t);
            let plain = "不，".repeat(SHORTEST_PIECE);
            assert!(converter.convert_pieces(&plain, SHORTEST_PIECE).is_some());
            assert!(matches!(converter.par_convert(&plain), Cow::Borrowed(same) if same == plain));

            let changing = format!("{plain}皇后后面的头发，{plain}");
            let expected = format!("{plain}皇后後面的頭髮，{plain}");
            assert_eq!(converter.par_convert(&changing), expected);
            for text in [plain, changing] {
                let mut out = String::from("before ");
                converter.par_convert_into(&text, &mut out);
                assert_eq!(out, format!("before {}", converter.convert(&text)));
            }
        });
    }
}
