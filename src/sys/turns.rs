//! Small files in which processes record that something was done, so that it is not done twice.

use super::atomic_write;
use std::fs::{OpenOptions, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

/// The maximum size of such a file, in bytes.
const MOST: u64 = 256;

/// Passes the text at `path` (empty if there is none) to `next` and writes the result. `next` returns `None` if there
/// is nothing to do. Returns whether it was written: not if another process is writing, if `path` is a symlink, or if
/// the disk is full.
#[must_use]
pub fn take(path: &Path, next: impl FnOnce(&str) -> Option<String>) -> bool {
    let taken = (|| {
        if let Some(directory) = path.parent() {
            atomic_write::make_directory(directory).ok()?;
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
            .open(path)
            .ok()?;
        // The lock lasts until the file is closed. Some network file systems do not support locks.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return None;
        }
        let mut text = String::new();
        // A file that is not text counts as empty.
        let _ = (&file).take(MOST).read_to_string(&mut text);
        let text = next(&text)?;
        // In one call. The rest of a longer text remains after the first line.
        file.write_all_at(text.as_bytes(), 0).ok()?;
        Some(())
    })();
    taken.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::throwaway::Throwaway;

    #[test]
    fn a_turn_is_taken_by_one_and_seen_by_the_next() {
        let home = Throwaway::new().unwrap();
        let path = home.path().join("state/turn");
        assert!(take(&path, |before| {
            assert_eq!(before, "");
            // Another process has the lock.
            assert!(!take(&path, |_| Some("other\n".to_owned())));
            Some("first\n".to_owned())
        }));
        assert!(!take(&path, |before| {
            assert_eq!(before, "first\n");
            None
        }));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first\n");
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(!take(&link, |_| Some("x".to_owned())));
    }
}
