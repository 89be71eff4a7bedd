//! Mixed and damaged script in, clean text out, and a true account of what was changed.
//!
//! ```
//! use zhnorm::normalize::{Normalizer, Target};
//!
//! let normalizer = Normalizer::new(Target::Tw);
//! assert_eq!(normalizer.normalize("習近平縂書記在賀信中強調媒躰融郃"), "習近平總書記在賀信中強調媒體融合");
//! ```

mod cell;
mod clean;
mod context;
mod evidence;
mod feature;
mod filter;
mod flag;
mod judged;
mod kind;
mod lattice;
mod layout;
mod mapped;
mod names;
pub(crate) mod normalizer;
mod options;
#[cfg(feature = "rayon")]
mod parallel;
mod regions;
mod repair;
mod report;
mod runs;
mod shadow;
mod stream;
mod tables;
mod weighing;

pub use normalizer::Normalizer;
pub use options::{PrivateUse, Source, Style, Target, VariationSelectors, Width};
pub use report::{Change, Normalized, Reason, Report, Suspect};
pub use stream::Stream;
