//! [`Runner`]: a plan with its scan, whole texts and pieces.

use std::fmt;

use crate::config::Config;
use crate::engine::{End, Machine, Plan};
use crate::scan::derive::{self, words};
use crate::scan::facts::Scan;
use crate::scan::output::{Recipient, Target};
use crate::scan::passage::State;
use crate::table::Table;

/// A plan, and the scan that runs it only where it must.
#[derive(Clone)]
pub(crate) struct Runner {
    pub(super) plan: Plan,
    /// None for a plan that allows no scan; the machine then runs everywhere.
    pub(super) scan: Option<Scan>,
    /// The built-in config it comes from, if any; only to be shown.
    config: Option<Config>,
}

/// What a text in pieces must remember between two of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// Bytes the scan could not decide yet.
    tail: Vec<u8>,
    state: State,
}

impl Runner {
    /// Of a plan whose scan was made before.
    pub(crate) fn embedded(mut plan: Plan, scan: Scan) -> Runner {
        plan.use_tries();
        Runner {
            plan,
            scan: Some(scan),
            config: None,
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
        let Some(base) = &self.scan else {
            let scan = None;
            return Runner { plan, scan, config };
        };
        match words::addable(base, &plan) {
            Some(words) => {
                let scan = words::add(base, &plan, words);
                Runner { plan, scan, config }
            }
            None => Runner {
                config,
                ..Runner::new(plan)
            },
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
        let mut converted = Vec::new();
        Machine::default().push(&self.plan.levels, text, End::Here, &mut converted);
        let changed = converted != text;
        if changed {
            out.append(&converted);
        }
        changed
    }

    /// Whether words lie over a level.
    pub(super) fn has_words(&self) -> bool {
        self.plan.levels.iter().any(|level| level.overlay.is_some())
    }

    /// Takes the next piece of a text and appends to `out` what is decided.
    pub(crate) fn push(&self, piece: &[u8], progress: &mut Progress, out: &mut Vec<u8>) {
        let Progress { tail, state } = progress;
        let Some(scan) = &self.scan else {
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
        let Progress { tail, state } = progress;
        match &self.scan {
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
        self.plan.max_held() + self.scan.as_ref().map_or(0, Scan::max_held)
    }
}

/// The config, or the levels where there is none, and the words laid over them.
impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Converter");
        match &self.config {
            Some(config) => shown.field("config", config),
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
        self.tail.len() + self.state.machine.held()
    }
}
