//! Derives the fold for search: for each character of a class the one that stands for the class.
//!
//! A *link* says that two characters are forms of one: 头 and 頭 by OpenCC's table of characters, 発 and 發 by
//! that of shinjitai, 羣 and 群 by the normalizer's list of variants. Characters that links connect are a *class*.
//! `data/fold/classes.tsv` says which links do not count, and what stands for a class of several Simplified forms.
//!
//! Links are taken in groups, so that a program can leave out a later group. A group never moves a character
//! that an earlier one had moved: it joins what stands for one class to what stands for another. So what comes
//! out is a list of steps, each of a group: 髪 → 髮 is a step of Japan's, 髮 → 发 one of the base.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use crate::rows::{one, Row, Rows};
use crate::table::source::Source;

#[path = "../src/fold/forms.rs"]
#[allow(dead_code)]
mod forms;

use forms::Forms;

/// A Simplified form stands so often in words.txt, unless STCharacters has it as a key.
const OFTEN: u64 = 100;

/// Half-width katakana from U+FF66 on, full.
const KATAKANA: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// Writes `fold.bin`: for each step three bytes of the character and its groups, and three of what it becomes,
/// both little-endian; ascending.
pub fn generate(sources: &BTreeMap<String, Source>, data: &Path, out: &Path) {
    let mut classes = Classes::new(Facts::read(sources, data));
    for name in ["STCharacters", "TSCharacters", "TWVariants", "HKVariants"] {
        classes.link_table(sources, name, 0);
    }
    classes.link_table(sources, "CJK_Compatibility_Ideographs", 0);
    for row in Rows::read(&data.join("normalize"), "radicals.tsv").iter() {
        classes.link(row.character(0), row.character(1), 0);
    }
    classes.link_table(sources, "JPShinjitaiCharacters", Forms::Japanese.bit());
    for (variant, target) in classes.facts.variants.clone() {
        classes.link(variant, target, Forms::Variants.bit());
    }
    for (wide, narrow) in [('０', '0'..='9'), ('Ａ', 'A'..='Z'), ('ａ', 'a'..='z')] {
        for (wide, narrow) in (wide..).zip(narrow) {
            classes.step(wide, narrow, Forms::Width.bit());
        }
    }
    for (half, full) in ('\u{FF66}'..).zip(KATAKANA.chars()) {
        classes.step(half, full, Forms::Width.bit());
    }
    classes.check();
    let bytes: Vec<u8> = classes
        .steps
        .iter()
        .flat_map(|(&from, &(to, groups))| {
            let from = u32::from(from) | u32::from(groups) << 21;
            let ([a, b, c, _], [d, e, f, _]) = (from.to_le_bytes(), u32::from(to).to_le_bytes());
            [a, b, c, d, e, f]
        })
        .collect();
    fs::write(out.join("fold.bin"), bytes).expect("the build's folder is writable");
}

/// The normalizer's rare forms that become what they stand for whatever is beside them, and its spellings of the
/// same character. Our own rows replace the imported ones.
fn variants(folder: &Path) -> BTreeMap<char, char> {
    let mut variants = BTreeMap::new();
    for name in ["variants.tsv", "curated.tsv"] {
        for row in Rows::read(folder, name).iter() {
            match row.field(2) {
                "fold" | "live" | "style" => variants.insert(row.character(0), row.character(1)),
                _ => variants.remove(&row.character(0)),
            };
        }
    }
    variants
}

/// What is known of single characters, and what is judged of them.
struct Facts {
    /// The keys of STCharacters.
    simplified: HashSet<char>,
    /// The rare forms that the normalizer lists, and what they stand for.
    variants: BTreeMap<char, char>,
    /// What TSCharacters makes of a character.
    simplify: HashMap<char, char>,
    /// How often a character stands in words.txt.
    counts: HashMap<char, u64>,
    /// Where classes.tsv is, and its rows.
    path: String,
    kept: Vec<Judged>,
    split: Vec<Judged>,
    /// What stands for a class, however it compares with the others.
    first: HashSet<char>,
    /// Links that do not count.
    cut: HashSet<(char, char)>,
}

/// A row of classes.tsv: the characters, and how to name the row in an error.
struct Judged {
    characters: Vec<char>,
    place: String,
}

impl Facts {
    fn read(sources: &BTreeMap<String, Source>, data: &Path) -> Facts {
        let pairs = |name: &str| single_pairs(sources, name);
        let mut simplify = HashMap::new();
        for (from, to) in pairs("TSCharacters") {
            simplify.entry(from).or_insert(to);
        }
        let mut facts = Facts {
            simplified: pairs("STCharacters").map(|(from, _)| from).collect(),
            variants: variants(&data.join("normalize")),
            simplify,
            counts: HashMap::new(),
            path: data.join("fold/classes.tsv").display().to_string(),
            kept: Vec::new(),
            split: Vec::new(),
            first: HashSet::new(),
            cut: HashSet::new(),
        };
        for row in Rows::read(&data.join("normalize"), "words.txt").iter() {
            let Ok(count) = row.field(1).parse::<u64>() else {
                row.fail("expected a number in field 2");
            };
            for character in row.field(0).chars() {
                *facts.counts.entry(character).or_default() += count;
            }
        }
        for row in Rows::read(&data.join("fold"), "classes.tsv").iter() {
            facts.judge(&row);
        }
        facts
    }

    fn judge(&mut self, row: &Row) {
        let characters: Vec<char> = row
            .field(1)
            .split(' ')
            .map(|field| {
                one(field).unwrap_or_else(|| {
                    row.fail(&format!("expected single characters, got {field:?}"))
                })
            })
            .collect();
        if characters.len() < 2 {
            row.fail("expected two characters or more in field 2");
        }
        if row.fields.len() != 3 || row.field(2).is_empty() {
            row.fail("expected three fields, the last of them the reason");
        }
        let place = row.place();
        match row.field(0) {
            "keep" => {
                self.first.insert(characters[0]);
                self.kept.push(Judged { characters, place });
            }
            "split" => {
                for &a in &characters {
                    self.cut.extend(characters.iter().map(|&b| (a, b)));
                }
                self.split.push(Judged { characters, place });
            }
            other => row.fail(&format!("expected keep or split, got {other:?}")),
        }
    }

    fn count(&self, c: char) -> u64 {
        self.counts.get(&c).copied().unwrap_or(0)
    }

    /// Whether TSCharacters leaves it as it is.
    fn stays(&self, c: char) -> bool {
        self.simplify.get(&c).is_none_or(|&to| to == c)
    }

    fn is_simplified_form(&self, c: char) -> bool {
        let is_used = || self.stays(c) && self.count(c) >= OFTEN && !self.variants.contains_key(&c);
        c <= '\u{FFFF}' && (self.simplified.contains(&c) || is_used())
    }

    /// Of two characters of a class the greater one stands for it: a Simplified form, short in bytes, common.
    fn rank(&self, c: char) -> impl Ord {
        (
            self.first.contains(&c),
            self.is_simplified_form(c) && self.stays(c),
            c <= '\u{FFFF}',
            self.stays(c),
            self.count(c),
            std::cmp::Reverse(c),
        )
    }
}

/// Classes in the making.
struct Classes {
    facts: Facts,
    /// What a character becomes next on the way to what stands for its class, and the groups that say so, a bit
    /// each. Without a bit it is of the base, which is always there.
    steps: BTreeMap<char, (char, u8)>,
    /// Links that were cut.
    used_cuts: HashSet<(char, char)>,
}

impl Classes {
    fn new(facts: Facts) -> Classes {
        Classes {
            facts,
            steps: BTreeMap::new(),
            used_cuts: HashSet::new(),
        }
    }

    fn link_table(&mut self, sources: &BTreeMap<String, Source>, name: &str, group: u8) {
        for (from, to) in single_pairs(sources, name) {
            self.link(from, to, group);
        }
    }

    /// Says that two characters are forms of one.
    fn link(&mut self, a: char, b: char, group: u8) {
        if a == b {
            return;
        }
        if self.facts.cut.contains(&(a, b)) {
            self.used_cuts.extend([(a, b), (b, a)]);
            return;
        }
        let (a, b) = (self.end(a), self.end(b));
        if a != b {
            let is_first_greater = self.facts.rank(a) > self.facts.rank(b);
            let (keep, drop) = if is_first_greater { (a, b) } else { (b, a) };
            self.step(drop, keep, group);
        }
    }

    fn step(&mut self, from: char, to: char, groups: u8) {
        let before = self.steps.insert(from, (to, groups));
        assert!(before.is_none(), "{from}: a second step");
    }

    /// What stands for a character's class so far.
    fn end(&self, c: char) -> char {
        let mut end = c;
        while let Some(&(next, _)) = self.steps.get(&end) {
            end = next;
        }
        end
    }

    /// Stops the build where classes.tsv does not say what the classes are.
    fn check(&self) {
        let mut forms: BTreeMap<char, Vec<char>> = BTreeMap::new();
        let ends = self.steps.values().map(|&(to, _)| to);
        let members: HashSet<char> = self.steps.keys().copied().chain(ends).collect();
        for c in members {
            if self.facts.is_simplified_form(c) {
                forms.entry(self.end(c)).or_default().push(c);
            }
        }
        let mut problems = Vec::new();
        let mut judged = HashSet::new();
        for Judged { characters, place } in &self.facts.kept {
            let end = self.end(characters[0]);
            let found = forms.entry(end).or_default();
            found.sort_unstable();
            let mut listed = characters.clone();
            listed.sort_unstable();
            if *found != listed || end != characters[0] {
                problems.push(format!(
                    "{place}: expected all Simplified forms of one class, got {listed:?} of {found:?} for {end:?}"
                ));
            }
            judged.insert(end);
        }
        for (end, found) in forms {
            if found.len() > 1 && !judged.contains(&end) {
                problems.push(format!(
                    "{}: expected a row for the Simplified forms of one class {found:?}",
                    self.facts.path
                ));
            }
        }
        for Judged { characters, place } in &self.facts.split {
            for (at, &a) in characters.iter().enumerate() {
                if !characters.iter().any(|&b| self.used_cuts.contains(&(a, b))) {
                    problems.push(format!("{place}: {a:?} has no link to the others"));
                }
                for &b in &characters[..at] {
                    if self.end(a) == self.end(b) {
                        problems.push(format!("{place}: {b:?} and {a:?} are still in one class"));
                    }
                }
            }
        }
        if !problems.is_empty() {
            panic!("{}", problems.join("\n"));
        }
    }
}

/// The entries of a table that say one character of another, all candidates.
fn single_pairs<'s>(
    sources: &'s BTreeMap<String, Source>,
    name: &str,
) -> impl Iterator<Item = (char, char)> + 's {
    let source = sources
        .get(name)
        .unwrap_or_else(|| panic!("{name}.txt: missing"));
    source.entries.iter().flat_map(|entry| {
        let from = one(&entry.key);
        let to = entry.values.iter().filter_map(|value| one(value));
        to.filter_map(move |to| Some((from?, to)))
    })
}
