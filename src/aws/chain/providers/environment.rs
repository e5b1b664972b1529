//! Keys in the environment.

use super::{Answer, Context, Found};
use crate::aws::chain::model::{Expires, Provider};
use crate::aws::chain::rules::{Empty, Off};
use crate::aws::config::Dialect;
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::{Expiry, UnknownReason};
use crate::aws::time::{self, Written};
use crate::diagnostic::{Code, Diagnostic};

/// The keys, unless a named profile takes precedence.
pub(in crate::aws::chain) fn answer(ctx: &Context<'_>) -> Answer {
    match off(ctx) {
        Some(why) => Answer::Skip(why),
        None => keys(ctx),
    }
}

/// What makes the tool ignore the environment's keys.
pub(super) fn off(ctx: &Context<'_>) -> Option<String> {
    match ctx.rules.env.off {
        Off::Explicit if ctx.profile_from == "--profile" => {}
        Off::Named if ctx.profile_from != "default" => {}
        _ => return None,
    }
    Some(match ctx.profile_from {
        "--profile" => "--profile takes precedence over keys in the environment".to_owned(),
        var => format!("{var} is set, which takes precedence over keys in the environment"),
    })
}

/// The keys, regardless of the profile.
pub(super) fn keys(ctx: &Context<'_>) -> Answer {
    let rules = &ctx.rules.env;
    let (id, secret) = (first_key(ctx, rules.ids), first_key(ctx, rules.secrets));
    let first = |names: &[&'static EnvVar]| names.first().map_or("", |var| var.name);
    match (id, secret) {
        (Some(id), Some(secret)) => match refused_date(ctx) {
            Some(error) => Answer::Fail(error),
            None => Found::new(
                Provider::Env,
                None,
                expiry(ctx),
                format!("{id} and {secret} are set"),
            )
            .expires(Expires::Keys)
            .into(),
        },
        (Some(id), None) if rules.half_stops => Answer::fail(
            Code::PartialCredentials,
            format!("{id} is set, and {} is not", first(rules.secrets)),
        ),
        (Some(id), None) => Answer::Skip(format!(
            "{id} is set, but {} is not: both are needed",
            first(rules.secrets)
        )),
        (None, Some(secret)) => {
            Answer::Skip(format!("{secret} is set, but {} is not", first(rules.ids)))
        }
        (None, None) => Answer::Skip(format!("{} is not set", first(rules.ids))),
    }
}

/// The first variable that contains a key.
fn first_key(ctx: &Context<'_>, names: &[&'static EnvVar]) -> Option<&'static EnvVar> {
    names.iter().copied().find(|name| {
        ctx.var(name)
            .is_some_and(|value| match ctx.rules.env.blank {
                Empty::Counts => !value.is_empty(),
                Empty::Absent => !value.trim().is_empty(),
            })
    })
}

/// Checks the expiry date that the tool itself enforces.
fn refused_date(ctx: &Context<'_>) -> Option<Diagnostic> {
    let var = &env_vars::AWS_CREDENTIAL_EXPIRATION;
    if !ctx.rules.env.expiry {
        return None;
    }
    let text = ctx.var(var).filter(|t| !t.is_empty())?;
    match time::parse(&text) {
        Some(Written::At(at)) if at <= ctx.inputs.now => ctx.warn(Diagnostic::new(
            Code::KeysExpired,
            format!(
                "the keys in the environment expired at {} ({var})",
                at.iso()
            ),
        )),
        Some(Written::At(_)) => {}
        // dateutil accepts almost everything with a number in it.
        None if ctx.rules.dialect == Dialect::Botocore
            && !text.contains(|c: char| c.is_ascii_digit()) =>
        {
            return Some(Diagnostic::new(
                Code::InvalidExpiry,
                format!("{var} is not a date: '{text}'"),
            ));
        }
        _ => ctx.warn(Diagnostic::new(
            Code::InvalidExpiry,
            format!("{var} is not a date with a time and a zone: '{text}'"),
        )),
    }
    None
}

/// The expiry variables of other switchers in order of precedence, each with the variables of which one is set while
/// that switcher is active.
static DATES: [(&EnvVar, &[&EnvVar]); 3] = [
    (
        &env_vars::AWS_SESSION_EXPIRATION,
        &[&env_vars::AWS_VAULT, &env_vars::GRANTED_SSO],
    ),
    (
        &env_vars::AWS_SSO_SESSION_EXPIRATION,
        &[&env_vars::AWS_SSO_PROFILE],
    ),
    (&env_vars::AWSUME_EXPIRATION, &[&env_vars::AWSUME_PROFILE]),
];

/// When the keys expire. Long-term keys never expire. For temporary keys, the variable that the AWS CLI enforces
/// decides, or if it is unset, one of the other switchers' variables. These may be left over after the keys were
/// changed by hand, so a past date counts only while its switcher is active.
fn expiry(ctx: &Context<'_>) -> Expiry {
    let env = ctx.inputs.env;
    let temporary = env.has(&env_vars::AWS_SESSION_TOKEN) || env.has(&env_vars::AWS_SECURITY_TOKEN);
    // The AWS CLI enforces this one for long-term keys too: it refuses them after that date.
    if let Some(text) = env.text(&env_vars::AWS_CREDENTIAL_EXPIRATION) {
        return match time::parse(&text) {
            Some(written) => Expiry::At {
                at: written.or_utc(),
                renewable_until: None,
            },
            None => Expiry::Unknown(UnknownReason::Date),
        };
    }
    if !temporary {
        return Expiry::Never;
    }
    let Some((var, owners, text)) = DATES
        .iter()
        .find_map(|(var, owners)| Some((*var, *owners, env.text(var)?)))
    else {
        return Expiry::Unknown(UnknownReason::NoDate);
    };
    let at = match time::parse(&text) {
        Some(Written::NoZone(wall)) if *var == env_vars::AWSUME_EXPIRATION => {
            ctx.inputs.host.local_time(wall)
        }
        Some(written) => written.or_utc(),
        None => return Expiry::Unknown(UnknownReason::Date),
    };
    if at <= ctx.inputs.now && !owners.iter().any(|owner| env.has(owner)) {
        return Expiry::Unknown(UnknownReason::LeftoverDate(var));
    }
    Expiry::At {
        at,
        renewable_until: None,
    }
}
