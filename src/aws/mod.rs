//! The meaning of the AWS files, variables and caches. Pure: text and values in, values out.

pub mod cache;
pub mod chain;
pub mod config;
pub mod credentials;
pub mod env;
pub mod env_identity;
pub mod env_vars;
pub mod expiry;
pub mod paths;
pub mod portal;
pub mod regions;
pub mod shlex;
pub mod time;
pub mod token;

pub use env::Env;
pub use time::{Epoch, Seconds};
