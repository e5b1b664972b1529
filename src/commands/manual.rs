//! `help`: opens the manual page, as `git help` does.

use crate::aws::{Env, env_vars};
use crate::identity::env_changes;
use crate::sys::{process, terminal};
use std::ffi::OsString;

/// Becomes `man` with this page, if standard output is a terminal and man finds the page; else returns.
pub fn manual(page: &str, vars: &Env) {
    if !terminal::output_is_terminal() {
        return;
    }
    // The pages of this installation come first. The colon keeps man's own places.
    let mut places = process::beside("../share/man").map_or_else(OsString::new, OsString::from);
    places.push(":");
    places.push(vars.raw(&env_vars::MANPATH).unwrap_or_default());
    let vars = env_changes::without_secrets(vars).with(env_vars::MANPATH.name, places);
    if let Some(man) = process::find("man", &vars)
        && let Ok(found) = process::output(&man, &["-w", page], &vars)
        // In containers, `man` may be a script that only prints that there are no pages.
        && found.stdout.starts_with(b"/")
    {
        let _ = process::replace(man.as_os_str(), &[page], &vars);
    }
}
