//! Spans of one language: what a Chinese text quotes of Japanese and Korean stands apart.

use std::iter::FusedIterator;
use std::ops::Range;

use super::{detect, detect_spans, Language, Span, Spans};
use crate::spans::Unit;

/// Detects the language of every part of a text: the spans of [`detect_spans`], of which each that is
/// Chinese is cut around what it quotes in kana or hangul.
///
/// A quotation is the inside of quotation marks, if it is Japanese or Korean as a whole, or a run of two and
/// more kana or hangul. What is Japanese or Korean itself, and a span without kana and hangul, stays one.
/// The spans follow each other and cover the text without a gap.
///
/// # Complexity
///
/// Linear in the text: a part is looked at a few times, however it is cut.
///
/// # Examples
///
/// ```
/// use zhnorm::{language_spans, Language, Unit};
///
/// let text = "他說「すみません」，是不好意思的意思。";
/// let spans: Vec<_> = language_spans(text, Unit::Sentence)
///     .map(|span| (&text[span.range], span.detection.language()))
///     .collect();
/// assert_eq!(spans[0], ("他說「", Language::Chinese));
/// assert_eq!(spans[1], ("すみません", Language::Japanese));
/// assert_eq!(spans[2], ("」，是不好意思的意思。", Language::Chinese));
/// ```
pub fn language_spans(text: &str, unit: Unit) -> LanguageSpans<'_> {
    LanguageSpans {
        text,
        units: detect_spans(text, unit),
        rest: 0..0,
        quotation: None,
    }
}

/// The iterator [`language_spans`] returns.
#[derive(Clone, Debug)]
pub struct LanguageSpans<'t> {
    text: &'t str,
    units: Spans<'t>,
    /// What is left of a unit that is being cut.
    rest: Range<usize>,
    /// The quotation at the beginning of the rest, if it is known to be one.
    quotation: Option<usize>,
}

impl Iterator for LanguageSpans<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        if self.rest.is_empty() {
            let unit = self.units.next()?;
            let counts = unit.detection.counts();
            let is_foreign = matches!(
                unit.detection.language(),
                Language::Japanese | Language::Korean
            );
            if is_foreign || counts.kana + counts.hangul == 0 {
                return Some(unit);
            }
            self.rest = unit.range;
        }
        let start = self.rest.start;
        let end = match self.quotation.take() {
            Some(end) => end,
            None => match quotation(&self.text[self.rest.clone()]) {
                Some(found) if found.start == 0 => start + found.end,
                Some(found) => {
                    self.quotation = Some(start + found.end);
                    start + found.start
                }
                None => self.rest.end,
            },
        };
        self.rest.start = end;
        Some(Span {
            range: start..end,
            detection: detect(&self.text[start..end]),
        })
    }
}

impl FusedIterator for LanguageSpans<'_> {}

/// The first quotation of a text.
///
/// Only the innermost quotation marks that are open count, so that the search ends at the next mark behind a
/// run, and what lies between two marks is looked at twice at most.
fn quotation(text: &str) -> Option<Range<usize>> {
    let mut opened = None;
    // Of the kana or hangul that are being read: where they begin, where they end, how many they are.
    let mut run: Option<(usize, usize, usize)> = None;
    // Whether there were any behind the opening quotation mark.
    let mut quoted = false;
    // The first run of two and more, which is taken if no quotation marks are around it.
    let mut found: Option<Range<usize>> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if is_phonetic(c) {
            let (begin, _, count) = run.unwrap_or((at, at, 0));
            run = Some((begin, end, count + 1));
            continue;
        }
        if continues(c) && run.is_some() {
            run = run.map(|(begin, _, count)| (begin, end, count));
            continue;
        }
        if let Some((begin, end, count)) = run.take() {
            quoted |= opened.is_some();
            if count >= 2 && found.is_none() {
                found = Some(begin..end);
            }
        }
        if opens(c) {
            if found.is_some() {
                return found;
            }
            opened = Some(end);
            quoted = false;
        } else if closes(c) || c == '\n' {
            if let (Some(begin), true) = (opened, quoted && closes(c)) {
                let inside = detect(&text[begin..at]).language();
                if matches!(inside, Language::Japanese | Language::Korean) {
                    return Some(begin..at);
                }
            }
            opened = None;
        }
        if found.is_some() && opened.is_none() {
            return found;
        }
    }
    if let (None, Some((begin, end, 2..))) = (&found, run) {
        found = Some(begin..end);
    }
    found
}

/// Kana and hangul.
fn is_phonetic(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{31F0}'..='\u{31FF}'
        | '\u{FF66}'..='\u{FF9F}' | '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}'
        | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FB}' | '\u{FFA1}'..='\u{FFDC}')
}

/// What stands inside a run of kana or hangul: marks of voice, length and repetition, the middle dot, a variation
/// selector, a joiner or a combining mark.
fn continues(c: char) -> bool {
    matches!(c, '\u{3099}'..='\u{309E}' | '\u{30FB}' | '\u{30FC}' | '\u{30FD}' | '\u{30FE}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{200C}' | '\u{200D}' | '\u{300}'..='\u{36F}' | '\u{302A}'..='\u{302F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Opening quotation marks and those of titles.
fn opens(c: char) -> bool {
    matches!(
        c,
        '「' | '『' | '“' | '‘' | '《' | '〈' | '【' | '﹁' | '﹃'
    )
}

/// Their closing ones.
fn closes(c: char) -> bool {
    matches!(
        c,
        '」' | '』' | '”' | '’' | '》' | '〉' | '】' | '﹂' | '﹄'
    )
}
