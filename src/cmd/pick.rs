//! x
use super::Reply;
use crate::aws::Vars;
use crate::error::Error;
pub(super) fn run(_a: &crate::cli::Pick, _v: &Vars) -> Result<Reply, Error> {
    Ok(Reply::default())
}
