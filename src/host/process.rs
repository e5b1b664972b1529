//! Other programs: found on the `PATH` without its traps, and run.

use crate::aws::Vars;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The program `name` on the `PATH`, skipping parts that are empty or relative: those would run whatever lies in
/// the working directory.
#[must_use]
pub fn find(name: &str, vars: &Vars) -> Option<PathBuf> {
    std::env::split_paths(vars.raw("PATH")?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| {
            std::fs::metadata(path)
                .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
        })
}

/// What a program printed, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The exit code, 128 and the signal's number where a signal ended it.
    pub code: i32,
}

fn command(program: &PathBuf, args: &[&str], vars: &Vars) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(vars.iter());
    command
}

fn code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// Runs a program to its end with the environment `vars` and no input, and collects what it prints.
///
/// # Errors
/// Where it can't be started.
pub fn output(program: &PathBuf, args: &[&str], vars: &Vars) -> io::Result<Ended> {
    let output = command(program, args, vars).stdin(Stdio::null()).output()?;
    Ok(Ended {
        stdout: output.stdout,
        stderr: output.stderr,
        code: code(output.status),
    })
}

/// Runs a program on this terminal, to its end.
///
/// # Errors
/// Where it can't be started.
pub fn interact(program: &PathBuf, args: &[&str], vars: &Vars) -> io::Result<i32> {
    Ok(code(command(program, args, vars).status()?))
}
