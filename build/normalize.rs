//! Compiles the normalization tables: what every character may stand for, and the words that decide.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Nats are stored as sixteenths in a byte.
const SCALE: f64 = 16.0;
const TOTAL: f64 = 60_000_000.0;
/// How much oftener the words of a pattern are met than by chance.
const PATTERN: f64 = 8_000.0;
/// The same for patterns that are no reason to change clean text.
const WEAK_PATTERN: f64 = 245.0;
/// How much rarer the second of two spellings is: replaced in damaged text, left in clean text.
const SECOND: f64 = 0.015;
/// A form that costs more is one of words that lists spell out.
const RARE_FORM: f64 = 4.5;

/// How a form relates to the character it would replace. Shared with `src/normalize/tables.rs`.
mod kind {
    /// The character is not of the target script, or is itself.
    pub const FREE: u8 = 0;
    /// The character belongs to both scripts and may have been left unconverted.
    pub const SHARED: u8 = 1;
    /// The character is a Traditional one that a converter may have picked wrongly.
    pub const WRONG: u8 = 2;
    /// Live writers use both.
    pub const ACCEPTED: u8 = 3;
    /// A rare form that names use: folded inside words, or where there is other damage.
    pub const NAME: u8 = 4;
    /// Only likeness of sound and shape speaks for it: folded inside words.
    pub const SOUND: u8 = 5;
    /// The same character in some regions.
    pub const REGION: u8 = 6;
}

#[path = "../src/normalize/filter.rs"]
mod filter;

/// What a character tells. Shared with `src/normalize/tables.rs`.
#[path = "../src/normalize/flag.rs"]
#[allow(dead_code)]
mod flag;

/// Which characters names write otherwise.
#[path = "../src/normalize/names.rs"]
#[allow(dead_code)]
mod names;

type Table = BTreeMap<String, Vec<String>>;

struct Rows<'a> {
    name: &'a str,
    text: String,
}

impl<'a> Rows<'a> {
    fn read(dir: &Path, name: &'a str) -> Self {
        let path = dir.join(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Rows { name, text }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, Vec<&str>)> + '_ {
        self.text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(i, line)| (i + 1, line.split('\t').collect()))
    }

    fn fail(&self, line: usize, reason: &str) -> ! {
        panic!("data/{}:{line}: {reason}", self.name)
    }
}

fn opencc(dir: &Path, name: &str) -> Table {
    let rows = Rows::read(dir, name);
    let mut table = Table::new();
    for (line, fields) in rows.iter() {
        if fields.len() != 2 || fields[0].is_empty() {
            rows.fail(line, "expected a key, a tab and values");
        }
        table.insert(
            fields[0].to_owned(),
            fields[1].split(' ').map(str::to_owned).collect(),
        );
    }
    table
}

fn one(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

fn chars_of(table: &Table) -> BTreeMap<char, Vec<char>> {
    table
        .iter()
        .filter_map(|(k, vs)| Some((one(k)?, vs.iter().filter_map(|v| one(v)).collect())))
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Choice {
    form: char,
    prior: u8,
    kind: u8,
}

#[derive(Default, Clone)]
struct Info {
    rep: char,
    canon: char,
    flags: u32,
    t: Vec<Choice>,
    s: Vec<Choice>,
}

struct Variant {
    target: char,
    class: String,
    also: Vec<char>,
}

fn nats(cost: f64) -> u8 {
    (cost * SCALE).clamp(0.0, 255.0) as u8
}

fn find(parents: &mut HashMap<char, char>, c: char) -> char {
    let mut root = c;
    while let Some(&p) = parents.get(&root) {
        if p == root {
            break;
        }
        root = p;
    }
    let mut at = c;
    while at != root {
        let next = parents.insert(at, root).unwrap_or(root);
        at = next;
    }
    root
}

/// Reads `data`, writes `normalize_*` into `out`.
pub fn generate(data: &Path, out: &Path) {
    let (oc, own) = (data.join("opencc"), data.join("normalize"));
    let st_table = opencc(&oc, "STCharacters.txt");
    let st = chars_of(&st_table);
    let ts_all = chars_of(&opencc(&oc, "TSCharacters.txt"));
    let phrases = opencc(&oc, "STPhrases.txt");
    let ts_phrases = opencc(&oc, "TSPhrases.txt");
    let tw = chars_of(&opencc(&oc, "TWVariants.txt"));
    let hk = chars_of(&opencc(&oc, "HKVariants.txt"));
    let jp = chars_of(&opencc(&oc, "JPShinjitaiCharacters.txt"));
    let compat = chars_of(&opencc(&oc, "CJK_Compatibility_Ideographs.txt"));

    // Words and how often each character is used.
    let words_file = Rows::read(&own, "words.txt");
    let mut words: Vec<(&str, f64)> = Vec::new();
    let mut count: HashMap<char, f64> = HashMap::new();
    for (line, fields) in words_file.iter() {
        let frequency: f64 = match fields.get(1).and_then(|f| f.parse().ok()) {
            Some(f) => f,
            None => words_file.fail(line, "expected a word, a tab and a frequency"),
        };
        for c in fields[0].chars() {
            *count.entry(c).or_default() += frequency;
        }
        words.push((fields[0], frequency));
    }
    let used = |c: char| count.get(&c).copied().unwrap_or(0.0);

    // Simplified forms that only scholarly fonts have are no use as shadows.
    let ts: BTreeMap<char, char> = ts_all
        .iter()
        .filter_map(|(&k, vs)| Some((k, *vs.first()?)))
        .filter(|&(k, v)| v != k && (st.contains_key(&v) || used(v) > 0.0))
        .collect();

    let st_values: BTreeSet<char> = st.values().flatten().copied().collect();

    // One canonical Traditional form per character: Taiwan's.
    let mut canon: BTreeMap<char, char> = BTreeMap::new();
    for (&k, vs) in &tw {
        if vs.len() == 1 && vs[0] != k {
            canon.insert(k, vs[0]);
        }
    }
    let resolve = |canon: &BTreeMap<char, char>, c: char| canon.get(&c).copied().unwrap_or(c);
    for (&k, vs) in &hk {
        for &v in vs {
            let to = resolve(&canon, k);
            if v != to && !st_values.contains(&v) && !tw.values().any(|t| t.contains(&v)) {
                canon.entry(v).or_insert(to);
            }
        }
    }

    // Rare forms: our own rows replace the imported ones.
    let mut variants: BTreeMap<char, Variant> = BTreeMap::new();
    let mut styles: Vec<(char, char)> = vec![];
    for name in ["variants.tsv", "curated.tsv"] {
        let rows = Rows::read(&own, name);
        for (line, fields) in rows.iter() {
            let (Some(c), Some(target)) = (one(fields[0]), fields.get(1).and_then(|f| one(f)))
            else {
                rows.fail(line, "expected two single characters");
            };
            let class = fields.get(2).copied().unwrap_or("");
            if class == "style" {
                styles.push((c, target));
                variants.remove(&c);
                continue;
            }
            if class == "context" {
                variants.remove(&c);
                continue;
            }
            if !["fold", "keep", "live", "word", "pick", "sound"].contains(&class) {
                rows.fail(line, "unknown class");
            }
            let also = fields
                .get(3)
                .map(|f| f.chars().collect())
                .unwrap_or_default();
            variants.insert(
                c,
                Variant {
                    target,
                    class: class.to_owned(),
                    also,
                },
            );
        }
    }
    // A spelling of the same character that the script tables alone know.
    for (&c, &s) in &ts {
        if let Some(forms) = st.get(&s) {
            if !forms.contains(&c)
                && !variants.contains_key(&c)
                && !canon.contains_key(&c)
                && forms[0] != c
            {
                let own_values = tw.values().chain(hk.values()).any(|v| v.contains(&c));
                if !own_values {
                    canon.insert(c, resolve(&canon, forms[0]));
                }
            }
        }
    }
    for c in variants.keys() {
        canon.remove(c);
    }
    // Two characters in Hong Kong and in Simplified; Taiwan's single form is made at the end.
    canon.remove(&'着');
    canon.extend(styles.iter().copied());

    // Classes: all characters that can stand for one another share a representative.
    let mut parents: HashMap<char, char> = HashMap::new();
    let mut union = |a: char, b: char| {
        let (ra, rb) = (find(&mut parents, a), find(&mut parents, b));
        if ra != rb {
            let (keep, drop) = if (used(ra), rb as u32) >= (used(rb), ra as u32) {
                (ra, rb)
            } else {
                (rb, ra)
            };
            parents.insert(drop, keep);
            parents.entry(keep).or_insert(keep);
        }
    };
    for (&s, forms) in &st {
        for &t in forms {
            union(s, t);
        }
    }
    for (&t, &s) in &ts {
        union(s, t);
    }
    for (&a, &b) in &canon {
        union(a, b);
    }
    union('着', '著');
    for (&c, v) in &variants {
        // A rare form joins the class of what it stands for, unless it has one of its own.
        if !st.contains_key(&c) && !st_values.contains(&c) {
            union(c, v.target);
        }
    }
    let mut rep = |c: char| find(&mut parents, c);

    // Weights of forms that stand alone.
    let choices = Rows::read(&own, "choices.tsv");
    let mut weights: HashMap<(char, char), Vec<(char, f64)>> = HashMap::new();
    let mut foreign: HashSet<(char, char)> = HashSet::new();
    let mut particles: HashSet<char> = HashSet::new();
    for (line, fields) in choices.iter() {
        let (Some(c), Some(side), Some(forms)) = (
            one(fields[0]),
            fields.get(1).and_then(|f| one(f)),
            fields.get(2),
        ) else {
            choices.fail(line, "expected a character, a side and forms");
        };
        let forms = forms
            .split(' ')
            .map(|item| {
                let (form, cost) = item
                    .split_once(':')
                    .unwrap_or_else(|| choices.fail(line, "expected form:cost"));
                match (one(form), cost.trim_end_matches(['~', '!']).parse()) {
                    (Some(form), Ok(cost)) => {
                        if item.ends_with('!') {
                            particles.insert(form);
                        }
                        if item.ends_with('~') {
                            foreign.insert((c, form));
                        }
                        (form, cost)
                    }
                    _ => choices.fail(line, "expected form:cost"),
                }
            })
            .collect();
        weights.insert((c, side), forms);
    }
    let accepted_rows = Rows::read(&own, "accepted.tsv");
    let accepted: HashSet<(char, char)> = accepted_rows
        .iter()
        .map(
            |(line, fields)| match (one(fields[0]), fields.get(1).and_then(|f| one(f))) {
                (Some(a), Some(b)) => (a, b),
                _ => accepted_rows.fail(line, "expected two single characters"),
            },
        )
        .collect();

    // The Traditional forms of a Simplified character, canonical, with what each costs alone.
    // Turned around: asking all of it for every character would take the build seconds.
    let mut sources_of: HashMap<char, Vec<char>> = HashMap::new();
    let mut sources_of_canon: HashMap<char, Vec<char>> = HashMap::new();
    for (&s, forms) in &st {
        for &t in forms {
            sources_of.entry(t).or_default().push(s);
            let sources = sources_of_canon.entry(resolve(&canon, t)).or_default();
            if sources.last() != Some(&s) {
                sources.push(s);
            }
        }
    }
    let canonical: HashSet<char> = canon.values().copied().collect();

    // What folding would change at once is no form to choose.
    let folded = |t: char| match variants.get(&t) {
        Some(v) if !["word", "pick", "sound"].contains(&v.class.as_str()) => {
            resolve(&canon, v.target)
        }
        _ => t,
    };
    let forms_of = |s: char| -> Vec<(char, f64)> {
        if let Some(w) = weights.get(&(s, 'T')) {
            return w.clone();
        }
        let mut result: Vec<(char, f64)> = Vec::new();
        match st.get(&s) {
            None => result.push((folded(resolve(&canon, s)), 0.0)),
            Some(forms) => {
                for &t in forms {
                    let t = folded(resolve(&canon, t));
                    if !result.iter().any(|r| r.0 == t) {
                        result.push((t, (5.0 * result.len() as f64).min(9.0)));
                    }
                }
            }
        }
        result
    };
    let simplified_forms = |c: char| -> Vec<(char, f64)> {
        if let Some(w) = weights.get(&(c, 'S')) {
            return w.clone();
        }
        let mut result = vec![];
        if let Some(vs) = ts_all.get(&c) {
            for (i, &v) in vs.iter().enumerate() {
                if st.contains_key(&v) || used(v) > 0.0 || !ts_all.contains_key(&v) && v == c {
                    result.push((v, 2.5 * i as f64));
                }
            }
        }
        if result.is_empty() {
            result.push((ts.get(&c).copied().unwrap_or(c), 0.0));
        }
        // What turns into this character and is far more common than what it turns into.
        let mut sources: Vec<char> = sources_of.get(&c).cloned().unwrap_or_default();
        sources.sort_by(|a, b| used(*b).total_cmp(&used(*a)));
        for s in sources {
            if result.iter().any(|r| r.0 == s) {
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
    };

    // Every character worth a record.
    let mut all: BTreeSet<char> = BTreeSet::new();
    all.extend(st.keys());
    all.extend(&st_values);
    all.extend(ts_all.keys());
    all.extend(canon.keys());
    all.extend(canon.values());
    all.extend(variants.keys());
    all.extend(jp.keys());
    all.extend(compat.keys());
    for (c, _) in weights.keys() {
        all.insert(*c);
    }
    let classes = Rows::read(&own, "classes.tsv");
    let dialect: HashSet<char> = classes
        .iter()
        .filter(|(_, fields)| fields.get(1) == Some(&"dialect"))
        .flat_map(|(_, fields)| fields[0].chars())
        .filter(|c| used(*c) < 2000.0 && !ts_all.contains_key(c) && !st_values.contains(c))
        .collect();
    all.extend(&dialect);
    let radicals_file = Rows::read(&own, "radicals.tsv");
    let mut code_points: BTreeMap<char, char> = BTreeMap::new();
    for (line, fields) in radicals_file.iter() {
        match (one(fields[0]), fields.get(1).and_then(|f| one(f))) {
            (Some(a), Some(b)) => {
                code_points.insert(a, b);
            }
            _ => radicals_file.fail(line, "expected two single characters"),
        }
    }
    for (&c, vs) in &compat {
        if let Some(&v) = vs.first() {
            code_points.insert(c, v);
        }
    }
    all.extend(code_points.keys());

    let regional = Rows::read(&own, "regional.tsv");
    let mut to_hk: BTreeMap<char, char> = BTreeMap::new();
    for (line, fields) in regional.iter() {
        match fields[..] {
            ["hk", from, to] => match (one(from), one(to)) {
                (Some(from), Some(to)) => {
                    to_hk.insert(from, to);
                }
                _ => regional.fail(line, "expected single characters"),
            },
            _ => regional.fail(line, "expected a region and two characters"),
        }
    }
    let mut infos: BTreeMap<char, Info> = BTreeMap::new();
    for &c in &all {
        let mut info = Info {
            rep: rep(c),
            canon: resolve(&canon, c),
            ..Info::default()
        };
        if let Some(&to) = code_points.get(&c) {
            info.canon = to;
            info.rep = rep(to);
            info.flags |= flag::CODE_POINT;
            if compat.contains_key(&c) {
                info.flags |= flag::COMPATIBILITY;
            }
            infos.insert(c, info);
            continue;
        }
        let is_hans_key = st.contains_key(&c);
        let valid_t = !is_hans_key
            || st_values.contains(&c)
            || canonical.contains(&c)
            || styles.iter().any(|s| s.0 == c)
            || weights
                .get(&(c, 'T'))
                .is_some_and(|w| w.iter().any(|f| f.0 == c));
        let traditional_only = ts.contains_key(&c) && !is_hans_key;
        if let Some(v) = variants.get(&c) {
            info.flags |= flag::RARE;
            match v.class.as_str() {
                "fold" | "keep" => info.flags |= flag::FOREIGN,
                "live" => info.flags |= flag::LIVING,
                _ => {}
            }
            let (self_t, kind) = match v.class.as_str() {
                "fold" => (None, kind::FREE),
                "keep" | "live" => (Some(5.0), kind::FREE),
                "word" => (Some(0.0), kind::NAME),
                "pick" => (Some(0.0), kind::WRONG),
                _ => (Some(0.0), kind::SOUND),
            };
            if let Some(cost) = self_t {
                info.t.push(Choice {
                    form: c,
                    prior: nats(cost),
                    kind: kind::FREE,
                });
                info.s.push(Choice {
                    form: c,
                    prior: nats(cost),
                    kind: kind::FREE,
                });
            }
            let add = |info: &mut Info, target: char, extra: f64| {
                for (s, ps) in simplified_forms(target) {
                    if ps > 0.0 {
                        continue;
                    }
                    if !info.s.iter().any(|x| x.form == s) {
                        info.s.push(Choice {
                            form: s,
                            prior: nats(extra),
                            kind,
                        });
                    }
                    for (t, p) in forms_of(s) {
                        let far = if t == resolve(&canon, target) {
                            0.0
                        } else {
                            1.0 + p
                        };
                        if !info.t.iter().any(|x| x.form == t) {
                            info.t.push(Choice {
                                form: t,
                                prior: nats(extra + far.min(6.0)),
                                kind,
                            });
                        }
                    }
                }
            };
            add(&mut info, v.target, 0.0);
            for &other in &v.also {
                add(&mut info, other, 2.5);
            }
        } else {
            // Traditional side.
            let sources: Vec<char> = if is_hans_key {
                vec![c]
            } else {
                let mut s: Vec<char> = sources_of_canon
                    .get(&info.canon)
                    .cloned()
                    .unwrap_or_default();
                if let Some(&first) = ts.get(&c) {
                    if !s.contains(&first) {
                        s.push(first);
                    }
                }
                s
            };
            let mut pool: Vec<(char, f64)> = Vec::new();
            for s in sources {
                for f in forms_of(s) {
                    if !pool.iter().any(|p| p.0 == f.0) {
                        pool.push(f);
                    }
                }
            }
            if !is_hans_key && weights.contains_key(&(c, 'T')) {
                for &(t, p) in &weights[&(c, 'T')] {
                    let kind = if c == '著' && t == '着' {
                        kind::REGION
                    } else if accepted.contains(&(c, t)) {
                        kind::ACCEPTED
                    } else if foreign.contains(&(c, t)) {
                        kind::WRONG
                    } else {
                        kind::FREE
                    };
                    info.t.push(Choice {
                        form: t,
                        prior: nats(p),
                        kind,
                    });
                }
                pool.clear();
            } else if valid_t {
                // What else shares a Simplified character with a form that is valid as it is.
                // A character the mainland uses as it is, too, is no leftover of a conversion.
                let at_home = !is_hans_key && !ts.contains_key(&c) && used(c) >= 3000.0;
                let own_prior = match pool.iter().find(|p| p.0 == info.canon) {
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
                    for p in &mut pool {
                        p.1 += 2.0;
                    }
                }
                info.t.push(Choice {
                    form: info.canon,
                    prior: nats(own_prior),
                    kind: kind::FREE,
                });
                let mut others: Vec<char> = sources_of.get(&c).cloned().unwrap_or_default();
                others.retain(|s| st[s].len() > 1);
                for s in others {
                    for f in forms_of(s) {
                        if !pool.iter().any(|p| p.0 == f.0) {
                            pool.push((f.0, f.1 + 2.0));
                        }
                    }
                }
            }
            for (t, p) in pool {
                if info.t.iter().any(|x| x.form == t) {
                    continue;
                }
                let kind = if !valid_t {
                    kind::FREE
                } else if accepted.contains(&(c, t)) || accepted.contains(&(info.canon, t)) {
                    kind::ACCEPTED
                } else if is_hans_key {
                    kind::SHARED
                } else {
                    kind::WRONG
                };
                info.t.push(Choice {
                    form: t,
                    prior: nats(p),
                    kind,
                });
            }
            // Simplified side.
            let simplified_stranger = !is_hans_key
                && simplified_forms(c)[0].0 != c
                && !weights.contains_key(&(c, 'S'))
                && used(c) < 3000.0;
            if traditional_only || simplified_stranger {
                for (s, p) in simplified_forms(c) {
                    if !info.s.iter().any(|x| x.form == s) {
                        info.s.push(Choice {
                            form: s,
                            prior: nats(p),
                            kind: kind::FREE,
                        });
                    }
                }
            } else {
                info.s.push(Choice {
                    form: c,
                    prior: 0,
                    kind: kind::FREE,
                });
                if let Some(w) = weights.get(&(c, 'S')) {
                    info.s.clear();
                    for &(s, p) in w {
                        let kind = if foreign.contains(&(c, s)) {
                            kind::WRONG
                        } else {
                            kind::FREE
                        };
                        info.s.push(Choice {
                            form: s,
                            prior: nats(p),
                            kind,
                        });
                    }
                } else {
                    for (s, p) in simplified_forms(c) {
                        if !info.s.iter().any(|x| x.form == s) {
                            info.s.push(Choice {
                                form: s,
                                prior: nats(p),
                                kind: kind::WRONG,
                            });
                        }
                    }
                }
            }
            if is_hans_key && !valid_t {
                info.flags |= flag::HANS_ONLY;
            }
            if traditional_only {
                info.flags |= flag::HANT_ONLY;
            }
            if info.canon != c || to_hk.contains_key(&info.canon) || c == '着' {
                info.flags |= flag::STYLE;
            }
            if info.t.is_empty() {
                info.t.push(Choice {
                    form: info.canon,
                    prior: 0,
                    kind: kind::FREE,
                });
            }
        }
        if dialect.contains(&c) && !st.contains_key(&c) {
            info.flags |= flag::DIALECT;
        }
        let open = |choices: &[Choice], own: char| {
            choices.len() > 1
                && choices
                    .iter()
                    .any(|x| x.kind == kind::FREE && x.form != own)
        };
        let never_alone =
            info.t.len() > 1 && info.t[0].form == info.canon && info.t[0].prior >= nats(15.0);
        if open(&info.t, info.canon) || never_alone {
            info.flags |= flag::OPEN_T;
        }
        if info.flags & flag::HANT_ONLY != 0 && info.s.iter().any(|x| x.form == c) {
            info.flags |= flag::BOTH;
        }
        if open(&info.s, c) {
            info.flags |= flag::OPEN_S;
        }
        if info.flags & flag::HANT_ONLY != 0
            && info.t.len() > 1
            && info.t[0].form == info.canon
            && info.t[0].prior >= nats(4.0)
        {
            info.flags |= flag::ODD;
        }
        if particles.contains(&c) {
            info.flags |= flag::PARTICLE;
        }
        if names::is_surname(info.rep) || names::IN_GIVEN.iter().any(|x| x.0 == info.rep) {
            info.flags |= flag::NAME;
        }
        if info.t.len() > 1 {
            info.flags |= flag::AMBIGUOUS_T;
        }
        if info.s.iter().any(|x| x.kind == kind::WRONG) {
            info.flags |= flag::MIXABLE;
            if info.s[0].form == c && info.s[0].prior > 0 {
                info.flags |= flag::UNSURE_S;
            }
        }
        if info.s.len() > 1 {
            info.flags |= flag::AMBIGUOUS_S;
        }
        infos.insert(c, info);
    }

    let usual_of = |c: char| resolve(&canon, usual_form(c, &st, &weights));
    write_characters(out, &infos, &st, &canon, &to_hk, &usual_of, &|c| {
        is_several(c, &weights)
    });

    // Words. The key is the string of representatives; a form is what it reads as in each script.
    let mut lexicon: BTreeMap<String, Vec<(String, String, f64)>> = BTreeMap::new();
    let mut put = |s: &str, t: &str, frequency: f64, rep: &mut dyn FnMut(char) -> char| {
        let key: String = s.chars().map(&mut *rep).collect();
        let t: String = t.chars().map(|c| resolve(&canon, c)).collect();
        let forms = lexicon.entry(key).or_default();
        match forms.iter_mut().find(|f| f.0 == s && f.1 == t) {
            Some(form) => form.2 = form.2.max(frequency),
            None => forms.push((s.to_owned(), t, frequency)),
        }
    };
    // Our own words: their Traditional forms and frequencies.
    let mut ours: HashMap<String, (String, f64)> = HashMap::new();
    let frequencies: HashMap<&str, f64> = words.iter().copied().collect();
    // Old spellings the phrase tables prefer and modern text does not.
    let modern_file = Rows::read(&own, "modern.tsv");
    let modern: Vec<(&str, &str)> = modern_file
        .iter()
        .map(|(line, fields)| match fields[..] {
            [old, new] if old.chars().count() == new.chars().count() => (old, new),
            _ => modern_file.fail(line, "expected two texts of the same length"),
        })
        .collect();
    let modern_olds: HashSet<char> = modern.iter().filter_map(|m| m.0.chars().next()).collect();
    let modernize = |text: &str| -> String {
        let mut text = text.to_owned();
        if text.chars().any(|c| modern_olds.contains(&c)) {
            for (old, new) in &modern {
                text = text.replace(old, new);
            }
        }
        text
    };
    let patterns = Rows::read(&own, "patterns.tsv");
    let mut expanded: Vec<(String, f64)> = vec![];
    for (line, fields) in patterns.iter() {
        let mut words = vec![];
        expand(fields[0], String::new(), &mut words)
            .unwrap_or_else(|| patterns.fail(line, "expected a closing bracket"));
        let strength = match fields.get(1).copied() {
            None => PATTERN,
            Some("also") => PATTERN * SECOND,
            Some("weak") => WEAK_PATTERN,
            Some(_) => patterns.fail(line, "unknown strength"),
        };
        expanded.extend(words.into_iter().map(|word| (word, strength)));
    }
    let keep = Rows::read(&own, "keep.tsv");
    let two_spellings: HashSet<String> = keep
        .iter()
        .filter(|(_, fields)| fields.get(2) == Some(&"also"))
        .map(|(_, fields)| match fields[1] {
            "" => fields[0]
                .chars()
                .map(|c| simplified_forms(c)[0].0)
                .collect(),
            s => s.to_owned(),
        })
        .collect();
    for (line, fields) in keep.iter() {
        let t = fields[0];
        let second = fields.get(2) == Some(&"also");
        let s: String = match fields.get(1).filter(|s| !s.is_empty()) {
            Some(s) => (*s).to_owned(),
            None => {
                // Of the possible spellings the one the word list or a phrase knows.
                let mut spellings = vec![String::new()];
                for c in t.chars() {
                    let forms: Vec<char> = if variants.contains_key(&c) {
                        vec![c]
                    } else {
                        simplified_forms(c).iter().map(|f| f.0).collect()
                    };
                    let heads = std::mem::take(&mut spellings);
                    for form in forms.iter().take(3) {
                        for head in heads.iter().take(12) {
                            spellings.push(format!("{head}{form}"));
                        }
                    }
                }
                let known = |s: &String| {
                    frequencies.get(s.as_str()).copied().unwrap_or(0.0)
                        + if phrases.contains_key(s) { 1.0 } else { 0.0 }
                        + if ts_phrases.get(t).is_some_and(|v| v[0] == *s) {
                            1e9
                        } else {
                            0.0
                        }
                };
                let mut best = 0;
                for i in 1..spellings.len() {
                    if known(&spellings[i]) > known(&spellings[best]) {
                        best = i;
                    }
                }
                spellings.swap_remove(best)
            }
        };
        if s.chars().count() != t.chars().count() || t.is_empty() {
            keep.fail(line, "expected as many characters on both sides");
        }
        // Only what goes against the rule for its characters needs a word stronger than its use.
        let plain: String = s
            .chars()
            .map(|c| resolve(&canon, usual_form(c, &st, &weights)))
            .collect();
        let plainly: String = t.chars().map(|c| simplified_forms(c)[0].0).collect();
        let deceptive = plainly != s || s.chars().any(|c| variants.contains_key(&c));
        let used = frequencies.get(s.as_str()).copied().unwrap_or(3.0);
        let frequency = match (second, plain == *t && !deceptive) {
            // Close enough to its first spelling to stay, not to be chosen.
            (true, _) => used.max(60_000.0) * SECOND,
            _ if fields.get(2) == Some(&"weak") => used.max(30.0),
            (false, true) if !two_spellings.contains(&s) && fields.get(2) != Some(&"strong") => {
                match used > 3.0 {
                    true => used,
                    false => (by_chance(&s, &frequencies) * PATTERN).clamp(3.0, 8_000.0),
                }
            }
            // What the word list knows is not as far from its true use as a name it has never seen.
            _ if used >= 20.0 && fields.get(2) != Some(&"strong") => {
                (used * 8.0).clamp(8_000.0, 60_000.0).max(used)
            }
            _ => used.max(60_000.0),
        };
        put(&s, t, frequency, &mut rep);
        if !second || !ours.contains_key(&s) {
            ours.insert(s, (t.to_owned(), frequency));
        }
    }
    for (t, strength) in &expanded {
        let s: String = t.chars().map(|c| simplified_forms(c)[0].0).collect();
        let Entry::Vacant(entry) = ours.entry(s) else {
            continue;
        };
        let used = frequencies.get(entry.key().as_str()).copied();
        let expected = by_chance(entry.key(), &frequencies) * strength;
        let frequency = used.unwrap_or(0.0).max(expected.min(600_000.0));
        put(entry.key(), t, frequency, &mut rep);
        entry.insert((t.clone(), frequency));
    }
    let parts = Parts {
        frequencies: &frequencies,
        phrases: &phrases,
        ours: &ours,
        st: &st,
        weights: &weights,
    };
    for &(word, frequency) in &words {
        let n = word.chars().count();
        if n < 2 {
            continue;
        }
        if ours.contains_key(word) {
            continue;
        }
        if let Some(values) = phrases.get(word) {
            for (i, v) in values.iter().enumerate() {
                let v = modernize(v);
                put(word, &v, frequency / (1.0 + 3.0 * i as f64), &mut rep);
            }
            continue;
        }
        // The parts the word is made of, and what the phrases say of each.
        let t = parts.spell(word, n);
        // A long word that is no more than its parts says nothing they do not.
        let rare = word.chars().any(|c| variants.contains_key(&c));
        if !rare && t.0 == t.1 && (n >= 4 || n == 3 && frequency < 60.0) {
            continue;
        }
        put(word, &modernize(&t.0), frequency, &mut rep);
        if t.1 != t.0 {
            // Not as sure: no list spells it out.
            put(word, &t.1, frequency * 0.003, &mut rep);
        }
    }
    for (word, values) in &phrases {
        let n = word.chars().count();
        if !(2..=8).contains(&n)
            || ours.contains_key(word.as_str())
            || frequencies.contains_key(word.as_str())
        {
            continue;
        }
        if values.len() == 1 && n >= 3 {
            let t = parts.spell(word, n);
            if t.0 == values[0] && t.0 == t.1 {
                continue;
            }
        }
        for (i, v) in values.iter().enumerate() {
            let v = modernize(v);
            put(word, &v, 2.5 / (1.0 + i as f64), &mut rep);
        }
    }
    for (word, values) in &ts_phrases {
        if word.chars().count() == values[0].chars().count() && word.chars().count() > 1 {
            put(&values[0], word, 30.0, &mut rep);
        }
    }
    let several = |c: char| is_several(c, &weights);
    write_lexicon(out, &lexicon, &words, &infos, &usual_of, &several, &mut rep);
}

/// Whether words that no phrase spells out may have more than one form of the character.
fn is_several(c: char, weights: &HashMap<(char, char), Vec<(char, f64)>>) -> bool {
    weights
        .get(&(c, 'T'))
        .is_some_and(|forms| forms.iter().filter(|form| form.1 < RARE_FORM).count() > 1)
}

/// How often a word would be met if its parts met by chance.
fn by_chance(word: &str, frequencies: &HashMap<&str, f64>) -> f64 {
    let places: Vec<usize> = word
        .char_indices()
        .map(|(i, _)| i)
        .chain([word.len()])
        .collect();
    let n = places.len() - 1;
    let mut best = vec![0.0; n + 1];
    best[0] = TOTAL;
    for start in 0..n {
        for end in start + 1..=n {
            let frequency = match frequencies.get(&word[places[start]..places[end]]) {
                _ if end - start == n => continue,
                Some(&f) => f,
                None if end - start == 1 => 1.0,
                None => continue,
            };
            best[end] = f64::max(best[end], best[start] * frequency / TOTAL);
        }
    }
    best[n]
}

/// What the forms of words that no list spells out are made of.
struct Parts<'a> {
    frequencies: &'a HashMap<&'a str, f64>,
    phrases: &'a Table,
    ours: &'a HashMap<String, (String, f64)>,
    st: &'a BTreeMap<char, Vec<char>>,
    weights: &'a HashMap<(char, char), Vec<(char, f64)>>,
}

impl Parts<'_> {
    fn frequency(&self, part: &str, length: usize) -> Option<f64> {
        let ours = self.ours.get(part).map(|word| word.1);
        let listed = self.frequencies.get(part).copied();
        match (ours, listed) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (Some(f), None) | (None, Some(f)) => Some(f),
            (None, None) if length == 1 => Some(1.0),
            (None, None) => self.phrases.contains_key(part).then_some(3.0),
        }
    }

    fn listed(&self, part: &str) -> Option<&str> {
        let phrase = || self.phrases.get(part).map(|values| values[0].as_str());
        self.ours
            .get(part)
            .map(|word| word.0.as_str())
            .or_else(phrase)
    }

    /// A word's Traditional form from those of its parts: with the usual form where nothing says which, and with
    /// NUL there.
    fn spell(&self, word: &str, n: usize) -> (String, String) {
        let places: Vec<usize> = word
            .char_indices()
            .map(|(i, _)| i)
            .chain([word.len()])
            .collect();
        let part = |start: usize, end: usize| &word[places[start]..places[end]];
        let mut best: Vec<(f64, usize)> = vec![(f64::INFINITY, 0); n + 1];
        best[0].0 = 0.0;
        for start in 0..n {
            for end in start + 1..=n {
                if end - start == n {
                    continue;
                }
                let Some(frequency) = self.frequency(part(start, end), end - start) else {
                    continue;
                };
                let cost = best[start].0 + (TOTAL / frequency.max(0.2)).ln();
                if cost < best[end].0 {
                    best[end] = (cost, start);
                }
            }
        }
        let mut parts = vec![];
        let mut end = n;
        while end > 0 {
            parts.push((best[end].1, end));
            end = best[end].1;
        }
        let (mut usual, mut open) = (String::new(), String::new());
        for &(start, end) in parts.iter().rev() {
            let listed = self.listed(part(start, end));
            if let Some(listed) = listed.filter(|_| end - start > 1) {
                usual.push_str(listed);
                open.push_str(listed);
                continue;
            }
            for (i, c) in part(start, end).chars().enumerate() {
                let name = SURNAMES.iter().find(|name| name.0 == c);
                if let Some(&(_, form)) = name.filter(|_| (start, end, n) == (0, 1, 3)) {
                    // Three characters that are no words together: a name.
                    if self.frequency(part(1, 3), 2).is_none() {
                        usual.push(form);
                        open.push(form);
                        continue;
                    }
                }
                // In a foreign name it stands for a sound; after a word it is what is inside.
                let at = start + i;
                if c == '里' && n >= 3 && (at + 1 < n || self.frequency(part(0, at), at).is_none())
                {
                    usual.push(c);
                    open.push(c);
                    continue;
                }
                let first = usual_form(c, self.st, self.weights);
                let several = is_several(c, self.weights);
                usual.push(first);
                open.push(if several { '\0' } else { first });
            }
        }
        (usual, open)
    }
}

/// Surnames that are not written like the common word of the same Simplified form.
const SURNAMES: &[(char, char)] = &[
    ('范', '范'),
    ('钟', '鍾'),
    ('于', '于'),
    ('余', '余'),
    ('游', '游'),
    ('涂', '涂'),
];

fn write_characters(
    out: &Path,
    infos: &BTreeMap<char, Info>,
    st: &BTreeMap<char, Vec<char>>,
    canon: &BTreeMap<char, char>,
    to_hk: &BTreeMap<char, char>,
    usual: &dyn Fn(char) -> char,
    several: &dyn Fn(char) -> bool,
) {
    let mut records = String::new();
    let mut choices: Vec<Choice> = Vec::new();
    // Record 0 is every other character.
    records.push_str(
        "Info { c: 0, rep: 0, canon: 0, usual: 0, flags: 0, t: 0, s: 0, lengths: (0, 0) },\n",
    );
    for (&c, info) in infos {
        let t = (choices.len(), info.t.len());
        choices.extend(&info.t);
        let s = (choices.len(), info.s.len());
        choices.extend(&info.s);
        writeln!(
            records,
            "Info {{ c: {}, rep: {}, canon: {}, usual: {}, flags: {}, t: {}, s: {}, lengths: ({}, {}) }},",
            c as u32,
            info.rep as u32,
            info.canon as u32,
            usual(c) as u32 | u32::from(several(c)) << 31,
            info.flags,
            t.0,
            s.0,
            t.1,
            s.1
        )
        .expect("writing to a string");
    }
    let mut list = String::new();
    for c in &choices {
        writeln!(
            list,
            "Choice({}),",
            c.form as u32 | u32::from(c.kind) << 21 | u32::from(c.prior) << 24
        )
        .expect("writing to a string");
    }
    // From the canonical form back to OpenCC's standard and to Hong Kong's.
    let mut standard = String::new();
    let mut hong_kong = String::new();
    let mut back: BTreeMap<char, char> = BTreeMap::new();
    for forms in st.values() {
        let c = canon.get(&forms[0]).copied().unwrap_or(forms[0]);
        if c != forms[0] {
            back.entry(c).or_insert(forms[0]);
        }
    }
    for (&from, &to) in canon {
        if from != to && !st.values().any(|f| f[0] == to) && from != '着' {
            back.entry(to).or_insert(from);
        }
    }
    for (c, t) in &back {
        writeln!(standard, "({}, {}),", *c as u32, *t as u32).expect("writing to a string");
    }
    for (c, t) in to_hk {
        writeln!(hong_kong, "({}, {}),", *c as u32, *t as u32).expect("writing to a string");
    }
    let source = format!(
        "static INFOS: &[Info] = &[\n{records}];\nstatic CHOICES: &[Choice] = &[\n{list}];\n\
         static STANDARD: &[(u32, u32)] = &[\n{standard}];\n\
         static HONG_KONG: &[(u32, u32)] = &[\n{hong_kong}];\n"
    );
    fs::write(out.join("normalize_characters.rs"), source).expect("OUT_DIR is writable");
}

/// The form words give a character that no phrase spells out.
fn usual_form(
    c: char,
    st: &BTreeMap<char, Vec<char>>,
    weights: &HashMap<(char, char), Vec<(char, f64)>>,
) -> char {
    match weights.get(&(c, 'U')) {
        Some(forms) => forms[0].0,
        None => st.get(&c).map_or(c, |v| v[0]),
    }
}

fn write_lexicon(
    out: &Path,
    lexicon: &BTreeMap<String, Vec<(String, String, f64)>>,
    words: &[(&str, f64)],
    infos: &BTreeMap<char, Info>,
    usual_of: &dyn Fn(char) -> char,
    several: &dyn Fn(char) -> bool,
    rep: &mut dyn FnMut(char) -> char,
) {
    let cost = |f: f64| ((TOTAL / f.max(0.2)).ln() * SCALE).clamp(0.0, 511.0) as u16;
    // Form lists: their number, then per form its cost (2 bytes) and its Simplified and Traditional text, each
    // as many characters as the key, three bytes a character.
    let mut blob: Vec<u8> = vec![0, 0];
    let mut seen: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut singles: BTreeMap<String, f64> = BTreeMap::new();
    for &(word, frequency) in words {
        if let Some(c) = one(word) {
            *singles.entry(rep(c).to_string()).or_default() += frequency;
        }
    }
    let mut builder = fst::MapBuilder::memory();
    let mut entries: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, f) in &singles {
        entries.insert(key, u64::from(cost(*f)));
    }
    let usual = |c: char| infos.get(&c).map_or(c, |_| usual_of(c));
    // Which characters a word's form would correct.
    let mut opponents: [HashMap<(char, char), Vec<char>>; 2] = [HashMap::new(), HashMap::new()];
    // Rare forms are looked at wherever they stand.
    for (&c, info) in infos
        .iter()
        .filter(|(_, info)| info.flags & flag::RARE == 0)
    {
        for (side, choices) in [&info.s, &info.t].into_iter().enumerate() {
            let own = if side == 0 { c } else { info.canon };
            for choice in choices {
                if choice.form != own
                    && choice.kind != kind::ACCEPTED
                    && choice.kind != kind::REGION
                {
                    opponents[side]
                        .entry((info.rep, choice.form))
                        .or_default()
                        .push(c);
                }
            }
        }
    }
    let mut bits = vec![0u8; 2 << (filter::BITS - 3)];
    let mut set = |question: filter::Question, a: char, b: char| {
        for bit in filter::bits(question, a as u32, b as u32) {
            bits[bit / 8] |= 1 << (bit % 8);
        }
    };
    let mut sorted_forms: Vec<u8> = Vec::new();
    for (key, forms) in lexicon {
        let keys: Vec<char> = key.chars().collect();
        if keys.len() < 2 {
            continue;
        }
        let mut forms: Vec<&(String, String, f64)> = forms.iter().collect();
        forms.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.cmp_text(b)));
        forms.truncate(6);
        for pair in keys.windows(2) {
            set(filter::Question::Join, pair[0], pair[1]);
        }
        for (s, t, _) in forms.iter().copied() {
            use filter::Question::{Left, LeftSimplified, Right, RightSimplified};
            let sides = [(s, RightSimplified, LeftSimplified), (t, Right, Left)];
            for (side, (text, right, left)) in sides.into_iter().enumerate() {
                for (i, form) in text.chars().enumerate() {
                    for &c in opponents[side].get(&(keys[i], form)).into_iter().flatten() {
                        match keys.get(i + 1) {
                            Some(&next) => set(right, c, next),
                            None => set(left, keys[i - 1], c),
                        }
                    }
                }
            }
        }
        let plain =
            |s: &str, t: &str| s == key && t.chars().zip(&keys).all(|(t, &k)| t == usual(k));
        let open = |s: &str, t: &str| {
            s == key
                && t.chars()
                    .zip(&keys)
                    .all(|(t, &k)| if several(k) { t == '\0' } else { t == usual(k) })
        };
        let value = match forms[..] {
            [one] if plain(&one.0, &one.1) => u64::from(cost(one.2)),
            [first, second] if plain(&first.0, &first.1) && open(&second.0, &second.1) => {
                u64::from(cost(first.2)) | 1 << 9
            }
            _ => {
                sorted_forms.clear();
                sorted_forms.push(forms.len() as u8);
                for (s, t, f) in forms.iter().copied() {
                    let own = s == key;
                    sorted_forms.extend((cost(*f) | if own { 0 } else { 1 << 15 }).to_le_bytes());
                    for c in t.chars().chain(s.chars().filter(|_| !own)) {
                        sorted_forms.extend(&(c as u32).to_le_bytes()[..3]);
                    }
                }
                let at = *seen.entry(sorted_forms.clone()).or_insert_with(|| {
                    let at = blob.len() as u64;
                    blob.extend(&sorted_forms);
                    at
                });
                u64::from(cost(forms[0].2)) | (at << 9)
            }
        };
        entries.insert(key, value);
    }
    for (key, value) in entries {
        builder.insert(key, value).expect("a BTreeMap is sorted");
    }
    let bytes = builder.into_inner().expect("writing to memory");
    fs::write(out.join("normalize_words.fst"), bytes).expect("OUT_DIR is writable");
    fs::write(out.join("normalize_forms.bin"), blob).expect("OUT_DIR is writable");
    fs::write(out.join("normalize_filter.bin"), bits).expect("OUT_DIR is writable");
}

/// Writes out a pattern like `[一二]天後`.
fn expand(pattern: &str, head: String, out: &mut Vec<String>) -> Option<()> {
    match pattern.find('[') {
        None => out.push(head + pattern),
        Some(open) => {
            let close = open + pattern[open..].find(']')?;
            for c in pattern[open + 1..close].chars() {
                let mut next = head.clone();
                next.push_str(&pattern[..open]);
                next.push(c);
                expand(&pattern[close + ']'.len_utf8()..], next, out)?;
            }
        }
    }
    Some(())
}

trait CompareText {
    fn cmp_text(&self, other: &Self) -> std::cmp::Ordering;
}

impl CompareText for (String, String, f64) {
    fn cmp_text(&self, other: &Self) -> std::cmp::Ordering {
        (&self.0, &self.1).cmp(&(&other.0, &other.1))
    }
}
