//! What comes from the system: arguments, clocks, process limits. Files are in `store`, sockets in `net`.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where the system is reached"
)]

pub(crate) mod bar;
pub(crate) mod browser;
pub(crate) mod keyboard;
pub(crate) mod signals;
pub(crate) mod terminal;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::time::{ClockId, clock_gettime};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// The arguments, with the program's own name.
pub(crate) fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// Forbids core dumps of this process and looking into its memory: secrets pass through it.
pub(crate) fn keep_memory_private() {
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_CORE) {
        // The soft limit only: a program that is started from here may raise its own again.
        let _ = setrlimit(Resource::RLIMIT_CORE, 0, hard);
    }
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// Whether this process runs in a container of Docker or Podman, by the files that they leave.
pub(crate) fn in_container() -> bool {
    ["/.dockerenv", "/run/.containerenv"]
        .iter()
        .any(|path| Path::new(path).exists())
}

/// Waits.
pub(crate) fn pause(length: Duration) {
    std::thread::sleep(length);
}

/// A moment of a clock that is never set and that counts sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Duration);

impl Moment {
    /// This moment.
    pub(crate) fn now() -> Self {
        // Darwin's monotonic clock counts sleep; Linux has another one for that.
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let clock = ClockId::CLOCK_BOOTTIME;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let clock = ClockId::CLOCK_MONOTONIC;
        clock_gettime(clock).map_or(Self(Duration::ZERO), |t| Self(t.into()))
    }

    /// This moment and `length` more.
    pub(crate) fn after(length: Duration) -> Self {
        Self(Self::now().0.saturating_add(length))
    }

    /// How long it is until this moment; nothing if it is past.
    pub(crate) fn left(self) -> Duration {
        self.0.saturating_sub(Self::now().0)
    }

    /// How long it is since this moment; nothing if it is still to come.
    pub(crate) fn elapsed(self) -> Duration {
        Self::now().0.saturating_sub(self.0)
    }

    /// Whether this moment is past.
    pub(crate) fn is_over(self) -> bool {
        self.left().is_zero()
    }
}

/// Random bytes from the system.
///
/// # Errors
/// If the system gives none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], std::io::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}
