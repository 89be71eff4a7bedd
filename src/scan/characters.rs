//! A map of characters without phrases: each becomes what it becomes alone, whatever stands beside it.
//!
//! This is the scan without exceptions, so there are no hits, no islands and no engine, and description sequences
//! mean nothing. The loop converts what it can; the rest is looked up here, one character after the other.

use super::classes::{self, Classes, LISTED, SPECIAL};
use super::exception_pairs::{View, NONE};
use super::filter::{first_hash, Filter};
use super::kernel::{self, Hits, Run, Stop, Tables, Task};
use super::output::{NullSink, Output, Recipient, Sink, Target, LONG, SHORT, SHORT_TEXT};
use super::passage::{ascii_len, CALM};
use super::passthrough::Passthrough;
use super::short::{self, Block, Short};
use crate::text::utf8::{character, could_become_character};

/// The longest start of a character.
pub(crate) const LONGEST_START: usize = 3;

/// The block for texts that are long beside it. The loop is begun less often, which saves some 4 %.
const LONGER: usize = 8 * LONG;

/// A map of characters, as the loop needs it.
pub(crate) struct Characters {
    /// What the loop converts: characters of three bytes into others.
    classes: Classes,
    notable: Passthrough,
    /// The characters at which it stops, and what they become; ascending.
    others: Vec<(char, char)>,
    /// Their hashes.
    known: Filter,
}

/// Where and why a walk through a text ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// At the end.
    Done,
    /// Before the first change, where none was to be made.
    Changed,
    /// After [`CALM`] bytes that stayed as they were.
    Calm,
}

impl Characters {
    /// Of characters, each once, and what each becomes.
    pub(crate) fn new(pairs: &[(char, char)]) -> Characters {
        let three = |c: char| (c.len_utf8() == 3).then(|| packed(c));
        let entry = |&(from, to): &(char, char)| {
            let from = three(from)?;
            Some([from, three(to).map_or(SPECIAL, |to| from ^ to)])
        };
        let classes = Classes::new(pairs.iter().filter_map(entry).collect());
        let is_other = |from| three(from).is_none_or(|from| classes.change(from) == LISTED);
        let mut others = pairs.to_vec();
        others.retain(|&(from, _)| is_other(from));
        others.sort_unstable();
        let hash = |&(from, _): &(char, char)| first_hash(packed(from));
        let hashes: Vec<u32> = others.iter().map(hash).collect();
        Characters {
            notable: Passthrough::new(&classes, &[], |_| 0),
            known: Filter::new(&hashes, 16),
            classes,
            others,
        }
    }

    /// What a character becomes.
    pub(crate) fn get(&self, c: char) -> char {
        let packed = packed(c);
        if c.len_utf8() == 3 {
            match self.classes.change(packed) {
                LISTED => {}
                change => return char::from_u32(u32::from(c) ^ u32::from(change)).unwrap_or(c),
            }
        }
        if !self.known.contains(first_hash(packed)) {
            return c;
        }
        let found = self.others.binary_search_by_key(&c, |&(from, _)| from);
        found.map_or(c, |at| self.others[at].1)
    }

    /// Converts a whole text.
    #[inline]
    pub(crate) fn convert<'t, R: Recipient<'t>>(&self, text: &'t str, to: R) -> R::Receipt {
        short::convert(
            text,
            to,
            |text, block| block.convert_alone(&self.classes, text),
            |text, out| self.convert_long(text, out),
        )
    }

    /// Converts bytes that may be no text and appends the result to `out`, which is left alone, and false
    /// returned, if nothing changes. What is not UTF-8 is copied.
    pub(crate) fn convert_bytes(&self, bytes: &[u8], out: &mut Vec<u8>) -> bool {
        if bytes.len() <= short::LONGEST {
            let mut block = Block::new(bytes.len());
            if let Some(became) = block.convert_alone(&self.classes, bytes) {
                let changed = !matches!(became, Short::Same);
                if changed {
                    out.extend_from_slice(block.bytes());
                }
                return changed;
            }
        }
        self.convert_long(bytes, out)
    }

    #[inline(never)]
    fn convert_long(&self, text: &[u8], out: &mut impl Target) -> bool {
        let mut walk = Walk {
            map: self,
            text,
            at: 0,
        };
        if walk.pass(&mut NullSink::default()) == Outcome::Done {
            return false;
        }
        // To zero a large block would cost a short text more than all else.
        if text.len() <= SHORT_TEXT {
            let mut output: Output<_, SHORT> = Output::new(out);
            output.append(&text[..walk.at]);
            walk.pass(&mut output);
            output.flush();
            return true;
        }
        out.reserve(text.len());
        if text.len() >= 4 * LONGER {
            walk.pass_all(&mut Output::<_, LONGER>::new(out));
        } else {
            walk.pass_all(&mut Output::<_, LONG>::new(out));
        }
        true
    }
}

/// A text on its way.
struct Walk<'t> {
    map: &'t Characters,
    text: &'t [u8],
    /// All before it is converted.
    at: usize,
}

impl Walk<'_> {
    /// To the end, in whichever mode is faster; what was passed was not written yet.
    fn pass_all<T: Target, const BLOCK: usize>(&mut self, output: &mut Output<'_, T, BLOCK>) {
        output.append(&self.text[..self.at]);
        while self.pass(output) == Outcome::Calm {
            let from = self.at;
            self.pass(&mut NullSink::default());
            output.append(&self.text[from..self.at]);
        }
        output.flush();
    }

    /// Goes on into a sink. With one that takes nothing only while nothing changes.
    fn pass<S: Sink>(&mut self, output: &mut S) -> Outcome {
        // So many bytes stayed as they were, one stretch after the other.
        let mut calm = 0;
        loop {
            let from = self.at;
            match self.run(output) {
                Stop::Change => return Outcome::Changed,
                Stop::Full => {
                    if S::WRITES {
                        let stretch = &self.text[from..self.at];
                        let is_same = output.ends_with(stretch);
                        calm = if is_same { calm + stretch.len() } else { 0 };
                        if calm >= CALM && self.text.len() - self.at > CALM {
                            return Outcome::Calm;
                        }
                    }
                }
                Stop::Other => {
                    if !self.pass_others(output) {
                        return Outcome::Changed;
                    }
                    if self.at == self.text.len() {
                        return Outcome::Done;
                    }
                }
            }
        }
    }

    /// The loop over three-byte characters and some ASCII.
    #[inline]
    fn run<S: Sink>(&mut self, output: &mut S) -> Stop {
        let source = &self.text[self.at..];
        let (target, limit) = output.room();
        let tables = Tables {
            changes: self.map.classes.changes(),
            notable: self.map.notable.view(),
            stays: &|_| false,
        };
        let task = Task {
            tables,
            exceptions: View(&[]),
            source,
            limit,
            target,
            before: classes::Unit::NO_CHARACTER,
        };
        let hits = &mut Hits::new();
        let Run { at, stop, .. } = match S::WRITES {
            true => kernel::form::<true, NONE>(task, hits),
            false => kernel::form::<false, NONE>(task, hits),
        };
        self.at += at;
        output.advance(at);
        stop
    }

    /// Passes at least one character, up to the next that the loop takes: ASCII, characters that are not of three
    /// bytes or not in its table, and bytes that are no text. False before a change that was not to be made.
    #[inline(never)]
    fn pass_others<S: Sink>(&mut self, output: &mut S) -> bool {
        let rest = &self.text[self.at..];
        // All before it is in the output.
        let mut copied = 0;
        let mut at = ascii_len(rest);
        while at < rest.len() {
            let found = character(&rest[at..]);
            let found = found.and_then(|(code, len)| Some((char::from_u32(code)?, len)));
            let Some((c, len)) = found else {
                at += 1;
                continue;
            };
            // The loop wants four bytes; the last character of a text may have only three.
            let is_left = at > 0 && len == 3 && rest.len() - at > len;
            if is_left && self.map.classes.change(packed(c)) != LISTED {
                break;
            }
            let to = self.map.get(c);
            if to != c {
                if !S::WRITES {
                    self.at += at;
                    return false;
                }
                output.append(&rest[copied..at]);
                output.append(to.encode_utf8(&mut [0; 4]).as_bytes());
                copied = at + len;
            }
            at += len;
            if rest.get(at).is_some_and(u8::is_ascii) {
                at += ascii_len(&rest[at..]);
            }
        }
        if S::WRITES {
            output.append(&rest[copied..at]);
        }
        self.at += at;
        true
    }
}

/// How many bytes of a piece are left when a character that its end cuts is not taken.
pub(crate) fn whole_len(piece: &[u8]) -> usize {
    let last = piece.len().saturating_sub(LONGEST_START)..piece.len();
    let start = last.rev().find(|&at| piece[at] & 0xC0 != 0x80);
    start
        .filter(|&at| could_become_character(&piece[at..]))
        .unwrap_or(piece.len())
}

/// A character's bytes as a number.
fn packed(c: char) -> u32 {
    classes::pack(c.encode_utf8(&mut [0; 4]).as_bytes())
}
