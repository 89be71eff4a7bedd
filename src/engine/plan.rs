//! From tables to the chain of levels that the engine runs.

use super::description::OPERATORS;
use super::{Level, Plan, Role};
use crate::table::{Origins, Table};

/// The chain of one's own tables.
pub(crate) fn of_tables(
    normalization: Vec<Table>,
    segmentation: Option<Table>,
    mut stages: Vec<Table>,
) -> Plan {
    let mut levels: Vec<Level> = normalization.into_iter().map(convert).collect();
    if let Some(segmentation) = segmentation {
        let first = stages.first();
        let level = if first.is_some_and(|stage| cuts_at_phrases(&segmentation, stage)) {
            let stage = stages.remove(0);
            match stages.is_empty() {
                // No stage could reach over the end of a segment.
                true => convert(stage),
                false => Level::new(stage, Role::SegmentAndConvert),
            }
        } else {
            Level::new(segmentation, Role::Segment(Origins::ALL))
        };
        levels.push(level);
    }
    levels.extend(stages.into_iter().map(convert));
    Plan { levels }
}

/// Whether the keys of `segmentation` are the phrases of `stage`, its keys of several characters: as
/// in OpenCC's configs from Simplified. Then one look at the text does for both. A key that is an
/// operator of description sequences would do more, since the segmentation copies such a sequence
/// as one.
pub(crate) fn cuts_at_phrases(segmentation: &Table, stage: &Table) -> bool {
    stage.has_keys_of(segmentation, |key, is_segment| {
        let mut characters = key.chars();
        let first = characters.next();
        let is_operator = first.is_some_and(|first| OPERATORS.contains(&first));
        match characters.next() {
            Some(_) => is_segment,
            None => !is_segment && !is_operator,
        }
    })
}

fn convert(table: Table) -> Level {
    Level::new(table, Role::Convert(Origins::ALL))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::engine::{End, Machine};

    /// Every text of up to `length` of the characters.
    pub(crate) fn all_texts(characters: &[char], length: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut from = 0;
        for _ in 0..length {
            let to = texts.len();
            for index in from..to {
                for character in characters {
                    texts.push(format!("{}{character}", texts[index]));
                }
            }
            from = to;
        }
        texts
    }

    type Pairs<'p> = &'p [(&'p str, &'p str)];

    const PHRASES: Pairs = &[("一二", "二一"), ("二三三", "三"), ("a二", "二a")];
    const CHARACTERS: Pairs = &[("一", "三"), ("三", "二"), ("a", "一")];
    const LATER: Pairs = &[
        ("二二", "甲"),
        ("三二", "乙"),
        ("二一三", "丙"),
        ("a三", "丁"),
    ];

    fn table(pairs: &[Pairs]) -> Table {
        let pairs = pairs.iter().copied().flatten().copied();
        Table::from_pairs("test", pairs).expect("well-formed")
    }

    /// The roles of the levels of a plan that is found to convert as one whose segmentation is a level
    /// of its own, with words and without.
    fn roles(segments: &[Pairs], stages: &[&[Pairs]]) -> Vec<Role> {
        let segments = table(segments);
        let stages: Vec<Table> = stages.iter().map(|pairs| table(pairs)).collect();
        let mut apart = vec![Level::new(segments.clone(), Role::Segment(Origins::ALL))];
        apart.extend(stages.iter().cloned().map(convert));
        let apart = Plan { levels: apart };
        let plan = of_tables(Vec::new(), Some(segments), stages);
        let words = table(&[&[("二一", "w"), ("一二", "v"), ("三", "u")]]);
        for words in [vec![], vec![words]] {
            let [mut plan, mut apart] = [plan.clone(), apart.clone()];
            for plan in [&mut plan, &mut apart] {
                plan.set_words(words.clone(), 0);
                plan.find_firsts();
            }
            for text in all_texts(&['一', '二', '三', 'a', '⿰'], 6) {
                let [got, expected] = [&plan, &apart].map(|plan| {
                    let mut out = Vec::new();
                    Machine::default().push(&plan.levels, text.as_bytes(), End::Here, &mut out);
                    String::from_utf8(out).expect("text stays text")
                });
                assert_eq!(got, expected, "{text} {words:?}");
            }
        }
        plan.levels.iter().map(|level| level.role).collect()
    }

    #[test]
    fn a_segmentation_by_the_phrases_of_the_first_stage_is_one_level_with_it() {
        let roles_with_later = |phrases: &[Pairs]| {
            let first = [phrases, &[CHARACTERS]].concat();
            roles(phrases, &[&first, &[LATER]])
        };
        let both = [Role::SegmentAndConvert, Role::Convert(Origins::ALL)];
        assert_eq!(roles_with_later(&[PHRASES]), both);
        // A phrase may begin as a description does.
        assert_eq!(roles_with_later(&[PHRASES, &[("⿰一二", "⿰二一")]]), both);
        // Where no stage follows it makes no segments.
        assert_eq!(roles(&[PHRASES], &[&[PHRASES, CHARACTERS]]), both[1..]);
    }

    #[test]
    fn any_other_segmentation_is_a_level_of_its_own() {
        let other: Pairs = &[("二二", "一")];
        let single: Pairs = &[("二", "三")];
        let operator: Pairs = &[("⿰", "一")];
        let cases: [[&[Pairs]; 2]; 4] = [
            [&[PHRASES], &[PHRASES, other, CHARACTERS]],
            [&[PHRASES, other], &[PHRASES, CHARACTERS]],
            [&[PHRASES, single], &[PHRASES, single, CHARACTERS]],
            [&[PHRASES], &[PHRASES, CHARACTERS, operator]],
        ];
        for [segments, first] in cases {
            let roles = roles(segments, &[first, &[LATER]]);
            assert!(matches!(roles[..], [Role::Segment(_), _, _]), "{roles:?}");
        }
    }
}
