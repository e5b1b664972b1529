//! The shell's start-up file.

use super::block::{find_block, with_block, without_block};
use super::plan::Plan;
use super::{BY_HAND, Output};
use crate::error::Error;
use crate::output::sanitize::Escaped;
use crate::sys::{atomic_write, fs};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A start-up file as it is now.
pub(super) struct Rc {
    pub(super) path: PathBuf,
    /// The path as people write it.
    pub(super) shown: String,
    /// Its text; empty if there is no file.
    pub(super) text: String,
    /// Its number of names, and its permission bits; `None` if there is no file.
    pub(super) about: Option<(u64, u32)>,
    /// The range of our block in the text, including its marks and its newline.
    pub(super) block: Option<Range<usize>>,
}

impl Rc {
    pub(super) fn read(path: PathBuf, home: &Path) -> Result<Self, Error> {
        let bad = |line, message| Error::BadFile {
            path: path.clone(),
            line,
            message,
            hint: BY_HAND.to_owned(),
        };
        let (bytes, about) = match fs::read(&path, fs::CONFIG_CAP) {
            fs::Read::Bytes(bytes) => {
                let about = fs::links_and_mode(&path);
                (bytes, about.map_err(|e| bad(None, fs::reason(&e)))?)
            }
            fs::Read::Absent => (Vec::new(), None),
            fs::Read::Unusable(why) => return Err(bad(None, why)),
        };
        let text = String::from_utf8(bytes).map_err(|e| {
            let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            bad(Some(lines_in(before) + 1), "not UTF-8".to_owned())
        })?;
        let block =
            find_block(&text).map_err(|(line, message)| bad(Some(line), message.to_owned()))?;
        Ok(Self {
            shown: tilde(&path, home),
            about,
            text,
            block,
            path,
        })
    }

    /// The text outside our block, as lines with their numbers, comments left out.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let ours = self.block.clone().unwrap_or_default();
        let mut at = 0;
        let lines = self
            .text
            .split_inclusive('\n')
            .enumerate()
            .map(move |(n, line)| {
                at += line.len();
                (n + 1, at, line.trim())
            });
        lines
            .filter(move |(_, end, line)| {
                !(line.starts_with('#') || ours.start < *end && *end <= ours.end)
            })
            .map(|(number, _, line)| (number, line))
    }

    /// Adds the block if it is missing.
    pub(super) fn write(&self, plan: &Plan) -> Result<Output, Error> {
        let mut reply = Output::print(plan.by_hand());
        if let Some(place) = &plan.already {
            reply.stderr =
                format!("awsbadge: {place} loads awsbadge already; nothing was changed\n");
            return Ok(reply);
        }
        let text = with_block(&self.text, self.block.clone(), &plan.block());
        if text == self.text {
            reply.stderr = format!(
                "awsbadge: {} is up to date; nothing was changed\n",
                self.shown
            );
            return Ok(reply);
        }
        if self.block.is_none() && self.text.trim_end_matches(['\r', '\n']).ends_with('\\') {
            return Err(self.refusal("its last line is continued by a backslash".to_owned()));
        }
        if let Some(problem) = &plan.problem {
            return Err(self.refusal(problem.clone()));
        }
        let (diff, kept) = self.put(&text, &plan.block())?;
        reply.stdout = [diff.as_bytes(), &reply.stdout].concat();
        let shell = plan.shell.name();
        reply.stderr = format!(
            "awsbadge: updated {}{kept}. Run `exec {shell}` to load it now\n",
            self.shown
        );
        Ok(reply)
    }

    /// Writes `text`, which has `block`, and keeps a backup of a file without one. The difference, and words about the
    /// backup.
    pub(super) fn put(&self, text: &str, block: &str) -> Result<(String, String), Error> {
        let mut kept = String::new();
        if let (Some((_, mode)), None) = (self.about, &self.block) {
            let mut backup = self.path.clone().into_os_string();
            backup.push(".awsbadge-backup");
            let backup = PathBuf::from(backup);
            if !fs::exists(&backup).map_err(|e| self.unwritten(&e))? {
                self.replace(&backup, &self.text, mode)?;
                kept = format!(" (backup: {}.awsbadge-backup)", self.shown);
            }
        }
        self.replace(&self.path, text, 0o644)?;
        let old = self.block.clone().map_or("", |range| &self.text[range]);
        Ok((self.diff(old, block), kept))
    }

    /// Takes the block out.
    pub(super) fn remove(&self) -> Result<Output, Error> {
        let mut reply = Output::default();
        let Some(range) = self.block.clone() else {
            reply.stderr = format!(
                "awsbadge: {} has no lines of `awsbadge setup`; nothing was changed\n",
                self.shown
            );
            return Ok(reply);
        };
        self.replace(&self.path, &without_block(&self.text, range.clone()), 0o644)?;
        reply.stdout = self.diff(&self.text[range], "").into_bytes();
        reply.stderr = format!("awsbadge: wrote {}, without its lines\n", self.shown);
        Ok(reply)
    }

    /// The lines that go and the lines that come, as diff writes them.
    pub(super) fn diff(&self, old: &str, new: &str) -> String {
        let marked = |text: &str, mark| -> String {
            text.lines().map(|line| format!("{mark}{line}\n")).collect()
        };
        format!("{}\n{}{}", self.shown, marked(old, '-'), marked(new, '+'))
    }

    pub(super) fn replace(&self, path: &Path, text: &str, mode: u32) -> Result<(), Error> {
        // A file is read-only on purpose, or because a program generates it.
        if self.about.is_some_and(|(_, mode)| mode & 0o200 == 0) {
            return Err(self.refusal("it is read-only".to_owned()));
        }
        // A new file would take only this name, and the others would go on with the old lines.
        if self.about.is_some_and(|(links, _)| links > 1) {
            return Err(self.refusal("it has other names too (hard links)".to_owned()));
        }
        path.parent()
            .map_or(Ok(()), atomic_write::make_directory)
            .and_then(|()| atomic_write::replace(path, text.as_bytes(), mode))
            .map_err(|e| self.unwritten(&e))
    }

    pub(super) fn unwritten(&self, e: &std::io::Error) -> Error {
        self.refusal(format!("can't be written: {}", fs::reason(e)))
    }

    pub(super) fn refusal(&self, message: String) -> Error {
        Error::BadFile {
            path: self.path.clone(),
            line: None,
            message,
            hint: BY_HAND.to_owned(),
        }
    }
}

pub(super) fn lines_in(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|b| **b == b'\n').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A path as people write it.
pub(super) fn tilde(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(rest) => format!("~/{}", Escaped(&rest.to_string_lossy())),
        Err(_) => Escaped(&path.to_string_lossy()).to_string(),
    }
}
