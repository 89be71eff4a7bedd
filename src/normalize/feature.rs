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

/// The kinds of neighbours: none, a numeral, a pointing word, a sound of foreign names.
pub const KINDS: [char; 4] = ['\0', 'N', 'D', 'T'];

/// Stands for what is no ideograph.
#[allow(dead_code, reason = "the build looks at no neighbours")]
pub const NONE: u32 = '#' as u32;

/// Where the model keeps what a feature says for a form of a character: a slot's number is its highest bits, and the
/// slot has its lowest 24.
#[inline]
#[allow(dead_code, reason = "the library takes it apart")]
pub fn key(c: u32, form: u32, feature: Feature, neighbours: (u32, u32)) -> u64 {
    of_form(seen(feature, neighbours), c, form)
}

/// The part of a key that the neighbours give.
#[inline]
pub fn seen(feature: Feature, neighbours: (u32, u32)) -> u64 {
    let (a, b) = neighbours;
    let seen = u64::from(a) << 32 | u64::from(b) << 4 | feature as u64;
    let seen = seen.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    seen ^ seen >> 29
}

/// The key of a form, of what its neighbours give.
#[inline]
pub fn of_form(seen: u64, c: u32, form: u32) -> u64 {
    let key = seen ^ (u64::from(c) << 40 | u64::from(form) << 8);
    let key = key.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    key ^ key >> 32
}

/// What a slot has of a key.
#[inline]
pub fn tag(key: u64) -> u32 {
    key as u32 & 0xff_ffff
}
