//! `clear`: no profile any more.

use super::{Reply, switch};
use crate::cli::Clear;
use crate::shells::{self, Shell, Statement};

pub(super) fn run(args: &Clear) -> Reply {
    let keys = if args.keys { switch::SHADOWING } else { &[] };
    let names = keys.iter().chain(&[
        "AWS_DEFAULT_PROFILE",
        "AWS_EB_PROFILE",
        "AWS_PROFILE_REGION",
        "AWS_PROFILE",
    ]);
    let statements: Vec<_> = names.map(|name| Statement::Unset(name)).collect();
    Reply::print(shells::block(Shell::from(args.shell), &statements))
}
