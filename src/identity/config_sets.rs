//! Named sets of the AWS files: `[config NAME]` in the settings.

use super::env_changes;
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::{Env, paths};
use crate::context::Context;
use crate::error::Error;
use crate::settings::ConfigSet;
use crate::shells::Statement;
use std::borrow::Cow;
use std::os::unix::ffi::OsStringExt as _;

/// The variables of a set and what it sets them to: `None` for the usual file.
fn variables(set: &ConfigSet, ctx: &Context<'_>) -> [(&'static EnvVar, Option<Vec<u8>>); 2] {
    [
        (&env_vars::AWS_CONFIG_FILE, &set.config_file),
        (
            &env_vars::AWS_SHARED_CREDENTIALS_FILE,
            &set.credentials_file,
        ),
    ]
    .map(|(var, path)| {
        let path = path.as_ref().map(|path| {
            let path = paths::below_home(path, ctx.places.home.as_deref());
            path.into_os_string().into_vec()
        });
        (var, path)
    })
}

/// The name of the set that the environment uses; `None` for the usual files, and for files of no set.
#[must_use]
pub(crate) fn active<'c>(ctx: &'c Context<'_>) -> Option<&'c str> {
    let used = |set: &&ConfigSet| {
        variables(set, ctx).into_iter().all(|(var, path)| {
            ctx.env.raw(var).map(|value| value.as_encoded_bytes()) == path.as_deref()
        })
    };
    ctx.settings
        .config_sets
        .iter()
        .find(used)
        .map(|set| set.name.as_str())
}

/// What makes the set `name` the one in use.
///
/// # Errors
/// [`Error::NoSuchConfig`].
pub(crate) fn statements(vars: &Env, name: &str) -> Result<Vec<Statement>, Error> {
    let ctx = Context::new(vars);
    let sets = &ctx.settings.config_sets;
    let usual = ConfigSet::default();
    let set = match sets.iter().find(|set| set.name == name) {
        None if name == ConfigSet::DEFAULT => &usual,
        None => {
            return Err(Error::NoSuchConfig {
                name: name.to_owned(),
                known: sets.iter().map(|set| set.name.clone()).collect(),
            });
        }
        Some(set) => set,
    };
    let statement = |(var, path): (&'static EnvVar, _)| match path {
        Some(path) => Statement::Export(var.name, path),
        None => Statement::Unset(var.name),
    };
    Ok(variables(set, &ctx).map(statement).into())
}

/// The environment in which the set `name` is used; the same environment without a name.
///
/// # Errors
/// As [`statements`].
pub(crate) fn environment<'e>(vars: &'e Env, name: Option<&str>) -> Result<Cow<'e, Env>, Error> {
    Ok(match name {
        None => Cow::Borrowed(vars),
        Some(name) => Cow::Owned(env_changes::applied(vars, statements(vars, name)?)),
    })
}
