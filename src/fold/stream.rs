//! [`Stream`]: a text that arrives in pieces.

use super::Fold;
use crate::scan::characters::{whole_len, LONGEST_START};

/// Folds a text that arrives in pieces; made by [`Fold::stream`].
///
/// The output is the same however the text is cut, also inside a character. Only the start of a character is held
/// back, never more than [`Fold::MAX_HELD`] bytes.
///
/// # Examples
///
/// ```
/// use zhnorm::fold::Fold;
///
/// let mut stream = Fold::new().stream();
/// let mut out = Vec::new();
/// for byte in "頭髮".bytes() {
///     stream.push(&[byte], &mut out);
/// }
/// stream.finish(&mut out);
/// assert_eq!(out, "头发".as_bytes());
/// ```
#[derive(Clone, Debug)]
#[must_use = "a stream holds bytes back until it is finished"]
pub struct Stream {
    fold: Fold,
    /// The start of a character.
    tail: [u8; LONGEST_START],
    held: usize,
}

impl Stream {
    pub(super) fn new(fold: Fold) -> Stream {
        Stream {
            fold,
            tail: [0; LONGEST_START],
            held: 0,
        }
    }

    /// Takes the next piece and appends to `out` all that is decided.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let mut piece = piece;
        if self.held > 0 {
            // Enough to decide what is held back, if the piece has it.
            let more = piece.len().min(LONGEST_START);
            let mut both = [0; 2 * LONGEST_START];
            both[..self.held].copy_from_slice(&self.tail[..self.held]);
            both[self.held..][..more].copy_from_slice(&piece[..more]);
            let both = &both[..self.held + more];
            let whole = whole_len(both);
            if whole < self.held {
                self.hold(&both[whole..]);
                self.fold.fold_bytes(&both[..whole], out);
                return;
            }
            self.fold.fold_bytes(&both[..whole], out);
            piece = &piece[whole - self.held..];
        }
        let whole = whole_len(piece);
        self.fold.fold_bytes(&piece[..whole], out);
        self.hold(&piece[whole..]);
    }

    /// Takes the next piece of a text whose pieces are all `str`, and appends to `out` all that is decided: whole
    /// characters.
    ///
    /// Where [`push`](Stream::push) brought bytes before that are no text, U+FFFD stands for them.
    pub fn push_str(&mut self, piece: &str, out: &mut String) {
        if self.held == 0 {
            return self.fold.fold_into(piece, out);
        }
        let mut bytes = Vec::with_capacity(piece.len());
        self.push(piece.as_bytes(), &mut bytes);
        out.push_str(&String::from_utf8_lossy(&bytes));
    }

    /// Ends the text and appends to `out` what was held back.
    pub fn finish(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.tail[..self.held]);
    }

    /// Ends a text whose pieces were `str` and appends to `out` what was held back.
    pub fn finish_str(self, out: &mut String) {
        out.push_str(&String::from_utf8_lossy(&self.tail[..self.held]));
    }

    /// How many bytes are held back now.
    pub fn held(&self) -> usize {
        self.held
    }

    /// [`held`](Stream::held) is never more than this: [`Fold::MAX_HELD`].
    pub fn max_held(&self) -> usize {
        Fold::MAX_HELD
    }

    fn hold(&mut self, start: &[u8]) {
        self.tail[..start.len()].copy_from_slice(start);
        self.held = start.len();
    }
}
