//! The loop: three-byte characters, one table look-up and one filter bit each.
//!
//! Everything else, a hit of the filter above all, leaves the loop, so that it calls nothing and
//! its few values stay in registers.

use super::classes::{
    has_three_bytes, page_number, place_in_page, Classes, CHANGE, FIRST, SPECIAL,
};
use super::filter::{first_hash, second_hash, Filter};
use super::output::Sink;

/// Why the loop stopped.
pub(super) enum Stop {
    /// At the second character of what may be a live pair.
    Hit,
    /// At a character that cannot be handled alone.
    Special,
    /// At a character that changes, where none was to be changed.
    Change,
    /// At something else than a three-byte character, or within the last few bytes.
    Other,
}

/// Converts the three-byte characters that `source` starts with into `target`, which is as long
/// unless nothing is to be written. `before` is [`FIRST`] or nothing and the hash of the character
/// before. Returns how many bytes that were, the new `before`, and why it stopped.
#[inline(never)]
pub(super) fn run<S: Sink>(
    classes: &Classes,
    live: &Filter,
    source: &[u8],
    target: &mut [u8],
    before: (u32, u32),
) -> (usize, (u32, u32), Stop) {
    let (page_of, pages) = classes.tables();
    let target = if S::WRITES {
        &mut target[..source.len()]
    } else {
        target
    };
    let (mut first, mut hash) = before;
    let mut at = 0;
    let stop = loop {
        // Four bytes at a time, of which the last belongs to the next character.
        let Some(bytes) = source.get(at..at + 4) else {
            break Stop::Other;
        };
        let word = u32::from_le_bytes(bytes.try_into().expect("four bytes"));
        if !has_three_bytes(word) {
            break Stop::Other;
        }
        let word = word & CHANGE;
        let page = u16::from_le_bytes(page_of[page_number(word)]);
        let entry = u32::from_le_bytes(pages[usize::from(page)][place_in_page(word)]);
        // Without a branch: whether the pair is live, at the place of the flag `FIRST`.
        let hit = live.bit(hash.wrapping_add(second_hash(word))) << FIRST.trailing_zeros();
        let hit = hit & first & (entry >> 1);
        if hit | entry & SPECIAL != 0 {
            break if hit != 0 { Stop::Hit } else { Stop::Special };
        }
        if S::WRITES {
            target[at..at + 4].copy_from_slice(&(word ^ entry).to_le_bytes());
        } else if entry & CHANGE != 0 {
            break Stop::Change;
        }
        first = entry;
        hash = first_hash(word);
        at += 3;
    };
    (at, (first & FIRST, hash), stop)
}
