//! The loop over a short text of nothing but three-byte characters: sixteen at once, in registers from
//! the text to what they become, but for what is looked up.
//!
//! What a query costs is how long one instruction waits for another, and most of all for memory that
//! was just written. So no branch depends on a character, and nothing that was written is read again.
//! With ASCII among them, characters' places depend on what stands before; one after the other is
//! as fast.

use fearless_simd::{prelude::*, Level, Simd};
use fearless_simd::{u32x16, u32x4, u8x16};

use super::super::classes::{Changes, LISTED};
use super::super::exception_pairs::View;
use super::super::filter::{FIRST_FACTOR, SECOND_FACTOR};
use super::lanes::{changed, has_all_bits, match_level, places, shuffled, LANES, QUARTER};
use super::{Converted, Places, SHORT, SHORT_BLOCK};

/// The bytes of the characters that are handled together.
const GROUP: usize = 3 * LANES;
// A group is written with the zeros of its lanes.
const _: () = assert!(SHORT.next_multiple_of(GROUP) + 4 * LANES - GROUP <= SHORT_BLOCK);

/// The bytes of a quarter of them.
const QUARTER_BYTES: usize = 3 * QUARTER;

/// Whether a text may have several characters, all of three bytes; known before anything is loaded.
#[inline(always)]
pub(in super::super) fn may_be_threes(text: &[u8]) -> bool {
    text.len() > 3 && text.len().is_multiple_of(3) && text[0] >= 0xE0
}

/// Converts a text that [`may_be_threes`] one by one into zeros, and notes the pairs that may be exceptions;
/// `None` if it has other characters, or they are not that simple.
#[inline]
pub(in super::super) fn convert_threes<const BYTES: usize>(
    level: Level,
    (changes, exceptions): (&Changes, View<'_, BYTES>),
    text: &[u8],
    block: &mut [u8; SHORT_BLOCK],
) -> Option<Converted> {
    match_level!(
        level,
        simd => simd.vectorize(
            #[inline(always)]
            || with(simd, (changes, exceptions), text, block)
        ),
        _ => None
    )
}

#[inline(always)]
fn with<V: Simd, const BYTES: usize>(
    simd: V,
    tables: (&Changes, View<'_, BYTES>),
    text: &[u8],
    block: &mut [u8; SHORT_BLOCK],
) -> Option<Converted> {
    let mut converted = Converted {
        changed: false,
        hits: Places(0),
    };
    let mut before = u32x16::splat(simd, 0);
    let mut from = 0;
    while from < text.len() {
        before = group(simd, tables, text, from, before, block, &mut converted)?;
        from += GROUP;
    }
    // What stands before the first character makes no pair with it.
    converted.hits.0 &= !1;
    Some(converted)
}

/// Converts the characters from a place on, and returns the packed characters; `None` if some are not simple.
#[inline(always)]
fn group<V: Simd, const BYTES: usize>(
    simd: V,
    tables: (&Changes, View<'_, BYTES>),
    text: &[u8],
    from: usize,
    before: u32x16<V>,
    block: &mut [u8; SHORT_BLOCK],
    converted: &mut Converted,
) -> Option<u32x16<V>> {
    let len = (text.len() - from).min(GROUP);
    let words = words(simd, text, from)?;
    // In UTF-8 the first one that has not three bytes starts with the first byte of another
    // character, and so is seen, whatever those behind it have.
    let is_three = (words & 0x00C0_C0F0).simd_eq(0x0080_80E0);
    let here = (1 << (len / 3)) - 1;
    if is_three.to_bitmask() != here {
        return None;
    }
    let firsts = before.slide::<{ LANES - 1 }>(words);
    let hashes = firsts * FIRST_FACTOR + words * SECOND_FACTOR;
    let numbers: [u32; LANES] = (hashes >> View::<BYTES>::WORD_SHIFT).into();
    let places: [u32; LANES] = places(words).into();
    let ([a, e], [b, f], [c, g], [d, h]) = (
        look_up(simd, tables, &places, &numbers, 0, len),
        look_up(simd, tables, &places, &numbers, 1, len),
        look_up(simd, tables, &places, &numbers, 2, len),
        look_up(simd, tables, &places, &numbers, 3, len),
    );
    let change = a.combine(b).combine(c.combine(d));
    let bits = e.combine(f).combine(g.combine(h));
    let is_three: u32x16<V> = is_three.to_vector().bitcast::<u32x16<V>>();
    let change = change & is_three;
    if change.simd_eq(u32::from(LISTED)).any_true() {
        return None;
    }
    converted.changed |= change.simd_ne(0).any_true();
    let mut found = has_all_bits::<V, BYTES>(bits, hashes) & here;
    while found != 0 {
        converted.hits.0 |= 1 << (from + 3 * found.trailing_zeros() as usize);
        found &= found - 1;
    }
    let (low, high) = changed(words, change).split();
    let ((a, b), (c, d)) = (low.split(), high.split());
    let (a, b, c, d) = (pack(simd, a), pack(simd, b), pack(simd, c), pack(simd, d));
    // Twelve bytes of each, side by side.
    let none = u8x16::splat(simd, 0);
    let first = a | none.slide::<4>(b);
    let second = b.slide::<4>(none) | none.slide::<8>(c);
    let third = c.slide::<8>(none) | none.slide::<12>(d);
    first.combine(second).store_slice(&mut block[from..][..32]);
    third
        .combine(none)
        .store_slice(&mut block[from + 32..][..32]);
    Some(words)
}

/// The changes at the places of a quarter, and the bits of these numbers. From registers to registers:
/// what is written in parts and read as a whole takes long.
#[inline(always)]
fn look_up<V: Simd, const BYTES: usize>(
    simd: V,
    (changes, exceptions): (&Changes, View<'_, BYTES>),
    places: &[u32; LANES],
    numbers: &[u32; LANES],
    quarter: usize,
    len: usize,
) -> [u32x4<V>; 2] {
    if QUARTER_BYTES * quarter >= len {
        let none = u32x4::splat(simd, 0);
        return [none, none];
    }
    let at = QUARTER * quarter;
    let change = |lane: usize| u32::from(u16::from_le_bytes(changes[places[at + lane] as usize]));
    let bits = |lane: usize| exceptions.word(numbers[at + lane] as u16);
    [
        u32x4::from_slice(simd, &[change(0), change(1), change(2), change(3)]),
        u32x4::from_slice(simd, &[bits(0), bits(1), bits(2), bits(3)]),
    ]
}

/// The bytes of four words side by side, and zeros.
#[inline(always)]
fn pack<V: Simd>(simd: V, words: u32x4<V>) -> u8x16<V> {
    shuffled(simd, words.bitcast(), u8x16::from_slice(simd, &PACK))
}

/// The packed characters from a place on, and zeros.
#[inline(always)]
fn words<V: Simd>(simd: V, text: &[u8], from: usize) -> Option<u32x16<V>> {
    let zero = u8x16::splat(simd, 0);
    let mut quarters = [zero; LANES / QUARTER];
    if text.len() < 16 {
        let bytes = u8x16::from_slice(simd, &few(text)?);
        for (order, quarter) in [&SPLIT[0], &SPLIT[QUARTER_BYTES]]
            .into_iter()
            .zip(&mut quarters)
        {
            *quarter = shuffled(simd, bytes, u8x16::from_slice(simd, order));
        }
    } else {
        for (number, quarter) in quarters.iter_mut().enumerate() {
            let from = from + QUARTER_BYTES * number;
            if from >= text.len() {
                break;
            }
            let at = from.min(text.len() - 16);
            let bytes = u8x16::from_slice(simd, &text[at..at + 16]);
            let order = u8x16::from_slice(simd, &SPLIT[(from - at) % SPLIT.len()]);
            *quarter = shuffled(simd, bytes, order);
        }
    }
    let [a, b, c, d] = quarters;
    Some(a.combine(b).combine(c.combine(d)).bitcast())
}

/// Four to fifteen bytes before zeros, in two loads that have all of them.
#[inline(always)]
fn few(text: &[u8]) -> Option<[u8; 16]> {
    let len = text.len();
    let both = match len {
        8.. => {
            let low = u64::from_le_bytes(*text.first_chunk()?);
            let high = u64::from_le_bytes(*text.last_chunk()?);
            u128::from(low) | u128::from(high) << (8 * (len - 8))
        }
        _ => {
            let low = u32::from_le_bytes(*text.first_chunk()?);
            let high = u32::from_le_bytes(*text.last_chunk()?);
            u128::from(low) | u128::from(high) << (8 * (len - 4))
        }
    };
    Some(both.to_le_bytes())
}

/// Where the bytes of four lanes come from if the first character starts at this place; behind the
/// sixteenth there is nothing.
static SPLIT: [[u8; 16]; 16] = {
    let mut orders = [[0xFF; 16]; 16];
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

/// Where they come from.
const PACK: [u8; 16] = [
    0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0xFF, 0xFF, 0xFF, 0xFF,
];
