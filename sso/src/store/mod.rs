//! Tokens, registrations and role credentials in the caches that all tools share, the config file, and the locks
//! over them.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where files are written"
)]

pub(crate) mod config;
mod file;
pub(crate) mod lock;
pub(crate) mod registration;
pub(crate) mod roles;
pub(crate) mod token;
pub(crate) mod undo;

pub(crate) use file::{names_in, remove};
