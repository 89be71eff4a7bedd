//! [`QuotationMarks`]: “ ” and ‘ ’ to 「」 and 『』, and back.
//!
//! Opt in, and apart from the conversion: no config of OpenCC touches these marks. A line is looked at as a
//! whole ([`line`]), since what stands after a quotation tells whether it is Chinese, and only there one sees
//! whether a mark has its counterpart. What is open at its end goes on to the next line.

mod line;
mod mark;
mod target;

use std::borrow::Cow;

use line::State;

pub use target::QuotationMarks;

impl QuotationMarks {
    /// Converts the marks of a text; borrows it where nothing changes.
    ///
    /// # Complexity
    ///
    /// O(n).
    pub fn convert(self, text: &str) -> Cow<'_, str> {
        let mut out = Vec::new();
        match self.run(text.as_bytes(), &mut out) {
            false => Cow::Borrowed(text),
            true => Cow::Owned(String::from_utf8(out).expect("marks become marks")),
        }
    }

    /// Converts the marks of a text and appends the result to `out`.
    pub fn convert_into(self, text: &str, out: &mut String) {
        out.push_str(&self.convert(text));
    }

    /// Converts the marks of bytes that should be UTF-8 and appends the result to `out`. What is not UTF-8 is
    /// copied, and tells nothing of what stands beside it.
    pub fn convert_bytes(self, bytes: &[u8], out: &mut Vec<u8>) {
        if !self.run(bytes, out) {
            out.extend_from_slice(bytes);
        }
    }

    /// Starts a text that arrives in pieces.
    pub fn stream(self) -> QuotationStream {
        QuotationStream {
            state: State::new(self),
            line: Vec::new(),
        }
    }

    /// Converts a text and appends the result to `out`; returns false and leaves `out` alone if nothing
    /// changes.
    fn run(self, text: &[u8], out: &mut Vec<u8>) -> bool {
        let mut state = State::new(self);
        // Of `text`, what is in `out`; nothing until something changes.
        let mut copied = 0;
        let mut at = 0;
        while at < text.len() {
            let len = line::len(&text[at..]);
            for edit in state.edits(&text[at..at + len]) {
                if copied == 0 {
                    out.reserve(text.len());
                }
                let place = at + edit.at;
                out.extend_from_slice(&text[copied..place]);
                out.extend_from_slice(edit.mark.bytes());
                copied = place + mark::LEN;
            }
            at += len;
        }
        if copied > 0 {
            out.extend_from_slice(&text[copied..]);
        }
        copied > 0
    }
}

/// Converts the quotation marks of a text that arrives in pieces; made by [`QuotationMarks::stream`].
///
/// The output is the same however the text is cut. Held back is the line under way, of a long line at most
/// [`max_held`](QuotationStream::max_held) bytes.
///
/// # Examples
///
/// ```
/// use zhnorm::QuotationMarks;
///
/// let mut stream = QuotationMarks::Corner.stream();
/// let mut out = String::new();
/// for piece in ["他说“", "好”。"] {
///     stream.push_str(piece, &mut out);
/// }
/// stream.finish_str(&mut out);
/// assert_eq!(out, "他说「好」。");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a stream holds bytes back until it is finished"]
pub struct QuotationStream {
    state: State,
    /// The line under way.
    line: Vec<u8>,
}

impl QuotationStream {
    /// Takes the next piece and appends to `out` all that is decided.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let mut rest = piece;
        while !rest.is_empty() {
            // No more than ends the line, so that no long piece is copied as a whole.
            let room = line::LONGEST - self.line.len();
            let taken = match rest.iter().take(room).position(|&byte| byte == b'\n') {
                Some(end) => end + 1,
                None => room.min(rest.len()),
            };
            self.line.extend_from_slice(&rest[..taken]);
            rest = &rest[taken..];
            if self.line.ends_with(b"\n") {
                self.pass(self.line.len(), out);
            } else if self.line.len() == line::LONGEST {
                self.pass(line::cut(&self.line), out);
            }
        }
    }

    /// Takes the next piece of a text whose pieces are all `str`, and appends to `out` all that is decided:
    /// whole characters.
    ///
    /// Where [`push`](QuotationStream::push) brought bytes before that are no text, U+FFFD stands for them.
    pub fn push_str(&mut self, piece: &str, out: &mut String) {
        let mut bytes = Vec::with_capacity(piece.len());
        self.push(piece.as_bytes(), &mut bytes);
        out.push_str(&String::from_utf8_lossy(&bytes));
    }

    /// Ends the text and appends to `out` what was held back.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.pass(self.line.len(), out);
    }

    /// Ends a text whose pieces were `str` and appends to `out` what was held back.
    pub fn finish_str(self, out: &mut String) {
        let mut bytes = Vec::new();
        self.finish(&mut bytes);
        out.push_str(&String::from_utf8_lossy(&bytes));
    }

    /// How many bytes are held back now.
    pub fn held(&self) -> usize {
        self.line.len()
    }

    /// [`held`](QuotationStream::held) is never more than this between two pieces.
    pub fn max_held(&self) -> usize {
        line::LONGEST
    }

    /// Converts the first so many bytes of the line.
    fn pass(&mut self, len: usize, out: &mut Vec<u8>) {
        let mut copied = 0;
        for edit in self.state.edits(&self.line[..len]) {
            out.extend_from_slice(&self.line[copied..edit.at]);
            out.extend_from_slice(edit.mark.bytes());
            copied = edit.at + mark::LEN;
        }
        out.extend_from_slice(&self.line[copied..len]);
        self.line.drain(..len);
    }
}
