//! What the scan knows of single characters.
//!
//! A character is known by its *word*: its UTF-8 bytes as a little-endian number. The three-byte
//! characters, which is nearly all of Chinese, have a 32-bit entry each in pages of 64. An entry
//! holds the exclusive or of the word and of what the character converts to, so a character that
//! stays has 0 there, and all pages of such characters are one page.

use std::borrow::Cow;

use crate::engine::unit::{character, unit_len};

/// The bits of an entry that change the character.
pub(crate) const CHANGE: u32 = 0x00FF_FFFF;
/// The character is the first of some live pair.
pub(crate) const FIRST: u32 = 1 << FLAGS;
/// The character is the second of some live pair.
pub(crate) const SECOND: u32 = 2 << FLAGS;
/// The character cannot be handled alone.
pub(crate) const SPECIAL: u32 = 4 << FLAGS;
/// Normalization changes the character.
pub(crate) const NORMALIZED: u32 = 8 << FLAGS;
/// An operator of description sequences; always also [`SPECIAL`].
pub(crate) const OPERATOR: u32 = 16 << FLAGS;
/// By how much the flags are shifted.
pub(crate) const FLAGS: u32 = 24;

/// The entries of a page.
pub(crate) const PAGE: usize = 64;
/// The pages of the characters below U+10000.
pub(crate) const PAGES: usize = 0x1_0000 / PAGE;

/// The entries of all characters.
#[derive(Clone)]
pub(crate) struct Classes {
    /// For each page of characters which page of entries it has, as little-endian `u16`s.
    pub(crate) page_of: Cow<'static, [u8]>,
    /// Pages of little-endian `u32`s.
    pub(crate) pages: Cow<'static, [u8]>,
    /// The words of other than three bytes that are [`SPECIAL`], ascending little-endian `u32`s.
    pub(crate) others: Cow<'static, [u8]>,
}

/// A unit of text as the scan sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    /// Its word; [`Unit::NO_WORD`] for what is no character.
    pub(crate) word: u32,
    /// Its entry, for characters of other lengths one made up.
    pub(crate) entry: u32,
    /// Its length in bytes.
    pub(crate) len: usize,
}

impl Unit {
    /// The word of what is no character. No character has it, and no key.
    pub(crate) const NO_WORD: u32 = u32::MAX;
}

impl Classes {
    /// Typed views of the pages, for the loop.
    #[inline]
    pub(crate) fn view(&self) -> View<'_> {
        let page_of = self.page_of.as_chunks().0;
        View {
            page_of: page_of.try_into().expect("one number for each page"),
            pages: self.pages.as_chunks().0,
        }
    }

    /// The unit at the start of `text`; `None` where more text is needed to tell.
    #[inline]
    pub(crate) fn unit(&self, text: &[u8]) -> Option<Unit> {
        if let Some(&bytes) = text.first_chunk() {
            let word = u32::from_le_bytes(bytes);
            if has_three_bytes(word) {
                let word = word & CHANGE;
                return Some(Unit {
                    word,
                    entry: self.view().entry(word),
                    len: 3,
                });
            }
        }
        self.other_unit(text)
    }

    fn other_unit(&self, text: &[u8]) -> Option<Unit> {
        let (word, len) = word_at(text)?;
        let entry = match len {
            _ if word == Unit::NO_WORD => 0,
            3 => self.view().entry(word),
            1 => FIRST,
            _ if self.is_special(word) => FIRST | SPECIAL | NORMALIZED,
            _ => FIRST,
        };
        Some(Unit { word, entry, len })
    }

    fn is_special(&self, word: u32) -> bool {
        let others: &[[u8; 4]] = self.others.as_chunks().0;
        others
            .binary_search_by_key(&word, |&other| u32::from_le_bytes(other))
            .is_ok()
    }
}

/// See [`Classes::view`].
#[derive(Clone, Copy)]
pub(crate) struct View<'c> {
    page_of: &'c [[u8; 2]; PAGES],
    pages: &'c [[u8; 4]],
}

impl View<'_> {
    /// The entry of a three-byte character.
    #[inline(always)]
    pub(crate) fn entry(self, word: u32) -> u32 {
        self.at(page_number(word), place_in_page(word))
    }

    /// The entry at a place of the page for the characters of a page.
    #[inline(always)]
    pub(crate) fn at(self, page: usize, place: usize) -> u32 {
        let page = u16::from_le_bytes(self.page_of[page & (PAGES - 1)]);
        u32::from_le_bytes(self.pages[usize::from(page) * PAGE + place])
    }
}

/// The word of the unit at the start of `text` and its length; `None` where more text is needed
/// to tell.
#[inline]
pub(crate) fn word_at(text: &[u8]) -> Option<(u32, usize)> {
    if let Some(&bytes) = text.first_chunk() {
        let word = u32::from_le_bytes(bytes);
        if has_three_bytes(word) {
            return Some((word & CHANGE, 3));
        }
    }
    let bytes = text.get(..unit_len(*text.first()?))?;
    let word = match character(bytes) {
        Some(_) => word(bytes),
        None => Unit::NO_WORD,
    };
    Some((word, bytes.len()))
}

/// The code point of a character by its word and length.
#[inline]
pub(crate) fn code(word: u32, len: usize) -> u32 {
    let byte = |number: u32| word >> (8 * number) & 0x3F;
    match len {
        1 => word,
        2 => (word & 0x1F) << 6 | byte(1),
        3 => (word & 0xF) << 12 | byte(1) << 6 | byte(2),
        _ => (word & 7) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3),
    }
}

/// The word of a character's bytes.
#[inline]
pub(crate) fn word(bytes: &[u8]) -> u32 {
    let mut word = [0; 4];
    word[..bytes.len()].copy_from_slice(bytes);
    u32::from_le_bytes(word)
}

/// The number of the page a three-byte character is on, which is all of it but the last byte.
///
/// Any numbering serves that gives each page a number of its own. This is the cheapest: bits 0–3
/// are those of the first byte, bits 4–7 and, exclusive-ored with two of these, bits 8–9 those of
/// the second; the bits that all such bytes share only permute the numbers.
#[inline(always)]
pub(crate) fn page_number(word: u32) -> usize {
    ((word ^ word >> 4) & 0x3FF) as usize
}

/// Where on its page a three-byte character stands: the last six bits of its code point.
#[inline(always)]
pub(crate) fn place_in_page(word: u32) -> usize {
    ((word >> 16) & 0x3F) as usize
}

/// Whether the word's three low bytes have the form of a three-byte character.
#[inline(always)]
pub(crate) fn has_three_bytes(word: u32) -> bool {
    word & 0x00C0_C0F0 == 0x0080_80E0
}
