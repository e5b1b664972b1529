//! The records of writes to the config file, by which they can be taken back.

use super::file::{remove, remove_leftovers, replace, unwritable};
use crate::error::Failure;
use crate::library::{Content, Epoch, now, read_aws_file};
use crate::plan::undo::Record;
use std::path::{Path, PathBuf};

/// How many are kept.
const KEPT: usize = 10;

/// What their names end in, after the time in UTC.
const SUFFIX: &str = "Z-config";

/// The directory of records.
pub(crate) struct Records(PathBuf);

impl Records {
    /// The records in a state directory.
    pub(crate) fn new(state: &Path) -> Self {
        Self(state.join("undo"))
    }

    /// The records, the oldest first.
    pub(crate) fn all(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                name.is_some_and(|name| name.ends_with(SUFFIX) && !name.starts_with('.'))
            })
            .collect();
        paths.sort();
        paths
    }

    /// Keeps a record, and forgets the oldest ones.
    ///
    /// # Errors
    /// `cache-unwritable`.
    pub(crate) fn note(&self, record: &Record) -> Result<PathBuf, Failure> {
        let all = self.all();
        // Later than the last one, whatever the clock says.
        let mut at = now();
        let last = all
            .last()
            .and_then(|path| path.file_name())
            .unwrap_or_default();
        let mut name = name(at);
        while name.as_str() <= &*last.to_string_lossy() || self.0.join(&name).exists() {
            at = Epoch(at.0 + 1);
            name = self::name(at);
            if at.0 - now().0 > 400 * 86_400 {
                break;
            }
        }
        remove_leftovers(&self.0);
        let path = self.0.join(name);
        let text = format!("{}\n", record.json());
        replace(&path, text.as_bytes()).map_err(|error| unwritable(&path, &error))?;
        for old in all.iter().rev().skip(KEPT - 1) {
            self.forget(old);
        }
        Ok(path)
    }

    /// A record, if it is one of that config file.
    pub(crate) fn read(&self, path: &Path, config: &Path) -> Option<Record> {
        let Content::Bytes(bytes) = read_aws_file(path) else {
            return None;
        };
        let config = config.to_string_lossy();
        Record::parse(&bytes).filter(|record| record.path == config)
    }

    /// Removes a record.
    pub(crate) fn forget(&self, path: &Path) {
        let _ = remove(path);
    }
}

/// `20261128T100413Z-config`.
fn name(at: Epoch) -> String {
    let time: String = at
        .iso()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    format!("{}{SUFFIX}", time.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::super::file::tests::Scratch;
    use super::*;
    use crate::plan::edits::Edits;
    use std::os::unix::fs::MetadataExt;

    fn record(path: &str) -> Record {
        let mut edits = Edits::default();
        edits.push(0..0, *b"x\n");
        Record::of(path, "", &edits, "x\n")
    }

    #[test]
    fn the_last_ten_are_kept_in_order_and_for_their_owner_alone() {
        let scratch = Scratch::new();
        let records = Records::new(&scratch.0);
        let paths: Vec<PathBuf> = (0..12)
            .map(|n| records.note(&record(&format!("/c{n}"))).unwrap())
            .collect();
        assert!(paths.is_sorted(), "{paths:?}");
        assert_eq!(records.all(), paths[2..]);
        assert_eq!(std::fs::metadata(&paths[5]).unwrap().mode() & 0o777, 0o600);
        assert!(records.read(&paths[7], Path::new("/c7")).is_some());
        assert!(records.read(&paths[7], Path::new("/c8")).is_none());
        std::fs::write(&paths[11], "half").unwrap();
        assert!(records.read(&paths[11], Path::new("/c11")).is_none());
        records.forget(&paths[7]);
        assert_eq!(records.all().len(), 9);
    }

    #[test]
    fn names_are_times() {
        assert_eq!(name(Epoch(1_795_860_253)), "20261128T100413Z-config");
    }
}
