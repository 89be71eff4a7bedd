//! The loop, eight characters at a time, for processors with AVX2.
//!
//! The steps are those of [`narrow`](super::narrow), each taken for eight characters before the
//! next. None depends on what a character turns out to be, so nothing is mispredicted, and the
//! looks at memory do not wait for each other.

use std::arch::x86_64::*;

use bytemuck::must_cast;

use super::classes::{self, CHANGE, FIRST, NORMALIZED, SECOND, SPECIAL};
use super::filter::{FIRST_FACTOR, SECOND_FACTOR};
use super::live;
use super::output::Sink;
use super::run::{place_of, Before, Hits, Run, Stop, SLACK};

/// Characters that are handled together.
const LANES: usize = 8;

/// A number for each lane.
macro_rules! each {
    ($lane:ident => $number:expr) => {
        _mm256_setr_epi32(
            each!(@ $lane 0 $number),
            each!(@ $lane 1 $number),
            each!(@ $lane 2 $number),
            each!(@ $lane 3 $number),
            each!(@ $lane 4 $number),
            each!(@ $lane 5 $number),
            each!(@ $lane 6 $number),
            each!(@ $lane 7 $number),
        )
    };
    (@ $lane:ident $value:literal $number:expr) => {{
        let $lane: usize = $value;
        $number as i32
    }};
}

/// See [`run`](super::run::run).
#[target_feature(enable = "avx2")]
pub(super) fn run<S: Sink, const BYTES: usize>(
    classes: classes::View<'_>,
    live: live::View<'_, BYTES>,
    source: &[u8],
    limit: usize,
    target: &mut [u8],
    before: Before,
    hits: &mut Hits,
) -> Run {
    let one_up = each!(lane => (lane + 7) % LANES);
    let mut at = 0;
    let mut normalized = false;
    // What is known of the character before, in the first lane; the flag at its place in an entry.
    let mut first = all(before.0 * FIRST);
    let mut hash = all(before.1);
    let stop = loop {
        if at >= limit || hits.is_full() {
            break Stop::Full;
        }
        let mut end;
        let window: &[u8; SLACK] = match source[at..].first_chunk() {
            Some(window) => window,
            None => {
                let rest = &source[at..];
                end = NO_TEXT;
                end[..rest.len()].copy_from_slice(rest);
                &end
            }
        };
        let high = not_ascii(window);
        let halves = match high & 0xFF_FFFF {
            0xFF_FFFF => Halves::ALL_THREE,
            _ => Halves::of(high),
        };
        let words = halves.split(window);
        let page = _mm256_xor_si256(words, _mm256_srli_epi32::<4>(words));
        let page: [u32; LANES] = must_cast(_mm256_and_si256(page, all(0x3FF)));
        let place = _mm256_srli_epi32::<16>(words);
        let place: [u32; LANES] = must_cast(_mm256_and_si256(place, all(0x3F)));
        let mut entries = each!(lane => classes.at(page[lane] as usize, place[lane] as usize));
        // Any character may come after ASCII in a key.
        let is_ascii = _mm256_cmpgt_epi32(all(0x80), words);
        entries = _mm256_blendv_epi8(entries, all(FIRST), is_ascii);

        // What ends the group is told by branches: where the next group starts may not wait for
        // what memory says of this one.
        let form = _mm256_and_si256(words, all(0x00C0_C0F0));
        let is_three = _mm256_cmpeq_epi32(form, all(0x0080_80E0));
        let others = !mask(_mm256_or_si256(is_three, is_ascii)) & 0xFF;
        let mut good = LANES;
        if others != 0 {
            good = others.trailing_zeros() as usize;
            entries = first_lanes(entries, good);
        }
        let mut stop = Stop::Other;
        if _mm256_testz_si256(entries, all(SPECIAL | NORMALIZED)) == 0 {
            let special = mask(_mm256_slli_epi32::<{ above(SPECIAL) }>(entries));
            if special != 0 {
                good = special.trailing_zeros() as usize;
                entries = first_lanes(entries, good);
                stop = Stop::Special;
            }
            normalized |= _mm256_testz_si256(entries, all(NORMALIZED)) == 0;
        }
        if !S::WRITES && _mm256_testz_si256(entries, all(CHANGE)) == 0 {
            let change = _mm256_and_si256(entries, all(CHANGE));
            let same = mask(_mm256_cmpeq_epi32(change, all(0)));
            good = same.trailing_ones() as usize;
            entries = first_lanes(entries, good);
            stop = Stop::Change;
        }

        // Each lane's character before it; the first one's is the last of the group before.
        let hashes = _mm256_mullo_epi32(words, all(FIRST_FACTOR));
        let next_first = _mm256_permutevar8x32_epi32(entries, one_up);
        let next_hash = _mm256_permutevar8x32_epi32(hashes, one_up);
        let firsts = _mm256_blend_epi32::<1>(next_first, first);
        let may = _mm256_and_si256(
            _mm256_slli_epi32::<{ above(FIRST) }>(firsts),
            _mm256_slli_epi32::<{ above(SECOND) }>(entries),
        );
        if mask(may) != 0 {
            let first_hashes = _mm256_blend_epi32::<1>(next_hash, hash);
            let second_hashes = _mm256_mullo_epi32(words, all(SECOND_FACTOR));
            let pairs = _mm256_add_epi32(first_hashes, second_hashes);
            let number = _mm256_srl_epi32(pairs, shift(live::View::<BYTES>::WORD_SHIFT));
            let number: [u32; LANES] = must_cast(number);
            let bits = each!(lane => live.word(number[lane] as usize));
            // A pair's bits come to stand highest.
            let bit = _mm256_srl_epi32(pairs, shift(live::View::<BYTES>::BIT_SHIFT));
            let first_bits = _mm256_sllv_epi32(bits, _mm256_andnot_si256(bit, all(31)));
            let bit = _mm256_mullo_epi32(pairs, all(live::SECOND_BIT));
            let bit = _mm256_srli_epi32::<27>(bit);
            let second_bits = _mm256_sllv_epi32(bits, _mm256_xor_si256(bit, all(31)));
            let live = _mm256_and_si256(may, _mm256_and_si256(first_bits, second_bits));
            hits.add(at, halves.ascii(), mask(live));
        }

        if S::WRITES {
            let words = _mm256_xor_si256(words, _mm256_and_si256(entries, all(CHANGE)));
            halves.join(words, &mut target[at..]);
        }
        if good == LANES {
            at += halves.low_len() + halves.high_len();
            (first, hash) = (next_first, next_hash);
            if halves.ascii() == 0xFF {
                // A long run of it is copied faster elsewhere.
                break Stop::Other;
            }
        } else {
            if good > 0 {
                let last = all(good as u32 - 1);
                first = _mm256_permutevar8x32_epi32(entries, last);
                hash = _mm256_permutevar8x32_epi32(hashes, last);
            }
            at += place_of(good as u32, halves.ascii());
            break stop;
        }
    };
    let first = _mm256_extract_epi32::<0>(first) as u32;
    Run {
        at,
        before: (
            u32::from(first & FIRST != 0),
            _mm256_extract_epi32::<0>(hash) as u32,
        ),
        stop,
        normalized,
    }
}

/// Nothing in the other lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn first_lanes(numbers: __m256i, count: usize) -> __m256i {
    let keep = _mm256_cmpgt_epi32(all(count as u32), each!(lane => lane));
    _mm256_and_si256(numbers, keep)
}

/// By how much a flag is shifted to become the highest bit.
const fn above(flag: u32) -> i32 {
    flag.leading_zeros() as i32
}

#[target_feature(enable = "avx2")]
#[inline]
fn all(number: u32) -> __m256i {
    _mm256_set1_epi32(number as i32)
}

/// The highest bit of each lane.
#[target_feature(enable = "avx2")]
#[inline]
fn mask(lanes: __m256i) -> u32 {
    _mm256_movemask_ps(_mm256_castsi256_ps(lanes)) as u32
}

/// Which bytes of the window are not ASCII.
#[target_feature(enable = "avx2")]
#[inline]
fn not_ascii(window: &[u8; SLACK]) -> u32 {
    let low: [u8; 16] = *window.first_chunk().expect("28 bytes");
    let high: [u8; 16] = *window.last_chunk().expect("28 bytes");
    let low = _mm_movemask_epi8(must_cast(low)) as u32;
    let high = _mm_movemask_epi8(must_cast(high)) as u32;
    low | high << (SLACK - 16)
}

/// Which lanes of the two halves of a group are ASCII characters, the others having three bytes:
/// four bits each.
#[derive(Clone, Copy)]
struct Halves {
    low: usize,
    high: usize,
}

impl Halves {
    const ALL_THREE: Halves = Halves { low: 0, high: 0 };

    /// From which bytes are not ASCII, if all characters are of these two kinds.
    #[inline(always)]
    fn of(not_ascii: u32) -> Halves {
        let half = |bytes: u32| usize::from(HALVES[bytes as usize % HALVES.len()]);
        let low = half(not_ascii);
        let high = half(not_ascii >> len(low));
        Halves { low, high }
    }

    /// The lanes of ASCII characters.
    #[inline(always)]
    fn ascii(self) -> u32 {
        (self.low | self.high << 4) as u32
    }

    #[inline(always)]
    fn low_len(self) -> usize {
        len(self.low)
    }

    #[inline(always)]
    fn high_len(self) -> usize {
        len(self.high)
    }

    /// A character to each lane.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn split(self, window: &[u8; SLACK]) -> __m256i {
        let low: [u8; 16] = *window.first_chunk().expect("28 bytes");
        let high: [u8; 16] = *window[self.low_len()..].first_chunk().expect("28 bytes");
        let both = _mm256_set_m128i(must_cast(high), must_cast(low));
        let order = _mm256_set_m128i(must_cast(SPLIT[self.high]), must_cast(SPLIT[self.low]));
        _mm256_shuffle_epi8(both, order)
    }

    /// The reverse; writes some bytes more.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn join(self, words: __m256i, target: &mut [u8]) {
        let order = _mm256_set_m128i(must_cast(JOIN[self.high]), must_cast(JOIN[self.low]));
        let both = _mm256_shuffle_epi8(words, order);
        let low: [u8; 16] = must_cast(_mm256_castsi256_si128(both));
        let high: [u8; 16] = must_cast(_mm256_extracti128_si256::<1>(both));
        let target = &mut target[..SLACK];
        target[..16].copy_from_slice(&low);
        target[self.low_len()..][..16].copy_from_slice(&high);
    }
}

/// How many bytes half a group has.
#[inline(always)]
fn len(half: usize) -> usize {
    usize::from(LENGTHS[half & 0xF])
}

/// What follows the end of a text: nothing that could be part of it.
const NO_TEXT: [u8; SLACK] = [0xFF; SLACK];

/// The half a group that the bytes not ASCII among ten mean.
const HALVES: [u8; 1 << 10] = {
    let mut halves = [0; 1 << 10];
    let mut bytes = 0;
    while bytes < halves.len() {
        let mut at = 0;
        let mut lane = 0;
        while lane < 4 {
            if bytes >> at & 1 == 0 {
                halves[bytes] |= 1 << lane;
                at += 1;
            } else {
                at += 3;
            }
            lane += 1;
        }
        bytes += 1;
    }
    halves
};

const LENGTHS: [u8; 16] = {
    let mut lengths = [0; 16];
    let mut half = 0;
    while half < 16 {
        lengths[half] = 12 - 2 * (half as u32).count_ones() as u8;
        half += 1;
    }
    lengths
};

/// For each half a group where its lanes' bytes come from.
const SPLIT: [[u8; 16]; 16] = {
    let mut orders = [[0xFF; 16]; 16];
    let mut half = 0;
    while half < 16 {
        let mut at = 0;
        let mut lane = 0;
        while lane < 4 {
            let bytes = if half >> lane & 1 == 1 { 1 } else { 3 };
            let mut byte = 0;
            while byte < bytes {
                orders[half][4 * lane + byte] = at;
                at += 1;
                byte += 1;
            }
            lane += 1;
        }
        half += 1;
    }
    orders
};

/// The reverse: for each half a group which of its lanes' bytes are the text's.
const JOIN: [[u8; 16]; 16] = {
    let mut orders = [[0xFF; 16]; 16];
    let mut half = 0;
    while half < 16 {
        let mut byte = 0;
        while byte < 16 {
            let at = SPLIT[half][byte];
            if at != 0xFF {
                orders[half][at as usize] = byte as u8;
            }
            byte += 1;
        }
        half += 1;
    }
    orders
};

#[target_feature(enable = "avx2")]
#[inline]
fn shift(bits: u32) -> __m128i {
    _mm_cvtsi32_si128(bits as i32)
}
