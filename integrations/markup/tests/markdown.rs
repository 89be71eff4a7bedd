//! Markdown.

mod common;

use common::{all, convert, convert_with, empty, error, hostile, in_two, Function, WORDS};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Extensions, Parser, TextMergeStream};
use zhnorm::Converter;
use zhnorm_markup::{convert_markdown, MarkupErrorKind, Options};

const MARKDOWN: Function =
    |converter, options, input, output| convert_markdown(converter, options, input, output);

const SAMPLES: &[&str] = &[
    include_str!("samples/article.md"),
    include_str!("samples/links.md"),
    include_str!("samples/table.md"),
    include_str!("samples/html.md"),
    include_str!("samples/plain.md"),
];

fn markdown(source: &str) -> String {
    convert(MARKDOWN, &Converter::s2twp(), source)
}

#[test]
fn a_word_goes_on_through_soft_breaks_and_marks() {
    let between = [
        ("", "\n", ""),
        ("", "\r\n", ""),
        ("", "**", "**"),
        ("*", "*", ""),
        ("", "~~", "~~"),
        ("", "<b>", "</b>"),
        ("", "<wbr>", ""),
        ("", "[", "](x)"),
        ("[", "](x)", ""),
        ("> ", "\n> ", ""),
        ("- ", "\n  ", ""),
        ("# ", "*", "*"),
        ("", "<!-- 头 -->", ""),
    ];
    for converter in all() {
        for [first, second] in WORDS {
            let [one, two] = in_two(&converter, first, second);
            // An emphasis of nothing is none.
            if two.is_empty() {
                continue;
            }
            for (before, within, after) in between {
                let source = format!("{before}{first}{within}{second}{after}");
                let expected = format!("{before}{one}{within}{two}{after}");
                assert_eq!(convert(MARKDOWN, &converter, &source), expected);
            }
        }
    }
}

#[test]
fn a_word_ends_at_blocks_and_what_is_left_alone() {
    for within in [
        "\n\n",
        "`x`",
        "  \n",
        "\\\n",
        "![](x)",
        "<br>",
        "\n- ",
        "\n***\n",
        "<https://x.org>",
        "\n\n```\n头\n```\n\n",
    ] {
        assert_eq!(markdown(&format!("头{within}发")), format!("頭{within}發"));
    }
    for source in [
        "`头发`",
        "    头发",
        "~~~里\n头发\n~~~",
        "<https://里.中国/头发>",
        "[](头发)",
        "[x]: 头发 '里'",
        "[[头发]]",
        "---\ntitle: 头\n---\n",
    ] {
        assert_eq!(markdown(source), source);
    }
}

#[test]
fn a_label_that_is_the_text_of_its_link_is_kept() {
    let end = "\n\n[头发]: x\n[a]: y";
    let cases = [
        ("[头发]", "[頭髮][头发]"),
        ("[头发][]", "[頭髮][头发]"),
        ("![头发]", "![頭髮][头发]"),
        ("![头发][]", "![頭髮][头发]"),
        ("[里][头发]", "[裡][头发]"),
        ("[a] [a][] 里", "[a] [a][] 裡"),
        ("[![头发]](x)", "[![頭髮][头发]](x)"),
        ("[头发](里)", "[頭髮](里)"),
    ];
    for (source, expected) in cases {
        assert_eq!(
            markdown(&format!("{source}{end}")),
            format!("{expected}{end}")
        );
    }
}

#[test]
fn references_and_escapes_stay() {
    assert_eq!(markdown("头&#x53D1;和头&#21457;"), "頭&#x9AEE;和頭&#39662;");
    assert_eq!(
        markdown("\\*头&amp;发\\*&nbsp;A & B&T"),
        "\\*頭&amp;發\\*&nbsp;A & B&T"
    );
    assert_eq!(
        markdown("|头\\|发|里\\|\n|-|-|\n|里\\||x|"),
        "|頭\\|發|裡\\|\n|-|-|\n|裡\\||x|"
    );
}

/// What a document says: its events with Chinese characters left out, the texts as one.
fn events(source: &str) -> Vec<String> {
    // Those that the crate documents: another dialect may find other links.
    let options = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_HEADING_ATTRIBUTES
        | Extensions::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Extensions::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Extensions::ENABLE_WIKILINKS;
    let events = TextMergeStream::new(Parser::new_ext(source, options));
    let events = events.map(|event| match event {
        Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => format!("link {dest_url}"),
        Event::Start(pulldown_cmark::Tag::Image { dest_url, .. }) => format!("image {dest_url}"),
        event => format!("{event:?}")
            .chars()
            .filter(char::is_ascii)
            .collect(),
    });
    events.collect()
}

#[test]
fn only_text_changes() {
    for converter in all() {
        for source in SAMPLES {
            let converted = convert(MARKDOWN, &converter, source);
            assert_eq!(events(source), events(&converted), "{converted}");
        }
    }
}

#[test]
fn without_tables_every_byte_stays() {
    for source in SAMPLES {
        assert_eq!(convert(MARKDOWN, &empty(), source), *source);
    }
}

#[test]
fn samples_become_what_is_expected() {
    let expected = [
        include_str!("samples/article.s2twp.md"),
        include_str!("samples/links.s2twp.md"),
        include_str!("samples/table.s2twp.md"),
        include_str!("samples/html.s2twp.md"),
        include_str!("samples/plain.s2twp.md"),
    ];
    let options = Options::new().target("zh-TW");
    for (source, expected) in SAMPLES.iter().zip(expected) {
        assert_eq!(
            convert_with(MARKDOWN, &Converter::s2twp(), &options, source),
            expected
        );
    }
}

#[test]
fn what_tables_make_does_not_become_markup() {
    let made = "<b>&amp;\"'`*_[x](y)|]]>\\{";
    for source in ["甲", "*甲*", "# 甲", "[甲](x)", "|甲|\n|-|", "- 甲"] {
        let converted = convert(MARKDOWN, &hostile(), source);
        let mut texts =
            TextMergeStream::new(Parser::new_ext(&converted, Extensions::ENABLE_TABLES));
        let found = texts.any(|event| matches!(event, Event::Text(text) if *text == *made));
        assert!(found, "{converted}");
    }
}

#[test]
fn other_encodings_are_refused() {
    assert_eq!(
        error(MARKDOWN, b"\xB7\xA2").kind(),
        MarkupErrorKind::Encoding
    );
}

const PARTS: &[&str] = &[
    "头",
    "发",
    "鼠标",
    "\n",
    "\n\n",
    "\r\n",
    "*",
    "**",
    "_",
    "`",
    "[",
    "]",
    "(x)",
    "[]",
    "<b>",
    "</b>",
    "<div lang=en>",
    "</div>",
    "> ",
    "- ",
    "1. ",
    "# ",
    "|",
    "\n|-|-|\n",
    "    ",
    "\t",
    "&amp;",
    "&#x53D1;",
    "&",
    "\\",
    "~~",
    "![",
    "[[",
    "]]",
    "<!--",
    "-->",
    "<https://x>",
    "\n[头发]: x\n",
    "[^头]",
    "\n[^头]: ",
    "---\n",
    "```\n",
    "<p",
    "{#头}",
    "  \n",
    "\0",
    "<ruby>",
    "<rt>",
    "<script>",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn soup_keeps_its_structure(parts in prop::collection::vec(prop::sample::select(PARTS), 0..16)) {
        let source = parts.concat();
        prop_assert_eq!(&convert(MARKDOWN, &empty(), &source), &source);
        let converted = markdown(&source);
        let references = |text: &str| events(&text.replace("&#x9AEE;", "&#x53D1;").replace("&#x767C;", "&#x53D1;"));
        prop_assert_eq!(references(&source), references(&converted), "{:?} became {:?}", source, converted);
    }
}
