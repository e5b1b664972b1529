//! What a switch sets and unsets.

use crate::aws::Env;
use crate::aws::config::Section;
use crate::aws::env_vars;
use crate::shells::Statement;

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

/// Makes `profile` the identity of an environment: unsets everything that would override it, then sets its name.
#[must_use]
pub(crate) fn to_profile(profile: &Section) -> Vec<Statement> {
    overriding()
        .map(Statement::Unset)
        .chain([profile_region(profile)])
        .chain(profile_names(profile))
        .collect()
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
