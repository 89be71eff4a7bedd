//! What is known of a character, a bit or a number each. Shared with the build, which writes it.

/// The bits of the kind, a number of `Kind` of `classes.rs`.
pub const KIND: u16 = 7;
/// Japanese has it as well.
pub const IN_JAPANESE: u16 = 1 << 3;
/// The bits of the mark, a number of `Mark` there.
pub const MARK: u16 = 3 << MARK_SHIFT;
pub const MARK_SHIFT: u16 = 4;
/// Japanese has it a good deal less often than Chinese, or next to never.
pub const SELDOM_JAPANESE: u16 = 1 << 6;
pub const NEVER_JAPANESE: u16 = 1 << 7;
/// It writes a word of Cantonese, or one of Mandarin that Cantonese says otherwise.
pub const CANTONESE: u16 = 1 << 8;
pub const MANDARIN: u16 = 1 << 9;
pub const HANGUL: u16 = 1 << 10;
/// It repeats the character before.
pub const REPEATS: u16 = 1 << 11;
