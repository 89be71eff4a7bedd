//! SubRip, WebVTT, Advanced SubStation Alpha.

mod common;

use common::{all, convert, empty, error, hostile, in_two, Function, WORDS};
use proptest::prelude::*;
use zhnorm::Converter;
use zhnorm_markup::{convert_ass, convert_srt, convert_vtt, MarkupErrorKind, Options};

const SRT: Function = |converter, _, input, output| convert_srt(converter, input, output);
const VTT: Function =
    |converter, options, input, output| convert_vtt(converter, options, input, output);
const ASS: Function = |converter, _, input, output| convert_ass(converter, input, output);

const SAMPLES: &[(Function, &str)] = &[
    (SRT, include_str!("samples/film.srt")),
    (SRT, include_str!("samples/loose.srt")),
    (SRT, include_str!("samples/tags.srt")),
    (SRT, include_str!("samples/plain.srt")),
    (SRT, include_str!("samples/mixed.srt")),
    (VTT, include_str!("samples/film.vtt")),
    (VTT, include_str!("samples/close.vtt")),
    (VTT, include_str!("samples/region.vtt")),
    (VTT, include_str!("samples/empty.vtt")),
    (VTT, include_str!("samples/open.vtt")),
    (ASS, include_str!("samples/film.ass")),
    (ASS, include_str!("samples/short.ass")),
    (ASS, include_str!("samples/events.ass")),
    (ASS, include_str!("samples/info.ass")),
    (ASS, include_str!("samples/fonts.ass")),
];

const ASS_HEAD: &str = "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,里,里,0,0,0,,";
const SRT_HEAD: &str = "1\n00:00:01,000 --> 00:00:02,000\n";
const VTT_HEAD: &str = "WEBVTT\n\n里\n00:01.000 --> 00:02.000\n";

#[test]
fn a_word_goes_on_through_soft_breaks_and_tags() {
    let cases: &[(Function, &str, &[&str])] = &[
        (
            SRT,
            SRT_HEAD,
            &["\n", "\r\n", " \n ", "<i>", "</i>\n<i>", "{\\an8}"],
        ),
        (
            VTT,
            VTT_HEAD,
            &["\n", "\r\n", "<i>", "<00:01.500>", "<c.里>\n"],
        ),
        (ASS, ASS_HEAD, &["\\N", "\\n", "{\\k20}", "{\\i1}\\N{\\i0}"]),
    ];
    for converter in all() {
        for (function, head, between) in cases {
            for within in *between {
                for [first, second] in WORDS {
                    let [one, two] = in_two(&converter, first, second);
                    let source = format!("{head}{first}{within}{second}");
                    let expected = format!("{head}{one}{within}{two}");
                    assert_eq!(convert(*function, &converter, &source), expected);
                }
            }
        }
    }
}

#[test]
fn only_text_changes() {
    let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
    // The numbers of references follow their characters.
    let without_references = |text: &str| {
        ascii(
            &text
                .replace("&#x53D1;", "")
                .replace("&#x9AEE;", "")
                .replace("&#x767C;", ""),
        )
    };
    for converter in all() {
        for (function, source) in SAMPLES {
            let converted = convert(*function, &converter, source);
            assert_eq!(without_references(source), without_references(&converted));
            assert_eq!(source.lines().count(), converted.lines().count());
        }
    }
}

#[test]
fn without_tables_every_byte_stays() {
    for (function, source) in SAMPLES {
        assert_eq!(convert(*function, &empty(), source), *source);
    }
}

#[test]
fn samples_become_what_is_expected() {
    let s2twp = Converter::s2twp();
    let expected = [
        (0, include_str!("samples/film.s2twp.srt")),
        (1, include_str!("samples/loose.s2twp.srt")),
        (2, include_str!("samples/tags.s2twp.srt")),
        (5, include_str!("samples/film.s2twp.vtt")),
        (9, include_str!("samples/open.s2twp.vtt")),
        (10, include_str!("samples/film.s2twp.ass")),
        (11, include_str!("samples/short.s2twp.ass")),
    ];
    for (number, expected) in expected {
        let (function, source) = SAMPLES[number];
        assert_eq!(convert(function, &s2twp, source), expected);
    }
}

#[test]
fn what_does_not_parse_is_refused_with_its_place() {
    let ass = "[Script Info]\n[Events]\nFormat: a, b, Text\nDialogue: 1,头发";
    let cases: &[(Function, &str, usize)] = &[
        (SRT, "头发", 1),
        (SRT, "1\n头发\n", 1),
        (SRT, "1\n00:00:01,000 -> 00:00:02,000\n头\n", 1),
        (SRT, "1\n00:00:01,000 --> 00:00:0x\n头\n", 2),
        (
            SRT,
            "1\n00:00:01,000 --> 00:00:02,000\n头\n\n2\n00:00:01 --> 头\n",
            6,
        ),
        (SRT, "a --> b\n", 1),
        (VTT, "", 1),
        (VTT, "1\n00:01.000 --> 00:02.000\n头", 1),
        (VTT, "WEBVTTX\n", 1),
        (VTT, "WEBVTT\n\n头\n发\n", 4),
        (VTT, "WEBVTT\n\n头", 3),
        (VTT, "WEBVTT\n\n00:01.000 --> 00:02,000\n发\n", 3),
        (ASS, "头发\n", 1),
        (ASS, "; x\n\nTitle: 头\n", 3),
        (ASS, ass, 4),
    ];
    for (function, source, line) in cases {
        let error = error(*function, source.as_bytes());
        assert_eq!(error.kind(), MarkupErrorKind::Syntax);
        assert_eq!(
            error.place().map(|place| place.line),
            Some(*line),
            "{source:?}: {error}"
        );
    }
    for function in [SRT, VTT, ASS] {
        let error = error(function, b"1\n\xFF");
        assert_eq!(error.kind(), MarkupErrorKind::Encoding);
        assert_eq!(error.place().map(|place| place.offset), Some(2));
    }
}

#[test]
fn other_languages_of_webvtt_are_left_alone() {
    let source = format!("{VTT_HEAD}<lang ja>头<lang zh>头</lang>头</lang>头<lang.x en>头\n\n00:03.000 --> 00:04.000\n头");
    let expected = format!("{VTT_HEAD}<lang ja>头<lang zh>頭</lang>头</lang>頭<lang.x en>头\n\n00:03.000 --> 00:04.000\n頭");
    assert_eq!(convert(VTT, &Converter::s2t(), &source), expected);
}

#[test]
fn what_tables_make_is_escaped_where_it_can_be() {
    let converted = convert(VTT, &hostile(), &format!("{VTT_HEAD}甲"));
    assert_eq!(
        converted,
        format!("{VTT_HEAD}&lt;b&gt;&amp;amp;\"'`*_[x](y)|]]&gt;\\{{")
    );
}

const LINES: &[&str] = &[
    "",
    "1",
    "2",
    "00:00:01,000 --> 00:00:02,000",
    "00:01.000 --> 00:02.000",
    "头发",
    "鼠",
    "标<i>",
    "{\\an8}发",
    "<",
    "{\\",
    "}",
    "-->",
    "WEBVTT",
    "NOTE 头",
    "[Events]",
    "[头]",
    "Format: a, Text",
    "Dialogue: 1,头{\\p1}发\\N里",
    "&#x53D1;",
    "&",
    "<ruby>头<rt>",
    "</rt>",
    "</ruby>",
    "<lang en>",
    "</lang>",
    "\u{3000}头 ",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn lines_stay_lines(
        lines in prop::collection::vec(prop::sample::select(LINES), 0..12),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let body = lines.join(end);
        let heads = [(SRT, format!("1{end}00:00:01,000 --> 00:00:02,000{end}")), (VTT, format!("WEBVTT{end}{end}")), (ASS, format!("[Events]{end}"))];
        for (function, head) in heads {
            let source = format!("{head}{body}");
            let mut out = Vec::new();
            if function(&empty(), &Options::new(), source.as_bytes(), &mut out).is_ok() {
                prop_assert_eq!(&String::from_utf8_lossy(&out), &source);
                let converted = convert(function, &Converter::s2t(), &source);
                let ascii = |text: &str| text.replace("&#x53D1;", "").replace("&#x767C;", "").replace("&#x9AEE;", "").chars().filter(char::is_ascii).collect::<String>();
                prop_assert_eq!(ascii(&source), ascii(&converted));
            } else {
                prop_assert!(out.is_empty());
            }
        }
    }
}
