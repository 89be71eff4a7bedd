//! The detector's embedded tables, written by `build/detect.rs`, and how to read them.

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

/// A character's class: its kind and what else the tally has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(u8);

impl Class {
    const KIND: u8 = 7;
    const OPENS_PAIR: u8 = 1 << 3;
    const CLOSES_PAIR: u8 = 1 << 4;
    const IN_JAPANESE: u8 = 1 << 5;
    const MARK_SHIFT: u8 = 6;
    const UNSEEN: u8 = Mark::Unseen as u8;

    /// A class without anything to tell.
    pub(super) const NONE: Class = Class(0);

    /// The kind as an index.
    pub(super) fn kind(self) -> usize {
        usize::from(self.0 & Class::KIND)
    }

    /// Whether the kind is one that a pair can take back.
    pub(super) fn tells(self) -> bool {
        (Kind::Hans as usize..=Kind::HantLeaning as usize).contains(&self.kind())
    }

    /// The class with its kind made shared, when a pair has taken back what it tells.
    pub(super) fn taken_back(self) -> Class {
        if self.tells() {
            Class(self.0 & !(Class::KIND | Class::IN_JAPANESE) | Kind::Shared as u8)
        } else {
            self
        }
    }

    /// Whether some pair begins with this class's character, some ends with the next one's, and
    /// both are in the range pairs are made of.
    #[inline]
    fn may_pair(self, next: Class) -> bool {
        (self.0 & Class::OPENS_PAIR != 0) & (next.0 & Class::CLOSES_PAIR != 0)
    }

    /// Whether Japanese text has this telling character as well.
    pub(super) fn in_japanese(self) -> bool {
        self.0 & Class::IN_JAPANESE != 0
    }

    /// The [`Mark`] as an index; what has none has number 0.
    #[inline]
    pub(super) fn mark(self) -> usize {
        usize::from(self.0 >> Class::MARK_SHIFT)
    }

    /// Whether the mark is [`Mark::Unseen`].
    #[inline]
    pub(super) fn is_unseen(self) -> bool {
        self.mark() == Mark::Unseen as usize
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
    /// Native text does not have it: a rare variant, a radical or a compatibility ideograph.
    Unseen,
}

impl Mark {
    /// One more than the highest number.
    pub(super) const COUNT: usize = 4;
}

/// The first character of the dense table.
const FIRST: u32 = 0x3000;
/// The dense table: a class for each character from U+3000 to U+9FFF.
static DENSE: &[u8; 0x7000] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_classes.bin"));
/// Characters past the dense table: code point and class in one number, in order.
static BEYOND: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_beyond.bin"));
/// The telling pairs, an open-addressing table.
static PAIRS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_pairs.bin"));

/// The class of a character.
#[inline]
pub(super) fn class(c: char) -> Class {
    let c = u32::from(c);
    match DENSE.get(c.wrapping_sub(FIRST) as usize) {
        Some(&class) => Class(class),
        None if c < 0x2E80 => Class::NONE,
        None => class_beyond(c),
    }
}

/// The class of a character outside the dense table: radicals, compatibility ideographs,
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
        | 0xFA27..=0xFA29 => Class(Kind::Shared as u8),
        0x2E80..=0x2FDF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F => {
            Class(Kind::Shared as u8 | Class::UNSEEN << Class::MARK_SHIFT)
        }
        0x20000..=0x3FFFF => Class(find(BEYOND, c).unwrap_or(Kind::Shared as u8)),
        0xFF66..=0xFF9D => Class(Kind::Kana as u8),
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
}

/// A bit for each value of the high bits of a pair's hash: whether some pair has it.
static FILTER: &[u8; 1 << 15] = include_bytes!(concat!(env!("OUT_DIR"), "/detect_filter.bin"));

/// The first character that can be part of a pair.
const PAIR_FIRST: u32 = 0x4E00;
/// How many characters can be.
const PAIR_RANGE: u32 = 0xA000 - PAIR_FIRST;
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
            if entry >> 3 == self.key {
                return Some(match entry & 7 {
                    0 => Tells::Wrong,
                    1 => Tells::Hans,
                    2 => Tells::Hant,
                    takes @ 3..=5 => Tells::Nothing {
                        first: takes != 4,
                        second: takes != 3,
                    },
                    6 => Tells::Taiwan,
                    _ => Tells::HongKong,
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
