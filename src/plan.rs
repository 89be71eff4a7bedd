//! From a config to the chain of levels that the engine runs. The only file that knows the
//! order of a chain.

use crate::config::Config;
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
    stages: Vec<Table>,
) -> Plan {
    let segmentation = segmentation.map(|table| Level::new(table, Role::Segment(Origins::ALL)));
    let levels = normalization.into_iter().map(convert);
    let levels = levels
        .chain(segmentation)
        .chain(stages.into_iter().map(convert))
        .collect();
    Plan { levels }
}

fn convert(table: Table) -> Level {
    Level::new(table, Role::Convert(Origins::ALL))
}
