//! The normalizer: what it must keep, what it must repair, and what holds for any text.

use std::io::Write;

use proptest::prelude::*;
use zhnorm::normalize::{
    Normalized, PrivateUse, Reason, Source, Style, Target, VariationSelectors, Width,
};
use zhnorm::{Normalizer, NormalizerBuilder, Unit};

fn tw(text: &str) -> String {
    Normalizer::new(Target::Tw).normalize(text).into_owned()
}

fn hans(text: &str) -> String {
    Normalizer::new(Target::Hans).normalize(text).into_owned()
}

/// The rows of a file under `tests/normalize`, without its header.
fn rows(name: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/normalize/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines()
        .skip(1)
        .map(|line| line.split('\t').map(String::from).collect())
        .collect()
}

#[test]
fn names_places_and_fixed_words_are_kept() {
    for name in ["keep.dev.tsv", "keep.held.tsv"] {
        let mut wrong = vec![];
        let rows = rows(name);
        for row in &rows {
            let target: Target = row[1].parse().expect("a target");
            let out = Normalizer::builder(target)
                .style(Style::Keep)
                .build()
                .normalize(&row[0])
                .into_owned();
            if out != row[0] {
                wrong.push((row[0].clone(), out));
            }
        }
        println!("{name}: {} of {} changed", wrong.len(), rows.len());
        assert!(wrong.is_empty(), "changed: {wrong:#?}");
    }
}

#[test]
fn damage_in_the_same_sentence_shapes_is_repaired() {
    for name in ["repair.dev.tsv", "repair.held.tsv"] {
        let rows = rows(name);
        let wrong: Vec<_> = rows
            .iter()
            .filter(|row| !same(&tw(&row[0]), &row[1]))
            .collect();
        println!("{name}: {} of {} not repaired", wrong.len(), rows.len());
        assert!(wrong.is_empty(), "not repaired: {wrong:#?}");
    }
}

/// Equal but for spellings that Taiwan has side by side.
fn same(a: &str, b: &str) -> bool {
    let pairs = [
        "台臺", "周週", "布佈", "占佔", "念唸", "濕溼", "線綫", "群羣", "峰峯", "污汙", "了瞭",
    ];
    a.chars().count() == b.chars().count()
        && a.chars().zip(b.chars()).all(|(a, b)| {
            a == b
                || pairs
                    .iter()
                    .any(|pair| pair.contains(a) && pair.contains(b))
        })
}

#[test]
fn a_sentence_is_judged_by_itself() {
    // What one sentence shows must not change another: neither save it nor spoil it.
    let damaged = "習近平縂書記強調媒躰融郃發展。";
    let clean = "張郃在街亭大敗馬謖。";
    let together = format!("{damaged}{clean}{damaged}");
    assert_eq!(
        tw(&together),
        format!("{}{clean}{}", tw(damaged), tw(damaged))
    );
}

#[test]
fn rare_forms_become_what_they_stand_for() {
    assert_eq!(tw("兩家公司郃併之後改名"), "兩家公司合併之後改名");
    assert_eq!(tw("縂經理親自処理客訴"), "總經理親自處理客訴");
    assert_eq!(hans("縂經理親自処理客訴"), "总经理亲自处理客诉");
}

#[test]
fn a_wrong_sense_is_corrected_inside_a_word() {
    assert_eq!(tw("新聞網乾部職工"), "新聞網幹部職工");
    assert_eq!(tw("皇後的車隊抵達行宮"), "皇后的車隊抵達行宮");
    assert_eq!(tw("董事會主蓆昨天辭職"), "董事會主席昨天辭職");
}

#[test]
fn both_scripts_on_a_page_come_out_as_one() {
    assert_eq!(
        tw("县政府今天说明。\n縣政府今天說明。"),
        "縣政府今天說明。\n縣政府今天說明。"
    );
    assert_eq!(
        hans("县政府今天说明。\n縣政府今天說明。"),
        "县政府今天说明。\n县政府今天说明。"
    );
}

#[test]
fn japanese_stays_but_for_its_code_points() {
    assert_eq!(
        tw("東京都の経済学者が会議を開いた。"),
        "東京都の経済学者が会議を開いた。"
    );
    assert_eq!(tw("東京都の⽇本の経済学。"), "東京都の日本の経済学。");
}

#[test]
fn a_quotation_stays_and_the_chinese_around_it_does_not() {
    for (text, out) in [
        (
            "這首歌叫「さくら」，旋律很優美。",
            "这首歌叫「さくら」，旋律很优美。",
        ),
        (
            "她會說ありがとう，也會寫漢字。",
            "她会说ありがとう，也会写汉字。",
        ),
        ("推しの子這部動畫很好看", "推しの子这部动画很好看"),
        (
            "「図書館へ行く」是去圖書館的意思。",
            "「図書館へ行く」是去图书馆的意思。",
        ),
    ] {
        assert_eq!(hans(text), out);
    }
}

#[test]
fn korean_with_hanja_stays() {
    for text in ["學生들이 圖書館에서 工夫한다", "電話番號를 알려 주세요"] {
        assert_eq!(hans(text), text);
        assert_eq!(tw(text), text);
    }
    assert_eq!(tw("写真을 찍었다"), "写真을 찍었다");
}

#[test]
fn what_simplified_text_has_of_traditional_characters_is_meant() {
    assert_eq!(tw("星期一，牠不动。"), "星期一，牠不動。");
}

#[test]
fn a_measure_word_is_no_part_of_the_word_behind_it() {
    let text = "坐在沙發上看那齣演了三年的連續劇。";
    assert_eq!(tw(text), text);
}

#[test]
fn one_word_that_seems_wrong_is_no_proof_of_itself() {
    let text = "縣公所舉辦的「寶山里咖啡節」開始了";
    let careful = Normalizer::builder(Target::Tw).min_confidence(0.99).build();
    assert_eq!(careful.normalize(text), text);
}

#[test]
fn vocabulary_stays() {
    assert_eq!(tw("软件和网络的信息"), "軟件和網絡的信息");
}

#[test]
fn style_follows_the_target_or_is_kept() {
    let keep = Normalizer::builder(Target::Tw).style(Style::Keep).build();
    assert_eq!(keep.normalize("爲了大衆"), "爲了大衆");
    assert_eq!(tw("爲了大衆"), "為了大眾");
    assert_eq!(
        Normalizer::new(Target::Hk).normalize("這裡賣麵包"),
        "這裏賣麵包"
    );
    assert_eq!(
        Normalizer::new(Target::Hant).normalize("為了大眾，爲了大衆"),
        "為了大眾，爲了大衆"
    );
}

#[test]
fn regions_are_written_as_there() {
    let hk = Normalizer::new(Target::Hk);
    for (text, expected) in [
        ("污水處理", "污水處理"),
        ("說話要説清楚", "説話要説清楚"),
        ("卫生署说要处理污水", "衞生署説要處理污水"),
        ("唔該晒，食飽晒", "唔該晒，食飽晒"),
        ("恒生銀行嘅檯", "恒生銀行嘅檯"),
    ] {
        assert_eq!(hk.normalize(text), expected);
    }
    assert_eq!(tw("潮湿的污水"), "潮濕的污水");
    assert_eq!(tw("潮溼的汙水"), "潮溼的汙水");
}

#[test]
fn opencc_phrases_stand_against_longer_words_across_them() {
    assert_eq!(tw("希伯来历史很悠久。"), "希伯來歷史很悠久。");
    assert_eq!(tw("点名表"), "點名表");
    assert_eq!(tw("借条与借据"), "借條與借據");
}

#[test]
fn clean_text_is_changed_only_where_no_word_has_it_as_it_stands() {
    for text in [
        "他很出戲",
        "併吞",
        "儀表",
        "公司徵人啟事",
        "天后",
        "希伯來歷史",
        "換髮",
        "暢遊台灣",
        "泛論",
        "海里與公里",
        "寧靜",
        "座車",
        "整齣",
        "牛丼",
        "莊淑旂",
        "局限",
        "侷限",
        "虱目魚",
        "金兀朮",
    ] {
        assert_eq!(tw(text), text);
    }
    for text in [
        "夥伴",
        "拚命",
        "座车",
        "拙著",
        "亲子丼",
        "哔哩哔哩",
        "万事俱备，只欠东风。",
        "氵、忄、扌、艹、辶是偏旁。",
        "圕",
        "槑槑的",
    ] {
        assert_eq!(hans(text), text);
    }
}

#[test]
fn traditional_words_become_the_simplified_ones() {
    for (text, expected) in [
        ("我想瞭解你們的計畫。", "我想了解你们的计划。"),
        ("不小心踫到桌子", "不小心碰到桌子"),
        ("她的裙襬很長", "她的裙摆很长"),
        ("乾道變化", "乾道变化"),
        ("被人跴了一腳", "被人踩了一脚"),
        ("觔斗雲", "筋斗云"),
        ("姪女", "侄女"),
    ] {
        assert_eq!(hans(text), expected);
    }
}

#[test]
fn what_stands_beside_decides() {
    for (text, expected) in [
        ("一只杯子里的水。", "一隻杯子裡的水。"),
        ("他冲了出来。", "他衝了出來。"),
        ("你想干什么？干掉他！", "你想幹什麼？幹掉他！"),
        ("几百只鸭。", "幾百隻鴨。"),
        ("干嘛不干杯？", "幹嘛不乾杯？"),
        ("老师说明了原因。", "老師說明了原因。"),
        ("单只是看看。", "單只是看看。"),
        ("你在干什麼", "你在幹什麼"),
        ("吃面", "吃麵"),
        ("后端工程師", "後端工程師"),
        ("多余", "多餘"),
    ] {
        assert_eq!(tw(text), expected);
    }
}

#[test]
fn surnames_stand_behind_and_before_what_they_are_called_by() {
    for (text, expected) in [
        ("于总、钟总。", "于總、鍾總。"),
        ("涂先生来了。", "涂先生來了。"),
        ("老范把门打开了。", "老范把門打開了。"),
        ("上野树里是演员。", "上野樹里是演員。"),
    ] {
        assert_eq!(tw(text), expected);
    }
    assert_eq!(hans("徐乾学、王汎森。"), "徐乾学、王汎森。");
}

#[test]
fn to_be_in_cantonese_is_another_character() {
    let hk = Normalizer::new(Target::Hk);
    assert_eq!(
        hk.normalize("佢系我嘅朋友，唔系老师"),
        "佢係我嘅朋友，唔係老師"
    );
    assert_eq!(hk.normalize("呢个系统嘅关系"), "呢個系統嘅關係");
}

#[test]
fn spellings_that_each_ask_for_another_stay() {
    // 台 asks for 枱 there, and 枱 for 台.
    let normalizer = Normalizer::builder(Target::Hant)
        .source(Source::Simplified)
        .build();
    let once = normalizer.normalize("台麪麪").into_owned();
    assert_eq!(normalizer.normalize(&once), once);
}

#[test]
fn the_source_may_be_told() {
    let simplified = Normalizer::builder(Target::Tw)
        .source(Source::Simplified)
        .build();
    assert_eq!(simplified.normalize("皇后以后"), "皇后以後");
    assert_eq!(simplified.normalize("三只羊"), "三隻羊");
}

#[test]
fn changes_that_are_not_sure_enough_are_not_made() {
    let text = "头发，吃面。縂書記，乾部。";
    let changes = |least| {
        let normalizer = Normalizer::builder(Target::Tw)
            .min_confidence(least)
            .build();
        normalizer.inspect(text).changes
    };
    for least in [0.5, 0.9, 0.98, 0.99, 1.0] {
        assert!(changes(least)
            .iter()
            .all(|change| change.confidence >= least));
    }
    let all = changes(0.0);
    let unsure = all.iter().filter(|change| change.confidence < 0.99).count();
    assert!(unsure > 0 && unsure < all.len(), "{all:?}");
    assert_eq!(changes(0.99).len(), all.len() - unsure);
}

#[test]
fn code_points_become_ideographs() {
    assert_eq!(tw("⽣活在⼤城市"), "生活在大城市");
    assert_eq!(tw("\u{f90a}額"), "金額");
}

#[test]
fn options_change_what_is_no_ideograph() {
    let text = "神\u{e0100}ＡＢＣ１\u{e000}，";
    assert_eq!(tw(text), text);
    assert_eq!(cleaning(Target::Tw).normalize(text), "神ABC1\u{fffd}，");
}

/// A normalizer that changes all it can.
fn cleaning(target: Target) -> Normalizer {
    Normalizer::builder(target)
        .width(Width::Narrow)
        .variation_selectors(VariationSelectors::Remove)
        .private_use(PrivateUse::Replace)
        .build()
}

#[test]
fn words_are_seen_as_they_will_stand() {
    let remove = cleaning(Target::Tw);
    assert_eq!(remove.normalize("头\u{fe00}发"), "頭髮");
    assert_eq!(remove.normalize("头\u{e0100}\u{fe00}发"), "頭髮");
    assert_eq!(remove.normalize("坏\u{fe00}\u{fe00}你"), "坏你");
    // What stays parts words as before, and so do selectors of what is no ideograph.
    assert_eq!(tw("头\u{fe00}发"), "頭\u{fe00}發");
    assert_eq!(
        remove.normalize("头\u{301}\u{fe00}发"),
        "頭\u{301}\u{fe00}發"
    );
}

#[test]
fn an_ideograph_becomes_an_ideograph_for_good() {
    let han = [
        0x2e80..=0x2fdf,
        0x3007..=0x3007,
        0x3400..=0x4dbf,
        0x4e00..=0x9fff,
        0xf900..=0xfaff,
        0x2_0000..=0x3_ffff,
    ];
    let han = |c: char| han.iter().any(|range| range.contains(&u32::from(c)));
    for &target in Target::ALL {
        let normalizer = cleaning(target);
        for c in ('\u{2e80}'..='\u{3ffff}').filter(|&c| han(c)) {
            let once = normalizer
                .normalize(&format!("{c}\u{fe00}\u{e0100}"))
                .into_owned();
            let mut chars = once.chars();
            assert!(
                chars.next().is_some_and(han) && chars.next().is_none(),
                "{c}: {once}"
            );
            assert_eq!(normalizer.normalize(&once), once);
        }
    }
}

#[test]
fn an_account_of_cleaning_and_words_is_of_the_source() {
    let text = "Ａ头\u{fe00}\u{e0100}发\u{fe01}\u{f0000}。体\u{fe00}";
    let done = cleaning(Target::Tw).normalize_with_report(text);
    assert_eq!(done.text, "A頭髮\u{fffd}。體");
    assert_eq!(done.report.replay(text), Some(done.text));
    let told: Vec<_> = done
        .report
        .changes
        .iter()
        .map(|change| (change.source.start, change.target.clone(), change.reason))
        .collect();
    use Reason::{PrivateUse, Script, VariationSelector, Width};
    assert_eq!(
        told,
        [
            (0, 0..1, Width),
            (3, 1..4, Script),
            (6, 4..4, VariationSelector),
            (9, 4..4, VariationSelector),
            (13, 4..7, Script),
            (16, 7..7, VariationSelector),
            (19, 7..10, PrivateUse),
            (26, 13..16, Script),
            (29, 16..16, VariationSelector),
        ]
    );
}

#[test]
fn a_long_span_is_cut_where_a_second_pass_cuts_it() {
    // 4 bytes become 3: private use, a rare form; or none: selectors.
    for filler in [
        "\u{f0000}",
        "𠮷\u{f0000}",
        "𡊮",
        "丽\u{2f800}",
        "山\u{fe00}\u{e0100}",
        "Ａ",
    ] {
        for fill in 2040..2070 {
            let text = filler.repeat(fill) + &"头发后台里面".repeat(1500);
            let once = cleaning(Target::Tw).normalize(&text).into_owned();
            assert_eq!(
                cleaning(Target::Tw).normalize(&once),
                once,
                "{fill} {filler}"
            );
        }
    }
}

#[test]
fn an_inspection_tells_what_would_change_and_what_looks_wrong() {
    let report = Normalizer::new(Target::Tw).inspect("縂書記郭郃");
    assert_eq!(
        (
            report.changes[0].from.as_str(),
            report.changes[0].to.as_str()
        ),
        ("縂", "總")
    );
    assert_eq!(
        (
            report.suspects[0].text.as_str(),
            &report.suspects[0].candidates[0][..]
        ),
        ("郃", "合")
    );
    assert_eq!(report.replay("縂書記郭郃").as_deref(), Some("總書記郭郃"));
}

#[test]
fn appended_text_leaves_what_was_there() {
    let normalizer = Normalizer::new(Target::Tw);
    let (mut text, mut bytes) = (String::from("縂"), b"\xff\xe7\xb8".to_vec());
    normalizer.normalize_into("媒躰", &mut text);
    normalizer.normalize_bytes(b"\x82\xe7\xb8\x82", &mut bytes);
    assert_eq!(text, "縂媒體");
    assert_eq!(bytes, b"\xff\xe7\xb8\x82\xe7\xb8\xbd");
}

#[test]
fn a_report_names_ranges_and_reasons() {
    let done = Normalizer::new(Target::Tw).normalize_with_report("新媒躰，乾部");
    let change = &done.report.changes[0];
    assert_eq!((change.source.clone(), change.target.clone()), (6..9, 6..9));
    assert_eq!(
        (change.from.as_str(), change.to.as_str(), change.reason),
        ("躰", "體", Reason::Variant)
    );
    assert_eq!(done.report.changes[1].reason, Reason::Word);
    let text = serde_json::to_string(&done).expect("serializable");
    assert_eq!(
        serde_json::from_str::<Normalized>(&text).expect("what was written"),
        done
    );
}

#[test]
fn what_does_not_change_is_borrowed() {
    for text in ["", "plain", "這是一個乾淨的句子。\r\n", "\0\u{301}"] {
        assert!(matches!(
            Normalizer::new(Target::Tw).normalize(text),
            std::borrow::Cow::Borrowed(_)
        ));
    }
}

#[test]
fn targets_are_read_by_name() {
    for &target in Target::ALL {
        assert_eq!(target.to_string().parse(), Ok(target));
    }
    let error = "jp".parse::<Target>().expect_err("no target");
    assert_eq!(
        error.to_string(),
        "unknown target \"jp\", expected hans, hant, tw or hk"
    );
}

#[test]
fn bytes_that_are_no_text_are_copied() {
    let mut stream = Normalizer::new(Target::Tw).stream();
    let mut out = Vec::new();
    stream.push(b"\xe7\xb8\x82\xff\xe7\xb8", &mut out);
    stream.finish(&mut out);
    assert_eq!(out, b"\xe7\xb8\xbd\xff\xe7\xb8");
}

#[test]
fn a_span_without_an_end_is_cut_and_bounded() {
    for (text, expected) in [
        ("縂", "總"),
        ("𠮷", "吉"),
        ("好\u{fe00}\u{e0100}", "好"),
        ("!\u{e0100}", "!\u{e0100}"),
    ] {
        let mut stream = cleaning(Target::Tw).stream();
        let mut out = Vec::new();
        for piece in text.repeat(20_000).as_bytes().chunks(5) {
            stream.push(piece, &mut out);
            assert!(stream.held() <= stream.max_held());
        }
        stream.finish(&mut out);
        assert_eq!(out, expected.repeat(20_000).as_bytes());
    }
}

#[test]
fn clean_native_text_is_left_alone() {
    let Some(folder) = std::env::var_os("ZHNORM_TEXTS") else {
        println!("skipped: ZHNORM_TEXTS names no folder of native texts");
        return;
    };
    for (name, target) in [
        ("native-taiwan.txt", Target::Tw),
        ("native-hongkong-cantonese.txt", Target::Hk),
    ] {
        let path = std::path::Path::new(&folder).join(name);
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("skipped: no {}", path.display());
            continue;
        };
        let han = text
            .chars()
            .filter(|c| ('\u{3400}'..='\u{9fff}').contains(c))
            .count();
        let done = Normalizer::builder(target)
            .style(Style::Keep)
            .build()
            .normalize_with_report(&text);
        for change in &done.report.changes {
            println!(
                "{name}: {} → {} ({:?})",
                change.from, change.to, change.reason
            );
        }
        let share = done.report.changes.len() as f64 * 10_000.0 / han as f64;
        println!("{name}: {share:.2} changes per 10,000 ideographs");
        assert!(share <= 0.5);
    }
}

/// Parts of texts made to find mistakes: both scripts, damage of every family, names, Japanese, what the options
/// change, and junk.
fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "縂",
        "躰",
        "郃",
        "麪",
        "曏",
        "侷",
        "廻",
        "乾",
        "部",
        "預",
        "裡",
        "里",
        "后",
        "後",
        "於",
        "于",
        "餘",
        "余",
        "範",
        "范",
        "發",
        "髮",
        "发",
        "只",
        "隻",
        "祇",
        "系",
        "係",
        "繫",
        "制",
        "製",
        "台",
        "臺",
        "颱",
        "檯",
        "干",
        "幹",
        "面",
        "麵",
        "复",
        "復",
        "複",
        "覆",
        "哩",
        "着",
        "著",
        "爲",
        "為",
        "産",
        "說",
        "説",
        "郭",
        "張",
        "合",
        "陽",
        "中國",
        "新聞",
        "網",
        "网",
        "書記",
        "総",
        "経済",
        "の",
        "した",
        "カ",
        "。",
        "！",
        "‼",
        "”",
        "〉",
        "\n",
        "\r\n",
        "，",
        " ",
        "abc",
        "⽣",
        "⼤",
        "\u{f90a}",
        "\u{2f800}",
        "\u{301}",
        "𠮷",
        "𬙂",
        "𡊮",
        "\u{200d}",
        "头",
        "坏",
        "公里",
        "皇后",
        "方面",
        "主席",
        "頭髮",
        "鞦",
        "韆",
        "鬆",
        "松",
        "一",
        "兩",
        "先生",
        "記者",
        "姓",
        "鐘",
        "鍾",
        "嘅",
        "喺",
        "瞭",
        "了",
        "解",
        "借",
        "藉",
        "像",
        "象",
        "座",
        "坐",
        "待",
        "呆",
        "冲",
        "准",
        "準",
        "征",
        "徵",
        "鬥",
        "斗",
        "晒",
        "汙",
        "溼",
        "計畫",
        "计划",
        "佢",
        "氵",
        "觔",
        "老",
        "吃",
        "想",
    ])
}

/// What only the options change.
fn optional() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "\u{fe00}",
        "\u{fe0f}",
        "\u{e0100}",
        "\u{e01ef}",
        "\u{fe00}\u{e0100}\u{fe01}",
        "\u{e000}",
        "\u{f0000}",
        "\u{10fffd}",
        "Ａ",
        "ｚ",
        "０",
        "：",
        "？",
    ])
}

fn some(pieces: impl Strategy<Value = &'static str>, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(pieces, 0..most).prop_map(|pieces| pieces.concat())
}

/// Short texts, and every ninth of one that reaches over the cut of a long span.
fn texts() -> impl Strategy<Value = String> {
    let mixed = || some(prop_oneof![4 => pieces(), 1 => optional()], 40);
    let unended = prop_oneof![3 => pieces(), 1 => optional()].prop_filter("an end", |piece| {
        !piece.contains(['。', '！', '‼', '\n', '？'])
    });
    let long = (some(unended, 12), 8000usize..8300, mixed()).prop_map(|(filler, length, end)| {
        let mut text = filler.repeat(length / filler.len().max(1));
        text.push_str(&end);
        text
    });
    prop_oneof![8 => mixed(), 1 => long]
}

/// Any options.
fn builders() -> impl Strategy<Value = NormalizerBuilder> {
    (
        prop::sample::select(Target::ALL.to_vec()),
        prop::sample::select(vec![Style::Target, Style::Keep]),
        prop::sample::select(Unit::ALL.to_vec()),
        prop::sample::select(vec![Width::Keep, Width::Narrow]),
        prop::sample::select(vec![VariationSelectors::Keep, VariationSelectors::Remove]),
        prop::sample::select(vec![PrivateUse::Keep, PrivateUse::Replace]),
        prop::sample::select(Source::ALL.to_vec()),
        prop::sample::select(vec![0.0, 0.0, 0.5, 0.9, 0.98, 0.99, 1.0]),
    )
        .prop_map(
            |(target, style, unit, width, selectors, private_use, source, least)| {
                Normalizer::builder(target)
                    .source(source)
                    .min_confidence(least)
                    .style(style)
                    .unit(unit)
                    .width(width)
                    .variation_selectors(selectors)
                    .private_use(private_use)
            },
        )
}

fn normalizers() -> impl Strategy<Value = Normalizer> {
    builders().prop_map(NormalizerBuilder::build)
}

/// Reads no more than so many bytes at once.
struct Pieces<'a>(&'a [u8], usize);

impl std::io::Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.1.min(buffer.len());
        self.0.read(&mut buffer[..length])
    }
}

/// So many cases, or as many as `PROPTEST_CASES` says.
fn cases() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 4000;
    }
    config
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn normalizing_twice_changes_nothing_more(text in texts(), normalizer in normalizers()) {
        let once = normalizer.normalize(&text).into_owned();
        prop_assert_eq!(normalizer.normalize(&once), once.as_str());
    }

    #[test]
    fn a_stream_is_the_whole_text_between_bad_bytes(
        text in texts(),
        bad in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        normalizer in normalizers(),
        size in prop_oneof![9 => 1usize..9, 1 => 1usize..20_000],
    ) {
        let mut bytes = text.into_bytes();
        for index in bad {
            bytes.insert(index.index(bytes.len() + 1), 0xff);
        }
        let mut stream = normalizer.stream();
        let mut out = Vec::new();
        for piece in bytes.chunks(size) {
            stream.push(piece, &mut out);
            prop_assert!(stream.held() <= stream.max_held());
            stream = stream.clone();
        }
        stream.finish(&mut out);
        let expected: Vec<u8> = bytes
            .utf8_chunks()
            .flat_map(|chunk| {
                let text = normalizer.normalize(chunk.valid());
                [text.as_bytes(), chunk.invalid()].concat()
            })
            .collect();
        prop_assert_eq!(
            String::from_utf8_lossy(&out),
            String::from_utf8_lossy(&expected)
        );
        let mut whole = Vec::new();
        normalizer.normalize_bytes(&bytes, &mut whole);
        prop_assert_eq!(&whole, &expected);
        let mut copied = Vec::new();
        zhnorm::io::copy(&normalizer, Pieces(&bytes, size), &mut copied)?;
        prop_assert_eq!(&copied, &expected);
        let mut writer = zhnorm::io::Writer::new(&normalizer, Vec::new());
        for piece in bytes.chunks(size) {
            writer.write_all(piece)?;
        }
        prop_assert_eq!(&writer.finish().map_err(std::io::Error::from)?, &expected);
    }

    #[test]
    fn the_report_replays(text in texts(), normalizer in normalizers()) {
        let done = normalizer.normalize_with_report(&text);
        prop_assert_eq!(done.report.replay(&text), Some(done.text.clone()));
        prop_assert_eq!(normalizer.normalize(&text), done.text.as_str());
        prop_assert_eq!(&normalizer.inspect(&text), &done.report);
        let mut appended = String::new();
        normalizer.normalize_into(&text, &mut appended);
        prop_assert_eq!(&appended, &done.text);
        let changes = done.report.changes.iter().map(|change| &change.source);
        prop_assert!(changes.clone().zip(changes.skip(1)).all(|(a, b)| a.end <= b.start));
        let suspects = done.report.suspects.iter();
        prop_assert!(suspects.clone().all(|found| text[found.source.clone()] == found.text));
        let mapped = normalizer.normalize_mapped(&text);
        prop_assert_eq!(mapped.text(), &done.text);
        let alignment = mapped.alignment();
        for change in &done.report.changes {
            prop_assert_eq!(alignment.to_target(change.source.clone()), Ok(change.target.clone()));
        }
        let spans: Vec<_> = mapped.spans().collect();
        let sources: String = spans.iter().map(|span| span.source_text()).collect();
        let targets: String = spans.iter().map(|span| span.target_text()).collect();
        prop_assert_eq!([&sources, &targets], [&text, &done.text]);
        // Every other change is rejected: the others are made, and all else stays.
        let mut some = done.report.clone();
        let mut number = 0;
        some.changes.retain(|_| { number += 1; number % 2 == 0 });
        let left = some.replay(&text).expect("the same text");
        let grown: isize = some.changes.iter().map(|c| c.to.len() as isize - c.from.len() as isize).sum();
        prop_assert_eq!(left.len() as isize, text.len() as isize + grown);
        let places = suspects.map(|found| &found.source);
        prop_assert!(places.clone().zip(places.skip(1)).all(|(a, b)| a.end <= b.start));
    }

    #[test]
    fn any_text_is_taken(text in any::<String>(), normalizer in normalizers()) {
        let done = normalizer.normalize_with_report(&text);
        prop_assert_eq!(done.report.replay(&text), Some(done.text.clone()));
        let once = normalizer.normalize(&text);
        prop_assert_eq!(normalizer.normalize(&once), once.as_ref());
    }
}
