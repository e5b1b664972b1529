//! Keys in the AWS files.

use super::{Answer, Context, Found};
use crate::aws::chain::model::{Expires, Provider};
use crate::aws::chain::rules::HalfKeys;
use crate::aws::config::{FileKind, Section};
use crate::aws::expiry::{Expiry, UnknownReason};
use crate::aws::time::{self, Written};
use crate::diagnostic::Code;

/// Keys of the merged profile.
pub(in crate::aws::chain) fn merged(ctx: &Context<'_>, profile: &Section) -> Answer {
    let id = ctx.key(profile, "aws_access_key_id");
    let secret = ctx.key(profile, "aws_secret_access_key");
    let token = ctx.key(profile, "aws_session_token");
    let (value, has, lacks) = match (id, secret, token) {
        (Some(id), Some(_), _) => {
            let reason = format!("keys at {}", ctx.location(id));
            return Found::new(
                provider(id.file),
                Some(&profile.name),
                expiry(ctx, profile),
                reason,
            )
            .expires(Expires::Keys)
            .into();
        }
        (Some(id), None, _) => (id, "aws_access_key_id", "aws_secret_access_key"),
        (None, Some(secret), _) => (secret, "aws_secret_access_key", "aws_access_key_id"),
        (None, None, Some(token)) => (token, "aws_session_token", "aws_access_key_id"),
        (None, None, None) => return Answer::Skip("the profile has no keys".to_owned()),
    };
    let stops = match ctx.rules.half_keys {
        HalfKeys::LoneIdStops => id.is_some(),
        HalfKeys::LoneIdOrTokenStops => id.is_some() || token.is_some(),
        HalfKeys::Stop => true,
        HalfKeys::Skipped => false,
    };
    if stops {
        Answer::Fail(ctx.blame(
            value,
            Code::PartialCredentials,
            format!("{has} without {lacks}"),
        ))
    } else {
        Answer::Skip(format!("{}: {has} without {lacks}", ctx.location(value)))
    }
}

/// Keys in one file, regardless of the other: botocore's `SharedCredentialProvider` and `ConfigProvider`.
pub(in crate::aws::chain) fn in_file(ctx: &Context<'_>, file: FileKind, name: &str) -> Answer {
    let called = match file {
        FileKind::Config => "config file",
        FileKind::Credentials => "credentials file",
    };
    let none = || Answer::Skip(format!("the {called} has no keys for the profile"));
    let Some(profile) = ctx.profiles.profile_in(file, name) else {
        return none();
    };
    match (
        ctx.key(&profile, "aws_access_key_id"),
        ctx.key(&profile, "aws_secret_access_key"),
    ) {
        (Some(id), Some(_)) => Found::new(
            provider(file),
            Some(name),
            expiry(ctx, &profile),
            format!("keys at {}", ctx.location(id)),
        )
        .expires(Expires::Keys)
        .into(),
        (Some(id), None) => {
            let other = ctx.profiles.profile(name);
            let elsewhere = other
                .as_deref()
                .and_then(|p| ctx.key(p, "aws_secret_access_key"))
                .map(|v| format!("; that is in the other file, at {}", ctx.location(v)))
                .unwrap_or_default();
            Answer::Fail(ctx.blame(
                id,
                Code::PartialCredentials,
                format!("aws_access_key_id without aws_secret_access_key{elsewhere}"),
            ))
        }
        (None, Some(secret)) => Answer::Skip(format!(
            "{}: aws_secret_access_key without aws_access_key_id",
            ctx.location(secret)
        )),
        (None, None) => none(),
    }
}

fn provider(file: FileKind) -> Provider {
    match file {
        FileKind::Config => Provider::ConfigFile,
        FileKind::Credentials => Provider::SharedCredentialsFile,
    }
}

/// The config keys in which other tools store the expiry of temporary keys, in order of precedence. The AWS tools
/// ignore all of them.
const DATES: [&str; 5] = [
    "x_security_token_expires",
    "aws_session_expiration",
    "aws_credential_expiration",
    "aws_expiration",
    "expiration",
];

/// When keys in a file expire. Long-term keys never do, even with a date.
fn expiry(ctx: &Context<'_>, profile: &Section) -> Expiry {
    if profile.text("aws_session_token").is_none() && profile.text("aws_security_token").is_none() {
        return Expiry::Never;
    }
    let Some((key, text)) = DATES
        .iter()
        .find_map(|key| Some((*key, profile.text(key)?)))
    else {
        return Expiry::Unknown(UnknownReason::NoDate);
    };
    let at = match time::parse(text) {
        // awsume writes local time, all others UTC.
        Some(Written::NoZone(wall))
            if key == "expiration" && profile.text("manager") == Some("awsume") =>
        {
            ctx.inputs.host.local_time(wall)
        }
        Some(written) => written.or_utc(),
        None => return Expiry::Unknown(UnknownReason::Date),
    };
    Expiry::At {
        at,
        renewable_until: None,
    }
}
