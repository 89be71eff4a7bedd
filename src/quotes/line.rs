//! What becomes of the marks of one line.
//!
//! Three passes over it. The first notes the marks with what stands around them, the second finds which
//! belong together, the third decides which are converted and to what, from the outermost to the innermost.
//! Each takes time as the line is long.

use std::ops::Range;

use super::mark::{Letter, Mark, Shape, LEN};
use super::target::QuotationMarks;

/// A longer line is taken in parts, of at most so many bytes. What is open goes on from one to the next, but
/// what stands after a part is not known in it.
pub(super) const LONGEST: usize = 8 << 10;

/// So many bytes before that at most a good place to part it is looked for.
const FURTHEST_CUT: usize = 256;

/// What lies deeper than so many quotations within each other is not within them.
const DEEPEST: usize = 64;

/// A mark that becomes another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edit {
    pub(super) at: usize,
    pub(super) mark: Mark,
}

/// What must be remembered from line to line, and memory to use.
#[derive(Clone, Debug)]
pub(super) struct State {
    target: QuotationMarks,
    /// The quotations that are open at the end of what was read.
    open: Vec<Open>,
    /// Of the line that was begun: whether it is blank so far, its last character, and its last letter.
    is_blank: bool,
    before: Option<char>,
    letter: Option<Letter>,
    /// How many low marks („) a “ or ” is to close, as in German or Polish.
    low: usize,
    found: Vec<Found>,
    edits: Vec<Edit>,
}

/// A mark with what stands around it.
#[derive(Clone, Copy, Debug)]
struct Found {
    at: usize,
    mark: Mark,
    /// The characters beside it; none at either end of the line.
    before: Option<char>,
    after: Option<char>,
    /// The nearest letters of the line.
    left: Option<Letter>,
    right: Option<Letter>,
    /// How many Chinese letters stand before it.
    east: usize,
    /// What it belongs to.
    fellow: Fellow,
}

/// What a mark belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fellow {
    /// It is none: an apostrophe, or feet or inches.
    NoMark,
    /// It has no counterpart here.
    Unknown,
    /// The mark found with this number.
    Here(usize),
    /// The one that opened this quotation in an earlier line.
    Earlier(usize),
}

/// An open quotation.
#[derive(Clone, Copy, Debug)]
struct Open {
    fellow: Fellow,
    /// The mark that opened it.
    shape: Shape,
    /// What that mark is now; none if it is not Chinese.
    shown: Option<Shape>,
    /// Whether its other end is in the same line.
    is_closed: bool,
}

/// The length of the line that a text starts with, or of the part of it to be taken.
pub(super) fn len(text: &[u8]) -> usize {
    let start = &text[..text.len().min(LONGEST)];
    match start.iter().position(|&byte| byte == b'\n') {
        Some(end) => end + 1,
        None if start.len() == LONGEST => cut(start),
        None => start.len(),
    }
}

/// Where to part a line that is too long: at the end of a word, and at no mark.
pub(super) fn cut(line: &[u8]) -> usize {
    let is_start = |at: &usize| line[*at] & 0xC0 != 0x80;
    let mut starts = (1..line.len()).rev().filter(is_start);
    let Some(last) = starts.next() else {
        return line.len();
    };
    if line.len() - last > 4 {
        // No text.
        return line.len();
    }
    let far = line.len() - FURTHEST_CUT.min(line.len());
    let character = |range: Range<usize>| {
        let text = std::str::from_utf8(&line[range]).ok()?;
        text.chars().next()
    };
    let mut next = last;
    for at in starts.take_while(|&at| at > far) {
        // One whole character, `at` to `next`, behind which the line may be parted.
        let before = character(at..next);
        let after = character(next..line.len().min(next + LEN));
        let ends = before.is_some_and(|c| c == ' ' || Letter::of(c) == Some(Letter::East));
        if ends && after.and_then(Mark::of).is_none() {
            return next;
        }
        next = at;
    }
    last
}

impl State {
    pub(super) fn new(target: QuotationMarks) -> State {
        State {
            target,
            open: Vec::new(),
            is_blank: true,
            before: None,
            letter: None,
            low: 0,
            found: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// Reads the next line, or part of one, and tells which of its marks become others.
    pub(super) fn edits(&mut self, line: &[u8]) -> &[Edit] {
        self.edits.clear();
        self.found.clear();
        let is_whole = self.is_blank && line.ends_with(b"\n");
        if is_whole && !has_marks(line) {
            if line.iter().all(u8::is_ascii_whitespace) {
                self.open.clear();
            }
            return &[];
        }
        self.read(line);
        if !self.found.is_empty() {
            self.match_up();
            self.decide();
        }
        if line.ends_with(b"\n") {
            self.is_blank = true;
            self.before = None;
            self.letter = None;
            self.low = 0;
        }
        &self.edits
    }

    /// Notes the marks with what stands around them.
    fn read(&mut self, line: &[u8]) {
        let mut east = 0;
        // The first mark to the right of which no letter was seen.
        let mut waiting = 0;
        // Up to here all marks are feet and inches.
        let mut measured = 0;
        let mut at = 0;
        let chunks = line.utf8_chunks();
        // A byte that is no text stands for itself and tells nothing.
        let characters = chunks.flat_map(|chunk| {
            let invalid = chunk
                .invalid()
                .iter()
                .map(|_| (char::REPLACEMENT_CHARACTER, 1));
            chunk
                .valid()
                .chars()
                .map(|c| (c, c.len_utf8()))
                .chain(invalid)
        });
        for (character, len) in characters {
            if let Some(last) = self.found.last_mut() {
                if last.at + LEN == at && character != '\n' {
                    last.after = Some(character);
                }
            }
            let letter = Letter::of(character);
            if let Some(letter) = letter {
                self.letter = Some(letter);
                east += usize::from(letter == Letter::East);
                self.found[waiting..]
                    .iter_mut()
                    .for_each(|mark| mark.right = Some(letter));
                waiting = self.found.len();
            }
            if character == '’' && self.before.is_some_and(|c| c.is_ascii_digit()) {
                measured =
                    measured.max(at + inches(&line[at + len..]).map_or(0, |inches| len + inches));
            }
            let closes_low = self.low > 0 && matches!(character, '“' | '”');
            self.low += usize::from(character == '„');
            self.low -= usize::from(closes_low);
            if let Some(mark) = Mark::of(character).filter(|_| at >= measured && !closes_low) {
                self.found.push(Found {
                    at,
                    mark,
                    before: self.before,
                    after: None,
                    left: self.letter,
                    right: None,
                    east,
                    fellow: Fellow::Unknown,
                });
            }
            self.is_blank &= character.is_whitespace();
            self.before = Some(character);
            at += len;
        }
    }

    /// Finds out which marks belong together.
    fn match_up(&mut self) {
        // What is open, and how many of each shape.
        let earlier = self.open.iter().enumerate();
        let mut stack: Vec<(Shape, Fellow)> = earlier
            .map(|(number, open)| (open.shape, Fellow::Earlier(number)))
            .collect();
        let mut counts = [0; 4];
        stack
            .iter()
            .for_each(|&(shape, _)| counts[shape as usize] += 1);
        for number in 0..self.found.len() {
            let found = self.found[number];
            let shape = found.mark.shape;
            if found.is_apostrophe(counts[shape as usize] > 0, stack.last().map(|top| top.0)) {
                self.found[number].fellow = Fellow::NoMark;
                continue;
            }
            if found.mark.opens {
                // A paragraph that opens again what the one before left open.
                let is_earlier =
                    |(_, fellow): &(Shape, Fellow)| matches!(fellow, Fellow::Earlier(_));
                if counts[shape as usize] > 0 && stack.last().is_some_and(is_earlier) {
                    let again = stack.iter().position(|&(open, _)| open == shape);
                    for (shape, _) in stack.drain(again.unwrap_or(stack.len())..) {
                        counts[shape as usize] -= 1;
                    }
                }
                stack.push((shape, Fellow::Here(number)));
                counts[shape as usize] += 1;
                continue;
            }
            while counts[shape as usize] > 0 {
                let (open, fellow) = stack.pop().expect("as many as were counted");
                counts[open as usize] -= 1;
                if open == shape {
                    self.found[number].fellow = fellow;
                    if let Fellow::Here(opener) = fellow {
                        self.found[opener].fellow = Fellow::Here(number);
                    }
                    break;
                }
            }
        }
    }

    /// Decides what each mark becomes.
    fn decide(&mut self) {
        // The quotations around; those from earlier lines first.
        let mut around = self.open.clone();
        for (number, open) in around.iter_mut().enumerate() {
            open.fellow = Fellow::Earlier(number);
        }
        // What the marks that open became.
        let mut shown: Vec<Option<Shape>> = vec![None; self.found.len()];
        for number in 0..self.found.len() {
            let found = self.found[number];
            let shape = found.mark.shape;
            let becomes = match (found.mark.opens, found.fellow) {
                (_, Fellow::NoMark) => continue,
                (true, fellow) => {
                    let closing = match fellow {
                        Fellow::Here(closing) => Some(self.found[closing]),
                        _ => None,
                    };
                    let becomes = found
                        .is_chinese(closing)
                        .then(|| self.inside(&mut around, shape));
                    shown[number] = becomes;
                    // A quotation that is not Chinese, and ends here, is around nothing.
                    if (becomes.is_some() || closing.is_none()) && around.len() < DEEPEST {
                        around.push(Open {
                            fellow: Fellow::Here(number),
                            shape,
                            shown: becomes,
                            is_closed: closing.is_some(),
                        });
                    }
                    becomes
                }
                (false, Fellow::Unknown) => found.becomes_alone(self.target),
                (false, fellow) => {
                    let is_it = |open: &Open| open.fellow == fellow;
                    if let Some(depth) = around.iter().rposition(is_it) {
                        around.truncate(depth);
                    }
                    match fellow {
                        Fellow::Here(opener) => shown[opener],
                        Fellow::Earlier(opener) => self.open[opener].shown,
                        Fellow::NoMark | Fellow::Unknown => None,
                    }
                }
            };
            if let Some(becomes) = becomes.filter(|&becomes| becomes != shape) {
                let mark = Mark {
                    shape: becomes,
                    opens: found.mark.opens,
                };
                self.edits.push(Edit { at: found.at, mark });
            }
        }
        self.open = around;
        // In the next line none of them has its other end in the same one.
        self.open.iter_mut().for_each(|open| open.is_closed = false);
    }

    /// What a mark becomes that opens a quotation within those around. One of these that is not closed in this
    /// line and has the same mark is opened again, or should have been closed.
    fn inside(&self, around: &mut Vec<Open>, shape: Shape) -> Shape {
        let unclosed = around
            .iter()
            .rposition(|open| open.is_closed)
            .map_or(0, |last| last + 1);
        let again = around[unclosed..]
            .iter()
            .position(|open| open.shape == shape);
        if let Some(again) = again {
            around.truncate(unclosed + again);
        }
        let nearest = around
            .iter()
            .rev()
            .find_map(|open| Some((open.shape, open.shown?)));
        let changed = nearest.filter(|(from, to)| from != to);
        match shape.is_of(self.target) && changed.is_none_or(|(_, to)| to != shape) {
            true => shape,
            false => Shape::inside(nearest.map(|(_, shown)| shown), self.target),
        }
    }
}

impl Found {
    /// Whether it is an apostrophe, or feet or inches. `is_open` tells whether a quotation with such marks
    /// is open, and `innermost` which is the last that is.
    fn is_apostrophe(&self, is_open: bool, innermost: Option<Shape>) -> bool {
        let is_word = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphanumeric() && Letter::of(c) != Some(Letter::East))
        };
        let (before, after) = (is_word(self.before), is_word(self.after));
        let is_in_word = before && after && self.after.is_some_and(char::is_alphabetic);
        match (self.mark.shape, self.mark.opens) {
            (Shape::Single, true) => before && after,
            (Shape::Double, false) => {
                !is_open && self.before.is_some_and(|before| before.is_ascii_digit())
            }
            (Shape::Single, false) => {
                // What comes before a shortened word: ’90s, rock ’n’ roll.
                let is_free = match self.before {
                    None => true,
                    Some(c) => c.is_whitespace() || "([{-–—/“‘「『".contains(c),
                };
                let is_east = self.before.and_then(Letter::of) == Some(Letter::East);
                is_in_word
                    || is_free && after
                    || before && innermost != Some(Shape::Single)
                    || is_east && after && !is_open
            }
            _ => false,
        }
    }

    /// Whether it opens a Chinese quotation, that ends with `closing` if its end is in the same line.
    fn is_chinese(&self, closing: Option<Found>) -> bool {
        const EAST: Option<Letter> = Some(Letter::East);
        if self.mark.shape.is_corner() {
            return true;
        }
        let Some(closing) = closing else {
            let is_shortened = self.mark.shape == Shape::Single
                && self
                    .after
                    .is_some_and(|after| after.is_ascii_alphanumeric());
            let is_measure = self.before.is_some_and(|before| before.is_ascii_digit());
            return !is_shortened && !is_measure && (self.left == EAST || self.right == EAST);
        };
        let (left, right) = (self.left, closing.right);
        // An English sentence that says so itself; what follows may be another one's beginning.
        let is_sentence = left == Some(Letter::Other)
            && closing.before.is_some_and(|before| ".!?".contains(before));
        if left == EAST || (right == EAST && !is_sentence) {
            return true;
        }
        // In an English sentence it stands between spaces or punctuation.
        let is_free = |beside: Option<char>| {
            beside.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation())
        };
        let is_english = [left, right].contains(&Some(Letter::Other))
            && is_free(self.before)
            && is_free(closing.after);
        closing.east > self.east && !is_english
    }

    /// What it becomes if it closes what was never opened.
    fn becomes_alone(&self, target: QuotationMarks) -> Option<Shape> {
        let shape = self.mark.shape;
        let is_east = |letter: Option<Letter>| letter == Some(Letter::East);
        let is_chinese = match shape {
            Shape::Corner | Shape::WhiteCorner => true,
            Shape::Double => is_east(self.left) || is_east(self.right),
            Shape::Single => is_east(self.before.and_then(Letter::of)),
        };
        is_chinese.then(|| match shape.is_of(target) {
            true => shape,
            false => shape.counterpart(target),
        })
    }
}

/// Whether there may be marks in a line.
fn has_marks(line: &[u8]) -> bool {
    let mut places = line.windows(LEN);
    places.any(|bytes| {
        bytes[1] == 0x80
            && match bytes[0] {
                0xE2 => (0x98..=0x9E).contains(&bytes[2]),
                0xE3 => (0x8C..=0x8F).contains(&bytes[2]),
                _ => false,
            }
    })
}

/// How long the inches are that a text starts with, mark included: `2”` after the feet of 6’ 2”.
fn inches(text: &[u8]) -> Option<usize> {
    // Enough for any.
    const LONGEST_NUMBER: usize = 6;
    let space = usize::from(text.first() == Some(&b' '));
    let number = text[space..].iter().take(LONGEST_NUMBER);
    let digits = number
        .take_while(|&&byte| byte.is_ascii_digit() || byte == b'.')
        .count();
    let mark = space + digits;
    let is_mark = digits > 0 && text[mark..].starts_with("”".as_bytes());
    is_mark.then_some(mark + LEN)
}
