//! What the scan knows of a plan.

use std::borrow::Cow;

use super::classes::Classes;
use super::exception_pairs::ExceptionPairs;
use super::exceptions::Exceptions;
use super::filter::Filter;
use super::passthrough::Passthrough;

/// What the scan needs to know of a plan; derived from it by [`derive`](super::derive).
#[derive(Clone)]
pub(crate) struct Scan {
    pub(crate) classes: Classes,
    /// A pair of each exception, near its start: the one that is rarest in texts, as far as known.
    pub(crate) pairs: ExceptionPairs,
    /// The characters to look at where nothing is written.
    pub(crate) passthrough: Passthrough,
    /// What an exception pair is checked against.
    pub(crate) exceptions: Exceptions,
    /// Pairs that stand side by side in a key of any level; then, if more than one level has keys of
    /// two characters, those of each of these but the first.
    pub(crate) joined: Cow<'static, [Filter]>,
    /// How many safe boundaries must follow each other, going left, for the last of them to be a cut.
    /// Going right, of twice as many less one the middle one is a cut. See `DESIGN.md`, Claim 2.
    pub(crate) lookaround: usize,
    /// For how many characters after an operator a description sequence may go on at any level.
    pub(crate) ids_reach: usize,
    /// The first level after normalization.
    pub(crate) first_level: usize,
    /// The ASCII characters that stand in keys, a bit each.
    pub(crate) ascii_in_keys: u128,
    /// The characters elsewhere, as [`is_elsewhere`](super::classes::is_elsewhere) says, that stand in keys.
    pub(crate) elsewhere: Filter,
    pub(crate) segments: Segmented,
    /// The pairs of the words that win over everything, by their hashes, if there are any.
    pub(crate) keep: Option<Filter>,
    /// With segments apart, the pairs of which one stands wherever the middle level matters, by their
    /// hashes in a trie; else nothing.
    pub(crate) acting: Cow<'static, [Filter]>,
}

/// What is known of the segments that the first level after normalization makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segmented {
    /// Nothing.
    Unknown,
    /// It converts them, and all that crosses a cut after it is known by
    /// [`joined`](Scan::joined).
    Converted,
    /// It makes them only, of the phrases of the third and last level.
    Apart,
}

/// An exception pair stands so many characters after its key's start, at most.
pub(super) const FURTHEST_PAIR: usize = 2;
