//! One span: what it shows, what its characters stand for, what comes out.

use std::borrow::Cow;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::cell::{Cell, Decision, Place, Reading};
use super::clean::Edit;
use super::context;
use super::evidence::{Evidence, Tally};
use super::filter::Question;
use super::flag;
use super::judged::{code_point, judged, State};
use super::kind;
use super::lattice::Lattice;
use super::names;
use super::options::{Options, Source, Style, Target};
use super::regions;
use super::report::{Change, Reason, Report, Suspect};
use super::tables::{self, Side};
use crate::detect::{language_spans, Language};

/// Reusable state of a normalization under way.
#[derive(Default)]
pub(super) struct Worker {
    lattice: Lattice,
    places: Vec<Place>,
    decisions: Vec<Decision>,
    /// What comes out at each place.
    becoming: Vec<u32>,
}

/// How a span is treated as a whole.
#[derive(Clone, Copy)]
struct Manner {
    /// Whether regional spellings follow the target.
    follow: bool,
    clean: bool,
    state: State,
    /// The flag of characters that stay where nothing asks for another, and those that matter only elsewhere.
    plain: u32,
    elsewhere: u32,
}

/// Where a span's text goes.
pub(super) struct Output<'a> {
    source: &'a str,
    copied: usize,
    out: String,
    account: Option<Account>,
}

/// What is told of a text beside what comes out.
struct Account {
    report: Report,
    /// What cleaning changed and is not told yet.
    edits: Peekable<IntoIter<Edit>>,
    /// How much longer the source is than the cleaned text, up to the next of them.
    saved: usize,
}

impl<'a> Output<'a> {
    /// The output for a text that is cleaned.
    pub(super) fn new(source: &'a str) -> Self {
        Output {
            source,
            copied: 0,
            out: String::new(),
            account: None,
        }
    }

    /// The output and an account for a text to which these edits are made before it is looked at.
    pub(super) fn with_account(source: &'a str, edits: Vec<Edit>) -> Self {
        Output {
            account: Some(Account {
                report: Report::default(),
                edits: edits.into_iter().peekable(),
                saved: 0,
            }),
            ..Output::new(source)
        }
    }

    /// Writes `to` for the `length` bytes at `at`.
    #[inline]
    fn replace(&mut self, at: usize, length: usize, to: Option<char>) {
        if self.copied == 0 && self.out.is_empty() {
            self.out.reserve(self.source.len() + self.source.len() / 16);
        }
        if self.copied != at {
            self.out.push_str(&self.source[self.copied..at]);
        }
        if let Some(to) = to {
            self.out.push(to);
        }
        self.copied = at + length;
    }

    /// Tells the edits up to a place of the cleaned text, and where in the source that is.
    fn locate(&mut self, at: usize) -> usize {
        while let Some(account) = &mut self.account {
            let before = |edit: &Edit| edit.at - account.saved <= at;
            let Some(edit) = account.edits.next_if(before) else {
                return at + account.saved;
            };
            account.saved += edit.saved();
            self.tell(edit, 1.0);
        }
        at
    }

    /// Makes a change and tells of it.
    fn tell(&mut self, change: Edit, confidence: f32) {
        let Edit {
            at,
            from,
            to,
            reason,
        } = change;
        let source = at..at + from.len_utf8();
        let text = || to.map(String::from).unwrap_or_default();
        self.replace(at, from.len_utf8(), to);
        let end = self.out.len();
        if let Some(account) = &mut self.account {
            account.report.changes.push(Change {
                source,
                target: end - to.map_or(0, char::len_utf8)..end,
                from: from.into(),
                to: text(),
                reason,
                confidence,
            });
        }
    }

    fn suspect(&mut self, at: usize, c: char, reason: Reason, candidates: Vec<String>) {
        let at = self.locate(at);
        if let Some(account) = &mut self.account {
            account.report.suspects.push(Suspect {
                source: at..at + c.len_utf8(),
                text: c.into(),
                candidates,
                reason,
            });
        }
    }

    /// The text, `None` when it is the source; and the report.
    pub(super) fn finish(mut self) -> (Option<String>, Report) {
        self.locate(self.source.len());
        let report = self.account.map_or_else(Report::default, |a| a.report);
        if self.copied == 0 {
            return (None, report);
        }
        self.out.push_str(&self.source[self.copied..]);
        (Some(self.out), report)
    }
}

impl Worker {
    /// Normalizes the span that starts at `base` of the output's source; of what is Japanese or Korean
    /// in it, only code points change.
    pub(super) fn span(
        &mut self,
        options: &Options,
        base: usize,
        text: &str,
        output: &mut Output<'_>,
    ) {
        let (evidence, all) = self.read(text);
        if all & flag::PHONETIC == 0 {
            return self.chinese(options, base, evidence, all, output);
        }
        // A code point that stands for another is judged as that one, so that a second pass judges alike.
        let judged = match all & flag::CODE_POINT {
            0 => Cow::Borrowed(text),
            _ => text
                .chars()
                .map(|c| Cell::of(c.into()).character())
                .collect(),
        };
        let mut start = 0;
        for part in language_spans(&judged, options.unit) {
            let rest = text[start..].chars();
            let count = judged[part.range].chars().count();
            let length: usize = rest.take(count).map(char::len_utf8).sum();
            let (evidence, all) = self.read(&text[start..start + length]);
            match part.detection.language() {
                Language::Japanese | Language::Korean => {
                    self.foreign(options, base + start, output)
                }
                _ => self.chinese(options, base + start, evidence, all, output),
            }
            start += length;
        }
    }

    /// Writes the code points that always stand for another, and nothing else.
    fn foreign(&self, options: &Options, base: usize, output: &mut Output<'_>) {
        let stand_for = |place: &&Place| place.cell.is_han() && place.cell.c != place.c;
        for place in self.places.iter().filter(stand_for) {
            let (reason, sure) = code_point(place.c);
            if sure < options.min_confidence() {
                continue;
            }
            let change = Edit {
                at: output.locate(base + place.at as usize),
                from: char::from_u32(place.c).expect("it was one in the text"),
                to: char::from_u32(place.cell.c),
                reason,
            };
            output.tell(change, sure);
        }
    }

    /// Normalizes the Chinese that was read, which starts at `base`.
    fn chinese(
        &mut self,
        options: &Options,
        base: usize,
        mut evidence: Evidence,
        all: u32,
        output: &mut Output<'_>,
    ) {
        evidence.source = options.source;
        self.lattice.begin(self.places.len());
        let Some(manner) = self.judge(options, evidence, all) else {
            return;
        };
        let mut changed = false;
        self.becoming.clear();
        for (place, &decision) in self.places.iter().zip(&self.decisions) {
            let to = wanted(options, manner, place.c, place.cell, decision);
            changed |= to != place.c;
            self.becoming.push(to);
        }
        // What is said of a change is what was first decided.
        let account = output.account.is_some().then(|| self.decisions.clone());
        if changed {
            self.settle(options, evidence, all);
        }
        if let Some(decisions) = account {
            self.account(options, manner, base, &decisions, output);
        } else {
            self.write(base, output);
        }
    }

    /// Writes what comes out.
    fn write(&self, base: usize, output: &mut Output<'_>) {
        for (place, &to) in self.places.iter().zip(&self.becoming) {
            if place.cell.is_han() && to != place.c {
                let length = char::from_u32(place.c).map_or(3, char::len_utf8);
                output.replace(base + place.at as usize, length, char::from_u32(to));
            }
        }
    }

    /// Writes what comes out, with an account of it.
    fn account(
        &self,
        options: &Options,
        manner: Manner,
        base: usize,
        decisions: &[Decision],
        output: &mut Output<'_>,
    ) {
        for (i, place) in self.places.iter().enumerate() {
            if place.cell.is_han() {
                let at = base + place.at as usize;
                self.ideograph(options, i, at, decisions[i], manner, output);
            }
        }
    }

    /// Finds the places of a span, what it shows, and every flag in it.
    ///
    /// All that is done for clean text without a character that could be another: one look at a table and the
    /// sums of what it says.
    fn read(&mut self, text: &str) -> (Evidence, u32) {
        let mut places = std::mem::take(&mut self.places);
        places.clear();
        let bytes = text.as_bytes();
        // Most characters have three bytes.
        places.reserve(bytes.len() / 3);
        let mut tally = Tally::new(Evidence::default());
        let (mut all, mut next, mut at) = (0, usize::MAX, 0);
        while let Some(&byte) = bytes.get(at) {
            if byte < 0x80 {
                at += 1;
                continue;
            }
            let start = at;
            let c = match bytes.get(at..at + 3) {
                Some(&[a, b, c]) if byte >> 4 == 0xe => {
                    at += 3;
                    u32::from(a & 0xf) << 12 | u32::from(b & 0x3f) << 6 | u32::from(c & 0x3f)
                }
                _ => {
                    let c = text[at..].chars().next().expect("a character starts here");
                    at += c.len_utf8();
                    u32::from(c)
                }
            };
            let known = tables::known(c);
            all |= known.flags;
            tally.add(known.flags);
            if known.flags & (flag::HAN | flag::OPTIONAL) != 0 {
                places.push(Place {
                    at: start as u32,
                    c,
                    cell: Cell::new(c, known),
                    touches: start == next,
                });
                next = at;
            }
        }
        self.places = places;
        (tally.counts(), all)
    }

    /// Judges what comes out as if it came in, until that changes nothing more.
    fn settle(&mut self, options: &Options, first: Evidence, all: u32) {
        for _ in 0..4 {
            let mut tally = Tally::new(Evidence {
                source: first.source,
                ..Evidence::default()
            });
            let mut all = all & flag::OPTIONAL;
            let mut same = true;
            for (place, &to) in self.places.iter_mut().zip(&self.becoming) {
                if !place.cell.is_han() {
                    continue;
                }
                if to != place.cell.c {
                    let cell = Cell::of(to);
                    same &= cell.rep() == place.cell.rep();
                    place.cell = cell;
                }
                all |= place.cell.flags;
                tally.add(place.cell.flags);
            }
            if !same {
                self.lattice.begin(self.places.len());
            }
            let Some(manner) = self.judge(options, tally.counts(), all) else {
                return;
            };
            let mut changed = false;
            for ((place, &decision), becoming) in self
                .places
                .iter()
                .zip(&self.decisions)
                .zip(&mut self.becoming)
            {
                let to = wanted(options, manner, *becoming, place.cell, decision);
                changed |= to != *becoming;
                *becoming = to;
            }
            if !changed {
                return;
            }
        }
        // Spellings that each ask for another. Then all stays, and a second pass sees what this one saw.
        for (place, becoming) in self.places.iter().zip(&mut self.becoming) {
            *becoming = place.c;
        }
    }

    /// Decides every place of a span; `None` when nothing in it concerns the options.
    fn judge(&mut self, options: &Options, mut evidence: Evidence, all: u32) -> Option<Manner> {
        let side = options.side();
        if !self.concerns(options, side, &evidence, all) {
            return None;
        }
        let follow =
            options.style == Style::Target || evidence.hans_only > 0 && evidence.hant_only == 0;
        let regional = follow && options.target == Target::Hk;
        let places = std::mem::take(&mut self.places);
        let mixed = side == Side::Simplified && evidence.hant_only > 0 && all & flag::MIXABLE != 0;
        if mixed && is_spoken_against(&places, side, flag::MIXABLE) {
            // Damage shows in the Traditional words; some Simplified choices hang on it.
            self.decide(&places, Side::Traditional, false, &mut evidence);
        }
        // Rare forms that may all be names are no damage unless they turn out to be.
        if evidence.foreign > 0
            && places.iter().enumerate().all(|(i, place)| {
                let rep = |back: usize| i.checked_sub(back).map(|at| places[at].cell.rep_char());
                let flags = place.cell.flags;
                flags & flag::FOREIGN == 0
                    || flags & flag::PART != 0 && !place.touches
                    || names::may_be_a_name(rep(1), rep(2))
            })
        {
            evidence.foreign = 0;
        }
        // Signs of damage: judged again, now that the span is known for what it is.
        for _ in 0..3 {
            if !self.decide(&places, side, regional, &mut evidence) {
                break;
            }
        }
        self.places = places;
        Some(Manner {
            follow,
            clean: evidence.is_clean(),
            state: State::of(&evidence, side),
            plain: match side {
                Side::Simplified => flag::PLAIN_S,
                Side::Traditional => flag::PLAIN_T,
            },
            elsewhere: match options.target {
                Target::Hk => 0,
                _ => flag::HONG_KONG,
            },
        })
    }

    /// Whether anything in the span could change, or be reported.
    fn concerns(&self, options: &Options, side: Side, evidence: &Evidence, all: u32) -> bool {
        let mut certain = flag::CODE_POINT | flag::RARE;
        let ambiguous = match side {
            Side::Simplified => {
                certain |= flag::HANT_ONLY | flag::OPEN_S | flag::UNSURE_S;
                flag::AMBIGUOUS_S
            }
            Side::Traditional => {
                certain |= flag::HANS_ONLY | flag::OPEN_T;
                if evidence.dialect > 0 {
                    certain |= flag::MERGED;
                }
                if evidence.source == Source::Simplified {
                    certain |= flag::AMBIGUOUS_T;
                }
                if options.style == Style::Target && options.target != Target::Hant {
                    certain |= flag::STYLE;
                    if options.target == Target::Hk {
                        certain |= flag::HONG_KONG;
                    }
                }
                flag::AMBIGUOUS_T
            }
        };
        let regional = options.target == Target::Hk && options.style == Style::Target;
        if all & certain != 0
            || regional
                && self
                    .places
                    .iter()
                    .any(|place| regions::is_one_in_taiwan(place.cell.rep()))
        {
            return true;
        }
        if all & ambiguous == 0 {
            return false;
        }
        // Clean, as far as single characters tell: only a word could speak against one.
        is_spoken_against(&self.places, side, ambiguous)
    }

    /// Decides every place; true when what was found changes how the span must be judged.
    fn decide(
        &mut self,
        places: &[Place],
        side: Side,
        regional: bool,
        evidence: &mut Evidence,
    ) -> bool {
        let (costs, trusted) = match side {
            Side::Simplified => (evidence.costs_simplified(), evidence.is_clean()),
            Side::Traditional => (evidence.costs_traditional(regional), evidence.is_trusted()),
        };
        let proof = evidence.is_at_home(side);
        self.decisions.clear();
        let (mut violations, mut foreign) = (0, 0);
        let (mut odd, mut last_odd) = (0, 0);
        let mut at = 0;
        while at < places.len() {
            if !places[at].cell.is_han() {
                self.decisions.push(Decision {
                    form: 0,
                    kind: kind::FREE,
                    by_word: false,
                });
                at += 1;
                continue;
            }
            // A run of ideographs that touch.
            let start = at;
            at += 1;
            while at < places.len() && places[at].cell.is_han() && places[at].touches {
                at += 1;
            }
            let run = &places[start..at];
            let decisions = &mut self.decisions;
            let reading = Reading {
                side,
                costs: &costs,
                trusted,
                proof,
                open: side == Side::Traditional && costs[kind::SHARED] == 0.0,
                dialect: evidence.dialect > 0,
            };
            self.lattice.run(run, start, reading, decisions);
            // A part of characters that nothing stands before is spoken of.
            if run[0].cell.flags & flag::PART != 0 && evidence.foreign == 0 {
                decisions[start] = run[0].cell.kept(side);
            }
            for (Place { cell, .. }, decision) in run.iter().zip(&self.decisions[start..]) {
                // Most are themselves and tell nothing.
                if cell.is_plain(side) && decision.form == cell.c && cell.flags & flag::ODD == 0 {
                    continue;
                }
                let changed = decision.form != cell.own(side);
                foreign += u32::from(changed && cell.flags & flag::FOREIGN != 0);
                let wrong = decision.kind == kind::WRONG
                    || decision.kind == kind::SHARED
                        && evidence.hans_only == 0
                        && evidence.hant_only > 0;
                violations += u32::from(wrong && decision.by_word && changed);
                // A character that is hardly ever a word of its own, standing as one.
                if !decision.by_word && cell.flags & flag::ODD != 0 && cell.c != last_odd {
                    odd += 1;
                    last_odd = cell.c;
                }
            }
        }
        let violations = violations + odd / 2;
        // What a name or a fixed word keeps is no damage.
        let again = violations > 0 && evidence.violations == 0 || foreign != evidence.foreign;
        evidence.violations = evidence.violations.max(violations);
        evidence.foreign = foreign;
        again
    }

    fn ideograph(
        &self,
        options: &Options,
        i: usize,
        at: usize,
        decision: Decision,
        manner: Manner,
        output: &mut Output<'_>,
    ) {
        let source = self.places[i].c;
        let cell = Cell::of(source);
        let from = char::from_u32(source).expect("it was one in the text");
        let to = char::from_u32(self.becoming[i]).unwrap_or(from);
        let side = options.side();
        let info = tables::info(cell.number);
        if to == from {
            let mut choices = info.choices(cell.c, side).iter();
            let known = choices.any(|x| x.kind() != kind::SOUND && x.form() != cell.c);
            if info.flags & flag::RARE != 0 && known {
                let candidates = candidates(options.target, cell, side);
                output.suspect(at, from, Reason::Variant, candidates);
            }
            return;
        }
        let (reason, sure) = judged(options, source, to.into(), decision, manner.state);
        // Judged again, it was surer than at first.
        let confidence = sure.max(options.min_confidence());
        let change = Edit {
            at: output.locate(at),
            from,
            to: Some(to),
            reason,
        };
        output.tell(change, confidence);
    }
}

/// Whether a word could ask for another form of one of the characters with `flags`.
fn is_spoken_against(places: &[Place], side: Side, flags: u32) -> bool {
    let (right, left) = Question::of_neighbours(side == Side::Simplified);
    let mut odd = None;
    for (at, place) in places.iter().enumerate() {
        let (cell, own) = (place.cell, place.cell.flags);
        if own & flags == 0 {
            continue;
        }
        // Two that never stand alone may together be damage, whatever the words.
        if own & flag::ODD != 0
            && side == Side::Traditional
            && odd.replace(cell.c).is_some_and(|o| o != cell.c)
        {
            return true;
        }
        if own & flag::UNSURE_S != 0 && side == Side::Simplified {
            return true;
        }
        let c = cell.c;
        let after = places.get(at + 1).filter(|after| after.touches);
        if own & flag::PARTICLE != 0 && after.is_some_and(|after| after.cell.is_han()) {
            return true;
        }
        if own & flag::MERGED != 0 && side == Side::Traditional && context::is_left(places, at) {
            return true;
        }
        let surname = || names::is_never_a_surname(cell.character());
        if side == Side::Traditional && place.touches && surname() {
            return true;
        }
        if after.is_some_and(|after| tables::may(right, c, after.cell.rep()))
            || place.touches && tables::may(left, places[at - 1].cell.rep(), c)
        {
            return true;
        }
    }
    false
}

/// What comes out for the character `from`, judged as `cell`, or itself where that is not sure enough.
#[inline(always)]
fn wanted(options: &Options, manner: Manner, from: u32, cell: Cell, decision: Decision) -> u32 {
    let to = becomes(options, manner, cell, decision);
    match options.least > 0 && to != from {
        true => if_sure(options, manner, from, to, decision),
        false => to,
    }
}

/// `to` where that is sure enough, `from` elsewhere.
#[cold]
fn if_sure(options: &Options, manner: Manner, from: u32, to: u32, decision: Decision) -> u32 {
    let (_, sure) = judged(options, from, to, decision, manner.state);
    match sure < options.min_confidence() {
        true => from,
        false => to,
    }
}

/// What comes out for a character, in the target's spelling.
#[inline]
fn becomes(options: &Options, manner: Manner, cell: Cell, decision: Decision) -> u32 {
    // As it stands in this script and region.
    let plain = cell.flags & (manner.plain | flag::HONG_KONG) & !manner.elsewhere == manner.plain;
    if plain && decision.form == cell.c || !cell.is_han() {
        return cell.c;
    }
    becomes_another(options, manner, cell, decision)
}

/// [`becomes`] where it takes a closer look.
fn becomes_another(options: &Options, manner: Manner, cell: Cell, decision: Decision) -> u32 {
    let side = options.side();
    let flags = cell.flags;
    let lone = flags & flag::LIVING != 0 || flags & (flag::RARE | flag::FOREIGN) == flag::RARE;
    if lone && options.style == Style::Keep && manner.clean && side == Side::Traditional {
        return cell.c;
    }
    if manner.clean && regions::is_live(options.target, cell.c) {
        return cell.c;
    }
    let itself = cell.own(side);
    let same = itself == decision.form
        || side == Side::Traditional
            && (options.target != Target::Hk || !manner.follow)
            && regions::are_one_in_taiwan(itself, decision.form);
    let sense = regions::sense(cell.rep(), decision.form).filter(|_| options.target != Target::Tw);
    match (side, sense) {
        (Side::Simplified, _) => decision.form,
        (Side::Traditional, Some(there)) => there,
        _ if same && (!manner.follow || options.target == Target::Hant) => cell.c,
        _ if same => regions::write(options.target, decision.form),
        _ => regions::make(options.target, decision.form),
    }
}

fn candidates(target: Target, cell: Cell, side: Side) -> Vec<String> {
    tables::info(cell.number)
        .choices(cell.c, side)
        .iter()
        .filter(|choice| choice.form() != cell.c)
        .filter_map(|choice| char::from_u32(regions::write(target, choice.form())))
        .map(String::from)
        .collect()
}
