//! OpenCC config files: what is read, how it converts, and how each fault is named.

mod reference;

use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use tempfile::TempDir;
use zhnorm::{
    Config, ConfigFileError, ConfigFileErrorKind, Converter, PipelineBuilder, RareCharacters,
    Table, TableErrorKind,
};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a temporary file can be written");
    }
    folder
}

fn load(folder: &TempDir, rare: RareCharacters) -> Result<Converter, ConfigFileError> {
    let path = folder.path().join("config.json");
    Ok(PipelineBuilder::from_config_file(path, rare)?.build())
}

/// The converter of a config that needs no files.
fn converter(config: &str) -> Converter {
    let pipeline =
        PipelineBuilder::from_config_text(config.as_bytes(), "", RareCharacters::Include);
    pipeline.expect("well-formed").build()
}

fn refused(config: &[u8]) -> ConfigFileError {
    let result = PipelineBuilder::from_config_text(config, "", RareCharacters::Include);
    result.map(drop).expect_err("should be refused")
}

fn inline(entries: &[(&str, &str)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{key:?}: {value:?}"))
        .collect();
    format!(
        r#"{{ "type": "inline", "entries": {{ {} }} }}"#,
        entries.join(", ")
    )
}

fn group(policy: &str, dicts: &[&str]) -> String {
    let dicts = dicts.join(", ");
    format!(r#"{{ "type": "group", {policy} "dicts": [{dicts}] }}"#)
}

fn chain(dicts: &[&str]) -> String {
    let items: Vec<String> = dicts
        .iter()
        .map(|dict| format!(r#"{{ "dict": {dict} }}"#))
        .collect();
    format!("[{}]", items.join(", "))
}

#[test]
fn comments_trailing_commas_and_unknown_members_are_read_over() {
    let config = r#"// A config.
    {
        "name": "quotes", /* not needed */ "by": { "us": null },
        "conversion_chain": [
            { "dict": { "type": "inline", "entries": { "“": "「", "\u201D": "」", }, }, },
        ],
    } // the end"#;
    assert_eq!(converter(config).convert("“发”"), "「发」");
}

#[test]
fn of_repeated_members_the_first_counts() {
    let first = chain(&[&inline(&[("a", "1")])]);
    let second = chain(&[&inline(&[("a", "2")])]);
    let config = format!(r#"{{ "conversion_chain": {first}, "conversion_chain": {second} }}"#);
    assert_eq!(converter(&config).convert("a"), "1");
}

#[test]
fn items_of_a_chain_that_are_no_objects_are_ignored_as_opencc_does() {
    let stage = inline(&[("a", "b")]);
    let config = format!(r#"{{ "conversion_chain": [null, "x", {{ "dict": {stage} }}, 7] }}"#);
    assert_eq!(converter(&config).convert("a"), "b");
}

#[test]
fn the_levels_stand_in_opencc_s_order_however_the_file_orders_them() {
    let config = format!(
        r#"{{
            "conversion_chain": {},
            "segmentation": {{ "type": "mmseg", "dict": {} }},
            "normalization": {}
        }}"#,
        chain(&[
            &inline(&[("a", "m"), ("d", "n"), ("bc", "bc")]),
            &inline(&[("mb", "!"), ("cn", "?"), ("bc", "Q")]),
        ]),
        inline(&[("bc", "unused")]),
        chain(&[&inline(&[("B", "b")]), &inline(&[("C", "c")])]),
    );
    // Without the segmentation it would be `!?`, without the normalization `mBCn`.
    assert_eq!(converter(&config).convert("aBCd"), "mQn");
}

#[test]
fn groups_follow_their_policy_and_short_circuit_without_one() {
    let members = [
        inline(&[("ab", "1"), ("abcde", "X")]),
        inline(&[("abc", "2")]),
    ];
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    for (policy, expected) in [
        ("", "1cd"),
        (r#""match_policy": "short_circuit","#, "1cd"),
        (r#""match_policy": "union","#, "2d"),
    ] {
        let stage = chain(&[&group(policy, &members)]);
        let config = format!(r#"{{ "conversion_chain": {stage} }}"#);
        assert_eq!(converter(&config).convert("abcd"), expected, "{policy}");
    }
}

#[test]
fn groups_nest() {
    let union = r#""match_policy": "union","#;
    let inner = group(union, &[&inline(&[("b", "1")]), &inline(&[("bc", "2")])]);
    let outer = group(
        "",
        &[
            &inline(&[("a", "0")]),
            &inner,
            &inline(&[("abc", "3"), ("c", "4")]),
        ],
    );
    let config = format!(r#"{{ "conversion_chain": {} }}"#, chain(&[&outer]));
    assert_eq!(converter(&config).convert("abcbc"), "022");
    assert_eq!(converter(&config).convert("acb"), "041");
}

#[test]
fn an_inline_value_is_one_candidate_even_with_spaces() {
    let config = format!(
        r#"{{ "conversion_chain": {} }}"#,
        chain(&[&inline(&[("a", "b c")])])
    );
    assert_eq!(converter(&config).convert("a"), "b c");
}

#[test]
fn an_empty_chain_changes_nothing() {
    assert_eq!(
        converter(r#"{ "conversion_chain": [] }"#).convert("头发"),
        "头发"
    );
}

#[test]
fn text_tables_are_found_beside_the_config() {
    let stage = r#"{ "type": "text", "file": "words.txt" }"#;
    let config = format!(
        r#"{{ "segmentation": {{ "type": "mmseg", "dict": {stage} }}, "conversion_chain": {} }}"#,
        chain(&[stage, stage])
    );
    let folder = folder(&[
        ("config.json", &config),
        (
            "words.txt",
            "\u{FEFF}# ours\r\n头发\t頭髮 头髪\r\n头\t頭\r\n",
        ),
    ]);
    let converter = load(&folder, RareCharacters::Include).expect("well-formed");
    assert_eq!(converter.convert("头发头"), "頭髮頭");
}

#[test]
fn rare_characters_are_left_out_of_every_level_but_the_segmentation() {
    let rare = r#"{ "type": "text", "file": "rare.txt", "may_output_tofu": true }"#;
    let common = r#"{ "type": "text", "file": "common.txt", "may_output_tofu": false }"#;
    let small = inline(&[("Z", "z")]);
    let rare_group =
        format!(r#"{{ "type": "group", "may_output_tofu": true, "dicts": [{small}] }}"#);
    let config = format!(
        r#"{{
            "normalization": {},
            "segmentation": {{ "type": "mmseg", "dict": {rare} }},
            "conversion_chain": {}
        }}"#,
        chain(&[&rare_group]),
        chain(&[
            &group("", &[rare, common]),
            &group("", &[rare]),
            &inline(&[("XY", "joined"), ("X", "x")]),
        ]),
    );
    let folder = folder(&[
        ("config.json", &config),
        ("rare.txt", "㑮\t𫝈\n"),
        ("common.txt", "㑯\t㑔\n"),
    ]);
    let include = load(&folder, RareCharacters::Include).expect("well-formed");
    assert_eq!(include.convert("㑮㑯Z"), "𫝈㑔z");
    let exclude = load(&folder, RareCharacters::Exclude).expect("well-formed");
    assert_eq!(exclude.convert("㑮㑯Z"), "㑮㑔Z");
    assert_eq!(exclude.convert("XY"), "joined");
}

#[test]
fn what_is_left_out_is_not_even_looked_for() {
    let rare = r#"{ "type": "text", "file": "missing.txt", "may_output_tofu": true }"#;
    let config = format!(r#"{{ "conversion_chain": {} }}"#, chain(&[rare]));
    let folder = folder(&[("config.json", &config)]);
    let exclude = load(&folder, RareCharacters::Exclude).expect("well-formed");
    assert_eq!(exclude.convert("㑮"), "㑮");
    load(&folder, RareCharacters::Include).expect_err("the file is needed");
}

#[test]
fn the_segmentation_takes_rare_characters_even_when_they_are_left_out() {
    let rare = group(
        r#""may_output_tofu": true,"#,
        &[&inline(&[("b", "unused")])],
    );
    let config = format!(
        r#"{{ "segmentation": {{ "type": "mmseg", "dict": {rare} }}, "conversion_chain": {} }}"#,
        chain(&[&inline(&[("ab", "joined")])])
    );
    let pipeline =
        PipelineBuilder::from_config_text(config.as_bytes(), "", RareCharacters::Exclude);
    assert_eq!(pipeline.expect("well-formed").build().convert("ab"), "ab");
}

#[test]
fn every_fault_in_the_structure_names_its_place() {
    let within = |dict: &str| format!(r#"{{ "conversion_chain": {} }}"#, chain(&[dict]));
    let dict = "conversion_chain[0].dict";
    let table: &[(String, &str, &str)] = &[
        ("[]".into(), "", "expected an object, found an array"),
        ("{}".into(), "", "expected a member \"conversion_chain\""),
        (
            r#"{ "conversion_chain": {} }"#.into(),
            "conversion_chain",
            "expected an array, found an object",
        ),
        (
            r#"{ "conversion_chain": [{}] }"#.into(),
            "conversion_chain[0]",
            "expected a member \"dict\"",
        ),
        (
            r#"{ "conversion_chain": [], "normalization": null }"#.into(),
            "normalization",
            "expected an array, found null",
        ),
        (
            r#"{ "conversion_chain": [], "segmentation": [] }"#.into(),
            "segmentation",
            "expected an object, found an array",
        ),
        (
            r#"{ "conversion_chain": [], "segmentation": { "type": "jieba" } }"#.into(),
            "segmentation.type",
            "segmentation of type \"jieba\" is not supported",
        ),
        (
            r#"{ "conversion_chain": [], "segmentation": { "type": "mmseg" } }"#.into(),
            "segmentation",
            "expected a member \"dict\"",
        ),
        (
            r#"{ "conversion_chain": [], "segmentation": { "type": "mmseg",
                "dict": { "type": "group", "dicts": [] } } }"#
                .into(),
            "segmentation.dict",
            "expected at least one table",
        ),
        (within("[]"), dict, "expected an object, found an array"),
        (within("{}"), dict, "expected a member \"type\""),
        (
            within(r#"{ "type": 1 }"#),
            "conversion_chain[0].dict.type",
            "expected a string, found a number",
        ),
        (
            within(r#"{ "type": "ocd3", "file": "x" }"#),
            "conversion_chain[0].dict.type",
            "found \"ocd3\"",
        ),
        (
            within(r#"{ "type": "ocd2", "file": "x.ocd2" }"#),
            "conversion_chain[0].dict.type",
            "tables of type \"ocd2\" are not supported",
        ),
        (
            within(r#"{ "type": "ocd", "file": "x.ocd" }"#),
            "conversion_chain[0].dict.type",
            "tables of type \"ocd\" are not supported",
        ),
        (
            within(r#"{ "type": "text" }"#),
            dict,
            "expected a member \"file\"",
        ),
        (
            within(r#"{ "type": "text", "file": "x", "may_output_tofu": "no" }"#),
            "conversion_chain[0].dict.may_output_tofu",
            "expected a boolean, found a string",
        ),
        (
            within(r#"{ "type": "group" }"#),
            dict,
            "expected a member \"dicts\"",
        ),
        (
            within(r#"{ "type": "group", "match_policy": "longest", "dicts": [] }"#),
            "conversion_chain[0].dict.match_policy",
            "found \"longest\"",
        ),
        (
            within(&group("", &[&inline(&[("a", "b")]), "true"])),
            "conversion_chain[0].dict.dicts[1]",
            "expected an object, found a boolean",
        ),
        (
            within(r#"{ "type": "inline" }"#),
            dict,
            "expected a member \"entries\"",
        ),
        (
            within(r#"{ "type": "inline", "entries": {}, "may_output_tofu": false }"#),
            "conversion_chain[0].dict.may_output_tofu",
            "expected no \"may_output_tofu\"",
        ),
        (
            within(&inline(&[("a", "")])),
            r#"conversion_chain[0].dict.entries["a"]"#,
            "expected a value, found an empty string",
        ),
        (
            within(&inline(&[("", "a")])),
            r#"conversion_chain[0].dict.entries[""]"#,
            "expected a key, found an empty string",
        ),
        (
            within(r#"{ "type": "inline", "entries": { "a": ["b"] } }"#),
            r#"conversion_chain[0].dict.entries["a"]"#,
            "expected a string, found an array",
        ),
        (
            within(&inline(&[("a", "1"), ("b", "2"), ("a", "1")])),
            r#"conversion_chain[0].dict.entries["a"]"#,
            "the key \"a\" was given twice",
        ),
    ];
    for (config, place, message) in table {
        let error = refused(config.as_bytes());
        assert_eq!(error.place().unwrap_or_default(), *place, "{config}");
        assert!(error.to_string().contains(message), "{config}: {error}");
        assert!(
            error.line().is_some() && error.column().is_some(),
            "{config}"
        );
    }
}

#[test]
fn what_is_not_json_names_its_line_and_column() {
    let table: &[(&[u8], usize, usize, &str)] = &[
        (b"", 1, 1, "expected JSON: found nothing"),
        (b"  // nothing\n", 2, 1, "expected JSON: found nothing"),
        (b"\xEF\xBB\xBF{}", 1, 1, "found a byte order mark"),
        ("{\n \"名\": \u{FEFF}1}".as_bytes(), 2, 7, "expected JSON"),
        (b"{\n  \"a\": \xFF }", 2, 8, "expected UTF-8"),
        (b"{\n  'a': 1 }", 2, 3, "expected JSON"),
        (b"{ \"a\": 1 } {}", 1, 12, "expected JSON"),
        (b"{ \"a\": 1", 1, 1, "expected JSON"),
        (b"{ \"a\" 1 }", 1, 7, "expected JSON"),
        (b"{ a: 1 }", 1, 3, "expected JSON"),
        (b"{ \"a\": \"\\x\" }", 1, 9, "expected JSON"),
        (b"{ \"a\": 1 }\0", 1, 11, "expected JSON"),
    ];
    for &(config, line, column, message) in table {
        let error = refused(config);
        let place = (error.line(), error.column());
        let shown = String::from_utf8_lossy(config);
        assert_eq!(place, (Some(line), Some(column)), "{shown:?}: {error}");
        assert!(error.to_string().contains(message), "{shown:?}: {error}");
        assert_eq!(error.place(), None);
        assert_eq!(error.kind(), ConfigFileErrorKind::Syntax);
    }
}

#[test]
fn json_nested_without_end_is_refused_and_overflows_nothing() {
    for open in ["[", "{\"a\":", "{\"dict\":{\"type\":\"group\",\"dicts\":["] {
        refused(open.repeat(100_000).as_bytes());
    }
}

#[test]
fn a_missing_config_file_is_named() {
    let folder = folder(&[]);
    let error = load(&folder, RareCharacters::Include).expect_err("there is none");
    assert_eq!(error.kind(), ConfigFileErrorKind::Io);
    assert_eq!(error.path(), Some(&*folder.path().join("config.json")));
    assert_eq!((error.line(), error.column()), (None, None));
    let io = error.io().expect("an I/O error");
    assert_eq!(io.kind(), ErrorKind::NotFound);
    assert!(error.source().is_some());
    assert!(error.to_string().contains("config.json: "), "{error}");
}

#[test]
fn a_missing_or_malformed_table_is_named_with_the_place_that_wants_it() {
    let config = format!(
        "{{\n  \"conversion_chain\": {}\n}}",
        chain(&[&group(
            "",
            &[
                &inline(&[("a", "b")]),
                r#"{ "type": "text", "file": "words.txt" }"#
            ]
        )])
    );
    let place = "conversion_chain[0].dict.dicts[1].file";

    let without = folder(&[("config.json", &config)]);
    let error = load(&without, RareCharacters::Include).expect_err("no table");
    assert_eq!((error.place(), error.line()), (Some(place), Some(2)));
    let table = error.table().expect("the table's error");
    assert_eq!(
        table.table().map(Path::new),
        Some(&*without.path().join("words.txt"))
    );
    assert_eq!(table.kind(), TableErrorKind::Io);
    let io = table.io().expect("an I/O error");
    assert_eq!(io.kind(), ErrorKind::NotFound);

    let malformed = folder(&[("config.json", &config), ("words.txt", "a\tb\nno tab\n")]);
    let error = load(&malformed, RareCharacters::Include).expect_err("a malformed table");
    assert_eq!(error.place(), Some(place));
    assert_eq!(error.kind(), ConfigFileErrorKind::Table);
    assert_eq!(error.table().and_then(|table| table.line()), Some(2));
    let source = error.source().expect("the table's error").to_string();
    assert!(source.contains("words.txt:2: "), "{source}");
    // Who prints an error with its sources says nothing twice.
    assert!(!error.to_string().contains(&source), "{error}");
    assert!(error.to_string().contains("config.json:2:"), "{error}");
}

/// A config of one stage, a text table of this name.
fn config_of_file(name: &str) -> String {
    let stage = format!(r#"{{ "type": "text", "file": {name:?} }}"#);
    format!(r#"{{ "conversion_chain": {} }}"#, chain(&[&stage]))
}

#[test]
fn a_config_does_not_lead_out_of_its_folder() {
    let outer = folder(&[("words.txt", "a\tb\n")]);
    let inner = outer.path().join("inner");
    fs::create_dir_all(inner.join("below")).expect("a folder can be made");
    for copy in ["words.txt", "below/words.txt"] {
        fs::copy(outer.path().join("words.txt"), inner.join(copy)).expect("a file can be copied");
    }
    let absolute = outer.path().join("words.txt");
    let absolute = absolute.to_str().expect("a plain path");
    let load = |name: &str| {
        let path = inner.join("config.json");
        fs::write(&path, config_of_file(name)).expect("a file can be written");
        Converter::from_config_file(path)
    };
    for name in [
        "../words.txt",
        absolute,
        "below/../../words.txt",
        "below/../words.txt",
        "..",
    ] {
        let error = load(name).expect_err(name);
        assert_eq!(error.outside_folder(), Some(name));
        assert_eq!(error.place(), Some("conversion_chain[0].dict.file"));
        assert_eq!(error.kind(), ConfigFileErrorKind::OutsideFolder);
        let message = format!("expected a file in the config's folder, found {name:?}; ");
        assert!(error.to_string().contains(&message), "{error}");
        let text = config_of_file(name);
        let pipeline =
            PipelineBuilder::from_config_text(text.as_bytes(), &inner, RareCharacters::Include);
        let error = pipeline.map(drop).expect_err(name);
        assert_eq!(error.outside_folder(), Some(name));
    }
    for name in [
        "words.txt",
        "./words.txt",
        "below/words.txt",
        "below//./words.txt",
    ] {
        assert_eq!(load(name).expect(name).convert("a"), "b");
    }
}

#[test]
fn files_from_elsewhere_come_from_the_caller_each_once() {
    let stage = r#"{ "type": "text", "file": "../words.txt" }"#;
    let config = format!(
        r#"{{ "segmentation": {{ "type": "mmseg", "dict": {stage} }}, "conversion_chain": {} }}"#,
        chain(&[stage, stage])
    );
    let load = |text: std::io::Result<&'static str>| {
        let mut text = Some(text);
        let files = |name: &str| {
            assert_eq!(name, "../words.txt");
            text.take().expect("asked once")
        };
        PipelineBuilder::from_config_text_with(config.as_bytes(), files, RareCharacters::Include)
    };
    let pipeline = load(Ok("a\tb\n")).expect("well-formed");
    assert_eq!(pipeline.build().convert("a"), "b");

    let error = load(Ok("no tab\n")).expect_err("a malformed table");
    assert_eq!(error.place(), Some("segmentation.dict.file"));
    let table = error.table().expect("the table's error");
    assert_eq!(
        (table.table(), table.line()),
        (Some("../words.txt"), Some(1))
    );

    let error = load(Err(ErrorKind::PermissionDenied.into())).expect_err("no table");
    let io = error.table().and_then(|table| table.io());
    assert_eq!(
        io.map(std::io::Error::kind),
        Some(ErrorKind::PermissionDenied)
    );
}

#[test]
fn the_tables_of_a_config_are_limited_together_however_often_one_is_named() {
    let mebibyte = format!("a\t{}\n", "b".repeat(1 << 20));
    let most =
        usize::try_from(PipelineBuilder::MAX_CONFIG_TABLE_BYTES >> 20).expect("some hundreds");
    let named = |count| {
        let config = chain(&[&group(
            "",
            &vec![r#"{ "type": "text", "file": "a" }"#; count],
        )]);
        let config = format!(r#"{{ "conversion_chain": {config} }}"#);
        let files = |_: &str| Ok(&mebibyte);
        PipelineBuilder::from_config_text_with(config.as_bytes(), files, RareCharacters::Include)
    };
    let pipeline = named(most / 16).expect("few enough");
    assert_eq!(pipeline.build().convert("a").len(), 1 << 20);
    let error = named(most).expect_err("key and value together have a byte more than a mebibyte");
    assert_eq!(error.kind(), ConfigFileErrorKind::TooLarge);
    let place = format!("conversion_chain[0].dict.dicts[{}]", most - 1);
    assert_eq!(error.place(), Some(&*place));
    assert!(
        error.to_string().contains("at most 268435456 bytes"),
        "{error}"
    );
}

/// What is refused as the config file, as a table, and as the table that a config names.
fn refused_as_file(path: &Path) -> ErrorKind {
    let kind = |error: Option<&std::io::Error>| error.expect("an I/O error").kind();
    let config = Converter::from_config_file(path).expect_err("as config");
    let table = Table::from_text_file(path).expect_err("as table");
    let folder = path.parent().expect("a folder");
    let name = path
        .file_name()
        .expect("a name")
        .to_str()
        .expect("a plain name");
    let named = PipelineBuilder::from_config_text(
        config_of_file(name).as_bytes(),
        folder,
        RareCharacters::Include,
    );
    let named = named.map(drop).expect_err("as a config's table");
    let kinds = [
        kind(config.io()),
        kind(table.io()),
        kind(named.table().and_then(|table| table.io())),
    ];
    assert!(kinds.iter().all(|&kind| kind == kinds[0]), "{kinds:?}");
    kinds[0]
}

#[test]
fn a_folder_is_no_file() {
    let folder = folder(&[]);
    assert_eq!(refused_as_file(folder.path()), ErrorKind::IsADirectory);
}

#[test]
fn a_file_without_end_is_refused_by_its_length() {
    let folder = folder(&[]);
    let path = folder.path().join("long.txt");
    let file = fs::File::create(&path).expect("a temporary file can be made");
    // It has no blocks on the disk.
    file.set_len(1 << 40).expect("a sparse file can be made");
    assert_eq!(refused_as_file(&path), ErrorKind::FileTooLarge);

    file.set_len(PipelineBuilder::MAX_CONFIG_BYTES + 1)
        .expect("and cut");
    let error = Converter::from_config_file(&path).expect_err("too long for a config");
    assert_eq!(
        error.io().map(std::io::Error::kind),
        Some(ErrorKind::FileTooLarge)
    );
    let table = Table::from_text_file(&path).expect("not too long for a table");
    assert!(table.is_empty(), "as in OpenCC, a NUL ends the line");
}

#[test]
#[cfg(unix)]
fn devices_and_pipes_are_refused_also_behind_a_link() {
    for device in ["/dev/null", "/dev/zero"] {
        assert_eq!(refused_as_file(Path::new(device)), ErrorKind::InvalidInput);
    }
    let folder = folder(&[("words.txt", "a\tb\n")]);
    let [pipe, link, to_file] = ["pipe", "link", "to-file"].map(|name| folder.path().join(name));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is there").success());
    // Whoever opens the pipe nevertheless reads a good table and fails below. This waits for that.
    let writing = pipe.clone();
    std::thread::spawn(move || fs::write(writing, "a\tb\n"));
    std::os::unix::fs::symlink(&pipe, &link).expect("a link can be made");
    for path in [pipe, link] {
        assert_eq!(refused_as_file(&path), ErrorKind::InvalidInput);
    }
    std::os::unix::fs::symlink(folder.path().join("words.txt"), &to_file).expect("likewise");
    assert_eq!(
        Table::from_text_file(to_file)
            .expect("a regular file")
            .len(),
        1
    );
}

#[test]
fn more_tables_than_a_group_can_hold_are_refused() {
    let tables: Vec<String> = (0..65)
        .map(|number| inline(&[(&format!("k{number}"), "v")]))
        .collect();
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    let stage = chain(&[&group("", &tables)]);
    let error = refused(format!(r#"{{ "conversion_chain": {stage} }}"#).as_bytes());
    assert_eq!(error.place(), Some("conversion_chain[0].dict"));
    assert!(error.table().is_some());
}

/// Upstream's own files, with the compiled tables they name replaced by text.
#[test]
fn upstream_s_configs_convert_as_the_built_in_ones() {
    let Some(configs) = std::env::var_os("ZHNORM_OPENCC_CONFIGS") else {
        println!("SKIPPED: ZHNORM_OPENCC_CONFIGS names no folder with OpenCC's config files");
        return;
    };
    let folder = TempDir::new().expect("a temporary folder can be made");
    let mut texts = Vec::new();
    for (name, table) in reference::tables() {
        let mut lines = String::new();
        for (key, values) in table.entries() {
            lines += &format!("{key}\t{}\n", values.join(" "));
            texts.push(key.to_owned());
        }
        let path = folder.path().join(format!("{name}.txt"));
        fs::write(path, lines).expect("a temporary file can be written");
    }
    // Keys side by side find what no key alone does: matches across segments and stages.
    let glued: Vec<String> = (0..texts.len())
        .map(|at| format!("{}{}", texts[at], texts[at * 7919 % texts.len()]))
        .collect();
    texts.extend(glued);

    for &config in Config::ALL {
        let name = format!("{config}.json");
        let json = fs::read_to_string(Path::new(&configs).join(&name)).expect("a config file");
        let json = json
            .replace("\"ocd2\"", "\"text\"")
            .replace(".ocd2\"", ".txt\"");
        let path = folder.path().join(&name);
        fs::write(&path, json).expect("a temporary file can be written");
        for rare in [RareCharacters::Include, RareCharacters::Exclude] {
            let theirs = PipelineBuilder::from_config_file(&path, rare).expect("well-formed");
            let theirs = theirs.build();
            let ours = Converter::builder(config).rare_characters(rare).build();
            for text in &texts {
                assert_eq!(
                    theirs.convert(text),
                    ours.convert(text),
                    "{config}, {rare:?}: {text}"
                );
            }
        }
    }
}
