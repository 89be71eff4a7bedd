//! Detection on windows of real text, and its properties on any text.
//!
//! The windows come from the passages in `tests/normalize`, and from `native-taiwan.txt` and
//! `native-hongkong-cantonese.txt` in the folder that `ZHNORM_TEXTS` names, if it is set. Run with
//! `--nocapture` for the tables.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;
use zhnorm::{detect, detect_spans, Config, Converter, Counts, Detection, Region, Script, Unit};

/// A text in both scripts, character for character.
struct Pair {
    hant: Vec<char>,
    hans: Vec<char>,
}

impl Pair {
    fn new(name: &str, hant: &str, hans: &str) -> Pair {
        let pair = Pair {
            hant: hant.chars().collect(),
            hans: hans.chars().collect(),
        };
        assert_eq!(pair.hant.len(), pair.hans.len(), "{name}: not aligned");
        pair
    }

    /// The places of windows of a size, in steps.
    fn windows(&self, size: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        let last = (self.hant.len() + 1).saturating_sub(size);
        (0..last).step_by(5).map(move |at| at..at + size)
    }
}

/// The passages of the repository, and the native texts if there are any.
fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for path in passages() {
        let name = path.to_string_lossy().into_owned();
        let Some(stem) = name
            .strip_suffix(".hant.txt")
            .or(name.strip_suffix(".hk.txt"))
        else {
            continue;
        };
        let hans = format!("{stem}.hans.txt");
        pairs.push(Pair::new(&name, &read(&path), &read(Path::new(&hans))));
    }
    if let Some(folder) = env::var_os("ZHNORM_TEXTS") {
        for (name, config) in [
            ("native-taiwan.txt", Config::Tw2s),
            ("native-hongkong-cantonese.txt", Config::Hk2s),
        ] {
            let hant = read(&Path::new(&folder).join(name));
            pairs.push(Pair::new(
                name,
                &hant,
                &Converter::new(config).convert(&hant),
            ));
        }
    }
    pairs
}

/// A file or folder of the test material.
fn material(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/normalize")
        .join(name)
}

fn passages() -> Vec<PathBuf> {
    let folder = material("passages/dev");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn text(chars: &[char]) -> String {
    chars.iter().collect()
}

/// Verdicts on windows of one size and one kind.
#[derive(Default)]
struct Tally {
    windows: usize,
    right: usize,
    unknown: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, window: &str, expected: Script) -> Detection {
        let got = detect(window);
        self.windows += 1;
        if got.script() == expected {
            self.right += 1;
        } else if got.script() == Script::Unknown {
            self.unknown += 1;
        } else {
            self.wrong.push(format!("{} for {window:?}", got.tag()));
        }
        got
    }

    fn share(&self) -> f64 {
        self.right as f64 / self.windows.max(1) as f64
    }

    fn print(&self, name: &str) {
        println!(
            "{name:<12} {:>6} of {:>6} right ({:.4}), {} unknown, {} wrong",
            self.right,
            self.windows,
            self.share(),
            self.unknown,
            self.wrong.len(),
        );
        for wrong in self.wrong.iter().take(5) {
            println!("    {wrong}");
        }
    }
}

/// The characters that tell by themselves, from the tables of single characters alone: the keys of
/// one direction that neither keep themselves nor are keys of the other or a region's form.
struct Telling {
    hans: HashSet<char>,
    hant: HashSet<char>,
}

impl Telling {
    fn read() -> Telling {
        let table = |name: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("data/opencc")
                .join(name);
            let mut table: HashMap<char, HashSet<char>> = HashMap::new();
            for line in read(&path).lines().filter(|line| !line.starts_with('#')) {
                let mut chars = line.chars().filter(|c| !c.is_whitespace());
                if let Some(key) = chars.next() {
                    table.insert(key, chars.collect());
                }
            }
            table
        };
        let (st, ts) = (table("STCharacters.txt"), table("TSCharacters.txt"));
        let regional: HashSet<char> = ["TWVariants.txt", "HKVariants.txt"]
            .into_iter()
            .flat_map(table)
            .flat_map(|(key, values)| values.into_iter().chain([key]))
            .collect();
        let only = |of: &HashMap<char, HashSet<char>>, other: &HashMap<char, HashSet<char>>| {
            of.iter()
                .filter(|(key, values)| {
                    !values.contains(key) && !other.contains_key(key) && !regional.contains(key)
                })
                .map(|(key, _)| *key)
                .collect()
        };
        Telling {
            hans: only(&st, &ts),
            hant: only(&ts, &st),
        }
    }

    fn tells_hans(&self, window: &[char]) -> bool {
        window.iter().any(|c| self.hans.contains(c))
    }

    fn tells_hant(&self, window: &[char]) -> bool {
        window.iter().any(|c| self.hant.contains(c))
    }
}

/// One tally for each size.
fn by_size(mut tally: impl FnMut(usize)) {
    for size in [5, 10, 20, 50, 200] {
        println!("windows of {size} characters");
        tally(size);
    }
}

#[test]
fn windows_of_one_script_are_told() {
    let (pairs, telling) = (pairs(), Telling::read());
    by_size(|size| {
        let [mut hant, mut hans, mut neutral, mut harder] = <[Tally; 4]>::default();
        for pair in &pairs {
            for range in pair.windows(size) {
                let (t, s) = (&pair.hant[range.clone()], &pair.hans[range]);
                if t == s {
                    neutral.add(&text(t), Script::Unknown);
                    continue;
                }
                // Not the same in both scripts, but told by words at most.
                let easy = telling.tells_hant(t);
                let tally = if easy { &mut hant } else { &mut harder };
                tally.add(&text(t), Script::Traditional);
                let easy = telling.tells_hans(s);
                let tally = if easy { &mut hans } else { &mut harder };
                tally.add(&text(s), Script::Simplified);
            }
        }
        hant.print("Traditional");
        hans.print("Simplified");
        neutral.print("neutral");
        harder.print("by words");
        let least = if size < 20 { 0.99 } else { 1.0 };
        assert!(hant.share() >= least, "{:?}", hant.wrong);
        assert!(hans.share() >= least, "{:?}", hans.wrong);
        assert!(
            neutral.windows == 0 || neutral.share() >= 0.99,
            "{:?}",
            neutral.wrong
        );
    });
}

#[test]
fn halves_of_two_scripts_are_mixed() {
    let (pairs, telling) = (pairs(), Telling::read());
    by_size(|size| {
        let mut mixed = Tally::default();
        for pair in &pairs {
            for range in pair.windows(size) {
                let middle = range.start + size / 2;
                let (first, second) = (range.start..middle, middle..range.end);
                let (t, s) = (&pair.hant, &pair.hans);
                if telling.tells_hant(&t[first.clone()]) && telling.tells_hans(&s[second.clone()]) {
                    mixed.add(
                        &(text(&t[first.clone()]) + &text(&s[second.clone()])),
                        Script::Mixed,
                    );
                }
                if telling.tells_hans(&s[first.clone()]) && telling.tells_hant(&t[second.clone()]) {
                    mixed.add(&(text(&s[first]) + &text(&t[second])), Script::Mixed);
                }
            }
        }
        mixed.print("mixed");
        assert!(size < 20 || mixed.share() >= 0.95, "{:?}", mixed.wrong);
    });
}

/// Of verdicts with a confidence, that share is right.
#[test]
fn confidence_is_calibrated() {
    let bounds = [0.0, 0.5, 0.8, 0.9, 0.97, 0.995, 1.1];
    let mut buckets = [(0usize, 0usize, 0.0); 6];
    let telling = Telling::read();
    for pair in &pairs() {
        for size in [5, 10, 20] {
            for range in pair.windows(size) {
                let (t, s) = (&pair.hant[range.clone()], &pair.hans[range]);
                let windows: &[_] = if t == s {
                    &[(t, Script::Unknown)]
                } else {
                    &[(t, Script::Traditional), (s, Script::Simplified)]
                };
                let half = size / 2;
                let halves = [t[..half].to_vec(), s[half..].to_vec()].concat();
                let mixed = telling.tells_hant(&t[..half]) && telling.tells_hans(&s[half..]);
                let mixed = mixed.then_some((&halves[..], Script::Mixed));
                for (window, expected) in windows.iter().copied().chain(mixed) {
                    let found = detect(&text(window));
                    let at = bounds.partition_point(|b| *b <= found.confidence()) - 1;
                    buckets[at].0 += 1;
                    buckets[at].1 += usize::from(found.script() == expected);
                    buckets[at].2 += found.confidence();
                }
            }
        }
    }
    println!("confidence  windows  mean  right");
    for (i, (windows, right, sum)) in buckets.into_iter().enumerate() {
        let (mean, share) = (
            sum / windows.max(1) as f64,
            right as f64 / windows.max(1) as f64,
        );
        println!(
            "{:>5.3}-{:<5.3} {windows:>7}  {mean:.3}  {share:.3}",
            bounds[i],
            bounds[i + 1].min(1.0)
        );
        if windows >= 500 {
            assert!((mean - share).abs() < 0.05, "{mean} is not {share}");
        }
    }
}

#[test]
fn japanese_is_told_from_chinese() {
    let [mut windows, mut lines] = <[Tally; 2]>::default();
    for name in ["essay", "news"] {
        let japanese = read(&material(&format!("japanese/{name}.ja.txt")));
        let chars: Vec<char> = japanese.chars().collect();
        for window in chars.windows(20) {
            windows.add(&text(window), Script::Japanese);
        }
    }
    // Pages of Chinese and Japanese lines: what has no kana is Chinese.
    for page in ["simplified", "traditional"] {
        for (side, script) in [("hans", Script::Simplified), ("hant", Script::Traditional)] {
            let page = read(&material(&format!("japanese/page-{page}.{side}.txt")));
            for line in page.lines().filter(|line| !line.is_empty()) {
                let is_kana = |c: char| ('\u{3041}'..='\u{30FF}').contains(&c);
                let mostly =
                    line.chars().filter(|&c| is_kana(c)).count() * 5 > line.chars().count();
                lines.add(line, if mostly { Script::Japanese } else { script });
            }
        }
    }
    windows.print("windows");
    lines.print("lines");
    assert_eq!(windows.share(), 1.0, "{:?}", windows.wrong);
    assert_eq!(lines.share(), 1.0, "{:?}", lines.wrong);

    // Kana in Chinese text does not make it Japanese.
    assert_eq!(
        detect("這家店叫做「優の良品」，賣的都是零食").script(),
        Script::Traditional
    );
    assert_eq!(
        detect("我們學校的日文課，第一課教「は」跟「が」的分別").script(),
        Script::Traditional
    );
    // Without kana the characters made in Japan tell.
    assert_eq!(detect("東京駅前広場").script(), Script::Japanese);
}

#[test]
fn a_region_is_named_where_there_is_evidence_for_it() {
    let region = |text| detect(text).region();
    assert_eq!(region("這套軟體把資料存在雲端硬碟裡"), Some(Region::Taiwan));
    assert_eq!(
        region("佢哋喺度等咗好耐，個巴士站冇人"),
        Some(Region::HongKong)
    );
    assert_eq!(region("這個問題還沒有答案"), None);
    assert_eq!(region("这套软件把数据存在云端硬盘里"), None);
    assert_eq!(detect("他搭捷運來").tag(), "zh-Hant-TW");
    assert_eq!(detect("這些屋邨很舊").tag(), "zh-Hant-HK");
}

#[test]
fn damage_is_counted_by_kind() {
    let damage = |text| *detect(text).damage();
    assert_eq!(damage("這些都沒有問題").total(), 0);
    assert_eq!(damage("乾部們感到睏惑").wrong_senses, 2);
    assert_eq!(damage("幹部們感到睏倦").wrong_senses, 0);
    assert_eq!(damage("⼈⼯智慧").radicals, 2);
    assert_eq!(damage("\u{F9F7}場裡的\u{F90A}").compatibility, 2);
    // U+FA11 is named a compatibility ideograph and is none.
    assert_eq!(damage("\u{FA11}").compatibility, 0);
    assert_eq!(
        damage("這個問題很複雜，我們討論了很長的時間，最后沒有結論").under_conversion,
        1
    );
}

#[test]
fn texts_that_look_the_same_in_both_scripts_are_unknown() {
    for text in [
        "",
        "\r\n",
        "hello, world 123",
        "，。！？",
        "你好",
        "皇后",
        "山高水深",
    ] {
        assert_eq!(detect(text).script(), Script::Unknown, "{text:?}");
    }
    assert_eq!(detect("hello, world 123").confidence(), 1.0);
    for name in ["neutral", "ascii"] {
        for line in read(&material(&format!("detect/{name}.txt"))).lines() {
            assert_eq!(detect(line).script(), Script::Unknown, "{line:?}");
        }
    }
}

fn pieces(text: &str, unit: Unit) -> Vec<&str> {
    detect_spans(text, unit)
        .map(|span| &text[span.range])
        .collect()
}

#[test]
fn sentences_end_where_a_reader_ends_them() {
    let cases: [&[&str]; 13] = [
        &["他走了。", "「好。」", "我說。"],
        &["他走了。", "“好。”", "我说。"],
        &["「好！」，他說，「走吧。」"],
        &["真的嗎？！", "（是的。）", "好。"],
        &["他說：「你先走！", "我不走。」"],
        &["他说:\"好。\"", "她没听。"],
        &["她没听。", "\"好。\"", "他又说。"],
        &["圆周率是3.14。", "对。"],
        &["See zhnorm.rs. ", "Then 再看。 ", "完"],
        &["一行\r\n", "\r\n", "二行"],
        &["一行\u{2028}", "二行\u{85}", "三行"],
        &["完了。\u{3000}\n", "下面"],
        &["「第一句。", "第二句。」", "第三句"],
    ];
    for expected in cases {
        assert_eq!(pieces(&expected.concat(), Unit::Sentence), expected);
    }
}

#[test]
fn lines_and_paragraphs_keep_their_ends() {
    let text = "甲\n乙\r\n \n\n丙\r丁";
    assert_eq!(
        pieces(text, Unit::Line),
        ["甲\n", "乙\r\n", " \n", "\n", "丙\r", "丁"]
    );
    assert_eq!(pieces(text, Unit::Paragraph), ["甲\n乙\r\n \n\n", "丙\r丁"]);
    assert_eq!(pieces(text, Unit::Document), [text]);
    assert_eq!(
        pieces("\n\n甲\n\n乙", Unit::Paragraph),
        ["\n\n甲\n\n", "乙"]
    );
    assert_eq!(pieces("", Unit::Document), [""; 0]);
}

#[test]
fn a_combining_mark_stays_with_the_end_before_it() {
    // A variation selector makes 。 sit in a corner; a mark after a space belongs to the space.
    assert_eq!(
        pieces("好。\u{FE00}再", Unit::Sentence),
        ["好。\u{FE00}", "再"]
    );
    assert_eq!(
        pieces("好。 \u{301}再", Unit::Sentence),
        ["好。 \u{301}", "再"]
    );
}

#[test]
fn a_detection_survives_serialization() {
    for text in [
        "這個問題",
        "这个问题",
        "這個这个",
        "こんにちは",
        "你好",
        "捷運站裡",
    ] {
        let found = detect(text);
        let json = serde_json::to_string(&found).expect("plain data");
        let back: Detection = serde_json::from_str(&json).expect("what was written");
        assert_eq!(back, found);
        assert_eq!(found.script().tag().parse(), Ok(found.script()));
    }
    let json = serde_json::to_string(&detect("捷運站裡").script()).expect("plain data");
    assert_eq!(json, "\"zh-Hant\"");
    for unit in Unit::ALL {
        assert_eq!(unit.to_string().parse(), Ok(*unit));
    }
    assert!("en".parse::<Script>().is_err());
    assert!("CN".parse::<Region>().is_err());
    assert!("word".parse::<Unit>().is_err());
}

/// Text of what matters to detection and to its boundaries.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[。！？.!?」』”’\"')（「“]",
        "[\r\n \u{3000}\u{85}\u{2028}\u{2029}\t]",
        "[\u{301}\u{FE00}\u{200D}\u{E0100}\u{600}\u{1F469}\u{1F1FA}]",
        "[这這里裡后後著着于於皇以么麼]{1,3}",
        "[あいアﾊ駅込⼈\u{F9F7}\u{2F800}\u{20000}𠮶]",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn spans_tile_the_text_and_cut_no_grapheme(text in any_text()) {
        let boundaries: HashSet<usize> = text
            .grapheme_indices(true)
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        for &unit in Unit::ALL {
            let mut end = 0;
            for span in detect_spans(&text, unit) {
                prop_assert_eq!(span.range.start, end);
                prop_assert!(!span.range.is_empty());
                prop_assert!(boundaries.contains(&span.range.end), "{:?} {:?}", unit, span.range);
                prop_assert_eq!(&span.detection, &detect(&text[span.range.clone()]));
                end = span.range.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }

    #[test]
    fn confidence_is_a_probability_and_every_ideograph_is_counted_once(text in any_text()) {
        let found = detect(&text);
        prop_assert!((0.0..=1.0).contains(&found.confidence()), "{:?}", found);
        let han = text.chars().filter(|&c| {
            matches!(u32::from(c),
                0x2E80..=0x2FDF | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
                    | 0x20000..=0x3FFFF)
        });
        prop_assert_eq!(found.counts().han(), han.count() as u64);
    }

    #[test]
    fn counts_of_lines_add_up_to_those_of_the_text(text in any_text()) {
        // No pair reaches over the end of a line.
        let mut sum = Counts::default();
        for span in detect_spans(&text, Unit::Line) {
            let mut counts = *span.detection.counts();
            counts.damage = Default::default();
            sum += counts;
        }
        let mut whole = *detect(&text).counts();
        whole.damage = Default::default();
        prop_assert_eq!(sum, whole);
    }

    /// Where the tailoring of the sentence rules has nothing to say, they are Unicode's.
    #[test]
    fn plain_sentences_are_those_of_unicode(text in "[中文a1，、。！？」）\u{3000}\n]{0,40}") {
        let theirs: Vec<&str> = text.split_sentence_bounds().collect();
        prop_assert_eq!(pieces(&text, Unit::Sentence), theirs);
    }
}
