//! What a switch sets and unsets.

use crate::aws::Env;
use crate::aws::config::Section;
use crate::aws::env_vars;
use crate::shells::Statement;

/// The names of the variables that a switch unsets: those that override a profile, or describe an identity that is
/// replaced.
pub(crate) fn overriding() -> impl Iterator<Item = &'static str> {
    env_vars::overriding_profile().map(|var| var.name)
}

/// `AWS_PROFILE_REGION`, which oh-my-zsh's prompt shows.
#[must_use]
pub(crate) fn profile_region(profile: &Section) -> Statement {
    match profile.text("region") {
        Some(region) if !region.chars().any(char::is_control) => {
            Statement::Export(env_vars::AWS_PROFILE_REGION.name, region.into())
        }
        _ => Statement::Unset(env_vars::AWS_PROFILE_REGION.name),
    }
}

/// The variables that name the profile, `AWS_PROFILE` last.
pub(crate) fn profile_names(profile: &Section) -> impl Iterator<Item = Statement> {
    [
        &env_vars::AWS_DEFAULT_PROFILE,
        &env_vars::AWS_EB_PROFILE,
        &env_vars::AWS_PROFILE,
    ]
    .into_iter()
    .map(|var| Statement::Export(var.name, profile.name.clone().into()))
}

/// What makes `profile` the identity of an environment: nothing left that would override it, then its name.
#[must_use]
pub(crate) fn to_profile(profile: &Section) -> Vec<Statement> {
    overriding()
        .map(Statement::Unset)
        .chain([profile_region(profile)])
        .chain(profile_names(profile))
        .collect()
}

/// The environment without anything that names an identity: for a program that is told the profile by its arguments.
#[must_use]
pub(crate) fn without_identity(env: &Env) -> Env {
    overriding()
        .chain([
            env_vars::AWS_PROFILE.name,
            env_vars::AWS_DEFAULT_PROFILE.name,
        ])
        .fold(env.clone(), |env, name| env.without(name))
}

/// The environment without what is secret in it, for programs that have nothing to do with AWS.
#[must_use]
pub(crate) fn without_secrets(env: &Env) -> Env {
    env_vars::secrets()
        .chain([&env_vars::AWS_ACCESS_KEY_ID])
        .fold(env.clone(), |env, var| env.without(var.name))
}
