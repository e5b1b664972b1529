//! `clear`: no profile any more.

use super::{Reply, switch};
use crate::aws::Env;
use crate::aws::env_vars::{AWS_ACCESS_KEY_ID, AWSBADGE_ACP};
use crate::cli::Clear;
use crate::error::Visible;
use crate::shells::{self, Shell, Statement};

pub(super) fn run(args: &Clear, vars: &Env) -> Reply {
    let acp = of_acp(vars);
    let keys = switch::overriding().filter(|_| args.keys || acp.is_some());
    let names = keys.chain([
        // It says nothing about keys that others have set since.
        AWSBADGE_ACP.name,
        "AWS_DEFAULT_PROFILE",
        "AWS_EB_PROFILE",
        "AWS_PROFILE_REGION",
        "AWS_PROFILE",
    ]);
    let statements: Vec<_> = names.map(Statement::Unset).collect();
    Reply {
        stderr: acp.map_or_else(String::new, |name| {
            format!(
                "awsbadge: removed the credentials of '{}' that `acp` set\n",
                Visible(&name)
            )
        }),
        ..Reply::print(shells::block(Shell::from(args.shell), &statements))
    }
}

/// The profile whose credentials `acp` put into the environment, if they are still there.
fn of_acp(vars: &Env) -> Option<String> {
    let said = vars.text(&AWSBADGE_ACP)?;
    let (id, name) = said.split_once(' ')?;
    let there = vars.text(&AWS_ACCESS_KEY_ID)?;
    (there == id).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_of_acp_count_while_they_are_there() {
        for (acp, id, want) in [
            (Some("AKIA dev"), Some("AKIA"), Some("dev")),
            (Some("AKIA a b"), Some("AKIA"), Some("a b")),
            (Some("AKIA dev"), Some("ASIA"), None),
            (Some("AKIA dev"), Some("AKI"), None),
            (Some("AKIA dev"), None, None),
            (Some("AKIA"), Some("AKIA"), None),
            (Some(" dev"), Some(""), None),
            (None, Some("AKIA"), None),
        ] {
            let vars = acp.iter().fold(Env::default(), |vars, value| {
                vars.with("AWSBADGE_ACP", value)
            });
            let vars = id
                .iter()
                .fold(vars, |vars, value| vars.with("AWS_ACCESS_KEY_ID", value));
            assert_eq!(of_acp(&vars).as_deref(), want, "{acp:?} {id:?}");
        }
    }
}
