//! The OpenCC text format: bytes in, entries with their line numbers out.
//!
//! Shared with the build script, so it depends on nothing but `std`.

use std::fmt;

/// One line of a table: a key and its candidates, first the default one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceEntry {
    /// What is looked up.
    pub key: String,
    /// What it becomes, best first; never empty, but a value may be.
    pub values: Vec<String>,
    /// The 1-based line it stood on; 0 for an entry that came from no file.
    pub line: usize,
}

/// An annotation upstream hides in a comment: `# @name: argument`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The part between `@` and the colon.
    pub name: String,
    /// The rest of the line, trimmed.
    pub argument: String,
    /// The 1-based line it stood on.
    pub line: usize,
}

/// A parsed table, entries in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The entries, in file order, no key twice.
    pub entries: Vec<SourceEntry>,
    /// The annotations, in file order.
    pub annotations: Vec<Annotation>,
}

/// Why a line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceErrorKind {
    /// Neither comment nor empty, and no tab.
    NoTab,
    /// A tab in the first column.
    EmptyKey,
    /// The same key stood on an earlier line.
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it stood first.
        first_line: usize,
    },
    /// Not UTF-8, from this byte of the line on.
    InvalidUtf8 {
        /// 0-based byte offset in the line.
        column: usize,
    },
}

/// A line that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// The 1-based line; 0 for pairs that came from no file.
    pub line: usize,
    /// The reason.
    pub kind: SourceErrorKind,
}

impl fmt::Display for SourceErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceErrorKind::NoTab => f.write_str("expected a key, a tab and values, found no tab"),
            SourceErrorKind::EmptyKey => f.write_str("expected a key before the tab, found none"),
            SourceErrorKind::DuplicateKey { key, first_line: 0 } => {
                write!(f, "the key {key:?} was given twice")
            }
            SourceErrorKind::DuplicateKey { key, first_line } => {
                write!(f, "the key {key:?} already stands on line {first_line}")
            }
            SourceErrorKind::InvalidUtf8 { column } => {
                write!(f, "expected UTF-8, found another byte at column {column}")
            }
        }
    }
}

/// Reads a table in OpenCC's text format.
///
/// `KEY<TAB>VALUE( VALUE)*` a line; a line that starts with `#` is a comment; an empty line is
/// skipped; values are split at single spaces and not trimmed, so an empty value is legal and
/// deletes its key; a byte order mark, CR LF and a missing last newline are accepted.
pub fn parse(text: &[u8]) -> Result<Source, SourceError> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut source = Source::default();
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let number = index + 1;
        let fail = |kind| SourceError { line: number, kind };
        // As OpenCC reads it: a carriage return or NUL ends the line wherever it stands.
        let end = line.iter().position(|&byte| byte == b'\r' || byte == 0);
        let line = &line[..end.unwrap_or(line.len())];
        let line = std::str::from_utf8(line).map_err(|error| {
            fail(SourceErrorKind::InvalidUtf8 {
                column: error.valid_up_to(),
            })
        })?;
        if line.is_empty() {
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            source.annotations.extend(annotation(comment, number));
            continue;
        }
        let (key, values) = line
            .split_once('\t')
            .ok_or_else(|| fail(SourceErrorKind::NoTab))?;
        if key.is_empty() {
            return Err(fail(SourceErrorKind::EmptyKey));
        }
        source.entries.push(SourceEntry {
            key: key.to_owned(),
            values: values.split(' ').map(str::to_owned).collect(),
            line: number,
        });
    }
    reject_duplicates(&source.entries)?;
    Ok(source)
}

/// Fails on the first line (in file order) whose key stands on an earlier one.
pub fn reject_duplicates(entries: &[SourceEntry]) -> Result<(), SourceError> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    // Stable: of equal keys the earlier line stays first.
    order.sort_by(|&a, &b| entries[a].key.cmp(&entries[b].key));
    let repeated = order
        .windows(2)
        .filter(|pair| entries[pair[0]].key == entries[pair[1]].key)
        .min_by_key(|pair| pair[1]);
    match repeated {
        None => Ok(()),
        Some(pair) => Err(SourceError {
            line: entries[pair[1]].line,
            kind: SourceErrorKind::DuplicateKey {
                key: entries[pair[1]].key.clone(),
                first_line: entries[pair[0]].line,
            },
        }),
    }
}

fn annotation(comment: &str, line: usize) -> Option<Annotation> {
    let (name, argument) = comment.strip_prefix(" @")?.split_once(':')?;
    Some(Annotation {
        name: name.to_owned(),
        argument: argument.trim().to_owned(),
        line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, Vec<String>)> {
        let source = parse(text.as_bytes()).expect("well-formed");
        source
            .entries
            .into_iter()
            .map(|entry| (entry.key, entry.values))
            .collect()
    }

    fn entry(key: &str, values: &[&str]) -> (String, Vec<String>) {
        (
            key.to_owned(),
            values.iter().map(|&value| value.to_owned()).collect(),
        )
    }

    #[test]
    fn reads_what_opencc_reads() {
        let table = [
            ("干\t幹 乾 干\n", vec![entry("干", &["幹", "乾", "干"])]),
            ("\u{FEFF}a\tb", vec![entry("a", &["b"])]),
            (
                "a\tb\r\nc\td\r\n",
                vec![entry("a", &["b"]), entry("c", &["d"])],
            ),
            ("a\tb\rjunk\n", vec![entry("a", &["b"])]),
            ("a\tb\0junk\n", vec![entry("a", &["b"])]),
            ("# a\tb\n\n\r\nc\td\n", vec![entry("c", &["d"])]),
            ("x\t\n", vec![entry("x", &[""])]),
            ("y\t Y\n", vec![entry("y", &["", "Y"])]),
            ("k\ta \n", vec![entry("k", &["a", ""])]),
            ("two words\tx\n", vec![entry("two words", &["x"])]),
            ("a\tb\tc\n", vec![entry("a", &["b\tc"])]),
            (" #\tx\n", vec![entry(" #", &["x"])]),
        ];
        for (text, expected) in table {
            assert_eq!(pairs(text), expected, "{text:?}");
        }
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let duplicate = |key: &str, first_line| SourceErrorKind::DuplicateKey {
            key: key.to_owned(),
            first_line,
        };
        let table: [(&[u8], usize, SourceErrorKind); 6] = [
            (b"a\tb\nc d\n", 2, SourceErrorKind::NoTab),
            (b"a\tb\n   \n", 2, SourceErrorKind::NoTab),
            (b"\tb\n", 1, SourceErrorKind::EmptyKey),
            (b"b\t1\na\t2\nb\t3\na\t4\n", 3, duplicate("b", 1)),
            (
                b"a\tb\n\xE4\xB8\tx\n",
                2,
                SourceErrorKind::InvalidUtf8 { column: 0 },
            ),
            (
                b"# caf\xE9\n",
                1,
                SourceErrorKind::InvalidUtf8 { column: 5 },
            ),
        ];
        for (text, line, kind) in table {
            assert_eq!(parse(text), Err(SourceError { line, kind }), "{text:?}");
        }
    }

    #[test]
    fn keeps_annotations_with_their_lines() {
        let source = parse("# @reverse-prefer: 么 幺\n# @x\na\tb\n# plain\n".as_bytes());
        let annotations = source.expect("well-formed").annotations;
        let expected = Annotation {
            name: "reverse-prefer".into(),
            argument: "么 幺".into(),
            line: 1,
        };
        assert_eq!(annotations, [expected]);
    }
}
