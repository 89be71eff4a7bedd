//! How a form relates to the character it would replace. Shared with the build.

/// The character is itself, or none of the target script.
pub const FREE: usize = 0;
/// The character belongs to both scripts and may have been left unconverted.
pub const SHARED: usize = 1;
/// A Traditional character that a converter may have picked wrongly.
pub const WRONG: usize = 2;
/// Live writers use both.
pub const ACCEPTED: usize = 3;
/// A rare form that names use: folded inside words, or where there is other damage.
#[allow(dead_code, reason = "only the build gives it")]
pub const NAME: usize = 4;
/// Only likeness of sound and shape speaks for it: folded inside words.
pub const SOUND: usize = 5;
/// The same character in some regions.
pub const REGION: usize = 6;
/// No kind: what any form but its own costs a character that is at home in the script as it is.
pub const LEAVE: usize = 7;
pub const COUNT: usize = 8;
