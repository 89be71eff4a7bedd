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

/// Whether the characters of two texts have the same lengths, one by one.
pub(crate) fn are_even(one: &[u8], other: &[u8]) -> bool {
    let goes_on = |byte: &u8| byte & 0xC0 == 0x80;
    one.len() == other.len() && one.iter().map(goes_on).eq(other.iter().map(goes_on))
}

/// The character at the start of `text` and its length, if a well-formed one stands there.
///
/// Overlong forms and surrogates are not told apart from the character they would decode to if
/// they were legal; no key has such a character, except that an overlong form could pass for
/// one, so those are refused.
#[inline]
pub(crate) fn character(text: &[u8]) -> Option<(u32, usize)> {
    let continuation = |byte: u8| (byte & 0xC0 == 0x80).then_some(u32::from(byte & 0x3F));
    match *text {
        [a @ 0..=0x7F, ..] => Some((a.into(), 1)),
        [a @ 0xC2..=0xDF, b, ..] => Some((u32::from(a & 0x1F) << 6 | continuation(b)?, 2)),
        [a @ 0xE0..=0xEF, b, c, ..] => {
            let code = u32::from(a & 0xF) << 12 | continuation(b)? << 6 | continuation(c)?;
            (code >= 0x800).then_some((code, 3))
        }
        [a @ 0xF0..=0xF4, b, c, d, ..] => {
            let high = u32::from(a & 7) << 18 | continuation(b)? << 12;
            let code = high | continuation(c)? << 6 | continuation(d)?;
            (code >= 0x1_0000).then_some((code, 4))
        }
        _ => None,
    }
}

/// Whether `text`, which starts with no whole character, is empty or so far could become one.
pub(crate) fn could_become_character(text: &[u8]) -> bool {
    let Some((&first, rest)) = text.split_first() else {
        return true;
    };
    (0xC2..=0xF4).contains(&first)
        && text.len() < unit_len(first)
        && rest.iter().all(|byte| byte & 0xC0 == 0x80)
}
