//! The loop for all processors: one character after the other.
//!
//! A character costs one look at its change, one multiplication for each of its places in a pair,
//! and one look at the exception pairs. It calls nothing, so its few values stay in registers.

use std::mem;

use super::super::classes::{
    self, has_three_bytes, spread, Classes, Unit, CHANGE, LISTED, NORMALIZED, SPECIAL,
};
use super::super::exception_pairs;
use super::super::filter::{first_hash, second_hash};
use super::super::passthrough;
use super::{Converted, Hits, Places, Run, Stop, Tables, Task, SHORT, SHORT_BLOCK};

/// The loop takes so many bytes at a time while there are so many: a length that the compiler
/// knows leaves one comparison of all the checks.
const PART: usize = 256;

/// See [`run`](super::run).
#[inline(never)]
pub(super) fn run<const WRITES: bool, const BYTES: usize>(
    task: Task<'_, BYTES>,
    hits: &mut Hits,
) -> Run {
    let Task {
        source,
        limit,
        target,
        tables,
        exceptions,
        before,
    } = task;
    let tables = (tables, exceptions);
    let mut run = Run {
        at: 0,
        before,
        stop: Stop::Full,
    };
    while run.at < limit && !hits.is_full() {
        let rest = &source[run.at..];
        let target = match WRITES {
            true => &mut target[run.at..],
            false => &mut [],
        };
        let Some(part) = rest
            .first_chunk::<PART>()
            .filter(|_| !WRITES || target.len() >= PART)
        else {
            let room = if WRITES { target.len() } else { rest.len() };
            let rest = &rest[..rest.len().min(room)];
            let target = if WRITES {
                &mut target[..rest.len()]
            } else {
                target
            };
            within::<WRITES, BYTES>(tables, rest, target, &mut run, hits);
            return run;
        };
        let target = match WRITES {
            true => &mut target[..PART],
            false => target,
        };
        let from = run.at;
        within::<WRITES, BYTES>(tables, part, target, &mut run, hits);
        let is_at_end = run.at - from > PART - 4;
        if run.stop != Stop::Other || !is_at_end {
            return run;
        }
        run.stop = Stop::Full;
    }
    run
}

/// The loop itself; `target` is as long as `source` or nothing is to be written.
#[inline(always)]
fn within<const WRITES: bool, const BYTES: usize>(
    (tables, exceptions): (Tables<'_>, exception_pairs::View<'_, BYTES>),
    source: &[u8],
    target: &mut [u8],
    run: &mut Run,
    hits: &mut Hits,
) {
    let mut before = first_hash(run.before);
    let mut last = run.before;
    let mut at = 0;
    // As what the character before is notable, for all that is known.
    let mut notable = passthrough::FIRST;
    let stop = loop {
        // Four bytes at a time, of which the last belongs to the next character.
        if at + 4 > source.len() {
            break Stop::Other;
        }
        let bytes = source[at..at + 4].try_into().expect("four bytes");
        let packed = u32::from_le_bytes(bytes);
        if !has_three_bytes(packed) {
            // The end of a line or a digit may pass, a run of ASCII is copied faster elsewhere.
            if packed & 0x80 != 0 || packed & 0x8080_8080 == 0 {
                break Stop::Other;
            }
            if WRITES {
                target[at] = packed as u8;
            }
            last = packed & 0x7F;
            before = first_hash(last);
            notable = passthrough::FIRST;
            at += 1;
            continue;
        }
        let packed = packed & CHANGE;
        let place = classes::place(packed);
        if !WRITES {
            let was_notable = mem::replace(&mut notable, tables.notable.of(place));
            if was_notable & passthrough::FIRST == 0 && notable & passthrough::SECOND == 0 {
                (before, last) = (first_hash(packed), packed);
                at += 3;
                continue;
            }
        }
        let change = u16::from_le_bytes(tables.changes[usize::from(place)]);
        if change == LISTED {
            break Stop::Other;
        }
        if WRITES {
            target[at..at + 4].copy_from_slice(&(packed ^ spread(change)).to_le_bytes());
        } else if change != 0 && !(tables.stays)(run.at + at) {
            break Stop::Change;
        }
        let is_hit = (WRITES || change == 0)
            && exceptions.contains(before.wrapping_add(second_hash(packed)));
        last = packed;
        before = first_hash(packed);
        if is_hit {
            hits.add_if(true, run.at + at);
            if hits.is_full() {
                at += 3;
                break Stop::Full;
            }
        }
        at += 3;
    };
    run.at += at;
    run.before = last;
    run.stop = stop;
}

/// Converts the characters of a short text one by one, and notes the pairs that may be exceptions; `None` if
/// they are not that simple.
#[inline(always)]
pub(super) fn convert_short<const BYTES: usize>(
    classes: &Classes,
    exceptions: exception_pairs::View<'_, BYTES>,
    text: &[u8],
    block: &mut [u8; SHORT_BLOCK],
) -> Option<Converted> {
    let text = text.get(..SHORT).unwrap_or(text);
    let mut at = 0;
    let mut all = 0;
    let mut hits = 0;
    let mut before = first_hash(Unit::NO_CHARACTER);
    while at < text.len() {
        let rest = &text[at..];
        let packed = match (rest.first_chunk(), rest) {
            (Some(&bytes), _) => u32::from_le_bytes(bytes),
            (None, &[a, b, c]) => u32::from_le_bytes([a, b, c, 0]),
            _ => u32::from(rest[0]),
        };
        if !has_three_bytes(packed) {
            if packed & 0x80 != 0 {
                return None;
            }
            block[at] = packed as u8;
            before = first_hash(packed & 0x7F);
            at += 1;
            continue;
        }
        let packed = packed & CHANGE;
        let entry = classes.entry(packed);
        *block[at..].first_chunk_mut()? = (packed ^ entry & CHANGE).to_le_bytes();
        all |= entry;
        // Without a branch, which would be mispredicted often.
        hits |= u128::from(exceptions.contains(before.wrapping_add(second_hash(packed)))) << at;
        before = first_hash(packed);
        at += 3;
    }
    (at == text.len() && all & (SPECIAL | NORMALIZED) == 0).then_some(Converted {
        changed: all & CHANGE != 0,
        hits: Places(hits),
    })
}
