//! `region`: set or unset the region.

use super::Output;
use crate::aws::{Env, env_identity};
use crate::cli::Region;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{Report, env_changes, region, resolve};
use crate::output::sanitize::Escaped;

pub(super) fn run(args: &Region, vars: &Env) -> Result<Output, Error> {
    if args.show {
        let ctx = Context::new(vars);
        let identity = resolve::active(&ctx, true);
        let region = match identity {
            Some(identity) => Report::new(identity, true, &ctx).region.map(|r| r.value),
            None => env_identity::region(vars).map(|(_, region)| region),
        };
        let region = region.unwrap_or_default();
        return Ok(Output::print(format!("{}\n", Escaped(&region))));
    }
    let name = args.region.as_deref().unwrap_or_default();
    let shell = super::evaluated_by(args.shell, format!("asr {name}").trim_end())?;
    let region = args.region.as_deref().filter(|r| !r.is_empty());
    if let Some(region) = region {
        region::check(region)?;
    }
    let statements = env_changes::region(region);
    Ok(Output::print(super::block(shell, &statements)?))
}
