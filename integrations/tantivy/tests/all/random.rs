//! Random texts through every tokenizer: nothing panics, starts never decrease, ranges are those of characters.

use crate::corpus;
use cang_jie::{CangJieTokenizer, TokenizerOption};
use tantivy::tokenizer::{NgramTokenizer, SimpleTokenizer, TextAnalyzer, TokenStream, Tokenizer};
use tantivy_jieba::JiebaTokenizer;
use zhnorm::fold::{Fold, Forms};
use zhnorm_tantivy::{CharFilter, Filtered, FoldCharacters, FoldFilter, FoldTokenizer};

const TEXTS: usize = 100_000;

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % bound
    }

    /// Words in every script, marks, characters that become shorter, and any character at all.
    fn text(&mut self, words: &[String], shrinking: &[char]) -> String {
        let mut text = String::new();
        for _ in 0..self.below(12) {
            match self.below(6) {
                0 | 1 => text += &words[self.below(words.len())],
                2 => text.push(shrinking[self.below(shrinking.len())]),
                3 => text.push(
                    ['，', ' ', '\0', '\n', '😀', 'ﬁ', 'Ａ', 'ｶ', 'é', '\u{301}'][self.below(10)],
                ),
                4 => {
                    text += [
                        "abc",
                        "2024",
                        "のです",
                        "한국",
                        "南京市长江大桥",
                        "中華人民共和國",
                    ][self.below(6)]
                }
                _ => text.extend(char::from_u32(self.below(0x11_0000) as u32)),
            }
        }
        text
    }
}

fn words() -> Vec<String> {
    let in_script = |(_, converter)| {
        corpus::WORDS
            .iter()
            .map(move |word| corpus::written(word, &converter))
    };
    corpus::scripts().into_iter().flat_map(in_script).collect()
}

/// Each with whether it adds tokens.
fn tokenizers() -> Vec<(&'static str, bool, TextAnalyzer)> {
    let cang_jie = CangJieTokenizer {
        worker: std::sync::Arc::new(cang_jie::jieba_rs::Jieba::new()),
        option: TokenizerOption::All,
    };
    let grams = NgramTokenizer::all_ngrams(1, 3).expect("1 is not above 3");
    let width = Fold::new().with(Forms::Width);
    vec![
        (
            "jieba",
            false,
            TextAnalyzer::from(FoldTokenizer::new(JiebaTokenizer::new())),
        ),
        (
            "cang-jie",
            false,
            TextAnalyzer::from(FoldTokenizer::new(cang_jie).fold(width)),
        ),
        (
            "n-grams, tokenizer",
            false,
            TextAnalyzer::from(FoldTokenizer::new(grams.clone()).fold(width)),
        ),
        (
            "n-grams, filter",
            true,
            TextAnalyzer::builder(grams)
                .filter(FoldFilter::new().fold(width).with_originals())
                .build(),
        ),
        (
            "simple",
            true,
            TextAnalyzer::from(
                FoldTokenizer::new(SimpleTokenizer::default())
                    .with_originals()
                    .with_regional_words(),
            ),
        ),
    ]
}

#[test]
fn tokens_stand_at_characters_of_the_original_in_order() {
    let (words, shrinking) = (words(), corpus::shrinking());
    let mut tokenizers = tokenizers();
    let mut random = Random(0x5EED);
    let mut tokens_seen = vec![0usize; tokenizers.len()];
    let mut shorter = 0;
    for _ in 0..TEXTS {
        let text = random.text(&words, &shrinking);
        shorter += usize::from(zhnorm::fold(&text).len() < text.len());
        for (at, (name, added, analyzer)) in tokenizers.iter_mut().enumerate() {
            let fold = if matches!(*name, "jieba" | "simple") {
                Fold::new()
            } else {
                Fold::new().with(Forms::Width)
            };
            let (mut last, mut stream) = (0, analyzer.token_stream(&text));
            while let Some(token) = stream.next() {
                assert!(last <= token.offset_from, "{name} {text:?}");
                assert!(token.offset_from <= token.offset_to, "{name} {text:?}");
                last = token.offset_from;
                let original = text.get(token.offset_from..token.offset_to);
                let original = original.unwrap_or_else(|| panic!("{name} {text:?} {token:?}"));
                // Where nothing is added, a token is the fold of what stands at its place.
                if !*added {
                    assert_eq!(token.text, fold.fold(original), "{name} {text:?}");
                }
                tokens_seen[at] += 1;
            }
        }
    }
    println!("{TEXTS} texts, {shorter} of which became shorter; tokens: {tokens_seen:?}");
    assert!(shorter > TEXTS / 4 && tokens_seen.iter().all(|&seen| seen > TEXTS));
}

/// Every token's place against a count of characters, which is too simple to be wrong.
#[test]
fn offsets_are_those_of_counted_characters() {
    let (words, shrinking) = (words(), corpus::shrinking());
    let mut random = Random(0xF01D);
    for _ in 0..TEXTS / 10 {
        let text = random.text(&words, &shrinking);
        let fold = Fold::new().with(Forms::Width);
        let folded = fold.fold(&text);
        let places = |text: &str| {
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect::<Vec<_>>()
        };
        let (of_text, of_folded) = (places(&text), places(&folded));
        let mut filtered = Filtered::default();
        FoldCharacters(fold).filter(&text, &mut filtered);
        assert_eq!(filtered.text(), folded);
        for start in 0..of_text.len() - 1 {
            for end in start + 1..of_text.len() {
                let range = filtered.original(of_folded[start]..of_folded[end]);
                assert_eq!(range, of_text[start]..of_text[end], "{text:?}");
            }
        }
    }
}

/// Tokens out of order, as jieba's search mode gives them.
#[test]
fn words_in_words_come_in_order() {
    let text = "𠀋南京市長江大橋";
    let starts = |mut stream: Box<dyn TokenStream + '_>| {
        let mut starts = Vec::new();
        stream.process(&mut |token| starts.push(token.offset_from));
        starts
    };
    let mut jieba = JiebaTokenizer::new();
    let folded = zhnorm::fold(text);
    let inner = starts(Box::new(jieba.token_stream(&folded)));
    assert!(!inner.is_sorted(), "the case has gone: {inner:?}");
    let mut folding = FoldTokenizer::new(JiebaTokenizer::new());
    let outer = starts(Box::new(folding.token_stream(text)));
    assert!(outer.is_sorted() && outer.len() == inner.len(), "{outer:?}");
}
