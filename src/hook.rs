//! The hook: the text that `init` prints and that a shell evaluates at start-up.

use crate::aws::env_vars::{self, Watch};
use crate::cli::{Init, Side};
use crate::shells::{self, Shell, Statement};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The variables that the hooks compare in this way at every prompt.
fn names(watch: Watch) -> Vec<Vec<u8>> {
    env_vars::watched(watch)
        .map(|var| var.name.into())
        .collect()
}

/// Quoted assignments, then the shell's own file from `shell/` without its comments. `program` is the path of awsbadge.
#[must_use]
pub(crate) fn text(args: &Init, program: &Path) -> Vec<u8> {
    let shell = Shell::from(args.shell);
    let file = match shell {
        Shell::Zsh => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.zsh")),
        Shell::Bash => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.bash")),
        Shell::Fish => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.fish")),
    };
    let flag = |on: bool| if on { b"1".to_vec() } else { Vec::new() };
    let side = match args.prompt {
        Some(Side::Left) => "left",
        Some(Side::Right) => "right",
        None => "",
    };
    let mut out = shells::lines(
        shell,
        &[
            Statement::Set("_awsbadge_bin", program.as_os_str().as_bytes().to_vec()),
            Statement::Set("_awsbadge_cmd", args.cmd.clone().into_bytes()),
            Statement::Set("_awsbadge_prompt", side.into()),
            Statement::Set("_awsbadge_export", flag(args.export)),
            Statement::Set("_awsbadge_omz", flag(args.omz)),
            Statement::Set("_awsbadge_live", flag(args.live)),
            Statement::Set("_awsbadge_warn", args.warn.join(" ").into_bytes()),
            Statement::Set(
                "_awsbadge_psvar",
                args.psvar
                    .map_or_else(Vec::new, |n| n.to_string().into_bytes()),
            ),
            // On one line each: a hook that is sourced without `init` extracts these two lines.
            Statement::List("_awsbadge_values", names(Watch::Value)),
            Statement::List("_awsbadge_secrets", names(Watch::Presence)),
        ],
    );
    out.extend_from_slice(file.as_bytes());
    out
}
