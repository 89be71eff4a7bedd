//! The converters compared: how each is opened for a config, and what it has.

use std::hint::black_box;

/// A converter that is ready.
pub trait Convert {
    /// Converts, drops the result and returns its length: what is timed.
    fn converted_len(&self, text: &str) -> usize;
    /// Converts: what is compared.
    fn converted(&self, text: &str) -> String;
}

/// Anything that returns its result as a `String` of its own.
struct Owned<F>(F);

impl<F: Fn(&str) -> String> Convert for Owned<F> {
    fn converted_len(&self, text: &str) -> usize {
        black_box((self.0)(black_box(text))).len()
    }

    fn converted(&self, text: &str) -> String {
        (self.0)(text)
    }
}

fn owned(convert: impl Fn(&str) -> String + 'static) -> Box<dyn Convert> {
    Box::new(Owned(convert))
}

struct Zhnorm(zhnorm::Converter);

impl Convert for Zhnorm {
    fn converted_len(&self, text: &str) -> usize {
        black_box(self.0.convert(black_box(text))).len()
    }

    fn converted(&self, text: &str) -> String {
        self.0.convert(text).into_owned()
    }
}

/// A converter to compare with.
pub struct Peer {
    pub name: &'static str,
    pub open: fn(config: &str) -> Option<Box<dyn Convert>>,
}

/// The name of ours, which comes first and to which the others are compared.
pub const OURS: &str = "zhnorm";
/// The name of the one whose output the others are compared to.
pub const REFERENCE: &str = "OpenCC";
/// Not a converter: what a copy of the text costs. Measured when asked for.
pub const COPY: &str = "copy";

/// Every peer of this build.
pub const ALL: &[Peer] = &[
    Peer {
        name: OURS,
        open: zhnorm,
    },
    Peer {
        name: "zhconv",
        open: zhconv,
    },
    Peer {
        name: "hanconv",
        open: hanconv,
    },
    Peer {
        name: "opencc-fmmseg",
        open: opencc_fmmseg,
    },
    Peer {
        name: "ferrous-opencc",
        open: ferrous_opencc,
    },
    Peer {
        name: "zhhz",
        open: zhhz,
    },
    Peer {
        name: "fast2s",
        open: fast2s,
    },
    #[cfg(opencc)]
    Peer {
        name: REFERENCE,
        open: opencc,
    },
    Peer {
        name: COPY,
        open: copy,
    },
];

/// The version of a peer: the one this package's manifest pins.
pub fn version(name: &str) -> String {
    let manifest = include_str!("../Cargo.toml");
    match name {
        REFERENCE => option_env!("OPENCC_VERSION").unwrap_or_default().to_owned(),
        OURS => include_str!("../../Cargo.toml")
            .lines()
            .find_map(|line| line.strip_prefix("version = "))
            .map(|version| version.trim_matches('"').to_owned())
            .unwrap_or_default(),
        _ => manifest
            .lines()
            .find(|line| line.starts_with(&format!("{name} =")))
            .and_then(|line| line.split('"').nth(1))
            .map(|version| version.trim_start_matches('=').to_owned())
            .unwrap_or_default(),
    }
}

fn zhnorm(config: &str) -> Option<Box<dyn Convert>> {
    Some(ours(zhnorm::Converter::new(config.parse().ok()?)))
}

/// A converter of zhnorm's.
pub fn ours(converter: zhnorm::Converter) -> Box<dyn Convert> {
    Box::new(Zhnorm(converter))
}

/// zhconv names targets, not configs; it takes any script as its source. Its
/// targets for Taiwan, Hong Kong and the mainland include their vocabulary,
/// so one target stands for the config with phrases and the one without.
fn zhconv(config: &str) -> Option<Box<dyn Convert>> {
    use ::zhconv::Variant;
    let target = match config {
        "s2t" => Variant::ZhHant,
        "s2tw" | "s2twp" => Variant::ZhTW,
        "s2hk" | "s2hkp" => Variant::ZhHK,
        "t2s" | "tw2s" | "hk2s" => Variant::ZhHans,
        "tw2sp" | "hk2sp" => Variant::ZhCN,
        _ => return None,
    };
    let converter = ::zhconv::get_builtin_converter(target);
    Some(owned(|text| converter.convert(text)))
}

fn hanconv(config: &str) -> Option<Box<dyn Convert>> {
    use ::hanconv::Converters;
    let converter = match config {
        "s2t" => Converters::S2T,
        "t2s" => Converters::T2S,
        "s2tw" => Converters::S2TW,
        "tw2s" => Converters::TW2S,
        "s2twp" => Converters::S2TWP,
        "tw2sp" => Converters::TW2SP,
        "s2hk" => Converters::S2HK,
        "hk2s" => Converters::HK2S,
        "t2tw" => Converters::T2TW,
        "tw2t" => Converters::TW2T,
        "t2hk" => Converters::T2HK,
        "hk2t" => Converters::HK2T,
        "t2jp" => Converters::T2JP,
        "jp2t" => Converters::JP2T,
        _ => return None,
    };
    let converter = converter.new_converter();
    Some(owned(move |text| converter.convert(text)))
}

fn opencc_fmmseg(config: &str) -> Option<Box<dyn Convert>> {
    let config = ::opencc_fmmseg::OpenccConfig::parse(config)?;
    let mut converter = ::opencc_fmmseg::OpenCC::new();
    converter.set_parallel(false);
    Some(owned(move |text| {
        converter.convert_with_config(text, config, false)
    }))
}

fn ferrous_opencc(config: &str) -> Option<Box<dyn Convert>> {
    let config =
        ::ferrous_opencc::config::BuiltinConfig::from_filename(&format!("{config}.json")).ok()?;
    let converter = ::ferrous_opencc::OpenCC::from_config(config).ok()?;
    Some(owned(move |text| converter.convert(text)))
}

fn zhhz(config: &str) -> Option<Box<dyn Convert>> {
    let converter = ::zhhz::Converter::new(::zhhz::Config::parse(config).ok()?);
    Some(owned(move |text| converter.convert(text)))
}

/// fast2s knows no regions and no phrases: one direction, t2s.
fn fast2s(config: &str) -> Option<Box<dyn Convert>> {
    (config == "t2s").then(|| owned(::fast2s::convert))
}

#[cfg(opencc)]
fn opencc(config: &str) -> Option<Box<dyn Convert>> {
    Some(Box::new(crate::opencc::OpenCc::open(config)?))
}

fn copy(_: &str) -> Option<Box<dyn Convert>> {
    Some(owned(str::to_owned))
}
