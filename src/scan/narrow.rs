//! The loop, one character after the other, for all processors.
//!
//! A character costs one look at its entry, one multiplication for each of its places in a pair,
//! and one look at the live pairs. It calls nothing, so its few values stay in registers.

use super::classes::{self, has_three_bytes, CHANGE, FLAGS, NORMALIZED, SECOND, SPECIAL};
use super::filter::{first_hash, second_hash};
use super::live;
use super::output::Sink;
use super::run::{Before, Hits, Run, Stop};

/// The loop takes so many bytes at a time while there are so many: a length that the compiler
/// knows leaves one comparison of all the checks.
const PART: usize = 256;

/// See [`run`](super::run::run).
#[inline(never)]
pub(super) fn run<S: Sink, const BYTES: usize>(
    classes: classes::View<'_>,
    live: live::View<'_, BYTES>,
    source: &[u8],
    limit: usize,
    target: &mut [u8],
    before: Before,
    hits: &mut Hits,
) -> Run {
    let room = match S::WRITES {
        true => source.len().min(target.len()),
        false => source.len(),
    };
    let source = &source[..room];
    let mut run = Run {
        at: 0,
        before,
        stop: Stop::Full,
        normalized: false,
    };
    while run.at < limit && !hits.is_full() {
        let rest = &source[run.at..];
        let target = match S::WRITES {
            true => &mut target[run.at..room],
            false => &mut [],
        };
        let Some(part) = rest.first_chunk::<PART>() else {
            within::<S, BYTES>(classes, live, rest, target, &mut run, hits);
            return run;
        };
        let target = match S::WRITES {
            true => &mut target[..PART],
            false => target,
        };
        let from = run.at;
        within::<S, BYTES>(classes, live, part, target, &mut run, hits);
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
fn within<S: Sink, const BYTES: usize>(
    classes: classes::View<'_>,
    live: live::View<'_, BYTES>,
    source: &[u8],
    target: &mut [u8],
    run: &mut Run,
    hits: &mut Hits,
) {
    let (mut first, mut hash) = run.before;
    let mut at = 0;
    let mut all = 0;
    let stop = loop {
        // Four bytes at a time, of which the last belongs to the next character.
        if at + 4 > source.len() {
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
        if entry & SPECIAL != 0 {
            break Stop::Special;
        }
        if S::WRITES {
            target[at..at + 4].copy_from_slice(&(word ^ entry).to_le_bytes());
        } else if entry & CHANGE != 0 {
            break Stop::Change;
        }
        all |= entry;
        let flags = entry >> FLAGS;
        let bit = live.bit(hash.wrapping_add(second_hash(word)));
        let is_hit = bit & first & flags >> (SECOND >> FLAGS).trailing_zeros() & 1 == 1;
        (first, hash) = (flags & 1, first_hash(word));
        at += 3;
        if is_hit {
            hits.add(run.at + at - 3, 0, 1);
            if hits.is_full() {
                break Stop::Full;
            }
        }
    };
    run.at += at;
    run.before = (first, hash);
    run.stop = stop;
    run.normalized |= all & NORMALIZED != 0;
}
