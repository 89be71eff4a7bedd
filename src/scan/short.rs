//! Short texts, such as search queries and lines: a block on the stack, and one allocation.
//!
//! Of a text of ten characters a passage spends more on its beginning and its end than on the
//! characters. Here there is next to nothing to begin or to end. The kernel converts all of it at once,
//! hits are resolved in the block; whatever is less simple is left to a passage, from the start.

#[cfg(feature = "fold")]
use super::classes::Classes;
#[cfg(feature = "fold")]
use super::exception_pairs::View;
use super::exceptions::WIDE;
use super::facts::Scan;
use super::kernel::{self, Converted, Places, SHORT, SHORT_BLOCK as SIZE};
use super::output::{Recipient, ShortText, Written};
use super::resolve::Resolved;
use super::walk::Stretch;
use crate::engine::{End, Plan};

/// The longest text, in bytes.
pub(super) const LONGEST: usize = SHORT;

/// Whether less than this is UTF-8 the standard library's check tells as fast, and it needs not ask the
/// processor what it can do. Where that is answered by a hypervisor, the first answer takes longer than
/// all else that a first word costs.
const FEW: usize = 24;

/// UTF-8 is checked in blocks of so many bytes; what is left over costs several times as much.
const CHECKED: usize = 64;

const _: () = assert!(SIZE.is_multiple_of(CHECKED));

/// What stands behind a text.
const END: u8 = 0;

/// A text before zeros, so many that as much as a key is compared with can be loaded wherever one may
/// start. It starts a cache line, as a block does.
#[repr(align(64))]
struct Source {
    bytes: [u8; SIZE + WIDE],
    len: usize,
}

/// What a short text becomes, before zeros. It starts a cache line: what was written in parts is read
/// again at once, which takes longer across two.
#[repr(align(64))]
pub(super) struct Block {
    bytes: [u8; SIZE],
    len: usize,
}

/// What became of a short text.
pub(super) enum Short {
    /// It stays as it is.
    Same,
    /// Each of its characters has become another one of as many bytes, or has stayed.
    OneByOne,
    /// Hits were resolved.
    Resolved,
}

/// Converts a whole text: a short one in a block, if `convert_short` can, else by `convert_long`, which appends
/// nothing and returns false if nothing changes.
#[inline]
pub(super) fn convert<'t, R: Recipient<'t>>(
    text: &'t str,
    to: R,
    convert_short: impl FnOnce(&[u8], &mut Block) -> Option<Short>,
    convert_long: impl FnOnce(&[u8], &mut R::Target) -> bool,
) -> R::Receipt {
    if text.len() <= LONGEST {
        let mut block = Block::new(text.len());
        let converted = match convert_short(text.as_bytes(), &mut block) {
            Some(Short::Same) => return to.same(text),
            // SAFETY: it is, and a `str` is UTF-8.
            #[allow(unsafe_code)]
            Some(Short::OneByOne) => Some(unsafe { block.one_by_one() }),
            Some(Short::Resolved) => block.checked(),
            None => None,
        };
        if let Some(converted) = converted {
            return to.changed(converted);
        }
    }
    to.filled(text, |out| convert_long(text.as_bytes(), out))
}

impl Scan {
    /// Converts a short text, or bytes that may be none, into the block; `None` if it is not simple.
    pub(super) fn convert_short(
        &self,
        plan: &Plan,
        text: &[u8],
        block: &mut Block,
    ) -> Option<Short> {
        let pairs = self.pairs.view();
        let Converted { changed, hits } =
            kernel::convert_short(&self.classes, pairs, text, &mut block.bytes)?;
        if !hits.is_empty() {
            let source = Source::of(text);
            if self.resolve_in_block(plan, &source, hits, block)? {
                return Some(match block.bytes() == text {
                    true => Short::Same,
                    false => Short::Resolved,
                });
            }
        }
        Some(if changed {
            Short::OneByOne
        } else {
            Short::Same
        })
    }

    /// Resolves the hits, and says whether there was anything to write; `None` if they are not that
    /// simple.
    #[inline(never)]
    fn resolve_in_block(
        &self,
        plan: &Plan,
        source: &Source,
        hits: Places,
        block: &mut Block,
    ) -> Option<bool> {
        // The text's end must leave nothing open, and no key may go on after it.
        if !self.is_barrier_byte(END) {
            return None;
        }
        // One of the zeros counts, as a character that was converted, too.
        let to = source.len + 1;
        block.len = to;
        let mut floor = 0;
        for hit in hits {
            // One before is inside an exception.
            while hit > floor {
                let mut stretch = Stretch {
                    text: &source.bytes,
                    simple_from: 0,
                    to,
                    end: End::Here,
                    output: block,
                    spare: &mut Vec::new(),
                };
                match self.resolve(plan, &mut stretch, floor, hit) {
                    Resolved::Nothing => break,
                    Resolved::To(cut) => floor = cut,
                    Resolved::Left { .. } => return None,
                }
            }
        }
        block.len -= 1;
        Some(floor > 0)
    }
}

impl Source {
    /// Of a short text. Its first and last bytes, which have all of it, are copied: so many as the
    /// compiler knows, which is an instruction or two.
    #[inline(always)]
    fn of(text: &[u8]) -> Source {
        let len = text.len();
        let mut bytes = [END; SIZE + WIDE];
        macro_rules! copy_both {
            ($count:literal) => {
                for at in [0, len - $count] {
                    bytes[at..][..$count].copy_from_slice(&text[at..][..$count]);
                }
            };
        }
        match len {
            64.. => copy_both!(64),
            32.. => copy_both!(32),
            16.. => copy_both!(16),
            8.. => copy_both!(8),
            4.. => copy_both!(4),
            _ => bytes[..len].copy_from_slice(text),
        }
        Source { bytes, len }
    }
}

impl Block {
    /// For a text of so many bytes.
    #[inline(always)]
    pub(super) fn new(len: usize) -> Block {
        Block {
            bytes: [END; SIZE],
            len,
        }
    }

    /// Converts the characters of the text one by one, where there are no exceptions; `None` if they are not that
    /// simple.
    #[cfg(feature = "fold")]
    #[inline(always)]
    pub(super) fn convert_alone(&mut self, classes: &Classes, text: &[u8]) -> Option<Short> {
        let converted = kernel::short_form(classes, View(&[]), text, &mut self.bytes)?;
        Some(match converted.changed {
            true => Short::OneByOne,
            false => Short::Same,
        })
    }

    /// What the text became.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// What a text became.
    ///
    /// # Safety
    ///
    /// It was UTF-8, and is [`Short::OneByOne`].
    #[allow(unsafe_code)]
    #[inline(always)]
    unsafe fn one_by_one(&self) -> ShortText<'_> {
        // SAFETY: the changes lead to nothing but characters of three bytes (see `Classes`), and ASCII
        // has none.
        unsafe { ShortText::unchecked(&self.bytes, self.len) }
    }

    /// The text, if it is UTF-8. As tables have nothing else, it is if it was.
    fn checked(&self) -> Option<ShortText<'_>> {
        let text = self.bytes();
        let is_text = match self.len {
            ..FEW => std::str::from_utf8(text).is_ok(),
            _ => {
                let blocks = &self.bytes[..self.len.next_multiple_of(CHECKED)];
                simdutf8::basic::from_utf8(blocks)
                    .is_ok_and(|blocks| blocks.is_char_boundary(self.len))
            }
        };
        // SAFETY: it is.
        #[allow(unsafe_code)]
        is_text.then(|| unsafe { ShortText::unchecked(&self.bytes, self.len) })
    }
}

impl Written for Block {
    const WRITES: bool = true;

    #[inline(always)]
    fn replace(&mut self, from: usize, to: usize, with: &[u8]) -> bool {
        let (start, end) = (self.len - from, self.len - to);
        let new_end = start + with.len();
        let new_len = new_end + to;
        if new_len > SIZE {
            return false;
        }
        if new_len != self.len {
            self.bytes.copy_within(end..self.len, new_end);
            self.bytes[new_len..].fill(END);
            self.len = new_len;
        }
        self.bytes[start..new_end].copy_from_slice(with);
        true
    }

    #[inline(always)]
    fn overwrite(&mut self, from: usize, with: u128, mask: u128) -> bool {
        let Some(place) = self.bytes[self.len - from..].first_chunk_mut() else {
            return false;
        };
        *place = (u128::from_le_bytes(*place) & !mask | with & mask).to_le_bytes();
        true
    }
}
