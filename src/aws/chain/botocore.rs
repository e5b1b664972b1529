//! botocore's chain, which the AWS CLI and boto3 share: `create_credential_resolver` in its `credentials.py`.

use super::rules::{
    Again, Ask, Bytes, Empty, EnvKeyRules, Forgives, HalfKeys, Mfa, Missing, Needs, Off, Repeats,
    Role, Rules, Sso,
};
use crate::aws::env_vars;
use crate::aws::grammar::{Dialect, FileKind};
use crate::aws::place::Reading;

/// All but what the two disagree on, which stands here as boto3 has it.
pub(super) const RULES: Rules = Rules {
    dialect: Dialect::Botocore,
    places: Reading::BOTOCORE,
    bytes: Bytes::Refused,
    profile_vars: &[&env_vars::AWS_DEFAULT_PROFILE, &env_vars::AWS_PROFILE],
    empty_profile: Empty::Counts,
    missing_profile: Missing::Stops,
    region_vars: &[&env_vars::AWS_DEFAULT_REGION],
    empty_region: Empty::Counts,
    region_of_source: false,
    chain: &[
        Ask::Env,
        Ask::Role,
        Ask::MixedWebIdentity,
        Ask::Sso,
        Ask::KeysIn(FileKind::Credentials),
        Ask::Login,
        Ask::Process,
        Ask::KeysIn(FileKind::Config),
        Ask::Ec2File,
        Ask::BotoConfig,
        Ask::Container,
        Ask::Instance,
    ],
    source: &[
        Ask::Role,
        Ask::WebIdentity,
        Ask::Sso,
        Ask::KeysIn(FileKind::Credentials),
        Ask::Login,
        Ask::Process,
        Ask::KeysIn(FileKind::Config),
    ],
    env: EnvKeyRules {
        ids: &[&env_vars::AWS_ACCESS_KEY_ID],
        secrets: &[&env_vars::AWS_SECRET_ACCESS_KEY],
        blank: Empty::Counts,
        half_stops: true,
        expiry: true,
        off: Off::Explicit,
    },
    empty_values: Empty::Counts,
    role: Role {
        web_identity_instead: true,
        both_stop: true,
        neither_stops: true,
        again: Again::LoopUnlessOwnKey,
        any_key_of_source_first: true,
        any_case: false,
        on_top: false,
        mfa: Mfa::Asked,
    },
    sso: Sso {
        triggers: &["sso_role_name", "sso_account_id"],
        repeats: Repeats::Same,
        needs: Needs::All,
    },
    half_keys: HalfKeys::LoneIdStops,
    check: None,
    forgives: Forgives::Nothing,
    role_cache: false,
};
