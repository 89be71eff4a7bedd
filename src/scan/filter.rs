//! Sets of characters' hashes as bits: no false no, few false yes.

use std::borrow::Cow;

/// A set of 32-bit hashes. Each sets three bits of the 32 that its high part selects, so that one
/// look at memory tells.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Filter {
    bits: Cow<'static, [u8]>,
    shift: u32,
}

/// The smallest set: a page of memory is not worth sparing.
const LEAST_BITS: usize = 1 << 14;

/// The largest, so that it stays in a near cache.
const MOST_BITS: usize = 1 << 21;

impl Filter {
    /// The set of `hashes`, with at least `spare` bits for each.
    pub(crate) fn new(hashes: &[u32], spare: usize) -> Filter {
        let wanted = (hashes.len() * spare).next_power_of_two();
        let bytes = wanted.clamp(LEAST_BITS, MOST_BITS) / 8;
        let mut filter = Filter {
            bits: Cow::Owned(vec![0; bytes]),
            shift: shift(bytes),
        };
        filter.add(hashes);
        filter
    }

    /// Adds hashes; the set stays as large as it is.
    pub(super) fn add(&mut self, hashes: &[u32]) {
        let bits = self.bits.to_mut();
        for &hash in hashes {
            let word: &mut [u8] = &mut bits[4 * (hash >> self.shift) as usize..][..4];
            for (byte, mask) in word.iter_mut().zip(mask(hash).to_le_bytes()) {
                *byte |= mask;
            }
        }
    }

    /// Opens what [`bytes`](Filter::bytes) gave.
    pub(crate) const fn embedded(bits: &'static [u8]) -> Filter {
        Filter {
            bits: Cow::Borrowed(bits),
            shift: shift(bits.len()),
        }
    }

    /// The bits, for embedding.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bits
    }

    /// The same as [`contains`](Filter::contains), but faster, and more often yes.
    #[inline(always)]
    pub(crate) fn may_contain(&self, hash: u32) -> bool {
        let words: &[[u8; 4]] = self.bits.as_chunks().0;
        let word = u32::from_le_bytes(words[(hash >> self.shift) as usize]);
        word >> (mixed(hash) >> 27) & 1 == 1
    }

    /// Whether the hash may be in the set.
    #[inline(always)]
    pub(crate) fn contains(&self, hash: u32) -> bool {
        let words: &[[u8; 4]] = self.bits.as_chunks().0;
        let mask = mask(hash);
        u32::from_le_bytes(words[(hash >> self.shift) as usize]) & mask == mask
    }
}

/// By how much a hash is shifted to number its 32 bits.
const fn shift(bytes: usize) -> u32 {
    32 - (bytes / 4).trailing_zeros()
}

/// Pairs' hashes say most in their high bits, which are used up where a word is selected.
#[inline(always)]
fn mixed(hash: u32) -> u32 {
    hash.wrapping_mul(0xC2B2_AE35)
}

/// A hash's bits among 32.
#[inline(always)]
fn mask(hash: u32) -> u32 {
    let mixed = mixed(hash);
    1 << (mixed >> 27) | 1 << (mixed >> 22 & 31) | 1 << (mixed >> 17 & 31)
}

/// By what a character is multiplied for its part of a pair's hash, where it stands first. Any odd
/// numbers would do; with these few pairs of common words hit a set of exception pairs by chance (see
/// "Seeing exceptions cheaply" in DESIGN.md).
pub(super) const FIRST_FACTOR: u32 = 0x4C78_4EC7;
/// The same, where it stands second.
pub(super) const SECOND_FACTOR: u32 = 0xD815_3C5F;

/// A character's part of a pair's hash, where it stands first.
#[inline(always)]
pub(crate) fn first_hash(word: u32) -> u32 {
    word.wrapping_mul(FIRST_FACTOR)
}

/// A character's part of a pair's hash, where it stands second.
#[inline(always)]
pub(crate) fn second_hash(word: u32) -> u32 {
    word.wrapping_mul(SECOND_FACTOR)
}

/// The hash of a pair.
#[inline(always)]
pub(crate) fn pair_hash(first: u32, second: u32) -> u32 {
    first_hash(first).wrapping_add(second_hash(second))
}
