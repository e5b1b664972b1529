//! What AWS's files, variables and caches mean. Pure: text and values in, values out.

pub mod cache;
pub mod chain;
pub mod credentials;
pub mod env;
pub mod env_vars;
pub mod grammar;
pub mod life;
pub mod place;
pub mod portal;
pub mod regions;
pub mod select;
pub mod source;
pub mod time;
pub mod token;

pub use env::Env;
pub use time::{Epoch, Seconds};
