//! The name of a region, as a person types it.

use crate::aws::regions;
use crate::error::Error;
use crate::nearest::nearest;
use crate::output::one_of;
use crate::output::sanitize::Escaped;

/// Refuses what no partition would call a region: it ends up in host names.
///
/// # Errors
/// [`Error::General`], with the nearest names.
pub(crate) fn check(region: &str) -> Result<(), Error> {
    if regions::is_region(region) {
        return Ok(());
    }
    let near = nearest(region, regions::ALL.iter().map(|r| r.name));
    Err(Error::General {
        message: format!("no region is called '{}'", Escaped(region)),
        hint: match near.as_slice() {
            [] => "press Tab after `asr` to list the regions".to_owned(),
            near => format!("did you mean {}?", one_of(near)),
        },
    })
}
