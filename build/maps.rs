//! Writes what the crate embeds: the merged maps of all configs, compiled.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::derive::Tables;
use crate::opencc::{Group, Map};
use crate::table::entries::Entries;
use crate::table::Table;
use Group::{One, ShortCircuit, Union};

/// Writes all tables, source and derived, as text, and `tables.rs` with their names: what is bundled for
/// pipelines of one's own, and what tests compare with the reference.
pub fn write_tables(tables: &Tables, out: &Path) {
    let folder = out.join("tables");
    fs::create_dir_all(&folder).expect("the build's folder is writable");
    let count = tables.len();
    let names: Vec<&String> = tables.keys().collect();
    let mut list = format!("const NAMES: [&str; {count}] = {names:?};\n");
    writeln!(list, "static TEXTS: [&[u8]; {count}] = [").expect("memory");
    for name in names {
        writeln!(list, "include_bytes!(\"tables/{name}.txt\"),").expect("memory");
    }
    list.push_str("];\n");
    write(&out.join("tables.rs"), list.as_bytes());
    for (name, entries) in tables {
        let mut text = String::new();
        for entry in entries {
            writeln!(text, "{}\t{}", entry.key, entry.values.join(" ")).expect("memory");
        }
        write(&folder.join(format!("{name}.txt")), text.as_bytes());
    }
}

/// Compiles every map, in the order of `Map::ALL`, and writes `maps.rs`, which has a static for each:
/// a program holds only the maps of the configs that it may use.
pub fn write_maps(tables: &Tables, out: &Path) -> Vec<Table> {
    let mut compiled = Vec::new();
    let mut list = String::new();
    for &map in Map::ALL {
        let entries = combine(map.group(), tables);
        let origins = entries.origins.clone();
        let table = Table::from_entries(entries);
        writeln!(
            list,
            "static {}: EmbeddedMap = EmbeddedMap {{ table: OnceCell::new(), parts: Embedded {{ origins: &{origins:?},",
            name(map)
        )
        .expect("memory");
        for (part, bytes) in table.parts() {
            write(&out.join(format!("{map:?}.{part}")), bytes);
            writeln!(
                list,
                "{part}: &Aligned(*include_bytes!(\"{map:?}.{part}\")).0,"
            )
            .expect("memory");
        }
        let (len, longest_key) = (table.len(), table.longest_key());
        writeln!(list, "len: {len}, longest_key: {longest_key} }} }};").expect("memory");
        compiled.push(table);
    }
    let names: Vec<String> = Map::ALL
        .iter()
        .map(|&map| format!("&{}", name(map)))
        .collect();
    let text = format!(
        "{list}/// Every map, in the order of `Map::ALL`.\nstatic MAPS: [&EmbeddedMap; {}] = [{}];\n",
        names.len(),
        names.join(", ")
    );
    write(&out.join("maps.rs"), text.as_bytes());
    compiled
}

/// The name of a map's static.
pub fn name(map: Map) -> String {
    format!("{map:?}").to_uppercase()
}

/// Writes `version.rs`: what the tables are and how many entries they have.
pub fn write_version(folder: &Path, tables: &Tables, out: &Path) {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let version = read("VERSION");
    let manifest = read("manifest.tsv");
    let digest = manifest
        .lines()
        .next()
        .and_then(|line| line.rsplit(' ').next())
        .filter(|digest| digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()))
        .expect("manifest.tsv:1: expected a line that ends with a SHA-256");
    for line in manifest.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (name, count) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let found = tables.get(name).map(Vec::len);
        if found != count.parse().ok() {
            panic!("{name}.txt: manifest.tsv says {count} entries, found {found:?}");
        }
    }
    let counts: Vec<(&String, usize)> = tables
        .iter()
        .map(|(name, entries)| (name, entries.len()))
        .collect();
    let text = format!(
        "pub(crate) const VERSION: &str = {:?};\npub(crate) const DIGEST: &str = {digest:?};\n\
         pub(crate) static COUNTS: &[(&str, usize)] = &{counts:?};\n",
        version.trim()
    );
    write(&out.join("version.rs"), text.as_bytes());
}

fn combine(group: &Group, tables: &Tables) -> Entries {
    let all = |groups: &[Group]| -> Vec<Entries> {
        groups.iter().map(|group| combine(group, tables)).collect()
    };
    let merged = match group {
        One(name) => {
            let entries = tables
                .get(*name)
                .unwrap_or_else(|| panic!("{name}.txt: missing"));
            Ok(Entries::from_source(name, entries.clone()))
        }
        Union(groups) => Entries::union(all(groups)),
        ShortCircuit(groups) => Entries::short_circuit(all(groups)),
    };
    merged.expect("a config has fewer than 64 tables")
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
