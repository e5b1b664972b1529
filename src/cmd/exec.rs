//! `exec`: become one command, as one profile.

use super::look::{self, Look, Trail};
use super::{Reply, switch};
use crate::aws::Vars;
use crate::cli::Exec;
use crate::error::{Error, visible_bytes};
use crate::host::{self, files, process, terminal};
use crate::shells::Statement;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

pub(super) fn run(args: &Exec, vars: &Vars) -> Result<Reply, Error> {
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    let profile = switch::named(&look, &settings, super::typed(&args.profile)?)?;
    let Some((command, words)) = args.command.split_first() else {
        return Err(Error::Usage {
            message: "no command".to_owned(),
            next: "Write it after `--`: awsbadge exec PROFILE -- COMMAND…".to_owned(),
        });
    };
    let inside = switch::identity(&profile)
        .into_iter()
        .fold(vars.clone(), |vars, statement| match statement {
            Statement::Unset(name) => vars.without(name),
            Statement::Export(name, value) => vars.with(name, OsString::from_vec(value)),
            Statement::Set(..) | Statement::List(..) => vars,
        });
    let why = process::replace(command, words, &inside);
    let missing = why.kind() == ErrorKind::NotFound;
    terminal::complain(&format!(
        "error: {}: {}\n",
        visible_bytes(command.as_bytes()),
        match missing {
            true => "no such command".to_owned(),
            false => files::reason(&why),
        }
    ));
    // As shells tell a command that is not there from one that can't be run.
    Ok(Reply {
        code: if missing { 127 } else { 126 },
        ..Reply::default()
    })
}
