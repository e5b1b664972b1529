//! The ground under the tests: a throwaway [`Home`], the program run in it ([`Run`]), real shells
//! ([`Shell`]) and real terminals ([`Term`]).
//!
//! ```ignore
//! let home = Home::new();
//! home.config("[profile dev]\nsso_session = my-sso\n").token("my-sso", &expires_in(47 * 60 + 30));
//! home.run(["prompt"]).env("AWS_PROFILE", "dev").stdout("aws:dev 47m\n").check();
//!
//! for shell in Shell::installed() {
//!     let term = home.term(shell).open(&shell.rc("--prompt left"));
//!     term.type_line("asp dev");
//!     term.wait_for("aws:dev 47m");
//! }
//! ```

pub(crate) mod fixtures;
mod home;
pub(crate) mod library;
mod locale;
mod pty;
mod run;
mod shell;
pub(crate) mod strace;
mod term;
mod tools;

pub(crate) use home::{Home, expires_in, token, token_file};
pub(crate) use locale::Locale;
pub(crate) use pty::Pty;
pub(crate) use run::{Output, Run, binary, commands};
pub(crate) use shell::Shell;
pub(crate) use term::Term;
pub(crate) use tools::{find, given, installed, skip, unreachable};

use std::time::{Duration, Instant};

/// How long a condition may take to come true on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks again and again until `look` finds something; `None` when patience runs out.
pub(crate) fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() > deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
