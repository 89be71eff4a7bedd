//! What of a character's neighbours the context model looks at, and where it keeps what that says. Shared with the
//! build, which writes the model.

/// A way to look at the neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Feature {
    /// The character is a word of its own, or inside one.
    Alone,
    Inside,
    /// The character to the left, or to the right; and two of them.
    Left,
    Right,
    LeftTwo,
    RightTwo,
    /// The characters to the left and to the right.
    Both,
    /// Of which kind they are.
    LeftKind,
    RightKind,
    Kinds,
}

/// Stands for what is no ideograph.
#[allow(dead_code, reason = "the build looks at no neighbours")]
pub const NONE: u32 = '#' as u32;

/// Where the model keeps what a feature says for a form of a character: a slot's number is its highest bits, and the
/// slot has its lowest 24.
#[inline]
pub fn key(c: u32, form: u32, feature: Feature, neighbours: (u32, u32)) -> u64 {
    let (a, b) = neighbours;
    let mut key = u64::from(c) << 32 | u64::from(form) << 8 | feature as u64;
    for part in [a, b] {
        key = (key ^ u64::from(part)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        key ^= key >> 29;
    }
    key.wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// What a slot has of a key.
#[inline]
pub fn tag(key: u64) -> u32 {
    key as u32 & 0xff_ffff
}
