//! Tokens, registrations and role credentials in the caches that all tools share, and the locks over them.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where files are written"
)]

mod file;
pub(crate) mod lock;
pub(crate) mod registration;
pub(crate) mod roles;
pub(crate) mod token;

pub(crate) use file::{names_in, remove};
