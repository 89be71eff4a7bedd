//! The first characters of a level's keys, as a set that sometimes says yes for no.
//!
//! Most characters of a text start no key of most levels. One bit tells that, where the look into
//! the level's table would cost some dozen times as much.

use std::borrow::Cow;

use crate::table::Table;

/// How many bytes of bits there are; few enough to stay in the nearest cache.
const BYTES: usize = 1 << 10;

/// See the module. Without bits, any character may be a first one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Firsts {
    bits: Cow<'static, [u8]>,
}

impl Firsts {
    /// Of all keys that count at a level.
    pub(crate) fn of(keys: impl Iterator<Item = String>) -> Firsts {
        let mut bits = vec![0; BYTES];
        for key in keys {
            if let Some(packed) = first_of_three(key.as_bytes()) {
                let bit = place(packed);
                bits[bit / 8] |= 1 << (bit % 8);
            }
        }
        // Where a description may start, more than one character may have to be copied.
        for operator in '\u{2FF0}'..='\u{2FFF}' {
            let mut bytes = [0; 4];
            let operator = operator.encode_utf8(&mut bytes).as_bytes();
            let bit = place(first_of_three(operator).expect("operators have three bytes"));
            bits[bit / 8] |= 1 << (bit % 8);
        }
        Firsts { bits: bits.into() }
    }

    /// Adds those of words that are laid over the level.
    pub(crate) fn add(&mut self, words: &Table) {
        // Without bits, any character may be a first one.
        if self.bits.is_empty() {
            return;
        }
        let bits = self.bits.to_mut();
        for (word, _) in words.iter() {
            if let Some(first) = first_of_three(word.as_bytes()) {
                let bit = place(first);
                bits[bit / 8] |= 1 << (bit % 8);
            }
        }
    }

    /// Opens what [`bytes`](Firsts::bytes) gave.
    pub(crate) const fn embedded(bits: &'static [u8]) -> Firsts {
        Firsts {
            bits: Cow::Borrowed(bits),
        }
    }

    /// The bits, for embedding.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bits
    }

    /// How many bytes of `text` from `at` on are characters of three bytes that start no key and
    /// no description.
    #[inline]
    pub(crate) fn none_in(&self, text: &[u8], at: usize) -> usize {
        let Some(bits) = self.bits.first_chunk::<BYTES>() else {
            return 0;
        };
        let mut end = at;
        while let Some(packed) = first_of_three(&text[end..]) {
            if has(bits, packed) {
                break;
            }
            end += 3;
        }
        end - at
    }
}

/// Whether the bit of a three-byte character is set.
#[inline(always)]
fn has(bits: &[u8; BYTES], packed: u32) -> bool {
    let bit = place(packed);
    bits[bit / 8] >> (bit % 8) & 1 == 1
}

/// The first three bytes as a number, if they have the form of a character.
#[inline(always)]
fn first_of_three(text: &[u8]) -> Option<u32> {
    let &[a, b, c] = text.first_chunk()?;
    let packed = u32::from_le_bytes([a, b, c, 0]);
    (packed & 0x00C0_C0F0 == 0x0080_80E0).then_some(packed)
}

/// The number of a character's bit.
#[inline(always)]
fn place(packed: u32) -> usize {
    (packed.wrapping_mul(0x9E37_79B1) >> (32 - (BYTES * 8).trailing_zeros())) as usize
}
