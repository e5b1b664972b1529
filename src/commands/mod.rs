//! One file per command: reads the context, calls `aws` and `badge`, and passes text to `shells`.

mod clear;
mod complete;
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
mod manual;
mod pick;
mod prompt;
mod refresh;
mod region;
mod sessions;
mod settings;
mod setup;
mod share;
mod sso;
mod status;
mod switch;
mod usage;

pub use manual::manual;

use crate::aws::Env;
use crate::aws::chain::Tool;
use crate::cli::{Command, ShellName, ToolName};
use crate::error::{Error, code};
use crate::identity::config_sets;
use crate::output::sanitize::visible_bytes;
use crate::shells::{self, Shell, Statement};
use crate::sys::{self, fs, process};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// The output of a command. A command that fails prints nothing on standard output, so the output is complete before it
/// is printed.
#[derive(Debug, Default)]
pub struct Output {
    /// For standard output.
    pub stdout: Vec<u8>,
    /// For standard error.
    pub stderr: String,
    /// The exit code.
    pub code: u8,
}

impl Output {
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
/// The command's error; print nothing on standard output then.
pub fn run(command: Command, vars: &Env) -> Result<Output, Error> {
    let within = |vars, config: &Option<String>| config_sets::environment(vars, config.as_deref());
    match command {
        Command::Refresh(args) => Ok(refresh::run(&args, vars)),
        Command::Prompt(args) => Ok(prompt::run(&args, vars)),
        Command::Names(args) => Ok(complete::run(&args, vars)),
        Command::Init(args) => init::run(&args, vars),
        Command::Use(args) => switch::run(&args, vars),
        Command::Clear(args) => clear::run(&args, vars),
        Command::Region(args) => region::run(&args, vars),
        Command::List(args) => list::run(&args, vars),
        Command::Status(args) => status::run(&args, vars),
        Command::Whoami(args) => sso::run("whoami", &args.words, vars),
        Command::Configure(args) => sso::run("configure", &args.words, vars),
        Command::Populate(args) => sso::run("populate", &args.words, vars),
        Command::Accounts(args) => sso::run("accounts", &args.words, vars),
        Command::Roles(args) => sso::run("roles", &args.words, vars),
        Command::Sessions(args) => sessions::run(&args, vars),
        Command::Explain(args) => explain::run(&args, vars),
        Command::Doctor(args) => doctor::run(&args, vars),
        Command::Config(args) => config::run(&args, vars),
        Command::Login(args) => login::run(&args, within(vars, &args.config)?.as_ref()),
        Command::Logout(args) => logout::run(&args, vars),
        Command::Exec(args) => exec::run(&args, vars),
        Command::Export(args) => export::run(&args, vars),
        Command::Console(args) => console::run(&args, vars),
        Command::Share(args) => share::run(&args, vars),
        Command::Settings(args) => settings::run(&args, vars),
        Command::Pick(args) => pick::run(&args, within(vars, &args.config)?.as_ref()),
        Command::FunctionHelp(args) => Ok(usage::run(&args)),
        Command::Completions(args) => Ok(completions::run(&args)),
        Command::Setup(args) => setup::run(&args, vars),
        Command::Demo(args) => demo::run(&args, vars),
    }
}

/// The name of a profile or session as typed. It is never changed, because another name may be another profile.
///
/// # Errors
/// [`Error::Refused`] if it is not UTF-8: the AWS tools refuse files with such names.
fn typed(name: &OsStr) -> Result<&str, Error> {
    name.to_str().ok_or_else(|| Error::Refused {
        message: format!("the name '{}' is not UTF-8", visible_bytes(name.as_bytes())),
        hint: "rename the profile; AWS's tools refuse files with such names".to_owned(),
    })
}

/// The shell that will evaluate the statements. Without one, they would only be shown.
///
/// # Errors
/// [`Error::Usage`], with the function to use instead.
fn evaluated_by(shell: Option<ShellName>, instead: &str) -> Result<Shell, Error> {
    shell.map(Shell::from).ok_or_else(|| Error::Usage {
        message: "this prints statements for a shell to evaluate, and changes nothing by itself"
            .to_owned(),
        hint: format!(
            "run `{instead}`, which `awsbadge setup` adds to your shell; in a script, add --shell"
        ),
    })
}

/// The statements as a block for `shell`.
///
/// # Errors
/// [`Error::Refused`] if the shell's format can't hold a value.
fn block(shell: Shell, statements: &[Statement]) -> Result<Vec<u8>, Error> {
    shells::block(shell, statements).map_err(|name| Error::Refused {
        message: format!("the value of {name} is not UTF-8"),
        hint: String::new(),
    })
}

/// Logs in to the profile if that is needed, with `awsbadge login`, which says itself what went wrong. Returns its exit
/// code.
///
/// # Errors
/// [`Error::General`] if it can't be started.
fn log_in(profile: &str, vars: &Env) -> Result<i32, Error> {
    let words = ["login", "--", profile];
    process::run_to_stderr(&sys::program(vars), &words, vars).map_err(|e| Error::General {
        message: format!("awsbadge can't start itself: {}", fs::reason(&e)),
        hint: String::new(),
    })
}

/// [`typed`], for an optional name.
fn typed_if_any(name: Option<&OsString>) -> Result<Option<&str>, Error> {
    name.map(|name| typed(name)).transpose()
}

impl From<ShellName> for Shell {
    fn from(name: ShellName) -> Self {
        match name {
            ShellName::Zsh => Self::Zsh,
            ShellName::Bash => Self::Bash,
            ShellName::Fish => Self::Fish,
            ShellName::Nushell => Self::Nushell,
            ShellName::Elvish => Self::Elvish,
            ShellName::Plain => Self::Plain,
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

#[cfg(test)]
mod tests {
    use crate::output::json::pretty;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn json_shows_what_acts_on_a_terminal_by_its_number() {
        let text = "\x1b\x7f\u{9b}\u{202e}\u{200b}\u{e0041}\u{2028}é東🚀\n\t\"";
        let want = "{\n  \"a\": \"\\u001b\\u007f\\u009b\\u202e\\u200b\\udb40\\udc41\\u2028é東🚀\\n\\t\\\"\"\n}\n";
        assert_eq!(pretty(&json!({ "a": text })), want);
    }

    proptest! {
        #[test]
        fn json_reads_back_as_it_was(key in any::<String>(), value in any::<String>()) {
            let object = json!({ key: [value] });
            let text = pretty(&object);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), object);
        }
    }
}
