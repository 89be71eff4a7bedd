//! Normalization of text that arrives in pieces.

use super::clean::Cleaner;
use super::options::Options;
use super::repair::{Output, Worker};
use crate::spans::bounded::{self, Finder};
use crate::work;

/// So much of a piece is taken at a time, lest a long one be copied as a whole.
const PIECE: usize = 16 * 1024;

/// Normalizes text that arrives in pieces; the output is the same however it is cut.
///
/// Holds back the span under way, as its options clean it: at most [`max_held`](Stream::max_held) bytes. Bytes that are no
/// UTF-8 are copied, and end a span.
///
/// # Complexity
///
/// Linear in the text, however small the pieces are.
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
    cleaner: Option<Cleaner>,
    finder: Finder,
    /// The span under way, cleaned.
    text: String,
    /// The beginning of a character.
    begun: Vec<u8>,
}

// By hand, so that a copy does not copy the buffers that the worker keeps for the next span.
impl Clone for Stream {
    fn clone(&self) -> Self {
        Stream {
            options: self.options,
            worker: Worker::default(),
            cleaner: self.cleaner.clone(),
            finder: self.finder.clone(),
            text: self.text.clone(),
            begun: self.begun.clone(),
        }
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("options", &self.options)
            .field("held", &self.held())
            .finish()
    }
}

impl Stream {
    pub(super) fn new(options: Options) -> Self {
        Stream {
            options,
            worker: Worker::default(),
            cleaner: Cleaner::new(&options),
            finder: Finder::new(options.unit),
            text: String::new(),
            begun: Vec::new(),
        }
    }

    /// Takes the next piece and appends what is decided to `out`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for piece in bytes.chunks(PIECE) {
            let mut bytes = std::mem::take(&mut self.begun);
            bytes.extend_from_slice(piece);
            let mut taken = 0;
            loop {
                let rest = &bytes[taken..];
                let (text, bad) = match simdutf8::compat::from_utf8(rest) {
                    Ok(text) => (text, 0),
                    Err(error) => {
                        let good = simdutf8::basic::from_utf8(&rest[..error.valid_up_to()]);
                        let bad = error.error_len().unwrap_or(0);
                        (good.expect("valid up to there"), bad)
                    }
                };
                self.take(text, out);
                taken += text.len() + bad;
                if bad == 0 {
                    break;
                }
                self.end(out);
                out.extend_from_slice(&bytes[taken - bad..taken]);
            }
            bytes.drain(..taken);
            self.begun = bytes;
        }
    }

    /// Takes the next piece of a text whose pieces are all `str`, and appends what is decided to `out`: whole
    /// characters.
    ///
    /// Where [`push`](Stream::push) brought bytes before that are no text, U+FFFD stands for them.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::normalize::{Normalizer, Target};
    ///
    /// let mut stream = Normalizer::new(Target::Tw).stream();
    /// let mut out = String::new();
    /// for piece in ["縂書", "記。"] {
    ///     stream.push_str(piece, &mut out);
    /// }
    /// stream.finish_str(&mut out);
    /// assert_eq!(out, "總書記。");
    /// ```
    pub fn push_str(&mut self, piece: &str, out: &mut String) {
        let mut bytes = Vec::new();
        self.push(piece.as_bytes(), &mut bytes);
        out.push_str(&String::from_utf8_lossy(&bytes));
    }

    /// Ends a text whose pieces were `str` and appends what was held back to `out`.
    pub fn finish_str(self, out: &mut String) {
        let mut bytes = Vec::new();
        self.finish(&mut bytes);
        out.push_str(&String::from_utf8_lossy(&bytes));
    }

    /// Ends the text and appends what was held back.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.end(out);
        out.extend_from_slice(&self.begun);
    }

    /// How many bytes are held back.
    pub fn held(&self) -> usize {
        self.text.len() + self.begun.len()
    }

    /// [`held`](Stream::held) is never more than this between two pieces.
    pub fn max_held(&self) -> usize {
        // A span, and the beginning of a character.
        bounded::MOST_BYTES + 3
    }

    fn take(&mut self, text: &str, out: &mut Vec<u8>) {
        match &mut self.cleaner {
            Some(cleaner) => cleaner.append(text, &mut self.text),
            None => self.text.push_str(text),
        }
        self.write(false, out);
    }

    /// Ends the span under way.
    fn end(&mut self, out: &mut Vec<u8>) {
        self.write(true, out);
        if let Some(cleaner) = &mut self.cleaner {
            cleaner.part();
        }
    }

    fn write(&mut self, last: bool, out: &mut Vec<u8>) {
        let mut done = 0;
        while let Some(length) = self.finder.next(&self.text[done..], last) {
            let span = &self.text[done..done + length];
            let mut output = Output::new(span);
            self.worker.span(&self.options, 0, span, &mut output);
            match output.finish().0 {
                Some(new) => out.extend_from_slice(new.as_bytes()),
                None => out.extend_from_slice(span.as_bytes()),
            }
            done += length;
        }
        if done > 0 {
            work::count(self.text.len() - done);
            self.text.drain(..done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Normalizer, Target, VariationSelectors};
    use crate::spans::Unit;
    use crate::work;

    #[test]
    fn a_stream_takes_linear_time_however_small_the_pieces() {
        let texts = [
            "一个没有句号的长句子，".repeat(3000).into_bytes(),
            "。”".repeat(10_000).into_bytes(),
            "字\u{fe00}\u{fe01}".repeat(10_000).into_bytes(),
            "。\u{fe00}\n\n \n".repeat(10_000).into_bytes(),
            b"\xff".repeat(30_000),
            b"a\xe4\xb8".repeat(10_000),
        ];
        for &unit in Unit::ALL {
            for text in &texts {
                for size in [1, 7, 4093] {
                    let mut stream = Normalizer::builder(Target::Tw)
                        .unit(unit)
                        .variation_selectors(VariationSelectors::Remove)
                        .build()
                        .stream();
                    let looked = work::of(|| {
                        let mut out = Vec::new();
                        for piece in text.chunks(size) {
                            stream.push(piece, &mut out);
                        }
                        stream.finish(&mut out);
                    });
                    assert!(
                        looked <= 3 * text.len(),
                        "{unit:?} in pieces of {size}: {looked} of {}",
                        text.len()
                    );
                }
            }
        }
    }
}
