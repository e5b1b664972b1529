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

mod attributes;
mod bad_input;
mod building;
mod commands;
mod completions;
mod config_sets;
mod directories;
mod doctor;
mod end_to_end;
mod everyday;
mod explain;
mod faults;
mod hook_changes;
mod hook_completion;
mod hook_cost;
mod hook_functions;
mod hook_guest;
mod hook_prompt;
mod hook_repair;
mod hook_stub;
mod hook_tab_again;
mod hook_truth;
mod hook_warn;
mod house;
mod login;
mod login_native;
mod login_stand_in;
mod man;
mod more_shells;
mod names;
mod omz;
mod plugins;
mod posix_shells;
mod quoting;
mod readme;
mod real_aws;
mod renewal;
mod screens;
mod settings;
mod setup;
mod signals;
mod snapshots;
mod sso_commands;
mod support;
mod support_tests;
mod themes;
mod traces;
mod typed;
mod writers;

/// What the command line of awsbadge-sso, which `man` includes, uses of its own package.
use man::library;
