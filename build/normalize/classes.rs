//! Third: which characters are the same one. Spellings share a canonical form, which is Taiwan's; all
//! that can stand for one another share a representative, and words are looked up by representatives.

use std::collections::BTreeMap;

use super::lists::{Regional, Variants};
use super::maps::{Characters, HashMap, HashSet};
use super::sources::{OpenCc, Words};

pub struct Classes {
    /// From a spelling to the canonical form; what is canonical is no key.
    pub canon: BTreeMap<char, char>,
    /// The same for a look-up without a search.
    pub canons: Characters,
    /// All values of `canon`.
    pub canonical: HashSet<char>,
    pub reps: Characters,
    /// The usual Simplified form of what is Traditional only.
    pub ts: BTreeMap<char, char>,
}

impl Classes {
    pub fn new(opencc: &OpenCc, words: &Words, variants: &Variants, regional: &Regional) -> Self {
        let ts = simplified(opencc, words);
        let canon = canon(opencc, &ts, variants, regional);
        let mut union = Union::new(words);
        for (&s, forms) in &opencc.st {
            for &t in forms {
                union.join(s, t);
            }
        }
        for (&a, &b) in ts.iter().chain(&canon) {
            union.join(b, a);
        }
        for &(a, b) in &regional.one {
            union.join(b, a);
        }
        for (&c, variant) in &variants.rare {
            // A rare form joins the class of what it stands for, unless it has one of its own.
            if !opencc.st.contains_key(&c) && !opencc.st_values.contains(&c) {
                union.join(c, variant.target);
            }
        }
        Classes {
            canons: Characters::new(canon.iter().map(|(&c, &to)| (c, to))),
            canonical: canon.values().copied().collect(),
            canon,
            reps: union.representatives(),
            ts,
        }
    }

    /// The canonical form.
    pub fn canon(&self, c: char) -> char {
        self.canons.of(c)
    }
}

/// Simplified forms that only scholarly fonts have are no use as shadows.
fn simplified(opencc: &OpenCc, words: &Words) -> BTreeMap<char, char> {
    opencc
        .ts
        .iter()
        .filter_map(|(&k, vs)| Some((k, *vs.first()?)))
        .filter(|&(k, v)| v != k && (opencc.st.contains_key(&v) || words.used(v) > 0.0))
        .collect()
}

/// One canonical Traditional form per character: Taiwan's.
fn canon(
    opencc: &OpenCc,
    ts: &BTreeMap<char, char>,
    variants: &Variants,
    regional: &Regional,
) -> BTreeMap<char, char> {
    let OpenCc { st, tw, hk, .. } = opencc;
    let mut canon: BTreeMap<char, char> = BTreeMap::new();
    for (&k, vs) in tw {
        if vs.len() == 1 && vs[0] != k {
            canon.insert(k, vs[0]);
        }
    }
    let resolve = |canon: &BTreeMap<char, char>, c: char| canon.get(&c).copied().unwrap_or(c);
    for (&k, vs) in hk {
        for &v in vs {
            let to = resolve(&canon, k);
            if v != to && !opencc.st_values.contains(&v) && !tw.values().any(|t| t.contains(&v)) {
                canon.entry(v).or_insert(to);
            }
        }
    }
    // A spelling of the same character that the script tables alone know.
    for (&c, s) in ts {
        let Some(forms) = st.get(s) else {
            continue;
        };
        let known = forms.contains(&c)
            || variants.rare.contains_key(&c)
            || canon.contains_key(&c)
            || tw.values().chain(hk.values()).any(|v| v.contains(&c));
        if !known {
            canon.insert(c, resolve(&canon, forms[0]));
        }
    }
    // Two characters elsewhere: Taiwan's single form is made at the end.
    canon.retain(|c, _| !variants.rare.contains_key(c) && !regional.is_one_in_taiwan(*c));
    canon.extend(variants.styles.iter().copied());
    for (_, style) in &variants.styles {
        canon.remove(style);
    }
    canon
}

/// Disjoint sets of characters.
struct Union<'a> {
    words: &'a Words<'a>,
    parents: HashMap<char, char>,
}

impl<'a> Union<'a> {
    fn new(words: &'a Words) -> Self {
        Union {
            words,
            parents: HashMap::default(),
        }
    }

    /// Joins the sets of two characters; of their representatives the commoner stays.
    fn join(&mut self, a: char, b: char) {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return;
        }
        let used = |c| self.words.used(c);
        let (keep, drop) = match (used(a), b as u32) >= (used(b), a as u32) {
            true => (a, b),
            false => (b, a),
        };
        self.parents.insert(drop, keep);
        self.parents.entry(keep).or_insert(keep);
    }

    fn find(&mut self, c: char) -> char {
        let mut root = c;
        while let Some(&parent) = self.parents.get(&root) {
            if parent == root {
                break;
            }
            root = parent;
        }
        let mut at = c;
        while at != root {
            at = self.parents.insert(at, root).unwrap_or(root);
        }
        root
    }

    fn representatives(mut self) -> Characters {
        let members: Vec<char> = self.parents.keys().copied().collect();
        Characters::new(members.into_iter().map(|c| (c, self.find(c))))
    }
}
