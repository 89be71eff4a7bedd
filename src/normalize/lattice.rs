//! The likeliest way to read a run of ideographs as words, and with it what each character stands for.

use super::cell::{is_spelling, Cell, Decision, Place, Reading};
use super::context;
use super::names::Surname;
use super::runs::Run;
use super::shadow::{Found, Shadow};
use super::tables::{self, Choice, Form, Node, Side};
use super::weighing::{as_usual, usual, Repairs, Weighed, OPEN};
use super::{flag, kind, names};

/// What a surname after a title costs, and each character of a given name that follows, in nats.
const SURNAME: f32 = 6.0;
const GIVEN: f32 = 4.0;

/// The form of a step that reads characters as a name.
const NAME: u8 = u8::MAX;

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

impl Step {
    const NONE: Step = Step {
        cost: f32::INFINITY,
        length: 0,
        form: 0,
        at: 0,
    };
}

/// A stretch of a run that words may join.
struct Piece<'a> {
    cells: &'a [Place],
    run: &'a [Place],
    /// Where it begins in the run, and in the span.
    first: usize,
    base: usize,
    /// Whether the run ends with it.
    ends: bool,
}

/// How far the context must speak against the usual form, in eighths of a nat: of a character that stands
/// alone, of one in a word that no list spells out, and of a word that lists spell in several ways.
const AGAINST_LONE: i32 = 12;
const AGAINST_WORD: i32 = 24;
const AGAINST_PHRASE: i32 = 4;
/// How much dearer a spelling of a word may be that the context may choose, in sixteenths of a nat.
const NEXT_SPELLINGS: u16 = 35;

/// To be in Cantonese, as Simplified and as Traditional text writes it.
const TO_BE: (u32, u32) = ('系' as u32, '係' as u32);

/// The form of a character that no word speaks about.
fn lone(run: &[Place], at: usize, reading: Reading) -> Decision {
    let cell = run[at].cell;
    let decision = cell.alone(reading, at + 1 == run.len());
    if reading.dialect && cell.c == TO_BE.0 && reading.side == Side::Traditional {
        return Decision {
            form: TO_BE.1,
            ..decision
        };
    }
    // What Simplified text has of Traditional characters is meant where others write both: 牠 beside 它.
    let meant = cell.flags & flag::RARE == 0 && cell.plainly() != cell.c;
    if meant && reading.open && cell.choice(reading.side, cell.own(reading.side)).is_some() {
        return cell.kept(reading.side);
    }
    let asked = reading.open && cell.flags & (flag::RARE | flag::HANT_ONLY) == 0;
    let left = reading.trusted && !reading.dialect && cell.flags & flag::MERGED != 0;
    if reading.side == Side::Simplified {
        return decision;
    }
    let own = cell.own(Side::Traditional);
    if !asked && !left {
        // What the context would make of the Simplified character stays.
        let made = |form| {
            let margin = context::scores(run, at, true)?.against(form)?;
            Some(margin.0 == own && margin.1 > AGAINST_LONE)
        };
        let stays = decision.form != own && made(decision.form) == Some(true);
        return if stays {
            cell.kept(Side::Traditional)
        } else {
            decision
        };
    }
    let scores = context::scores(run, at, true);
    let form = scores.and_then(|scores| {
        if left {
            return Some(scores.instead_of(own));
        }
        let (form, margin) = scores.against(decision.form)?;
        Some(match margin > AGAINST_LONE {
            true => form,
            false => decision.form,
        })
    });
    let choice = form.and_then(|form| cell.choice(Side::Traditional, form));
    choice.map_or(decision, |choice| Decision {
        form: choice.form(),
        kind: choice.kind(),
        by_word: false,
    })
}

/// The form of a character in a word that no list spells out.
fn inside(run: &[Place], at: usize, usual: u32, reading: Reading) -> u32 {
    let flags = run[at].cell.flags & (flag::HANT_ONLY | flag::AMBIGUOUS_T);
    if !reading.open || usual == 0 || flags != flag::AMBIGUOUS_T {
        return usual;
    }
    let scores = context::scores(run, at, false);
    let spoken = scores.and_then(|scores| scores.against(usual));
    spoken.map_or(
        usual,
        |(form, margin)| if margin > AGAINST_WORD { form } else { usual },
    )
}

/// The step, with another spelling of its word if the context speaks for that.
fn reconsidered(piece: &Piece, start: usize, step: Step, reading: Reading) -> Step {
    let length = usize::from(step.length);
    if !reading.open || step.form == NAME || step.at < 2 || length < 2 {
        return step;
    }
    let spellings = || tables::forms(step.at as usize, length);
    if spellings().nth(1).is_none() {
        return step;
    }
    let Some(chosen) = spellings().nth(step.form.into()) else {
        return step;
    };
    let mut best = (AGAINST_PHRASE, step.form);
    for (i, other) in spellings().enumerate() {
        if i == usize::from(step.form) || other.cost > chosen.cost + NEXT_SPELLINGS {
            continue;
        }
        let mut margin = 0;
        for (k, place) in piece.cells[start..start + length].iter().enumerate() {
            let form = |of: &Form| of.at(k, place.cell.rep(), Side::Traditional);
            if form(&other) == form(&chosen) {
                continue;
            }
            if place.cell.flags & flag::HANT_ONLY == 0 {
                let scores = context::scores(piece.run, piece.first + start + k, false);
                margin += scores.map_or(0, |s| s.of(form(&other)) - s.of(form(&chosen)));
            }
        }
        if margin > best.0 {
            best = (margin, i as u8);
        }
    }
    Step {
        form: best.1,
        ..step
    }
}

/// Whether a character of one script stands beside what it stands beside as a word of its own: 那齣演了三年的戲.
fn speaks_for_itself(piece: &Piece, at: usize, to: u32) -> bool {
    let cell = piece.cells[at].cell;
    let own = cell.own(Side::Traditional);
    let scores = || context::scores(piece.run, piece.first + at, true);
    cell.flags & flag::HANT_ONLY != 0
        && scores().is_some_and(|scores| scores.of(own) > scores.of(to) + AGAINST_WORD)
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
    shadow: Shadow,
    weighed: Vec<Weighed>,
    /// The words found so far, and for each place of the span where those that begin there are.
    found: Vec<Found>,
    /// Empty until the first word is looked for.
    walked: Vec<Option<(u32, u32)>>,
    places: usize,
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
    pub(super) fn run(
        &mut self,
        places: &[Place],
        base: usize,
        reading: Reading,
        out: &mut Vec<Decision>,
    ) {
        let run = Run::new(places, reading);
        if let Some(decision) = run.mention() {
            out.push(decision);
            return;
        }
        self.reps.clear();
        let mut done = 0;
        while let Some(cells) = run.next_piece(done) {
            let (start, end) = (cells.start, cells.end);
            out.extend(run.settled(done..start));
            match run.is_lone(&cells) {
                true => out.push(lone(places, start, reading)),
                false => {
                    self.prepare(places);
                    let piece = Piece {
                        cells: &places[cells],
                        run: places,
                        first: start,
                        base: base + start,
                        ends: end == places.len(),
                    };
                    // No word goes past the piece.
                    for at in 0..piece.cells.len() {
                        self.walk(&piece.cells[at..], piece.base + at);
                    }
                    self.solve(&piece, reading, out);
                }
            }
            done = end;
        }
        out.extend(run.settled(done..places.len()));
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

    /// Finds the cheapest way through a piece, and adds what it decides.
    fn solve(&mut self, piece: &Piece, reading: Reading, out: &mut Vec<Decision>) {
        let n = piece.cells.len();
        self.steps.clear();
        self.steps.resize(n + 1, Step::NONE);
        self.steps[0].cost = 0.0;
        let weigh = |(k, place): (usize, &Place)| {
            Weighed::new(place.cell, reading, piece.ends && k + 1 == n)
        };
        self.weighed.clear();
        self.weighed
            .extend(piece.cells.iter().enumerate().map(weigh));
        for start in 0..n {
            self.offer_words(piece, start, reading);
            self.offer_character(piece, start, reading);
        }
        // Back from the end.
        let written = out.len();
        let mut end = n;
        while end > 0 {
            let step = self.steps[end];
            let start = end - usize::from(step.length).max(1);
            let step = reconsidered(piece, start, step, reading);
            let decisions = (start..end)
                .rev()
                .map(|at| self.decision(piece, start, at, step, reading));
            out.extend(decisions);
            end = start;
        }
        out[written..].reverse();
        if reading.proof {
            self.demand_proof(piece, reading, &mut out[written..]);
        }
    }

    /// Takes back what was decided in clean text where the words around do not speak for it.
    fn demand_proof(&mut self, piece: &Piece, reading: Reading, decisions: &mut [Decision]) {
        let side = reading.side;
        let doubted = |(place, decision): (&Place, &Decision)| {
            let cell = place.cell;
            decision.by_word
                && decision.form != cell.own(side)
                && decision.kind != kind::REGION
                && cell.flags & flag::RARE == 0
        };
        let first = piece.cells.iter().zip(decisions.iter()).position(doubted);
        let Some(first) = first else {
            return;
        };
        let mut shadow = std::mem::take(&mut self.shadow);
        shadow.cut(piece.cells, piece.base, |place| self.words_at(place));
        self.shadow = shadow;
        for (at, decision) in decisions.iter_mut().enumerate().skip(first) {
            let place = &piece.cells[at];
            if doubted((place, decision))
                && (self.is_refuted(piece, at, side, decision.form)
                    || side == Side::Traditional && speaks_for_itself(piece, at, decision.form))
            {
                *decision = place.cell.kept(side);
            }
        }
    }

    /// Whether the character at `at` is right as it stands in a word at least as long as any that gives it the form
    /// `to`. Both must begin and end where words do, whatever their spelling.
    fn is_refuted(&self, piece: &Piece, at: usize, side: Side, to: u32) -> bool {
        let cell = piece.cells[at].cell;
        let own = cell.own(side);
        let (mut kept, mut changed) = (0, 0);
        for start in 0..=at {
            for word in self.words_at(piece.base + start) {
                let length = word.length as usize;
                let end = start + length;
                if end <= at || !self.shadow.is_cut(start) || !self.shadow.is_cut(end) {
                    continue;
                }
                let forms = (word.at >= 2).then(|| tables::forms(word.at as usize, length));
                let forms = forms
                    .into_iter()
                    .flatten()
                    .map(|form| form.at(at - start, cell.rep(), side));
                let usual = (word.at < 2).then(|| usual(cell, side, false));
                for form in forms.chain(usual) {
                    if form == own {
                        kept = kept.max(length);
                    } else if form == to {
                        changed = changed.max(length);
                    }
                }
            }
        }
        kept > 0 && kept >= changed
    }

    /// The words found at a place of the span.
    fn words_at(&self, place: usize) -> &[Found] {
        let (from, to) = self.walked[place].unwrap_or_default();
        &self.found[from as usize..to as usize]
    }

    /// Takes the step to a place if none that leads there is as cheap.
    #[inline]
    fn offer(&mut self, to: usize, step: Step) {
        if step.cost < self.steps[to].cost {
            self.steps[to] = step;
        }
    }

    /// Offers every way to read every word that begins at a place.
    #[inline]
    fn offer_words(&mut self, piece: &Piece, start: usize, reading: Reading) {
        let so_far = self.steps[start].cost;
        let (from, to) = self.walked[piece.base + start].unwrap_or_default();
        for found in from as usize..to as usize {
            let Found { length, cost, at } = self.found[found];
            let end = start + length as usize;
            let step = |cost: f32, form: usize| Step {
                cost: so_far + cost,
                length: length as u8,
                form: form as u8,
                at,
            };
            if at < 2 {
                let weighed = &self.weighed[start..end];
                let cost = f32::from(cost) / 16.0;
                let usual = step(cost + as_usual(weighed, false), 0);
                // As the build weighs it: a three-hundredth as likely.
                let open = (at == 1 && reading.side == Side::Traditional)
                    .then(|| step(cost + OPEN + as_usual(weighed, true), 1));
                self.offer(end, usual);
                if let Some(open) = open {
                    self.offer(end, open);
                }
                continue;
            }
            for (i, form) in tables::forms(at as usize, length as usize).enumerate() {
                let weighed = &self.weighed[start..end];
                let mut total = Repairs::default();
                for (k, (place, weighed)) in piece.cells[start..end].iter().zip(weighed).enumerate()
                {
                    let (cell, rep) = (place.cell, place.cell.rep());
                    let s = || form.at(k, rep, Side::Simplified);
                    match form.at(k, rep, reading.side) {
                        0 => total.free += weighed.best.max(cell.unlisted(s())),
                        c => {
                            total.free += cell.strangeness(reading, s(), c);
                            total.add(cell.asked(reading, c));
                        }
                    }
                }
                self.offer(end, step(f32::from(form.cost) / 16.0 + total.cost(), i));
            }
        }
    }

    /// Offers the character at a place by itself, or as part of a name.
    #[inline]
    fn offer_character(&mut self, piece: &Piece, start: usize, reading: Reading) {
        let cell = piece.cells[start].cell;
        let so_far = self.steps[start].cost;
        let (mut cost, mut form) = (self.weighed[start].best, 0);
        let rep = cell.rep_char();
        let may_be_named = names::is_surname(rep) || names::is_in_given(rep);
        let never = reading.trusted && names::is_never_a_surname(cell.character());
        if reading.side == Side::Traditional && may_be_named && (!reading.trusted || never) {
            let at = piece.first + start;
            let surname = self.surname(at);
            let named = self.named(cell, at, &surname);
            if let Some(choice) = named.filter(|_| !reading.trusted) {
                cost = match reading.costs[choice.kind()].is_finite() {
                    true => 0.2,
                    false => f32::INFINITY,
                };
                form = NAME;
            }
            // A whole name after a title is likelier than its characters by themselves.
            let whole = surname
                .filter(|surname| surname.introduced && start + surname.given < piece.cells.len())
                .filter(|surname| !reading.trusted || surname.given == 2);
            if let Some(surname) = whole.filter(|_| cost.is_finite()) {
                let end = start + surname.given + 1;
                let given: f32 = self.weighed[start + 1..end].iter().map(|w| w.best).sum();
                let step = Step {
                    cost: so_far + SURNAME + GIVEN * surname.given as f32 + given,
                    length: surname.given as u8 + 1,
                    form: NAME,
                    at: 0,
                };
                self.offer(end, step);
            }
        }
        let step = Step {
            cost: cost + (so_far + f32::from(tables::single(cell.rep())) / 16.0),
            length: 1,
            form,
            at: 0,
        };
        self.offer(start + 1, step);
    }

    /// What the step that begins at `start` decides for the character at `at`.
    fn decision(
        &self,
        piece: &Piece,
        start: usize,
        at: usize,
        step: Step,
        reading: Reading,
    ) -> Decision {
        let (cell, side) = (piece.cells[at].cell, reading.side);
        let own = Decision {
            form: cell.own(side),
            kind: kind::FREE,
            by_word: true,
        };
        let in_run = piece.first + at;
        let alone = || lone(piece.run, in_run, reading);
        let chosen = |choice: Choice| Decision {
            form: choice.form(),
            kind: choice.kind(),
            ..own
        };
        if step.form == NAME {
            let named = self.named(cell, in_run, &self.surname(in_run));
            return named.map_or_else(alone, chosen);
        }
        if step.length <= 1 {
            let decision = alone();
            // A rare form that no word explains, in what looks like a name: a name.
            let kept = decision.form != own.form
                && cell.flags & flag::RARE != 0
                && reading.costs[kind::WRONG] > 3.0
                && cell.choice(side, own.form).is_some()
                && names::ends_a_name(&self.reps, in_run);
            return if kept { own } else { decision };
        }
        let form = if step.at < 2 {
            let usual = usual(cell, side, step.form == 1);
            inside(piece.run, in_run, usual, reading)
        } else {
            let mut forms = tables::forms(step.at as usize, step.length.into());
            let form = forms.nth(step.form.into());
            form.map_or(0, |form| form.at(at - start, cell.rep(), side))
        };
        match cell.choice(side, form) {
            Some(choice) if is_spelling(choice, reading.costs) => own,
            choice => choice.map_or_else(alone, chosen),
        }
    }
}
