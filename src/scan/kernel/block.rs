//! The loop: a block of characters at a time, each step taken for all of them before the next.
//!
//! A block is decoded into words; from these come the places of the characters' changes and the
//! numbers of their pairs; both are looked up; then the changed characters are written and the
//! exception pairs noted. No step depends on what a character turns out to be, so little is
//! mispredicted and the looks at memory do not wait for each other.
//!
//! What the steps do is given by [`lanes`](super::lanes); the order of the steps, the look-ups, and all that is done once for each
//! block are here.

use super::super::classes::LISTED;
use super::super::exception_pairs;
use super::super::filter::pair_hash;
use super::{Hits, Run, Stop, Tables, Task};

/// A step of decoding sees so many bytes of the text.
pub(super) const WINDOW: usize = 80;

/// Decoding a block ends when it has so many characters.
const ENOUGH: usize = 128;

/// Where nothing is written the first block of all ends earlier: the loop often stops soon, at the first
/// change, and all that was decoded is lost.
const ENOUGH_AT_FIRST: usize = 16;

/// A step of decoding finds no more characters than this.
const MOST_IN_STEP: usize = 64;

/// How many characters a block may have.
const BLOCK: usize = ENOUGH + MOST_IN_STEP;
const _: () = assert!(BLOCK <= Hits::AT_ONCE);

/// More than any form handles together.
const SPARE: usize = 16;

/// What is known of a block's characters.
pub(super) struct Block {
    /// The packed characters, of which the first belongs to the character before them.
    words: [u32; 1 + BLOCK + SPARE],
    /// The places of their changes, and then the changes.
    pub(super) changes: [u16; BLOCK],
    /// The numbers of the bits for their pairs with the character before; where nothing is written,
    /// of those that tell whether they are notable, and then these bits.
    pub(super) numbers: [u16; BLOCK],
    /// The bits for their pairs with the character before.
    bits: [u32; BLOCK],
    /// A bit for each: whether it is ASCII.
    pub(super) ascii: [u8; BLOCK / 8],
    /// Whether it may be the second of an exception pair.
    pub(super) found: [u8; BLOCK / 8],
    /// Whether the loop has to stop there.
    pub(super) stops: [u8; BLOCK / 8],
    /// Where nothing is written, instead of these two: whether it is notable as the second of a
    /// pair, and as the first. Stored as it is read, or the processor could not pass it on.
    pub(super) notable: [[u64; 2]; BLOCK / 64],
}

/// What a step of decoding did.
pub(super) struct Decoded {
    /// How many characters it found.
    pub(super) lanes: usize,
    /// Where they end, in the window.
    pub(super) end: usize,
    /// Where the next window starts, in this one. `None` if the next character is something else
    /// than ASCII or a three-byte character, or a long run of ASCII, which is copied faster
    /// elsewhere.
    pub(super) next: Option<usize>,
    /// The bytes at the start of the next window that belong to the last character, a bit each.
    pub(super) carry: u64,
}

impl Block {
    /// The words from a lane on.
    #[inline(always)]
    pub(super) fn words<const N: usize>(&self, lane: usize) -> &[u32; N] {
        self.words[1 + lane..]
            .first_chunk()
            .expect("within a block")
    }

    /// The packed characters before.
    #[inline(always)]
    pub(super) fn words_before<const N: usize>(&self, lane: usize) -> &[u32; N] {
        self.words[lane..].first_chunk().expect("within a block")
    }

    #[inline(always)]
    pub(super) fn set_words<const N: usize>(&mut self, lane: usize, words: [u32; N]) {
        let place = self.words[1 + lane..].first_chunk_mut();
        *place.expect("within a block") = words;
    }

    /// The bits for the pairs from a lane on.
    #[inline(always)]
    pub(super) fn bits<const N: usize>(&self, lane: usize) -> &[u32; N] {
        self.bits[lane..].first_chunk().expect("within a block")
    }

    /// Where the character in a lane starts, counted from the block's start.
    fn offset(&self, lane: usize) -> usize {
        let (whole, rest) = (lane / 8, lane % 8);
        let before = self.ascii[..whole].iter().map(|ascii| ascii.count_ones());
        let ascii = before.sum::<u32>() + (self.ascii[whole] & ((1 << rest) - 1)).count_ones();
        3 * lane - 2 * ascii as usize
    }

    /// Looks up the changes and the bits of the pairs, or, where nothing is written, the bits that
    /// tell which characters are notable.
    #[inline(always)]
    fn look_up<const WRITES: bool, const BYTES: usize>(
        &mut self,
        lanes: usize,
        tables: Tables<'_>,
        exceptions: exception_pairs::View<'_, BYTES>,
    ) {
        let lanes = lanes.next_multiple_of(8);
        if !WRITES {
            for part in self.numbers[..lanes].as_chunks_mut::<8>().0 {
                for bits in part {
                    *bits = tables.notable.word(*bits);
                }
            }
            return;
        }
        let changes = tables.changes;
        for part in self.changes[..lanes].as_chunks_mut::<8>().0 {
            for change in part {
                *change = u16::from_le_bytes(changes[usize::from(*change)]);
            }
        }
        if BYTES == exception_pairs::NONE {
            return;
        }
        let numbers = self.numbers[..lanes].as_chunks::<8>().0;
        let bits = self.bits[..lanes].as_chunks_mut::<8>().0;
        for (numbers, bits) in numbers.iter().zip(bits) {
            for (number, bits) in numbers.iter().zip(bits) {
                *bits = exceptions.word(*number);
            }
        }
    }

    /// Notes the exception pairs with a notable character, among so many characters
    /// of the block that starts at `from`. Returns the first of them at which the loop has to stop,
    /// before which it notes all.
    #[inline(always)]
    fn look_at_notable<const BYTES: usize>(
        &self,
        lanes: usize,
        from: usize,
        tables: Tables<'_>,
        exceptions: exception_pairs::View<'_, BYTES>,
        hits: &mut Hits,
    ) -> Option<(usize, Stop)> {
        // The character before the block may be notable.
        let mut after_first = 1;
        for (part, &[seconds, firsts]) in self.notable.iter().enumerate() {
            let Some(rest) = lanes.checked_sub(64 * part).filter(|&rest| rest > 0) else {
                break;
            };
            let within = u64::MAX >> (64 - rest.min(64));
            let mut seconds = (seconds | firsts << 1 | after_first) & within;
            after_first = firsts >> 63;
            while seconds != 0 {
                let lane = 64 * part + seconds.trailing_zeros() as usize;
                seconds &= seconds - 1;
                let (first, second) = (self.words[lane], self.words[lane + 1]);
                let change = tables.changes[usize::from(self.changes[lane])];
                let change = u16::from_le_bytes(change);
                let is_hit = exceptions.contains(pair_hash(first, second));
                if !is_hit && change == 0 || second < 0x80 {
                    continue;
                }
                let place = from + self.offset(lane);
                match change {
                    0 => hits.add_if(true, place),
                    LISTED => return Some((lane, Stop::Other)),
                    _ if (tables.stays)(place) => {}
                    _ => return Some((lane, Stop::Change)),
                }
            }
        }
        None
    }

    /// Notes the exception pairs among so many characters of the block that starts at `from`.
    #[inline(always)]
    fn note_hits(&self, lanes: usize, from: usize, hits: &mut Hits) {
        let (found, _) = self.found.as_chunks();
        let (ascii, _) = self.ascii.as_chunks();
        let mut from = from;
        for (part, (found, ascii)) in found.iter().zip(ascii).enumerate() {
            let Some(lanes) = lanes.checked_sub(64 * part) else {
                break;
            };
            let ascii = u64::from_le_bytes(*ascii);
            let within = if lanes < 64 {
                (1 << lanes) - 1
            } else {
                u64::MAX
            };
            let mut found = u64::from_le_bytes(*found) & !ascii & within;
            let place = |found: u64| {
                let lane = found.trailing_zeros() & 63;
                let before = ascii & ((1 << lane) - 1);
                from + (3 * lane - 2 * before.count_ones()) as usize
            };
            // One or two are common, and which is hardly predictable.
            for _ in 0..2 {
                hits.add_if(found != 0, place(found));
                found &= found.wrapping_sub(1);
            }
            while found != 0 {
                hits.add_if(true, place(found));
                found &= found - 1;
            }
            from += 3 * 64 - 2 * ascii.count_ones() as usize;
        }
    }
}

/// The loop; see [`run`](super::run) and the module.
///
/// - `decode` writes the packed characters in a window from a lane on; it is given the bytes
///   at the window's start that belong to the character before, a bit each.
/// - `number` finds the places of so many characters' changes and the numbers of the bits for their
///   pairs, and which are ASCII.
/// - `finish` finds, of the characters with changes and bits, those that may be the second of an exception
///   pair and those at which the loop must stop, and writes them changed. Those beyond the last may
///   be written too.
///
/// They are called for a whole block, though the loops over its groups look alike: what uses the
/// processor's instructions does not become part of what is common to all, and a call for each group
/// costs 2 to 5 % of a conversion.
#[inline(always)]
pub(super) fn run<const WRITES: bool, const BYTES: usize>(
    task: Task<'_, BYTES>,
    hits: &mut Hits,
    decode: impl Fn(&[u8; WINDOW], u64, usize, &mut Block) -> Decoded,
    number: impl Fn(usize, &mut Block),
    finish: impl Fn(usize, &mut Block, &mut [u8]),
) -> Run {
    let Task {
        tables,
        exceptions,
        source,
        limit,
        target,
        before,
    } = task;
    let mut block = Block {
        words: [0; 1 + BLOCK + SPARE],
        changes: [0; BLOCK],
        numbers: [0; BLOCK],
        bits: [0; BLOCK],
        ascii: [0; BLOCK / 8],
        found: [0; BLOCK / 8],
        stops: [0; BLOCK / 8],
        notable: [[0; 2]; BLOCK / 64],
    };
    block.words[0] = before;
    let mut enough = if WRITES { ENOUGH } else { ENOUGH_AT_FIRST };
    let mut at = 0;
    let stop = loop {
        if at >= limit || hits.is_full() {
            break Stop::Full;
        }
        let (mut to, mut lanes, mut stop) = (at, 0, Stop::Full);
        let (mut start, mut carry) = (at, 0);
        while lanes < enough && start < limit {
            let rest = source.get(start..).unwrap_or_default();
            let mut end;
            let window = match rest.first_chunk() {
                Some(window) => window,
                None => {
                    end = NO_TEXT;
                    end[..rest.len()].copy_from_slice(rest);
                    &end
                }
            };
            let decoded = decode(window, carry, lanes, &mut block);
            lanes += decoded.lanes;
            to = start + decoded.end;
            carry = decoded.carry;
            let Some(next) = decoded.next else {
                stop = Stop::Other;
                break;
            };
            start += next;
        }
        enough = ENOUGH;

        number(lanes, &mut block);
        block.look_up::<WRITES, BYTES>(lanes, tables, exceptions);
        let room = if WRITES { &mut target[at..] } else { &mut [] };
        finish(lanes, &mut block, room);
        if !WRITES {
            if let Some((lane, why)) = block.look_at_notable(lanes, at, tables, exceptions, hits) {
                (to, lanes, stop) = (at + block.offset(lane), lane, why);
            }
            block.words[0] = block.words[lanes];
            at = to;
            if stop != Stop::Full {
                break stop;
            }
            continue;
        }
        let stops = block.stops[..lanes.div_ceil(8)]
            .iter()
            .position(|&stops| stops != 0);
        if let Some(group) = stops {
            let lane = 8 * group + block.stops[group].trailing_zeros() as usize;
            if lane < lanes {
                lanes = lane;
                to = at + block.offset(lane);
                stop = Stop::Other;
            }
        }
        if BYTES != exception_pairs::NONE {
            block.note_hits(lanes, at, hits);
        }
        block.words[0] = block.words[lanes];
        at = to;
        if stop != Stop::Full {
            break stop;
        }
    };
    Run {
        at,
        before: block.words[0],
        stop,
    }
}

/// What follows the end of a text: nothing that could be part of it.
const NO_TEXT: [u8; WINDOW] = [0xFF; WINDOW];

/// Which bytes of a window are of which kind, a bit each.
#[derive(Clone, Copy)]
pub(super) struct Kinds {
    pub(super) not_ascii: u64,
    /// Bytes that start no character.
    pub(super) inside: u64,
    /// First bytes of characters of three bytes.
    pub(super) three: u64,
}

/// Where the characters of a step of fixed length start: windows so far from each other need not
/// wait for each other.
pub(super) struct Starts {
    /// A bit for each.
    pub(super) starts: u64,
    pub(super) decoded: Decoded,
}

/// How long such a step is: three times four lanes of three bytes, with room for the rest of the
/// last character in 64 bits.
const STEP: usize = 60;

impl Kinds {
    /// The characters that start in a step, up to the first that is neither ASCII nor has three
    /// bytes. `carry` is which of its first bytes belong to the character before.
    #[inline(always)]
    pub(super) fn starts(self, carry: u64) -> Starts {
        const IN_STEP: u64 = (1 << STEP) - 1;
        let three = self.three & self.inside >> 1 & self.inside >> 2 & IN_STEP;
        let within = three << 1 | three << 2;
        let starts = !self.not_ascii & IN_STEP | three;
        let others = !(starts | within | carry) & IN_STEP;
        let carry = within >> STEP;
        let is_whole = others == 0;
        let end = match is_whole {
            true => STEP + carry.count_ones() as usize,
            false => others.trailing_zeros() as usize,
        };
        let starts = if is_whole {
            starts
        } else {
            starts & ((1 << end) - 1)
        };
        let decoded = Decoded {
            lanes: starts.count_ones() as usize,
            end,
            next: is_whole.then_some(STEP),
            carry,
        };
        Starts { starts, decoded }
    }
}
