//! Sets of character pairs and triples as bits: no false no, few false yes.

use std::borrow::Cow;

/// A set of 32-bit hashes, kept as the bits their high parts select.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Filter {
    bits: Cow<'static, [u8]>,
    shift: u32,
}

impl Filter {
    /// The set of `hashes`, with at least `spare` bits for each.
    pub(crate) fn new(hashes: &[u32], spare: usize) -> Filter {
        let wanted = (hashes.len() * spare)
            .next_power_of_two()
            .clamp(1 << 9, 1 << 21);
        let shift = 32 - wanted.trailing_zeros();
        let mut bits = vec![0; wanted / 8];
        for hash in hashes {
            let bit = hash >> shift;
            bits[(bit >> 3) as usize] |= 1 << (bit & 7);
        }
        Filter {
            bits: Cow::Owned(bits),
            shift,
        }
    }

    /// Opens what [`bytes`](Filter::bytes) gave.
    pub(crate) const fn embedded(bits: &'static [u8]) -> Filter {
        let shift = 32 - (bits.len() * 8).trailing_zeros();
        Filter {
            bits: Cow::Borrowed(bits),
            shift,
        }
    }

    /// The bits, for embedding.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bits
    }

    /// Whether the hash may be in the set.
    #[inline(always)]
    pub(crate) fn contains(&self, hash: u32) -> bool {
        let bit = hash >> self.shift;
        self.bits[(bit >> 3) as usize] >> (bit & 7) & 1 == 1
    }
}

/// A character's part of a pair's hash, where it stands first.
#[inline(always)]
pub(crate) fn first_hash(word: u32) -> u32 {
    word.wrapping_mul(0x9E37_79B1)
}

/// A character's part of a pair's hash, where it stands second.
#[inline(always)]
pub(crate) fn second_hash(word: u32) -> u32 {
    word.wrapping_mul(0x85EB_CA6B)
}

/// The hash of a pair.
#[inline(always)]
pub(crate) fn pair_hash(first: u32, second: u32) -> u32 {
    first_hash(first).wrapping_add(second_hash(second))
}

/// The hash of characters with this hash and one more.
#[inline]
pub(crate) fn longer_hash(hash: u32, next: u32) -> u32 {
    (hash ^ next.wrapping_mul(0xC2B2_AE35))
        .wrapping_mul(0x27D4_EB2F)
        .rotate_left(13)
}

/// The hash that stands for a pair so many characters after its key's start.
#[inline]
pub(crate) fn distance_hash(pair: u32, distance: usize) -> u32 {
    (pair ^ (distance as u32 + 1)).wrapping_mul(0x9E37_79B1)
}

/// The hash that stands for characters with this hash as a whole key.
#[inline]
pub(crate) fn whole_hash(hash: u32) -> u32 {
    (hash ^ 0x1656_67B1).wrapping_mul(0x9E37_79B1)
}
