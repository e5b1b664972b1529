//! botocore's chain, which the AWS CLI and boto3 share: `create_credential_resolver` in its `credentials.py`.

use crate::aws::chain::rules::{
    Again, Bytes, Empty, Entry, EnvRules, Forgives, HalfKeys, ImdsOff, Mfa, Missing, Needs, Off,
    Repeats, RoleRules, Rules, SsoRules,
};
use crate::aws::config::{Dialect, FileKind};
use crate::aws::env_vars;
use crate::aws::paths::Reading;

/// The rules, with boto3's values where boto3 and the AWS CLI differ.
pub(in crate::aws::chain) const RULES: Rules = Rules {
    title: "boto3",
    dialect: Dialect::Botocore,
    places: Reading::BOTOCORE,
    bytes: Bytes::Refused,
    reads_files_late: false,
    profile_vars: &[&env_vars::AWS_DEFAULT_PROFILE, &env_vars::AWS_PROFILE],
    empty_profile: Empty::Counts,
    missing_profile: Missing::Stops,
    region_vars: &[&env_vars::AWS_DEFAULT_REGION],
    empty_region: Empty::Counts,
    region_of_source: false,
    chain: &[
        Entry::Env,
        Entry::Role,
        Entry::MixedWebIdentity,
        Entry::Sso,
        Entry::KeysIn(FileKind::Credentials),
        Entry::Login,
        Entry::Process,
        Entry::KeysIn(FileKind::Config),
        Entry::Ec2File,
        Entry::BotoConfig,
        Entry::Container,
        Entry::Instance,
    ],
    source: &[
        Entry::Role,
        Entry::WebIdentity,
        Entry::Sso,
        Entry::KeysIn(FileKind::Credentials),
        Entry::Login,
        Entry::Process,
        Entry::KeysIn(FileKind::Config),
    ],
    env: EnvRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY],
        blank: Empty::Counts,
        half_stops: true,
        expiry: true,
        off: Off::Explicit,
        empty: Empty::Counts,
        web_identity_needs_role: false,
    },
    empty_values: Empty::Counts,
    web_identity_needs_role: true,
    role: RoleRules {
        web_identity_instead: true,
        both_stop: true,
        neither_stops: true,
        again: Again::LoopUnlessOwnKey,
        any_key_of_source_first: true,
        any_case: false,
        on_top: false,
        mfa: Mfa::Asked,
        // boto3 1.43 raises a RecursionError between 300 and 330.
        longest_chain: Some(300),
    },
    sso: SsoRules {
        triggers: &["sso_role_name", "sso_account_id"],
        repeats: Repeats::Same,
        needs: Needs::All,
        checks_region: true,
    },
    half_keys: HalfKeys::LoneIdStops,
    process_without_shell: true,
    login_needs_crt: true,
    imds_off: ImdsOff::True,
    check: None,
    forgives: Forgives::Nothing,
    unforgiven_in_source: &[],
    role_cache: false,
};
