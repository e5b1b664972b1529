//! One file a command: gather from the host, ask `aws` and `badge`, hand text to `shells`.

mod clear;
mod completions;
mod config;
mod console;
mod demo;
mod doctor;
mod exec;
mod explain;
mod export;
mod init;
mod list;
mod login;
mod logout;
mod look;
mod names;
mod pick;
mod prompt;
mod refresh;
mod region;
mod report;
mod settings;
mod setup;
mod share;
mod status;
mod switch;

use crate::aws::Env;
use crate::aws::chain::Tool;
use crate::cli::{Command, ShellName, ToolName};
use crate::error::{Error, code};
use crate::shells::Shell;

/// What a command has to say. A command that fails says nothing on standard output, so all of it is made before
/// any of it is printed.
#[derive(Debug, Default)]
pub struct Reply {
    /// For standard output.
    pub stdout: Vec<u8>,
    /// For standard error.
    pub stderr: String,
    /// The exit code.
    pub code: u8,
}

impl Reply {
    fn print(stdout: impl Into<Vec<u8>>) -> Self {
        Self {
            stdout: stdout.into(),
            stderr: String::new(),
            code: code::OK,
        }
    }
}

/// Runs a command in the environment `vars`.
///
/// # Errors
/// Whatever the command can't do; nothing is to be printed on standard output then.
pub fn run(command: Command, vars: &Env) -> Result<Reply, Error> {
    match command {
        Command::Refresh(args) => Ok(refresh::run(&args, vars)),
        Command::Prompt(args) => Ok(prompt::run(&args, vars)),
        Command::Names(args) => Ok(names::run(&args, vars)),
        Command::Init(args) => Ok(init::run(&args, vars)),
        Command::Use(args) => switch::run(&args, vars),
        Command::Clear(args) => Ok(clear::run(&args, vars)),
        Command::Region(args) => region::run(&args),
        Command::List(args) => list::run(&args, vars),
        Command::Status(args) => status::run(&args, vars),
        Command::Explain(args) => Ok(explain::run(&args, vars)),
        Command::Doctor(args) => Ok(doctor::run(&args, vars)),
        Command::Config(args) => config::run(&args, vars),
        Command::Login(args) => login::run(&args, vars),
        Command::Logout(args) => logout::run(&args, vars),
        Command::Exec(args) => exec::run(&args, vars),
        Command::Export(args) => export::run(&args, vars),
        Command::Console(args) => console::run(&args, vars),
        Command::Share(args) => share::run(&args, vars),
        Command::Settings(args) => settings::run(&args, vars),
        Command::Pick(args) => pick::run(&args, vars),
        Command::Completions(args) => Ok(completions::run(&args)),
        Command::Setup(args) => setup::run(&args, vars),
        Command::Demo(args) => demo::run(&args, vars),
    }
}

impl From<ShellName> for Shell {
    fn from(name: ShellName) -> Self {
        match name {
            ShellName::Zsh => Self::Zsh,
            ShellName::Bash => Self::Bash,
            ShellName::Fish => Self::Fish,
        }
    }
}

impl From<ToolName> for Tool {
    fn from(name: ToolName) -> Self {
        match name {
            ToolName::Cli => Self::Cli,
            ToolName::Boto3 => Self::Boto3,
            ToolName::Rust => Self::Rust,
            ToolName::Js => Self::Js,
            ToolName::Go => Self::Go,
            ToolName::Java => Self::Java,
        }
    }
}
