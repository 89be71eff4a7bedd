//! The exact engine: a chain of longest-match transducers over bytes.
//!
//! A [`Plan`] is the chain: normalization, an optional segmentation, the stages. A [`Machine`] is
//! what one text's passage through it must remember. Each level reads left to right, replaces
//! the longest key it finds, copies what it does not know, and decides a place only once no
//! further byte could change the decision; until then it holds the bytes back. So how the input
//! is cut cannot show in the output, and a whole text is simply a stream pushed in one piece.
//!
//! A segmentation changes nothing itself. It tells the levels after it where a segment ends, and
//! there they decide all they hold, as at the end of the text.

pub(crate) mod description;
pub(crate) mod firsts;
pub(crate) mod plan;
pub(crate) mod story;
pub(crate) mod trace;

use std::{fmt, mem};

use crate::table::{Entry, Lookup, Origins, RawMatch, Table};
use crate::text::utf8::{unit_len, LONGEST_UNIT};
use description::{description, Description};
use firsts::Firsts;

/// A chain of levels, made once and shared.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) levels: Vec<Level>,
}

/// One longest-match transducer.
#[derive(Clone)]
pub(crate) struct Level {
    pub(crate) table: Table,
    pub(crate) role: Role,
    /// Words that win over the table's where they are as long or longer, and whose values no
    /// later level touches.
    pub(crate) overlay: Option<Table>,
    /// The characters at which anything is looked for at all.
    pub(crate) firsts: Firsts,
    /// Whether keys are looked up in tries; see [`Plan::use_tries`].
    by_trie: bool,
}

/// What a level does with the keys it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Replaces them. Only the keys that come from these tables count.
    Convert(Origins),
    /// Makes each a segment of its own, and what stands between two of them another. Only the
    /// keys that come from these tables count.
    Segment(Origins),
    /// Both at once: makes its phrases segments, the keys of several characters, and replaces all
    /// keys. The same as a segmentation by these phrases followed by a stage of the table: what the
    /// stage would find in a segment, the segmentation has found already.
    SegmentAndConvert,
}

impl Role {
    /// Whether keys are replaced.
    pub(crate) fn converts(self) -> bool {
        !matches!(self, Role::Segment(_))
    }

    /// The tables whose keys count.
    fn origins(self) -> Origins {
        match self {
            Role::Convert(origins) | Role::Segment(origins) => origins,
            Role::SegmentAndConvert => Origins::ALL,
        }
    }
}

/// What is to be done at one place of a text.
enum Step<'p> {
    /// A key of so many bytes stands here, and this is its value.
    Match {
        len: usize,
        value: &'p [u8],
        /// Whether the key is a segment of its own.
        alone: bool,
    },
    /// A word of the overlay.
    Final { len: usize, value: &'p [u8] },
    /// Nothing that this level knows.
    Copy { len: usize },
    /// More text is needed to tell.
    Wait,
}

/// What one text's passage through a plan must remember: for each level, the bytes it could not
/// decide yet. Nothing else, so a machine that holds nothing is at rest and may go anywhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    /// Used by a plan of so few levels; most are, and a short text need not pay for a vector.
    few: [Vec<u8>; 4],
    /// Used by all others.
    many: Vec<Vec<u8>>,
}

/// Whether more text may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// More may follow.
    Open,
    /// The text, or the segment, ends here.
    Here,
}

impl Plan {
    /// Sees to it that nothing is looked for at characters that start no key.
    pub(crate) fn find_firsts(&mut self) {
        for level in &mut self.levels {
            level.firsts = level.find_firsts();
        }
    }

    /// Looks keys up in the tries that the scan walks, too. With the `fst` prose costs the engine 5 %
    /// of all, crowded text 15, and a plan without a scan three times as much; but a scan in the making,
    /// and who looks keys up, has the `fst` and need not make a trie.
    pub(crate) fn use_tries(&mut self) {
        for level in &mut self.levels {
            level.by_trie = true;
        }
    }

    /// Lays `words` over the level at `place`, or adds one there if the plan ends before it.
    pub(crate) fn set_words(&mut self, words: Vec<Table>, place: usize) {
        if words.is_empty() {
            return;
        }
        if self.levels.len() <= place {
            let nothing = Table::overlay(&[]);
            self.levels
                .push(Level::new(nothing, Role::Convert(Origins::ALL)));
        }
        let words = Table::overlay(&words);
        if let Some(level) = self.levels.get_mut(place) {
            level.overlay = Some(words);
        }
    }

    /// Lays words over the first level, where they win over all that any level would find.
    pub(crate) fn set_keep(&mut self, words: Table) {
        // A longer key of the level would win, so it may have characters only; and a description is copied
        // as one only where its operator is no key.
        let is_character = |(key, _): (String, Entry<'_>)| {
            let mut characters = key.chars();
            let first = characters.next();
            let is_operator = |first| description::OPERATORS.contains(&first);
            characters.next().is_none() && !first.is_some_and(is_operator)
        };
        let is_fit = |level: &Level| level.overlay.is_none() && level.keys().all(is_character);
        if !self.levels.first().is_some_and(is_fit) {
            let nothing = Level::new(Table::overlay(&[]), Role::Convert(Origins::ALL));
            self.levels.insert(0, nothing);
        }
        self.levels[0].overlay = Some(words);
    }

    /// No machine holds back more bytes than this.
    pub(crate) fn max_held(&self) -> usize {
        self.levels.iter().map(Level::max_held).sum()
    }
}

impl Machine {
    /// Passes `input` through `levels` and appends to `out` all that is decided.
    ///
    /// Only a machine at rest may go from one list of levels to another.
    pub(crate) fn push(&mut self, levels: &[Level], input: &[u8], end: End, out: &mut Vec<u8>) {
        // A level hands its whole output of one call to the next level's buffer; blocks keep
        // those buffers small however much is pushed at once.
        const BLOCK: usize = 8 << 10;
        let held = match self.few.get_mut(..levels.len()) {
            Some(few) => few,
            None => {
                self.many.resize_with(levels.len(), Vec::new);
                &mut self.many
            }
        };
        let mut rest = input;
        while rest.len() > BLOCK {
            let (block, after) = rest.split_at(BLOCK);
            drive(levels, held, block, End::Open, out);
            rest = after;
        }
        drive(levels, held, rest, end, out);
    }

    /// How many bytes are held back.
    pub(crate) fn held(&self) -> usize {
        self.few.iter().chain(&self.many).map(Vec::len).sum()
    }
}

impl Level {
    pub(crate) fn new(table: Table, role: Role) -> Level {
        Level {
            table,
            role,
            overlay: None,
            firsts: Firsts::default(),
            by_trie: false,
        }
    }

    /// The characters at which a key or a word may stand.
    pub(crate) fn find_firsts(&self) -> Firsts {
        let words = self.overlay.iter().flat_map(|overlay| overlay.iter());
        Firsts::of(self.keys().chain(words).map(|(key, _)| key))
    }

    /// The keys that count here, with their entries.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (String, Entry<'_>)> {
        self.table.iter_from(self.role.origins())
    }

    /// Whether a word of the overlay, if there is one, may stand at the start of `text`.
    #[inline(always)]
    pub(crate) fn may_have_word(&self, text: &[u8]) -> bool {
        let is_there = |words: &Table| words.lookup_by_trie(text, Origins::ALL) != Lookup::NoMatch;
        self.overlay.as_ref().is_some_and(is_there)
    }

    /// Whether a key counts here.
    #[inline]
    pub(crate) fn counts(&self, found: RawMatch) -> bool {
        self.table.is_from(found, self.role.origins())
    }

    /// Whether all keys of the table count here.
    #[inline]
    pub(crate) fn all_count(&self) -> bool {
        self.role.origins() == Origins::ALL
    }

    /// Whether a match at the start of `text` is a segment.
    fn is_segment(&self, found: RawMatch, text: &[u8]) -> bool {
        match self.role {
            Role::Convert(_) => false,
            Role::Segment(_) => true,
            Role::SegmentAndConvert => found.len > unit_len(text[0]),
        }
    }

    fn max_held(&self) -> usize {
        let overlay = self.overlay.as_ref().map_or(0, Table::longest_key);
        // A longer key may have to wait for the rest of a character that will not be its next.
        let key = self.table.longest_key().max(overlay) + LONGEST_UNIT;
        key.max(description::MAX_BYTES)
    }

    fn lookup(&self, table: &Table, text: &[u8], origins: Origins) -> Lookup {
        match self.by_trie {
            true => table.lookup_by_trie(text, origins),
            false => table.lookup(text, origins),
        }
    }

    /// Decides what to do at the start of `text`, which is not empty.
    fn step(&self, text: &[u8], end: End) -> Step<'_> {
        let mut longest = match self.lookup(&self.table, text, self.role.origins()) {
            Lookup::Open(_) if end == End::Open => return Step::Wait,
            Lookup::Match(found) | Lookup::Open(Some(found)) => {
                let alone = self.is_segment(found, text);
                let value = self.table.value(found);
                Some(Step::Match {
                    len: found.len,
                    value,
                    alone,
                })
            }
            Lookup::NoMatch | Lookup::Open(None) => None,
        };
        if let Some(overlay) = &self.overlay {
            let found = match self.lookup(overlay, text, Origins::ALL) {
                Lookup::Open(_) if end == End::Open => return Step::Wait,
                Lookup::Match(found) | Lookup::Open(Some(found)) => Some(found),
                Lookup::NoMatch | Lookup::Open(None) => None,
            };
            if let Some(found) = found {
                let beaten = matches!(longest, Some(Step::Match { len, .. }) if len > found.len);
                if !beaten {
                    longest = Some(Step::Final {
                        len: found.len,
                        value: overlay.value(found),
                    });
                }
            }
        }
        longest.unwrap_or_else(|| copy(text, end))
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match self.role {
            Role::Convert(_) => "convert",
            Role::Segment(_) => "segment",
            Role::SegmentAndConvert => "segment and convert",
        };
        f.debug_tuple(role).field(&self.table).finish()
    }
}

/// What to copy at the start of `text` where no key matches: a description sequence or a unit.
fn copy<'p>(text: &[u8], end: End) -> Step<'p> {
    let len = unit_len(text[0]);
    if len > text.len() {
        return match end {
            End::Open => Step::Wait,
            End::Here => Step::Copy { len: text.len() },
        };
    }
    match description(text) {
        Description::Complete(len) => Step::Copy { len },
        Description::Incomplete if end == End::Open => Step::Wait,
        Description::Incomplete | Description::Absent => Step::Copy { len },
    }
}

/// Passes `input` through the first of `levels` and what that gives through the others.
fn drive(levels: &[Level], held: &mut [Vec<u8>], input: &[u8], end: End, out: &mut Vec<u8>) {
    let Some((level, later)) = levels.split_first() else {
        out.extend_from_slice(input);
        return;
    };
    // Between two segments that touch stands nothing, which is common enough to say at once.
    if input.is_empty() && held.iter().all(Vec::is_empty) {
        return;
    }
    let (own, later_held) = held.split_first_mut().expect("one buffer for each level");
    let mut buffer = mem::take(own);
    let text = if buffer.is_empty() {
        input
    } else {
        buffer.extend_from_slice(input);
        &buffer
    };

    // `run` is where the bytes start that were stepped over but not yet passed on.
    let (mut run, mut at) = (0, 0);
    loop {
        at += level.firsts.none_in(text, at);
        if at == text.len() {
            break;
        }
        match level.step(&text[at..], end) {
            Step::Copy { len } => at += len,
            Step::Match { len, value, alone } => {
                let before = &text[run..at];
                let value = match level.role.converts() {
                    true => value,
                    false => &text[at..at + len],
                };
                if alone {
                    drive(later, later_held, before, End::Here, out);
                    drive(later, later_held, value, End::Here, out);
                } else {
                    let target = match later_held.first_mut() {
                        Some(next) => next,
                        None => &mut *out,
                    };
                    target.extend_from_slice(before);
                    target.extend_from_slice(value);
                }
                at += len;
                run = at;
            }
            Step::Final { len, value } => {
                drive(later, later_held, &text[run..at], End::Here, out);
                out.extend_from_slice(value);
                at += len;
                run = at;
            }
            Step::Wait => break,
        }
    }
    drive(later, later_held, &text[run..at], end, out);

    // The text was either the input alone or the buffer, which keeps its memory for next time.
    if buffer.is_empty() {
        buffer.extend_from_slice(&input[at..]);
    } else {
        buffer.drain(..at);
    }
    *own = buffer;
}

/// Passes a segment through the levels after the one that made it and appends what comes out.
pub(crate) fn convert_alone(levels: &[Level], segment: &[u8], out: &mut Vec<u8>) {
    match levels {
        [] => out.extend_from_slice(segment),
        [level] if matches!(level.role, Role::Convert(_)) => {
            let (mut run, mut at) = (0, 0);
            loop {
                at += level.firsts.none_in(segment, at);
                if at == segment.len() {
                    break;
                }
                match level.step(&segment[at..], End::Here) {
                    Step::Copy { len } => at += len,
                    Step::Match { len, value, .. } | Step::Final { len, value } => {
                        out.extend_from_slice(&segment[run..at]);
                        out.extend_from_slice(value);
                        at += len;
                        run = at;
                    }
                    Step::Wait => unreachable!("nothing follows"),
                }
            }
            out.extend_from_slice(&segment[run..]);
        }
        levels => Machine::default().push(levels, segment, End::Here, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(pairs: &[(&str, &str)]) -> Table {
        Table::from_pairs("test", pairs.iter().copied()).expect("well-formed")
    }

    fn stage(pairs: &[(&str, &str)]) -> Level {
        Level::new(table(pairs), Role::Convert(Origins::ALL))
    }

    fn segmentation(keys: &[&str]) -> Level {
        let pairs: Vec<(&str, &str)> = keys.iter().map(|&key| (key, "")).collect();
        Level::new(table(&pairs), Role::Segment(Origins::ALL))
    }

    fn convert(levels: &[Level], text: &str) -> String {
        let mut out = Vec::new();
        let mut machine = Machine::default();
        machine.push(levels, text.as_bytes(), End::Here, &mut out);
        assert_eq!(machine.held(), 0, "a finished machine is at rest");
        String::from_utf8(out).expect("text and values are UTF-8")
    }

    #[test]
    fn the_longest_key_wins_and_its_value_is_not_read_again() {
        let levels = [stage(&[("a", "1"), ("ab", "ba"), ("abcd", "4")])];
        assert_eq!(convert(&levels, "abc aab abcd"), "bac 1ba 4");
    }

    #[test]
    fn an_empty_value_deletes_its_key() {
        assert_eq!(convert(&[stage(&[("b", "")])], "abcb"), "ac");
    }

    #[test]
    fn a_later_stage_matches_across_what_an_earlier_one_made() {
        let stages = [
            stage(&[("a", "m"), ("d", "n")]),
            stage(&[("mb", "!"), ("cn", "?")]),
        ];
        assert_eq!(convert(&stages, "abcd"), "!?");
    }

    #[test]
    fn but_not_across_the_end_of_a_segment() {
        let levels = [
            segmentation(&["bc"]),
            stage(&[("a", "m"), ("d", "n"), ("bc", "bc")]),
            stage(&[("mb", "!"), ("cn", "?"), ("bc", "Q")]),
        ];
        assert_eq!(convert(&levels, "abcd"), "mQn");
    }

    #[test]
    fn what_stands_between_two_keys_is_one_segment() {
        let levels = [segmentation(&["bc"]), stage(&[("xy", "!")])];
        assert_eq!(convert(&levels, "bcxybcx"), "bc!bcx");
    }

    #[test]
    fn a_description_is_copied_unless_a_key_starts_with_its_operator() {
        let characters = [("木", "M"), ("公", "G")];
        assert_eq!(convert(&[stage(&characters)], "⿰木公木"), "⿰木公M");
        let with_operator = [("木", "M"), ("公", "G"), ("⿰", "+")];
        assert_eq!(convert(&[stage(&with_operator)], "⿰木公木"), "+MGM");
    }

    #[test]
    fn a_cut_description_is_none() {
        assert_eq!(convert(&[stage(&[("木", "M")])], "⿰木"), "⿰M");
    }

    #[test]
    fn a_word_of_the_overlay_wins_and_passes_the_later_stages_untouched() {
        let mut level = stage(&[("ab", "x"), ("b", "y")]);
        level.overlay = Some(table(&[("ab", "y"), ("c", "x")]));
        let levels = [level, stage(&[("y", "z"), ("x", "w"), ("zz", "!")])];
        assert_eq!(convert(&levels, "abbc"), "yzx");
    }

    #[test]
    fn a_longer_key_of_the_config_wins_over_a_word() {
        let mut level = stage(&[("abc", "x")]);
        level.overlay = Some(table(&[("ab", "y")]));
        assert_eq!(convert(&[level], "abcab"), "xy");
    }

    #[test]
    fn only_what_a_later_byte_could_change_is_held_back() {
        let levels = [stage(&[("ab", "1"), ("abcd", "2")])];
        let mut machine = Machine::default();
        let mut out = Vec::new();
        for (byte, decided, held) in [
            (b'x', "x", 0),
            (b'a', "x", 1),
            (b'b', "x", 2),
            (b'c', "x", 3),
            (b'x', "x1cx", 0),
        ] {
            machine.push(&levels, &[byte], End::Open, &mut out);
            assert_eq!((out.as_slice(), machine.held()), (decided.as_bytes(), held));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_copied() {
        let levels = [stage(&[("汉", "漢")])];
        let table: [(&[u8], &[u8]); 5] = [
            (b"\x80\xFF\xFE", b"\x80\xFF\xFE"),
            (b"\xE6\xB1", b"\xE6\xB1"),
            // The first byte says three, so the two letters belong to it.
            (b"\xE4AB\xE6\xB1\x89", b"\xE4AB\xE6\xBC\xA2"),
            (b"a\0\xE6\xB1\x89\0", b"a\0\xE6\xBC\xA2\0"),
            (
                b"\xF8\x88\x80\x80\x80\xE6\xB1\x89",
                b"\xF8\x88\x80\x80\x80\xE6\xBC\xA2",
            ),
        ];
        for (input, expected) in table {
            let mut out = Vec::new();
            Machine::default().push(&levels, input, End::Here, &mut out);
            assert_eq!(out, expected, "{input:X?}");
        }
    }
}
