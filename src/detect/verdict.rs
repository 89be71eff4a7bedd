//! From counts to a verdict: which script, which region, how sure.

use super::{Counts, Region, Script};

// How much one piece of evidence is worth, as the logarithm of how much more likely it is in text
// of its script than in text of the other. Native text of one script has practically no character
// of the other; pairs meet by accident across words now and then.
const CHARACTER: f64 = 8.0;
const WORD: f64 = 5.0;
const LEANING: f64 = 1.5;

/// The least evidence for a verdict: one word.
const ENOUGH: f64 = 4.5;
/// The least evidence that makes a text mixed beside a stronger script: one character or two words.
/// One word, of which a character may lean, is not enough.
const MIXED: f64 = 7.5;
/// The least share of all evidence that makes a text mixed.
const MIXED_SHARE: f64 = 0.1;

/// Judges what was counted.
pub(super) fn judge(counts: &Counts) -> (Script, f64) {
    let japanese = counts.kana + 2 * counts.japanese;
    let not_japanese = chinese_only(counts);
    if is_japanese(counts) {
        let doubt = 4.0 * not_japanese as f64 - japanese as f64;
        return (
            Script::Japanese,
            at_most_sure(logistic(2.0 - doubt.max(-6.0))),
        );
    }
    let hans = score(counts.hans, counts.hans_words, counts.hans_leaning);
    let hant = score(counts.hant, counts.hant_words, counts.hant_leaning);
    let (script, more, less) = if hans > hant {
        (Script::Simplified, hans, hant)
    } else {
        (Script::Traditional, hant, hans)
    };
    if less >= MIXED && less >= MIXED_SHARE * (more + less) {
        return (Script::Mixed, at_most_sure(1.0 - (-less / 2.5).exp()));
    }
    if counts.kana >= 3 && counts.kana * 6 >= counts.kana + counts.han() {
        return (Script::Mixed, 0.9);
    }
    if more < ENOUGH || more - less < ENOUGH - LEANING {
        return (Script::Unknown, unknown(counts, more));
    }
    (script, at_most_sure(logistic(more - less - LEANING)))
}

/// The region a Traditional text leans to: three times as many signs as of the other, and not so
/// few that they are quotations.
pub(super) fn region(counts: &Counts) -> Option<Region> {
    let (taiwan, hong_kong) = (counts.taiwan, counts.hong_kong);
    if (taiwan + hong_kong) * 1000 < counts.han() {
        None
    } else if taiwan > 0 && taiwan >= 3 * hong_kong {
        Some(Region::Taiwan)
    } else if hong_kong > 0 && hong_kong >= 3 * taiwan {
        Some(Region::HongKong)
    } else {
        None
    }
}

/// The evidence for one Chinese script.
fn score(characters: u64, words: u64, leaning: u64) -> f64 {
    CHARACTER * characters as f64 + WORD * words as f64 + LEANING * leaning as f64
}

/// The number of characters and words that Japanese text does not have.
fn chinese_only(counts: &Counts) -> u64 {
    let characters = counts.hans + counts.hant + counts.hans_leaning + counts.hant_leaning;
    let in_japanese = counts.hans_in_japanese + counts.hant_in_japanese;
    characters.saturating_sub(in_japanese)
        + counts.hans_words
        + counts.hant_words
        + counts.taiwan
        + counts.hong_kong
}

/// Whether a text is Japanese: kana or Japanese characters, and next to none that Japanese does
/// not have. A single kana is often an ornament of Chinese text (の).
fn is_japanese(counts: &Counts) -> bool {
    let chinese = chinese_only(counts);
    // Without kana it takes several characters of Japanese alone, since one may be a name.
    let telling = counts.hans + counts.hant + counts.hans_leaning + counts.hant_leaning;
    let enough = counts.kana >= 2
        || counts.japanese >= 2
        || counts.japanese == 1 && telling == 0
        || counts.kana == 1 && counts.han() <= 1;
    let japanese = counts.kana + 2 * counts.japanese;
    // In running Japanese at least one character in twelve is kana.
    let share = counts.kana * 12 >= counts.han() || counts.japanese * 12 >= counts.han();
    enough && share && japanese > 4 * chinese
}

/// How sure it is that a text is written the same in both scripts: wholly without Han characters,
/// nearly where nothing leans, and hardly where something does.
fn unknown(counts: &Counts, evidence: f64) -> f64 {
    if counts.han() == 0 && counts.kana == 0 {
        return 1.0;
    }
    logistic(1.45 - 2.3 * evidence)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// No amount of evidence makes certain.
fn at_most_sure(confidence: f64) -> f64 {
    confidence.min(0.9999)
}
