//! The three streams.

use crate::aws::Env;
use crate::aws::env_vars;
use nix::sys::signal::{SigSet, Signal};
use std::io::{self, BufRead, IsTerminal, Write};

/// From now on, what does not fit below `ulimit -f` is an error of write(2), as a full disk is, and not the end
/// of the process. To be called where no program is started after: it would inherit this.
pub fn outlive_size_limits() {
    let signal: SigSet = [Signal::SIGXFSZ].into_iter().collect();
    let _ = signal.thread_block();
}

/// Writes `bytes` to standard output in one go.
///
/// # Errors
/// As write(2): a full disk, a reader that is gone.
pub fn print(bytes: &[u8]) -> io::Result<()> {
    outlive_size_limits();
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes `text` to standard error; who closed it does not want to know.
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

/// Whether colour is wanted on a stream that is (`terminal`) or is not a terminal: never with `NO_COLOR` set to
/// something, never on a dumb terminal.
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

/// Whether a person can be asked: both standard input and standard error are a terminal.
#[must_use]
pub fn can_ask() -> bool {
    input_is_terminal() && errors_are_terminal()
}
