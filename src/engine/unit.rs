//! Units: what the engine copies when no key matches.
//!
//! A unit is a character, or whatever bytes stand where one should: OpenCC takes a character's
//! length from its first byte alone and never looks at the rest, and so do we, because the
//! places at which keys are looked for depend on it.

/// The longest unit in bytes: the six-byte sequences of UTF-8 as first defined.
pub(crate) const LONGEST_UNIT: usize = 6;

/// The length in bytes of the unit that starts with `first`.
///
/// A byte that can start no character (a stray continuation byte, FE, FF) is a unit of its own;
/// OpenCC gives up on the whole text there.
pub(crate) fn unit_len(first: u8) -> usize {
    declared_len(first).unwrap_or(1)
}

/// The length a character's first byte declares, if it can be one.
pub(crate) fn declared_len(first: u8) -> Option<usize> {
    match first {
        0x00..=0x7F => Some(1),
        0xC0..=0xDF => Some(2),
        0xE0..=0xEF => Some(3),
        0xF0..=0xF7 => Some(4),
        0xF8..=0xFB => Some(5),
        0xFC..=0xFD => Some(6),
        0x80..=0xBF | 0xFE..=0xFF => None,
    }
}
