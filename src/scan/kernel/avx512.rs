//! The steps of the loop for processors with AVX-512: sixteen characters at a time.

use std::arch::x86_64::*;

use bytemuck::must_cast;

use super::super::classes::{ELSEWHERE, LISTED, START};
use super::super::filter::{FIRST_FACTOR, SECOND_FACTOR};
use super::super::live;
use super::super::notable;
use super::block::{self, Block, Decoded, Kinds, Starts, WINDOW};
use super::{Hits, Run, Task};

/// Characters that are handled together.
pub(in super::super) const LANES: usize = 16;

/// Three of the four bytes of each lane.
pub(in super::super) const THREE_OF_FOUR: u64 = 0x7777_7777_7777_7777;

/// Characters of which no more than 16 bits are needed.
const PART: usize = 2 * LANES;

/// See [`run`](super::run).
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
pub(in super::super) fn run<const WRITES: bool, const BYTES: usize>(
    task: Task<'_, BYTES>,
    hits: &mut Hits,
) -> Run {
    block::run::<WRITES, BYTES>(
        task,
        hits,
        |window, carry, lane, block| decode(window, carry, lane, block),
        |lanes, block| {
            for group in 0..lanes.div_ceil(LANES) {
                number::<WRITES, BYTES>(group, block);
            }
        },
        |lanes, block, target| {
            if !WRITES {
                for part in 0..lanes.div_ceil(2 * PART) {
                    let [seconds, firsts] = notable(2 * part, block);
                    let [more_seconds, more_firsts] = notable(2 * part + 1, block);
                    block.notable[part] = [
                        u64::from(seconds) | u64::from(more_seconds) << 32,
                        u64::from(firsts) | u64::from(more_firsts) << 32,
                    ];
                }
                return;
            }
            let mut at = 0;
            for group in 0..lanes.div_ceil(LANES) {
                at += finish::<BYTES>(group, block, &mut target[at..]);
            }
        },
    )
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2")]
#[inline]
fn decode(window: &[u8; WINDOW], carry: u64, lane: usize, block: &mut Block) -> Decoded {
    const NUMBERS: [u8; 64] = numbers(1);
    const LANE_OF_BYTE: [u8; 64] = numbers(4);
    const BYTE_OF_LANE: [u8; 64] = repeated([0, 1, 2, 0]);

    let bytes: [u8; 64] = *window.first_chunk().expect("80 bytes");
    let bytes: __m512i = must_cast(bytes);
    let kinds = Kinds::of(bytes);
    if kinds.not_ascii == 0 {
        return Decoded {
            lanes: 0,
            end: 0,
            next: None,
            carry: 0,
        };
    }
    let Starts { starts, decoded } = kinds.starts(carry);
    let starts = _mm512_maskz_compress_epi8(starts, must_cast(NUMBERS));
    for from in (0..decoded.lanes).step_by(LANES) {
        let lanes = _mm512_add_epi8(must_cast(LANE_OF_BYTE), _mm512_set1_epi8(from as i8));
        let starts = _mm512_permutexvar_epi8(lanes, starts);
        let places = _mm512_add_epi8(starts, must_cast(BYTE_OF_LANE));
        let words = _mm512_maskz_permutexvar_epi8(THREE_OF_FOUR, places, bytes);
        let is_ascii = _mm512_testn_epi32_mask(words, all(0x80));
        let words = _mm512_mask_and_epi32(words, is_ascii, words, all(0xFF));
        block.set_words::<LANES>(lane + from, must_cast(words));
    }
    decoded
}

impl Kinds {
    /// Of the bytes of a window.
    #[target_feature(enable = "avx512f,avx512bw")]
    #[inline]
    pub(in super::super) fn of(bytes: __m512i) -> Kinds {
        let high = _mm512_and_si512(bytes, _mm512_set1_epi8(0xF0_u8 as i8));
        Kinds {
            not_ascii: _mm512_movepi8_mask(bytes),
            // Those from 0x80 to 0xBF.
            inside: _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(0xC0_u8 as i8)),
            three: _mm512_cmpeq_epi8_mask(high, _mm512_set1_epi8(0xE0_u8 as i8)),
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn number<const WRITES: bool, const BYTES: usize>(group: usize, block: &mut Block) {
    let words = words(group, block);
    let places = places(codes(words));
    // U+F800 to U+FBFF have the place after the last.
    let places = _mm512_mask_add_epi32(places, are_compatibility(words), places, all(1));
    set(&mut block.changes, group, _mm512_cvtepi32_epi16(places));
    if WRITES {
        let pairs = _mm512_srl_epi32(pairs(group, block), shift(live::View::<BYTES>::WORD_SHIFT));
        set(&mut block.numbers, group, _mm512_cvtepi32_epi16(pairs));
    } else {
        let words = _mm512_srli_epi32::<{ notable::WORD_SHIFT }>(places);
        set(&mut block.numbers, group, _mm512_cvtepi32_epi16(words));
    }
    set_bits(
        &mut block.ascii,
        group,
        _mm512_testn_epi32_mask(words, all(0x80)),
    );
}

/// Returns how many bytes it wrote.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt")]
#[inline]
fn finish<const BYTES: usize>(group: usize, block: &mut Block, target: &mut [u8]) -> usize {
    let pairs = pairs(group, block);
    let bits = must_cast(*block.bits::<LANES>(LANES * group));
    set_bits(&mut block.found, group, have_bits::<BYTES>(bits, pairs));

    let words = words(group, block);
    let is_three = _mm512_test_epi32_mask(words, all(0x80));
    let changes = _mm512_maskz_mov_epi32(is_three, get(&block.changes, group));
    let stops = _mm512_cmpeq_epi32_mask(changes, all(LISTED.into()));
    set_bits(&mut block.stops, group, stops);
    let words = changed(words, changes);
    let used = _mm512_test_epi8_mask(words, words) | 0x1111_1111_1111_1111;
    let bytes = _mm512_maskz_compress_epi8(used, words);
    *target.first_chunk_mut::<64>().expect("slack") = must_cast(bytes);
    used.count_ones() as usize
}

/// Which pairs with these hashes have all their bits among the 32 that have been looked up.
#[target_feature(enable = "avx512f")]
#[inline]
pub(in super::super) fn have_bits<const BYTES: usize>(bits: __m512i, hashes: __m512i) -> __mmask16 {
    let first = _mm512_srl_epi32(hashes, shift(live::View::<BYTES>::BIT_SHIFT));
    let first = _mm512_and_si512(first, all(31));
    let others = _mm512_mullo_epi32(hashes, all(live::OTHER_BITS));
    let second = _mm512_srli_epi32::<27>(others);
    let third = _mm512_and_si512(_mm512_srli_epi32::<22>(others), all(31));
    let bits = _mm512_ternarylogic_epi32::<0x80>(
        _mm512_srlv_epi32(bits, first),
        _mm512_srlv_epi32(bits, second),
        _mm512_srlv_epi32(bits, third),
    );
    _mm512_test_epi32_mask(bits, all(1))
}

/// The code points of three-byte characters, with [`CODE_BIAS`](block::CODE_BIAS).
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
pub(in super::super) fn codes(words: __m512i) -> __m512i {
    let codes = _mm512_maddubs_epi16(words, all(block::CODE_FACTORS[0]));
    _mm512_madd_epi16(codes, all(block::CODE_FACTORS[1]))
}

/// The places of the changes of characters with such code points, but for U+F800 to U+FBFF; none is
/// beyond [`ELSEWHERE`], whatever the numbers are.
#[target_feature(enable = "avx512f")]
#[inline]
pub(in super::super) fn places(codes: __m512i) -> __m512i {
    let places = _mm512_sub_epi32(codes, all(block::CODE_BIAS + START));
    _mm512_min_epu32(places, all(ELSEWHERE.into()))
}

/// Which are from U+F800 to U+FBFF.
#[target_feature(enable = "avx512f")]
#[inline]
pub(in super::super) fn are_compatibility(words: __m512i) -> __mmask16 {
    let form = _mm512_and_si512(words, all(0xF0FF));
    _mm512_cmpeq_epi32_mask(form, all(0xA0EF))
}

/// Words with their code points changed.
#[target_feature(enable = "avx512f,avx512vbmi")]
#[inline]
pub(in super::super) fn changed(words: __m512i, changes: __m512i) -> __m512i {
    // Six bits of each half of a lane pair come to the low end of each byte.
    const SIXES: [u8; 64] = repeated([12, 6, 0, 0, 44, 38, 32, 32]);
    let spread = _mm512_multishift_epi64_epi8(must_cast(SIXES), changes);
    _mm512_xor_si512(words, _mm512_and_si512(spread, all(0x003F_3F0F)))
}

/// Which of twice as many characters are notable as the second of a pair, and which as the first.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn notable(part: usize, block: &Block) -> [u32; 2] {
    let places = get_part(&block.changes, part);
    let place = _mm512_and_si512(places, _mm512_set1_epi16(notable::PLACES as i16 - 1));
    let bits = get_part(&block.numbers, part);
    let bits = _mm512_srlv_epi16(bits, _mm512_add_epi16(place, place));
    [
        _mm512_test_epi16_mask(bits, _mm512_set1_epi16(notable::SECOND as i16)),
        _mm512_test_epi16_mask(bits, _mm512_set1_epi16(notable::FIRST as i16)),
    ]
}

#[inline(always)]
fn get_part(numbers: &[u16], part: usize) -> __m512i {
    let numbers: [u16; PART] = *numbers[PART * part..].first_chunk().expect("a part");
    must_cast(numbers)
}

#[target_feature(enable = "avx512f")]
#[inline]
fn words(group: usize, block: &Block) -> __m512i {
    must_cast(*block.words::<LANES>(LANES * group))
}

/// The hashes of pairs with the characters before.
#[target_feature(enable = "avx512f")]
#[inline]
fn pairs(group: usize, block: &Block) -> __m512i {
    let firsts = must_cast(*block.words_before::<LANES>(LANES * group));
    pair_hashes(firsts, words(group, block))
}

/// The hashes of pairs.
#[target_feature(enable = "avx512f")]
#[inline]
pub(in super::super) fn pair_hashes(firsts: __m512i, seconds: __m512i) -> __m512i {
    let firsts = _mm512_mullo_epi32(firsts, all(FIRST_FACTOR));
    let seconds = _mm512_mullo_epi32(seconds, all(SECOND_FACTOR));
    _mm512_add_epi32(firsts, seconds)
}

#[target_feature(enable = "avx512f")]
#[inline]
fn get(numbers: &[u16], group: usize) -> __m512i {
    let numbers: [u16; LANES] = *numbers[LANES * group..].first_chunk().expect("a group");
    _mm512_cvtepu16_epi32(must_cast(numbers))
}

#[inline(always)]
fn set(numbers: &mut [u16], group: usize, lanes: __m256i) {
    let place = numbers[LANES * group..].first_chunk_mut::<LANES>();
    *place.expect("a group") = must_cast(lanes);
}

#[inline(always)]
fn set_bits(bits: &mut [u8], group: usize, mask: u16) {
    *bits[2 * group..].first_chunk_mut().expect("a group") = mask.to_le_bytes();
}

#[target_feature(enable = "avx512f")]
#[inline]
pub(in super::super) fn all(number: u32) -> __m512i {
    _mm512_set1_epi32(number as i32)
}

#[inline(always)]
pub(in super::super) fn shift(bits: u32) -> __m128i {
    must_cast([bits, 0, 0, 0])
}

/// The numbers from 0 on, each so often.
pub(in super::super) const fn numbers(times: usize) -> [u8; 64] {
    let mut numbers = [0; 64];
    let mut at = 0;
    while at < 64 {
        numbers[at] = (at / times) as u8;
        at += 1;
    }
    numbers
}

const fn repeated<const N: usize>(numbers: [u8; N]) -> [u8; 64] {
    let mut all = [0; 64];
    let mut at = 0;
    while at < 64 {
        all[at] = numbers[at % N];
        at += 1;
    }
    all
}
