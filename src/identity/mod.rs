//! Which identity is active and why. The badge, `status`, `list`, `login`, `export` and the others all use this module.
//! It follows the AWS CLI's credential chain and adds what the variables of other switchers say.

pub(crate) mod config_sets;
pub(crate) mod confirm;
pub(crate) mod directories;
pub(crate) mod env_changes;
pub(crate) mod login_target;
pub(crate) mod lookup;
pub(crate) mod region;
pub(crate) mod renewal;
pub(crate) mod report;
pub(crate) mod resolve;

pub(crate) use login_target::LoginTarget;
pub(crate) use report::Report;
pub(crate) use resolve::Identity;
