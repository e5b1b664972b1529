//! `clear`: no profile any more.

use super::Reply;
use crate::cli::Clear;
use crate::identity::env_changes;
use crate::shells::{self, Shell, Statement};

pub(super) fn run(args: &Clear) -> Reply {
    let keys = env_changes::overriding().filter(|_| args.keys);
    let names = keys.chain([
        "AWS_DEFAULT_PROFILE",
        "AWS_EB_PROFILE",
        "AWS_PROFILE_REGION",
        "AWS_PROFILE",
    ]);
    let statements: Vec<_> = names.map(Statement::Unset).collect();
    Reply::print(shells::block(Shell::from(args.shell), &statements))
}
