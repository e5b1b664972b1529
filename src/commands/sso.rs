//! The commands of awsbadge-sso: `whoami`, `configure`, `populate`, `accounts`, `roles`.

use super::Output;
use crate::aws::Env;
use crate::error::Error;
use crate::sso_program;
use std::ffi::OsString;

/// Replaces this process with awsbadge-sso and the same arguments.
pub(super) fn run(name: &str, typed: &[OsString], vars: &Env) -> Result<Output, Error> {
    let help = typed == ["--help"] || typed == ["-h"];
    // How it is called can be said without it.
    if help && sso_program::find(vars).is_none() {
        let install = sso_program::INSTALL;
        return Ok(Output::print(format!(
            "Usage: awsbadge {name} [ARGUMENTS]...\n\nStarts `awsbadge-sso {name}`, whose --help lists the arguments. To install \
             awsbadge-sso,\n{install} in the source directory of awsbadge.\n"
        )));
    }
    let program = sso_program::find_or_error(vars)?;
    let words: Vec<OsString> = [OsString::from(name)]
        .into_iter()
        .chain(typed.iter().cloned())
        .collect();
    Err(sso_program::replace(&program, &words, vars))
}
