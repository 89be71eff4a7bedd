//! A trie over characters: what the scan walks instead of the `fst` of a table.
//!
//! An `fst` is compact and finds everything, but it goes byte by byte and decodes a node for
//! each; where many phrases begin, that costs some hundred nanoseconds a character. Here each
//! step is one probe for a whole character.
//!
//! The first characters below U+10000 have a table of their own, 32 bits each in pages of 16, where
//! most look-ups end. Characters that stand together in it stand together in texts too, unlike in a
//! hash table of all edges, where each is another miss of the cache.
//!
//! All other edges are in one hash table without collisions. An edge is one 64-bit slot, and the
//! number of a slot (plus one; the root is 0) is the node it leads to:
//!
//! ```text
//! 63      43 42         22 21       1        0
//! [ parent  | character   | record  | more   ]
//! ```
//!
//! `record` is 1 + the offset of the key's record, 0 where no key ends; `more` says whether the node
//! has children. An empty slot is 0, which is no edge: the root has none by NUL here.
//!
//! An edge's hash selects one of some thousand bytes, its *pilot*, and hash and pilot together the
//! slot. When the trie is made, the pilots are chosen so that no two edges share a slot: first those
//! that many edges have in common, while all slots are free. So a search looks at one slot, without
//! a branch, whether it finds the edge or not.
//!
//! The node of a first character below U+10000 has a number that is known without a look: so the
//! look at the second needs none at the first, and where every pair of a text may start a key, all
//! are looked at at once.

use std::borrow::Cow;
use std::hint::select_unpredictable;
use std::mem;

const FIELD: u64 = (1 << 21) - 1;

const MORE: u64 = 1;
/// By how much a slot's other fields are shifted.
const RECORD: u32 = 1;
const EDGE: u32 = 22;
const FIELDS: u64 = (1 << EDGE) - 1;

/// The number of the node of U+0000 among first characters; slots have lower numbers, and the
/// highest one of all has 21 bits.
const FIRST_NODES: u64 = (1 << 21) - 0x1_0000;

/// At most so many edges have a pilot in common on average, and at least half as many.
const EDGES_PER_PILOT: usize = 4;

/// The first characters of a page.
const PAGE: usize = 16;
/// The pages of the characters below U+10000.
const PAGES: usize = 0x1_0000 / PAGE;

/// See the module.
#[derive(Clone)]
pub(crate) struct Trie {
    /// For each page of first characters which one of those that follow it has, as little-endian
    /// `u16`s; then the pages, of little-endian `u32`s: a slot without parent and character.
    first: Cow<'static, [u8]>,
    /// A power of two.
    pilots: Cow<'static, [u8]>,
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
            fields: (slot & FIELDS) as u32,
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

    /// Half of the hash of the characters up to here, which is known where no key goes on as well.
    #[inline(always)]
    pub(crate) fn pair_hash(self) -> u32 {
        high(self.hash)
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
    /// `None` where a field cannot hold what it should: two million slots, two million bytes of
    /// records. Or if no pilots are found, as for no trie is known.
    pub(crate) fn new<K: AsRef<str>>(keys: impl IntoIterator<Item = (K, u64)>) -> Option<Trie> {
        // First the plain tree: of each node its parent, character, record and whether it has
        // children. A node's parent always stands before it.
        let mut nodes: Vec<(usize, u64, u64, u64)> = Vec::new();
        let mut path: Vec<(char, usize)> = Vec::new();
        for (key, offset) in keys {
            let key = key.as_ref();
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
        let is_first = |&(parent, character, ..): &(usize, u64, u64, u64)| {
            parent == usize::MAX && character < 0x1_0000
        };
        let mut hashes = Vec::with_capacity(nodes.len());
        for node in &nodes {
            let before = hashes.get(node.0).copied().unwrap_or(0);
            hashes.push(hash(before, node.1));
        }
        let in_slots = |place: &usize| !is_first(&nodes[*place]);
        let in_slots: Vec<usize> = (0..nodes.len()).filter(in_slots).collect();
        let searched: Vec<u64> = in_slots.iter().map(|&place| hashes[place]).collect();
        let Placed {
            pilots,
            places: placed,
            capacity,
        } = Placed::new(&searched)?;
        let mut slots = vec![0u64; capacity];
        let mut places = vec![0; nodes.len()];
        for (&node, place) in in_slots.iter().zip(placed) {
            places[node] = place;
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
            first: Cow::Owned(first.bytes()),
            pilots: Cow::Owned(pilots),
            slots: Cow::Owned(slots),
        })
    }

    /// Opens what [`bytes`](Trie::bytes) gave.
    pub(crate) const fn embedded([first, pilots, slots]: [&'static [u8]; 3]) -> Trie {
        Trie {
            first: Cow::Borrowed(first),
            pilots: Cow::Borrowed(pilots),
            slots: Cow::Borrowed(slots),
        }
    }

    /// The first characters, the pilots and the slots, for embedding.
    #[allow(dead_code, reason = "only the build script asks")]
    pub(crate) fn bytes(&self) -> [&[u8]; 3] {
        [&self.first, &self.pilots, &self.slots]
    }

    /// The child of the root by a character.
    #[inline(always)]
    pub(crate) fn first(&self, character: u32) -> Option<Node> {
        if character >= 0x1_0000 {
            return self.child(Trie::ROOT, character);
        }
        match self.first_slot(character) {
            0 => None,
            slot => {
                let Node { number, hash, .. } = Trie::first_node(character);
                Some(Node::new(number.into(), hash, slot.into()))
            }
        }
    }

    /// The slot of a first character below U+10000.
    #[inline(always)]
    fn first_slot(&self, character: u32) -> u32 {
        let code = character as usize;
        let (page_of, pages) = self.first.split_at(2 * PAGES);
        let page = u16::from_le_bytes(page_of.as_chunks().0[code / PAGE]);
        let place = usize::from(page) * PAGE + code % PAGE;
        u32::from_le_bytes(pages.as_chunks().0[place])
    }

    /// As much of the child of the root by a character below U+10000 as leads to its children, of
    /// which it has none if it is not there itself.
    #[inline(always)]
    pub(crate) fn first_node(character: u32) -> Node {
        debug_assert!(character < 0x1_0000);
        let number = FIRST_NODES | u64::from(character);
        Node::new(number, hash(0, character.into()), MORE)
    }

    /// What [`Node::pair_hash`] says of the node of two characters, the first below U+10000.
    #[inline(always)]
    pub(crate) fn pair_hash(first: u32, second: u32) -> u32 {
        let Node { hash: before, .. } = Trie::first_node(first);
        high(hash(before, second.into()))
    }

    /// The child by `character` of a node that is not the root, or of the root by one from U+10000
    /// on.
    #[inline]
    pub(crate) fn child(&self, node: Node, character: u32) -> Option<Node> {
        let child = self.edges().child_or_none(node, character);
        (child.fields != 0).then_some(child)
    }

    /// All edges but those to first characters below U+10000. Who follows many has at hand here what
    /// they are found by.
    #[inline(always)]
    pub(crate) fn edges(&self) -> Edges<'_> {
        Edges {
            pilots: &self.pilots,
            slots: self.slots.as_chunks().0,
        }
    }
}

/// See [`Trie::edges`].
#[derive(Clone, Copy)]
pub(crate) struct Edges<'t> {
    pilots: &'t [u8],
    slots: &'t [[u8; 8]],
}

impl Edges<'_> {
    /// The same as [`Trie::child`], but if there is no such child a node without record and children,
    /// and without a branch.
    #[inline(always)]
    pub(crate) fn child_or_none(self, node: Node, character: u32) -> Node {
        let hash = hash(node.hash, character.into());
        let edge = edge(node.number.into(), character.into());
        let pilot = self.pilots[pilot_of(hash, self.pilots.len())];
        let place = place(hash, pilot, self.slots.len());
        // If the edge is the slot's, its other fields are left.
        let rest = u64::from_le_bytes(self.slots[place]) ^ edge << EDGE;
        // Found or not is as good as random.
        let fields = select_unpredictable(rest <= FIELDS, rest, 0);
        Node::new(place as u64 + 1, hash, fields)
    }
}

/// Edges, by their hashes, each with a slot of its own.
struct Placed {
    pilots: Vec<u8>,
    /// In the order of the edges.
    places: Vec<usize>,
    /// Of how many slots.
    capacity: usize,
}

impl Placed {
    /// `None` if there are too many, or no pilots found.
    fn new(hashes: &[u64]) -> Option<Placed> {
        (0..4).find_map(|attempt| Placed::with(hashes, attempt))
    }

    /// With more pilots and room at each attempt.
    fn with(hashes: &[u64], attempt: usize) -> Option<Placed> {
        let count = (hashes.len() / EDGES_PER_PILOT + 1).next_power_of_two() << attempt;
        // Fuller, and the last edges would not find a pilot among so few.
        let capacity = hashes.len() + hashes.len() * (attempt + 1) / 8 + 1;
        if capacity as u64 >= FIRST_NODES {
            return None;
        }
        let mut with_pilot = vec![Vec::new(); count];
        for (edge, &hash) in hashes.iter().enumerate() {
            with_pilot[pilot_of(hash, count)].push(edge);
        }
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|&pilot| std::cmp::Reverse(with_pilot[pilot].len()));
        let mut is_taken = vec![false; capacity];
        let mut pilots = vec![0; count];
        let mut places = vec![0; hashes.len()];
        for &number in &order {
            let edges = &with_pilot[number];
            pilots[number] = (0..=u8::MAX).find(|&pilot| {
                let free = edges.iter().take_while(|&&edge| {
                    let place = place(hashes[edge], pilot, capacity);
                    places[edge] = place;
                    !mem::replace(&mut is_taken[place], true)
                });
                let free = free.count();
                let are_all = free == edges.len();
                for &edge in edges[..free].iter().filter(|_| !are_all) {
                    is_taken[places[edge]] = false;
                }
                are_all
            })?;
        }
        Some(Placed {
            pilots,
            places,
            capacity,
        })
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

/// The half of a hash that mixes most.
#[inline(always)]
fn high(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Which of so many pilots, a power of two, an edge has.
#[inline(always)]
fn pilot_of(hash: u64, count: usize) -> usize {
    hash as usize & (count - 1)
}

/// The only slot where an edge may be.
#[inline(always)]
fn place(hash: u64, pilot: u8, capacity: usize) -> usize {
    // What is alike in one half of the hash is moved apart by the other, another pilot by as much.
    let other = hash.rotate_left(32).wrapping_mul(pilot.into());
    let mixed = hash.wrapping_add(other) >> 32;
    // Spread over the capacity.
    ((mixed * capacity as u64) >> 32) as usize
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
        let trie = Trie::new(keys).expect("fits");
        for (key, offset) in keys {
            assert_eq!(
                find(&trie, key).and_then(Node::record),
                Some(offset as usize),
                "{key:?}"
            );
        }
        let inner = find(&trie, "干杯").expect("a prefix");
        assert_eq!((inner.record(), inner.has_children()), (None, true));
        assert!(!find(&trie, "ab").expect("a key").has_children());
        for other in ["b", "ba", "abc", "杯", "干子", "\u{1}", "𫝈y"] {
            assert_eq!(find(&trie, other), None, "{other:?}");
        }
    }

    #[test]
    fn without_a_branch_it_finds_the_same() {
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
        let trie = Trie::new(pairs.iter().copied()).expect("fits");
        for (key, offset) in &pairs {
            let mut codes = key.chars().map(u32::from);
            let (first, second) = (codes.next().expect("a first"), codes.next());
            let node = trie
                .edges()
                .child_or_none(Trie::first_node(first), second.expect("a second"));
            let node = codes.fold(node, |node, code| trie.edges().child_or_none(node, code));
            assert_eq!(Some(node), find(&trie, key), "{key}");
            assert_eq!(node.record(), Some(*offset as usize), "{key}");
            let none = trie.edges().child_or_none(node, u32::from('无'));
            assert_eq!(
                (none.after_record(), none.has_children()),
                (0, false),
                "{key}"
            );
        }
    }

    #[test]
    fn pilots_are_found_for_many_keys() {
        let characters: Vec<char> = ('\u{4E00}'..).step_by(7).take(300).collect();
        let keys = characters.iter().flat_map(|first| {
            let second = characters.iter();
            second.map(move |second| format!("{first}{second}"))
        });
        let keys: Vec<String> = keys.collect();
        let pairs = || keys.iter().map(String::as_str).zip(0..);
        let trie = Trie::new(pairs()).expect("fits");
        for (key, offset) in pairs() {
            assert_eq!(
                find(&trie, key).and_then(Node::record),
                Some(offset as usize)
            );
        }
        let slots = trie.slots.len() / 8;
        assert!(slots < keys.len() * 3 / 2, "after few attempts: {slots}");
    }

    #[test]
    fn the_empty_trie_finds_nothing() {
        let trie = Trie::new([("", 0); 0]).expect("small");
        assert_eq!(find(&trie, "a"), None);
    }

    #[test]
    fn refuses_what_its_fields_cannot_hold() {
        assert!(Trie::new([("a", FIELD)]).is_none());
    }
}
