//! Which part of a source became which part of a text.
//!
//! A [`Mapped`] is a text with its source and an [`Alignment`], which maps ranges of either to the other.
//!
//! # Definitions
//!
//! A **span** is the finest part of source and text at whose ends all stages of a conversion have a common
//! boundary: the end of a match, or of a character that was copied. So the sources of all spans are the
//! source, and their targets the text. Where a later stage's phrase begins in the middle of an earlier one's,
//! both are in one span.
//!
//! If a span has as many characters as it had, they map one to one. Otherwise it is **atomic**: it maps as
//! a whole. 头发 → 頭髮 is one to one, 程序员 → 程式設計師 atomic. Nearly all spans of OpenCC's configs are one
//! to one, so an alignment holds only the atomic ones, and those characters whose number of bytes changed.
//!
//! # Laws
//!
//! For ranges on character boundaries, and in the same way with source and target exchanged:
//!
//! - `to_target` is monotone, and what it gives ends on character boundaries;
//! - `to_source(to_target(range))` contains `range`;
//! - a range that ends inside an atomic span is taken to have all of it;
//! - an empty range stays empty, or is all that was removed there; inside an atomic span it is the span.
//!
//! What conversion gives alignments: [`Converter::convert_mapped`](crate::Converter::convert_mapped).

mod alignment;
mod error;
mod mapped;
mod protect;
mod spans;
mod units;

pub use alignment::Alignment;
pub(crate) use alignment::Builder;
pub use error::{RangeError, RangeErrorKind};
pub use mapped::Mapped;
pub(crate) use protect::{map_parts, map_protected};
pub use protect::{Protected, Protection};
pub(crate) use spans::Marked;
pub use spans::{Span, SpanKind, Spans};
pub use units::{Offsets, UnitMap};
