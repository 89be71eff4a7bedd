//! The account of what was changed and what was left.

use std::ops::Range;

/// Why a character was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Reason {
    /// A compatibility ideograph.
    Compatibility,
    /// A radical in the place of an ideograph.
    Radical,
    /// A full-width letter or digit.
    Width,
    /// A variation selector.
    VariationSelector,
    /// A private-use character.
    PrivateUse,
    /// A rare form that modern text does not use.
    Variant,
    /// A character of the other script.
    Script,
    /// A character of the wrong sense, or left unconverted, inside a word.
    Word,
    /// A spelling of another region.
    Style,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Change {
    /// Where it was, in bytes of the source.
    pub source: Range<usize>,
    /// Where it is now, in bytes of the output.
    pub target: Range<usize>,
    /// What was there.
    pub from: String,
    /// What is there now; empty when it was removed.
    pub to: String,
    /// Why.
    pub reason: Reason,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
}

/// Something that looks wrong and was left alone.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Suspect {
    /// Where it is, in bytes of the source.
    pub source: Range<usize>,
    /// What is there.
    pub text: String,
    /// What it may stand for, likeliest first.
    pub candidates: Vec<String>,
    /// Why it looks wrong.
    pub reason: Reason,
}

/// What was changed and what was left.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Report {
    /// Every change, in the order of the text.
    pub changes: Vec<Change>,
    /// What was left alone, in the order of the text.
    pub suspects: Vec<Suspect>,
}

impl Report {
    /// Applies the changes to the text they were reported for. Some may be taken out before: those that are
    /// left are made, whatever their lengths.
    ///
    /// Returns `None` when the text is another one, or the changes are not in its order.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// let mut done = Normalizer::new(Target::Tw).normalize_with_report("媒躰和縂統");
    /// assert_eq!(done.report.replay("媒躰和縂統").as_deref(), Some("媒體和總統"));
    /// done.report.changes.retain(|change| change.from != "縂");
    /// assert_eq!(done.report.replay("媒躰和縂統").as_deref(), Some("媒體和縂統"));
    /// ```
    pub fn replay(&self, source: &str) -> Option<String> {
        let mut out = String::with_capacity(source.len());
        let mut at = 0;
        for change in &self.changes {
            out.push_str(source.get(at..change.source.start)?);
            if source.get(change.source.clone())? != change.from {
                return None;
            }
            out.push_str(&change.to);
            at = change.source.end;
        }
        out.push_str(source.get(at..)?);
        Some(out)
    }
}

/// A text and the account of how it came to be.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Normalized {
    /// The text.
    pub text: String,
    /// What was changed and what was left.
    pub report: Report,
}
