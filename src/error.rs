//! Every error that a user can see: what happened, which exit code it gives, and what to do next.

use crate::output::sanitize::Visible;
use std::fmt;
use std::path::PathBuf;

/// The exit codes, a contract with scripts.
pub mod code {
    /// All went well.
    pub const OK: u8 = 0;
    /// Something else went wrong.
    pub const GENERAL: u8 = 1;
    /// The command line was not understood.
    pub const USAGE: u8 = 2;
    /// No such profile.
    pub const NO_SUCH_PROFILE: u8 = 3;
    /// A file can't be read, or is not valid.
    pub const BAD_FILE: u8 = 4;
    /// A login is needed.
    pub const LOGIN_NEEDED: u8 = 5;
    /// Refused for safety.
    pub const REFUSED: u8 = 6;
    /// Interrupted by the user.
    pub const INTERRUPTED: u8 = 130;
}

/// An error, with all that its message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A name that is in no file.
    NoSuchProfile {
        /// As it was typed.
        name: String,
        /// The config file that was looked in, as far as there is a path.
        config: Option<PathBuf>,
        /// The first profiles that there are, in the order of the files.
        available: Vec<String>,
        /// How many more there are.
        more: usize,
        /// Those that look alike, the nearest first.
        near: Vec<String>,
    },
    /// A file that is there and can't be used.
    BadFile {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, where one is to blame.
        line: Option<u32>,
        /// What is wrong.
        message: String,
        /// What to do.
        next: String,
    },
    /// The command line makes no sense.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        next: String,
    },
    /// Refused, since it would not be safe.
    Refused {
        /// What and why.
        message: String,
        /// What to do.
        next: String,
    },
    /// A login is needed first.
    LoginNeeded {
        /// What needs it.
        message: String,
        /// What to do.
        next: String,
    },
    /// The user pressed Ctrl-C or Esc.
    Interrupted,
    /// Anything else.
    General {
        /// What happened.
        message: String,
        /// What to do; empty where nothing can be said.
        next: String,
    },
}

impl Error {
    /// The exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::NoSuchProfile { .. } => code::NO_SUCH_PROFILE,
            Self::BadFile { .. } => code::BAD_FILE,
            Self::Usage { .. } => code::USAGE,
            Self::Refused { .. } => code::REFUSED,
            Self::LoginNeeded { .. } => code::LOGIN_NEEDED,
            Self::Interrupted => code::INTERRUPTED,
            Self::General { .. } => code::GENERAL,
        }
    }
}

impl fmt::Display for Error {
    /// The whole message, without a newline at its end. Names in it must be fit for a terminal already, except
    /// in [`Error::NoSuchProfile`], which sees to its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchProfile {
                name,
                config,
                available,
                more,
                near,
            } => {
                // The first two lines are those of oh-my-zsh's plugin, which scripts know.
                write!(f, "error: Profile '{}' not found in '", Visible(name))?;
                match config {
                    Some(path) => write!(f, "{}'", Visible(&path.to_string_lossy()))?,
                    None => write!(f, "~/.aws/config'")?,
                }
                let list = |names: &[String]| {
                    names
                        .iter()
                        .map(|n| Visible(n).to_string())
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                match (available.as_slice(), more) {
                    ([], _) => write!(f, "\nAvailable profiles: no profiles found")?,
                    (names, 0) => write!(f, "\nAvailable profiles: {}", list(names))?,
                    (names, more) => write!(
                        f,
                        "\nAvailable profiles: {}, and {more} more (awsbadge list)",
                        list(names)
                    )?,
                }
                if name.starts_with("--") {
                    write!(
                        f,
                        "\nThere is no option of that name either; --help shows them."
                    )?;
                }
                match near.as_slice() {
                    [] if available.is_empty() => {
                        write!(f, "\n`aws configure sso` writes the first one.")
                    }
                    [] => Ok(()),
                    near => write!(f, "\nDid you mean: {}?", list(near)),
                }
            }
            Self::BadFile {
                path,
                line,
                message,
                next,
            } => {
                write!(f, "error: {}", Visible(&path.to_string_lossy()))?;
                if let Some(line) = line {
                    write!(f, ":{line}")?;
                }
                write!(f, ": {message}")?;
                self::next(f, next)
            }
            Self::Interrupted => write!(f, "awsbadge: interrupted"),
            Self::Usage { message, next }
            | Self::Refused { message, next }
            | Self::LoginNeeded { message, next }
            | Self::General { message, next } => {
                write!(f, "error: {message}")?;
                self::next(f, next)
            }
        }
    }
}

fn next(f: &mut fmt::Formatter<'_>, next: &str) -> fmt::Result {
    if next.is_empty() {
        Ok(())
    } else {
        write!(f, "\n{next}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_profile_is_told_in_the_plugins_words_with_the_nearest_names() {
        let error = Error::NoSuchProfile {
            name: "de\x1bv".into(),
            config: Some("/h/.aws/config".into()),
            available: vec!["dev".into(), "prod admin".into()],
            more: 0,
            near: vec!["dev".into()],
        };
        assert_eq!(
            error.to_string(),
            "error: Profile 'de\\u{1b}v' not found in '/h/.aws/config'\nAvailable profiles: dev, prod admin\nDid you mean: dev?"
        );
        assert_eq!(error.code(), 3);
    }

    #[test]
    fn what_looks_like_an_option_is_told_to_be_none() {
        let error = Error::NoSuchProfile {
            name: "--forse".into(),
            config: None,
            available: vec!["dev".into()],
            more: 0,
            near: vec![],
        };
        let last = "\nThere is no option of that name either; --help shows them.";
        assert!(error.to_string().ends_with(last), "{error}");
    }

    #[test]
    fn a_bad_file_is_named_with_its_line_and_what_to_do() {
        let error = Error::BadFile {
            path: "/c".into(),
            line: Some(3),
            message: "no `=`".into(),
            next: "Mend it.".into(),
        };
        assert_eq!(error.to_string(), "error: /c:3: no `=`\nMend it.");
    }
}
