//! The protocol of IAM Identity Center, without I/O: requests to bytes, answers to values, addresses.

pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod endpoint;
pub(crate) mod listing;
pub(crate) mod metadata;
pub(crate) mod pkce;
pub(crate) mod request;
pub(crate) mod sigv4;
pub(crate) mod sts;
