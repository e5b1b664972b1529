//! `exec`: runs a command as a profile.

use super::Output;
use crate::aws::Env;
use crate::aws::env_identity;
use crate::aws::env_vars;
use crate::cli::Exec;
use crate::context::Context;
use crate::error::{Error, code};
use crate::identity::{env_changes, lookup, region};
use crate::output::sanitize::{Escaped, visible_bytes};
use crate::sys::{fs, process, terminal};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;

pub(super) fn run(args: &Exec, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let profile = lookup::find(&ctx, super::typed(&args.profile)?)?;
    if args.login {
        // It says itself what went wrong.
        let code = super::log_in(&profile.name, vars)?;
        if code != 0 {
            return Ok(Output {
                code: u8::try_from(code).unwrap_or(code::GENERAL),
                ..Output::default()
            });
        }
    }
    let shell: Vec<OsString>;
    let (command, words) = match args.command.split_first() {
        Some(split) => split,
        None => {
            shell = vec![own_shell(vars)?];
            terminal::print_error(&format!(
                "awsbadge: a shell as '{}'; leave it with exit\n",
                Escaped(&profile.name)
            ));
            (&shell[0], &[][..])
        }
    };
    let inside = env_changes::applied(vars, env_changes::to_profile(&profile));
    let inside = with_region(args, inside)?;
    if let (Some((var, region)), Some(own)) =
        (env_identity::region(&inside), profile.text("region"))
        && args.region.is_none()
        && region != own
    {
        terminal::print_error(&format!(
            "awsbadge: {var}={} overrides the profile's region {} (`--profile-region` removes it)\n",
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

/// The environment with the region that the arguments ask for.
fn with_region(args: &Exec, inside: Env) -> Result<Env, Error> {
    let region = args.region.as_ref().map(|region| region.to_string_lossy());
    if let Some(region) = &region {
        region::check(region)?;
    } else if !args.profile_region {
        return Ok(inside);
    }
    Ok(env_changes::applied(
        &inside,
        env_changes::region(region.as_deref()),
    ))
}

/// The user's shell.
fn own_shell(vars: &Env) -> Result<OsString, Error> {
    let named = vars.raw(&env_vars::SHELL).filter(|shell| !shell.is_empty());
    named.map(OsString::from).ok_or_else(|| Error::Usage {
        message: "no command is given, and SHELL names no shell".to_owned(),
        hint: "write the command after the profile: `awsbadge exec PROFILE COMMAND…`".to_owned(),
    })
}
