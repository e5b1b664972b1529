//! Which identity is active and why: what the badge, `status`, `list`, `login`, `export` and the rest agree on. It asks
//! the AWS CLI's credential chain, and adds what other switchers' variables say.

pub mod confirm;
pub mod env_changes;
pub mod login_target;
pub mod lookup;
pub mod region;
pub mod report;
pub mod resolve;

pub use login_target::LoginTarget;
pub use report::Report;
pub use resolve::{Identity, Status};
