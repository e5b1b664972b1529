//! The program that opens a web page.

use super::process;
use crate::aws::Env;
use crate::aws::env_vars;
use std::path::PathBuf;

/// The program that opens a browser on this machine, with the arguments that come before the address. `None` if a
/// browser would not be seen: no display, an SSH session, or WSL without a bridge to Windows.
#[must_use]
pub fn find(vars: &Env) -> Option<(PathBuf, Vec<String>)> {
    if let Some(named) = vars.text(&env_vars::BROWSER) {
        // Several may be named, the first wins; `%s` is where the address goes, at the end for us.
        let first = named.split(':').next().unwrap_or_default();
        let mut words = first.split_whitespace().filter(|w| *w != "%s");
        let program = words.next()?;
        let path = if program.starts_with('/') {
            PathBuf::from(program)
        } else {
            process::find(program, vars)?
        };
        return Some((path, words.map(str::to_owned).collect()));
    }
    let remote = vars.has(&env_vars::SSH_CONNECTION) || vars.has(&env_vars::SSH_TTY);
    let display = vars.has(&env_vars::DISPLAY) || vars.has(&env_vars::WAYLAND_DISPLAY);
    let windows = vars.has(&env_vars::WSL_DISTRO_NAME) || vars.has(&env_vars::WSL_INTEROP);
    let opener = if cfg!(target_os = "macos") {
        (!remote).then_some("open")
    } else if windows && process::find("wslview", vars).is_some() {
        Some("wslview")
    } else {
        display.then_some("xdg-open")
    };
    Some((process::find(opener?, vars)?, Vec::new()))
}
