//! Signals that end the process, turned into events: a login has a terminal to give back.

pub(crate) use nix::sys::signal::Signal;
use nix::sys::signal::{SigSet, SigmaskHow, kill};
use nix::unistd::Pid;

/// The signals by which a user or the system ends a program.
const ENDING: [Signal; 4] = [
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGQUIT,
];

fn watched() -> SigSet {
    ENDING
        .into_iter()
        .chain([Signal::SIGTSTP, Signal::SIGCONT])
        .collect()
}

/// What stops a process in the background that uses the terminal. Blocked, reading is an error instead: a login
/// goes on waiting for its browser after Ctrl-Z and `bg`.
fn background() -> SigSet {
    [Signal::SIGTTIN, Signal::SIGTTOU].into_iter().collect()
}

/// Blocks what ends or stops the process, in this thread and those that it starts from now on, and hands each to
/// `tell` from a thread of its own. A signal that `tell` does not take any more is sent once again.
pub(crate) fn watch(tell: impl Fn(Signal) -> bool + Send + 'static) {
    let signals = watched();
    if signals.thread_block().is_err() || background().thread_block().is_err() {
        return;
    }
    std::thread::spawn(move || {
        while let Ok(signal) = signals.wait() {
            if !tell(signal) {
                let _ = kill(Pid::this(), signal);
                return;
            }
        }
    });
}

/// Gives signals their usual effect on this thread, and so on the process, again.
pub(crate) fn release() {
    let _ = watched().thread_unblock();
    let _ = background().thread_unblock();
}

/// Stops this process as if SIGTSTP had its usual effect; comes back when it goes on.
pub(crate) fn stop() {
    let stop: SigSet = [Signal::SIGTSTP].into_iter().collect();
    let _ = stop.thread_unblock();
    let _ = nix::sys::signal::raise(Signal::SIGTSTP);
    let _ = stop.thread_block();
}

/// While it lives, signals that would end the process wait: a file is put in place as a whole.
pub(crate) struct Deferred(SigSet);

impl Deferred {
    /// Blocks them.
    pub(crate) fn signals() -> Self {
        let mut set: SigSet = ENDING.into_iter().collect();
        // A full quota is an error of write(2) too.
        set.add(Signal::SIGXFSZ);
        let before = set.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        Self(before.unwrap_or_else(|_| SigSet::empty()))
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        let _ = self.0.thread_set_mask();
    }
}
