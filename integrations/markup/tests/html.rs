//! HTML and XHTML.

mod common;

use common::{all, convert, convert_with, empty, error, hostile, in_two, Function, WORDS};
use proptest::prelude::*;
use quick_xml::events::Event;
use zhnorm::{Config, Converter};
use zhnorm_markup::{convert_html, convert_xhtml, MarkupErrorKind, Options};

const HTML: Function =
    |converter, options, input, output| convert_html(converter, options, input, output);
const XHTML: Function =
    |converter, options, input, output| convert_xhtml(converter, options, input, output);

/// Documents of our own, of several shapes.
const PAGES: &[&str] = &[
    include_str!("samples/article.html"),
    include_str!("samples/fragment.html"),
    include_str!("samples/table.html"),
    include_str!("samples/form.html"),
    include_str!("samples/soup.html"),
];

const BOOKS: &[&str] = &[
    include_str!("samples/chapter.xhtml"),
    include_str!("samples/poem.xhtml"),
    include_str!("samples/notes.xhtml"),
    include_str!("samples/prefixed.xhtml"),
    include_str!("samples/picture.xhtml"),
];

fn html(converter: &Converter, source: &str) -> String {
    convert(HTML, converter, source)
}

/// Both kinds, for what is written the same in both.
fn both(converter: &Converter, source: &str) -> String {
    let converted = html(converter, source);
    let wrapped = convert(XHTML, converter, &format!("<div>{source}</div>"));
    assert_eq!(wrapped, format!("<div>{converted}</div>"));
    converted
}

#[test]
fn a_word_goes_on_through_tags_and_soft_breaks() {
    let between = [
        ("", "<i>", "</i>"),
        ("", "<wbr/>", ""),
        ("", "\n  ", ""),
        ("", " \r\n\t", ""),
        ("<b>", "</b>", ""),
        ("", "<!-- 头 -->", ""),
        ("", "<a href=\"头\"><em>", "</em></a>"),
        ("", "&#8203;", ""),
        ("", "&#xAD;", ""),
    ];
    for converter in all() {
        for [first, second] in WORDS {
            let [one, two] = in_two(&converter, first, second);
            for (before, within, after) in between {
                let source = format!("{before}{first}{within}{second}{after}");
                let expected = format!("{before}{one}{within}{two}{after}");
                assert_eq!(both(&converter, &source), expected, "{converter:?}");
            }
        }
    }
    assert_eq!(both(&Converter::s2twp(), "鼠<i>标</i>"), "滑<i>鼠</i>");
    assert_eq!(both(&Converter::s2twp(), "数<wbr/>据"), "資<wbr/>料");
    assert_eq!(html(&Converter::s2twp(), "数<wbr>据"), "資<wbr>料");
}

#[test]
fn a_word_ends_at_blocks_and_what_is_left_alone() {
    let between = [
        "</p><p>",
        "<br/>",
        "<hr/>",
        "<code>x</code>",
        "<img src=\"x\"/>",
        "<kbd></kbd>",
        "<unknown/>",
        "<i lang=\"en\"></i>",
        "<i translate=\"no\">头</i>",
        "<script>头</script>",
        "<style>头</style>",
    ];
    let converter = Converter::s2t();
    for within in between {
        let source = format!("<p>头{within}发</p>");
        assert_eq!(both(&converter, &source), format!("<p>頭{within}發</p>"));
    }
}

#[test]
fn references_are_characters_and_keep_their_form() {
    let s2twp = Converter::s2twp();
    assert_eq!(both(&s2twp, "头&#x53D1;"), "頭&#x9AEE;");
    assert_eq!(both(&s2twp, "&#22836;&#21457;"), "&#38957;&#39662;");
    assert_eq!(
        both(&s2twp, "A &amp; B&lt;头发&gt;"),
        "A &amp; B&lt;頭髮&gt;"
    );
    assert_eq!(both(&s2twp, "头&amp;发"), "頭&amp;發");
    assert_eq!(
        both(&s2twp, "发&nbsp;头&hellip;&unknown;发"),
        "發&nbsp;頭&hellip;&unknown;發"
    );
    assert_eq!(
        html(&s2twp, "头&#x53D1 AT&T & 头发 &#x110000; &#"),
        "頭&#x9AEE; AT&T & 頭髮 &#x110000; &#"
    );
    assert_eq!(
        html(&s2twp, "<a title=头&#21457;>头</a>"),
        "<a title=頭&#39662;>頭</a>"
    );
}

#[test]
fn sections_of_xhtml_are_text() {
    let s2twp = Converter::s2twp();
    let source = "<p>头<![CDATA[发<b>&amp;]]>和<![CDATA[]]></p>";
    let expected = "<p>頭<![CDATA[髮<b>&amp;]]>和<![CDATA[]]></p>";
    assert_eq!(convert(XHTML, &s2twp, source), expected);
}

#[test]
fn a_reading_stays_with_its_base() {
    let s2twp = Converter::s2twp();
    let source = "<ruby>头<rp>(</rp><rt>里面</rt><rp>)</rp>发<rt>fà</rt></ruby>";
    let expected = "<ruby>頭<rp>(</rp><rt>裡面</rt><rp>)</rp>髮<rt>fà</rt></ruby>";
    assert_eq!(both(&s2twp, source), expected);
    // With the ends of elements left out, as HTML allows.
    let source = "理<ruby>头<rt>tóu<rp>发<rt>里</ruby>发<ruby><rb>鼠<rb>标<rtc><rt>a<rt>b</ruby>";
    let expected = "理<ruby>頭<rt>tóu<rp>发<rt>裡</ruby>髮<ruby><rb>滑<rb>鼠<rtc><rt>a<rt>b</ruby>";
    assert_eq!(html(&s2twp, source), expected);
    for converter in all() {
        for [first, second] in WORDS {
            let [one, two] = in_two(&converter, first, second);
            let source = format!("<ruby>{first}<rt>x</rt>{second}<rt>y</rt></ruby>");
            let expected = format!("<ruby>{one}<rt>x</rt>{two}<rt>y</rt></ruby>");
            assert_eq!(both(&converter, &source), expected, "{converter:?}");
        }
    }
}

#[test]
fn other_languages_are_left_alone() {
    let s2tw = Converter::s2tw();
    let source = r#"<div lang="en" title="头">头<p lang="zh-Hans" title="头">头</p>头</div>头"#;
    let expected = r#"<div lang="en" title="头">头<p lang="zh-Hans" title="頭">頭</p>头</div>頭"#;
    assert_eq!(both(&s2tw, source), expected);
    for tag in [
        "ja",
        "ja-JP",
        "EN",
        "ko",
        "zh-Latn",
        "zh-Latn-pinyin",
        "fr_FR",
    ] {
        let source = format!("<i lang='{tag}'>头</i><i xml:lang='{tag}'>头</i>");
        // HTML does not know `xml:lang`, but whoever writes it means it.
        assert_eq!(both(&s2tw, &source), source);
    }
    for tag in [
        "zh", "zh-CN", "ZH-hans", "zh_CN", "yue", "", "und", "cmn-Hans",
    ] {
        let source = format!("<i lang='{tag}'>头</i>");
        assert_eq!(both(&s2tw, &source), source.replace('头', "頭"));
    }
}

#[test]
fn a_language_ends_where_its_element_ends() {
    let s2t = Converter::s2t();
    let cases = [
        ("<p lang=en>发<p>发", "<p lang=en>发<p>發"),
        (
            "<ul><li lang=en>发<li>发</ul>发",
            "<ul><li lang=en>发<li>發</ul>發",
        ),
        (
            "<li lang=en>发<ul><li>发</ul>发<li>发",
            "<li lang=en>发<ul><li>发</ul>发<li>發",
        ),
        (
            "<dl><dt lang=en>发<dd>发<dt>发</dl>",
            "<dl><dt lang=en>发<dd>發<dt>發</dl>",
        ),
        (
            "<table><tr><td lang=en>发<td>发<tr><td>发</table>",
            "<table><tr><td lang=en>发<td>發<tr><td>發</table>",
        ),
        (
            "<table><thead lang=en><tr><th>发<tbody><tr><td>发</table>",
            "<table><thead lang=en><tr><th>发<tbody><tr><td>發</table>",
        ),
        (
            "<td lang=en><table><tr><td>发</table>发<td>发",
            "<td lang=en><table><tr><td>发</table>发<td>發",
        ),
        (
            "<select><option lang=en>发<option>发</select>",
            "<select><option lang=en>发<option>發</select>",
        ),
        (
            "<p lang=en>发<div>发</div>发</p>发",
            "<p lang=en>发<div>發</div>發</p>發",
        ),
        (
            "<p lang=en>发<button><p>发</button>发",
            "<p lang=en>发<button><p>发</button>发",
        ),
        (
            "<div lang=en>发</span></p></b>发</div>发",
            "<div lang=en>发</span></p></b>发</div>發",
        ),
        (
            "<b lang=en><b>发</b>发</b>发",
            "<b lang=en><b>发</b>发</b>發",
        ),
        (
            "<i lang=en><br>发<img>发<input>发</i>发",
            "<i lang=en><br>发<img>发<input>发</i>發",
        ),
        (
            "<svg lang=en><path/><text>发</text></svg>发",
            "<svg lang=en><path/><text>发</text></svg>發",
        ),
        ("<svg lang=en><p>发", "<svg lang=en><p>發"),
        (
            "<svg lang=en><foreignObject><p>发</p></foreignObject></svg>发",
            "<svg lang=en><foreignObject><p>发</p></foreignObject></svg>發",
        ),
        (
            "<p lang=en><svg><section>发</svg>发",
            "<p lang=en><svg><section>发</svg>发",
        ),
        ("<li><h1 lang=en>发</li>发", "<li><h1 lang=en>发</li>發"),
        ("<h1 lang=en>发</h2>发", "<h1 lang=en>发</h2>發"),
        ("<rt lang=en>发<rt>发", "<rt lang=en>发<rt>发"),
        (
            "<ruby><rt lang=en><p>发<rt>发",
            "<ruby><rt lang=en><p>发<rt>發",
        ),
        ("<div lang=en/>发</div>发", "<div lang=en/>发</div>發"),
        ("<DIV LANG=en>发</DIV>发", "<DIV LANG=en>发</DIV>發"),
    ];
    for (source, expected) in cases {
        assert_eq!(html(&s2t, source), expected, "{source}");
    }
}

#[test]
fn the_language_is_restated_where_it_is_asked_for() {
    let s2tw = Converter::s2tw();
    let options = Options::new().target("zh-TW");
    let source = "<html lang='zh-Hans' xml:lang='zh-CN'><p lang='en'>头</p><p lang=''>头</p><p lang='zh'>头</p></html>";
    let expected = "<html lang='zh-TW' xml:lang='zh-TW'><p lang='en'>头</p><p lang=''>頭</p><p lang='zh-TW'>頭</p></html>";
    for function in [HTML, XHTML] {
        assert_eq!(convert_with(function, &s2tw, &options, source), expected);
        // What is left alone keeps its language.
        let code = "<pre><i lang='zh'>头</i></pre>";
        assert_eq!(convert_with(function, &s2tw, &options, code), code);
    }
}

#[test]
fn options_choose_languages_attributes_and_elements() {
    let source = "<p lang='ja' title='発'>発</p><pre title='発' data-x='発'>発</pre>";
    let jp2t = Converter::new(Config::Jp2t);
    let options = Options::for_config(Config::Jp2t)
        .attributes(["data-x"])
        .left_alone(["p"]);
    let expected = "<p lang='ja' title='発'>発</p><pre title='発' data-x='發'>發</pre>";
    assert_eq!(convert_with(HTML, &jp2t, &options, source), expected);
    let options = Options::for_config(Config::Jp2t);
    let expected = "<p lang='ja' title='發'>發</p><pre title='發' data-x='発'>発</pre>";
    assert_eq!(convert_with(HTML, &jp2t, &options, source), expected);
    let options = Options::new().languages(["en"]);
    let source = "<p lang='en'>发</p><p lang='zh'>发</p>发";
    let expected = "<p lang='en'>發</p><p lang='zh'>发</p>發";
    assert_eq!(
        convert_with(HTML, &Converter::s2t(), &options, source),
        expected
    );
}

#[test]
fn attributes_that_people_read_are_converted() {
    let s2twp = Converter::s2twp();
    let source = r#"<p title='头发' id='头发' class="头发" aria-label="鼠标">头<img alt="里面" src="里"/>发</p>"#;
    let expected = r#"<p title='頭髮' id='头发' class="头发" aria-label="滑鼠">頭<img alt="裡面" src="里"/>發</p>"#;
    assert_eq!(both(&s2twp, source), expected);
    let source = concat!(
        "<meta content='软件' name='Description'/><meta name='x' content='软件'/><meta property='og:title' content='软件'/>",
        "<input type='SUBMIT' value='软件'/><input type='text' value='软件' placeholder='软件'/><textarea placeholder='软件'>软件</textarea>",
        "<code title='软件'><b title='软件'>软件</b></code>"
    );
    let expected = concat!(
        "<meta content='軟體' name='Description'/><meta name='x' content='软件'/><meta property='og:title' content='軟體'/>",
        "<input type='SUBMIT' value='軟體'/><input type='text' value='软件' placeholder='軟體'/><textarea placeholder='軟體'>软件</textarea>",
        "<code title='軟體'><b title='软件'>软件</b></code>"
    );
    assert_eq!(both(&s2twp, source), expected);
    let source = "<a\ttitle = 头发 TITLE=\"头\" ALT=头><img alt=''><img alt><noscript><b title=头发>头<i>发</b></noscript>";
    let expected = "<a\ttitle = 頭髮 TITLE=\"頭\" ALT=頭><img alt=''><img alt><noscript><b title=頭髮>頭<i>髮</b></noscript>";
    assert_eq!(html(&s2twp, source), expected);
}

#[test]
fn elements_nest_as_deep_as_they_like() {
    for tag in [
        "<NOSCRIPT>",
        "<b>",
        "<p lang=en>",
        "<ruby><rt>",
        "<svg><foreignObject>",
        "<table><td>",
    ] {
        let source = format!("头{}头", tag.repeat(50_000));
        assert!(html(&Converter::s2t(), &source).starts_with("頭<"));
    }
    let source = "<b>".repeat(50_000) + "头" + &"</b>".repeat(50_000);
    assert_eq!(both(&Converter::s2t(), &source), source.replace('头', "頭"));
}

#[test]
fn what_tables_make_does_not_become_markup() {
    let written = "甲 &amp; 乙&乙己";
    let read = "<b>&amp;\"'`*_[x](y)|]]>\\{ & amp;&amp;]";
    let source =
        format!("<p title=\"{written}\">{written}</p><p title='甲'><a title=甲乙></a></p>");
    let converted = html(&hostile(), &source);
    assert_eq!(texts_of_html(&converted), [read]);
    let attributes = attributes_of_html(&converted);
    let alone = "<b>&amp;\"'`*_[x](y)|]]>\\{";
    assert_eq!(attributes, [read, alone, &format!("{alone}amp;")]);

    let source = "<p title='甲'>甲&amp;乙<![CDATA[]甲]己>]]></p>";
    let converted = convert(XHTML, &hostile(), source);
    let nodes = nodes(&converted);
    assert_eq!(nodes[0], format!("start p title={alone:?}"));
    assert_eq!(
        nodes[1],
        format!("text {:?}", format!("{alone}&amp;]{alone}]]>"))
    );
}

/// The texts of HTML, as its tokenizer reads them.
fn texts_of_html(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for token in html5gum::Tokenizer::new(source) {
        let Ok(token) = token;
        if let html5gum::Token::String(text) = token {
            texts.push(String::from_utf8_lossy(&text.value).into_owned());
        }
    }
    texts
}

fn attributes_of_html(source: &str) -> Vec<String> {
    let mut values = Vec::new();
    for token in html5gum::Tokenizer::new(source) {
        let Ok(token) = token;
        if let html5gum::Token::StartTag(tag) = token {
            let read = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
            values.extend(tag.attributes.values().map(|value| read(&value.value)));
        }
    }
    values
}

/// The nodes of XHTML; texts that stand side by side are one.
fn nodes(source: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(source);
    let mut nodes = Vec::new();
    let mut text = String::new();
    let mut say = |text: &mut String, node: Option<String>| {
        if !text.is_empty() {
            nodes.push(format!("text {text:?}"));
            text.clear();
        }
        nodes.extend(node);
    };
    loop {
        match reader.read_event().expect("it parses") {
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(part) => match part.resolve_char_ref().expect("a character") {
                Some(character) => text.push(character),
                None => match quick_xml::escape::resolve_html5_entity(&part) {
                    Some(read) => text.push_str(read),
                    None => text.push_str(&format!("&{};", &*part)),
                },
            },
            Event::Start(tag) | Event::Empty(tag) => {
                let mut node = format!("start {}", tag.name().0);
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("an attribute");
                    let value = attribute
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .expect("a value");
                    node += &format!(" {}={value:?}", attribute.key.0);
                }
                say(&mut text, Some(node));
            }
            Event::End(tag) => say(&mut text, Some(format!("end {}", tag.name().0))),
            Event::Eof => break,
            event => say(&mut text, Some(format!("{event:?}"))),
        }
    }
    say(&mut text, None);
    nodes
}

/// What of a document no conversion touches: its ASCII characters, but for the numbers of references.
fn skeleton(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split("&#");
    out.extend(parts.next());
    for part in parts {
        let digits = part.strip_prefix('x').unwrap_or(part);
        out += "&#";
        out += digits.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out.retain(|character| character.is_ascii());
    out
}

#[test]
fn only_text_changes() {
    for converter in all() {
        for source in BOOKS {
            let converted = convert(XHTML, &converter, source);
            let (before, after) = (nodes(source), nodes(&converted));
            assert_eq!(before.len(), after.len());
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(skeleton(before), skeleton(after));
            }
        }
        for source in PAGES {
            let converted = html(&converter, source);
            assert_eq!(skeleton(source), skeleton(&converted));
        }
    }
}

#[test]
fn samples_become_what_is_expected() {
    let s2twp = Converter::s2twp();
    let options = Options::new().target("zh-TW");
    for (source, expected) in [
        (PAGES[0], include_str!("samples/article.s2twp.html")),
        (PAGES[4], include_str!("samples/soup.s2twp.html")),
    ] {
        assert_eq!(convert_with(HTML, &s2twp, &options, source), expected);
    }
    let expected = include_str!("samples/chapter.s2twp.xhtml");
    assert_eq!(convert_with(XHTML, &s2twp, &options, BOOKS[0]), expected);
}

#[test]
fn without_tables_every_byte_stays() {
    let empty = empty();
    for source in PAGES {
        assert_eq!(html(&empty, source), *source);
    }
    for source in BOOKS {
        assert_eq!(convert(XHTML, &empty, source), *source);
        let with_mark = format!("\u{FEFF}{source}");
        assert_eq!(convert(XHTML, &empty, &with_mark), with_mark);
        assert_eq!(html(&empty, source), *source);
    }
}

#[test]
fn xhtml_that_does_not_parse_is_refused_with_its_place() {
    let cases = [
        ("<p>发\n头</b></p>", 2, 2),
        ("<p>发", 1, 1),
        ("<p>\n<b a='1' a='2'/></p>", 2, 1),
        ("<p>a & b</p>", 1, 6),
        ("<p>\n\n<!-- ", 3, 1),
        ("<p/>\n<p/>", 2, 1),
        ("<p/>\n 发", 2, 2),
        ("", 1, 1),
        ("<p>\n<a b=c/></p>", 2, 1),
        ("<p>\n<a b='<'/></p>", 2, 7),
        ("<p><![CDATA[发</p>", 1, 4),
    ];
    for (source, line, column) in cases {
        let error = error(XHTML, source.as_bytes());
        assert_eq!(error.kind(), MarkupErrorKind::Syntax, "{source}");
        let place = error.place().expect("a place");
        assert_eq!(
            (place.line, place.column),
            (line, column),
            "{source}: {error}"
        );
        let message = error.to_string();
        assert!(
            message.starts_with(&format!("line {line}, column {column}: ")),
            "{message}"
        );
    }
    let found = error(XHTML, "\u{FEFF}<p>\n头</q></p>".as_bytes());
    assert_eq!(
        found
            .place()
            .map(|place| (place.offset, place.line, place.column)),
        Some((10, 2, 2))
    );
}

#[test]
fn other_encodings_are_refused_with_their_place() {
    for function in [HTML, XHTML] {
        let error = error(function, b"<p>\n\xB7\xA2</p>");
        assert_eq!(error.kind(), MarkupErrorKind::Encoding);
        assert_eq!(
            error
                .place()
                .map(|place| (place.offset, place.line, place.column)),
            Some((4, 2, 1))
        );
    }
}

/// Parts of which soup is made.
const SOUP: &[&str] = &[
    "<p>",
    "</p>",
    "<p lang=en>",
    "<a title=\"头发\">",
    "<a title=\"头&amp;发\" lang=en>",
    "<img alt='a' title=头>",
    "<br/>",
    "头",
    "发",
    "鼠标",
    "&amp;",
    "&#22836;",
    "&#x53d1",
    "&#x",
    "&",
    "<",
    ">",
    "<!-- 头 -->",
    "<!--",
    "-->",
    "<!doctype html>",
    "<?xml 头?>",
    "</>",
    "</ p",
    "<script>",
    "</script>",
    "<style>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "\r\n",
    "\n",
    " ",
    "a",
    "\"",
    "'",
    "=",
    "<![CDATA[头]]>",
    "&ampx",
    "&notit;",
    "\0",
    "<A ALT=头>",
    "<input disabled title>",
    "<ruby>",
    "<rt>",
    "</ruby>",
    "<rp>",
    "<table>",
    "<td>",
    "<tr>",
    "</table>",
    "<li>",
    "<ul>",
    "</ul>",
    "<svg>",
    "</svg>",
    "<b>",
    "</b>",
    "<noscript>",
    "</noscript>",
    "<code>",
    "</code>",
    "<a title='头",
    "甲",
    "乙",
    "<template>",
    "<select>",
    "<option>",
    "<p title=头/>",
];

/// The tokens of HTML, with Chinese characters left out.
fn tokens(source: &str) -> Vec<String> {
    let mut emitter = html5gum::DefaultEmitter::new_with_span();
    emitter.naively_switch_states(true);
    let mut tokens = Vec::new();
    for token in html5gum::Tokenizer::new_with_emitter(source, emitter) {
        let Ok(token) = token;
        let _: &html5gum::Token<()> = &token;
        match token {
            html5gum::Token::Error(_) => {}
            token => tokens.push(skeleton(&format!("{token:?}").replace(r"\xef\xbf\xbd", ""))),
        }
    }
    // Their bytes are written with escapes.
    let escapes = |token: String| {
        let mut parts = token.split(r"\x");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |out, part| {
            match u8::from_str_radix(&part[..2], 16) {
                Ok(128..) => out + &part[2..],
                _ => out + r"\x" + part,
            }
        })
    };
    tokens.into_iter().map(escapes).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn soup_keeps_its_structure(parts in prop::collection::vec(prop::sample::select(SOUP), 0..16)) {
        let source = parts.concat();
        prop_assert_eq!(&html(&empty(), &source), &source);
        // The tokenizer does not look into this one.
        let source = source.replace("<noscript>", "");
        let converted = html(&Converter::s2twp(), &source);
        prop_assert_eq!(tokens(&source), tokens(&converted), "{} became {}", source, converted);
        // Whatever the table, the tags are the same.
        let is_tag = |token: &String| token.starts_with("StartTag") || token.starts_with("EndTag");
        let tags = |text: &str| {
            let tags = tokens(text).into_iter().filter(is_tag);
            tags.map(|tag| tag.split("attributes").next().map(str::to_owned)).collect::<Vec<_>>()
        };
        let converted = html(&hostile(), &source);
        prop_assert_eq!(tags(&source), tags(&converted), "{} became {}", source, converted);
    }
}
