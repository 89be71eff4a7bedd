//! Detection on windows of real text, and its properties on any text.
//!
//! The windows come from the passages in `tests/normalize`, and from `native-taiwan.txt` and
//! `native-hongkong-cantonese.txt` in the folder that `ZHNORM_TEXTS` names, if it is set. Run with
//! `--nocapture` for the tables.

use std::path::Path;
use std::{env, fs};

use zhnorm::{detect, Config, Converter, Detection, Script};

/// The sizes of windows, in characters.
const SIZES: [usize; 5] = [5, 10, 20, 50, 200];

/// A text in both scripts, character for character.
struct Pair {
    name: String,
    hant: Vec<char>,
    hans: Vec<char>,
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    let passages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/normalize/passages/dev");
    let mut names: Vec<_> = fs::read_dir(passages)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    names.sort();
    for path in names {
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let Some((stem, "hant.txt" | "hk.txt")) = name.split_once('.') else {
            continue;
        };
        let other = path.with_file_name(format!("{stem}.hans.txt"));
        pairs.push(Pair::new(&name, &read(&path), &read(&other)));
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

impl Pair {
    fn new(name: &str, hant: &str, hans: &str) -> Pair {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let pair = Pair {
            name: name.into(),
            hant: chars(hant),
            hans: chars(hans),
        };
        assert_eq!(pair.hant.len(), pair.hans.len(), "{name}: not aligned");
        pair
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn text(chars: &[char]) -> String {
    chars.iter().collect()
}

/// Verdicts on many windows of one size.
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
            if env::var_os("SHOW").is_some() {
                println!("?? {window}")
            }
        } else {
            self.wrong.push(format!("{} for {window:?}", got.tag()));
        }
        got
    }

    fn share(&self) -> f64 {
        self.right as f64 / self.windows.max(1) as f64
    }
}

#[test]
fn windows_of_one_script_are_told() {
    let mut buckets = [(0usize, 0usize); 6];
    for pair in pairs() {
        for size in SIZES {
            let (mut hant, mut hans, mut neutral) =
                (Tally::default(), Tally::default(), Tally::default());
            for at in (0..pair.hant.len().saturating_sub(size)).step_by(size.min(10)) {
                let t = text(&pair.hant[at..at + size]);
                let s = text(&pair.hans[at..at + size]);
                let found = if t == s {
                    let d = neutral.add(&t, Script::Unknown);
                    vec![(d, Script::Unknown)]
                } else {
                    vec![
                        (hant.add(&t, Script::Traditional), Script::Traditional),
                        (hans.add(&s, Script::Simplified), Script::Simplified),
                    ]
                };
                for (d, expected) in found {
                    let b = match d.confidence() {
                        c if c < 0.6 => 0,
                        c if c < 0.8 => 1,
                        c if c < 0.9 => 2,
                        c if c < 0.97 => 3,
                        c if c < 0.999 => 4,
                        _ => 5,
                    };
                    buckets[b].0 += 1;
                    buckets[b].1 += usize::from(d.script() == expected);
                }
            }
            println!(
                "{:<32} {size:>3}: hant {}/{} ({:.4}) hans {}/{} ({:.4}) neutral {}/{} unknown {}+{}",
                pair.name, hant.right, hant.windows, hant.share(), hans.right, hans.windows, hans.share(),
                neutral.right, neutral.windows, hant.unknown, hans.unknown
            );
            for tally in [&hant, &hans, &neutral] {
                for wrong in tally.wrong.iter().take(12) {
                    println!("    {wrong}");
                }
            }
        }
    }
    println!("{buckets:?}");
}

#[test]
fn halves_of_two_scripts_are_mixed() {
    let mut total = [(0, 0); 5];
    for pair in pairs() {
        for (i, size) in SIZES.into_iter().enumerate() {
            let mut mixed = Tally::default();
            let half = size / 2;
            for at in (0..pair.hant.len().saturating_sub(size)).step_by(size.min(10)) {
                let first = at..at + half;
                let second = at + half..at + size;
                if pair.hant[first.clone()] == pair.hans[first.clone()]
                    || pair.hant[second.clone()] == pair.hans[second.clone()]
                {
                    continue;
                }
                for (a, b) in [(&pair.hant, &pair.hans), (&pair.hans, &pair.hant)] {
                    let window = text(&a[first.clone()]) + &text(&b[second.clone()]);
                    mixed.add(&window, Script::Mixed);
                }
            }
            if !pair.name.starts_with("native") {
                total[i].0 += mixed.right;
                total[i].1 += mixed.windows;
            }
            println!(
                "{:<32} {size:>3}: mixed {}/{} ({:.4})",
                pair.name,
                mixed.right,
                mixed.windows,
                mixed.share()
            );
            for wrong in mixed.wrong.iter().take(if size >= 20 { 8 } else { 0 }) {
                println!("    {wrong}");
            }
        }
    }
    println!("{total:?}");
}
