//! The three streams.

use crate::aws::Env;
use crate::aws::env_vars;
use nix::sys::signal::{SigSet, Signal};
use std::io::{self, BufRead, IsTerminal, Write};

/// From now on, exceeding `ulimit -f` is an error of write(2), like a full disk, and does not end the process. Call
/// this only if no other program is started afterwards, because it would inherit this.
pub fn outlive_size_limits() {
    let signal: SigSet = [Signal::SIGXFSZ].into_iter().collect();
    let _ = signal.thread_block();
}

/// Writes `bytes` to standard output in one go.
///
/// # Errors
/// As write(2): a full disk, a closed pipe.
pub fn print(bytes: &[u8]) -> io::Result<()> {
    outlive_size_limits();
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes `text` to standard error; ignores errors.
pub fn print_error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether standard output is a terminal.
#[must_use]
pub fn output_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
#[must_use]
pub fn errors_are_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard input is a terminal.
#[must_use]
pub fn input_is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// The columns of the terminal at standard output; `None` if it is none, or does not say.
#[must_use]
pub fn columns() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    (width.0 > 0).then_some(width.0.into())
}

/// Whether to use colour on a stream; `terminal` is whether it is a terminal. Never if `NO_COLOR` is non-empty or the
/// terminal is dumb.
#[must_use]
pub fn colour(vars: &Env, terminal: bool) -> bool {
    terminal
        && !vars.has(&env_vars::NO_COLOR)
        && vars.raw(&env_vars::TERM).is_none_or(|t| t != "dumb")
}

/// Asks a question on standard error and reads one line from standard input.
///
/// # Errors
/// As read(2); an end of input is an empty answer.
pub fn ask(question: &str) -> io::Result<String> {
    print_error(question);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// Whether the user can be asked: standard input and standard error are terminals.
#[must_use]
pub fn can_ask() -> bool {
    input_is_terminal() && errors_are_terminal()
}
