//! The lists the detector's tables take beside OpenCC's: the normalizer's and our own rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{
    first, Pair, END, HANS, HANS_LEANING, HANT, HANT_LEANING, HONG_KONG, JAPANESE, PAIR_FIRST,
    PAIR_HANS, PAIR_HANT, PAIR_HONG_KONG, PAIR_TAIWAN, SHARED, TAIWAN,
};

/// What the normalizer's tables say about damage; nothing where the crate is built without them.
#[derive(Default)]
pub struct NormalizerLists {
    /// The rare variants that it folds, each with what it stands for.
    pub rare: BTreeMap<u32, u32>,
    /// Pairs of which the first is written for the second in native text.
    pub accepted: BTreeSet<Pair>,
}

impl NormalizerLists {
    pub fn read(folder: &Path) -> NormalizerLists {
        let mut lists = NormalizerLists::default();
        if !folder.exists() {
            return lists;
        }
        for row in rows(&folder.join("variants.tsv")).chain(rows(&folder.join("curated.tsv"))) {
            if let [c, target, class, ..] = &row[..] {
                let (c, target) = (first(c), first(target));
                // A row of our own replaces one of the list.
                lists.rare.remove(&c);
                if matches!(&**class, "fold" | "keep") {
                    lists.rare.insert(c, target);
                }
            }
        }
        for row in rows(&folder.join("accepted.tsv")) {
            if let [written, meant, ..] = &row[..] {
                lists.accepted.insert((first(written), first(meant)));
            }
        }
        lists
    }
}

/// The rows of a table of ours, cut at its tabs, without its comments.
fn rows(path: &Path) -> impl Iterator<Item = Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rows: Vec<Vec<String>> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect();
    rows.into_iter()
}

/// The rows of `curated.tsv`.
#[derive(Default)]
pub struct Curated {
    pub characters: BTreeMap<u32, u8>,
    pub pairs: BTreeMap<Pair, u32>,
    pub both: Vec<Pair>,
    pub marks: BTreeMap<u32, u8>,
}

impl Curated {
    pub fn read(path: &Path) -> Curated {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut curated = Curated::default();
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fail =
                |reason: &str| -> ! { panic!("{}:{}: {reason}", path.display(), number + 1) };
            let mut fields = line.split('\t');
            let (Some(keys), Some(class)) = (fields.next(), fields.next()) else {
                fail("expected keys, a tab and a class")
            };
            for key in keys.split(' ') {
                let key: Vec<u32> = key.chars().map(u32::from).collect();
                let new = match (&key[..], class) {
                    (&[c], "taiwan") => curated.marks.insert(c, TAIWAN).is_none(),
                    (&[c], "hong-kong") => curated.marks.insert(c, HONG_KONG).is_none(),
                    (&[c], _) => {
                        let kind = match class {
                            "hans" => HANS,
                            "hant" => HANT,
                            "hans-leaning" => HANS_LEANING,
                            "hant-leaning" => HANT_LEANING,
                            "shared" => SHARED,
                            "japanese" => JAPANESE,
                            _ => fail("unknown class of a character"),
                        };
                        curated.characters.insert(c, kind).is_none()
                    }
                    (&[a, b], _) => {
                        if class == "both" {
                            curated.both.push((a, b));
                            continue;
                        }
                        let tells = match class {
                            "hans" => PAIR_HANS,
                            "hant" => PAIR_HANT,
                            "taiwan" => PAIR_TAIWAN,
                            "hong-kong" => PAIR_HONG_KONG,
                            _ => fail("unknown class of a pair"),
                        };
                        if !(PAIR_FIRST..END).contains(&a) || !(PAIR_FIRST..END).contains(&b) {
                            fail("a pair is of two characters from U+4E00 to U+9FFF");
                        }
                        curated.pairs.insert((a, b), tells).is_none()
                    }
                    _ => fail("expected keys of one or two characters"),
                };
                if !new {
                    fail("a key stands here twice");
                }
            }
        }
        curated
    }
}
