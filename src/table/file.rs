//! Files as this crate opens them: regular files, up to a length.
//!
//! A name from a config file or a user may lead to a device without end, or to a FIFO that waits
//! for a writer. A symbolic link is followed, and what it leads to must be a regular file.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Reads a regular file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    // Before it is opened, since to open a FIFO waits; and after, since another file may stand
    // there by then.
    expect_regular(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    expect_regular(&metadata)?;
    let too_large = || {
        let message = format!("expected at most {limit} bytes, found more");
        io::Error::new(ErrorKind::FileTooLarge, message)
    };
    if metadata.len() > limit {
        return Err(too_large());
    }
    // The length is not the last word: the file may grow, and those of /proc say 0.
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(too_large()),
        false => Ok(bytes),
    }
}

fn expect_regular(metadata: &Metadata) -> io::Result<()> {
    let (kind, found) = match metadata.file_type() {
        found if found.is_file() => return Ok(()),
        found if found.is_dir() => (ErrorKind::IsADirectory, "a directory"),
        _ => (ErrorKind::InvalidInput, "a device, a pipe or a socket"),
    };
    let message = format!("expected a regular file, found {found}");
    Err(io::Error::new(kind, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_up_to_the_limit_is_read_and_a_longer_one_is_not() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        file.write_all(b"12345").expect("and written");
        for limit in [5, 6, u64::MAX - 1] {
            assert_eq!(
                read(file.path(), limit).expect("within the limit"),
                b"12345"
            );
        }
        let error = read(file.path(), 4).expect_err("one byte too many");
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "expected at most 4 bytes, found more");
    }

    /// Some files say that they have no bytes at all.
    #[test]
    #[cfg(target_os = "linux")]
    fn the_limit_is_what_is_read_not_what_the_file_says() {
        let path = Path::new("/proc/self/status");
        assert_eq!(fs::metadata(path).expect("it is there").len(), 0);
        assert!(!read(path, 1 << 20).expect("within the limit").is_empty());
        let error = read(path, 4).expect_err("more than that");
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    }
}
