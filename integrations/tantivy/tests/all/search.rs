//! An index over documents in every script: what each form of a query finds, with and without the fold, and what the
//! snippets show.
//!
//! `cargo test --test all -- --nocapture` prints the tables of the README.

use std::collections::BTreeSet;

use crate::corpus::{documents, scripts, written, Document, WORDS};
use cang_jie::{CangJieTokenizer, TokenizerOption};
use tantivy::collector::DocSetCollector;
use tantivy::query::{Query, QueryParser};
use tantivy::schema::{
    Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value, FAST, STORED,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{NgramTokenizer, SimpleTokenizer, TextAnalyzer, TokenizerManager};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument};
use tantivy_jieba::JiebaTokenizer;
use zhnorm::fold;
use zhnorm_tantivy::{FoldFilter, FoldTokenizer};

/// Texts in an index, and how queries to it are cut.
struct Engine {
    index: Index,
    searcher: Searcher,
    parser: QueryParser,
    text: Field,
    number: Field,
}

impl Engine {
    fn new<'t>(
        texts: impl Iterator<Item = &'t str>,
        of_index: TextAnalyzer,
        of_queries: TextAnalyzer,
    ) -> Engine {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("zh")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default()
            .set_indexing_options(indexing)
            .set_stored();
        let text = schema.add_text_field("text", options);
        let number = schema.add_u64_field("number", FAST | STORED);
        let schema = schema.build();
        let index = Index::create_in_ram(schema.clone());
        index.tokenizers().register("zh", of_index);
        let mut writer: IndexWriter = index
            .writer_with_num_threads(1, 20_000_000)
            .expect("a writer");
        for (n, line) in texts.enumerate() {
            let mut document = TantivyDocument::new();
            document.add_text(text, line);
            document.add_u64(number, n as u64);
            writer.add_document(document).expect("a document");
        }
        writer.commit().expect("a commit");
        let queries = TokenizerManager::new();
        queries.register("zh", of_queries);
        Engine {
            searcher: index.reader().expect("a reader").searcher(),
            parser: QueryParser::new(schema, vec![text], queries),
            index,
            text,
            number,
        }
    }

    fn query(&self, words: &str) -> Box<dyn Query> {
        self.parser
            .parse_query(&format!("\"{words}\""))
            .expect("a query")
    }

    /// The numbers of the documents that have all of the words.
    fn find(&self, words: &str) -> BTreeSet<usize> {
        let found = self
            .searcher
            .search(&*self.query(words), &DocSetCollector)
            .expect("a search");
        let number = |address| {
            let document: TantivyDocument = self.searcher.doc(address).expect("a document");
            let number = document
                .get_first(self.number)
                .and_then(|value| value.as_u64());
            number.expect("each has a number") as usize
        };
        found.into_iter().map(number).collect()
    }
}

/// A tokenizer as it is and with the fold.
struct Case {
    name: &'static str,
    plain: TextAnalyzer,
    folded: TextAnalyzer,
}

fn cases() -> Vec<Case> {
    let bigrams = || NgramTokenizer::all_ngrams(2, 2).expect("2 is not above 2");
    let cang_jie = CangJieTokenizer {
        worker: std::sync::Arc::new(cang_jie::jieba_rs::Jieba::new()),
        option: TokenizerOption::ForSearch { hmm: false },
    };
    vec![
        Case {
            name: "tantivy-jieba",
            plain: TextAnalyzer::from(JiebaTokenizer::new()),
            folded: TextAnalyzer::from(FoldTokenizer::new(JiebaTokenizer::new())),
        },
        Case {
            name: "cang-jie",
            plain: TextAnalyzer::from(cang_jie.clone()),
            folded: TextAnalyzer::from(FoldTokenizer::new(cang_jie)),
        },
        Case {
            name: "n-grams (2), filter",
            plain: TextAnalyzer::from(bigrams()),
            folded: TextAnalyzer::builder(bigrams())
                .filter(FoldFilter::new())
                .build(),
        },
        Case {
            name: "n-grams (2), tokenizer",
            plain: TextAnalyzer::from(bigrams()),
            folded: TextAnalyzer::from(FoldTokenizer::new(bigrams())),
        },
        Case {
            name: "simple",
            plain: TextAnalyzer::from(SimpleTokenizer::default()),
            folded: TextAnalyzer::from(FoldTokenizer::new(SimpleTokenizer::default())),
        },
    ]
}

/// Of the documents that have a word those that `engine` finds for it, all words together; and those that have it.
///
/// Counts a hit that does not have the word as an error.
fn recall(
    engine: &Engine,
    documents: &[Document],
    query: impl Fn(&str) -> String,
) -> (usize, usize, Vec<String>) {
    let (mut found, mut all, mut missed) = (0, 0, Vec::new());
    for (n, word) in WORDS.iter().enumerate() {
        let query = query(word);
        let hits = engine.find(&query);
        for &hit in &hits {
            assert!(
                fold(&documents[hit].text).contains(&*fold(word)),
                "{query}: {}",
                documents[hit].text
            );
        }
        for (at, document) in documents
            .iter()
            .enumerate()
            .filter(|(_, document)| document.word == n)
        {
            all += 1;
            found += usize::from(hits.contains(&at));
            if !hits.contains(&at) {
                missed.push(format!("{query}: {}", document.text));
            }
        }
    }
    (found, all, missed)
}

#[test]
fn every_form_of_a_query_finds_every_document() {
    let documents = documents();
    assert!(documents.len() >= 2_000);
    let apart: Vec<Document> = documents_that_stand_apart();
    println!("| tokenizer | query | without | with the fold |\n|---|---|---|---|");
    for case in cases() {
        // The simple tokenizer cuts at marks only: it can find what stands between them.
        let documents = if case.name == "simple" {
            &apart
        } else {
            &documents
        };
        let engine = |analyzer: &TextAnalyzer| {
            let texts = documents.iter().map(|document| document.text.as_str());
            Engine::new(texts, analyzer.clone(), analyzer.clone())
        };
        let (plain, folded) = (engine(&case.plain), engine(&case.folded));
        for (script, converter) in scripts() {
            let query = |word: &str| written(word, &converter);
            let (without, all, _) = recall(&plain, documents, query);
            let (with, _, missed) = recall(&folded, documents, query);
            let percent = |part: usize| format!("{:.1} %", 100.0 * part as f64 / all as f64);
            println!(
                "| {} | {script} | {} | {} |",
                case.name,
                percent(without),
                percent(with)
            );
            assert!(
                missed.is_empty(),
                "{}: {} of {all} missed\n{}",
                case.name,
                missed.len(),
                missed.join("\n")
            );
            assert!(without < with);
        }
    }
}

/// The documents in which marks or spaces surround the word.
fn documents_that_stand_apart() -> Vec<Document> {
    let apart = |document: &Document| {
        let text = fold(&document.text);
        let at = text.find(WORDS[document.word]).expect("it has the word");
        let before = text[..at].chars().next_back();
        let after = text[at + WORDS[document.word].len()..].chars().next();
        [before, after]
            .iter()
            .all(|c| c.is_none_or(|c| !c.is_alphanumeric()))
    };
    documents().into_iter().filter(apart).collect()
}

#[test]
fn snippets_without_tags_are_the_source() {
    let documents = documents();
    for case in cases().into_iter().filter(|case| case.name != "simple") {
        let texts = documents.iter().map(|document| document.text.as_str());
        let engine = Engine::new(texts, case.folded.clone(), case.folded);
        let mut shown = 0;
        for (n, word) in WORDS.iter().enumerate() {
            let (script, converter) = &scripts()[n % 4];
            let query = engine.query(&written(word, converter));
            for length in [12, 40, 1_000] {
                let mut generator =
                    SnippetGenerator::create(&engine.searcher, &*query, engine.text)
                        .expect("a generator");
                generator.set_max_num_chars(length);
                for document in documents.iter().filter(|document| document.word == n) {
                    let snippet = generator.snippet(&document.text);
                    let html = snippet.to_html();
                    let bare = html.replace("<b>", "").replace("</b>", "");
                    assert_eq!(
                        bare,
                        document.text[snippet.fragment_range()],
                        "{script} {html}"
                    );
                    if length == 1_000 {
                        // What is marked is the word, in the document's own script. Overlapping n-grams are marked as one.
                        let marked: String = html
                            .split("<b>")
                            .skip(1)
                            .map(|part| part.split("</b>").next().expect("an end"))
                            .collect();
                        assert!(
                            fold(&marked).contains(word),
                            "{}: {script} {word}: {html}",
                            case.name
                        );
                        shown += 1;
                    }
                }
            }
        }
        assert_eq!(shown, documents.len());
        assert!(engine.index.tokenizers().get("zh").is_some());
    }
}

/// Words of the mainland and of Taiwan for the same things, of which each region's query finds the other's documents.
#[test]
fn regional_words_meet_on_request() {
    let pairs = [
        ("软件", "軟體"),
        ("硬盘", "硬碟"),
        ("打印机", "印表機"),
        ("鼠标", "滑鼠"),
        ("服务器", "伺服器"),
        ("出租车", "計程車"),
        ("短信", "簡訊"),
        ("互联网", "網際網路"),
        ("数据库", "資料庫"),
        ("程序", "程式"),
    ];
    let texts: Vec<String> = pairs
        .iter()
        .flat_map(|(one, other)| [format!("我要買「{one}」"), format!("我要买「{other}」")])
        .collect();
    let fold = FoldTokenizer::new(JiebaTokenizer::new());
    let engine = |tokenizer: &FoldTokenizer<JiebaTokenizer>| {
        // A query for 服务器 is to ask for that word, not for 服务 as well.
        let queries = FoldTokenizer::new(JiebaTokenizer::with_search_mode(false));
        let queries = TextAnalyzer::from(queries);
        Engine::new(
            texts.iter().map(String::as_str),
            TextAnalyzer::from(tokenizer.clone()),
            queries,
        )
    };
    let (plain, regional) = (engine(&fold), engine(&fold.clone().with_regional_words()));
    let (mut without, mut with) = (0, Vec::new());
    for (n, (one, other)) in pairs.iter().enumerate() {
        for (query, own, others) in [(one, 2 * n, 2 * n + 1), (other, 2 * n + 1, 2 * n)] {
            // Added, never a replacement.
            assert!(
                plain.find(query).contains(&own) && regional.find(query).contains(&own),
                "{query}"
            );
            without += usize::from(plain.find(query).contains(&others));
            if !regional.find(query).contains(&others) {
                with.push(query);
            }
        }
    }
    println!(
        "regional words: {without} of 20 without, {} of 20 with; not {with:?}",
        20 - with.len()
    );
    assert_eq!(without, 0);
    assert!(with.is_empty(), "{with:?}");
}

#[test]
fn an_original_form_is_found_as_such_on_request() {
    let texts = ["她的頭髮很长", "她的头发很长"];
    let fold = FoldTokenizer::new(JiebaTokenizer::new());
    let with_originals = TextAnalyzer::from(fold.clone().with_originals());
    let folded = Engine::new(
        texts.into_iter(),
        with_originals.clone(),
        TextAnalyzer::from(fold),
    );
    assert_eq!(folded.find("頭髮").len(), 2);
    // A query that asks for the original as well, as the README warns.
    let exact = Engine::new(texts.into_iter(), with_originals.clone(), with_originals);
    assert_eq!(exact.find("頭髮"), BTreeSet::from([0]));
    assert_eq!(exact.find("头发").len(), 2);
}
