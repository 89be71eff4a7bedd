//! The tables of our own: rows of fields cut at tabs, with comments, and errors that name the place.

use std::fs;
use std::path::Path;

/// A table of ours as it was read.
pub struct Rows {
    path: String,
    text: String,
}

/// One row of a table.
pub struct Row<'a> {
    rows: &'a Rows,
    line: usize,
    pub fields: Vec<&'a str>,
}

impl Rows {
    /// Reads a table, which `name` places in the folder.
    pub fn read(folder: &Path, name: &str) -> Rows {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Rows {
            path: path.display().to_string(),
            text,
        }
    }

    /// The rows without comments and empty lines.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(at, line)| Row {
                rows: self,
                line: at + 1,
                fields: line.split('\t').collect(),
            })
    }
}

impl<'a> Row<'a> {
    /// Stops the build at this row.
    pub fn fail(&self, reason: &str) -> ! {
        panic!("{}: {reason}", self.place())
    }

    /// File and line, for an error that is found later.
    pub fn place(&self) -> String {
        format!("{}:{}", self.rows.path, self.line)
    }

    /// A field, or nothing where the row ends before it.
    pub fn field(&self, at: usize) -> &'a str {
        self.fields.get(at).copied().unwrap_or("")
    }

    /// A field that is one character.
    pub fn character(&self, at: usize) -> char {
        one(self.field(at)).unwrap_or_else(|| {
            self.fail(&format!(
                "expected one character in field {}, got {:?}",
                at + 1,
                self.field(at)
            ))
        })
    }
}

/// The only character of a text.
pub fn one(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}
