//! Replacements before a tokenizer, with the offsets of its tokens in the original text.

use tantivy_tokenizer_api::{Token, TokenStream, Tokenizer};

use crate::Filtered;

/// Replaces parts of a text before a tokenizer sees it.
///
/// # Examples
///
/// ```
/// use tantivy::tokenizer::{SimpleTokenizer, TokenStream, Tokenizer};
/// use zhnorm_tantivy::{CharFilter, CharFilterTokenizer, Filtered};
///
/// /// Takes soft hyphens out.
/// #[derive(Clone)]
/// struct Hyphens;
///
/// impl CharFilter for Hyphens {
///     fn filter(&self, text: &str, filtered: &mut Filtered) {
///         for (n, part) in text.split('\u{AD}').enumerate() {
///             if n > 0 {
///                 filtered.replace('\u{AD}'.len_utf8(), "");
///             }
///             filtered.copy(part);
///         }
///     }
/// }
///
/// let mut tokenizer = CharFilterTokenizer::new(Hyphens, SimpleTokenizer::default());
/// let mut tokens = tokenizer.token_stream("hy\u{AD}phen at");
/// let token = tokens.next().expect("there are two");
/// assert_eq!((token.text.as_str(), token.offset_from, token.offset_to), ("hyphen", 0, 8));
/// assert_eq!(tokens.next().expect("there are two").offset_from, 9);
/// ```
pub trait CharFilter: 'static + Clone + Send + Sync {
    /// Writes all of `text` to `filtered`, which is empty: what stays, and what is replaced.
    fn filter(&self, text: &str, filtered: &mut Filtered);
}

/// A tokenizer that reads what a [`CharFilter`] makes of a text; its offsets are bytes of the original text.
///
/// Tokens come in the order of their starts, whatever the inner tokenizer does: the search mode of jieba gives the
/// parts of a word before the word, at which tantivy's `SnippetGenerator` panics where a snippet begins with the second
/// part. Among tokens of one start the order stays. Positions stay what the inner tokenizer says.
///
/// # Memory
///
/// The tokens of one text, about 50 bytes each; kept for the next text.
#[derive(Clone)]
pub struct CharFilterTokenizer<F, T> {
    filter: F,
    inner: T,
    filtered: Filtered,
    tokens: Tokens,
}

/// The tokens of a text.
#[derive(Clone, Default)]
struct Tokens {
    places: Vec<Place>,
    /// The texts of the tokens, one after the other.
    texts: String,
}

/// A token without its text, and where that is in [`Tokens::texts`].
#[derive(Clone)]
struct Place {
    offset_from: usize,
    offset_to: usize,
    position: usize,
    position_length: usize,
    text: usize,
    length: usize,
}

impl<F: CharFilter, T: Tokenizer> CharFilterTokenizer<F, T> {
    /// The filter before the tokenizer.
    pub fn new(filter: F, inner: T) -> Self {
        CharFilterTokenizer {
            filter,
            inner,
            filtered: Filtered::default(),
            tokens: Tokens::default(),
        }
    }

    pub(crate) fn filter_mut(&mut self) -> &mut F {
        &mut self.filter
    }
}

impl<F: CharFilter, T: Tokenizer> Tokenizer for CharFilterTokenizer<F, T> {
    type TokenStream<'a> = CharFilterStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CharFilterStream<'a> {
        self.filtered.clear();
        self.filter.filter(text, &mut self.filtered);
        let Tokens { places, texts } = &mut self.tokens;
        places.clear();
        texts.clear();
        let mut stream = self.inner.token_stream(self.filtered.text());
        let (mut from, mut sorted) = (0, true);
        while let Some(token) = stream.next() {
            let original = self
                .filtered
                .original_from(&mut from, token.offset_from..token.offset_to);
            sorted &= places
                .last()
                .is_none_or(|last: &Place| last.offset_from <= original.start);
            places.push(Place {
                offset_from: original.start,
                offset_to: original.end,
                position: token.position,
                position_length: token.position_length,
                text: texts.len(),
                length: token.text.len(),
            });
            texts.push_str(&token.text);
        }
        if !sorted {
            places.sort_by_key(|place| place.offset_from);
        }
        CharFilterStream {
            places: self.tokens.places.iter(),
            texts: &self.tokens.texts,
            token: Token::default(),
        }
    }
}

/// The tokens of a [`CharFilterTokenizer`].
pub struct CharFilterStream<'a> {
    places: std::slice::Iter<'a, Place>,
    texts: &'a str,
    token: Token,
}

impl TokenStream for CharFilterStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(place) = self.places.next() else {
            return false;
        };
        self.token.offset_from = place.offset_from;
        self.token.offset_to = place.offset_to;
        self.token.position = place.position;
        self.token.position_length = place.position_length;
        self.token.text.clear();
        self.token
            .text
            .push_str(&self.texts[place.text..][..place.length]);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
