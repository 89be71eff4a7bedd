//! Small filters in front of the word lists: what cannot matter is passed over without a look-up.
//!
//! Shared with the build, which fills them; a filter may say yes too often, never no wrongly.

/// Bits of one filter, as a power of two. There are two: for joins, and for corrections.
pub const BITS: u32 = 21;

/// What a pair of characters is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Question {
    /// Whether some word has these two representatives side by side.
    Join = 0,
    /// Whether some word that goes on with the second, a representative, asks for another form of the first
    /// character.
    Right = 1,
    /// Whether some word that ends in the second character, the first, a representative, before it, asks for
    /// another form of it.
    Left = 2,
    /// [`Question::Right`] on the Simplified side.
    RightSimplified = 3,
    /// [`Question::Left`] on the Simplified side.
    LeftSimplified = 4,
}

/// The bits that answer for a pair: yes when all are set.
///
/// Joins are asked often and cheaply answered twice, so one bit does; a wrong yes to a correction costs a walk
/// through the words, so three.
pub fn bits(question: Question, first: u32, second: u32) -> impl Iterator<Item = usize> {
    let mixed = (u64::from(first) << 24 ^ u64::from(second) ^ (question as u64) << 50)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let (base, count) = match question {
        Question::Join => (0, 1),
        _ => (1 << BITS, 3),
    };
    (0..count).map(move |i| base + (mixed >> (64 - BITS * (i + 1)) & ((1 << BITS) - 1)) as usize)
}
