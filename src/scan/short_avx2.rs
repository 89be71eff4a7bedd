//! The loop over a short text for processors with AVX2: eight characters at once, in registers from
//! the text to what they become, but for what is looked up.
//!
//! As with AVX-512 (see [`short_avx512`](super::short_avx512)) no branch depends on a character, and
//! nothing that was written is read again. Only texts of nothing but three-byte characters are
//! converted here: with ASCII among them, whose places depend on what stands before, it takes longer
//! than one after the other.

use std::arch::x86_64::*;

use bytemuck::must_cast;

use super::classes::{Changes, ELSEWHERE, LISTED, START};
use super::filter::{FIRST_FACTOR, SECOND_FACTOR};
use super::kernel::block::{Kinds, CODE_BIAS, CODE_FACTORS};
use super::live::{AnyView, View, OTHER_BITS};
use super::output::Recipient;
use super::short::{Block, Places, Source, SIZE};
use super::{short_line, Scan};
use crate::engine::Plan;

/// The bytes of the characters that are handled together.
const GROUP: usize = 3 * LANES;

/// The groups of the longest text.
const GROUPS: usize = SIZE.div_ceil(GROUP);

/// The bytes of half of a group.
const QUARTER: usize = 3 * HALF;

/// See [`Scan::convert_short`].
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
pub(super) fn convert<'t, R: Recipient<'t>>(
    scan: &Scan,
    plan: &Plan,
    text: &'t str,
    to: R,
) -> R::Receipt {
    let changes = scan.classes.changes();
    // With a size that is known, shifts need no count.
    let line = match scan.live.view() {
        AnyView::Small(live) => of_threes((changes, live), text.as_bytes()),
        AnyView::Large(live) => of_threes((changes, live), text.as_bytes()),
    };
    match line {
        Some(line) if line.found != 0 => mend(scan, plan, line, text, to),
        Some(line) => line.give(text, to),
        None => scan.convert_in_block(plan, text, to),
    }
}

/// Whether a text may have several characters, all of three bytes; known before anything is loaded.
#[inline(always)]
pub(super) fn may_be_threes(text: &str) -> bool {
    text.len() > 3 && text.len().is_multiple_of(3) && text.as_bytes()[0] >= 0xE0
}

/// Puts in what live keys become.
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
#[inline(never)]
fn mend<'t, R: Recipient<'t>>(
    scan: &Scan,
    plan: &Plan,
    line: Line,
    text: &'t str,
    to: R,
) -> R::Receipt {
    let source = Source::of(text.as_bytes());
    let mut hits = Places(0);
    let mut found = line.found;
    while found != 0 {
        hits.0 |= 1 << (3 * found.trailing_zeros());
        found &= found - 1;
    }
    let are_characters = |block: &Block| are_characters(must_cast(block.0));
    // The pairs are taken from the bytes: to keep them here would cost more.
    let places = (&source, &source, hits);
    line.mend((scan, plan), places, are_characters, text, to)
}

/// A text's characters, converted one by one; of their pairs nothing is kept.
type Line = short_line::Line<[__m256i; 2], ()>;

/// Converts a text that [`may_be_threes`], in the fewest steps that wait for each other; `None` if it
/// has other characters, or they are not that simple.
#[target_feature(enable = "avx2,bmi1,bmi2")]
#[inline]
fn of_threes<const BYTES: usize>(tables: (&Changes, View<'_, BYTES>), text: &[u8]) -> Option<Line> {
    let len = text.len();
    let none = _mm256_setzero_si256();
    let mut words = [none; GROUPS];
    words[0] = match len {
        16.. => self::words::<0>(text),
        _ => words_of_few(text)?,
    };
    if len > GROUP {
        words[1] = self::words::<1>(text);
        if len > 2 * GROUP {
            words[2] = self::words::<2>(text);
        }
    }
    let is_three = words.map(|words| are_three(words));
    let three = is_three.map(|is_three| u32::from(mask(is_three)));
    let here = _bzhi_u32(u32::MAX, len as u32 / 3);
    if three[0] | three[1] << LANES | three[2] << (2 * LANES) != here {
        return None;
    }
    let mut line = Threes {
        bytes: [none; 2],
        changes: none,
        is_odd: none,
        found: 0,
    };
    line.take::<BYTES, 0>(tables, words[0], none, is_three[0], true);
    if len > GROUP {
        let is_whole = len > 3 * QUARTER;
        line.take::<BYTES, 1>(tables, words[1], words[0], is_three[1], is_whole);
        if len > 2 * GROUP {
            let is_whole = len > 5 * QUARTER;
            line.take::<BYTES, 2>(tables, words[2], words[1], is_three[2], is_whole);
        }
    }
    let is_simple = _mm256_testz_si256(line.is_odd, line.is_odd) != 0;
    is_simple.then_some(Line {
        bytes: line.bytes,
        pairs: (),
        // What stands before the first character makes no pair with it.
        found: u64::from(line.found & here & !1),
        is_changed: _mm256_testz_si256(line.changes, line.changes) == 0,
    })
}

/// A text in the making, eight characters by eight.
struct Threes {
    /// What they become.
    bytes: [__m256i; 2],
    /// All changes.
    changes: __m256i,
    /// Where more must be known of a character.
    is_odd: __m256i,
    /// Which are the second of pairs that may be live, a bit for each.
    found: u32,
}

impl Threes {
    /// Converts the next eight, the group of this number, or, if it is not `whole`, the first half of
    /// it. (Each number has an instance of its own, which so becomes part of its only caller.)
    #[target_feature(enable = "avx2")]
    #[inline]
    fn take<const BYTES: usize, const NUMBER: usize>(
        &mut self,
        (changes, live): (&Changes, View<'_, BYTES>),
        words: __m256i,
        before: __m256i,
        is_three: __m256i,
        is_whole: bool,
    ) {
        let firsts = _mm256_permute2x128_si256::<0x21>(before, words);
        let firsts = _mm256_alignr_epi8::<12>(words, firsts);
        let hashes = pair_hashes(firsts, words);
        let numbers = _mm256_srl_epi32(hashes, shift(View::<BYTES>::WORD_SHIFT));
        let change = looked_up(places(words), is_whole, |place| {
            u16::from_le_bytes(changes[place as usize])
        });
        let change = _mm256_cvtepu16_epi32(must_cast(change));
        let change = _mm256_and_si256(change, is_three);
        let bits = looked_up(numbers, is_whole, |number| live.word(number as u16));
        let bits = must_cast(bits);
        self.changes = _mm256_or_si256(self.changes, change);
        let is_odd = _mm256_cmpeq_epi32(change, all(LISTED.into()));
        self.is_odd = _mm256_or_si256(self.is_odd, is_odd);
        self.found |= u32::from(have_bits::<BYTES>(bits, hashes)) << (LANES * NUMBER);
        self.bytes = with_group::<NUMBER>(self.bytes, packed(changed(words, change)));
    }
}

/// Which of eight words are of characters of three bytes. In UTF-8 the first one that is not starts
/// with the first byte of another character, and so is seen, whatever those behind it have.
#[target_feature(enable = "avx2")]
#[inline]
fn are_three(words: __m256i) -> __m256i {
    let form = _mm256_and_si256(words, all(0x00C0_C0F0));
    _mm256_cmpeq_epi32(form, all(0x0080_80E0))
}

/// What is found for each of the numbers, or, if they are not `whole`, of the first half.
#[target_feature(enable = "avx2")]
#[inline]
fn looked_up<T: Copy + Default>(
    numbers: __m256i,
    is_whole: bool,
    look_up: impl Fn(u32) -> T,
) -> [[T; HALF]; 2] {
    let [low, high]: [[u32; HALF]; 2] = must_cast(numbers);
    let high = match is_whole {
        true => high.map(&look_up),
        false => [T::default(); HALF],
    };
    [low.map(look_up), high]
}

/// The words of the eight characters of a group, and zeros; the text has 16 bytes at least.
#[target_feature(enable = "avx2")]
#[inline]
fn words<const NUMBER: usize>(text: &[u8]) -> __m256i {
    let quarters = [2 * NUMBER, 2 * NUMBER + 1].map(|quarter| {
        let from = QUARTER * quarter;
        let at = from.min(text.len() - 16);
        let bytes: [u8; 16] = *text[at..].first_chunk().expect("16 bytes");
        (bytes, SPLIT[(from - at) % SPLIT.len()])
    });
    let [(low, low_order), (high, high_order)] = quarters;
    let bytes = _mm256_set_m128i(must_cast(high), must_cast(low));
    let order = _mm256_set_m128i(must_cast(high_order), must_cast(low_order));
    _mm256_shuffle_epi8(bytes, order)
}

/// The same of a text of four to fifteen bytes.
#[target_feature(enable = "avx2")]
#[inline]
fn words_of_few(text: &[u8]) -> Option<__m256i> {
    let last = |count| text.len() - count;
    let bytes = match text.len() {
        8.. => {
            let [low, high] = [0, last(8)].map(|from| text[from..].first_chunk());
            let (low, high) = (u64::from_le_bytes(*low?), u64::from_le_bytes(*high?));
            u128::from(low) | u128::from(high) << (8 * last(8))
        }
        _ => {
            let [low, high] = [0, last(4)].map(|from| text[from..].first_chunk());
            let (low, high) = (u32::from_le_bytes(*low?), u32::from_le_bytes(*high?));
            u128::from(u64::from(low) | u64::from(high) << (8 * last(4)))
        }
    };
    let bytes = _mm256_broadcastsi128_si256(must_cast(bytes.to_le_bytes()));
    let order = _mm256_set_m128i(must_cast(SPLIT[QUARTER]), must_cast(SPLIT[0]));
    Some(_mm256_shuffle_epi8(bytes, order))
}

/// Where the bytes of four lanes come from if the first character starts at this place; behind the
/// sixteenth there is nothing.
static SPLIT: [[u8; 16]; 32] = {
    let mut orders = [[0xFF; 16]; 32];
    let mut from = 0;
    while from < 16 {
        let mut byte = 0;
        while byte < 16 {
            let place = from + byte / 4 * 3 + byte % 4;
            if byte % 4 < 3 && place < 16 {
                orders[from][byte] = place as u8;
            }
            byte += 1;
        }
        from += 1;
    }
    orders
};

/// The bytes of four words of three-byte characters each, side by side, and zeros.
#[target_feature(enable = "avx2")]
#[inline]
fn packed(words: __m256i) -> __m256i {
    const ORDER: [u8; 32] = {
        let mut order = [0xFF; 32];
        let mut byte = 0;
        while byte < 32 {
            if byte % 16 < QUARTER {
                order[byte] = (byte % 16 / 3 * 4 + byte % 16 % 3) as u8;
            }
            byte += 1;
        }
        order
    };
    _mm256_shuffle_epi8(words, must_cast(ORDER))
}

/// Puts twice twelve bytes behind those of the groups before this one.
#[target_feature(enable = "avx2")]
#[inline]
fn with_group<const NUMBER: usize>([low, high]: [__m256i; 2], quarters: __m256i) -> [__m256i; 2] {
    // Numbers of four bytes each; 3 and 7 are zeros.
    const ORDERS: [[u32; 8]; GROUPS] = [
        [0, 1, 2, 4, 5, 6, 7, 7],
        [2, 4, 5, 6, 7, 7, 0, 1],
        [7, 7, 7, 7, 0, 1, 2, 4],
    ];
    let ordered = _mm256_permutevar8x32_epi32(quarters, must_cast(ORDERS[NUMBER]));
    match NUMBER {
        0 => [ordered, high],
        1 => [
            _mm256_blend_epi32::<0b1100_0000>(low, ordered),
            _mm256_blend_epi32::<0b0000_1111>(high, ordered),
        ],
        _ => [low, _mm256_blend_epi32::<0b1111_0000>(high, ordered)],
    }
}

/// Whether these are bytes of characters of one byte and of three, and of no others.
#[target_feature(enable = "avx2")]
#[inline]
fn are_characters(halves: [__m256i; 2]) -> bool {
    let Kinds {
        not_ascii,
        inside,
        three,
    } = Kinds::of_halves(halves);
    let three = three & inside >> 1 & inside >> 2;
    // Behind the one a half of what may follow is no character, and behind the other the other half.
    let is = |byte: u8| bits(halves.map(|half| _mm256_cmpeq_epi8(half, all_bytes(byte))));
    let high =
        bits(halves.map(|half| _mm256_cmpeq_epi8(_mm256_max_epu8(half, all_bytes(0xA0)), half)));
    let none = is(0xE0) & !(high >> 1) | is(0xED) & high >> 1;
    not_ascii == three | three << 1 | three << 2 && none == 0
}

/// Characters that are handled together.
const LANES: usize = 8;

/// Characters that come together out of 16 bytes, and go there.
const HALF: usize = LANES / 2;

/// The places of characters' changes.
#[target_feature(enable = "avx2")]
#[inline]
fn places(words: __m256i) -> __m256i {
    let codes = _mm256_maddubs_epi16(words, all(CODE_FACTORS[0]));
    let codes = _mm256_madd_epi16(codes, all(CODE_FACTORS[1]));
    let places = _mm256_sub_epi32(codes, all(CODE_BIAS + START));
    let places = _mm256_min_epu32(places, all(ELSEWHERE.into()));
    // U+F800 to U+FBFF have the place after that.
    let form = _mm256_and_si256(words, all(0xF0FF));
    _mm256_sub_epi32(places, _mm256_cmpeq_epi32(form, all(0xA0EF)))
}

/// Words with their code points changed.
#[target_feature(enable = "avx2")]
#[inline]
fn changed(words: __m256i, changes: __m256i) -> __m256i {
    let high = _mm256_srli_epi32::<12>(changes);
    let middle = _mm256_and_si256(_mm256_slli_epi32::<2>(changes), all(0x3F00));
    let low = _mm256_slli_epi32::<16>(_mm256_and_si256(changes, all(0x3F)));
    let changes = _mm256_or_si256(_mm256_or_si256(high, middle), low);
    _mm256_xor_si256(words, changes)
}

/// Which pairs with these hashes have all their bits among the 32 that have been looked up.
#[target_feature(enable = "avx2")]
#[inline]
fn have_bits<const BYTES: usize>(bits: __m256i, hashes: __m256i) -> u8 {
    let first = _mm256_srl_epi32(hashes, shift(View::<BYTES>::BIT_SHIFT));
    let first = _mm256_and_si256(first, all(31));
    let others = _mm256_mullo_epi32(hashes, all(OTHER_BITS));
    let second = _mm256_srli_epi32::<27>(others);
    let third = _mm256_and_si256(_mm256_srli_epi32::<22>(others), all(31));
    // The bits of a pair come to stand lowest, and then highest.
    let [first, second, third] = [
        _mm256_srlv_epi32(bits, first),
        _mm256_srlv_epi32(bits, second),
        _mm256_srlv_epi32(bits, third),
    ];
    let all = _mm256_and_si256(_mm256_and_si256(first, second), third);
    mask(_mm256_slli_epi32::<31>(all))
}

/// The highest bits of 64 bytes.
#[target_feature(enable = "avx2")]
#[inline]
fn bits([low, high]: [__m256i; 2]) -> u64 {
    let bits = |half| u64::from(_mm256_movemask_epi8(half) as u32);
    bits(low) | bits(high) << 32
}

/// The highest bits of lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn mask(lanes: __m256i) -> u8 {
    _mm256_movemask_ps(_mm256_castsi256_ps(lanes)) as u8
}

/// The hashes of pairs.
#[target_feature(enable = "avx2")]
#[inline]
fn pair_hashes(firsts: __m256i, seconds: __m256i) -> __m256i {
    let firsts = _mm256_mullo_epi32(firsts, all(FIRST_FACTOR));
    let seconds = _mm256_mullo_epi32(seconds, all(SECOND_FACTOR));
    _mm256_add_epi32(firsts, seconds)
}

#[target_feature(enable = "avx2")]
#[inline]
fn all(number: u32) -> __m256i {
    _mm256_set1_epi32(number as i32)
}

#[target_feature(enable = "avx2")]
#[inline]
fn all_bytes(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte as i8)
}

#[inline(always)]
fn shift(bits: u32) -> __m128i {
    must_cast([bits, 0, 0, 0])
}

impl Kinds {
    /// Of the bytes of a window.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn of_halves(halves: [__m256i; 2]) -> Kinds {
        let three = |bytes| {
            let high = _mm256_and_si256(bytes, all_bytes(0xF0));
            _mm256_cmpeq_epi8(high, all_bytes(0xE0))
        };
        // Those from 0x80 to 0xBF.
        let inside = |bytes| _mm256_cmpgt_epi8(all_bytes(0xC0), bytes);
        Kinds {
            not_ascii: bits(halves),
            inside: bits(halves.map(inside)),
            three: bits(halves.map(three)),
        }
    }
}
