//! What the tables in `data/` say, read once more and without the build's code, and what is measured with it.

use std::collections::HashSet;

/// OpenCC's tables of which both sides are to meet.
pub const TABLES: [&str; 11] = [
    "STCharacters",
    "TSCharacters",
    "TWVariants",
    "HKVariants",
    "STPhrases",
    "TSPhrases",
    "TWVariantsPhrases",
    "TWVariantsRevPhrases",
    "HKVariantsPhrases",
    "HKVariantsRevPhrases",
    "JPShinjitaiCharacters",
];

/// The fields of a table's rows.
pub fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect())
}

/// Key and value of each entry of an OpenCC table, for all candidates.
pub fn entries(name: &str, read: fn(&str) -> String) -> Vec<(String, String)> {
    let text = read(&format!("data/opencc/{name}.txt"));
    let of_row = |row: Vec<&str>| {
        let values = row[1].split(' ');
        values
            .map(|value| (row[0].to_owned(), value.to_owned()))
            .collect::<Vec<_>>()
    };
    rows(&text).flat_map(of_row).collect()
}

fn one(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// Two characters that are forms of one, by any table, unless classes.tsv splits them.
pub fn links(read: fn(&str) -> String) -> Vec<(char, char)> {
    let mut links: Vec<(char, char)> = Vec::new();
    for name in [
        "STCharacters",
        "TSCharacters",
        "TWVariants",
        "HKVariants",
        "JPShinjitaiCharacters",
        "CJK_Compatibility_Ideographs",
    ] {
        let entries = entries(name, read);
        links.extend(entries.iter().filter_map(|(a, b)| Some((one(a)?, one(b)?))));
    }
    let radicals = read("data/normalize/radicals.tsv");
    links.extend(rows(&radicals).filter_map(|row| Some((one(row[0])?, one(row[1])?))));
    let [imported, ours] =
        ["variants", "curated"].map(|name| read(&format!("data/normalize/{name}.tsv")));
    let replaced: HashSet<&str> = rows(&ours).map(|row| row[0]).collect();
    let imported = rows(&imported).filter(|row| !replaced.contains(row[0]));
    links.extend(imported.chain(rows(&ours)).filter_map(|row| {
        let is_same = ["fold", "live", "style"].contains(&row[2]);
        is_same.then(|| Some((one(row[0])?, one(row[1])?)))?
    }));
    let classes = read("data/fold/classes.tsv");
    let split = rows(&classes).filter(|row| row[0] == "split");
    let split: Vec<HashSet<char>> = split.map(|row| row[1].chars().collect()).collect();
    let is_split = |a: &char, b: &char| {
        let mut split = split.iter();
        a != b && split.any(|set| set.contains(a) && set.contains(b))
    };
    links.retain(|(a, b)| !is_split(a, b));
    links
}
