//! The loop: three-byte characters, one after the other.
//!
//! A character costs one look at its entry, one multiplication for each of its places in a pair,
//! and one bit of the live pairs. Everything else, a hit above all, leaves the loop, so that it
//! calls nothing and its few values stay in registers.

use super::classes::{self, has_three_bytes, CHANGE, FLAGS, SECOND, SPECIAL};
use super::filter::{first_hash, second_hash};
use super::live;
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
    /// Anywhere; with new room for the output it goes on.
    Full,
}

/// What is known of the character before: 1 if it is the first of some live pair, else 0, and its
/// part of the pair's hash.
pub(super) type Before = (u32, u32);

/// The loop takes so many bytes at a time while there are so many: a length that the compiler
/// knows leaves one comparison of all the checks.
pub(super) const STRETCH: usize = 256;

/// Converts the three-byte characters and single ASCII characters that `source` starts with into
/// `target`, which is as long unless nothing is to be written. Returns how many bytes that were,
/// what is before, and why it stopped.
#[inline(never)]
pub(super) fn run<S: Sink, const BYTES: usize>(
    classes: classes::View<'_>,
    live: live::View<'_, BYTES>,
    source: &[u8],
    target: &mut [u8],
    before: Before,
) -> (usize, Before, Stop) {
    let mut before = before;
    let mut done = 0;
    while let Some(source) = source[done..].first_chunk::<STRETCH>() {
        let target = match S::WRITES {
            true => &mut target[done..done + STRETCH],
            false => &mut [],
        };
        let (at, last, stop) = within::<S, BYTES>(classes, live, source, target, before);
        done += at;
        before = last;
        if !matches!(stop, Stop::Other) || at <= STRETCH - 4 {
            return (done, before, stop);
        }
    }
    if done > 0 {
        return (done, before, Stop::Full);
    }
    let target = match S::WRITES {
        true => &mut target[..source.len()],
        false => target,
    };
    within::<S, BYTES>(classes, live, source, target, before)
}

/// The loop itself; `target` is as long as `source` or nothing is to be written.
#[inline(always)]
fn within<S: Sink, const BYTES: usize>(
    classes: classes::View<'_>,
    live: live::View<'_, BYTES>,
    source: &[u8],
    target: &mut [u8],
    before: Before,
) -> (usize, Before, Stop) {
    let (mut first, mut hash) = before;
    let mut at = 0;
    // Four bytes at a time, of which the last belongs to the next character.
    let Some(last) = source.len().checked_sub(4) else {
        return (0, before, Stop::Other);
    };
    let stop = loop {
        if at > last {
            break Stop::Other;
        }
        let bytes = source[at..at + 4].try_into().expect("four bytes");
        let word = u32::from_le_bytes(bytes);
        if !has_three_bytes(word) {
            // The end of a line or a digit may pass, a run of ASCII is copied faster elsewhere.
            if word & 0x80 != 0 || word & 0x8080_8080 == 0 {
                break Stop::Other;
            }
            if S::WRITES {
                target[at] = word as u8;
            }
            (first, hash) = (1, first_hash(word & 0x7F));
            at += 1;
            continue;
        }
        let word = word & CHANGE;
        let entry = classes.entry(word);
        // Without a branch: `SECOND` if the pair may be live, and `SPECIAL` in any case, against
        // the flags that are there.
        let flags = entry >> FLAGS;
        let bit = live.bit(hash.wrapping_add(second_hash(word)));
        let hit = (bit & first) * (SECOND >> FLAGS);
        if (hit + (SPECIAL >> FLAGS)) & flags != 0 {
            let special = entry & SPECIAL != 0;
            break if special { Stop::Special } else { Stop::Hit };
        }
        if S::WRITES {
            target[at..at + 4].copy_from_slice(&(word ^ entry).to_le_bytes());
        } else if entry & CHANGE != 0 {
            break Stop::Change;
        }
        (first, hash) = (flags & 1, first_hash(word));
        at += 3;
    };
    (at, (first, hash), stop)
}
