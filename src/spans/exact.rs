//! Where the units of a text end for detection: without a bound, between grapheme clusters.

use unicode_segmentation::GraphemeCursor;

use super::{closes, stops, Unit};
use crate::work;

impl Unit {
    /// The length in bytes of the first unit of a text: 0 for an empty text, and never inside a
    /// grapheme cluster.
    ///
    /// # Sentences
    ///
    /// A sentence ends after `。！？` and their full-width, half-width and doubled fellows (`.`
    /// only before a space that no small letter follows), with the closing quotes and brackets and
    /// the spaces that follow, unless a comma or its like comes next. Unicode's own sentence rules (UAX #29) take an opening quote after a
    /// full stop for a closing one, so that 「 in 走了。「好」 would end the first sentence; here it
    /// begins the second. A straight quote closes when an odd number of its kind precede it in the
    /// sentence.
    ///
    /// # Complexity
    ///
    /// Linear in the unit and, for a paragraph, in the line after it: so all units of a text together
    /// take time linear in the text.
    pub fn first_in(self, text: &str) -> usize {
        let end = match self {
            Unit::Document => text.len(),
            Unit::Paragraph => paragraph(text),
            Unit::Line => line(text),
            Unit::Sentence => sentence(text),
        };
        to_grapheme_end(text, end)
    }
}

/// The next grapheme boundary at or after the end of a unit.
///
/// The cursor may look back, over the marks that follow the end and no further: it never has to
/// count flags, since none of what ends a unit is a regional indicator or joins with one.
fn to_grapheme_end(text: &str, mut at: usize) -> usize {
    while let Some(next) = text[at..].chars().next() {
        // What ends a unit joins with nothing after it but combining characters, and these never
        // do; only then is a look at the neighbours needed.
        if matches!(next, '\n' | '\r' | ' '..='~' | '\u{3001}'..='\u{3029}' | '\u{4E00}'..='\u{9FFF}')
        {
            break;
        }
        // With the whole text as one chunk from 0 the cursor never asks for more.
        let mut cursor = GraphemeCursor::new(at, text.len(), true);
        if cursor.is_boundary(text, 0).unwrap_or(true) {
            break;
        }
        at += next.len_utf8();
        work::count(next.len_utf8());
    }
    at
}

/// The length of the first line with its end.
fn line(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|b| may_end_line(*b)) {
        let at = from + found;
        work::count(found);
        if let Some(end) = line_end(&bytes[at..]) {
            return at + end;
        }
        from = at + 1;
    }
    work::count(bytes.len() - from);
    text.len()
}

/// Whether a byte begins a line end.
fn may_end_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0xC2 | 0xE2)
}

/// The length of the line end that some bytes begin with.
fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r', ..] => Some(1),
        [0xC2, 0x85, ..] => Some(2),
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => Some(3),
        _ => None,
    }
}

/// The length of the first paragraph: its lines and the blank ones around them.
fn paragraph(text: &str) -> usize {
    let mut end = 0;
    let (mut began, mut ended) = (false, false);
    while end < text.len() {
        let next = &text[end..end + line(&text[end..])];
        let blank = next.trim().is_empty();
        if ended && !blank {
            break;
        }
        began |= !blank;
        ended = began && blank;
        end += next.len();
        if next.ends_with('\u{2029}') {
            break;
        }
    }
    end
}

/// The length of the first sentence.
fn sentence(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut quotes = Quotes::default();
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|b| may_end_sentence(*b)) {
        let at = from + found;
        work::count(found);
        if let Some(end) = line_end(&bytes[at..]) {
            return at + end;
        }
        // The bytes looked for are all ASCII or lead bytes, so a character begins here.
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        let after = at + c.len_utf8();
        if ends_sentence(c) {
            let end = sentence_tail(text, after, &mut quotes);
            if !goes_on(c, &text[after..end], &text[end..]) {
                return end;
            }
            from = end;
            continue;
        }
        from = after;
    }
    work::count(bytes.len() - from);
    text.len()
}

/// Whether a byte begins a line end or a character that ends sentences.
fn may_end_sentence(byte: u8) -> bool {
    matches!(
        byte,
        b'\n' | b'\r' | b'.' | b'!' | b'?' | 0xC2 | 0xE2 | 0xE3 | 0xEF
    )
}

/// Whether a sentence may end after a character.
fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '．') || stops(c)
}

/// Where a sentence that may have ended at a position really ends: after more of the same, closing
/// quotes and brackets, spaces, and a line end.
fn sentence_tail(text: &str, mut end: usize, quotes: &mut Quotes) -> usize {
    let from = end;
    let mut spaces = false;
    for c in text[end..].chars() {
        let belongs = match c {
            '\t' | ' ' | '\u{A0}' | '\u{3000}' | '\u{2000}'..='\u{200A}' => {
                spaces = true;
                true
            }
            _ if ends_sentence(c) => {
                spaces = false;
                true
            }
            _ if spaces => false,
            '"' | '\'' | '＂' | '＇' => quotes.is_open(c, &text[..end]),
            _ => closes(c),
        };
        if !belongs {
            break;
        }
        end += c.len_utf8();
    }
    work::count(end - from);
    end + line_end(&text.as_bytes()[end..]).unwrap_or(0)
}

/// Which kinds of straight quotes stand open in a sentence.
///
/// Counted as far as the last stop that one follows, and on from there at the next: a comma keeps a
/// sentence open after every stop of a JSON array, and counting from its start would be quadratic.
#[derive(Default)]
struct Quotes {
    counted: usize,
    open: [bool; 4],
}

impl Quotes {
    /// Whether an odd number of a quote is in `before`, the sentence up to a place that never lies
    /// before that of an earlier question.
    #[cold]
    fn is_open(&mut self, quote: char, before: &str) -> bool {
        const KINDS: [char; 4] = ['"', '\'', '＂', '＇'];
        let kind = |c: char| KINDS.iter().position(|&kind| kind == c);
        let more = &before[self.counted..];
        work::count(more.len());
        for kind in more.chars().filter_map(kind) {
            self.open[kind] ^= true;
        }
        self.counted = before.len();
        kind(quote).is_some_and(|kind| self.open[kind])
    }
}

/// Whether a sentence goes on although it has a full stop and what may follow one.
fn goes_on(stop: char, tail: &str, rest: &str) -> bool {
    if tail.ends_with(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        return false;
    }
    match rest.chars().next() {
        None => false,
        Some(next) if continues(next) => true,
        // 3.14, e.g. this; but not the end of one sentence before another.
        Some(next) if matches!(stop, '.' | '．') => {
            next.is_lowercase() || !tail.ends_with(char::is_whitespace)
        }
        Some(_) => false,
    }
}

/// Whether a character cannot begin a sentence, so that it continues the one before it (SContinue
/// of UAX #29).
fn continues(c: char) -> bool {
    matches!(
        c,
        ',' | '-'
            | ':'
            | '–'
            | '—'
            | '、'
            | '，'
            | '：'
            | '－'
            | '､'
            | '︐'
            | '︑'
            | '︓'
            | '﹐'
            | '﹑'
            | '﹕'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// [`sentence`] with the quotes counted from its start each time.
    fn naive_sentence(text: &str) -> usize {
        let mut from = 0;
        while let Some(c) = text[from..].chars().next() {
            if let Some(end) = line_end(&text.as_bytes()[from..]) {
                return from + end;
            }
            from += c.len_utf8();
            if ends_sentence(c) {
                let end = naive_tail(text, from);
                if !goes_on(c, &text[from..end], &text[end..]) {
                    return end;
                }
                from = end;
            }
        }
        text.len()
    }

    fn naive_tail(text: &str, mut end: usize) -> usize {
        let mut spaces = false;
        for c in text[end..].chars() {
            let space = matches!(
                c,
                '\t' | ' ' | '\u{A0}' | '\u{3000}' | '\u{2000}'..='\u{200A}'
            );
            let belongs = match c {
                _ if space || ends_sentence(c) => true,
                _ if spaces => false,
                '"' | '\'' | '＂' | '＇' => text[..end].matches(c).count() % 2 == 1,
                _ => closes(c),
            };
            if !belongs {
                break;
            }
            spaces = space;
            end += c.len_utf8();
        }
        end + line_end(&text.as_bytes()[end..]).unwrap_or(0)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        #[test]
        fn sentences_are_those_whose_quotes_are_counted_from_their_start(
            pieces in prop::collection::vec(prop_oneof![
                "[\"'＂＇]", "[。.!？‼]", "[,，、:]", "[ \u{3000}\t]", "[」）”]", "[字a甲]",
                "[\u{301}\u{FE00}\u{200D}]", "[\n\r\u{85}\u{2028}]",
            ], 0..40),
        ) {
            let text = pieces.concat();
            let mut rest = &text[..];
            while !rest.is_empty() {
                let length = Unit::Sentence.first_in(rest);
                prop_assert_eq!(length, to_grapheme_end(rest, naive_sentence(rest)), "of {:?}", rest);
                rest = &rest[length..];
            }
        }
    }

    /// Each is one unit, or many, that once asked for a second look at what had been passed.
    const HOSTILE: [&str; 16] = [
        "\"他说。\",\"她说。\",",
        "'a.',",
        "＂好！＂，",
        "。\"\"",
        ".\"'＂＇ ,",
        "3.14,",
        "。」\u{3000}，",
        "？！",
        "\n",
        " \n",
        "甲\n\n",
        "好。\u{301}",
        "\u{301}",
        "。\u{200D}\u{1F469}",
        "‼\u{200D}",
        "\u{1F1FA}\n\u{1F1FA}क\u{94D}",
    ];

    #[test]
    fn units_of_any_text_are_found_in_linear_time() {
        for piece in HOSTILE {
            for tail in ["", "\n", "\u{301}", "字\"。\"x"] {
                let text = piece.repeat(4000) + tail;
                for &unit in Unit::ALL {
                    let looked = work::of(|| {
                        let mut at = 0;
                        while at < text.len() {
                            at += unit.first_in(&text[at..]);
                        }
                    });
                    assert!(
                        looked <= 4 * text.len(),
                        "{unit} of {piece:?}: {looked} bytes looked at, of {}",
                        text.len()
                    );
                }
            }
        }
    }
}
