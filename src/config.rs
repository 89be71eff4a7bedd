//! [`Config`]: OpenCC's sixteen configurations by name.

use std::fmt;
use std::str::FromStr;

use crate::error::ParseConfigError;

/// One of OpenCC's sixteen configurations.
///
/// In the names `s` is Simplified Chinese, `t` is OpenCC's own Traditional standard, `tw` and
/// `hk` are the Traditional standards of Taiwan and Hong Kong, `jp` is Japanese shinjitai, and a
/// `p` at the end adds the regional vocabulary (鼠标 → 滑鼠).
///
/// # Examples
///
/// ```
/// use zhnorm::Config;
///
/// let config: Config = "s2twp".parse()?;
/// assert_eq!(config, Config::S2twp);
/// assert_eq!(config.to_string(), "s2twp");
/// # Ok::<(), zhnorm::ParseConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Config {
    /// Simplified to OpenCC's Traditional.
    S2t,
    /// Simplified to Taiwan's Traditional, characters only.
    S2tw,
    /// Simplified to Taiwan's Traditional, with Taiwan's vocabulary.
    S2twp,
    /// Simplified to Hong Kong's Traditional, characters only.
    S2hk,
    /// Simplified to Hong Kong's Traditional, with Hong Kong's vocabulary.
    S2hkp,
    /// OpenCC's Traditional to Simplified.
    T2s,
    /// Taiwan's Traditional to Simplified, characters only.
    Tw2s,
    /// Taiwan's Traditional to Simplified, with the mainland's vocabulary.
    Tw2sp,
    /// Hong Kong's Traditional to Simplified, characters only.
    Hk2s,
    /// Hong Kong's Traditional to Simplified, with the mainland's vocabulary.
    Hk2sp,
    /// OpenCC's Traditional to Taiwan's.
    T2tw,
    /// Taiwan's Traditional to OpenCC's.
    Tw2t,
    /// OpenCC's Traditional to Hong Kong's.
    T2hk,
    /// Hong Kong's Traditional to OpenCC's.
    Hk2t,
    /// OpenCC's Traditional (kyūjitai) to Japanese shinjitai.
    T2jp,
    /// Japanese shinjitai to OpenCC's Traditional (kyūjitai).
    Jp2t,
}

impl Config {
    /// All configurations.
    pub const ALL: [Config; 16] = [
        Config::S2t,
        Config::S2tw,
        Config::S2twp,
        Config::S2hk,
        Config::S2hkp,
        Config::T2s,
        Config::Tw2s,
        Config::Tw2sp,
        Config::Hk2s,
        Config::Hk2sp,
        Config::T2tw,
        Config::Tw2t,
        Config::T2hk,
        Config::Hk2t,
        Config::T2jp,
        Config::Jp2t,
    ];

    /// OpenCC's name of the configuration, such as `s2twp`.
    pub const fn name(self) -> &'static str {
        match self {
            Config::S2t => "s2t",
            Config::S2tw => "s2tw",
            Config::S2twp => "s2twp",
            Config::S2hk => "s2hk",
            Config::S2hkp => "s2hkp",
            Config::T2s => "t2s",
            Config::Tw2s => "tw2s",
            Config::Tw2sp => "tw2sp",
            Config::Hk2s => "hk2s",
            Config::Hk2sp => "hk2sp",
            Config::T2tw => "t2tw",
            Config::Tw2t => "tw2t",
            Config::T2hk => "t2hk",
            Config::Hk2t => "hk2t",
            Config::T2jp => "t2jp",
            Config::Jp2t => "jp2t",
        }
    }
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Config {
    type Err = ParseConfigError;

    /// Reads OpenCC's name of a configuration, with or without its `.json`.
    fn from_str(name: &str) -> Result<Config, ParseConfigError> {
        let stem = name.strip_suffix(".json").unwrap_or(name);
        let found = Config::ALL.into_iter().find(|config| config.name() == stem);
        found.ok_or_else(|| ParseConfigError::new(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_config_is_listed_once_and_parses_from_its_name() {
        for (index, config) in Config::ALL.into_iter().enumerate() {
            assert_eq!(config as usize, index);
            assert_eq!(config.name().parse(), Ok(config));
            assert_eq!(format!("{config}.json").parse(), Ok(config));
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_ones() {
        let error = "s2x"
            .parse::<Config>()
            .expect_err("no such config")
            .to_string();
        assert!(
            error.contains("s2twp") && error.contains("\"s2x\""),
            "{error}"
        );
        for name in ["", "S2T", " s2t", "s2t.json.json"] {
            assert!(name.parse::<Config>().is_err(), "{name:?}");
        }
    }
}
