//! `awsbadge-sso`: IAM Identity Center without the AWS CLI.
//!
//! `main → commands → {idc, store, net}`; `idc` is pure, `store` writes files, `net` opens sockets, `sys` reaches
//! the rest of the system, `library` is the one door to the `awsbadge` library.

#[cfg(all(target_env = "gnu", target_feature = "crt-static"))]
compile_error!(
    "a static glibc loads the host's name service modules at run time, which crashes: build awsbadge-sso without crt-static"
);

mod ask;
mod cli;
mod commands;
mod context;
mod error;
mod idc;
mod library;
mod net;
mod plan;
mod secret;
mod session;
mod store;
mod sys;

use clap::Parser as _;
use cli::{Cli, Command};
use context::Context;
use error::{Failure, Word};
use std::process::ExitCode;
use sys::terminal;

fn main() -> ExitCode {
    sys::keep_memory_private();
    let mut arguments = sys::arguments();
    if let Some(instead) = library::manual(&arguments) {
        arguments.splice(1.., instead);
    }
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(e) if e.use_stderr() => {
            let json = arguments.iter().any(|word| word == "--json");
            return misused(&e, json);
        }
        Err(help) => return ended(terminal::print(help.to_string().as_bytes())),
    };
    match run(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            complain(&failure, cli.json);
            ExitCode::from(failure.word.exit())
        }
    }
}

fn run(cli: &Cli) -> Result<u8, Failure> {
    let cx = Context::load(cli)?;
    match &cli.command {
        Command::Login(args) => commands::login::run(&cx, args),
        Command::Refresh(args) => commands::refresh::run(&cx, args),
        Command::Logout(args) => commands::logout::run(&cx, args),
        Command::Process(args) => commands::process::run(&cx, args),
        Command::Accounts(args) => commands::accounts::run(&cx, args),
        Command::Roles(args) => commands::roles::run(&cx, args),
        Command::Whoami(args) => commands::whoami::run(&cx, args),
        Command::Populate(args) => commands::populate::run(&cx, args),
        Command::Configure(args) => commands::configure::run(&cx, args),
        Command::Check(args) => commands::check::run(&cx, args),
    }
}

fn complain(failure: &Failure, json: bool) {
    let text = if json { failure.line() } else { failure.text() };
    terminal::complain(&text);
}

/// A command line that is not understood: clap's own text for people.
fn misused(error: &clap::Error, json: bool) -> ExitCode {
    let text = error.to_string();
    if json {
        let first = text.lines().next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first);
        let failure = Failure::new(Word::Usage, message, "See awsbadge-sso --help.");
        terminal::complain(&failure.line());
    } else {
        terminal::complain(&text);
    }
    ExitCode::from(Word::Usage.exit())
}

/// What became of printing. A reader that went away wants no message; a full disk does.
fn ended(printed: std::io::Result<()>) -> ExitCode {
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            if e.kind() != std::io::ErrorKind::BrokenPipe {
                let why = library::reason(&e);
                terminal::complain(&format!("error: standard output can't be written: {why}\n"));
            }
            ExitCode::FAILURE
        }
    }
}
