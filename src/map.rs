//! The maps the build compiles and the crate embeds, by name. Shared with the build script, which
//! knows the tables each is merged from.

/// A map the build compiles and embeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Map {
    /// Compatibility ideographs to unified ones.
    Normalization,
    /// Simplified to Traditional.
    St,
    /// Traditional to Simplified.
    Ts,
    /// To Taiwan's characters.
    Tw,
    /// To Taiwan's characters and vocabulary.
    Twp,
    /// From Taiwan's characters.
    TwRev,
    /// From Taiwan's characters and vocabulary.
    TwpRev,
    /// To Hong Kong's characters.
    Hk,
    /// To Hong Kong's characters and vocabulary.
    Hkp,
    /// From Hong Kong's characters.
    HkRev,
    /// From Hong Kong's characters and vocabulary.
    HkpRev,
    /// To shinjitai.
    JpRev,
    /// From shinjitai.
    Jp,
}

impl Map {
    /// All maps, in the order of their numbers.
    pub const ALL: [Map; 13] = [
        Map::Normalization,
        Map::St,
        Map::Ts,
        Map::Tw,
        Map::Twp,
        Map::TwRev,
        Map::TwpRev,
        Map::Hk,
        Map::Hkp,
        Map::HkRev,
        Map::HkpRev,
        Map::JpRev,
        Map::Jp,
    ];
}
