//! A config is read or refused with a place that exists; what is read converts.

#![no_main]

use std::fs;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use zhnorm::{PipelineBuilder, RareCharacters};

mod check;

/// A folder with the tables that the seeds name.
fn folder() -> &'static TempDir {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let tables = [
            ("words.txt", "头发\t頭髮\n头\t頭\n"),
            ("bad.txt", "no tab\n"),
        ];
        for (name, text) in tables {
            fs::write(folder.path().join(name), text).expect("a temporary file can be written");
        }
        folder
    })
}

fuzz_target!(|config: &[u8]| {
    for rare in [RareCharacters::Include, RareCharacters::Exclude] {
        match PipelineBuilder::from_config_text(config, folder().path(), rare) {
            Ok(pipeline) => check::converter(&pipeline.build(), config),
            Err(error) => {
                let line = error.line().expect("the config itself was read");
                let lines: Vec<&[u8]> = config.split(|&byte| byte == b'\n').collect();
                assert!((1..=lines.len()).contains(&line), "{error}");
                let column = error.column().expect("the config itself was read");
                assert!((1..=lines[line - 1].len() + 1).contains(&column), "{error}");
                assert!(error.to_string().starts_with("config:"), "{error}");
            }
        }
    }
});
