//! A short text that was converted in registers, and what comes out of it.

use bytemuck::{must_cast, NoUninit};

use super::output::Recipient;
use super::short::{Block, Pairs, Places, Put, ShortText, Source};
use super::Scan;
use crate::engine::Plan;

/// A text's characters, converted one by one, in registers of whichever width.
pub(super) struct Line<B, P> {
    /// What they become, before zeros: a block.
    pub(super) bytes: B,
    /// What the form keeps of their pairs.
    pub(super) pairs: P,
    /// Which are the second of pairs that may be live, a bit for each character.
    pub(super) found: u64,
    pub(super) is_changed: bool,
}

impl<B: NoUninit, P> Line<B, P> {
    /// Passes on what the text becomes, if no pair may be live.
    #[inline(always)]
    pub(super) fn give<'t, R: Recipient<'t>>(self, text: &'t str, to: R) -> R::Receipt {
        let block = Block(must_cast(self.bytes));
        match self.is_changed {
            // SAFETY: the text is UTF-8, and each of its characters has become another one of as
            // many bytes, or has stayed: the changes lead to nothing else (see `Classes`), and ASCII
            // has none.
            #[allow(unsafe_code)]
            true => to.changed(unsafe { ShortText::unchecked(&block, text.len()) }),
            false => to.same(text),
        }
    }

    /// Puts in what live keys become, and passes that on. `are_characters` says whether a block is
    /// known to be UTF-8.
    #[inline(always)]
    pub(super) fn mend<'t, R: Recipient<'t>>(
        self,
        (scan, plan): (&Scan, &Plan),
        (source, pairs, hits): (&Source, &impl Pairs, Places),
        are_characters: impl Fn(&Block) -> bool,
        text: &'t str,
        to: R,
    ) -> R::Receipt {
        let mut block = Block(must_cast(self.bytes));
        match scan.put_in(plan, source, pairs, hits, &mut block.0) {
            None => scan.convert_long(plan, text, to),
            Some(Put::Nothing) => self.give(text, to),
            Some(Put::In(len)) if !block.is_changed(len, source) => to.same(text),
            Some(Put::In(len)) if are_characters(&block) => {
                // SAFETY: this was just asked of the whole block, and behind so many bytes are zeros.
                #[allow(unsafe_code)]
                to.changed(unsafe { ShortText::unchecked(&block, len) })
            }
            Some(Put::In(len)) => match ShortText::checked(&block, len) {
                Some(converted) => to.changed(converted),
                None => scan.convert_long(plan, text, to),
            },
        }
    }
}
