//! The only room with I/O: environment, files, clock, processes, terminal. Everything else gets values.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the one place where I/O belongs"
)]

pub mod files;
pub mod process;
pub mod stamps;
pub mod terminal;
pub mod tty;
pub mod watch;

use crate::aws::env_vars::{self, EnvVar};
use crate::aws::{Env, Epoch};
use files::Read;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The environment, as it was handed to this process.
#[must_use]
pub fn environment() -> Env {
    std::env::vars_os().collect()
}

/// Forbids a memory dump of this process, and anybody's looking into it: secrets pass through its memory. What it
/// starts is not concerned.
pub fn keep_memory_private() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// The arguments, without the program's own name.
#[must_use]
pub fn arguments() -> Vec<OsString> {
    std::env::args_os().skip(1).collect()
}

/// The wall clock: tokens end by it, and it goes on while a machine sleeps. A clock before 1970 reads as 1970.
#[must_use]
pub fn now() -> Epoch {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Epoch(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The wall clock to the nanosecond, as files' times are.
#[must_use]
pub fn now_exactly() -> watch::Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    watch::Time {
        seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        nanos: since.subsec_nanos().into(),
    }
}

/// Waits; for a file that somebody is just writing.
pub fn pause(length: Duration) {
    std::thread::sleep(length);
}

/// The moment that a wall clock of the local time zone means, given as if it were UTC. Of two moments, the
/// earlier; where the clock skips it, the same in UTC.
#[must_use]
pub fn local(wall: Epoch) -> Epoch {
    use chrono::{DateTime, Local, TimeZone};
    DateTime::from_timestamp(wall.0, 0)
        .and_then(|utc| Local.from_local_datetime(&utc.naive_utc()).earliest())
        .map_or(wall, |local| Epoch(local.timestamp()))
}

/// Whether this is an EC2 instance, by what its firmware or hypervisor says.
#[must_use]
pub fn is_ec2() -> bool {
    let begins = |path: &str, with: &[u8]| match files::read(std::path::Path::new(path), 1 << 16) {
        files::Read::Bytes(bytes) => bytes.starts_with(with),
        _ => false,
    };
    begins("/sys/class/dmi/id/sys_vendor", b"Amazon EC2") || begins("/sys/hypervisor/uuid", b"ec2")
}

/// A moment as a person here would write it: `Tue 14:05`, or with the date where it is not within a week.
#[must_use]
pub fn local_text(at: Epoch, now: Epoch) -> String {
    use chrono::{DateTime, Local};
    let near = at.since(now).0.abs() < 6 * 86_400;
    let form = if near { "%a %H:%M" } else { "%Y-%m-%d %H:%M" };
    DateTime::from_timestamp(at.0, 0).map_or_else(
        || at.iso(),
        |t| t.with_timezone(&Local).format(form).to_string(),
    )
}

/// The path of this program, as it was called, with its symlinks: what a package manager links to the newest
/// version must go on pointing there.
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

/// The folder of the user's settings, `awsbadge` within `XDG_CONFIG_HOME` or `~/.config`, on macOS too. Found
/// without asking the system for a home: that would open sockets where `HOME` is unset.
#[must_use]
pub fn config_folder(vars: &Env) -> Option<PathBuf> {
    xdg(vars, &env_vars::XDG_CONFIG_HOME, ".config")
}

/// The folder of state, `awsbadge` within `XDG_STATE_HOME` or `~/.local/state`.
#[must_use]
pub fn state_folder(vars: &Env) -> Option<PathBuf> {
    xdg(vars, &env_vars::XDG_STATE_HOME, ".local/state")
}

/// The XDG rule: a path that is not absolute counts as unset.
fn xdg(vars: &Env, var: &'static EnvVar, default: &str) -> Option<PathBuf> {
    let named = vars.raw(var).map(PathBuf::from).filter(|p| p.is_absolute());
    let base = named.or_else(|| {
        let home = vars
            .raw(&env_vars::HOME)
            .filter(|h| !h.is_empty())
            .map(PathBuf::from)?;
        Some(home.join(default))
    })?;
    Some(base.join("awsbadge"))
}

/// The home folder for commands that need one and are off the prompt path: `HOME`, else the password database.
#[must_use]
pub fn home(vars: &Env) -> Option<PathBuf> {
    let named = vars
        .raw(&env_vars::HOME)
        .filter(|h| !h.is_empty())
        .map(PathBuf::from);
    named.or_else(dirs::home_dir)
}

/// The home directory of the user with that name, or with `None` of this user, from `/etc/passwd`. Read directly: the
/// static program loads no modules for other databases.
#[must_use]
pub fn home_of(name: Option<&str>) -> Option<PathBuf> {
    let Read::Bytes(bytes) = files::read(Path::new("/etc/passwd"), files::CACHE_CAP) else {
        return None;
    };
    let me = nix::unistd::getuid().to_string();
    home_in(&bytes, name, &me)
}

fn home_in(passwd: &[u8], name: Option<&str>, me: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    passwd.split(|b| *b == b'\n').find_map(|line| {
        let fields: Vec<&[u8]> = line.split(|b| *b == b':').collect();
        let found = match name {
            Some(name) => fields.first() == Some(&name.as_bytes()),
            None => fields.get(2) == Some(&me.as_bytes()),
        };
        let home = fields.get(5).filter(|home| found && !home.is_empty())?;
        Some(PathBuf::from(std::ffi::OsStr::from_bytes(home)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes_are_found_by_name_and_by_number() {
        let passwd =
            b"root:x:0:0:root:/root:/bin/sh\nbroken\nbob:x:7:7::/home/bob:/bin/sh\nno:x:8:8:::\n";
        for (name, me, want) in [
            (Some("bob"), "0", Some("/home/bob")),
            (None, "7", Some("/home/bob")),
            (None, "0", Some("/root")),
            (Some("ann"), "0", None),
            (Some("no"), "0", None),
            (None, "9", None),
        ] {
            let found = home_in(passwd, name, me);
            assert_eq!(found, want.map(PathBuf::from), "{name:?} {me}");
        }
    }
}
