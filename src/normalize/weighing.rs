//! What the characters of a word cost together.

use super::cell::{Cell, Reading};
use super::tables::{self, Side};

/// What a form costs that leaves open what its characters' usual forms are, in nats.
pub(super) const OPEN: f32 = 5.8;

/// What the characters of a word cost that are not written as the word asks for.
///
/// They speak for one another: two wrong characters that make a word together are likelier than two accidents.
#[derive(Default)]
pub(super) struct Repairs {
    highest: f32,
    sum: f32,
    /// What is added without speaking for another.
    pub free: f32,
}

impl Repairs {
    pub(super) fn add(&mut self, cost: f32) {
        self.highest = self.highest.max(cost);
        self.sum += cost;
    }

    pub(super) fn cost(&self) -> f32 {
        if self.sum == f32::INFINITY {
            return f32::INFINITY;
        }
        self.free + self.highest + 0.2 * (self.sum - self.highest)
    }
}

/// The form a word gives a character that no phrase spells out; 0 where it is left open.
pub(super) fn usual(cell: Cell, side: Side, open: bool) -> u32 {
    match side {
        Side::Simplified => cell.rep(),
        Side::Traditional => {
            let rep = cell.rep();
            tables::info(tables::known(rep).number).usual(rep, open)
        }
    }
}

/// What the forms of a cell cost, worked out once for all the words it may be in.
pub(super) struct Weighed {
    /// The best form where its neighbours do not say.
    pub best: f32,
    /// The form of words that no phrase spells out.
    usual: f32,
    /// What it costs in a word that leaves open which form it has.
    open: f32,
    /// Whether that form is one of several.
    several: bool,
}

impl Weighed {
    pub(super) fn new(cell: Cell, reading: Reading, ends: bool) -> Self {
        if cell.number == 0 && cell.rep() == cell.c {
            return Weighed {
                best: 0.0,
                usual: 0.0,
                open: 0.0,
                several: false,
            };
        }
        let best = cell.best(reading, ends).0;
        let several = usual(cell, reading.side, true) == 0;
        let usual = usual(cell, reading.side, false);
        Weighed {
            best,
            open: match several {
                true => best.max(cell.unlisted(cell.rep())),
                false => best,
            },
            usual: cell.asked(reading, usual) + cell.strangeness(reading, cell.rep(), usual),
            several,
        }
    }
}

/// What a word costs whose characters are written as they usually are, or left open.
pub(super) fn as_usual(word: &[Weighed], open: bool) -> f32 {
    let mut total = Repairs::default();
    for weighed in word {
        if open && weighed.several {
            total.free += weighed.open;
        } else {
            total.add(weighed.usual);
        }
    }
    total.cost()
}
