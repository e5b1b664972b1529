//! The role of an EC2 instance. The metadata service is never asked, because that would use the network.

use super::{Answer, Context, Found};
use crate::aws::chain::model::Provider;
use crate::aws::chain::rules::ImdsOff;
use crate::aws::env_vars;
use crate::aws::expiry::{Expiry, UnknownReason};

/// What turns the metadata service off.
pub(in crate::aws::chain) fn imds_off(ctx: &Context<'_>) -> Option<String> {
    let var = &env_vars::AWS_EC2_METADATA_DISABLED;
    let value = ctx.var(var)?;
    let off = match ctx.rules.imds_off {
        ImdsOff::NotFalse => !value.is_empty() && value != "false",
        ImdsOff::True => value.eq_ignore_ascii_case("true"),
    };
    off.then(|| format!("{var} is {value}"))
}

pub(in crate::aws::chain) fn answer(ctx: &Context<'_>) -> Answer {
    if let Some(why) = imds_off(ctx) {
        return Answer::Skip(why);
    }
    if ctx.inputs.host.is_ec2() {
        Found::new(
            Provider::Instance,
            None,
            Expiry::Unknown(UnknownReason::InstanceRole),
            "this is an EC2 instance; only its metadata service knows whether it has a role"
                .to_owned(),
        )
        .into()
    } else {
        Answer::Skip("this is not an EC2 instance".to_owned())
    }
}
