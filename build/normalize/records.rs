//! Fifth: what is known of each character: the forms it may be read as, and what it tells of a text.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::{has, Forms};
use super::lists::{Class, Regional, Variant};
use super::maps::HashSet;
use super::{flag, kind};

/// Nats are stored as sixteenths in a byte.
pub const SCALE: f64 = 16.0;

/// What is known of a character.
#[derive(Default, Clone)]
pub struct Record {
    pub rep: char,
    pub canon: char,
    pub flags: u32,
    /// The forms it may be read as, its own first where it is valid, Traditional and Simplified.
    pub t: Vec<Choice>,
    pub s: Vec<Choice>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    pub form: char,
    /// What it costs where it stands alone.
    pub prior: u8,
    pub kind: usize,
}

impl Choice {
    fn new(form: char, cost: f64, kind: usize) -> Self {
        Choice {
            form,
            prior: nats(cost),
            kind,
        }
    }
}

fn nats(cost: f64) -> u8 {
    (cost * SCALE).clamp(0.0, 255.0) as u8
}

/// Adds a choice, unless its form is there.
fn add(choices: &mut Vec<Choice>, choice: Choice) {
    if !choices.iter().any(|x| x.form == choice.form) {
        choices.push(choice);
    }
}

/// What the records are made of.
pub struct Characters<'a> {
    pub forms: &'a Forms<'a>,
    pub regional: &'a Regional,
    pub accepted: HashSet<(char, char)>,
    /// Characters that only written dialects have.
    pub dialect: HashSet<char>,
    /// Characters that often stand for others.
    pub merged: HashSet<char>,
    /// Radicals and compatibility ideographs, and what they always stand for.
    pub code_points: BTreeMap<char, char>,
}

impl<'a> Characters<'a> {
    /// `dialect` holds what may be such characters, `radicals` radicals and their ideographs.
    pub fn new(
        forms: &'a Forms<'a>,
        regional: &'a Regional,
        accepted: Vec<(char, char)>,
        dialect: Vec<char>,
        radicals: Vec<(char, char)>,
    ) -> Self {
        let opencc = forms.opencc;
        // What is common on the mainland or has two scripts is no sign of a dialect.
        let is_dialect = |c: &char| {
            forms.words.used(*c) < 2000.0
                && !opencc.ts.contains_key(c)
                && !opencc.st_values.contains(c)
        };
        let compat = opencc.compat.iter();
        let compat = compat.filter_map(|(&c, values)| Some((c, *values.first()?)));
        Characters {
            forms,
            regional,
            accepted: accepted.into_iter().collect(),
            merged: HashSet::default(),
            dialect: dialect.into_iter().filter(is_dialect).collect(),
            code_points: radicals.into_iter().chain(compat).collect(),
        }
    }

    /// A record for every character worth one.
    pub fn records(&self) -> BTreeMap<char, Record> {
        let (opencc, classes) = (self.forms.opencc, self.forms.classes);
        let mut all: BTreeSet<char> = BTreeSet::new();
        all.extend(opencc.st.keys().chain(opencc.ts.keys()));
        all.extend(opencc.jp.keys().chain(opencc.compat.keys()));
        all.extend(&opencc.st_values);
        all.extend(classes.canon.keys().chain(classes.canon.values()));
        all.extend(self.forms.variants.rare.keys());
        all.extend(self.forms.choices.weights.keys().map(|(c, _)| c));
        all.extend(&self.dialect);
        all.extend(self.code_points.keys());
        all.into_iter().map(|c| (c, self.record(c))).collect()
    }

    fn record(&self, c: char) -> Record {
        let classes = self.forms.classes;
        if let Some(&to) = self.code_points.get(&c) {
            let compatibility = match self.forms.opencc.compat.contains_key(&c) {
                true => flag::COMPATIBILITY,
                false => 0,
            };
            return Record {
                rep: classes.reps.of(to),
                canon: to,
                flags: flag::CODE_POINT | compatibility,
                ..Record::default()
            };
        }
        let mut record = Record {
            rep: classes.reps.of(c),
            canon: classes.canon(c),
            ..Record::default()
        };
        match self.forms.variants.rare.get(&c) {
            Some(variant) => self.read_rare(c, variant, &mut record),
            None => self.read_common(c, &mut record),
        }
        self.tell(c, &mut record);
        record
    }

    /// A rare form may be itself, and whatever the characters it stands for may be.
    fn read_rare(&self, c: char, variant: &Variant, record: &mut Record) {
        record.flags |= flag::RARE;
        match variant.class {
            Class::Fold | Class::Keep => record.flags |= flag::FOREIGN,
            Class::Live => record.flags |= flag::LIVING,
            Class::Part => record.flags |= flag::FOREIGN | flag::PART,
            _ => {}
        }
        let (own, kind) = match variant.class {
            Class::Fold => (None, kind::FREE),
            Class::Keep | Class::Live | Class::Part => (Some(5.0), kind::FREE),
            Class::Word => (Some(0.0), kind::NAME),
            Class::Pick => (Some(0.0), kind::WRONG),
            Class::Sound => (Some(0.0), kind::SOUND),
        };
        if let Some(cost) = own {
            record.t.push(Choice::new(c, cost, kind::FREE));
            record.s.push(Choice::new(c, cost, kind::FREE));
        }
        self.read_as(variant.target, 0.0, kind, record);
        for &other in &variant.also {
            self.read_as(other, 2.5, kind, record);
        }
    }

    fn read_as(&self, target: char, extra: f64, kind: usize, record: &mut Record) {
        for (s, cost) in self.forms.simplified(target) {
            if cost > 0.0 {
                continue;
            }
            add(&mut record.s, Choice::new(s, extra, kind));
            for (t, cost) in self.forms.traditional(s) {
                let far = match t == self.forms.classes.canon(target) {
                    true => 0.0,
                    false => 1.0 + cost,
                };
                add(&mut record.t, Choice::new(t, extra + far.min(6.0), kind));
            }
        }
    }

    fn read_common(&self, c: char, record: &mut Record) {
        let (opencc, classes) = (self.forms.opencc, self.forms.classes);
        let is_hans_key = opencc.st.contains_key(&c);
        let weighed = self.forms.choices.of(c, 'T');
        let valid_t = !is_hans_key
            || opencc.st_values.contains(&c)
            || classes.canonical.contains(&c)
            || self.forms.variants.styles.iter().any(|s| s.0 == c)
            || weighed.is_some_and(|forms| has(forms, c));
        match weighed {
            Some(forms) if !is_hans_key => {
                for &(t, cost) in forms {
                    let kind = self.weighed_kind(c, t);
                    record.t.push(Choice::new(t, cost, kind));
                }
            }
            _ => self.read_traditional(c, valid_t, record),
        }
        self.read_simplified(c, record);
        if is_hans_key && !valid_t {
            record.flags |= flag::HANS_ONLY;
        }
        let weighed = self.forms.choices.of(c, 'S');
        let never_simplified = weighed.is_some_and(|forms| !has(forms, c));
        if !is_hans_key && (classes.ts.contains_key(&c) || never_simplified) {
            record.flags |= flag::HANT_ONLY;
        }
        let regional = self.regional;
        if record.canon != c || regional.is_one_in_taiwan(c) {
            record.flags |= flag::STYLE;
        }
        if regional.to_hk.contains_key(&record.canon) {
            record.flags |= flag::HONG_KONG;
        }
        if record.t.is_empty() {
            record.t.push(Choice::new(record.canon, 0.0, kind::FREE));
        }
    }

    /// The kind of a form that our own weights list for a Traditional character.
    fn weighed_kind(&self, c: char, t: char) -> usize {
        if self.regional.one.contains(&(c, t)) {
            kind::REGION
        } else if self.accepted.contains(&(c, t)) {
            kind::ACCEPTED
        } else if self.forms.choices.foreign.contains(&(c, t)) {
            kind::WRONG
        } else {
            kind::FREE
        }
    }

    /// The Traditional forms of the Simplified characters that this one may stand for.
    fn read_traditional(&self, c: char, valid: bool, record: &mut Record) {
        let forms = self.forms;
        let is_hans_key = forms.opencc.st.contains_key(&c);
        let mut sources = vec![c];
        if !is_hans_key {
            sources = forms.sources_of_canon(record.canon);
            let first = forms.classes.ts.get(&c);
            sources.extend(first.filter(|first| !sources.contains(first)));
        }
        let mut pool: Vec<(char, f64)> = Vec::new();
        for form in sources.into_iter().flat_map(|s| forms.traditional(s)) {
            if !has(&pool, form.0) {
                pool.push(form);
            }
        }
        if valid {
            self.read_own(c, &mut pool, record);
        }
        for (t, cost) in pool {
            let accepted =
                self.accepted.contains(&(c, t)) || self.accepted.contains(&(record.canon, t));
            let kind = match valid {
                false => kind::FREE,
                true if accepted => kind::ACCEPTED,
                true if is_hans_key => kind::SHARED,
                true => kind::WRONG,
            };
            add(&mut record.t, Choice::new(t, cost, kind));
        }
    }

    /// The form of a character that is valid as it is, and in the pool what else shares a Simplified
    /// character with it.
    fn read_own(&self, c: char, pool: &mut Vec<(char, f64)>, record: &mut Record) {
        let forms = self.forms;
        // A character the mainland uses as it is, too, is no leftover of a conversion.
        let at_home = !forms.opencc.st.contains_key(&c)
            && !forms.classes.ts.contains_key(&c)
            && forms.words.used(c) >= 3000.0;
        let cost = match pool.iter().find(|p| p.0 == record.canon) {
            // A word of the mainland's own, but hardly one by itself.
            Some(p) if at_home && p.1 >= 15.0 => 7.0,
            _ if at_home => 0.0,
            // Alone it stays in clean text, whatever it costs elsewhere.
            // A form of 15 or more is never a word of its own.
            Some(p) if p.1 >= 15.0 => p.1,
            Some(p) => p.1.min(6.0),
            None if pool.is_empty() => 0.0,
            None => 6.0,
        };
        if at_home {
            for p in pool.iter_mut() {
                p.1 += 2.0;
            }
        }
        record.t.push(Choice::new(record.canon, cost, kind::FREE));
        let mut others = forms.sources(c);
        others.retain(|s| forms.opencc.st[s].len() > 1);
        for (t, cost) in others.into_iter().flat_map(|s| forms.traditional(s)) {
            if !has(pool, t) {
                pool.push((t, cost + 2.0));
            }
        }
    }

    fn read_simplified(&self, c: char, record: &mut Record) {
        let forms = self.forms;
        let is_hans_key = forms.opencc.st.contains_key(&c);
        let weighed = forms.choices.of(c, 'S');
        let stranger = !is_hans_key
            && weighed.is_none()
            && forms.plainly(c) != c
            && forms.words.used(c) < 3000.0;
        let traditional_only = forms.classes.ts.contains_key(&c) && !is_hans_key;
        if traditional_only || stranger {
            for (s, cost) in forms.simplified(c) {
                add(&mut record.s, Choice::new(s, cost, kind::FREE));
            }
        } else if let Some(weighed) = weighed {
            for &(s, cost) in weighed {
                let kind = match forms.choices.foreign.contains(&(c, s)) {
                    true => kind::WRONG,
                    false => kind::FREE,
                };
                record.s.push(Choice::new(s, cost, kind));
            }
        } else {
            record.s.push(Choice::new(c, 0.0, kind::FREE));
            for (s, cost) in forms.simplified(c) {
                add(&mut record.s, Choice::new(s, cost, kind::WRONG));
            }
        }
    }

    /// Sets the flags that hang on the choices.
    fn tell(&self, c: char, record: &mut Record) {
        let (t, s) = (&record.t, &record.s);
        let mut flags = record.flags;
        let mut set = |flag: u32, when: bool| flags |= if when { flag } else { 0 };
        let open = |choices: &[Choice], own: char| {
            let other = |x: &Choice| x.kind == kind::FREE && x.form != own;
            choices.len() > 1 && choices.iter().any(other)
        };
        // Whether its own form is the first, and costs so much alone.
        let costs_alone =
            |cost: f64| t.len() > 1 && t[0].form == record.canon && t[0].prior >= nats(cost);
        let hant_only = record.flags & flag::HANT_ONLY != 0;
        let mixable = s.iter().any(|x| x.kind == kind::WRONG);
        set(
            flag::DIALECT,
            self.dialect.contains(&c) && !self.forms.opencc.st.contains_key(&c),
        );
        set(flag::MERGED, self.merged.contains(&c));
        set(flag::OPEN_T, open(t, record.canon) || costs_alone(15.0));
        set(flag::OPEN_S, open(s, c));
        set(flag::BOTH, hant_only && s.iter().any(|x| x.form == c));
        set(flag::ODD, hant_only && costs_alone(4.0));
        set(flag::PARTICLE, self.forms.choices.particles.contains(&c));
        set(flag::AMBIGUOUS_T, t.len() > 1);
        set(flag::AMBIGUOUS_S, s.len() > 1);
        set(flag::MIXABLE, mixable);
        set(flag::UNSURE_S, mixable && s[0].form == c && s[0].prior > 0);
        record.flags = flags;
    }
}
