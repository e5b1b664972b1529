//! What an answer depended on: the paths that were looked at, and the variables that matter only sometimes. The hooks
//! compare them before they ask again.

use super::files::{self, Read};
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// Everything that was read for one answer.
#[derive(Debug, Default)]
pub struct WatchList {
    paths: RefCell<Vec<Watched>>,
    vars: RefCell<Vec<String>>,
}

/// One path that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The path, as it was opened.
    pub path: PathBuf,
    /// Whether anything was there.
    pub present: bool,
}

impl WatchList {
    /// Reads `path` as [`files::read`] does, and notes it.
    #[must_use]
    pub fn read(&self, path: &Path, cap: u64) -> Read {
        let read = files::read(path, cap);
        let mut paths = self.paths.borrow_mut();
        let present = read != Read::Absent;
        // Of a file that is read twice, the last look counts.
        match paths.iter_mut().find(|watched| watched.path == path) {
            Some(watched) => watched.present = present,
            None => paths.push(Watched {
                path: path.to_owned(),
                present,
            }),
        }
        read
    }

    /// Notes that the answer depends on the variable `name`, which the hooks do not watch otherwise: one of
    /// [`Watch::OnDemand`](crate::aws::env_vars::Watch), one that a path names, or `PWD`.
    pub fn var(&self, name: &str) {
        let mut vars = self.vars.borrow_mut();
        if !vars.iter().any(|known| known == name) {
            vars.push(name.to_owned());
        }
    }

    /// The paths, in the order in which they were first looked at.
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
