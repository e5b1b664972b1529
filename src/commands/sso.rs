//! The commands that awsbadge-sso has: `whoami`, `configure`, `populate`, `accounts`, `roles`.

use super::Output;
use crate::aws::Env;
use crate::cli;
use crate::error::Error;
use crate::sso_program;
use std::ffi::OsString;

/// Becomes awsbadge-sso, with all that was typed.
pub(super) fn run(name: &str, typed: &[OsString], vars: &Env) -> Result<Output, Error> {
    let help = typed == ["--help"] || typed == ["-h"];
    // What it does can be said without it.
    if help && sso_program::find(vars).is_none() {
        return Ok(Output::print(cli::help(name)));
    }
    let program = sso_program::find_or_error(vars)?;
    let words: Vec<OsString> = [OsString::from(name)]
        .into_iter()
        .chain(typed.iter().cloned())
        .collect();
    Err(sso_program::replace(&program, &words, vars))
}
