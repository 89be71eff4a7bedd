//! Exact and fast Chinese script conversion and normalization.

pub mod data;
pub mod io;

mod config;
mod config_file;
mod converter;
mod detect;
mod embedded;
mod engine;
mod error;
mod map;
mod plan;
mod recipe;
mod runner;
mod scan;
mod serialize;
mod stream;
mod table;

pub use config::Config;
pub use config_file::ConfigFileError;
pub use converter::{Converter, ConverterBuilder, Pipeline};
pub use detect::{
    detect, detect_spans, Counts, Damage, Detection, Region, Script, Span, Spans, Unit,
    UnknownRegion, UnknownScript, UnknownUnit,
};
pub use error::{ParseConfigError, TableError};
pub use plan::RareCharacters;
pub use stream::Stream;
pub use table::{Entry, Table};
