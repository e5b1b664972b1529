//! Checks a region that a user types.

use crate::aws::regions;
use crate::error::Error;
use crate::nearest::nearest;
use crate::output::one_of;
use crate::output::sanitize::Escaped;

/// Refuses a name that is not a region in any partition, because it becomes part of host names.
///
/// # Errors
/// [`Error::General`], with the most similar names.
pub(crate) fn check(region: &str) -> Result<(), Error> {
    if regions::is_region(region) {
        return Ok(());
    }
    let near = nearest(region, regions::ALL.iter().map(|r| r.name));
    Err(Error::General {
        message: format!("unknown region '{}'", Escaped(region)),
        hint: match near.as_slice() {
            [] => "press Tab after `asr` to list the regions".to_owned(),
            near => format!("did you mean {}?", one_of(near)),
        },
    })
}
