//! The detector's embedded tables, written by `build/detect.rs`, and how to read them.

use super::fact;

/// What a character tells by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// A Han character that both scripts use. What is neither Han nor kana has number 0.
    Shared = 1,
    /// Only Simplified text has it.
    Hans,
    /// Only Traditional text has it.
    Hant,
    /// Simplified text has it several times as often.
    HansLeaning,
    /// Traditional text has it several times as often.
    HantLeaning,
    /// A Han character that only Japanese has.
    Japanese,
    /// Hiragana or katakana.
    Kana,
}

impl Kind {
    /// One more than the highest number.
    pub(super) const COUNT: usize = 8;
}

/// What is known of a character.
#[derive(Clone, Copy)]
pub(super) struct Facts(u16);

impl Facts {
    /// How many different facts there can be.
    pub(super) const COUNT: usize = 64;

    /// The facts with a number.
    #[inline]
    pub(super) fn numbered(number: usize) -> Facts {
        Facts(u16::from_le_bytes([
            FACTS[2 * number],
            FACTS[2 * number + 1],
        ]))
    }

    /// The kind as an index; what has none has number 0.
    pub(super) fn kind(self) -> usize {
        usize::from(self.0 & fact::KIND)
    }

    /// Whether the kind is one that a pair can take back.
    pub(super) fn tells(self) -> bool {
        (Kind::Hans as usize..=Kind::HantLeaning as usize).contains(&self.kind())
    }

    /// Whether it is an ideograph.
    pub(super) fn is_han(self) -> bool {
        (Kind::Shared as usize..=Kind::Japanese as usize).contains(&self.kind())
    }

    pub(super) fn is_kana(self) -> bool {
        self.kind() == Kind::Kana as usize
    }

    pub(super) fn is_hangul(self) -> bool {
        self.has(fact::HANGUL)
    }

    /// Whether Japanese text has this telling character as well.
    pub(super) fn in_japanese(self) -> bool {
        self.has(fact::IN_JAPANESE)
    }

    /// The [`Mark`] as an index; what has none has number 0.
    pub(super) fn mark(self) -> usize {
        usize::from((self.0 & fact::MARK) >> fact::MARK_SHIFT)
    }

    /// Whether there is one of the facts below.
    #[inline]
    pub(super) fn tell_a_language(self) -> bool {
        self.0 >= fact::SELDOM_JAPANESE
    }

    /// Whether Japanese has it a good deal less often than Chinese.
    pub(super) fn is_seldom_japanese(self) -> bool {
        self.has(fact::SELDOM_JAPANESE)
    }

    /// Whether Japanese has it next to never, and Chinese often.
    pub(super) fn is_never_japanese(self) -> bool {
        self.has(fact::NEVER_JAPANESE)
    }

    /// Whether it writes a word of Cantonese.
    pub(super) fn is_cantonese(self) -> bool {
        self.has(fact::CANTONESE)
    }

    /// Whether it writes a word of Mandarin that Cantonese says otherwise.
    pub(super) fn is_mandarin(self) -> bool {
        self.has(fact::MANDARIN)
    }

    /// Whether it is the mark 々 that repeats a kanji.
    pub(super) fn repeats(self) -> bool {
        self.has(fact::REPEATS)
    }

    fn has(self, fact: u16) -> bool {
        self.0 & fact != 0
    }
}

/// A character's class: the number of its facts, whether it begins or ends pairs, and what the
/// pairs before it took back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(u16);

impl Class {
    const NUMBER: u16 = 0x3F;
    const OPENS_PAIR: u16 = 1 << 6;
    const CLOSES_PAIR: u16 = 1 << 7;
    const TAKEN_BACK: u16 = 1 << 8;
    const IN_JAPANESE_WORD: u16 = 1 << 9;
    /// Facts that the tally has to look at when it meets them have numbers from this one on.
    const LOOK: u16 = 48;
    // The classes of what is in no table.
    const SHARED: Class = Class(1);
    const KANA: Class = Class(Class::LOOK);
    const HANGUL: Class = Class(Class::LOOK + 1);
    const UNSEEN: Class = Class(Class::LOOK + 2);

    /// A class without anything to tell.
    pub(super) const NONE: Class = Class(0);

    /// The number of its facts.
    #[inline]
    pub(super) fn number(self) -> usize {
        usize::from(self.0 & Class::NUMBER)
    }

    pub(super) fn facts(self) -> Facts {
        Facts::numbered(self.number())
    }

    /// Whether it is kana, hangul or what native text does not have.
    #[inline]
    pub(super) fn needs_a_look(self) -> bool {
        self.0 & Class::NUMBER >= Class::LOOK
    }

    /// The class of a character of which a pair has taken back what it tells of a script.
    pub(super) fn taken_back(self) -> Class {
        Class(self.0 | Class::TAKEN_BACK)
    }

    pub(super) fn is_taken_back(self) -> bool {
        self.0 & Class::TAKEN_BACK != 0
    }

    /// The class of a character in a Japanese word.
    pub(super) fn in_japanese_word(self) -> Class {
        Class(self.0 | Class::IN_JAPANESE_WORD)
    }

    pub(super) fn is_in_japanese_word(self) -> bool {
        self.0 & Class::IN_JAPANESE_WORD != 0
    }

    /// Whether some pair begins with this class's character, some ends with the next one's, and
    /// both are in the range pairs are made of.
    #[inline]
    fn may_pair(self, next: Class) -> bool {
        (self.0 & Class::OPENS_PAIR != 0) & (next.0 & Class::CLOSES_PAIR != 0)
    }
}

/// What else a character tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mark {
    /// Taiwan writes it.
    Taiwan = 1,
    /// Hong Kong writes it.
    HongKong,
    // 3 is the mark of what native text does not have: a rare variant, a radical or a compatibility
    // ideograph. The tally looks at each of these when it meets it.
}

impl Mark {
    /// One more than the highest number.
    pub(super) const COUNT: usize = 4;
}

/// The first character of the dense table.
const FIRST: u32 = 0x3000;
/// The dense table: a class for each character from U+3000 to U+9FFF.
static DENSE: &[u8; 0x7000] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_classes.bin"));
/// The facts of each number.
static FACTS: &[u8; 2 * Facts::COUNT] =
    include_bytes!(concat!(env!("OUT_DIR"), "/detect_facts.bin"));
/// Characters past the dense table: code point and class in one number, in order.
static BEYOND: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_beyond.bin"));
/// The telling pairs, an open-addressing table.
static PAIRS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_pairs.bin"));

/// The class of a character.
#[inline]
pub(super) fn class(c: char) -> Class {
    let c = u32::from(c);
    match DENSE.get(c.wrapping_sub(FIRST) as usize) {
        Some(&class) => Class(class.into()),
        None if c < 0x1100 => Class::NONE,
        None => class_beyond(c),
    }
}

/// The class of a character outside the dense table: hangul, radicals, compatibility ideographs,
/// half-width katakana and the supplementary planes, where what tells is in a list and the rest is
/// shared.
#[cold]
fn class_beyond(c: u32) -> Class {
    match c {
        // Twelve of the compatibility block are unified ideographs in spite of their names.
        0xFA0E
        | 0xFA0F
        | 0xFA11
        | 0xFA13
        | 0xFA14
        | 0xFA1F
        | 0xFA21
        | 0xFA23
        | 0xFA24
        | 0xFA27..=0xFA29 => Class::SHARED,
        0x2E80..=0x2FDF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F => Class::UNSEEN,
        0x20000..=0x3FFFF => find(BEYOND, c).map_or(Class::SHARED, |class| Class(class.into())),
        0xFF66..=0xFF9D => Class::KANA,
        0x1100..=0x11FF | 0xA960..=0xA97F | 0xAC00..=0xD7FB | 0xFFA1..=0xFFDC => Class::HANGUL,
        _ => Class::NONE,
    }
}

/// The low byte stored with a code point in a list of the two in one number.
fn find(list: &[u8], c: u32) -> Option<u8> {
    let at = |i: usize| u32_at(list, i);
    let (mut low, mut high) = (0, list.len() / 4);
    while low < high {
        let middle = low.midpoint(high);
        if at(middle) >> 8 < c {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low < list.len() / 4 && at(low) >> 8 == c).then(|| at(low) as u8)
}

/// What a pair of neighbours tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tells {
    /// Only Simplified text has the pair.
    Hans,
    /// Only Traditional text has the pair.
    Hant,
    /// Both have it, so that what its characters would tell alone does not count: that of the
    /// first, the second or both.
    Nothing { first: bool, second: bool },
    /// Taiwan's word.
    Taiwan,
    /// Hong Kong's word.
    HongKong,
    /// No text has it but what a converter without words wrote.
    Wrong,
    /// Japanese has it, and Chinese next to never.
    Japanese,
}

/// A bit for each value of the high bits of a pair's hash: whether some pair has it.
static FILTER: &[u8; 1 << 15] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_filter.bin"));

/// The first character that can be part of a pair.
const PAIR_FIRST: u32 = 0x4E00;
/// How many characters can be.
const PAIR_RANGE: u32 = 0xA000 - PAIR_FIRST;
/// How many things a pair can tell: an entry is the pair's key times this and what it tells.
const TELLS: u32 = 9;
/// How far a hash is shifted to make it a slot of the table.
const PAIR_SHIFT: u32 = 32 - (PAIRS.len() / 4).trailing_zeros();
/// How far a hash is shifted to make it a bit of the filter.
const FILTER_SHIFT: u32 = 32 - (FILTER.len() * 8).trailing_zeros();

/// Two neighbours that may be a pair.
#[derive(Clone, Copy)]
pub(super) struct PairKey {
    key: u32,
    hash: u32,
}

impl PairKey {
    /// The key of two neighbours; none, without a branch that could go wrong, for most that are
    /// no pair.
    #[inline]
    pub(super) fn new(first: (char, Class), second: (char, Class)) -> Option<PairKey> {
        let offset = |c: char| u32::from(c).wrapping_sub(PAIR_FIRST);
        let key = offset(first.0)
            .wrapping_mul(PAIR_RANGE)
            .wrapping_add(offset(second.0));
        let hash = key.wrapping_mul(0x9E37_79B1);
        let bit = hash >> FILTER_SHIFT;
        let passes = FILTER[(bit >> 3) as usize] >> (bit & 7) & 1 != 0;
        (passes & first.1.may_pair(second.1)).then_some(PairKey { key, hash })
    }

    /// What the pair tells, if it is one.
    pub(super) fn tells(self) -> Option<Tells> {
        let mut slot = (self.hash >> PAIR_SHIFT) as usize;
        loop {
            let entry = u32_at(PAIRS, slot);
            if entry == 0 {
                return None;
            }
            if entry / TELLS == self.key {
                return Some(match entry % TELLS {
                    0 => Tells::Wrong,
                    1 => Tells::Hans,
                    2 => Tells::Hant,
                    takes @ 3..=5 => Tells::Nothing {
                        first: takes != 4,
                        second: takes != 3,
                    },
                    6 => Tells::Taiwan,
                    7 => Tells::HongKong,
                    _ => Tells::Japanese,
                });
            }
            slot = (slot + 1) % (PAIRS.len() / 4);
        }
    }
}

/// The number at an index of a table of little-endian numbers.
#[inline]
fn u32_at(table: &[u8], index: usize) -> u32 {
    let bytes = &table[4 * index..4 * index + 4];
    u32::from_le_bytes(bytes.try_into().expect("four bytes"))
}
