//! A directory that is removed when it is dropped.

use super::atomic_write::{make_directory, write_only_new};
use std::fs::DirBuilder;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A new directory in the system's temporary directory, removed with its contents when it is dropped.
#[derive(Debug)]
pub struct Throwaway(PathBuf);

impl Throwaway {
    /// Creates one, accessible to the owner only, under an unpredictable name.
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
        // Not recursive, so that it fails if the path exists.
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file in it, readable by the owner only, and creates its parent directories.
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
