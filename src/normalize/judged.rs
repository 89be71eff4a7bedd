//! Why a character is changed, and how sure that is.

use super::cell::{Cell, Decision};
use super::evidence::Evidence;
use super::options::Options;
use super::report::Reason;
use super::tables::{self, Side};
use super::{flag, regions};

/// The text around a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Clean, in the script that is asked for.
    Clean,
    /// Clean, in the other script.
    Other,
    /// Of both scripts, or damaged.
    Damaged,
}

impl State {
    pub(super) fn of(evidence: &Evidence, side: Side) -> State {
        match side {
            // One word that seems wrong is no proof of itself.
            _ if evidence.but_for_one_word().is_at_home(side) => State::Clean,
            Side::Traditional if evidence.is_simplified() => State::Other,
            Side::Simplified if evidence.is_clean() => State::Other,
            _ => State::Damaged,
        }
    }
}

/// The reason for changing a code point that always stands for another, and how sure that is.
pub(super) fn code_point(source: u32) -> (Reason, f32) {
    match tables::known(source).flags & flag::COMPATIBILITY {
        // It may stand for a character that has another form in this script: ⾯ for 面, which may be 麵.
        0 => (Reason::Radical, 0.985),
        _ => (Reason::Compatibility, 1.0),
    }
}

/// The reason for changing `source`, and about the share of such changes that are right in the clean and damaged texts
/// of `tests/normalize`; `audit.py calibration` measures it. Of style and radicals it is set, not measured.
pub(super) fn judged(
    options: &Options,
    source: u32,
    to: u32,
    decision: Decision,
    state: State,
) -> (Reason, f32) {
    let (cell, side) = (Cell::of(source), options.side());
    let info = tables::info(cell.number);
    let only = match side {
        Side::Simplified => flag::HANT_ONLY,
        Side::Traditional => flag::HANS_ONLY,
    };
    if cell.c != source && to == cell.c {
        return code_point(source);
    }
    if info.flags & flag::RARE != 0 {
        let sure = match (decision.by_word, state) {
            (true, State::Damaged) => 0.995,
            (false, State::Damaged) => 0.99,
            (true, _) => 0.9,
            (false, _) => 0.6,
        };
        return (Reason::Variant, sure);
    }
    if info.flags & only != 0 {
        let sure = match (decision.by_word, info.choices(cell.c, side).len()) {
            (_, 1) => 0.999,
            (true, _) => 0.991,
            (false, _) => 0.975,
        };
        return (Reason::Script, sure);
    }
    if decision.form == cell.own(side) || regions::are_one_in_taiwan(cell.own(side), decision.form)
    {
        return (Reason::Style, 0.995);
    }
    let sure = match (state, decision.by_word) {
        (State::Other, true) => 0.98,
        (State::Other, false) => 0.97,
        // Where all else is right, what looks wrong may be right as well.
        (State::Clean, true) => 0.9,
        (State::Clean, false) => 0.85,
        (State::Damaged, true) => 0.99,
        (State::Damaged, false) => 0.98,
    };
    (Reason::Word, sure)
}
