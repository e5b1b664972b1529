//! The SDK for Go v2: `config/resolve_credentials.go` and `config/shared_config.go`.

use super::Trouble;
use super::engine::Engine;
use super::rules::{
    Again, Ask, Bytes, Empty, EnvKeyRules, Forgives, HalfKeys, Mfa, Missing, Needs, Off, Repeats,
    Role, Rules, Sso,
};
use super::rust::ANY_SSO_KEY;
use crate::aws::env_vars;
use crate::aws::grammar::{Dialect, Section};
use crate::aws::place::Reading;

pub(super) const RULES: Rules = Rules {
    dialect: Dialect::Sdk,
    places: Reading {
        variables: false,
        tilde: false,
        empty: false,
    },
    bytes: Bytes::Lossy,
    profile_vars: &[&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE],
    empty_profile: Empty::Absent,
    missing_profile: Missing::StopsWhereNamedBy(&env_vars::AWS_PROFILE),
    region_vars: &[&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION],
    empty_region: Empty::Absent,
    region_of_source: false,
    chain: &[
        Ask::Env,
        Ask::EnvWebIdentity,
        Ask::RoleOfSource,
        Ask::Keys,
        Ask::NamedSource,
        Ask::WebIdentity,
        Ask::Sso,
        Ask::Process,
        Ask::Container,
        Ask::Instance,
    ],
    source: &[
        Ask::Keys,
        Ask::RoleOfSource,
        Ask::NamedSource,
        Ask::WebIdentity,
        Ask::Sso,
        Ask::Process,
    ],
    env: EnvKeyRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID, &env_vars::AWS_ACCESS_KEY],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY, &env_vars::AWS_SECRET_KEY],
        blank: Empty::Counts,
        half_stops: false,
        expiry: false,
        off: Off::Explicit,
    },
    empty_values: Empty::Absent,
    role: Role {
        web_identity_instead: false,
        both_stop: true,
        neither_stops: false,
        again: Again::RoleCleared,
        any_key_of_source_first: false,
        any_case: false,
        on_top: true,
        mfa: Mfa::Stops,
    },
    sso: Sso {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::SameUrlAndRegion,
        needs: Needs::SessionOrAll,
    },
    half_keys: HalfKeys::Skipped,
    check: Some(check),
    forgives: Forgives::Nothing,
    role_cache: false,
};

/// What the SDK checks when it loads a profile, whatever it is going to use: a source of a role needs a role, and
/// there may be one kind of source only. A source profile with keys is not checked for the latter.
fn check(engine: &Engine<'_>, profile: &Section, as_source: bool) -> Option<Trouble> {
    let kinds = [
        "source_profile",
        "credential_source",
        "credential_process",
        "web_identity_token_file",
    ];
    let named: Vec<_> = kinds
        .into_iter()
        .filter_map(|kind| Some((kind, engine.key(profile, kind)?)))
        .collect();
    let of_a_role = named.iter().find(|(kind, _)| *kind != "credential_process");
    if let Some((kind, value)) = of_a_role
        && engine.key(profile, "role_arn").is_none()
    {
        return Some(Trouble {
            code: "role-missing",
            message: format!("{}: {kind} needs a role_arn", engine.files.at(value)),
        });
    }
    if as_source && engine.whole_keys(profile) {
        return None;
    }
    match named.as_slice() {
        [_, (second, value), ..] => Some(Trouble {
            code: "several-kinds",
            message: format!(
                "{}: {second} beside {}: only one is allowed in a profile",
                engine.files.at(value),
                named[0].0
            ),
        }),
        _ => None,
    }
}
