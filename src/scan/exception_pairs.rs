//! The pairs the loop looks for: a set of bits of one of two fixed sizes.

use std::borrow::Cow;

/// The size in bytes for the thousands of exception pairs of conversions from Simplified. With a larger
/// one fewer pairs hit by chance, but the nearest cache holds less of it.
pub(super) const LARGE: usize = 32 << 10;

/// The size for the hundreds, at most some thousands, of exception pairs of all others.
pub(super) const SMALL: usize = 16 << 10;

/// The size of the empty set. The loop made for it looks up no pairs. It is asked for by name and no variant of
/// [`AnyView`], so that a program that does not need it does not hold it.
pub(super) const NONE: usize = 0;

/// A set of pairs' hashes: no false no, few false yes.
#[derive(Clone)]
pub(crate) struct ExceptionPairs {
    bits: Cow<'static, [u8]>,
}

/// A view of all bits of a set, without bounds to check.
#[derive(Clone, Copy)]
pub(super) struct View<'s, const BYTES: usize>(pub(super) &'s [u8; BYTES]);

/// A view of either size.
#[derive(Clone, Copy)]
pub(super) enum AnyView<'s> {
    Large(View<'s, LARGE>),
    Small(View<'s, SMALL>),
}

impl ExceptionPairs {
    pub(super) fn new(hashes: &[u32]) -> ExceptionPairs {
        let size = if hashes.len() > SMALL / 4 {
            LARGE
        } else {
            SMALL
        };
        let empty = ExceptionPairs {
            bits: vec![0; size].into(),
        };
        empty.with(hashes)
    }

    /// With more pairs; the set stays as large as it is.
    pub(super) fn with(&self, hashes: &[u32]) -> ExceptionPairs {
        let mut bits = self.bits.to_vec();
        let shift = shift(bits.len());
        for &hash in hashes {
            let word = (hash >> (shift + 5)) as usize;
            let [second, third] = other_bits(hash);
            for bit in [hash >> shift & 31, second, third] {
                bits[4 * word + bit as usize / 8] |= 1 << (bit % 8);
            }
        }
        ExceptionPairs { bits: bits.into() }
    }

    /// Opens what [`bytes`](ExceptionPairs::bytes) gave.
    pub(crate) const fn embedded(bits: &'static [u8]) -> ExceptionPairs {
        ExceptionPairs {
            bits: Cow::Borrowed(bits),
        }
    }

    /// The bits, for embedding.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bits
    }

    #[inline]
    pub(super) fn view(&self) -> AnyView<'_> {
        let bits = self.bits.as_ref();
        match bits.try_into() {
            Ok(large) => AnyView::Large(View(large)),
            Err(_) => AnyView::Small(View(bits.try_into().expect("one of two sizes"))),
        }
    }

    /// Whether a pair with this hash may be in the set.
    pub(super) fn contains(&self, hash: u32) -> bool {
        match self.view() {
            AnyView::Large(view) => view.contains(hash),
            AnyView::Small(view) => view.contains(hash),
        }
    }
}

impl<'s, const BYTES: usize> View<'s, BYTES> {
    /// By how much a hash is shifted to number the 32 bits that have its bits.
    pub(super) const WORD_SHIFT: u32 = shift(BYTES) + 5;

    /// By how much it is shifted to number its first bit among these, in its five lowest bits.
    pub(super) const BIT_SHIFT: u32 = shift(BYTES);

    /// The 32 bits with this number.
    #[inline(always)]
    pub(super) fn word(self, number: u16) -> u32 {
        if BYTES == NONE {
            return 0;
        }
        let (words, _) = self.0.as_chunks();
        u32::from_le_bytes(words[usize::from(number) & (BYTES / 4 - 1)])
    }

    /// Whether these 32 bits, if they are a hash's, have all three of its bits.
    #[inline(always)]
    pub(super) fn has(word: u32, hash: u32) -> bool {
        let [second, third] = other_bits(hash);
        word >> (hash >> Self::BIT_SHIFT & 31) & word >> second & word >> third & 1 == 1
    }

    #[inline(always)]
    pub(super) fn contains(self, hash: u32) -> bool {
        BYTES != NONE && Self::has(self.word((hash >> Self::WORD_SHIFT) as u16), hash)
    }
}

/// By what a hash is multiplied for its other two bits.
pub(super) const OTHER_BITS: u32 = 0x396D_8D19;

/// The second and the third of a hash's bits among 32.
#[inline(always)]
fn other_bits(hash: u32) -> [u32; 2] {
    let mixed = hash.wrapping_mul(OTHER_BITS);
    [mixed >> 27, mixed >> 22 & 31]
}

/// By how much a hash is shifted to number a bit; of a set without any it does not matter, but must be a number.
const fn shift(bytes: usize) -> u32 {
    match bytes {
        NONE => 0,
        _ => 32 - (bytes * 8).trailing_zeros(),
    }
}
