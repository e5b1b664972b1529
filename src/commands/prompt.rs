//! `prompt`: the badge, once.

use super::Output;
use crate::aws::Env;
use crate::cli::{Prompt, PromptHost};
use crate::context::Context;
use crate::identity::resolve;
use crate::shells::{self, Shell};
use crate::sys::terminal;

pub(super) fn run(args: &Prompt, vars: &Env) -> Output {
    let explicit = args.profile.as_ref().map(|p| p.to_string_lossy());
    let ctx = Context::new(vars);
    let badge = resolve::badge(&ctx, explicit.as_deref(), None);
    let Some(badge) = badge else {
        return Output::default();
    };
    let shell = match args.shell {
        Some(PromptHost::Zsh) => Some(Shell::Zsh),
        Some(PromptHost::Bash) => Some(Shell::Bash),
        Some(PromptHost::Fish) => Some(Shell::Fish),
        Some(PromptHost::Plain) | None => None,
    };
    // In a prompt's command substitution, standard output is not a terminal, but the text is shown on one.
    let to_terminal = shell.is_some() || (args.shell.is_none() && terminal::output_is_terminal());
    let colour = terminal::colour(vars, to_terminal).then(|| badge.class.sgr());
    Output::print(shells::segment(shell, &badge.text, colour) + "\n")
}
