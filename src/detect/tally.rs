//! The one pass over a text that counts what it shows.

use super::classes::{self, Class, Kind, Mark, PairKey, Tells};
use super::Counts;

/// Counts the evidence in a text.
pub(super) fn tally(text: &str) -> Counts {
    let mut tally = Tally::default();
    let (mut before, mut before_class) = ('\0', Class::NONE);
    for c in text.chars() {
        let class = classes::class(c);
        tally.kinds[class.kind()] += 1;
        tally.in_japanese[class.kind()] += u64::from(class.in_japanese());
        let mut kept = class;
        if let Some(key) = PairKey::new((before, before_class), (c, class)) {
            kept = tally.pair(key, before_class, class);
        }
        tally.marks[class.mark()] += 1;
        if class.is_unseen() {
            tally.unseen(c);
        }
        (before, before_class) = (c, kept);
    }
    tally.finish()
}

#[derive(Default)]
struct Tally {
    kinds: [u64; Kind::COUNT],
    in_japanese: [u64; Kind::COUNT],
    marks: [u64; Mark::COUNT],
    counts: Counts,
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
        }
        class
    }

    fn take_back(&mut self, class: Class) {
        if class.tells() {
            self.kinds[class.kind()] -= 1;
            self.in_japanese[class.kind()] -= u64::from(class.in_japanese());
            self.kinds[Kind::Shared as usize] += 1;
        }
    }

    #[cold]
    fn unseen(&mut self, c: char) {
        let damage = &mut self.counts.damage;
        match c {
            '\u{2E80}'..='\u{2FDF}' => damage.radicals += 1,
            '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => damage.compatibility += 1,
            _ => damage.rare_variants += 1,
        }
    }

    fn finish(self) -> Counts {
        let kind = |kind: Kind| self.kinds[kind as usize];
        let in_japanese = |kind: Kind| self.in_japanese[kind as usize];
        Counts {
            hans: kind(Kind::Hans),
            hant: kind(Kind::Hant),
            hans_leaning: kind(Kind::HansLeaning),
            hant_leaning: kind(Kind::HantLeaning),
            japanese: kind(Kind::Japanese),
            shared: kind(Kind::Shared),
            kana: kind(Kind::Kana),
            hans_in_japanese: in_japanese(Kind::Hans) + in_japanese(Kind::HansLeaning),
            hant_in_japanese: in_japanese(Kind::Hant) + in_japanese(Kind::HantLeaning),
            taiwan: self.counts.taiwan + self.marks[Mark::Taiwan as usize],
            hong_kong: self.counts.hong_kong + self.marks[Mark::HongKong as usize],
            ..self.counts
        }
    }
}
