//! What a character tells by itself, as bits. Shared with the build.

// The lowest six are counted over a span; see `Evidence`.
pub const HANS_ONLY: u32 = 1;
pub const HANT_ONLY: u32 = 1 << 1;
/// Never in native text, whoever wrote it.
pub const FOREIGN: u32 = 1 << 2;
/// A character of written Cantonese, Hokkien or Hakka.
pub const DIALECT: u32 = 1 << 3;
/// A Traditional character that the Simplified side keeps in some words and names.
pub const BOTH: u32 = 1 << 4;
pub const HAN: u32 = 1 << 5;
/// Kana and hangul.
pub const PHONETIC: u32 = 1 << 6;

/// A rare form of another character.
pub const RARE: u32 = 1 << 7;
/// A code point that always stands for another.
pub const CODE_POINT: u32 = 1 << 8;
/// A spelling of another region, or another writer.
pub const STYLE: u32 = 1 << 9;
/// More than one Traditional form to choose from.
pub const AMBIGUOUS_T: u32 = 1 << 10;
/// More than one Simplified form to choose from.
pub const AMBIGUOUS_S: u32 = 1 << 11;
/// Selectors, full-width letters, private use: where they stay, they stand between the ideographs around them.
pub const OPTIONAL: u32 = 1 << 12;
/// A Traditional character that is hardly ever a word of its own.
pub const ODD: u32 = 1 << 13;
/// A rare form that people still write.
pub const LIVING: u32 = 1 << 14;
/// A character whose Simplified form hangs on whether the text is damaged.
pub const MIXABLE: u32 = 1 << 15;
/// Its Traditional form is to be chosen even in clean text.
pub const OPEN_T: u32 = 1 << 16;
/// Its Simplified form is to be chosen even in clean text.
pub const OPEN_S: u32 = 1 << 17;
/// A compatibility ideograph.
pub const COMPATIBILITY: u32 = 1 << 18;
/// A character of both scripts whose own Simplified form is unlikely where it stands alone.
pub const UNSURE_S: u32 = 1 << 19;
/// Itself in either script and every region, where nothing asks for another form. In the dense table only.
pub const PLAIN_S: u32 = 1 << 20;
pub const PLAIN_T: u32 = 1 << 21;
/// A particle where a clause ends; before another ideograph hardly ever itself, unless a word has it.
pub const PARTICLE: u32 = 1 << 22;

/// The form a character has as a part of others: 氵 for 水.
pub const PART: u32 = 1 << 23;

/// A character of both scripts that stands for another one so often that its neighbours are asked even in clean
/// Traditional text.
pub const MERGED: u32 = 1 << 24;

/// Hong Kong writes another form.
pub const HONG_KONG: u32 = 1 << 25;

/// As what a neighbour counts, of `feature::KINDS`, in the dense table: two bits from here.
pub const KIND_SHIFT: u32 = 26;

/// A character's flags by its block alone.
pub fn of_block(c: u32) -> u32 {
    match c {
        0x1100..=0x11ff | 0x3041..=0x3096 | 0x30a1..=0x30fa | 0x3131..=0x318e => PHONETIC,
        0xa960..=0xa97f | 0xac00..=0xd7fb | 0xff66..=0xff9f | 0xffa1..=0xffdc => PHONETIC,
        0x2e80..=0x2fdf
        | 0x3007
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x2_0000..=0x3_ffff => HAN,
        0xfe00..=0xfe0f
        | 0xe_0100..=0xe_01ef
        | 0xff10..=0xff5a
        | 0xe000..=0xf8ff
        | 0xf_0000..=0x10_ffff => OPTIONAL,
        _ => 0,
    }
}
