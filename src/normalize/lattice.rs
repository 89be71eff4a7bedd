//! The likeliest way to read a run of ideographs as words, and with it what each character stands for.

use std::ops::Range;

use super::filter::Question;
use super::names::Surname;
use super::tables::{self, Choice, Choices, Known, Node, Side};
use super::{flag, kind, names, regions};

/// What a Simplified character costs in a word that is spelled with another one, in nats.
const STRANGER: f32 = 4.0;

/// What a particle costs that another ideograph follows, in nats.
const STRAY: f32 = 4.0;

/// What a surname after a title costs, and each character of a given name that follows, in nats.
const SURNAME: f32 = 6.0;
const GIVEN: f32 = 4.0;

/// The form of a step that reads characters as a name.
const NAME: u8 = u8::MAX;

/// What it costs, in nats, to replace a character, by `kind`.
pub(super) type Costs = [f32; kind::COUNT];

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

    fn choices(&self, side: Side) -> Choices {
        tables::info(self.number).choices(self.c, side)
    }

    /// The form it takes where nothing asks for another: its own, or the only one of the script.
    #[inline]
    fn settled(&self, side: Side) -> Decision {
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
    fn best(&self, side: Side, costs: &Costs, ends: bool) -> (f32, Choice) {
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

    fn choice(&self, side: Side, form: u32) -> Option<Choice> {
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
    fn asked(&self, side: Side, costs: &Costs, form: u32) -> f32 {
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
    fn strangeness(&self, side: Side, costs: &Costs, s: u32, t: u32) -> f32 {
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
    fn unlisted(&self, s: u32) -> f32 {
        let own = self.own(Side::Traditional);
        let choices = tables::info(tables::known(s).number).choices(s, Side::Traditional);
        let known = choices.of(own);
        known.map_or(0.0, |choice| f32::from(choice.prior()) / 16.0)
    }

    fn alone(&self, side: Side, costs: &Costs, ends: bool) -> Decision {
        let (_, choice) = self.best(side, costs, ends);
        Decision {
            form: choice.form(),
            kind: choice.kind(),
            by_word: false,
        }
    }
}

/// Whether the form is another spelling of the same character, and stays.
fn is_spelling(choice: Choice, costs: &Costs) -> bool {
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

/// What the characters of a word cost that are not written as the word asks for.
///
/// They speak for one another: two wrong characters that make a word together are likelier than two accidents.
#[derive(Default)]
struct Repairs {
    highest: f32,
    sum: f32,
    free: f32,
}

impl Repairs {
    fn add(&mut self, cost: f32) {
        self.highest = self.highest.max(cost);
        self.sum += cost;
    }

    fn cost(&self) -> f32 {
        if self.sum == f32::INFINITY {
            return f32::INFINITY;
        }
        self.free + self.highest + 0.2 * (self.sum - self.highest)
    }
}

#[derive(Clone, Copy)]
struct Step {
    cost: f32,
    /// How many characters the word that ends here has.
    length: u8,
    /// Which of its forms: 0 the usual, 1 the open one where `at` is under 2; else the n-th listed.
    form: u8,
    /// Where its forms are.
    at: u32,
}

/// Whether a word list has two characters as a word that is in common use.
fn is_common_word(reps: &[char]) -> bool {
    let word = Node::first(reps[0].into())
        .and_then(|node| node.next(reps[1].into()))
        .and_then(|edge| edge.word());
    word.is_some_and(|word| word.0 < 12 * 16)
}

/// Decides runs of ideographs. Holds its buffers for the next run.
#[derive(Default)]
pub(super) struct Lattice {
    /// The representatives of the run, from its first word on.
    reps: Vec<char>,
    steps: Vec<Step>,
    weighed: Vec<Weighed>,
    /// The words found so far, and for each place of the span where those that begin there are.
    found: Vec<Found>,
    /// Empty until the first word is looked for.
    walked: Vec<Option<(u32, u32)>>,
    places: usize,
}

/// A word of the lists.
#[derive(Clone, Copy)]
struct Found {
    /// How many characters it has.
    length: u32,
    cost: u16,
    /// Where its forms are.
    at: u32,
}

impl Lattice {
    /// Makes ready for a span of so many places. What words are found in it depends on representatives alone, so
    /// judging it again finds them without a walk.
    pub(super) fn begin(&mut self, places: usize) {
        self.found.clear();
        self.walked.clear();
        self.places = places;
    }

    /// Decides every character of a run, which begins at the place `base` of the span.
    ///
    /// In `trusted` text only a word can speak against a character; otherwise every character with several forms
    /// is weighed.
    pub(super) fn run(
        &mut self,
        run: &[Place],
        base: usize,
        side: Side,
        costs: &Costs,
        trusted: bool,
        out: &mut Vec<Decision>,
    ) {
        let (ambiguous, open, right, left) = match side {
            Side::Simplified => (
                flag::AMBIGUOUS_S,
                flag::OPEN_S,
                Question::RightSimplified,
                Question::LeftSimplified,
            ),
            Side::Traditional => (
                flag::AMBIGUOUS_T,
                flag::OPEN_T,
                Question::Right,
                Question::Left,
            ),
        };
        let regional = costs[kind::REGION] == 0.0;
        let may = |question, first: usize, second: usize| {
            let word = |at: usize| (run[at].cell.c, run[at].cell.rep());
            let (first, second) = (word(first), word(second));
            match question {
                Question::Join => tables::may(question, first.1, second.1),
                Question::Right | Question::RightSimplified => {
                    tables::may(question, first.0, second.1)
                }
                Question::Left | Question::LeftSimplified => {
                    tables::may(question, first.1, second.0)
                }
            }
        };
        let hot = |at: usize| {
            let flags = run[at].cell.flags;
            flags & ambiguous != 0
                && (!trusted
                    || flags & flag::PARTICLE != 0 && at + 1 < run.len()
                    || at > 1 && names::is_never_a_surname(run[at].cell.character())
                    || flags & (open | flag::RARE | flag::ODD | flag::UNSURE_S) != 0
                    || regional && regions::is_one_in_taiwan(run[at].cell.rep())
                    || at + 1 < run.len() && may(right, at, at + 1)
                    || at > 0 && may(left, at - 1, at))
        };
        let joined = |end: usize| may(Question::Join, end - 1, end);
        // A name goes on where no word does.
        let named = |end: usize| {
            let surname = |place: &Place| {
                let cell = place.cell;
                cell.flags & flag::AMBIGUOUS_T != 0
                    && names::is_surname(cell.rep_char())
                    && (!trusted || names::is_never_a_surname(cell.character()))
            };
            side == Side::Traditional
                && (surname(&run[end - 1]) || end > 1 && surname(&run[end - 2]))
        };
        let settle = |out: &mut Vec<Decision>, cells: Range<usize>| {
            out.extend(run[cells].iter().map(|place| place.cell.settled(side)));
        };
        // One ideograph by itself, in quotation marks, is a mention or a sound.
        if let ([Place { cell, .. }], true) = (run, trusted && side == Side::Traditional) {
            if cell.choice(side, cell.own(side)).is_some() {
                out.push(cell.kept(side));
                return;
            }
        }
        self.reps.clear();
        let mut done = 0;
        let mut at = 0;
        while at < run.len() {
            if !hot(at) {
                at += 1;
                continue;
            }
            // The piece around it: as far as words may go on, to both sides.
            let (mut start, mut end) = (at, at + 1);
            while start > done && joined(start) {
                start -= 1;
            }
            while end < run.len() && (joined(end) || named(end)) {
                end += 1;
            }
            settle(out, done..start);
            let cell = run[start].cell;
            let lone = end == start + 1 && cell.flags & flag::RARE == 0;
            let named = names::is_surname(cell.rep_char()) || names::is_in_given(cell.rep_char());
            if lone && (side == Side::Simplified || !named) {
                out.push(cell.alone(side, costs, end == run.len()));
            } else {
                self.prepare(run);
                // No word goes past the piece.
                for at in start..end {
                    self.walk(&run[at..end], base + at);
                }
                self.solve(run, base, start..end, side, costs, trusted, out);
            }
            done = end;
            at = end;
        }
        settle(out, done..run.len());
    }

    fn prepare(&mut self, run: &[Place]) {
        self.walked.resize(self.places, None);
        if self.reps.is_empty() {
            self.reps
                .extend(run.iter().map(|place| place.cell.rep_char()));
        }
    }

    fn surname(&self, at: usize) -> Option<Surname> {
        names::surname(&self.reps, at, is_common_word)
    }

    /// The form of a character that is read as part of a name.
    fn named(&self, cell: Cell, at: usize, surname: &Option<Surname>) -> Option<Choice> {
        let form = match surname {
            Some(surname) => surname.form,
            None => names::in_given(&self.reps, at, is_common_word)?,
        };
        cell.choice(Side::Traditional, form as u32)
    }

    /// Finds the words at the beginning of `run`, the place `place` of the span.
    fn walk(&mut self, run: &[Place], place: usize) {
        if self.walked[place].is_some() {
            return;
        }
        let from = self.found.len() as u32;
        let mut node = Node::first(run[0].cell.rep());
        for (before, after) in run[1..].iter().enumerate() {
            let Some(edge) = node.and_then(|node| node.next(after.cell.rep())) else {
                break;
            };
            if let Some((cost, forms)) = edge.word() {
                self.found.push(Found {
                    length: before as u32 + 2,
                    cost,
                    at: forms as u32,
                });
            }
            node = edge.goes_on().then_some(edge.to);
        }
        self.walked[place] = Some((from, self.found.len() as u32));
    }

    #[allow(clippy::too_many_arguments)]
    fn solve(
        &mut self,
        run: &[Place],
        base: usize,
        piece: Range<usize>,
        side: Side,
        costs: &Costs,
        trusted: bool,
        out: &mut Vec<Decision>,
    ) {
        let (first, n) = (piece.start, piece.len());
        let cells = &run[piece];
        self.steps.clear();
        self.steps.resize(
            n + 1,
            Step {
                cost: f32::INFINITY,
                length: 0,
                form: 0,
                at: 0,
            },
        );
        self.steps[0].cost = 0.0;
        self.weighed.clear();
        self.weighed
            .extend(cells.iter().enumerate().map(|(k, place)| {
                let ends = first + k + 1 == run.len();
                Weighed::new(place.cell, side, costs, ends)
            }));
        let weighed = &self.weighed[..];
        for start in 0..n {
            let so_far = self.steps[start].cost;
            let here = cells[start].cell;
            let single = tables::single(here.rep());
            let found = self.walked[base + first + start].unwrap_or_default();
            for found in &self.found[found.0 as usize..found.1 as usize] {
                let (length, cost, at) = (found.length as usize, found.cost, found.at as usize);
                let end = start + length - 1;
                let word = &cells[start..=end];
                let step = &mut self.steps[end + 1];
                let mut offer = |cost: f32, form: usize| {
                    if so_far + cost < step.cost {
                        *step = Step {
                            cost: so_far + cost,
                            length: length as u8,
                            form: form as u8,
                            at: at as u32,
                        };
                    }
                };
                if at < 2 {
                    offer(
                        f32::from(cost) / 16.0 + as_usual(&weighed[start..=end], false),
                        0,
                    );
                    if at == 1 && side == Side::Traditional {
                        // As the build weighs it: a three-hundredth as likely.
                        offer(
                            f32::from(cost) / 16.0 + OPEN + as_usual(&weighed[start..=end], true),
                            1,
                        );
                    }
                    continue;
                }
                for (i, form) in tables::forms(at, length).enumerate() {
                    let mut total = Repairs::default();
                    for (k, place) in word.iter().enumerate() {
                        let cell = place.cell;
                        match form.at(k, cell.rep(), side) {
                            0 => {
                                let s = form.at(k, cell.rep(), Side::Simplified);
                                total.free += weighed[start + k].best.max(cell.unlisted(s));
                            }
                            c => {
                                total.free += cell.strangeness(
                                    side,
                                    costs,
                                    form.at(k, cell.rep(), Side::Simplified),
                                    c,
                                );
                                total.add(cell.asked(side, costs, c));
                            }
                        }
                    }
                    offer(f32::from(form.cost) / 16.0 + total.cost(), i);
                }
            }
            let mut cost = weighed[start].best;
            let mut form = 0;
            let rep = here.rep_char();
            let may_be_named = names::is_surname(rep) || names::is_in_given(rep);
            let never = trusted && names::is_never_a_surname(here.character());
            if side == Side::Traditional && may_be_named && (!trusted || never) {
                let surname = self.surname(first + start);
                let named = self.named(here, first + start, &surname);
                if let Some(choice) = named.filter(|_| !trusted) {
                    cost = if costs[choice.kind()].is_finite() {
                        0.2
                    } else {
                        f32::INFINITY
                    };
                    form = NAME;
                }
                // A whole name after a title is likelier than its characters by themselves.
                let whole = surname
                    .filter(|surname| surname.introduced && start + surname.given < n)
                    .filter(|surname| !trusted || surname.given == 2);
                if let Some(surname) = whole.filter(|_| cost.is_finite()) {
                    let end = start + surname.given;
                    let given: f32 = weighed[start + 1..=end].iter().map(|w| w.best).sum();
                    let total = so_far + SURNAME + GIVEN * surname.given as f32 + given;
                    let step = &mut self.steps[end + 1];
                    if total < step.cost {
                        *step = Step {
                            cost: total,
                            length: surname.given as u8 + 1,
                            form: NAME,
                            at: 0,
                        };
                    }
                }
            }
            cost += so_far + f32::from(single) / 16.0;
            let step = &mut self.steps[start + 1];
            if cost < step.cost {
                *step = Step {
                    cost,
                    length: 1,
                    form,
                    at: 0,
                };
            }
        }
        // Back from the end.
        let written = out.len();
        let mut end = n;
        while end > 0 {
            let step = self.steps[end];
            let length = usize::from(step.length).max(1);
            let start = end - length;
            for k in (0..length).rev() {
                let cell = cells[start + k].cell;
                out.push(self.decision(cell, first + start, step, k, length, side, costs));
            }
            end = start;
        }
        out[written..].reverse();
    }

    #[allow(clippy::too_many_arguments)]
    fn decision(
        &self,
        cell: Cell,
        at: usize,
        step: Step,
        k: usize,
        length: usize,
        side: Side,
        costs: &Costs,
    ) -> Decision {
        let own = Decision {
            form: cell.own(side),
            kind: kind::FREE,
            by_word: true,
        };
        let ends = at + k + 1 == self.reps.len();
        if step.form == NAME {
            return match self.named(cell, at + k, &self.surname(at + k)) {
                Some(choice) => Decision {
                    form: choice.form(),
                    kind: choice.kind(),
                    ..own
                },
                None => cell.alone(side, costs, ends),
            };
        }
        if length == 1 {
            let decision = cell.alone(side, costs, ends);
            // A rare form that no word explains, in what looks like a name: a name.
            let kept = decision.form != own.form
                && cell.flags & flag::RARE != 0
                && costs[kind::WRONG] > 3.0
                && cell.choice(side, own.form).is_some()
                && names::ends_a_name(&self.reps, at);
            return if kept { own } else { decision };
        }
        let form = if step.at < 2 {
            usual(cell, side, step.form == 1)
        } else {
            let form = tables::forms(step.at as usize, length).nth(usize::from(step.form));
            form.map_or(0, |form| form.at(k, cell.rep(), side))
        };
        match cell.choice(side, form) {
            Some(choice) if is_spelling(choice, costs) => own,
            Some(choice) => Decision {
                form: choice.form(),
                kind: choice.kind(),
                ..own
            },
            None => cell.alone(side, costs, ends),
        }
    }
}

/// What a form costs that leaves open what its characters' usual forms are, in nats.
const OPEN: f32 = 5.8;

/// The form a word gives a character that no phrase spells out; 0 where it is left open.
fn usual(cell: Cell, side: Side, open: bool) -> u32 {
    match side {
        Side::Simplified => cell.rep(),
        Side::Traditional => {
            let rep = cell.rep();
            tables::info(tables::known(rep).number).usual(rep, open)
        }
    }
}

/// What the forms of a cell cost, worked out once for all the words it may be in.
struct Weighed {
    /// The best form where its neighbours do not say.
    best: f32,
    /// The form of words that no phrase spells out.
    usual: f32,
    /// What it costs in a word that leaves open which form it has.
    open: f32,
    /// Whether that form is one of several.
    several: bool,
}

impl Weighed {
    fn new(cell: Cell, side: Side, costs: &Costs, ends: bool) -> Self {
        if cell.number == 0 && cell.rep() == cell.c {
            return Weighed {
                best: 0.0,
                usual: 0.0,
                open: 0.0,
                several: false,
            };
        }
        let best = cell.best(side, costs, ends).0;
        let several = usual(cell, side, true) == 0;
        let usual = usual(cell, side, false);
        Weighed {
            best,
            open: match several {
                true => best.max(cell.unlisted(cell.rep())),
                false => best,
            },
            usual: cell.asked(side, costs, usual)
                + cell.strangeness(side, costs, cell.rep(), usual),
            several,
        }
    }
}

fn as_usual(word: &[Weighed], open: bool) -> f32 {
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
