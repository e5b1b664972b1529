//! All I/O: environment, files, clock, processes, terminal. Everything else gets values.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the one place where I/O belongs"
)]

pub mod atomic_write;
pub mod attributes;
pub mod browser;
pub mod clock;
pub mod dirs;
pub mod fs;
pub mod process;
pub mod stamps;
pub mod terminal;
pub mod throwaway;
pub mod tty;
pub mod turns;
pub mod watch;

use crate::aws::Env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The environment of this process.
#[must_use]
pub fn environment() -> Env {
    std::env::vars_os().collect()
}

/// Forbids core dumps of this process, because its memory contains secrets, and on Linux tracing too. A program that
/// takes its place is not affected; one that it starts elsewhere than on Linux may raise its own limit again.
pub fn keep_memory_private() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
    #[cfg(not(target_os = "linux"))]
    core::forbid();
}

/// Core dumps where they are a matter of a limit.
#[cfg(any(not(target_os = "linux"), test))]
mod core {
    use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
    use std::sync::OnceLock;

    /// The limit before [`forbid`].
    static BEFORE: OnceLock<rlim_t> = OnceLock::new();

    /// Sets the soft limit to 0.
    pub(super) fn forbid() {
        if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_CORE) {
            let _ = BEFORE.set(soft);
            let _ = setrlimit(Resource::RLIMIT_CORE, 0, hard);
        }
    }

    /// Sets it back, for a program that takes the place of this one.
    pub(super) fn allow_as_before() {
        if let (Some(soft), Ok((_, hard))) = (BEFORE.get(), getrlimit(Resource::RLIMIT_CORE)) {
            let _ = setrlimit(Resource::RLIMIT_CORE, *soft, hard);
        }
    }

    #[test]
    fn the_limit_of_core_dumps_is_zero_and_then_as_before() {
        let limit = || getrlimit(Resource::RLIMIT_CORE).unwrap();
        let (_, hard) = limit();
        let soft = hard.min(4096);
        setrlimit(Resource::RLIMIT_CORE, soft, hard).unwrap();
        forbid();
        assert_eq!(limit(), (0, hard));
        allow_as_before();
        assert_eq!(limit(), (soft, hard));
    }
}

/// Runs `main`, on a stack of its own if the limit for this one (`ulimit -s`) is too small.
pub fn with_stack(main: fn() -> std::process::ExitCode) -> std::process::ExitCode {
    use nix::sys::resource::{Resource, getrlimit};
    // Few settings of a shell are below the usual 8 MiB.
    let small = getrlimit(Resource::RLIMIT_STACK).is_ok_and(|(soft, _)| soft < 1 << 20);
    let thread = small.then(|| std::thread::Builder::new().stack_size(8 << 20).spawn(main));
    match thread {
        Some(Ok(thread)) => thread.join().unwrap_or(std::process::ExitCode::FAILURE),
        _ => main(),
    }
}

/// The arguments, without the program's own name.
#[must_use]
pub fn arguments() -> Vec<OsString> {
    std::env::args_os().skip(1).collect()
}

/// Whether this is an EC2 instance, according to its firmware or hypervisor.
#[must_use]
pub fn is_ec2() -> bool {
    let begins = |path: &str, with: &[u8]| match fs::read(std::path::Path::new(path), 1 << 16) {
        fs::Read::Bytes(bytes) => bytes.starts_with(with),
        _ => false,
    };
    begins("/sys/class/dmi/id/sys_vendor", b"Amazon EC2") || begins("/sys/hypervisor/uuid", b"ec2")
}

/// The path by which this program was called, symlinks included: a package manager's link must keep pointing to the
/// newest version.
#[must_use]
pub fn program(vars: &Env) -> PathBuf {
    let called = std::env::args_os()
        .next()
        .map(PathBuf::from)
        .unwrap_or_default();
    let found = match called.components().count() {
        0 => None,
        1 => process::find(&called.to_string_lossy(), vars),
        _ if called.is_absolute() => Some(called),
        _ => std::env::current_dir().ok().map(|dir| dir.join(called)),
    };
    found
        .or_else(|| std::env::current_exe().ok())
        .unwrap_or_else(|| PathBuf::from("awsbadge"))
}
