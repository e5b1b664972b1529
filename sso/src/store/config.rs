//! The config file, which other programs write too: the AWS CLI in place, others by a rename, nobody with a lock.
//!
//! What is written was planned for exactly the bytes that it takes the place of. If they are others by then, it is
//! planned anew.

use super::file::{Beside, Exchange};
use super::lock::{Locks, Over, Waited};
use super::undo::Records;
use crate::error::{Failure, Word};
use crate::library::{Content, read_aws_file, reason, safe_name};
use crate::plan::edits::Edits;
use crate::plan::undo::Record;
use crate::sys::{self, Moment};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another writer of ours is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often a plan is made anew.
const TRIES: usize = 4;

/// A file that changed since this is read until it is the same twice.
const RECENT: Duration = Duration::from_secs(2);

/// The time between two looks.
const TURN: Duration = Duration::from_millis(20);

/// How long a file that has lost its end may be on its way to be rewritten.
const REWRITE: Duration = Duration::from_millis(500);

/// After a write, the file is looked at for so long: a program that read it before may write it back.
const AFTERWARDS: Duration = Duration::from_millis(60);

/// The config file.
pub(crate) struct ConfigFile<'a> {
    path: PathBuf,
    locks: &'a Locks,
    records: Option<Records>,
}

/// What became of an edit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edited {
    /// Whether anything was written.
    pub(crate) written: bool,
    /// The record that takes it back, if one was kept.
    pub(crate) undo: Option<PathBuf>,
}

/// Whether a plan got into the file.
enum Put {
    Done,
    /// Somebody else was first.
    Changed,
}

impl<'a> ConfigFile<'a> {
    /// The file at `path`. `records` is where writes are recorded, so that they can be taken back.
    pub(crate) fn new(path: PathBuf, locks: &'a Locks, records: Option<Records>) -> Self {
        Self {
            path,
            locks,
            records,
        }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Its text; empty if there is no file.
    ///
    /// # Errors
    /// `bad-config`: it can't be read, or is not UTF-8.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        self.settled(None).map(Option::unwrap_or_default)
    }

    fn bytes(&self) -> Result<Option<String>, Failure> {
        match read_aws_file(&self.path) {
            Content::Absent => Ok(None),
            Content::Bytes(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(Some(text)),
                Err(_) => {
                    Err(self.bad("is not UTF-8", "Convert it: no AWS tool reads it as it is."))
                }
            },
            Content::Unusable(why) => Err(self.bad(
                &format!("can't be read: {why}"),
                "Fix it, or check its permissions.",
            )),
        }
    }

    fn bad(&self, what: &str, next: &str) -> Failure {
        Failure::new(Word::BadConfig, format!("{} {what}", self.shown()), next)
    }

    fn shown(&self) -> String {
        safe_name(&self.path.display().to_string())
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        self.bad(
            &format!("can't be written: {}", reason(error)),
            "Check the permissions of the directory and the space on the disk.",
        )
    }

    fn changed(&self) -> Failure {
        Failure::new(
            Word::ConfigChanged,
            format!("{} is being changed by another program", self.shown()),
            "Try again when it is done.",
        )
    }

    /// Writes what `plan` makes of the text, which may be asked several times: each time the file changed meanwhile.
    /// Only the lines that it names change. No edits mean that nothing is left to do.
    ///
    /// # Errors
    /// Those of `plan`; `busy`, `config-changed`, `bad-config`.
    pub(crate) fn edit(
        &self,
        mut plan: impl FnMut(&str) -> Result<Edits, Failure>,
    ) -> Result<Edited, Failure> {
        let end = Moment::after(PATIENCE);
        let _lock = match self.locks.wait(Over::Config, "", end, || None::<()>) {
            Waited::Locked(lock) => lock,
            Waited::Found(()) | Waited::TimedOut => {
                return Err(Failure::new(
                    Word::Busy,
                    format!("another awsbadge-sso is still writing {}", self.shown()),
                    "Try again.",
                ));
            }
        };
        let mut edited = Edited {
            written: false,
            undo: None,
        };
        let mut seen = None;
        for _ in 0..TRIES {
            let before = self.settled(seen.as_deref())?;
            let text = before.as_deref().unwrap_or_default();
            let edits = plan(text)?;
            let after = edits.apply(text.as_bytes()).map(String::from_utf8);
            let Some(Ok(after)) = after.filter(|_| !edits.is_empty()) else {
                return Ok(edited);
            };
            let undo = self.note(text, &edits, &after)?;
            match self.put(before.as_deref(), &after) {
                Ok(Put::Done) => {
                    edited = Edited {
                        written: true,
                        undo,
                    };
                    if self.stays(&after)? {
                        return Ok(edited);
                    }
                    seen = Some(after);
                }
                Ok(Put::Changed) => {
                    self.forget(undo.as_deref());
                    seen = before;
                }
                Err(error) => {
                    self.forget(undo.as_deref());
                    return Err(self.unwritable(&error));
                }
            }
        }
        match plan(&self.read()?)?.is_empty() {
            true => Ok(edited),
            false => Err(self.changed()),
        }
    }

    fn note(&self, before: &str, edits: &Edits, after: &str) -> Result<Option<PathBuf>, Failure> {
        let Some(records) = &self.records else {
            return Ok(None);
        };
        let path = self.path.to_string_lossy();
        records
            .note(&Record::of(&path, before, edits, after))
            .map(Some)
    }

    fn forget(&self, undo: Option<&Path>) {
        if let (Some(records), Some(undo)) = (&self.records, undo) {
            records.forget(undo);
        }
    }

    /// The file, once nobody seems to be writing it. `seen` is what it held before: one that is the beginning of
    /// that, or empty, is on its way to be rewritten.
    fn settled(&self, seen: Option<&str>) -> Result<Option<String>, Failure> {
        let end = Moment::after(RECENT);
        let rewrite = Moment::after(REWRITE);
        let mut last = self.bytes()?;
        loop {
            let text = last.as_deref().unwrap_or_default();
            let recent = self.is_recent();
            let cut = (recent && text.is_empty())
                || seen.is_some_and(|seen| text.len() < seen.len() && seen.starts_with(text));
            let waits = (cut && !rewrite.is_over()) || (recent && !end.is_over());
            if !waits {
                return Ok(last);
            }
            sys::pause(TURN);
            let next = self.bytes()?;
            if next == last && (!cut || rewrite.is_over()) {
                return Ok(next);
            }
            last = next;
        }
    }

    fn is_recent(&self) -> bool {
        let changed = std::fs::metadata(&self.path).and_then(|about| about.modified());
        changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < RECENT))
    }

    /// Puts `after` in the place of `before`, and of nothing else.
    fn put(&self, before: Option<&str>, after: &str) -> io::Result<Put> {
        let mut beside = Beside::new(&self.path)?;
        beside.fill_as_old(after.as_bytes())?;
        let now = match read_aws_file(&self.path) {
            Content::Bytes(bytes) => Some(bytes),
            Content::Absent => None,
            Content::Unusable(_) => return Ok(Put::Changed),
        };
        if now.as_deref() != before.map(str::as_bytes) {
            return Ok(Put::Changed);
        }
        let Some(before) = before else {
            return Ok(if beside.rename_new()? {
                Put::Done
            } else {
                Put::Changed
            });
        };
        match beside.exchange()? {
            Exchange::Unsupported => beside.rename().map(|()| Put::Done),
            Exchange::Gone => Ok(Put::Changed),
            Exchange::Done => {
                // What was there last has our name now. A program that had it open may still write to it.
                for pause in [Duration::ZERO, Duration::from_millis(5)] {
                    sys::pause(pause);
                    let old = beside.old();
                    if old.is_some_and(|old| old.as_slice() != before.as_bytes()) {
                        beside.exchange()?;
                        return Ok(Put::Changed);
                    }
                }
                Ok(Put::Done)
            }
        }
    }

    /// Whether the file stays as it was written, for a moment.
    fn stays(&self, after: &str) -> Result<bool, Failure> {
        let end = Moment::after(AFTERWARDS);
        while !end.is_over() {
            sys::pause(TURN);
            if self.bytes()?.as_deref() != Some(after) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::tests::Scratch;
    use super::*;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    /// A line at the end, once.
    fn add(line: &str) -> impl FnMut(&str) -> Result<Edits, Failure> {
        let line = format!("{line}\n");
        move |text: &str| {
            let mut edits = Edits::default();
            if !text.contains(&line) {
                edits.push(text.len()..text.len(), line.clone());
            }
            Ok(edits)
        }
    }

    #[test]
    fn a_file_is_made_and_changed_with_its_mode_and_its_symlink() {
        let scratch = Scratch::new();
        let locks = Locks::new(Some(&scratch.0));
        let path = scratch.0.join("aws/config");
        let records = || Some(Records::new(&scratch.0));
        let file = ConfigFile::new(path.clone(), &locks, records());
        assert_eq!(file.read().unwrap(), "");
        let edited = file.edit(add("one")).unwrap();
        assert!(edited.written && edited.undo.unwrap().exists());
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = scratch.0.join("link");
        std::os::unix::fs::symlink("aws/config", &link).unwrap();
        let linked = ConfigFile::new(link.clone(), &locks, None);
        assert_eq!(linked.edit(add("two")).unwrap().undo, None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let again = file.edit(add("two")).unwrap();
        assert_eq!((again.written, again.undo), (false, None));
        assert!(scratch.leftovers().is_empty());
    }

    #[test]
    fn a_change_during_the_plan_is_planned_for() {
        let scratch = Scratch::new();
        let locks = Locks::new(Some(&scratch.0));
        let path = scratch.0.join("config");
        fs::write(&path, "old\n").unwrap();
        let file = ConfigFile::new(path.clone(), &locks, Some(Records::new(&scratch.0)));
        let mut times = 0;
        let mut plan = add("ours");
        file.edit(|text| {
            times += 1;
            if times <= 2 {
                fs::write(&path, format!("{text}theirs {times}\n")).unwrap();
            }
            plan(text)
        })
        .unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "old\ntheirs 1\ntheirs 2\nours\n"
        );
        assert_eq!(
            Records::new(&scratch.0).all().len(),
            1,
            "of what was written"
        );
        // It is not followed for ever.
        let mut times = 0;
        let mut plan = add("never");
        let failure = file.edit(|text| {
            times += 1;
            fs::write(&path, format!("{text}more {times}\n")).unwrap();
            plan(text)
        });
        assert_eq!(failure.unwrap_err().word, Word::ConfigChanged);
        assert!(!fs::read_to_string(&path).unwrap().contains("never"));
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        let scratch = Scratch::new();
        let locks = Locks::new(Some(&scratch.0));
        let path = scratch.0.join("config");
        fs::write(&path, b"\xff\xfe[\0a\0").unwrap();
        let file = ConfigFile::new(path.clone(), &locks, None);
        assert_eq!(file.edit(add("x")).unwrap_err().word, Word::BadConfig);
        assert_eq!(fs::read(&path).unwrap(), b"\xff\xfe[\0a\0");
    }
}
