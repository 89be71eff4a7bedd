//! Documents in every script that each hold one known word, made of sentences of our own.

use zhnorm::fold::Fold;
use zhnorm::Converter;

/// Words whose forms differ between scripts, or do not; of two to four characters.
pub const WORDS: &[&str] = &[
    "头发",
    "面条",
    "干部",
    "理发",
    "后来",
    "皇后",
    "发展",
    "历史",
    "日历",
    "钟表",
    "复杂",
    "系统",
    "关系",
    "台湾",
    "饼干",
    "干净",
    "树干",
    "里面",
    "公里",
    "范围",
    "丑陋",
    "谷物",
    "准备",
    "游泳",
    "图书馆",
    "计算机",
    "电影院",
    "办公室",
    "体育馆",
    "万里长城",
    "艺术",
    "医院",
    "学习",
    "广东",
    "经济",
    "语言",
    "国际",
    "飞机",
    "铁路",
    "龙虾",
    "着急",
    "线索",
    "群众",
    "为什么",
    "卫生",
    "床铺",
    "刘先生",
    "山峰",
    "森林",
    "苹果",
];

/// In each the word stands for `{}`: alone between marks, and amid other characters.
const SENTENCES: &[&str] = &[
    "今天的题目：{}。请大家写一篇文章",
    "他问我「{}」是什么意思",
    "关于 {} 的报告，昨天已经发给你们了",
    "我们在会上谈到了{}的问题",
    "书里写的是{}和别的东西",
    "这里没有{}，那边才有",
    "See {} (2024), 第三页",
];

pub struct Document {
    pub text: String,
    /// The word's place in [`WORDS`].
    pub word: usize,
}

/// What a query or a document may be written in.
pub fn scripts() -> [(&'static str, Option<Converter>); 4] {
    [
        ("Simplified", None),
        ("Traditional", Some(Converter::s2t())),
        ("Taiwan", Some(Converter::s2tw())),
        ("Hong Kong", Some(Converter::s2hk())),
    ]
}

pub fn written(text: &str, script: &Option<Converter>) -> String {
    match script {
        Some(converter) => converter.convert(text).into_owned(),
        None => text.to_string(),
    }
}

/// Characters of four bytes that become ones of three.
pub fn shrinking() -> Vec<char> {
    let shrinks = |c: &char| Fold::new().fold_char(*c).len_utf8() < 4;
    ('\u{10000}'..='\u{3FFFF}').filter(shrinks).collect()
}

pub fn documents() -> Vec<Document> {
    let scripts = scripts();
    let shrinking = shrinking();
    let mut documents = Vec::new();
    for (word, &simplified) in WORDS.iter().enumerate() {
        for (n, sentence) in SENTENCES.iter().enumerate() {
            let mut add = |text: String| documents.push(Document { text, word });
            for (_, script) in &scripts {
                add(written(&sentence.replace("{}", simplified), script));
            }
            // The sentence in one script, and every second character of the word in another.
            let traditional = written(simplified, &scripts[1].1);
            let of_both = simplified.chars().zip(traditional.chars()).enumerate();
            let mixed: String = of_both
                .map(|(at, (s, t))| if at % 2 == 0 { t } else { s })
                .collect();
            add(written(sentence, &scripts[n % 4].1).replace("{}", &mixed));
            // Characters outside of the basic plane, that become shorter and that do not, before and after.
            let of_four = |at: usize| shrinking[(word * 31 + n * 7 + at) % shrinking.len()];
            let word_written = written(simplified, &scripts[n % 4].1);
            let body = sentence.replace("{}", &word_written);
            add(format!(
                "{}😀{}，{body}，{}𠮷",
                of_four(0),
                of_four(1),
                of_four(2)
            ));
        }
    }
    documents
}
