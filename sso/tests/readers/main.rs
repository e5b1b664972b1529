//! Other tools and the files that `awsbadge-sso` shares with them: the AWS CLI, boto3, the SDKs for JavaScript and
//! Rust read what we write, refresh what we got, and we read what they leave. And a real browser makes a login.
//!
//! What they need is installed into a directory of its own outside of the repository, once:
//! `$XDG_CACHE_HOME/awsbadge-tests`. What can't be installed is reported as `skipped: TEST: REASON`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests are the world around the program: files, clock, environment and processes are theirs"
)]
#![allow(
    clippy::print_stdout,
    reason = "figures and the number of faults that were tried"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "clippy lets test functions panic, but not the helpers beside them"
)]

mod aws_cli;
mod boto3;
mod chromium;
mod configure;
mod exchange;
mod install;
mod javascript;
mod populate;
mod race;
mod rust_sdk;
mod sts;
#[path = "../support/mod.rs"]
mod support;
