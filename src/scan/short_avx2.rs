//! The loop over a short text for processors with AVX2: eight characters at once, in registers from
//! the text to what they become, but for what is looked up.
//!
//! As with AVX-512 (see [`short_avx512`](super::short_avx512)) nothing that was written is read again,
//! as far as that can be, and no branch depends on a character.

use std::arch::x86_64::*;

use bytemuck::must_cast;

use super::avx2::{
    all, all_bytes, ascii_of_four, bits, changed, have_bits, joined, mask, pair_hashes, places,
    shift, split, HALF, LANES,
};
use super::block::Kinds;
use super::classes::{Changes, LISTED};
use super::live::{AnyView, View};
use super::output::Recipient;
use super::short::{Block, Places, Source, SIZE};
use super::{short_line, Scan};
use crate::engine::Plan;

/// The bytes of the characters that are handled together.
const GROUP: usize = 3 * LANES;

/// The groups of the longest text.
const GROUPS: usize = SIZE.div_ceil(GROUP);

/// The bytes of half of them.
const QUARTER: usize = 3 * HALF;

/// The first of every three bytes.
const ONE_OF_THREE: u64 = 0x9249_2492_4924_9249;

/// See [`Scan::convert_short`].
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
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
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
#[inline]
fn convert_threes<'t, R: Recipient<'t>, const BYTES: usize>(
    scan: &Scan,
    plan: &Plan,
    live: View<'_, BYTES>,
    text: &'t str,
    to: R,
) -> R::Receipt {
    let tables = (scan.classes.changes(), live);
    match Line::of_threes(tables, text.as_bytes()) {
        Some(line) if line.found != 0 => mend(scan, plan, line, text, to),
        Some(line) => line.give(text, to),
        None => convert_any(scan, plan, tables, text, to),
    }
}

/// The same of ASCII as well.
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
#[inline(never)]
fn convert_any<'t, R: Recipient<'t>, const BYTES: usize>(
    scan: &Scan,
    plan: &Plan,
    tables: (&Changes, View<'_, BYTES>),
    text: &'t str,
    to: R,
) -> R::Receipt {
    match Line::of_any(tables, &source(text)) {
        Some(line) if line.found != 0 => mend(scan, plan, line, text, to),
        Some(line) => line.give(text, to),
        None => scan.convert_in_block(plan, text, to),
    }
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
    let source = source(text);
    let hits = nth(line.starts, line.found);
    let are_characters = |block: &Block| are_characters(must_cast(block.0));
    line.mend(
        (scan, plan),
        &source,
        &source,
        hits,
        are_characters,
        text,
        to,
    )
}

/// A text's characters, converted one by one.
type Line = short_line::Line<[__m256i; 2], ()>;

impl Line {
    /// Of three-byte characters only, in the fewest steps that wait for each other; `None` if there
    /// are others, or they are not that simple.
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    #[inline]
    fn of_threes<const BYTES: usize>(
        tables: (&Changes, View<'_, BYTES>),
        text: &[u8],
    ) -> Option<Line> {
        let len = text.len();
        if !len.is_multiple_of(3) {
            return None;
        }
        let mut line = Threes::none();
        line.take::<BYTES, 0>(
            tables,
            match len {
                16.. => words::<0>(text),
                _ => words_of_few(text)?,
            },
            true,
        );
        if len > GROUP {
            line.take::<BYTES, 1>(tables, words::<1>(text), len > 3 * QUARTER);
            if len > 2 * GROUP {
                line.take::<BYTES, 2>(tables, words::<2>(text), len > 5 * QUARTER);
            }
        }
        line.whole(len)
    }

    /// Of ASCII and three-byte characters; `None` if there are others, or they are not that simple.
    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    #[inline]
    fn of_any<const BYTES: usize>(
        tables: (&Changes, View<'_, BYTES>),
        source: &Source,
    ) -> Option<Line> {
        let part = |from| must_cast(*source.chunk::<32>(from));
        let Kinds {
            not_ascii,
            inside,
            three,
        } = Kinds::of_halves([part(0), part(32)]);
        let here = _bzhi_u64(u64::MAX, source.text().len() as u32);
        let three = three & inside >> 1 & inside >> 2;
        let starts = !not_ascii & here | three;
        if starts | three << 1 | three << 2 != here {
            return None;
        }
        let mut bytes = [0; SIZE + 16];
        let mut at = 0;
        let mut rest = starts;
        let mut before = _mm256_setzero_si256();
        let (mut found, mut odd, mut changes) = (0, before, before);
        for number in 0..starts.count_ones().div_ceil(LANES as u32) {
            let mut words = [_mm_setzero_si128(); 2];
            let mut ascii = [0; 2];
            for half in 0..2 {
                let start = rest.trailing_zeros();
                ascii[half] = ascii_of_four(not_ascii.wrapping_shr(start));
                words[half] = split(must_cast(*source.chunk::<16>(start as usize)), ascii[half]);
                for _ in 0..HALF {
                    rest &= rest.wrapping_sub(1);
                }
            }
            let words = must_cast(words);
            let group = Group::convert::<BYTES, GROUPS>(tables, words, before, true);
            before = words;
            let is_second = group.found & mask(group.is_three);
            found |= u64::from(is_second) << (LANES as u32 * number);
            odd = _mm256_or_si256(odd, group.is_odd);
            changes = _mm256_or_si256(changes, group.changes);
            let words: [__m128i; 2] = must_cast(group.words);
            for half in 0..2 {
                *bytes[at..].first_chunk_mut()? =
                    must_cast::<_, [u8; 16]>(joined(words[half], ascii[half]));
                at += QUARTER - 2 * (ascii[half] / 16).count_ones() as usize;
                at = at.min(SIZE);
            }
        }
        let bytes: [u8; SIZE] = *bytes.first_chunk()?;
        let is_simple = _mm256_testz_si256(odd, odd) != 0;
        is_simple.then_some(Line {
            bytes: must_cast(bytes),
            starts,
            hashes: (),
            found: found & !1,
            is_changed: _mm256_testz_si256(changes, changes) == 0,
        })
    }
}

/// A text of three-byte characters in the making, eight by eight.
struct Threes {
    /// What they become.
    bytes: [__m256i; 2],
    /// The last eight.
    words: __m256i,
    /// All changes.
    changes: __m256i,
    is_odd: __m256i,
    /// Which have three bytes indeed, a bit for each.
    three: u32,
    found: u32,
}

impl Threes {
    #[target_feature(enable = "avx2")]
    #[inline]
    fn none() -> Threes {
        let none = _mm256_setzero_si256();
        Threes {
            bytes: [none; 2],
            words: none,
            changes: none,
            is_odd: none,
            three: 0,
            found: 0,
        }
    }

    /// Takes the next eight, the group of this number.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn take<const BYTES: usize, const NUMBER: usize>(
        &mut self,
        tables: (&Changes, View<'_, BYTES>),
        words: __m256i,
        is_whole: bool,
    ) {
        let group = Group::convert::<BYTES, NUMBER>(tables, words, self.words, is_whole);
        self.words = words;
        self.changes = _mm256_or_si256(self.changes, group.changes);
        self.is_odd = _mm256_or_si256(self.is_odd, group.is_odd);
        self.three |= u32::from(mask(group.is_three)) << (LANES * NUMBER);
        self.found |= u32::from(group.found) << (LANES * NUMBER);
        self.bytes = with_group::<NUMBER>(self.bytes, packed(group.words));
    }

    /// All of a text of so many bytes; `None` if it has other characters, or they are not that simple.
    #[target_feature(enable = "avx2,bmi2")]
    #[inline]
    fn whole(self, len: usize) -> Option<Line> {
        let here = _bzhi_u32(u32::MAX, len as u32 / 3);
        let is_simple = self.three == here && _mm256_testz_si256(self.is_odd, self.is_odd) != 0;
        is_simple.then_some(Line {
            bytes: self.bytes,
            starts: ONE_OF_THREE,
            hashes: (),
            // What stands before the first character makes no pair with it.
            found: u64::from(self.found & here & !1),
            is_changed: _mm256_testz_si256(self.changes, self.changes) == 0,
        })
    }
}

/// Eight characters, converted one by one.
struct Group {
    /// What they become.
    words: __m256i,
    changes: __m256i,
    /// Which have three bytes.
    is_three: __m256i,
    /// Of which of these more must be known.
    is_odd: __m256i,
    /// Which are the second of pairs that may be live, a bit for each; those that have not three bytes
    /// do not count.
    found: u8,
}

impl Group {
    /// Converts those of three bytes; `before` are the eight before.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn convert<const BYTES: usize, const NUMBER: usize>(
        (changes, live): (&Changes, View<'_, BYTES>),
        words: __m256i,
        before: __m256i,
        is_whole: bool,
    ) -> Group {
        let form = _mm256_and_si256(words, all(0x00C0_C0F0));
        let is_three = _mm256_cmpeq_epi32(form, all(0x0080_80E0));
        let firsts = _mm256_permute2x128_si256::<0x21>(before, words);
        let firsts = _mm256_alignr_epi8::<12>(words, firsts);
        let hashes = pair_hashes(firsts, words);
        let numbers = _mm256_srl_epi32(hashes, shift(View::<BYTES>::WORD_SHIFT));
        let change = looked_up(places(words), is_whole, |place| {
            u16::from_le_bytes(changes[place as usize])
        });
        let change = _mm256_and_si256(change, is_three);
        let bits = looked_up(numbers, is_whole, |number| live.word(number as u16));
        Group {
            words: changed(words, change),
            changes: change,
            is_three,
            is_odd: _mm256_cmpeq_epi32(change, all(LISTED.into())),
            found: have_bits::<BYTES>(bits, hashes),
        }
    }
}

/// What is found for each of the numbers, or, if they are not `whole`, of the first half.
#[target_feature(enable = "avx2")]
#[inline]
fn looked_up(numbers: __m256i, is_whole: bool, look_up: impl Fn(u32) -> u16) -> __m256i {
    let [low, high]: [[u32; HALF]; 2] = must_cast(numbers);
    let low = [
        look_up(low[0]),
        look_up(low[1]),
        look_up(low[2]),
        look_up(low[3]),
    ];
    let high = match is_whole {
        true => [
            look_up(high[0]),
            look_up(high[1]),
            look_up(high[2]),
            look_up(high[3]),
        ],
        false => [0; HALF],
    };
    _mm256_cvtepu16_epi32(must_cast([low, high]))
}

/// The words of eight characters of three bytes each, and zeros; the text has 16 bytes at least.
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

/// The same of a text of less bytes; `None` of one that has less than three.
#[target_feature(enable = "avx2")]
#[inline]
fn words_of_few(text: &[u8]) -> Option<__m256i> {
    let part = |from: usize| text[from..].first_chunk().copied();
    let bytes = match text.len() {
        8.. => {
            let last = text.len() - 8;
            let (low, high) = (u64::from_le_bytes(part(0)?), part(last)?);
            u128::from(low) | u128::from(u64::from_le_bytes(high)) << (8 * last)
        }
        4.. => {
            let last = text.len() - 4;
            let part = |from: usize| text[from..].first_chunk().copied();
            let (low, high) = (u32::from_le_bytes(part(0)?), part(last)?);
            u128::from(u64::from(low) | u64::from(u32::from_le_bytes(high)) << (8 * last))
        }
        _ => {
            let &[a, b, c] = text.first_chunk()?;
            u128::from(u32::from_le_bytes([a, b, c, 0]))
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

/// A short text before zeros.
#[inline(always)]
fn source(text: &str) -> Source {
    let text = text.as_bytes();
    let mut bytes = [0; SIZE];
    macro_rules! copy {
        ($width:literal) => {
            for at in [0, text.len() - $width] {
                bytes[at..][..$width].copy_from_slice(&text[at..][..$width])
            }
        };
    }
    match text.len() {
        32.. => copy!(32),
        16.. => copy!(16),
        8.. => copy!(8),
        4.. => copy!(4),
        len => bytes[..len].copy_from_slice(text),
    }
    Source::new(&bytes, text.len())
}

/// Of the bits that are set, those with these numbers.
#[inline(always)]
fn nth(bits: u64, numbers: u64) -> Places {
    // An instruction does that, at a hundred cycles on older processors. Mostly one bit is asked for.
    let (mut bits, mut numbers, mut out) = (bits, numbers, 0);
    while numbers != 0 {
        for _ in 0..numbers.trailing_zeros() {
            bits &= bits - 1;
        }
        out |= bits & bits.wrapping_neg();
        bits &= bits - 1;
        numbers >>= numbers.trailing_zeros() + 1;
    }
    Places(out)
}
