//! The lists that names are read by, checked here and written as Rust for `src/normalize/names.rs`.

use std::path::Path;

use crate::rows::Rows;

/// The classes of `names.tsv`, and how the crate calls those that it reads.
const LISTS: [(&str, &str); 7] = [
    ("surname", "COMMON"),
    ("also-surname", "MORE"),
    ("given", "GIVEN"),
    ("given-form", "is_in_given"),
    ("after", "AFTER"),
    ("never", "is_never_a_surname"),
    ("sound", ""),
];

pub struct Names {
    /// Each with its Traditional form and whether that form's other reading is common.
    surnames: Vec<(char, char, bool)>,
    /// Those that words of three characters in the word list may begin with.
    listed: Vec<(char, char)>,
    /// The characters of each class.
    lists: [String; LISTS.len()],
    /// What stands before a name.
    titles: Vec<String>,
}

impl Names {
    pub fn read(folder: &Path) -> Names {
        let mut names = Names {
            surnames: Vec::new(),
            listed: Vec::new(),
            lists: Default::default(),
            titles: Vec::new(),
        };
        names.read_surnames(&Rows::read(folder, "surnames.tsv"));
        names.read_lists(&Rows::read(folder, "names.tsv"));
        names.read_titles(&Rows::read(folder, "titles.tsv"));
        names
    }

    fn read_surnames(&mut self, rows: &Rows) {
        for row in rows.iter() {
            let (rep, form) = (row.character(0), row.character(1));
            if self.surnames.iter().any(|surname| surname.0 == rep) {
                row.fail("a surname stands here twice");
            }
            let mut is_common = false;
            for mark in row.field(2).split_terminator(' ') {
                match mark {
                    "common" => is_common = true,
                    "listed" => self.listed.push((rep, form)),
                    _ => row.fail("unknown mark"),
                }
            }
            self.surnames.push((rep, form, is_common));
        }
    }

    fn read_lists(&mut self, rows: &Rows) {
        for row in rows.iter() {
            let Some(at) = LISTS.iter().position(|list| list.0 == row.fields[0]) else {
                row.fail("unknown class");
            };
            for c in row.field(1).chars() {
                if self.lists[at].contains(c) {
                    row.fail(&format!("{c} stands in its class twice"));
                }
                self.lists[at].push(c);
            }
        }
    }

    fn read_titles(&mut self, rows: &Rows) {
        for row in rows.iter() {
            for title in row.field(1).split(' ') {
                // The crate takes the last character for one of three bytes.
                if title.is_empty() || title.chars().any(|c| c.len_utf8() != 3) {
                    row.fail("expected words of ideographs, separated by spaces");
                }
                if self.titles.iter().any(|other| other == title) {
                    row.fail(&format!("{title} stands here twice"));
                }
                self.titles.push(title.to_owned());
            }
        }
    }

    /// The Traditional form of a surname, if words of three characters in the list may be its names.
    pub fn listed_surname(&self, c: char) -> Option<char> {
        let surname = self.listed.iter().find(|surname| surname.0 == c)?;
        Some(surname.1)
    }

    /// Whether the character stands for a sound in foreign names.
    pub fn is_sound(&self, c: char) -> bool {
        let at = LISTS.iter().position(|list| list.0 == "sound");
        self.lists[at.expect("a class")].contains(c)
    }

    /// The lists as Rust.
    pub fn to_rust(&self) -> String {
        let (surnames, titles) = (&self.surnames, &self.titles);
        let mut out = format!(
            "static SURNAMES: &[(char, char, bool)] = &{surnames:?};\n\
             static TITLES: &[&str] = &{titles:?};\n"
        );
        for (list, (_, name)) in self.lists.iter().zip(LISTS) {
            match name {
                "" => {}
                // These are asked of every character.
                "is_in_given" | "is_never_a_surname" => {
                    let list: Vec<String> = list.chars().map(|c| format!("{c:?}")).collect();
                    let list = list.join(" | ");
                    out += &format!(
                        "#[inline]\npub(super) fn {name}(c: char) -> bool {{ matches!(c, {list}) }}\n"
                    );
                }
                name => out += &format!("static {name}: &str = {list:?};\n"),
            }
        }
        out
    }
}
