//! Files that are whole or absent: written beside their place, then put there.

use crate::library::{again, attributes, reason};
use crate::sys;
use crate::sys::signals::Deferred;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;
use zeroize::Zeroizing;

/// How many may write one file at a time before the next has to wait: each takes a name of its own.
const WRITERS: usize = 4;

/// The largest file that is read back, in bytes.
const LARGEST: u64 = 16 << 20;

/// Creates `directory` and its missing parents, for its owner alone.
pub(super) fn make_directory(directory: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

/// Where the symlinks at `path` lead, whether anything is there or not.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    // As many as the kernel follows.
    for _ in 0..40 {
        match again(|| std::fs::read_link(&path)) {
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
    Err(io::Error::from(Errno::LOOP))
}

/// A new file beside its place, readable by its owner alone. Signals that would end the process wait while it
/// exists; when it is dropped, what has its temporary name is removed.
pub(super) struct Beside {
    file: File,
    path: PathBuf,
    target: PathBuf,
    /// The old file after an exchange, locked so that no other writer takes it for a leftover.
    old: Option<File>,
    /// Whether nothing of ours has the temporary name any more.
    moved: bool,
    _late: Deferred,
}

/// What became of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exchange {
    /// The new file is in its place, the old one has the temporary name.
    Done,
    /// There is no file to exchange with: somebody removed it.
    Gone,
    /// This kernel or file system can't.
    Unsupported,
}

impl Beside {
    /// Makes the file that is to become `target`, and its directory.
    pub(super) fn new(target: &Path) -> io::Result<Self> {
        let target = resolve(target)?;
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let directory = target.parent().unwrap_or(Path::new("."));
        make_directory(directory)?;
        let late = Deferred::signals();
        let paths = temporary(directory, name);
        for attempt in 0..400 {
            if attempt > 0 {
                sys::pause(Duration::from_millis(5));
            }
            for path in &paths {
                let _ = remove_if_stale(path);
            }
            for path in &paths {
                match claim(path)? {
                    None => {}
                    Some(file) => {
                        return Ok(Self {
                            file,
                            path: path.clone(),
                            target,
                            old: None,
                            moved: false,
                            _late: late,
                        });
                    }
                }
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// Makes `bytes` the whole content, flushed. Only the owner may read it.
    pub(super) fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes)?;
        self.keep_owner()?;
        self.file.sync_all()
    }

    /// As [`Beside::fill`], with the mode, the ACL and the attributes of the file whose place it takes, if there is one.
    pub(super) fn fill_as_old(&mut self, bytes: &[u8]) -> io::Result<()> {
        let old = match again(|| std::fs::metadata(&self.target)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return self.fill(bytes),
            old => old?,
        };
        attributes::prepare(&self.target, &self.path, &self.file)?;
        self.write(bytes)?;
        attributes::take_over(&self.target, &old, &self.file)?;
        self.file.sync_all()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(bytes)
    }

    /// A file that belonged to somebody else goes on belonging to them: `sudo` must not lock its user out.
    fn keep_owner(&self) -> io::Result<()> {
        let Ok(old) = again(|| std::fs::metadata(&self.target)) else {
            return Ok(());
        };
        let new = again(|| self.file.metadata())?;
        if new.uid() != old.uid() {
            return again(|| fchown(&self.file, Some(old.uid()), Some(old.gid())));
        }
        if new.gid() != old.gid() {
            // The group may do nothing with it, so it need not be the same.
            let _ = again(|| fchown(&self.file, None, Some(old.gid())));
        }
        Ok(())
    }

    /// Puts it in place, over whatever is there.
    pub(super) fn rename(mut self) -> io::Result<()> {
        again(|| std::fs::rename(&self.path, &self.target))?;
        self.moved = true;
        self.flush_directory();
        Ok(())
    }

    /// Puts it in place if nothing is there. Whether nothing was.
    pub(super) fn rename_new(mut self) -> io::Result<bool> {
        let renamed = rustix::io::retry_on_intr(|| {
            renameat_with(CWD, &self.path, CWD, &self.target, RenameFlags::NOREPLACE)
        });
        match renamed {
            Ok(()) => {
                self.moved = true;
                self.flush_directory();
                Ok(true)
            }
            Err(Errno::EXIST) => Ok(false),
            Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => self.rename().map(|()| true),
            Err(e) => Err(e.into()),
        }
    }

    /// Exchanges it with the file that is in its place. Unlike a rename, this can't bring a removed file back.
    pub(super) fn exchange(&mut self) -> io::Result<Exchange> {
        let exchanged = rustix::io::retry_on_intr(|| {
            renameat_with(CWD, &self.path, CWD, &self.target, RenameFlags::EXCHANGE)
        });
        match exchanged {
            Ok(()) => {
                self.old = File::open(&self.path).ok();
                if let Some(old) = &self.old {
                    let _ = try_lock(old);
                }
                Ok(Exchange::Done)
            }
            Err(Errno::NOENT) => Ok(Exchange::Gone),
            Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Ok(Exchange::Unsupported),
            Err(e) => Err(e.into()),
        }
    }

    /// What the old file holds after an exchange: a program that opened it before may still write to it.
    pub(super) fn old(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        let old = self.old.as_mut()?;
        old.seek(SeekFrom::Start(0)).ok()?;
        let size = old.metadata().ok()?.len().min(LARGEST);
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).ok()? + 1));
        old.take(LARGEST).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The new name must survive a power cut too; a directory that can't be flushed is not a reason to fail now.
    fn flush_directory(&self) {
        if let Some(directory) = self.target.parent() {
            flush(directory);
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.moved {
            let _ = again(|| std::fs::remove_file(&self.path));
        }
        if self.old.is_some() {
            self.flush_directory();
        }
    }
}

/// flock(2), again after an interruption.
pub(super) fn try_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 0..100 {
        match file.try_lock() {
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
    file.try_lock()
}

/// Creates and locks a file of that name: the lock tells others that its writer lives. `None` if the name is
/// taken.
fn claim(path: &Path) -> io::Result<Option<File>> {
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let file = match opened {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        file => file?,
    };
    // If nothing can be locked here, no process removes unlocked files either.
    let taken = matches!(try_lock(&file), Err(TryLockError::WouldBlock));
    let about = match again(|| file.metadata()) {
        Ok(about) => about,
        Err(e) => {
            let _ = again(|| std::fs::remove_file(path));
            return Err(e);
        }
    };
    // Between opening and locking, another process may have taken it for a leftover.
    Ok((!taken && about.nlink() > 0).then_some(file))
}

/// Removes an unlocked temporary file: its writer was killed.
fn remove_if_stale(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(
            i32::try_from((rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits())
                .unwrap_or(0),
        )
        .open(path)?;
    let about = again(|| file.metadata())?;
    let mine = about.is_file() && about.uid() == nix::unistd::geteuid().as_raw();
    if !mine || try_lock(&file).is_err() {
        return Ok(());
    }
    // Locked now; but its writer may have moved it to its place before, and a new one taken the name.
    let there = again(|| std::fs::symlink_metadata(path))?;
    if (there.dev(), there.ino()) == (about.dev(), about.ino()) {
        again(|| std::fs::remove_file(path))?;
    }
    Ok(())
}

fn flush(directory: &Path) {
    let _ = File::open(directory).and_then(|d| d.sync_all());
}

/// The names that a new file has before it takes the place of `name`.
fn temporary(directory: &Path, name: &OsStr) -> [PathBuf; WRITERS] {
    std::array::from_fn(|n| {
        let mut own = OsString::from(".");
        own.push(name);
        own.push(format!(".awsbadge-{n}.tmp"));
        directory.join(own)
    })
}

/// Removes what killed writers left in a directory of our own, whatever they meant to write.
pub(super) fn remove_leftovers(directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().ends_with(".tmp") {
            let _ = remove_if_stale(&entry.path());
        }
    }
}

/// Removes a file, with what killed writers left of it, and makes sure that it stays removed. Whether it was
/// there.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    if let (Some(directory), Some(name)) = (path.parent(), path.file_name()) {
        for leftover in temporary(directory, name) {
            let _ = remove_if_stale(&leftover);
        }
    }
    match again(|| std::fs::remove_file(path)) {
        Ok(()) => {
            flush(path.parent().unwrap_or(Path::new(".")));
            Ok(true)
        }
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(false)
        }
        Err(e) => Err(e),
    }
}

/// The `.json` files in a directory, sorted; none if it can't be read.
pub(crate) fn names_in(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
}

/// Writes `bytes` to `target`: the whole of it or nothing.
pub(super) fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = Beside::new(target)?;
    beside.fill(bytes)?;
    beside.rename()
}

/// A cache file that can't be written, as a failure.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> crate::error::Failure {
    crate::error::Failure::new(
        crate::error::Word::CacheUnwritable,
        format!("{} can't be written: {}", path.display(), reason(error)),
        "Check the permissions of the directory and the space on the disk.",
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A directory of its own for each test, removed at its end.
    pub(crate) struct Scratch(pub(crate) PathBuf);

    impl Scratch {
        pub(crate) fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let next = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir()
                .join(format!("awsbadge-sso-test-{}-{next}", std::process::id()));
            make_directory(&path).unwrap();
            Self(path)
        }

        pub(crate) fn leftovers(&self) -> Vec<String> {
            let names = std::fs::read_dir(&self.0).unwrap().flatten();
            let names = names.map(|e| e.file_name().into_string().unwrap());
            names.filter(|n| n.ends_with(".tmp")).collect()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_is_its_owners_alone() {
        let scratch = Scratch::new();
        let path = scratch.0.join("a/b/x.json");
        replace(&path, b"one").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        let mode = std::fs::metadata(&path).unwrap().mode() & 0o777;
        assert_eq!(mode, 0o600, "whatever it was before");
        let directory = std::fs::metadata(scratch.0.join("a")).unwrap().mode() & 0o777;
        assert_eq!(directory, 0o700);
    }

    #[test]
    fn a_symlink_stays_and_its_target_is_replaced() {
        let scratch = Scratch::new();
        let (link, real) = (scratch.0.join("link"), scratch.0.join("d/real"));
        make_directory(&scratch.0.join("d")).unwrap();
        std::fs::write(&real, b"old").unwrap();
        std::os::unix::fs::symlink("d/real", &link).unwrap();
        let mut beside = Beside::new(&link).unwrap();
        beside.fill(b"new").unwrap();
        assert_eq!(beside.exchange().unwrap(), Exchange::Done);
        assert_eq!(beside.old().unwrap().as_slice(), b"old");
        drop(beside);
        assert_eq!(std::fs::read(&real).unwrap(), b"new");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn an_exchange_does_not_bring_a_removed_file_back() {
        let scratch = Scratch::new();
        let path = scratch.0.join("t.json");
        std::fs::write(&path, b"old").unwrap();
        let mut beside = Beside::new(&path).unwrap();
        beside.fill(b"new").unwrap();
        assert!(remove(&path).unwrap());
        assert_eq!(beside.exchange().unwrap(), Exchange::Gone);
        drop(beside);
        assert!(!path.exists());
        assert!(scratch.leftovers().is_empty());
    }

    #[test]
    fn what_a_writer_in_place_adds_to_the_old_file_is_seen() {
        let scratch = Scratch::new();
        let path = scratch.0.join("t.json");
        std::fs::write(&path, b"old").unwrap();
        let mut foreign = OpenOptions::new().append(true).open(&path).unwrap();
        let mut beside = Beside::new(&path).unwrap();
        beside.fill(b"new").unwrap();
        beside.exchange().unwrap();
        foreign.write_all(b"er").unwrap();
        assert_eq!(beside.old().unwrap().as_slice(), b"older");
        assert_eq!(beside.exchange().unwrap(), Exchange::Done, "back again");
        drop(beside);
        assert_eq!(std::fs::read(&path).unwrap(), b"older");
        assert!(scratch.leftovers().is_empty());
    }

    #[test]
    fn leftovers_of_killed_writers_go_and_those_of_living_ones_stay() {
        let scratch = Scratch::new();
        let path = scratch.0.join("t.json");
        std::fs::write(scratch.0.join(".t.json.awsbadge-0.tmp"), b"dead").unwrap();
        let living = Beside::new(&path).unwrap();
        let second = Beside::new(&path).unwrap();
        assert_ne!(living.path, second.path);
        assert_eq!(scratch.leftovers().len(), 2);
        drop((living, second));
        assert!(scratch.leftovers().is_empty());
        std::fs::write(scratch.0.join(".t.json.awsbadge-3.tmp"), b"dead").unwrap();
        assert!(!remove(&path).unwrap());
        assert!(scratch.leftovers().is_empty(), "a removal takes them too");
    }
}
