//! The SDK for Java v2: `DefaultCredentialsProvider`, and `ProfileCredentialsUtils` for the profile. Whatever goes
//! wrong in one provider, the next one is asked. Java's own system properties come before all of it, and can't be
//! seen from here.

use super::rules::{
    Again, Ask, Bytes, Empty, EnvKeyRules, Forgives, HalfKeys, Mfa, Missing, Needs, Off, Repeats,
    Role, Rules, Sso,
};
use super::rust::ANY_SSO_KEY;
use crate::aws::env_vars;
use crate::aws::grammar::Dialect;
use crate::aws::place::Reading;

pub(super) const RULES: Rules = Rules {
    dialect: Dialect::Sdk,
    places: Reading {
        variables: false,
        tilde: true,
        empty: true,
    },
    bytes: Bytes::Lossy,
    profile_vars: &[&env_vars::AWS_PROFILE],
    empty_profile: Empty::Counts,
    missing_profile: Missing::Skipped,
    region_vars: &[&env_vars::AWS_REGION],
    empty_region: Empty::Counts,
    region_of_source: false,
    chain: &[
        Ask::Env,
        Ask::EnvWebIdentity,
        Ask::WebIdentity,
        Ask::Sso,
        Ask::Role,
        Ask::Process,
        Ask::Keys,
        Ask::Container,
        Ask::Instance,
    ],
    source: &[
        Ask::WebIdentity,
        Ask::Sso,
        Ask::Role,
        Ask::Process,
        Ask::Keys,
    ],
    env: EnvKeyRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY],
        blank: Empty::Absent,
        half_stops: false,
        expiry: false,
        off: Off::Never,
    },
    empty_values: Empty::Counts,
    role: Role {
        web_identity_instead: true,
        both_stop: true,
        neither_stops: false,
        again: Again::Loop,
        any_key_of_source_first: false,
        any_case: true,
        on_top: false,
        mfa: Mfa::Ignored,
    },
    sso: Sso {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::SameInAnyCase,
        needs: Needs::All,
    },
    half_keys: HalfKeys::LoneIdOrTokenStops,
    check: None,
    forgives: Forgives::Everything,
    role_cache: false,
};
