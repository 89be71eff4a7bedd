//! [`Runner`]: a plan with its scan, or several such one after the other; whole texts and pieces.
//!
//! Several take a text a block at a time: what stands between two of them does not leave the processor's
//! cache, so a long text is read from memory and written there once.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::config::Config;
use crate::engine::{End, Machine, Plan};
use crate::scan::derive::{self, words};
use crate::scan::facts::Scan;
use crate::scan::output::{Recipient, Target};
use crate::scan::passage::State;
use crate::table::Table;

/// So much of a long text passes all runners before the next does.
const BLOCK: usize = 16 << 10;

/// A plan, and the scan that runs it only where it must.
#[derive(Clone)]
pub(crate) struct Runner {
    pub(super) plan: Plan,
    /// None for a plan that allows no scan; the machine then runs everywhere.
    pub(super) scan: Option<Scan>,
    /// The built-in config it comes from, if any; only to be shown.
    config: Option<Config>,
    /// What a text passes one after the other instead of the plan, which is empty then.
    parts: Parts,
}

/// What a text in pieces must remember between two of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// Bytes the scan could not decide yet.
    tail: Vec<u8>,
    state: State,
    parts: PartsProgress,
}

impl Runner {
    /// Of a plan whose scan was made before.
    pub(crate) fn embedded(mut plan: Plan, scan: Scan) -> Runner {
        plan.use_tries();
        Runner {
            plan,
            scan: Some(scan),
            config: None,
            parts: Parts::default(),
        }
    }

    /// Of a plan, making its scan.
    pub(crate) fn new(mut plan: Plan) -> Runner {
        plan.find_firsts();
        let scan = derive::derive(&plan, &derive::frequency::Unknown);
        plan.use_tries();
        Runner {
            plan,
            scan,
            config: None,
            parts: Parts::default(),
        }
    }

    /// Of several that a text passes one after the other.
    pub(crate) fn chain(runners: Vec<Arc<Runner>>) -> Runner {
        Runner {
            plan: Plan { levels: Vec::new() },
            scan: None,
            config: None,
            parts: Parts::new(runners),
        }
    }

    /// As the converter of this config is shown.
    pub(crate) fn of_config(mut self, config: Config) -> Runner {
        self.config = Some(config);
        self
    }

    /// The same plan with words over the level at `place`, and words that win over everything.
    pub(crate) fn with_words(
        &self,
        words: Vec<Table>,
        place: usize,
        keep: Option<Table>,
    ) -> Runner {
        let mut plan = self.plan.clone();
        plan.set_words(words, place);
        if let Some(keep) = keep {
            plan.set_keep(keep);
        }
        plan.use_tries();
        for level in &mut plan.levels {
            if let Some(words) = &level.overlay {
                level.firsts.add(words);
            }
        }
        let config = self.config;
        let parts = Parts::default();
        let scan = match &self.scan {
            None => None,
            Some(base) => match words::addable(base, &plan) {
                Some(words) => words::add(base, &plan, words),
                None => {
                    return Runner {
                        config,
                        ..Runner::new(plan)
                    }
                }
            },
        };
        Runner {
            plan,
            scan,
            config,
            parts,
        }
    }

    /// Converts a whole text.
    #[inline]
    pub(crate) fn convert<'t, R: Recipient<'t>>(&self, text: &'t str, to: R) -> R::Receipt {
        match &self.scan {
            Some(scan) => scan.convert(&self.plan, text, to),
            None => self.convert_by_machine(text, to),
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn convert_by_machine<'t, R: Recipient<'t>>(
        &self,
        text: &'t str,
        to: R,
    ) -> R::Receipt {
        to.filled(text, |out| self.run_machine(text.as_bytes(), out))
    }

    /// Converts bytes that may be no text and appends the result to `out`; returns false and leaves
    /// `out` alone if nothing changes.
    pub(crate) fn convert_bytes(&self, bytes: &[u8], out: &mut Vec<u8>) -> bool {
        match &self.scan {
            Some(scan) => scan.convert_bytes(&self.plan, bytes, out),
            None => self.run_machine(bytes, out),
        }
    }

    /// The same, by the machine alone.
    fn run_machine(&self, text: &[u8], out: &mut impl Target) -> bool {
        if !self.parts.is_empty() {
            return self.parts.convert(text, out);
        }
        let mut converted = Vec::new();
        Machine::default().push(&self.plan.levels, text, End::Here, &mut converted);
        let changed = converted != text;
        if changed {
            out.append(&converted);
        }
        changed
    }

    /// The runners that a text passes one after the other; none if it is this one.
    pub(super) fn links(&self) -> &[Arc<Runner>] {
        &self.parts.0
    }

    /// The plans that a text passes one after the other, each over all that the one before gave.
    pub(super) fn plans(&self) -> Vec<&Plan> {
        match self.links() {
            [] => vec![&self.plan],
            links => links.iter().map(|link| &link.plan).collect(),
        }
    }

    /// Whether words lie over a level.
    pub(super) fn has_words(&self) -> bool {
        self.plan.levels.iter().any(|level| level.overlay.is_some())
    }

    /// Takes the next piece of a text and appends to `out` what is decided.
    pub(crate) fn push(&self, piece: &[u8], progress: &mut Progress, out: &mut Vec<u8>) {
        let Progress { tail, state, parts } = progress;
        let Some(scan) = &self.scan else {
            if !self.parts.is_empty() {
                return self.parts.push(piece, parts, out);
            }
            return state.machine.push(&self.plan.levels, piece, End::Open, out);
        };
        // The tail grows by a bit of the piece until it is used up; the rest needs no copy.
        const BIT: usize = 512;
        let mut piece = piece;
        while !tail.is_empty() && !piece.is_empty() {
            let held = tail.len();
            let (bit, _) = piece.split_at(piece.len().min(BIT));
            tail.extend_from_slice(bit);
            let used = scan.push(&self.plan, tail, End::Open, state, out);
            if used < held {
                tail.drain(..used);
                piece = &piece[bit.len()..];
            } else {
                tail.clear();
                piece = &piece[used - held..];
            }
        }
        if tail.is_empty() {
            let used = scan.push(&self.plan, piece, End::Open, state, out);
            tail.extend_from_slice(&piece[used..]);
        }
    }

    /// Ends a text in pieces and appends to `out` what was held back.
    pub(crate) fn finish(&self, progress: &mut Progress, out: &mut Vec<u8>) {
        let Progress { tail, state, parts } = progress;
        match &self.scan {
            None if !self.parts.is_empty() => self.parts.finish(parts, out),
            None => state.machine.push(&self.plan.levels, &[], End::Here, out),
            Some(scan) => {
                scan.push(&self.plan, tail, End::Here, state, out);
            }
        }
        tail.clear();
    }

    /// See [`Scan::cut`]; without a scan no place is known where a text may be cut.
    #[cfg(feature = "rayon")]
    pub(crate) fn cut(&self, text: &str, within: std::ops::Range<usize>) -> Option<usize> {
        self.scan.as_ref()?.cut(text, within)
    }

    /// More bytes than are ever held back.
    pub(crate) fn max_held(&self) -> usize {
        let scan = self.scan.as_ref().map_or(0, Scan::max_held);
        self.plan.max_held() + scan + self.parts.max_held()
    }
}

/// The config, or the levels where there is none, and the words laid over them.
impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Converter");
        match &self.config {
            Some(config) => shown.field("config", config),
            None if !self.parts.is_empty() => shown.field("chain", &self.parts),
            None => shown.field("levels", &self.plan.levels),
        };
        let words = self
            .plan
            .levels
            .iter()
            .filter_map(|level| level.overlay.as_ref());
        match words.map(Table::len).sum() {
            0 => {}
            words => {
                shown.field("words", &words);
            }
        }
        shown.finish()
    }
}

impl Progress {
    /// How many bytes are held back.
    pub(crate) fn held(&self) -> usize {
        self.tail.len() + self.state.machine.held() + self.parts.held()
    }
}

/// The runners in order.
#[derive(Clone, Default)]
struct Parts(Vec<Arc<Runner>>);

/// How far a text in pieces has come in each of them.
#[derive(Clone, Debug, Default)]
struct PartsProgress {
    of_each: Vec<Progress>,
    /// What one gave and the next is to take; empty between two pieces.
    given: Vec<u8>,
    taken: Vec<u8>,
}

impl Parts {
    fn new(runners: Vec<Arc<Runner>>) -> Parts {
        Parts(runners)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Converts a text and appends the result to `out`; returns false and leaves `out` alone if nothing
    /// changes.
    fn convert(&self, text: &[u8], out: &mut impl Target) -> bool {
        if text.len() <= BLOCK {
            return self.convert_at_once(text, out);
        }
        let from = out.bytes().len();
        out.reserve(text.len() + text.len() / 16);
        let mut progress = PartsProgress::default();
        let mut converted = Vec::with_capacity(2 * BLOCK);
        let mut rest = text;
        while !rest.is_empty() {
            // Whole characters, so that what comes out is.
            let mut len = BLOCK.min(rest.len());
            while rest.get(len).is_some_and(|byte| byte & 0xC0 == 0x80) {
                len += 1;
            }
            let (block, after) = rest.split_at(len);
            self.push(block, &mut progress, &mut converted);
            rest = after;
            if rest.is_empty() {
                self.finish(&mut progress, &mut converted);
            }
            out.append(&converted);
            converted.clear();
        }
        let len = out.bytes().len() - from;
        let changed = out.bytes()[from..] != *text;
        if !changed {
            out.take_back(len);
        }
        changed
    }

    /// The same, each runner the whole text.
    fn convert_at_once(&self, text: &[u8], out: &mut impl Target) -> bool {
        let mut at = Cow::Borrowed(text);
        for runner in &self.0 {
            let mut converted = Vec::new();
            if runner.convert_bytes(&at, &mut converted) {
                at = Cow::Owned(converted);
            }
        }
        // What one changes another may change back.
        let changed = matches!(at, Cow::Owned(_)) && *at != *text;
        if changed {
            out.append(&at);
        }
        changed
    }

    /// Takes the next piece of a text and appends to `out` what is decided.
    fn push(&self, piece: &[u8], progress: &mut PartsProgress, out: &mut Vec<u8>) {
        progress
            .of_each
            .resize_with(self.0.len(), Progress::default);
        for block in piece.chunks(BLOCK) {
            self.pass(block, progress, out, |runner, bytes, progress, out| {
                runner.push(bytes, progress, out);
            });
        }
    }

    /// Ends a text in pieces and appends to `out` what was held back.
    fn finish(&self, progress: &mut PartsProgress, out: &mut Vec<u8>) {
        progress
            .of_each
            .resize_with(self.0.len(), Progress::default);
        self.pass(&[], progress, out, |runner, bytes, progress, out| {
            runner.push(bytes, progress, out);
            runner.finish(progress, out);
        });
    }

    /// Hands a block from runner to runner.
    fn pass(
        &self,
        block: &[u8],
        progress: &mut PartsProgress,
        out: &mut Vec<u8>,
        run: impl Fn(&Runner, &[u8], &mut Progress, &mut Vec<u8>),
    ) {
        let PartsProgress {
            of_each,
            given,
            taken,
        } = progress;
        taken.extend_from_slice(block);
        let Some((last, others)) = self.0.split_last() else {
            return out.append(taken);
        };
        let (last_progress, of_others) = of_each.split_last_mut().expect("one for each runner");
        for (runner, progress) in others.iter().zip(of_others) {
            run(runner, taken, progress, given);
            std::mem::swap(taken, given);
            given.clear();
        }
        run(last, taken, last_progress, out);
        taken.clear();
    }

    /// More bytes than are ever held back.
    fn max_held(&self) -> usize {
        self.0.iter().map(|runner| runner.max_held()).sum()
    }
}

impl PartsProgress {
    /// How many bytes are held back.
    fn held(&self) -> usize {
        self.of_each.iter().map(Progress::held).sum()
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}
