//! The one pass over a text that counts what it shows.

use super::classes::{self, Class, Facts, Kind, Mark, PairKey, Tells};
use super::Counts;

/// Counts the evidence in a text.
pub(super) fn tally(text: &str) -> Counts {
    let mut tally = Tally::default();
    let (mut before, mut before_class) = ('\0', Class::NONE);
    for c in text.chars() {
        let class = classes::class(c);
        tally.classes[class.number()] += 1;
        tally.seen |= 1 << class.number();
        let mut kept = class;
        if let Some(key) = PairKey::new((before, before_class), (c, class)) {
            kept = tally.pair(key, before_class, class);
        }
        if class.needs_a_look() {
            tally.look(c, class.facts(), before_class.facts());
        }
        (before, before_class) = (c, kept);
    }
    tally.finish()
}

struct Tally {
    /// How many characters have the facts of each number.
    classes: [u64; Facts::COUNT],
    /// A bit for each number that the text has.
    seen: u64,
    /// How many of each kind pairs made shared: a difference, so that it may wrap.
    kinds: [u64; Kind::COUNT],
    counts: Counts,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            classes: [0; Facts::COUNT],
            seen: 0,
            kinds: [0; Kind::COUNT],
            counts: Counts::default(),
        }
    }
}

impl Counts {
    /// The count of what Japanese has as well, for a telling kind.
    fn in_japanese(&mut self, kind: usize) -> &mut u64 {
        if kind == Kind::Hans as usize || kind == Kind::HansLeaning as usize {
            &mut self.hans_in_japanese
        } else {
            &mut self.hant_in_japanese
        }
    }
}

impl Tally {
    /// Looks at a possible pair, and returns the class of its second character as a later pair
    /// sees it: what has been taken back once is not taken back again.
    fn pair(&mut self, key: PairKey, before_class: Class, class: Class) -> Class {
        match key.tells() {
            None => return class,
            Some(Tells::Hans) => self.counts.hans_words += 1,
            Some(Tells::Hant) => self.counts.hant_words += 1,
            Some(Tells::Taiwan) => self.counts.taiwan += 1,
            Some(Tells::HongKong) => self.counts.hong_kong += 1,
            Some(Tells::Wrong) => self.counts.damage.wrong_senses += 1,
            Some(Tells::Nothing { first, second }) => {
                if first {
                    self.take_back(before_class);
                }
                if second {
                    self.take_back(class);
                    return class.taken_back();
                }
            }
            Some(Tells::Japanese) => {
                self.counts.japanese_words += 1;
                if !before_class.is_in_japanese_word() {
                    self.find_in_japanese(before_class.facts());
                }
                self.find_in_japanese(class.facts());
                return class.in_japanese_word();
            }
        }
        class
    }

    /// A character tells nothing of its script. It is counted in the end like all others, so that this is
    /// a difference.
    fn take_back(&mut self, class: Class) {
        let facts = class.facts();
        if facts.tells() && !class.is_taken_back() {
            let kind = &mut self.kinds[facts.kind()];
            *kind = kind.wrapping_sub(1);
            let shared = &mut self.kinds[Kind::Shared as usize];
            *shared = shared.wrapping_add(1);
            if facts.in_japanese() {
                let count = self.counts.in_japanese(facts.kind());
                *count = count.wrapping_sub(1);
            }
        }
    }

    /// A character stands in a word of Japanese, so that it tells nothing against Japanese there.
    /// The counts of those that do are made in the end, for the whole text.
    fn find_in_japanese(&mut self, facts: Facts) {
        let counts = &mut self.counts;
        let found = [
            (facts.is_never_japanese(), &mut counts.never_japanese),
            (facts.is_seldom_japanese(), &mut counts.seldom_japanese),
        ];
        for (found, count) in found {
            *count = count.wrapping_sub(u64::from(found));
        }
    }

    /// Looks at kana, hangul and what native text does not have.
    #[cold]
    fn look(&mut self, c: char, facts: Facts, before: Facts) {
        let counts = &mut self.counts;
        if facts.is_kana() {
            counts.kana_after_han += u64::from(before.is_han() || before.repeats());
        } else if facts.is_hangul() {
            counts.hangul_after_han += u64::from(before.is_han());
        } else {
            match c {
                '\u{2E80}'..='\u{2FDF}' => counts.damage.radicals += 1,
                '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => {
                    counts.damage.compatibility += 1;
                }
                _ => counts.damage.rare_variants += 1,
            }
        }
    }

    fn finish(mut self) -> Counts {
        let mut kinds = self.kinds;
        let mut marks = [0; Mark::COUNT];
        let counts = &mut self.counts;
        // Short texts have few different facts, and these are looked at alone.
        let mut seen = self.seen;
        while seen != 0 {
            let number = seen.trailing_zeros() as usize;
            seen &= seen - 1;
            let (all, facts) = (self.classes[number], Facts::numbered(number));
            let kind = &mut kinds[facts.kind()];
            *kind = kind.wrapping_add(all);
            marks[facts.mark()] += all;
            if facts.in_japanese() {
                let count = counts.in_japanese(facts.kind());
                *count = count.wrapping_add(all);
            }
            if !facts.tell_a_language() {
                continue;
            }
            let add = |count: &mut u64, known: bool| {
                *count = count.wrapping_add(all * u64::from(known));
            };
            add(&mut counts.never_japanese, facts.is_never_japanese());
            add(&mut counts.seldom_japanese, facts.is_seldom_japanese());
            add(&mut counts.japanese_words, facts.repeats());
            add(&mut counts.hangul, facts.is_hangul());
            add(&mut counts.cantonese, facts.is_cantonese());
            add(&mut counts.mandarin, facts.is_mandarin());
        }
        let kind = |kind: Kind| kinds[kind as usize];
        Counts {
            hans: kind(Kind::Hans),
            hant: kind(Kind::Hant),
            hans_leaning: kind(Kind::HansLeaning),
            hant_leaning: kind(Kind::HantLeaning),
            japanese: kind(Kind::Japanese),
            shared: kind(Kind::Shared),
            kana: kind(Kind::Kana),
            taiwan: self.counts.taiwan + marks[Mark::Taiwan as usize],
            hong_kong: self.counts.hong_kong + marks[Mark::HongKong as usize],
            ..self.counts
        }
    }
}
