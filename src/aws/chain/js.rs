//! The SDK for JavaScript v3: `@aws-sdk/credential-provider-node`, and `-ini` for the profile.

use super::rules::{
    Again, Ask, Bytes, Empty, EnvKeyRules, Forgives, HalfKeys, Mfa, Missing, Needs, Off, Repeats,
    Role, Rules, Sso,
};
use super::rust::ANY_SSO_KEY;
use crate::aws::env_vars;
use crate::aws::grammar::Dialect;
use crate::aws::place::Reading;

pub(super) const RULES: Rules = Rules {
    dialect: Dialect::Js,
    places: Reading {
        variables: false,
        tilde: false,
        empty: false,
    },
    bytes: Bytes::Lossy,
    profile_vars: &[&env_vars::AWS_PROFILE],
    empty_profile: Empty::Absent,
    missing_profile: Missing::Skipped,
    region_vars: &[&env_vars::AWS_REGION],
    empty_region: Empty::Counts,
    region_of_source: false,
    chain: &[
        Ask::Env,
        Ask::Role,
        Ask::Keys,
        Ask::WebIdentity,
        Ask::Process,
        Ask::Sso,
        Ask::Login,
        Ask::ProcessAgain,
        Ask::EnvWebIdentity,
        Ask::Container,
        Ask::Instance,
    ],
    source: &[
        Ask::Keys,
        Ask::Role,
        Ask::NamedSource,
        Ask::WebIdentity,
        Ask::Process,
        Ask::Sso,
        Ask::Login,
    ],
    env: EnvKeyRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY],
        blank: Empty::Counts,
        half_stops: false,
        expiry: true,
        off: Off::Named,
    },
    empty_values: Empty::Absent,
    role: Role {
        web_identity_instead: false,
        both_stop: false,
        neither_stops: false,
        again: Again::LoopAfterSecond,
        any_key_of_source_first: false,
        any_case: false,
        on_top: false,
        mfa: Mfa::StopsFirst,
    },
    sso: Sso {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::Ignored,
        needs: Needs::All,
    },
    half_keys: HalfKeys::Skipped,
    check: None,
    // Its provider errors say whether the next one is tried; what is no provider error ends it all.
    forgives: Forgives::These(&[
        "profile-not-found",
        "source-profile-not-found",
        "source-profile-without-credentials",
        "source-profile-loop",
        "credential-source-unknown",
        "credential-source-empty",
    ]),
    role_cache: false,
};
