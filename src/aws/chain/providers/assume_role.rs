//! A role that is assumed with other credentials.

use super::{Answer, Context, Found, Position, container, environment, instance, with_cached_role};
use crate::aws::cache::{self, RoleCall};
use crate::aws::chain::model::{Link, Provider};
use crate::aws::chain::rules::{Entry, Mfa};
use crate::aws::config::{Section, Value};
use crate::aws::expiry::{Expiry, RenewedBy};
use crate::diagnostic::{Code, Diagnostic};
use std::path::PathBuf;

/// The role of a profile. `named_sources`: whether `credential_source` counts.
pub(in crate::aws::chain) fn answer(
    ctx: &Context<'_>,
    profile: &Section,
    position: &Position<'_>,
    named_sources: bool,
) -> Answer {
    let rules = &ctx.rules.role;
    if position.role_cleared {
        return Answer::Skip("its role was seen before".to_owned());
    }
    let Some(arn) = ctx.key(profile, "role_arn") else {
        return Answer::Skip("the profile has no role_arn".to_owned());
    };
    if rules.web_identity_instead
        && let Some(token) = ctx.key(profile, "web_identity_token_file")
    {
        return Answer::Skip(format!(
            "web_identity_token_file at {} makes it a web identity",
            ctx.location(token)
        ));
    }
    if rules.any_key_of_source_first
        && position.as_source
        && let Some(key) = any_key(ctx, profile)
    {
        return Answer::Skip(format!(
            "the source's key at {} comes first",
            ctx.location(key)
        ));
    }
    let source = ctx.key(profile, "source_profile");
    let named = ctx
        .key(profile, "credential_source")
        .filter(|_| named_sources);
    let (stops, error) = match (source, named) {
        (Some(source), Some(named)) => (
            rules.both_stop,
            ctx.blame(
                named,
                Code::RoleWithBothSources,
                format!(
                    "credential_source beside source_profile at {}",
                    ctx.location(source)
                ),
            ),
        ),
        (None, None) => (
            rules.neither_stops,
            ctx.blame(
                arn,
                Code::RoleWithoutSource,
                "role_arn without source_profile or credential_source",
            ),
        ),
        (source, named) => {
            // A loop at this profile and an unknown source are reported before a missing MFA code.
            let sound = source.is_none_or(|s| !position.seen.contains(&s.text))
                && named.is_none_or(|n| source_named(ctx, &n.text).is_some());
            if rules.mfa == Mfa::StopsFirst
                && sound
                && let Some(error) = mfa_error(ctx, profile)
            {
                return Answer::Fail(error);
            }
            return match (source, named) {
                (Some(source), _) => Answer::NeedsSource(source.clone()),
                (None, Some(named)) => match credentials_of(ctx, named) {
                    Ok(found) => assume(ctx, profile, found),
                    Err(error) => Answer::Fail(error),
                },
                (None, None) => Answer::Skip(String::new()),
            };
        }
    };
    if stops {
        Answer::Fail(error)
    } else {
        Answer::Skip(error.to_string())
    }
}

/// A static key of a profile, if it has any.
pub(in crate::aws::chain) fn any_key<'s>(
    ctx: &Context<'_>,
    profile: &'s Section,
) -> Option<&'s Value> {
    ["aws_access_key_id", "aws_secret_access_key"]
        .into_iter()
        .find_map(|key| ctx.key(profile, key))
}

/// The role of a profile, assumed with the credentials `found`.
pub(in crate::aws::chain) fn assume(
    ctx: &Context<'_>,
    profile: &Section,
    mut found: Found,
) -> Answer {
    let Some(arn) = ctx.key(profile, "role_arn") else {
        return found.into();
    };
    if let Some(error) = mfa_error(ctx, profile) {
        return Answer::Fail(error);
    }
    let asks = ctx.rules.role.mfa == Mfa::Asked && ctx.key(profile, "mfa_serial").is_some();
    // Valid credentials need no cache, and the prompt should open few files.
    let needed = asks || found.winner.expiry.is_over(ctx.inputs.now);
    let cache_file = cache_file(ctx, profile, arn).filter(|_| needed);
    let cached_until = cache_file
        .as_deref()
        .and_then(|path| ctx.cached_until(path));
    match (ctx.key(profile, "mfa_serial"), ctx.rules.role.mfa) {
        (Some(serial), Mfa::Asked) if cached_until.is_none() => ctx.warn(ctx.blame(
            serial,
            Code::MfaPrompt,
            format!(
                "{} will ask for an MFA code on the terminal",
                ctx.rules.title
            ),
        )),
        (Some(serial), Mfa::Ignored) => ctx.warn(ctx.blame(
            serial,
            Code::MfaIgnored,
            format!("{} ignores mfa_serial", ctx.rules.title),
        )),
        _ => {}
    }
    // Cached role credentials make the login at the base unimportant.
    if let Some(path) = cache_file.filter(|_| cached_until.is_some()) {
        ctx.warnings
            .borrow_mut()
            .retain(|w| w.code != Code::LoginNeeded);
        ctx.warn_of_cache(&path);
    }
    with_cached_role(&mut found.winner, cached_until, asks, ctx.inputs.now);
    let whose = match found.winner.last() {
        Some(Link {
            profile: Some(p), ..
        }) if *p != profile.name => format!(" of {p}"),
        _ => String::new(),
    };
    // The reason names only the base and the last role; with all roles, its length would grow with the square of the
    // chain.
    let base = match found.winner.chain.len() {
        1 => format!(": {}", found.reason),
        _ => String::new(),
    };
    found.reason = format!(
        "role_arn at {}, with the credentials{whose}{base}",
        ctx.location(arn)
    );
    found.winner.chain.push(Link {
        provider: Provider::AssumeRole,
        profile: Some(profile.name.clone()),
        role_arn: Some(arn.text.clone()),
    });
    found.into()
}

fn cache_file(ctx: &Context<'_>, profile: &Section, arn: &Value) -> Option<PathBuf> {
    if !ctx.rules.role_cache {
        return None;
    }
    let text = |key: &str| ctx.text(profile, key);
    let call = RoleCall {
        role_arn: &arn.text,
        duration_seconds: text("duration_seconds").and_then(|t| t.trim().parse().ok()),
        external_id: text("external_id"),
        session_name: text("role_session_name"),
        mfa_serial: text("mfa_serial"),
    };
    Some(cache::assumed_role(&ctx.home()?, call))
}

/// The error of a tool that cannot ask for a code.
fn mfa_error(ctx: &Context<'_>, profile: &Section) -> Option<Diagnostic> {
    let serial = ctx.key(profile, "mfa_serial")?;
    matches!(ctx.rules.role.mfa, Mfa::Stops | Mfa::StopsFirst).then(|| {
        ctx.blame(
            serial,
            Code::MfaNeeded,
            "mfa_serial needs a program that asks for the code",
        )
    })
}

/// The role assumed with the profile's own credentials, for a tool that does this.
pub(in crate::aws::chain) fn on_top(
    ctx: &Context<'_>,
    entry: Entry,
    profile: Option<&Section>,
    found: Found,
) -> Answer {
    let own = matches!(
        entry,
        Entry::Keys | Entry::NamedSource | Entry::Sso | Entry::Process | Entry::Container
    );
    match profile.filter(|p| own && ctx.key(p, "role_arn").is_some()) {
        Some(profile) if ctx.rules.role.on_top => assume(ctx, profile, found),
        _ => found.into(),
    }
}

/// The provider for a value of `credential_source`, with its exact spelling.
fn source_named(ctx: &Context<'_>, text: &str) -> Option<(&'static str, Provider)> {
    const NAMES: [(&str, Provider); 3] = [
        ("Environment", Provider::Env),
        ("EcsContainer", Provider::Container),
        ("Ec2InstanceMetadata", Provider::Instance),
    ];
    NAMES.into_iter().find(|(name, _)| {
        if ctx.rules.role.any_case {
            text.eq_ignore_ascii_case(name)
        } else {
            text == *name
        }
    })
}

/// The credentials of a `credential_source`.
fn credentials_of(ctx: &Context<'_>, named: &Value) -> Result<Found, Diagnostic> {
    let Some((name, provider)) = source_named(ctx, &named.text) else {
        return Err(ctx.blame(
            named,
            Code::CredentialSourceUnknown,
            format!(
                "credential_source '{}' is not one of Environment, EcsContainer, Ec2InstanceMetadata",
                named.text
            ),
        ));
    };
    let empty = |why: String| {
        ctx.blame(
            named,
            Code::CredentialSourceEmpty,
            format!("credential_source is {name}, but {why}"),
        )
    };
    let answer = match provider {
        Provider::Env => environment::keys(ctx),
        Provider::Container => container::answer(ctx),
        _ => match instance::imds_off(ctx) {
            Some(why) => Answer::Skip(why),
            None => Found::new(
                Provider::Instance,
                None,
                Expiry::RenewedBy(RenewedBy::Instance),
                format!("credential_source at {}", ctx.location(named)),
            )
            .into(),
        },
    };
    match answer {
        Answer::Found(found) => Ok(found),
        Answer::Skip(why) => Err(empty(why)),
        Answer::Fail(error) => Err(error),
        Answer::NeedsSource(_) => Err(empty("it has no source".to_owned())),
    }
}

/// `credential_source` whether or not there is a role.
pub(in crate::aws::chain) fn named_source(ctx: &Context<'_>, profile: &Section) -> Answer {
    let Some(named) = ctx.key(profile, "credential_source") else {
        return Answer::Skip("the profile has no credential_source".to_owned());
    };
    match credentials_of(ctx, named) {
        Ok(found) => found.into(),
        Err(error) => Answer::Fail(error),
    }
}
