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
//! edge found its slot only beyond this one, so that a search for what is not there soon ends;
//! `more` says whether the node has children. An empty slot is 0: its character would be NUL, and a
//! NUL edge is told from it by its record or children, one of which every node has.

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
    number: u64,
    /// Of the characters up to here. By it, not by the number, one finds the children, so that the
    /// look at one character need not wait for the one at the character before.
    hash: u64,
    record: u32,
    more: bool,
}

impl Node {
    fn new(number: u64, hash: u64, slot: u64) -> Node {
        Node {
            number,
            hash,
            record: (slot >> RECORD & FIELD) as u32,
            more: slot & MORE != 0,
        }
    }

    /// Where the record of the key that ends here starts, if one does.
    pub(crate) fn record(self) -> Option<usize> {
        self.record.checked_sub(1).map(|offset| offset as usize)
    }

    /// Whether longer keys go on from here.
    pub(crate) fn has_children(self) -> bool {
        self.more
    }
}

impl Trie {
    const ROOT: Node = Node {
        number: 0,
        hash: 0,
        record: 0,
        more: true,
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
        // Half full: a search for what is not there, the common case, then rarely looks at more than
        // one line of the cache.
        let in_slots = nodes.iter().filter(|node| !is_first(node)).count();
        let capacity = in_slots * 2 + 1;
        if capacity as u64 >= FIRST_NODES {
            return None;
        }
        let mut slots = vec![0u64; capacity];
        let mut numbers = Vec::with_capacity(nodes.len());
        let mut hashes = Vec::with_capacity(nodes.len());
        let mut first = FirstCharacters::new();
        for node in nodes {
            let (parent, character, record, more) = node;
            let parent_hash = hashes.get(parent).copied().unwrap_or(0);
            let hash = hash(parent_hash, character);
            hashes.push(hash);
            if is_first(&node) {
                first.set(character as usize, (record << RECORD | more) as u32);
                numbers.push(FIRST_NODES | character);
                continue;
            }
            let parent = if parent == usize::MAX {
                0
            } else {
                numbers[parent]
            };
            let edge = edge(parent, character);
            let mut at = home(hash, capacity);
            while slots[at] != 0 {
                slots[at] |= PASSED;
                at = if at + 1 == capacity { 0 } else { at + 1 };
            }
            slots[at] = edge << EDGE | record << RECORD | more;
            numbers.push(at as u64 + 1);
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
        let code = character as usize;
        if code >= 0x1_0000 || self.first.is_empty() {
            return self.child(Trie::ROOT, character);
        }
        let (page_of, pages) = self.first.split_at(2 * PAGES);
        let page = u16::from_le_bytes(page_of.as_chunks().0[code / PAGE]);
        let place = usize::from(page) * PAGE + code % PAGE;
        match u32::from_le_bytes(pages.as_chunks().0[place]) {
            0 => None,
            slot => {
                let number = FIRST_NODES | u64::from(character);
                Some(Node::new(number, hash(0, character.into()), slot.into()))
            }
        }
    }

    /// The child by `character` of a node that is not the root, or is and has `character` among
    /// its slots.
    #[inline]
    pub(crate) fn child(&self, node: Node, character: u32) -> Option<Node> {
        let (slots, _) = self.slots.as_chunks::<8>();
        let edge = edge(node.number, u64::from(character));
        let hash = hash(node.hash, character.into());
        let mut at = home(hash, slots.len());
        loop {
            let slot = u64::from_le_bytes(slots[at]);
            if slot >> EDGE == edge && slot != 0 {
                return Some(Node::new(at as u64 + 1, hash, slot));
            }
            if slot & PASSED == 0 {
                return None;
            }
            at = if at + 1 == slots.len() { 0 } else { at + 1 };
        }
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

fn edge(parent: u64, character: u64) -> u64 {
    parent << 21 | character
}

/// The hash of characters of which all but the last have the hash `before`.
fn hash(before: u64, character: u64) -> u64 {
    // Fibonacci hashing.
    (before.rotate_left(26) ^ character).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Where to look for an edge first.
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
    fn the_empty_trie_finds_nothing() {
        let trie = Trie::new([]).expect("small");
        assert_eq!(find(&trie, "a"), None);
    }

    #[test]
    fn refuses_what_its_fields_cannot_hold() {
        assert!(Trie::new([("a", FIELD)]).is_none());
    }
}
