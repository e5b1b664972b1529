//! The three streams.

use crate::library::Vars;
use nix::sys::signal::{SigSet, Signal};
use std::io::{self, IsTerminal, Write};

/// Writes `bytes` to standard output in one go.
///
/// # Errors
/// As write(2): a full disk, a reader that is gone.
pub(crate) fn print(bytes: &[u8]) -> io::Result<()> {
    // What does not fit below `ulimit -f` is an error of write(2) then, not the end of the process.
    let size: SigSet = [Signal::SIGXFSZ].into_iter().collect();
    let _ = size.thread_block();
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes `text` to standard error; who closed it does not want to know.
pub(crate) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether standard error is a terminal.
pub(crate) fn errors_are_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard output is a terminal.
pub(crate) fn output_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether colour is wanted at standard output.
pub(crate) fn output_wants_colour(vars: &Vars) -> bool {
    wants_colour(vars, output_is_terminal())
}

/// Whether colour is wanted at standard error.
pub(crate) fn errors_want_colour(vars: &Vars) -> bool {
    wants_colour(vars, errors_are_terminal())
}

/// Never with `NO_COLOR` set to anything, nor on a dumb terminal.
fn wants_colour(vars: &Vars, terminal: bool) -> bool {
    terminal && !vars.has("NO_COLOR") && vars.raw("TERM").is_none_or(|term| term != "dumb")
}

/// The columns of the terminal at standard output; 80 if it does not say.
pub(crate) fn output_width() -> usize {
    let size = rustix::termios::tcgetwinsize(io::stdout());
    size.map_or(80, |size| match size.ws_col {
        0 => 80,
        columns => columns.into(),
    })
}

/// Whether there is a terminal to ask on.
pub(crate) fn can_ask() -> bool {
    input_is_ours() && errors_are_terminal()
}

/// Asks a question that only `y` agrees to.
pub(crate) fn agreed(question: &str) -> bool {
    complain(&format!("{question} [y/N] "));
    let mut answer = String::new();
    match io::stdin().read_line(&mut answer) {
        // The end of input, by Ctrl-D: the cursor is still behind the question.
        Ok(0) | Err(_) => {
            complain("\n");
            false
        }
        Ok(_) => matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"),
    }
}

/// Whether this process may read from the terminal at its standard input: there is one, and it is in front.
pub(crate) fn input_is_ours() -> bool {
    let stdin = io::stdin();
    stdin.is_terminal() && nix::unistd::tcgetpgrp(&stdin).is_ok_and(|g| g == nix::unistd::getpgrp())
}

/// Whether this process is in front at the terminal of standard error: in the background it must not draw there.
pub(crate) fn is_in_front() -> bool {
    nix::unistd::tcgetpgrp(io::stderr()).is_ok_and(|g| g == nix::unistd::getpgrp())
}

/// Columns and rows of the terminal at standard error, by stty(1)'s ioctl as the terminal's owner set them.
pub(crate) fn size() -> Option<(usize, usize)> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col.into(), size.ws_row.into()))
}

/// The path of the terminal at standard error, if it is one.
pub(crate) fn name() -> Option<String> {
    let name = rustix::termios::ttyname(io::stderr(), Vec::new()).ok()?;
    name.into_string().ok()
}

/// Whether cursor movements are understood at standard error.
pub(crate) fn can_redraw(vars: &Vars) -> bool {
    errors_are_terminal() && vars.raw("TERM").is_none_or(|term| term != "dumb")
}
