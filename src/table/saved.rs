//! The saved form of a table: what `Table::to_bytes` writes and `Table::from_bytes` checks.
//!
//! ```text
//! magic      8 bytes   "zhnormT\0"
//! version    u32       FORMAT_VERSION, little-endian like all that follows
//! checksum   u32       CRC-32 of everything after it
//! origins    count, then each as length and bytes; all differ
//! entries    count, then each as origin, key, candidates
//!              origin      one byte, an index into the origins
//!              key         length and bytes; keys ascend strictly
//!              candidates  count (at least 1), then each as length and bytes
//! ```
//!
//! Counts and lengths are LEB128 in as few bytes as they need, so that a table has one saved form:
//! bytes that load are those that the table saves again. An origin may have no entries, where a
//! group hides them all.
//!
//! The entries are saved, not the `fst`: opening a damaged or
//! forged `fst` may panic, while a list of entries can be checked completely, and making the map
//! of it again costs little more than checking an `fst` would.

use super::compile::write_varint;
use super::entries::{Entries, TableEntry, MAX_ORIGINS};

const MAGIC: &[u8; 8] = b"zhnormT\0";

/// Rises with every change of the format.
pub(crate) const FORMAT_VERSION: u32 = 1;

const HEADER: usize = MAGIC.len() + 4 + 4;

/// Why bytes are not a saved table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SavedError {
    /// They do not start with the magic number.
    Magic,
    /// They are of another version of the format.
    Version(u32),
    /// They end before this many bytes.
    Truncated,
    /// They were changed since they were written.
    Checksum { expected: u32, got: u32 },
    /// They were never written by this crate: what was wrong, at this byte.
    Malformed { what: &'static str, at: usize },
}

pub(crate) fn write(entries: &Entries) -> Vec<u8> {
    let mut body = Vec::new();
    write_varint(&mut body, entries.origins.len());
    for origin in &entries.origins {
        write_str(&mut body, origin);
    }
    write_varint(&mut body, entries.entries.len());
    for entry in &entries.entries {
        body.push(entry.origin);
        write_str(&mut body, &entry.key);
        write_varint(&mut body, entry.values.len());
        for value in &entry.values {
            write_str(&mut body, value);
        }
    }
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

pub(crate) fn read(bytes: &[u8]) -> Result<Entries, SavedError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(SavedError::Magic)?;
    let (version, rest) = rest.split_first_chunk().ok_or(SavedError::Truncated)?;
    let version = u32::from_le_bytes(*version);
    if version != FORMAT_VERSION {
        return Err(SavedError::Version(version));
    }
    let (checksum, body) = rest.split_first_chunk().ok_or(SavedError::Truncated)?;
    let (expected, got) = (u32::from_le_bytes(*checksum), crc32fast::hash(body));
    // The fuzzer must get past the checksum to find anything behind it.
    if expected != got && !cfg!(fuzzing) {
        return Err(SavedError::Checksum { expected, got });
    }
    let mut cursor = Cursor { all: body, at: 0 };
    let entries = cursor.entries()?;
    match cursor.at == body.len() {
        true => Ok(entries),
        false => Err(cursor.malformed("the end")),
    }
}

fn write_str(out: &mut Vec<u8>, text: &str) {
    write_varint(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

struct Cursor<'b> {
    all: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    fn entries(&mut self) -> Result<Entries, SavedError> {
        let count = self.number()?;
        if count > MAX_ORIGINS {
            return Err(self.malformed("at most 64 table names"));
        }
        let mut list = Entries::default();
        for _ in 0..count {
            let origin = self.str()?.to_owned();
            if list.origins.contains(&origin) {
                return Err(self.malformed("a table name unlike those before"));
            }
            list.origins.push(origin);
        }
        for _ in 0..self.number()? {
            let origin = self.byte()?;
            if usize::from(origin) >= list.origins.len() {
                return Err(self.malformed("the number of a table name"));
            }
            let key = self.str()?.to_owned();
            let previous = list
                .entries
                .last()
                .map_or("", |entry: &TableEntry| &entry.key);
            if key.as_str() <= previous {
                return Err(self.malformed("a key above the one before"));
            }
            let candidates = self.number()?;
            if candidates == 0 {
                return Err(self.malformed("at least one candidate"));
            }
            let values = (0..candidates)
                .map(|_| self.str().map(str::to_owned))
                .collect::<Result<_, _>>()?;
            list.entries.push(TableEntry {
                key,
                values,
                origin,
            });
        }
        Ok(list)
    }

    fn byte(&mut self) -> Result<u8, SavedError> {
        let byte = *self.all.get(self.at).ok_or(SavedError::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self) -> Result<usize, SavedError> {
        // Five bytes hold any count or length of a file a 32-bit machine could load.
        let mut number = 0u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte == 0 && shift > 0 {
                return Err(self.malformed("a number in its shortest form"));
            }
            if byte < 0x80 {
                return usize::try_from(number).map_err(|_| self.malformed("a smaller number"));
            }
        }
        Err(self.malformed("a number of at most five bytes"))
    }

    fn str(&mut self) -> Result<&'b str, SavedError> {
        let length = self.number()?;
        let bytes = self.all[self.at..]
            .get(..length)
            .ok_or(SavedError::Truncated)?;
        let text = std::str::from_utf8(bytes).map_err(|_| self.malformed("UTF-8"))?;
        self.at += length;
        Ok(text)
    }

    fn malformed(&self, what: &'static str) -> SavedError {
        SavedError::Malformed {
            what,
            at: HEADER + self.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, values: &[&str], origin: u8) -> TableEntry {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        TableEntry {
            key: key.to_owned(),
            values,
            origin,
        }
    }

    fn sample() -> Entries {
        Entries {
            origins: vec!["a".into(), "b".into()],
            entries: vec![entry("干", &["幹", "乾"], 0), entry("干杯", &[""], 1)],
        }
    }

    fn forged(body: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&crc32fast::hash(body).to_le_bytes());
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn reads_back_what_it_wrote() {
        for entries in [sample(), Entries::default()] {
            assert_eq!(read(&write(&entries)), Ok(entries));
        }
    }

    #[test]
    fn refuses_every_cut() {
        let bytes = write(&sample());
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn refuses_every_flipped_bit() {
        let bytes = write(&sample());
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(read(&flipped).is_err(), "bit {at}");
        }
    }

    #[test]
    fn names_what_is_wrong() {
        let mut newer = write(&sample());
        newer[8] = 9;
        let malformed = |what, at| SavedError::Malformed { what, at };
        let table: [(Vec<u8>, SavedError); 13] = [
            (vec![], SavedError::Magic),
            (b"zhnormT".to_vec(), SavedError::Magic),
            (b"not a table at all".to_vec(), SavedError::Magic),
            (b"zhnormT\0\x01".to_vec(), SavedError::Truncated),
            (newer, SavedError::Version(9)),
            (
                forged(&[1, 1, b'a', 1, 1]),
                malformed("the number of a table name", 21),
            ),
            (
                forged(&[1, 1, b'a', 1, 0, 0]),
                malformed("a key above the one before", 22),
            ),
            (
                forged(&[1, 1, b'a', 1, 0, 1, b'k', 0]),
                malformed("at least one candidate", 24),
            ),
            (forged(&[1, 1, 0xFF]), malformed("UTF-8", 18)),
            (forged(&[0, 0, 7]), malformed("the end", 18)),
            (
                forged(&[0, 0x80, 0]),
                malformed("a number in its shortest form", 19),
            ),
            (
                forged(&[0, 0x81, 0x80, 0x80, 0x80, 0]),
                malformed("a number in its shortest form", 22),
            ),
            (
                forged(&[2, 1, b'a', 1, b'a', 0]),
                malformed("a table name unlike those before", 21),
            ),
        ];
        for (bytes, expected) in table {
            assert_eq!(read(&bytes), Err(expected), "{bytes:?}");
        }
    }

    #[test]
    fn a_count_larger_than_the_file_allocates_nothing() {
        let huge = forged(&[0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        assert_eq!(read(&huge), Err(SavedError::Truncated));
    }
}
