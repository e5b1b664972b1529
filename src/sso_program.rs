//! Finds and runs awsbadge-sso, the program with all the network code.

use crate::aws::Env;
use crate::error::{Error, code};
use crate::settings::LoginWith;
use crate::sys::fs;
use crate::sys::process::{self, Ended};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Its name.
pub(crate) const NAME: &str = "awsbadge-sso";

/// Finds it in the directory of this program, else on the `PATH` of `vars`.
#[must_use]
pub(crate) fn find(vars: &Env) -> Option<PathBuf> {
    process::find_beside(NAME, vars)
}

/// As [`find`], for a command that needs it.
///
/// # Errors
/// [`Error::General`] if it is not installed.
pub(crate) fn find_or_error(vars: &Env) -> Result<PathBuf, Error> {
    find(vars).ok_or_else(|| Error::General {
        message: format!("this needs {NAME}, which is not installed"),
        hint: format!("{INSTALL} in the source directory of awsbadge"),
    })
}

/// The command that starts `configure`, and what for; how to install the program, if it is missing.
#[must_use]
pub(crate) fn configure(vars: &Env, what_for: &str) -> String {
    match find(vars) {
        Some(_) => format!("run `awsbadge configure` {what_for}"),
        None => format!("{INSTALL} in the source directory of awsbadge, then `awsbadge configure`"),
    }
}

/// Becomes it. Comes back only if that fails.
pub(crate) fn replace(program: &Path, words: &[OsString], vars: &Env) -> Error {
    not_started(&process::replace(program.as_os_str(), words, vars))
}

/// How to install it.
pub(crate) const INSTALL: &str = "run `cargo install --locked --path sso`";

/// Finds it for something that the AWS CLI can do too; `None` means the AWS CLI.
///
/// # Errors
/// [`Error::General`] if the settings require it and it is not installed.
pub(crate) fn preferred(with: LoginWith, vars: &Env) -> Result<Option<PathBuf>, Error> {
    match with {
        LoginWith::Aws => Ok(None),
        LoginWith::Auto => Ok(find(vars)),
        LoginWith::Native => find_or_error(vars).map(Some),
    }
}

/// Runs it on this terminal with all three streams and the environment `vars`. Returns its exit code.
///
/// # Errors
/// [`Error::General`] if it cannot be started.
pub(crate) fn run(program: &Path, words: &[String], vars: &Env) -> Result<u8, Error> {
    let code = process::interact(program, words, vars).map_err(|e| not_started(&e))?;
    Ok(u8::try_from(code).unwrap_or(code::GENERAL))
}

/// Runs it without input and collects its output. Its messages are sanitised.
///
/// # Errors
/// [`Error::General`] if it cannot be started.
pub(crate) fn capture(program: &Path, words: &[String], vars: &Env) -> Result<Ended, Error> {
    process::capture(program, words, vars).map_err(|e| not_started(&e))
}

/// Starts it in the background, without input or output. It may outlive this process and does not get a Ctrl-C.
pub(crate) fn start(program: &Path, words: &[String], vars: &Env) {
    // There is no one to report an error to.
    let _ = process::launch(program, words, vars);
}

fn not_started(error: &std::io::Error) -> Error {
    Error::General {
        message: format!("`{NAME}` can't be started: {}", fs::reason(error)),
        hint: String::new(),
    }
}
