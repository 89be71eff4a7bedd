//! The pieces of a document that are text: found, converted, and put back into their places.
//!
//! A parser adds ranges of the source in their order. Ranges that read as one text are converted together, with
//! whatever lies between them seen through; each gets back what belongs to it. All else of the source is
//! copied, and so is a piece that did not change.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

use quick_xml::escape::resolve_html5_entity;
use zhnorm::Converter;

/// What converts texts that are in several pieces.
pub trait Convert {
    /// Converts a text that is in several pieces as one, and gives what belongs to each: as many as there are
    /// pieces, and one after the other what the whole text becomes.
    fn convert_parts<'t>(&self, parts: &[&'t str]) -> Vec<Cow<'t, str>>;
}

impl Convert for Converter {
    fn convert_parts<'t>(&self, parts: &[&'t str]) -> Vec<Cow<'t, str>> {
        Converter::convert_parts(self, parts)
    }
}

/// How a text is written in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Between the tags of HTML, XML and WebVTT: with references.
    Text,
    /// The value of an attribute, quoted or not.
    Attribute { quoted: bool },
    /// In a CDATA section.
    Cdata,
    /// Markdown, with backslashes.
    Markdown,
    /// As it is.
    Plain,
    /// A reference to a character (`&#x53D1;`).
    Reference { hexadecimal: bool },
    /// What is read as a character that nothing converts.
    Opaque,
}

/// What is read where nothing is known of a character: an object replacement character.
const OPAQUE: &str = "\u{FFFC}";

#[derive(Debug)]
struct Piece<'s> {
    range: Range<usize>,
    /// What it says, or what replaces it.
    text: Cow<'s, str>,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A part of the text with this number.
    Text(usize, Form),
    /// It is replaced.
    Replaced,
    /// It is replaced if one of these pieces changes.
    ReplacedWith(Range<usize>),
}

/// The pieces of a document.
#[derive(Debug)]
pub(crate) struct Pieces<'s> {
    source: &'s str,
    pieces: Vec<Piece<'s>>,
    /// How many texts there are.
    texts: usize,
    /// The text that the next piece continues.
    current: Option<usize>,
    /// The texts around the one that is read beside them, such as a ruby's reading.
    around: Vec<Option<usize>>,
}

impl<'s> Pieces<'s> {
    pub(crate) fn new(source: &'s str) -> Pieces<'s> {
        Pieces {
            source,
            pieces: Vec::new(),
            texts: 0,
            current: None,
            around: Vec::new(),
        }
    }

    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    /// How many pieces there are.
    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Ends the text: what follows is another.
    pub(crate) fn barrier(&mut self) {
        self.current = None;
    }

    /// Begins a text of its own within one that goes on after it.
    pub(crate) fn enter_aside(&mut self) {
        self.around.push(self.current.take());
    }

    /// Ends a text of its own.
    pub(crate) fn leave_aside(&mut self) {
        self.current = self.around.pop().flatten();
    }

    /// Adds a range of the source to the text. Soft line breaks and what is invisible is seen through.
    pub(crate) fn add(&mut self, range: Range<usize>, form: Form) {
        let source = self.source;
        let has_references = matches!(form, Form::Text | Form::Attribute { .. });
        let is_special = |character: char| match character {
            '&' => has_references,
            // A soft hyphen, a zero width space.
            '\n' | '\r' | '\u{AD}' | '\u{200B}' => true,
            _ => false,
        };
        // Where the piece under way starts, and where what is not looked at yet.
        let (mut start, mut at) = (range.start, range.start);
        while let Some(found) = source[at..range.end].find(is_special) {
            let special = at + found;
            let text = &source[special..range.end];
            if text.starts_with('&') {
                let Some((length, written, read)) = reference(text) else {
                    at = special + 1;
                    continue;
                };
                self.add_piece(start..special, form);
                at = special + length;
                start = at;
                if !matches!(&*read, "\u{AD}" | "\u{200B}" | "\n") {
                    self.push(special..at, read, written);
                }
                continue;
            }
            let is_blank = |character: char| matches!(character, ' ' | '\t' | '\n' | '\r');
            let (before, length) = match text.starts_with(['\n', '\r']) {
                true => {
                    let before = source[start..special].trim_end_matches(is_blank).len();
                    (
                        start + before,
                        text.len() - text.trim_start_matches(is_blank).len(),
                    )
                }
                false => (special, text.chars().next().map_or(0, char::len_utf8)),
            };
            self.add_piece(start..before, form);
            at = special + length;
            start = at;
        }
        self.add_piece(start..range.end, form);
    }

    /// Adds a range that is read as a character that nothing converts.
    pub(crate) fn add_opaque(&mut self, range: Range<usize>) {
        self.push(range, Cow::Borrowed(OPAQUE), Form::Opaque);
    }

    /// Adds a text that is read beside the others, such as the value of an attribute.
    pub(crate) fn add_aside(&mut self, range: Range<usize>, form: Form) {
        self.enter_aside();
        self.add(range, form);
        self.leave_aside();
    }

    /// Replaces a range.
    pub(crate) fn replace(&mut self, range: Range<usize>, text: String) {
        let (text, what) = (Cow::Owned(text), What::Replaced);
        self.pieces.push(Piece { range, text, what });
    }

    /// Replaces a range if one of the pieces changes that have these numbers.
    pub(crate) fn replace_with(&mut self, range: Range<usize>, text: String, pieces: Range<usize>) {
        let (text, what) = (Cow::Owned(text), What::ReplacedWith(pieces));
        self.pieces.push(Piece { range, text, what });
    }

    fn add_piece(&mut self, range: Range<usize>, form: Form) {
        let text = &self.source[range.clone()];
        self.push(range, Cow::Borrowed(text), form);
    }

    fn push(&mut self, range: Range<usize>, text: Cow<'s, str>, form: Form) {
        if range.is_empty() {
            return;
        }
        let number = *self.current.get_or_insert_with(|| {
            self.texts += 1;
            self.texts - 1
        });
        let what = What::Text(number, form);
        self.pieces.push(Piece { range, text, what });
    }

    /// Converts the texts and puts them back.
    ///
    /// # Complexity
    ///
    /// O(n).
    pub(crate) fn convert<C: Convert + ?Sized>(self, converter: &C) -> String {
        let mut texts = vec![Vec::new(); self.texts];
        for (number, piece) in self.pieces.iter().enumerate() {
            if let What::Text(text, _) = piece.what {
                texts[text].push(number);
            }
        }
        let mut converted = vec![None; self.pieces.len()];
        for numbers in texts {
            let parts: Vec<&str> = numbers.iter().map(|&n| &*self.pieces[n].text).collect();
            let new = converter.convert_parts(&parts);
            assert_eq!(new.len(), parts.len(), "each part gets what belongs to it");
            for (number, new) in numbers.into_iter().zip(new) {
                if new != self.pieces[number].text {
                    converted[number] = Some(new);
                }
            }
        }
        // How many pieces before each one changed.
        let mut changed = vec![0];
        changed.extend(converted.iter().scan(0, |changed, new| {
            *changed += usize::from(new.is_some());
            Some(*changed)
        }));

        let mut out = String::with_capacity(self.source.len() + self.source.len() / 8);
        let mut at = 0;
        for (piece, new) in self.pieces.iter().zip(&converted) {
            out.push_str(&self.source[at..piece.range.start]);
            at = piece.range.end;
            let source = &self.source[piece.range.clone()];
            match (&piece.what, new) {
                (What::Text(_, form), Some(new)) => write_piece(&mut out, *form, source, new),
                (What::Replaced, _) => out.push_str(&piece.text),
                (What::ReplacedWith(pieces), _) if changed[pieces.start] < changed[pieces.end] => {
                    out.push_str(&piece.text);
                }
                _ => out.push_str(source),
            }
        }
        out.push_str(&self.source[at..]);
        out
    }
}

/// The reference that a text starts with: its length, how it is written, and what it says.
fn reference(text: &str) -> Option<(usize, Form, Cow<'static, str>)> {
    let digits = |text: &str, hexadecimal: bool| {
        let radix = if hexadecimal { 16 } else { 10 };
        text.find(|c: char| !c.is_digit(radix))
            .unwrap_or(text.len())
    };
    let name = &text[1..];
    let Some(number) = name.strip_prefix('#') else {
        let length = name.find(|c: char| !c.is_ascii_alphanumeric())?;
        if length == 0 || !name[length..].starts_with(';') {
            return None;
        }
        return Some(match resolve_html5_entity(&name[..length]) {
            Some(read) => (
                length + 2,
                Form::Reference { hexadecimal: false },
                read.into(),
            ),
            None => (length + 2, Form::Opaque, OPAQUE.into()),
        });
    };
    let hexadecimal = number.starts_with(['x', 'X']);
    let number = &number[usize::from(hexadecimal)..];
    let length = digits(number, hexadecimal);
    if length == 0 {
        return None;
    }
    // HTML reads a reference without its semicolon, too.
    let ends = usize::from(number[length..].starts_with(';'));
    let radix = if hexadecimal { 16 } else { 10 };
    let read = u32::from_str_radix(&number[..length], radix).ok();
    // What stands for a control character is read in its own way.
    let read = read
        .and_then(char::from_u32)
        .filter(|c| !c.is_control() || *c == '\n');
    let length = 2 + usize::from(hexadecimal) + length + ends;
    Some(match read {
        Some(read) => (
            length,
            Form::Reference { hexadecimal },
            read.to_string().into(),
        ),
        None => (length, Form::Opaque, OPAQUE.into()),
    })
}

/// Writes a text that changed, so that it is read as that text.
fn write_piece(out: &mut String, form: Form, source: &str, new: &str) {
    // What tables turn into something that means more than itself is escaped. What stood there before stays.
    let ascii = |text: &str| text.bytes().filter(u8::is_ascii).collect::<Vec<u8>>();
    let keeps_ascii = || ascii(source) == ascii(new) && references(source) == references(new);
    match form {
        // A line that ends where it did not would be another line.
        Form::Plain => out.push_str(&new.replace(['\n', '\r'], " ")),
        Form::Opaque => out.push_str(source),
        Form::Reference { hexadecimal } => {
            for character in new.chars() {
                let number = u32::from(character);
                let written = match hexadecimal {
                    true => write!(out, "&#x{number:X};"),
                    false => write!(out, "&#{number};"),
                };
                written.expect("a string can be written to");
            }
        }
        _ if keeps_ascii() => out.push_str(new),
        Form::Text => escape(out, new, |c| matches!(c, '\n' | '\r')),
        Form::Attribute { quoted: true } => {
            escape(out, new, |c| matches!(c, '"' | '\'' | '\n' | '\r'));
        }
        Form::Attribute { quoted: false } => {
            escape(out, new, |c| {
                c.is_ascii_punctuation() || c.is_ascii_whitespace()
            });
        }
        // The section is left for what could end it.
        Form::Cdata => {
            for character in new.chars() {
                match character {
                    '>' => out.push_str("]]>&gt;<![CDATA["),
                    _ => out.push(character),
                }
            }
        }
        Form::Markdown => {
            for character in new.chars() {
                match character {
                    '\n' | '\r' => write!(out, "&#{};", u32::from(character))
                        .expect("a string can be written to"),
                    _ => {
                        if character.is_ascii_punctuation() {
                            out.push('\\');
                        }
                        out.push(character);
                    }
                }
            }
        }
    }
}

/// How many places there are at which a reference could begin.
fn references(text: &str) -> usize {
    let follows = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#');
    let found = text.match_indices('&');
    found.filter(|(at, _)| follows(&text[at + 1..])).count()
}

/// Writes a text with references instead of `&`, `<`, `>` and what else is special.
fn escape(out: &mut String, text: &str, is_special: impl Fn(char) -> bool) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ if is_special(character) => {
                write!(out, "&#{};", u32::from(character)).expect("a string can be written to")
            }
            _ => out.push(character),
        }
    }
}
