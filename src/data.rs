//! Which tables this version of the crate was built from.
//!
//! # Examples
//!
//! ```
//! assert_eq!(zhnorm::data::VERSION, "1.4.2");
//! let phrases = zhnorm::data::tables().find(|(name, _)| *name == "STPhrases");
//! assert_eq!(phrases, Some(("STPhrases", 49_238)));
//! ```

mod generated {
    include!(concat!(env!("OUT_DIR"), "/version.rs"));
}

/// The version of OpenCC whose tables these are.
pub const VERSION: &str = generated::VERSION;

/// The SHA-256, in hexadecimal, of the OpenCC source distribution that the tables come from.
pub const DIGEST: &str = generated::DIGEST;

/// All tables by name, with the number of their entries: the source tables and those derived
/// from them.
pub fn tables() -> impl Iterator<Item = (&'static str, usize)> {
    generated::COUNTS.iter().copied()
}
