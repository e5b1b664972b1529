//! awsbadge-sso, the program with all the network code: where it is, and running it.

use crate::aws::Env;
use crate::error::{Error, code};
use crate::settings::LoginWith;
use crate::sys::fs;
use crate::sys::process::{self, Ended};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Its name.
pub(crate) const NAME: &str = "awsbadge-sso";

/// Where it is: in the directory of this program, else on the `PATH` of `vars`.
#[must_use]
pub(crate) fn find(vars: &Env) -> Option<PathBuf> {
    process::find_beside(NAME, vars)
}

/// The same, for a command that needs it.
///
/// # Errors
/// [`Error::General`] if there is none.
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
pub(crate) const INSTALL: &str = "run `RUSTFLAGS= cargo install --locked --path sso`";

/// Where it is, if it does what the AWS CLI can do too; `None` for the AWS CLI.
///
/// # Errors
/// [`Error::General`] if the settings insist on it, and there is none.
pub(crate) fn preferred(with: LoginWith, vars: &Env) -> Result<Option<PathBuf>, Error> {
    match with {
        LoginWith::Aws => Ok(None),
        LoginWith::Auto => Ok(find(vars)),
        LoginWith::Native => find_or_error(vars).map(Some),
    }
}

/// Runs it on this terminal, with all three streams, to its end. Returns its exit code. `vars` is its environment.
///
/// # Errors
/// [`Error::General`] if it cannot be started.
pub(crate) fn run(program: &Path, words: &[String], vars: &Env) -> Result<u8, Error> {
    let code = process::interact(program, words, vars).map_err(|e| not_started(&e))?;
    Ok(u8::try_from(code).unwrap_or(code::GENERAL))
}

/// Runs it to its end without input, and collects what it prints. Its messages are fit for a terminal.
///
/// # Errors
/// [`Error::General`] if it cannot be started.
pub(crate) fn capture(program: &Path, words: &[String], vars: &Env) -> Result<Ended, Error> {
    process::capture(program, words, vars).map_err(|e| not_started(&e))
}

/// Starts it in the background, without input or output. It may outlive this process, and a Ctrl-C does not reach
/// it.
pub(crate) fn start(program: &Path, words: &[String], vars: &Env) {
    // Nobody is there to be told.
    let _ = process::launch(program, words, vars);
}

fn not_started(error: &std::io::Error) -> Error {
    Error::General {
        message: format!("`{NAME}` can't be started: {}", fs::reason(error)),
        hint: String::new(),
    }
}
