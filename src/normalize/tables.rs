//! The embedded tables: what a character may stand for, and the words that decide.

use once_cell::sync::Lazy;

use super::filter::{self, Question};
use super::flag;

include!(concat!(env!("OUT_DIR"), "/normalize_characters.rs"));

pub(super) static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/normalize_words.fst"));
static FORMS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/normalize_forms.bin"));
static FILTER: &[u8; 2 << (filter::BITS - 3)] =
    include_bytes!(concat!(env!("OUT_DIR"), "/normalize_filter.bin"));

/// A form a character may take: the form, how it relates to the character, and what it costs where it stands alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice(u32);

impl Choice {
    /// A choice of the character itself.
    pub(super) fn itself(c: char) -> Self {
        Choice(c as u32)
    }

    pub(super) fn form(self) -> u32 {
        self.0 & 0x1f_ffff
    }

    /// One of [`kind`].
    pub(super) fn kind(self) -> usize {
        (self.0 >> 21 & 7) as usize
    }

    /// In sixteenths of a nat.
    pub(super) fn prior(self) -> u8 {
        (self.0 >> 24) as u8
    }
}

/// What is known of a character.
#[derive(Debug)]
pub(super) struct Info {
    c: u32,
    /// Stands for its class in the keys of the words; 0: the character itself.
    pub rep: u32,
    /// The form that spellings of the same character share; 0: the character itself.
    pub canon: u32,
    /// The form that words give it which no phrase spells out; the top bit tells that there are others.
    usual: u32,
    pub flags: u32,
    t: u16,
    s: u16,
    lengths: (u8, u8),
}

/// How a form relates to the character it would replace.
pub(super) mod kind {
    /// The character is itself, or none of the target script.
    pub const FREE: usize = 0;
    /// The character belongs to both scripts and may have been left unconverted.
    pub const SHARED: usize = 1;
    /// A converter may have picked the character wrongly.
    pub const WRONG: usize = 2;
    /// Live writers use both.
    pub const ACCEPTED: usize = 3;
    // 4, a rare form that names use, costs little: see `Evidence`.
    /// Only likeness of sound and shape speaks for it: folded inside words.
    pub const SOUND: usize = 5;
    /// The same character in some regions.
    pub const REGION: usize = 6;
    /// No kind: what any form but its own costs a character that is at home in the script as it is.
    pub const LEAVE: usize = 7;
    pub const COUNT: usize = 8;
}

/// Which script a look-up is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Simplified,
    Traditional,
}

/// What a scan asks of every character, one look-up.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub flags: u32,
    /// The number of its record; 0 where it always stands for itself.
    pub number: u16,
    /// The representative of its class; 0 where that is outside the plane.
    rep: u16,
}

static DENSE: Lazy<Vec<Known>> = Lazy::new(|| {
    let mut dense: Vec<Known> = (0..=u16::MAX)
        .map(|code| Known {
            flags: char::from_u32(code.into()).map_or(0, plain_flags),
            number: 0,
            rep: code,
        })
        .collect();
    for (number, info) in INFOS.iter().enumerate().skip(1) {
        if let Some(known) = dense.get_mut(info.c as usize) {
            known.number = number as u16;
            known.flags |= info.flags;
            known.rep = u16::try_from(info.rep).unwrap_or(0);
        }
    }
    for (code, known) in dense.iter_mut().enumerate() {
        if known.flags & flag::HAN == 0 {
            continue;
        }
        let c = code as u32;
        if known.number == 0 {
            known.flags |= flag::PLAIN_S | flag::PLAIN_T;
            continue;
        }
        let info = info(known.number);
        let first = |side| info.choices(side).first().copied();
        let stays = |side| first(side).is_none_or(|x| x.form() == c && x.kind() == kind::FREE);
        if stays(Side::Simplified) {
            known.flags |= flag::PLAIN_S;
        }
        if stays(Side::Traditional) && (info.canon == 0 || info.canon == c) {
            known.flags |= flag::PLAIN_T;
        }
    }
    let regional = HONG_KONG.iter().map(|&(from, _)| from);
    for c in regional.chain(['着', '著'].map(u32::from)) {
        if let Some(known) = dense.get_mut(c as usize) {
            known.flags &= !flag::PLAIN_T;
        }
    }
    dense
});

/// A character's flags by its block alone.
fn plain_flags(c: char) -> u32 {
    match c {
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{ff66}'..='\u{ff9d}' => flag::KANA,
        '\u{2e80}'..='\u{2fdf}'
        | '\u{3007}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => flag::HAN,
        '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}'
        | '\u{ff10}'..='\u{ff5a}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{f0000}'..='\u{10ffff}' => flag::OPTIONAL,
        _ => 0,
    }
}

/// The tables a scan needs, fetched once for a text.
#[derive(Clone, Copy)]
pub(super) struct Scan {
    dense: &'static [Known],
}

impl Scan {
    pub(super) fn new() -> Self {
        Scan { dense: &DENSE }
    }

    #[inline]
    pub(super) fn known(self, c: char) -> Known {
        match self.dense.get(c as usize) {
            Some(&known) => known,
            None => {
                let number = number_beyond(c);
                Known {
                    flags: plain_flags(c) | info(number).flags,
                    number,
                    rep: 0,
                }
            }
        }
    }

    /// The representative of a character's class.
    #[inline]
    pub(super) fn rep(self, c: char, known: Known) -> char {
        let rep = match known.rep {
            0 => info(known.number).rep,
            rep => rep.into(),
        };
        char::from_u32(rep).filter(|&rep| rep != '\0').unwrap_or(c)
    }
}

/// The number of the character's record; 0 for one that always stands for itself.
pub(super) fn number(c: char) -> u16 {
    match DENSE.get(c as usize) {
        Some(known) => known.number,
        None => number_beyond(c),
    }
}

/// [`number`] outside the plane.
fn number_beyond(c: char) -> u16 {
    INFOS
        .binary_search_by_key(&(c as u32), |info| info.c)
        .map_or(0, |at| at as u16)
}

pub(super) fn info(number: u16) -> &'static Info {
    &INFOS[usize::from(number)]
}

/// Whether the answer for a pair of characters may be yes.
pub(super) fn may(question: Question, first: u32, second: u32) -> bool {
    filter::bits(question, first, second).all(|bit| FILTER[bit / 8] >> (bit % 8) & 1 != 0)
}

impl Info {
    /// The forms the character may take in the script, its own first where it is valid there.
    pub(super) fn choices(&self, side: Side) -> &'static [Choice] {
        let (start, length) = match side {
            Side::Simplified => (self.s, self.lengths.1),
            Side::Traditional => (self.t, self.lengths.0),
        };
        &CHOICES[usize::from(start)..usize::from(start) + usize::from(length)]
    }

    /// The form words give this representative; `None` when `open` and there are several.
    pub(super) fn usual(&self, c: char, open: bool) -> u32 {
        match (self.usual, open) {
            (0, _) => c as u32,
            (form, true) if form >> 31 != 0 => 0,
            (form, _) => form & 0x1f_ffff,
        }
    }
}

fn mapped(table: &[(u32, u32)], c: u32) -> u32 {
    match table.binary_search_by_key(&c, |entry| entry.0) {
        Ok(at) => table[at].1,
        Err(_) => c,
    }
}

/// From the canonical form to OpenCC's standard one.
pub(super) fn standard(canon: u32) -> u32 {
    mapped(STANDARD, canon)
}

/// From the canonical form to Hong Kong's.
pub(super) fn hong_kong(canon: u32) -> u32 {
    mapped(HONG_KONG, canon)
}

/// The forms of a word: how often it is used that way, and how each of its characters is written.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    pub cost: u16,
    t: &'a [u8],
    /// Empty where the Simplified form is the key.
    s: &'a [u8],
}

fn three(bytes: &[u8], at: usize) -> u32 {
    bytes[at * 3..at * 3 + 3]
        .iter()
        .rev()
        .fold(0, |c, &byte| c << 8 | u32::from(byte))
}

impl Form<'_> {
    /// The character at `at`, whose representative is `rep`; 0 where the word does not say.
    pub(super) fn at(&self, at: usize, rep: char, side: Side) -> u32 {
        match side {
            Side::Traditional => three(self.t, at),
            Side::Simplified if self.s.is_empty() => rep as u32,
            Side::Simplified => three(self.s, at),
        }
    }
}

/// A word's value: its cost and where its forms are. At 0 it is written as its characters usually are; at 1 so, or
/// with the several forms of its characters left open.
pub(super) fn split(value: u64) -> (u16, usize) {
    ((value & 511) as u16, (value >> 9) as usize)
}

/// The forms of a word of `length` characters at `at`.
pub(super) fn forms(at: usize, length: usize) -> impl Iterator<Item = Form<'static>> {
    let count = FORMS[at];
    let mut rest = &FORMS[at + 1..];
    (0..count).map(move |_| {
        let cost = u16::from_le_bytes([rest[0], rest[1]]);
        let (t, tail) = rest[2..].split_at(length * 3);
        let (s, tail) = tail.split_at(if cost >> 15 == 0 { 0 } else { length * 3 });
        rest = tail;
        Form {
            cost: cost & 0x7fff,
            t,
            s,
        }
    })
}
