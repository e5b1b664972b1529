//! What an answer depended on: the paths that were looked at, and the variables that matter only sometimes. The hooks
//! compare them before they ask again.

use super::files::{self, Read};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Everything that was read for one answer.
#[derive(Debug, Default)]
pub struct WatchList {
    paths: RefCell<Vec<Watched>>,
    /// Where each path is in that list: `doctor` looks at thousands.
    places: RefCell<HashMap<PathBuf, usize>>,
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
        self.note(path, read != Read::Absent);
        read
    }

    /// Notes what was at a path; if it is looked at twice, the last look counts.
    fn note(&self, path: &Path, present: bool) {
        let (mut paths, mut places) = (self.paths.borrow_mut(), self.places.borrow_mut());
        match places.get(path).and_then(|place| paths.get_mut(*place)) {
            Some(watched) => watched.present = present,
            None => {
                places.insert(path.to_owned(), paths.len());
                paths.push(Watched {
                    path: path.to_owned(),
                    present,
                });
            }
        }
    }

    /// Notes that the answer depends on the variable `name`, which the hooks do not watch otherwise: one of
    /// [`Watch::OnDemand`](crate::aws::env_vars::Watch), one that a path names, or `PWD`.
    pub fn var(&self, name: &str) {
        let mut vars = self.vars.borrow_mut();
        if !vars.iter().any(|known| known == name) {
            vars.push(name.to_owned());
        }
    }

    /// Whether `path` is a file that can be executed; notes it.
    #[must_use]
    pub fn is_program(&self, path: &Path) -> bool {
        let about = files::about(path);
        self.note(path, about.is_some());
        about.is_some_and(|about| !about.folder && about.mode & 0o111 != 0)
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
