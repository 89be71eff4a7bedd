//! Small filters in front of the word lists: what cannot matter is passed over without a look-up.
//!
//! Shared with the build, which fills them; a filter may say yes too often, never no wrongly.

/// Bits of one filter, as a power of two. There are two: for joins, and for corrections.
const BITS: u32 = 22;
/// Words of one filter.
pub const WORDS: usize = 1 << (BITS - 6);

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

#[allow(dead_code, reason = "the build asks nothing")]
impl Question {
    /// [`Question::Right`] and [`Question::Left`] of a side.
    pub fn of_neighbours(simplified: bool) -> (Question, Question) {
        match simplified {
            true => (Question::RightSimplified, Question::LeftSimplified),
            false => (Question::Right, Question::Left),
        }
    }
}

/// Where the answer for a pair is: a word of 64 bits, and which of its bits must be set for a yes.
///
/// Joins are asked often and cheaply answered twice, so one bit does; a wrong yes to a correction costs a walk
/// through the words, so three.
#[inline]
pub fn place(question: Question, first: u32, second: u32) -> (usize, u64) {
    let key = (first as u64) << 24 ^ second as u64 ^ (question as u64) << 50;
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let word = (mixed >> (64 - BITS + 6)) as usize;
    let bit = |at: u32| 1 << (mixed >> at & 63);
    match question {
        Question::Join => (word, bit(40)),
        _ => (WORDS + word, bit(40) | bit(34) | bit(28)),
    }
}
