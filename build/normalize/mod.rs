//! Compiles the normalizer's tables: what every character may stand for, and the words that decide.
//!
//! The modules are the steps, in this order. `sources` reads what others publish, `lists` and `names`
//! our own tables of characters. `classes` says which characters are the same one, `forms` which forms
//! each may take, and `records` what is known of each character. `spelling` and `lexicon` make the words,
//! `filters` the sets in front of them. `write_records` and `write_words` write the files.
//!
//! All costs are in nats: the logarithm of how much rarer a reading is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rows::Rows;

mod classes;
mod context;
mod filters;
mod forms;
mod lexicon;
mod lists;
mod maps;
mod names;
mod records;
mod sources;
mod spelling;
mod write_records;
mod write_words;

// What the files are written with, the crate's own, so that it reads what is written here.
#[path = "../../src/normalize/feature.rs"]
mod feature;
#[path = "../../src/normalize/filter.rs"]
mod filter;
#[path = "../../src/normalize/flag.rs"]
#[allow(dead_code)]
mod flag;
#[path = "../../src/normalize/kind.rs"]
#[allow(dead_code)]
mod kind;
#[path = "../../src/normalize/layout.rs"]
mod layout;

/// How many words the text has that the frequencies were counted in.
const TOTAL: f64 = 60_000_000.0;

/// Reads `data`, writes `normalize_*` into `out`.
pub fn generate(data: &Path, out: &Path) {
    let (own, out) = (data.join("normalize"), Output(out.to_owned()));
    let opencc = sources::OpenCc::read(&data.join("opencc"));
    let words = Rows::read(&own, "words.txt");
    let words = sources::Words::read(&words);

    let variants = lists::Variants::read(&own);
    let choices = lists::Choices::read(&own);
    let mut regional = lists::Regional::read(&own);
    let names = names::Names::read(&own);

    let classes = classes::Classes::new(&opencc, &words, &variants, &regional);
    regional.add_hong_kong(&opencc, &classes);
    let forms = forms::Forms::new(&opencc, &words, &variants, &choices, &classes);
    let usual = forms::Usual::new(&forms);
    let accepted = lists::pairs(&own, "accepted.tsv");
    let radicals = lists::pairs(&own, "radicals.tsv");
    let (dialect, merged) = (lists::class(&own, "dialect"), lists::class(&own, "merged"));
    let mut characters = records::Characters::new(&forms, &regional, accepted, dialect, radicals);
    characters.merged.extend(merged);
    let records = characters.records();

    let lexicon = lexicon::Lexicon::new(&forms, &usual).read(&own, &names);

    let model = context::Model::read(&own);
    write_records::write_records(&out, &records, &forms, &usual, &regional, &model.kinds);
    write_words::write_words(&out, lexicon, &records, &words, &usual, &classes.reps);
    model.write(&out);
    out.bytes("normalize_names.rs", names.to_rust().as_bytes());
    let regions = regional.to_rust(&classes.reps);
    out.bytes("normalize_regions.rs", regions.as_bytes());
}

/// Where the files go.
struct Output(PathBuf);

impl Output {
    fn bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// Writes numbers of four bytes each.
    fn numbers(&self, name: &str, numbers: &[u32]) {
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        self.bytes(name, &bytes);
    }
}
