//! The examples as a user runs them: processes with pipes.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread;

/// An example that cargo built beside this test, as it does unless asked for this test alone.
fn example(name: &str) -> Command {
    let mut path: PathBuf = std::env::current_exe().expect("a test knows where it is");
    // From `target/<profile>/deps/process-<hash>` to `target/<profile>/examples/<name>`.
    path.pop();
    path.set_file_name("examples");
    path.push(name);
    path.set_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        path.exists(),
        "{} is not built: cargo build --examples",
        path.display()
    );
    let mut command = Command::new(path);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn convert(config: &str) -> Child {
    let mut command = example("convert");
    command.arg(config).spawn().expect("the example starts")
}

/// Runs a process on an input and waits for its end.
fn run(mut process: Child, input: &[u8]) -> Output {
    let mut stdin = process.stdin.take().expect("it is piped");
    thread::scope(|scope| {
        scope.spawn(move || {
            // A process that refuses its arguments reads nothing.
            let _ = stdin.write_all(input);
        });
        process.wait_with_output().expect("the process ends")
    })
}

fn assert_quiet_success(output: &Output) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {stderr}", output.status);
    assert_eq!(stderr, "");
}

#[test]
fn bytes_that_no_table_knows_come_out_as_they_went_in() {
    let table: [(&str, &[u8], &[u8]); 8] = [
        ("s2t", b"", b""),
        ("t2twp", "鼠標\n".as_bytes(), "滑鼠\n".as_bytes()),
        ("s2t", "头发\n".as_bytes(), "頭髮\n".as_bytes()),
        ("s2t", "头发".as_bytes(), "頭髮".as_bytes()),
        (
            "s2tw",
            "头发\r\n里面\r\n".as_bytes(),
            "頭髮\r\n裡面\r\n".as_bytes(),
        ),
        ("s2twp", "鼠标\0鼠标".as_bytes(), "滑鼠\0滑鼠".as_bytes()),
        (
            "s2t",
            b"\xFF\xFE\xE6\xB1\x89\xC0\x80\xE6",
            b"\xFF\xFE\xE6\xBC\xA2\xC0\x80\xE6",
        ),
        ("t2s.json", "頭髮".as_bytes(), "头发".as_bytes()),
    ];
    for (config, input, expected) in table {
        let output = run(convert(config), input);
        assert_quiet_success(&output);
        assert_eq!(output.stdout, expected, "{config}: {input:02X?}");
    }
}

#[test]
fn an_alignment_is_a_line_a_span() {
    let mut command = example("align");
    let process = command.arg("s2twp").spawn().expect("the example starts");
    let output = run(process, "新程序员\t的头发\\\n".as_bytes());
    assert_quiet_success(&output);
    let expected = "\
0..3\t0..3\tunchanged\t新\t新
3..12\t3..18\tatomic\t程序员\t程式設計師
12..16\t18..22\tunchanged\t\\t的\t\\t的
16..22\t22..28\tone-to-one\t头发\t頭髮
22..24\t28..30\tunchanged\t\\\\\\n\t\\\\\\n
";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

/// Runs an example on an input, and gives what it printed.
fn printed(name: &str, arguments: &[&str], input: &str) -> String {
    let mut command = example(name);
    let process = command.args(arguments).spawn().expect("it starts");
    let output = run(process, input.as_bytes());
    assert_quiet_success(&output);
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn an_explanation_tells_what_decided() {
    let expected = "\
0..3 干 → 幹
  level 1: 干 → 幹, a character of STCharacters, of 幹 乾 干 榦
6..12 头发 → 頭髮
  level 1: 头发 → 頭髮, a phrase of STPhrases
";
    assert_eq!(printed("explain", &["s2t"], "干，头发"), expected);
}

#[test]
fn what_is_found_in_the_conversion_is_masked_in_the_source() {
    let text = "程序员和硬盘，程序员";
    assert_eq!(
        printed("redact", &["s2twp", "程式設計師"], text),
        "■■■和硬盘，■■■"
    );
    // A part of what maps as a whole stands for all of it; overlapping entities are masked once.
    assert_eq!(
        printed("redact", &["s2twp", "設計", "程式設計"], text),
        "■■■和硬盘，■■■"
    );
    assert_eq!(printed("redact", &["s2twp"], text), text);
}

#[test]
fn word_timings_are_kept() {
    let words = "0.0\t0.4\t程序\n0.4\t0.6\t员\n0.6\t0.8\t用\n0.8\t1.0\t鼠\n1.0\t1.2\t标\n";
    let expected = "0.0\t0.6\t程式設計師\n0.6\t0.8\t用\n0.8\t1.0\t滑\n1.0\t1.2\t鼠\n";
    assert_eq!(printed("retime", &["s2twp"], words), expected);
    let process = example("retime").arg("s2twp").spawn().expect("it starts");
    let output = run(process, b"0.0\t0.4\n");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stderr, b"retime: line 1: no start, end and word\n");
}

#[test]
fn a_long_text_comes_out_whole() {
    let text = "皇后后面的头发，改变量子比特。\n".repeat(20_000);
    let expected = "皇后後面的頭髮，改變數子位元。\n".repeat(20_000);
    let output = run(convert("s2twp"), text.as_bytes());
    assert_quiet_success(&output);
    assert!(output.stdout == expected.as_bytes());
}

#[test]
fn a_line_comes_out_before_the_input_ends() {
    let mut process = convert("s2t");
    let mut stdin = process.stdin.take().expect("it is piped");
    let mut stdout = process.stdout.take().expect("it is piped");
    stdin
        .write_all("汉字\n汉字\n".as_bytes())
        .expect("it reads");
    stdin.flush().expect("it reads");
    let mut line = [0; 7];
    stdout.read_exact(&mut line).expect("it writes");
    assert_eq!(&line, "漢字\n".as_bytes());
    drop(stdin);
    assert!(process.wait().expect("it ends").success());
}

#[test]
fn a_reader_that_leaves_is_a_quiet_success() {
    let mut process = convert("s2t");
    let mut stdin = process.stdin.take().expect("it is piped");
    drop(process.stdout.take());
    let text = "头发\n".repeat(100_000);
    // The process ends once it notices, and then nobody reads this either.
    let _ = stdin.write_all(text.as_bytes());
    drop(stdin);
    let output = process.wait_with_output().expect("the process ends");
    assert_quiet_success(&output);
}

#[test]
fn an_unknown_config_is_refused_with_the_known_ones() {
    let output = run(convert("s2x"), "头发".as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stdout, b"");
    let stderr = String::from_utf8(output.stderr).expect("messages are UTF-8");
    for &config in zhnorm::Config::ALL {
        assert!(stderr.contains(config.name()), "{config}: {stderr}");
    }
    assert!(stderr.contains("s2x"), "{stderr}");
}

#[test]
fn missing_and_surplus_arguments_are_refused() {
    for arguments in [&[][..], &["s2t", "t2s"]] {
        let process = example("convert").args(arguments).spawn();
        let output = run(process.expect("the example starts"), b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn words_of_one_s_own_win_and_a_bad_line_is_named() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let words = folder.path().join("words.txt");
    let run_with = |text: &str| {
        std::fs::write(&words, text).expect("a temporary file can be written");
        let process = example("custom_dictionary")
            .arg("s2twp")
            .arg(&words)
            .spawn();
        run(
            process.expect("the example starts"),
            "鼠标和硬盘\n".as_bytes(),
        )
    };
    let output = run_with("鼠标\t鼠標\n");
    assert_quiet_success(&output);
    assert_eq!(output.stdout, "鼠標和硬碟\n".as_bytes());

    let output = run_with("鼠标\t鼠標\nno tab\n");
    assert!(!output.status.success());
    let stderr = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert!(
        stderr.contains("words.txt") && stderr.contains('2'),
        "{stderr}"
    );
}

#[cfg(feature = "fold")]
mod folding {
    use std::collections::HashMap;

    use zhnorm::fold::Fold;

    use super::*;

    fn output_of(name: &str, arguments: &[&str], input: &str) -> Output {
        let process = example(name).args(arguments).spawn();
        run(process.expect("the example starts"), input.as_bytes())
    }

    #[test]
    fn text_is_folded_with_the_forms_that_are_asked_for() {
        for (arguments, expected) in [
            (&[][..], "头发 铁亡 Ａ\n"),
            (&["+width", "-japanese"], "头发 鉄亡 A\n"),
            (&["-variants"], "头发 铁亾 Ａ\n"),
        ] {
            let output = output_of("fold", arguments, "頭髮 鉄亾 Ａ\n");
            assert_quiet_success(&output);
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                expected,
                "{arguments:?}"
            );
        }
        assert_eq!(output_of("fold", &["+all"], "").status.code(), Some(2));
    }

    /// Reads rules as their programs do, and returns the comments and what each character becomes.
    fn read_rules(format: &str, text: &str) -> (usize, HashMap<char, char>) {
        let mut comments = 0;
        let mut rules = HashMap::new();
        for line in text.lines() {
            if line.starts_with('#') && format != "postgres" {
                comments += 1;
                continue;
            }
            let sides = match format {
                // "source" => "target"
                "lucene" => {
                    let line = line
                        .strip_prefix('"')
                        .and_then(|line| line.strip_suffix('"'));
                    line.and_then(|line| line.split_once("\" => \""))
                }
                "elasticsearch" => line.split_once("=>"),
                // Two words; a third, or none, would be skipped with a warning or delete characters.
                "postgres" => match line.split_whitespace().collect::<Vec<_>>()[..] {
                    [from, to] => Some((from, to)),
                    _ => None,
                },
                _ => line.split_once('\t'),
            };
            let (from, to) = sides.unwrap_or_else(|| panic!("{format}: {line}"));
            let one = |side: &str| {
                let mut characters = side.chars();
                let first = characters.next().expect(line);
                assert!(characters.next().is_none(), "{format}: {line}");
                // No character that any of these formats takes for more than itself.
                assert!(first > '~' && !first.is_whitespace(), "{format}: {line}");
                first
            };
            assert!(
                rules.insert(one(from), one(to)).is_none(),
                "{format}: {line} twice"
            );
        }
        (comments, rules)
    }

    #[test]
    fn rules_are_the_fold_in_each_format() {
        let fold = Fold::new();
        let changed = ('\0'..=char::MAX).map(|c| (c, fold.fold_char(c)));
        let expected: HashMap<char, char> = changed.filter(|(from, to)| from != to).collect();
        for (format, expected_comments) in [
            ("lucene", 1),
            ("elasticsearch", 1),
            ("postgres", 0),
            ("tsv", 1),
        ] {
            let output = output_of("fold_rules", &[format], "");
            assert_quiet_success(&output);
            let text = String::from_utf8(output.stdout).expect("rules are UTF-8");
            let (comments, rules) = read_rules(format, &text);
            assert!(rules == expected, "{format}");
            assert_eq!(comments, expected_comments, "{format}");
            let is_named =
                |line: &str| line.contains("zhnorm 0.") && line.contains(zhnorm::data::VERSION);
            assert_eq!(text.lines().any(is_named), comments > 0, "{format}");
        }
        let statements = output_of("fold_rules", &["postgres-sql"], "").stdout;
        let statements = String::from_utf8(statements).expect("statements are UTF-8");
        assert_eq!(statements.matches("zhnorm 0.").count(), 2, "{statements}");
        for arguments in [&[][..], &["csv"], &["tsv", "tsv"]] {
            let output = output_of("fold_rules", arguments, "");
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        }
    }
}
