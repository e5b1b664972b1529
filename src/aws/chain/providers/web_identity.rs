//! A role that is assumed with a web identity token from a file.

use super::{Answer, Context, Found, environment, with_cached_role};
use crate::aws::cache::{self, RoleCall};
use crate::aws::chain::model::{FileContent, Provider};
use crate::aws::chain::rules::Off;
use crate::aws::config::Section;
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::{Expiry, RenewedBy};
use crate::diagnostic::{Code, Diagnostic, Location};
use std::path::{Path, PathBuf};

/// The web identity from the environment only.
pub(in crate::aws::chain) fn of_environment(ctx: &Context<'_>) -> Answer {
    if let Some(why) = environment::off(ctx).filter(|_| ctx.rules.env.off == Off::Explicit) {
        return Answer::Skip(why);
    }
    let (token, role) = (
        &env_vars::AWS_WEB_IDENTITY_TOKEN_FILE,
        &env_vars::AWS_ROLE_ARN,
    );
    match (ctx.is_set(token), ctx.is_set(role)) {
        (true, true) => assumed(
            ctx,
            &ctx.var(token).unwrap_or_default(),
            &ctx.var(role).unwrap_or_default(),
            None,
            format!("{token} and {role} are set"),
        ),
        (true, false) if ctx.rules.env.web_identity_needs_role => Answer::fail(
            Code::WebIdentityWithoutRole,
            format!("{token} is set, and {role} is not"),
        ),
        (true, false) => Answer::Skip(format!("{role} is not set")),
        (false, _) => Answer::Skip(format!("{token} is not set")),
    }
}

/// The web identity of a profile. Variables override each part of it, even with an empty value: botocore's
/// `AssumeRoleWithWebIdentityProvider`.
pub(in crate::aws::chain) fn mixed(ctx: &Context<'_>, profile: Option<&Section>) -> Answer {
    let get = |key: &str, var: &'static EnvVar| -> Option<(String, String, bool)> {
        let of_env = ctx
            .var(var)
            .filter(|_| ctx.profile_from != "--profile")
            .map(|v| (v.into_owned(), var.name.to_owned(), true));
        of_env.or_else(|| {
            let value = ctx.key(profile?, key)?;
            let from = format!("{key} at {}", ctx.location(value));
            Some((value.text.clone(), from, false))
        })
    };
    let token = get(
        "web_identity_token_file",
        &env_vars::AWS_WEB_IDENTITY_TOKEN_FILE,
    );
    let Some((token, token_from, of_env)) = token.filter(|(text, ..)| !text.is_empty()) else {
        return Answer::Skip("no web_identity_token_file, and no variable for one".to_owned());
    };
    let role = get("role_arn", &env_vars::AWS_ROLE_ARN).filter(|(text, ..)| !text.is_empty());
    match role {
        Some((role, role_from, _)) => {
            let profile = profile.filter(|_| !of_env).map(|p| p.name.as_str());
            assumed(
                ctx,
                &token,
                &role,
                profile,
                format!("{token_from}, {role_from}"),
            )
        }
        None => {
            let error = Diagnostic::new(
                Code::WebIdentityWithoutRole,
                format!("{token_from}, but neither role_arn nor AWS_ROLE_ARN"),
            );
            let value = profile
                .filter(|_| !of_env)
                .and_then(|p| ctx.key(p, "web_identity_token_file"));
            Answer::Fail(error.at(value.map(|value| ctx.location(value))))
        }
    }
}

/// The web identity of a profile.
pub(in crate::aws::chain) fn of_profile(ctx: &Context<'_>, profile: &Section) -> Answer {
    let Some(token) = ctx.key(profile, "web_identity_token_file") else {
        return Answer::Skip("the profile has no web_identity_token_file".to_owned());
    };
    match ctx.key(profile, "role_arn") {
        Some(role) => assumed(
            ctx,
            &token.text,
            &role.text,
            Some(&profile.name),
            format!("web_identity_token_file at {}", ctx.location(token)),
        ),
        None if !ctx.rules.web_identity_needs_role => Answer::Skip(format!(
            "{}: web_identity_token_file without role_arn",
            ctx.location(token)
        )),
        None => Answer::Fail(ctx.blame(
            token,
            Code::WebIdentityWithoutRole,
            "web_identity_token_file without role_arn",
        )),
    }
}

fn assumed(
    ctx: &Context<'_>,
    token_file: &str,
    role_arn: &str,
    profile: Option<&str>,
    reason: String,
) -> Answer {
    let path = Path::new(token_file);
    let mut expiry = Expiry::RenewedBy(RenewedBy::WebIdentity);
    if !matches!(ctx.inputs.host.read(path), FileContent::Bytes(_)) {
        let error = Diagnostic::new(
            Code::TokenFileMissing,
            "the web identity token file cannot be read",
        )
        .at(Location::file(path));
        if ctx.rules.forgives.forgives(error.code) {
            return Answer::Fail(error);
        }
        expiry = Expiry::NoLogin;
        ctx.warn(error);
    }
    let mut found = Found::new(Provider::WebIdentity, profile, expiry, reason).role(role_arn);
    if expiry.is_over(ctx.inputs.now)
        && let Some(path) = cache_file(ctx, role_arn, profile)
        && let Some(until) = ctx.cached_until(&path)
    {
        with_cached_role(&mut found.winner, Some(until), false, ctx.inputs.now);
        ctx.warn_of_cache(&path);
    }
    found.into()
}

/// The AWS CLI's cache of the role's credentials.
fn cache_file(ctx: &Context<'_>, role_arn: &str, profile: Option<&str>) -> Option<PathBuf> {
    if !ctx.rules.role_cache {
        return None;
    }
    let of_env = ctx.var(&env_vars::AWS_ROLE_SESSION_NAME);
    let section = ctx.profiles.profile(profile.unwrap_or(ctx.profile));
    let of_profile = section
        .as_deref()
        .and_then(|section| ctx.text(section, "role_session_name"));
    let call = RoleCall {
        role_arn,
        session_name: of_env.as_deref().or(of_profile),
        ..RoleCall::default()
    };
    Some(cache::assumed_role(&ctx.home()?, call))
}
