//! OpenCC's config files: JSON with comments and trailing commas, to tables.
//!
//! Read as OpenCC 1.4.2 reads them: a group without `match_policy` is `short_circuit`, of repeated
//! members the first counts, members it does not know are ignored, and so is an item of a chain
//! that is no object. What `may_output_tofu` marks is not even looked at when rare characters are
//! to stay out, except in the segmentation, which always takes it.
//!
//! A config may come from anywhere, so the files it names are confined: what has the names is given
//! from outside, and by default it is the config's own folder with what is below it.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Component, Path};

use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};

use super::file_error::{Cause, ConfigFileError};
use super::opencc::RareCharacters;
use crate::table::{file, Table, TableError};

/// The tables a config file names, merged into one for each level.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    pub(crate) normalization: Vec<Table>,
    pub(crate) segmentation: Option<Table>,
    pub(crate) stages: Vec<Table>,
}

/// The longest config file that is read, in bytes.
pub(crate) const MAX_BYTES: u64 = 1 << 20;

/// The most that the tables of a config have, in bytes of keys and values. A table counts each time that
/// the config names it, and a group counts beside its tables: each is copied.
pub(crate) const MAX_TABLE_BYTES: u64 = 256 << 20;

/// Reads a config file, and the tables it names from its folder.
pub(crate) fn read(path: &Path, rare: RareCharacters) -> Result<ConfigFile, ConfigFileError> {
    let text =
        file::read(path, MAX_BYTES).map_err(|error| ConfigFileError::reading(path, error))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    parse(&text, &mut from_folder(folder), rare).map_err(|error| error.in_file(path))
}

/// Finds the table of a name in a config.
type Tables<'t> = dyn FnMut(&str) -> Result<Table, Cause> + 't;

/// The tables of a folder and what is below it. Names that could lead elsewhere are refused;
/// symbolic links are followed, since whoever can make one there can put a table there as well.
pub(crate) fn from_folder(folder: &Path) -> impl FnMut(&str) -> Result<Table, Cause> + use<'_> {
    |name| {
        let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !Path::new(name).components().all(stays) {
            return Err(Cause::OutsideFolder(name.to_owned()));
        }
        Table::from_text_file(folder.join(name)).map_err(Cause::Table)
    }
}

/// The tables whose text `files` gives.
pub(crate) fn from_files<B: AsRef<[u8]>>(
    mut files: impl FnMut(&str) -> io::Result<B>,
) -> impl FnMut(&str) -> Result<Table, Cause> {
    move |name| {
        let text = files(name).map_err(|error| TableError::reading(name, error));
        let table = text.and_then(|text| Table::from_text(name, text.as_ref()));
        table.map_err(Cause::Table)
    }
}

/// Reads the text of a config, and the tables it names with `tables`, each once.
pub(crate) fn parse(
    text: &[u8],
    tables: &mut Tables,
    rare: RareCharacters,
) -> Result<ConfigFile, ConfigFileError> {
    let fail = |at, kind| ConfigFileError::at(text, at, String::new(), kind);
    if text.starts_with(b"\xEF\xBB\xBF") {
        return Err(fail(0, Cause::ByteOrderMark));
    }
    let json =
        std::str::from_utf8(text).map_err(|error| fail(error.valid_up_to(), Cause::InvalidUtf8))?;
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = jsonc_parser::parse_to_ast(json, &CollectOptions::default(), &options).map_err(
        |error| {
            let kind = Cause::Syntax(message(&error.kind().to_string()));
            fail(error.range().start, kind)
        },
    )?;
    let root = parsed.value.ok_or_else(|| {
        let kind = Cause::Syntax("found nothing".to_owned());
        fail(json.len(), kind)
    })?;

    let mut reader = Reader {
        tables,
        rare,
        known: HashMap::new(),
        table_bytes: 0,
    };
    let root = Place {
        name: String::new(),
        value: &root,
    };
    reader.config(&root).map_err(|fault| {
        let Fault { place, at, kind } = *fault;
        ConfigFileError::at(text, at, place, kind)
    })
}

/// The JSON reader's message in the form of ours.
fn message(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// A value and what leads to it, such as `conversion_chain[0].dict`.
struct Place<'v> {
    name: String,
    value: &'v Value<'v>,
}

/// An error at a place; boxed, since it is large and rare.
struct Fault {
    place: String,
    at: usize,
    kind: Cause,
}

type Read<T> = Result<T, Box<Fault>>;

impl<'v> Place<'v> {
    fn fault(&self, kind: Cause) -> Box<Fault> {
        Box::new(Fault {
            place: self.name.clone(),
            at: self.value.start(),
            kind,
        })
    }

    fn table_fault(&self, error: TableError) -> Box<Fault> {
        self.fault(Cause::Table(error))
    }

    fn expected(&self, expected: &'static str) -> Box<Fault> {
        let found = match self.value {
            Value::StringLit(_) => "a string",
            Value::NumberLit(_) => "a number",
            Value::BooleanLit(_) => "a boolean",
            Value::Object(_) => "an object",
            Value::Array(_) => "an array",
            Value::NullKeyword(_) => "null",
        };
        self.fault(Cause::Type { expected, found })
    }

    fn object(&self) -> Read<&'v Object<'v>> {
        let object = self.value.as_object();
        object.ok_or_else(|| self.expected("an object"))
    }

    fn array(&self) -> Read<&'v Array<'v>> {
        let array = self.value.as_array();
        array.ok_or_else(|| self.expected("an array"))
    }

    fn string(&self) -> Read<&'v str> {
        let string = self.value.as_string_lit();
        let string = string.ok_or_else(|| self.expected("a string"))?;
        Ok(&string.value)
    }

    fn boolean(&self) -> Read<bool> {
        let boolean = self.value.as_boolean_lit();
        let boolean = boolean.ok_or_else(|| self.expected("a boolean"))?;
        Ok(boolean.value)
    }

    /// A member of this object, if it is there; the first of several.
    fn member(&self, member: &str) -> Read<Option<Place<'v>>> {
        let property = self.object()?.get(member);
        Ok(property.map(|property| Place {
            name: match self.name.as_str() {
                "" => member.to_owned(),
                name => format!("{name}.{member}"),
            },
            value: &property.value,
        }))
    }

    /// A member that must be there.
    fn required(&self, member: &'static str) -> Read<Place<'v>> {
        let found = self.member(member)?;
        found.ok_or_else(|| self.fault(Cause::Missing(member)))
    }

    fn items(&self) -> Read<impl Iterator<Item = Place<'v>> + use<'_, 'v>> {
        let items = self.array()?.elements.iter().enumerate();
        Ok(items.map(|(index, value)| Place {
            name: format!("{}[{index}]", self.name),
            value,
        }))
    }
}

struct Reader<'r, 't> {
    tables: &'r mut Tables<'t>,
    rare: RareCharacters,
    /// The files read so far: configs name the same table in segmentation and stages.
    known: HashMap<String, Table>,
    /// What counts towards [`MAX_TABLE_BYTES`].
    table_bytes: u64,
}

impl Reader<'_, '_> {
    fn config(&mut self, root: &Place) -> Read<ConfigFile> {
        let normalization = match root.member("normalization")? {
            Some(chain) => self.chain(&chain)?,
            None => Vec::new(),
        };
        let segmentation = match root.member("segmentation")? {
            Some(segmentation) => Some(self.segmentation(&segmentation)?),
            None => None,
        };
        let stages = self.chain(&root.required("conversion_chain")?)?;
        Ok(ConfigFile {
            normalization,
            segmentation,
            stages,
        })
    }

    fn chain(&mut self, chain: &Place) -> Read<Vec<Table>> {
        let mut tables = Vec::new();
        for item in chain.items()?.filter(|item| item.object().is_ok()) {
            tables.extend(self.dict(&item.required("dict")?, self.rare)?);
        }
        Ok(tables)
    }

    fn segmentation(&mut self, segmentation: &Place) -> Read<Table> {
        let kind = segmentation.required("type")?;
        match kind.string()? {
            "mmseg" => {}
            other => {
                let other = other.to_owned();
                return Err(kind.fault(Cause::ForeignSegmentation(other)));
            }
        }
        let dict = segmentation.required("dict")?;
        let table = self.dict(&dict, RareCharacters::Include)?;
        table.ok_or_else(|| dict.fault(Cause::NoTable))
    }

    /// The table that a dictionary comes to; none if all of it is left out.
    fn dict(&mut self, dict: &Place, rare: RareCharacters) -> Read<Option<Table>> {
        let table = self.any_dict(dict, rare)?;
        self.table_bytes += table.as_ref().map_or(0, Table::text_bytes);
        match self.table_bytes > MAX_TABLE_BYTES {
            true => Err(dict.fault(Cause::TooLarge(MAX_TABLE_BYTES))),
            false => Ok(table),
        }
    }

    fn any_dict(&mut self, dict: &Place, rare: RareCharacters) -> Read<Option<Table>> {
        let kind = dict.required("type")?;
        let type_name = kind.string()?;
        if type_name == "inline" {
            return self.inline(dict).map(Some);
        }
        let may_output_rare = match dict.member("may_output_tofu")? {
            Some(flag) => flag.boolean()?,
            None => false,
        };
        if may_output_rare && rare == RareCharacters::Exclude {
            return Ok(None);
        }
        match type_name {
            "group" => self.group(dict, rare),
            "text" => self.text(&dict.required("file")?).map(Some),
            "ocd" | "ocd2" => {
                let name = type_name.to_owned();
                Err(kind.fault(Cause::ForeignTable(name)))
            }
            _ => {
                let name = type_name.to_owned();
                Err(kind.fault(Cause::UnknownTable(name)))
            }
        }
    }

    fn group(&mut self, group: &Place, rare: RareCharacters) -> Read<Option<Table>> {
        let policy = group.member("match_policy")?;
        let is_union = match &policy {
            None => false,
            Some(policy) => match policy.string()? {
                "short_circuit" => false,
                "union" => true,
                other => {
                    let other = other.to_owned();
                    return Err(policy.fault(Cause::UnknownPolicy(other)));
                }
            },
        };
        let mut tables = Vec::new();
        for dict in group.required("dicts")?.items()? {
            tables.extend(self.dict(&dict, rare)?);
        }
        if tables.is_empty() {
            return Ok(None);
        }
        let merged = match is_union {
            true => Table::union(&tables),
            false => Table::short_circuit(&tables),
        };
        merged.map(Some).map_err(|error| group.table_fault(error))
    }

    fn text(&mut self, file: &Place) -> Read<Table> {
        let name = file.string()?;
        if let Some(known) = self.known.get(name) {
            return Ok(known.clone());
        }
        let table = (self.tables)(name).map_err(|kind| file.fault(kind))?;
        self.known.insert(name.to_owned(), table.clone());
        Ok(table)
    }

    fn inline(&mut self, dict: &Place) -> Read<Table> {
        if let Some(flag) = dict.member("may_output_tofu")? {
            return Err(flag.fault(Cause::InlineMember("may_output_tofu")));
        }
        let entries = dict.required("entries")?;
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        let mut seen = HashSet::new();
        for property in &entries.object()?.properties {
            let key = property.name.as_str();
            let value = Place {
                name: format!("{}[{key:?}]", entries.name),
                value: &property.value,
            };
            let text = value.string()?;
            for (text, what) in [(key, "key"), (text, "value")] {
                if text.is_empty() {
                    return Err(value.fault(Cause::Empty(what)));
                }
            }
            if !seen.insert(key) {
                let key = key.to_owned();
                return Err(value.fault(Cause::RepeatedKey(key)));
            }
            pairs.push((key, text));
        }
        Table::from_pairs(&dict.name, pairs).map_err(|error| entries.table_fault(error))
    }
}
