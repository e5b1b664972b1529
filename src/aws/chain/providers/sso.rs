//! IAM Identity Center.

use super::{Answer, Context, Found, no_token, with_cached_role};
use crate::aws::Epoch;
use crate::aws::cache;
use crate::aws::chain::model::{Expires, FileContent, Login, Provider, SsoLogin};
use crate::aws::chain::rules::{Needs, Repeats};
use crate::aws::config::{Section, Value};
use crate::aws::expiry::{Expiry, UnknownReason};
use crate::aws::token::{self, SsoToken};
use crate::diagnostic::{Code, Diagnostic};
use std::path::PathBuf;

pub(in crate::aws::chain) fn answer(
    ctx: &Context<'_>,
    profile: &Section,
    as_source: bool,
) -> Answer {
    let rules = &ctx.rules.sso;
    let trigger = rules
        .triggers
        .iter()
        .find_map(|key| Some((*key, ctx.key(profile, key)?)));
    let session = ctx.key(profile, "sso_session");
    let Some((trigger, trigger_value)) = trigger else {
        return Answer::Skip(match session {
            Some(session) => format!(
                "{}: sso_session without sso_account_id and sso_role_name gives bearer tokens only",
                ctx.location(session)
            ),
            None => format!("the profile has no {}", rules.triggers.join(" and no ")),
        });
    };
    let merged = match merged(ctx, profile, session) {
        Ok(merged) => merged,
        Err(error) => return Answer::Fail(error),
    };
    if let Some(error) = incomplete(ctx, &merged, session, trigger, trigger_value) {
        return Answer::Fail(error);
    }
    let text = |key: &str| ctx.text(&merged, key).map(str::to_owned);
    let login = SsoLogin {
        session: session.map(|s| s.text.clone()),
        start_url: text("sso_start_url"),
        region: text("sso_region"),
        account_id: text("sso_account_id"),
        role_name: text("sso_role_name"),
    };
    let named = session.map_or_else(String::new, |s| format!(", [sso-session {}]", s.text));
    let reason = format!("{trigger} at {}{named}", ctx.location(trigger_value));
    let (mut expiry, token_file, problem) = token(ctx, &login);
    let bad_region = bad_region(ctx, &merged);
    // A valid token needs no cache, and the prompt should open few files.
    let cache_file = cache_file(ctx, &login).filter(|_| problem.is_some() || bad_region.is_some());
    let cached_until = cache_file
        .as_deref()
        .and_then(|path| ctx.cached_until(path));
    if let Some(error) = bad_region.filter(|_| cached_until.is_none()) {
        return Answer::Fail(error);
    }
    // Warn of an unusable token, unless cached role credentials make it unnecessary.
    if let Some(why) = problem {
        match (&cache_file, cached_until) {
            (Some(path), Some(_)) => ctx.warn_of_cache(path),
            _ if ctx.rules.forgives.forgives(Code::LoginNeeded) && !as_source => {
                return Answer::fail(Code::LoginNeeded, format!("{reason}: {why}"));
            }
            _ => {
                if let Some(path) = &token_file {
                    ctx.warn_of_login(why, path);
                }
            }
        }
    }
    // The file is being written; cached credentials do not depend on it.
    if cached_until.is_some() && matches!(expiry, Expiry::Unknown(_)) {
        expiry = Expiry::NoLogin;
    }
    let mut found = Found::new(Provider::Sso, Some(&profile.name), expiry, reason)
        .expires(Expires::SsoToken)
        .login(Login::Sso(login), token_file);
    with_cached_role(&mut found.winner, cached_until, false, ctx.inputs.now);
    found.into()
}

/// The profile with the keys of its session.
fn merged(
    ctx: &Context<'_>,
    profile: &Section,
    session: Option<&Value>,
) -> Result<Section, Diagnostic> {
    let mut merged = profile.clone();
    let Some(session) = session else {
        return Ok(merged);
    };
    let Some(section) = ctx.profiles.sso_session(&session.text) else {
        return Err(no_session(ctx, session));
    };
    if let Some(error) = contradiction(ctx, profile, &section) {
        return Err(error);
    }
    for (key, value) in &section.keys {
        // Only botocore treats every key of the session as the profile's own.
        let taken = ctx.rules.sso.repeats == Repeats::Same
            || matches!(key.as_str(), "sso_start_url" | "sso_region");
        if taken {
            merged.keys.retain(|(k, _)| k != key);
            merged.keys.push((key.clone(), value.clone()));
        }
    }
    Ok(merged)
}

pub(in crate::aws::chain) fn no_session(ctx: &Context<'_>, session: &Value) -> Diagnostic {
    ctx.blame(
        session,
        Code::SsoSessionNotFound,
        format!("there is no [sso-session {}]", session.text),
    )
}

fn contradiction(ctx: &Context<'_>, profile: &Section, session: &Section) -> Option<Diagnostic> {
    let mut repeated = session
        .keys
        .iter()
        .filter_map(|(key, of_session)| Some((key.as_str(), ctx.key(profile, key)?, of_session)));
    let url_or_region = |key: &str| matches!(key, "sso_start_url" | "sso_region");
    let inconsistent = |(key, own, of_session): (&str, &Value, &Value)| {
        ctx.blame(
            own,
            Code::SsoInconsistent,
            format!(
                "{key} differs from the sso-session's at {}",
                ctx.location(of_session)
            ),
        )
    };
    match ctx.rules.sso.repeats {
        Repeats::Ignored => None,
        Repeats::Same => repeated
            .find(|(_, own, of_session)| own.text != of_session.text)
            .map(inconsistent),
        Repeats::SameUrlAndRegion => repeated
            .find(|(key, own, of_session)| url_or_region(key) && own.text != of_session.text)
            .map(inconsistent),
        Repeats::SameInAnyCase => repeated
            .find(|(key, own, of_session)| {
                url_or_region(key) && !own.text.eq_ignore_ascii_case(&of_session.text)
            })
            .map(inconsistent),
        Repeats::Forbidden => ["sso_start_url", "sso_region"].into_iter().find_map(|key| {
            let own = ctx.key(profile, key)?;
            let message = format!("{key} is not allowed beside sso_session, whatever its value");
            Some(ctx.blame(own, Code::SsoRedundantKeys, message))
        }),
    }
}

/// What an SSO profile lacks. `merged` includes the session's keys.
fn incomplete(
    ctx: &Context<'_>,
    merged: &Section,
    session: Option<&Value>,
    trigger: &str,
    trigger_value: &Value,
) -> Option<Diagnostic> {
    let has = |key: &str| ctx.key(merged, key).is_some();
    let (account, role) = (has("sso_account_id"), has("sso_role_name"));
    let needs = ctx.rules.sso.needs;
    let wanted: &[&str] = match (needs, session) {
        (Needs::All, _) | (Needs::SessionOrAll, None) => &[
            "sso_account_id",
            "sso_role_name",
            "sso_start_url",
            "sso_region",
        ],
        (Needs::SessionOrAll, Some(_)) => &["sso_start_url", "sso_region"],
        (Needs::AccountWithRole, _) if account != role => {
            let lacks = if account {
                "sso_role_name"
            } else {
                "sso_account_id"
            };
            return Some(ctx.blame(
                trigger_value,
                Code::SsoRoleIncomplete,
                format!("{trigger} without {lacks}"),
            ));
        }
        (Needs::AccountWithRole, _) => &["sso_start_url", "sso_region"],
    };
    let missing: Vec<&str> = wanted.iter().copied().filter(|key| !has(key)).collect();
    if !missing.is_empty() {
        return Some(ctx.blame(
            trigger_value,
            Code::SsoIncomplete,
            format!("{trigger} without {}", missing.join(", ")),
        ));
    }
    (needs == Needs::AccountWithRole && !account).then(|| {
        ctx.blame(
            trigger_value,
            Code::SsoTokenOnly,
            format!("{trigger} without sso_account_id and sso_role_name gives bearer tokens only"),
        )
    })
}

/// A region that botocore refuses before it calls anything (`validate_region_name` in its `utils.py`): most often
/// because of a comment after the value, which becomes part of it.
fn bad_region(ctx: &Context<'_>, merged: &Section) -> Option<Diagnostic> {
    if !ctx.rules.sso.checks_region {
        return None;
    }
    let value = ctx.key(merged, "sso_region")?;
    let region = value.text.as_str();
    let label = region
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let good = label
        && (1..=63).contains(&region.len())
        && !region.starts_with('-')
        && !region.ends_with('-')
        && !region.bytes().all(|b| b.is_ascii_digit());
    let comment = region.contains([' ', '\t']) && region.contains(['#', ';']);
    (!good).then(|| {
        ctx.blame(
            value,
            Code::SsoRegionInvalid,
            if comment { format!(
                "sso_region '{region}' is not a region: for {}, a comment after a value is part of the value",
                ctx.rules.title
            ) } else { format!("sso_region '{region}' is not a region") },
        )
    })
}

/// The token of a login: its expiry, its file, and why it cannot be used.
pub(in crate::aws::chain) fn token(
    ctx: &Context<'_>,
    login: &SsoLogin,
) -> (Expiry, Option<PathBuf>, Option<String>) {
    let path = login
        .token_key()
        .and_then(|key| Some(cache::sso_token(&ctx.home()?, key)));
    let Some(path) = path else {
        return (Expiry::NoLogin, None, None);
    };
    let (expiry, problem) = match ctx.read_cache(&path) {
        FileContent::Absent => (Expiry::NoLogin, Some("there is no login yet".to_owned())),
        FileContent::Unusable(why) => (
            Expiry::Unknown(UnknownReason::File),
            Some(format!("its token file cannot be read: {why}")),
        ),
        FileContent::Partial => (
            Expiry::Unknown(UnknownReason::HalfWritten),
            Some("its token file is half-written".to_owned()),
        ),
        FileContent::Bytes(json) => match token::read_sso(&json) {
            Err(why) => (token::expiry_without_token(&why), Some(no_token(why))),
            Ok(token) => {
                let expiry = token::sso_expiry(&token, login.session.is_some());
                let problem = unusable(&token, expiry, ctx.inputs.now);
                (expiry, problem)
            }
        },
    };
    let problem = problem.map(|why| format!("`aws sso login` is needed: {why}"));
    (expiry, Some(path), problem)
}

fn unusable(token: &SsoToken, expiry: Expiry, now: Epoch) -> Option<String> {
    match (token.expires, expiry) {
        (None, _) => Some("its expiry date cannot be read".to_owned()),
        (Some(at), expiry) if expiry.is_over(now) => {
            Some(format!("the last login expired at {}", at.iso()))
        }
        (Some(_), _) => None,
    }
}

/// The AWS CLI's cache of the role's credentials.
fn cache_file(ctx: &Context<'_>, login: &SsoLogin) -> Option<PathBuf> {
    if !ctx.rules.role_cache {
        return None;
    }
    Some(cache::sso_role(
        &ctx.home()?,
        login.account_id.as_deref()?,
        login.role_name.as_deref()?,
        login.token_key()?,
        login.session.is_none(),
    ))
}

/// The bearer token of a profile that has an `sso_session` but no account and role: its login, its expiry, and the
/// token file.
pub(in crate::aws::chain) fn bearer(
    ctx: &Context<'_>,
    profile: &Section,
) -> Option<(SsoLogin, Expiry, Option<PathBuf>)> {
    let session = ctx.key(profile, "sso_session")?;
    let merged = merged(ctx, profile, Some(session)).ok()?;
    let text = |key: &str| ctx.text(&merged, key).map(str::to_owned);
    let login = SsoLogin {
        session: Some(session.text.clone()),
        start_url: text("sso_start_url"),
        region: text("sso_region"),
        account_id: None,
        role_name: None,
    };
    let (expiry, file, _) = token(ctx, &login);
    Some((login, expiry, file))
}
