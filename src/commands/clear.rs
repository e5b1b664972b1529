//! `clear`: unsets the profile.

use super::Output;
use crate::aws::Env;
use crate::cli::Clear;
use crate::error::Error;
use crate::identity::env_changes;

pub(super) fn run(args: &Clear, vars: &Env) -> Result<Output, Error> {
    let shell = super::evaluated_by(args.shell, "asp")?;
    let (statements, note) = env_changes::cleared(vars, args.keys);
    Ok(Output {
        stderr: note,
        ..Output::print(super::block(shell, &statements)?)
    })
}
