//! EPUB: books that are made here, of several shapes.

mod common;

use std::io::{Cursor, Read, Write};

use common::{all, empty, error, Function};
use zhnorm::Converter;
use zhnorm_markup::{convert_epub, convert_html, convert_xhtml, MarkupErrorKind, Options};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const EPUB: Function =
    |converter, options, input, output| convert_epub(converter, options, input, output);

const CONTAINER: &str = r#"<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"#;

const PACKAGE: &str = r##"<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh-CN">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
    <dc:identifier id="id">urn:软件:1</dc:identifier>
    <dc:title id="t">鼠标里面的头发</dc:title>
    <dc:creator opf:file-as="里面" opf:role="aut">头发</dc:creator>
    <dc:subject>软件 &amp; 硬盘</dc:subject>
    <dc:description>&lt;p&gt;程序&lt;/p&gt;</dc:description>
    <dc:title xml:lang="ja">里面</dc:title>
    <dc:language> zh-CN </dc:language><dc:language>en</dc:language>
    <dc:source>里面</dc:source>
    <meta refines="#t" property="file-as">里面</meta><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
    <meta name="calibre:series" content="软件"/><meta name="cover" content="里"/>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
    <item id="里" href="text/%E9%87%8C.xhtml#x" media-type="application/xhtml+xml"/>
    <item id="c2" href="../other/./c2.html" media-type="text/html"/>
    <item id="css" href="里.css" media-type="text/css"/>
    <item id="pic" href="https://x.org/里.png" media-type="image/png"/>
  </manifest>
  <spine toc="ncx"><itemref idref="里"/></spine>
  <guide><reference type="cover" title="里面" href="nav.xhtml"/></guide>
</package>"##;

const PACKAGE_CONVERTED: &str = r##"<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh-TW">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
    <dc:identifier id="id">urn:软件:1</dc:identifier>
    <dc:title id="t">滑鼠裡面的頭髮</dc:title>
    <dc:creator opf:file-as="裡面" opf:role="aut">頭髮</dc:creator>
    <dc:subject>軟體 &amp; 硬碟</dc:subject>
    <dc:description>&lt;p&gt;程式&lt;/p&gt;</dc:description>
    <dc:title xml:lang="ja">里面</dc:title>
    <dc:language> zh-TW </dc:language><dc:language>en</dc:language>
    <dc:source>里面</dc:source>
    <meta refines="#t" property="file-as">裡面</meta><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
    <meta name="calibre:series" content="軟體"/><meta name="cover" content="里"/>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
    <item id="里" href="text/%E9%87%8C.xhtml#x" media-type="application/xhtml+xml"/>
    <item id="c2" href="../other/./c2.html" media-type="text/html"/>
    <item id="css" href="里.css" media-type="text/css"/>
    <item id="pic" href="https://x.org/里.png" media-type="image/png"/>
  </manifest>
  <spine toc="ncx"><itemref idref="里"/></spine>
  <guide><reference type="cover" title="裡面" href="nav.xhtml"/></guide>
</package>"##;

const NAVIGATION: &str = r#"<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" xml:lang="zh-CN"><head><meta name="dtb:uid" content="里面"/></head>
<docTitle><text>里面的头发</text></docTitle><navMap><navPoint id="里"><navLabel><text>软件</text></navLabel><content src="text/里.xhtml"/></navPoint></navMap></ncx>"#;

const NAV: &str = r#"<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol><li><a href="text/里.xhtml">头<i>发</i></a></li></ol></nav></body></html>"#;

const CHAPTER: &str = include_str!("samples/chapter.xhtml");

/// An entry: its name, its bytes, and whether it is compressed.
type Entry<'a> = (&'a str, &'a [u8], bool);

fn pack(entries: &[Entry<'_>], comment: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes, is_compressed) in entries {
        let method = match is_compressed {
            true => CompressionMethod::Deflated,
            false => CompressionMethod::Stored,
        };
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).expect("an entry");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.set_comment(comment).expect("a comment");
    writer.finish().expect("an archive").into_inner()
}

fn book<'a>(package: &'a str, container: &'a str) -> Vec<Entry<'a>> {
    vec![
        ("mimetype", b"application/epub+zip", false),
        ("META-INF/container.xml", container.as_bytes(), true),
        ("OEBPS/book.opf", package.as_bytes(), true),
        ("OEBPS/nav.xhtml", NAV.as_bytes(), false),
        ("OEBPS/toc.ncx", NAVIGATION.as_bytes(), true),
        ("OEBPS/text/里.xhtml", CHAPTER.as_bytes(), true),
        ("other/c2.html", "<p>头<b>发</p><br>里".as_bytes(), true),
        (
            "OEBPS/里.css",
            "p::before { content: '头发' }".as_bytes(),
            true,
        ),
        ("OEBPS/unlisted.xhtml", "<p>头发".as_bytes(), true),
    ]
}

/// Books of several shapes.
fn books() -> Vec<Vec<u8>> {
    let old = PACKAGE.replace("3.0", "2.0").replace(
        r#"<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>"#,
        "",
    );
    let in_root = CONTAINER.replace("OEBPS/book.opf", "book.opf");
    let minimal = r#"<package><metadata><title>头发</title></metadata><manifest><item href="a.xhtml" media-type="application/xhtml+xml"/></manifest></package>"#;
    let encryption =
        r#"<encryption><CipherReference URI="OEBPS/text/%E9%87%8C.xhtml"/></encryption>"#;

    let mut encrypted = book(PACKAGE, CONTAINER);
    encrypted[5].1 = b"\xFF\x00 not a document";
    encrypted.push(("META-INF/encryption.xml", encryption.as_bytes(), true));
    let mut out_of_order = book(PACKAGE, CONTAINER);
    out_of_order.rotate_left(3);
    let type_at = out_of_order
        .iter()
        .position(|entry| entry.0 == "mimetype")
        .expect("a type");
    out_of_order[type_at] = ("mimetype", b"application/epub+zip\n", true);
    let marked = format!("\u{FEFF}{PACKAGE}");
    vec![
        pack(&book(PACKAGE, CONTAINER), ""),
        pack(&book(&old, CONTAINER), "里面"),
        pack(
            &[
                ("mimetype", b"application/epub+zip", false),
                ("a.xhtml", NAV.as_bytes(), true),
                ("book.opf", minimal.as_bytes(), false),
                ("META-INF/container.xml", in_root.as_bytes(), false),
                ("folder/", b"", false),
            ],
            "",
        ),
        pack(&encrypted, ""),
        pack(&out_of_order, ""),
        pack(&book(&marked, CONTAINER), ""),
    ]
}

fn convert(converter: &Converter, options: &Options, epub: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    convert_epub(converter, options, epub, &mut out).unwrap_or_else(|error| panic!("{error}"));
    out
}

fn open(epub: &[u8]) -> ZipArchive<Cursor<&[u8]>> {
    ZipArchive::new(Cursor::new(epub)).expect("an archive")
}

fn entry(epub: &[u8], name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    open(epub)
        .by_name(name)
        .expect(name)
        .read_to_end(&mut bytes)
        .expect(name);
    bytes
}

fn names(epub: &[u8]) -> Vec<String> {
    let archive = open(epub);
    let mut names: Vec<String> = (0..archive.len())
        .map(|number| {
            archive
                .name_for_index(number)
                .expect("a name")
                .expect("UTF-8")
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

/// As the standard wants it, read from the bytes: the first entry is the type, not compressed, without extra fields.
fn has_type_first(epub: &[u8]) -> bool {
    let stored = epub.get(8..10) == Some(&[0, 0]);
    let lengths = epub.get(26..30) == Some(&[8, 0, 0, 0]);
    epub.starts_with(b"PK\x03\x04")
        && stored
        && lengths
        && epub[30..].starts_with(b"mimetypeapplication/epub+zip")
}

#[test]
fn only_documents_metadata_and_navigation_change() {
    let converter = Converter::s2twp();
    let options = Options::new().target("zh-TW");
    let source = pack(&book(PACKAGE, CONTAINER), "里面");
    let converted = convert(&converter, &options, &source);
    assert!(has_type_first(&converted));
    assert_eq!(names(&source), names(&converted));
    assert_eq!(open(&converted).comment(), "里面".as_bytes());

    let read = |name: &str| String::from_utf8(entry(&converted, name)).expect("text");
    assert_eq!(read("OEBPS/book.opf"), PACKAGE_CONVERTED);
    let navigation = NAVIGATION
        .replace("zh-CN", "zh-TW")
        .replace("里面的头发", "裡面的頭髮")
        .replace("软件", "軟體");
    assert_eq!(read("OEBPS/toc.ncx"), navigation);
    assert_eq!(read("OEBPS/nav.xhtml"), NAV.replace("头<i>发", "頭<i>髮"));
    assert_eq!(
        read("OEBPS/text/里.xhtml"),
        include_str!("samples/chapter.s2twp.xhtml")
    );
    assert_eq!(read("other/c2.html"), "<p>頭<b>髮</p><br>裡");
    for name in [
        "META-INF/container.xml",
        "OEBPS/里.css",
        "OEBPS/unlisted.xhtml",
    ] {
        assert_eq!(entry(&source, name), entry(&converted, name));
    }
    // Without being asked, no language is restated.
    let converted = convert(&converter, &Options::new(), &source);
    let package = String::from_utf8(entry(&converted, "OEBPS/book.opf")).expect("text");
    assert_eq!(package, PACKAGE_CONVERTED.replace("zh-TW", "zh-CN"));
}

#[test]
fn books_of_all_shapes_stay_whole() {
    for converter in all() {
        for source in books() {
            let converted = convert(&converter, &Options::new(), &source);
            assert_eq!(names(&source), names(&converted));
            assert!(has_type_first(&converted) || converted == source);
            let mut raw = [open(&source), open(&converted)];
            for name in names(&source) {
                let [before, after] = [&source, &converted].map(|epub| entry(epub, &name));
                if before == after && name != "mimetype" {
                    // It is copied as it was packed.
                    let packed = raw.each_mut().map(|archive| {
                        let number = archive.index_for_name(&name).expect("an entry");
                        let mut bytes = Vec::new();
                        archive
                            .by_index_raw(number)
                            .expect("an entry")
                            .read_to_end(&mut bytes)
                            .expect("bytes");
                        bytes
                    });
                    assert_eq!(packed[0], packed[1]);
                    continue;
                }
                let mut expected = Vec::new();
                let options = Options::new();
                match name.rsplit_once('.').map(|(_, end)| end) {
                    Some("xhtml") => convert_xhtml(&converter, &options, &*before, &mut expected)
                        .expect("it parses"),
                    Some("html") => convert_html(&converter, &options, &*before, &mut expected)
                        .expect("it parses"),
                    _ => {
                        let ascii = |bytes: &[u8]| {
                            bytes
                                .iter()
                                .copied()
                                .filter(u8::is_ascii)
                                .collect::<Vec<u8>>()
                        };
                        assert_eq!(
                            ascii(before.trim_ascii_end()),
                            ascii(after.trim_ascii_end()),
                            "{name}"
                        );
                        continue;
                    }
                }
                assert_eq!(expected, after, "{name}");
            }
        }
    }
}

#[test]
fn without_tables_every_byte_stays() {
    for source in books() {
        assert_eq!(convert(&empty(), &Options::new(), &source), source);
    }
}

#[test]
fn the_type_comes_first_wherever_it_was() {
    let converted = convert(&Converter::s2t(), &Options::new(), &books()[4]);
    assert!(has_type_first(&converted));
}

#[test]
fn what_is_no_book_is_refused_with_its_place() {
    let without = |name: &str| {
        let entries = book(PACKAGE, CONTAINER)
            .into_iter()
            .filter(|entry| entry.0 != name)
            .collect::<Vec<_>>();
        pack(&entries, "")
    };
    let with = |number: usize, bytes: &'static [u8]| {
        let mut entries = book(PACKAGE, CONTAINER);
        entries[number].1 = bytes;
        pack(&entries, "")
    };
    let mut cut = pack(&book(PACKAGE, CONTAINER), "");
    cut.truncate(cut.len() / 2);
    let cases = [
        (Vec::new(), MarkupErrorKind::Package, None),
        (cut, MarkupErrorKind::Package, None),
        (
            without("mimetype"),
            MarkupErrorKind::Package,
            Some("mimetype"),
        ),
        (
            without("META-INF/container.xml"),
            MarkupErrorKind::Package,
            Some("META-INF/container.xml"),
        ),
        (
            without("OEBPS/book.opf"),
            MarkupErrorKind::Package,
            Some("OEBPS/book.opf"),
        ),
        (
            with(0, b"application/zip"),
            MarkupErrorKind::Package,
            Some("mimetype"),
        ),
        (
            with(1, b"<container/>"),
            MarkupErrorKind::Package,
            Some("META-INF/container.xml"),
        ),
        (
            with(1, b"<container"),
            MarkupErrorKind::Syntax,
            Some("META-INF/container.xml"),
        ),
        (
            with(2, b"<package>"),
            MarkupErrorKind::Syntax,
            Some("OEBPS/book.opf"),
        ),
        (
            with(3, b"<p>\n<b></p>"),
            MarkupErrorKind::Syntax,
            Some("OEBPS/nav.xhtml"),
        ),
        (
            with(5, b"<p>\xFF</p>"),
            MarkupErrorKind::Encoding,
            Some("OEBPS/text/\u{91CC}.xhtml"),
        ),
    ];
    for (epub, kind, entry) in cases {
        let error = error(EPUB, &epub);
        assert_eq!((error.kind(), error.entry()), (kind, entry), "{error}");
        assert_eq!(
            error.place().is_some(),
            kind != MarkupErrorKind::Package,
            "{error}"
        );
    }
    let found = error(EPUB, &with(3, b"<p>\n<b></p>"));
    assert_eq!(
        found.place().map(|place| (place.line, place.column)),
        Some((2, 4))
    );
    assert!(
        found
            .to_string()
            .starts_with("OEBPS/nav.xhtml: line 2, column 4: expected well-formed XML: "),
        "{found}"
    );
}

#[test]
fn an_entry_that_is_damaged_is_refused() {
    let mut epub = pack(&book(PACKAGE, CONTAINER), "");
    let chapter = epub
        .windows(20)
        .position(|bytes| bytes == "<html xmlns=\"http://".as_bytes())
        .expect("what is stored");
    epub[chapter + 60] ^= 1;
    let error = error(EPUB, &epub);
    assert_eq!(
        (error.kind(), error.entry()),
        (MarkupErrorKind::Package, Some("OEBPS/nav.xhtml"))
    );
}
