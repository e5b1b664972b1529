//! The SDK for JavaScript v3: `@aws-sdk/credential-provider-node`, and `-ini` for the profile.

use super::rust::ANY_SSO_KEY;
use crate::aws::chain::rules::{
    Again, Bytes, Empty, Entry, EnvRules, Forgives, HalfKeys, ImdsOff, Mfa, Missing, Needs, Off,
    Repeats, RoleRules, Rules, SsoRules,
};
use crate::aws::config::Dialect;
use crate::aws::env_vars;
use crate::aws::paths::Reading;
use crate::diagnostic::Code;

pub(in crate::aws::chain) const RULES: Rules = Rules {
    title: "the SDK for JavaScript",
    dialect: Dialect::Js,
    places: Reading {
        variables: false,
        tilde: false,
        empty: false,
    },
    bytes: Bytes::Lossy,
    reads_files_late: false,
    profile_vars: &[&env_vars::AWS_PROFILE],
    empty_profile: Empty::Absent,
    missing_profile: Missing::Skipped,
    region_vars: &[&env_vars::AWS_REGION],
    empty_region: Empty::Counts,
    region_of_source: false,
    chain: &[
        Entry::Env,
        Entry::Role,
        Entry::Keys,
        Entry::WebIdentity,
        Entry::Process,
        Entry::Sso,
        Entry::Login,
        Entry::ProcessAgain,
        Entry::EnvWebIdentity,
        Entry::Container,
        Entry::Instance,
    ],
    source: &[
        Entry::Keys,
        Entry::Role,
        Entry::NamedSource,
        Entry::WebIdentity,
        Entry::Process,
        Entry::Sso,
        Entry::Login,
    ],
    env: EnvRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY],
        blank: Empty::Counts,
        half_stops: false,
        expiry: true,
        off: Off::Named,
        empty: Empty::Absent,
        web_identity_needs_role: false,
    },
    empty_values: Empty::Absent,
    web_identity_needs_role: false,
    role: RoleRules {
        web_identity_instead: false,
        both_stop: false,
        neither_stops: false,
        again: Again::LoopAfterSecond,
        any_key_of_source_first: false,
        any_case: false,
        on_top: false,
        mfa: Mfa::StopsFirst,
        longest_chain: None,
    },
    sso: SsoRules {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::Ignored,
        needs: Needs::All,
        checks_region: false,
    },
    half_keys: HalfKeys::Skipped,
    process_without_shell: false,
    login_needs_crt: false,
    imds_off: ImdsOff::NotFalse,
    check: None,
    // Its provider errors say whether the next provider is tried; any other error ends the chain.
    forgives: Forgives::These(&[
        Code::ProfileNotFound,
        Code::SourceProfileNotFound,
        Code::SourceProfileWithoutCredentials,
        Code::SourceProfileLoop,
        Code::CredentialSourceUnknown,
        Code::CredentialSourceEmpty,
    ]),
    unforgiven_in_source: &[],
    role_cache: false,
};
