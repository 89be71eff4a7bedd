//! Fourth: the forms that a character may take in each script, and what each costs where it stands alone.

use super::classes::Classes;
use super::lists::{Choices, Variants, Weights};
use super::maps::{Characters, HashMap};
use super::sources::{OpenCc, Words};

/// A form that costs more is one of words that lists spell out.
const RARE_FORM: f64 = 4.5;

pub struct Forms<'a> {
    pub opencc: &'a OpenCc,
    pub words: &'a Words<'a>,
    pub variants: &'a Variants,
    pub choices: &'a Choices,
    pub classes: &'a Classes,
    // The Simplified characters that a form belongs to, as it is and canonical. Turned around: asking
    // all of the table for every character would take the build seconds.
    sources: HashMap<char, Vec<char>>,
    sources_of_canon: HashMap<char, Vec<char>>,
}

impl<'a> Forms<'a> {
    pub fn new(
        opencc: &'a OpenCc,
        words: &'a Words,
        variants: &'a Variants,
        choices: &'a Choices,
        classes: &'a Classes,
    ) -> Self {
        let mut sources: HashMap<char, Vec<char>> = HashMap::default();
        let mut sources_of_canon: HashMap<char, Vec<char>> = HashMap::default();
        for (&s, forms) in &opencc.st {
            for &t in forms {
                sources.entry(t).or_default().push(s);
                let of_canon = sources_of_canon.entry(classes.canon(t)).or_default();
                if of_canon.last() != Some(&s) {
                    of_canon.push(s);
                }
            }
        }
        Forms {
            opencc,
            words,
            variants,
            choices,
            classes,
            sources,
            sources_of_canon,
        }
    }

    /// The Simplified characters that become this one.
    pub fn sources(&self, c: char) -> Vec<char> {
        self.sources.get(&c).cloned().unwrap_or_default()
    }

    /// The Simplified characters that become one whose canonical form this is.
    pub fn sources_of_canon(&self, canon: char) -> Vec<char> {
        let sources = self.sources_of_canon.get(&canon);
        sources.cloned().unwrap_or_default()
    }

    /// What folding would change at once is no form to choose.
    fn folded(&self, t: char) -> char {
        match self.variants.rare.get(&t) {
            Some(v) if v.class.folds_alone() => self.classes.canon(v.target),
            _ => t,
        }
    }

    /// The Traditional forms of a Simplified character, canonical.
    pub fn traditional(&self, s: char) -> Weights {
        if let Some(weights) = self.choices.of(s, 'T') {
            return weights.clone();
        }
        let mut result = Weights::new();
        let itself = vec![s];
        for &t in self.opencc.st.get(&s).unwrap_or(&itself) {
            let t = self.folded(self.classes.canon(t));
            if !has(&result, t) {
                result.push((t, (5.0 * result.len() as f64).min(9.0)));
            }
        }
        result
    }

    /// The Simplified forms of any character.
    pub fn simplified(&self, c: char) -> Weights {
        if let Some(weights) = self.choices.of(c, 'S') {
            return weights.clone();
        }
        let (st, ts) = (&self.opencc.st, &self.opencc.ts);
        let mut result = Weights::new();
        for (i, &v) in ts.get(&c).into_iter().flatten().enumerate() {
            if st.contains_key(&v) || self.words.used(v) > 0.0 || !ts.contains_key(&v) && v == c {
                result.push((v, 2.5 * i as f64));
            }
        }
        if result.is_empty() {
            result.push((self.classes.ts.get(&c).copied().unwrap_or(c), 0.0));
        }
        // What turns into this character and is far more common than what it turns into.
        let used = |c| self.words.used(c);
        let mut sources = self.sources(c);
        sources.sort_by(|&a, &b| used(b).total_cmp(&used(a)));
        for s in sources {
            if has(&result, s) {
                continue;
            }
            let (here, there) = (used(result[0].0), used(s));
            if here * 20.0 < there {
                result[0].1 = (there / (here + 1.0)).ln().min(6.0);
                result.insert(0, (s, 0.0));
            } else {
                result.push((s, 3.0));
            }
        }
        result
    }

    /// The first Simplified form.
    pub fn plainly(&self, c: char) -> char {
        self.simplified(c)[0].0
    }
}

/// Whether a form is in the list.
pub fn has(forms: &[(char, f64)], form: char) -> bool {
    forms.iter().any(|f| f.0 == form)
}

/// The forms words give characters that no phrase spells out.
pub struct Usual<'a> {
    forms: Characters,
    several: Vec<bool>,
    classes: &'a Classes,
}

impl<'a> Usual<'a> {
    pub fn new(forms: &Forms<'a>) -> Self {
        let choices = forms.choices;
        let usual = choices.side('U').map(|(c, forms)| (c, forms[0].0));
        let mut several = vec![false; Characters::COUNT];
        for (c, forms) in choices.side('T') {
            several[c as usize] = forms.iter().filter(|form| form.1 < RARE_FORM).count() > 1;
        }
        let firsts = forms.opencc.st.iter().map(|(&c, forms)| (c, forms[0]));
        Usual {
            forms: Characters::new(firsts.chain(usual)),
            several,
            classes: forms.classes,
        }
    }

    /// The form as the phrases write it.
    pub fn form(&self, c: char) -> char {
        self.forms.of(c)
    }

    /// The canonical form.
    pub fn canon(&self, c: char) -> char {
        self.classes.canon(self.form(c))
    }

    /// Whether there are other forms beside the usual one.
    pub fn is_one_of_several(&self, c: char) -> bool {
        self.several.get(c as usize) == Some(&true)
    }
}
