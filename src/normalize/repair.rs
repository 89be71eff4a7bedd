//! One span: what it shows, what its characters stand for, what comes out.

use super::evidence::{Evidence, Tally};
use super::filter::Question;
use super::flag;
use super::lattice::{Cell, Decision, Lattice};
use super::names;
use super::normalizer::Options;
use super::options::{Mode, PrivateUse, Style, Target, VariationSelectors, Width};
use super::report::{Change, Reason, Report, Suspect};
use super::tables::{self, kind, Scan, Side};

/// Reusable state of a normalization under way.
pub(super) struct Worker {
    scan: Scan,
    lattice: Lattice,
    places: Vec<Place>,
    cells: Vec<Cell>,
    decisions: Vec<Decision>,
    judged: Vec<Judged>,
}

/// How a span is treated as a whole.
#[derive(Clone, Copy)]
struct Manner {
    /// Whether regional spellings follow the target.
    follow: bool,
    japanese: bool,
    clean: bool,
}

#[derive(Clone, Copy)]
struct Judged {
    decision: Decision,
    /// What comes out.
    to: char,
}

impl Default for Worker {
    fn default() -> Self {
        Worker {
            scan: Scan::new(),
            lattice: Lattice::default(),
            places: Vec::new(),
            cells: Vec::new(),
            decisions: Vec::new(),
            judged: Vec::new(),
        }
    }
}

/// A character that a rule may apply to.
#[derive(Clone, Copy)]
struct Place {
    at: u32,
    c: char,
    /// The ideograph it is judged as.
    cell: Cell,
    han: bool,
    /// Whether it touches the place before it.
    touches: bool,
}

/// Where a span's text goes.
pub(super) struct Output<'a> {
    source: &'a str,
    copied: usize,
    out: String,
    report: Option<Report>,
}

impl<'a> Output<'a> {
    pub(super) fn new(source: &'a str, report: bool) -> Self {
        Output {
            source,
            copied: 0,
            out: String::new(),
            report: report.then(Report::default),
        }
    }

    fn change(&mut self, at: usize, from: char, to: Option<char>, reason: Reason, confidence: f32) {
        if self.copied == 0 && self.out.is_empty() {
            self.out.reserve(self.source.len() + self.source.len() / 16);
        }
        let end = at + from.len_utf8();
        self.out.push_str(&self.source[self.copied..at]);
        let start = self.out.len();
        self.out.extend(to);
        self.copied = end;
        if let Some(report) = &mut self.report {
            report.changes.push(Change {
                source: at..end,
                target: start..self.out.len(),
                from: from.into(),
                to: to.map(String::from).unwrap_or_default(),
                reason,
                confidence,
            });
        }
    }

    fn suspect(
        &mut self,
        at: usize,
        c: char,
        reason: Reason,
        candidates: impl FnOnce() -> Vec<String>,
    ) {
        if let Some(report) = &mut self.report {
            let source = at..at + c.len_utf8();
            report.suspects.push(Suspect {
                source,
                text: c.into(),
                candidates: candidates(),
                reason,
            });
        }
    }

    /// The text, `None` when it is the source; and the report.
    pub(super) fn finish(mut self) -> (Option<String>, Report) {
        let report = self.report.unwrap_or_default();
        if self.copied == 0 {
            return (None, report);
        }
        self.out.push_str(&self.source[self.copied..]);
        (Some(self.out), report)
    }
}

impl Worker {
    /// Normalizes the span that starts at `base` of the output's source.
    pub(super) fn span(
        &mut self,
        options: &Options,
        base: usize,
        text: &str,
        output: &mut Output<'_>,
    ) {
        let (evidence, all) = self.read(text);
        self.lattice.begin(self.places.len());
        let Some(manner) = self.judge(options, evidence, all) else {
            return;
        };
        let mut judged = std::mem::take(&mut self.judged);
        judged.clear();
        let mut changed = false;
        for (place, &decision) in self.places.iter().zip(&self.decisions) {
            let to = becomes(options, manner, place.cell, decision);
            changed |= place.han && to != place.c;
            judged.push(Judged { decision, to });
        }
        if changed && !manner.japanese {
            self.settle(options, evidence, all, &mut judged);
        }
        for (i, (place, judged)) in self.places.iter().zip(&judged).enumerate() {
            let at = base + place.at as usize;
            if !place.han {
                let before = self.places.get(i.wrapping_sub(1));
                self.other(options, place, at, before, output);
            } else if judged.to != place.c || output.report.is_some() {
                self.ideograph(options, place, at, *judged, manner, output);
            }
        }
        self.judged = judged;
    }

    /// Finds the places of a span, what it shows, and every flag in it.
    fn read(&mut self, text: &str) -> (Evidence, u32) {
        self.places.clear();
        let mut tally = Tally::new(Evidence::default());
        let (mut all, mut next) = (0, u32::MAX);
        for (at, c) in text.char_indices() {
            if c.is_ascii() {
                continue;
            }
            let known = self.scan.known(c);
            all |= known.flags;
            tally.add(known.flags);
            if known.flags & (flag::HAN | flag::OPTIONAL) != 0 {
                let at = at as u32;
                self.places.push(Place {
                    at,
                    c,
                    cell: Cell::new(self.scan, c, known),
                    han: known.flags & flag::HAN != 0,
                    touches: at == next,
                });
                next = at + c.len_utf8() as u32;
            }
        }
        (tally.counts(), all)
    }

    /// Judges what comes out as if it came in, until that changes nothing more.
    fn settle(&mut self, options: &Options, first: Evidence, all: u32, judged: &mut [Judged]) {
        for _ in 0..4 {
            let mut tally = Tally::new(Evidence {
                kana: first.kana,
                ..Evidence::default()
            });
            let mut all = all & (flag::KANA | flag::OPTIONAL);
            let mut same = true;
            for (place, judged) in self.places.iter_mut().zip(judged.iter()) {
                if place.han {
                    let known = self.scan.known(judged.to);
                    all |= known.flags;
                    tally.add(known.flags);
                    let cell = Cell::new(self.scan, judged.to, known);
                    same &= cell.rep() == place.cell.rep();
                    place.cell = cell;
                }
            }
            if !same {
                self.lattice.begin(self.places.len());
            }
            let Some(manner) = self.judge(options, tally.counts(), all) else {
                return;
            };
            let mut changed = false;
            for ((place, decision), judged) in
                self.places.iter().zip(&self.decisions).zip(&mut *judged)
            {
                let to = becomes(options, manner, place.cell, *decision);
                changed |= place.han && to != judged.to;
                judged.to = to;
            }
            if !changed {
                return;
            }
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
        let japanese = evidence.is_japanese();
        let regional = follow && options.target == Target::Hk;
        let places = std::mem::take(&mut self.places);
        if japanese {
            self.decisions.clear();
            self.decisions
                .extend(places.iter().map(|place| place.cell.kept(side)));
        } else {
            let mixed =
                side == Side::Simplified && evidence.hant_only > 0 && all & flag::MIXABLE != 0;
            if mixed && is_spoken_against(&places, side, flag::MIXABLE) {
                // Damage shows in the Traditional words; some Simplified choices hang on it.
                self.decide(&places, Side::Traditional, false, &mut evidence);
            }
            // Rare forms that may all be names are no damage unless they turn out to be.
            if evidence.foreign > 0
                && places.iter().enumerate().all(|(i, place)| {
                    let rep = |back: usize| i.checked_sub(back).map(|at| places[at].cell.rep());
                    place.cell.flags() & flag::FOREIGN == 0 || names::may_be_a_name(rep(1), rep(2))
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
        }
        self.places = places;
        Some(Manner {
            follow,
            japanese,
            clean: evidence.is_clean(),
        })
    }

    /// Whether anything in the span could change, or be reported.
    fn concerns(&self, options: &Options, side: Side, evidence: &Evidence, all: u32) -> bool {
        let mut certain = flag::CODE_POINT | flag::RARE;
        if options.changes_others() {
            certain |= flag::OPTIONAL;
        }
        let ambiguous = match side {
            Side::Simplified => {
                certain |= flag::HANT_ONLY | flag::OPEN_S | flag::UNSURE_S;
                flag::AMBIGUOUS_S
            }
            Side::Traditional => {
                certain |= flag::HANS_ONLY | flag::OPEN_T;
                if options.style == Style::Target && options.target != Target::Hant {
                    certain |= flag::STYLE;
                }
                flag::AMBIGUOUS_T
            }
        };
        let regional = options.target == Target::Hk && options.style == Style::Target;
        if all & certain != 0
            || regional && self.places.iter().any(|place| place.cell.rep() == '着')
        {
            return true;
        }
        if all & ambiguous == 0 || evidence.is_japanese() {
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
        self.decisions.clear();
        let (mut violations, mut foreign) = (0, 0);
        let (mut odd, mut last_odd) = (0, '\0');
        let mut at = 0;
        while at < places.len() {
            if !places[at].han {
                self.decisions.push(Decision {
                    form: 0,
                    kind: kind::FREE,
                    by_word: false,
                });
                at += 1;
                continue;
            }
            // A run of ideographs that touch.
            self.cells.clear();
            let start = at;
            while at < places.len() && places[at].han && (at == start || places[at].touches) {
                self.cells.push(places[at].cell);
                at += 1;
            }
            self.lattice.run(
                &self.cells,
                start,
                side,
                &costs,
                trusted,
                &mut self.decisions,
            );
            for (cell, decision) in self.cells.iter().zip(&self.decisions[start..]) {
                // Most are themselves and tell nothing.
                if cell.is_plain(side)
                    && decision.form == u32::from(cell.c)
                    && cell.flags() & flag::ODD == 0
                {
                    continue;
                }
                let changed = decision.form != cell.own(side);
                foreign += u32::from(changed && cell.flags() & flag::FOREIGN != 0);
                let wrong = decision.kind == kind::WRONG
                    || decision.kind == kind::SHARED
                        && evidence.hans_only == 0
                        && evidence.hant_only > 0;
                violations += u32::from(wrong && decision.by_word && changed);
                // A character that is hardly ever a word of its own, standing as one.
                if !decision.by_word && cell.flags() & flag::ODD != 0 && cell.c != last_odd {
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
        place: &Place,
        at: usize,
        judged: Judged,
        manner: Manner,
        output: &mut Output<'_>,
    ) {
        let cell = Cell::new(self.scan, place.c, self.scan.known(place.c));
        let (to, decision) = (judged.to, judged.decision);
        let side = options.side();
        let info = tables::info(cell.number);
        if to == place.c {
            let known = |choices: &[tables::Choice]| {
                choices
                    .iter()
                    .any(|x| x.kind() != kind::SOUND && x.form() != cell.c as u32)
            };
            if info.flags & flag::RARE != 0 && !manner.japanese && known(info.choices(side)) {
                output.suspect(at, place.c, Reason::Variant, || {
                    candidates(options.target, cell, side)
                });
            }
            return;
        }
        let only = match side {
            Side::Simplified => flag::HANT_ONLY,
            Side::Traditional => flag::HANS_ONLY,
        };
        let (reason, confidence) = if cell.c != place.c && to == cell.c {
            code_point_reason(place)
        } else if info.flags & flag::RARE != 0 {
            (Reason::Variant, if decision.by_word { 0.99 } else { 0.9 })
        } else if info.flags & only != 0 {
            (
                Reason::Script,
                if decision.by_word || info.choices(side).len() == 1 {
                    0.99
                } else {
                    0.9
                },
            )
        } else if decision.form == cell.own(side) {
            (Reason::Style, 0.99)
        } else {
            (Reason::Word, if decision.by_word { 0.97 } else { 0.75 })
        };
        if options.mode == Mode::ReportOnly {
            output.suspect(at, place.c, reason, || vec![to.into()]);
        } else {
            output.change(at, place.c, Some(to), reason, confidence);
        }
    }

    /// Characters that are no ideographs: only what the options ask for.
    fn other(
        &self,
        options: &Options,
        place: &Place,
        at: usize,
        before: Option<&Place>,
        output: &mut Output<'_>,
    ) {
        let (to, reason) = match place.c {
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
                let base = before
                    .is_some_and(|b| b.han && b.at as usize + b.c.len_utf8() == place.at as usize);
                if options.variation_selectors == VariationSelectors::Keep || !base {
                    return;
                }
                (None, Reason::VariationSelector)
            }
            '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}'
                if options.width == Width::Narrow =>
            {
                (char::from_u32(place.c as u32 - 0xfee0), Reason::Width)
            }
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}'
                if options.private_use == PrivateUse::Replace =>
            {
                (Some('\u{fffd}'), Reason::PrivateUse)
            }
            _ => return,
        };
        if options.mode == Mode::ReportOnly {
            output.suspect(at, place.c, reason, || {
                vec![to.map(String::from).unwrap_or_default()]
            });
        } else {
            output.change(at, place.c, to, reason, 1.0);
        }
    }
}

/// Whether a word could ask for another form of one of the characters with `flags`.
fn is_spoken_against(places: &[Place], side: Side, flags: u32) -> bool {
    let (right, left) = match side {
        Side::Simplified => (Question::RightSimplified, Question::LeftSimplified),
        Side::Traditional => (Question::Right, Question::Left),
    };
    let mut odd = None;
    for (at, place) in places.iter().enumerate() {
        let (cell, own) = (place.cell, place.cell.flags());
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
        let c = u32::from(cell.c);
        let after = places.get(at + 1).filter(|after| after.touches);
        if own & flag::PARTICLE != 0 && after.is_some_and(|after| after.han) {
            return true;
        }
        let named = own & flag::NAME != 0 && names::is_never_a_surname(cell.c);
        if side == Side::Traditional && place.touches && named {
            return true;
        }
        if after.is_some_and(|after| tables::may(right, c, after.cell.rep().into()))
            || place.touches && tables::may(left, places[at - 1].cell.rep().into(), c)
        {
            return true;
        }
    }
    false
}

/// What comes out for a character, in the target's spelling.
fn becomes(options: &Options, manner: Manner, cell: Cell, decision: Decision) -> char {
    let side = options.side();
    let flags = cell.flags();
    if manner.japanese || cell.is_plain(side) && decision.form == u32::from(cell.c) {
        return cell.c;
    }
    let lone = flags & flag::LIVING != 0 || flags & (flag::RARE | flag::FOREIGN) == flag::RARE;
    if lone && options.style == Style::Keep && manner.clean && side == Side::Traditional {
        return cell.c;
    }
    let itself = cell.own(side);
    // Taiwan writes one character for both.
    let both = [u32::from('着'), u32::from('著')];
    let same = itself == decision.form
        || side == Side::Traditional
            && (options.target != Target::Hk || !manner.follow)
            && both.contains(&itself)
            && both.contains(&decision.form);
    // Taiwan alone writes a plan with the character of a picture.
    let plan = cell.rep() == '划' && decision.form == u32::from('畫');
    match side {
        Side::Simplified => char::from_u32(decision.form),
        Side::Traditional if plan && options.target != Target::Tw => Some('劃'),
        Side::Traditional if same && (!manner.follow || options.target == Target::Hant) => {
            Some(cell.c)
        }
        Side::Traditional => region(options.target, decision.form),
    }
    .unwrap_or(cell.c)
}

fn code_point_reason(place: &Place) -> (Reason, f32) {
    if tables::info(tables::number(place.c)).flags & flag::COMPATIBILITY != 0 {
        (Reason::Compatibility, 1.0)
    } else {
        (Reason::Radical, 1.0)
    }
}

fn region(target: Target, form: u32) -> Option<char> {
    char::from_u32(match target {
        Target::Hans => form,
        Target::Tw if form == u32::from('着') => u32::from('著'),
        Target::Tw => form,
        Target::Hant => tables::standard(form),
        Target::Hk => tables::hong_kong(form),
    })
}

fn candidates(target: Target, cell: Cell, side: Side) -> Vec<String> {
    tables::info(cell.number)
        .choices(side)
        .iter()
        .filter(|choice| choice.form() != cell.c as u32)
        .filter_map(|choice| region(target, choice.form()))
        .map(String::from)
        .collect()
}
