//! XHTML, and the XML documents of an EPUB, as quick-xml reads them.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::ops::Range;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::error::MarkupError;
use crate::options::Options;
use crate::pieces::{Convert, Form, Pieces};
use crate::scopes::{Attribute, Scopes, Vocabulary};

/// Converts an XML document.
pub(crate) fn convert<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    vocabulary: Vocabulary,
    source: &str,
) -> Result<String, MarkupError> {
    let mut pieces = Pieces::new(source);
    let mut scopes = Scopes::new(options, vocabulary);
    let mut reader = Reader::from_str(source);
    let mut at = 0;
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut has_root = false;
    loop {
        let event = reader.read_event();
        let event =
            event.map_err(|error| malformed(source, offset(reader.error_position()), error))?;
        let end = offset(reader.buffer_position());
        let range = at..end;
        match event {
            Event::Start(tag) | Event::Empty(tag) if open.is_empty() && has_root => {
                let message = format!("expected the end of the document, found <{}>", name(&tag));
                return Err(MarkupError::syntax(source, at, message));
            }
            Event::Start(tag) => {
                let attributes = attributes(source, &range, &tag)?;
                scopes.open(&mut pieces, local(name(&tag)), &attributes, false);
                open.push((&source[at + 1..at + 1 + name(&tag).len()], at));
                has_root = true;
            }
            Event::Empty(tag) => {
                let attributes = attributes(source, &range, &tag)?;
                scopes.open(&mut pieces, local(name(&tag)), &attributes, true);
                has_root = true;
            }
            Event::End(_) => {
                open.pop();
                scopes.close(&mut pieces);
            }
            Event::Text(_) | Event::GeneralRef(_) if open.is_empty() => {
                let text = &source[range];
                if let Some(found) = text.find(|c: char| !c.is_whitespace()) {
                    let message = "expected the root element, found text outside of it";
                    return Err(MarkupError::syntax(source, at + found, message));
                }
            }
            Event::Text(_) | Event::GeneralRef(_) => scopes.text(&mut pieces, range, Form::Text),
            Event::CData(_) => {
                let text = at + "<![CDATA[".len()..end - "]]>".len();
                scopes.text(&mut pieces, text, Form::Cdata);
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
        at = end;
    }
    if let Some((name, start)) = open.pop() {
        let message = format!("expected </{name}>, found the end of the document");
        return Err(MarkupError::syntax(source, start, message));
    }
    if !has_root {
        let message = "expected an element, found the end of the document";
        return Err(MarkupError::syntax(source, source.len(), message));
    }
    Ok(pieces.convert(converter))
}

/// The attributes of all elements of this name.
pub(crate) fn attributes_of(
    source: &str,
    element: &str,
) -> Result<Vec<HashMap<String, String>>, MarkupError> {
    let mut reader = Reader::from_str(source);
    let mut found = Vec::new();
    loop {
        let at = offset(reader.buffer_position());
        let event = reader.read_event();
        match event.map_err(|error| malformed(source, offset(reader.error_position()), error))? {
            Event::Start(tag) | Event::Empty(tag) if local(name(&tag)) == element => {
                let mut values = HashMap::new();
                for attribute in tag.attributes().with_checks(false) {
                    let attribute = attribute.map_err(|error| malformed(source, at, error))?;
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                    let value = value.map_err(|error| malformed(source, at, error))?;
                    values.insert(attribute.key.0.to_owned(), value.into_owned());
                }
                found.push(values);
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A place the parser tells, which is one of a text in memory.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn malformed(
    source: &str,
    offset: usize,
    error: impl Error + Send + Sync + 'static,
) -> MarkupError {
    MarkupError::syntax(source, offset, "expected well-formed XML").caused_by(error)
}

fn name<'t>(tag: &'t BytesStart<'_>) -> &'t str {
    tag.name().0
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The attributes of a tag that stands in this range.
fn attributes<'t>(
    source: &str,
    range: &Range<usize>,
    tag: &'t BytesStart<'_>,
) -> Result<Vec<Attribute<'t>>, MarkupError> {
    let content: &'t str = tag;
    // After the `<`.
    let start = range.start + 1;
    let mut found = Vec::new();
    let mut names = HashSet::new();
    // The parser compares every name with every other.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| malformed(source, range.start, error))?;
        // The value is a part of the tag.
        let offset = attribute.value.as_ptr() as usize - content.as_ptr() as usize;
        let value = start + offset..start + offset + attribute.value.len();
        if let Some(at) = source[value.clone()].find('<') {
            let message = "expected no < in the value of an attribute";
            return Err(MarkupError::syntax(source, value.start + at, message));
        }
        let name = attribute.key.0;
        if !names.insert(name) {
            let message = format!("expected each attribute once, found {name} twice");
            return Err(MarkupError::syntax(source, range.start, message));
        }
        found.push(Attribute { name, value });
    }
    Ok(found)
}
