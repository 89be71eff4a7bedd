//! The lists the detector's tables take beside OpenCC's: the normalizer's and our own rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{
    Pair, CANTONESE, END, HANS, HANS_LEANING, HANT, HANT_LEANING, HONG_KONG, JAPANESE, MANDARIN,
    NEVER_JAPANESE, PAIR_FIRST, PAIR_HANS, PAIR_HANT, PAIR_HONG_KONG, PAIR_TAIWAN, SELDOM_JAPANESE,
    SHARED, TAIWAN,
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
    /// Kinds.
    pub characters: BTreeMap<u32, u16>,
    pub pairs: BTreeMap<Pair, u32>,
    pub both: Vec<Pair>,
    pub japanese: BTreeSet<Pair>,
    /// Pairs that are Chinese as well, whatever was counted.
    pub not_japanese: BTreeSet<Pair>,
    /// What characters tell beside their kinds.
    pub facts: BTreeMap<u32, u16>,
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
                    (&[c], "taiwan") => curated.facts.insert(c, TAIWAN).is_none(),
                    (&[c], "hong-kong") => curated.facts.insert(c, HONG_KONG).is_none(),
                    (&[c], "cantonese") => curated.facts.insert(c, HONG_KONG | CANTONESE).is_none(),
                    (&[c], "mandarin") => curated.facts.insert(c, MANDARIN).is_none(),
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
                        if ![a, b].iter().all(|c| (PAIR_FIRST..END).contains(c)) {
                            fail("a pair is of two characters from U+4E00 to U+9FFF");
                        }
                        if class == "both" {
                            curated.both.push((a, b));
                            continue;
                        }
                        let listed = match class {
                            "japanese" => Some(&mut curated.japanese),
                            "not-japanese" => Some(&mut curated.not_japanese),
                            _ => None,
                        };
                        if let Some(listed) = listed {
                            if !listed.insert((a, b)) {
                                fail("a key stands here twice");
                            }
                            continue;
                        }
                        let tells = match class {
                            "hans" => PAIR_HANS,
                            "hant" => PAIR_HANT,
                            "taiwan" => PAIR_TAIWAN,
                            "hong-kong" => PAIR_HONG_KONG,
                            _ => fail("unknown class of a pair"),
                        };
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

/// The rows of `japanese.tsv`.
#[derive(Default)]
pub struct Japanese {
    /// Characters that Chinese has more often.
    pub facts: BTreeMap<u32, u16>,
    /// Characters that many words of Japanese have.
    pub often: BTreeSet<u32>,
    pub pairs: BTreeSet<Pair>,
}

impl Japanese {
    pub fn read(folder: &Path) -> Japanese {
        let mut japanese = Japanese::default();
        for row in Rows::read(folder, "japanese.tsv").iter() {
            let characters = row.field(1).chars().map(u32::from);
            match row.field(0) {
                "never" => japanese
                    .facts
                    .extend(characters.map(|c| (c, NEVER_JAPANESE))),
                "seldom" => japanese
                    .facts
                    .extend(characters.map(|c| (c, SELDOM_JAPANESE))),
                "often" => japanese.often.extend(characters),
                _ => {
                    let first = u32::from(row.character(0));
                    for second in characters {
                        if ![first, second]
                            .iter()
                            .all(|c| (PAIR_FIRST..END).contains(c))
                        {
                            row.fail("a pair is of two characters from U+4E00 to U+9FFF");
                        }
                        japanese.pairs.insert((first, second));
                    }
                }
            }
        }
        japanese
    }
}
