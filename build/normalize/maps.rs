//! Maps that cost little where nothing is optimized, as in the build scripts of dependencies.

use std::hash::{BuildHasherDefault, Hasher};

/// A hash for texts and characters; the standard one took a third of this build's time.
#[derive(Default)]
pub struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut hash = self.0;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        self.0 = hash;
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The table takes its bits from both ends.
        self.0 ^ self.0 >> 32
    }
}

pub type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<QuickHasher>>;
pub type HashSet<K> = std::collections::HashSet<K, BuildHasherDefault<QuickHasher>>;

/// A character for each character, itself where nothing was set, found without a search.
pub struct Characters(Vec<u32>);

impl Characters {
    /// One past the last ideograph.
    pub const COUNT: usize = 0x4_0000;

    pub fn new(pairs: impl Iterator<Item = (char, char)>) -> Self {
        let mut to = vec![0; Characters::COUNT];
        for (c, other) in pairs {
            to[c as usize] = other as u32;
        }
        Characters(to)
    }

    pub fn of(&self, c: char) -> char {
        match self.0.get(c as usize) {
            None | Some(0) => c,
            Some(&to) => char::from_u32(to).expect("made of characters"),
        }
    }

    /// A text with each character replaced.
    pub fn of_text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            out.push(self.of(c));
        }
        out
    }
}
