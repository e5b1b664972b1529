//! One run of a program, and what came of it.

use super::{Home, PATIENCE};
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;

/// The program under test.
pub(crate) fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_awsbadge"))
}

/// A run that has not happened yet. Its environment is bare: `HOME`, `PATH`, `LANG=C.UTF-8` and what
/// [`Run::env`] adds; its directory is the home; its stdin is empty.
///
/// [`Run::check`] asserts stdout, stderr and exit code whole; where nothing else was said they are empty,
/// empty and 0. In both texts the home's path reads `$HOME`.
#[must_use = "nothing runs before `check` or `output`"]
pub(crate) struct Run<'h> {
    home: &'h Home,
    command: Command,
    stdin: Vec<u8>,
    stdout: String,
    stderr: String,
    code: i32,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Output {
    /// Bytes that are not UTF-8 read as U+FFFD; the home's path as `$HOME`.
    pub(crate) stdout: String,
    /// As `stdout`.
    pub(crate) stderr: String,
    /// The exit code, or 128 and the number of the signal, as shells say it.
    pub(crate) code: i32,
}

impl<'h> Run<'h> {
    /// Any program in a home.
    pub(crate) fn of(home: &'h Home, program: &Path) -> Self {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(home.environment())
            .current_dir(home.path());
        Self {
            home,
            command,
            stdin: Vec::new(),
            stdout: String::new(),
            stderr: String::new(),
            code: 0,
        }
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// What stdout has to be, whole.
    pub(crate) fn stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = text.into();
        self
    }

    /// What stderr has to be, whole.
    pub(crate) fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = text.into();
        self
    }

    /// What the exit code has to be.
    pub(crate) fn code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// Runs, and asserts stdout, stderr and exit code.
    #[track_caller]
    pub(crate) fn check(self) {
        let wanted = (self.stdout.clone(), self.stderr.clone(), self.code);
        let what = format!("{:?}", self.command);
        let Output {
            stdout,
            stderr,
            code,
        } = self.output();
        assert!(
            wanted == (stdout.clone(), stderr.clone(), code),
            "{what}\n--- stdout ---\n{stdout}--- stderr ---\n{stderr}--- code {code} ---\n\n\
             but wanted\n--- stdout ---\n{}--- stderr ---\n{}--- code {} ---\n",
            wanted.0,
            wanted.1,
            wanted.2,
        );
    }

    /// Runs, and hands over what came out, for a test that looks at a part of it.
    #[track_caller]
    pub(crate) fn output(mut self) -> Output {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{:?}: {error}", self.command));

        let mut stdin = child.stdin.take().unwrap();
        std::thread::spawn(move || {
            // A program that does not read its stdin closes it early, and that is its right.
            let _ = stdin.write_all(&self.stdin);
        });
        let stdout = read(child.stdout.take().unwrap());
        let stderr = read(child.stderr.take().unwrap());
        let (Ok(stdout), Ok(stderr)) =
            (stdout.recv_timeout(PATIENCE), stderr.recv_timeout(PATIENCE))
        else {
            let _ = child.kill();
            panic!("{:?}: still running after {PATIENCE:?}", self.command);
        };
        let status = child.wait().unwrap();
        Output {
            stdout: self.home.blur(&stdout),
            stderr: self.home.blur(&stderr),
            code: status
                .code()
                .unwrap_or_else(|| 128 + status.signal().unwrap()),
        }
    }
}

/// Everything that comes through a pipe, once it is closed.
fn read(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        // The test may have given up waiting.
        let _ = sender.send(bytes);
    });
    receiver
}

/// The commands in the text of `awsbadge --help`.
pub(crate) fn commands(help: &str) -> Vec<String> {
    let groups = help.split("Examples:").next().unwrap();
    let lines = groups.lines().filter_map(|line| line.strip_prefix("  "));
    let names = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    names
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}
