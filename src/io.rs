//! Converting, normalizing and folding between readers and writers: adapters over [`Stream`],
//! [`normalize::Stream`], [`fold::Stream`] and [`QuotationStream`].

use std::error::Error;
use std::fmt;
use std::io::{self, Read, Write};
use std::mem;

use crate::convert::{Converter, Stream};
#[cfg(feature = "fold")]
use crate::fold::{self, Fold};
#[cfg(feature = "normalize")]
use crate::normalize::{self, Normalizer};
use crate::quotes::{QuotationMarks, QuotationStream};

/// What text is passed through: a [`Converter`], a [`Normalizer`], a [`Fold`] or [`QuotationMarks`].
pub trait Process: sealed::Start {}

impl Process for Converter {}
#[cfg(feature = "fold")]
impl Process for Fold {}
impl Process for QuotationMarks {}
#[cfg(feature = "normalize")]
impl Process for Normalizer {}

/// A text under way. An enum, so that readers and writers of all are of one type.
#[derive(Clone, Debug)]
enum Running {
    Converter(Stream),
    #[cfg(feature = "fold")]
    Fold(fold::Stream),
    QuotationMarks(QuotationStream),
    #[cfg(feature = "normalize")]
    Normalizer(normalize::Stream),
}

impl Running {
    fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match self {
            Running::Converter(stream) => stream.push(piece, out),
            #[cfg(feature = "fold")]
            Running::Fold(stream) => stream.push(piece, out),
            Running::QuotationMarks(stream) => stream.push(piece, out),
            #[cfg(feature = "normalize")]
            Running::Normalizer(stream) => stream.push(piece, out),
        }
    }

    fn finish(self, out: &mut Vec<u8>) {
        match self {
            Running::Converter(stream) => stream.finish(out),
            #[cfg(feature = "fold")]
            Running::Fold(stream) => stream.finish(out),
            Running::QuotationMarks(stream) => stream.finish(out),
            #[cfg(feature = "normalize")]
            Running::Normalizer(stream) => stream.finish(out),
        }
    }
}

mod sealed {
    /// Starts a text; what the adapters need of a [`Process`](crate::io::Process).
    pub trait Start {
        #[doc(hidden)]
        fn start(&self) -> Started;
    }

    /// A text under way, which only the adapters look into.
    #[allow(missing_debug_implementations)]
    pub struct Started(pub(super) crate::io::Running);

    impl Start for crate::convert::Converter {
        fn start(&self) -> Started {
            Started(crate::io::Running::Converter(self.stream()))
        }
    }

    #[cfg(feature = "fold")]
    impl Start for crate::fold::Fold {
        fn start(&self) -> Started {
            Started(crate::io::Running::Fold(self.stream()))
        }
    }

    impl Start for crate::quotes::QuotationMarks {
        fn start(&self) -> Started {
            Started(crate::io::Running::QuotationMarks(self.stream()))
        }
    }

    #[cfg(feature = "normalize")]
    impl Start for crate::normalize::Normalizer {
        fn start(&self) -> Started {
            Started(crate::io::Running::Normalizer(self.stream()))
        }
    }
}

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// Passes all that `reader` gives through a converter, a normalizer or a fold into `writer`, and returns how many
/// bytes were written.
///
/// Memory stays constant. The writer is not flushed at the end. Pass `&mut reader` to keep it.
///
/// # Errors
///
/// What reading or writing gives; what was interrupted is tried again. What was read and not yet
/// written is then lost, as with [`std::io::copy`]; a [`Writer`] can be tried again.
///
/// # Examples
///
/// ```
/// use zhnorm::{Config, Converter};
///
/// let mut out = Vec::new();
/// zhnorm::io::copy(&Converter::new(Config::S2t), "汉字\r\n".as_bytes(), &mut out)?;
/// assert_eq!(out, "漢字\r\n".as_bytes());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// ```
/// use zhnorm::normalize::{Normalizer, Target};
///
/// let mut out = Vec::new();
/// zhnorm::io::copy(&Normalizer::new(Target::Tw), "媒躰".as_bytes(), &mut out)?;
/// assert_eq!(out, "媒體".as_bytes());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn copy<P, R, W>(processor: &P, reader: R, mut writer: W) -> io::Result<u64>
where
    P: Process + ?Sized,
    R: Read,
    W: Write,
{
    let mut source = Source::new(processor, reader);
    let mut out = Vec::with_capacity(PIECE);
    let mut written = 0;
    while source.next_piece(&mut out)? {
        writer.write_all(&out)?;
        written += out.len() as u64;
        out.clear();
    }
    Ok(written)
}

/// Reads converted or normalized text from a reader of text.
///
/// # Examples
///
/// ```
/// use zhnorm::{Config, Converter};
///
/// let reader = zhnorm::io::Reader::new(&Converter::new(Config::S2t), "头发".as_bytes());
/// assert_eq!(std::io::read_to_string(reader)?, "頭髮");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader<R> {
    source: Source<R>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Reader<R> {
    /// Reads what `reader` gives and passes it through `processor`.
    pub fn new<P: Process + ?Sized>(processor: &P, reader: R) -> Reader<R> {
        Reader {
            source: Source::new(processor, reader),
            ready: Vec::new(),
            given: 0,
        }
    }

    /// The reader underneath. What was read from it and not yet given is lost.
    pub fn into_inner(self) -> R {
        self.source.reader
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !target.is_empty() {
            self.ready.clear();
            self.given = 0;
            if !self.source.next_piece(&mut self.ready)? {
                return Ok(0);
            }
        }
        let length = target.len().min(self.ready.len() - self.given);
        target[..length].copy_from_slice(&self.ready[self.given..][..length]);
        self.given += length;
        Ok(length)
    }
}

/// Converts or normalizes what is written and passes it on.
///
/// [`finish`](Writer::finish) ends the text. A writer that is dropped unfinished passes on what
/// it holds back and ignores errors, as `BufWriter` does.
///
/// # Errors
///
/// The writer underneath may take little, refuse and be tried again: all of the text arrives once
/// and in order, as long as the caller keeps to the contract of [`Write`].
///
/// - An error of [`write`](Write::write) means that no byte was taken. `Ok(n)` means that n were:
///   their output was passed on, or is kept and goes first at the next call.
/// - `write_all` is no success if the writer underneath refused during it, and neither is `flush`
///   or `finish`. Where the writer underneath takes a part of the output and may refuse the rest,
///   `write` leaves the last byte to the next call, in which the error can be told.
/// - An error can still come later than the bytes that caused it, where their output is held back,
///   or where a part of what the very last byte decided was passed on. Only a successful `flush`
///   means that the writer underneath has all that is decided.
///
/// # Complexity
///
/// O(n) for n bytes, also if the writer underneath takes them one by one.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use zhnorm::{Config, Converter};
///
/// let mut writer = zhnorm::io::Writer::new(&Converter::new(Config::S2t), Vec::new());
/// write!(writer, "头")?;
/// write!(writer, "发")?;
/// assert_eq!(writer.finish()?, "頭髮".as_bytes());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer<W: Write> {
    // Taken when the text ends.
    parts: Option<(Running, Outgoing<W>)>,
}

impl<W: Write> Writer<W> {
    /// Passes what is written through `processor` and on to `writer`.
    pub fn new<P: Process + ?Sized>(processor: &P, writer: W) -> Writer<W> {
        let outgoing = Outgoing {
            writer,
            bytes: Vec::new(),
            sent: 0,
            panicked: false,
        };
        Writer {
            parts: Some((processor.start().0, outgoing)),
        }
    }

    /// Ends the text, passes on what was held back, and returns the writer underneath, not
    /// flushed.
    ///
    /// # Errors
    ///
    /// What writing gives, with the writer underneath and the bytes it has not taken.
    pub fn finish(mut self) -> Result<W, FinishError<W>> {
        let (stream, mut outgoing) = self.parts.take().expect(UNFINISHED);
        stream.finish(&mut outgoing.bytes);
        outgoing.finish()
    }

    fn parts(&mut self) -> (&mut Running, &mut Outgoing<W>) {
        let (stream, outgoing) = self.parts.as_mut().expect(UNFINISHED);
        (stream, outgoing)
    }
}

const UNFINISHED: &str = "only finish and drop take it";

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let (stream, outgoing) = self.parts();
        outgoing.send()?;
        let piece = &piece[..piece.len().min(PIECE)];
        let before = stream.clone();
        stream.push(piece, &mut outgoing.bytes);
        if let Err(error) = outgoing.offer() {
            *stream = before;
            outgoing.bytes.clear();
            return Err(error);
        }
        if outgoing.unsent().is_empty() {
            return Ok(piece.len());
        }
        // The writer took a part. If it refuses the rest, an error would say that nothing was
        // taken, and success would hide the refusal. So it is not asked again in this call, and
        // the last byte is left to the next one. Only where that byte decided what has already
        // gone out must it be taken now.
        let (stream_of_all, all) = (mem::replace(stream, before), mem::take(&mut outgoing.bytes));
        let (_, but_last) = piece.split_last().expect("no output without input");
        stream.push(but_last, &mut outgoing.bytes);
        if outgoing.bytes.len() >= outgoing.sent {
            return Ok(but_last.len());
        }
        *stream = stream_of_all;
        outgoing.bytes = all;
        Ok(piece.len())
    }

    /// Passes on all that is decided and flushes the writer underneath. What later bytes could
    /// still change stays held back.
    fn flush(&mut self) -> io::Result<()> {
        let (_, outgoing) = self.parts();
        outgoing.send()?;
        outgoing.writer.flush()
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        let Some((stream, mut outgoing)) = self.parts.take() else {
            return;
        };
        // How much a writer took before it panicked is not known.
        if !outgoing.panicked {
            stream.finish(&mut outgoing.bytes);
            let _ = outgoing.send();
        }
    }
}

/// A writer and what is on the way to it.
#[derive(Debug)]
struct Outgoing<W> {
    writer: W,
    bytes: Vec<u8>,
    /// How many of the bytes the writer has taken.
    sent: usize,
    /// Whether the writer panicked when it was offered some.
    panicked: bool,
}

impl<W> Outgoing<W> {
    fn unsent(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }
}

impl<W: Write> Outgoing<W> {
    /// Offers what is unsent until the writer takes some of it or refuses.
    fn offer(&mut self) -> io::Result<()> {
        while !self.unsent().is_empty() {
            self.panicked = true;
            let result = self.writer.write(&self.bytes[self.sent..]);
            self.panicked = false;
            match result {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(length) => {
                    self.sent += length;
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn send(&mut self) -> io::Result<()> {
        while !self.unsent().is_empty() {
            self.offer()?;
        }
        self.bytes.clear();
        self.sent = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<W, FinishError<W>> {
        match self.send() {
            Ok(()) => Ok(self.writer),
            Err(error) => Err(FinishError {
                error,
                outgoing: self,
            }),
        }
    }
}

/// A text that ended and could not be passed on to its end; made by [`Writer::finish`].
///
/// Nothing is lost: [`retry`](FinishError::retry) tries again, and
/// [`into_parts`](FinishError::into_parts) gives the writer underneath and the bytes it has not
/// taken. `?` turns it into an [`io::Error`] and drops both.
///
/// # Examples
///
/// ```
/// use std::io::{ErrorKind, Write};
/// use zhnorm::{Config, Converter};
///
/// // A disk with room for four bytes.
/// let mut disk = [0; 4];
/// let mut writer = zhnorm::io::Writer::new(&Converter::new(Config::S2t), &mut disk[..]);
/// writer.write_all("头发".as_bytes())?;
/// let error = writer.finish().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::WriteZero);
/// let (_, _, unsent) = error.into_parts();
/// assert_eq!([&disk[..], &unsent].concat(), "頭髮".as_bytes());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct FinishError<W> {
    error: io::Error,
    outgoing: Outgoing<W>,
}

impl<W> FinishError<W> {
    /// What kind of error the writer underneath gave.
    pub fn kind(&self) -> io::ErrorKind {
        self.error.kind()
    }

    /// What the writer underneath gave.
    pub fn error(&self) -> &io::Error {
        &self.error
    }

    /// The error, the writer underneath, and the converted bytes that it has not taken.
    pub fn into_parts(self) -> (io::Error, W, Vec<u8>) {
        let Outgoing {
            writer,
            mut bytes,
            sent,
            ..
        } = self.outgoing;
        bytes.drain(..sent);
        (self.error, writer, bytes)
    }
}

impl<W: Write> FinishError<W> {
    /// Tries again to pass on the bytes that the writer underneath has not taken.
    ///
    /// # Errors
    ///
    /// As [`Writer::finish`].
    pub fn retry(self) -> Result<W, FinishError<W>> {
        self.outgoing.finish()
    }
}

// By hand, so that any writer will do.
impl<W> fmt::Debug for FinishError<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FinishError")
            .field("error", &self.error)
            .field("unsent", &self.outgoing.unsent().len())
            .finish_non_exhaustive()
    }
}

impl<W> fmt::Display for FinishError<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<W> Error for FinishError<W> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl<W> From<FinishError<W>> for io::Error {
    fn from(error: FinishError<W>) -> io::Error {
        error.error
    }
}

/// A reader with the stream its bytes pass through.
#[derive(Debug)]
struct Source<R> {
    reader: R,
    // Taken when the reader's end is reached.
    stream: Option<Running>,
    piece: Box<[u8]>,
}

impl<R: Read> Source<R> {
    fn new<P: Process + ?Sized>(processor: &P, reader: R) -> Source<R> {
        let piece = vec![0; PIECE].into_boxed_slice();
        Source {
            reader,
            stream: Some(processor.start().0),
            piece,
        }
    }

    /// Reads once and appends what that decides to `out`; false when the text has ended before.
    fn next_piece(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        let Some(stream) = &mut self.stream else {
            return Ok(false);
        };
        loop {
            match self.reader.read(&mut self.piece) {
                Ok(0) => break,
                Ok(length) => {
                    stream.push(&self.piece[..length], out);
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(stream) = self.stream.take() {
            stream.finish(out);
        }
        Ok(true)
    }
}
