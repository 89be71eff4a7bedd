//! Compiles the normalization tables: what every character may stand for, and the words that decide.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{BuildHasherDefault, Hasher};
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

/// How the tables are laid out. Shared with `src/normalize/tables.rs`.
#[path = "../src/normalize/layout.rs"]
mod layout;

/// What a character tells. Shared with `src/normalize/tables.rs`.
#[path = "../src/normalize/flag.rs"]
#[allow(dead_code)]
mod flag;

/// A hash for texts and characters that costs little where nothing is optimized, as in the build scripts of
/// dependencies; the standard one took a third of this module's time there.
#[derive(Default)]
struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut hash = self.0;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        self.0 = hash;
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The table takes its bits from both ends.
        self.0 ^ self.0 >> 32
    }
}

type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<QuickHasher>>;
type HashSet<K> = std::collections::HashSet<K, BuildHasherDefault<QuickHasher>>;

/// A character for each character, itself where nothing was set, found without a search.
struct Characters(Vec<u32>);

impl Characters {
    /// One past the last ideograph.
    const COUNT: usize = 0x4_0000;

    fn new(pairs: impl Iterator<Item = (char, char)>) -> Self {
        let mut to = vec![0; Characters::COUNT];
        for (c, other) in pairs {
            to[c as usize] = other as u32;
        }
        Characters(to)
    }

    fn of(&self, c: char) -> char {
        match self.0.get(c as usize) {
            None | Some(0) => c,
            Some(&to) => char::from_u32(to).expect("made of characters"),
        }
    }
}

type Table = HashMap<String, Vec<String>>;

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
    let mut table = Table::default();
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
    let mut count: HashMap<char, f64> = HashMap::default();
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
    let mut parents: HashMap<char, char> = HashMap::default();
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
    let members: Vec<char> = parents.keys().copied().collect();
    let reps = Characters::new(members.iter().map(|&c| (c, find(&mut parents, c))));
    let rep = |c: char| reps.of(c);

    // Weights of forms that stand alone.
    let choices = Rows::read(&own, "choices.tsv");
    let mut weights: HashMap<(char, char), Vec<(char, f64)>> = HashMap::default();
    let mut foreign: HashSet<(char, char)> = HashSet::default();
    let mut particles: HashSet<char> = HashSet::default();
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
    let mut sources_of: HashMap<char, Vec<char>> = HashMap::default();
    let mut sources_of_canon: HashMap<char, Vec<char>> = HashMap::default();
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

    let canon_of = Characters::new(canon.iter().map(|(&c, &to)| (c, to)));
    let usual = Usual::new(&st, &weights);
    let usual_of = |c: char| canon_of.of(usual.form(c));
    let several = |c: char| usual.is_one_of_several(c);
    write_characters(out, &infos, &st, &canon, &to_hk, &usual_of, &several);

    // Words. The key is the string of representatives; a form is what it reads as in each script.
    let mut lexicon: Vec<Word> = Vec::new();
    let mut put = |s: &str, t: &str, frequency: f64| {
        lexicon.push(Word {
            key: each(s, &reps),
            s: s.to_owned(),
            t: each(t, &canon_of),
            frequency,
        });
    };
    // Our own words: their Traditional forms and frequencies.
    let mut ours: HashMap<String, (String, f64)> = HashMap::default();
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
        let plain: String = s.chars().map(usual_of).collect();
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
        put(&s, t, frequency);
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
        put(entry.key(), t, frequency);
        entry.insert((t.clone(), frequency));
    }
    let parts = Parts {
        frequencies: &frequencies,
        phrases: &phrases,
        ours: &ours,
        usual: &usual,
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
                put(word, &v, frequency / (1.0 + 3.0 * i as f64));
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
        put(word, &modernize(&t.0), frequency);
        if t.1 != t.0 {
            // Not as sure: no list spells it out.
            put(word, &t.1, frequency * 0.003);
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
            put(word, &v, 2.5 / (1.0 + i as f64));
        }
    }
    for (word, values) in &ts_phrases {
        if word.chars().count() == values[0].chars().count() && word.chars().count() > 1 {
            put(&values[0], word, 30.0);
        }
    }
    write_lexicon(out, lexicon, &words, &infos, &usual_of, &several, &rep);
}

/// A way to write a word.
struct Word {
    /// Its representatives.
    key: String,
    s: String,
    t: String,
    frequency: f64,
}

/// A text with each character replaced.
fn each(text: &str, to: &Characters) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(to.of(c));
    }
    out
}

/// The forms words give characters that no phrase spells out.
struct Usual {
    forms: Characters,
    several: Vec<bool>,
}

impl Usual {
    fn new(
        st: &BTreeMap<char, Vec<char>>,
        weights: &HashMap<(char, char), Vec<(char, f64)>>,
    ) -> Self {
        let weighed = |side| weights.iter().filter(move |((_, s), _)| *s == side);
        let usual = weighed('U').map(|((c, _), forms)| (*c, forms[0].0));
        let mut several = vec![false; Characters::COUNT];
        for ((c, _), forms) in weighed('T') {
            several[*c as usize] = forms.iter().filter(|form| form.1 < RARE_FORM).count() > 1;
        }
        Usual {
            forms: Characters::new(st.iter().map(|(&c, forms)| (c, forms[0])).chain(usual)),
            several,
        }
    }

    fn form(&self, c: char) -> char {
        self.forms.of(c)
    }

    /// Whether there are other forms beside the usual one.
    fn is_one_of_several(&self, c: char) -> bool {
        self.several.get(c as usize) == Some(&true)
    }
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
    usual: &'a Usual,
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
                let first = self.usual.form(c);
                let several = self.usual.is_one_of_several(c);
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

/// Writes what is known of each character, read in place by `src/normalize/tables.rs`.
fn write_characters(
    out: &Path,
    infos: &BTreeMap<char, Info>,
    st: &BTreeMap<char, Vec<char>>,
    canon: &BTreeMap<char, char>,
    to_hk: &BTreeMap<char, char>,
    usual: &dyn Fn(char) -> char,
    several: &dyn Fn(char) -> bool,
) {
    // Record 0 is every other character.
    let mut records: Vec<u32> = vec![0; layout::RECORD / 4];
    let mut choices: Vec<u32> = Vec::new();
    let mut list = |of: &[Choice]| {
        let start = choices.len() as u32;
        choices.extend(of.iter().map(|choice| {
            choice.form as u32 | u32::from(choice.kind) << 21 | u32::from(choice.prior) << 24
        }));
        assert!(start < 1 << 24 && of.len() < 256, "a list of choices fits");
        start | (of.len() as u32) << 24
    };
    for (&c, info) in infos {
        records.extend([
            c as u32,
            info.rep as u32,
            info.canon as u32,
            usual(c) as u32 | u32::from(several(c)) << 31,
            info.flags,
            list(&info.t),
            list(&info.s),
        ]);
    }
    // From the canonical form back to OpenCC's standard and to Hong Kong's.
    let mut back: BTreeMap<char, char> = BTreeMap::new();
    for forms in st.values() {
        let c = canon.get(&forms[0]).copied().unwrap_or(forms[0]);
        if c != forms[0] {
            back.entry(c).or_insert(forms[0]);
        }
    }
    let firsts: HashSet<char> = st.values().map(|forms| forms[0]).collect();
    for (&from, &to) in canon {
        if from != to && !firsts.contains(&to) && from != '着' {
            back.entry(to).or_insert(from);
        }
    }
    let pairs = |map: &BTreeMap<char, char>| -> Vec<u32> {
        map.iter()
            .flat_map(|(&from, &to)| [from as u32, to as u32])
            .collect()
    };
    write_words(out, "normalize_records.bin", &records);
    write_words(out, "normalize_choices.bin", &choices);
    write_words(out, "normalize_standard.bin", &pairs(&back));
    write_words(out, "normalize_hong_kong.bin", &pairs(to_hk));
    write_words(out, "normalize_dense.bin", &dense(infos, to_hk));
}

/// What a scan asks of every character, two words each: its flags; the number of its record and its
/// representative.
fn dense(infos: &BTreeMap<char, Info>, to_hk: &BTreeMap<char, char>) -> Vec<u32> {
    let mut words: Vec<u32> = (layout::FIRST..layout::END)
        .flat_map(|c| {
            let flags = flag::of_block(c);
            let plain = if flags & flag::HAN != 0 {
                flag::PLAIN_S | flag::PLAIN_T
            } else {
                0
            };
            [flags | plain, c << 16]
        })
        .collect();
    for (number, (&c, info)) in infos.iter().enumerate() {
        let code = c as u32;
        if code >= layout::END {
            let outside = matches!(code, 0xf900..=0xfaff | 0x2_0000..=0x3_ffff);
            assert!(outside, "a record where no scan looks for one");
        }
        if !(layout::FIRST..layout::END).contains(&code) {
            continue;
        }
        let mut flags = flag::of_block(code) | info.flags;
        let stays = |choices: &[Choice]| {
            choices
                .first()
                .is_none_or(|x| x.form == c && x.kind == kind::FREE)
        };
        if flags & flag::HAN != 0 {
            if stays(&info.s) {
                flags |= flag::PLAIN_S;
            }
            if stays(&info.t) && (info.canon == '\0' || info.canon == c) {
                flags |= flag::PLAIN_T;
            }
        }
        let at = 2 * (code - layout::FIRST) as usize;
        let rep = u16::try_from(info.rep as u32).unwrap_or(0);
        words[at] = flags;
        words[at + 1] = (number as u32 + 1) | u32::from(rep) << 16;
    }
    // Regions write them differently, whatever their records say.
    for &c in to_hk.keys().chain(&['着', '著']) {
        words[2 * (c as u32 - layout::FIRST) as usize] &= !flag::PLAIN_T;
    }
    words
}

/// Writes numbers of four bytes each.
fn write_words(out: &Path, name: &str, words: &[u32]) {
    let mut bytes = Vec::with_capacity(4 * words.len());
    for word in words {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    fs::write(out.join(name), bytes).expect("OUT_DIR is writable");
}

fn write_lexicon(
    out: &Path,
    mut lexicon: Vec<Word>,
    words: &[(&str, f64)],
    infos: &BTreeMap<char, Info>,
    usual: &dyn Fn(char) -> char,
    several: &dyn Fn(char) -> bool,
    rep: &dyn Fn(char) -> char,
) {
    let cost = |f: f64| ((TOTAL / f.max(0.2)).ln() * SCALE).clamp(0.0, 511.0) as u16;
    // Form lists: their number, then per form its cost (2 bytes) and its Simplified and Traditional text, each
    // as many characters as the key, three bytes a character.
    let mut blob: Vec<u8> = vec![0, 0];
    let mut seen: HashMap<Vec<u8>, u64> = HashMap::default();
    let mut singles: BTreeMap<char, f64> = BTreeMap::new();
    for &(word, frequency) in words {
        if let Some(c) = one(word) {
            *singles.entry(rep(c)).or_default() += frequency;
        }
    }
    let mut entries: Vec<(String, u64)> = singles
        .iter()
        .map(|(key, f)| (key.to_string(), u64::from(cost(*f))))
        .collect();
    // Which characters a word's form would correct.
    let mut opponents: [HashMap<(char, char), Vec<char>>; 2] =
        [HashMap::default(), HashMap::default()];
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
    let mut bits = vec![0u64; 2 * filter::WORDS];
    let mut set = |question: filter::Question, a: char, b: char| {
        let (word, mask) = filter::place(question, a as u32, b as u32);
        bits[word] |= mask;
    };
    let mut sorted_forms: Vec<u8> = Vec::new();
    let mut keys: Vec<char> = Vec::new();
    lexicon.sort_by(|a, b| a.key.as_bytes().cmp(b.key.as_bytes()));
    let mut start = 0;
    while start < lexicon.len() {
        let mut end = start + 1;
        while end < lexicon.len() && lexicon[end].key == lexicon[start].key {
            end += 1;
        }
        let forms = distinct(&mut lexicon[start..end]);
        start = end;
        let key = &forms[0].key;
        keys.clear();
        keys.extend(key.chars());
        if keys.len() < 2 {
            continue;
        }
        for pair in keys.windows(2) {
            set(filter::Question::Join, pair[0], pair[1]);
        }
        for word in forms {
            use filter::Question::{Left, LeftSimplified, Right, RightSimplified};
            let sides = [
                (&word.s, RightSimplified, LeftSimplified),
                (&word.t, Right, Left),
            ];
            for (side, (text, right, left)) in sides.into_iter().enumerate() {
                for (i, form) in text.chars().enumerate() {
                    let Some(opponents) = opponents[side].get(&(keys[i], form)) else {
                        continue;
                    };
                    for &c in opponents {
                        match keys.get(i + 1) {
                            Some(&next) => set(right, c, next),
                            None => set(left, keys[i - 1], c),
                        }
                    }
                }
            }
        }
        let plain =
            |word: &Word| word.s == *key && word.t.chars().zip(&keys).all(|(t, &k)| t == usual(k));
        let open = |word: &Word| {
            let left_open = |t: char, k: char| if several(k) { t == '\0' } else { t == usual(k) };
            word.s == *key && word.t.chars().zip(&keys).all(|(t, &k)| left_open(t, k))
        };
        let value = match forms {
            [one] if plain(one) => u64::from(cost(one.frequency)),
            [first, second] if plain(first) && open(second) => {
                u64::from(cost(first.frequency)) | 1 << 9
            }
            _ => {
                sorted_forms.clear();
                sorted_forms.push(forms.len() as u8);
                for word in forms {
                    let own = word.s == *key;
                    let cost = cost(word.frequency) | if own { 0 } else { 1 << 15 };
                    sorted_forms.extend(cost.to_le_bytes());
                    for c in word.t.chars().chain(word.s.chars().filter(|_| !own)) {
                        sorted_forms.extend(&(c as u32).to_le_bytes()[..3]);
                    }
                }
                let at = *seen.entry(sorted_forms.clone()).or_insert_with(|| {
                    let at = blob.len() as u64;
                    blob.extend(&sorted_forms);
                    at
                });
                u64::from(cost(forms[0].frequency)) | (at << 9)
            }
        };
        entries.push((key.clone(), value));
    }
    write_trie(out, entries);
    fs::write(out.join("normalize_forms.bin"), blob).expect("OUT_DIR is writable");
    let bits: Vec<u32> = bits
        .iter()
        .flat_map(|bits| [*bits as u32, (bits >> 32) as u32])
        .collect();
    write_words(out, "normalize_filter.bin", &bits);
}

/// Writes the words as a trie, whose edges are one hash table, and what single characters cost.
fn write_trie(out: &Path, mut entries: Vec<(String, u64)>) {
    entries.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let unit = |c: char| {
        let known = (layout::FIRST..layout::END).contains(&(c as u32));
        assert!(known, "{c} represents a class and is in no dense table");
        c as u16
    };
    let ends = |cost: u64, forms: u64| {
        assert!(forms <= layout::NO_WORD as u64, "the forms are too many");
        (forms << 9 | cost) << layout::VALUE_SHIFT
    };
    let mut singles = vec![layout::UNKNOWN; (layout::END - layout::FIRST) as usize];
    let mut slots = vec![0u64; 1 << layout::SLOT_BITS];
    // The characters of the word before and the nodes they led to: the next word shares the first of them.
    let mut path: Vec<(char, u32)> = Vec::new();
    let mut nodes = 0;
    for (word, value) in &entries {
        let (cost, forms) = (value & 511, value >> 9);
        let mut depth = 0;
        for c in word.chars() {
            if path.get(depth).is_some_and(|node| node.0 == c) {
                depth += 1;
                continue;
            }
            path.truncate(depth);
            depth += 1;
            let Some(&(_, parent)) = path.last() else {
                path.push((c, layout::first_node(unit(c))));
                continue;
            };
            match slots.get_mut(parent as usize) {
                Some(slot) => *slot |= layout::LONGER,
                None => singles[(path[0].0 as u32 - layout::FIRST) as usize] |= layout::BEGINS,
            }
            let mut slot = layout::home(parent, unit(c));
            while slots[slot] != 0 {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = layout::edge(parent, unit(c)) | ends(0, layout::NO_WORD as u64);
            nodes += 1;
            path.push((c, slot as u32));
        }
        match slots.get_mut(path[depth - 1].1 as usize) {
            Some(slot) => *slot = *slot & ((1 << layout::VALUE_SHIFT) - 1) | ends(cost, forms),
            None => {
                let single = &mut singles[(path[0].0 as u32 - layout::FIRST) as usize];
                *single = *single & layout::BEGINS | cost as u16;
            }
        }
    }
    assert!(nodes * 5 < slots.len() * 4, "the words' table is too full");
    let halves = |slot: &u64| [*slot as u32, (slot >> 32) as u32];
    let slots: Vec<u32> = slots.iter().flat_map(halves).collect();
    write_words(out, "normalize_words.bin", &slots);
    let singles: Vec<u8> = singles.iter().flat_map(|cost| cost.to_le_bytes()).collect();
    fs::write(out.join("normalize_singles.bin"), singles).expect("OUT_DIR is writable");
}

/// The ways to write one word, commonest first, each once and no more than six.
fn distinct(forms: &mut [Word]) -> &[Word] {
    let mut count = 0;
    for at in 0..forms.len() {
        let (kept, rest) = forms.split_at_mut(at);
        let form = &mut rest[0];
        let same = |other: &&mut Word| other.s == form.s && other.t == form.t;
        match kept[..count].iter_mut().find(same) {
            Some(other) => other.frequency = other.frequency.max(form.frequency),
            None => {
                forms.swap(count, at);
                count += 1;
            }
        }
    }
    if count > 1 {
        forms[..count].sort_by(|a, b| {
            let by_text = || (&a.s, &a.t).cmp(&(&b.s, &b.t));
            b.frequency.total_cmp(&a.frequency).then_with(by_text)
        });
    }
    &forms[..count.min(6)]
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
