//! The only sockets: requests to the service, and the listener that a browser comes back to.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where sockets and certificate files are opened"
)]

pub(crate) mod callback;
pub(crate) mod client;
pub(crate) mod pace;
pub(crate) mod proxy;
mod roots;
mod trouble;

pub(crate) use client::{Client, Failed};
