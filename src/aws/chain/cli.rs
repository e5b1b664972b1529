//! The AWS CLI v2: its own copy of botocore asks the variables the other way round, and keeps what roles give.

use super::botocore;
use super::rules::Rules;

pub(super) const RULES: Rules = Rules {
    profile_vars: &["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
    region_vars: &["AWS_REGION", "AWS_DEFAULT_REGION"],
    role_cache: true,
    ..botocore::RULES
};
