//! Saved bytes load or are refused; what loads holds together. Under the fuzzer the checksum is not
//! compared, so that what is behind it is reached.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zhnorm::Table;

mod check;

fuzz_target!(|bytes: &[u8]| {
    match Table::from_bytes(bytes) {
        Ok(table) => check::table(&table, bytes),
        Err(error) => assert!(error.to_string().starts_with("saved table: "), "{error}"),
    }
});
