//! What the documentation promises of the types, and of selectors and marks.

mod reference;

use std::panic::{RefUnwindSafe, UnwindSafe};

use reference::Reference;
use zhnorm::{Config, ConfigFileError, Converter, Stream, Table, TableError};

#[test]
fn converters_and_tables_may_go_anywhere_and_be_shared() {
    fn shared<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe + Clone + 'static>() {}
    fn sent<T: Send + Sync + Unpin + Clone + 'static>() {}
    fn error<T: std::error::Error + Send + Sync + Unpin + 'static>() {}
    shared::<Converter>();
    shared::<Table>();
    shared::<Config>();
    sent::<Stream>();
    error::<TableError>();
    error::<ConfigFileError>();
}

/// What follows a character and belongs to it: selectors of both kinds, combining marks.
const MARKS: [char; 5] = ['\u{FE00}', '\u{FE0F}', '\u{E0100}', '\u{301}', '\u{3099}'];

#[test]
fn a_selector_or_mark_stays_with_its_character() {
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let reference = Reference::new(config.name(), true);
        let mut changed = 0;
        for table in reference.tables() {
            let keys = table.entries().into_keys();
            for key in keys.filter(|key| key.chars().count() == 1) {
                let alone = converter.convert(key);
                changed += usize::from(alone != key);
                for mark in MARKS {
                    let text = format!("{key}{mark}");
                    let expected = format!("{alone}{mark}");
                    assert_eq!(converter.convert(&text), expected, "{config}: {text}");
                }
            }
        }
        assert!(changed > 0, "{config} changes characters");
    }
}

#[test]
fn a_selector_or_mark_inside_a_phrase_makes_it_none() {
    let converter = Converter::new(Config::S2t);
    assert_eq!(converter.convert("头发"), "頭髮");
    for mark in MARKS {
        let text = format!("头{mark}发{mark}");
        assert_eq!(converter.convert(&text), format!("頭{mark}發{mark}"));
    }
}
