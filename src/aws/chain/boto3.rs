//! boto3: botocore as it is.

use super::botocore;
use super::rules::Rules;

pub(super) const RULES: Rules = botocore::RULES;
