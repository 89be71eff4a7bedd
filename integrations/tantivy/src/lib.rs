#![doc = include_str!("../README.md")]

mod char_filter;
mod filtered;
mod fold;

pub use char_filter::{CharFilter, CharFilterStream, CharFilterTokenizer};
pub use filtered::Filtered;
pub use fold::{FoldCharacters, FoldFilter, FoldFilterTokenizer, FoldStream, FoldTokenizer};
