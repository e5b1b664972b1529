//! `exec`: runs a command as a profile.

use super::Output;
use crate::aws::Env;
use crate::aws::env_identity;
use crate::cli::Exec;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{env_changes, lookup};
use crate::output::sanitize::{Escaped, visible_bytes};
use crate::shells::Statement;
use crate::sys::{fs, process, terminal};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

pub(super) fn run(args: &Exec, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let profile = lookup::find(&ctx, super::typed(&args.profile)?)?;
    let Some((command, words)) = args.command.split_first() else {
        return Err(Error::Usage {
            message: "no command is given".to_owned(),
            hint: "write it after `--`: `awsbadge exec PROFILE -- COMMAND…`".to_owned(),
        });
    };
    let inside =
        env_changes::to_profile(&profile)
            .into_iter()
            .fold(vars.clone(), |vars, statement| match statement {
                Statement::Unset(name) => vars.without(name),
                Statement::Export(name, value) => vars.with(name, OsString::from_vec(value)),
                Statement::Set(..) | Statement::List(..) => vars,
            });
    if let (Some((var, region)), Some(own)) = (env_identity::region(vars), profile.text("region"))
        && region != own
    {
        terminal::print_error(&format!(
            "awsbadge: {var}={} overrides the profile's region {}\n",
            Escaped(&region),
            Escaped(own)
        ));
    }
    let why = process::replace(command, words, &inside);
    let missing = why.kind() == ErrorKind::NotFound;
    terminal::print_error(&format!(
        "error: {}: {}\n",
        visible_bytes(command.as_bytes()),
        if missing {
            "no such command".to_owned()
        } else {
            fs::reason(&why)
        }
    ));
    // As in shells: 127 for a missing command, 126 for one that can't be run.
    Ok(Output {
        code: if missing { 127 } else { 126 },
        ..Output::default()
    })
}
