//! The three shells.

use super::{binary, tools};
use std::fmt;
use std::path::PathBuf;

/// A shell that awsbadge serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    Zsh,
    Bash,
    Fish,
}

impl fmt::Display for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shell::Zsh => "zsh",
            Shell::Bash => "bash",
            Shell::Fish => "fish",
        })
    }
}

impl Shell {
    /// The shells that are installed here; a missing one is reported as skipped.
    #[track_caller]
    pub(crate) fn installed() -> impl Iterator<Item = Shell> {
        [Shell::Zsh, Shell::Bash, Shell::Fish]
            .into_iter()
            .filter(|shell| tools::installed(&[&shell.to_string()]))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Major and minor version, as one number: 302 is 3.2.
    pub(crate) fn version(self) -> u32 {
        let said = std::process::Command::new(self.program())
            .arg("--version")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let number = said
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .find(|word| word.contains('.'))
            .unwrap_or_else(|| panic!("{self}: {said}"));
        let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap());
        parts.next().unwrap() * 100 + parts.next().unwrap()
    }

    /// The shell's own absolute path.
    pub(super) fn program(self) -> PathBuf {
        tools::find(&self.to_string()).unwrap_or_else(|| panic!("{self} is not installed"))
    }

    /// The arguments that keep every start-up file away.
    pub(crate) fn bare(self) -> &'static [&'static str] {
        match self {
            Shell::Zsh => &["-f"],
            Shell::Bash => &["--noprofile", "--norc"],
            // The homes of the tests have none of fish's.
            Shell::Fish if self.version() < 303 => &[],
            Shell::Fish => &["--no-config"],
        }
    }

    /// The line of a start-up file that README gives, with `options` after the shell's name.
    pub(crate) fn rc(self, options: &str) -> String {
        let init = format!(
            "{} init {self} {options}",
            self.quote(binary().to_str().unwrap())
        );
        match self {
            Shell::Zsh | Shell::Bash => format!("eval \"$({init})\"\n"),
            Shell::Fish => format!("{init} | source\n"),
        }
    }

    /// `text` as one word of this shell. Written apart from the program's own quoting, which is under test.
    pub(crate) fn quote(self, text: &str) -> String {
        match self {
            Shell::Zsh | Shell::Bash => format!("'{}'", text.replace('\'', r"'\''")),
            Shell::Fish => format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'")),
        }
    }
}
