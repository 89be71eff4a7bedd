//! A trie over characters: what the engine walks instead of the `fst`.
//!
//! An `fst` is compact and finds everything, but it goes byte by byte and decodes a node for
//! each; where many phrases begin, that costs some hundred nanoseconds a character. Here each
//! step is one probe for a whole character.
//!
//! In a large trie the first characters below U+10000 have a table of their own, 32 bits each in
//! pages of 64, where most look-ups end. Characters that stand together in it stand together in
//! texts too, unlike in a hash table of all edges, where each is another miss of the cache.
//!
//! All other edges are in one hash table. An edge is one 64-bit slot, and the number of a slot
//! (plus one; the root is 0) is the node it leads to:
//!
//! ```text
//! 63      44 43         23 22       2        1        0
//! [ parent  | character   | record  | passed | more   ]
//! ```
//!
//! `record` is 1 + the offset of the key's record, 0 where no key ends; `passed` says whether some
//! edge found its slot only beyond this one, though its search has [`NEAR`] slots behind it here, so
//! that a search for what is not there soon ends;
//! `more` says whether the node has children. An empty slot is 0: its character would be NUL, and a
//! NUL edge is told from it by its record or children, one of which every node has.
//!
//! The slots are in the order of where a search for their edges begins, so that none is long, and
//! nearly all are over within [`NEAR`] slots, which can be looked at without a branch. The node of
//! a first character below U+10000 has a number that is known without a look: so the look at the
//! second needs none at the first, and where every pair of a text may start a key, all are looked
//! at at once.

use std::borrow::Cow;

const FIELD: u64 = (1 << 21) - 1;

const MORE: u64 = 1;
const PASSED: u64 = 2;
/// By how much a slot's other fields are shifted.
const RECORD: u32 = 2;
const EDGE: u32 = 23;

/// The number of the node of U+0000 among first characters; slots have lower numbers, and the
/// highest one of all has 20 bits.
const FIRST_NODES: u64 = (1 << 20) - 0x1_0000;

/// So many slots are looked at before the first branch.
const NEAR: usize = 4;

/// So many slots stand behind those where searches begin, so that none runs on from the last to the
/// first.
const SPARE: usize = 32;

/// More nodes than this make a trie large. The slots of a smaller one fit the caches.
const MANY: usize = 10_000;

/// The first characters of a page.
const PAGE: usize = 64;
/// The pages of the characters below U+10000.
const PAGES: usize = 0x1_0000 / PAGE;

/// See the module.
#[derive(Clone)]
pub(crate) struct Trie {
    /// Empty in a small trie. For each page of first characters which one of those that follow
    /// it has, as little-endian `u16`s; then the pages, of little-endian `u32`s: a slot without
    /// parent and character.
    first: Cow<'static, [u8]>,
    /// Slots as little-endian `u64`s.
    slots: Cow<'static, [u8]>,
}

/// A node of the trie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Of the characters up to here. By it, not by the number, one finds the children, so that the
    /// look at one character need not wait for the one at the character before.
    hash: u64,
    number: u32,
    /// The slot's fields but for the edge.
    fields: u32,
}

impl Node {
    /// No node: without record and children.
    pub(crate) const NONE: Node = Node {
        hash: 0,
        number: 0,
        fields: 0,
    };

    #[inline(always)]
    fn new(number: u64, hash: u64, slot: u64) -> Node {
        Node {
            hash,
            number: number as u32,
            fields: (slot & ((1 << EDGE) - 1)) as u32,
        }
    }

    /// Where the record of the key that ends here starts, if one does.
    #[inline(always)]
    pub(crate) fn record(self) -> Option<usize> {
        self.after_record()
            .checked_sub(1)
            .map(|offset| offset as usize)
    }

    /// 1 + where the record starts, 0 if there is none.
    #[inline(always)]
    pub(crate) fn after_record(self) -> u32 {
        self.fields >> RECORD
    }

    /// Whether longer keys go on from here.
    #[inline(always)]
    pub(crate) fn has_children(self) -> bool {
        self.fields & MORE as u32 != 0
    }
}

impl Trie {
    const ROOT: Node = Node {
        fields: MORE as u32,
        ..Node::NONE
    };

    /// Makes the trie of keys and the offsets of their records; keys must ascend.
    ///
    /// `None` where a field cannot hold what it should: a million slots, two million bytes of
    /// records.
    pub(crate) fn new<'k>(keys: impl IntoIterator<Item = (&'k str, u64)>) -> Option<Trie> {
        Trie::large_from(MANY, keys)
    }

    /// The same, large if it has more nodes than `many`.
    fn large_from<'k>(many: usize, keys: impl IntoIterator<Item = (&'k str, u64)>) -> Option<Trie> {
        // First the plain tree: of each node its parent, character, record and whether it has
        // children. A node's parent always stands before it.
        let mut nodes: Vec<(usize, u64, u64, u64)> = Vec::new();
        let mut path: Vec<(char, usize)> = Vec::new();
        for (key, offset) in keys {
            let shared = path
                .iter()
                .zip(key.chars())
                .take_while(|((a, _), b)| a == b)
                .count();
            path.truncate(shared);
            for character in key.chars().skip(shared) {
                let parent = path.last().map_or(usize::MAX, |&(_, node)| node);
                if parent != usize::MAX {
                    nodes[parent].3 = 1;
                }
                path.push((character, nodes.len()));
                nodes.push((parent, u64::from(u32::from(character)), 0, 0));
            }
            let &(_, node) = path.last()?;
            nodes[node].2 = offset + 1;
            if offset >= FIELD {
                return None;
            }
        }
        let is_large = nodes.len() > many;
        let is_first = |&(parent, character, ..): &(usize, u64, u64, u64)| {
            is_large && parent == usize::MAX && character < 0x1_0000
        };
        // Full to seven tenths: with fewer, near misses find less of the slots in the caches.
        let in_slots = nodes.iter().filter(|node| !is_first(node)).count();
        let capacity = in_slots * 10 / 7 + 1;
        if (capacity + SPARE) as u64 >= FIRST_NODES {
            return None;
        }
        let mut hashes = Vec::with_capacity(nodes.len());
        let mut order = Vec::with_capacity(in_slots);
        for (place, node) in nodes.iter().enumerate() {
            let before = hashes.get(node.0).copied().unwrap_or(0);
            hashes.push(hash(before, node.1));
            if !is_first(node) {
                order.push((home(hashes[place], capacity), place));
            }
        }
        order.sort_unstable();
        let mut slots = vec![0u64; capacity + SPARE];
        let mut places = vec![0; nodes.len()];
        let mut free = 0;
        for (home, node) in order {
            let at = free.max(home);
            if at + NEAR > slots.len() {
                return None;
            }
            for passed in &mut slots[at.min(home + NEAR - 1)..at] {
                *passed |= PASSED;
            }
            places[node] = at;
            free = at + 1;
        }
        let number = |node: usize| match nodes.get(node) {
            None => 0,
            Some(&(usize::MAX, character, ..)) if character < 0x1_0000 => FIRST_NODES | character,
            Some(_) => places[node] as u64 + 1,
        };
        let mut first = FirstCharacters::new();
        for (place, node) in nodes.iter().enumerate() {
            let &(parent, character, record, more) = node;
            match is_first(node) {
                true => first.set(character as usize, (record << RECORD | more) as u32),
                false => {
                    let edge = edge(number(parent), character);
                    slots[places[place]] |= edge << EDGE | record << RECORD | more;
                }
            }
        }
        let slots = slots
            .into_iter()
            .flat_map(u64::to_le_bytes)
            .collect::<Vec<u8>>();
        Some(Trie {
            first: Cow::Owned(if is_large { first.bytes() } else { Vec::new() }),
            slots: Cow::Owned(slots),
        })
    }

    /// Opens what [`bytes`](Trie::bytes) gave.
    pub(crate) const fn embedded(first: &'static [u8], slots: &'static [u8]) -> Trie {
        Trie {
            first: Cow::Borrowed(first),
            slots: Cow::Borrowed(slots),
        }
    }

    /// The first characters and the slots, for embedding.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn bytes(&self) -> (&[u8], &[u8]) {
        (&self.first, &self.slots)
    }

    /// The child of the root by a character.
    #[inline(always)]
    pub(crate) fn first(&self, character: u32) -> Option<Node> {
        if character >= 0x1_0000 {
            return self.child(Trie::ROOT, character);
        }
        if self.first.is_empty() {
            let number = Trie::first_node(character).number;
            return self
                .child(Trie::ROOT, character)
                .map(|node| Node { number, ..node });
        }
        match self.first_slot(character) {
            0 => None,
            slot => {
                let Node { number, hash, .. } = Trie::first_node(character);
                Some(Node::new(number.into(), hash, slot.into()))
            }
        }
    }

    /// The slot of a first character below U+10000 in a large trie.
    #[inline(always)]
    fn first_slot(&self, character: u32) -> u32 {
        let code = character as usize;
        let (page_of, pages) = self.first.split_at(2 * PAGES);
        let page = u16::from_le_bytes(page_of.as_chunks().0[code / PAGE]);
        let place = usize::from(page) * PAGE + code % PAGE;
        u32::from_le_bytes(pages.as_chunks().0[place])
    }

    /// The child of the root by a character below U+10000, if there is none a node without record
    /// and children, and nearly without a branch.
    #[inline(always)]
    pub(crate) fn first_or_none(&self, character: u32) -> Node {
        match self.first.is_empty() {
            true => {
                let Node { number, .. } = Trie::first_node(character);
                let node = self.child_or_none(Trie::ROOT, character);
                Node { number, ..node }
            }
            false => {
                let Node { number, hash, .. } = Trie::first_node(character);
                Node::new(number.into(), hash, self.first_slot(character).into())
            }
        }
    }

    /// As much of the child of the root by a character below U+10000 as leads to its children, of
    /// which it has none if it is not there itself.
    #[inline(always)]
    pub(crate) fn first_node(character: u32) -> Node {
        debug_assert!(character < 0x1_0000);
        let number = FIRST_NODES | u64::from(character);
        Node::new(number, hash(0, character.into()), MORE)
    }

    /// The child by `character` of a node that is not the root, or is and has `character` among
    /// its slots.
    #[inline]
    pub(crate) fn child(&self, node: Node, character: u32) -> Option<Node> {
        let hash = hash(node.hash, character.into());
        let edge = edge(node.number.into(), character.into());
        let home = self.home(hash);
        let (slots, _) = self.slots.as_chunks::<8>();
        for (place, &slot) in slots[home..][..NEAR].iter().enumerate() {
            let slot = u64::from_le_bytes(slot);
            if slot >> EDGE == edge && slot != 0 {
                return Some(Node::new((home + place + 1) as u64, hash, slot));
            }
            if slot == 0 {
                return None;
            }
        }
        match u64::from_le_bytes(slots[home + NEAR - 1]) & PASSED {
            0 => None,
            _ => self
                .slot(edge, home + NEAR)
                .map(|(number, slot)| Node::new(number, hash, slot)),
        }
    }

    /// The same, if there is no such child a node without record and children, and nearly without a
    /// branch.
    #[inline(always)]
    pub(crate) fn child_or_none(&self, node: Node, character: u32) -> Node {
        let hash = hash(node.hash, character.into());
        let edge = edge(node.number.into(), character.into());
        let home = self.home(hash);
        let (slots, _) = self.slots.as_chunks::<8>();
        let near: &[[u8; 8]; NEAR] = slots[home..].first_chunk().expect("spare slots");
        let is_at = |place: usize| u64::from_le_bytes(near[place]) >> EDGE == edge;
        let place = usize::from(is_at(1)) + 2 * usize::from(is_at(2)) + 3 * usize::from(is_at(3));
        let found = u64::from_le_bytes(near[place]);
        let is_it = found >> EDGE == edge;
        // Said so that it is one branch, which is hardly ever taken.
        if u64::from_le_bytes(near[NEAR - 1]) & PASSED & (u64::from(is_it) << 1 ^ PASSED) != 0 {
            let (number, slot) = self.slot(edge, home + NEAR).unwrap_or_default();
            return Node::new(number, hash, slot);
        }
        let found = found & u64::from(is_it).wrapping_neg();
        Node::new((home + place + 1) as u64, hash, found)
    }

    /// The slot of an edge, if it is not before `at`, and the number of its node.
    #[inline(always)]
    fn slot(&self, edge: u64, mut at: usize) -> Option<(u64, u64)> {
        let (slots, _) = self.slots.as_chunks::<8>();
        loop {
            let slot = u64::from_le_bytes(slots[at]);
            if slot >> EDGE == edge && slot != 0 {
                return Some((at as u64 + 1, slot));
            }
            if slot & PASSED == 0 {
                return None;
            }
            at += 1;
        }
    }

    /// Where the search for a node with this hash begins.
    #[inline(always)]
    fn home(&self, hash: u64) -> usize {
        home(hash, self.slots.len() / 8 - SPARE)
    }
}

/// The first characters in the making; all pages without any are page 0.
struct FirstCharacters {
    page_of: Vec<u16>,
    pages: Vec<u32>,
}

impl FirstCharacters {
    fn new() -> FirstCharacters {
        FirstCharacters {
            page_of: vec![0; PAGES],
            pages: vec![0; PAGE],
        }
    }

    fn set(&mut self, code: usize, slot: u32) {
        let page = &mut self.page_of[code / PAGE];
        if *page == 0 {
            *page = (self.pages.len() / PAGE) as u16;
            self.pages.resize(self.pages.len() + PAGE, 0);
        }
        self.pages[usize::from(*page) * PAGE + code % PAGE] = slot;
    }

    fn bytes(self) -> Vec<u8> {
        let page_of = self.page_of.into_iter().flat_map(u16::to_le_bytes);
        page_of
            .chain(self.pages.into_iter().flat_map(u32::to_le_bytes))
            .collect()
    }
}

#[inline(always)]
fn edge(parent: u64, character: u64) -> u64 {
    parent << 21 | character
}

/// The hash of characters of which all but the last have the hash `before`.
#[inline(always)]
fn hash(before: u64, character: u64) -> u64 {
    // Fibonacci hashing.
    (before.rotate_left(26) ^ character).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Where to look for an edge first.
#[inline(always)]
fn home(hash: u64, capacity: usize) -> usize {
    // The high half is spread over the capacity by another multiplication.
    (((hash >> 32) * capacity as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(trie: &Trie, key: &str) -> Option<Node> {
        let mut characters = key.chars().map(u32::from);
        let first = trie.first(characters.next()?)?;
        characters.try_fold(first, |node, character| trie.child(node, character))
    }

    #[test]
    fn finds_its_keys_and_their_prefixes_and_nothing_else() {
        let keys = [
            ("\0", 5),
            ("a", 0),
            ("ab", 7),
            ("干", 9),
            ("干杯子", 2),
            ("𫝈x", 3),
        ];
        // Whether it is a large one or not.
        for many in [0, MANY] {
            finds_all(&Trie::large_from(many, keys).expect("fits"), &keys);
        }
    }

    fn finds_all(trie: &Trie, keys: &[(&str, u64)]) {
        for &(key, offset) in keys {
            assert_eq!(
                find(trie, key).and_then(Node::record),
                Some(offset as usize),
                "{key:?}"
            );
        }
        let inner = find(trie, "干杯").expect("a prefix");
        assert_eq!((inner.record(), inner.has_children()), (None, true));
        assert!(!find(trie, "ab").expect("a key").has_children());
        for other in ["b", "ba", "abc", "杯", "干子", "\u{1}", "𫝈y"] {
            assert_eq!(find(trie, other), None, "{other:?}");
        }
    }

    #[test]
    fn nearly_without_a_branch_it_finds_the_same() {
        // Of so many keys some stand far from where the search for them begins.
        let characters: Vec<char> = ('\u{4E00}'..'\u{4E80}').collect();
        let mut keys = Vec::new();
        for &first in &characters {
            for second in characters.iter().step_by(3) {
                keys.push(format!("{first}{second}"));
                keys.push(format!("{first}{second}三"));
            }
        }
        let numbered = (0..).step_by(5);
        let pairs: Vec<(&str, u64)> = keys.iter().map(String::as_str).zip(numbered).collect();
        for many in [0, usize::MAX] {
            let trie = Trie::large_from(many, pairs.iter().copied()).expect("fits");
            for (key, offset) in &pairs {
                let mut codes = key.chars().map(u32::from);
                let (first, second) = (codes.next().expect("a first"), codes.next());
                let node = trie.child_or_none(Trie::first_node(first), second.expect("a second"));
                let node = codes.fold(node, |node, code| trie.child_or_none(node, code));
                assert_eq!(Some(node), find(&trie, key), "{key}");
                assert_eq!(node.record(), Some(*offset as usize), "{key}");
                let none = trie.child_or_none(node, u32::from('无'));
                assert_eq!(
                    (none.after_record(), none.has_children()),
                    (0, false),
                    "{key}"
                );
            }
            for first in characters.iter().map(|&first| u32::from(first)) {
                let node = trie.first_or_none(first);
                assert_eq!(Some(node), trie.first(first));
                assert!(node.has_children());
                let none = trie.child_or_none(node, u32::from('丁'));
                assert_eq!((none.after_record(), none.has_children()), (0, false));
                assert_eq!(trie.child(node, u32::from('丁')), None);
            }
            assert!(!trie.first_or_none(u32::from('无')).has_children());
        }
    }

    #[test]
    fn the_empty_trie_finds_nothing() {
        let trie = Trie::new([]).expect("small");
        assert_eq!(find(&trie, "a"), None);
    }

    #[test]
    fn refuses_what_its_fields_cannot_hold() {
        assert!(Trie::new([("a", FIELD)]).is_none());
    }
}
