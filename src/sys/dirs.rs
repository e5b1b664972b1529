//! The user's directories.

use super::fs::{self, Read};
use crate::aws::Env;
use crate::aws::env_vars::{self, EnvVar};
use std::path::{Path, PathBuf};

/// The directory of the user's settings, `awsbadge` within `XDG_CONFIG_HOME` or `~/.config`, on macOS too. It never
/// asks the system for a home, because that would open sockets if `HOME` is unset.
#[must_use]
pub fn config_directory(vars: &Env) -> Option<PathBuf> {
    xdg(vars, &env_vars::XDG_CONFIG_HOME, ".config")
}

/// The directory of state, `awsbadge` within `XDG_STATE_HOME` or `~/.local/state`.
#[must_use]
pub fn state_directory(vars: &Env) -> Option<PathBuf> {
    xdg(vars, &env_vars::XDG_STATE_HOME, ".local/state")
}

/// By the XDG rule, a path that is not absolute counts as unset.
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

/// The working directory, without symlinks; `None` if it was removed.
#[must_use]
pub fn working_directory() -> Option<PathBuf> {
    std::env::current_dir().ok()
}

/// The home directory for commands that need one and are off the prompt path: `HOME`, else the password database.
#[must_use]
pub fn home(vars: &Env) -> Option<PathBuf> {
    let named = vars
        .raw(&env_vars::HOME)
        .filter(|h| !h.is_empty())
        .map(PathBuf::from);
    named.or_else(of_database)
}

/// The home directory from the password database. In a static program with glibc, getpwuid(3) would bring the name
/// service with its resolver, a hundred kilobytes, and load the modules of another glibc if there is one.
#[cfg(static_glibc)]
fn of_database() -> Option<PathBuf> {
    home_of(None)
}

/// The home directory from the password database, whatever it is.
#[cfg(not(static_glibc))]
fn of_database() -> Option<PathBuf> {
    dirs::home_dir()
}

/// The home directory of a user (`None`: the current user) from `/etc/passwd`, which is read directly because the
/// static program cannot load modules for other databases.
#[must_use]
pub fn home_of(name: Option<&str>) -> Option<PathBuf> {
    let Read::Bytes(bytes) = fs::read(Path::new("/etc/passwd"), fs::CACHE_CAP) else {
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
