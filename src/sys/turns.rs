//! Small files in which processes note that something was done, so that it is not done twice.

use super::atomic_write;
use std::fs::{OpenOptions, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

/// The most that such a file holds, in bytes.
const MOST: u64 = 256;

/// Writes what `next` makes of the text at `path`, which is empty if there is none. `next` gives `None` if nothing is
/// to be done. Answers with whether it was written. It is not if another process is at it, if `path` is a symlink, or
/// if the disk is full.
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
        // Held until the file is closed. Some network file systems know no locks.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return None;
        }
        let mut text = String::new();
        // One that is not text is as good as none.
        let _ = (&file).take(MOST).read_to_string(&mut text);
        let text = next(&text)?;
        // In one call; what is left of a longer text is after the first line.
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
            // Somebody else is at it.
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
