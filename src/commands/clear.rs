//! `clear`: unsets the profile.

use super::Output;
use crate::aws::env_vars::AWSBADGE_ACP;
use crate::aws::{Env, env_identity};
use crate::cli::Clear;
use crate::identity::env_changes;
use crate::output::sanitize::Escaped;
use crate::shells::{self, Shell, Statement};

pub(super) fn run(args: &Clear, vars: &Env) -> Output {
    let acp = env_identity::acp_owner(vars);
    let keys = env_changes::overriding().filter(|_| args.keys || acp.is_some());
    let names = keys.chain([
        // It does not apply to keys that were set by other means since.
        AWSBADGE_ACP.name,
        "AWS_DEFAULT_PROFILE",
        "AWS_EB_PROFILE",
        "AWS_PROFILE_REGION",
        "AWS_PROFILE",
    ]);
    let statements: Vec<_> = names.map(Statement::Unset).collect();
    Output {
        stderr: acp.map_or_else(String::new, |name| {
            format!(
                "awsbadge: removed the credentials of '{}' that `acp` set\n",
                Escaped(&name)
            )
        }),
        ..Output::print(shells::block(Shell::from(args.shell), &statements))
    }
}
