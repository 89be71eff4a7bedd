//! From a config to the chain of levels that the engine runs. The only file that knows the
//! order of a chain.

use crate::config::Config;
use crate::engine::description::OPERATORS;
use crate::engine::{Level, Plan, Role};
use crate::map::Map;
use crate::recipe::ConfigRecipe;
use crate::table::{Origins, Table};

/// Whether a conversion to Simplified may produce characters that few fonts have, such as 𫝈 for
/// 㑮 (OpenCC calls them a "tofu risk").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RareCharacters {
    /// They may come out, as with the OpenCC library.
    #[default]
    Include,
    /// The Traditional character stays, as with the OpenCC command line.
    Exclude,
}

/// The table of the values that few fonts have.
const RARE: &str = "TSCharactersExt";

/// The chain of a built-in config, of the maps that `table` gives.
pub(crate) fn builtin(config: Config, rare: RareCharacters, table: impl Fn(Map) -> Table) -> Plan {
    let recipe = ConfigRecipe::of(config);
    let mut levels = vec![convert(table(Map::Normalization))];
    let mut stages = recipe.stages;
    if let Some(segmentation) = &recipe.segmentation {
        let phrases = table(segmentation.map);
        let origins = phrases.origins(|name| segmentation.tables.contains(&name));
        if stages[0] == segmentation.map {
            // Its other keys are all single characters, so one look at the text does for both.
            levels.push(Level::new(phrases, Role::SegmentAndConvert(origins)));
            stages = &stages[1..];
        } else {
            levels.push(Level::new(phrases, Role::Segment(origins)));
        }
    }
    for &stage in stages {
        let table = table(stage);
        // A rare character's key stands for itself once the table of rare values does not count.
        let counts = |name: &str| rare == RareCharacters::Include || name != RARE;
        let origins = table.origins(counts);
        levels.push(Level::new(table, Role::Convert(origins)));
    }
    Plan { levels }
}

/// The chain of one's own tables.
pub(crate) fn custom(
    normalization: Vec<Table>,
    segmentation: Option<Table>,
    mut stages: Vec<Table>,
) -> Plan {
    let mut levels: Vec<Level> = normalization.into_iter().map(convert).collect();
    if let Some(segmentation) = segmentation {
        let same = stages.first();
        match same.and_then(|stage| origins_of_same(&segmentation, stage)) {
            Some(origins) => {
                let stage = stages.remove(0);
                // Where no stage follows, nothing can reach over the end of a segment.
                levels.push(match stages.is_empty() {
                    true => convert(stage),
                    false => Level::new(stage, Role::SegmentAndConvert(origins)),
                });
            }
            None => levels.push(Level::new(segmentation, Role::Segment(Origins::ALL))),
        }
    }
    levels.extend(stages.into_iter().map(convert));
    Plan { levels }
}

/// The origins of the keys of `stage` that are those of `segmentation`, if these are phrases and all
/// its other keys single characters: as in OpenCC's configs, where the phrases of the first stage
/// are the segments. Then one look at the text does for both. A key that is an operator of
/// description sequences would do more, since the segmentation copies such a sequence as one.
fn origins_of_same(segmentation: &Table, stage: &Table) -> Option<Origins> {
    stage.origins_of_keys(segmentation, |key, is_segment| {
        let mut characters = key.chars();
        let is_operator = characters
            .next()
            .is_some_and(|first| OPERATORS.contains(&first));
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
mod tests {
    use super::*;
    use crate::engine::{End, Machine};
    use crate::runner::tests::all_texts;

    type Pairs<'p> = &'p [(&'p str, &'p str)];

    const PHRASES: Pairs = &[("一二", "二一"), ("二三三", "三"), ("a二", "二a")];
    const CHARACTERS: Pairs = &[("一", "三"), ("三", "二"), ("a", "一")];
    const LATER: Pairs = &[
        ("二二", "甲"),
        ("三二", "乙"),
        ("二一三", "丙"),
        ("a三", "丁"),
    ];

    fn table(name: &str, pairs: Pairs) -> Table {
        Table::from_pairs(name, pairs.iter().copied()).expect("well-formed")
    }

    fn stage(phrases: Pairs, characters: Pairs) -> Table {
        let tables = [table("phrases", phrases), table("characters", characters)];
        Table::union(&tables).expect("two tables")
    }

    fn segmentation(keys: Pairs) -> Table {
        let keys: Vec<_> = keys.iter().map(|&(key, _)| (key, "x")).collect();
        table("segments", &keys)
    }

    /// The roles of the levels of a plan that is found to convert as one whose segmentation is a level
    /// of its own, with words and without.
    fn roles(segments: Table, stages: &[Table]) -> Vec<Role> {
        let merged = custom(Vec::new(), Some(segments.clone()), stages.to_vec());
        let mut apart = vec![Level::new(segments, Role::Segment(Origins::ALL))];
        apart.extend(stages.iter().cloned().map(convert));
        let apart = Plan { levels: apart };
        let words = table("words", &[("二一", "w"), ("一二", "v"), ("三", "u")]);
        for words in [None, Some(words)] {
            let [mut merged, mut apart] = [merged.clone(), apart.clone()];
            for plan in [&mut merged, &mut apart] {
                plan.set_words(words.clone(), 0);
                plan.find_firsts();
            }
            for text in all_texts(&['一', '二', '三', 'a', '⿰'], 6) {
                let [merged, apart] = [&merged, &apart].map(|plan| {
                    let mut out = Vec::new();
                    Machine::default().push(&plan.levels, text.as_bytes(), End::Here, &mut out);
                    String::from_utf8(out).expect("text stays text")
                });
                assert_eq!(merged, apart, "{text} {words:?}");
            }
        }
        merged.levels.iter().map(|level| level.role).collect()
    }

    #[test]
    fn a_segmentation_by_the_phrases_of_the_first_stage_is_one_level_with_it() {
        let convert = Role::Convert(Origins::ALL);
        let [first, later] = [stage(PHRASES, CHARACTERS), table("later", LATER)];
        let is_merged = |roles: &[Role]| matches!(roles, [Role::SegmentAndConvert(_), _]);

        let stages = [first.clone(), later.clone()];
        assert!(is_merged(&roles(segmentation(PHRASES), &stages)));
        // Where none follows it makes no segments.
        assert_eq!(roles(segmentation(PHRASES), &[first]), [convert]);
        // A phrase may begin as a description does.
        let more: Pairs = &[("⿰一二", "⿰二一")];
        let more = [PHRASES, more].concat();
        let stages = [stage(&more, CHARACTERS), later];
        assert!(is_merged(&roles(segmentation(&more), &stages)));
    }

    #[test]
    fn any_other_segmentation_is_a_level_of_its_own() {
        let later = table("later", LATER);
        let other: Pairs = &[("二二", "一")];
        let more = [PHRASES, other].concat();
        let operator: Pairs = &[("⿰", "一")];
        let both = [PHRASES, CHARACTERS].concat();
        let single: Pairs = &[("二", "三")];
        let with_single = [PHRASES, single].concat();
        for (segments, first) in [
            (PHRASES, stage(&more, CHARACTERS)),
            (&more[..], stage(PHRASES, CHARACTERS)),
            (PHRASES, stage(PHRASES, &[CHARACTERS, other].concat())),
            (PHRASES, stage(PHRASES, &[CHARACTERS, operator].concat())),
            (&with_single[..], stage(&with_single, CHARACTERS)),
            // Nothing tells phrases from characters.
            (PHRASES, table("one", &both)),
        ] {
            let roles = roles(segmentation(segments), &[first, later.clone()]);
            assert!(matches!(roles[..], [Role::Segment(_), _, _]), "{roles:?}");
        }
    }
}
