//! One character of a span: what it may stand for, and what each reading costs, in nats.

use super::tables::{self, Choice, Choices, Known, Side};
use super::{flag, kind};

/// What a Simplified character costs in a word that is spelled with another one, in nats.
const STRANGER: f32 = 4.0;

/// What a particle costs that another ideograph follows, in nats.
const STRAY: f32 = 4.0;

/// What it costs, in nats, to replace a character, by `kind`.
pub(super) type Costs = [f32; kind::COUNT];

/// How a run is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub side: Side,
    pub costs: &'a Costs,
    /// Whether only a word can speak against a character; otherwise every character with several forms is weighed.
    pub trusted: bool,
    /// Whether the text is clean in the script itself, so that a change of a character that is at home there needs
    /// proof.
    pub proof: bool,
    /// Whether the text is Simplified and its Traditional forms are asked for, so that every one is open.
    pub open: bool,
    /// Whether it has a character of a written dialect.
    pub dialect: bool,
}

/// What a character is judged as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub c: u32,
    pub flags: u32,
    pub number: u16,
    /// The representative; 0 where the record has it.
    rep: u16,
}

impl Cell {
    /// The cell of a character of which `known` is known.
    #[inline]
    pub(super) fn new(c: u32, known: Known) -> Self {
        if known.flags & flag::CODE_POINT != 0 {
            // A code point that stands for another is judged as that one.
            let to = tables::info(known.number).canon;
            return Cell::plain(to, tables::known(to));
        }
        Cell::plain(c, known)
    }

    #[inline]
    fn plain(c: u32, known: Known) -> Self {
        Cell {
            c,
            flags: known.flags,
            number: known.number,
            rep: known.rep,
        }
    }

    /// The cell of a character.
    pub(super) fn of(c: u32) -> Self {
        Cell::new(c, tables::known(c))
    }

    /// Stands for the character's class in the keys of the words.
    #[inline]
    pub(super) fn rep(&self) -> u32 {
        match self.rep {
            0 => self.rep_beyond(),
            rep => rep.into(),
        }
    }

    #[cold]
    fn rep_beyond(&self) -> u32 {
        match tables::info(self.number).rep {
            0 => self.c,
            rep => rep,
        }
    }

    /// The character for those who compare texts.
    pub(super) fn character(&self) -> char {
        char::from_u32(self.c).expect("cells are of characters")
    }

    /// [`Cell::rep`] for those who compare texts.
    #[inline]
    pub(super) fn rep_char(&self) -> char {
        char::from_u32(self.rep()).expect("representatives are characters")
    }

    #[inline]
    pub(super) fn is_han(&self) -> bool {
        self.flags & flag::HAN != 0
    }

    /// Whether it stays as it is unless something asks for another form.
    #[inline]
    pub(super) fn is_plain(&self, side: Side) -> bool {
        let plain = match side {
            Side::Simplified => flag::PLAIN_S,
            Side::Traditional => flag::PLAIN_T,
        };
        self.flags & plain != 0
    }

    /// The character as decisions name it.
    #[inline]
    pub(super) fn own(&self, side: Side) -> u32 {
        if self.is_plain(side) {
            return self.c;
        }
        match (side, tables::info(self.number).canon) {
            (Side::Simplified, _) | (_, 0) => self.c,
            (Side::Traditional, canon) => canon,
        }
    }

    pub(super) fn choices(&self, side: Side) -> Choices {
        tables::info(self.number).choices(self.c, side)
    }

    /// The Simplified character it is where nothing else is known.
    #[inline]
    pub(super) fn plainly(&self) -> u32 {
        match self.is_plain(Side::Simplified) {
            true => self.c,
            false => self.choices(Side::Simplified).first().form(),
        }
    }

    /// The form it takes where nothing asks for another: its own, or the only one of the script.
    #[inline]
    pub(super) fn settled(&self, side: Side) -> Decision {
        if self.is_plain(side) {
            return self.kept(side);
        }
        let choice = self.choices(side).first();
        Decision {
            form: choice.form(),
            kind: choice.kind(),
            by_word: false,
        }
    }

    /// The decision to leave it as it is.
    #[inline]
    pub(super) fn kept(&self, side: Side) -> Decision {
        Decision {
            form: self.own(side),
            kind: kind::FREE,
            by_word: false,
        }
    }

    /// The best form where its neighbours do not say; `ends` tells that no ideograph follows.
    pub(super) fn best(&self, reading: Reading, ends: bool) -> (f32, Choice) {
        let Reading { side, costs, .. } = reading;
        let stray = !ends && self.flags & flag::PARTICLE != 0;
        let choices = self.choices(side);
        let mut result = (f32::INFINITY, choices.first());
        for choice in choices.iter() {
            // Likeness speaks only where a word agrees.
            if choice.kind() == kind::SOUND {
                continue;
            }
            let leave = match choice.kind() {
                kind::FREE if costs[kind::LEAVE] > 0.0 => self.leaving(choice, choices, costs),
                _ => 0.0,
            };
            let mut cost = f32::from(choice.prior()) / 16.0 + costs[choice.kind()] + leave;
            if stray && choice.form() == self.c {
                cost += STRAY;
            }
            if cost < result.0 {
                result = (cost, choice);
            }
        }
        result
    }

    pub(super) fn choice(&self, side: Side, form: u32) -> Option<Choice> {
        self.choices(side).of(form)
    }

    /// What it costs to take another form where the character is at home as it is.
    fn leaving(&self, choice: Choice, choices: Choices, costs: &Costs) -> f32 {
        let home = choice.form() != self.c && choices.of(self.c).is_some();
        if home && self.flags & flag::HANT_ONLY != 0 {
            costs[kind::LEAVE]
        } else {
            0.0
        }
    }

    /// What it costs to read it as the form a word asks for.
    pub(super) fn asked(&self, reading: Reading, form: u32) -> f32 {
        let Reading { side, costs, .. } = reading;
        match self.choice(side, form) {
            // Live writers use both, so the word is the same word, written as it is.
            Some(choice) if is_spelling(choice, costs) => 0.25,
            // In Simplified text: more than the distance between a word's two spellings, less than another word's.
            Some(choice)
                if costs[kind::LEAVE] > 0.0
                    && form != self.c
                    && self.choice(side, self.c).is_some() =>
            {
                costs[choice.kind()].max(3.6)
            }
            Some(choice) => costs[choice.kind()],
            None => f32::INFINITY,
        }
    }

    /// What it costs to read it in a word that has `t` and whose Simplified spelling has `s` there.
    ///
    /// A Simplified character is no spelling of another one, even where both have a Traditional form in common.
    pub(super) fn strangeness(&self, reading: Reading, s: u32, t: u32) -> f32 {
        let Reading { side, costs, .. } = reading;
        let c = self.c;
        if side == Side::Simplified || s == c || t == self.own(side) || self.number == 0 {
            return 0.0;
        }
        // What both scripts have may be a converter's pick, unless all around is Simplified.
        if costs[kind::SHARED] > 0.0 && self.flags & flag::HANS_ONLY == 0 {
            return 0.0;
        }
        let first = self.choices(Side::Simplified).first();
        if first.form() == c && self.flags & flag::RARE == 0 {
            STRANGER
        } else {
            0.0
        }
    }

    /// What it costs to leave it as it is in a word that leaves open which form it has of the Simplified `s`.
    pub(super) fn unlisted(&self, s: u32) -> f32 {
        let own = self.own(Side::Traditional);
        let choices = tables::info(tables::known(s).number).choices(s, Side::Traditional);
        let known = choices.of(own);
        known.map_or(0.0, |choice| f32::from(choice.prior()) / 16.0)
    }

    /// The form it takes where no word speaks about it.
    pub(super) fn alone(&self, reading: Reading, ends: bool) -> Decision {
        let (_, choice) = self.best(reading, ends);
        Decision {
            form: choice.form(),
            kind: choice.kind(),
            by_word: false,
        }
    }
}

/// Whether the form is another spelling of the same character, and stays.
pub(super) fn is_spelling(choice: Choice, costs: &Costs) -> bool {
    matches!(choice.kind(), kind::ACCEPTED | kind::REGION) && costs[choice.kind()].is_infinite()
}

/// A character that a rule may apply to.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Where it is in the span.
    pub at: u32,
    pub c: u32,
    pub cell: Cell,
    /// Whether it touches the place before it.
    pub touches: bool,
}

/// What was decided for a character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decision {
    /// The form, canonical.
    pub form: u32,
    pub kind: usize,
    /// Whether a word of several characters says so.
    pub by_word: bool,
}
