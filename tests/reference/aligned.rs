//! The boundaries of a conversion, written from their definition: at each level a *relation* of places
//! before and after, one pair for the end of each match and of each character that is copied; those of all
//! levels, composed.

use std::ops::Range;

use super::{step, Group, Part, Reference, Step};

/// Places in a text before and after, in their order.
pub type Pairs = Vec<[usize; 2]>;

/// What one level after the other makes of places.
fn compose(first: &Pairs, second: &Pairs) -> Pairs {
    let mut pairs = Pairs::new();
    for &[source, between] in first {
        let targets = second.iter().filter(|pair| pair[0] == between);
        pairs.extend(targets.map(|&[_, target]| [source, target]));
    }
    pairs
}

/// The places between the units of a text, each with itself.
fn places(text: &[u8]) -> Pairs {
    let mut pairs = vec![[0, 0]];
    let mut at = 0;
    while at < text.len() {
        at += character(&text[at..]);
        pairs.push([at, at]);
    }
    pairs
}

/// The length of the unit at the start of a text, which is a part of a description where it stands in one.
fn character(text: &[u8]) -> usize {
    super::character(text[0]).max(1).min(text.len())
}

/// What a level makes of a text that is converted by itself, with its pairs.
fn walk(group: &Group, words: &[Group], text: &[u8]) -> (Vec<Part>, Pairs) {
    let (mut parts, mut pairs) = (Vec::new(), vec![[0, 0]]);
    let mut converted = Vec::new();
    let (mut at, mut written) = (0, 0);
    while at < text.len() {
        match step(group, words, &text[at..]) {
            Step::Key(length, value) => {
                converted.extend(value);
                (at, written) = (at + length, written + value.len());
                pairs.push([at, written]);
            }
            Step::Word(length, value) => {
                parts.push(Part::Text(std::mem::take(&mut converted)));
                parts.push(Part::Word(value.to_vec()));
                (at, written) = (at + length, written + value.len());
                pairs.push([at, written]);
            }
            Step::Unit(length) => {
                let end = at + length;
                while at < end {
                    let length = character(&text[at..end]);
                    converted.extend(&text[at..at + length]);
                    (at, written) = (at + length, written + length);
                    pairs.push([at, written]);
                }
            }
        }
    }
    parts.push(Part::Text(converted));
    (parts, pairs)
}

/// As `walk`, of a level that only cuts.
fn cut(group: &Group, words: &[Group], text: &[u8]) -> (Vec<Part>, Pairs) {
    let (mut parts, mut pairs) = (Vec::new(), vec![[0, 0]]);
    let (mut run, mut at, mut written) = (Vec::new(), 0, 0);
    while at < text.len() {
        let (length, part) = match step(group, words, &text[at..]) {
            Step::Key(length, _) => (length, Some(Part::Text(text[at..at + length].to_vec()))),
            Step::Word(length, value) => (length, Some(Part::Word(value.to_vec()))),
            Step::Unit(length) => (length, None),
        };
        if let Some(Part::Word(value)) = &part {
            written += value.len();
            pairs.push([at + length, written]);
        } else {
            for [_, end] in &places(&text[at..at + length])[1..] {
                pairs.push([at + end, written + end]);
            }
            written += length;
        }
        match part {
            Some(part) => {
                parts.extend([Part::Text(std::mem::take(&mut run)), part]);
            }
            None => run.extend(&text[at..at + length]),
        }
        at += length;
    }
    parts.push(Part::Text(run));
    (parts, pairs)
}

impl Reference {
    /// What a text becomes, and the boundaries that all levels have in common: places in the source and
    /// in what comes out, and whether a word stands before it.
    pub fn align(&self, text: &[u8]) -> (Vec<u8>, Pairs, Vec<Range<usize>>) {
        if !self.keep.is_empty() {
            return self.align_kept(text);
        }
        let mut text = text.to_vec();
        let mut pairs = places(&text);
        for group in &self.normalization {
            let (parts, next) = walk(group, &[], &text);
            pairs = compose(&pairs, &next);
            text = parts
                .iter()
                .flat_map(|part| part.bytes().to_vec())
                .collect();
        }
        let nothing = Group::Union(Vec::new());
        let (parts, next, stages) = match (&self.segmentation, self.stages.split_first()) {
            (Some(group), _) => {
                let (parts, next) = cut(group, &self.words, &text);
                (parts, next, &self.stages[..])
            }
            (None, Some((first, later))) => {
                let (parts, next) = walk(first, &self.words, &text);
                (parts, next, later)
            }
            (None, None) => {
                let (parts, next) = walk(&nothing, &self.words, &text);
                (parts, next, &self.stages[..])
            }
        };
        pairs = compose(&pairs, &next);
        // Each part passes the stages by itself.
        let (mut last, mut output, mut words) = (Pairs::new(), Vec::new(), Vec::new());
        let mut start = 0;
        for part in parts {
            let len = part.bytes().len();
            let (bytes, own) = match part {
                Part::Word(value) => {
                    words.push(output.len()..output.len() + value.len());
                    let own = vec![[0, 0], [value.len(), value.len()]];
                    (value, own)
                }
                Part::Text(text) => {
                    let (mut text, mut own) = (text.clone(), places(&text));
                    for stage in stages {
                        let (parts, next) = walk(stage, &[], &text);
                        own = compose(&own, &next);
                        text = parts
                            .iter()
                            .flat_map(|part| part.bytes().to_vec())
                            .collect();
                    }
                    (text, own)
                }
            };
            let moved = own
                .iter()
                .map(|[from, to]| [start + from, output.len() + to]);
            last.extend(moved.collect::<Pairs>());
            start += len;
            output.extend(bytes);
        }
        last.dedup();
        (output, compose(&pairs, &last), words)
    }

    /// The same with words that stay: what stands between them is a text of its own.
    fn align_kept(&self, text: &[u8]) -> (Vec<u8>, Pairs, Vec<Range<usize>>) {
        let rest = self.without_keep();
        let (parts, cuts) = walk(&Group::Union(Vec::new()), &self.keep, text);
        let (mut output, mut pairs, mut words) = (Vec::new(), Pairs::new(), Vec::new());
        let mut start = 0;
        for part in parts {
            let (bytes, own, own_words) = match &part {
                Part::Word(word) => {
                    let ends = vec![[0, 0], [word.len(), word.len()]];
                    (word.clone(), ends, std::iter::once(0..word.len()).collect())
                }
                Part::Text(text) => rest.align(text),
            };
            let moved = own
                .iter()
                .map(|[from, to]| [start + from, output.len() + to]);
            pairs.extend(moved.collect::<Pairs>());
            let at = output.len();
            words.extend(own_words.iter().map(|word| at + word.start..at + word.end));
            start += part.bytes().len();
            output.extend(bytes);
        }
        pairs.dedup();
        (output, compose(&cuts, &pairs), words)
    }
}
