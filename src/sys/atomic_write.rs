//! Writes files whole or not at all.

use super::attributes;
use super::fs::absent_is_none;
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Creates a directory and its missing parents, accessible to the owner only.
///
/// # Errors
/// As mkdir(2).
pub fn make_directory(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes `bytes` to `path` so that a reader sees either the old or the new file: writes a new file beside it, flushes
/// it, and moves it over the old one. Follows symlinks and keeps them. `mode` is for a new file; an existing one keeps
/// its mode, owner, group, ACL and extended attributes. Removes leftovers of killed writers.
///
/// # Errors
/// As open(2), write(2), fsync(2) and rename(2); the old file is then unchanged, and no new one remains.
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let target = resolve(path)?;
    let old = absent_is_none(std::fs::metadata(&target))?;
    let folder = target
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    super::terminal::outlive_size_limits();
    let _late = Deferred::signals();
    let (beside, mut file) = new_beside(folder, name)?;
    let written = (|| {
        match &old {
            Some(old) => {
                attributes::prepare(&target, &beside, &file)?;
                file.write_all(bytes)?;
                attributes::take_over(&target, old, &file)?;
            }
            None => {
                file.write_all(bytes)?;
                file.set_permissions(std::fs::Permissions::from_mode(mode))?;
            }
        }
        file.sync_all()?;
        std::fs::rename(&beside, &target)
    })();
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    // The new name should survive a power cut too, but failing to flush the directory is not an error at this point.
    let _ = File::open(folder).and_then(|f| f.sync_all());
    Ok(())
}

/// The target of the symlinks at `path`, whether it exists or not.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    // The kernel's own limit.
    for _ in 0..40 {
        match std::fs::read_link(&path) {
            Ok(to) => path = path.parent().unwrap_or(Path::new("")).join(to),
            // Not a symlink, or absent.
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::NotFound
                ) =>
            {
                return Ok(path);
            }
            Err(e) => return Err(e),
        }
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}

/// How many processes may write one file at the same time; each uses its own name. Others must wait.
const WRITERS: usize = 4;

/// Creates the new file for `name`, accessible to the owner only. It is locked while open, which shows that its writer
/// is alive. An unlocked file was left by a killed writer and is removed.
fn new_beside(folder: &Path, name: &OsStr) -> io::Result<(PathBuf, File)> {
    let paths: [PathBuf; WRITERS] = std::array::from_fn(|n| {
        let mut own = OsString::from(".");
        own.push(name);
        own.push(format!(".awsbadge-{n}.tmp"));
        folder.join(own)
    });
    for attempt in 0..400 {
        if attempt > 0 {
            super::clock::pause(std::time::Duration::from_millis(5));
        }
        for path in &paths {
            let _ = remove_if_stale(path);
        }
        for path in &paths {
            let file = match write_only_new(path, 0o600) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // On file systems without locks, no process removes unlocked files either.
            let taken = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
            match file.metadata() {
                // Between open and lock, another process removed it as stale.
                Ok(_) if taken => {}
                Ok(about) if about.nlink() == 0 => {}
                Ok(_) => return Ok((path.clone(), file)),
                Err(e) => {
                    let _ = std::fs::remove_file(path);
                    return Err(e);
                }
            }
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Removes a temporary file that no process has locked.
fn remove_if_stale(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)?;
    let about = file.metadata()?;
    let mine = about.is_file() && about.uid() == nix::unistd::geteuid().as_raw();
    if !mine || file.try_lock().is_err() {
        return Ok(());
    }
    // It is locked now, but its writer may have moved it just before, and a new file may have the name.
    let current = std::fs::symlink_metadata(path)?;
    if (current.dev(), current.ino()) == (about.dev(), about.ino()) {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

pub(super) fn write_only_new(path: &Path, mode: u32) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)
}

/// While it exists, signals that would end the process are deferred, so that no work is left half done.
struct Deferred(SigSet);

impl Deferred {
    fn signals() -> Self {
        let ending = [
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGHUP,
            Signal::SIGQUIT,
        ];
        let ending: SigSet = ending.into_iter().collect();
        let before = ending.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        Self(before.unwrap_or_else(|_| SigSet::empty()))
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        let _ = self.0.thread_set_mask();
    }
}
