//! [`Entry`]: what a key stands for, read from its record (see [`compile`](super::compile)).

use std::fmt;

use super::compile::SEVERAL;

/// What a key stands for: its candidates and the table it came from.
#[derive(Clone, Copy)]
pub struct Entry<'t> {
    pub(super) record: &'t [u8],
    pub(super) origin: &'t str,
}

impl<'t> Entry<'t> {
    /// The default value: the first candidate.
    pub fn value(&self) -> &'t str {
        self.candidates()
            .next()
            .expect("a record holds at least one value")
    }

    /// All values, best first; at least one.
    pub fn candidates(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let mut rest = self.record;
        let count = read_count(&mut rest);
        (0..count).map(move |_| {
            let length = read_varint(&mut rest);
            let (value, after) = rest.split_at(length);
            rest = after;
            std::str::from_utf8(value).expect("values are made from str")
        })
    }

    /// The name of the table the key came from; in a merged table, of the one that won.
    pub fn origin(&self) -> &'t str {
        self.origin
    }
}

impl PartialEq for Entry<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin && self.candidates().eq(other.candidates())
    }
}

impl Eq for Entry<'_> {}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("candidates", &self.candidates().collect::<Vec<_>>())
            .field("origin", &self.origin)
            .finish()
    }
}

/// Reads the head of a record: how many candidates it has.
pub(super) fn read_count(record: &mut &[u8]) -> usize {
    let head = record[0];
    *record = &record[1..];
    match head & SEVERAL {
        0 => 1,
        _ => read_varint(record),
    }
}

/// Reads a LEB128 number that [`compile::write_varint`] wrote.
pub(super) fn read_varint(bytes: &mut &[u8]) -> usize {
    let mut number = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        number |= usize::from(byte & 0x7F) << (7 * index);
        if byte < 0x80 {
            *bytes = &bytes[index + 1..];
            return number;
        }
    }
    unreachable!("a record is written whole")
}
