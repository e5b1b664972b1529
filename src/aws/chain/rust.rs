//! The SDK for Rust: `default_provider/credentials.rs` and `profile/credentials/repr.rs` of aws-config.

use super::rules::{
    Again, Ask, Bytes, Empty, EnvKeyRules, Forgives, HalfKeys, Mfa, Missing, Needs, Off, Repeats,
    Role, Rules, Sso,
};
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
    bytes: Bytes::Empty,
    profile_vars: &[&env_vars::AWS_PROFILE],
    empty_profile: Empty::Counts,
    missing_profile: Missing::Skipped,
    region_vars: &[&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION],
    empty_region: Empty::Counts,
    region_of_source: true,
    chain: &[
        Ask::Env,
        Ask::Role,
        Ask::NamedSource,
        Ask::WebIdentity,
        Ask::Sso,
        Ask::Login,
        Ask::Process,
        Ask::Keys,
        Ask::EnvWebIdentity,
        Ask::Container,
        Ask::Instance,
    ],
    source: &[
        Ask::WholeKeys,
        Ask::Role,
        Ask::NamedSource,
        Ask::WebIdentity,
        Ask::Sso,
        Ask::Login,
        Ask::Process,
        Ask::Keys,
    ],
    env: EnvKeyRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[
            &env_vars::AWS_SECRET_ACCESS_KEY,
            &env_vars::SECRET_ACCESS_KEY,
        ],
        blank: Empty::Absent,
        half_stops: false,
        expiry: false,
        off: Off::Never,
    },
    empty_values: Empty::Counts,
    role: Role {
        web_identity_instead: true,
        both_stop: true,
        neither_stops: true,
        again: Again::LoopUnlessOwn,
        any_key_of_source_first: false,
        any_case: true,
        on_top: false,
        mfa: Mfa::Ignored,
    },
    sso: Sso {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::Forbidden,
        needs: Needs::AccountWithRole,
    },
    half_keys: HalfKeys::Stop,
    check: None,
    forgives: Forgives::These(&[
        "profile-not-found",
        "source-profile-not-found",
        "own-source-without-credentials",
        "sso-incomplete",
        "sso-token-only",
    ]),
    role_cache: false,
};

/// The keys that make an SSO profile to all but botocore.
pub(super) const ANY_SSO_KEY: &[&str] = &[
    "sso_session",
    "sso_start_url",
    "sso_region",
    "sso_account_id",
    "sso_role_name",
];
