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
    let mut blank = true;
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        // UTF-8 begins U+4000 to U+DFFF with these: nothing there ends a span, or belongs to the end of one.
        if (0xe4..=0xed).contains(&byte) && at < LONGEST {
            blank = false;
            at += 3;
            continue;
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
