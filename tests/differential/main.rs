//! awsbadge against the tools that it describes: the AWS CLI, botocore, the SDKs for JavaScript and Rust. A test
//! target of its own, since each of them takes minutes; `tests/it` has all other tests.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests are the world around the program: files, clock, environment and processes are theirs"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "clippy lets test functions panic, but not the helpers beside them"
)]

mod badge;
mod chain;
mod config;

#[path = "../it/support/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "the other tests use the rest of it"
)]
mod support;
