//! What one pass over a text counts.

use std::ops::AddAssign;

/// The evidence in a text: how many characters and words of it tell what.
///
/// Every Han character is counted once, under one of `hans`, `hant`, `hans_leaning`,
/// `hant_leaning`, `japanese` and `shared`. Counts of the parts of a text can be added with `+=`
/// and judged together by [`Detection::from`](crate::Detection).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Counts {
    /// Characters only Simplified text has.
    pub hans: u64,
    /// Characters only Traditional text has.
    pub hant: u64,
    /// Characters both have, that are several times as frequent in Simplified text (后, 于, 干).
    pub hans_leaning: u64,
    /// Characters both have, that are several times as frequent in Traditional text (乾, 徵, 瞭).
    pub hant_leaning: u64,
    /// Words that only Simplified text writes this way, of characters that both have (以后).
    pub hans_words: u64,
    /// Words that only Traditional text writes this way, of characters that both have.
    pub hant_words: u64,
    /// Han characters that only Japanese has (駅, 込).
    pub japanese: u64,
    /// Han characters that tell nothing.
    pub shared: u64,
    /// Words that Japanese has and Chinese next to never (駐車, 郵便): pairs of neighbours, and the mark 々.
    pub japanese_words: u64,
    /// Han characters outside of such words that Japanese has next to never and Chinese often (你 很 于).
    pub never_japanese: u64,
    /// Those that Japanese has a good deal less often than Chinese (在 不 好).
    pub seldom_japanese: u64,
    /// Hiragana and katakana.
    pub kana: u64,
    /// Of these, those that follow a Han character, as particles and endings do.
    pub kana_after_han: u64,
    /// Hangul, syllables and letters.
    pub hangul: u64,
    /// Of these, those that follow a Han character, as particles and endings do.
    pub hangul_after_han: u64,
    /// Characters that write words of Cantonese (佢 嘅 冇).
    pub cantonese: u64,
    /// Characters that write words of Mandarin for which Cantonese has others (他 的 沒).
    pub mandarin: u64,
    /// Of `hans` and `hans_leaning`, those Japanese has as well (国, 学).
    pub hans_in_japanese: u64,
    /// Of `hant` and `hant_leaning`, those Japanese has as well (東, 門).
    pub hant_in_japanese: u64,
    /// Characters and words of Taiwan.
    pub taiwan: u64,
    /// Characters and words of Hong Kong.
    pub hong_kong: u64,
    /// Characters that native text does not have.
    pub damage: Damage,
}

impl Counts {
    /// The number of Han characters.
    pub fn han(&self) -> u64 {
        self.hans + self.hant + self.hans_leaning + self.hant_leaning + self.japanese + self.shared
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.hans += other.hans;
        self.hant += other.hant;
        self.hans_leaning += other.hans_leaning;
        self.hant_leaning += other.hant_leaning;
        self.hans_words += other.hans_words;
        self.hant_words += other.hant_words;
        self.japanese += other.japanese;
        self.shared += other.shared;
        self.japanese_words += other.japanese_words;
        self.never_japanese += other.never_japanese;
        self.seldom_japanese += other.seldom_japanese;
        self.kana += other.kana;
        self.kana_after_han += other.kana_after_han;
        self.hangul += other.hangul;
        self.hangul_after_han += other.hangul_after_han;
        self.cantonese += other.cantonese;
        self.mandarin += other.mandarin;
        self.hans_in_japanese += other.hans_in_japanese;
        self.hant_in_japanese += other.hant_in_japanese;
        self.taiwan += other.taiwan;
        self.hong_kong += other.hong_kong;
        self.damage += other.damage;
    }
}

/// Signs that a converter or an extractor went over a text, by kind.
///
/// One sign alone can be a loan, a name or two words meeting; native text shows up to five in
/// 10,000 Han characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Damage {
    /// Rare or obsolete variants that modern text does not have (縂 for 總).
    pub rare_variants: u64,
    /// Words with a character that stands for another sense (乾部 for 幹部).
    pub wrong_senses: u64,
    /// Characters of the other script left in a text that is clearly of one.
    pub under_conversion: u64,
    /// Kangxi and supplementary radicals in place of characters (⼀ for 一).
    pub radicals: u64,
    /// Compatibility ideographs in place of unified ones.
    pub compatibility: u64,
}

impl Damage {
    /// The number of signs of all kinds.
    pub fn total(&self) -> u64 {
        self.rare_variants
            + self.wrong_senses
            + self.under_conversion
            + self.radicals
            + self.compatibility
    }
}

impl AddAssign for Damage {
    fn add_assign(&mut self, other: Damage) {
        self.rare_variants += other.rare_variants;
        self.wrong_senses += other.wrong_senses;
        self.under_conversion += other.under_conversion;
        self.radicals += other.radicals;
        self.compatibility += other.compatibility;
    }
}
