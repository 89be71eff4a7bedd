//! Where regions write a character differently: `data/normalize/regional.tsv`.

use super::options::Target;
use super::tables;

// `ONE`: what Taiwan writes for both, the other one, the representative of both. `SENSE`: what Taiwan writes, what all
// others do, and the Simplified character for which they do. `MADE`: forms that Taiwan's text may have, and what is
// written there for what becomes one. `LIVE`: what stays as found in Taiwan's text, and in
// Hong Kong's.
include!(concat!(env!("OUT_DIR"), "/normalize_regions.rs"));

/// Whether the representative is of two characters for which Taiwan writes one.
#[inline]
pub(super) fn is_one_in_taiwan(rep: u32) -> bool {
    ONE.iter().any(|one| one.2 == rep)
}

/// Whether Taiwan writes one character for these two.
pub(super) fn are_one_in_taiwan(a: u32, b: u32) -> bool {
    let among = |c| move |one: &&(u32, u32, u32)| [one.0, one.1].contains(&c);
    ONE.iter().filter(among(a)).any(|one| among(b)(&one))
}

/// What all but Taiwan write for a form that a character of this representative was read as, if another one.
pub(super) fn sense(rep: u32, form: u32) -> Option<u32> {
    let found = SENSE.iter().find(|sense| (sense.0, sense.2) == (form, rep));
    found.map(|sense| sense.1)
}

/// Whether people of the target's region write a character beside the form that the target prefers.
pub(super) fn is_live(target: Target, c: u32) -> bool {
    match target {
        Target::Tw => LIVE[0].contains(&c),
        Target::Hk => LIVE[1].contains(&c),
        Target::Hans | Target::Hant => false,
    }
}

/// What the target writes for a form that was not there before.
pub(super) fn make(target: Target, form: u32) -> u32 {
    let made = MADE.iter().filter(|_| target == Target::Tw);
    let made = made.into_iter().find(|made| made.0 == form);
    made.map_or_else(|| write(target, form), |made| made.1)
}

/// A canonical form as the target writes it.
pub(super) fn write(target: Target, form: u32) -> u32 {
    match target {
        Target::Hans => form,
        Target::Tw => ONE
            .iter()
            .find(|one| one.1 == form)
            .map_or(form, |one| one.0),
        Target::Hant => tables::standard(form),
        Target::Hk => tables::hong_kong(form),
    }
}
