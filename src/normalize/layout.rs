//! How the embedded tables are laid out. Shared with the build, which writes them.

/// The bytes of a record: seven little-endian numbers.
pub const RECORD: usize = 28;
/// The first character of the dense table.
pub const FIRST: u32 = 0x2e80;
/// One past the last character of the dense table.
pub const END: u32 = 0xa000;

/// The words are a trie over representatives, and the trie is one hash table of edges. A slot has, from its lowest
/// bit, the character of the edge (16), the node it comes from (19), whether words go on from here (1), and
/// what is known of the word that ends here (28). The node an edge leads to is the number of its slot; the nodes
/// of first characters come after those.
pub const SLOT_BITS: u32 = 18;

/// Words go on from here.
pub const LONGER: u64 = 1 << 35;
/// Below what is known of the word.
pub const VALUE_SHIFT: u32 = 36;
/// The place of forms that tells that no word ends here.
pub const NO_WORD: usize = (1 << 19) - 1;

/// Of a character's cost as a word of its own: longer words begin with it.
pub const BEGINS: u16 = 1 << 15;
/// What a character costs that no word list has, in sixteenths of a nat.
pub const UNKNOWN: u16 = 300;

/// The node that the words which begin with a character go on from.
#[inline]
pub fn first_node(c: u16) -> u32 {
    1 << SLOT_BITS | c as u32
}

/// An edge as a slot has it.
#[inline]
pub fn edge(from: u32, c: u16) -> u64 {
    (from as u64) << 16 | c as u64
}

/// The slot an edge is in, or before.
#[inline]
pub fn home(from: u32, c: u16) -> usize {
    (edge(from, c).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SLOT_BITS)) as usize
}
