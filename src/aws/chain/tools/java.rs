//! The SDK for Java v2: `DefaultCredentialsProvider`, and `ProfileCredentialsUtils` for the profile. After any error in
//! one provider, the next one is asked. Java's system properties take precedence over all of this, and cannot be seen
//! from outside.

use super::rust::ANY_SSO_KEY;
use crate::aws::chain::rules::{
    Again, Bytes, Empty, Entry, EnvRules, Forgives, HalfKeys, ImdsOff, Mfa, Missing, Needs, Off,
    Repeats, RoleRules, Rules, SsoRules,
};
use crate::aws::config::Dialect;
use crate::aws::env_vars;
use crate::aws::paths::Reading;

pub(in crate::aws::chain) const RULES: Rules = Rules {
    title: "the SDK for Java",
    dialect: Dialect::Sdk,
    places: Reading {
        variables: false,
        tilde: true,
        empty: true,
    },
    bytes: Bytes::Lossy,
    reads_files_late: true,
    profile_vars: &[&env_vars::AWS_PROFILE],
    empty_profile: Empty::Counts,
    missing_profile: Missing::Skipped,
    region_vars: &[&env_vars::AWS_REGION],
    empty_region: Empty::Counts,
    region_of_source: false,
    chain: &[
        Entry::Env,
        Entry::EnvWebIdentity,
        Entry::WebIdentity,
        Entry::Sso,
        Entry::Role,
        Entry::Process,
        Entry::Keys,
        Entry::Container,
        Entry::Instance,
    ],
    source: &[
        Entry::WebIdentity,
        Entry::Sso,
        Entry::Role,
        Entry::Process,
        Entry::Keys,
    ],
    env: EnvRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY],
        blank: Empty::Absent,
        half_stops: false,
        expiry: false,
        off: Off::Never,
        empty: Empty::Counts,
        web_identity_needs_role: false,
    },
    empty_values: Empty::Counts,
    web_identity_needs_role: false,
    role: RoleRules {
        web_identity_instead: true,
        both_stop: true,
        neither_stops: false,
        again: Again::Loop,
        any_key_of_source_first: false,
        any_case: true,
        on_top: false,
        mfa: Mfa::Ignored,
        longest_chain: None,
    },
    sso: SsoRules {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::SameInAnyCase,
        needs: Needs::All,
        checks_region: false,
    },
    half_keys: HalfKeys::LoneIdOrTokenStops,
    process_without_shell: false,
    login_needs_crt: false,
    imds_off: ImdsOff::True,
    check: None,
    forgives: Forgives::Everything,
    unforgiven_in_source: &[],
    role_cache: false,
};
