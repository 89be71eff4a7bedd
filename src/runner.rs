//! [`Runner`]: a plan with its scan, whole texts and pieces.

use crate::engine::{End, Machine, Plan};
use crate::scan::{derive, Scan, State, Target};

/// A plan, and the scan that runs it only where it must.
#[derive(Clone)]
pub(crate) struct Runner {
    plan: Plan,
    /// None for a plan that allows no scan; the machine then runs everywhere.
    scan: Option<Scan>,
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
    pub(crate) fn embedded(plan: Plan, scan: Scan) -> Runner {
        Runner {
            plan,
            scan: Some(scan),
        }
    }

    /// Of a plan, making its scan.
    pub(crate) fn new(plan: Plan) -> Runner {
        let scan = derive::derive(&plan);
        Runner { plan, scan }
    }

    /// Converts a whole text and appends the result to `out`; returns false and leaves `out`
    /// alone if nothing changes.
    pub(crate) fn convert(&self, text: &[u8], out: &mut impl Target) -> bool {
        let from = out.bytes().len();
        let may_change = match &self.scan {
            Some(scan) => scan.convert(&self.plan, text, out),
            None => {
                let mut converted = Vec::new();
                Machine::default().push(&self.plan.levels, text, End::Here, &mut converted);
                out.append(&converted);
                true
            }
        };
        // A character that would change alone may stay in the phrase it stands in, as 涂 does in
        // a name, and the scan learns that too late.
        let converted = &out.bytes()[from..];
        let changed = may_change && converted != text;
        if !changed {
            out.take_back(converted.len());
        }
        changed
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

    /// More bytes than are ever held back.
    pub(crate) fn max_held(&self) -> usize {
        self.plan.max_held() + self.scan.as_ref().map_or(0, Scan::max_held)
    }
}

impl Progress {
    /// How many bytes are held back.
    pub(crate) fn held(&self) -> usize {
        self.tail.len() + self.state.machine.held()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Config, Converter};
    use std::borrow::Cow;

    #[test]
    fn a_phrase_that_keeps_its_characters_is_no_change() {
        let converter = Converter::new(Config::S2t);
        assert_eq!(converter.convert("涂"), "塗");
        assert!(matches!(converter.convert("涂序瑄"), Cow::Borrowed(_)));
    }
}
