//! The scan against the machine, with every form of the loop, on whole texts and in pieces.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::embedded;
use super::runner::{Progress, Runner};
use super::Converter;
use crate::config::opencc::Map;
use crate::config::Config;
use crate::engine::plan::tests::all_texts;
use crate::engine::{plan, End, Machine, Plan};
use crate::scan::facts::{Scan, Segmented};
use crate::scan::output::{AppendTo, IntoCow};
use crate::scan::{force, Form};
use crate::table::Table;
use crate::work;

fn with_each_config(run: impl Fn(Config, &Runner, &Scan)) {
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let runner = &*converter.runner;
        let scan = runner.scan.as_ref().expect("each config has a scan");
        run(config, runner, scan);
    }
}

/// Runs each form of the loop that the processor can.
fn with_each_loop(run: impl Fn()) {
    for form in Form::all() {
        force(form);
        run();
    }
}

/// Texts of exceptions, their parts, and what stands between them in texts.
fn texts_of_exceptions(scan: &Scan, count: usize) -> impl Iterator<Item = String> {
    let keys = scan.exceptions.iter();
    let mut keys: Vec<String> = keys
        .map(|key| String::from_utf8(key.source).expect("keys are UTF-8"))
        .collect();
    // Some configs have no exception.
    keys.extend(["干杯".to_owned(), "一".to_owned()]);
    let others = [
        "的",
        "，",
        "\n",
        "a",
        "12",
        "hello, world: ",
        "é",
        "𠮷",
        "⿰",
        "\u{F900}",
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % below
    };
    (0..count).map(move |_| {
        let mut text = String::new();
        for _ in 0..random(60) {
            let key = &keys[random(keys.len())];
            let characters = key.chars().count();
            match random(6) {
                0 => text.push_str(others[random(others.len())]),
                1 => text.extend(key.chars().take(1 + random(characters))),
                2 => text.extend(key.chars().skip(random(characters))),
                _ => text.push_str(key),
            }
        }
        text
    })
}

/// Of such texts what nothing stands between, so that hits are dense.
fn dense(texts: &[String]) -> String {
    let characters = texts.iter().flat_map(|text| text.chars());
    characters
        .filter(|character| ('一'..='\u{9FFF}').contains(character))
        .collect()
}

/// Compares each loop with the machine on so many texts of exceptions, and without what stands
/// between these.
fn check_exceptions(runner: &Runner, scan: &Scan, count: usize) {
    let texts: Vec<String> = texts_of_exceptions(scan, count).collect();
    with_each_loop(|| {
        for text in &texts {
            assert_equals_machine(runner, text);
        }
        for texts in texts.chunks(50) {
            assert_equals_machine(runner, &dense(texts));
        }
    });
}

#[test]
fn each_loop_equals_the_machine_on_exceptions() {
    with_each_config(|_, runner, scan| check_exceptions(runner, scan, 500));
}

#[test]
fn each_loop_equals_the_machine_on_an_exception_after_much_that_stays() {
    with_each_config(|_, runner, scan| {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("keys are UTF-8");
        let keys: Vec<String> = scan.exceptions.iter().map(|key| text(key.source)).collect();
        // What exceptions become, and stays so.
        let convert = |text: &str| runner.convert(text, IntoCow).into_owned();
        let done = keys.iter().map(|key| convert(key));
        let mut stays: Vec<String> = done.filter(|done| convert(done) == *done).collect();
        stays.push("的，一\n".to_owned());
        let forms = Form::all();
        for (number, key) in keys.iter().enumerate() {
            force(forms[number % forms.len()]);
            let mut text = String::new();
            let mut pieces = stays.iter().cycle().skip(number * 7 % stays.len());
            while text.len() < 140 + number % 50 {
                text.push_str(pieces.next().expect("at least one"));
            }
            text.push_str(key);
            text.push_str(pieces.next().expect("at least one"));
            assert_equals_machine(runner, &text);
        }
    });
}

#[test]
fn each_loop_equals_the_machine_on_text_that_has_become_what_it_stays() {
    with_each_config(|_, runner, scan| {
        with_each_loop(|| {
            let mut done = String::new();
            for (number, text) in texts_of_exceptions(scan, 600).enumerate() {
                let mut text = text;
                for _ in 0..3 {
                    text = runner.convert(&text, IntoCow).into_owned();
                }
                done.push_str(&text);
                if done.len() > 100 + number % 200 {
                    assert_equals_machine(runner, &done);
                    // One character less, so that others stand side by side.
                    let starts: Vec<usize> = done.char_indices().map(|(at, _)| at).collect();
                    done.remove(starts[number * 31 % starts.len()]);
                    assert_equals_machine(runner, &done);
                    done.clear();
                }
            }
        });
    });
}

#[test]
fn each_loop_equals_the_machine_on_long_text_that_seldom_changes() {
    with_each_config(|config, runner, scan| {
        // Where hits are dense nothing is known to be calm.
        let between = "的一在不有和人中大，".repeat(6);
        let mut stays = String::new();
        for text in texts_of_exceptions(scan, 20) {
            for (number, character) in text.chars().enumerate() {
                stays.push(character);
                if number % 10 == 9 {
                    stays.push_str(&between);
                }
            }
        }
        for _ in 0..4 {
            stays = runner.convert(&stays, IntoCow).into_owned();
        }
        let starts: Vec<usize> = stays.char_indices().map(|(at, _)| at).collect();
        let seldom: Vec<String> = texts_of_exceptions(scan, 90).collect();
        for (number, seldom) in seldom.chunks(3).enumerate() {
            // From elsewhere on each time, so that all comes to stand at the end of a stretch.
            let (before, after) = stays.split_at(starts[number * 37 % starts.len()]);
            let long = [after, before].concat();
            // Pieces end in and after what changes.
            let mut pieces = vec![String::new()];
            for some in seldom {
                let starts = some.char_indices().map(|(at, _)| at);
                let cut = starts
                    .chain([some.len()])
                    .rev()
                    .nth(number % 4)
                    .unwrap_or(0);
                *pieces.last_mut().expect("at least one") += &some[..cut];
                pieces.push(format!("{}{long}", &some[cut..]));
            }
            let text = pieces.concat();
            let mut expected = Vec::new();
            let levels = &runner.plan.levels;
            Machine::default().push(levels, text.as_bytes(), End::Here, &mut expected);
            let expected = String::from_utf8(expected).expect("text stays text");
            with_each_loop(|| {
                assert_eq!(runner.convert(&text, IntoCow), expected, "{config}");
                assert_eq!(streamed(runner, &pieces), expected, "{config}");
            });
        }
    });
}

#[test]
fn text_without_boundaries_equals_the_machine_where_it_seldom_changes() {
    // Whether the last of these is taken tells where the text before it was cut.
    let stage = table(&[("一二", "一二"), ("二一", "二一"), ("二五", "四")]);
    let runner = Runner::new(plan::of_tables(Vec::new(), None, vec![stage]));
    let joined = |bytes: usize| "一二".repeat(bytes / 6);
    let apart = |bytes: usize| "中大，".repeat(bytes / 9);
    for bytes in (8_000..12_000).step_by(6) {
        let shift = if bytes % 4 == 0 { "二" } else { "" };
        // Of what is joined, either character comes to stand where it is looked for no further.
        let other = "中".repeat(bytes % 3);
        let text = format!("二五，{other}，{shift}{}五{}", joined(bytes), joined(8_000));
        assert_equals_machine(&runner, &text);
        // What is open at the end of a piece is more than is held back.
        let pieces = [
            format!("二五，{}{shift}{}", apart(bytes + 8_000), joined(600)),
            format!("五{}", apart(8_000)),
        ];
        let text = pieces.concat();
        assert_equals_machine(&runner, &text);
        assert_eq!(streamed(&runner, &pieces), runner.convert(&text, IntoCow));
    }
}

#[test]
fn each_loop_equals_the_machine_on_bytes_that_are_no_text() {
    let junk = [0x00, 0x80, 0xBF, 0xC3, 0xE4, 0xEF, 0xF0, 0xFF];
    with_each_config(|config, runner, scan| {
        with_each_loop(|| {
            for (number, text) in texts_of_exceptions(scan, 200).enumerate() {
                let mut bytes = text.into_bytes();
                // Damage that moves from text to text, more or less of it.
                let distance = 5 + number % 97;
                for at in (number % 7..bytes.len()).step_by(distance) {
                    bytes[at] = junk[(number + at) % junk.len()];
                }
                let mut expected = Vec::new();
                let levels = &runner.plan.levels;
                let short = &bytes[..bytes.len().min(60)];
                Machine::default().push(levels, short, End::Here, &mut expected);
                let mut got = Vec::new();
                if !runner.convert_bytes(short, &mut got) {
                    got.extend_from_slice(short);
                }
                assert_eq!(got, expected, "{config} {short:X?}");

                expected.clear();
                Machine::default().push(levels, &bytes, End::Here, &mut expected);
                let (mut progress, mut got) = (Progress::default(), Vec::new());
                let (first, second) = bytes.split_at(bytes.len() / 3);
                runner.push(first, &mut progress, &mut got);
                runner.push(second, &mut progress, &mut got);
                runner.finish(&mut progress, &mut got);
                assert_eq!(got, expected, "{config} {bytes:X?}");
            }
        });
    });
}

#[test]
fn short_texts_equal_the_machine_at_every_length() {
    with_each_config(|_, runner, scan| {
        with_each_loop(|| {
            for text in texts_of_exceptions(scan, 200) {
                let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                for (number, &from) in starts.iter().enumerate().step_by(7) {
                    let ends = starts[number..].iter().take(60);
                    for &to in ends.skip(number % 2).step_by(2) {
                        assert_equals_machine(runner, &text[from..to]);
                    }
                }
            }
        });
    });
}

#[test]
fn each_change_leads_to_a_character_of_three_bytes() {
    with_each_config(|config, _, scan| {
        assert!(scan.classes.all_lead_to_three_bytes(), "{config}");
    });
    // To one of two bytes, and from one.
    let stage = table(&[("一", "é"), ("é", "二"), ("三", "a")]);
    let plan = plan::of_tables(Vec::new(), None, vec![stage]);
    let scan = Runner::new(plan).scan.expect("such a plan has a scan");
    assert!(scan.classes.all_lead_to_three_bytes());
}

#[test]
fn short_texts_keep_what_has_the_form_of_a_character_and_is_none() {
    // Written too long, and surrogates, each at the ends of their ranges.
    let none: [&[u8]; 5] = [
        b"\xE0\x80\x80",
        b"\xE0\x9F\xBF",
        b"\xED\xA0\x80",
        b"\xED\xBF\xBF",
        b"\xED\xAF\xBF",
    ];
    let others: [&[u8]; 4] = ["后".as_bytes(), "头发".as_bytes(), b"a", "，".as_bytes()];
    with_each_loop(|| {
        for config in [Config::S2t, Config::S2twp, Config::T2s, Config::Tw2sp] {
            let converter = Converter::new(config);
            for (none, other) in none.iter().flat_map(|none| others.map(|o| (none, o))) {
                for parts in [
                    [none, other, other],
                    [other, none, other],
                    [other, other, none],
                ] {
                    let bytes = parts.concat();
                    let mut expected = Vec::new();
                    let levels = &converter.runner.plan.levels;
                    Machine::default().push(levels, &bytes, End::Here, &mut expected);
                    let mut got = Vec::new();
                    converter.convert_bytes(&bytes, &mut got);
                    assert_eq!(got, expected, "{config} {bytes:X?}");
                }
            }
        }
    });
}

/// The pieces converted one after the other.
fn streamed(runner: &Runner, pieces: &[String]) -> String {
    let (mut progress, mut out) = (Progress::default(), Vec::new());
    for piece in pieces {
        runner.push(piece.as_bytes(), &mut progress, &mut out);
    }
    runner.finish(&mut progress, &mut out);
    String::from_utf8(out).expect("text stays text")
}

/// Converts the text into an empty `String` and behind something else.
fn assert_equals_machine(runner: &Runner, text: &str) {
    let mut expected = Vec::new();
    let levels = &runner.plan.levels;
    Machine::default().push(levels, text.as_bytes(), End::Here, &mut expected);
    let expected = String::from_utf8(expected).expect("text stays text");
    let got = runner.convert(text, IntoCow);
    assert_eq!(matches!(got, Cow::Owned(_)), expected != text, "{text}");
    assert_eq!(got, expected, "{text}");
    for before in ["", "涂"] {
        let mut got = before.to_owned();
        let changed = runner.convert(text, AppendTo(&mut got));
        assert_eq!(changed, expected != text, "{text}");
        let appended = if changed { &expected } else { "" };
        assert_eq!(got, format!("{before}{appended}"), "{text}");
    }
}

fn table(pairs: &[(&str, &str)]) -> Table {
    Table::from_pairs("test", pairs.iter().copied()).expect("well-formed")
}

/// Compares scan and machine on every short text over the alphabet of the plan's keys.
fn check(segmentation: Option<&[(&str, &str)]>, stages: &[&[(&str, &str)]]) {
    let name = format!("{stages:?}");
    let stages = stages.iter().map(|pairs| table(pairs)).collect();
    check_plan(
        &name,
        plan::of_tables(Vec::new(), segmentation.map(table), stages),
    );
}

/// The same of any such plan.
fn check_plan(name: &str, plan: Plan) {
    let levels = &plan.levels;
    let runner = Runner::new(plan.clone());
    assert!(runner.scan.is_some(), "such a plan has a scan");
    for text in all_texts(&['一', '二', '三', 'a', '⿰'], 6) {
        let mut expected = Vec::new();
        Machine::default().push(levels, text.as_bytes(), End::Here, &mut expected);
        let mut got = Vec::new();
        let changed = runner.convert_bytes(text.as_bytes(), &mut got);
        assert_eq!(changed, expected != text.as_bytes(), "{name} {text}");
        assert!(!changed || got == expected, "{name} {text}");

        // Long enough for what is only done with long texts.
        let before = "的".repeat(50);
        let long = format!("{before}{text}");
        let mut got = Vec::new();
        let changed = runner.convert_bytes(long.as_bytes(), &mut got);
        assert_eq!(changed, expected != text.as_bytes(), "{name} {text}");
        let got = got.strip_prefix(before.as_bytes());
        assert!(!changed || got == Some(&expected), "{name} {text}");

        let mut progress = Progress::default();
        let mut streamed = Vec::new();
        for byte in text.as_bytes() {
            runner.push(&[*byte], &mut progress, &mut streamed);
        }
        runner.finish(&mut progress, &mut streamed);
        assert_eq!(streamed, expected, "{name} {text}, byte by byte");

        #[cfg(feature = "rayon")]
        for (from, _) in text.char_indices() {
            let Some(cut) = runner.cut(&text, from..text.len()) else {
                continue;
            };
            let mut parts = Vec::new();
            for part in [&text[..cut], &text[cut..]] {
                Machine::default().push(levels, part.as_bytes(), End::Here, &mut parts);
            }
            assert_eq!(parts, expected, "{name} {text}, cut at {cut}");
        }
    }
}

#[test]
fn the_scan_equals_the_machine_on_every_short_text() {
    // A phrase that its characters do not make, and one that only blocks it.
    check(None, &[&[("一", "甲"), ("一二", "丙"), ("二三", "二三")]]);
    // A key that starts with ASCII, one that ends with it, one that lengthens, one that deletes.
    check(
        None,
        &[&[("a一", "乙"), ("二a", "丁"), ("三", "三三"), ("一二三", "")]],
    );
    // A second stage that matches across what the first made.
    check(
        None,
        &[
            &[("一二", "三"), ("二", "一")],
            &[("三一", "丁"), ("一一一", "戊")],
        ],
    );
    // What two exceptions side by side become, the second stage joins.
    check(
        None,
        &[
            &[("一二", "三一"), ("二三", "四三")],
            &[("一四", "甲"), ("三三", "乙")],
        ],
    );
    // Three stages, each reaching one character further.
    check(
        None,
        &[
            &[("一二", "二")],
            &[("二三", "三")],
            &[("三一", "己"), ("a三", "庚")],
        ],
    );
    // Segments that keep a later stage's phrases apart.
    check(
        Some(&[("一二", ""), ("三", "")]),
        &[
            &[("一二", "二一"), ("二三", "甲")],
            &[("一二", "乙"), ("二一三", "丙")],
        ],
    );
    // Segments that the first stage converts, and characters in none.
    let phrases = [("一二", "二一"), ("二三一", "三三"), ("三a", "三a")];
    let characters = [("一", "三"), ("二", "二"), ("三", "一")];
    let first = table(&[phrases, characters].concat());
    let later = table(&[
        ("一三", "乙"),
        ("二一一", "丙"),
        ("一二", "丁"),
        ("三三", "二"),
    ]);
    let plan = plan::of_tables(Vec::new(), Some(table(&phrases)), vec![first, later]);
    assert_eq!(plan.levels.len(), 2, "the first level makes segments");
    check_plan("segments that the first stage converts", plan.clone());
    // And words that begin, end, lengthen and are phrases.
    let mut plan = plan;
    let words = [
        ("一二", "二"),
        ("二一", "一"),
        ("二三一二", "三"),
        ("一二a", ""),
    ];
    plan.set_words(vec![table(&words)], 0);
    check_plan("words over segments", plan);
    // A first stage whose phrase never comes to stand in a text.
    let phrase = table(&[("一三", "一")]);
    let stages = vec![phrase.clone(), table(&[("一二二", "一")])];
    let plan = plan::of_tables(vec![table(&[("三", "一")])], Some(phrase), stages);
    check_plan("no segments", plan);
}

#[test]
fn dense_texts_of_own_tables_equal_the_machine() {
    let phrases = [
        ("一二", "甲"),
        ("二三一", "乙乙"),
        ("三二", "三二"),
        ("二二三三", ""),
    ];
    let with_single: Vec<_> = phrases.into_iter().chain([("三", "丁")]).collect();
    let middle = [("四", "三"), ("三四", "一二"), ("四四一", "二二")];
    let plans = [
        // What the first level makes segments it converts.
        (None, vec![&phrases[..]]),
        (None, vec![&with_single[..]]),
        (None, vec![&phrases[..], &middle[..]]),
        // It makes them of the last one's phrases; or of a single character as well.
        (Some(&phrases[..]), vec![&middle[..], &phrases[..]]),
        (Some(&phrases[..]), vec![&middle[..], &with_single[..]]),
        (Some(&with_single[..]), vec![&middle[..], &with_single[..]]),
        (Some(&with_single[..]), vec![&middle[..], &phrases[..]]),
        // Of the first one's.
        (Some(&phrases[..]), vec![&phrases[..], &middle[..]]),
        (Some(&middle[..]), vec![&middle[..], &phrases[..]]),
        // Of others.
        (Some(&middle[..]), vec![&with_single[..], &phrases[..]]),
    ];
    let text = all_texts(&['一', '二', '三', '四'], 6).concat();
    for (segmentation, stages) in plans {
        let stages = stages.into_iter().map(table).collect();
        let plan = plan::of_tables(Vec::new(), segmentation.map(table), stages);
        let runner = Runner::new(plan);
        // Beginning anywhere.
        for from in (0..300).step_by(7) {
            assert_equals_machine(&runner, &text[3 * from..]);
        }
    }
}

/// Words made of a config's exceptions, of few of them each: the key, more than it, less of it at
/// either end, both, and its middle; a key that is one character only if `single` says so.
fn words_of_exceptions(scan: &Scan, single: bool) -> Table {
    let keys = scan.exceptions.iter();
    let keys = keys.map(|key| String::from_utf8(key.source).expect("keys are UTF-8"));
    let keys: Vec<Vec<char>> = keys.map(|key| key.chars().collect()).collect();
    let part = |number: usize| {
        let (key, next) = (&keys[number], &keys[(number * 7 + 1) % keys.len()]);
        let last = key.len() - 1;
        match number % 6 {
            0 => key.clone(),
            1 => [&key[..], &next[..1]].concat(),
            2 => key[1..].to_vec(),
            3 => key[..last].to_vec(),
            4 => key[last.min(1)..last.max(1)].to_vec(),
            _ => [&next[next.len() - 1..], &key[..last]].concat(),
        }
    };
    let words = (0..keys.len()).step_by(1 + keys.len() / 400).map(part);
    let words = words.filter(|word| word.len() > 1 || single && word.len() == 1);
    let words: BTreeSet<String> = words.map(String::from_iter).collect();
    let words = words.iter().map(|word| (word.as_str(), "后台"));
    Table::from_pairs("words", words).expect("well-formed")
}

#[test]
fn words_that_meet_exceptions_equal_the_machine() {
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let base = converter.runner.scan.as_ref();
        let base = base.expect("each config has a scan");
        for single in [false, true] {
            let words = words_of_exceptions(base, single);
            let converter = Converter::builder(config).words(words).build();
            let runner = &*converter.runner;
            let scan = runner.scan.as_ref().expect("such a plan has a scan");
            let expected = match base.segments {
                Segmented::Apart => Segmented::Unknown,
                segments => segments,
            };
            assert_eq!(scan.segments, expected);
            let is_added = scan.exceptions.over.is_some();
            assert!(is_added, "the scan is not derived anew for a few words");
            check_exceptions(runner, scan, 500);
        }
    }
}

#[test]
fn words_added_to_a_scan_convert_as_with_a_scan_derived_anew() {
    for config in [Config::S2twp, Config::Tw2sp, Config::T2s, Config::Jp2t] {
        let converter = Converter::new(config);
        let scan = converter.runner.scan.as_ref();
        let scan = scan.expect("each config has a scan");
        let words = words_of_exceptions(scan, false);
        let added = converter.runner.with_words(vec![words.clone()], 1, None);
        let mut plan = converter.runner.plan.clone();
        plan.set_words(vec![words], 1);
        let anew = Runner::new(plan);
        let scan = added.scan.as_ref().expect("such a plan has a scan");
        for text in texts_of_exceptions(scan, 2000) {
            assert_eq!(
                added.convert(&text, IntoCow),
                anew.convert(&text, IntoCow),
                "{text}"
            );
        }
    }
}

#[test]
fn dense_texts_of_large_tables_of_one_s_own_equal_the_machine() {
    let stage = embedded::table(Map::St);
    let keys: Vec<String> = stage.iter().map(|(key, _)| key).collect();
    let phrases = keys.iter().filter(|key| key.chars().count() > 1);
    let half = phrases.step_by(2).map(|key| (key.as_str(), ""));
    let half = Table::from_pairs("half", half).expect("well-formed");
    let runner = Runner::new(plan::of_tables(Vec::new(), Some(half), vec![stage]));
    let scan = runner.scan.as_ref().expect("such a plan has a scan");
    assert_eq!(scan.segments, Segmented::Unknown);
    let pieces: Vec<String> = texts_of_exceptions(scan, 400).collect();
    with_each_loop(|| {
        for pieces in pieces.chunks(20) {
            let text = pieces.concat();
            assert_equals_machine(&runner, &text);
            assert_eq!(streamed(&runner, pieces), runner.convert(&text, IntoCow));
            assert_equals_machine(&runner, &dense(pieces));
        }
    });
}

#[test]
fn a_phrase_that_keeps_its_characters_is_no_change() {
    let converter = Converter::new(Config::S2t);
    assert_eq!(converter.convert("涂"), "塗");
    assert!(matches!(converter.convert("涂序瑄"), Cow::Borrowed(_)));
}

#[test]
fn a_line_that_has_ended_is_not_held_back() {
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let mut stream = converter.stream();
        let mut out = Vec::new();
        for line in ["皇后后面\n", "SQL\r\n", "発展\n", "\n"] {
            stream.push(line.as_bytes(), &mut out);
            assert_eq!(stream.held(), 0, "{config} {line:?}");
        }
    }
}

#[test]
fn other_alphabets_do_not_start_the_loop_at_every_character() {
    let texts = [
        "Съешь же ещё этих мягких французских булок. ",
        "Tiếng Việt là một ngôn ngữ đơn lập. ",
        "Voyez le brick géant où j’élève des œufs. ",
        "😀👍🏽👩\u{200D}👧 ",
        "𠀀𠀁𠀂，",
    ];
    with_each_loop(|| {
        for text in texts {
            let text = text.repeat(1000);
            for config in [Config::S2twp, Config::T2s] {
                let converter = Converter::new(config);
                let starts = work::of(|| {
                    converter.convert(&text);
                });
                assert!(starts * 1000 <= text.len(), "{config}: {starts} starts");
            }
        }
    });
}

#[test]
fn short_pieces_of_a_stream_are_cut_where_nothing_crosses() {
    let runner = embedded::runner(Config::S2t);
    let scan = runner.scan.as_ref().expect("each config has a scan");
    let push = |piece: &str, end| {
        let mut out = Vec::new();
        let used = scan.push_short(&runner.plan, piece.as_bytes(), end, &mut out);
        (used, String::from_utf8(out).expect("whole characters"))
    };
    let whole = |text: &str, converted: &str| (Some(text.len()), converted.to_owned());
    // A line that has ended comes out, as does a text.
    assert_eq!(
        push("理发和头发\n", End::Open),
        whole("理发和头发\n", "理髮和頭髮\n")
    );
    assert_eq!(push("头发", End::Here), whole("头发", "頭髮"));
    // 头 may begin 头发, which the next piece ends: it stays.
    let (used, out) = push("他们去理发和看见头", End::Open);
    assert!(
        used.is_some_and(|used| used < "他们去理发和看见头".len()),
        "{used:?}"
    );
    assert!("他們去理髮和看見".starts_with(&out), "{out}");
    // What may reach over any cut, what is no text, what is long.
    assert_eq!(push("⿰一丁\n", End::Open), (None, String::new()));
    let mut out = Vec::new();
    let bytes = b"\xE5\xA4\xFF\n";
    assert_eq!(
        scan.push_short(&runner.plan, bytes, End::Open, &mut out),
        None
    );
    assert_eq!(push(&"一".repeat(50), End::Open), (None, String::new()));
}
