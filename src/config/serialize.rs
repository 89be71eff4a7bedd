//! `serde` for the types that other programs store: by the names their `Display` gives.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::opencc::{Config, RareCharacters};
use super::variety::Variety;

macro_rules! by_name {
    ($type:ident, $expected:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                struct Name;

                impl de::Visitor<'_> for Name {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: de::Error>(self, name: &str) -> Result<$type, E> {
                        name.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Name)
            }
        }
    };
}
by_name!(Config, "the name of an OpenCC config");
by_name!(RareCharacters, "include or exclude");
by_name!(Variety, "the BCP 47 tag of a variety");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_is_stored_by_its_name_and_read_back() {
        for &config in Config::ALL {
            let json = serde_json::to_string(&config).expect("a string");
            assert_eq!(json, format!("\"{config}\""));
            let read: Config = serde_json::from_str(&json).expect("just written");
            assert_eq!(read, config);
        }
        // A reader hands its strings over as its own, not as the file's.
        let read: Config = serde_json::from_reader(&b"\"s2twp\""[..]).expect("a name");
        assert_eq!(read, Config::S2twp);
        let with_ending: Config = serde_json::from_str("\"tw2s.json\"").expect("a file's name");
        assert_eq!(with_ending, Config::Tw2s);
    }

    #[test]
    fn a_variety_is_stored_by_its_tag() {
        for &variety in Variety::ALL {
            let json = serde_json::to_string(&variety).expect("a string");
            assert_eq!(json, format!("\"{variety}\""));
            let read: Variety = serde_json::from_str(&json).expect("just written");
            assert_eq!(read, variety);
        }
    }

    #[test]
    fn what_is_no_config_is_refused_with_what_was_expected() {
        let refused = |json: &str| {
            let error = serde_json::from_str::<Config>(json).expect_err("no config");
            error.to_string()
        };
        let unknown = refused("\"s2x\"");
        assert!(
            unknown.contains("s2x") && unknown.contains("s2twp"),
            "{unknown}"
        );
        let number = refused("3");
        assert!(number.contains("the name of an OpenCC config"), "{number}");
    }

    #[test]
    fn rare_characters_are_stored_in_a_word() {
        for &rare in RareCharacters::ALL {
            let json = serde_json::to_string(&rare).expect("a string");
            assert_eq!(json, format!("\"{rare}\""));
            let read: RareCharacters = serde_json::from_str(&json).expect("just written");
            assert_eq!(read, rare);
        }
        let error = serde_json::from_str::<RareCharacters>("true").expect_err("no word");
        assert!(error.to_string().contains("include or exclude"), "{error}");
    }
}
