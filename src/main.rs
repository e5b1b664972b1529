//! Parses the arguments, runs the command, sets the exit code.

use awsbadge::cli::{self, Stop};
use awsbadge::commands;
use awsbadge::error::code;
use awsbadge::output::sanitize::visible_lines;
use awsbadge::sys::{self, terminal};
use std::process::ExitCode;

fn main() -> ExitCode {
    sys::with_stack(run)
}

fn run() -> ExitCode {
    sys::keep_memory_private();
    let mut arguments = sys::arguments();
    if let Some((page, instead)) = cli::manual("awsbadge", &arguments) {
        commands::manual(&page, &sys::environment());
        arguments = instead;
    }
    let command = match cli::parse(arguments) {
        Ok(command) => command,
        Err(Stop::Error(text)) => {
            terminal::print_error(&visible_lines(&text));
            return ExitCode::from(code::USAGE);
        }
        Err(Stop::Help(text)) => return print(text.as_bytes(), code::OK, false),
    };
    let silent = command.never_fails();
    match commands::run(command, &sys::environment()) {
        Ok(reply) => {
            terminal::print_error(&visible_lines(&reply.stderr));
            print(&reply.stdout, reply.code, silent)
        }
        Err(e) => {
            // Messages escape their names; escaping again guards against one that was forgotten.
            terminal::print_error(&visible_lines(&format!("{e}\n")));
            ExitCode::from(e.code())
        }
    }
}

/// A closed pipe needs no message; a full disk does, except in commands that a prompt calls.
fn print(bytes: &[u8], code: u8, silent: bool) -> ExitCode {
    match terminal::print(bytes) {
        Ok(()) => ExitCode::from(code),
        Err(_) if silent => ExitCode::SUCCESS,
        Err(e) => {
            if e.kind() != std::io::ErrorKind::BrokenPipe {
                terminal::print_error(&format!(
                    "error: can't write to standard output: {}\n",
                    sys::fs::reason(&e)
                ));
            }
            ExitCode::from(code::GENERAL)
        }
    }
}
