//! Entries to a compiled map: an `fst` from keys to numbers, and a blob the numbers point into.
//!
//! Shared with the build script. The number of a key is where its record starts in the blob. A
//! record is one byte that says which source table the key came from (so that a segmentation can
//! ask for the phrases of a stage without a map of its own), plus [`SEVERAL`] and then their count
//! where there are several candidates, then each as its length and its bytes; counts and lengths
//! are LEB128. Equal records are stored once.

use std::collections::HashMap;

use super::entries::Entries;

/// Added to a record's first byte where it has more than one candidate.
pub const SEVERAL: u8 = 0x80;

/// A compiled map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The bytes of an `fst` from keys to numbers.
    pub fst: Vec<u8>,
    /// The records.
    pub values: Vec<u8>,
    /// The longest key in bytes; 0 without keys.
    pub longest_key: usize,
}

/// Compiles `entries`.
pub fn compile(entries: &Entries) -> Compiled {
    let mut builder = fst::raw::Builder::memory();
    let mut values = Vec::new();
    let mut known: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut longest_key = 0;
    let mut record = Vec::new();
    for entry in &entries.entries {
        record.clear();
        record.push(entry.origin);
        if entry.values.len() > 1 {
            record[0] |= SEVERAL;
            write_varint(&mut record, entry.values.len());
        }
        for value in &entry.values {
            write_varint(&mut record, value.len());
            record.extend_from_slice(value.as_bytes());
        }
        let offset = match known.get(&record) {
            Some(&offset) => offset,
            None => {
                let offset = values.len() as u64;
                values.extend_from_slice(&record);
                known.insert(record.clone(), offset);
                offset
            }
        };
        builder
            .insert(&entry.key, offset)
            .expect("entries are sorted and unique, and memory does not fail");
        longest_key = longest_key.max(entry.key.len());
    }
    let fst = builder.into_inner().expect("memory does not fail");
    Compiled {
        fst,
        values,
        longest_key,
    }
}

/// Appends `number` as LEB128.
pub fn write_varint(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
