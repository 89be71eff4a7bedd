//! Long texts out of short ones: clauses in a new order, with other names,
//! other numbers and other words of the same class, held constant within an
//! article as a writer would. The density of phrases stays that of the text
//! one started from; a megabyte is not a loop of ten kilobytes.

use std::collections::HashMap;

use super::lexicon::{Class, Lexicon};
use super::rng::Rng;

/// The people of the texts, to be given other names.
const PEOPLE: &[&str] = &[
    "林志远",
    "陈晓云",
    "吴桐",
    "钟丽华",
    "范国梁",
    "顾长河",
    "沈青萝",
    "林小满",
    "程复生",
    "范小雷",
    "葉佳蓉",
    "謝明宗",
    "蕭敏華",
    "羅子晴",
    "姜立威",
];

/// The parts of names, Simplified and Traditional.
const SURNAMES: [&str; 2] = [
    "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹范彭鲁马方任袁柳史唐于余叶萧罗钟谷党",
    "趙錢孫李周吳鄭王馮陳衛蔣沈韓楊朱秦許何呂張孔曹嚴華金魏陶姜謝鄒范彭魯馬方任袁柳史唐于余葉蕭羅鍾谷黨",
];
const GIVEN: [&str; 2] = [
    "志远晓云丽华国梁文斌建军淑芬佳怡子涵复生长河青松小满雨桐启发德胜玉兰海燕千里才松万里征游岳台升周杰升后",
    "志遠曉雲麗華國樑文斌建軍淑芬佳怡子涵復生長河青松小滿雨桐啟發德勝玉蘭海燕千里才松萬里征游岳臺升周杰升后",
];

/// Which of two orthographies a text is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Script {
    Hans,
    Hant,
}

enum Token<'t> {
    Word(&'t str, Class),
    Person(&'t str),
    Digit,
    Other(&'t str),
}

/// The clauses of `text`, each with the punctuation that follows it.
fn clauses(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        let ends = matches!(c, '，' | '；' | '。' | '！' | '？' | '\n');
        if ended && !ends && !matches!(c, '”' | '」') {
            out.push(&text[start..at]);
            start = at;
            ended = false;
        }
        ended |= ends;
    }
    out.push(&text[start..]);
    out
}

fn tokens<'t>(clause: &'t str, lexicon: &Lexicon) -> Vec<Token<'t>> {
    let mut out = Vec::new();
    let mut rest = clause;
    while let Some(c) = rest.chars().next() {
        let (token, len) = if let Some(name) = PEOPLE.iter().find(|name| rest.starts_with(**name)) {
            (Token::Person(&rest[..name.len()]), name.len())
        } else if c.is_ascii_digit() {
            (Token::Digit, 1)
        } else if let Some((word, class)) = lexicon.word(rest) {
            (Token::Word(word, class), word.len())
        } else {
            (Token::Other(&rest[..c.len_utf8()]), c.len_utf8())
        };
        out.push(token);
        rest = &rest[len..];
    }
    out
}

fn person(script: Script, rng: &mut Rng) -> String {
    let letter = |letters: &str, rng: &mut Rng| {
        let count = letters.chars().count();
        letters.chars().nth(rng.below(count))
    };
    let mut name = String::new();
    name.extend(letter(SURNAMES[script as usize], rng));
    for _ in 0..1 + rng.below(2) {
        name.extend(letter(GIVEN[script as usize], rng));
    }
    name
}

/// At least `bytes` of text made from `seed`: first `seed` itself, then
/// articles of about three kilobytes in which `replaced` percent of the words
/// are others, common ones if they look common in `sample`. What one asks for under the length of `seed` is its beginning,
/// as written.
pub fn generate(seed: &str, sample: &str, script: Script, replaced: usize, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 4096);
    out.push_str(seed);
    if out.len() >= bytes {
        return out;
    }
    let lexicon = match script {
        Script::Hans => Lexicon::hans(sample),
        Script::Hant => Lexicon::hant(sample),
    };
    let clauses: Vec<Vec<Token>> = clauses(seed)
        .into_iter()
        .map(|clause| tokens(clause, &lexicon))
        .collect();
    let mut rng = Rng::new(seed);
    while out.len() < bytes {
        let end = out.len() + 3000;
        let mut words: HashMap<&str, Option<&str>> = HashMap::new();
        let mut people: HashMap<&str, String> = HashMap::new();
        while out.len() < end {
            for token in rng.pick(&clauses) {
                match token {
                    Token::Word(word, class) => {
                        let other = *words.entry(word).or_insert_with(|| {
                            rng.chance(replaced)
                                .then(|| lexicon.draw(*class, &mut rng))
                                .flatten()
                        });
                        out.push_str(other.unwrap_or(word));
                    }
                    Token::Person(name) => {
                        let other = people
                            .entry(name)
                            .or_insert_with(|| person(script, &mut rng));
                        out.push_str(other);
                    }
                    Token::Digit => out.push((b'0' + rng.below(10) as u8) as char),
                    Token::Other(text) => out.push_str(text),
                }
            }
        }
        out.push('\n');
    }
    out
}
