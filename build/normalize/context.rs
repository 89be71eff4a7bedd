//! Eleventh: the model of what stands beside a character, a hash table that `src/normalize/context.rs` reads.

use std::path::Path;

use super::feature::{self, Feature};
use super::{flag, Output};
use crate::rows::{one, Row, Rows};

/// The features by the names that the training gives them.
const FEATURES: [(&str, Feature); 10] = [
    ("alone", Feature::Alone),
    ("inside", Feature::Inside),
    ("left", Feature::Left),
    ("right", Feature::Right),
    ("left-two", Feature::LeftTwo),
    ("right-two", Feature::RightTwo),
    ("both", Feature::Both),
    ("left-kind", Feature::LeftKind),
    ("right-kind", Feature::RightKind),
    ("kinds", Feature::Kinds),
];

/// The model as `context.tsv` has it.
#[derive(Default)]
pub struct Model {
    /// The flags of neighbours that are of a kind.
    pub kinds: Vec<(char, u32)>,
    /// The forms of each character, the first one first.
    forms: Vec<(char, String)>,
    /// By key, in eighths of a nat.
    weights: Vec<(u64, i8)>,
}

impl Model {
    pub fn read(folder: &Path) -> Model {
        let mut model = Model::default();
        for row in Rows::read(folder, "context.tsv").iter() {
            let text = row.field(2).to_owned();
            match row.fields[0] {
                "kind" => {
                    let is_named = |kind: &char| *kind == row.character(1);
                    let Some(kind) = feature::KINDS.iter().position(is_named) else {
                        row.fail("unknown kind");
                    };
                    let flags = (kind as u32) << flag::KIND_SHIFT;
                    model.kinds.extend(text.chars().map(|c| (c, flags)));
                }
                "forms" => model.forms.push((row.character(1), text)),
                "weight" => model.weights.push(weight(&row)),
                _ => row.fail("unknown class"),
            }
        }
        model.forms.sort();
        model
    }

    pub fn write(&self, out: &Output) {
        out.numbers("normalize_context.bin", &self.slots());
        out.bytes("normalize_context.rs", self.to_rust().as_bytes());
    }
}

fn weight(row: &Row) -> (u64, i8) {
    let Some(&(_, feature)) = FEATURES.iter().find(|(name, _)| *name == row.field(3)) else {
        row.fail("unknown feature");
    };
    let Ok(eighths) = row.field(5).parse() else {
        row.fail("expected a weight in eighths of a nat, from -128 to 127");
    };
    let mut neighbours = row.field(4).chars().map(u32::from);
    let mut neighbour = || neighbours.next().unwrap_or(0);
    let neighbours = (neighbour(), neighbour());
    let (c, form) = (row.character(1) as u32, row.character(2) as u32);
    (feature::key(c, form, feature, neighbours), eighths)
}

impl Model {
    /// Slots of a hash table that is at most two thirds full: 24 bits of the key, then the weight.
    fn slots(&self) -> Vec<u32> {
        let count = (self.weights.len() * 3 / 2).next_power_of_two().max(2);
        let shift = 64 - count.ilog2();
        let mut slots = vec![0u32; count];
        for &(key, weight) in &self.weights {
            let mut at = (key >> shift) as usize;
            while slots[at] != 0 {
                at = (at + 1) % count;
            }
            slots[at] = feature::tag(key) << 8 | u32::from(weight as u8);
        }
        slots
    }

    fn to_rust(&self) -> String {
        let codes = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
        let forms: Vec<String> = self
            .forms
            .iter()
            .map(|(c, forms)| format!("({:#x}, &{:?})", *c as u32, codes(forms)))
            .collect();
        assert!(
            self.forms.iter().all(|(_, forms)| one(forms).is_none()),
            "several forms"
        );
        format!(
            "static FORMS: &[(u32, &[u32])] = &[{}];\n",
            forms.join(", ")
        )
    }
}
