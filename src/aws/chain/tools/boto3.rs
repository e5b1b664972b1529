//! boto3: botocore without changes.

use super::botocore;
use crate::aws::chain::rules::Rules;

pub(in crate::aws::chain) const RULES: Rules = botocore::RULES;
