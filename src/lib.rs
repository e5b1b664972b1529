//! awsbadge: the active AWS profile, and how long its login lasts, in the shell prompt.
//!
//! ARCHITECTURE.md describes the modules. Dependencies go one way, which a test enforces: `main → commands → {identity,
//! aws_cli, shell_rc, sso_program, hook} → {context, badge, shells, sys, settings, output,
//! aws}`. All except `sys`, `context`, `shell_rc`, `aws_cli` and `sso_program` are pure: they get files, the
//! environment and the time as values.

pub mod aws;
pub(crate) mod aws_cli;
pub mod badge;
pub mod cli;
pub mod commands;
pub(crate) mod context;
pub mod diagnostic;
pub mod error;
pub(crate) mod hook;
pub(crate) mod identity;
pub(crate) mod nearest;
pub mod output;
pub mod picker;
pub mod settings;
pub(crate) mod shell_rc;
pub mod shells;
pub(crate) mod sso_program;
pub mod sys;
pub mod tool;
