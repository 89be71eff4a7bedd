//! Saved bytes load or are refused; what loads holds together and is saved as the same bytes. Under
//! the fuzzer the checksum is not compared, so that what is behind it is reached.

#![no_main]

use std::ops::Range;

use libfuzzer_sys::fuzz_target;
use zhnorm::Table;

mod check;

/// Where it stands.
const CHECKSUM: Range<usize> = 12..16;

fuzz_target!(|bytes: &[u8]| {
    match Table::from_bytes(bytes) {
        Ok(table) => {
            let saved = table.to_bytes();
            assert_eq!(saved[..CHECKSUM.start], bytes[..CHECKSUM.start]);
            assert_eq!(saved[CHECKSUM.end..], bytes[CHECKSUM.end..]);
            check::table(&table, bytes);
        }
        Err(error) => assert!(error.to_string().starts_with("saved table: "), "{error}"),
    }
});
