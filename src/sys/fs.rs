//! Reads files without hanging: opens them without waiting, checks the descriptor, and reads only regular files of a
//! limited size.

use crate::aws::Epoch;
use nix::dir::Dir;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use std::ffi::OsStr;
use std::fs::{Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The maximum size of a config or credentials file, in bytes.
pub const CONFIG_CAP: u64 = 16 << 20;

/// The maximum size of a token or cache file, in bytes.
pub const CACHE_CAP: u64 = 1 << 20;

/// The result of reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Its bytes, up to its size when it was opened.
    Bytes(Vec<u8>),
    /// There is no such file.
    Absent,
    /// It exists but can't be used, with the reason.
    Unusable(String),
}

/// Repeats a call that a signal interrupted, as the standard library does for reads and writes only; 100 times at most,
/// because nothing may hang here.
///
/// # Errors
/// As the call.
pub fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for _ in 0..100 {
        match call() {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
    call()
}

/// Reads the regular file at `path`, of at most `cap` bytes. `/dev/null` reads as an empty file, because
/// `AWS_CONFIG_FILE=/dev/null` is a common way to have no file.
#[must_use]
pub fn read(path: &Path, cap: u64) -> Read {
    read_and_stat(path, cap).0
}

/// As [`read`], with the metadata of the open file before it was read; `None` if it could not be opened.
#[must_use]
pub fn read_and_stat(path: &Path, cap: u64) -> (Read, Option<Metadata>) {
    // Opening a FIFO or a device must not wait, and a terminal must not become the controlling one.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path);
    let mut stat = None;
    let result = opened.and_then(|file| {
        let about = file.metadata()?;
        stat = Some(about.clone());
        if !about.is_file() {
            return Ok(if path == Path::new("/dev/null") {
                Read::Bytes(Vec::new())
            } else {
                Read::Unusable("not a regular file".to_owned())
            });
        }
        if about.len() > cap {
            return Ok(Read::Unusable(format!(
                "too large ({} bytes, {cap} at most)",
                about.len()
            )));
        }
        // One byte more than the size, so that reading to the end does not grow the buffer.
        let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0) + 1);
        file.take(about.len()).read_to_end(&mut bytes)?;
        Ok(Read::Bytes(bytes))
    });
    let read = result.unwrap_or_else(|e| match e.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Read::Absent,
        _ => Read::Unusable(reason(&e)),
    });
    (read, stat)
}

/// The text of an I/O error, without its number.
#[must_use]
pub fn reason(e: &io::Error) -> String {
    let text = e.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Mode bits and owner of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The permission bits.
    pub mode: u32,
    /// The owner's id.
    pub owner: u32,
    /// Whether it is a directory.
    pub folder: bool,
}

/// The mode and owner of `path`; follows symlinks.
#[must_use]
pub fn about(path: &Path) -> Option<About> {
    let about = std::fs::metadata(path).ok()?;
    Some(About {
        mode: about.mode() & 0o7777,
        owner: about.uid(),
        folder: about.is_dir(),
    })
}

/// Whether `path` exists; a dangling symlink counts.
///
/// # Errors
/// As lstat(2), which may fail for a path that exists.
pub fn exists(path: &Path) -> io::Result<bool> {
    absent_is_none(std::fs::symlink_metadata(path)).map(|about| about.is_some())
}

/// The number of hard links to `path` and its permission bits; `None` if it does not exist.
///
/// # Errors
/// As stat(2).
pub fn links_and_mode(path: &Path) -> io::Result<Option<(u64, u32)>> {
    let about = absent_is_none(std::fs::metadata(path))?;
    Ok(about.map(|about| (about.nlink(), about.mode() & 0o7777)))
}

pub(super) fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

/// When `path` was last written to.
#[must_use]
pub fn changed(path: &Path) -> Option<Epoch> {
    std::fs::metadata(path)
        .ok()
        .map(|about| Epoch(about.mtime()))
}

/// The paths in a directory, sorted; none if it can't be read.
#[must_use]
pub fn list(folder: &Path) -> Vec<PathBuf> {
    // The standard library's iterator panics if a directory can't be closed.
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let opened = Dir::open(folder, flags, Mode::empty());
    let entries = opened.into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| OsStr::from_bytes(entry.file_name().to_bytes()).to_owned())
        .filter(|name| name != "." && name != "..")
        .map(|name| folder.join(name))
        .collect();
    names.sort();
    names
}
