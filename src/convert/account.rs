//! Why a text became what it became: the table and key that decided each place, and what else it could be.
//!
//! Everything here passes the exact engine level by level, which costs many times a conversion: it is for
//! editors and proofreaders, and for whoever asks why.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use super::runner::Runner;
use super::Converter;
use crate::align::RangeError;
use crate::engine::story::{self, Story};
use crate::engine::{convert_alone, Level};
use crate::table::Table;

/// A place of a text that all stages have in common, and what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Change {
    /// Where it was, in bytes of the source.
    pub source: Range<usize>,
    /// Where it is now, in bytes of the output.
    pub target: Range<usize>,
    /// What was there.
    pub from: String,
    /// What is there now; empty if it was removed.
    pub to: String,
    /// All that it could be, `to` first. More than one if a key that was replaced has several candidates.
    pub candidates: Vec<String>,
    /// The keys that were found, stage after stage.
    pub decisions: Vec<Decision>,
}

/// A key that a stage found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Decision {
    /// The number of the level, from 0: normalization, segmentation and stages are levels in this order.
    pub level: usize,
    /// The table that the key comes from, by its name.
    pub table: String,
    /// The key.
    pub key: String,
    /// What replaced it: its first candidate. The key itself if it only ended segments.
    pub value: String,
    /// All candidates of the key.
    pub candidates: Vec<String>,
    /// How it was found.
    pub by: By,
}

/// How a key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum By {
    /// A single character, of which no phrase said more: its default.
    Character,
    /// A key of several characters.
    Phrase,
    /// A word of one's own.
    Word,
    /// A key at which the text was cut, and no more.
    Segment,
}

/// A text and the account of how it came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Converted {
    /// The text.
    pub text: String,
    /// What changed.
    pub report: Report,
}

/// What changed, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Report {
    /// Every change.
    pub changes: Vec<Change>,
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
    /// use zhnorm::Converter;
    ///
    /// let mut done = Converter::s2twp().convert_with_report("程序员的鼠标");
    /// assert_eq!(done.report.replay("程序员的鼠标").as_deref(), Some("程式設計師的滑鼠"));
    /// done.report.changes.retain(|change| change.from != "程序员");
    /// assert_eq!(done.report.replay("程序员的鼠标").as_deref(), Some("程序员的滑鼠"));
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

/// The whole story of a part of a text; made by [`Converter::explain`] and to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// Every place of the part, changed or not.
    pub places: Vec<Change>,
}

impl Converter {
    /// Converts a text and reports every change: where it was and is, and which key of which table decided.
    ///
    /// The text is that of [`convert`](Converter::convert).
    ///
    /// # Complexity
    ///
    /// O(n), and some dozen times as much as to convert.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::account::By;
    /// use zhnorm::Converter;
    ///
    /// let done = Converter::s2t().convert_with_report("头发和皇后");
    /// assert_eq!(done.text, "頭髮和皇后");
    /// let change = &done.report.changes[0];
    /// assert_eq!((change.from.as_str(), change.to.as_str()), ("头发", "頭髮"));
    /// assert_eq!((change.decisions[0].table.as_str(), change.decisions[0].by), ("STPhrases", By::Phrase));
    /// assert_eq!(done.report.changes.len(), 1);
    /// ```
    pub fn convert_with_report(&self, text: &str) -> Converted {
        let (text, mut changes) = self.runner.account(text, 0..text.len());
        changes.retain(|change| change.from != change.to);
        let report = Report { changes };
        Converted { text, report }
    }

    /// Every place of a text that could become something else: a key with several candidates was replaced
    /// there, by its first one.
    ///
    /// # Complexity
    ///
    /// As [`convert_with_report`](Converter::convert_with_report).
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::account::By;
    /// use zhnorm::Converter;
    ///
    /// let ambiguities = Converter::s2t().ambiguities("压缩饼干。干！");
    /// let [alone] = &ambiguities[..] else { panic!("the phrase has one candidate") };
    /// assert_eq!(alone.candidates, ["幹", "乾", "干", "榦"]);
    /// assert_eq!((alone.source.start, alone.decisions[0].by), (15, By::Character));
    /// ```
    pub fn ambiguities(&self, text: &str) -> Vec<Change> {
        let (_, mut places) = self.runner.account(text, 0..text.len());
        places.retain(Change::is_ambiguous);
        places
    }

    /// The whole story of a part of a text: every place in it, changed or not, with the keys that each stage
    /// found. It prints well.
    ///
    /// # Errors
    ///
    /// If the range is not one of whole characters of the text.
    ///
    /// # Complexity
    ///
    /// As [`convert_with_report`](Converter::convert_with_report), for the whole text.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Converter;
    ///
    /// let explanation = Converter::s2twp().explain("用鼠标", 3..6)?;
    /// let expected = "\
    /// 3..9 鼠标 → 滑鼠
    ///   level 1: 标 → 標, a character of STCharacters
    ///   level 2: 鼠標 → 滑鼠, a phrase of TWPhrases
    /// ";
    /// assert_eq!(explanation.to_string(), expected);
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn explain(&self, text: &str, range: Range<usize>) -> Result<Explanation, RangeError> {
        RangeError::check(&range, text)?;
        let (_, places) = self.runner.account(text, range);
        Ok(Explanation { places })
    }
}

impl Change {
    /// Whether a key with several candidates was replaced here.
    fn is_ambiguous(&self) -> bool {
        self.decisions.iter().any(Decision::is_ambiguous)
    }
}

impl Decision {
    fn is_ambiguous(&self) -> bool {
        self.by != By::Segment && self.candidates.len() > 1
    }
}

impl Runner {
    /// The characters that are ambiguous where they stand alone, each as a word for itself.
    pub(super) fn ambiguous_characters(&self) -> Table {
        let keys = self
            .plans()
            .into_iter()
            .flat_map(|plan| plan.levels.iter().flat_map(Level::keys));
        let characters = keys
            .map(|(key, _)| key)
            .filter(|key| key.chars().nth(1).is_none());
        // A character may be a key of several levels.
        let characters: BTreeSet<String> = characters.collect();
        let is_kept = |character: &String| {
            let (_, places) = self.account(character, 0..character.len());
            places.iter().any(Change::is_ambiguous)
        };
        let kept: Vec<String> = characters.into_iter().filter(is_kept).collect();
        let words = kept
            .iter()
            .map(|character| (character.as_str(), character.as_str()));
        Table::from_pairs("ambiguous characters", words).expect("no key is empty or twice")
    }

    /// What a text becomes, and all places that touch a range of it.
    fn account(&self, text: &str, range: Range<usize>) -> (String, Vec<Change>) {
        let plans = self.plans();
        let levels: Vec<&Level> = plans.iter().flat_map(|plan| &plan.levels).collect();
        let story = story::tell(&plans, text.as_bytes());
        let mut found: Vec<_> = story
            .found
            .iter()
            .map(|found| found.iter().peekable())
            .collect();
        let mut places = Vec::new();
        for pair in story.boundaries.windows(2) {
            let [from, to] = [&pair[0], &pair[1]];
            let mut decisions = Vec::new();
            for (level, found) in found.iter_mut().enumerate() {
                while let Some(found) = found.next_if(|found| found.key.start < to[level]) {
                    let key = part(&story, level, found.key.clone());
                    decisions.push(decision(level, key, found));
                }
            }
            let is_asked = from[0] < range.end.max(range.start + 1) && to[0] > range.start;
            if is_asked {
                let last = levels.len();
                places.push(change(
                    &levels,
                    [from[0]..to[0], from[last]..to[last]],
                    &story,
                    decisions,
                ));
            }
        }
        let text = String::from_utf8(story.texts.into_iter().next_back().unwrap_or_default());
        (text.expect("text and values are UTF-8"), places)
    }
}

fn part<'s>(story: &'s Story<'_>, level: usize, range: Range<usize>) -> &'s str {
    std::str::from_utf8(&story.texts[level][range]).expect("text and values are UTF-8")
}

fn decision(level: usize, key: &str, found: &story::Found<'_>) -> Decision {
    let value = match found.is_replaced {
        true => found.entry.value(),
        false => key,
    };
    Decision {
        level,
        table: found.entry.origin().to_owned(),
        key: key.to_owned(),
        value: value.to_owned(),
        candidates: found.entry.candidates().map(str::to_owned).collect(),
        by: match (found.is_word, found.is_replaced) {
            (true, _) => By::Word,
            (false, false) => By::Segment,
            (false, true) if key.chars().nth(1).is_some() => By::Phrase,
            (false, true) => By::Character,
        },
    }
}

fn change(
    levels: &[&Level],
    [source, target]: [Range<usize>; 2],
    story: &Story<'_>,
    decisions: Vec<Decision>,
) -> Change {
    let from = part(story, 0, source.clone()).to_owned();
    let to = part(story, levels.len(), target.clone()).to_owned();
    let mut candidates = vec![to.clone()];
    if decisions.iter().any(Decision::is_ambiguous) {
        for form in forms(levels, &from) {
            if !candidates.contains(&form) {
                candidates.push(form);
            }
        }
    }
    Change {
        source,
        target,
        from,
        to,
        candidates,
        decisions,
    }
}

/// No more forms of a place than this are given.
const MOST_FORMS: usize = 64;

/// What a text could become: each stage makes of each form that is a key of its own all candidates, and of
/// any other what it would become.
fn forms(levels: &[&Level], text: &str) -> Vec<String> {
    let mut forms = vec![text.to_owned()];
    for level in levels.iter().filter(|level| level.role.converts()) {
        let mut next: Vec<String> = Vec::new();
        for form in &forms {
            let words = level.overlay.as_ref().and_then(|words| words.get(form));
            let entry = words.or_else(|| level.table.get(form));
            let made = match entry {
                Some(entry) => entry.candidates().map(str::to_owned).collect(),
                None => {
                    let mut out = Vec::new();
                    convert_alone(std::slice::from_ref(*level), form.as_bytes(), &mut out);
                    vec![String::from_utf8(out).expect("text and values are UTF-8")]
                }
            };
            for form in made {
                if next.len() < MOST_FORMS && !next.contains(&form) {
                    next.push(form);
                }
            }
        }
        forms = next;
    }
    forms
}

impl By {
    /// What it says of a table.
    fn description(self) -> &'static str {
        match self {
            By::Character => "a character of",
            By::Phrase => "a phrase of",
            By::Word => "a word of",
            By::Segment => "cut at by",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decision {
            level,
            table,
            key,
            value,
            candidates,
            by,
        } = self;
        write!(
            f,
            "level {level}: {key} → {value}, {} {table}",
            by.description()
        )?;
        match candidates.len() {
            ..=1 => Ok(()),
            _ => write!(f, ", of {}", candidates.join(" ")),
        }
    }
}

/// A line for each place, and under it one for each key that was found.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in &self.places {
            let Change {
                source, from, to, ..
            } = place;
            writeln!(f, "{source:?} {from} → {to}")?;
            for decision in &place.decisions {
                writeln!(f, "  {decision}")?;
            }
        }
        Ok(())
    }
}
