//! `setup`: finds the shell's start-up file and the prompt theme, and prints the lines that show the badge. `--write`
//! adds those of the start-up file, between two markers; `--remove` removes them.
//!
//! Only the start-up file is ever written, and on macOS bash's file for login shells. A theme's own file was written by
//! hand, often in another language: its lines are only printed.

mod block;
mod login;
mod plan;
mod rc_file;
mod reach;
mod theme;

use super::Output;
use crate::aws::Env;
use crate::aws::config;
use crate::aws::env_vars;
use crate::cli::Setup;
use crate::context::Context;
use crate::error::Error;
use crate::identity::lookup;
use crate::output::sanitize::Escaped;
use crate::shell_rc;
use crate::shells::Shell;
use crate::sys::{self, fs};
use plan::Plan;
use rc_file::Rc;
use theme::Theme;

/// What every refusal ends with.
const BY_HAND: &str =
    "nothing was changed; run `awsbadge setup` to print the lines, and add them yourself";

pub(super) fn run(args: &Setup, vars: &Env) -> Result<Output, Error> {
    let home = sys::dirs::home(vars).ok_or_else(|| Error::General {
        message: "there is no home directory: HOME is not set".to_owned(),
        hint: String::new(),
    })?;
    let shell = match args.shell {
        Some(name) => name.into(),
        None => login_shell(vars)?,
    };
    if shell == Shell::Nushell {
        return nushell(args);
    }
    let rc = Rc::read(shell_rc::start_up_file(shell, &home, vars), &home)?;
    let mut output = match (args.write, args.remove) {
        (_, true) => rc.remove(),
        (write, _) => {
            let theme = Theme::find(
                shell,
                &rc.text,
                fs::about(&home.join(".p10k.zsh")).is_some(),
            );
            let plan = Plan::new(shell, theme, &rc, &home, vars);
            if write {
                rc.write(&plan)
            } else {
                Ok(plan.advice(&rc))
            }
        }
    }?;
    if shell == Shell::Bash {
        let done = match (args.write, args.remove) {
            (_, true) => login::remove(&home),
            (true, _) if cfg!(target_os = "macos") => login::write(&home),
            _ => None,
        };
        if let Some((diff, said)) = done {
            output.stdout.extend(diff.bytes());
            output.stderr += &said;
        } else if !args.remove {
            output.stdout.extend(login::note(&home).bytes());
        }
    }
    if !args.remove {
        output.stderr += &without_profiles(vars);
    }
    Ok(output)
}

/// Nushell loads a file of its own, which one command writes.
fn nushell(args: &Setup) -> Result<Output, Error> {
    if args.write || args.remove {
        return Err(Error::Usage {
            message: "setup does not write files of Nushell".to_owned(),
            hint: "run the command that `awsbadge setup --shell nushell` prints".to_owned(),
        });
    }
    let line = shell_rc::line(Shell::Nushell, " --prompt left");
    Ok(Output::print(format!(
        "nushell\n\nRun this once in Nushell, and start a new shell. To remove it, delete the file:\n\n    {line}\n"
    )))
}

/// What a newcomer does next.
fn without_profiles(vars: &Env) -> String {
    let ctx = Context::new(vars);
    let files = ctx.aws_files();
    let names = config::names(files.config.text(), files.credentials.text());
    if names.is_empty() {
        lookup::none_found(&ctx)
    } else {
        String::new()
    }
}

fn login_shell(vars: &Env) -> Result<Shell, Error> {
    shell_rc::login_shell(vars).ok_or_else(|| {
        let named = vars.text(&env_vars::SHELL).unwrap_or_default();
        Error::Usage {
            message: format!(
                "SHELL names no shell that awsbadge knows: '{}'",
                Escaped(&named)
            ),
            hint: "name it, such as --shell zsh; the others are bash, fish, nushell and elvish"
                .to_owned(),
        }
    })
}
