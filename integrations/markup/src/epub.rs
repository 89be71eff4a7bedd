//! EPUB: a zip archive of XHTML documents, with a package that lists them and navigation.
//!
//! Documents, the package's metadata and the navigation are converted; every other entry is copied as it is
//! packed. Names and kinds come from the package's manifest (EPUB 3.3, sections 4.2.6 and 5.6).

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::error::{MarkupError, MarkupErrorKind};
use crate::options::Options;
use crate::pieces::Convert;
use crate::scopes::Vocabulary;
use crate::{converted, html, xml};

const MIMETYPE: &str = "application/epub+zip";
const CONTAINER: &str = "META-INF/container.xml";
const ENCRYPTION: &str = "META-INF/encryption.xml";

/// No document has more bytes. An archive can claim any size.
const MOST_BYTES: u64 = 256 << 20;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// How an entry is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Xml(Vocabulary),
    Html,
}

/// Converts an EPUB. What has nothing to convert comes back as it is.
pub(crate) fn convert<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    epub: &[u8],
) -> Result<Vec<u8>, MarkupError> {
    let mut archive = ZipArchive::new(Cursor::new(epub))
        .map_err(|error| broken("expected a zip archive").caused_by(error))?;
    check_mimetype(&mut archive)?;
    let kinds = kinds(&mut archive)?;
    let mut changed = HashMap::new();
    for (name, kind) in kinds {
        let Some(number) = archive.index_for_name(&name) else {
            continue;
        };
        let document = read(&mut archive, &name)?;
        let new = converted(&document, |source| match kind {
            Kind::Xml(vocabulary) => xml::convert(converter, options, vocabulary, source),
            Kind::Html => Ok(html::convert(converter, options, source)),
        });
        let new = new.map_err(|error| error.in_entry(&name))?;
        if new.as_bytes() != document {
            changed.insert(number, new);
        }
    }
    match changed.is_empty() {
        true => Ok(epub.to_vec()),
        false => pack(&mut archive, &changed),
    }
}

fn check_mimetype(archive: &mut Archive<'_>) -> Result<(), MarkupError> {
    let found = read(archive, "mimetype")?;
    if found.trim_ascii() == MIMETYPE.as_bytes() {
        return Ok(());
    }
    let found: String = String::from_utf8_lossy(&found).chars().take(60).collect();
    Err(broken(format!("expected {MIMETYPE}, found {found:?}")).in_entry("mimetype"))
}

/// The entries to convert.
fn kinds(archive: &mut Archive<'_>) -> Result<Vec<(String, Kind)>, MarkupError> {
    let container = text(archive, CONTAINER)?;
    let roots = attributes(&container, "rootfile", CONTAINER)?;
    let packages: Vec<String> = roots
        .into_iter()
        .filter_map(|mut root| root.remove("full-path"))
        .collect();
    if packages.is_empty() {
        return Err(broken("expected the path of a package").in_entry(CONTAINER));
    }
    // What is encrypted cannot be read.
    let mut seen = HashSet::new();
    if archive.index_for_name(ENCRYPTION).is_some() {
        let encryption = text(archive, ENCRYPTION)?;
        for mut reference in attributes(&encryption, "CipherReference", ENCRYPTION)? {
            seen.extend(reference.remove("URI").map(|uri| resolved("", &uri)));
        }
    }
    let mut kinds = Vec::new();
    for package in packages {
        let manifest = text(archive, &package)?;
        let folder = package.rfind('/').map_or("", |end| &package[..end]);
        for item in attributes(&manifest, "item", &package)? {
            let kind = match item.get("media-type").map(String::as_str) {
                Some("application/xhtml+xml" | "text/x-oeb1-document") => {
                    Kind::Xml(Vocabulary::Html)
                }
                Some("application/x-dtbncx+xml") => Kind::Xml(Vocabulary::Navigation),
                Some("text/html") => Kind::Html,
                _ => continue,
            };
            if let Some(path) = item.get("href").map(|href| resolved(folder, href)) {
                if seen.insert(path.clone()) {
                    kinds.push((path, kind));
                }
            }
        }
        if seen.insert(package.clone()) {
            kinds.push((package, Kind::Xml(Vocabulary::Package)));
        }
    }
    Ok(kinds)
}

/// Packs the archive again, with its type first and not compressed, wherever it was.
fn pack(
    archive: &mut Archive<'_>,
    changed: &HashMap<usize, String>,
) -> Result<Vec<u8>, MarkupError> {
    let failed = |error: zip::result::ZipError| broken("packing failed").caused_by(error);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .set_raw_comment(archive.comment().into())
        .map_err(failed)?;
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("mimetype", stored).map_err(failed)?;
    writer
        .write_all(MIMETYPE.as_bytes())
        .map_err(MarkupError::write)?;
    for number in 0..archive.len() {
        let entry = archive.by_index_raw(number).map_err(failed)?;
        let name = entry.name().map_err(failed)?.into_owned();
        if name == "mimetype" {
            continue;
        }
        match changed.get(&number) {
            None => writer.raw_copy_file(entry).map_err(failed)?,
            Some(new) => {
                let method = match entry.compression() {
                    CompressionMethod::Stored => CompressionMethod::Stored,
                    _ => CompressionMethod::Deflated,
                };
                let options = entry.options().compression_method(method);
                drop(entry);
                writer.start_file(name, options).map_err(failed)?;
                writer
                    .write_all(new.as_bytes())
                    .map_err(MarkupError::write)?;
            }
        }
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}

fn read(archive: &mut Archive<'_>, name: &str) -> Result<Vec<u8>, MarkupError> {
    let unreadable = |error: &dyn Display| {
        broken(format!("expected an entry that can be read: {error}")).in_entry(name)
    };
    let entry = archive.by_name(name).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    let mut entry = entry.take(MOST_BYTES + 1);
    entry
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    match bytes.len() as u64 > MOST_BYTES {
        true => Err(broken(format!("expected at most {MOST_BYTES} bytes")).in_entry(name)),
        false => Ok(bytes),
    }
}

fn text(archive: &mut Archive<'_>, name: &str) -> Result<String, MarkupError> {
    let bytes = read(archive, name)?;
    let text = converted(&bytes, |text| Ok(text.to_owned()));
    text.map_err(|error| error.in_entry(name))
}

fn attributes(
    source: &str,
    element: &str,
    entry: &str,
) -> Result<Vec<HashMap<String, String>>, MarkupError> {
    xml::attributes_of(source.trim_start_matches('\u{FEFF}'), element)
        .map_err(|error| error.in_entry(entry))
}

/// The path of an entry that is named from within a folder.
fn resolved(folder: &str, href: &str) -> String {
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let href = href.split(['#', '?']).next().unwrap_or_default();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(part),
        }
    }
    percent_decoded(&path.join("/"))
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn broken(message: impl Into<String>) -> MarkupError {
    MarkupError::new(MarkupErrorKind::Package, message)
}
