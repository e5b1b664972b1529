//! The AWS CLI v2: its copy of botocore reads the profile variables in the other order, and caches role credentials.

use super::botocore;
use crate::aws::chain::rules::Rules;
use crate::aws::env_vars;

pub(in crate::aws::chain) const RULES: Rules = Rules {
    title: "the AWS CLI",
    profile_vars: &[&env_vars::AWS_PROFILE, &env_vars::AWS_DEFAULT_PROFILE],
    region_vars: &[&env_vars::AWS_REGION, &env_vars::AWS_DEFAULT_REGION],
    role_cache: true,
    login_needs_crt: false,
    ..botocore::RULES
};
