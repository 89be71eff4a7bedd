//! One form of a text for search: [`fold`](fn@fold).
//!
//! A query in Simplified and a document in Traditional meet if both are folded: every character becomes the one that
//! stands for all its forms, which is the Simplified one, so that what cuts text into words knows them.
//!
//! ```
//! use zhnorm::fold::fold;
//!
//! assert_eq!(fold("頭髮"), "头发");
//! assert_eq!(fold("裡面"), fold("裏面"));
//! assert_eq!(fold("鉄道"), fold("鐵道"));
//! ```
//!
//! A fold is for keys, not for readers. It is no conversion: where one has to know the word (乾 is 干 in 餅乾 and 乾
//! in 乾坤), the fold makes 干 of both. What it gives for that:
//!
//! - `fold(a + b)` is `fold(a) + fold(b)`: parts, prefixes and n-grams of a folded text are those of the text, folded.
//! - Folding twice is folding once.
//! - The number of characters stays, and so a character of the folded text stands for the one in its place. The
//!   number of *bytes* may become smaller (𠀋 has four, 丈 three), so places in bytes have to be counted anew.
//!
//! Words of one region for another's (软件, 軟體) are not folded. They are synonyms.
//!
//! `data/fold/classes.tsv` has every class of characters that holds more than one Simplified form, and why.

mod forms;
mod mapped;
mod stream;
mod tables;

use std::borrow::Cow;
use std::fmt;

use crate::scan::characters::{Characters, LONGEST_START};
use crate::scan::output::{AppendTo, IntoCow};

pub use forms::Forms;
pub use stream::Stream;

/// Folds a text with [`Fold::new`]; borrows it where nothing changes.
///
/// # Complexity
///
/// O(n). The first call makes the tables, in about a millisecond.
///
/// # Examples
///
/// ```
/// use std::borrow::Cow;
/// use zhnorm::fold::fold;
///
/// let documents = ["我的頭髮", "我的头发", "头痛"];
/// let query = fold("頭发");
/// let found: Vec<_> = documents.iter().filter(|text| fold(text).contains(&*query)).collect();
/// assert_eq!(found, [&"我的頭髮", &"我的头发"]);
/// assert!(matches!(fold("头发"), Cow::Borrowed(_)));
/// ```
pub fn fold(text: &str) -> Cow<'_, str> {
    Fold::new().fold(text)
}

/// Folds text for search, with a choice of [`Forms`].
///
/// A value of one byte: copy it, store it with an index. The tables of a choice are made when it first folds, in about
/// a millisecond, and shared from then on.
///
/// # Examples
///
/// ```
/// use zhnorm::fold::{Fold, Forms};
///
/// assert_eq!(Fold::new().fold("鉄道の ＡＢＣ"), "铁道の ＡＢＣ");
/// let fold = Fold::new().with(Forms::Width).without(Forms::Japanese);
/// assert_eq!(fold.fold("鉄道の ＡＢＣ"), "鉄道の ABC");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fold {
    /// A bit for each of the forms.
    forms: u8,
}

impl Fold {
    /// More bytes than this a stream never holds back.
    pub const MAX_HELD: usize = LONGEST_START;

    /// With variants and Japan's forms, as [`fold`](fn@fold) folds.
    pub const fn new() -> Fold {
        Fold {
            forms: Forms::Variants.bit() | Forms::Japanese.bit(),
        }
    }

    /// The same, and these forms are folded.
    pub const fn with(self, forms: Forms) -> Fold {
        Fold {
            forms: self.forms | forms.bit(),
        }
    }

    /// The same, and these forms stay as they are.
    pub const fn without(self, forms: Forms) -> Fold {
        Fold {
            forms: self.forms & !forms.bit(),
        }
    }

    /// Whether these forms are folded.
    pub const fn has(self, forms: Forms) -> bool {
        self.forms & forms.bit() != 0
    }

    /// Folds a text; borrows it where nothing changes.
    pub fn fold(self, text: &str) -> Cow<'_, str> {
        self.map().convert(text, IntoCow)
    }

    /// Folds a text and appends the result to `out`.
    pub fn fold_into(self, text: &str, out: &mut String) {
        if !self.map().convert(text, AppendTo(out)) {
            out.push_str(text);
        }
    }

    /// Folds bytes that should be UTF-8 and appends the result to `out`; what is not UTF-8 is copied as it stands.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::fold::Fold;
    ///
    /// let mut out = Vec::new();
    /// Fold::new().fold_bytes(b"\xFF\xE6\xBC\xA2\0\xE6", &mut out);
    /// assert_eq!(out, b"\xFF\xE6\xB1\x89\0\xE6");
    /// ```
    pub fn fold_bytes(self, bytes: &[u8], out: &mut Vec<u8>) {
        if !self.map().convert_bytes(bytes, out) {
            out.extend_from_slice(bytes);
        }
    }

    /// What one character becomes. A text becomes this, character by character.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::fold::Fold;
    ///
    /// let fold = Fold::new();
    /// assert_eq!(fold.fold_char('髮'), '发');
    /// assert_eq!(fold.fold_char('x'), 'x');
    /// ```
    pub fn fold_char(self, c: char) -> char {
        self.map().get(c)
    }

    /// Begins a text that arrives in pieces.
    pub fn stream(self) -> Stream {
        Stream::new(self)
    }

    fn map(self) -> &'static Characters {
        tables::of(self.forms)
    }
}

/// [`Fold::new`].
impl Default for Fold {
    fn default() -> Fold {
        Fold::new()
    }
}

impl fmt::Debug for Fold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let forms = Forms::ALL.iter().filter(|&&forms| self.has(forms));
        f.write_str("Fold ")?;
        f.debug_set().entries(forms).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{force, Form};

    /// All characters, in blocks of one kind and mixed with what each form of the loop treats apart.
    #[test]
    fn every_form_of_the_loop_folds_character_by_character() {
        let fold = Fold::new().with(Forms::Width);
        let all: Vec<char> = ('\0'..=char::MAX).collect();
        let mut texts: Vec<String> = all.chunks(5_000).map(String::from_iter).collect();
        let mixed = all.chunks(997).flat_map(|part| part.iter().step_by(7));
        let mixed = mixed.flat_map(|&c| ['头', c, '髮', 'a', '一', c, '頭']);
        texts.push(mixed.collect());
        texts.push("头发".repeat(5_000) + &"頭髮".repeat(50) + &"头发".repeat(9_000));
        for form in Form::all() {
            force(form);
            for text in &texts {
                let expected: String = text.chars().map(|c| fold.fold_char(c)).collect();
                assert!(fold.fold(text) == expected, "{form:?}");
            }
            for (at, text) in texts.iter().enumerate() {
                let starts = text.char_indices().map(|(start, _)| start).step_by(911);
                for start in starts {
                    let short: String = text[start..].chars().take(at % 43).collect();
                    let expected: String = short.chars().map(|c| fold.fold_char(c)).collect();
                    assert_eq!(fold.fold(&short), expected, "{form:?}");
                }
            }
        }
    }
}
