//! Files, read so that nothing hangs or surprises: opened without waiting, looked at by their descriptor, taken
//! only where they are regular and of a sane size.

use crate::aws::Epoch;
use nix::dir::Dir;
use nix::fcntl::OFlag;
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::stat::Mode;
use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The most that is read of a config or credentials file, in bytes.
pub const CONFIG_CAP: u64 = 16 << 20;

/// The most that is read of a token or cache file, in bytes.
pub const CACHE_CAP: u64 = 1 << 20;

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Its bytes, up to the size that it had when it was opened.
    Bytes(Vec<u8>),
    /// There is no such file.
    Absent,
    /// It is there, and can't be used: why, in words.
    Unusable(String),
}

/// Reads the regular file at `path`, of at most `cap` bytes. `/dev/null` reads as an empty file, since people
/// point `AWS_CONFIG_FILE` there to have none.
#[must_use]
pub fn read(path: &Path, cap: u64) -> Read {
    read_and_stat(path, cap).0
}

/// The same, with what fstat(2) said of the open file before it was read; `None` if it could not be opened.
#[must_use]
pub fn read_and_stat(path: &Path, cap: u64) -> (Read, Option<Metadata>) {
    // Opening a FIFO or a device must not wait, nor a terminal become ours.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path);
    let mut stat = None;
    let result = opened.and_then(|file| {
        let about = file.metadata()?;
        stat = Some(about.clone());
        if !about.is_file() {
            return Ok(match path == Path::new("/dev/null") {
                true => Read::Bytes(Vec::new()),
                false => Read::Unusable("not a regular file".to_owned()),
            });
        }
        if about.len() > cap {
            return Ok(Read::Unusable(format!(
                "too large ({} bytes, {cap} at most)",
                about.len()
            )));
        }
        // One byte more than there is, so that the end is seen without growing the buffer.
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

/// An I/O error in words, without the number.
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
    /// Whether it is a folder.
    pub folder: bool,
}

/// Looks at `path`, through symlinks.
#[must_use]
pub fn about(path: &Path) -> Option<About> {
    let about = std::fs::metadata(path).ok()?;
    Some(About {
        mode: about.mode() & 0o7777,
        owner: about.uid(),
        folder: about.is_dir(),
    })
}

/// Whether anything has the name `path`, a symlink that leads nowhere too.
///
/// # Errors
/// As lstat(2): what can't be looked at may well be there.
pub fn exists(path: &Path) -> io::Result<bool> {
    absent_is_none(std::fs::symlink_metadata(path)).map(|about| about.is_some())
}

/// Under how many names `path` is known, and its permission bits; `None` where there is no such file.
///
/// # Errors
/// As stat(2).
pub fn links_and_mode(path: &Path) -> io::Result<Option<(u64, u32)>> {
    let about = absent_is_none(std::fs::metadata(path))?;
    Ok(about.map(|about| (about.nlink(), about.mode() & 0o7777)))
}

fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
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

/// The names in a folder, sorted; none where it can't be read.
#[must_use]
pub fn list(folder: &Path) -> Vec<PathBuf> {
    // The standard library's iterator panics where a folder can't be closed.
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

/// Makes `folder` and what is missing above it, for its owner alone.
///
/// # Errors
/// As mkdir(2).
pub fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes `bytes` to `path` so that a reader sees the old file or the new one and never less: a new file beside
/// it, flushed, then moved over it. Through symlinks, which stay. `mode` holds for a file that is new; an old one
/// keeps its own mode, owner and group. What a writer that was killed left beside it is removed.
///
/// # Errors
/// As open(2), write(2), fsync(2) and rename(2); the old file is then as it was, and no new one is left.
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
    let (beside, mut file, new) = new_beside(folder, name)?;
    let written = (|| {
        if let Some(old) = &old
            && (new.uid(), new.gid()) != (old.uid(), old.gid())
        {
            fchown(&file, Some(old.uid()), Some(old.gid()))?;
        }
        let mode = old.map_or(mode, |about| about.mode() & 0o7777);
        file.set_permissions(std::fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, &target)
    })();
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    // The new name must survive a power cut too; a folder that can't be flushed is no reason to fail now.
    let _ = File::open(folder).and_then(|f| f.sync_all());
    Ok(())
}

/// Where the symlinks at `path` lead, whether anything is there or not.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    // As many as the kernel follows.
    for _ in 0..40 {
        match std::fs::read_link(&path) {
            Ok(to) => path = path.parent().unwrap_or(Path::new("")).join(to),
            // No symlink, or nothing at all.
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

/// How many may write one file at a time before the next has to wait: each takes a name of its own.
const WRITERS: usize = 4;

/// Makes the new file that is to become `name`, for its owner alone and locked for as long as it is open: that
/// is how others know that its writer lives. What is not locked was left by a writer that was killed, and goes.
fn new_beside(folder: &Path, name: &OsStr) -> io::Result<(PathBuf, File, Metadata)> {
    let paths: [PathBuf; WRITERS] = std::array::from_fn(|n| {
        let mut own = OsString::from(".");
        own.push(name);
        own.push(format!(".awsbadge-{n}.tmp"));
        folder.join(own)
    });
    for attempt in 0..400 {
        if attempt > 0 {
            super::pause(Duration::from_millis(5));
        }
        for path in &paths {
            let _ = remove_if_stale(path);
        }
        for path in &paths {
            let file = match write_only_new(path, 0o600) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Where nothing can be locked, nobody removes what is not locked either.
            let taken = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
            match file.metadata() {
                // Between opening and locking, another process took it for stale.
                Ok(_) if taken => {}
                Ok(about) if about.nlink() == 0 => {}
                Ok(about) => return Ok((path.clone(), file, about)),
                Err(e) => {
                    let _ = std::fs::remove_file(path);
                    return Err(e);
                }
            }
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Removes a file of ours that nobody has locked.
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
    // Locked now; but its writer may have moved it to its place before, and a new one taken the name.
    let there = std::fs::symlink_metadata(path)?;
    if (there.dev(), there.ino()) == (about.dev(), about.ino()) {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

fn write_only_new(path: &Path, mode: u32) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)
}

/// While it lives, signals that would end the process wait: nothing is left half-done.
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

/// A folder of its own under the system's place for temporary things, removed with all that is in it when it
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

    /// Writes a file in it, readable by its owner alone, making the folders above it.
    ///
    /// # Errors
    /// As open(2) and write(2).
    pub fn put(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
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
