//! `doctor --fix`: replaces single lines that can be corrected safely, after asking.

use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::identity::confirm;
use crate::output::sanitize::{Escaped, visible_lines};
use crate::sys::{atomic_write, fs, terminal};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Shows what would change, asks, and writes. Returns the text for standard error.
///
/// # Errors
/// [`Error::Usage`] without a terminal, and [`Error::BadFile`] if a file can't be written.
pub(super) fn run(ctx: &Context<'_>, findings: &[Diagnostic]) -> Result<String, Error> {
    let mut edits: BTreeMap<&Path, BTreeMap<u32, &str>> = BTreeMap::new();
    for finding in findings {
        if let (Some(location), Some(line)) = (&finding.location, &finding.replacement)
            && let Some(number) = location.line
        {
            // Of several edits of one line, the first; another run finds the rest.
            let of_file = edits.entry(&location.path).or_default();
            of_file.entry(number).or_insert(line);
        }
    }
    if edits.is_empty() {
        return Ok("awsbadge: nothing can be fixed by changing one line\n".to_owned());
    }
    if !terminal::can_ask() {
        return Err(Error::Usage {
            message: "`doctor --fix` asks before it changes a file, and there is no terminal"
                .to_owned(),
            hint: "run `awsbadge doctor` for the lines to write".to_owned(),
        });
    }
    let mut said = String::new();
    for (path, lines) in edits {
        let shown = Escaped(&path.to_string_lossy()).to_string();
        let before = ctx
            .aws_files()
            .text_at(path)
            .ok_or_else(|| bad(path, "it can't be read as text"))?;
        let (after, diff) = edited(before, &lines);
        terminal::print_error(&format!("{shown}\n{}", visible_lines(&diff)));
        let count = if lines.len() == 1 {
            "this line"
        } else {
            "these lines"
        };
        if !confirm::yes(&format!("Change {count}? [y/N] "), false) {
            said += &format!("awsbadge: {shown} was not changed\n");
            continue;
        }
        let backup = write(path, before, &after)?;
        let backup = Escaped(&backup.to_string_lossy()).to_string();
        said += &format!("awsbadge: changed {shown} (backup: {backup})\n");
    }
    Ok(said)
}

/// The text with some of its lines replaced, line ends kept; and the lines as diff writes them.
fn edited(text: &str, lines: &BTreeMap<u32, &str>) -> (String, String) {
    let (mut after, mut diff) = (String::with_capacity(text.len() + 64), String::new());
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let Some(new) = lines.get(&number) else {
            after += line;
            continue;
        };
        let old = line.trim_end_matches(['\r', '\n']);
        let end = &line[old.len()..];
        let newline = if end.is_empty() { "\n" } else { end };
        after += &new.replace('\n', newline);
        after += end;
        diff += &format!("-{old}\n");
        diff.extend(new.lines().map(|line| format!("+{line}\n")));
    }
    (after, diff)
}

fn bad(path: &Path, message: &str) -> Error {
    Error::BadFile {
        path: path.to_owned(),
        line: None,
        message: format!("{message}; nothing was changed"),
        hint: "change the line yourself".to_owned(),
    }
}

/// Writes the file, if it is still as it was read, and keeps it as it was under another name, which is returned.
fn write(path: &Path, before: &str, after: &str) -> Result<PathBuf, Error> {
    let failed = |e: std::io::Error| bad(path, &fs::reason(&e));
    match fs::read(path, fs::CONFIG_CAP) {
        fs::Read::Bytes(now) if now == before.as_bytes() => {}
        _ => return Err(bad(path, "another program changed it meanwhile")),
    }
    let mode = fs::about(path).map_or(0o600, |about| about.mode & 0o777);
    let name = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(".awsbadge-backup");
        if number > 0 {
            name.push(format!("-{number}"));
        }
        PathBuf::from(name)
    };
    let mut backups = (0..).map(name);
    let backup = backups
        .find(|name| fs::about(name).is_none())
        .unwrap_or_else(|| name(0));
    atomic_write::replace(&backup, before.as_bytes(), mode).map_err(failed)?;
    atomic_write::replace(path, after.as_bytes(), mode).map_err(failed)?;
    Ok(backup)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_change_and_their_ends_stay() {
        let lines = BTreeMap::from([(2, "b = 2"), (4, "# c\nd = 4")]);
        for (text, want) in [
            ("a\nb\nc\nd\ne\n", "a\nb = 2\nc\n# c\nd = 4\ne\n"),
            ("a\r\nb\r\nc\r\nd", "a\r\nb = 2\r\nc\r\n# c\nd = 4"),
            ("a", "a"),
        ] {
            assert_eq!(edited(text, &lines).0, want, "{text:?}");
        }
        let (_, diff) = edited("a\r\nb\r\n", &lines);
        assert_eq!(diff, "-b\n+b = 2\n");
    }
}
