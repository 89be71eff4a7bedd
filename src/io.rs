//! Converting between readers and writers: adapters over [`Stream`].

use std::io::{self, Read, Write};

use crate::converter::Converter;
use crate::stream::Stream;

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// Converts all that `reader` gives into `writer`, and returns how many bytes were written.
///
/// Memory stays constant. The writer is not flushed at the end. Pass `&mut reader` to keep it.
///
/// # Errors
///
/// What reading or writing gives; interrupted reads are tried again.
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
pub fn copy<R: Read, W: Write>(converter: &Converter, reader: R, mut writer: W) -> io::Result<u64> {
    let mut source = Source::new(converter, reader);
    let mut out = Vec::with_capacity(PIECE + converter.max_held());
    let mut written = 0;
    while source.next_piece(&mut out)? {
        writer.write_all(&out)?;
        written += out.len() as u64;
        out.clear();
    }
    Ok(written)
}

/// Reads converted text from a reader of unconverted text.
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
    /// Reads and converts what `reader` gives.
    pub fn new(converter: &Converter, reader: R) -> Reader<R> {
        Reader {
            source: Source::new(converter, reader),
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

/// Converts what is written and passes it on.
///
/// [`finish`](Writer::finish) ends the text. A writer that is dropped unfinished passes on what
/// it holds back and ignores errors, as `BufWriter` does.
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
    parts: Option<(Stream, W)>,
    // Converted and not yet accepted by the writer underneath.
    ready: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Converts what is written and passes it to `writer`.
    pub fn new(converter: &Converter, writer: W) -> Writer<W> {
        Writer {
            parts: Some((converter.stream(), writer)),
            ready: Vec::new(),
        }
    }

    /// Ends the text, passes on what was held back, and returns the writer underneath, not
    /// flushed.
    ///
    /// # Errors
    ///
    /// What writing gives.
    pub fn finish(mut self) -> io::Result<W> {
        let (stream, mut writer) = self.parts.take().expect("only finish and drop take it");
        stream.finish(&mut self.ready);
        writer.write_all(&self.ready)?;
        Ok(writer)
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let (_, writer) = self.parts.as_mut().expect("only finish and drop take it");
        while !self.ready.is_empty() {
            match writer.write(&self.ready) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(length) => drop(self.ready.drain(..length)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // What an earlier error left must go first; only then is the new piece taken, so that a
        // caller who tries again writes nothing twice.
        self.pass_on()?;
        let (stream, _) = self.parts.as_mut().expect("only finish and drop take it");
        let piece = &piece[..piece.len().min(PIECE)];
        stream.push(piece, &mut self.ready);
        // The piece is taken all the same: an error here comes again at the next call, or from
        // `flush` or `finish`, since what could not be written is still there.
        let _ = self.pass_on();
        Ok(piece.len())
    }

    /// Passes on all that is decided and flushes the writer underneath. What later bytes could
    /// still change stays held back.
    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()?;
        let (_, writer) = self.parts.as_mut().expect("only finish and drop take it");
        writer.flush()
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        // A panic in the writer underneath must not be followed by another write to it.
        if std::thread::panicking() {
            return;
        }
        if let Some((stream, mut writer)) = self.parts.take() {
            stream.finish(&mut self.ready);
            let _ = writer.write_all(&self.ready);
        }
    }
}

/// A reader with the stream its bytes pass through.
#[derive(Debug)]
struct Source<R> {
    reader: R,
    // Taken when the reader's end is reached.
    stream: Option<Stream>,
    piece: Box<[u8]>,
}

impl<R: Read> Source<R> {
    fn new(converter: &Converter, reader: R) -> Source<R> {
        let piece = vec![0; PIECE].into_boxed_slice();
        Source {
            reader,
            stream: Some(converter.stream()),
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
