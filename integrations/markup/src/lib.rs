#![doc = include_str!("../README.md")]

mod epub;
mod error;
mod html;
mod markdown;
mod options;
mod pieces;
mod scopes;
mod subtitles;
mod xml;

use std::io::{Read, Write};

pub use error::{MarkupError, MarkupErrorKind, Place};
pub use options::Options;
pub use pieces::Convert;

/// Converts an HTML document, or a part of one.
///
/// # Errors
///
/// If reading or writing fails, or the input is not UTF-8. All HTML parses.
///
/// # Complexity
///
/// O(n), in memory too. This holds for all kinds of documents.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
/// use zhnorm_markup::{convert_html, Options};
///
/// let html = "<p lang=en>发<p>皇后<b>后</b>面的头<wbr>发 &amp; <kbd>发</kbd>";
/// let mut out = Vec::new();
/// convert_html(&Converter::s2t(), &Options::new(), html.as_bytes(), &mut out)?;
/// let expected = "<p lang=en>发<p>皇后<b>後</b>面的頭<wbr>髮 &amp; <kbd>发</kbd>";
/// assert_eq!(out, expected.as_bytes());
/// # Ok::<(), zhnorm_markup::MarkupError>(())
/// ```
pub fn convert_html<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    through(input, output, |source| {
        Ok(html::convert(converter, options, source))
    })
}

/// Converts an XHTML document.
///
/// # Errors
///
/// If reading or writing fails, the input is not UTF-8, or it is not well-formed. Entities need not be declared.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
/// use zhnorm_markup::{convert_xhtml, Options};
///
/// let s2t = Converter::s2t();
/// let xhtml = "<p>头<![CDATA[发]]>和头&#x53D1;</p>";
/// let mut out = Vec::new();
/// convert_xhtml(&s2t, &Options::new(), xhtml.as_bytes(), &mut out)?;
/// assert_eq!(out, "<p>頭<![CDATA[髮]]>和頭&#x9AEE;</p>".as_bytes());
///
/// let error = convert_xhtml(&s2t, &Options::new(), "<p>发</b>".as_bytes(), &mut out).unwrap_err();
/// assert_eq!(error.place().map(|place| (place.line, place.column)), Some((1, 5)));
/// # Ok::<(), zhnorm_markup::MarkupError>(())
/// ```
pub fn convert_xhtml<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    through(input, output, |source| {
        xml::convert(converter, options, scopes::Vocabulary::Html, source)
    })
}

/// Converts a Markdown document: CommonMark with tables, footnotes, strikethrough, task lists, wiki links, attributes of
/// headings, and metadata at the top.
///
/// # Errors
///
/// If reading or writing fails, or the input is not UTF-8. All Markdown parses.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
/// use zhnorm_markup::{convert_markdown, Options};
///
/// let markdown = "# 头**发**\n\n数\n据在 `头发` 和 <https://里.中国>";
/// let mut out = Vec::new();
/// convert_markdown(&Converter::s2twp(), &Options::new(), markdown.as_bytes(), &mut out)?;
/// assert_eq!(out, "# 頭**髮**\n\n資\n料在 `头发` 和 <https://里.中国>".as_bytes());
/// # Ok::<(), zhnorm_markup::MarkupError>(())
/// ```
pub fn convert_markdown<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    through(input, output, |source| {
        Ok(markdown::convert(converter, options, source))
    })
}

/// Converts SubRip subtitles.
///
/// # Errors
///
/// If reading or writing fails, the input is not UTF-8, there is text before the first cue, or a cue's time is none.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
///
/// let srt = "1\n00:00:01,000 --> 00:00:02,000\n<i>这只鼠\n标</i>\n";
/// let mut out = Vec::new();
/// zhnorm_markup::convert_srt(&Converter::s2twp(), srt.as_bytes(), &mut out)?;
/// assert_eq!(out, "1\n00:00:01,000 --> 00:00:02,000\n<i>這隻滑\n鼠</i>\n".as_bytes());
/// # Ok::<(), zhnorm_markup::MarkupError>(())
/// ```
pub fn convert_srt<C: Convert + ?Sized>(
    converter: &C,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    through(input, output, |source| {
        subtitles::convert_srt(converter, source)
    })
}

/// Converts WebVTT subtitles.
///
/// # Errors
///
/// If reading or writing fails, the input is not UTF-8, does not begin with `WEBVTT`, or a cue has no time.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
/// use zhnorm_markup::{convert_vtt, Options};
///
/// let vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n头<00:01.500>发\n<lang ja>発</lang>\n";
/// let mut out = Vec::new();
/// convert_vtt(&Converter::s2t(), &Options::new(), vtt.as_bytes(), &mut out)?;
/// assert_eq!(out, vtt.replace("头<00:01.500>发", "頭<00:01.500>髮").as_bytes());
/// # Ok::<(), zhnorm_markup::MarkupError>(())
/// ```
pub fn convert_vtt<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    through(input, output, |source| {
        subtitles::convert_vtt(converter, options, source)
    })
}

/// Converts Advanced SubStation Alpha subtitles.
///
/// # Errors
///
/// If reading or writing fails, the input is not UTF-8, a line stands before the first section, or an event has fewer
/// fields than its format.
///
/// # Examples
///
/// ```
/// use zhnorm::Converter;
///
/// let ass = "[Events]\nFormat: Start, Name, Text\nDialogue: 0:00:01.00,里,{\\an8}鼠\\N标\n";
/// let mut out = Vec::new();
/// zhnorm_markup::convert_ass(&Converter::s2twp(), ass.as_bytes(), &mut out)?;
/// assert_eq!(out, ass.replace("鼠\\N标", "滑\\N鼠").as_bytes());
/// # Ok::<(), zhnorm_markup::MarkupError>(())
/// ```
pub fn convert_ass<C: Convert + ?Sized>(
    converter: &C,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    through(input, output, |source| {
        subtitles::convert_ass(converter, source)
    })
}

/// Converts an EPUB: its documents, the titles in its navigation, and its metadata.
///
/// A book in which nothing changes comes back as the bytes it was.
///
/// # Errors
///
/// If reading or writing fails, the archive or the package is broken, or a document is not UTF-8 or not well-formed;
/// the error names the entry.
///
/// # Memory
///
/// The archive, and all documents that change, uncompressed. A document may have 256 MiB.
///
/// # Examples
///
/// ```no_run
/// use std::fs::File;
/// use zhnorm::Converter;
/// use zhnorm_markup::{convert_epub, Options};
///
/// let (book, converted) = (File::open("book.epub")?, File::create("book-tw.epub")?);
/// let options = Options::new().target("zh-TW");
/// convert_epub(&Converter::s2twp(), &options, book, converted)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn convert_epub<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    let converted = epub::convert(converter, options, &read(input)?)?;
    write(output, &converted)
}

/// Reads a document, converts it, and writes it only then.
fn through(
    input: impl Read,
    output: impl Write,
    convert: impl FnOnce(&str) -> Result<String, MarkupError>,
) -> Result<(), MarkupError> {
    let converted = converted(&read(input)?, convert)?;
    write(output, converted.as_bytes())
}

fn read(mut input: impl Read) -> Result<Vec<u8>, MarkupError> {
    let mut document = Vec::new();
    input
        .read_to_end(&mut document)
        .map_err(MarkupError::read)?;
    Ok(document)
}

fn write(mut output: impl Write, document: &[u8]) -> Result<(), MarkupError> {
    let written = output.write_all(document);
    written
        .and_then(|()| output.flush())
        .map_err(MarkupError::write)
}

/// Converts the bytes of a document; a byte order mark stays.
fn converted(
    document: &[u8],
    convert: impl FnOnce(&str) -> Result<String, MarkupError>,
) -> Result<String, MarkupError> {
    let source = std::str::from_utf8(document).map_err(|error| {
        let place = Place::of(document, error.valid_up_to());
        let message = "expected UTF-8, found other bytes";
        MarkupError::new(MarkupErrorKind::Encoding, message).at(place)
    })?;
    match source.strip_prefix('\u{FEFF}') {
        None => convert(source),
        Some(text) => match convert(text) {
            Ok(converted) => Ok(format!("\u{FEFF}{converted}")),
            Err(error) => Err(error.moved('\u{FEFF}'.len_utf8())),
        },
    }
}
