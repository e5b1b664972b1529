//! `completions`: the scripts that clap generates for `awsbadge` itself; `completions/` contains the same.

use super::Output;
use crate::cli::{self, Completions, ShellName};
use clap_complete::{Shell, generate};

pub(super) fn run(args: &Completions) -> Output {
    let shell = match args.shell {
        ShellName::Zsh => Shell::Zsh,
        ShellName::Bash => Shell::Bash,
        _ => Shell::Fish,
    };
    let mut out = Vec::new();
    generate(shell, &mut cli::visible_command(), "awsbadge", &mut out);
    Output::print(out)
}
