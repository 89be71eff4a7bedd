//! HTML, as html5gum reads it: any text is a document.
//!
//! The tokenizer gives the places of tags and texts. What it does not know is which elements
//! are open. Here end tags that may be left out are supplied as the standard says (section 13.1.2.4, "Optional
//! tags", and the insertion modes they come from), because a `lang` must not reach further than its element.
//! Formatting elements that are closed in the wrong order are closed with all that is in them.

use std::collections::HashMap;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use crate::options::Options;
use crate::pieces::{Convert, Form, Pieces};
use crate::scopes::{Attribute, Scopes, Vocabulary};

/// Converts an HTML document, or a part of one.
pub(crate) fn convert<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    source: &str,
) -> String {
    let mut pieces = Pieces::new(source);
    Html::new(options).read(&mut pieces, 0..source.len());
    pieces.convert(converter)
}

/// Elements without an end.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
];

/// Elements that end a paragraph.
const ENDS_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
    "xmp",
];

/// Elements whose ends a part of a ruby supplies.
const IMPLIED: &[&str] = &[
    "dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc",
];

const HEADINGS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6"];

/// Elements that are not drawing or formula, and end one they stand in.
const ENDS_FOREIGN: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

/// Elements of a drawing or formula that have HTML in them.
const HOLDS_HTML: &[&str] = &[
    "annotation-xml",
    "desc",
    "foreignobject",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "title",
];

/// Elements that an end tag within them does not reach beyond.
const SCOPE: &[&str] = &[
    "applet", "caption", "html", "marquee", "object", "table", "td", "template", "th",
];

/// Other elements within which an item of a list is another list's.
const SPECIAL: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "center",
    "dd",
    "details",
    "dir",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "iframe",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "pre",
    "search",
    "section",
    "select",
    "summary",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// What an end tag does not reach beyond.
#[derive(Clone, Copy, Debug)]
enum Bound {
    General,
    /// Of a paragraph.
    Button,
    /// Of the end of an item of a list.
    Item,
    /// Of the start of one.
    List,
    /// Of a row or a cell.
    Table,
    /// Of what is no formatting.
    Special,
}

#[derive(Debug)]
struct Open {
    name: Box<str>,
    /// The innermost element of each [`Bound`], from this one outwards.
    bounds: [Option<usize>; 6],
}

/// Reads HTML; in one piece, or in several that belong together.
#[derive(Debug)]
pub(crate) struct Html<'o> {
    scopes: Scopes<'o>,
    open: Vec<Open>,
    /// Where the elements of a name are in `open`.
    places: HashMap<Box<str>, Vec<usize>>,
    /// Whether this is in a `noscript`. One within another is left alone, so that they cannot nest without end.
    is_noscript: bool,
}

/// A tag, text, comment or declaration.
struct Token {
    range: Range<usize>,
    kind: Kind,
}

enum Kind {
    Start {
        name: String,
        attributes: Vec<(String, Range<usize>)>,
        is_empty: bool,
    },
    End(String),
    Text,
    Other,
}

impl<'o> Html<'o> {
    pub(crate) fn new(options: &'o Options) -> Html<'o> {
        Html {
            scopes: Scopes::new(options, Vocabulary::Html),
            open: Vec::new(),
            places: HashMap::new(),
            is_noscript: false,
        }
    }

    /// Reads a range of the source.
    pub(crate) fn read(&mut self, pieces: &mut Pieces<'_>, range: Range<usize>) {
        let source = &pieces.source()[range.clone()];
        let mut tag = None;
        let mut emitter = CallbackEmitter::new(move |event: CallbackEvent<'_>, span: Span| {
            token(event, span, &mut tag)
        });
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(source, emitter) {
            let Ok(Token { range: place, kind }) = token;
            let place = range.start + place.start..range.start + place.end;
            match kind {
                Kind::Start {
                    name,
                    attributes,
                    is_empty,
                } => {
                    let shifted =
                        |value: &Range<usize>| range.start + value.start..range.start + value.end;
                    let attributes: Vec<Attribute<'_>> = attributes
                        .iter()
                        .map(|(name, value)| Attribute {
                            name,
                            value: shifted(value),
                        })
                        .collect();
                    self.start(pieces, &name, &attributes, is_empty);
                }
                Kind::End(name) => self.end(pieces, &name),
                Kind::Text => self.between_tags(pieces, place),
                Kind::Other => {}
            }
        }
    }

    /// Adds a text that is not written as HTML is.
    pub(crate) fn text(&self, pieces: &mut Pieces<'_>, range: Range<usize>, form: Form) {
        self.scopes.text(pieces, range, form);
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes elements until so many are open.
    pub(crate) fn close_to(&mut self, pieces: &mut Pieces<'_>, depth: usize) {
        while self.open.len() > depth {
            let Some(Open { name, .. }) = self.open.pop() else {
                return;
            };
            if let Some(places) = self.places.get_mut(&name) {
                places.pop();
            }
            self.scopes.close(pieces);
        }
    }

    fn between_tags(&mut self, pieces: &mut Pieces<'_>, range: Range<usize>) {
        // The tokenizer takes it for text, as a browser does that runs scripts. People without scripts read it.
        let is_markup = self
            .open
            .last()
            .is_some_and(|open| &*open.name == "noscript");
        if !is_markup || range.is_empty() {
            return self.text(pieces, range, Form::Text);
        }
        if !self.is_noscript && self.scopes.converts() {
            let mut inner = Html::new(self.scopes.options());
            inner.is_noscript = true;
            inner.read(pieces, range);
            inner.close_to(pieces, 0);
            pieces.barrier();
        }
    }

    fn start(
        &mut self,
        pieces: &mut Pieces<'_>,
        name: &str,
        attributes: &[Attribute<'_>],
        is_empty: bool,
    ) {
        if ENDS_FOREIGN.contains(&name) {
            self.close_foreign(pieces);
        }
        // What is in a drawing or formula is part of it, whatever its name.
        let is_within = self.foreign().is_some();
        if !is_within {
            self.close_before(pieces, name);
        }
        let is_foreign = is_within || matches!(name, "svg" | "math");
        let is_empty = VOID.contains(&name) || is_empty && is_foreign;
        self.scopes.open(pieces, name, attributes, is_empty);
        if is_empty {
            return;
        }
        let here = self.open.len();
        let mut bounds = self.open.last().map_or([None; 6], |open| open.bounds);
        let is_scope = !is_within && SCOPE.contains(&name);
        let is_special = is_scope || !is_within && SPECIAL.contains(&name);
        let ends = [
            (Bound::General, is_scope),
            (Bound::Button, is_scope || name == "button"),
            (Bound::Item, is_scope || matches!(name, "ol" | "ul")),
            (Bound::List, is_special),
            (Bound::Table, matches!(name, "table" | "template" | "html")),
            (
                Bound::Special,
                is_special || !is_within && matches!(name, "p" | "div" | "address"),
            ),
        ];
        for (bound, is_end) in ends {
            if is_end {
                bounds[bound as usize] = Some(here);
            }
        }
        let name: Box<str> = name.into();
        self.places.entry(name.clone()).or_default().push(here);
        self.open.push(Open { name, bounds });
    }

    fn end(&mut self, pieces: &mut Pieces<'_>, name: &str) {
        if matches!(name, "p" | "br") {
            self.close_foreign(pieces);
        }
        let bound = match name {
            "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small"
            | "strike" | "strong" | "tt" | "u" => Bound::General,
            "p" => Bound::Button,
            "li" => Bound::Item,
            "table" | "tbody" | "tfoot" | "thead" | "tr" | "td" | "th" | "caption" => Bound::Table,
            _ if SCOPE.contains(&name) || SPECIAL.contains(&name) => Bound::General,
            "div" | "address" => Bound::General,
            _ => Bound::Special,
        };
        let place = match HEADINGS.contains(&name) {
            // The end of one heading ends another.
            true => HEADINGS
                .iter()
                .filter_map(|name| self.innermost(name, bound))
                .max(),
            false => self.innermost(name, bound),
        };
        match place {
            Some(place) => self.close_to(pieces, place),
            // Of these, a browser makes an element.
            None if matches!(name, "p" | "br") => pieces.barrier(),
            None => {}
        }
    }

    /// Closes what a start tag closes.
    fn close_before(&mut self, pieces: &mut Pieces<'_>, name: &str) {
        let items: &[&str] = match name {
            "li" => &["li"],
            "dd" | "dt" => &["dd", "dt"],
            _ => &[],
        };
        self.close_any(pieces, items, Bound::List);
        if ENDS_PARAGRAPH.contains(&name) {
            self.close_any(pieces, &["p"], Bound::Button);
        }
        let parts: &[&str] = match name {
            "td" | "th" => &["td", "th"],
            "tr" => &["tr", "td", "th"],
            "tbody" | "tfoot" | "thead" | "caption" | "colgroup" => &[
                "caption", "colgroup", "tbody", "tfoot", "thead", "tr", "td", "th",
            ],
            _ => &[],
        };
        self.close_any(pieces, parts, Bound::Table);
        let is_ruby = self.innermost("ruby", Bound::General).is_some();
        let innermost: &[&str] = match name {
            "option" => &["option"],
            "optgroup" => &["option", "optgroup"],
            "rb" | "rtc" if is_ruby => IMPLIED,
            // The last one is `rtc`, which holds these.
            "rp" | "rt" if is_ruby => &IMPLIED[..IMPLIED.len() - 1],
            _ if HEADINGS.contains(&name) => HEADINGS,
            "body" => &["head"],
            _ => &[],
        };
        while let Some(Open { name, .. }) = self.open.last() {
            if !innermost.contains(&&**name) {
                break;
            }
            self.close_to(pieces, self.open.len() - 1);
        }
    }

    /// Closes the outermost of these elements that is within the bound.
    fn close_any(&mut self, pieces: &mut Pieces<'_>, names: &[&str], bound: Bound) {
        // Each is open at most once within the bound, but for what malformed documents nest.
        let places = names.iter().filter_map(|name| self.innermost(name, bound));
        if let Some(place) = places.min() {
            self.close_to(pieces, place);
        }
    }

    /// The drawing or formula that this is in, the outermost within what has HTML in it.
    fn foreign(&self) -> Option<usize> {
        let places = |name: &&str| self.places.get(*name);
        ["svg", "math"].iter().find_map(places)?;
        let last = HOLDS_HTML
            .iter()
            .filter_map(places)
            .filter_map(|places| places.last());
        let html = last.max().copied();
        let first = ["svg", "math"]
            .iter()
            .filter_map(places)
            .filter_map(|places| {
                let within = places.partition_point(|&place| Some(place) < html);
                places.get(within)
            });
        first.min().copied()
    }

    fn close_foreign(&mut self, pieces: &mut Pieces<'_>) {
        if let Some(place) = self.foreign() {
            self.close_to(pieces, place);
        }
    }

    /// The innermost open element of this name, if no bound is between.
    fn innermost(&self, name: &str, bound: Bound) -> Option<usize> {
        let place = *self.places.get(name)?.last()?;
        let bounds = self.open.last()?.bounds;
        // An element that is a bound itself can be closed.
        bounds[bound as usize]
            .is_none_or(|bound| place >= bound)
            .then_some(place)
    }
}

/// What the tokenizer tells, as a token once it is whole.
fn token(event: CallbackEvent<'_>, span: Span, tag: &mut Option<Token>) -> Option<Token> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let range = span.start..span.end;
    let kind = match event {
        CallbackEvent::OpenStartTag { name } => {
            let kind = Kind::Start {
                name: text(name),
                attributes: Vec::new(),
                is_empty: false,
            };
            *tag = Some(Token { range, kind });
            return None;
        }
        CallbackEvent::AttributeName { name } => {
            if let Some(Kind::Start { attributes, .. }) = tag.as_mut().map(|tag| &mut tag.kind) {
                attributes.push((text(name), span.end..span.end));
            }
            return None;
        }
        CallbackEvent::AttributeValue { .. } => {
            if let Some(Kind::Start { attributes, .. }) = tag.as_mut().map(|tag| &mut tag.kind) {
                if let Some((_, value)) = attributes.last_mut() {
                    *value = range;
                }
            }
            return None;
        }
        CallbackEvent::CloseStartTag { self_closing } => {
            let mut token = tag.take()?;
            token.range.end = span.end;
            if let Kind::Start { is_empty, .. } = &mut token.kind {
                *is_empty = self_closing;
            }
            return Some(token);
        }
        CallbackEvent::EndTag { name } => Kind::End(text(name)),
        CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => Kind::Other,
        CallbackEvent::String { .. } => {
            return Some(Token {
                range,
                kind: Kind::Text,
            })
        }
        CallbackEvent::Error(_) => return None,
    };
    *tag = None;
    Some(Token { range, kind })
}
