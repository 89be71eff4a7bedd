//! Where one span ends and the next begins.
//!
//! The rule looks at most [`LONGEST`] bytes ahead, so text cut anywhere gives the same spans as the whole.

use super::options::Unit;

/// A span that finds no end in this many bytes is cut there, at a character's boundary.
pub(super) const LONGEST: usize = 8192;

/// The characters after an end that still belong to it can reach this many bytes past [`LONGEST`].
const TAIL: usize = 64;

fn ends(c: char, unit: Unit) -> bool {
    match unit {
        Unit::Sentence => matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | '\n'),
        Unit::Line | Unit::Paragraph => c == '\n',
    }
}

fn trails(c: char) -> bool {
    matches!(
        c,
        '。' | '！'
            | '？'
            | '；'
            | '!'
            | '?'
            | '”'
            | '’'
            | '」'
            | '』'
            | '）'
            | '》'
            | '】'
            | ')'
            | '"'
            | '…'
    ) || joins(c)
}

/// Characters that never start a span: they belong to the grapheme before them.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
        | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}')
}

/// The length of the first span of `text`; `None` when more text is needed to know. `last` says that none comes.
pub(super) fn first(text: &str, unit: Unit, last: bool) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let bytes = text.as_bytes();
    let mut blank = true;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if at < LONGEST {
            // What UTF-8 begins so, U+4000 to U+DFFF, ends no span, and neither do most ASCII characters.
            let length = match byte {
                0xe4..=0xed => 3,
                b'\n' | b'!' | b'?' | 0x80.. => 0,
                _ => 1,
            };
            if length > 0 {
                blank &= matches!(byte, b'\r' | b' ' | b'\t');
                at += length;
                continue;
            }
        }
        let c = text[at..].chars().next().expect("a character starts here");
        if at >= LONGEST && !joins(c) || at >= LONGEST + TAIL {
            return Some(at);
        }
        at += c.len_utf8();
        if !ends(c, unit) {
            blank &= c == '\r' || c == ' ' || c == '\t' || c == '\u{3000}';
            continue;
        }
        if c == '\n' {
            if unit == Unit::Paragraph && !blank {
                blank = true;
                continue;
            }
            return Some(at);
        }
        for (trailing, c) in text[at..].char_indices() {
            if !trails(c) || at + trailing >= LONGEST + TAIL {
                return Some(at + trailing);
            }
        }
        return last.then_some(text.len());
    }
    last.then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// [`first`], a character at a time.
    fn naive(text: &str, unit: Unit) -> usize {
        let mut blank = true;
        let mut ended = false;
        for (at, c) in text.char_indices() {
            let over = if ended {
                !trails(c)
            } else {
                at >= LONGEST && !joins(c)
            };
            if over || at >= LONGEST + TAIL {
                return at;
            }
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
            pieces in prop::collection::vec("[。！？；!?”」）\n\r \u{3000}，、a字𠀀\u{e000}\u{3099}é]{0,12}", 0..24),
            filling in prop_oneof![Just(0usize), 2700..2760usize],
        ) {
            let mut text = "字".repeat(filling);
            text.extend(pieces);
            for unit in [Unit::Sentence, Unit::Line, Unit::Paragraph] {
                let mut rest = &text[..];
                while let Some(length) = first(rest, unit, true) {
                    prop_assert_eq!(length, naive(rest, unit), "{:?} of {:?}", unit, rest);
                    rest = &rest[length..];
                }
                prop_assert!(rest.is_empty());
            }
        }
    }
}
