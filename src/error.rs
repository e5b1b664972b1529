//! The errors that users see: what happened, the exit code, and what to do.

use crate::output::one_of;
use crate::output::sanitize::Escaped;
use std::fmt;
use std::path::PathBuf;

/// The exit codes. Scripts depend on them.
pub mod code {
    /// Success.
    pub const OK: u8 = 0;
    /// Any other error.
    pub const GENERAL: u8 = 1;
    /// The command line is not valid.
    pub const USAGE: u8 = 2;
    /// No such profile, or no such set of config files.
    pub const NO_SUCH_PROFILE: u8 = 3;
    /// A file can't be read, or is not valid.
    pub const BAD_FILE: u8 = 4;
    /// A login is needed.
    pub const LOGIN_NEEDED: u8 = 5;
    /// Refused for safety.
    pub const REFUSED: u8 = 6;
    /// The service was not reached; only awsbadge-sso reports this.
    pub const UNREACHABLE: u8 = 7;
    /// No access to the account or role; only awsbadge-sso reports this.
    pub const NO_ACCESS: u8 = 8;
    /// Interrupted by the user.
    pub const INTERRUPTED: u8 = 130;
}

/// An error, with everything that its message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// No file contains the profile.
    NoSuchProfile {
        /// The name as typed.
        name: String,
        /// The config file, if the environment defines its path.
        config: Option<PathBuf>,
        /// The first existing profiles, in the order of the files.
        available: Vec<String>,
        /// The number of the others.
        more: usize,
        /// The most similar names, the closest first.
        near: Vec<String>,
        /// What to do if there are none at all.
        first: Box<str>,
    },
    /// The settings have no such set of the AWS files.
    NoSuchConfig {
        /// The name as typed.
        name: String,
        /// The names of the sets.
        known: Vec<String>,
    },
    /// A file exists but can't be used.
    BadFile {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, if one line is the cause.
        line: Option<u32>,
        /// What is wrong.
        message: String,
        /// What to do: one imperative sentence, lower case, no period.
        hint: String,
    },
    /// The command line is not valid.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do: one imperative sentence, lower case, no period.
        hint: String,
    },
    /// Refused for safety.
    Refused {
        /// What is refused, and why.
        message: String,
        /// What to do: one imperative sentence, lower case, no period.
        hint: String,
    },
    /// A login is needed first.
    LoginNeeded {
        /// What needs it.
        message: String,
        /// What to do: one imperative sentence, lower case, no period.
        hint: String,
    },
    /// An error that awsbadge-sso reported.
    Reported {
        /// Its exit code.
        code: u8,
        /// Its error and hint lines, sanitised.
        text: String,
    },
    /// The user pressed Ctrl-C or Esc.
    Interrupted,
    /// Anything else.
    General {
        /// What happened.
        message: String,
        /// What to do; empty if there is nothing.
        hint: String,
    },
}

impl Error {
    /// The exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::NoSuchProfile { .. } | Self::NoSuchConfig { .. } => code::NO_SUCH_PROFILE,
            Self::BadFile { .. } => code::BAD_FILE,
            Self::Usage { .. } => code::USAGE,
            Self::Refused { .. } => code::REFUSED,
            Self::LoginNeeded { .. } => code::LOGIN_NEEDED,
            Self::Reported { code, .. } => *code,
            Self::Interrupted => code::INTERRUPTED,
            Self::General { .. } => code::GENERAL,
        }
    }
}

impl fmt::Display for Error {
    /// Writes `error: WHAT`, then `hint: DO THIS` if there is something to do, without a final newline. The names in it
    /// must be sanitised already, except in [`Error::NoSuchProfile`], which escapes them itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchProfile {
                name,
                config,
                available,
                more,
                near,
                first,
            } => {
                // The first two lines are those of oh-my-zsh's plugin, which scripts know.
                write!(f, "error: Profile '{}' not found in '", Escaped(name))?;
                match config {
                    Some(path) => write!(f, "{}'", Escaped(&path.to_string_lossy()))?,
                    None => write!(f, "~/.aws/config'")?,
                }
                let list = |names: &[String]| {
                    names
                        .iter()
                        .map(|n| Escaped(n).to_string())
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
                let visible: Vec<String> = near.iter().map(|n| Escaped(n).to_string()).collect();
                match (visible.as_slice(), name.starts_with("--")) {
                    ([], true) => write!(f, "\nhint: did you mean an option (see `--help`)?"),
                    ([], false) if available.is_empty() => hint(f, first),
                    ([], false) => Ok(()),
                    (near, false) => write!(f, "\nhint: did you mean {}?", one_of(near)),
                    (near, true) => write!(
                        f,
                        "\nhint: did you mean {}, or an option (see `--help`)?",
                        near.join(", ")
                    ),
                }
            }
            Self::NoSuchConfig { name, known } => {
                write!(
                    f,
                    "error: the settings have no section [config {}]\nhint: ",
                    Escaped(name)
                )?;
                if known.is_empty() {
                    return write!(
                        f,
                        "add it, with config_file = PATH (`awsbadge settings` names the file)"
                    );
                }
                let known = known.iter().map(|name| Escaped(name).to_string());
                let known: Vec<String> = known.chain(["default".to_owned()]).collect();
                write!(f, "write {}", one_of(&known))
            }
            Self::BadFile {
                path,
                line,
                message,
                hint,
            } => {
                write!(f, "error: {}", Escaped(&path.to_string_lossy()))?;
                if let Some(line) = line {
                    write!(f, ":{line}")?;
                }
                write!(f, ": {message}")?;
                self::hint(f, hint)
            }
            Self::Reported { text, .. } => f.write_str(text),
            Self::Interrupted => write!(f, "awsbadge: interrupted"),
            Self::Usage { message, hint }
            | Self::Refused { message, hint }
            | Self::LoginNeeded { message, hint }
            | Self::General { message, hint } => {
                write!(f, "error: {message}")?;
                self::hint(f, hint)
            }
        }
    }
}

fn hint(f: &mut fmt::Formatter<'_>, hint: &str) -> fmt::Result {
    if hint.is_empty() {
        Ok(())
    } else {
        write!(f, "\nhint: {hint}")
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
            first: "".into(),
        };
        assert_eq!(
            error.to_string(),
            "error: Profile 'de\\u{1b}v' not found in '/h/.aws/config'\nAvailable profiles: dev, prod admin\nhint: did you mean dev?"
        );
        assert_eq!(error.code(), 3);
    }

    #[test]
    fn a_name_that_looks_like_an_option_may_have_been_one() {
        for (near, last) in [
            (vec![], "\nhint: did you mean an option (see `--help`)?"),
            (
                vec!["-forse".to_owned()],
                "\nhint: did you mean -forse, or an option (see `--help`)?",
            ),
        ] {
            let error = Error::NoSuchProfile {
                name: "--forse".into(),
                config: None,
                available: vec!["dev".into()],
                more: 0,
                near,
                first: "".into(),
            };
            assert!(error.to_string().ends_with(last), "{error}");
        }
    }

    #[test]
    fn a_bad_file_is_named_with_its_line_and_what_to_do() {
        let error = Error::BadFile {
            path: "/c".into(),
            line: Some(3),
            message: "no `=`".into(),
            hint: "fix it".into(),
        };
        assert_eq!(error.to_string(), "error: /c:3: no `=`\nhint: fix it");
    }
}
