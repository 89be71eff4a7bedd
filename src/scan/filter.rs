//! Sets of characters' hashes as bits: no false no, few false yes.

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
        Filter::of(hashes.len() * spare, hashes, |&hash, shift| hash >> shift)
    }

    /// The set of hashes that come with one of four remarks, for [`remarks`](Filter::remarks).
    pub(crate) fn with_remarks(hashes: &[(u32, u32)], spare: usize) -> Filter {
        // Some remarks are far more common than others; turned by the hash, they fill all bits
        // evenly.
        Filter::of(hashes.len() * spare, hashes, |&(hash, remark), shift| {
            let bit = hash >> shift;
            bit & !3 | (bit + remark) & 3
        })
    }

    fn of<H>(wanted: usize, hashes: &[H], bit: impl Fn(&H, u32) -> u32) -> Filter {
        let wanted = wanted.next_power_of_two().clamp(1 << 9, 1 << 21);
        let shift = 32 - wanted.trailing_zeros();
        let mut bits = vec![0; wanted / 8];
        for hash in hashes {
            let bit = bit(hash, shift);
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

    /// With which remarks the hash may be in the set: one bit for each. They stand side by side,
    /// so that all are known after one look at memory.
    #[inline(always)]
    pub(crate) fn remarks(&self, hash: u32) -> u32 {
        let bit = hash >> self.shift;
        let turned = u32::from(self.bits[(bit >> 3) as usize]) >> (bit & 4) & 0xF;
        (turned | turned << 4) >> (bit & 3) & 0xF
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

/// The hash under which a pair's distances from its keys' starts are kept. Not the pair's own,
/// or the pairs that the loop takes for live by chance would be taken for such here too.
#[inline]
pub(crate) fn distance_hash(pair: u32) -> u32 {
    pair.wrapping_mul(0x9E37_79B1)
}

/// The remark on a pair that stands so many characters after its key's start.
pub(crate) const fn distance_remark(distance: usize) -> u32 {
    distance as u32
}

/// The hash under which is kept what characters with this hash are. A rolling hash has too little
/// of its last character in the bits that a set looks at.
#[inline]
pub(crate) fn prefix_hash(hash: u32) -> u32 {
    (hash ^ 0x1656_67B1).wrapping_mul(0x9E37_79B1)
}

/// The remark on the hash of characters that a longer key starts with.
pub(crate) const LONGER: u32 = 0;
/// The remark on the hash of the characters of a whole key.
pub(crate) const WHOLE: u32 = 1;
