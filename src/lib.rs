//! awsbadge: the active AWS profile, and how long its login lasts, in the shell prompt.
//!
//! ARCHITECTURE.md describes the modules. Dependencies go one way, which a test enforces: `main → commands →
//! {identity, aws_cli, hook} → {context, badge, shells, sys, settings, output, aws}`. All but `sys` and `context` are
//! pure: files, the environment and the time come in as values.

pub mod aws;
pub mod aws_cli;
pub mod badge;
pub mod cli;
pub mod commands;
pub mod context;
pub mod diagnostic;
pub mod error;
pub mod hook;
pub mod identity;
pub mod output;
pub mod settings;
pub mod shells;
pub mod sys;
