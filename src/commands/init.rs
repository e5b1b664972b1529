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
    let program = sys::program(vars);
    if matches!(args.shell, ShellName::Nushell | ShellName::Elvish) {
        if !args.warn.is_empty() {
            return Err(Error::Usage {
                message: "--warn does nothing in this shell".to_owned(),
                hint: "leave --warn out".to_owned(),
            });
        }
        if program.to_str().is_none() {
            return Err(Error::Refused {
                message: "the path of awsbadge is not UTF-8, as this shell's files are".to_owned(),
                hint: "install awsbadge in another directory".to_owned(),
            });
        }
    }
    Ok(Output::print(hook::text(args, &program)))
}
