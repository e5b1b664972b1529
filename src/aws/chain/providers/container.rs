//! The credential endpoint of a container.

use super::{Answer, Context, Found};
use crate::aws::chain::model::Provider;
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::expiry::{Expiry, RenewedBy};

/// The variables that name the endpoint, the first one first.
pub(in crate::aws::chain) static VARS: [&EnvVar; 2] = [
    &env_vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
    &env_vars::AWS_CONTAINER_CREDENTIALS_FULL_URI,
];

pub(in crate::aws::chain) fn answer(ctx: &Context<'_>) -> Answer {
    match VARS.iter().find(|var| ctx.is_set(var)) {
        Some(var) => Found::new(
            Provider::Container,
            None,
            Expiry::RenewedBy(RenewedBy::Container),
            format!("{var} is set"),
        )
        .into(),
        None => Answer::Skip(format!("neither {} nor {} is set", VARS[0], VARS[1])),
    }
}
