//! What the scan knows of single characters.
//!
//! A character is known *packed*: its UTF-8 bytes as a little-endian number. Those from
//! U+2E00 to U+9FFF, which is nearly all of Chinese, have 16 bits each: what their code point
//! changes by. The few of which more must be known, and those elsewhere that mean anything, are in
//! a list.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::text::utf8::{character, unit_len};

/// The bits of an entry that change the character: the exclusive or of its word and of that of
/// what it converts to.
pub(crate) const CHANGE: u32 = 0x00FF_FFFF;
/// The character cannot be handled alone.
pub(crate) const SPECIAL: u32 = 1 << 24;
/// Normalization changes the character.
pub(crate) const NORMALIZED: u32 = 2 << 24;
/// An operator of description sequences; always also [`SPECIAL`].
pub(crate) const OPERATOR: u32 = 4 << 24;

/// The first character that has a change of its own.
pub(super) const START: u32 = 0x2E00;
/// The one after the last.
const END: u32 = 0xA000;
/// The place of the change of all others, except for these:
pub(super) const ELSEWHERE: u16 = (END - START) as u16;
/// U+F800 to U+FBFF, where compatibility ideographs are.
const COMPATIBILITY: u16 = ELSEWHERE + 1;
/// How many changes there are.
pub(super) const CHANGES: usize = COMPATIBILITY as usize + 1;

/// The change of a character that is in the list, or may be. As the change of a character with a
/// place of its own this would lead out of Chinese, and so is not missed.
pub(super) const LISTED: u16 = 0x8000;

/// What is known of all characters.
#[derive(Clone)]
pub(crate) struct Classes {
    /// Little-endian `u16`s: for each place the exclusive or of the code point and of that of what
    /// it converts to, another character of three bytes, or [`LISTED`]. Elsewhere it is 0 or that.
    pub(crate) changes: Cow<'static, [u8]>,
    /// Characters, packed, and their entries, little-endian `u32`s, ascending.
    pub(crate) listed: Cow<'static, [u8]>,
}

/// The changes without bounds to check.
pub(super) type Changes = [[u8; 2]; CHANGES];

/// A unit of text as the scan sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    /// Packed; [`Unit::NO_CHARACTER`] for what is no character.
    pub(crate) packed: u32,
    /// What is known of it.
    pub(crate) entry: u32,
    /// Its length in bytes.
    pub(crate) len: usize,
}

impl Unit {
    /// The packed form of what is no character. No character has it, and no key.
    pub(crate) const NO_CHARACTER: u32 = u32::MAX;
}

impl Classes {
    /// Of the entries of all characters that have one, packed, each once.
    pub(super) fn new(mut entries: Vec<[u32; 2]>) -> Classes {
        entries.sort_unstable();
        let mut changes = [0; CHANGES];
        changes[usize::from(COMPATIBILITY)] = LISTED;
        entries.retain(|&[packed, entry]| {
            if !has_three_bytes(packed) {
                return true;
            }
            let place = place(packed);
            let change = code(packed, 3) ^ code(packed ^ entry & CHANGE, 3);
            let is_simple = place < ELSEWHERE && entry <= CHANGE && change != u32::from(LISTED);
            let is_listed = !(is_simple && leads_to_three_bytes(place, change));
            changes[usize::from(place)] = match is_listed {
                true => LISTED,
                false => change as u16,
            };
            is_listed
        });
        Classes {
            changes: changes.into_iter().flat_map(u16::to_le_bytes).collect(),
            listed: entries
                .into_iter()
                .flatten()
                .flat_map(u32::to_le_bytes)
                .collect(),
        }
    }

    /// With these flags of characters, packed, besides what is known of them; the flags are
    /// [`SPECIAL`] and such as go with it.
    pub(super) fn with(&self, flags: &[[u32; 2]]) -> Classes {
        let halves = |listed: &[u8; 8]| {
            let number = u64::from_le_bytes(*listed);
            [number as u32, (number >> 32) as u32]
        };
        let listed: &[[u8; 8]] = self.listed.as_chunks().0;
        let mut listed: BTreeMap<u32, u32> = listed.iter().map(halves).map(Into::into).collect();
        let mut changes = self.changes.to_vec();
        for &[packed, flags] in flags {
            let entry = match has_three_bytes(packed) && packed <= CHANGE {
                true => {
                    let entry = self.entry(packed);
                    changes[2 * usize::from(place(packed))..][..2]
                        .copy_from_slice(&LISTED.to_le_bytes());
                    entry
                }
                false => self.listed(packed),
            };
            *listed.entry(packed).or_insert(entry) |= flags;
        }
        Classes {
            changes: changes.into(),
            listed: listed
                .into_iter()
                .flat_map(|(packed, entry)| [packed, entry])
                .flat_map(u32::to_le_bytes)
                .collect(),
        }
    }

    #[inline]
    pub(super) fn changes(&self) -> &Changes {
        let changes = self.changes.as_chunks().0;
        changes.try_into().expect("a change for each place")
    }

    /// The change of a three-byte character, or [`LISTED`].
    #[inline(always)]
    pub(super) fn change(&self, packed: u32) -> u16 {
        u16::from_le_bytes(self.changes()[usize::from(place(packed))])
    }

    /// Whether each change is what the loop over short texts relies on.
    #[cfg(test)]
    pub(crate) fn all_lead_to_three_bytes(&self) -> bool {
        let changes = self.changes().map(u16::from_le_bytes);
        (0..).zip(changes).all(|(place, change)| match change {
            LISTED => true,
            change if place < ELSEWHERE => leads_to_three_bytes(place, change.into()),
            change => change == 0,
        })
    }

    /// The unit at the start of `text`; `None` where more text is needed to tell.
    #[inline]
    pub(crate) fn unit(&self, text: &[u8]) -> Option<Unit> {
        let (packed, len) = packed_at(text)?;
        let entry = match len {
            1 => 0,
            3 if packed != Unit::NO_CHARACTER => self.entry(packed),
            _ => self.listed(packed),
        };
        Some(Unit { packed, entry, len })
    }

    /// Whether normalization changes one of the characters of a text.
    pub(super) fn has_normalized(&self, text: &[u8]) -> bool {
        let mut at = 0;
        while let Some(unit) = self.unit(&text[at..]) {
            if unit.entry & NORMALIZED != 0 {
                return true;
            }
            at += unit.len;
        }
        false
    }

    /// What is known of a three-byte character.
    #[inline(always)]
    pub(crate) fn entry(&self, packed: u32) -> u32 {
        match self.change(packed) {
            LISTED => self.listed(packed),
            change => spread(change),
        }
    }

    /// The entry of a character in the list; 0 if it is not there.
    fn listed(&self, packed: u32) -> u32 {
        let listed: &[[u8; 8]] = self.listed.as_chunks().0;
        let halves = |listed: &[u8; 8]| {
            let number = u64::from_le_bytes(*listed);
            (number as u32, (number >> 32) as u32)
        };
        let found = listed.binary_search_by_key(&packed, |listed| halves(listed).0);
        found.map_or(0, |at| halves(&listed[at]).1)
    }
}

/// Where the change of a three-byte character is.
#[inline(always)]
pub(super) fn place(packed: u32) -> u16 {
    if packed & 0xF0FF == 0xA0EF {
        return COMPATIBILITY;
    }
    let place = code(packed, 3).wrapping_sub(START);
    place.min(ELSEWHERE.into()) as u16
}

/// Whether a change makes another character of three bytes of the one at this place. The loop over
/// short texts relies on it, and does not look at what it writes.
fn leads_to_three_bytes(place: u16, change: u32) -> bool {
    let changed = (START + u32::from(place)) ^ change;
    char::from_u32(changed).is_some_and(|changed| changed.len_utf8() == 3)
}

/// A change of a code point as one of a word.
#[inline(always)]
pub(super) fn spread(change: u16) -> u32 {
    let change = u32::from(change);
    change >> 12 | change << 2 & 0x3F00 | (change & 0x3F) << 16
}

/// The packed form of the unit at the start of `text` and its length; `None` where more text is needed
/// to tell.
#[inline]
pub(crate) fn packed_at(text: &[u8]) -> Option<(u32, usize)> {
    // The common cases at once.
    let first = match *text {
        [a, b, c, d, ..] => u32::from_le_bytes([a, b, c, d]),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
        [a, ..] => a.into(),
        [] => return None,
    };
    if has_three_bytes(first) {
        return Some((first & CHANGE, 3));
    }
    if first & 0x80 == 0 {
        return Some((first & 0xFF, 1));
    }
    let bytes = text.get(..unit_len(*text.first()?))?;
    let packed = match character(bytes) {
        Some(_) => pack(bytes),
        None => Unit::NO_CHARACTER,
    };
    Some((packed, bytes.len()))
}

/// Whether a character, packed, is neither ASCII nor one that the loop looks up: it has two bytes
/// or four, or three and no place of its own.
pub(super) fn is_elsewhere(packed: u32) -> bool {
    match packed >> 24 == 0 && has_three_bytes(packed) {
        true => place(packed) == ELSEWHERE,
        false => packed >= 0x80 && packed != Unit::NO_CHARACTER,
    }
}

/// The packed form and length of the character elsewhere that `text` starts with, if one does, or of what is
/// no character.
#[inline(always)]
pub(super) fn elsewhere_at(text: &[u8]) -> Option<(u32, usize)> {
    if let &[a @ 0xC2..=0xDF, b @ 0x80..=0xBF, ..] = text {
        return Some((u32::from_le_bytes([a, b, 0, 0]), 2));
    }
    let (packed, len) = packed_at(text)?;
    (packed == Unit::NO_CHARACTER || is_elsewhere(packed)).then_some((packed, len))
}

/// The code point of a packed character of this length.
#[inline]
pub(crate) fn code(packed: u32, len: usize) -> u32 {
    let byte = |number: u32| packed >> (8 * number) & 0x3F;
    match len {
        1 => packed,
        2 => (packed & 0x1F) << 6 | byte(1),
        3 => (packed & 0xF) << 12 | byte(1) << 6 | byte(2),
        _ => (packed & 7) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3),
    }
}

/// The packed form of a character's bytes.
#[inline]
pub(crate) fn pack(bytes: &[u8]) -> u32 {
    let mut packed = [0; 4];
    packed[..bytes.len()].copy_from_slice(bytes);
    u32::from_le_bytes(packed)
}

/// Whether the word's three low bytes have the form of a three-byte character.
#[inline(always)]
pub(crate) fn has_three_bytes(packed: u32) -> bool {
    packed & 0x00C0_C0F0 == 0x0080_80E0
}
