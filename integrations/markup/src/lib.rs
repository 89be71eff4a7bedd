//! Converts the Chinese text of documents, and nothing else of them.
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

/// Converts an HTML document, or a part of one. All HTML parses, so only reading, writing and bytes that are
/// not UTF-8 can fail.
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

/// Converts a Markdown document. All Markdown parses, so only reading, writing and bytes that are not UTF-8 can
/// fail.
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
pub fn convert_ass<C: Convert + ?Sized>(
    converter: &C,
    input: impl Read,
    output: impl Write,
) -> Result<(), MarkupError> {
    through(input, output, |source| {
        subtitles::convert_ass(converter, source)
    })
}

/// Converts an EPUB: its documents, their titles in the navigation, and the metadata.
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
