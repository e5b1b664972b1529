//! `completions`: the scripts that clap generates for `awsbadge` itself; `completions/` holds the same.

use super::Reply;
use crate::cli::{Cli, Completions, ShellName};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

pub(super) fn run(args: &Completions) -> Reply {
    let shell = match args.shell {
        ShellName::Zsh => Shell::Zsh,
        ShellName::Bash => Shell::Bash,
        ShellName::Fish => Shell::Fish,
    };
    let mut out = Vec::new();
    generate(shell, &mut Cli::command(), "awsbadge", &mut out);
    Reply::print(out)
}
