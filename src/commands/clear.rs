//! `clear`: unsets the profile.

use super::Output;
use crate::aws::Env;
use crate::cli::Clear;
use crate::identity::env_changes;
use crate::shells::{self, Shell};

pub(super) fn run(args: &Clear, vars: &Env) -> Output {
    let (statements, note) = env_changes::cleared(vars, args.keys);
    Output {
        stderr: note,
        ..Output::print(shells::block(Shell::from(args.shell), &statements))
    }
}
