//! From the steps that the build derived to the map of one choice of forms.

use std::collections::HashMap;

use once_cell::sync::OnceCell;

use super::forms::Forms;
use crate::scan::characters::Characters;

/// For each step three bytes of the character and its groups, and three of what it becomes.
static STEPS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fold.bin"));

/// Where the groups of a step begin among the bits of its first number.
const GROUPS_SHIFT: u32 = 21;

/// The map of a choice of forms, made at the first call.
pub(super) fn of(forms: u8) -> &'static Characters {
    static MAPS: [OnceCell<Characters>; 1 << Forms::ALL.len()] =
        [const { OnceCell::new() }; 1 << Forms::ALL.len()];
    MAPS[usize::from(forms)].get_or_init(|| Characters::new(&pairs(forms)))
}

/// Each character that changes, and what it becomes.
fn pairs(forms: u8) -> Vec<(char, char)> {
    let number = |bytes: [u8; 3]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
    let character = |code| char::from_u32(code).expect("the build writes characters");
    let steps: HashMap<char, char> = STEPS
        .as_chunks::<6>()
        .0
        .iter()
        .map(|&[a, b, c, d, e, f]| (number([a, b, c]), number([d, e, f])))
        .filter(|&(from, _)| {
            let groups = (from >> GROUPS_SHIFT) as u8;
            groups == 0 || groups & forms != 0
        })
        .map(|(from, to)| (character(from & ((1 << GROUPS_SHIFT) - 1)), character(to)))
        .collect();
    let end = |(&from, &to): (&char, &char)| {
        let mut end = to;
        while let Some(&next) = steps.get(&end) {
            end = next;
        }
        (from, end)
    };
    steps.iter().map(end).collect()
}
