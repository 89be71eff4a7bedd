//! What OpenCC's phrases say about characters and pairs, seen as a corpus of both scripts.

use std::collections::{BTreeMap, BTreeSet};

use super::lists::{Curated, NormalizerLists};
use super::{
    first, Pair, Sources, END, HANS, HANS_LEANING, HANT, HANT_LEANING, IN_JAPANESE, JAPANESE, KIND,
    PAIR_FIRST, PAIR_HANS, PAIR_HANT, PAIR_TAKES_BOTH, PAIR_TAKES_FIRST, PAIR_TAKES_SECOND,
    PAIR_WRONG, SHARED,
};

/// Characters shared by both scripts (or nearly) whose Simplified use for another Traditional
/// character is never accepted in Traditional text, so that a pair with them tells.
///
/// The others among OpenCC's one-to-many characters (了 布 占 回 周 游 准 …) are written for their
/// fellows in native Traditional text too, and a pair of theirs (了解, 公布, 精准) tells nothing.
const TELLING: &str = "后于干万云里几叶价种胜极虫党余斗丰面范征松适确据筑强尸丑柜谷郁仆广么咸姜\
                       朴御厂愿蜡宫涂苹淀夸佣制";

/// Traditional characters that are no old forms of Japanese ones and that Japanese has no use for:
/// the commonest, which are enough.
const NOT_JAPANESE: &str = "們這麼沒裡裏嗎媽夠妳說您她於甚哪嘛啟";

/// Characters that end words, so that before another word's begin, or begin them, so that after
/// another word's end, they are at home and no sign of a wrong choice.
const APART: [&str; 2] = ["隻髮裡裏麵個", "裡裏"];
/// Characters that native text uses loosely.
const CASUAL: &str = "係唸哩鐘";

/// How much more often one script must use a character to count as its own.
const OWN: u32 = 20;
/// How much more often one script must use a character to lean its way.
const LEANING: u32 = 3;

/// The phrases of the OpenCC tables, seen as a corpus of both scripts.
pub struct Corpus {
    st: Characters,
    ts: Characters,
    /// Native forms of Taiwan and Hong Kong, and the characters they replace.
    regional_forms: BTreeSet<u32>,
    /// In how many phrases a character occurs: Simplified, Traditional.
    uses: Vec<[u32; 2]>,
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

/// One past the last ideograph there can be.
const PLANES: usize = 0x4_0000;

type Characters = BTreeMap<u32, Vec<u32>>;

impl Corpus {
    pub fn read(sources: &Sources, lists: &NormalizerLists) -> Corpus {
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
        let [to_taiwan, to_hong_kong] = [&taiwan, &hong_kong].map(Replacement::new);
        let mut corpus = Corpus {
            st: characters("STCharacters"),
            ts: characters("TSCharacters"),
            regional_forms,
            uses: vec![[0; 2]; PLANES],
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
                traditional.insert(to_taiwan.of(&value));
                traditional.insert(to_hong_kong.of(&value));
                traditional.insert(value);
            }
            corpus.add_phrase(&simplified, &traditional);
            corpus.add_wrong(&simplified, &traditional, &to_taiwan, &lists.accepted);
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
                    let forms =
                        BTreeSet::from([to_taiwan.of(&value), to_hong_kong.of(&value), value]);
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
        taiwan: &Replacement,
        accepted: &BTreeSet<Pair>,
    ) {
        if simplified.len() != 2 {
            return;
        }
        for at in [0, 1] {
            let Some(senses) = self.st.get(&simplified[at]).filter(|s| s.len() > 1) else {
                continue;
            };
            let senses: BTreeSet<u32> = [&senses[..], &taiwan.of(senses)]
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
        for c in each_once(phrase.to_vec()) {
            self.uses[c as usize][0] += 1;
        }
        self.simplified_pairs
            .extend(phrase.windows(2).map(|p| (p[0], p[1])));
    }

    fn add_traditional(&mut self, forms: &BTreeSet<Vec<u32>>) {
        for c in each_once(forms.iter().flatten().copied().collect()) {
            self.uses[c as usize][1] += 1;
        }
        for form in forms {
            self.traditional_pairs
                .extend(form.windows(2).map(|p| (p[0], p[1])));
        }
    }

    /// The kind of every character that some conversion touches.
    pub fn kinds(&self) -> BTreeMap<u32, u16> {
        let touched: BTreeSet<u32> = self.st.keys().chain(self.ts.keys()).copied().collect();
        let mut kinds = BTreeMap::new();
        for c in touched {
            let leaves = |table: &Characters| table.get(&c).is_some_and(|v| !v.contains(&c));
            let free = !self.regional_forms.contains(&c);
            let [simplified, traditional] = self.uses[c as usize];
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
    pub fn pairs(&self, kinds: &BTreeMap<u32, u16>, curated: &Curated) -> BTreeMap<Pair, u32> {
        let mut dense = vec![SHARED; PLANES];
        for (&c, kind) in kinds {
            dense[c as usize] = kind & KIND;
        }
        let kind = |c: u32| dense[c as usize];
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
                if (any || telling.contains(&changed))
                    && both_common(pair)
                    && undecided(pair)
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

        let may_tell = |c: u32| matches!(kind(c), HANS | HANT | HANS_LEANING | HANT_LEANING);
        let in_both = self.simplified_pairs.iter().filter(|&&pair| {
            both_common(pair)
                && (may_tell(pair.0) || may_tell(pair.1))
                && self.traditional_pairs.binary_search(&pair).is_ok()
        });
        // A character seen on one side a hundred times as often is not in doubt, unless one of our
        // rows says so.
        let chosen = in_both.map(|pair| (pair, 100));
        for (&pair, times) in chosen.chain(curated.both.iter().map(|pair| (pair, u32::MAX))) {
            let doubtful = |c: u32| {
                let [s, t] = self.uses[c as usize];
                may_tell(c) && s.min(t).saturating_mul(times) > s.max(t)
            };
            let takes = match (doubtful(pair.0), doubtful(pair.1)) {
                (true, true) => PAIR_TAKES_BOTH,
                (true, false) => PAIR_TAKES_FIRST,
                (false, true) => PAIR_TAKES_SECOND,
                (false, false) => {
                    table.remove(&pair);
                    continue;
                }
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

    /// What the Japanese tables add: the characters only Japanese has, and which telling characters
    /// Japanese has too, of which `often` are known to be in many of its words.
    pub fn add_japanese(
        &self,
        kinds: &mut BTreeMap<u32, u16>,
        sources: &Sources,
        often: &BTreeSet<u32>,
    ) {
        let mut old_forms = BTreeSet::new();
        let mut new_forms = BTreeSet::new();
        for (key, values) in entries(sources, "JPShinjitaiCharacters") {
            let key = first(key);
            let values: Vec<u32> = values.iter().map(|v| first(v)).collect();
            if !values.contains(&key) {
                old_forms.extend(values);
                if !self.st.contains_key(&key) && self.uses[key as usize] == [0; 2] {
                    kinds.entry(key).or_insert(JAPANESE);
                }
            }
            new_forms.insert(key);
        }
        let not_japanese: BTreeSet<u32> = NOT_JAPANESE.chars().map(u32::from).collect();
        for (c, kind) in kinds {
            let in_japanese = match *kind {
                HANS | HANS_LEANING => new_forms.contains(c) || often.contains(c),
                HANT | HANT_LEANING => {
                    *c < END && !old_forms.contains(c) && !not_japanese.contains(c)
                }
                _ => false,
            };
            if in_japanese {
                *kind |= IN_JAPANESE;
            }
        }
    }
}

/// Each character's first form in a table.
struct Replacement(Vec<u32>);

impl Replacement {
    fn new(table: &Characters) -> Replacement {
        let mut forms: Vec<u32> = (0..PLANES as u32).collect();
        for (&c, values) in table {
            forms[c as usize] = values[0];
        }
        Replacement(forms)
    }

    fn of(&self, phrase: &[u32]) -> Vec<u32> {
        phrase.iter().map(|&c| self.0[c as usize]).collect()
    }
}

/// The characters of some phrases, each once.
fn each_once(mut characters: Vec<u32>) -> Vec<u32> {
    characters.sort_unstable();
    characters.dedup();
    characters
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
