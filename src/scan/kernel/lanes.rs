//! The steps of the loop, sixteen characters at a time, for every vector instruction set: SSE4.2,
//! AVX2 and AVX-512, NEON, and simd128 of WebAssembly.
//!
//! There is one source; where an instruction set has something better for a step, a branch that the
//! compiler decides asks for it (`has_compress`, `has_shifts`). Everything is `#[inline(always)]`, and
//! so are the closures that are given away: what is not part of `vectorize` is compiled for the
//! poorest processor.

use fearless_simd::{
    i32x16, i8x64, mask8x64, u16x16, u16x32, u32x16, u32x4, u32x8, u8x16, u8x32, u8x64,
};
use fearless_simd::{prelude::*, Level, Simd};

use super::super::classes::{ELSEWHERE, LISTED, START};
use super::super::exception_pairs;
use super::super::filter::{FIRST_FACTOR, SECOND_FACTOR};
use super::super::passthrough;
use super::block::{self, Block, Decoded, Kinds, Starts, WINDOW};
use super::{scalar, Hits, Run, Task};

/// Characters that are handled together.
pub(super) const LANES: usize = 16;

/// Characters of which no more than 16 bits are needed, and that are handled together.
const PART: usize = 32;

/// Characters that come together out of 16 bytes, and go there.
pub(super) const QUARTER: usize = 4;

/// A step decodes so many characters: two thirds ASCII, or nearly all of three bytes.
const QUARTERS: usize = 6;

/// The instructions that the processor has, if the loop is made for them.
pub(super) fn level_of_processor() -> Option<Level> {
    let level = Level::new();
    is_made_for(level).then_some(level)
}

/// Calls the macro with each variant of [`Level`] that the loop is made for. Not for SSE2, which
/// has neither shuffles nor products of 32 bits: one character after the other is faster.
macro_rules! match_level {
    ($level:expr, $simd:ident => $made:expr, _ => $otherwise:expr) => {
        match $level {
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Level::Avx512($simd) => $made,
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Level::Avx2($simd) => $made,
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Level::Sse4_2($simd) => $made,
            #[cfg(target_arch = "aarch64")]
            Level::Neon($simd) => $made,
            #[cfg(target_arch = "wasm32")]
            Level::WasmSimd128($simd) => $made,
            _ => $otherwise,
        }
    };
}

pub(super) use match_level;

fn is_made_for(level: Level) -> bool {
    match_level!(level, _simd => true, _ => false)
}

/// See [`run`](super::run).
#[inline(never)]
pub(super) fn run<const WRITES: bool, const BYTES: usize>(
    level: Level,
    task: Task<'_, BYTES>,
    hits: &mut Hits,
) -> Run {
    match_level!(
        level,
        simd => simd.vectorize(
            #[inline(always)]
            || with::<_, WRITES, BYTES>(simd, task, hits)
        ),
        _ => scalar::run::<WRITES, BYTES>(task, hits)
    )
}

#[inline(always)]
fn with<V: Simd, const WRITES: bool, const BYTES: usize>(
    simd: V,
    task: Task<'_, BYTES>,
    hits: &mut Hits,
) -> Run {
    block::run::<WRITES, BYTES>(
        task,
        hits,
        #[inline(always)]
        |window, carry, lane, block| {
            if !has_compress(simd) {
                if let Some(decoded) = decode_threes(simd, window, carry, lane, block) {
                    return decoded;
                }
            }
            decode(simd, window, carry, lane, block)
        },
        #[inline(always)]
        |lanes, block| {
            for group in 0..lanes.div_ceil(LANES) {
                number::<V, WRITES, BYTES>(simd, group, block);
            }
        },
        #[inline(always)]
        |lanes, block, target| {
            if !WRITES {
                for part in 0..lanes.div_ceil(2 * PART) {
                    let [seconds, firsts] = notable(simd, 2 * part, block);
                    let [more_seconds, more_firsts] = notable(simd, 2 * part + 1, block);
                    block.notable[part] =
                        [seconds | more_seconds << PART, firsts | more_firsts << PART];
                }
                return;
            }
            let mut at = 0;
            for group in 0..lanes.div_ceil(LANES) {
                at += finish::<V, BYTES>(simd, group, block, &mut target[at..]);
            }
        },
    )
}

#[inline(always)]
fn decode<V: Simd>(
    simd: V,
    window: &[u8; WINDOW],
    carry: u64,
    lane: usize,
    block: &mut Block,
) -> Decoded {
    let bytes = u8x64::from_slice(simd, &window[..64]);
    let signed: i8x64<V> = bytes.bitcast();
    let kinds = Kinds {
        not_ascii: signed.simd_lt(0).to_bitmask(),
        // Those from 0x80 to 0xBF.
        inside: signed.simd_lt(0xC0_u8 as i8).to_bitmask(),
        three: (bytes & 0xF0).simd_eq(0xE0).to_bitmask(),
    };
    if kinds.not_ascii == 0 {
        return Decoded {
            lanes: 0,
            end: 0,
            next: None,
            carry: 0,
        };
    }
    let Starts { starts, decoded } = kinds.starts(carry);
    if has_compress(simd) {
        let starts =
            u8x64::from_slice(simd, &NUMBERS).compress(mask8x64::from_bitmask(simd, starts));
        for from in (0..decoded.lanes).step_by(LANES) {
            let lanes = u8x64::from_slice(simd, &LANE_OF_BYTE) + from as u8;
            let places = starts.swizzle_dyn(lanes) + u8x64::from_slice(simd, &BYTE_OF_LANE);
            let words: u32x16<V> = bytes.swizzle_dyn(places).bitcast();
            let is_ascii = (words & 0x80).simd_eq(0);
            let words = is_ascii.select(words & 0xFF, words & 0x00FF_FFFF);
            block.set_words::<LANES>(lane + from, words.into());
        }
        return decoded;
    }
    let mut rest = starts;
    for quarter in 0..QUARTERS {
        let start = rest.trailing_zeros();
        let ascii = ASCII[(kinds.not_ascii.wrapping_shr(start) & 0x3FF) as usize];
        let bytes = u8x16::from_slice(simd, &window[start as usize..][..16]);
        let order = u8x16::from_slice(simd, order(&SPLIT, ascii));
        let words: u32x4<V> = shuffled(simd, bytes, order).bitcast();
        block.set_words::<QUARTER>(lane + QUARTER * quarter, words.into());
        for _ in 0..QUARTER {
            rest &= rest.wrapping_sub(1);
        }
    }
    if rest == 0 {
        return decoded;
    }
    let end = rest.trailing_zeros() as usize;
    Decoded {
        lanes: QUARTERS * QUARTER,
        end,
        next: Some(end),
        carry: 0,
    }
}

/// The same, if it starts with so many three-byte characters and no others.
#[inline(always)]
fn decode_threes<V: Simd>(
    simd: V,
    window: &[u8; WINDOW],
    carry: u64,
    lane: usize,
    block: &mut Block,
) -> Option<Decoded> {
    const GROUPS: usize = 3;
    const BYTES: usize = GROUPS * 24;
    const _: () = assert!(2 + BYTES + 4 <= WINDOW);
    let from = carry.count_ones() as usize & 3;
    let split = u8x16::from_slice(simd, order(&SPLIT, 0));
    let split = split.combine(split);
    let mut wrong = u32x8::splat(simd, 0);
    let mut words = [wrong; GROUPS];
    for (group, words) in words.iter_mut().enumerate() {
        let low = from + group * 24;
        let low = u8x16::from_slice(simd, window.get(low..low + 16)?);
        let high = from + group * 24 + 12;
        let high = u8x16::from_slice(simd, window.get(high..high + 16)?);
        *words = low
            .combine(high)
            .swizzle_dyn_within_blocks(split)
            .bitcast::<u32x8<V>>();
        if !gives_zeros(simd) {
            *words &= 0x00FF_FFFF;
        }
        wrong |= *words & 0x00C0_C0F0 ^ 0x0080_80E0;
    }
    if wrong.simd_ne(0).any_true() {
        return None;
    }
    for (group, words) in words.into_iter().enumerate() {
        block.set_words::<8>(lane + 8 * group, words.into());
    }
    Some(Decoded {
        lanes: GROUPS * 8,
        end: from + BYTES,
        next: Some(BYTES),
        carry,
    })
}

/// Whether orders beyond the bytes give zeros, which the crate leaves open.
#[inline(always)]
fn gives_zeros<V: Simd>(simd: V) -> bool {
    match simd.level() {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Level::Sse4_2(_) | Level::Avx2(_) | Level::Avx512(_) => true,
        #[cfg(target_arch = "aarch64")]
        Level::Neon(_) => true,
        _ => false,
    }
}

#[inline(always)]
pub(super) fn shuffled<V: Simd>(simd: V, bytes: u8x16<V>, order: u8x16<V>) -> u8x16<V> {
    match gives_zeros(simd) {
        true => bytes.swizzle_dyn_within_blocks(order),
        false => bytes.swizzle_dyn_precise(order),
    }
}

#[inline(always)]
fn number<V: Simd, const WRITES: bool, const BYTES: usize>(
    simd: V,
    group: usize,
    block: &mut Block,
) {
    let words = words(simd, group, block);
    let places = places(words);
    set(&mut block.changes, group, places);
    if !WRITES || BYTES != exception_pairs::NONE {
        let numbers = match WRITES {
            true => pairs(simd, group, block) >> exception_pairs::View::<BYTES>::WORD_SHIFT,
            false => places >> passthrough::WORD_SHIFT,
        };
        set(&mut block.numbers, group, numbers);
    }
    set_bits(
        &mut block.ascii,
        group,
        (words & 0x80).simd_eq(0).to_bitmask(),
    );
}

/// Returns how many bytes it wrote.
#[inline(always)]
fn finish<V: Simd, const BYTES: usize>(
    simd: V,
    group: usize,
    block: &mut Block,
    target: &mut [u8],
) -> usize {
    if BYTES != exception_pairs::NONE {
        let pairs = pairs(simd, group, block);
        let bits = u32x16::from_slice(simd, block.bits::<LANES>(LANES * group));
        let found = has_all_bits::<V, BYTES>(bits, pairs);
        set_bits(&mut block.found, group, found);
    }

    let words = words(simd, group, block);
    let signed: i32x16<V> = words.bitcast();
    let is_three: u32x16<V> = signed.simd_gt(0x7F).to_vector().bitcast();
    let changes = is_three & get(simd, &block.changes, group);
    let stops = changes.simd_eq(u32::from(LISTED)).to_bitmask();
    set_bits(&mut block.stops, group, stops);
    let words: u8x64<V> = changed(words, changes).bitcast();
    let target: &mut [u8; 64] = target.first_chunk_mut().expect("slack");
    let ascii = &block.ascii[2 * group..][..2];
    if has_compress(simd) {
        let used = !words.simd_eq(0).to_bitmask() | 0x1111_1111_1111_1111;
        let used_bytes = mask8x64::from_bitmask(simd, used);
        words.compress(used_bytes).store_slice(target);
        return 24 * 2 - 2 * (ascii[0].count_ones() + ascii[1].count_ones()) as usize;
    }
    let (low, high) = words.split();
    let at = join(simd, low, ascii[0], &mut target[..32]);
    at + join(simd, high, ascii[1], &mut target[at % 32..][..32])
}

/// Writes eight characters, and returns how many bytes they have.
#[inline(always)]
fn join<V: Simd>(simd: V, words: u8x32<V>, ascii: u8, target: &mut [u8]) -> usize {
    let (low, high) = words.split();
    let order = u8x16::from_slice(simd, order(&JOIN, 16 * (ascii & 0xF)));
    low.swizzle_dyn_within_blocks(order)
        .store_slice(&mut target[..16]);
    let order = u8x16::from_slice(simd, self::order(&JOIN, ascii & 0xF0));
    let at = (3 * QUARTER - 2 * (ascii & 0xF).count_ones() as usize) % 16;
    high.swizzle_dyn_within_blocks(order)
        .store_slice(&mut target[at..][..16]);
    24 - 2 * ascii.count_ones() as usize
}

/// The places of characters' changes.
#[inline(always)]
pub(super) fn places<V: Simd>(words: u32x16<V>) -> u32x16<V> {
    let codes = words << 12 & 0xF000 | words >> 2 & 0xFC0 | words >> 16 & 0x3F;
    let places = (codes - START).min(u32::from(ELSEWHERE));
    // U+F800 to U+FBFF have the place after that.
    let is_compatibility = (words & 0xF0FF).simd_eq(0xA0EF).to_vector();
    places - is_compatibility.bitcast::<u32x16<V>>()
}

/// Words with their code points changed.
#[inline(always)]
pub(super) fn changed<V: Simd>(words: u32x16<V>, changes: u32x16<V>) -> u32x16<V> {
    words ^ (changes >> 12 | changes << 2 & 0x3F00 | (changes & 0x3F) << 16)
}

/// Which pairs with these hashes have all their bits among the 32 that have been looked up.
#[inline(always)]
pub(super) fn has_all_bits<V: Simd, const BYTES: usize>(bits: u32x16<V>, hashes: u32x16<V>) -> u64 {
    if BYTES == exception_pairs::NONE {
        return 0;
    }
    let first = hashes >> exception_pairs::View::<BYTES>::BIT_SHIFT & 31;
    let others = hashes * exception_pairs::OTHER_BITS;
    if !has_shifts(bits.simd) {
        let wanted = bit(first) | bit(others >> 27) | bit(others >> 22 & 31);
        return (bits & wanted).simd_eq(wanted).to_bitmask();
    }
    let all = bits >> first & bits >> (others >> 27) & bits >> (others >> 22 & 31);
    (all & 1).simd_eq(1).to_bitmask()
}

/// Which characters of a part are notable as the second of a pair, and which as the first.
#[inline(always)]
fn notable<V: Simd>(simd: V, part: usize, block: &Block) -> [u64; 2] {
    let changes = u16x32::from_slice(simd, &block.changes[PART * part..][..PART]);
    let place = changes & (passthrough::PLACES - 1);
    // Of the bit's two bytes the order has the low one at the place, and the high one eight on.
    let order: u8x64<V> = (place | place << 8 | 0x0800).bitcast();
    let bit = u8x16::from_slice(simd, &BIT_OF_PLACE);
    let bit = bit.combine(bit);
    let bit = bit.combine(bit).swizzle_dyn_within_blocks(order);
    let second: u16x32<V> = bit.bitcast();
    let bits = u16x32::from_slice(simd, &block.numbers[PART * part..][..PART]);
    const { assert!(passthrough::SECOND == 1 && passthrough::FIRST == 2) };
    [
        (bits & second).simd_eq(second).to_bitmask(),
        (bits >> 1 & second).simd_eq(second).to_bitmask(),
    ]
}

#[inline(always)]
fn words<V: Simd>(simd: V, group: usize, block: &Block) -> u32x16<V> {
    u32x16::from_slice(simd, block.words::<LANES>(LANES * group))
}

/// The hashes of pairs with the characters before.
#[inline(always)]
fn pairs<V: Simd>(simd: V, group: usize, block: &Block) -> u32x16<V> {
    let firsts = u32x16::from_slice(simd, block.words_before::<LANES>(LANES * group));
    firsts * FIRST_FACTOR + words(simd, group, block) * SECOND_FACTOR
}

#[inline(always)]
fn get<V: Simd>(simd: V, numbers: &[u16], group: usize) -> u32x16<V> {
    let numbers = u16x16::from_slice(simd, &numbers[LANES * group..][..LANES]);
    let (low, high) = numbers.widen();
    low.combine(high)
}

/// Writes numbers of 16 bits.
#[inline(always)]
fn set<V: Simd>(numbers: &mut [u16], group: usize, lanes: u32x16<V>) {
    let (numbers_of_lanes, _) = lanes.relaxed_narrow(lanes).split();
    numbers_of_lanes.store_slice(&mut numbers[LANES * group..][..LANES]);
}

#[inline(always)]
fn set_bits(bits: &mut [u8], group: usize, mask: u64) {
    *bits[2 * group..].first_chunk_mut().expect("a group") = (mask as u16).to_le_bytes();
}

/// One of sixteen orders of bytes, by sixteen times its number.
#[inline(always)]
fn order(orders: &[u8; 256], number: u8) -> &[u8; 16] {
    let (orders, _) = orders.as_chunks();
    &orders[usize::from(number / 16)]
}

/// Which of four characters are ASCII and the others have three bytes, by which of their first ten
/// bytes are not ASCII; times 16.
const ASCII: [u8; 1 << 10] = {
    let mut ascii = [0; 1 << 10];
    let mut bytes = 0;
    while bytes < ascii.len() {
        let mut at = 0;
        let mut lane = 0;
        while lane < QUARTER {
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
        while lane < QUARTER {
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

/// The lowest bit of a place's two, in a word of eight places: its low bytes, and its high ones.
const BIT_OF_PLACE: [u8; 16] = [1, 4, 16, 64, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 16, 64];

/// The numbers of 64 bytes.
const NUMBERS: [u8; 64] = numbers(64, 1);

/// For each byte of sixteen lanes the lane.
const LANE_OF_BYTE: [u8; 64] = numbers(64, 4);

/// For each byte of sixteen lanes which of the lane's bytes it is; for the last any.
const BYTE_OF_LANE: [u8; 64] = numbers(4, 1);

/// The numbers below a bound, each so often, and from the first on again.
const fn numbers(bound: usize, times: usize) -> [u8; 64] {
    let mut numbers = [0; 64];
    let mut at = 0;
    while at < 64 {
        numbers[at] = (at / times % bound) as u8;
        at += 1;
    }
    numbers
}

/// Whether bytes can be picked by a mask, and in any order out of 64.
#[inline(always)]
fn has_compress<V: Simd>(simd: V) -> bool {
    match simd.level() {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Level::Avx512(_) => true,
        _ => false,
    }
}

/// Whether lanes can be shifted by different numbers.
#[inline(always)]
fn has_shifts<V: Simd>(simd: V) -> bool {
    match simd.level() {
        #[cfg(target_arch = "x86_64")]
        Level::Sse2(_) | Level::Sse4_2(_) => false,
        _ => true,
    }
}

/// The bits with these numbers, by way of floating point.
#[inline(always)]
fn bit<V: Simd>(numbers: u32x16<V>) -> u32x16<V> {
    let powers: fearless_simd::f32x16<V> = ((numbers << 23) + 0x3F80_0000).bitcast();
    powers.to_int::<fearless_simd::i32x16<V>>().bitcast()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The levels that the loop is made for, on this architecture.
    pub(in super::super) const NAMES: &[&str] = &[
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        "Sse4_2",
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        "Avx2",
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        "Avx512",
        #[cfg(target_arch = "aarch64")]
        "Neon",
        #[cfg(target_arch = "wasm32")]
        "WasmSimd128",
    ];

    /// The levels that the loop is made for and the processor has, the best last.
    pub(in super::super) fn levels() -> Vec<Level> {
        let best = Level::new();
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        let levels = [
            best.as_sse4_2().map(Simd::level),
            best.as_avx2().map(Simd::level),
            best.as_avx512().map(Simd::level),
        ];
        #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
        let levels = [level_of_processor()];
        levels.into_iter().flatten().collect()
    }
}
