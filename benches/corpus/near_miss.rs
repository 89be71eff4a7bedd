//! Text built against the converter: proper prefixes of phrases that matter,
//! chained so that every two neighbours stand side by side in some phrase.
//! Something may start everywhere and almost nothing does, and no position
//! is provably a boundary.

use std::collections::{BTreeMap, BTreeSet};

use super::lexicon;
use super::prose::Script;
use super::rng::Rng;

/// At least `bytes` of near misses, a line every thousand or so.
pub fn generate(script: Script, bytes: usize) -> String {
    let (live, all): (Vec<&str>, Vec<&str>) = match script {
        Script::Hans => (
            lexicon::live_phrases(),
            lexicon::entries(lexicon::ST_PHRASES)
                .map(|(key, _)| key)
                .collect(),
        ),
        Script::Hant => {
            let keys: Vec<&str> = lexicon::entries(lexicon::TS_PHRASES)
                .map(|(key, _)| key)
                .collect();
            (keys.clone(), keys)
        }
    };

    // Character → the characters that follow it inside some phrase.
    let mut followers: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
    for key in all {
        for (a, b) in key.chars().zip(key.chars().skip(1)) {
            followers.entry(a).or_default().insert(b);
        }
    }
    // First character → the prefixes that start with it, and what each lacks.
    let mut prefixes: BTreeMap<char, Vec<(&str, char)>> = BTreeMap::new();
    for key in live {
        let first = key.chars().next();
        if let (Some(first), Some((at, last))) = (first, key.char_indices().next_back()) {
            if at > 0 {
                prefixes.entry(first).or_default().push((&key[..at], last));
            }
        }
    }
    let firsts: Vec<char> = prefixes.keys().copied().collect();
    let followers: BTreeMap<char, Vec<char>> = followers
        .into_iter()
        .map(|(a, followers)| {
            let starts = followers.into_iter().filter(|b| prefixes.contains_key(b));
            (a, starts.collect())
        })
        .collect();

    let mut rng = Rng::new("near miss");
    let mut out = String::with_capacity(bytes + 64);
    let mut line = 0;
    let mut first = firsts[0];
    while out.len() < bytes {
        let (prefix, missing) = *rng.pick(&prefixes[&first]);
        out.push_str(prefix);
        let last = prefix.chars().next_back();
        first = match last
            .and_then(|last| followers.get(&last))
            .map(Vec::as_slice)
        {
            None | Some([]) => *rng.pick(&firsts),
            Some(next) => *rng.pick(next),
        };
        if first == missing {
            // It would complete the phrase.
            first = *rng.pick(&firsts);
        }
        if out.len() - line > 1000 {
            out.push('\n');
            line = out.len();
        }
    }
    out
}
