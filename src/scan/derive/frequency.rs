//! How often characters stand in texts, as far as the derivation asks.

/// About how often characters, packed, stand in texts.
pub(crate) trait Frequency {
    /// One character.
    fn of(&self, character: u32) -> u64;
    /// One after the other. Any measure serves in which a pair of one key weighs [`KEY`](super::draft).
    fn of_pair(&self, first: u32, second: u32) -> u64;
}

/// Nothing is known of texts.
pub(crate) struct Unknown;

impl Frequency for Unknown {
    fn of(&self, _: u32) -> u64 {
        0
    }

    fn of_pair(&self, _: u32, _: u32) -> u64 {
        0
    }
}
