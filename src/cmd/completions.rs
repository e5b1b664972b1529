//! `completions`: the scripts that clap generates for `awsbadge` itself; `completions/` holds the same.

use super::Reply;
use crate::cli::{Cli, Completions, ShellName};
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};

pub(super) fn run(args: &Completions) -> Reply {
    let shell = match args.shell {
        ShellName::Zsh => Shell::Zsh,
        ShellName::Bash => Shell::Bash,
        ShellName::Fish => Shell::Fish,
    };
    let mut out = Vec::new();
    generate(shell, &mut visible(&Cli::command()), "awsbadge", &mut out);
    Reply::print(out)
}

/// The command line as people see it: the generators would offer what is hidden too.
fn visible(command: &Command) -> Command {
    let arguments = command
        .get_arguments()
        .filter(|a| !a.is_hide_set())
        .cloned();
    let commands = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set())
        .map(visible);
    let shown = Command::new(command.get_name().to_owned())
        .args(arguments)
        .subcommands(commands);
    let shown = match command.get_version() {
        Some(version) => shown.version(version.to_owned()),
        None => shown.disable_version_flag(true),
    };
    match command.get_about() {
        Some(about) => shown.about(about.clone()),
        None => shown,
    }
}
