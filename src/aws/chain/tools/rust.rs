//! The SDK for Rust: `default_provider/credentials.rs` and `profile/credentials/repr.rs` of aws-config.

use crate::aws::chain::rules::{
    Again, Bytes, Empty, Entry, EnvRules, Forgives, HalfKeys, ImdsOff, Mfa, Missing, Needs, Off,
    Repeats, RoleRules, Rules, SsoRules,
};
use crate::aws::config::Dialect;
use crate::aws::env_vars;
use crate::aws::paths::Reading;
use crate::diagnostic::Code;

pub(in crate::aws::chain) const RULES: Rules = Rules {
    title: "the SDK for Rust",
    dialect: Dialect::Sdk,
    places: Reading {
        variables: false,
        tilde: true,
        empty: true,
    },
    bytes: Bytes::Empty,
    reads_files_late: true,
    profile_vars: &[&env_vars::AWS_PROFILE],
    empty_profile: Empty::Counts,
    missing_profile: Missing::Skipped,
    region_vars: &[&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION],
    empty_region: Empty::Counts,
    region_of_source: true,
    chain: &[
        Entry::Env,
        Entry::Role,
        Entry::NamedSource,
        Entry::WebIdentity,
        Entry::Sso,
        Entry::Login,
        Entry::Process,
        Entry::Keys,
        Entry::EnvWebIdentity,
        Entry::Container,
        Entry::Instance,
    ],
    source: &[
        Entry::WholeKeys,
        Entry::Role,
        Entry::NamedSource,
        Entry::WebIdentity,
        Entry::Sso,
        Entry::Login,
        Entry::Process,
        Entry::Keys,
    ],
    env: EnvRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[
            &env_vars::AWS_SECRET_ACCESS_KEY,
            &env_vars::SECRET_ACCESS_KEY,
        ],
        blank: Empty::Absent,
        half_stops: false,
        expiry: false,
        off: Off::Never,
        empty: Empty::Counts,
        web_identity_needs_role: false,
    },
    empty_values: Empty::Counts,
    web_identity_needs_role: true,
    role: RoleRules {
        web_identity_instead: true,
        both_stop: true,
        neither_stops: true,
        again: Again::LoopUnlessOwn,
        any_key_of_source_first: false,
        any_case: true,
        on_top: false,
        mfa: Mfa::Ignored,
        longest_chain: None,
    },
    sso: SsoRules {
        triggers: ANY_SSO_KEY,
        repeats: Repeats::Forbidden,
        needs: Needs::AccountWithRole,
        checks_region: false,
    },
    half_keys: HalfKeys::Stop,
    process_without_shell: false,
    login_needs_crt: false,
    imds_off: ImdsOff::True,
    check: None,
    forgives: Forgives::These(&[
        Code::ProfileNotFound,
        Code::SourceProfileNotFound,
        Code::SelfSourceWithoutCredentials,
        Code::SsoIncomplete,
        Code::SsoTokenOnly,
    ]),
    unforgiven_in_source: &[Code::SsoIncomplete],
    role_cache: false,
};

/// Any of these keys makes an SSO profile, except in botocore.
pub(super) const ANY_SSO_KEY: &[&str] = &[
    "sso_session",
    "sso_start_url",
    "sso_region",
    "sso_account_id",
    "sso_role_name",
];
