//! What the options change of single characters: width, variation selectors, private use.
//!
//! This comes first, and all else looks at the cleaned text: where spans end, what a span shows, which ideographs
//! touch and make words. So a second pass sees the very text that the first one judged.

use std::borrow::Cow;

use super::cell::Cell;
use super::options::{Options, PrivateUse, VariationSelectors, Width};
use super::report::Reason;

/// Finds what is to be cleaned in a text, which may come in pieces.
#[derive(Clone)]
pub(super) struct Cleaner {
    options: Options,
    /// The character before, as it will stand.
    last: char,
}

/// A character that the options change.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    /// Where it is in the text.
    pub at: usize,
    pub from: char,
    /// What it becomes; `None` when it is removed.
    pub to: Option<char>,
    pub reason: Reason,
}

impl Edit {
    /// By how many bytes the text gets shorter.
    pub(super) fn saved(&self) -> usize {
        self.from.len_utf8() - self.to.map_or(0, char::len_utf8)
    }
}

impl Cleaner {
    /// `None` when the options change nothing.
    pub(super) fn new(options: &Options) -> Option<Self> {
        let needed = options.width != Width::Keep
            || options.variation_selectors != VariationSelectors::Keep
            || options.private_use != PrivateUse::Keep;
        needed.then_some(Cleaner {
            options: *options,
            last: '\0',
        })
    }

    /// What is to be changed in the next piece of the text.
    pub(super) fn edits<'a>(&'a mut self, text: &'a str) -> impl Iterator<Item = Edit> + 'a {
        text.char_indices().filter_map(|(at, from)| {
            let (to, reason) = match from {
                '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}'
                    if self.options.width == Width::Narrow =>
                {
                    (char::from_u32(u32::from(from) - 0xfee0), Reason::Width)
                }
                '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
                    if self.options.variation_selectors == VariationSelectors::Remove
                        && Cell::of(self.last.into()).is_han() =>
                {
                    (None, Reason::VariationSelector)
                }
                '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}'
                    if self.options.private_use == PrivateUse::Replace =>
                {
                    (Some(char::REPLACEMENT_CHARACTER), Reason::PrivateUse)
                }
                _ => {
                    self.last = from;
                    return None;
                }
            };
            self.last = to.unwrap_or(self.last);
            Some(Edit {
                at,
                from,
                to,
                reason,
            })
        })
    }

    /// Appends the next piece of the text as it will stand.
    pub(super) fn append(&mut self, text: &str, out: &mut String) {
        let copied = apply(text, self.edits(text), out);
        out.push_str(&text[copied..]);
    }

    /// What follows is no longer after the character before.
    pub(super) fn part(&mut self) {
        self.last = '\0';
    }
}

/// The text as it will stand; borrowed when nothing is changed.
pub(super) fn cleaned(text: &str, edits: impl Iterator<Item = Edit>) -> Cow<'_, str> {
    let mut out = String::new();
    match apply(text, edits, &mut out) {
        0 => Cow::Borrowed(text),
        copied => {
            out.push_str(&text[copied..]);
            Cow::Owned(out)
        }
    }
}

/// Appends the text up to the end of the last edit, and tells where that is.
fn apply(text: &str, edits: impl Iterator<Item = Edit>, out: &mut String) -> usize {
    let mut copied = 0;
    for edit in edits {
        out.push_str(&text[copied..edit.at]);
        out.extend(edit.to);
        copied = edit.at + edit.from.len_utf8();
    }
    copied
}
