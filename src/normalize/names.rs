//! Surnames that are written like a more common word: 余 beside 餘, 于 beside 於, 范 beside 範.
//!
//! A converter that knows no names writes the word. A title after the surname makes a word of the lists; here it is
//! what stands before a name, and the shape of a name between two pauses. All but
//! `is_never_a_surname` is in representatives, so one list serves both scripts and every damaged spelling.

// From `data/normalize/surnames.tsv`, `names.tsv` and `titles.tsv`, which say more: `SURNAMES`, with the Traditional form
// and whether the shape of a name does not do; `TITLES`; `COMMON` surnames and `MORE`; what given names are made of,
// `GIVEN`; what follows a name, `AFTER`; `is_in_given`, whether the character has its Simplified form in given names;
// `is_never_a_surname`, what is wrong after a title even in clean text.
include!(concat!(env!("OUT_DIR"), "/normalize_names.rs"));

/// Whether the character at `at` ends what looks like a name: a surname before it, or one character further.
pub(super) fn ends_a_name(reps: &[char], at: usize) -> bool {
    let surname = |back: usize| at >= back && COMMON.contains(reps[at - back]);
    let closes = |to: usize| reps.get(to).is_none_or(|&c| AFTER.contains(c));
    surname(1) && (closes(at + 1) || closes(at + 2)) || surname(2) && closes(at + 1)
}

/// Whether the character before, or the one before that, is a surname.
pub(super) fn may_be_a_name(before: Option<char>, further: Option<char>) -> bool {
    [before, further]
        .iter()
        .flatten()
        .any(|&c| COMMON.contains(c))
}

/// The low twelve bits of the characters that end what stands before a name: only after these are the words
/// compared.
static TITLE_ENDS: [u64; 64] = {
    let mut ends = [0; 64];
    let mut i = 0;
    while i < TITLES.len() {
        let bytes = TITLES[i].as_bytes();
        let last = [bytes[bytes.len() - 2], bytes[bytes.len() - 1]];
        let bits = (last[0] as usize & 63) << 6 | last[1] as usize & 63;
        ends[bits / 64] |= 1 << (bits % 64);
        i += 1;
    }
    ends
};

/// Whether the end of `keys` is what stands before a name.
fn introduces(keys: &[char]) -> bool {
    let Some(&last) = keys.last() else {
        return false;
    };
    let bits = (u32::from(last) & 0xfff) as usize;
    TITLE_ENDS[bits / 64] >> (bits % 64) & 1 != 0
        && TITLES.iter().any(|word| {
            let mut keys = keys.iter().rev();
            word.chars().rev().all(|c| keys.next() == Some(&c))
        })
}

/// Whether a representative is one of the surnames.
pub(super) fn is_surname(rep: char) -> bool {
    SURNAMES.iter().any(|entry| entry.0 == rep)
}

/// A surname as it is read in a run.
pub(super) struct Surname {
    /// Its Traditional form.
    pub form: char,
    /// How many characters of a given name follow.
    pub given: usize,
    /// Whether a title or the like stands before it.
    pub introduced: bool,
}

/// The surname at `at` of a run of representatives, if the character is read as one.
///
/// `is_word` tells whether two representatives are a common word.
pub(super) fn surname(
    keys: &[char],
    at: usize,
    is_word: impl Fn(&[char]) -> bool,
) -> Option<Surname> {
    let &(_, form, common) = SURNAMES.iter().find(|entry| entry.0 == keys[at])?;
    let (before, after) = (&keys[..at], &keys[at + 1..]);
    if before
        .last()
        .is_some_and(|&last| is_word(&[last, keys[at]]))
    {
        return None;
    }
    let introduced = introduces(before);
    if !introduced && !before.is_empty() {
        // Nothing introduces it: two characters that names are made of, that are no word, and then a pause.
        let given = !common
            && after.len() >= 2
            && after[..2].iter().all(|c| GIVEN.contains(*c))
            && !is_word(&after[..2])
            && (after.len() == 2 || AFTER.contains(after[2]));
        return given.then_some(Surname {
            form,
            given: 2,
            introduced,
        });
    }
    let names = |given: usize| after[..given].iter().all(|c| GIVEN.contains(*c));
    // Two characters that names are made of are likelier one name than a name and what follows it.
    let two = introduced && after.len() >= 2 && names(2);
    for given in if two { [2, 1] } else { [1, 2] } {
        if after.len() < given
            || given == 2 && is_word(&after[..2]) && !(introduced && names(given))
        {
            continue;
        }
        let closes = after.len() == given
            || AFTER.contains(after[given]) && !is_word(&after[given - 1..=given])
            || introduced && given == 2 && names(given);
        if closes
            && (!common || introduced || before.is_empty() && after.len() == given && given == 2)
        {
            return Some(Surname {
                form,
                given,
                introduced,
            });
        }
    }
    None
}

/// The Traditional form of a character of a given name at `at`: after a surname that something introduces or that
/// begins the run, and where the name then ends.
pub(super) fn in_given(
    keys: &[char],
    at: usize,
    is_word: impl Fn(&[char]) -> bool,
) -> Option<char> {
    let form = keys[at];
    if !is_in_given(form) {
        return None;
    }
    let after = &keys[at + 1..];
    for back in 1..=2 {
        let Some(first) = at.checked_sub(back) else {
            break;
        };
        let surname = COMMON.contains(keys[first]) || MORE.contains(keys[first]);
        if !surname || is_word(&keys[first..first + 2]) {
            continue;
        }
        let more = 2 - back;
        let closes = |given: usize| {
            after.len() == given || after.len() > given && AFTER.contains(after[given])
        };
        let named = (0..=more).any(|given| {
            closes(given)
                && (given == 0 || GIVEN.contains(after[0]) && !is_word(&[keys[at], after[0]]))
        });
        let introduced = introduces(&keys[..first]);
        if named
            && (introduced
                || first == 0
                    && (back == 2 || more == 1 && !after.is_empty() && GIVEN.contains(after[0])))
        {
            return Some(form);
        }
    }
    None
}
