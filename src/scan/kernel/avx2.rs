//! The steps of the loop for processors with AVX2: eight characters at a time.

use std::arch::x86_64::*;

use bytemuck::must_cast;

use super::super::classes::{ELSEWHERE, LISTED, START};
use super::super::filter::{FIRST_FACTOR, SECOND_FACTOR};
use super::super::live;
use super::super::notable;
use super::block::{self, Block, Decoded, Kinds, Starts, WINDOW};
use super::{Hits, Run, Task};

/// Characters that are handled together.
pub(in super::super) const LANES: usize = 8;

/// Characters that come together out of 16 bytes, and go there.
pub(in super::super) const HALF: usize = LANES / 2;

/// A step decodes so many characters: two thirds ASCII, or nearly all of three bytes.
const HALVES: usize = 6;

/// See [`run`](super::run).
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
pub(in super::super) fn run<const WRITES: bool, const BYTES: usize>(
    task: Task<'_, BYTES>,
    hits: &mut Hits,
) -> Run {
    block::run::<WRITES, BYTES>(
        task,
        hits,
        |window, carry, lane, block| match decode_threes(window, carry, lane, block) {
            Some(decoded) => decoded,
            None => decode(window, carry, lane, block),
        },
        |lanes, block| {
            for group in 0..lanes.div_ceil(LANES) {
                number::<WRITES, BYTES>(group, block);
            }
        },
        |lanes, block, target| {
            if !WRITES {
                for part in 0..lanes.div_ceil(64) {
                    // In a loop: a closure would be called, and that would take most of the time.
                    let mut both = [0; 2];
                    for group in 0..64 / LANES {
                        let [seconds, firsts] = notable(64 / LANES * part + group, block);
                        both[0] |= u64::from(seconds) << (LANES * group);
                        both[1] |= u64::from(firsts) << (LANES * group);
                    }
                    block.notable[part] = both;
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

#[target_feature(enable = "avx2,bmi1,popcnt")]
#[inline]
fn decode(window: &[u8; WINDOW], carry: u64, lane: usize, block: &mut Block) -> Decoded {
    let low: [u8; 32] = *window.first_chunk().expect("80 bytes");
    let high: [u8; 32] = *window[32..].first_chunk().expect("80 bytes");
    let kinds = Kinds::of_halves([must_cast(low), must_cast(high)]);
    if kinds.not_ascii == 0 {
        return Decoded {
            lanes: 0,
            end: 0,
            next: None,
            carry: 0,
        };
    }
    let Starts { starts, decoded } = kinds.starts(carry);
    let mut rest = starts;
    for half in 0..HALVES {
        let start = rest.trailing_zeros();
        let ascii = ascii_of_four(kinds.not_ascii.wrapping_shr(start));
        let bytes: [u8; 16] = *window[start as usize..].first_chunk().expect("80 bytes");
        let words = split(must_cast(bytes), ascii);
        block.set_words::<HALF>(lane + HALF * half, must_cast(words));
        for _ in 0..HALF {
            rest &= rest.wrapping_sub(1);
        }
    }
    if rest == 0 {
        return decoded;
    }
    let end = rest.trailing_zeros() as usize;
    Decoded {
        lanes: HALVES * HALF,
        end,
        next: Some(end),
        carry: 0,
    }
}

/// The same, if it starts with so many three-byte characters and no others.
#[target_feature(enable = "avx2,popcnt")]
#[inline]
fn decode_threes(
    window: &[u8; WINDOW],
    carry: u64,
    lane: usize,
    block: &mut Block,
) -> Option<Decoded> {
    const GROUPS: usize = 3;
    const BYTES: usize = GROUPS * 3 * LANES;
    const _: () = assert!(2 + BYTES + 4 <= WINDOW);
    let from = carry.count_ones() as usize & 3;
    let mut are_three = _mm256_set1_epi32(-1);
    let mut words = [_mm256_setzero_si256(); GROUPS];
    for group in 0..GROUPS {
        let low = from + group * 3 * LANES;
        let low: [u8; 16] = *window[low..].first_chunk()?;
        let high: [u8; 16] = *window[from + group * 3 * LANES + 3 * HALF..].first_chunk()?;
        let bytes = _mm256_set_m128i(must_cast(high), must_cast(low));
        words[group] = _mm256_shuffle_epi8(bytes, must_cast([order(&SPLIT, 0), order(&SPLIT, 0)]));
        let form = _mm256_and_si256(words[group], all(0x00C0_C0F0));
        are_three = _mm256_and_si256(are_three, _mm256_cmpeq_epi32(form, all(0x0080_80E0)));
    }
    if mask(are_three) != 0xFF {
        return None;
    }
    for (group, &words) in words.iter().enumerate() {
        block.set_words::<LANES>(lane + LANES * group, must_cast(words));
    }
    Some(Decoded {
        lanes: GROUPS * LANES,
        end: from + BYTES,
        next: Some(BYTES),
        carry,
    })
}

impl Kinds {
    /// Of the bytes of a window.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(in super::super) fn of_halves(halves: [__m256i; 2]) -> Kinds {
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

#[target_feature(enable = "avx2")]
#[inline]
fn number<const WRITES: bool, const BYTES: usize>(group: usize, block: &mut Block) {
    let words = words(group, block);
    let places = places(words);
    set(&mut block.changes, group, places);
    if WRITES {
        let pairs = _mm256_srl_epi32(pairs(group, block), shift(live::View::<BYTES>::WORD_SHIFT));
        set(&mut block.numbers, group, pairs);
    } else {
        let words = _mm256_srli_epi32::<{ notable::WORD_SHIFT as i32 }>(places);
        set(&mut block.numbers, group, words);
    }
    block.ascii[group] = !mask(_mm256_slli_epi32::<24>(words));
}

/// Returns how many bytes it wrote.
#[target_feature(enable = "avx2,popcnt")]
#[inline]
fn finish<const BYTES: usize>(group: usize, block: &mut Block, target: &mut [u8]) -> usize {
    let pairs = pairs(group, block);
    let bits = must_cast(*block.bits::<LANES>(LANES * group));
    block.found[group] = have_bits::<BYTES>(bits, pairs);

    let words = words(group, block);
    let is_ascii = _mm256_cmpgt_epi32(all(0x80), words);
    let changes = _mm256_andnot_si256(is_ascii, get(&block.changes, group));
    block.stops[group] = mask(_mm256_cmpeq_epi32(changes, all(LISTED.into())));
    let [low, high]: [[u32; HALF]; 2] = must_cast(changed(words, changes));
    let ascii = u32::from(block.ascii[group]);
    let (low_ascii, high_ascii) = (ascii & 0xF, ascii >> 4);
    let target: &mut [u8; 32] = target.first_chunk_mut().expect("slack");
    let low = joined(must_cast(low), low_ascii);
    let high = joined(must_cast(high), high_ascii);
    *target.first_chunk_mut::<16>().expect("32 bytes") = must_cast(low);
    let at = (3 * HALF - 2 * low_ascii.count_ones() as usize) % 16;
    *target[at..].first_chunk_mut::<16>().expect("32 bytes") = must_cast(high);
    3 * LANES - 2 * ascii.count_ones() as usize
}

/// The places of characters' changes.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn places(words: __m256i) -> __m256i {
    let codes = _mm256_maddubs_epi16(words, all(block::CODE_FACTORS[0]));
    let codes = _mm256_madd_epi16(codes, all(block::CODE_FACTORS[1]));
    let places = _mm256_sub_epi32(codes, all(block::CODE_BIAS + START));
    let places = _mm256_min_epu32(places, all(ELSEWHERE.into()));
    // U+F800 to U+FBFF have the place after that.
    let form = _mm256_and_si256(words, all(0xF0FF));
    _mm256_sub_epi32(places, _mm256_cmpeq_epi32(form, all(0xA0EF)))
}

/// Words with their code points changed.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn changed(words: __m256i, changes: __m256i) -> __m256i {
    let high = _mm256_srli_epi32::<12>(changes);
    let middle = _mm256_and_si256(_mm256_slli_epi32::<2>(changes), all(0x3F00));
    let low = _mm256_slli_epi32::<16>(_mm256_and_si256(changes, all(0x3F)));
    let changes = _mm256_or_si256(_mm256_or_si256(high, middle), low);
    _mm256_xor_si256(words, changes)
}

/// Which pairs with these hashes have all their bits among the 32 that have been looked up.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn have_bits<const BYTES: usize>(bits: __m256i, hashes: __m256i) -> u8 {
    let first = _mm256_srl_epi32(hashes, shift(live::View::<BYTES>::BIT_SHIFT));
    let first = _mm256_and_si256(first, all(31));
    let others = _mm256_mullo_epi32(hashes, all(live::OTHER_BITS));
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

/// Which characters are notable as the second of a pair, and which as the first.
#[target_feature(enable = "avx2")]
#[inline]
fn notable(group: usize, block: &Block) -> [u8; 2] {
    let place = all((notable::PLACES - 1).into());
    let place = _mm256_and_si256(get(&block.changes, group), place);
    let bits = _mm256_srlv_epi32(get(&block.numbers, group), _mm256_add_epi32(place, place));
    const { assert!(notable::SECOND == 1 && notable::FIRST == 2) };
    [
        mask(_mm256_slli_epi32::<31>(bits)),
        mask(_mm256_slli_epi32::<30>(bits)),
    ]
}

/// The highest bits of 64 bytes.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn bits([low, high]: [__m256i; 2]) -> u64 {
    let bits = |half| u64::from(_mm256_movemask_epi8(half) as u32);
    bits(low) | bits(high) << 32
}

/// The highest bits of lanes.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn mask(lanes: __m256i) -> u8 {
    _mm256_movemask_ps(_mm256_castsi256_ps(lanes)) as u8
}

#[target_feature(enable = "avx2")]
#[inline]
fn words(group: usize, block: &Block) -> __m256i {
    must_cast(*block.words::<LANES>(LANES * group))
}

/// The hashes of pairs with the characters before.
#[target_feature(enable = "avx2")]
#[inline]
fn pairs(group: usize, block: &Block) -> __m256i {
    let firsts = must_cast(*block.words_before::<LANES>(LANES * group));
    pair_hashes(firsts, words(group, block))
}

/// The hashes of pairs.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn pair_hashes(firsts: __m256i, seconds: __m256i) -> __m256i {
    let firsts = _mm256_mullo_epi32(firsts, all(FIRST_FACTOR));
    let seconds = _mm256_mullo_epi32(seconds, all(SECOND_FACTOR));
    _mm256_add_epi32(firsts, seconds)
}

#[target_feature(enable = "avx2")]
#[inline]
fn get(numbers: &[u16], group: usize) -> __m256i {
    let numbers: [u16; LANES] = *numbers[LANES * group..].first_chunk().expect("a group");
    _mm256_cvtepu16_epi32(must_cast(numbers))
}

/// Writes numbers of 16 bits.
#[target_feature(enable = "avx2")]
#[inline]
fn set(numbers: &mut [u16], group: usize, lanes: __m256i) {
    let halves: [__m128i; 2] = must_cast(lanes);
    let place = numbers[LANES * group..].first_chunk_mut::<LANES>();
    *place.expect("a group") = must_cast(_mm_packus_epi32(halves[0], halves[1]));
}

#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn all(number: u32) -> __m256i {
    _mm256_set1_epi32(number as i32)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn all_bytes(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte as i8)
}

#[inline(always)]
pub(in super::super) fn shift(bits: u32) -> __m128i {
    must_cast([bits, 0, 0, 0])
}

/// Which of four characters are ASCII and the others have three bytes, by which of the bytes from
/// theirs on are not ASCII; times 16.
#[inline(always)]
pub(in super::super) fn ascii_of_four(not_ascii: u64) -> u8 {
    ASCII[(not_ascii & 0x3FF) as usize]
}

/// The words of the four characters that start these bytes, by which of them are ASCII, times 16.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn split(bytes: __m128i, ascii: u8) -> __m128i {
    _mm_shuffle_epi8(bytes, must_cast(order(&SPLIT, ascii)))
}

/// The bytes of four words side by side, and zeros, by which of them are ASCII, times 16.
#[target_feature(enable = "avx2")]
#[inline]
pub(in super::super) fn joined(words: __m128i, ascii: u32) -> __m128i {
    _mm_shuffle_epi8(words, must_cast(order(&JOIN, 16 * ascii as u8)))
}

/// One of sixteen orders of bytes, by sixteen times its number.
#[inline(always)]
fn order(orders: &[u8; 256], number: u8) -> [u8; 16] {
    let (orders, _) = orders.as_chunks();
    orders[usize::from(number / 16)]
}

/// Which of four characters are ASCII and the others have three bytes, by which of their first ten
/// bytes are not ASCII; times 16.
const ASCII: [u8; 1 << 10] = {
    let mut ascii = [0; 1 << 10];
    let mut bytes = 0;
    while bytes < ascii.len() {
        let mut at = 0;
        let mut lane = 0;
        while lane < HALF {
            if bytes >> at & 1 == 0 {
                ascii[bytes] |= 16 << lane;
                at += 1;
            } else {
                at += 3;
            }
            lane += 1;
        }
        bytes += 1;
    }
    ascii
};

/// By which of four characters are ASCII: where the bytes of each lane come from.
const SPLIT: [u8; 256] = {
    let mut orders = [0xFF; 256];
    let mut ascii = 0;
    while ascii < 16 {
        let mut at = 0;
        let mut lane = 0;
        while lane < HALF {
            let bytes = if ascii >> lane & 1 == 1 { 1 } else { 3 };
            let mut byte = 0;
            while byte < bytes {
                orders[16 * ascii + 4 * lane + byte] = at;
                at += 1;
                byte += 1;
            }
            lane += 1;
        }
        ascii += 1;
    }
    orders
};

/// The reverse: which of the lanes' bytes are the text's.
const JOIN: [u8; 256] = {
    let mut orders = [0xFF; 256];
    let mut place = 0;
    while place < 256 {
        let at = SPLIT[place];
        if at != 0xFF {
            orders[place / 16 * 16 + at as usize] = (place % 16) as u8;
        }
        place += 1;
    }
    orders
};
