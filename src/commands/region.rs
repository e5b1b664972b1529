//! `region`: set or unset the region.

use super::Output;
use crate::cli::Region;
use crate::error::Error;
use crate::identity::region;
use crate::shells::{self, Shell, Statement};

pub(super) fn run(args: &Region) -> Result<Output, Error> {
    let statements = match args.region.as_deref().filter(|r| !r.is_empty()) {
        None => vec![
            Statement::Unset("AWS_DEFAULT_REGION"),
            Statement::Unset("AWS_REGION"),
        ],
        Some(region) => {
            region::check(region)?;
            vec![
                Statement::Export("AWS_DEFAULT_REGION", region.into()),
                Statement::Export("AWS_REGION", region.into()),
            ]
        }
    };
    Ok(Output::print(shells::block(
        Shell::from(args.shell),
        &statements,
    )))
}
