//! A run of ideographs that touch: which stretches of it are worth a look into the words.

use std::ops::Range;

use super::cell::{Decision, Place, Reading};
use super::context;
use super::filter::Question;
use super::tables::{self, Side};
use super::{flag, kind, names, regions};

pub(super) struct Run<'a> {
    places: &'a [Place],
    reading: Reading<'a>,
    /// Of a character with several forms, and of one whose form is to be chosen even in clean text.
    ambiguous: u32,
    open: u32,
    /// Of one whose neighbours are asked.
    merged: u32,
    /// What is asked of a character and the one to its right, or to its left.
    right: Question,
    left: Question,
    /// Whether the region's own characters are asked for.
    regional: bool,
}

impl<'a> Run<'a> {
    #[inline]
    pub(super) fn new(places: &'a [Place], reading: Reading<'a>) -> Self {
        let (ambiguous, open) = match reading.side {
            Side::Simplified => (flag::AMBIGUOUS_S, flag::OPEN_S),
            Side::Traditional => (flag::AMBIGUOUS_T, flag::OPEN_T),
        };
        let (right, left) = Question::of_neighbours(reading.side == Side::Simplified);
        Run {
            places,
            reading,
            ambiguous,
            open,
            merged: match reading.side {
                Side::Simplified => 0,
                Side::Traditional => flag::MERGED,
            },
            right,
            left,
            regional: reading.costs[kind::REGION] == 0.0,
        }
    }

    /// One ideograph by itself, in quotation marks, is a mention or a sound, and stays.
    #[inline]
    pub(super) fn mention(&self) -> Option<Decision> {
        let side = self.reading.side;
        let ([Place { cell, .. }], true, Side::Traditional) =
            (self.places, self.reading.trusted, side)
        else {
            return None;
        };
        let own = cell.choice(side, cell.own(side));
        own.map(|_| cell.kept(side))
    }

    /// The next piece after `done`: a character that words may speak about, and around it as far as words may
    /// go on.
    #[inline]
    pub(super) fn next_piece(&self, done: usize) -> Option<Range<usize>> {
        let at = (done..self.places.len()).find(|&at| self.is_hot(at))?;
        let (mut start, mut end) = (at, at + 1);
        while start > done && self.is_joined(start) {
            start -= 1;
        }
        while end < self.places.len() && (self.is_joined(end) || self.is_named(end)) {
            end += 1;
        }
        Some(start..end)
    }

    /// The forms of cells that no word speaks about.
    pub(super) fn settled(&self, cells: Range<usize>) -> impl Iterator<Item = Decision> + 'a {
        let side = self.reading.side;
        let places = self.places[cells].iter();
        places.map(move |place| place.cell.settled(side))
    }

    /// Whether a piece is one character that is in no word and no name.
    pub(super) fn is_lone(&self, piece: &Range<usize>) -> bool {
        let cell = self.places[piece.start].cell;
        if piece.len() > 1 || cell.flags & flag::RARE != 0 {
            return false;
        }
        let named = names::is_surname(cell.rep_char()) || names::is_in_given(cell.rep_char());
        self.reading.side == Side::Simplified || !named
    }

    #[inline]
    fn may(&self, question: Question, first: usize, second: usize) -> bool {
        let (first, second) = (self.places[first].cell, self.places[second].cell);
        match question {
            Question::Join => tables::may(question, first.rep(), second.rep()),
            Question::Right | Question::RightSimplified => {
                tables::may(question, first.c, second.rep())
            }
            Question::Left | Question::LeftSimplified => {
                tables::may(question, first.rep(), second.c)
            }
        }
    }

    /// Whether something may speak against a character.
    #[inline]
    fn is_hot(&self, at: usize) -> bool {
        let (cell, last) = (self.places[at].cell, at + 1 == self.places.len());
        let flags = cell.flags;
        flags & self.ambiguous != 0
            && (!self.reading.trusted
                || flags & flag::PARTICLE != 0 && !last
                || at > 1 && names::is_never_a_surname(cell.character())
                || flags & (self.open | flag::RARE | flag::ODD | flag::UNSURE_S) != 0
                || flags & self.merged != 0
                    && (self.reading.dialect || context::is_left(self.places, at))
                || self.regional && regions::is_one_in_taiwan(cell.rep())
                || !last && self.may(self.right, at, at + 1)
                || at > 0 && self.may(self.left, at - 1, at))
    }

    /// Whether a word may have a character and the one before it.
    #[inline]
    fn is_joined(&self, at: usize) -> bool {
        self.may(Question::Join, at - 1, at)
    }

    /// Whether a name may go on with a character, where no word does.
    fn is_named(&self, at: usize) -> bool {
        let surname = |place: &Place| {
            let cell = place.cell;
            cell.flags & flag::AMBIGUOUS_T != 0
                && names::is_surname(cell.rep_char())
                && (!self.reading.trusted || names::is_never_a_surname(cell.character()))
        };
        self.reading.side == Side::Traditional
            && (surname(&self.places[at - 1]) || at > 1 && surname(&self.places[at - 2]))
    }
}
