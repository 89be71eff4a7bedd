//! [`Stream`]: a text that arrives in pieces.

use std::fmt;
use std::sync::Arc;

use super::runner::{Progress, Runner};

/// Converts a text that arrives in pieces; made by [`Converter::stream`](crate::Converter::stream).
///
/// The output is the same however the text is cut: at any byte, also inside a character or a
/// phrase, into pieces of any size, also empty ones. No I/O happens here;
/// [`io`](crate::io) has a `Read`, a `Write` and a copy function over it.
///
/// # Memory
///
/// Only bytes that later ones could still make part of a longer key are held back, never more
/// than [`Converter::max_held`](crate::Converter::max_held).
///
/// # Examples
///
/// ```
/// use zhnorm::{Config, Converter};
///
/// let mut stream = Converter::new(Config::S2t).stream();
/// let mut out = Vec::new();
/// stream.push("理头".as_bytes(), &mut out);
/// stream.push("发".as_bytes(), &mut out);
/// stream.finish(&mut out);
/// assert_eq!(out, "理頭髮".as_bytes());
/// ```
#[derive(Clone)]
#[must_use = "a stream holds bytes back until it is finished"]
pub struct Stream {
    runner: Arc<Runner>,
    progress: Progress,
}

impl Stream {
    pub(crate) fn new(runner: Arc<Runner>) -> Stream {
        Stream {
            runner,
            progress: Progress::default(),
        }
    }

    /// Takes the next piece and appends to `out` all that is decided.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.runner.push(piece, &mut self.progress, out);
    }

    /// Takes the next piece of a text whose pieces are all `str`, and appends to `out` all that is
    /// decided: whole characters.
    ///
    /// Where [`push`](Stream::push) brought bytes before that are no text, U+FFFD stands for them.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::Converter;
    ///
    /// let mut stream = Converter::s2t().stream();
    /// let mut out = String::new();
    /// for piece in ["理头", "发"] {
    ///     stream.push_str(piece, &mut out);
    /// }
    /// stream.finish_str(&mut out);
    /// assert_eq!(out, "理頭髮");
    /// ```
    pub fn push_str(&mut self, piece: &str, out: &mut String) {
        let mut bytes = Vec::with_capacity(piece.len());
        self.push(piece.as_bytes(), &mut bytes);
        out.push_str(&String::from_utf8_lossy(&bytes));
    }

    /// Ends a text whose pieces were `str` and appends to `out` what was held back.
    pub fn finish_str(self, out: &mut String) {
        let mut bytes = Vec::new();
        self.finish(&mut bytes);
        out.push_str(&String::from_utf8_lossy(&bytes));
    }

    /// Ends the text and appends to `out` what was held back.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.runner.finish(&mut self.progress, out);
    }

    /// How many bytes are held back now, of the input or of what stages made of it.
    pub fn held(&self) -> usize {
        self.progress.held()
    }

    /// [`held`](Stream::held) is never more than this between two pieces: that of its converter,
    /// [`Converter::max_held`](crate::Converter::max_held).
    pub fn max_held(&self) -> usize {
        self.runner.max_held()
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("converter", &self.runner)
            .field("held", &self.held())
            .finish()
    }
}
