//! The five tables OpenCC derives from its source tables, derived the same way.

use std::collections::{BTreeMap, HashMap};

use crate::table::source::{Source, SourceEntry};

/// All tables by name.
pub type Tables = BTreeMap<String, Vec<SourceEntry>>;

/// Adds the five derived tables to the parsed source tables.
pub fn derive(sources: &BTreeMap<String, Source>) -> Tables {
    let mut tables: Tables = BTreeMap::new();
    for (name, source) in sources {
        tables.insert(name.clone(), source.entries.clone());
    }
    for (name, of) in [
        ("TWVariantsRev", "TWVariants"),
        ("HKVariantsRev", "HKVariants"),
        ("JPShinjitaiCharactersRev", "JPShinjitaiCharacters"),
    ] {
        tables.insert(name.to_owned(), reversed(of, &sources[of]));
    }
    let rare = rare_characters("TSCharacters", &sources["TSCharacters"]);
    tables.insert("TSCharactersExt".to_owned(), rare);
    let generated = regional_phrases(&tables);
    tables.insert(
        "STPhrases_GeneratedFromRegionalPhrases".to_owned(),
        generated,
    );
    tables
}

/// Turns a table around: every value becomes a key, with the keys that had it in file order, one
/// of them moved to the front where a `@reverse-prefer` annotation says so.
fn reversed(name: &str, source: &Source) -> Vec<SourceEntry> {
    let mut keys: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for entry in &source.entries {
        for value in &entry.values {
            keys.entry(value).or_default().push(entry.key.clone());
        }
    }
    for annotation in &source.annotations {
        if annotation.name != "reverse-prefer" {
            continue;
        }
        let mut words = annotation.argument.split_whitespace();
        let key = words.next().unwrap_or_default();
        let preferred = words.next().unwrap_or(key);
        let place = keys.get_mut(key).and_then(|values| {
            let index = values.iter().position(|value| value == preferred)?;
            values[..=index].rotate_right(1);
            Some(index)
        });
        if place.is_none() {
            let line = annotation.line;
            panic!("{name}.txt:{line}: {key} does not come from {preferred}, so cannot prefer it");
        }
    }
    keys.into_iter()
        .map(|(key, values)| SourceEntry {
            key: key.to_owned(),
            values,
            line: 0,
        })
        .collect()
}

/// The entries after a `@tofu-risk` annotation, without the key among their values.
fn rare_characters(name: &str, source: &Source) -> Vec<SourceEntry> {
    let by_line: HashMap<usize, &SourceEntry> = source
        .entries
        .iter()
        .map(|entry| (entry.line, entry))
        .collect();
    let marked = source
        .annotations
        .iter()
        .filter(|annotation| annotation.name == "tofu-risk");
    marked
        .map(|annotation| {
            let line = annotation.line;
            let entry = by_line
                .get(&(line + 1))
                .unwrap_or_else(|| panic!("{name}.txt:{line}: expected an entry on the next line"));
            // So that leaving this table out of a merged map leaves the key as it is.
            if entry.values[0] != entry.key {
                panic!("{name}.txt:{}: expected {} first", entry.line, entry.key);
            }
            SourceEntry {
                values: entry.values[1..].to_vec(),
                ..(*entry).clone()
            }
        })
        .collect()
}

/// Each regional phrase's key, by its Simplified form, where that has three characters or more:
/// so that a text in Simplified characters is cut at the phrases its last stage will look for.
fn regional_phrases(tables: &Tables) -> Vec<SourceEntry> {
    let simplify = Simplify::new(tables);
    let mut generated: BTreeMap<String, &str> = BTreeMap::new();
    for name in ["HKPhrases", "TWPhrases"] {
        for entry in &tables[name] {
            let simplified = simplify.convert(&entry.key);
            if simplified.chars().count() < 3 {
                continue;
            }
            let known = *generated.entry(simplified).or_insert(&entry.key);
            if known != entry.key {
                let line = entry.line;
                panic!(
                    "{name}.txt:{line}: {} and {known} have one Simplified form",
                    entry.key
                );
            }
        }
    }
    generated
        .into_iter()
        .map(|(key, value)| SourceEntry {
            key,
            values: vec![value.to_owned()],
            line: 0,
        })
        .collect()
}

/// `t2s` on single phrases: no compatibility forms, no description sequences.
struct Simplify<'t> {
    phrases: HashMap<&'t str, &'t str>,
    characters: HashMap<&'t str, &'t str>,
}

impl<'t> Simplify<'t> {
    fn new(tables: &'t Tables) -> Self {
        let defaults = |name: &str| {
            tables[name]
                .iter()
                .map(|entry| (entry.key.as_str(), entry.values[0].as_str()))
        };
        // The rare characters' table comes first, so it is collected last.
        let characters = defaults("TSCharacters")
            .chain(defaults("TSCharactersExt"))
            .collect();
        Simplify {
            phrases: defaults("TSPhrases").collect(),
            characters,
        }
    }

    fn convert(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let mut ends: Vec<usize> = rest.char_indices().map(|(at, _)| at).collect();
            ends.push(rest.len());
            let mut longest_first = ends.into_iter().skip(1).rev();
            let phrase =
                longest_first.find_map(|end| Some((end, *self.phrases.get(&rest[..end])?)));
            let first = &rest[..first.len_utf8()];
            let (length, value) = phrase
                .unwrap_or_else(|| (first.len(), self.characters.get(first).unwrap_or(&first)));
            out.push_str(value);
            rest = &rest[length..];
        }
        out
    }
}
