//! The AWS CLI: finds it, asks for its version, and runs it.

use crate::aws::Env;
use crate::error::{Error, code};
use crate::identity::env_changes;
use crate::sys::{fs, process};
use std::path::{Path, PathBuf};

/// An option and its value, as one word if the value looks like an option itself.
#[must_use]
pub(crate) fn option(name: &str, value: &str) -> Vec<String> {
    if value.starts_with('-') {
        vec![format!("{name}={value}")]
    } else {
        vec![name.to_owned(), value.to_owned()]
    }
}

/// Finds `aws` on the `PATH` of `vars`.
#[must_use]
pub(crate) fn find(vars: &Env) -> Option<PathBuf> {
    process::find("aws", vars)
}

/// As [`find`], for a command that needs it.
///
/// # Errors
/// [`Error::General`] if it is not installed.
pub(crate) fn find_or_error(vars: &Env) -> Result<PathBuf, Error> {
    find(vars).ok_or_else(|| Error::General {
        message: "this needs the AWS CLI, but `aws` is not on the PATH".to_owned(),
        hint: "install version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
            .to_owned(),
    })
}

/// Its major and minor version; `None` if it does not print one.
#[must_use]
pub(crate) fn version(program: &Path, vars: &Env) -> Option<(u32, u32)> {
    let ended =
        process::output(program, &["--version"], &env_changes::without_secrets(vars)).ok()?;
    parse_version(&String::from_utf8_lossy(&ended.stdout))
}

/// `aws-cli/2.9.19 Python/…`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let number = text.trim_start().strip_prefix("aws-cli/")?;
    let mut parts = number.split(['.', ' ']).map(str::parse);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
        _ => None,
    }
}

/// Runs it, with its output on standard error. Returns its exit code.
///
/// # Errors
/// [`Error::General`] if it cannot be started.
pub(crate) fn run(program: &Path, words: &[String], vars: &Env) -> Result<i32, Error> {
    // Keys or another profile in the environment must not affect it.
    let ended = process::run_to_stderr(program, words, &env_changes::without_identity(vars));
    let code = ended.map_err(|e| Error::General {
        message: format!("`aws` can't be started: {}", fs::reason(&e)),
        hint: String::new(),
    })?;
    Ok(code)
}

/// Our own exit code if it exits with `code`: its 252 to 255 mean nothing here. A signal's 128 and more stay.
#[must_use]
pub(crate) fn exit_code(code: i32) -> u8 {
    match u8::try_from(code) {
        Ok(code @ (0 | 129..=192)) => code,
        _ => code::GENERAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_first_word() {
        for (text, want) in [
            ("aws-cli/2.9.19 Python/3.11.2 Linux/6.1", Some((2, 9))),
            ("aws-cli/1.22 Python/3", Some((1, 22))),
            ("aws-cli/2", None),
            ("botocore/1.2", None),
            ("", None),
        ] {
            assert_eq!(parse_version(text), want, "{text}");
        }
    }

    #[test]
    fn a_value_that_looks_like_an_option_stays_a_value() {
        assert_eq!(option("--profile", "dev"), ["--profile", "dev"]);
        assert_eq!(option("--profile", "-rf"), ["--profile=-rf"]);
    }
}
