//! The commands of awsbadge-sso: `whoami`, `configure`, `populate`, `accounts`, `roles`.

use super::Output;
use crate::aws::Env;
use crate::cli;
use crate::error::Error;
use crate::sso_program;
use std::ffi::OsString;

/// Replaces this process with awsbadge-sso and the same arguments.
pub(super) fn run(name: &str, typed: &[OsString], vars: &Env) -> Result<Output, Error> {
    let help = typed == ["--help"] || typed == ["-h"];
    // Its help can be shown without it.
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
