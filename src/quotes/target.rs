//! [`QuotationMarks`]: which marks a text is to have.

use std::fmt;
use std::str::FromStr;

use crate::config::Variety;
use crate::unknown::{self, NameKind, UnknownName};

/// The quotation marks that a text is to have; converts others to them.
///
/// Simplified Chinese has “ ” outside and ‘ ’ inside, Traditional and Japanese have 「」 outside and 『』
/// inside. [`QuotationMarks::of`] tells which those of a variety are.
///
/// # What is converted
///
/// Marks become marks, one for one; nothing else changes.
///
/// - *Nesting*: the outermost quotation gets the outer marks, whichever it had; one within another gets those
///   that the other has not. Marks that are of the target already stay, unless they stand right within
///   marks that become the same.
/// - *Chinese*: curly marks are English as well. They are converted if the letters next to the quotation in its
///   line are Chinese or Japanese, on either side; or if some inside are and those outside do not speak
///   against it. So “Hello” in a Chinese sentence is converted, and “你好” in an English one is not. Corner marks
///   are always converted.
/// - *Apostrophes* (don’t, ’90s, students’), *feet and inches* (6’ 2”, 15.6”) and straight marks, so all program
///   code, stay.
/// - *Unbalanced*: a mark without its counterpart is converted where its neighbours are Chinese. A quotation may
///   go on over several lines, each of which may open it again, as paragraphs do; a blank line ends what is
///   open.
///
/// A second time nothing more changes. `tests/quotation_marks/cases.tsv` has the cases with the reasons.
///
/// # Examples
///
/// ```
/// use zhnorm::{Converter, QuotationMarks, Variety};
///
/// let corner = QuotationMarks::Corner;
/// assert_eq!(corner.convert("他说：“别信‘稳赚’。”"), "他说：「别信『稳赚』。」");
/// assert_eq!(corner.convert("I said “don’t”."), "I said “don’t”.");
/// assert_eq!(QuotationMarks::Curly.convert("「別信『穩賺』。」"), "“別信‘穩賺’。”");
///
/// let to = Variety::Taiwan;
/// let text = Converter::between(Variety::Hans, to).convert("“头发”").into_owned();
/// assert_eq!(QuotationMarks::of(to).convert(&text), "「頭髮」");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum QuotationMarks {
    /// “ ” and in them ‘ ’, as in Simplified Chinese (GB/T 15834).
    Curly,
    /// 「」 and in them 『』, as in Taiwan, Hong Kong and Japan.
    Corner,
}

impl QuotationMarks {
    /// Both.
    pub const ALL: &'static [QuotationMarks] = &[QuotationMarks::Curly, QuotationMarks::Corner];

    /// Those of a variety.
    pub const fn of(variety: Variety) -> QuotationMarks {
        match variety {
            Variety::Hans => QuotationMarks::Curly,
            Variety::Hant
            | Variety::Taiwan
            | Variety::TaiwanWords
            | Variety::HongKong
            | Variety::HongKongWords
            | Variety::Shinjitai => QuotationMarks::Corner,
        }
    }

    /// The name: `curly` or `corner`.
    pub const fn name(self) -> &'static str {
        match self {
            QuotationMarks::Curly => "curly",
            QuotationMarks::Corner => "corner",
        }
    }
}

impl fmt::Display for QuotationMarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for QuotationMarks {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<QuotationMarks, UnknownName> {
        let (kind, all) = (NameKind::QuotationMarks, QuotationMarks::ALL);
        unknown::find(kind, name, all, QuotationMarks::name)
    }
}
