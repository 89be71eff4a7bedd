//! Derives the script detector's tables: a class for each Han character and the telling pairs.
//!
//! Everything comes from the OpenCC tables, which hold the same 49,000 phrases in both scripts. A
//! character is of one script when it occurs in the phrases of that script alone; one that both
//! use is judged by how often each does. Where single characters do not tell (后, 里, 干), pairs of
//! neighbours do: 以后 is found in Simplified phrases only, 皇后 in both. Rows of
//! `detect/curated.tsv` come last and win.
//!
//! The layout written here is read by `src/detect/classes.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::table::source::Source;

/// The first character of the dense table, which ends before U+A000.
const FIRST: u32 = 0x3000;
/// One past the last character of the dense table.
const END: u32 = 0xA000;
/// The first character that can be part of a pair: the common ones, so that a pair takes 29 bits.
const PAIR_FIRST: u32 = 0x4E00;
/// The logarithm of the number of bits in the filter before the table of pairs.
const FILTER_BITS: u32 = 18;
/// How many characters can be part of a pair.
const PAIR_RANGE: u32 = END - PAIR_FIRST;

// Kinds, the low three bits of a class.
const OTHER: u8 = 0;
const SHARED: u8 = 1;
const HANS: u8 = 2;
const HANT: u8 = 3;
const HANS_LEANING: u8 = 4;
const HANT_LEANING: u8 = 5;
const JAPANESE: u8 = 6;
const KANA: u8 = 7;
const KIND: u8 = 7;

// Flags, the rest of a class.
const OPENS_PAIR: u8 = 1 << 3;
const CLOSES_PAIR: u8 = 1 << 4;
const IN_JAPANESE: u8 = 1 << 5;
const MARK_SHIFT: u8 = 6;

// What a pair tells, the low three bits of its entry.
const PAIR_WRONG: u32 = 0;
const PAIR_HANS: u32 = 1;
const PAIR_HANT: u32 = 2;
const PAIR_TAKES_FIRST: u32 = 3;
const PAIR_TAKES_SECOND: u32 = 4;
const PAIR_TAKES_BOTH: u32 = 5;
const PAIR_TAIWAN: u32 = 6;
const PAIR_HONG_KONG: u32 = 7;

// What else a character tells, the high two bits of a class.
const TAIWAN: u8 = 1;
const HONG_KONG: u8 = 2;
const UNSEEN: u8 = 3;

/// Characters shared by both scripts (or nearly) whose Simplified use for another Traditional
/// character is never accepted in Traditional text, so that a pair with them tells.
///
/// The others among OpenCC's one-to-many characters (了 布 占 回 周 游 准 …) are written for their
/// fellows in native Traditional text too, and a pair of theirs (了解, 公布, 精准) tells nothing.
const TELLING: &str = "后于干万云里几叶价种胜极虫党余斗丰面范征松适确据筑强尸丑柜谷郁仆广么咸姜\
                       朴御厂愿蜡宫涂苹淀夸佣制";

/// Traditional characters that are no old forms of Japanese ones and that Japanese has no use for:
/// the commonest, which are enough.
const NOT_JAPANESE: &str = "們這麼沒裡裏嗎媽夠妳說您她於甚哪嘛啟線";

/// Characters that end words, so that before another word's begin, or begin them, so that after
/// another word's end, they are at home and no sign of a wrong choice.
const APART: [&str; 2] = ["隻髮裡裏麵個", "裡裏"];
/// Characters that native text uses loosely.
const CASUAL: &str = "係唸哩鐘";

/// How much more often one script must use a character to count as its own.
const OWN: u32 = 20;
/// How much more often one script must use a character to lean its way.
const LEANING: u32 = 3;

/// Writes `detect_classes.bin`, `detect_beyond.bin`, `detect_pairs.bin`, `detect_filter.bin` and `detect_special.bin`
/// to `out_dir`, from the OpenCC tables as read and the rows of `data_dir`.
pub fn generate(sources: &Sources, data_dir: &Path, out_dir: &Path) {
    let lists = NormalizerLists::read(&data_dir.join("normalize"));
    let corpus = Corpus::read(sources, &lists);
    let curated = read_curated(&data_dir.join("detect/curated.tsv"));
    let mut kinds = corpus.kinds();
    kinds.extend(&curated.characters);
    add_japanese(&mut kinds, &corpus, sources);
    for (&c, target) in &lists.rare {
        // What stands for a Traditional character stands in Traditional text, most of the time.
        if kinds.get(target).is_some_and(|kind| kind & KIND == HANT) {
            kinds.entry(c).or_insert(HANT_LEANING);
        }
    }
    let mut pairs = corpus.pairs(&kinds, &curated);
    pairs.extend(curated.pairs.iter().map(|(&pair, &tells)| (pair, tells)));

    let mut marks: BTreeMap<u32, u8> = lists.rare.keys().map(|&c| (c, UNSEEN)).collect();
    marks.extend(&curated.marks);
    for (&c, mark) in &marks {
        let kind = kinds
            .entry(c)
            .or_insert(if is_han(c) { SHARED } else { OTHER });
        *kind |= mark << MARK_SHIFT;
    }

    let mut classes: Vec<u8> = (FIRST..END)
        .map(|c| match c {
            0x3041..=0x3096 | 0x30A1..=0x30FA | 0x31F0..=0x31FF => KANA,
            _ if is_han(c) => SHARED,
            _ => OTHER,
        })
        .collect();
    let mut beyond = Vec::new();
    for (&c, &class) in &kinds {
        if c >= END {
            beyond.push(c << 8 | u32::from(class));
        } else {
            classes[(c - FIRST) as usize] = class;
        }
    }
    for &(first, second) in pairs.keys() {
        classes[(first - FIRST) as usize] |= OPENS_PAIR;
        classes[(second - FIRST) as usize] |= CLOSES_PAIR;
    }
    let write = |name: &str, bytes: Vec<u8>| {
        let path = out_dir.join(name);
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    };
    let words = |words: Vec<u32>| words.iter().flat_map(|w| w.to_le_bytes()).collect();
    write("detect_classes.bin", classes);
    write("detect_beyond.bin", words(beyond));
    write("detect_pairs.bin", words(pair_table(&pairs)));
    write("detect_filter.bin", pair_filter(&pairs));
}

type Pair = (u32, u32);
type Sources = BTreeMap<String, Source>;

/// The number that stands for a pair.
fn pair_key((first, second): Pair) -> u32 {
    (first - PAIR_FIRST) * PAIR_RANGE + (second - PAIR_FIRST)
}

/// The hash of a pair; its high bits are its place in the table and in the filter.
fn pair_hash(key: u32) -> u32 {
    key.wrapping_mul(0x9E37_79B1)
}

/// An open-addressing table of pairs: at most two thirds full, empty slots zero.
fn pair_table(pairs: &BTreeMap<Pair, u32>) -> Vec<u32> {
    let bits = (pairs.len() * 3 / 2).next_power_of_two().trailing_zeros();
    let mut table = vec![0; 1 << bits];
    for (&pair, &tells) in pairs {
        let key = pair_key(pair);
        let mut slot = (pair_hash(key) >> (32 - bits)) as usize;
        while table[slot] != 0 {
            slot = (slot + 1) % table.len();
        }
        table[slot] = key << 3 | tells;
    }
    table
}

/// A bit for each of 2^18 hashes, set where a pair has it: one position in fifteen passes.
fn pair_filter(pairs: &BTreeMap<Pair, u32>) -> Vec<u8> {
    let mut filter = vec![0; 1 << (FILTER_BITS - 3)];
    for &pair in pairs.keys() {
        let bit = pair_hash(pair_key(pair)) >> (32 - FILTER_BITS);
        filter[(bit >> 3) as usize] |= 1 << (bit & 7);
    }
    filter
}

/// The phrases of the OpenCC tables, seen as a corpus of both scripts.
struct Corpus {
    st: Characters,
    ts: Characters,
    /// Native forms of Taiwan and Hong Kong, and the characters they replace.
    regional_forms: BTreeSet<u32>,
    /// In how many phrases a character occurs: Simplified, Traditional.
    uses: BTreeMap<u32, [u32; 2]>,
    simplified_pairs: Vec<Pair>,
    traditional_pairs: Vec<Pair>,
    /// Pairs whose script is told by the conversion itself: the pair in one script, and a
    /// character of it that changes.
    changed_simplified: Vec<(Pair, u32)>,
    changed_traditional: Vec<(Pair, u32)>,
    /// Words of two characters with one of them converted for another sense (乾部 for 幹部).
    wrong: BTreeSet<Pair>,
    /// Phrases of exactly two characters.
    words: BTreeSet<Pair>,
}

type Characters = BTreeMap<u32, Vec<u32>>;

impl Corpus {
    fn read(sources: &Sources, lists: &NormalizerLists) -> Corpus {
        let characters = |name: &str| -> Characters {
            entries(sources, name)
                .map(|(k, values)| (first(k), values.iter().map(|v| first(v)).collect()))
                .collect()
        };
        let taiwan = characters("TWVariants");
        let hong_kong = characters("HKVariants");
        let mut regional_forms = BTreeSet::new();
        for (k, values) in taiwan.iter().chain(&hong_kong) {
            regional_forms.insert(*k);
            regional_forms.extend(values);
        }
        let mut corpus = Corpus {
            st: characters("STCharacters"),
            ts: characters("TSCharacters"),
            regional_forms,
            uses: BTreeMap::new(),
            simplified_pairs: Vec::new(),
            traditional_pairs: Vec::new(),
            changed_simplified: Vec::new(),
            changed_traditional: Vec::new(),
            wrong: BTreeSet::new(),
            words: BTreeSet::new(),
        };
        // Simplified phrases and every way Traditional text writes them.
        for (key, values) in entries(sources, "STPhrases") {
            let simplified: Vec<u32> = key.chars().map(u32::from).collect();
            let mut traditional = BTreeSet::new();
            for value in values {
                let value: Vec<u32> = value.chars().map(u32::from).collect();
                traditional.insert(replace(&value, &taiwan));
                traditional.insert(replace(&value, &hong_kong));
                traditional.insert(value);
            }
            corpus.add_phrase(&simplified, &traditional);
            corpus.add_wrong(&simplified, &traditional, &taiwan, &lists.accepted);
        }
        // Phrases known in one script only.
        for name in [
            "TWPhrases",
            "HKPhrases",
            "TWVariantsPhrases",
            "HKVariantsPhrases",
        ] {
            for (key, values) in entries(sources, name) {
                for value in values.iter().map(|v| &**v).chain([key]) {
                    let value: Vec<u32> = value.chars().map(u32::from).collect();
                    let forms = BTreeSet::from([
                        replace(&value, &taiwan),
                        replace(&value, &hong_kong),
                        value,
                    ]);
                    corpus.add_traditional(&forms);
                }
            }
        }
        for (key, values) in entries(sources, "TSPhrases") {
            corpus.add_traditional(&BTreeSet::from([key.chars().map(u32::from).collect()]));
            for value in values {
                corpus.add_simplified(&value.chars().map(u32::from).collect::<Vec<_>>());
            }
        }
        for pairs in [&mut corpus.simplified_pairs, &mut corpus.traditional_pairs] {
            pairs.sort_unstable();
            pairs.dedup();
        }
        corpus
    }

    fn add_phrase(&mut self, simplified: &[u32], traditional: &BTreeSet<Vec<u32>>) {
        self.add_simplified(simplified);
        self.add_traditional(traditional);
        if let &[first, second] = simplified {
            self.words.insert((first, second));
        }
        for i in 1..simplified.len() {
            let pair = (simplified[i - 1], simplified[i]);
            for at in [i - 1, i] {
                let changes = |t: &Vec<u32>| t.len() == simplified.len() && t[at] != simplified[at];
                if traditional.iter().all(changes) {
                    self.changed_simplified.push((pair, simplified[at]));
                }
                for t in traditional.iter().filter(|t| changes(t)) {
                    self.changed_traditional.push(((t[i - 1], t[i]), t[at]));
                    if t.len() == 2 {
                        self.words.insert((t[0], t[1]));
                    }
                }
            }
        }
    }

    /// Notes what a converter that knows no words can make of a word of two characters.
    fn add_wrong(
        &mut self,
        simplified: &[u32],
        traditional: &BTreeSet<Vec<u32>>,
        taiwan: &Characters,
        accepted: &BTreeSet<Pair>,
    ) {
        if simplified.len() != 2 {
            return;
        }
        for at in [0, 1] {
            let Some(senses) = self.st.get(&simplified[at]).filter(|s| s.len() > 1) else {
                continue;
            };
            let senses: BTreeSet<u32> = [&senses[..], &replace(senses, taiwan)]
                .concat()
                .into_iter()
                .collect();
            let right = |c: &u32| traditional.iter().any(|t| t.get(at) == Some(c));
            for wrong in senses.iter().filter(|&c| *c != simplified[at] && !right(c)) {
                let unseen = |t: &&Vec<u32>| t.len() == 2 && !accepted.contains(&(*wrong, t[at]));
                let apart = APART[at].chars().any(|c| u32::from(c) == *wrong)
                    || CASUAL.chars().any(|c| u32::from(c) == *wrong);
                if apart || !traditional.iter().all(|t| unseen(&t)) {
                    continue;
                }
                for t in traditional {
                    self.wrong.insert(if at == 0 {
                        (*wrong, t[1])
                    } else {
                        (t[0], *wrong)
                    });
                }
            }
        }
    }

    fn add_simplified(&mut self, phrase: &[u32]) {
        for c in phrase.iter().collect::<BTreeSet<_>>() {
            self.uses.entry(*c).or_default()[0] += 1;
        }
        self.simplified_pairs
            .extend(phrase.windows(2).map(|p| (p[0], p[1])));
    }

    fn add_traditional(&mut self, forms: &BTreeSet<Vec<u32>>) {
        for c in forms.iter().flatten().collect::<BTreeSet<_>>() {
            self.uses.entry(*c).or_default()[1] += 1;
        }
        for form in forms {
            self.traditional_pairs
                .extend(form.windows(2).map(|p| (p[0], p[1])));
        }
    }

    /// The kind of every character that some conversion touches.
    fn kinds(&self) -> BTreeMap<u32, u8> {
        let touched: BTreeSet<u32> = self.st.keys().chain(self.ts.keys()).copied().collect();
        let mut kinds = BTreeMap::new();
        for c in touched {
            let leaves = |table: &Characters| table.get(&c).is_some_and(|v| !v.contains(&c));
            let free = !self.regional_forms.contains(&c);
            let [simplified, traditional] = self.uses.get(&c).copied().unwrap_or_default();
            // Twice the counts plus one: a character never seen on one side has half a use there.
            let (s, t) = (2 * simplified + 1, 2 * traditional + 1);
            let kind = if leaves(&self.st)
                && free
                && !self.ts.contains_key(&c)
                && traditional * 100 <= simplified
            {
                HANS
            } else if leaves(&self.ts)
                && free
                && !self.st.contains_key(&c)
                && simplified * 100 <= traditional
            {
                HANT
            } else if s >= OWN * t {
                HANS
            } else if t >= OWN * s {
                HANT
            } else if s >= LEANING * t {
                HANS_LEANING
            } else if t >= LEANING * s {
                HANT_LEANING
            } else {
                SHARED
            };
            kinds.insert(c, kind);
        }
        kinds
    }

    /// The pairs that tell a script where their characters do not, and those that take back what
    /// one of their characters tells.
    fn pairs(&self, kinds: &BTreeMap<u32, u8>, curated: &Curated) -> BTreeMap<Pair, u32> {
        let kind = |c: u32| kinds.get(&c).copied().unwrap_or(SHARED) & KIND;
        let both_common =
            |p: Pair| p.0 >= PAIR_FIRST && p.1 >= PAIR_FIRST && p.0 < END && p.1 < END;
        let undecided = |p: Pair| ![p.0, p.1].iter().any(|&c| matches!(kind(c), HANS | HANT));
        let telling: BTreeSet<u32> = TELLING
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(u32::from)
            .collect();
        let mut table = BTreeMap::new();

        let mut collect = |changed: &[(Pair, u32)], others: &[Pair], tells: u32, any: bool| {
            let mut seen: BTreeMap<Pair, u32> = BTreeMap::new();
            for &(pair, changed) in changed {
                if both_common(pair)
                    && undecided(pair)
                    && (any || telling.contains(&changed))
                    && others.binary_search(&pair).is_err()
                {
                    *seen.entry(pair).or_default() += 1;
                }
            }
            // A pair inside one longer phrase is as likely to be an accident of two words
            // meeting as part of one, and 里 often ends a measure (公里的).
            seen.retain(|pair, count| {
                *count > 1 && pair.0 != u32::from('里') || self.words.contains(pair)
            });
            table.extend(seen.into_keys().map(|pair| (pair, tells)));
        };
        collect(
            &self.changed_simplified,
            &self.traditional_pairs,
            PAIR_HANS,
            false,
        );
        collect(
            &self.changed_traditional,
            &self.simplified_pairs,
            PAIR_HANT,
            true,
        );

        let in_both = self.simplified_pairs.iter().filter(|&&pair| {
            both_common(pair) && self.traditional_pairs.binary_search(&pair).is_ok()
        });
        for &pair in in_both.chain(&curated.both) {
            // A character seen on one side a hundred times as often is not in doubt.
            let doubtful = |c: u32| {
                matches!(kind(c), HANS | HANT | HANS_LEANING | HANT_LEANING)
                    && self
                        .uses
                        .get(&c)
                        .is_some_and(|&[s, t]| s.min(t) * 100 > s.max(t))
            };
            let takes = match (doubtful(pair.0), doubtful(pair.1)) {
                (true, true) => PAIR_TAKES_BOTH,
                (true, false) => PAIR_TAKES_FIRST,
                (false, true) => PAIR_TAKES_SECOND,
                (false, false) => continue,
            };
            table.insert(pair, takes);
        }
        for &pair in &self.wrong {
            let absent = |pairs: &[Pair]| pairs.binary_search(&pair).is_err();
            if both_common(pair)
                && absent(&self.simplified_pairs)
                && absent(&self.traditional_pairs)
            {
                table.entry(pair).or_insert(PAIR_WRONG);
            }
        }
        table
    }
}

/// What the Japanese tables add: the characters only Japanese has, and which telling characters
/// Japanese has too.
fn add_japanese(kinds: &mut BTreeMap<u32, u8>, corpus: &Corpus, sources: &Sources) {
    let mut old_forms = BTreeSet::new();
    let mut new_forms = BTreeSet::new();
    for (key, values) in entries(sources, "JPShinjitaiCharacters") {
        let key = first(key);
        let values: Vec<u32> = values.iter().map(|v| first(v)).collect();
        if !values.contains(&key) {
            old_forms.extend(values);
            if !corpus.st.contains_key(&key) && !corpus.uses.contains_key(&key) {
                kinds.entry(key).or_insert(JAPANESE);
            }
        }
        new_forms.insert(key);
    }
    let not_japanese: BTreeSet<u32> = NOT_JAPANESE.chars().map(u32::from).collect();
    for (c, kind) in kinds {
        let in_japanese = match *kind {
            HANS | HANS_LEANING => new_forms.contains(c),
            HANT | HANT_LEANING => *c < END && !old_forms.contains(c) && !not_japanese.contains(c),
            _ => false,
        };
        if in_japanese {
            *kind |= IN_JAPANESE;
        }
    }
}

/// `phrase` with each character replaced by its first form in `table`.
fn replace(phrase: &[u32], table: &Characters) -> Vec<u32> {
    phrase
        .iter()
        .map(|c| table.get(c).map_or(*c, |forms| forms[0]))
        .collect()
}

/// The entries of an OpenCC table: key and values.
fn entries<'s>(sources: &'s Sources, name: &str) -> impl Iterator<Item = (&'s str, &'s [String])> {
    let source = sources
        .get(name)
        .unwrap_or_else(|| panic!("no table {name}"));
    source
        .entries
        .iter()
        .map(|entry| (&*entry.key, &*entry.values))
}

/// What the normalizer's tables say about damage.
#[derive(Default)]
struct NormalizerLists {
    /// The rare variants that it folds, each with what it stands for.
    rare: BTreeMap<u32, u32>,
    /// Pairs of which the first is written for the second in native text.
    accepted: BTreeSet<Pair>,
}

impl NormalizerLists {
    fn read(folder: &Path) -> NormalizerLists {
        let mut lists = NormalizerLists::default();
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

/// Whether a character is an ideograph.
fn is_han(c: u32) -> bool {
    matches!(c, 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x20000..=0x3FFFF)
}

/// The first character of a text, or none, which is 0.
fn first(text: &str) -> u32 {
    text.chars().next().map_or(0, u32::from)
}

/// The rows of `curated.tsv`.
#[derive(Default)]
struct Curated {
    characters: BTreeMap<u32, u8>,
    pairs: BTreeMap<Pair, u32>,
    both: Vec<Pair>,
    marks: BTreeMap<u32, u8>,
}

fn read_curated(path: &Path) -> Curated {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut curated = Curated::default();
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fail = |reason: &str| -> ! { panic!("{}:{}: {reason}", path.display(), number + 1) };
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
