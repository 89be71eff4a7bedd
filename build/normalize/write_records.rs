//! Ninth: the files of the characters, which `src/normalize/tables.rs` reads in place.

use std::collections::BTreeMap;

use super::forms::{Forms, Usual};
use super::lists::Regional;
use super::maps::HashSet;
use super::records::{Choice, Record};
use super::{flag, kind, layout, Output};

/// Writes what is known of each character.
pub fn write_records(
    out: &Output,
    records: &BTreeMap<char, Record>,
    forms: &Forms,
    usual: &Usual,
    regional: &Regional,
    kinds: &[(char, u32)],
) {
    // Record 0 is every other character.
    let mut written: Vec<u32> = vec![0; layout::RECORD / 4];
    let mut choices: Vec<u32> = Vec::new();
    let mut list = |of: &[Choice]| {
        let start = choices.len() as u32;
        choices.extend(of.iter().map(|choice| {
            choice.form as u32 | (choice.kind as u32) << 21 | u32::from(choice.prior) << 24
        }));
        assert!(start < 1 << 24 && of.len() < 256, "a list of choices fits");
        start | (of.len() as u32) << 24
    };
    for (&c, record) in records {
        written.extend([
            c as u32,
            record.rep as u32,
            record.canon as u32,
            usual.canon(c) as u32 | u32::from(usual.is_one_of_several(c)) << 31,
            record.flags,
            list(&record.t),
            list(&record.s),
        ]);
    }
    out.numbers("normalize_records.bin", &written);
    out.numbers("normalize_choices.bin", &choices);
    let standard = standard(forms, regional);
    out.numbers("normalize_standard.bin", &pairs(&standard));
    out.numbers("normalize_hong_kong.bin", &pairs(&regional.to_hk));
    out.numbers("normalize_dense.bin", &dense(records, regional, kinds));
}

/// From the canonical form back to OpenCC's standard.
fn standard(forms: &Forms, regional: &Regional) -> BTreeMap<char, char> {
    let (st, classes) = (&forms.opencc.st, forms.classes);
    let mut standard: BTreeMap<char, char> = BTreeMap::new();
    for forms in st.values() {
        let c = classes.canon(forms[0]);
        if c != forms[0] {
            standard.entry(c).or_insert(forms[0]);
        }
    }
    let firsts: HashSet<char> = st.values().map(|forms| forms[0]).collect();
    for (&from, &to) in &classes.canon {
        if from != to && !firsts.contains(&to) && !regional.is_one_in_taiwan(from) {
            standard.entry(to).or_insert(from);
        }
    }
    standard
}

fn pairs(map: &BTreeMap<char, char>) -> Vec<u32> {
    map.iter()
        .flat_map(|(&from, &to)| [from as u32, to as u32])
        .collect()
}

/// What a scan asks of every character, two words each: its flags; the number of its record and its
/// representative.
fn dense(records: &BTreeMap<char, Record>, regional: &Regional, kinds: &[(char, u32)]) -> Vec<u32> {
    let plain = |code: u32| match flag::of_block(code) & flag::HAN {
        0 => 0,
        _ => flag::PLAIN_S | flag::PLAIN_T,
    };
    let mut words: Vec<u32> = (layout::FIRST..layout::END)
        .flat_map(|code| [flag::of_block(code) | plain(code), code << 16])
        .collect();
    let place = |code: u32| 2 * (code - layout::FIRST) as usize;
    for (number, (&c, record)) in records.iter().enumerate() {
        let code = c as u32;
        if !(layout::FIRST..layout::END).contains(&code) {
            let outside = matches!(code, 0..layout::FIRST | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff);
            assert!(outside, "a record where no scan looks for one");
            continue;
        }
        let stays = |choices: &[Choice]| {
            choices
                .first()
                .is_none_or(|x| x.form == c && x.kind == kind::FREE)
        };
        let mut plain = plain(code);
        if !stays(&record.s) {
            plain &= !flag::PLAIN_S;
        }
        if !stays(&record.t) || ![c, '\0'].contains(&record.canon) {
            plain &= !flag::PLAIN_T;
        }
        let rep = u16::try_from(record.rep as u32).unwrap_or(0);
        words[place(code)] = flag::of_block(code) | record.flags | plain;
        words[place(code) + 1] = (number as u32 + 1) | u32::from(rep) << 16;
    }
    for &(c, flags) in kinds {
        words[place(c as u32)] |= flags;
    }
    // Regions write them differently, whatever their records say.
    let one = regional
        .one
        .iter()
        .flat_map(|(taiwan, there)| [taiwan, there]);
    for &c in one {
        words[place(c as u32)] &= !flag::PLAIN_T;
    }
    words
}
