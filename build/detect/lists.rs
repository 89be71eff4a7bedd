//! The lists the detector's tables take beside OpenCC's: the normalizer's and our own rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{
    Pair, END, HANS, HANS_LEANING, HANT, HANT_LEANING, HONG_KONG, JAPANESE, PAIR_FIRST, PAIR_HANS,
    PAIR_HANT, PAIR_HONG_KONG, PAIR_TAIWAN, SHARED, TAIWAN,
};
use crate::rows::Rows;

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
        for name in ["variants.tsv", "curated.tsv"] {
            for row in Rows::read(folder, name).iter() {
                let (c, target) = (row.character(0).into(), row.character(1).into());
                // A row of our own replaces one of the list.
                lists.rare.remove(&c);
                if matches!(row.field(2), "fold" | "keep") {
                    lists.rare.insert(c, target);
                }
            }
        }
        for row in Rows::read(folder, "accepted.tsv").iter() {
            let pair = (row.character(0).into(), row.character(1).into());
            lists.accepted.insert(pair);
        }
        lists
    }
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
    pub fn read(folder: &Path) -> Curated {
        let mut curated = Curated::default();
        for row in Rows::read(folder, "curated.tsv").iter() {
            let fail = |reason: &str| -> ! { row.fail(reason) };
            let (keys, class) = (row.field(0), row.field(1));
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
