//! One test binary: the real program against a stand-in for IAM Identity Center. A file a subject.

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

mod by_hand;
mod check;
mod clock;
mod configure;
mod faults;
mod house;
mod installing;
mod listing;
mod login;
mod logout;
mod manual;
mod network;
mod paced;
mod picture;
mod populate;
mod populate_files;
mod process;
mod refresh;
mod rounds;
#[path = "../support/mod.rs"]
mod support;
mod surroundings;
mod whoami;
mod with_awsbadge;
