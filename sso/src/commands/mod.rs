//! One file a command, and the renewal that several of them need.

pub(crate) mod accounts;
pub(crate) mod check;
pub(crate) mod configure;
mod listing;
pub(crate) mod login;
pub(crate) mod logout;
mod options;
pub(crate) mod populate;
pub(crate) mod process;
pub(crate) mod refresh;
mod renew;
mod role_credentials;
pub(crate) mod roles;
mod table;
mod undo;
pub(crate) mod whoami;

use crate::context::{Context, Link};
use crate::library::{reason, role_file};
use crate::session::roles_of;
use crate::store::roles::{Index, remove_all};
use crate::sys::terminal;
use std::path::PathBuf;

/// Prints what a command has to say. Its exit code: 1 if that failed.
fn print(bytes: &[u8]) -> u8 {
    match terminal::print(bytes) {
        Ok(()) => 0,
        Err(e) => {
            if e.kind() != std::io::ErrorKind::BrokenPipe {
                let why = reason(&e);
                terminal::complain(&format!("error: standard output can't be written: {why}\n"));
            }
            1
        }
    }
}

/// A table as standard output takes it.
fn shown(cx: &Context, table: &table::Table, piped: usize, terminal: bool) -> String {
    match terminal {
        true => table.drawn(terminal::output_wants_colour(&cx.vars)),
        false => table.piped(piped),
    }
}

/// The role caches of a session: of the profiles that use it, and of what `process` noted.
fn role_caches(cx: &Context, link: &Link) -> Vec<PathBuf> {
    let session = &link.session;
    let legacy = session.is_legacy();
    let of_profiles = roles_of(&cx.config, session)
        .into_iter()
        .map(|role| role_file(&cx.home, &role.account, &role.role, &session.key, legacy));
    let directory = cx.home.join(".aws/cli/cache");
    let noted = Index::new(cx.state.as_deref(), &cx.locks).take(&session.key);
    let noted = noted.into_iter().map(|name| directory.join(name));
    let mut paths: Vec<PathBuf> = of_profiles.chain(noted).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Forgets the role credentials of a session. A file that can't be removed is told of.
fn forget_roles(cx: &Context, link: &Link) {
    if let (_, Some(failure)) = remove_all(role_caches(cx, link)) {
        cx.warn(&failure.message);
    }
}
