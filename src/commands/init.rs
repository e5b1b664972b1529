//! `init`: prints the hook.

use super::Output;
use crate::aws::Env;
use crate::cli::{Init, ShellName};
use crate::error::Error;
use crate::{hook, sys};

pub(super) fn run(args: &Init, vars: &Env) -> Result<Output, Error> {
    let of_zsh = [
        ("--omz", args.omz),
        ("--live", args.live),
        ("--psvar", args.psvar.is_some()),
    ];
    if args.shell != ShellName::Zsh
        && let Some((option, _)) = of_zsh.into_iter().find(|(_, given)| *given)
    {
        return Err(Error::Usage {
            message: format!("{option} does nothing in this shell: it is for zsh"),
            hint: format!("leave {option} out"),
        });
    }
    Ok(Output::print(hook::text(args, &sys::program(vars))))
}
