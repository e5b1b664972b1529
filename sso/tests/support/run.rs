//! One run of a program, and what came of it.

use super::{CANARY, Home, PATIENCE, StandIn};
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// The program under test.
pub(crate) fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_awsbadge-sso"))
}

/// A run that has not happened yet. Its environment is bare: `HOME`, `PATH`, `LANG=C.UTF-8` and what [`Run::env`]
/// adds; its directory is the home; its stdin is empty.
///
/// [`Run::check`] asserts stdout, stderr and exit code whole; what was not given is empty, empty and 0. In both
/// texts the home's path reads `$HOME`.
#[must_use = "nothing runs before `check`, `output` or `start`"]
pub(crate) struct Run<'h> {
    home: &'h Home,
    command: Command,
    stdin: Vec<u8>,
    stdout: String,
    stderr: String,
    code: i32,
    secrets: bool,
}

/// What a run left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// Bytes that are not UTF-8 read as U+FFFD; the home's path as `$HOME`.
    pub(crate) stdout: String,
    /// As `stdout`.
    pub(crate) stderr: String,
    /// The exit code, or 128 and the number of the signal, as shells have it.
    pub(crate) code: i32,
}

/// A program that runs. It is killed on drop.
pub(crate) struct Running<'h> {
    home: &'h Home,
    child: Child,
    stdout: Stream,
    stderr: Stream,
    what: String,
    secrets: bool,
}

/// What came through a pipe so far, and whether it has ended.
type Stream = Arc<Mutex<(Vec<u8>, bool)>>;

impl<'h> Run<'h> {
    pub(super) fn new(home: &'h Home, program: &Path) -> Self {
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
            secrets: false,
        }
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// The program under test as an argument, for a wrapper.
    pub(crate) fn arg_binary(mut self) -> Self {
        self.command.arg(binary());
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

    /// Leads it to the stand-in.
    pub(crate) fn at(self, server: &StandIn) -> Self {
        server
            .variables()
            .into_iter()
            .fold(self, |run, (name, value)| run.env(name, value))
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Lets it print secrets to stdout. Otherwise a secret of the stand-in in any output fails the test.
    pub(crate) fn may_print_secrets(mut self) -> Self {
        self.secrets = true;
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
        let wanted = Output {
            stdout: self.stdout.clone(),
            stderr: self.stderr.clone(),
            code: self.code,
        };
        let what = format!("{:?}", self.command);
        let output = self.output();
        assert!(
            output == wanted,
            "{what}\n{}\nbut wanted\n{}",
            output.show(),
            wanted.show()
        );
    }

    /// Runs, and returns what came out.
    #[track_caller]
    pub(crate) fn output(self) -> Output {
        self.start().wait()
    }

    /// Starts it, and returns while it runs.
    #[track_caller]
    pub(crate) fn start(mut self) -> Running<'h> {
        let what = format!("{:?}", self.command);
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut stdin = child.stdin.take().unwrap();
        // A program that does not read its stdin may close it early.
        let _ = stdin.write_all(&self.stdin);
        Running {
            home: self.home,
            stdout: read(child.stdout.take().unwrap()),
            stderr: read(child.stderr.take().unwrap()),
            child,
            what,
            secrets: self.secrets,
        }
    }
}

impl Running<'_> {
    /// Waits for its end.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Output {
        let ended = |stream: &Stream| stream.lock().unwrap().1;
        super::until(|| (ended(&self.stdout) && ended(&self.stderr)).then_some(())).unwrap_or_else(
            || {
                panic!(
                    "{}: still running after {PATIENCE:?}: {}",
                    self.what,
                    self.show()
                );
            },
        );
        let status = self.child.wait().unwrap();
        let text = |stream: &Stream| self.home.blur(&stream.lock().unwrap().0);
        let output = Output {
            stdout: text(&self.stdout),
            stderr: text(&self.stderr),
            code: status
                .code()
                .unwrap_or_else(|| 128 + status.signal().unwrap()),
        };
        let revealed =
            output.stderr.contains(CANARY) || output.stdout.contains(CANARY) && !self.secrets;
        assert!(
            !revealed,
            "{}: a secret was printed:\n{}",
            self.what,
            output.show()
        );
        output
    }

    /// Waits until stdout holds `text`, and returns what it holds.
    #[track_caller]
    pub(crate) fn wait_for_stdout(&self, text: &str) -> String {
        self.wait_for(&self.stdout, text)
    }

    /// Waits until stderr holds `text`, and returns what it holds.
    #[track_caller]
    pub(crate) fn wait_for_stderr(&self, text: &str) -> String {
        self.wait_for(&self.stderr, text)
    }

    #[track_caller]
    fn wait_for(&self, stream: &Stream, text: &str) -> String {
        let look = || {
            let (bytes, ended) = &*stream.lock().unwrap();
            let held = self.home.blur(bytes);
            (held.contains(text) || *ended).then_some(held)
        };
        let held = super::until(look).unwrap_or_default();
        assert!(
            held.contains(text),
            "{}: no {text:?}:\n{}",
            self.what,
            self.show()
        );
        held
    }

    /// Its process.
    pub(crate) fn id(&self) -> nix::unistd::Pid {
        nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap())
    }

    pub(crate) fn signal(&self, signal: nix::sys::signal::Signal) {
        nix::sys::signal::kill(self.id(), signal).unwrap();
    }

    /// Whether it has ended.
    pub(crate) fn ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    fn show(&self) -> String {
        let text = |stream: &Stream| self.home.blur(&stream.lock().unwrap().0);
        format!(
            "--- stdout ---\n{}--- stderr ---\n{}",
            text(&self.stdout),
            text(&self.stderr)
        )
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Output {
    pub(crate) fn show(&self) -> String {
        let Self {
            stdout,
            stderr,
            code,
        } = self;
        format!("--- stdout ---\n{stdout}--- stderr ---\n{stderr}--- code {code} ---")
    }

    /// `error.code` of a run with `--json`, from the last line of stderr.
    #[track_caller]
    pub(crate) fn error_code(&self) -> String {
        self.error()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The object `error` of a run with `--json`, from the last line of stderr.
    #[track_caller]
    pub(crate) fn error(&self) -> serde_json::Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let mut error: serde_json::Value = serde_json::from_str(last)
            .unwrap_or_else(|_| panic!("no error object:\n{}", self.show()));
        error["error"].take()
    }

    /// stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}:\n{}", self.show()))
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}", self.show());
        self
    }
}

/// Reads a pipe to its end, beside the test.
fn read(mut pipe: impl Read + Send + 'static) -> Stream {
    let stream = Stream::default();
    let written = Arc::clone(&stream);
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            written.lock().unwrap().0.extend(&buffer[..count]);
        }
        written.lock().unwrap().1 = true;
    });
    stream
}
