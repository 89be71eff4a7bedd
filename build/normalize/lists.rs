//! Second: what our own tables say of single characters. The words of our own are read in `lexicon.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use super::classes::Classes;
use super::maps::{Characters, HashMap, HashSet};
use super::sources::OpenCc;
use crate::rows::{Row, Rows};

/// A rare form of another character.
pub struct Variant {
    /// What it stands for, and what else it may stand for.
    pub target: char,
    pub also: Vec<char>,
    pub class: Class,
}

/// When a rare form is folded; `data/README.md` says more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Fold,
    Keep,
    Live,
    Word,
    Pick,
    Sound,
    Part,
}

impl Class {
    /// Whether it is changed without a word that asks for it.
    pub fn folds_alone(self) -> bool {
        matches!(self, Class::Fold | Class::Keep | Class::Live | Class::Part)
    }
}

/// The rare forms, and the spellings of the same character among our own rows.
pub struct Variants {
    pub rare: BTreeMap<char, Variant>,
    pub styles: Vec<(char, char)>,
}

impl Variants {
    /// Reads both tables of rare forms: our own rows replace the imported ones.
    pub fn read(folder: &Path) -> Variants {
        let mut variants = Variants {
            rare: BTreeMap::new(),
            styles: Vec::new(),
        };
        for name in ["variants.tsv", "curated.tsv"] {
            for row in Rows::read(folder, name).iter() {
                variants.add(&row);
            }
        }
        variants
    }

    fn add(&mut self, row: &Row) {
        let (c, target) = (row.character(0), row.character(1));
        let class = match row.field(2) {
            "fold" => Class::Fold,
            "keep" => Class::Keep,
            "live" => Class::Live,
            "word" => Class::Word,
            "pick" => Class::Pick,
            "sound" => Class::Sound,
            "part" => Class::Part,
            "style" => {
                self.styles.push((c, target));
                self.rare.remove(&c);
                return;
            }
            "context" => {
                self.rare.remove(&c);
                return;
            }
            _ => row.fail("unknown class"),
        };
        let also = row.field(3).chars().collect();
        let variant = Variant {
            target,
            also,
            class,
        };
        self.rare.insert(c, variant);
    }
}

/// A list of forms with what each costs where it stands alone, in nats.
pub type Weights = Vec<(char, f64)>;

/// What `choices.tsv` says: by character and side (T, S or U).
#[derive(Default)]
pub struct Choices {
    pub weights: HashMap<(char, char), Weights>,
    /// Forms that are another character's: taking one costs what a repair costs.
    pub foreign: HashSet<(char, char)>,
    pub particles: HashSet<char>,
}

impl Choices {
    pub fn read(folder: &Path) -> Choices {
        let mut choices = Choices::default();
        for row in Rows::read(folder, "choices.tsv").iter() {
            let (c, side) = (row.character(0), row.character(1));
            let forms = row.field(2).split(' ');
            let forms = forms.map(|item| choices.form(c, item, &row)).collect();
            choices.weights.insert((c, side), forms);
        }
        choices
    }

    fn form(&mut self, c: char, item: &str, row: &Row) -> (char, f64) {
        let parsed = item.split_once(':').and_then(|(form, cost)| {
            let cost = cost.trim_end_matches(['~', '!']).parse().ok()?;
            Some((crate::rows::one(form)?, cost))
        });
        let Some((form, cost)) = parsed else {
            row.fail("expected form:cost");
        };
        if item.ends_with('!') {
            self.particles.insert(form);
        }
        if item.ends_with('~') {
            self.foreign.insert((c, form));
        }
        (form, cost)
    }

    pub fn of(&self, c: char, side: char) -> Option<&Weights> {
        self.weights.get(&(c, side))
    }

    /// All characters that have a row for the side.
    pub fn side(&self, side: char) -> impl Iterator<Item = (char, &Weights)> {
        let of_side = move |((_, s), _): &(&(char, char), &Weights)| *s == side;
        let rows = self.weights.iter().filter(of_side);
        rows.map(|((c, _), forms)| (*c, forms))
    }
}

/// Where regions write a character differently.
#[derive(Default)]
pub struct Regional {
    /// From Taiwan's form to Hong Kong's.
    pub to_hk: BTreeMap<char, char>,
    /// Taiwan's form for both, and the other one.
    pub one: Vec<(char, char)>,
    /// Taiwan's form, the one elsewhere, and the Simplified one for which that holds.
    pub sense: Vec<(char, char, char)>,
    /// Forms that Taiwan's text may have, and what is written there for what becomes one.
    pub made: Vec<(char, char)>,
    /// What stays as found in Taiwan's text, and in Hong Kong's.
    pub live: [String; 2],
}

impl Regional {
    pub fn read(folder: &Path) -> Regional {
        let mut regional = Regional::default();
        for row in Rows::read(folder, "regional.tsv").iter() {
            if let Some(at) = ["live-tw", "live-hk"]
                .iter()
                .position(|&class| class == row.fields[0])
            {
                regional.live[at].push_str(row.field(1));
                continue;
            }
            let (taiwan, there) = (row.character(1), row.character(2));
            match row.fields[0] {
                "hk" => {
                    regional.to_hk.insert(taiwan, there);
                }
                "made" => regional.made.push((taiwan, there)),
                "one" => regional.one.push((taiwan, there)),
                "sense" => regional.sense.push((taiwan, there, row.character(3))),
                _ => row.fail("unknown class"),
            }
        }
        regional
    }

    /// Adds what OpenCC writes for Hong Kong to our own rows.
    pub fn add_hong_kong(&mut self, opencc: &OpenCc, classes: &Classes) {
        for (&standard, forms) in &opencc.hk {
            let taiwan = classes.canon(standard);
            if forms[0] != taiwan && !self.is_one_in_taiwan(forms[0]) {
                self.to_hk.entry(taiwan).or_insert(forms[0]);
            }
        }
    }

    /// The rows that the crate reads, as Rust for `src/normalize/regions.rs`: code points, and in the
    /// first list the representative of both characters.
    pub fn to_rust(&self, reps: &Characters) -> String {
        let one = self
            .one
            .iter()
            .map(|&(a, b)| (a as u32, b as u32, reps.of(b) as u32));
        let sense = self
            .sense
            .iter()
            .map(|&(a, b, c)| (a as u32, b as u32, c as u32));
        let (one, sense): (Vec<_>, Vec<_>) = (one.collect(), sense.collect());
        let made = self.made.iter().map(|&(a, b)| (a as u32, b as u32));
        let made: Vec<_> = made.collect();
        let live = self
            .live
            .each_ref()
            .map(|of| of.chars().map(u32::from).collect::<Vec<_>>());
        format!(
            "static ONE: &[(u32, u32, u32)] = &{one:?};\n\
             static SENSE: &[(u32, u32, u32)] = &{sense:?};\n\
             static MADE: &[(u32, u32)] = &{made:?};\n\
             static LIVE: [&[u32]; 2] = [&{:?}, &{:?}];\n",
            live[0], live[1]
        )
    }

    /// Whether Taiwan writes another one for this character, which is one of two elsewhere.
    pub fn is_one_in_taiwan(&self, c: char) -> bool {
        self.one.iter().any(|pair| pair.1 == c)
    }
}

/// A table of two characters a row.
pub fn pairs(folder: &Path, name: &str) -> Vec<(char, char)> {
    let rows = Rows::read(folder, name);
    rows.iter()
        .map(|row| (row.character(0), row.character(1)))
        .collect()
}

/// The characters of a class of `classes.tsv`: `dialect`, that only written dialects have, or `merged`.
pub fn class(folder: &Path, class: &str) -> Vec<char> {
    let rows = Rows::read(folder, "classes.tsv");
    let of_class = rows.iter().filter(|row| match row.field(1) {
        // The last two are for the import of rare forms.
        "dialect" | "merged" | "rare" | "live" => row.field(1) == class,
        _ => row.fail("unknown class"),
    });
    of_class.flat_map(|row| row.fields[0].chars()).collect()
}
