//! The loop over a short text for processors with AVX-512: sixteen characters at once, in registers
//! from the text to what they become.
//!
//! What a query costs is how long one instruction waits for another, and most of all for memory that
//! was just written. So here is one way from beginning to end without a branch, for texts of
//! nothing but three-byte characters, and each table is looked at for all of them by one
//! instruction.

use std::arch::x86_64::*;

use bytemuck::must_cast;

use super::avx512::{
    all, are_compatibility, changed, codes, numbers, pair_hashes, places, shift, LANES,
    THREE_OF_FOUR,
};
use super::block::{Kinds, CODE_BIAS};
use super::classes::{Changes, ELSEWHERE, LISTED};
use super::live::{self, AnyView};
use super::short::{Block, Places, Put, Source};
use super::Scan;
use crate::engine::Plan;

/// The bytes of the characters that are handled together.
const GROUP: usize = 3 * LANES;

/// The first of the four bytes of each lane.
const ONE_OF_FOUR: u64 = 0x1111_1111_1111_1111;

/// The numbers of a register's bytes.
const BYTES: [u8; 64] = numbers(1);

/// The first of every three bytes.
const ONE_OF_THREE: u64 = 0x9249_2492_4924_9249;

/// What a short text becomes; see [`Scan::convert_short`].
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(super) fn convert<'b>(
    scan: &Scan,
    plan: &Plan,
    text: &[u8],
    block: &'b mut Block,
) -> Option<Option<&'b str>> {
    let tables = (scan.classes.changes(), scan.live.view());
    let Some(halves) = Halves::of(text) else {
        return scan.convert_in_block(plan, text, block);
    };
    let line = Line::of_threes(tables, &halves).or_else(|| Line::of_any(tables, text));
    let Some(line) = line else {
        return scan.convert_in_block(plan, text, block);
    };
    block.0 = must_cast(line.bytes);
    let mut len = text.len();
    let mut is_changed = line.is_changed;
    if line.found != 0 {
        let source = Source::new(&must_cast(halves.all()), len);
        let hits = Places(_pdep_u64(line.found, line.starts));
        if let Put::In(new_len) = scan.put_in(plan, &source, hits, &mut block.0)? {
            if !are_characters_of_text(must_cast(block.0)) {
                return block.changed(new_len, &source);
            }
            is_changed = block.is_changed(new_len, &source);
            len = new_len;
        }
    }
    if !is_changed {
        return Some(None);
    }
    #[cfg(any(test, debug_assertions))]
    assert!(std::str::from_utf8(&block.0[..len]).is_ok());
    // SAFETY: if something was put in, the block was just checked. If not, each character has here, as
    // in the text, the form of ASCII or of three bytes, since the bits that make that form do not
    // change; and none of three bytes has a code point that is not written so.
    #[allow(unsafe_code)]
    let converted = unsafe { std::str::from_utf8_unchecked(&block.0[..len]) };
    Some(Some(converted))
}

/// A text's characters, converted one by one.
struct Line {
    /// What they become, before zeros.
    bytes: __m512i,
    /// Where they start, a bit for each byte.
    starts: u64,
    /// Which are the second of pairs that may be live, a bit for each character.
    found: u64,
    is_changed: bool,
}

impl Line {
    /// Of three-byte characters only, in the fewest steps that wait for each other; `None` if there
    /// are others, or they are not that simple.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
    #[inline]
    fn of_threes(tables: (&Changes, AnyView<'_>), halves: &Halves) -> Option<Line> {
        const PLACES: [u8; 64] = places_of([0, 1, 2, 3], 3);
        let count = u32::from(halves.len as u8 / 3);
        if halves.len != 3 * count as usize {
            return None;
        }
        let group = |from: u32, before| {
            let lanes = _bzhi_u32(__mmask16::MAX.into(), count - from) as __mmask16;
            let places = _mm512_set1_epi8(3 * from as i8);
            let places = _mm512_add_epi8(must_cast(PLACES), places);
            let words = halves.bytes(places, _bzhi_u64(THREE_OF_FOUR, 4 * (count - from)));
            let form = _mm512_and_si512(words, all(0x00C0_C0F0));
            let other = _mm512_mask_cmpneq_epi32_mask(lanes, form, all(0x0080_80E0));
            (Group::convert(tables, words, lanes, before), other)
        };
        let (first, mut odd) = group(0, _mm512_setzero_si512());
        odd |= first.odd;
        let mut line = Line {
            bytes: packed(first.words),
            starts: ONE_OF_THREE,
            // What stands before the first character makes no pair with it.
            found: u64::from(first.found & !1),
            is_changed: first.is_changed,
        };
        if count > LANES as u32 {
            let (rest, other) = group(LANES as u32, first.before);
            line.append(packed(rest.words), GROUP as u32);
            line.found |= u64::from(rest.found) << LANES;
            line.is_changed |= rest.is_changed;
            odd |= rest.odd | other;
        }
        (odd == 0).then_some(line)
    }

    /// Of ASCII and three-byte characters; `None` if there are others, or they are not that simple.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline(never)]
    fn of_any(tables: (&Changes, AnyView<'_>), text: &[u8]) -> Option<Line> {
        const LANE_OF_BYTE: [u8; 64] = places_of([0, 0, 0, 0], 1);
        const BYTE_OF_LANE: [u8; 64] = places_of([0, 1, 2, 0], 0);

        let bytes = Halves::of(text)?.all();
        let Kinds {
            not_ascii,
            inside,
            three,
        } = Kinds::of(bytes);
        let here = _bzhi_u64(u64::MAX, text.len() as u32);
        let three = three & inside >> 1 & inside >> 2;
        let starts = !not_ascii & here | three;
        if starts | three << 1 | three << 2 != here {
            return None;
        }
        let mut line = Line {
            bytes: _mm512_setzero_si512(),
            starts,
            found: 0,
            is_changed: false,
        };
        let places = _mm512_maskz_compress_epi8(starts, must_cast(BYTES));
        let mut before = _mm512_setzero_si512();
        let mut odd = 0;
        let mut at = 0;
        let count = starts.count_ones();
        for from in (0..count).step_by(LANES) {
            let lanes = _mm512_add_epi8(must_cast(LANE_OF_BYTE), _mm512_set1_epi8(from as i8));
            let places = _mm512_permutexvar_epi8(lanes, places);
            let places = _mm512_add_epi8(places, must_cast(BYTE_OF_LANE));
            let here = 4 * (count - from);
            let words = _bzhi_u64(THREE_OF_FOUR, here);
            let words = _mm512_maskz_permutexvar_epi8(words, places, bytes);
            let is_three = _mm512_test_epi32_mask(words, all(0x80));
            let words = _mm512_mask_and_epi32(words, !is_three, words, all(0xFF));
            let group = Group::convert(tables, words, is_three, before);
            before = group.before;
            odd |= group.odd;
            line.found |= u64::from(group.found) << from;
            line.is_changed |= group.is_changed;

            let used = _mm512_test_epi8_mask(group.words, group.words);
            let used = used | _bzhi_u64(ONE_OF_FOUR, here);
            line.append(_mm512_maskz_compress_epi8(used, group.words), at);
            at += used.count_ones();
        }
        line.found &= !1;
        (odd == 0).then_some(line)
    }

    /// Writes bytes behind the first `at`.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    fn append(&mut self, bytes: __m512i, at: u32) {
        let places = _mm512_sub_epi8(must_cast(BYTES), _mm512_set1_epi8(at as i8));
        self.bytes = _mm512_mask_permutexvar_epi8(self.bytes, u64::MAX << at, places, bytes);
    }
}

/// Up to sixteen characters, converted one by one; a bit for each in the masks.
struct Group {
    /// What they become.
    words: __m512i,
    /// What they were.
    before: __m512i,
    is_changed: bool,
    /// Which are the second of pairs that may be live.
    found: __mmask16,
    /// Which are not that simple.
    odd: __mmask16,
}

impl Group {
    /// Converts the characters, of which some have `three` bytes; `before` are the sixteen before.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    fn convert(
        (changes, live): (&Changes, AnyView<'_>),
        words: __m512i,
        three: __mmask16,
        before: __m512i,
    ) -> Group {
        let codes = codes(words);
        let change = look_up(changes, three, places(codes));
        let listed = _mm512_cmpeq_epi32_mask(change, all(LISTED.into()));
        let codes = _mm512_sub_epi32(codes, all(CODE_BIAS));
        let none = three & !are_characters(_mm512_xor_si512(codes, change));
        let firsts = _mm512_alignr_epi32::<{ LANES as i32 - 1 }>(words, before);
        Group {
            words: changed(words, change),
            before: words,
            is_changed: _mm512_test_epi32_mask(change, change) != 0,
            found: may_be_live(live, three, pair_hashes(firsts, words)),
            odd: listed | none | are_compatibility(words),
        }
    }
}

/// A text's first and last bytes, which have all of it.
struct Halves {
    /// The text's length.
    len: usize,
    both: __m512i,
    /// How many bytes each half has.
    width: usize,
    /// How many are in both.
    common: usize,
}

impl Halves {
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn of(text: &[u8]) -> Option<Halves> {
        macro_rules! halves {
            ($width:literal) => {
                (text.first_chunk::<$width>(), text.last_chunk::<$width>())
            };
        }
        let (both, width) = if let (Some(&first), Some(&last)) = halves!(32) {
            let first = _mm512_castsi256_si512(must_cast(first));
            (_mm512_inserti64x4::<1>(first, must_cast(last)), 32)
        } else if let (Some(&first), Some(&last)) = halves!(16) {
            let first = _mm512_castsi128_si512(must_cast(first));
            (_mm512_inserti32x4::<1>(first, must_cast(last)), 16)
        } else if let (Some(&first), Some(&last)) = halves!(8) {
            let both = _mm_set_epi64x(i64::from_le_bytes(last), i64::from_le_bytes(first));
            (_mm512_castsi128_si512(both), 8)
        } else if let (Some(&first), Some(&last)) = halves!(4) {
            let both = u64::from(u32::from_le_bytes(last)) << 32;
            let both = both | u64::from(u32::from_le_bytes(first));
            (_mm512_castsi128_si512(_mm_set_epi64x(0, both as i64)), 4)
        } else {
            return None;
        };
        let common = 2 * width - text.len();
        Some(Halves {
            len: text.len(),
            both,
            width,
            common,
        })
    }

    /// All of the text's bytes, before zeros.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
    #[inline]
    fn all(&self) -> __m512i {
        self.bytes(must_cast(BYTES), _bzhi_u64(u64::MAX, self.len as u32))
    }

    /// The bytes at these places of the text, as far as they are in the mask.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    fn bytes(&self, places: __m512i, mask: __mmask64) -> __m512i {
        let is_in_last = _mm512_cmpge_epu8_mask(places, _mm512_set1_epi8(self.width as i8));
        let common = _mm512_set1_epi8(self.common as i8);
        let places = _mm512_mask_add_epi8(places, is_in_last, places, common);
        _mm512_maskz_permutexvar_epi8(mask, places, self.both)
    }
}

/// The changes at some places, none of which is beyond [`ELSEWHERE`].
#[target_feature(enable = "avx512f")]
#[inline]
fn look_up(changes: &Changes, lanes: __mmask16, places: __m512i) -> __m512i {
    // Two bytes more are read than a change has.
    const _: () = assert!(2 * ELSEWHERE as usize + 4 <= size_of::<Changes>());
    debug_assert!(_mm512_cmpgt_epu32_mask(places, all(ELSEWHERE.into())) == 0);
    let none = _mm512_setzero_si512();
    // SAFETY: what is read ends within the changes, by the two assertions.
    #[allow(unsafe_code)]
    let changes =
        unsafe { _mm512_mask_i32gather_epi32::<2>(none, lanes, places, changes.as_ptr().cast()) };
    _mm512_and_si512(changes, all(0xFFFF))
}

/// Which pairs with these hashes may be live.
#[target_feature(enable = "avx512f")]
#[inline]
fn may_be_live(live: AnyView<'_>, lanes: __mmask16, hashes: __m512i) -> __mmask16 {
    let bit = _mm512_srl_epi32(hashes, shift(live.bit_shift()));
    // Two times 16 bits at once, which have the same number but for the lowest bit.
    let numbers = _mm512_srli_epi32::<5>(bit);
    let bits = live.bytes();
    debug_assert!(_mm512_cmpge_epu32_mask(numbers, all(bits.len() as u32 / 4)) == 0);
    let none = _mm512_setzero_si512();
    // SAFETY: there are so many times four bytes, by the assertion: a hash has as many bits above
    // those that are shifted out as number them.
    #[allow(unsafe_code)]
    let bits =
        unsafe { _mm512_mask_i32gather_epi32::<4>(none, lanes, numbers, bits.as_ptr().cast()) };
    // In which half the bits are; meanwhile the look at memory goes on.
    let half = _mm512_and_si512(bit, all(16));
    let others = _mm512_mullo_epi32(hashes, all(live::OTHER_BITS));
    let second = _mm512_or_si512(half, _mm512_srli_epi32::<28>(others));
    let third = _mm512_and_si512(_mm512_srli_epi32::<24>(others), all(15));
    let third = _mm512_or_si512(half, third);
    let bits = _mm512_ternarylogic_epi32::<0x80>(
        _mm512_srlv_epi32(bits, _mm512_and_si512(bit, all(31))),
        _mm512_srlv_epi32(bits, second),
        _mm512_srlv_epi32(bits, third),
    );
    _mm512_test_epi32_mask(bits, all(1))
}

/// Which of these numbers are code points of characters of three bytes, as none is above U+FFFF.
#[target_feature(enable = "avx512f")]
#[inline]
fn are_characters(codes: __m512i) -> __mmask16 {
    let is_long = _mm512_cmpge_epu32_mask(codes, all(0x800));
    let surrogates = all(0xD800 >> 11);
    is_long & _mm512_cmpneq_epi32_mask(_mm512_srli_epi32::<11>(codes), surrogates)
}

/// Whether these are bytes of characters of one byte and of three, and of no others.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn are_characters_of_text(bytes: __m512i) -> bool {
    let Kinds {
        not_ascii,
        inside,
        three,
    } = Kinds::of(bytes);
    let three = three & inside >> 1 & inside >> 2;
    // Behind the one a half of what may follow is no character, and behind the other the other half.
    let is = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
    let high = _mm512_cmpge_epu8_mask(bytes, _mm512_set1_epi8(0xA0_u8 as i8)) >> 1;
    let none = is(0xE0) & !high | is(0xED) & high;
    not_ascii == three | three << 1 | three << 2 && none == 0
}

/// The bytes of sixteen words of three-byte characters side by side, and zeros.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn packed(words: __m512i) -> __m512i {
    const PLACES: [u8; 64] = {
        // The fourth one of a word is zero.
        let mut places = [3; 64];
        let mut byte = 0;
        while byte < GROUP {
            places[byte] = (byte / 3 * 4 + byte % 3) as u8;
            byte += 1;
        }
        places
    };
    _mm512_permutexvar_epi8(must_cast(PLACES), words)
}

/// For each byte of sixteen lanes a place: of the first lane's these, and further on by so many from
/// lane to lane.
const fn places_of(first: [u8; 4], step: u8) -> [u8; 64] {
    let mut places = [0; 64];
    let mut byte = 0;
    while byte < 64 {
        places[byte] = first[byte % 4] + step * (byte / 4) as u8;
        byte += 1;
    }
    places
}
