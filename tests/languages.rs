//! Languages told apart: kanji-only Japanese, Korean with hanja, Cantonese, kana quoted in Chinese.
//!
//! The material in `tests/detect` was written for this. The tables may be improved on the `dev` halves and not on
//! the `held` ones. Windows of Chinese come from the passages in `tests/normalize` and from the native texts in the
//! folder that `ZHNORM_TEXTS` names, if it is set. Run with `--nocapture` for the figures.

use std::path::Path;
use std::{env, fs};

use proptest::prelude::*;
use zhnorm::{detect, language_spans, Config, Converter, Language, Script, Unit};

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The lines of a file of `tests/detect`.
fn lines(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/detect");
    let text = read(&folder.join(name));
    text.lines().map(String::from).collect()
}

/// The share of texts told to be of a language, and the others with their tags.
fn told<'t>(texts: impl IntoIterator<Item = &'t str>, language: Language) -> (f64, Vec<String>) {
    let (mut all, mut wrong) = (0, Vec::new());
    for text in texts {
        let found = detect(text);
        all += 1;
        if found.language() != language {
            wrong.push(format!("{} {:.3} {text}", found.tag(), found.confidence()));
        }
    }
    (1.0 - wrong.len() as f64 / f64::from(all.max(1)), wrong)
}

#[test]
fn kanji_without_kana_are_told_from_chinese() {
    for half in ["dev", "held"] {
        let compounds = lines(&format!("japanese-kanji.{half}.txt"));
        let (share, wrong) = told(compounds.iter().map(|line| &**line), Language::Japanese);
        println!("{half}: {share:.4} of {}", compounds.len());
        if half == "dev" || env::var_os("ZHNORM_SHOW_HELD").is_some() {
            println!("{wrong:#?}");
        }
        assert!(share >= 0.85, "{half}: {share}");
    }
}

/// Chinese texts: the passages of the repository in both scripts, and the native texts.
fn chinese() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/normalize/passages/dev");
    for entry in fs::read_dir(&folder).expect("the passages are part of the repository") {
        let path = entry.expect("a readable folder").path();
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        texts.push((name, read(&path)));
    }
    if let Some(folder) = env::var_os("ZHNORM_TEXTS") {
        for (name, config) in [
            ("native-taiwan.txt", Config::Tw2s),
            ("native-hongkong-cantonese.txt", Config::Hk2s),
        ] {
            let text = read(&Path::new(&folder).join(name));
            texts.push((
                format!("{name} in Simplified"),
                Converter::new(config).convert(&text).into_owned(),
            ));
            texts.push((name.into(), text));
        }
    }
    texts
}

#[test]
fn chinese_is_next_to_never_taken_for_japanese_or_korean() {
    for size in [5, 10, 20, 50, 200] {
        let (mut windows, mut lost) = (0, Vec::new());
        for (_, text) in chinese() {
            let chars: Vec<char> = text.chars().collect();
            for window in chars.windows(size).step_by(5) {
                let window: String = window.iter().collect();
                let found = detect(&window);
                windows += 1;
                if matches!(found.language(), Language::Japanese | Language::Korean) {
                    lost.push(format!(
                        "{} {:.3} {window:?}",
                        found.tag(),
                        found.confidence()
                    ));
                }
            }
        }
        println!(
            "{size}: {} of {windows} ({:.3} %)",
            lost.len(),
            100.0 * lost.len() as f64 / windows as f64
        );
        for lost in lost.iter().step_by(1 + lost.len() / 120) {
            println!("    {lost}");
        }
        assert!(
            lost.len() * 1000 <= windows,
            "{size}: {} of {windows}",
            lost.len()
        );
    }
}

#[test]
fn korean_with_hanja_is_korean() {
    for half in ["dev", "held"] {
        let lines = lines(&format!("korean.{half}.txt"));
        let (_, wrong) = told(lines.iter().map(|line| &**line), Language::Korean);
        assert!(wrong.is_empty(), "{half}: {wrong:#?}");
    }
}

#[test]
fn kana_quoted_in_chinese_leaves_it_chinese() {
    for half in ["dev", "held"] {
        let lines = lines(&format!("kana-quoted.{half}.txt"));
        let (_, wrong) = told(lines.iter().map(|line| &**line), Language::Chinese);
        assert!(wrong.is_empty(), "{half}: {wrong:#?}");
    }
}

/// Characters that no text but Cantonese has as a rule.
const CANTONESE: &str = "嘅佢冇啲哋咗嘢睇咁喺嗰嚟畀唔";

#[test]
fn cantonese_is_told_from_mandarin_by_its_characters() {
    let mut texts: Vec<String> = ["dev", "held"]
        .map(|half| lines(&format!("cantonese.{half}.txt")).concat())
        .into();
    let native = chinese().into_iter();
    texts.extend(
        native
            .filter(|(name, _)| name.contains("cantonese"))
            .map(|(_, text)| text),
    );
    for text in texts {
        let chars: Vec<char> = text.chars().collect();
        for size in [15, 30] {
            let windows = chars
                .windows(size)
                .map(|window| window.iter().collect::<String>());
            let windows: Vec<String> = windows
                .filter(|window| window.contains(|c| CANTONESE.contains(c)))
                .collect();
            let (share, wrong) = told(windows.iter().map(|window| &**window), Language::Cantonese);
            println!("{size}: {share:.4} of {}", windows.len());
            assert!(
                share >= 0.97,
                "{size}: {share} {:?}",
                &wrong[..wrong.len().min(20)]
            );
        }
    }
    for line in lines("mandarin.txt") {
        assert_eq!(detect(&line).language(), Language::Chinese, "{line}");
    }
}

#[test]
fn short_mixes_are_mixed_and_clear_evidence_has_a_confidence() {
    for (text, script) in [
        ("你在干什麼", Script::Mixed),
        ("乾脆点", Script::Mixed),
        ("余下的話", Script::Mixed),
        ("后面的同學", Script::Mixed),
        ("陳冲", Script::Traditional),
        ("面包", Script::Simplified),
        ("国鉄", Script::Japanese),
        ("広島大学", Script::Japanese),
    ] {
        let found = detect(text);
        assert_eq!(found.script(), script, "{text}");
        assert!(found.confidence() > 0.5, "{text}: {}", found.confidence());
    }
}

#[test]
fn tags_are_those_of_bcp_47() {
    for (text, tag) in [
        ("这些屋子很旧", "zh-Hans"),
        ("這些屋邨很舊", "zh-Hant-HK"),
        ("他搭捷運來", "zh-Hant-TW"),
        ("佢哋話聽日會嚟呢間學校", "yue-Hant"),
        ("佢哋话听日会嚟呢间学校", "yue-Hans"),
        ("佢哋", "yue"),
        ("図書館", "ja"),
        ("大韓民國은 民主共和國이다", "ko"),
        ("안녕하세요", "ko"),
        ("山水", "und"),
    ] {
        assert_eq!(detect(text).tag(), tag, "{text}");
    }
    for &language in Language::ALL {
        assert_eq!(language.tag().parse(), Ok(language));
        let json = serde_json::to_string(&language).expect("plain data");
        assert_eq!(json, format!("{:?}", language.tag()));
    }
    assert!("cmn".parse::<Language>().is_err());
}

#[test]
fn a_kana_quotation_is_a_span_of_its_own() {
    let has_kana = |text: &str| text.contains(|c| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ'));
    for half in ["dev", "held"] {
        for line in lines(&format!("kana-quoted.{half}.txt")) {
            let spans: Vec<_> = language_spans(&line, Unit::Line).collect();
            assert!(spans.len() > 1, "{line}");
            for span in spans {
                let part = &line[span.range];
                let japanese = span.detection.language() == Language::Japanese;
                assert_eq!(japanese, has_kana(part), "{part:?} in {line}");
            }
        }
    }
    // What is Japanese or Korean stays one span, and an ornament stays in its Chinese.
    for text in [
        "図書館で「ありがとう」と言った。",
        "學生들이 圖書館에서 工夫한다",
        "這家店叫做「優の良品」，賣零食",
    ] {
        assert_eq!(language_spans(text, Unit::Line).count(), 1, "{text}");
    }
}

/// Text of what matters to languages and to quotations.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[「」『』“”《》（）。！\n]",
        "[这這里裡的是你很在佢嘅唔駐車郵便番号為替]{1,3}",
        "[あいのアﾊー・々]{1,3}",
        "[한국어은ㄱ]{1,3}",
        "[a\u{301}\u{3099}\u{FE00}\u{200D}]",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn language_spans_tile_the_text_and_every_unit(text in any_text()) {
        for &unit in Unit::ALL {
            let mut end = 0;
            let mut ends = Vec::new();
            for span in language_spans(&text, unit) {
                prop_assert_eq!(span.range.start, end);
                prop_assert!(!span.range.is_empty());
                prop_assert_eq!(&span.detection, &detect(&text[span.range.clone()]));
                end = span.range.end;
                ends.push(end);
            }
            prop_assert_eq!(end, text.len());
            for whole in zhnorm::detect_spans(&text, unit) {
                prop_assert!(ends.contains(&whole.range.end));
            }
        }
    }

    #[test]
    fn a_language_has_its_script_and_no_count_runs_below_nothing(text in any_text()) {
        let found = detect(&text);
        let counts = found.counts();
        for (script, language) in [(Script::Japanese, Language::Japanese), (Script::Korean, Language::Korean)] {
            prop_assert_eq!(found.script() == script, found.language() == language);
        }
        prop_assert!(counts.never_japanese + counts.seldom_japanese <= counts.han());
        prop_assert!(counts.kana_after_han <= counts.kana && counts.hangul_after_han <= counts.hangul);
        prop_assert!(found.confidence() > 0.0);
    }
}
