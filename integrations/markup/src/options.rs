//! What is converted, where there is a choice.

use zhnorm::Config;

/// Languages that are Chinese, by their first subtag (the macrolanguage `zh` of ISO 639-3 and its most used
/// members).
const CHINESE: &[&str] = &["zh", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "lzh"];

/// Attributes that are read by people.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "label",
    "placeholder",
    "summary",
    "title",
];

/// Elements whose contents are not prose.
const LEFT_ALONE: &[&str] = &[
    "code",
    "iframe",
    "kbd",
    "listing",
    "math",
    "noembed",
    "noframes",
    "plaintext",
    "pre",
    "samp",
    "script",
    "style",
    "textarea",
    "xmp",
];

/// What of a document is converted.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
/// use zhnorm_markup::{convert_html, Options};
///
/// let html = r#"<p lang="zh-Hans">头发 <i lang="ja">発</i></p>"#;
/// let options = Options::new().target("zh-TW");
/// let mut out = Vec::new();
/// convert_html(&Converter::s2tw(), &options, html.as_bytes(), &mut out)?;
/// assert_eq!(out, r#"<p lang="zh-TW">頭髮 <i lang="ja">発</i></p>"#.as_bytes());
/// # Ok::<(), zhnorm_markup::MarkupError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    target: Option<String>,
    languages: Vec<String>,
    pub(crate) attributes: Vec<String>,
    pub(crate) left_alone: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options::new()
    }
}

impl Options {
    /// Converts all that is Chinese or of no stated language, and leaves the statements of language as they are.
    pub fn new() -> Options {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Options {
            target: None,
            languages: owned(CHINESE),
            attributes: owned(ATTRIBUTES),
            left_alone: owned(LEFT_ALONE),
        }
    }

    /// The same, for the source of a config: Japanese as well for `jp2t`.
    pub fn for_config(config: Config) -> Options {
        let mut options = Options::new();
        if config == Config::Jp2t {
            options.languages.push("ja".to_owned());
        }
        options
    }

    /// States this language, a BCP 47 tag such as `zh-TW`, where the source states one that was converted: `lang`,
    /// `xml:lang`, and `dc:language` of an EPUB.
    #[must_use]
    pub fn target(mut self, tag: &str) -> Options {
        self.target = Some(tag.to_owned());
        self
    }

    /// The languages to convert, by the first subtag of their tags, instead of the Chinese ones. A text of no
    /// stated language is always converted.
    #[must_use]
    pub fn languages<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Options {
        self.languages = names.into_iter().map(Into::into).collect();
        self
    }

    /// The attributes to convert, in lower case, instead of `alt`, `title`, `placeholder`, `aria-label` and their
    /// like. The `content` of a `meta` of known meaning and the `value` of a button are always converted.
    #[must_use]
    pub fn attributes<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Options {
        self.attributes = names.into_iter().map(Into::into).collect();
        self
    }

    /// The elements to leave alone, in lower case, instead of `code`, `pre`, `script`, `style`, `kbd`, `samp`,
    /// `textarea` and their like.
    #[must_use]
    pub fn left_alone<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Options {
        self.left_alone = names.into_iter().map(Into::into).collect();
        self
    }

    /// Whether a text of this language is converted.
    pub(crate) fn converts(&self, tag: &str) -> bool {
        let mut subtags = tag.trim().split(['-', '_']);
        let first = subtags.next().unwrap_or_default();
        if first.is_empty() || first.eq_ignore_ascii_case("und") {
            return true;
        }
        // Pinyin is Chinese, too (`zh-Latn`).
        let is_script =
            |subtag: &&str| subtag.len() == 4 && subtag.bytes().all(|b| b.is_ascii_alphabetic());
        let has_characters = |script: &str| {
            let known = ["hans", "hant", "hani", "jpan", "hanb"];
            known.iter().any(|name| name.eq_ignore_ascii_case(script))
        };
        let is_known = |name: &String| name.eq_ignore_ascii_case(first);
        self.languages.iter().any(is_known) && subtags.find(is_script).is_none_or(has_characters)
    }

    /// What to state instead of this language.
    pub(crate) fn restated(&self, tag: &str) -> Option<&str> {
        let states_one = !tag.trim().is_empty() && !tag.trim().eq_ignore_ascii_case("und");
        let target = self.target.as_deref()?;
        (states_one && self.converts(tag) && tag != target).then_some(target)
    }
}
