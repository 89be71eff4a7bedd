//! From counts to a verdict: which script, which language, which region, how sure.

use super::{Counts, Language, Region, Script};

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
    if let Some(confidence) = korean(counts) {
        return (Script::Korean, confidence);
    }
    if let Some(confidence) = japanese(counts) {
        return (Script::Japanese, confidence);
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
    // Japanese running through a text, not only quoted.
    if counts.kana_after_han >= 2 && counts.kana * 6 >= counts.kana + counts.han() {
        return (Script::Mixed, 0.9);
    }
    if more - less < ENOUGH - LEANING && less >= ENOUGH {
        // A word of each script, or a word of one and a character of the other.
        return (Script::Mixed, at_most_sure(1.0 - (-less / 2.5).exp()));
    }
    if more < ENOUGH || more - less < ENOUGH - LEANING {
        return (Script::Unknown, unknown(counts, more));
    }
    (script, at_most_sure(logistic(more - less - LEANING)))
}

/// The language of a text whose script is known.
pub(super) fn language(counts: &Counts, script: Script) -> Language {
    match script {
        Script::Japanese => return Language::Japanese,
        Script::Korean => return Language::Korean,
        _ => {}
    }
    // A Cantonese word or two are quoted in Mandarin, and Cantonese has every character of Mandarin now and then.
    if counts.cantonese * 2 > counts.mandarin {
        return Language::Cantonese;
    }
    let chinese = script != Script::Unknown || counts.never_japanese + counts.seldom_japanese > 0;
    if chinese {
        Language::Chinese
    } else {
        Language::Unknown
    }
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

/// How sure it is that a text is Japanese, if it is.
fn japanese(counts: &Counts) -> Option<f64> {
    if counts.kana > 0 {
        japanese_with_kana(counts)
    } else {
        japanese_of_kanji(counts)
    }
}

/// Kana, or kana and Japanese characters, and next to nothing that Japanese does not have. A single kana
/// is often an ornament of Chinese text (の), and kana that follows no Han character is often quoted.
fn japanese_with_kana(counts: &Counts) -> Option<f64> {
    let evidence = counts.kana + 2 * counts.japanese + counts.japanese_words;
    let against = chinese_only(counts) + counts.never_japanese;
    let seldom = counts.seldom_japanese + counts.mandarin;
    let quoted = counts.kana_after_han == 0 && counts.han() > 0;
    if quoted && against + seldom > counts.japanese + counts.japanese_words {
        return None;
    }
    let enough = counts.kana >= 2 || counts.japanese > 0 || counts.han() <= 1;
    // In running Japanese at least one character in twelve is kana.
    let share = counts.kana * 12 >= counts.han() || counts.japanese * 12 >= counts.han();
    // One word with an ending can stand in a quotation, too; in running Japanese there are more.
    let running = counts.kana_after_han >= 2;
    let against = if running {
        4 * against
    } else {
        4 * (against + counts.never_japanese) + seldom
    };
    let doubt = against as f64 - evidence as f64;
    (enough && share && evidence > against).then(|| at_most_sure(logistic(2.0 - doubt.max(-6.0))))
}

/// Without kana: characters and words of Japanese alone, or forms of both scripts that Japanese has together
/// (郵便番号: 郵 is Traditional and 号 Simplified), and nothing that Chinese has and Japanese has not.
fn japanese_of_kanji(counts: &Counts) -> Option<f64> {
    // A character that only leans may be a Chinese name (余) and needs a surer one beside it.
    let hans_forms = counts.hans_in_japanese.min(counts.hans);
    let both_forms = hans_forms.min(counts.hant_in_japanese);
    let words = 2 * counts.japanese + counts.japanese_words;
    // One of each alone is as likely a mix of two scripts.
    if words == 0 && hans_forms + counts.hant_in_japanese < 3 {
        return None;
    }
    let evidence = words + both_forms;
    // A region tells nothing here: Hong Kong's 税 and Taiwan's 品管 are Japanese, too.
    let regions = counts.taiwan + counts.hong_kong;
    let against = chinese_only(counts) - regions + counts.never_japanese + counts.cantonese;
    // In running Chinese, what seems Japanese is rare.
    let share = evidence * 12 >= counts.han();
    let seldom = counts.seldom_japanese.max(counts.mandarin);
    let found = share && evidence > seldom && evidence > 4 * against;
    found.then(|| at_most_sure(1.0 - 0.15 / (evidence - seldom) as f64))
}

/// How sure it is that a text is Korean, if it is: hangul, which follows hanja as particles and endings
/// do, and next to nothing that only Chinese has.
fn korean(counts: &Counts) -> Option<f64> {
    if counts.hangul <= counts.kana {
        return None;
    }
    let against = counts.hans + counts.never_japanese;
    let quoted = counts.hangul_after_han == 0 && counts.han() > 0;
    if quoted
        && (against + counts.seldom_japanese + counts.mandarin > 0 || counts.hangul < counts.han())
    {
        return None;
    }
    let share = counts.hangul * 12 >= counts.han();
    (share && counts.hangul > 2 * against)
        .then(|| at_most_sure(logistic(2.0 + (counts.hangul - 2 * against).min(6) as f64)))
}

/// How sure it is that a text is written the same in both scripts: wholly without Han characters,
/// nearly where nothing leans, and hardly where something does.
fn unknown(counts: &Counts, evidence: f64) -> f64 {
    if counts.han() + counts.kana + counts.hangul == 0 {
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
