//! Normalization of text that arrives in pieces.

use super::normalizer::Options;
use super::repair::{Output, Worker};
use super::spans;

/// Normalizes text that arrives in pieces; the output is the same however it is cut.
///
/// Holds back the span under way: at most [`Stream::MAX_PENDING`] bytes, plus, with paragraphs as unit, nothing
/// more. Bytes that are no UTF-8 are copied, and end a span.
///
/// # Examples
///
/// ```
/// use zhnorm::normalize::{Normalizer, Target};
///
/// let mut stream = Normalizer::new(Target::Tw).stream();
/// let mut out = Vec::new();
/// for piece in "縂書記。".as_bytes().chunks(2) {
///     stream.push(piece, &mut out);
/// }
/// stream.finish(&mut out);
/// assert_eq!(out, "總書記。".as_bytes());
/// ```
pub struct Stream {
    options: Options,
    worker: Worker,
    pending: Vec<u8>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("options", &self.options)
            .field("pending", &self.pending.len())
            .finish()
    }
}

impl Stream {
    /// No more than this many bytes of input are ever held back.
    pub const MAX_PENDING: usize = spans::LONGEST + 128;

    pub(super) fn new(options: Options) -> Self {
        Stream {
            options,
            worker: Worker::default(),
            pending: Vec::new(),
        }
    }

    /// Takes the next piece and appends what is decided to `out`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.pending.extend_from_slice(bytes);
        self.drain(false, out);
    }

    /// Ends the text and appends what was held back.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.drain(true, out);
    }

    /// How many bytes are held back.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    fn drain(&mut self, last: bool, out: &mut Vec<u8>) {
        let mut at = 0;
        loop {
            let rest = &self.pending[at..];
            if rest.is_empty() {
                break;
            }
            let (text, bad) = match simdutf8::compat::from_utf8(rest) {
                Ok(text) => (text, None),
                Err(error) => {
                    let (good, _) = rest.split_at(error.valid_up_to());
                    let bad = match error.error_len() {
                        Some(length) => Some(length),
                        None if last => Some(rest.len() - good.len()),
                        None => None,
                    };
                    let good = simdutf8::basic::from_utf8(good);
                    (good.expect("valid up to there"), bad)
                }
            };
            let whole = last || bad.is_some();
            let mut done = 0;
            while let Some(length) = spans::first(&text[done..], self.options.unit, whole) {
                let span = &text[done..done + length];
                let mut output = Output::new(span, false);
                self.worker.span(&self.options, 0, span, &mut output);
                match output.finish().0 {
                    Some(new) => out.extend_from_slice(new.as_bytes()),
                    None => out.extend_from_slice(span.as_bytes()),
                }
                done += length;
            }
            at += done;
            match bad {
                Some(length) => {
                    out.extend_from_slice(&self.pending[at..at + length]);
                    at += length;
                }
                None => break,
            }
        }
        self.pending.drain(..at);
    }
}
