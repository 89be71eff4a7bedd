//! Speed: all that is compared takes its turn, round after round in one process, so that what the
//! machine does meanwhile falls on all alike.

use std::time::Duration;

use crate::clock;
use crate::corpus::Corpus;
use crate::peers::Convert;

/// What one converter did on one corpus.
pub struct Timing {
    /// Median processor seconds of one pass over the corpus.
    pub seconds: f64,
    /// Median over the rounds of this one's time by the first one's.
    pub ratio: f64,
}

/// Converts every text of `corpus` once.
fn pass(corpus: &Corpus, converter: &dyn Convert) -> usize {
    let texts = corpus.texts.iter();
    texts.map(|text| converter.converted_len(text)).sum()
}

/// Times `converters` on `corpus`, the first being ours. Each turn lasts about
/// `turn`, or one pass if that takes longer.
pub fn measure(
    corpus: &Corpus,
    converters: &[&dyn Convert],
    rounds: usize,
    turn: Duration,
) -> Vec<Timing> {
    let pairs = converters.iter().map(|converter| (corpus, *converter));
    measure_pairs(&pairs.collect::<Vec<_>>(), rounds, turn)
}

/// The same of converters that each have a corpus of their own.
pub fn measure_pairs(
    pairs: &[(&Corpus, &dyn Convert)],
    rounds: usize,
    turn: Duration,
) -> Vec<Timing> {
    let passes: Vec<u32> = pairs
        .iter()
        .map(|&(corpus, converter)| {
            // The first pass warms caches and lazy tables, the second counts.
            pass(corpus, converter);
            let start = clock::now();
            pass(corpus, converter);
            let once = (clock::now() - start).max(Duration::from_nanos(1));
            (turn.as_nanos() / once.as_nanos()).clamp(1, 1_000_000) as u32
        })
        .collect();

    // times[round][pair]: seconds of a pass.
    let mut times = vec![vec![0.0; pairs.len()]; rounds];
    for (round, times) in times.iter_mut().enumerate() {
        for turn in 0..pairs.len() {
            // Another one starts each round.
            let pair = (turn + round) % pairs.len();
            let (corpus, converter) = pairs[pair];
            let mut length = 0;
            let start = clock::now();
            for _ in 0..passes[pair] {
                length = pass(corpus, converter);
            }
            times[pair] = (clock::now() - start).as_secs_f64() / f64::from(passes[pair]);
            std::hint::black_box(length);
        }
    }
    (0..pairs.len())
        .map(|pair| Timing {
            seconds: median(times.iter().map(|round| round[pair])),
            ratio: median(times.iter().map(|round| round[pair] / round[0])),
        })
        .collect()
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
