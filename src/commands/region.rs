//! `region`: set or unset the region.

use super::Output;
use crate::aws::regions;
use crate::cli::Region;
use crate::error::Error;
use crate::output::sanitize::Visible;
use crate::shells::{self, Shell, Statement};

pub(super) fn run(args: &Region) -> Result<Output, Error> {
    let statements = match args.region.as_deref().filter(|r| !r.is_empty()) {
        None => vec![
            Statement::Unset("AWS_DEFAULT_REGION"),
            Statement::Unset("AWS_REGION"),
        ],
        Some(region) => {
            check(region)?;
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

/// Refuses what no partition would call a region: it ends up in host names.
pub(super) fn check(region: &str) -> Result<(), Error> {
    if regions::is_region(region) {
        return Ok(());
    }
    let near = crate::identity::lookup::nearest(region, regions::ALL.iter().map(|r| r.name));
    Err(Error::General {
        message: format!("no region is called '{}'", Visible(region)),
        next: match near.as_slice() {
            [] => "Regions look like eu-west-1; TAB behind `asr` lists them.".to_owned(),
            near => format!("Did you mean: {}?", near.join(", ")),
        },
    })
}
