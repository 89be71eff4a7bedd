//! The arrows between the crate's folders: who may use whom. And how long a file and a function may be.
//!
//! The arrows are read from the sources: every path that begins with `crate` or `super`, in `use` lines and in the
//! code. Comments, strings and tests do not count; a test may look anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder or file of `src`, and what its files may use beside themselves.
const ARROWS: &[(&str, &[&str])] = &[
    ("align", &["text"]),
    ("builtin", &["table", "unknown"]),
    ("config", &["engine", "table", "unknown"]),
    ("convert", &["align", "config", "engine", "scan", "table"]),
    ("data", &[]),
    ("detect", &["spans", "unknown", "work"]),
    ("engine", &["table", "text"]),
    ("fold", &["align", "scan"]),
    ("io", &["convert", "fold", "normalize", "quotes"]),
    (
        "normalize",
        &["align", "detect", "spans", "unknown", "work"],
    ),
    ("quotes", &["config", "unknown"]),
    ("scan", &["engine", "table", "text", "work"]),
    ("spans", &["unknown", "work"]),
    ("table", &["text"]),
    ("text", &[]),
    ("unknown", &[]),
    ("work", &[]),
];

/// No file of `src` and `build` has more lines, its tests included.
const MOST_LINES: usize = 700;
/// No function has more lines, from its `fn` to its closing brace.
const MOST_LINES_OF_A_FUNCTION: usize = 120;

/// One use of a name: in which file and line, and the path without `crate`.
#[derive(Debug)]
struct Use {
    file: String,
    line: usize,
    path: Vec<String>,
}

/// The code of a file: comments and strings become spaces, and so do items under `#[cfg(test)]`.
/// Lines keep their numbers.
fn code(text: &str) -> String {
    let mut out = blank_comments_and_strings(text).into_bytes();
    const TEST: &[u8] = b"#[cfg(test)]";
    const TEST_ALL: &[u8] = b"#[cfg(all(test";
    let mut at = 0;
    while at < out.len() {
        if !out[at..].starts_with(TEST) && !out[at..].starts_with(TEST_ALL) {
            at += 1;
            continue;
        }
        // To the end of the item: its semicolon, or its closing brace.
        let start = at;
        let mut depth = 0;
        while at < out.len() {
            match out[at] {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            let ends = matches!(out[at], b';' | b'}') && depth == 0;
            at += 1;
            if ends {
                break;
            }
        }
        for byte in &mut out[start..at] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(out).expect("whole characters were blanked")
}

fn blank_comments_and_strings(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    let end_of = |from: usize, end: &str| {
        text.get(from..)
            .and_then(|rest| rest.find(end))
            .map_or(text.len(), |found| from + found + end.len())
    };
    while at < bytes.len() {
        let rest = &bytes[at..];
        let is_word = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
        let starts_word = at == 0 || !is_word(bytes[at - 1]);
        let end = if rest.starts_with(b"//") {
            end_of(at, "\n") - 1
        } else if rest.starts_with(b"/*") {
            let mut depth = 1;
            let mut end = at + 2;
            while depth > 0 && end < bytes.len() {
                match &bytes[end..bytes.len().min(end + 2)] {
                    b"/*" => (depth, end) = (depth + 1, end + 2),
                    b"*/" => (depth, end) = (depth - 1, end + 2),
                    _ => end += 1,
                }
            }
            end
        } else if rest[0] == b'"' {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            end + 1
        } else if starts_word && (rest.starts_with(b"r\"") || rest.starts_with(b"r#")) {
            let hashes = rest[1..].iter().take_while(|&&byte| byte == b'#').count();
            // `r#type` is a name.
            match rest.get(1 + hashes) {
                Some(b'"') => end_of(at + 2 + hashes, &format!("\"{}", "#".repeat(hashes))),
                _ => at,
            }
        } else if rest[0] == b'\'' {
            // A character, not a lifetime: 'x', or with a backslash.
            match rest.get(1) {
                Some(b'\\') => end_of(at + 3, "'"),
                Some(_) => {
                    let character = text[at + 1..].chars().next().expect("one follows");
                    let end = at + 1 + character.len_utf8();
                    match bytes.get(end) {
                        Some(b'\'') => end + 1,
                        _ => at,
                    }
                }
                None => at,
            }
        } else {
            at
        };
        let end = end.min(bytes.len());
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(out).expect("whole characters were blanked")
}

/// The module of a file of `src`: `scan/derive/mod.rs` is `scan::derive`.
fn module_of(file: &str) -> Vec<String> {
    let stem = file.strip_suffix(".rs").expect("a Rust file");
    let mut parts: Vec<String> = stem.split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

/// All paths of some code that begin with `crate` or `super`, or in a `use` with a module that is a
/// child of this one.
fn uses(file: &str, code: &str, children: &BTreeSet<String>) -> Vec<Use> {
    let mut found = Vec::new();
    let tokens = tokens(code);
    let module = module_of(file);
    let mut at = 0;
    while at < tokens.len() {
        let (token, line) = tokens[at];
        let is_after_path = at > 0 && tokens[at - 1].0 == "::";
        let starts_use = at > 0 && tokens[at - 1].0 == "use";
        let is_root = token == "crate" && tokens.get(at + 1).is_some_and(|next| next.0 == "::");
        let is_local = matches!(token, "super" | "self")
            && !is_after_path
            && tokens.get(at + 1).is_some_and(|next| next.0 == "::");
        let is_child = starts_use && children.contains(token);
        // A public `use` is a folder's face: it makes names known, and uses none of them.
        let mut before = at;
        while before > 0 && !matches!(tokens[before - 1].0, ";" | "{" | "}" | "]") {
            before -= 1;
        }
        let is_face = starts_use && tokens[before].0 == "pub" && !is_root && !is_local;
        if (is_root && !is_after_path) || is_local || (is_child && !is_face) {
            let mut base = match token {
                "crate" => Vec::new(),
                _ => module.clone(),
            };
            let mut next = at;
            match token {
                "crate" | "self" => next += 2,
                "super" => {
                    while tokens.get(next).is_some_and(|token| token.0 == "super") {
                        base.pop();
                        next += 2;
                    }
                }
                _ => {}
            }
            let mut paths = Vec::new();
            at = tree(&tokens, next, &base, &mut paths);
            found.extend(paths.into_iter().map(|path| Use {
                file: file.to_owned(),
                line,
                path,
            }));
            continue;
        }
        at += 1;
    }
    found
}

/// Reads a path, or a tree of them in braces, and returns where it ends.
fn tree(
    tokens: &[(&str, usize)],
    mut at: usize,
    base: &[String],
    paths: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = base.to_vec();
    loop {
        match tokens.get(at).map(|token| token.0) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.0 != "}") {
                    let from = at;
                    at = tree(tokens, at, &path, paths);
                    // Commas, `as`, globs.
                    at = at.max(from + 1);
                    while tokens.get(at).is_some_and(|token| token.0 == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            Some("self") => at += 1,
            Some(name) if name.starts_with(|c: char| c == '_' || c.is_alphabetic()) => {
                path.push(name.to_owned());
                at += 1;
            }
            _ => {}
        }
        match tokens.get(at).map(|token| token.0) {
            Some("::") => at += 1,
            _ => break,
        }
    }
    paths.push(path);
    at
}

/// Names, `::` and all other characters one by one, each with its line.
fn tokens(code: &str) -> Vec<(&str, usize)> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let is_name = |c: char| c == '_' || c.is_alphanumeric();
        let len = if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            tokens.push((&rest[..len], line));
        }
        line += usize::from(first == '\n');
        at += len;
    }
    tokens
}

/// All files of `src`, or of another folder, by their names below it, with their text. Modules of tests are
/// left out.
fn sources() -> BTreeMap<String, String> {
    sources_of("src")
}

fn sources_of(folder: &str) -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                walk(&path, root, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("below the root");
                let name = name.to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = BTreeMap::new();
    walk(&root, &root, &mut files);
    let tests: Vec<String> = files
        .iter()
        .flat_map(|(name, text)| {
            let tokens = blank_comments_and_strings(text);
            let folder = module_of(name);
            let mut modules = Vec::new();
            for after in tokens.split("#[cfg(test)]").skip(1) {
                let mut words = after
                    .split_whitespace()
                    .filter(|word| !word.starts_with("pub"));
                if let (Some("mod"), Some(module)) = (words.next(), words.next()) {
                    if let Some(module) = module.strip_suffix(';') {
                        let mut path = folder.clone();
                        path.push(module.to_owned());
                        modules.push(path.join("/") + ".rs");
                    }
                }
            }
            modules
        })
        .collect();
    files.retain(|name, _| !tests.contains(name));
    files
}

fn all_uses(files: &BTreeMap<String, String>) -> Vec<Use> {
    let mut all = Vec::new();
    for (name, text) in files {
        let module = module_of(name);
        let children = files
            .keys()
            .map(|other| module_of(other))
            .filter(|other| other.len() == module.len() + 1 && other.starts_with(&module))
            .filter_map(|mut other| other.pop())
            .collect();
        all.extend(uses(name, &code(text), &children));
    }
    all
}

/// The lines that break a rule, and which.
fn broken(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut broken = Vec::new();
    for Use { file, line, path } in all_uses(files) {
        let module = module_of(&file);
        // `lib.rs` is the face of all.
        let (Some(from), Some(to)) = (module.first(), path.first()) else {
            continue;
        };
        let Some((_, allowed)) = ARROWS.iter().find(|(folder, _)| folder == from) else {
            broken.push(format!("src/{file}:{line}: no rule for {from}, see ARROWS"));
            continue;
        };
        if to != from && !allowed.contains(&to.as_str()) {
            broken.push(format!(
                "src/{file}:{line}: {from} may use {allowed:?}, not {to} (crate::{})",
                path.join("::")
            ));
        }
    }
    broken
}

/// For each file the files it uses.
fn files_used(files: &BTreeMap<String, String>) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut used: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let modules: BTreeMap<Vec<String>, &String> =
        files.keys().map(|name| (module_of(name), name)).collect();
    for Use { file, line, path } in all_uses(files) {
        let target = (1..=path.len())
            .rev()
            .find_map(|length| modules.get(&path[..length]));
        if let Some(target) = target.filter(|target| ***target != file) {
            let lines = used.entry(file).or_default();
            lines.entry((*target).clone()).or_insert(line);
        }
    }
    used
}

/// The files that reach themselves over what they use.
fn in_circles(used: &BTreeMap<String, BTreeMap<String, usize>>) -> Vec<String> {
    let reaches_itself = |start: &&String| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&String> = used[*start].keys().collect();
        while let Some(file) = next.pop() {
            if file == *start {
                return true;
            }
            if seen.insert(file) {
                next.extend(used.get(file).into_iter().flat_map(BTreeMap::keys));
            }
        }
        false
    };
    used.keys().filter(reaches_itself).cloned().collect()
}

/// The functions of a file that have a body, each with how many lines it takes.
fn functions(text: &str) -> Vec<(String, usize)> {
    let code = code(text);
    let tokens = tokens(&code);
    let mut found = Vec::new();
    for (at, &(token, start)) in tokens.iter().enumerate() {
        // A type such as `fn(u8)` has no name.
        let name = tokens.get(at + 1).map_or("", |next| next.0);
        if token != "fn" || name == "(" {
            continue;
        }
        // To the brace that closes the first one that stands in no other bracket.
        let mut depth = 0;
        for &(token, line) in &tokens[at..] {
            match token {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(token, "}" | ";") {
                if token == "}" {
                    found.push((name.to_owned(), line - start + 1));
                }
                break;
            }
        }
    }
    found
}

/// What is longer than it may be, and how long.
fn too_long(folder: &str, files: &BTreeMap<String, String>) -> Vec<(String, usize)> {
    let mut long = Vec::new();
    for (name, text) in files {
        let file = format!("{folder}/{name}");
        for (function, lines) in functions(text) {
            if lines > MOST_LINES_OF_A_FUNCTION {
                long.push((format!("{file}: {function}"), lines));
            }
        }
        let lines = text.lines().count();
        if lines > MOST_LINES {
            long.push((file, lines));
        }
    }
    long
}

#[test]
fn no_file_and_no_function_is_too_long() {
    let long: Vec<String> = ["src", "build"]
        .iter()
        .flat_map(|folder| too_long(folder, &sources_of(folder)))
        .map(|(what, lines)| {
            format!("{what} has {lines} lines; at most {MOST_LINES} in a file, {MOST_LINES_OF_A_FUNCTION} in a function")
        })
        .collect();
    assert!(long.is_empty(), "\n{}\n", long.join("\n"));
}

#[test]
fn a_long_file_and_a_long_function_are_found_by_their_names() {
    let lines = |count: usize| "    g(\"}\"); // }\n".repeat(count);
    let text = format!(
        "trait T {{ fn none(&self) -> [u8; 3]; }}\ntype F = fn(u8);\n\
         fn short(f: [F; {{ 1 }}])\n-> u8 {{\n{}}}\nfn long<F: Fn(u8)>() where F: Copy {{\n{}}}\n\
         #[cfg(test)]\nmod tests {{\n    fn of_tests() {{\n{}}}\n}}\n",
        lines(MOST_LINES_OF_A_FUNCTION - 3),
        lines(MOST_LINES_OF_A_FUNCTION - 1),
        lines(200),
    );
    let expected = [
        ("short", MOST_LINES_OF_A_FUNCTION),
        ("long", MOST_LINES_OF_A_FUNCTION + 1),
    ];
    assert_eq!(
        functions(&text),
        expected.map(|(name, lines)| (name.to_owned(), lines))
    );
    let files = BTreeMap::from([
        ("a.rs".to_owned(), text),
        ("b.rs".to_owned(), "\n".repeat(MOST_LINES)),
        ("c.rs".to_owned(), "\n".repeat(MOST_LINES + 1)),
    ]);
    let found = too_long("src", &files);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["src/a.rs: long", "src/c.rs"]);
}

#[test]
fn every_arrow_between_folders_is_allowed() {
    let broken = broken(&sources());
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let used = files_used(&sources());
    let circles = in_circles(&used);
    let mut wrong = Vec::new();
    for file in &circles {
        let others = used[file]
            .iter()
            .filter(|(other, _)| circles.contains(other));
        let uses =
            others.map(|(other, line)| format!("src/{file}:{line}: uses {other}, which uses it"));
        wrong.extend(uses);
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn a_wrong_arrow_is_found_wherever_it_stands() {
    let wrong = [
        "use crate::scan::Scan;",
        "use crate::{table::Table, scan::{Scan, State}};",
        "pub(crate) use crate::scan::Scan as Other;",
        "use super::super::scan::Scan;",
        "fn f() { let x = crate::scan::derive(); }",
        "fn f<'a>(c: char) { if c == '\"' { crate::scan::f() } }",
        "/* a /* b */ */ use crate::scan::Scan;",
        "const S: &str = r#\"\"#; use crate\n    ::scan::Scan;",
        "#[cfg(test)]\nmod tests { fn f() { \"}\"; } }\nuse crate::scan::Scan;",
    ];
    for text in wrong {
        let files = BTreeMap::from([("engine/firsts.rs".to_owned(), text.to_owned())]);
        let broken = broken(&files);
        assert_eq!(
            broken.len(),
            1 + usize::from(text.contains("State")),
            "{text}"
        );
        assert!(broken[0].contains("engine may use"), "{}", broken[0]);
        assert!(
            broken[0].starts_with("src/engine/firsts.rs:"),
            "{}",
            broken[0]
        );
    }
    let right = [
        "// use crate::scan::Scan;",
        "/// [`Scan`](crate::scan::Scan)",
        "/* use crate::scan::Scan; */",
        "const S: &str = \"use crate::scan::Scan;\";",
        "const S: &str = r#\"use \"crate::scan::Scan;\"#;",
        "#[cfg(test)]\nmod tests { use crate::scan::Scan; }",
        "#[cfg(test)]\nuse crate::scan::Scan;",
        "use crate::table::Table;",
        "use super::Level;",
    ];
    for text in right {
        let files = BTreeMap::from([("engine/firsts.rs".to_owned(), text.to_owned())]);
        assert_eq!(broken(&files), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_circle_is_found() {
    let files = BTreeMap::from(
        [
            ("table/a.rs", "use super::b::B;"),
            ("table/b.rs", "use crate::table::c::{self, C};"),
            ("table/c.rs", "fn f() { super::a::f() }"),
            ("table/d.rs", "use super::a::A;"),
            ("table/mod.rs", "mod a; pub use a::A; use d::D;"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
    let circle = in_circles(&files_used(&files));
    assert_eq!(circle, ["table/a.rs", "table/b.rs", "table/c.rs"]);
}
