//! What an answer depended on: the paths that were read, and the variables that matter only sometimes. The hooks
//! compare them to decide whether to ask again.

use super::fs::{self, Read};
use std::cell::RefCell;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Everything that was read for one answer.
#[derive(Debug, Default)]
pub struct WatchList {
    paths: RefCell<Vec<Watched>>,
    vars: RefCell<Vec<String>>,
}

/// A path that was read or checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The path, absolute.
    pub path: PathBuf,
    /// What was found.
    pub state: State,
}

/// What was found at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing that this user can see: a shell's `-e` is false.
    Absent,
    /// A file that could not be opened.
    Unreadable(Stat),
    /// A file that was opened, as it was before it was read.
    Opened(Stat),
}

/// The metadata that identifies one version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// The device and the inode number on it.
    pub id: (u64, u64),
    /// The size in bytes.
    pub size: u64,
    /// The modification time of the contents, which programs can set.
    pub modified: Time,
    /// The change time of the inode, which only the system sets.
    pub changed: Time,
}

/// A file's time: seconds since 1970, and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// Whole seconds, negative before 1970.
    pub seconds: i64,
    /// From 0 to 999,999,999; always 0 on a file system with whole seconds.
    pub nanos: i64,
}

impl From<&Metadata> for Stat {
    fn from(about: &Metadata) -> Self {
        Self {
            id: (about.dev(), about.ino()),
            size: about.len(),
            modified: Time::modified(about),
            changed: Time {
                seconds: about.ctime(),
                nanos: about.ctime_nsec(),
            },
        }
    }
}

impl Time {
    /// The modification time.
    #[must_use]
    pub fn modified(about: &Metadata) -> Self {
        Self {
            seconds: about.mtime(),
            nanos: about.mtime_nsec(),
        }
    }

    /// From `earlier` to this time, in nanoseconds.
    #[must_use]
    pub fn since(self, earlier: Self) -> i128 {
        i128::from(self.seconds - earlier.seconds) * 1_000_000_000
            + i128::from(self.nanos - earlier.nanos)
    }
}

impl WatchList {
    /// Reads `path` as [`fs::read`] does, and records it.
    #[must_use]
    pub fn read(&self, path: &Path, cap: u64) -> Read {
        let (read, opened) = fs::read_and_stat(path, cap);
        let state = match (&read, opened) {
            (_, Some(about)) => State::Opened(Stat::from(&about)),
            (Read::Absent, None) => State::Absent,
            // If not even stat(2) succeeds, the shells cannot see it either.
            _ => stat(path).map_or(State::Absent, State::Unreadable),
        };
        self.record(path, state);
        read
    }

    /// Records what was found at a path; for a path that was recorded before, the last state counts.
    fn record(&self, path: &Path, state: State) {
        let path = if path.is_absolute() {
            path.to_owned()
        } else {
            std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
        };
        let mut paths = self.paths.borrow_mut();
        // Compare bytes, because comparing paths splits them into components.
        let known = paths
            .iter_mut()
            .find(|watched| watched.path.as_os_str() == path.as_os_str());
        match known {
            Some(watched) => watched.state = state,
            None => paths.push(Watched { path, state }),
        }
    }

    /// Records that the answer depends on the variable `name`, which the hooks do not watch otherwise: one of
    /// [`Watch::OnDemand`](crate::aws::env_vars::Watch), one that a path names, or `PWD`.
    pub fn var(&self, name: &str) {
        let mut vars = self.vars.borrow_mut();
        if !vars.iter().any(|known| known == name) {
            vars.push(name.to_owned());
        }
    }

    /// Whether `path` is a file that can be executed; records it.
    #[must_use]
    pub fn is_program(&self, path: &Path) -> bool {
        let about = std::fs::metadata(path).ok();
        let state = about
            .as_ref()
            .map_or(State::Absent, |about| State::Unreadable(Stat::from(about)));
        self.record(path, state);
        about.is_some_and(|about| !about.is_dir() && about.mode() & 0o111 != 0)
    }

    /// The paths, in the order in which they were first recorded.
    #[must_use]
    pub fn paths(&self) -> Vec<Watched> {
        self.paths.borrow().clone()
    }

    /// The variables.
    #[must_use]
    pub fn vars(&self) -> Vec<String> {
        self.vars.borrow().clone()
    }
}

/// What is at `path` now, symlinks followed.
///
/// # Errors
/// As stat(2).
pub fn stat(path: &Path) -> io::Result<Stat> {
    std::fs::metadata(path).map(|about| Stat::from(&about))
}

/// The target of `path` through all symlinks, if it is another path.
#[must_use]
pub fn leads_to(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok().filter(|real| real != path)
}

/// The bit of a directory in which only the owner of a file may rename it. libc has it in a type of its own on each
/// system.
const STICKY: u32 = 0o1000;

/// The directories above `real`, a path without symlinks, in which this user could move files, with their modification
/// times, up to and including `top`. The list ends at another user's directory, and at one with the sticky bit, such as
/// /tmp, which changes all the time.
#[must_use]
pub fn directories_above(real: &Path, top: Option<&Path>) -> Vec<(PathBuf, Time)> {
    let me = nix::unistd::geteuid().as_raw();
    let mut found = Vec::new();
    for directory in real.ancestors().skip(1) {
        match std::fs::metadata(directory) {
            Ok(about) if about.uid() == me && about.mode() & STICKY == 0 => {
                found.push((directory.to_owned(), Time::modified(&about)));
            }
            _ => break,
        }
        if top == Some(directory) {
            break;
        }
    }
    found
}
