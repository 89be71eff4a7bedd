//! Where words begin and end however they are spelled: the likeliest cut of a text's Simplified shadow.

use super::cell::Place;
use super::tables;

/// A word of the lists.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// How many characters it has.
    pub length: u32,
    /// In sixteenths of a nat.
    pub cost: u16,
    /// Where its forms are.
    pub at: u32,
}

/// The cut of one stretch. Holds its buffers for the next.
#[derive(Default)]
pub(super) struct Shadow {
    /// The cost of the cheapest way to each place, and the length of its last word.
    ways: Vec<(u32, u32)>,
    cuts: Vec<bool>,
}

impl Shadow {
    /// Cuts a stretch that begins at the place `base`; `words` gives those found at a place.
    pub(super) fn cut<'w>(
        &mut self,
        cells: &[Place],
        base: usize,
        words: impl Fn(usize) -> &'w [Found],
    ) {
        let n = cells.len();
        self.ways.clear();
        self.ways.resize(n + 1, (u32::MAX, 0));
        self.ways[0] = (0, 0);
        for (start, place) in cells.iter().enumerate() {
            let so_far = self.ways[start].0;
            let single = (1, u32::from(tables::single(place.cell.rep())));
            let words = words(base + start).iter();
            let words = words.map(|word| (word.length, u32::from(word.cost)));
            for (length, cost) in words.chain([single]) {
                let way = &mut self.ways[start + length as usize];
                if so_far + cost < way.0 {
                    *way = (so_far + cost, length);
                }
            }
        }
        self.cuts.clear();
        self.cuts.resize(n + 1, false);
        let mut end = n;
        while end > 0 {
            self.cuts[end] = true;
            end -= self.ways[end].1 as usize;
        }
        self.cuts[0] = true;
    }

    /// Whether words end before the cell at `at`.
    pub(super) fn is_cut(&self, at: usize) -> bool {
        self.cuts[at]
    }
}
