//! A table text is read or refused with a line that exists; what is read can be found, saved and
//! used to convert.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zhnorm::Table;

mod check;

fuzz_target!(|text: &[u8]| {
    match Table::from_text("text", text) {
        Ok(table) => check::table(&table, text),
        Err(error) => {
            let lines = text.split(|&byte| byte == b'\n').count();
            let line = error.line().expect("what is wrong in a text is on a line");
            assert!((1..=lines).contains(&line), "{error}");
            assert!(error.to_string().starts_with("text:"), "{error}");
        }
    }
});
