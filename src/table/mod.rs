//! [`Table`]: an immutable map from keys to candidates. It is an `fst` from keys to numbers, and the
//! records that the numbers point to.
//!
//! This folder alone names the `fst` crate. How keys are looked up is in [`lookup`].

pub(crate) mod compile;
pub(crate) mod entries;
mod entry;
mod error;
pub(crate) mod file;
mod lookup;
pub(crate) mod saved;
pub(crate) mod source;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use fst::raw::{Fst, Stream};
use fst::Streamer;

use crate::text::trie::Trie;
use compile::{Compiled, SEVERAL};
use entries::{Entries, TableEntry};
use entry::{read_count, read_varint};
use source::{SourceEntry, SourceErrorKind};

pub use entry::Entry;
pub use error::TableError;
#[allow(unused_imports, reason = "not by the build script")]
pub use error::TableErrorKind;
pub(crate) use lookup::{Lookup, RawMatch};
#[allow(unused_imports, reason = "not by the build script")]
pub use lookup::{TableIter, TablePrefixes};

/// An immutable map from keys to their candidates, made for longest-match look-up.
///
/// A table is what a [`Converter`](crate::Converter)'s stages are built from. It is shared, not
/// copied: cloning costs one reference count, and it may be used from any number of threads.
///
/// # Examples
///
/// ```
/// use zhnorm::Table;
///
/// let table = Table::from_text("phrases", "头\t頭\n头发\t頭髮\n".as_bytes())?;
/// let (length, entry) = table.longest_match("头发长".as_bytes()).expect("a key matches");
/// assert_eq!((length, entry.value()), ("头发".len(), "頭髮"));
/// # Ok::<(), zhnorm::TableError>(())
/// ```
#[derive(Clone)]
pub struct Table {
    inner: Arc<Inner>,
}

struct Inner {
    origins: Vec<Cow<'static, str>>,
    fst: Dictionary,
    values: Cow<'static, [u8]>,
    /// The same keys for a faster walk, made when one first asks for it.
    trie: OnceLock<Option<Trie>>,
    /// Makes it. A pointer, so that a program of embedded tables, which have theirs, does not hold what
    /// makes one.
    make_trie: fn(&Table) -> Option<Trie>,
    len: usize,
    longest_key: usize,
}

/// The `fst`, opened when something first asks for it: to open one means to read its ends, two pages
/// that may not be in memory yet, and most texts ask for few.
struct Dictionary {
    fst: OnceLock<Fst<Cow<'static, [u8]>>>,
    embedded: &'static [u8],
}

impl Dictionary {
    fn built(fst: Vec<u8>) -> Dictionary {
        let fst = Fst::new(Cow::Owned(fst)).expect("just built");
        Dictionary {
            fst: OnceLock::from(fst),
            embedded: &[],
        }
    }

    fn embedded(fst: &'static [u8]) -> Dictionary {
        Dictionary {
            fst: OnceLock::new(),
            embedded: fst,
        }
    }

    fn open(&self) -> &Fst<Cow<'static, [u8]>> {
        self.fst.get_or_init(|| {
            Fst::new(Cow::Borrowed(self.embedded))
                .expect("the build wrote it with the same version of fst")
        })
    }
}

/// What the build script embeds of one table.
pub(crate) struct Embedded {
    pub(crate) origins: &'static [&'static str],
    pub(crate) fst: &'static [u8],
    pub(crate) values: &'static [u8],
    pub(crate) first: &'static [u8],
    pub(crate) pilots: &'static [u8],
    pub(crate) slots: &'static [u8],
    pub(crate) len: usize,
    pub(crate) longest_key: usize,
}

/// A set of a table's origins; all of them unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origins(u64);

impl Origins {
    pub(crate) const ALL: Origins = Origins(u64::MAX);
}

impl Table {
    /// Reads a table in OpenCC's text format.
    ///
    /// `KEY<TAB>VALUE( VALUE)*` a line. A line that starts with `#` is a comment, an empty one is
    /// skipped; the first value is the default, the others are its alternatives. Values are not
    /// trimmed: `KEY<TAB>` deletes the key from a text. `name` is what errors, and later reports,
    /// call the table.
    ///
    /// # Errors
    ///
    /// A line without a tab, with an empty key, with a key that stood before, or that is not
    /// UTF-8; the error names the table and the line.
    ///
    /// # Complexity
    ///
    /// O(n log n) for n bytes; some 50 ms for 50,000 lines.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = zhnorm::Table::from_text("mine", b"no tab here\n").unwrap_err();
    /// assert_eq!(error.line(), Some(1));
    /// ```
    pub fn from_text(name: &str, text: &[u8]) -> Result<Table, TableError> {
        let source = source::parse(text).map_err(|error| TableError::source(name, error))?;
        Ok(Table::from_entries(Entries::from_source(
            name,
            source.entries,
        )))
    }

    /// The longest file that [`from_text_file`](Table::from_text_file) reads, in bytes: some fifty
    /// times OpenCC's largest table.
    pub const MAX_FILE_BYTES: u64 = 64 << 20;

    /// Reads a table in OpenCC's text format from a file, named by its path.
    ///
    /// Only a regular file, or a symbolic link to one, of at most
    /// [`MAX_FILE_BYTES`](Table::MAX_FILE_BYTES) is read: a directory, a device or a pipe is refused
    /// without being opened. Read anything else yourself and pass it to
    /// [`from_text`](Table::from_text).
    ///
    /// # Errors
    ///
    /// As [`from_text`](Table::from_text), and what reading the file can give
    /// ([`TableError::io`]): a file that is not regular
    /// ([`InvalidInput`](std::io::ErrorKind::InvalidInput),
    /// [`IsADirectory`](std::io::ErrorKind::IsADirectory)), one that is too long
    /// ([`FileTooLarge`](std::io::ErrorKind::FileTooLarge)), and the system's own errors.
    pub fn from_text_file(path: impl AsRef<Path>) -> Result<Table, TableError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = file::read(path, Table::MAX_FILE_BYTES)
            .map_err(|error| TableError::reading(&name, error))?;
        Table::from_text(&name, &text)
    }

    /// Makes a table of pairs of a key and its value.
    ///
    /// # Errors
    ///
    /// An empty key, or one given twice.
    ///
    /// # Examples
    ///
    /// ```
    /// let table = zhnorm::Table::from_pairs("mine", [("软件", "軟體"), ("硬件", "硬體")])?;
    /// assert_eq!(table.get("软件").map(|entry| entry.value()), Some("軟體"));
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn from_pairs<K, V>(
        name: &str,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Table, TableError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let mut source = Vec::new();
        for (key, value) in pairs {
            let key = key.into();
            if key.is_empty() {
                let error = source::SourceError {
                    line: 0,
                    kind: SourceErrorKind::EmptyKey,
                };
                return Err(TableError::source(name, error));
            }
            source.push(SourceEntry {
                key,
                values: vec![value.into()],
                line: 0,
            });
        }
        source::reject_duplicates(&source).map_err(|error| TableError::source(name, error))?;
        Ok(Table::from_entries(Entries::from_source(name, source)))
    }

    /// Merges tables as OpenCC's `union` group does: the longest key over all of them wins, of
    /// equal keys the earlier table's.
    ///
    /// # Errors
    ///
    /// More than 64 source tables in one.
    pub fn union<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Result<Table, TableError> {
        Table::merged(tables, Entries::union)
    }

    /// Merges tables as OpenCC's `short_circuit` group does: the first table with any match
    /// wins, even if a later one has a longer key.
    ///
    /// # Errors
    ///
    /// More than 64 source tables in one.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Table;
    ///
    /// let first = Table::from_pairs("first", [("ab", "1")])?;
    /// let second = Table::from_pairs("second", [("abc", "2")])?;
    /// let union = Table::union([&first, &second])?;
    /// let group = Table::short_circuit([&first, &second])?;
    /// assert_eq!(union.longest_match(b"abc").map(|(length, _)| length), Some(3));
    /// assert_eq!(group.longest_match(b"abc").map(|(length, _)| length), Some(2));
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn short_circuit<'a>(
        tables: impl IntoIterator<Item = &'a Table>,
    ) -> Result<Table, TableError> {
        Table::merged(tables, Entries::short_circuit)
    }

    /// Merges tables of words: the longest key over all of them wins, of equal keys the later
    /// table's. Its entries name no table they came from.
    pub(crate) fn overlay(tables: &[Table]) -> Table {
        Table::merged(tables, |lists| Ok(Entries::overlay(lists))).expect("it has one origin")
    }

    fn merged<'a>(
        tables: impl IntoIterator<Item = &'a Table>,
        merge: impl Fn(Vec<Entries>) -> Result<Entries, entries::TooManyOrigins>,
    ) -> Result<Table, TableError> {
        let mut tables: Vec<&Table> = tables.into_iter().collect();
        if let [only] = tables[..] {
            return Ok(only.clone());
        }
        let lists: Vec<Entries> = tables.drain(..).map(Table::entries).collect();
        let merged = merge(lists).map_err(|_| TableError::too_many_tables())?;
        Ok(Table::from_entries(merged))
    }

    /// Loads what [`to_bytes`](Table::to_bytes) saved.
    ///
    /// # Errors
    ///
    /// Anything else: bytes that are empty, cut short, changed, or of another format version. Bytes
    /// that load are exactly those that [`to_bytes`](Table::to_bytes) gives for the table again.
    /// No sequence of bytes makes this, or a later look-up, panic: the bytes are checked entry by
    /// entry, and the map is made from the checked entries.
    ///
    /// # Complexity
    ///
    /// O(n) for n bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Table, TableError> {
        saved::read(bytes)
            .map(Table::from_entries)
            .map_err(TableError::saved)
    }

    /// Saves the table for [`from_bytes`](Table::from_bytes): a magic number, the format's
    /// version, a checksum, the entries.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Table;
    ///
    /// let table = Table::from_pairs("mine", [("软件", "軟體")])?;
    /// let copy = Table::from_bytes(&table.to_bytes())?;
    /// assert!(copy.iter().eq(table.iter()));
    /// # Ok::<(), zhnorm::TableError>(())
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        saved::write(&self.entries())
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.inner.len
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.inner.len == 0
    }

    /// The length of the longest key, in bytes; 0 without keys.
    pub fn longest_key(&self) -> usize {
        self.inner.longest_key
    }

    /// The bytes of all keys and values.
    #[cfg(feature = "config-file")]
    pub(crate) fn text_bytes(&self) -> u64 {
        let mut keys = self.stream();
        let mut bytes = 0;
        while let Some((key, record)) = keys.next() {
            let values = self.entry(record.value() as usize).candidates();
            bytes += key.len() as u64 + values.map(|value| value.len() as u64).sum::<u64>();
        }
        bytes
    }

    /// The same keys as a trie, made when first asked for; none for a table too large for it.
    pub(crate) fn trie(&self) -> Option<&Trie> {
        let make = || (self.inner.make_trie)(self);
        self.inner.trie.get_or_init(make).as_ref()
    }

    /// All keys and where their records start, in byte order of the keys.
    fn stream(&self) -> Stream<'_> {
        self.inner.fst.open().stream()
    }

    fn records<'s>(&self, mut stream: Stream<'s>) -> impl Iterator<Item = (String, u64)> + use<'s> {
        std::iter::from_fn(move || {
            let (key, output) = stream.next()?;
            let key = std::str::from_utf8(key).expect("keys are made from str");
            Some((key.to_owned(), output.value()))
        })
    }

    fn record_is_from(&self, record: usize, origins: Origins) -> bool {
        origins == Origins::ALL || (origins.0 >> self.origin(record)) & 1 == 1
    }

    /// The number of the source table that a record's key came from.
    fn origin(&self, record: usize) -> u8 {
        self.inner.values[record] & !SEVERAL
    }

    /// A byte of a record. Who asks for several before the first value waits for memory only once.
    #[inline]
    pub(crate) fn touch(&self, record: usize) -> u8 {
        self.inner.values[record]
    }

    /// The default value of a match, in bytes.
    #[inline]
    pub(crate) fn value(&self, found: RawMatch) -> &[u8] {
        let mut record = &self.inner.values[found.record..];
        let _candidates = read_count(&mut record);
        let length = read_varint(&mut record);
        &record[..length]
    }

    /// The default value with what stands behind it, if it is the only one, has as many bytes as the
    /// key, and so many follow: the common case, without a loop.
    #[inline(always)]
    pub(crate) fn value_of_same_length<const BYTES: usize>(
        &self,
        found: RawMatch,
    ) -> Option<&[u8; BYTES]> {
        let (&[head, length], rest) = self.inner.values[found.record..].split_first_chunk()?;
        let is_such = head < SEVERAL && usize::from(length) == found.len && found.len <= BYTES;
        rest.first_chunk().filter(|_| is_such)
    }

    /// Whether a match's key comes from one of the wanted tables.
    pub(crate) fn is_from(&self, found: RawMatch, origins: Origins) -> bool {
        self.record_is_from(found.record, origins)
    }

    /// Whether it has all keys of `other`, and `fits` says yes to each key and whether that is one.
    pub(crate) fn has_keys_of(&self, other: &Table, fits: impl Fn(&str, bool) -> bool) -> bool {
        let mut keys = self.stream();
        let mut others = other.stream();
        // Both ascend, so the next key of the other is this one, or comes later.
        let mut next = others.next();
        while let Some((key, _)) = keys.next() {
            let is_both = next.is_some_and(|(next, _)| next == key);
            let key = std::str::from_utf8(key).expect("keys are made from str");
            if !fits(key, is_both) {
                return false;
            }
            if is_both {
                next = others.next();
            }
        }
        next.is_none()
    }

    /// The set of those of this table's origins that `wanted` says yes to.
    pub(crate) fn origins(&self, wanted: impl Fn(&str) -> bool) -> Origins {
        if self.inner.origins.iter().all(|name| wanted(name)) {
            // Spares the engine the look at each record.
            return Origins::ALL;
        }
        let numbered = self.inner.origins.iter().enumerate();
        let wanted = numbered.filter(|(_, name)| wanted(name));
        Origins(wanted.fold(0, |set, (number, _)| set | 1 << number))
    }

    fn entry(&self, record: usize) -> Entry<'_> {
        Entry {
            record: &self.inner.values[record..],
            origin: &self.inner.origins[usize::from(self.origin(record))],
        }
    }

    fn entries(&self) -> Entries {
        let origins: Vec<String> = self
            .inner
            .origins
            .iter()
            .map(|name| name.clone().into_owned())
            .collect();
        let mut entries = Vec::with_capacity(self.len());
        for (key, record) in self.records(self.stream()) {
            let record = record as usize;
            let values = self.entry(record).candidates().map(str::to_owned).collect();
            let origin = self.origin(record);
            entries.push(TableEntry {
                key,
                values,
                origin,
            });
        }
        Entries { origins, entries }
    }

    pub(crate) fn from_entries(entries: Entries) -> Table {
        let Compiled {
            fst,
            values,
            longest_key,
        } = compile::compile(&entries);
        let inner = Inner {
            trie: OnceLock::new(),
            make_trie: |table| Trie::new(table.records(table.stream())),
            len: entries.entries.len(),
            origins: entries.origins.into_iter().map(Cow::Owned).collect(),
            fst: Dictionary::built(fst),
            values: Cow::Owned(values),
            longest_key,
        };
        Table {
            inner: Arc::new(inner),
        }
    }

    /// Opens an embedded table in place.
    pub(crate) fn embedded(embedded: &Embedded) -> Table {
        let inner = Inner {
            origins: embedded
                .origins
                .iter()
                .map(|&name| Cow::Borrowed(name))
                .collect(),
            fst: Dictionary::embedded(embedded.fst),
            values: Cow::Borrowed(embedded.values),
            trie: OnceLock::from(Some(Trie::embedded([
                embedded.first,
                embedded.pilots,
                embedded.slots,
            ]))),
            make_trie: |_| None,
            len: embedded.len,
            longest_key: embedded.longest_key,
        };
        Table {
            inner: Arc::new(inner),
        }
    }

    /// The parts that the build script writes down for [`embedded`](Table::embedded).
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn parts(&self) -> [(&'static str, &[u8]); 5] {
        let trie = self.trie().expect("OpenCC's tables fit");
        let [first, pilots, slots] = trie.bytes();
        [
            ("fst", self.inner.fst.open().as_bytes()),
            ("values", &self.inner.values),
            ("first", first),
            ("pilots", pilots),
            ("slots", slots),
        ]
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("origins", &self.inner.origins)
            .field("len", &self.inner.len)
            .finish_non_exhaustive()
    }
}
