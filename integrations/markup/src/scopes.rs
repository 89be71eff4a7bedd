//! What the elements around a text say of it: whether it is converted, and where it ends.

use std::ops::Range;

use crate::options::Options;
use crate::pieces::{Form, Pieces};

/// Elements that a text goes on through.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "cite", "data", "del", "dfn", "em",
    "font", "i", "ins", "label", "mark", "nobr", "q", "rb", "ruby", "s", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tspan", "tt", "u", "var", "wbr",
];

/// Names of `meta` elements whose `content` is read by people.
const META: &[&str] = &[
    "abstract",
    "apple-mobile-web-app-title",
    "application-name",
    "author",
    "description",
    "keywords",
    "og:description",
    "og:image:alt",
    "og:site_name",
    "og:title",
    "subject",
    "title",
    "twitter:description",
    "twitter:image:alt",
    "twitter:title",
];

/// Metadata of an EPUB that is prose.
const METADATA: &[&str] = &[
    "contributor",
    "coverage",
    "creator",
    "description",
    "publisher",
    "rights",
    "subject",
    "title",
];

/// Which elements there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// HTML and XHTML.
    Html,
    /// The package document of an EPUB.
    Package,
    /// The navigation of EPUB 2 (NCX).
    Navigation,
}

/// What an element is to the text in it and around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The text goes on through it.
    Inline,
    /// The text ends before it and after it.
    Block,
    /// It is a text of its own beside the one around it: a ruby's reading.
    Aside,
    /// It is not read at all: a ruby's parentheses.
    Hidden,
    /// A block that is left alone.
    LeftAlone,
    /// A block that is converted although what is around it is left alone.
    Text,
    /// It states the language of a whole book.
    Language,
}

/// An attribute: its name in the source's spelling, and where its value is.
#[derive(Debug)]
pub(crate) struct Attribute<'s> {
    pub(crate) name: &'s str,
    pub(crate) value: Range<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Scope {
    role: Role,
    /// Whether it is of a language that is converted, may be translated, and is text.
    language: bool,
    translated: bool,
    is_text: bool,
}

impl Scope {
    fn converts(self) -> bool {
        self.language && self.translated && self.is_text
    }
}

/// The open elements.
#[derive(Debug)]
pub(crate) struct Scopes<'o> {
    options: &'o Options,
    vocabulary: Vocabulary,
    outermost: Scope,
    open: Vec<Scope>,
}

impl<'o> Scopes<'o> {
    pub(crate) fn new(options: &'o Options, vocabulary: Vocabulary) -> Scopes<'o> {
        let outermost = Scope {
            role: Role::Block,
            language: true,
            translated: true,
            is_text: vocabulary == Vocabulary::Html,
        };
        Scopes {
            options,
            vocabulary,
            outermost,
            open: Vec::new(),
        }
    }

    fn current(&self) -> Scope {
        self.open.last().copied().unwrap_or(self.outermost)
    }

    pub(crate) fn options(&self) -> &'o Options {
        self.options
    }

    /// Whether a text here is converted.
    pub(crate) fn converts(&self) -> bool {
        self.current().converts()
    }

    /// Adds a text.
    pub(crate) fn text(&self, pieces: &mut Pieces<'_>, range: Range<usize>, form: Form) {
        let scope = self.current();
        if scope.role == Role::Language {
            let source = &pieces.source()[range.clone()];
            if let Some(target) = self.options.restated(source) {
                let start = range.start + (source.len() - source.trim_start().len());
                pieces.replace(start..start + source.trim().len(), target.to_owned());
            }
        } else if scope.converts() {
            match form {
                Form::Opaque => pieces.add_opaque(range),
                _ => pieces.add(range, form),
            }
        }
    }

    /// Opens an element; one that is empty is closed at once.
    pub(crate) fn open(
        &mut self,
        pieces: &mut Pieces<'_>,
        name: &str,
        attributes: &[Attribute<'_>],
        is_empty: bool,
    ) {
        let outer = self.current();
        let source = pieces.source();
        let role = self.role(source, name, attributes);
        let mut scope = Scope { role, ..outer };
        // `xml:lang` wins; of HTML's repeated attributes, the first.
        let (mut has_language, mut has_xml_language) = (false, false);
        for Attribute { name, value } in attributes {
            let value = &source[value.clone()];
            match *name {
                "xml:lang" => {
                    scope.language = self.options.converts(value);
                    has_xml_language = true;
                }
                "lang" if !has_language && !has_xml_language => {
                    scope.language = self.options.converts(value);
                    has_language = true;
                }
                "translate" => match value {
                    "no" => scope.translated = false,
                    "yes" | "" => scope.translated = true,
                    _ => {}
                },
                _ => {}
            }
        }
        match role {
            Role::LeftAlone | Role::Hidden | Role::Language => scope.is_text = false,
            Role::Text => scope.is_text = true,
            Role::Inline | Role::Block | Role::Aside => {}
        }
        if scope.language && scope.translated {
            let is_read = match self.vocabulary {
                Vocabulary::Html => outer.is_text,
                Vocabulary::Package | Vocabulary::Navigation => role == Role::Text,
            };
            let prose = self.attribute_by_others(source, name, attributes);
            for attribute in attributes {
                self.attribute(pieces, name, attribute, prose, is_read);
            }
        }
        self.pass(pieces, outer, scope, true);
        match is_empty {
            true => self.pass(pieces, outer, scope, false),
            false => self.open.push(scope),
        }
    }

    /// Closes the innermost element.
    pub(crate) fn close(&mut self, pieces: &mut Pieces<'_>) {
        if let Some(scope) = self.open.pop() {
            self.pass(pieces, self.current(), scope, false);
        }
    }

    /// Passes the edge of an element.
    fn pass(&self, pieces: &mut Pieces<'_>, outer: Scope, scope: Scope, enters: bool) {
        match scope.role {
            Role::Aside if enters => pieces.enter_aside(),
            Role::Aside => pieces.leave_aside(),
            Role::Hidden => {}
            Role::Inline if scope.converts() == outer.converts() => {}
            _ => pieces.barrier(),
        }
    }

    /// The attribute of an HTML element that is read by people because of what another one says.
    fn attribute_by_others(
        &self,
        source: &str,
        element: &str,
        attributes: &[Attribute<'_>],
    ) -> Option<&'static str> {
        let (prose, by, known): (_, &[&str], &[&str]) = match (self.vocabulary, element) {
            (Vocabulary::Html, "meta") => ("content", &["name", "property", "itemprop"], META),
            (Vocabulary::Html, "input") => ("value", &["type"], &["button", "submit", "reset"]),
            _ => return None,
        };
        let mut others = attributes.iter().filter(|other| by.contains(&other.name));
        let is_prose = others.any(|other| {
            let value = &source[other.value.clone()];
            known.iter().any(|known| known.eq_ignore_ascii_case(value))
        });
        is_prose.then_some(prose)
    }

    fn attribute(
        &self,
        pieces: &mut Pieces<'_>,
        element: &str,
        attribute: &Attribute<'_>,
        prose: Option<&str>,
        is_read: bool,
    ) {
        let Attribute { name, value } = attribute;
        let source = pieces.source();
        if matches!(*name, "lang" | "xml:lang") {
            let is_restated = is_read || self.vocabulary != Vocabulary::Html;
            let target = self.options.restated(&source[value.clone()]);
            if let Some(target) = target.filter(|_| is_restated) {
                pieces.replace(value.clone(), target.to_owned());
            }
            return;
        }
        let is_prose = match (self.vocabulary, element) {
            (Vocabulary::Html, _) => {
                let mut known = self.options.attributes.iter();
                prose == Some(*name) || known.any(|known| known.eq_ignore_ascii_case(name))
            }
            (_, "meta") => *name == "content",
            (_, "reference") => *name == "title",
            _ => *name == "opf:file-as",
        };
        if is_read && is_prose {
            let before = source.as_bytes()[..value.start].last();
            let quoted = matches!(before, Some(b'"' | b'\''));
            pieces.add_aside(value.clone(), Form::Attribute { quoted });
        }
    }

    fn role(&self, source: &str, name: &str, attributes: &[Attribute<'_>]) -> Role {
        match self.vocabulary {
            Vocabulary::Html => match name {
                _ if self.options.left_alone.iter().any(|known| known == name) => Role::LeftAlone,
                "rt" | "rtc" => Role::Aside,
                "rp" => Role::Hidden,
                _ if INLINE.contains(&name) => Role::Inline,
                _ => Role::Block,
            },
            Vocabulary::Package if name == "language" => Role::Language,
            Vocabulary::Package if METADATA.contains(&name) || name == "reference" => Role::Text,
            Vocabulary::Package if name == "meta" && is_prose(source, attributes) => Role::Text,
            Vocabulary::Navigation if name == "text" => Role::Text,
            Vocabulary::Package | Vocabulary::Navigation => Role::LeftAlone,
        }
    }
}

/// Whether a `meta` of a package is read by people: the keys for sorting, and the names of series.
fn is_prose(source: &str, attributes: &[Attribute<'_>]) -> bool {
    let known = [
        "file-as",
        "belongs-to-collection",
        "calibre:title_sort",
        "calibre:series",
    ];
    attributes.iter().any(|Attribute { name, value }| {
        matches!(*name, "property" | "name") && known.contains(&&source[value.clone()])
    })
}
