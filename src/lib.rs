//! awsbadge: who you are in AWS, and until when.
//!
//! The rooms, and the arrows between them (held by a test): `main → cmd → {aws, badge, shells, host}`,
//! `badge → aws`. `aws`, `badge` and `shells` are pure: files, environment and clock come in as values.

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
