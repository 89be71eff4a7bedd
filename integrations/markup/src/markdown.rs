//! Markdown, as pulldown-cmark reads it: CommonMark with tables, footnotes, strikethrough, task lists, wiki links,
//! attributes of headings, and metadata at the top.
//!
//! HTML within it is read as HTML, so an element's `lang` holds for the Markdown in it.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options as Extensions, Parser, Tag, TagEnd};

use crate::html::Html;
use crate::options::Options;
use crate::pieces::{Convert, Form, Pieces};

/// Converts a Markdown document.
pub(crate) fn convert<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    source: &str,
) -> String {
    let extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_HEADING_ATTRIBUTES
        | Extensions::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Extensions::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Extensions::ENABLE_WIKILINKS;
    let mut markdown = Markdown {
        pieces: Pieces::new(source),
        html: Html::new(options),
        depths: Vec::new(),
        links: Vec::new(),
        left_alone: 0,
    };
    // Lines of HTML that follow each other, to be read in one.
    let mut html: Option<Range<usize>> = None;
    for (event, range) in Parser::new_ext(source, extensions).into_offset_iter() {
        if let Event::Html(_) = event {
            html = match html.take() {
                Some(lines) if lines.end == range.start => Some(lines.start..range.end),
                lines => {
                    markdown.html_lines(lines);
                    Some(range)
                }
            };
            continue;
        }
        markdown.html_lines(html.take());
        markdown.event(event, range);
    }
    markdown.html_lines(html);
    markdown.pieces.convert(converter)
}

/// A link under way.
struct Link {
    kind: LinkType,
    range: Range<usize>,
    /// The number of its first piece.
    first: usize,
}

struct Markdown<'s, 'o> {
    pieces: Pieces<'s>,
    html: Html<'o>,
    /// How many HTML elements were open where each open block began.
    depths: Vec<usize>,
    links: Vec<Link>,
    /// How many of the things around are left alone.
    left_alone: usize,
}

impl Markdown<'_, '_> {
    fn html_lines(&mut self, lines: Option<Range<usize>>) {
        if let Some(lines) = lines {
            self.html.read(&mut self.pieces, lines);
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.left_alone == 0 => {
                let slice = &self.pieces.source()[range.clone()];
                let form = match *text == *slice {
                    true => Form::Markdown,
                    // A reference.
                    false if slice.starts_with('&') => Form::Text,
                    false => Form::Opaque,
                };
                self.html.text(&mut self.pieces, range, form);
            }
            Event::InlineHtml(_) => self.html.read(&mut self.pieces, range),
            Event::Code(_) | Event::HardBreak | Event::Rule => self.pieces.barrier(),
            // A footnote's mark does not part a word, nor does the end of a line.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {}
            Tag::Link { link_type, .. } | Tag::Image { link_type, .. } => {
                if matches!(tag, Tag::Image { .. }) {
                    self.pieces.barrier();
                }
                if is_address(*link_type) {
                    self.left_alone += 1;
                    self.pieces.barrier();
                }
                self.links.push(Link {
                    kind: *link_type,
                    range,
                    first: self.pieces.len(),
                });
            }
            Tag::HtmlBlock => self.pieces.barrier(),
            _ => {
                let is_code = matches!(tag, Tag::CodeBlock(_) | Tag::MetadataBlock(_));
                self.left_alone += usize::from(is_code);
                self.depths.push(self.html.depth());
                self.pieces.barrier();
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            TagEnd::Link | TagEnd::Image => {
                if let Some(link) = self.links.pop() {
                    self.label(&link);
                    if is_address(link.kind) {
                        self.left_alone -= 1;
                        self.pieces.barrier();
                    }
                }
                if tag == TagEnd::Image {
                    self.pieces.barrier();
                }
            }
            TagEnd::HtmlBlock => self.pieces.barrier(),
            _ => {
                let is_code = matches!(tag, TagEnd::CodeBlock | TagEnd::MetadataBlock(_));
                self.left_alone -= usize::from(is_code);
                // What a paragraph opens does not outlive it.
                let depth = self.depths.pop().unwrap_or_default();
                self.html.close_to(&mut self.pieces, depth);
                self.pieces.barrier();
            }
        }
    }

    /// Where a link's text is its label, too, the label is repeated if the text changes: `[头发]` becomes
    /// `[頭髮][头发]`.
    fn label(&mut self, link: &Link) {
        if !matches!(link.kind, LinkType::Shortcut | LinkType::Collapsed) {
            return;
        }
        let pieces = link.first..self.pieces.len();
        let Range { start, end } = link.range;
        let source = self.pieces.source();
        let text = source[start..end].trim_start_matches('!');
        // The parser may or may not count the brackets of `[头发][]` in.
        let is_counted = text.ends_with("][]");
        let label = if is_counted {
            &text[..text.len() - 2]
        } else {
            text
        };
        let inner = &label[1..label.len() - 1];
        match link.kind {
            LinkType::Collapsed if is_counted => {
                self.pieces
                    .replace_with(end - 1..end - 1, inner.to_owned(), pieces);
            }
            LinkType::Collapsed if source[end..].starts_with("[]") => {
                self.pieces
                    .replace_with(end + 1..end + 1, inner.to_owned(), pieces);
            }
            LinkType::Collapsed => {}
            _ => self.pieces.replace_with(end..end, label.to_owned(), pieces),
        }
    }
}

/// Whether a link's text is where it leads.
fn is_address(kind: LinkType) -> bool {
    let is_page = matches!(kind, LinkType::WikiLink { has_pothole: false });
    is_page || matches!(kind, LinkType::Autolink | LinkType::Email)
}
