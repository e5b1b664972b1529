//! A directory that is removed when it is dropped.

use super::atomic_write::{make_directory, write_only_new};
use std::fs::DirBuilder;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A directory of its own under the system's place for temporary things, removed with all that is in it when it
/// goes out of scope.
#[derive(Debug)]
pub struct Throwaway(PathBuf);

impl Throwaway {
    /// Makes one, for its owner alone, under a name that nobody could have taken before.
    ///
    /// # Errors
    /// As mkdir(2).
    pub fn new() -> io::Result<Self> {
        let base = std::env::temp_dir();
        let stamp = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos();
        let path = base.join(format!("awsbadge-demo-{}-{stamp:x}", std::process::id()));
        // Not recursive: it fails where something stands there already.
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file in it, readable by its owner alone, making the directories above it.
    ///
    /// # Errors
    /// As open(2) and write(2).
    pub fn put(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            make_directory(folder)?;
        }
        let mut file = write_only_new(&path, 0o600)?;
        file.write_all(text.as_bytes())
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
