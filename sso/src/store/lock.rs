//! Locks between processes: flock(2) on files of our own, which a killed holder lets go of.

use super::file::{make_directory, try_lock};
use crate::sys::{self, Moment};
use sha1_smol::Sha1;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a lock is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// A token file: seconds.
    Token,
    /// A login, from its first question to its token: minutes.
    Login,
    /// The credentials of a role: seconds.
    Role,
    /// The list of role files: an instant.
    Index,
    /// The config file: seconds. There is one.
    Config,
}

/// The directory of locks; `None` if there is no place for one.
#[derive(Debug, Clone)]
pub(crate) struct Locks(Option<PathBuf>);

/// A lock that is held, or that can't be had here: then the rules of reading again have to do.
pub(crate) struct Lock(Option<File>);

/// How waiting ended.
pub(crate) enum Waited<T> {
    /// With the lock.
    Locked(Lock),
    /// With what somebody else's work gave.
    Found(T),
    /// With the time.
    TimedOut,
}

impl Locks {
    /// The locks in a state directory.
    pub(crate) fn new(state: Option<&Path>) -> Self {
        Self(state.map(|state| state.join("locks")))
    }

    fn open(&self, over: Over, key: &str) -> Option<File> {
        let kind = match over {
            Over::Token => "token",
            Over::Login => "login",
            Over::Role => "role",
            Over::Index => "index",
            Over::Config => "config",
        };
        let name = match over {
            Over::Config => format!("{kind}.lock"),
            _ => format!("{kind}-{}.lock", Sha1::from(key).digest()),
        };
        let directory = self.0.as_ref()?;
        make_directory(directory).ok()?;
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(directory.join(name))
            .ok()
    }

    /// Whether locks work here: there is a directory, and its file system knows them.
    pub(crate) fn work(&self) -> bool {
        self.open(Over::Index, "")
            .is_some_and(|file| !matches!(try_lock(&file), Err(TryLockError::Error(_))))
    }

    /// Waits for a lock until `end`. At each turn `look` sees whether waiting is still needed.
    pub(crate) fn wait<T>(
        &self,
        over: Over,
        key: &str,
        end: Moment,
        mut look: impl FnMut() -> Option<T>,
    ) -> Waited<T> {
        let Some(file) = self.open(over, key) else {
            return Waited::Locked(Lock(None));
        };
        loop {
            match try_lock(&file) {
                Ok(()) => return Waited::Locked(Lock(Some(file))),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(_)) => return Waited::Locked(Lock(None)),
            }
            if let Some(found) = look() {
                return Waited::Found(found);
            }
            if end.is_over() {
                return Waited::TimedOut;
            }
            sys::pause(turn().min(end.left()));
        }
    }

    /// What the holder of a lock wrote into it.
    pub(crate) fn note(&self, over: Over, key: &str) -> Option<String> {
        let mut text = String::new();
        let file = self.open(over, key)?;
        file.take(64 << 10).read_to_string(&mut text).ok()?;
        Some(text).filter(|t| !t.is_empty())
    }
}

impl Lock {
    /// Writes into the lock's file what those who wait may want to know.
    pub(crate) fn annotate(&self, text: &str) {
        if let Some(mut file) = self.0.as_ref() {
            let _ = file
                .set_len(0)
                .and_then(|()| file.seek(SeekFrom::Start(0)))
                .and_then(|_| file.write_all(text.as_bytes()));
        }
    }
}

/// 20 ms, a little more or less, so that those who wait do not all come at once.
fn turn() -> Duration {
    let [byte] = sys::random::<1>().unwrap_or([64]);
    Duration::from_millis(16 + u64::from(byte % 9))
}

#[cfg(test)]
mod tests {
    use super::super::file::tests::Scratch;
    use super::*;

    fn soon() -> Moment {
        Moment::after(Duration::from_millis(60))
    }

    #[test]
    fn a_lock_is_held_by_one_and_free_when_it_goes() {
        let scratch = Scratch::new();
        let locks = Locks::new(Some(&scratch.0));
        assert!(locks.work());
        let first = locks.wait(Over::Token, "k", soon(), || None::<()>);
        let Waited::Locked(first) = first else {
            panic!("nobody else holds it");
        };
        first.annotate("held since long ago");
        first.annotate("held");
        assert!(matches!(
            locks.wait(Over::Token, "k", soon(), || None::<()>),
            Waited::TimedOut
        ));
        assert!(matches!(
            locks.wait(Over::Token, "k", soon(), || Some(7)),
            Waited::Found(7)
        ));
        assert_eq!(locks.note(Over::Token, "k").as_deref(), Some("held"));
        for (over, key) in [(Over::Token, "other"), (Over::Login, "k")] {
            let other = locks.wait(over, key, soon(), || None::<()>);
            assert!(matches!(other, Waited::Locked(_)));
        }
        drop(first);
        let again = locks.wait(Over::Token, "k", soon(), || None::<()>);
        assert!(matches!(again, Waited::Locked(_)));
    }

    #[test]
    fn without_a_directory_everybody_has_the_lock() {
        for state in [None, Some(Path::new("/dev/null/x"))] {
            let locks = Locks::new(state);
            assert!(!locks.work());
            let lock = locks.wait(Over::Token, "k", soon(), || None::<()>);
            assert!(matches!(lock, Waited::Locked(Lock(None))));
        }
    }
}
