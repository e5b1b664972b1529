//! `setup`: finds the shell's start-up file and the prompt theme, and says which lines show the badge there;
//! with `--write` puts those of the start-up file in, between two marks, and with `--remove` takes them out.
//!
//! Only the start-up file is ever written. A theme's own file is somebody's work, often in a language of its
//! own: its lines are printed.

mod block;
mod plan;
mod rc_file;
mod theme;

use super::Output;
use crate::aws::Env;
use crate::cli::Setup;
use crate::error::Error;
use crate::sys::{self, fs};
use block::*;
use plan::*;
use rc_file::*;
use theme::*;

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
    let rc = Rc::read(start_up_file(shell, &home, vars), &home)?;
    match (args.write, args.remove) {
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
    }
}
