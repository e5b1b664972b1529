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

/// What the name of `asr`, and what those of `agp`, `agr` and `acp` begin with, if `asp` is called `cmd`.
#[must_use]
pub(crate) fn prefixes(cmd: &str) -> (&str, &str) {
    match cmd {
        "asp" => ("as", "a"),
        cmd => (cmd, cmd),
    }
}

/// Quoted assignments, then the shell's own file from `shell/` without comments and indentation. `program` is the path
/// of awsbadge.
#[must_use]
pub(crate) fn text(args: &Init, program: &Path) -> Vec<u8> {
    let shell = Shell::from(args.shell);
    let file = match shell {
        Shell::Zsh => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.zsh")),
        Shell::Bash => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.bash")),
        Shell::Fish => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.fish")),
        Shell::Nushell => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.nu")),
        Shell::Elvish => include_str!(concat!(env!("OUT_DIR"), "/awsbadge.elv")),
        Shell::Plain => "",
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
    if shell == Shell::Nushell {
        // Nushell takes names of commands from the text only.
        let (short, long) = prefixes(&args.cmd);
        let (asp, run) = (&args.cmd, "_awsbadge");
        out.extend_from_slice(
            format!(
                "export alias {asp} = {run}_asp\nexport alias {short}r = {run}_asr\nexport alias {long}gp = {run}_agp\n\
                 export alias {long}gr = {run}_agr\nexport alias {long}cp = {run}_acp\n"
            )
            .as_bytes(),
        );
    }
    out
}
