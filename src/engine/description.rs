//! Ideographic description sequences: ⿰木公 describes one character, so its parts are not
//! converted.
//!
//! An operator (U+2FF0–2FFF) is followed by one, two or three operands, each a character or a
//! sequence of its own. OpenCC's rules, kept exactly: any single character is an operand, be it a
//! space or a selector; U+31EF is no operator; operators nest at most 15 deep; a sequence has at
//! most 64 characters. What is not a complete sequence by these rules is not one at all.

use std::ops::RangeInclusive;

use crate::text::utf8::{declared_len, LONGEST_UNIT};

/// The operators.
pub(crate) const OPERATORS: RangeInclusive<char> = '\u{2FF0}'..='\u{2FFF}';

/// Operators nest at most so deep.
const MAX_DEPTH: usize = 15;

/// A sequence has at most so many characters.
pub(crate) const MAX_CHARACTERS: usize = 64;

/// More bytes than any sequence that is still incomplete can have.
pub(crate) const MAX_BYTES: usize = MAX_CHARACTERS * LONGEST_UNIT;

/// What stands at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Description {
    /// A complete sequence of this many bytes.
    Complete(usize),
    /// No sequence, whatever follows.
    Absent,
    /// The start of what may become one.
    Incomplete,
}

/// Looks for a sequence at the start of `text`.
pub(crate) fn description(text: &[u8]) -> Description {
    if arity(text) == 0 {
        return Description::Absent;
    }
    let mut reader = Reader {
        text,
        at: 0,
        characters: 0,
    };
    match reader.component(MAX_DEPTH + 1) {
        Ok(()) => Description::Complete(reader.at),
        Err(Failure::Invalid) => Description::Absent,
        Err(Failure::End) => Description::Incomplete,
    }
}

/// How many operands the operator at the start of `text` takes; 0 for anything else.
fn arity(text: &[u8]) -> usize {
    match text {
        [0xE2, 0xBF, 0xB2 | 0xB3, ..] => 3,
        [0xE2, 0xBF, 0xBE | 0xBF, ..] => 1,
        [0xE2, 0xBF, 0xB0..=0xBD, ..] => 2,
        _ => 0,
    }
}

enum Failure {
    Invalid,
    End,
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    characters: usize,
}

impl Reader<'_> {
    fn component(&mut self, depth_left: usize) -> Result<(), Failure> {
        if depth_left == 0 || self.characters >= MAX_CHARACTERS {
            return Err(Failure::Invalid);
        }
        let rest = &self.text[self.at..];
        let first = *rest.first().ok_or(Failure::End)?;
        let length = declared_len(first).ok_or(Failure::Invalid)?;
        if rest.len() < length {
            return Err(Failure::End);
        }
        self.characters += 1;
        self.at += length;
        for _ in 0..arity(rest) {
            self.component(depth_left - 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_what_opencc_does() {
        let complete = |text: &str| Description::Complete(text.len());
        let table = [
            ("⿰钅录录", complete("⿰钅录")),
            ("⿲彳氵亍", complete("⿲彳氵亍")),
            ("⿾门门", complete("⿾门")),
            ("⿱⿰木木火", complete("⿱⿰木木火")),
            ("⿰a\n录", complete("⿰a\n")),
            ("⿰\0\u{FE00}", complete("⿰\0\u{FE00}")),
            ("⿰钅", Description::Incomplete),
            ("⿳ab", Description::Incomplete),
            ("⿰", Description::Incomplete),
            ("㇯汉门", Description::Absent),
            ("汉", Description::Absent),
            ("", Description::Absent),
        ];
        for (text, expected) in table {
            assert_eq!(description(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn fifteen_operators_nest_and_sixteen_do_not() {
        let nested = |depth: usize| "⿰".repeat(depth) + &"门".repeat(depth + 1);
        let fifteen = nested(15);
        assert_eq!(
            description(fifteen.as_bytes()),
            Description::Complete(fifteen.len())
        );
        assert_eq!(description(nested(16).as_bytes()), Description::Absent);
    }

    #[test]
    fn sixty_four_characters_fit_and_sixty_five_do_not() {
        // A full ternary tree of 31 operators would need 63 operands; 21 need 43: 64 in all.
        fn tree(operators: usize) -> String {
            let mut text = String::new();
            let mut queue = operators;
            fn grow(text: &mut String, queue: &mut usize, depth: usize) {
                if *queue == 0 || depth == 0 {
                    text.push('口');
                    return;
                }
                *queue -= 1;
                text.push('⿲');
                for _ in 0..3 {
                    grow(text, queue, depth - 1);
                }
            }
            grow(&mut text, &mut queue, 15);
            text
        }
        let fits = tree(21);
        assert_eq!(fits.chars().count(), 64);
        assert_eq!(
            description(fits.as_bytes()),
            Description::Complete(fits.len())
        );
        assert_eq!(description(tree(22).as_bytes()), Description::Absent);
    }

    #[test]
    fn a_byte_that_starts_no_character_is_no_operand() {
        assert_eq!(description(b"\xE2\xBF\xB0a\xFF"), Description::Absent);
        assert_eq!(
            description(b"\xE2\xBF\xB0a\xE6\xB1"),
            Description::Incomplete
        );
    }
}
