//! Detecting the script of one text.

use super::{tally, verdict, Counts, Damage, Language, Region, Script};

/// What [`detect`] found out about a text.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Detection {
    script: Script,
    language: Language,
    region: Option<Region>,
    confidence: f64,
    counts: Counts,
}

impl Detection {
    /// The script.
    pub fn script(&self) -> Script {
        self.script
    }

    /// The language.
    ///
    /// Chinese is told from the other languages even where nothing tells its script: 你好 is
    /// [`Language::Chinese`] and [`Script::Unknown`]. Cantonese is what has more than a word or two of it.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The region a Traditional text leans to, where it shows one.
    pub fn region(&self) -> Option<Region> {
        self.region
    }

    /// The estimated probability that the script is right, from 0 to 1.
    ///
    /// Of many verdicts with a confidence of 0.9, about nine in ten are right.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// What was counted.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Signs that a converter or an extractor went over the text.
    pub fn damage(&self) -> &Damage {
        &self.counts.damage
    }

    /// The BCP 47 tag of script and language, with the region where there is one: `zh-Hans`, `zh-Hant`,
    /// `zh-Hant-TW`, `zh-Hant-HK`, `zh` for mixed, `yue-Hant`, `yue-Hans`, `yue`, `ja`, `ko`, `und`.
    ///
    /// ```
    /// use zhnorm::detect;
    ///
    /// assert_eq!(detect("呢個係邊個嘅電話").tag(), "yue-Hant");
    /// assert_eq!(detect("駐車禁止").tag(), "ja");
    /// assert_eq!(detect("「すみません」這個詞怎麼說").tag(), "zh-Hant");
    /// ```
    pub fn tag(&self) -> &'static str {
        match (self.language, self.script, self.region) {
            (Language::Cantonese, Script::Traditional, _) => "yue-Hant",
            (Language::Cantonese, Script::Simplified, _) => "yue-Hans",
            (Language::Cantonese, ..) => "yue",
            (_, Script::Traditional, Some(Region::Taiwan)) => "zh-Hant-TW",
            (_, Script::Traditional, Some(Region::HongKong)) => "zh-Hant-HK",
            (_, script, _) => script.tag(),
        }
    }
}

/// Judges counts, which may have been added up from several texts.
impl From<Counts> for Detection {
    fn from(mut counts: Counts) -> Detection {
        let (script, confidence) = verdict::judge(&counts);
        let language = verdict::language(&counts, script);
        let region = match script {
            Script::Traditional => verdict::region(&counts),
            _ => None,
        };
        counts.damage.under_conversion = match script {
            Script::Traditional => counts.hans + counts.hans_words,
            Script::Simplified => counts.hant + counts.hant_words,
            _ => 0,
        };
        if matches!(script, Script::Japanese | Script::Korean) {
            // Forms that would be rare variants in Chinese text.
            counts.damage.rare_variants = 0;
        }
        Detection {
            script,
            language,
            region,
            confidence,
            counts,
        }
    }
}

/// Detects the script of a text.
///
/// One pass over the text, without allocating. The verdict comes with the [`Counts`] it rests on.
///
/// # Examples
///
/// ```
/// use zhnorm::{detect, Region, Script};
///
/// let detection = detect("雲端硬碟裡的資料");
/// assert_eq!(detection.script(), Script::Traditional);
/// assert_eq!(detection.region(), Some(Region::Taiwan));
/// assert!(detection.confidence() > 0.99);
///
/// assert_eq!(detect("こんにちは世界").script(), Script::Japanese);
/// assert_eq!(detect("这是简体。這是繁體。").script(), Script::Mixed);
/// assert_eq!(detect("hello").script(), Script::Unknown);
/// ```
pub fn detect(text: &str) -> Detection {
    Detection::from(tally::tally(text))
}
