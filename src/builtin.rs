//! OpenCC's tables by their names, for pipelines of one's own.

use once_cell::sync::OnceCell;

use crate::table::Table;
use crate::unknown::{self, NameKind, UnknownName};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

impl Table {
    /// The names of OpenCC's tables, in alphabetical order: those of its files, and those that it derives from
    /// them.
    pub const BUILTIN: &'static [&'static str] = &NAMES;

    /// One of OpenCC's tables, by its name, such as `STPhrases`.
    ///
    /// # Errors
    ///
    /// If no table has this name; the error lists those there are.
    ///
    /// # Complexity
    ///
    /// Reads the table the first time, in up to some dozen milliseconds, and shares it from then on. A program
    /// that calls this holds all of them as text, 1.3 MB.
    ///
    /// # Examples
    ///
    /// A config with one table more:
    ///
    /// ```
    /// use zhnorm::{Converter, Table};
    ///
    /// let mine = Table::from_pairs("mine", [("头发", "髮")])?;
    /// let phrases = Table::builtin("STPhrases")?;
    /// let characters = Table::builtin("STCharacters")?;
    /// let stage = Table::short_circuit([&mine, &phrases, &characters])?;
    /// let converter = Converter::pipeline().stage(stage).build();
    /// assert_eq!(converter.convert("头发和皇后"), "髮和皇后");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builtin(name: &str) -> Result<Table, UnknownName> {
        static TABLES: [OnceCell<Table>; NAMES.len()] = [const { OnceCell::new() }; NAMES.len()];
        let name = unknown::find(NameKind::Table, name, &NAMES, |name| name)?;
        let number = NAMES.iter().position(|&other| other == name);
        let number = number.expect("it was found among them");
        let read = || Table::from_text(name, TEXTS[number]).expect("the build wrote it");
        Ok(TABLES[number].get_or_init(read).clone())
    }
}
