//! One test binary: the real program in real shells in real terminals. A file a subject.

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

mod completions;
mod end_to_end;
mod house;
mod names;
mod real_aws;
#[allow(
    dead_code,
    unused_imports,
    reason = "a test file uses the part that it needs"
)]
mod support;
mod themes;
