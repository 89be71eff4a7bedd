//! The loop over a short text for processors with AVX-512: sixteen characters at once, in registers
//! from the text to what they become.
//!
//! What a query costs is how long one instruction waits for another, and most of all for memory that
//! was just written. So here is one way from beginning to end without a branch, for texts of
//! nothing but three-byte characters, each table is looked at for all of them by one instruction,
//! and nothing that was written is read again. If a pair is hit, all that is asked about
//! boundaries is answered from the pairs' hashes, which are there already.

use std::arch::x86_64::*;

use bytemuck::must_cast;

use super::classes::{Changes, ELSEWHERE, LISTED, START};
use super::filter::{FIRST_FACTOR, SECOND_FACTOR};
use super::kernel::block::{Kinds, CODE_BIAS, CODE_FACTORS};
use super::live::{AnyView, View, OTHER_BITS};
use super::output::Recipient;
use super::short::{Block, Pairs, Places, Source, SIZE};
use super::{short_line, Scan};
use crate::engine::Plan;

/// The bytes of the characters that are handled together.
const GROUP: usize = 3 * LANES;

/// The first of the four bytes of each lane.
const ONE_OF_FOUR: u64 = 0x1111_1111_1111_1111;

/// The numbers of a register's bytes.
const NUMBERS: [u8; 64] = numbers(1);

/// The first of every three bytes.
const ONE_OF_THREE: u64 = 0x9249_2492_4924_9249;

/// See [`Scan::convert_short`].
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
pub(super) fn convert<'t, R: Recipient<'t>>(
    scan: &Scan,
    plan: &Plan,
    text: &'t str,
    to: R,
) -> R::Receipt {
    // With a size that is known, shifts need no count.
    match scan.live.view() {
        AnyView::Small(live) => convert_threes(scan, plan, live, text, to),
        AnyView::Large(live) => convert_threes(scan, plan, live, text, to),
    }
}

/// The same, if it is of three-byte characters only.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
#[inline]
fn convert_threes<'t, R: Recipient<'t>, const BYTES: usize>(
    scan: &Scan,
    plan: &Plan,
    live: View<'_, BYTES>,
    text: &'t str,
    to: R,
) -> R::Receipt {
    let tables = (scan.classes.changes(), live);
    let Some(both) = halves(text.as_bytes()) else {
        return scan.convert_in_block(plan, text, to);
    };
    match Line::of_threes(tables, both, text.len()) {
        Some(line) if line.found != 0 => mend(scan, plan, both, line, text, to),
        Some(line) => line.give(text, to),
        None => convert_any(scan, plan, tables, both, text, to),
    }
}

/// The same of ASCII as well.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
#[inline(never)]
fn convert_any<'t, R: Recipient<'t>, const BYTES: usize>(
    scan: &Scan,
    plan: &Plan,
    tables: (&Changes, View<'_, BYTES>),
    both: __m512i,
    text: &'t str,
    to: R,
) -> R::Receipt {
    match Line::of_any(tables, whole(both, text.len()), text.len()) {
        Some(line) if line.found != 0 => mend(scan, plan, both, line, text, to),
        Some(line) => line.give(text, to),
        None => scan.convert_in_block(plan, text, to),
    }
}

/// Puts in what live keys become.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
#[inline(never)]
fn mend<'t, R: Recipient<'t>>(
    scan: &Scan,
    plan: &Plan,
    both: __m512i,
    line: Line,
    text: &'t str,
    to: R,
) -> R::Receipt {
    let source = Source::new(&must_cast(whole(both, text.len())), text.len());
    let Known { starts, hashes } = line.pairs;
    let hits = Places(_pdep_u64(line.found, starts));
    let pairs = Hashed {
        starts: Places(starts),
        hashes: must_cast(hashes),
    };
    let are_characters = |block: &Block| are_characters(must_cast(block.0));
    let places = (&source, &pairs, hits);
    line.mend((scan, plan), places, are_characters, text, to)
}

/// The pairs of a text's neighbours by their hashes.
#[repr(align(64))]
struct Hashed {
    /// Where the characters start.
    starts: Places,
    /// For each character the hash of its pair with the one before.
    hashes: [u32; SIZE],
}

impl Pairs for Hashed {
    #[inline(always)]
    fn around(&self, at: usize) -> u32 {
        let before = self.starts.0 & ((1 << (at % SIZE)) - 1);
        self.hashes[before.count_ones() as usize % SIZE]
    }

    #[inline(always)]
    fn before(&self, at: usize) -> usize {
        let before = self.starts.0 & ((1 << (at % SIZE)) - 1);
        before.checked_ilog2().unwrap_or(0) as usize
    }
}

/// A text's characters, converted one by one.
type Line = short_line::Line<__m512i, Known>;

/// What is known of a text's pairs.
#[derive(Clone, Copy)]
struct Known {
    /// Where the characters start, a bit for each byte.
    starts: u64,
    /// The hash of each one's pair with the one before.
    hashes: [__m512i; SIZE / LANES],
}

impl Line {
    /// Of three-byte characters only, in the fewest steps that wait for each other; `None` if there
    /// are others, or they are not that simple.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
    #[inline]
    fn of_threes<const BYTES: usize>(
        tables: (&Changes, View<'_, BYTES>),
        both: __m512i,
        len: usize,
    ) -> Option<Line> {
        const REST: [u8; 64] = places_of([0, 1, 2, 3], 3);
        let Shape {
            places,
            used,
            lanes,
        } = SHAPES[len % SIZE];
        if lanes == 0 {
            return None;
        }
        let words = _mm512_maskz_permutexvar_epi8(used, must_cast(places), both);
        let first = Group::convert(tables, words, lanes, _mm512_setzero_si512());
        let mut odd = first.odd | are_not_three(words, lanes);
        let mut line = Line {
            bytes: packed(first.words),
            pairs: Known {
                starts: ONE_OF_THREE,
                hashes: [first.hashes; SIZE / LANES],
            },
            // What stands before the first character makes no pair with it.
            found: u64::from(first.found & !1),
            is_changed: first.is_changed,
        };
        if len > GROUP {
            // All of these are in the second half.
            let places = _mm512_set1_epi8((GROUP + SIZE - len) as i8);
            let places = _mm512_add_epi8(must_cast(REST), places);
            let count = (len - GROUP) as u32 / 3;
            let lanes = _bzhi_u32(u32::MAX, count) as __mmask16;
            let before = words;
            let words = _bzhi_u64(THREE_OF_FOUR, 4 * count);
            let words = _mm512_maskz_permutexvar_epi8(words, places, both);
            let rest = Group::convert(tables, words, lanes, before);
            odd |= rest.odd | are_not_three(words, lanes);
            line.append(packed(rest.words), GROUP as u32);
            line.pairs.hashes[1] = rest.hashes;
            line.found |= u64::from(rest.found) << LANES;
            line.is_changed |= rest.is_changed;
        }
        (odd == 0).then_some(line)
    }

    /// Of ASCII and three-byte characters; `None` if there are others, or they are not that simple.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
    #[inline]
    fn of_any<const BYTES: usize>(
        tables: (&Changes, View<'_, BYTES>),
        bytes: __m512i,
        len: usize,
    ) -> Option<Line> {
        const LANE_OF_BYTE: [u8; 64] = places_of([0, 0, 0, 0], 1);
        const BYTE_OF_LANE: [u8; 64] = places_of([0, 1, 2, 0], 0);

        let Kinds {
            not_ascii,
            inside,
            three,
        } = Kinds::of(bytes);
        let here = _bzhi_u64(u64::MAX, len as u32);
        let three = three & inside >> 1 & inside >> 2;
        let starts = !not_ascii & here | three;
        if starts | three << 1 | three << 2 != here {
            return None;
        }
        let places = _mm512_maskz_compress_epi8(starts, must_cast(NUMBERS));
        let mut line = Line {
            bytes: _mm512_setzero_si512(),
            pairs: Known {
                starts,
                hashes: [_mm512_setzero_si512(); SIZE / LANES],
            },
            found: 0,
            is_changed: false,
        };
        let mut before = _mm512_setzero_si512();
        let mut odd = 0;
        let mut at = 0;
        let count = starts.count_ones();
        for (number, from) in (0..count).step_by(LANES).enumerate() {
            let lanes = _mm512_add_epi8(must_cast(LANE_OF_BYTE), _mm512_set1_epi8(from as i8));
            let places = _mm512_permutexvar_epi8(lanes, places);
            let places = _mm512_add_epi8(places, must_cast(BYTE_OF_LANE));
            let here = 4 * (count - from);
            let words = _bzhi_u64(THREE_OF_FOUR, here);
            let words = _mm512_maskz_permutexvar_epi8(words, places, bytes);
            let is_three = _mm512_test_epi32_mask(words, all(0x80));
            let words = _mm512_mask_and_epi32(words, !is_three, words, all(0xFF));
            let group = Group::convert(tables, words, is_three, before);
            before = words;
            odd |= group.odd;
            line.pairs.hashes[number] = group.hashes;
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
        let places = _mm512_sub_epi8(must_cast(NUMBERS), _mm512_set1_epi8(at as i8));
        self.bytes = _mm512_mask_permutexvar_epi8(self.bytes, u64::MAX << at, places, bytes);
    }
}

/// Up to sixteen characters, converted one by one; a bit for each in the masks.
struct Group {
    /// What they become.
    words: __m512i,
    /// The hash of each one's pair with the one before.
    hashes: __m512i,
    is_changed: bool,
    /// Which are the second of pairs that may be live.
    found: __mmask16,
    /// Of which more must be known.
    odd: __mmask16,
}

impl Group {
    /// Converts the characters, of which some have `three` bytes; `before` are the sixteen before.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    fn convert<const BYTES: usize>(
        (changes, live): (&Changes, View<'_, BYTES>),
        words: __m512i,
        three: __mmask16,
        before: __m512i,
    ) -> Group {
        let change = look_up(changes, three, places(codes(words)));
        let firsts = _mm512_alignr_epi32::<{ LANES as i32 - 1 }>(words, before);
        let hashes = pair_hashes(firsts, words);
        Group {
            words: changed(words, change),
            hashes,
            is_changed: _mm512_test_epi32_mask(change, change) != 0,
            found: may_be_live(live, three, hashes),
            odd: _mm512_cmpeq_epi32_mask(change, all(LISTED.into())) | are_compatibility(words),
        }
    }
}

/// Which have another form than characters of three bytes. In UTF-8 the first lane that is none starts
/// with the first byte of another character, and so is seen, whatever the lanes behind it have.
#[target_feature(enable = "avx512f")]
#[inline]
fn are_not_three(words: __m512i, lanes: __mmask16) -> __mmask16 {
    let form = _mm512_and_si512(words, all(0x00C0_C0F0));
    _mm512_mask_cmpneq_epi32_mask(lanes, form, all(0x0080_80E0))
}

/// The characters of a text of nothing but characters of three bytes.
#[repr(align(64))]
struct Shape {
    /// Where the bytes of the first sixteen stand among the text's [`halves`].
    places: [u8; 64],
    /// Which of them there are.
    used: __mmask64,
    /// Which characters there are; none, if a text so long has others.
    lanes: __mmask16,
}

/// For each length.
static SHAPES: [Shape; SIZE] = {
    let mut shapes = [const {
        Shape {
            places: [0; 64],
            used: 0,
            lanes: 0,
        }
    }; SIZE];
    let mut len = 3;
    while len < SIZE {
        let width = width_of_half(len);
        let shape = &mut shapes[len];
        let mut byte = 0;
        while byte < 64 {
            let place = byte / 4 * 3 + byte % 4;
            if place < len && byte % 4 < 3 {
                let is_in_last = place >= width;
                shape.places[byte] = (place + if is_in_last { 2 * width - len } else { 0 }) as u8;
                shape.used |= 1 << byte;
            }
            byte += 1;
        }
        if len.is_multiple_of(3) {
            let count = len / 3;
            shape.lanes = if count < LANES { (1 << count) - 1 } else { !0 };
        }
        len += 3;
    }
    shapes
};

/// How many bytes each half of a text has.
const fn width_of_half(len: usize) -> usize {
    match len {
        32.. => 32,
        16.. => 16,
        8.. => 8,
        _ => 4,
    }
}

/// A text's first and last bytes, which have all of it; `None` of one that is too short.
#[target_feature(enable = "avx512f")]
#[inline]
fn halves(text: &[u8]) -> Option<__m512i> {
    macro_rules! halves {
        ($width:literal, $type:ty) => {{
            let first: [u8; $width] = text[..$width].try_into().expect("a half");
            let last: [u8; $width] = text[text.len() - $width..].try_into().expect("a half");
            (must_cast::<_, $type>(first), must_cast::<_, $type>(last))
        }};
    }
    Some(match text.len() {
        32.. => {
            let (first, last) = halves!(32, __m256i);
            _mm512_inserti64x4::<1>(_mm512_castsi256_si512(first), last)
        }
        16.. => {
            let (first, last) = halves!(16, __m128i);
            _mm512_zextsi256_si512(_mm256_set_m128i(last, first))
        }
        8.. => {
            let (first, last) = halves!(8, i64);
            _mm512_zextsi128_si512(_mm_set_epi64x(last, first))
        }
        4.. => {
            let (first, last) = halves!(4, u32);
            let both = u64::from(last) << 32 | u64::from(first);
            _mm512_zextsi128_si512(_mm_set_epi64x(0, both as i64))
        }
        _ => {
            let &[a, b, c] = text.first_chunk()?;
            let both = i64::from(u32::from_le_bytes([a, b, c, 0]));
            _mm512_zextsi128_si512(_mm_set_epi64x(0, both))
        }
    })
}

/// All bytes of a text of these halves, before zeros.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
#[inline]
fn whole(both: __m512i, len: usize) -> __m512i {
    let width = width_of_half(len);
    let places = must_cast(NUMBERS);
    let is_in_last = _mm512_cmpge_epu8_mask(places, _mm512_set1_epi8(width as i8));
    let common = _mm512_set1_epi8((2 * width - len) as i8);
    let places = _mm512_mask_add_epi8(places, is_in_last, places, common);
    _mm512_maskz_permutexvar_epi8(_bzhi_u64(u64::MAX, len as u32), places, both)
}

/// The changes at some places, none of which is beyond [`ELSEWHERE`].
#[target_feature(enable = "avx512f")]
#[inline]
fn look_up(changes: &Changes, lanes: __mmask16, places: __m512i) -> __m512i {
    // Two bytes more are read than a change has.
    const _: () = assert!(2 * ELSEWHERE as usize + 4 <= size_of::<Changes>());
    #[cfg(any(test, debug_assertions))]
    assert!(_mm512_cmpgt_epu32_mask(places, all(ELSEWHERE.into())) == 0);
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
fn may_be_live<const BYTES: usize>(
    live: View<'_, BYTES>,
    lanes: __mmask16,
    hashes: __m512i,
) -> __mmask16 {
    let numbers = _mm512_srl_epi32(hashes, shift(View::<BYTES>::WORD_SHIFT));
    let bits = live.0;
    #[cfg(any(test, debug_assertions))]
    assert!(_mm512_cmpge_epu32_mask(numbers, all(bits.len() as u32 / 4)) == 0);
    let none = _mm512_setzero_si512();
    // SAFETY: there are so many times four bytes, by the assertion: a hash has as many bits above
    // those that are shifted out as number them.
    #[allow(unsafe_code)]
    let bits =
        unsafe { _mm512_mask_i32gather_epi32::<4>(none, lanes, numbers, bits.as_ptr().cast()) };
    have_bits::<BYTES>(bits, hashes)
}

/// Whether these are bytes of characters of one byte and of three, and of no others.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn are_characters(bytes: __m512i) -> bool {
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

/// Characters that are handled together.
const LANES: usize = 16;

/// Three of the four bytes of each lane.
const THREE_OF_FOUR: u64 = 0x7777_7777_7777_7777;

/// Which pairs with these hashes have all their bits among the 32 that have been looked up.
#[target_feature(enable = "avx512f")]
#[inline]
fn have_bits<const BYTES: usize>(bits: __m512i, hashes: __m512i) -> __mmask16 {
    let first = _mm512_srl_epi32(hashes, shift(View::<BYTES>::BIT_SHIFT));
    let first = _mm512_and_si512(first, all(31));
    let others = _mm512_mullo_epi32(hashes, all(OTHER_BITS));
    let second = _mm512_srli_epi32::<27>(others);
    let third = _mm512_and_si512(_mm512_srli_epi32::<22>(others), all(31));
    let bits = _mm512_ternarylogic_epi32::<0x80>(
        _mm512_srlv_epi32(bits, first),
        _mm512_srlv_epi32(bits, second),
        _mm512_srlv_epi32(bits, third),
    );
    _mm512_test_epi32_mask(bits, all(1))
}

/// The code points of three-byte characters, with [`CODE_BIAS`](CODE_BIAS).
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn codes(words: __m512i) -> __m512i {
    let codes = _mm512_maddubs_epi16(words, all(CODE_FACTORS[0]));
    _mm512_madd_epi16(codes, all(CODE_FACTORS[1]))
}

/// The places of the changes of characters with such code points, but for U+F800 to U+FBFF; none is
/// beyond [`ELSEWHERE`], whatever the numbers are.
#[target_feature(enable = "avx512f")]
#[inline]
fn places(codes: __m512i) -> __m512i {
    let places = _mm512_sub_epi32(codes, all(CODE_BIAS + START));
    _mm512_min_epu32(places, all(ELSEWHERE.into()))
}

/// Which are from U+F800 to U+FBFF.
#[target_feature(enable = "avx512f")]
#[inline]
fn are_compatibility(words: __m512i) -> __mmask16 {
    let form = _mm512_and_si512(words, all(0xF0FF));
    _mm512_cmpeq_epi32_mask(form, all(0xA0EF))
}

/// Words with their code points changed.
#[target_feature(enable = "avx512f,avx512vbmi")]
#[inline]
fn changed(words: __m512i, changes: __m512i) -> __m512i {
    // Six bits of each half of a lane pair come to the low end of each byte.
    const SIXES: [u8; 64] = repeated([12, 6, 0, 0, 44, 38, 32, 32]);
    let spread = _mm512_multishift_epi64_epi8(must_cast(SIXES), changes);
    _mm512_xor_si512(words, _mm512_and_si512(spread, all(0x003F_3F0F)))
}

/// The hashes of pairs.
#[target_feature(enable = "avx512f")]
#[inline]
fn pair_hashes(firsts: __m512i, seconds: __m512i) -> __m512i {
    let firsts = _mm512_mullo_epi32(firsts, all(FIRST_FACTOR));
    let seconds = _mm512_mullo_epi32(seconds, all(SECOND_FACTOR));
    _mm512_add_epi32(firsts, seconds)
}

#[target_feature(enable = "avx512f")]
#[inline]
fn all(number: u32) -> __m512i {
    _mm512_set1_epi32(number as i32)
}

#[inline(always)]
fn shift(bits: u32) -> __m128i {
    must_cast([bits, 0, 0, 0])
}

/// The numbers from 0 on, each so often.
const fn numbers(times: usize) -> [u8; 64] {
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

impl Kinds {
    /// Of the bytes of a window.
    #[target_feature(enable = "avx512f,avx512bw")]
    #[inline]
    fn of(bytes: __m512i) -> Kinds {
        let high = _mm512_and_si512(bytes, _mm512_set1_epi8(0xF0_u8 as i8));
        Kinds {
            not_ascii: _mm512_movepi8_mask(bytes),
            // Those from 0x80 to 0xBF.
            inside: _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(0xC0_u8 as i8)),
            three: _mm512_cmpeq_epi8_mask(high, _mm512_set1_epi8(0xE0_u8 as i8)),
        }
    }
}
