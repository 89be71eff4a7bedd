//! The embedded tables: what a character may stand for, and the words that decide.
//!
//! Written by `build/normalize/` and read in place.

use super::filter::{self, Question};
use super::{flag, layout};

/// A table of entries of one size.
macro_rules! embedded {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name))
            .as_chunks()
            .0
    };
}

/// What is known of the characters that do not always stand for themselves, in their order; record 0 is for
/// those that do.
static RECORDS: &[[u8; layout::RECORD]] = embedded!("normalize_records.bin");
/// The forms of all records.
static CHOICES: &[[u8; 4]] = embedded!("normalize_choices.bin");
/// From the canonical form to OpenCC's standard one, and to Hong Kong's.
static STANDARD: &[[u8; 8]] = embedded!("normalize_standard.bin");
static HONG_KONG: &[[u8; 8]] = embedded!("normalize_hong_kong.bin");
/// [`Known`] of every character from [`layout::FIRST`] to [`layout::END`].
static DENSE: &[[u8; 8]] = embedded!("normalize_dense.bin");
const _: () = assert!(WORDS.len() == 1 << layout::SLOT_BITS);
const _: () = assert!(SINGLES.len() == DENSE.len());
const _: () = assert!(FILTER.len() == 2 * filter::WORDS);
const _: () = assert!(DENSE.len() == (layout::END - layout::FIRST) as usize);

/// The words' slots, and what single characters cost as words, as `layout.rs` describes them.
static WORDS: &[[u8; 8]] = embedded!("normalize_words.bin");
static SINGLES: &[[u8; 2]] = embedded!("normalize_singles.bin");
static FORMS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/normalize_forms.bin"));
static FILTER: &[[u8; 8]] = embedded!("normalize_filter.bin");

/// A form a character may take: the form, how it relates to the character, and what it costs where it stands alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice(u32);

impl Choice {
    fn read(bytes: [u8; 4]) -> Self {
        Choice(u32::from_le_bytes(bytes))
    }

    /// A choice of the character itself.
    fn itself(c: u32) -> Self {
        Choice(c)
    }

    pub(super) fn form(self) -> u32 {
        self.0 & 0x1f_ffff
    }

    /// One of [`super::kind`].
    pub(super) fn kind(self) -> usize {
        (self.0 >> 21 & 7) as usize
    }

    /// In sixteenths of a nat.
    pub(super) fn prior(self) -> u8 {
        (self.0 >> 24) as u8
    }
}

/// What is known of a character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Info {
    /// Stands for its class in the keys of the words; 0: the character itself.
    pub rep: u32,
    /// The form that spellings of the same character share; 0: the character itself.
    pub canon: u32,
    /// The form that words give it which no phrase spells out; the top bit tells that there are others.
    usual: u32,
    pub flags: u32,
    t: u32,
    s: u32,
}

/// Which script a look-up is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Simplified,
    Traditional,
}

/// What is known of a character at a glance.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub flags: u32,
    /// The number of its record; 0 where it always stands for itself.
    pub number: u16,
    /// The representative of its class; 0 where the record has it.
    pub rep: u16,
}

/// One look-up for all but the rarest characters.
#[inline]
pub(super) fn known(c: u32) -> Known {
    match DENSE.get(c.wrapping_sub(layout::FIRST) as usize) {
        Some(entry) => {
            let entry = u64::from_le_bytes(*entry);
            Known {
                flags: entry as u32,
                number: (entry >> 32) as u16,
                rep: (entry >> 48) as u16,
            }
        }
        None => known_beyond(c),
    }
}

/// [`known`] outside the dense table.
fn known_beyond(c: u32) -> Known {
    let flags = flag::of_block(c);
    let number = match flags & flag::HAN {
        0 => 0,
        _ => RECORDS
            .binary_search_by_key(&c, |record| word(record, 0))
            .map_or(0, |at| at as u16),
    };
    Known {
        flags: flags | info(number).flags,
        number,
        rep: 0,
    }
}

/// The number at an index of a record.
#[inline]
fn word(record: &[u8; layout::RECORD], index: usize) -> u32 {
    u32::from_le_bytes(record.as_chunks().0[index])
}

#[inline]
pub(super) fn info(number: u16) -> Info {
    let record = &RECORDS[usize::from(number)];
    Info {
        rep: word(record, 1),
        canon: word(record, 2),
        usual: word(record, 3),
        flags: word(record, 4),
        t: word(record, 5),
        s: word(record, 6),
    }
}

/// Whether the answer for a pair of characters may be yes.
#[inline]
pub(super) fn may(question: Question, first: u32, second: u32) -> bool {
    let (word, bits) = filter::place(question, first, second);
    u64::from_le_bytes(FILTER[word]) & bits == bits
}

/// The forms a character may take in one script, at least one, its own first where it is valid there.
#[derive(Clone, Copy)]
pub(super) struct Choices {
    first: Choice,
    rest: &'static [[u8; 4]],
}

impl Choices {
    /// The form where nothing asks for another.
    pub(super) fn first(&self) -> Choice {
        self.first
    }

    pub(super) fn len(&self) -> usize {
        1 + self.rest.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Choice> {
        let rest = self.rest.iter().map(|&bytes| Choice::read(bytes));
        std::iter::once(self.first).chain(rest)
    }

    pub(super) fn of(&self, form: u32) -> Option<Choice> {
        self.iter().find(|choice| choice.form() == form)
    }
}

impl Info {
    /// The forms that the character `c`, whose record this is, may take in the script.
    pub(super) fn choices(&self, c: u32, side: Side) -> Choices {
        let place = match side {
            Side::Simplified => self.s,
            Side::Traditional => self.t,
        };
        let (start, length) = ((place & 0xff_ffff) as usize, (place >> 24) as usize);
        match &CHOICES[start..start + length] {
            [] => Choices {
                first: Choice::itself(c),
                rest: &[],
            },
            [first, rest @ ..] => Choices {
                first: Choice::read(*first),
                rest,
            },
        }
    }

    /// The form words give this representative; 0 when `open` and there are several.
    pub(super) fn usual(&self, c: u32, open: bool) -> u32 {
        match (self.usual, open) {
            (0, _) => c,
            (form, true) if form >> 31 != 0 => 0,
            (form, _) => form & 0x1f_ffff,
        }
    }
}

fn mapped(table: &[[u8; 8]], c: u32) -> u32 {
    let pair = |entry: &[u8; 8]| {
        let entry = u64::from_le_bytes(*entry);
        (entry as u32, (entry >> 32) as u32)
    };
    match table.binary_search_by_key(&c, |entry| pair(entry).0) {
        Ok(at) => pair(&table[at]).1,
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
    pub(super) fn at(&self, at: usize, rep: u32, side: Side) -> u32 {
        match side {
            Side::Traditional => three(self.t, at),
            Side::Simplified if self.s.is_empty() => rep,
            Side::Simplified => three(self.s, at),
        }
    }
}

/// A node of the trie of words.
#[derive(Clone, Copy)]
pub(super) struct Node(u32);

/// What an edge of the trie leads to.
pub(super) struct Edge {
    pub to: Node,
    slot: u64,
}

impl Node {
    /// Where the words go on that begin with a representative.
    #[inline]
    pub(super) fn first(rep: u32) -> Option<Node> {
        let single = SINGLES.get(rep.wrapping_sub(layout::FIRST) as usize)?;
        let begins = u16::from_le_bytes(*single) & layout::BEGINS != 0;
        begins.then(|| Node(layout::first_node(rep as u16)))
    }

    /// Follows the edge of a representative.
    #[inline]
    pub(super) fn next(self, rep: u32) -> Option<Edge> {
        // No word has a character beyond the plane.
        let c = u16::try_from(rep).ok()?;
        let edge = layout::edge(self.0, c);
        let mut at = layout::home(self.0, c);
        loop {
            let slot = u64::from_le_bytes(WORDS[at]);
            if slot & (layout::LONGER - 1) == edge {
                let to = Node(at as u32);
                return Some(Edge { to, slot });
            }
            if slot == 0 {
                return None;
            }
            at = (at + 1) % WORDS.len();
        }
    }
}

impl Edge {
    /// Whether words go on from here.
    #[inline]
    pub(super) fn goes_on(&self) -> bool {
        self.slot & layout::LONGER != 0
    }

    /// The word that ends here: its cost in sixteenths of a nat, and where its forms are. At 0 it is written as its
    /// characters usually are; at 1 so, or with the several forms of its characters left open.
    #[inline]
    pub(super) fn word(&self) -> Option<(u16, usize)> {
        let value = self.slot >> layout::VALUE_SHIFT;
        let forms = (value >> 9) as usize;
        (forms != layout::NO_WORD).then_some(((value & 511) as u16, forms))
    }
}

/// What a representative costs as a word of its own, in sixteenths of a nat.
#[inline]
pub(super) fn single(rep: u32) -> u16 {
    match SINGLES.get(rep.wrapping_sub(layout::FIRST) as usize) {
        Some(cost) => u16::from_le_bytes(*cost) & !layout::BEGINS,
        None => layout::UNKNOWN,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn reps(text: &str) -> Vec<u32> {
        let rep = |c: char| {
            let known = known(c.into());
            match known.rep {
                0 => info(known.number).rep,
                rep => rep.into(),
            }
        };
        text.chars().map(rep).collect()
    }

    fn word(reps: &[u32]) -> Option<(u16, usize)> {
        let mut node = Node::first(reps[0])?;
        let mut found = None;
        for (at, &rep) in reps.iter().enumerate().skip(1) {
            let edge = node.next(rep)?;
            assert!(edge.goes_on() || at + 1 == reps.len() || edge.to.next(reps[at + 1]).is_none());
            found = edge.word();
            node = edge.to;
        }
        found
    }

    #[test]
    fn words_are_found_and_their_parts_that_are_none_are_not() {
        let commoner = word(&reps("我们")).expect("a word").0;
        let rarer = word(&reps("媒体")).expect("a word").0;
        assert!(commoner < rarer);
        assert!(word(&reps("皇太后")).is_some());
        assert_eq!(word(&reps("皇太")), None);
        assert_eq!(word(&reps("皇太后皇")), None);
        assert_eq!(word(&reps("们我")), None);
    }

    #[test]
    fn a_word_is_found_however_it_is_spelled() {
        let words = ["媒体", "媒體", "媒躰"];
        assert!(words.iter().all(|other| reps(other) == reps(words[0])));
    }

    #[test]
    fn single_characters_cost_what_their_use_asks_for() {
        let costs = ["的", "媒"].map(|c| single(reps(c)[0]));
        assert!(
            costs[0] < costs[1] && costs[1] < layout::UNKNOWN,
            "{costs:?}"
        );
        assert_eq!(single('\u{2a700}'.into()), layout::UNKNOWN);
    }

    #[test]
    fn a_character_in_no_table_is_itself() {
        for c in ['a', '，', '\u{ff41}', '\u{2a700}', '\u{10ffff}'] {
            let known = known(c.into());
            assert_eq!(known.number, 0, "{c}");
            assert_eq!(
                info(0).choices(c.into(), Side::Simplified).first().form(),
                u32::from(c)
            );
        }
    }

    #[test]
    fn characters_beyond_the_dense_table_are_found() {
        // A compatibility ideograph stands for another.
        let known = known('\u{f900}'.into());
        assert_ne!(known.flags & flag::CODE_POINT, 0);
        assert_eq!(info(known.number).canon, u32::from('豈'));
    }
}
