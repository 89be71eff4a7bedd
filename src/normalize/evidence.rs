//! What a span shows of its script and of the damage done to it.

use super::options::Source;
use super::tables::Side;
use super::{flag, kind};

/// Counts over one span.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    pub han: u32,
    pub hans_only: u32,
    pub hant_only: u32,
    /// Characters of the Traditional side that the Simplified one keeps in some words and names: 乾, 徵, 瞭.
    pub both: u32,
    /// Characters that only written dialects have.
    pub dialect: u32,
    /// Forms no native text has.
    pub foreign: u32,
    /// Words whose characters are of the wrong sense, and characters that stand alone and never do.
    pub violations: u32,
    /// What the caller knows.
    pub source: Source,
}

/// Counts the flags of a span's characters: six counters of ten bits in one word, one addition a character.
pub(super) struct Tally {
    sum: u64,
    /// How many more characters fit before a counter could overflow.
    room: u32,
    counted: Evidence,
}

/// The bits of a counter, and so of its share of the word.
const COUNTER: u32 = 10;
const COUNTED: usize = 6;

/// What each combination of the counted flags adds to the word.
static SPREAD: [u64; 1 << COUNTED] = {
    let mut spread = [0; 1 << COUNTED];
    let mut flags = 0;
    while flags < spread.len() {
        let mut bit = 0;
        while bit < COUNTED {
            spread[flags] |= ((flags >> bit & 1) as u64) << (bit as u32 * COUNTER);
            bit += 1;
        }
        flags += 1;
    }
    spread
};

impl Tally {
    pub(super) fn new(counted: Evidence) -> Self {
        Tally {
            sum: 0,
            room: (1 << COUNTER) - 1,
            counted,
        }
    }

    #[inline]
    pub(super) fn add(&mut self, flags: u32) {
        self.sum += SPREAD[flags as usize & ((1 << COUNTED) - 1)];
        self.room -= 1;
        if self.room == 0 {
            *self = self.emptied();
        }
    }

    #[cold]
    fn emptied(&self) -> Self {
        Tally::new(self.counts())
    }

    pub(super) fn counts(&self) -> Evidence {
        let count = |flag: u32| {
            let shift = flag.trailing_zeros() * COUNTER;
            (self.sum >> shift) as u32 & ((1 << COUNTER) - 1)
        };
        let mut counts = self.counted;
        counts.han += count(flag::HAN);
        counts.hans_only += count(flag::HANS_ONLY);
        counts.hant_only += count(flag::HANT_ONLY);
        counts.foreign += count(flag::FOREIGN);
        counts.both += count(flag::BOTH);
        counts.dialect += count(flag::DIALECT);
        counts
    }
}

impl Evidence {
    /// Whether nothing in the span is out of place.
    pub(super) fn is_clean(&self) -> bool {
        self.damage() == 0 && (self.hans_only == 0 || self.hant_only == 0)
    }

    /// Whether every character is to be taken at its word: no sign of damage or of another script.
    pub(super) fn is_trusted(&self) -> bool {
        self.damage() == 0 && self.hans_only == 0 && self.source != Source::Simplified
    }

    /// Whether every character of both scripts is the Simplified one.
    pub(super) fn is_simplified(&self) -> bool {
        match self.source {
            Source::Auto => self.hans_only > 0 && self.hant_only * 4 <= self.hans_only,
            source => source == Source::Simplified,
        }
    }

    /// Whether nothing in the span is damaged or of the other script alone.
    pub(super) fn is_at_home(&self, side: Side) -> bool {
        let others = match side {
            Side::Simplified => self.hant_only - self.both,
            Side::Traditional if self.source == Source::Simplified => 1,
            Side::Traditional => self.hans_only,
        };
        self.damage() == 0 && others == 0
    }

    /// What the span shows where the only sign of damage is one word.
    pub(super) fn but_for_one_word(mut self) -> Self {
        if self.foreign == 0 && self.violations == 1 {
            self.violations = 0;
        }
        self
    }

    fn damage(&self) -> u32 {
        self.foreign + self.violations
    }

    fn is_heavy(&self) -> bool {
        let damage = self.damage();
        damage >= 3 || damage >= 2 && damage * 25 >= self.han
    }

    /// What it costs, in nats, to replace a character of the Traditional side, by `kind`; `regional` text asks for the region's own characters.
    ///
    /// No character costs more than 6 where it stands alone, so at the clean cost only words change anything.
    pub(super) fn costs_traditional(&self, regional: bool) -> [f32; kind::COUNT] {
        let (damage, heavy) = (self.damage(), self.is_heavy());
        let shared = match (self.hans_only, self.hant_only) {
            _ if self.is_simplified() => 0.0,
            (0, 0) => 4.0,
            (s, t) if s > 0 => (1.5 + (t as f32 / s as f32).ln()).clamp(0.5, 3.0),
            _ if heavy => 2.0,
            _ if damage > 0 => 4.0,
            // Written as it is spoken: the words of the lists are not its words.
            _ if self.dialect > 0 => 11.0,
            _ => 6.0,
        };
        let (wrong, accepted) = match (heavy, damage) {
            (true, _) => (2.0, 2.5),
            (false, 0) if self.dialect > 0 => (11.0, f32::INFINITY),
            (false, 0) => (7.0, f32::INFINITY),
            _ => (4.0, 4.0),
        };
        // Beside Simplified characters it may be one itself.
        let accepted = match (shared == 0.0, self.hans_only > 0) {
            (true, _) => 0.0,
            (false, true) => accepted.min(shared.max(2.5)),
            (false, false) => accepted,
        };
        let name = if damage >= 2 { 0.0 } else { 2.0 };
        let region = if regional { 0.0 } else { f32::INFINITY };
        [
            0.0,
            shared,
            wrong,
            accepted,
            name,
            if heavy { 3.0 } else { 5.0 },
            region,
            0.0,
        ]
    }

    /// What it costs, in nats, to replace a character of the Simplified side, by `kind`.
    pub(super) fn costs_simplified(&self) -> [f32; kind::COUNT] {
        let (damage, heavy) = (self.damage(), self.is_heavy());
        let wrong = if heavy {
            3.0
        } else if damage > 0 {
            5.0
        } else if self.hans_only == 0 && self.source != Source::Simplified {
            // What both scripts have may well be another character in Simplified: 瞭解, 慰藉.
            3.0
        } else {
            7.5
        };
        let name = if damage >= 2 { 0.0 } else { 2.0 };
        // In Simplified text they are no leftovers.
        let simplified = match self.source {
            Source::Auto => self.hans_only > 0 && self.hant_only == self.both,
            source => source == Source::Simplified,
        };
        let leave = if simplified { 6.0 } else { 0.0 };
        [
            0.0,
            wrong,
            wrong,
            wrong,
            name,
            if heavy { 3.0 } else { 5.0 },
            f32::INFINITY,
            leave,
        ]
    }
}
