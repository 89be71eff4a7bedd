//! Converters of any pair of varieties.

use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::runner::Runner;
use super::{embedded, Converter};
use crate::config::{Pair, Variety};

impl Converter {
    /// The converter from one variety to another; short for `Converter::from(Pair::new(from, to))`.
    ///
    /// What it does, and by way of which of OpenCC's configs, is said at [`Pair`]. It equals those configs run
    /// one after the other, each over all that the one before gave, on every text and however a stream is
    /// cut; but a text passes all of them block by block, and is read from memory once.
    ///
    /// # Complexity
    ///
    /// Microseconds to get one. All that ask for a pair share its converter. A program that calls this holds
    /// the tables of all configs.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::{Converter, Variety};
    ///
    /// let converter = Converter::between(Variety::TaiwanWords, Variety::HongKongWords);
    /// assert_eq!(converter.convert("密西根的機率"), "密芝根的概率");
    ///
    /// let from = "zh-HK".parse()?;
    /// let to = "zh-Hant-TW".parse()?;
    /// assert_eq!(Converter::between(from, to).convert("裏面"), "裡面");
    /// # Ok::<(), zhnorm::UnknownName>(())
    /// ```
    pub fn between(from: Variety, to: Variety) -> Converter {
        Converter::from(Pair::new(from, to))
    }
}

/// [`Converter::between`].
impl From<Pair> for Converter {
    fn from(pair: Pair) -> Converter {
        const COUNT: usize = Variety::ALL.len();
        static RUNNERS: [[OnceCell<Arc<Runner>>; COUNT]; COUNT] =
            [const { [const { OnceCell::new() }; COUNT] }; COUNT];
        let runner = &RUNNERS[pair.source() as usize][pair.target() as usize];
        let runner = runner.get_or_init(|| match *pair.configs() {
            [config] => embedded::runner(config),
            ref configs => {
                let runners = configs.iter().map(|&config| embedded::runner(config));
                Arc::new(Runner::chain(runners.collect()))
            }
        });
        Converter {
            runner: runner.clone(),
        }
    }
}
