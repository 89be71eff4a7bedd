//! The marks, and what letters beside them tell.

use super::target::QuotationMarks;

/// All marks have so many bytes.
pub(super) const LEN: usize = 3;

/// A pair of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// “ ”
    Double,
    /// ‘ ’
    Single,
    /// 「」
    Corner,
    /// 『』
    WhiteCorner,
}

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) shape: Shape,
    pub(super) opens: bool,
}

/// All marks, each in UTF-8.
const MARKS: [(&str, Shape, bool); 8] = [
    ("“", Shape::Double, true),
    ("”", Shape::Double, false),
    ("‘", Shape::Single, true),
    ("’", Shape::Single, false),
    ("「", Shape::Corner, true),
    ("」", Shape::Corner, false),
    ("『", Shape::WhiteCorner, true),
    ("』", Shape::WhiteCorner, false),
];

impl Mark {
    pub(super) fn of(character: char) -> Option<Mark> {
        let (shape, opens) = match character {
            '“' => (Shape::Double, true),
            '”' => (Shape::Double, false),
            '‘' => (Shape::Single, true),
            '’' => (Shape::Single, false),
            '「' => (Shape::Corner, true),
            '」' => (Shape::Corner, false),
            '『' => (Shape::WhiteCorner, true),
            '』' => (Shape::WhiteCorner, false),
            _ => return None,
        };
        Some(Mark { shape, opens })
    }

    pub(super) fn bytes(self) -> &'static [u8] {
        let is_it =
            |&&(_, shape, opens): &&(&str, Shape, bool)| (shape, opens) == (self.shape, self.opens);
        let (text, ..) = MARKS.iter().find(is_it).expect("all are there");
        text.as_bytes()
    }
}

impl Shape {
    /// Whether only Chinese and Japanese have it.
    pub(super) fn is_corner(self) -> bool {
        matches!(self, Shape::Corner | Shape::WhiteCorner)
    }

    /// Whether it is one of the target's.
    pub(super) fn is_of(self, target: QuotationMarks) -> bool {
        self.is_corner() == (target == QuotationMarks::Corner)
    }

    /// The target's marks in a quotation with these, or in none.
    pub(super) fn inside(around: Option<Shape>, target: QuotationMarks) -> Shape {
        let [outer, inner] = match target {
            QuotationMarks::Curly => [Shape::Double, Shape::Single],
            QuotationMarks::Corner => [Shape::Corner, Shape::WhiteCorner],
        };
        match around == Some(outer) {
            true => inner,
            false => outer,
        }
    }

    /// The target's marks for those of which only one end is there: outer for outer, inner for inner.
    pub(super) fn counterpart(self, target: QuotationMarks) -> Shape {
        match (self, target) {
            (Shape::Double | Shape::Corner, QuotationMarks::Curly) => Shape::Double,
            (Shape::Double | Shape::Corner, QuotationMarks::Corner) => Shape::Corner,
            (Shape::Single | Shape::WhiteCorner, QuotationMarks::Curly) => Shape::Single,
            (Shape::Single | Shape::WhiteCorner, QuotationMarks::Corner) => Shape::WhiteCorner,
        }
    }
}

/// What a character tells of the text it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// It is Chinese or Japanese: ideographs, kana, bopomofo, and their punctuation.
    East,
    /// A letter of any other script. Korean is among them: it has curly marks of its own.
    Other,
}

impl Letter {
    /// Digits, spaces and punctuation that all scripts have tell nothing.
    pub(super) fn of(character: char) -> Option<Letter> {
        match character {
            ..='\u{2E7F}' => character.is_alphabetic().then_some(Letter::Other),
            // Ideographic spaces, and the marks themselves.
            '\u{3000}' | '「'..='』' => None,
            // Full-width digits and letters are typed in Chinese.
            '\u{2E80}'..='\u{312F}'
            | '\u{31A0}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FE30}'..='\u{FE6F}'
            | '\u{FF01}'..='\u{FF9F}'
            | '\u{1B000}'..='\u{1B16F}'
            | '\u{20000}'..='\u{3FFFF}' => Some(Letter::East),
            _ => character.is_alphabetic().then_some(Letter::Other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_written_as_it_is_read_and_has_three_bytes() {
        for (text, shape, opens) in MARKS {
            let mark = Mark::of(text.chars().next().expect("a mark"));
            assert_eq!(mark, Some(Mark { shape, opens }));
            assert_eq!(Mark { shape, opens }.bytes(), text.as_bytes());
            assert_eq!(text.len(), LEN);
        }
        for character in [
            '"', '\'', '`', '„', '‚', '«', '〝', '″', '′', '﹁', '｢', '《',
        ] {
            assert_eq!(Mark::of(character), None);
        }
    }

    #[test]
    fn letters_tell_and_what_all_scripts_have_does_not() {
        for character in "汉漢㐀𠀀かカㄅ，。（Ａ、《豈".chars() {
            assert_eq!(Letter::of(character), Some(Letter::East), "{character}");
        }
        for character in "aZéжה한ไ".chars() {
            assert_eq!(Letter::of(character), Some(Letter::Other), "{character}");
        }
        for character in "19 .,!?-—…·\u{3000}“”‘’「」『』„😀\u{301}".chars() {
            assert_eq!(Letter::of(character), None, "{character}");
        }
    }
}
