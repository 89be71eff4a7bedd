//! The loop's frame: what it is given, what it finds, and which form of it runs.

use super::classes;
use super::live::{self, AnyView};
use super::narrow;
use super::output::Sink;
#[cfg(target_arch = "x86_64")]
use super::wide;

/// Why the loop stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// At a character that cannot be handled alone.
    Special,
    /// At a character that changes, where none was to be changed.
    Change,
    /// At something else than a three-byte character, or at the end.
    Other,
    /// Anywhere; with new room it goes on.
    Full,
}

/// What is known of the character before: 1 if it is the first of some live pair, else 0, and its
/// part of the pair's hash.
pub(super) type Before = (u32, u32);

/// What the loop did.
pub(super) struct Run {
    /// How many bytes it converted.
    pub(super) at: usize,
    pub(super) before: Before,
    pub(super) stop: Stop,
    /// Whether normalization changes any of the characters; a false yes may come.
    pub(super) normalized: bool,
}

/// The loop reads and may write so many bytes more than it converts.
pub(super) const SLACK: usize = 28;

/// The loop stops after so many bytes, or a few more.
pub(super) const STRETCH: usize = 1 << 10;

/// The places where a live pair may end, in order.
pub(super) struct Hits {
    /// Where a group of up to eight characters starts, then eight bits that say which of them are
    /// ASCII, the others having three bytes, and eight that say which are hits.
    groups: [u32; Hits::MOST],
    count: usize,
}

impl Hits {
    const MOST: usize = 32;

    pub(super) fn new() -> Hits {
        Hits {
            groups: [0; Hits::MOST],
            count: 0,
        }
    }

    #[inline(always)]
    pub(super) fn is_full(&self) -> bool {
        self.count >= Hits::MOST
    }

    /// Adds the group at `at`, if it has any hit; must not be full.
    #[inline(always)]
    pub(super) fn add(&mut self, at: usize, ascii: u32, hits: u32) {
        self.groups[self.count] = (at as u32) << 16 | ascii << 8 | hits;
        // Without a branch, which would be mispredicted often.
        self.count += usize::from(hits != 0);
    }

    /// The places, as offsets of the second characters of pairs.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.groups[..self.count].iter().flat_map(|&group| {
            let mut hits = group & 0xFF;
            std::iter::from_fn(move || {
                let lane = (hits != 0).then(|| hits.trailing_zeros())?;
                hits &= hits - 1;
                Some((group >> 16) as usize + place_of(lane, group >> 8 & 0xFF))
            })
        })
    }
}

/// How many bytes of a group stand before a character.
#[inline]
pub(super) fn place_of(lane: u32, ascii: u32) -> usize {
    let before = ascii & ((1 << lane) - 1);
    (3 * lane - 2 * before.count_ones()) as usize
}

/// Converts three-byte characters and short runs of ASCII at the start of `source` one by one into
/// `target`, about `limit` bytes or less, and notes the hits among them.
///
/// `target` has room for `limit` bytes and [`SLACK`], unless nothing is to be written.
#[inline]
pub(super) fn run<S: Sink>(
    classes: classes::View<'_>,
    live: AnyView<'_>,
    source: &[u8],
    limit: usize,
    target: &mut [u8],
    before: Before,
    hits: &mut Hits,
) -> Run {
    match live {
        AnyView::Large(live) => sized::<S, _>(classes, live, source, limit, target, before, hits),
        AnyView::Small(live) => sized::<S, _>(classes, live, source, limit, target, before, hits),
    }
}

#[inline(always)]
fn sized<S: Sink, const BYTES: usize>(
    classes: classes::View<'_>,
    live: live::View<'_, BYTES>,
    source: &[u8],
    limit: usize,
    target: &mut [u8],
    before: Before,
    hits: &mut Hits,
) -> Run {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && !is_narrow() {
        // SAFETY: the processor has AVX2, all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { wide::run::<S, _>(classes, live, source, limit, target, before, hits) };
    }
    narrow::run::<S, _>(classes, live, source, limit, target, before, hits)
}

/// Whether the loop for all processors must run whatever this one can.
#[cfg(not(test))]
const fn is_narrow() -> bool {
    false
}

#[cfg(test)]
fn is_narrow() -> bool {
    tests::NARROW.get()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        pub(crate) static NARROW: Cell<bool> = const { Cell::new(false) };
    }

    #[test]
    fn hits_say_where_they_are() {
        let mut hits = Hits::new();
        hits.add(7, 0, 0);
        hits.add(7, 0, 0b1000_0001);
        // Lanes 0 and 2 are ASCII.
        hits.add(100, 0b101, 0b1110);
        let places: Vec<usize> = hits.places().collect();
        assert_eq!(places, [7, 28, 101, 104, 105]);
    }
}
