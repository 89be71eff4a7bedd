//! A small seeded generator of pseudo-random numbers (SplitMix64), so that a
//! corpus is the same bytes on every machine and with every version of a crate.

/// Deterministic: the same seed gives the same numbers, always.
pub struct Rng(u64);

impl Rng {
    /// Starts the sequence that belongs to `seed`.
    pub fn new(seed: &str) -> Rng {
        Rng(super::digest([seed]))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `limit`, which is not zero. The bias of the remainder
    /// is far below anything a benchmark can see.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, each as likely as the others.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// A rank under `limit` with every octave (1, 2–3, 4–7, …) equally
    /// likely: near enough to how often the words of a language are used, and
    /// in whole numbers, so no platform's logarithm can move it.
    pub fn rank(&mut self, limit: usize) -> usize {
        let octaves = limit.ilog2() + 1;
        loop {
            let octave = self.below(octaves as usize);
            let rank = (1 << octave) + self.below(1 << octave) - 1;
            if rank < limit {
                return rank;
            }
        }
    }

    /// Puts `items` into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
