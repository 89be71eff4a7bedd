//! Where one span of the normalizer ends and the next begins.
//!
//! The rule looks a bounded way ahead, so text cut anywhere gives the same spans as the whole. And it gives the same
//! spans for a text and for what becomes of it, or normalizing again would judge other stretches: it sees the text
//! only once it is cleaned (`normalize/clean.rs`), and from there on an ideograph becomes an ideograph and nothing else
//! changes. Ideographs are all alike to the rule but for their length, so lengths are *weights*: a character's
//! bytes, and 3 where it has 4.

use super::{closes, stops, Unit};
use crate::work;

/// A span that finds no end in this weight is cut there, at a character's boundary.
const LONGEST_SPAN: usize = 8192;

/// The characters after an end that still belong to it can reach this weight past [`LONGEST_SPAN`].
const TAIL: usize = 64;

/// No end is found in at most so many bytes: a weight below both together and one more character, in characters
/// of 4 bytes.
pub(crate) const MOST_BYTES: usize = {
    let weight = LONGEST_SPAN + TAIL + 2;
    weight / 3 * 4 + weight % 3
};

fn ends(c: char, unit: Unit) -> bool {
    match unit {
        Unit::Sentence => matches!(c, '；' | '\n') || stops(c),
        Unit::Line | Unit::Paragraph => c == '\n',
        Unit::Document => false,
    }
}

fn trails(c: char) -> bool {
    matches!(c, '；' | '"' | '…') || stops(c) || closes(c) || joins(c)
}

/// Characters that never start a span: they belong to the grapheme before them.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
        | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}')
}

/// Finds the end of one span after another, in text that may still grow.
#[derive(Clone)]
pub(crate) struct Finder {
    unit: Unit,
    /// How much of the span has been looked at.
    at: usize,
    /// Where the weight of the span is [`LONGEST_SPAN`], as far as is known: each character of 4 bytes moves it on.
    limit: usize,
    /// Whether the line has been blank so far.
    blank: bool,
    /// Whether only what trails the end is still missing.
    ended: bool,
}

impl Finder {
    pub(crate) fn new(unit: Unit) -> Self {
        Finder {
            unit,
            at: 0,
            limit: LONGEST_SPAN,
            blank: true,
            ended: false,
        }
    }

    /// The length of the first span of `text`; `None` when more text is needed to know. `last` says that none comes.
    ///
    /// After a span the text is to begin behind it; after `None`, as it did.
    pub(crate) fn next(&mut self, text: &str, last: bool) -> Option<usize> {
        let before = self.at;
        let found = self.look(text);
        work::count(found.unwrap_or(self.at) - before);
        let end = found.or_else(|| (last && !text.is_empty()).then_some(text.len()));
        if end.is_some() {
            *self = Finder::new(self.unit);
        }
        end
    }

    fn look(&mut self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let Finder {
            unit,
            mut at,
            mut limit,
            mut blank,
            mut ended,
        } = *self;
        loop {
            let skipped = if ended { 0 } else { limit.min(bytes.len()) };
            while at < skipped {
                match bytes[at] {
                    // What UTF-8 begins so, U+4000 to U+DFFF, ends no span, and neither do most ASCII characters.
                    0xe4..=0xed => {
                        blank = false;
                        at += 3;
                    }
                    b'\n' | b'!' | b'?' | 0x80.. => break,
                    byte => {
                        blank &= matches!(byte, b'\r' | b' ' | b'\t');
                        at += 1;
                    }
                }
            }
            let Some(c) = text[at..].chars().next() else {
                break;
            };
            let over = match ended {
                true => !trails(c),
                false => at >= limit && !joins(c),
            };
            if over || at >= limit + TAIL {
                return Some(at);
            }
            at += c.len_utf8();
            limit += usize::from(c.len_utf8() == 4);
            if ended || !ends(c, unit) {
                blank &= matches!(c, '\r' | ' ' | '\t' | '\u{3000}');
            } else if c != '\n' {
                ended = true;
            } else if unit == Unit::Paragraph && !blank {
                blank = true;
            } else {
                return Some(at);
            }
        }
        *self = Finder {
            unit,
            at,
            limit,
            blank,
            ended,
        };
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The first span, a character at a time.
    fn naive(text: &str, unit: Unit) -> usize {
        let mut blank = true;
        let mut ended = false;
        let mut weight = 0;
        for (at, c) in text.char_indices() {
            let over = if ended {
                !trails(c)
            } else {
                weight >= LONGEST_SPAN && !joins(c)
            };
            if over || weight >= LONGEST_SPAN + TAIL {
                return at;
            }
            weight += c.len_utf8().min(3);
            if ended || !ends(c, unit) {
                blank &= matches!(c, '\r' | ' ' | '\t' | '\u{3000}');
            } else if c != '\n' {
                ended = true;
            } else if unit == Unit::Paragraph && !blank {
                blank = true;
            } else {
                return at + 1;
            }
        }
        text.len()
    }

    proptest! {
        #[test]
        fn skipping_finds_the_ends_that_looking_at_each_character_finds(
            pieces in prop::collection::vec("[。！？；!?‼｡”」）〉\n\r \u{3000}，、a字𠀀\u{e000}\u{3099}é]{0,12}", 0..24),
            filler in prop::sample::select(vec!["字", "𠀀", "a𠀀", "é", "字\u{e0100}"]),
            filling in prop_oneof![Just(0usize), 2700..2760usize],
            step in 1usize..4000,
        ) {
            let mut text = filler.repeat(filling);
            text.extend(pieces);
            for &unit in Unit::ALL {
                let mut finder = Finder::new(unit);
                let (mut start, mut come) = (0, 0);
                while start < text.len() {
                    // What has come so far, then all of it.
                    let least = come.max(start) + step;
                    let mut ends = least..text.len();
                    come = ends.find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
                    while let Some(length) = finder.next(&text[start..come], come == text.len()) {
                        let rest = &text[start..];
                        prop_assert_eq!(length, naive(rest, unit), "{:?} of {:?}", unit, rest);
                        start += length;
                    }
                    prop_assert!(come - start <= MOST_BYTES);
                }
            }
        }
    }
}
