//! What a switch sets and unsets.

use crate::aws::Env;
use crate::aws::config::Section;
use crate::aws::env_identity;
use crate::aws::env_vars;
use crate::output::sanitize::Escaped;
use crate::shells::Statement;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

/// The variables that a switch unsets: those that override a profile or describe the previous identity.
pub(crate) fn overriding() -> impl Iterator<Item = &'static str> {
    env_vars::overriding_profile().map(|var| var.name)
}

/// Sets `AWS_PROFILE_REGION`, which oh-my-zsh's prompt shows.
#[must_use]
pub(crate) fn profile_region(profile: &Section) -> Statement {
    match profile.text("region") {
        Some(region) if !region.chars().any(char::is_control) => {
            Statement::Export(env_vars::AWS_PROFILE_REGION.name, region.into())
        }
        _ => Statement::Unset(env_vars::AWS_PROFILE_REGION.name),
    }
}

/// Sets the variables that name the profile, `AWS_PROFILE` last.
pub(crate) fn profile_names(profile: &Section) -> impl Iterator<Item = Statement> {
    [
        &env_vars::AWS_DEFAULT_PROFILE,
        &env_vars::AWS_EB_PROFILE,
        &env_vars::AWS_PROFILE,
    ]
    .into_iter()
    .map(|var| Statement::Export(var.name, profile.name.clone().into()))
}

/// Unsets the region if it is `own`, the one that this terminal's last `use --region` set.
pub(crate) fn without_own_region(env: &Env, own: Option<&str>) -> Vec<Statement> {
    let own = own.filter(|region| !region.is_empty());
    if own.is_none()
        || env_identity::region(env)
            .map(|(_, region)| region)
            .as_deref()
            != own
    {
        return Vec::new();
    }
    region(None).into()
}

/// Makes `profile` the identity of an environment: unsets everything that would override it, then sets its name.
#[must_use]
pub(crate) fn to_profile(profile: &Section) -> Vec<Statement> {
    overriding()
        .map(Statement::Unset)
        .chain([profile_region(profile)])
        .chain(profile_names(profile))
        .collect()
}

/// Unsets the profile, and with `keys` everything else that names an identity.
pub(crate) fn to_nothing(keys: bool) -> impl Iterator<Item = Statement> {
    let names = [
        // It does not apply to keys that were set by other means since.
        env_vars::AWSBADGE_ACP.name,
        env_vars::AWS_DEFAULT_PROFILE.name,
        env_vars::AWS_EB_PROFILE.name,
        env_vars::AWS_PROFILE_REGION.name,
        env_vars::AWS_PROFILE.name,
    ];
    overriding()
        .filter(move |_| keys)
        .chain(names)
        .map(Statement::Unset)
}

/// [`to_nothing`], which includes the credentials that `acp` set; and a note if there are any.
#[must_use]
pub(crate) fn cleared(env: &Env, keys: bool) -> (Vec<Statement>, String) {
    let acp = env_identity::acp_owner(env);
    let statements = to_nothing(keys || acp.is_some()).collect();
    let note = acp.map_or_else(String::new, |name| {
        format!(
            "awsbadge: removed the credentials of '{}' that `acp` set\n",
            Escaped(&name)
        )
    });
    (statements, note)
}

/// Sets the region, or unsets it.
#[must_use]
pub(crate) fn region(region: Option<&str>) -> [Statement; 2] {
    [&env_vars::AWS_DEFAULT_REGION, &env_vars::AWS_REGION].map(|var| match region {
        Some(region) => Statement::Export(var.name, region.into()),
        None => Statement::Unset(var.name),
    })
}

/// The environment after these statements.
#[must_use]
pub(crate) fn applied(env: &Env, statements: impl IntoIterator<Item = Statement>) -> Env {
    statements
        .into_iter()
        .fold(env.clone(), |env, statement| match statement {
            Statement::Unset(name) => env.without(name),
            Statement::Export(name, value) => env.with(name, OsString::from_vec(value)),
            Statement::Set(..) | Statement::List(..) => env,
        })
}

/// The environment without any identity, for a program that gets the profile as an argument.
#[must_use]
pub(crate) fn without_identity(env: &Env) -> Env {
    overriding()
        .chain([
            env_vars::AWS_PROFILE.name,
            env_vars::AWS_DEFAULT_PROFILE.name,
        ])
        .fold(env.clone(), |env, name| env.without(name))
}

/// The environment without secrets, for programs that have nothing to do with AWS.
#[must_use]
pub(crate) fn without_secrets(env: &Env) -> Env {
    env_vars::secrets()
        .chain([&env_vars::AWS_ACCESS_KEY_ID])
        .fold(env.clone(), |env, var| env.without(var.name))
}
