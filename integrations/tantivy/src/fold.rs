//! The fold before a tokenizer and after one, and the tokens that it adds.

use std::borrow::Cow;

use tantivy_tokenizer_api::{Token, TokenFilter, TokenStream, Tokenizer};
use zhnorm::fold::Fold;
use zhnorm::Converter;

use crate::{CharFilter, CharFilterStream, CharFilterTokenizer, Filtered};

/// [`Fold`] as a [`CharFilter`].
#[derive(Clone, Copy, Debug, Default)]
pub struct FoldCharacters(pub Fold);

impl CharFilter for FoldCharacters {
    fn filter(&self, text: &str, filtered: &mut Filtered) {
        match self.0.fold(text) {
            Cow::Borrowed(text) => filtered.copy(text),
            Cow::Owned(folded) => filtered.replace_characters(text, &folded),
        }
    }
}

/// A tokenizer that reads folded text; its offsets are bytes of the original text.
///
/// The fold comes before the inner tokenizer, and so one that knows words finds them in every script. Tokens come in
/// the order of their starts (see [`CharFilterTokenizer`]); those that are added follow the token they belong to, with
/// its position and offsets.
///
/// **Added tokens are for the index alone.** The query parser takes tokens of one position as a phrase that must have
/// all of them, so give it a `TokenizerManager` in which the same name stands for the tokenizer without them.
///
/// # Examples
///
/// ```
/// use tantivy::tokenizer::{SimpleTokenizer, TokenStream, Tokenizer};
/// use zhnorm_tantivy::FoldTokenizer;
///
/// let mut tokenizer = FoldTokenizer::new(SimpleTokenizer::default()).with_originals().with_regional_words();
/// let mut tokens = tokenizer.token_stream("𠀋夫，軟體");
/// let mut found = Vec::new();
/// tokens.process(&mut |token| found.push((token.position, token.offset_from, token.text.clone())));
/// let expected = [(0, 0, "丈夫"), (0, 0, "𠀋夫"), (1, 10, "软体"), (1, 10, "軟體"), (1, 10, "软件")];
/// assert_eq!(found, expected.map(|(position, start, text)| (position, start, text.to_string())));
/// ```
#[derive(Clone)]
pub struct FoldTokenizer<T> {
    inner: CharFilterTokenizer<FoldCharacters, T>,
    added: Added,
}

impl<T: Tokenizer> FoldTokenizer<T> {
    /// Folds as [`zhnorm::fold`](fn@zhnorm::fold) before the tokenizer.
    pub fn new(inner: T) -> Self {
        FoldTokenizer {
            inner: CharFilterTokenizer::new(FoldCharacters::default(), inner),
            added: Added::default(),
        }
    }

    /// With another choice of forms.
    pub fn fold(mut self, fold: Fold) -> Self {
        *self.inner.filter_mut() = FoldCharacters(fold);
        self.added.fold = fold;
        self
    }

    /// Adds the original form of a token that was folded, with the position of the token.
    pub fn with_originals(mut self) -> Self {
        self.added.originals = true;
        self
    }

    /// Adds the words that the mainland, Taiwan and Hong Kong have for that of a token (软件, 軟體), folded.
    ///
    /// They are those of OpenCC's configs `s2twp`, `s2hkp`, `tw2sp` and `hk2sp`. A token is looked up as a whole and
    /// for the words in it.
    pub fn with_regional_words(mut self) -> Self {
        self.added.regional = Some(Regional::new());
        self
    }
}

impl<T: Tokenizer> Tokenizer for FoldTokenizer<T> {
    type TokenStream<'a> = FoldStream<'a, CharFilterStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        FoldStream {
            inner: self.inner.token_stream(text),
            text: Some(text),
            added: &self.added,
            waiting: Vec::new(),
        }
    }
}

/// A token filter that folds every token, for tokenizers that know no words, such as tantivy's n-grams.
///
/// It leaves offsets and positions as they are. What it adds is as in [`FoldTokenizer`], and for the index alone.
///
/// # Examples
///
/// ```
/// use tantivy::tokenizer::{NgramTokenizer, TextAnalyzer};
/// use zhnorm_tantivy::FoldFilter;
///
/// let bigrams = NgramTokenizer::all_ngrams(2, 2)?;
/// let mut analyzer = TextAnalyzer::builder(bigrams).filter(FoldFilter::new()).build();
/// assert_eq!(analyzer.token_stream("頭髮").next().expect("there is one").text, "头发");
/// # Ok::<(), tantivy::TantivyError>(())
/// ```
#[derive(Clone, Default)]
pub struct FoldFilter {
    added: Added,
}

impl FoldFilter {
    /// Folds as [`zhnorm::fold`](fn@zhnorm::fold).
    pub fn new() -> Self {
        FoldFilter::default()
    }

    /// With another choice of forms.
    pub fn fold(mut self, fold: Fold) -> Self {
        self.added.fold = fold;
        self
    }

    /// As [`FoldTokenizer::with_originals`].
    pub fn with_originals(mut self) -> Self {
        self.added.originals = true;
        self
    }

    /// As [`FoldTokenizer::with_regional_words`].
    pub fn with_regional_words(mut self) -> Self {
        self.added.regional = Some(Regional::new());
        self
    }
}

impl TokenFilter for FoldFilter {
    type Tokenizer<T: Tokenizer> = FoldFilterTokenizer<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> FoldFilterTokenizer<T> {
        FoldFilterTokenizer {
            inner,
            added: self.added,
        }
    }
}

/// A tokenizer with a [`FoldFilter`] after it.
#[derive(Clone)]
pub struct FoldFilterTokenizer<T> {
    inner: T,
    added: Added,
}

impl<T: Tokenizer> Tokenizer for FoldFilterTokenizer<T> {
    type TokenStream<'a> = FoldStream<'a, T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        FoldStream {
            inner: self.inner.token_stream(text),
            text: None,
            added: &self.added,
            waiting: Vec::new(),
        }
    }
}

/// The tokens of a [`FoldTokenizer`] or of a [`FoldFilter`].
pub struct FoldStream<'a, S> {
    inner: S,
    /// The original text, if tokens come folded and have their places in it.
    text: Option<&'a str>,
    added: &'a Added,
    /// What is to be added to the last token of `inner`, last first.
    waiting: Vec<String>,
}

impl<S: TokenStream> TokenStream for FoldStream<'_, S> {
    fn advance(&mut self) -> bool {
        if let Some(text) = self.waiting.pop() {
            self.inner.token_mut().text = text;
            return true;
        }
        if !self.inner.advance() {
            return false;
        }
        let token = self.inner.token_mut();
        let original = match self.text {
            Some(text) => text
                .get(token.offset_from..token.offset_to)
                .unwrap_or_default(),
            None => &token.text,
        };
        if self.text.is_some() && !self.added.any() {
            return true;
        }
        let folded = self.added.fold.fold(original);
        self.added.collect(original, &folded, &mut self.waiting);
        if let (None, Cow::Owned(folded)) = (self.text, folded) {
            token.text = folded;
        }
        true
    }

    fn token(&self) -> &Token {
        self.inner.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.inner.token_mut()
    }
}

/// What is added to a folded token.
#[derive(Clone, Default)]
struct Added {
    fold: Fold,
    originals: bool,
    regional: Option<Regional>,
}

impl Added {
    fn any(&self) -> bool {
        self.originals || self.regional.is_some()
    }

    /// Puts what is to be added into `waiting`, which is empty, last first.
    fn collect(&self, original: &str, folded: &str, waiting: &mut Vec<String>) {
        if let Some(regional) = &self.regional {
            regional.collect(self.fold, folded, waiting);
        }
        if self.originals && original != folded {
            waiting.retain(|text| text != original);
            waiting.push(original.to_string());
        }
    }
}

/// The regions' words for one another's.
#[derive(Clone)]
struct Regional {
    /// From Simplified characters with a region's words to the mainland's words, in two steps.
    mainland: [[Converter; 2]; 2],
    /// From the mainland's words to a region's.
    regions: [Converter; 2],
}

impl Regional {
    fn new() -> Self {
        Regional {
            mainland: [
                [Converter::s2tw(), Converter::tw2sp()],
                [Converter::s2hk(), Converter::hk2sp()],
            ],
            regions: [Converter::s2twp(), Converter::s2hkp()],
        }
    }

    /// Puts the words for a folded one into `words`, folded, without the word itself.
    ///
    /// They depend on the folded form alone, so that all scripts' forms of a text get the same ones.
    fn collect(&self, fold: Fold, word: &str, words: &mut Vec<String>) {
        // A single character is no word of one region, and what is ASCII none at all.
        if word.is_ascii() || word.chars().nth(1).is_none() {
            return;
        }
        let mut add = |new: &str| {
            let new = fold.fold(new);
            if new != word && !words.iter().any(|known| *known == new) {
                words.push(new.into_owned());
            }
        };
        let to_regions = |word: &str, add: &mut dyn FnMut(&str)| {
            for region in &self.regions {
                add(&region.convert(word));
            }
        };
        for [to_region, to_mainland] in &self.mainland {
            let mainland = to_mainland.convert(&to_region.convert(word)).into_owned();
            // What Taiwan calls it, for Hong Kong's word, and the other way round.
            if mainland != word {
                to_regions(&mainland, &mut add);
            }
            add(&mainland);
        }
        to_regions(word, &mut add);
    }
}
