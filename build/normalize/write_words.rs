//! Tenth: the files of the words, which `src/normalize/tables.rs` reads in place: what is known of each, and
//! a trie that finds it.

use std::collections::BTreeMap;

use super::filters::Filters;
use super::forms::Usual;
use super::lexicon::Word;
use super::maps::{Characters, HashMap};
use super::records::{Record, SCALE};
use super::sources::Words;
use super::{layout, Output, TOTAL};
use crate::rows::one;

/// Writes the words, the ways to write each, and the filters.
pub fn write_words(
    out: &Output,
    mut lexicon: Vec<Word>,
    records: &BTreeMap<char, Record>,
    words: &Words,
    usual: &Usual,
    reps: &Characters,
) {
    let mut entries = singles(words, reps);
    let mut filters = Filters::new(records);
    let mut lists = FormLists::new(usual);
    lexicon.sort_by(|a, b| a.key.as_bytes().cmp(b.key.as_bytes()));
    for forms in lexicon.chunk_by_mut(|a, b| a.key == b.key) {
        let forms = distinct(forms);
        let key = &forms[0].key;
        let keys: Vec<char> = key.chars().collect();
        if keys.len() < 2 {
            continue;
        }
        filters.add(&keys, forms);
        entries.push((key.clone(), lists.value(&keys, forms)));
    }
    write_trie(out, entries);
    out.bytes("normalize_forms.bin", &lists.bytes);
    out.numbers("normalize_filter.bin", &filters.halves());
}

/// What a word of this frequency costs, in sixteenths of a nat.
fn cost(frequency: f64) -> u16 {
    ((TOTAL / frequency.max(0.2)).ln() * SCALE).clamp(0.0, 511.0) as u16
}

/// The words of one character: their representatives and costs.
fn singles(words: &Words, reps: &Characters) -> Vec<(String, u64)> {
    let mut singles: BTreeMap<char, f64> = BTreeMap::new();
    for &(word, frequency) in &words.list {
        if let Some(c) = one(word) {
            *singles.entry(reps.of(c)).or_default() += frequency;
        }
    }
    let entry = |(key, frequency): (&char, &f64)| (key.to_string(), cost(*frequency).into());
    singles.iter().map(entry).collect()
}

/// The ways to write one word, commonest first, each once and no more than six.
fn distinct(forms: &mut [Word]) -> &[Word] {
    let mut count = 0;
    for at in 0..forms.len() {
        let (kept, rest) = forms.split_at_mut(at);
        let form = &mut rest[0];
        let same = |other: &&mut Word| other.s == form.s && other.t == form.t;
        match kept[..count].iter_mut().find(same) {
            Some(other) => other.frequency = other.frequency.max(form.frequency),
            None => {
                forms.swap(count, at);
                count += 1;
            }
        }
    }
    if count > 1 {
        forms[..count].sort_by(|a, b| {
            let by_text = || (&a.s, &a.t).cmp(&(&b.s, &b.t));
            b.frequency.total_cmp(&a.frequency).then_with(by_text)
        });
    }
    &forms[..count.min(6)]
}

/// Form lists: their number, then per form its cost (2 bytes) and its Traditional and, where that is not the
/// key, its Simplified text, each as many characters as the key, three bytes a character.
struct FormLists<'a> {
    usual: &'a Usual<'a>,
    bytes: Vec<u8>,
    /// Where each list is, for words that have the same.
    seen: HashMap<Vec<u8>, u64>,
}

impl<'a> FormLists<'a> {
    fn new(usual: &'a Usual) -> Self {
        FormLists {
            usual,
            // Places 0 and 1 say that the characters are as they usually are.
            bytes: vec![0, 0],
            seen: HashMap::default(),
        }
    }

    /// What the trie has of a word: its cost, and from the ninth bit on where its forms are.
    fn value(&mut self, keys: &[char], forms: &[Word]) -> u64 {
        let place = match forms {
            [only] if self.is_plain(keys, only, false) => 0,
            [first, second]
                if self.is_plain(keys, first, false) && self.is_plain(keys, second, true) =>
            {
                1
            }
            _ => self.place(forms),
        };
        u64::from(cost(forms[0].frequency)) | place << 9
    }

    /// Whether each character is as it usually is, or left open where there are several forms.
    fn is_plain(&self, keys: &[char], word: &Word, open: bool) -> bool {
        let usual = |(t, &k): (char, &char)| match open && self.usual.is_one_of_several(k) {
            true => t == '\0',
            false => t == self.usual.canon(k),
        };
        word.s.chars().eq(keys.iter().copied()) && word.t.chars().zip(keys).all(usual)
    }

    fn place(&mut self, forms: &[Word]) -> u64 {
        let mut list = vec![forms.len() as u8];
        for word in forms {
            let own = word.s == word.key;
            let cost = cost(word.frequency) | if own { 0 } else { 1 << 15 };
            list.extend(cost.to_le_bytes());
            for c in word.t.chars().chain(word.s.chars().filter(|_| !own)) {
                list.extend(&(c as u32).to_le_bytes()[..3]);
            }
        }
        if let Some(&place) = self.seen.get(&list) {
            return place;
        }
        let place = self.bytes.len() as u64;
        self.bytes.extend(&list);
        self.seen.insert(list, place);
        place
    }
}

/// The trie as it is built: `layout.rs` describes it.
struct Trie {
    slots: Vec<u64>,
    singles: Vec<u16>,
    nodes: usize,
}

/// Writes the words as a trie, whose edges are one hash table, and what single characters cost.
fn write_trie(out: &Output, mut entries: Vec<(String, u64)>) {
    entries.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let mut trie = Trie {
        slots: vec![0; 1 << layout::SLOT_BITS],
        singles: vec![layout::UNKNOWN; (layout::END - layout::FIRST) as usize],
        nodes: 0,
    };
    // The characters of the word before and the nodes they led to: the next word shares the first of them.
    let mut path: Vec<(char, u32)> = Vec::new();
    for (word, value) in &entries {
        let same = word.chars().zip(&path).take_while(|(c, node)| *c == node.0);
        path.truncate(same.count());
        for c in word.chars().skip(path.len()) {
            path.push((c, trie.add(&path, c)));
        }
        trie.end(&path[..word.chars().count()], value & 511, value >> 9);
    }
    assert!(
        trie.nodes * 5 < trie.slots.len() * 4,
        "the words' table is too full"
    );
    let halves = |slot: &u64| [*slot as u32, (slot >> 32) as u32];
    let slots: Vec<u32> = trie.slots.iter().flat_map(halves).collect();
    out.numbers("normalize_words.bin", &slots);
    let singles: Vec<u8> = trie.singles.iter().flat_map(|c| c.to_le_bytes()).collect();
    out.bytes("normalize_singles.bin", &singles);
}

impl Trie {
    /// Adds the edge of a character behind a path, and returns the node it leads to.
    fn add(&mut self, path: &[(char, u32)], c: char) -> u32 {
        let Some(&(first, _)) = path.first() else {
            return layout::first_node(unit(c));
        };
        let parent = path[path.len() - 1].1;
        match self.slots.get_mut(parent as usize) {
            Some(slot) => *slot |= layout::LONGER,
            None => *self.single(first) |= layout::BEGINS,
        }
        let mut slot = layout::home(parent, unit(c));
        while self.slots[slot] != 0 {
            slot = (slot + 1) % self.slots.len();
        }
        self.slots[slot] = layout::edge(parent, unit(c)) | ends(0, layout::NO_WORD as u64);
        self.nodes += 1;
        slot as u32
    }

    /// Says what is known of the word that a path spells.
    fn end(&mut self, path: &[(char, u32)], cost: u64, forms: u64) {
        let (first, last) = (path[0].0, path[path.len() - 1].1);
        match self.slots.get_mut(last as usize) {
            Some(slot) => *slot = *slot & ((1 << layout::VALUE_SHIFT) - 1) | ends(cost, forms),
            None => {
                let single = self.single(first);
                *single = *single & layout::BEGINS | cost as u16;
            }
        }
    }

    fn single(&mut self, c: char) -> &mut u16 {
        &mut self.singles[(c as u32 - layout::FIRST) as usize]
    }
}

/// A character of a key as the slots have it.
fn unit(c: char) -> u16 {
    let known = (layout::FIRST..layout::END).contains(&(c as u32));
    assert!(known, "{c} represents a class and is in no dense table");
    c as u16
}

/// What a slot says of the word that ends there.
fn ends(cost: u64, forms: u64) -> u64 {
    assert!(forms <= layout::NO_WORD as u64, "the forms are too many");
    (forms << 9 | cost) << layout::VALUE_SHIFT
}
