//! The SDK for Go v2: `config/resolve_credentials.go` and `config/shared_config.go`.

use super::rust::ANY_SSO_KEY;
use crate::aws::chain::rules::{
    Again, Bytes, Empty, Entry, EnvRules, Forgives, HalfKeys, ImdsOff, Mfa, Missing, Mistake,
    Needs, Off, Repeats, RoleRules, Rules, SsoRules,
};
use crate::aws::config::{Dialect, Section};
use crate::aws::env_vars;
use crate::aws::paths::Reading;
use crate::diagnostic::Code;

pub(in crate::aws::chain) const RULES: Rules = Rules {
    title: "the SDK for Go",
    dialect: Dialect::Sdk,
    places: Reading {
        variables: false,
        tilde: false,
        empty: false,
    },
    bytes: Bytes::Lossy,
    reads_files_late: false,
    profile_vars: &[&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE],
    empty_profile: Empty::Absent,
    missing_profile: Missing::StopsIfNamedBy(&env_vars::AWS_PROFILE),
    region_vars: &[&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION],
    empty_region: Empty::Absent,
    region_of_source: false,
    chain: &[
        Entry::Env,
        Entry::EnvWebIdentity,
        Entry::RoleOfSource,
        Entry::Keys,
        Entry::NamedSource,
        Entry::WebIdentity,
        Entry::Sso,
        Entry::Process,
        Entry::Container,
        Entry::Instance,
    ],
    source: &[
        Entry::Keys,
        Entry::RoleOfSource,
        Entry::NamedSource,
        Entry::WebIdentity,
        Entry::Sso,
        Entry::Process,
    ],
    env: EnvRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID, &env_vars::AWS_ACCESS_KEY],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY, &env_vars::AWS_SECRET_KEY],
        blank: Empty::Counts,
        half_stops: false,
        expiry: false,
        off: Off::Explicit,
        empty: Empty::Absent,
        web_identity_needs_role: true,
    },
    empty_values: Empty::Absent,
    web_identity_needs_role: true,
    role: RoleRules {
        web_identity_instead: false,
        both_stop: true,
        neither_stops: false,
        again: Again::RoleCleared,
        any_key_of_source_first: false,
        any_case: false,
        on_top: true,
        mfa: Mfa::Stops,
        longest_chain: None,
    },
    sso: SsoRules {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::SameUrlAndRegion,
        needs: Needs::SessionOrAll,
        checks_region: false,
    },
    half_keys: HalfKeys::Skipped,
    process_without_shell: false,
    login_needs_crt: false,
    imds_off: ImdsOff::True,
    check: Some(check),
    forgives: Forgives::Nothing,
    unforgiven_in_source: &[],
    role_cache: false,
};

/// The SDK checks this when it loads a profile, regardless of what it uses later: a role source needs a role, and only
/// one kind of source is allowed. The second rule is not checked for a source profile with keys.
fn check(rules: &Rules, profile: &Section, as_source: bool) -> Option<Mistake> {
    let kinds = [
        "source_profile",
        "credential_source",
        "credential_process",
        "web_identity_token_file",
    ];
    let named: Vec<_> = kinds
        .into_iter()
        .filter_map(|kind| Some((kind, rules.key(profile, kind)?)))
        .collect();
    let of_a_role = named.iter().find(|(kind, _)| *kind != "credential_process");
    if let Some((kind, value)) = of_a_role
        && rules.key(profile, "role_arn").is_none()
    {
        return Some(Mistake {
            code: Code::RoleArnMissing,
            message: format!("{kind} needs a role_arn"),
            value: (*value).clone(),
        });
    }
    if as_source && rules.whole_keys(profile) {
        return None;
    }
    match named.as_slice() {
        [(first, _), (second, value), ..] => Some(Mistake {
            code: Code::MultipleSources,
            message: format!("{second} beside {first}: only one is allowed in a profile"),
            value: (*value).clone(),
        }),
        _ => None,
    }
}
