//! `prompt`: the badge, once.

use super::Output;
use crate::aws::Env;
use crate::cli::{Prompt, PromptHost};
use crate::context::Context;
use crate::identity::resolve;
use crate::shells;
use crate::sys::terminal;

pub(super) fn run(args: &Prompt, vars: &Env) -> Output {
    let explicit = args.profile.as_ref().map(|p| p.to_string_lossy());
    let ctx = Context::new(vars);
    let badge = resolve::badge(&ctx, explicit.as_deref(), None);
    let Some(badge) = badge else {
        return Output::default();
    };
    let prompt = match args.shell {
        Some(PromptHost::Zsh) => Some(shells::Prompt::Zsh),
        Some(PromptHost::Bash) => Some(shells::Prompt::Bash),
        Some(PromptHost::Ksh) => Some(shells::Prompt::Ksh),
        Some(PromptHost::Tcsh) => Some(shells::Prompt::Tcsh),
        Some(PromptHost::Fish | PromptHost::Plain) | None => None,
    };
    // In a prompt's command substitution, standard output is not a terminal, but the text is shown on one.
    let to_terminal = match args.shell {
        Some(shell) => shell != PromptHost::Plain,
        None => terminal::output_is_terminal(),
    };
    let colour = terminal::colour(vars, to_terminal).then(|| badge.class.sgr());
    Output::print(shells::segment(prompt, &badge.text, colour) + "\n")
}
