//! How long an index takes to build with the fold, beside the same without.
//!
//! `cargo run --release --example build_time [ROUNDS]`, with the texts of the library's benchmarks.

use std::path::Path;
use std::time::{Duration, Instant};

use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{NgramTokenizer, SimpleTokenizer, TextAnalyzer};
use tantivy::{doc, Index, IndexWriter};
use tantivy_jieba::JiebaTokenizer;
use zhnorm_tantivy::{FoldFilter, FoldTokenizer};

/// Each text is repeated up to this many bytes.
const BYTES: usize = 8_000_000;

fn build(lines: &[&str], analyzer: &TextAnalyzer) -> tantivy::Result<Duration> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("zh")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default()
        .set_indexing_options(indexing)
        .set_stored();
    let text = schema.add_text_field("text", options);
    let index = Index::create_in_ram(schema.build());
    index.tokenizers().register("zh", analyzer.clone());
    let start = Instant::now();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 200_000_000)?;
    let bytes: usize = lines.iter().map(|line| line.len()).sum();
    for line in lines
        .iter()
        .cycle()
        .take(lines.len() * BYTES.div_ceil(bytes))
    {
        writer.add_document(doc!(text => *line))?;
    }
    writer.commit()?;
    Ok(start.elapsed())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds: usize = std::env::args()
        .nth(1)
        .map_or(Ok(5), |rounds| rounds.parse())?;
    let jieba = JiebaTokenizer::new;
    let bigrams = NgramTokenizer::all_ngrams(2, 2)?;
    let simple = SimpleTokenizer::default;
    let folded = FoldTokenizer::new;
    let cases: [(&str, TextAnalyzer, TextAnalyzer); 6] = [
        (
            "tantivy-jieba",
            TextAnalyzer::from(jieba()),
            TextAnalyzer::from(folded(jieba())),
        ),
        (
            "tantivy-jieba, with originals",
            TextAnalyzer::from(jieba()),
            TextAnalyzer::from(FoldTokenizer::new(jieba()).with_originals()),
        ),
        (
            "tantivy-jieba, with regional words",
            TextAnalyzer::from(jieba()),
            TextAnalyzer::from(FoldTokenizer::new(jieba()).with_regional_words()),
        ),
        (
            "n-grams (2), tokenizer",
            TextAnalyzer::from(bigrams.clone()),
            TextAnalyzer::from(FoldTokenizer::new(bigrams.clone())),
        ),
        (
            "n-grams (2), filter",
            TextAnalyzer::from(bigrams.clone()),
            TextAnalyzer::builder(bigrams)
                .filter(FoldFilter::new())
                .build(),
        ),
        (
            "simple",
            TextAnalyzer::from(simple()),
            TextAnalyzer::from(FoldTokenizer::new(simple())),
        ),
    ];
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/corpus");
    println!("| text | tokenizer | without | with | more |\n|---|---|---|---|---|");
    for name in ["news.hans.txt", "news-fiction.hant.txt"] {
        let text = std::fs::read_to_string(corpus.join(name))?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        for (case, plain, folded) in &cases {
            build(&lines, folded)?;
            let (mut without, mut with) = (Vec::new(), Vec::new());
            for _ in 0..rounds {
                without.push(build(&lines, plain)?);
                with.push(build(&lines, folded)?);
            }
            without.sort();
            with.sort();
            let (without, with) = (
                without[rounds / 2].as_secs_f64(),
                with[rounds / 2].as_secs_f64(),
            );
            let more = 100.0 * (with / without - 1.0);
            println!("| {name} | {case} | {without:.2} s | {with:.2} s | {more:+.0} % |");
        }
    }
    Ok(())
}
