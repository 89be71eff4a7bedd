//! What stands beside a character: a small learned model of which of its Traditional forms that speaks for.
//!
//! One softmax for each of some two hundred Simplified characters, over features of up to two neighbours on
//! either side. `data/train_context.py` trains it; `data/normalize/context.tsv` has its weights, in eighths of a
//! nat against the first form, which is OpenCC's.

use super::cell::Place;
use super::feature::{self, Feature};
use super::flag;
use super::tables::{self, Side};

// `FORMS`: characters in their order, and their forms, the first one first.
include!(concat!(env!("OUT_DIR"), "/normalize_context.rs"));

/// The weights: a hash table by `feature::key`.
static SLOTS: &[[u8; 4]] = include_bytes!(concat!(env!("OUT_DIR"), "/normalize_context.bin"))
    .as_chunks()
    .0;

/// How far the neighbours must speak against a character of both scripts in Traditional text, in eighths of a nat.
const AGAINST_LEFT: i32 = 16;

/// The most forms of a character.
const MOST: usize = 8;

/// What the neighbours of a character say for each of its forms, in eighths of a nat.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scores {
    forms: &'static [u32],
    of: [i32; MOST],
}

impl Scores {
    /// The form that the neighbours speak for, and by how much against `other`; `None` if that is no form of it.
    pub(super) fn against(&self, other: u32) -> Option<(u32, i32)> {
        let at = self.forms.iter().position(|&form| form == other)?;
        let best = (0..self.forms.len()).fold(at, |best, k| match self.of[k] > self.of[best] {
            true => k,
            false => best,
        });
        Some((self.forms[best], self.of[best] - self.of[at]))
    }

    /// The form that stands for a character of both scripts in Traditional text: another one where they speak
    /// clearly against it.
    pub(super) fn instead_of(&self, own: u32) -> u32 {
        match self.against(own) {
            Some((form, margin)) if margin > AGAINST_LEFT => form,
            _ => own,
        }
    }

    /// What they say for a form; 0 for one that the model does not know.
    pub(super) fn of(&self, form: u32) -> i32 {
        let at = self.forms.iter().position(|&other| other == form);
        at.map_or(0, |at| self.of[at])
    }
}

/// Whether a character of both scripts stands in Traditional text for another one.
pub(super) fn is_left(places: &[Place], at: usize) -> bool {
    let touches = |k: usize| places[k].touches && places[k].cell.is_han();
    let (mut start, mut end) = (at, at + 1);
    while start > 0 && at - start < 2 && touches(start) && places[start - 1].cell.is_han() {
        start -= 1;
    }
    while end < places.len() && end - at < 3 && touches(end) {
        end += 1;
    }
    let own = places[at].cell.own(Side::Traditional);
    let scores = scores(&places[start..end], at - start, true);
    scores.is_some_and(|scores| scores.instead_of(own) != own)
}

/// The forms that the model knows of a Simplified character.
fn forms(c: u32) -> Option<&'static [u32]> {
    let at = FORMS.binary_search_by_key(&c, |entry| entry.0).ok()?;
    Some(FORMS[at].1)
}

/// What stands beside the character at `at` of a run of ideographs that touch; `alone` tells that it is a word of
/// its own. `None` if the model does not know it.
pub(super) fn scores(run: &[Place], at: usize, alone: bool) -> Option<Scores> {
    let c = run[at].cell.plainly();
    let forms = forms(c)?;
    let place = |by: isize| at.checked_add_signed(by).and_then(|at| run.get(at));
    let neighbour = |by: isize| place(by).map_or(feature::NONE, |place| place.cell.plainly());
    let kind = |by: isize| {
        let flags = place(by).map_or(0, |place| match place.cell.is_plain(Side::Simplified) {
            true => place.cell.flags,
            false => tables::known(place.cell.plainly()).flags,
        });
        u32::from(feature::KINDS[(flags >> flag::KIND_SHIFT & 3) as usize])
    };
    let (left, right) = (neighbour(-1), neighbour(1));
    let (left_kind, right_kind) = (kind(-1), kind(1));
    let features = [
        (
            if alone {
                Feature::Alone
            } else {
                Feature::Inside
            },
            (0, 0),
            true,
        ),
        (Feature::Left, (left, 0), true),
        (Feature::Right, (right, 0), true),
        (
            Feature::LeftTwo,
            (neighbour(-2), left),
            left != feature::NONE,
        ),
        (
            Feature::RightTwo,
            (right, neighbour(2)),
            right != feature::NONE,
        ),
        (Feature::Both, (left, right), true),
        (Feature::LeftKind, (left_kind, 0), left_kind != 0),
        (Feature::RightKind, (right_kind, 0), right_kind != 0),
        (
            Feature::Kinds,
            (left_kind, right_kind),
            left_kind != 0 && right_kind != 0,
        ),
    ];
    let (mut seen, mut count) = ([0; 9], 0);
    for (feature, neighbours, _) in features.into_iter().filter(|feature| feature.2) {
        seen[count] = feature::seen(feature, neighbours);
        count += 1;
    }
    let mut scores = Scores {
        forms,
        of: [0; MOST],
    };
    for (score, &form) in scores.of[1..].iter_mut().zip(&forms[1..]) {
        for &seen in &seen[..count] {
            *score += weight(feature::of_form(seen, c, form));
        }
    }
    Some(scores)
}

/// What the model has for a key.
fn weight(key: u64) -> i32 {
    let shift = 64 - SLOTS.len().ilog2();
    let mut at = (key >> shift) as usize;
    loop {
        let slot = u32::from_le_bytes(SLOTS[at]);
        if slot == 0 {
            return 0;
        }
        if slot >> 8 == feature::tag(key) {
            return i32::from(slot as u8 as i8);
        }
        at = (at + 1) % SLOTS.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Cell;
    use super::*;

    fn run(text: &str) -> Vec<Place> {
        let place = |(at, c): (usize, char)| Place {
            at: at as u32,
            c: c.into(),
            cell: Cell::of(c.into()),
            touches: at > 0,
        };
        text.char_indices().map(place).collect()
    }

    #[test]
    fn neighbours_speak_for_a_form() {
        for (text, at, form) in [
            ("一只猫", 1, '隻'),
            ("只能怪你", 0, '只'),
            ("想干什么", 1, '幹'),
            ("皮肤很干", 3, '乾'),
            ("面来了", 0, '麵'),
        ] {
            let scores = scores(&run(text), at, true).expect("a character of several forms");
            let (best, _) = scores.against(scores.forms[0]).expect("the first is one");
            assert_eq!(char::from_u32(best), Some(form), "{text}");
        }
    }

    #[test]
    fn the_forms_fit() {
        assert!(FORMS
            .iter()
            .all(|(_, forms)| (2..=MOST).contains(&forms.len())));
        assert!(FORMS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
