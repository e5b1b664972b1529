//! Programs under strace: which calls they make, and what becomes of them when one fails, is hit by a signal or takes
//! its time.

use super::{Home, binary};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// Follows awsbadge and what it starts. The trace lies beside the home, not in it.
pub(crate) struct Strace {
    words: Vec<OsString>,
    trace: PathBuf,
}

impl Strace {
    pub(crate) const PROGRAM: &'static str = "/usr/bin/strace";

    /// Traces `calls`: their names with commas between them, or `all`.
    pub(crate) fn new(home: &Home, calls: &str) -> Self {
        let trace = home.path().with_extension("trace");
        let mut words: Vec<OsString> = vec!["-f".into(), "-o".into(), trace.clone().into()];
        words.extend(["-e".into(), format!("trace={calls}").into()]);
        Self { words, trace }
    }

    /// Injects a fault as strace writes it: `openat:error=EIO:when=3`, `close:signal=KILL:when=2+`,
    /// `clone:delay_exit=300000` (in microseconds).
    pub(crate) fn inject(mut self, fault: &str) -> Self {
        let fault = format!("inject={fault}").into();
        self.words.extend(["-e".into(), fault]);
        self
    }

    /// The arguments of strace, awsbadge last; its own follow them.
    pub(crate) fn words(&self) -> Vec<OsString> {
        let program = binary().as_os_str().to_owned();
        self.words.iter().cloned().chain([program]).collect()
    }

    /// The whole command, but for the arguments of awsbadge.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(Self::PROGRAM);
        command.args(self.words());
        command
    }

    /// What was traced, after the run.
    pub(crate) fn trace(self) -> Trace {
        let text = std::fs::read_to_string(&self.trace).unwrap();
        std::fs::remove_file(&self.trace).unwrap();
        Trace(text)
    }
}

/// A line for each call, `THREAD NAME(ARGUMENTS) = RESULT`.
#[derive(Default)]
pub(crate) struct Trace(pub(crate) String);

impl Trace {
    /// The lines without the threads.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        let lines = self.0.lines();
        lines.filter_map(|line| Some(line.split_once(' ')?.1.trim_start()))
    }

    /// How often `call` was made.
    pub(crate) fn count(&self, call: &str) -> usize {
        let begins = |line: &&str| line.strip_prefix(call).is_some_and(|l| l.starts_with('('));
        self.lines().filter(begins).count()
    }

    /// Every call that strace can hit again: its name, and how often a thread made it at most.
    pub(crate) fn calls(&self) -> BTreeMap<String, usize> {
        let mut by_thread: BTreeMap<(String, String), usize> = BTreeMap::new();
        for line in self.0.lines().filter(|l| !l.contains(" resumed>")) {
            let Some((thread, rest)) = line.split_once(' ') else {
                continue;
            };
            if let Some((name, _)) = rest.trim_start().split_once('(') {
                let key = (name.to_owned(), thread.to_owned());
                *by_thread.entry(key).or_default() += 1;
            }
        }
        let mut calls = BTreeMap::new();
        for ((name, _), count) in by_thread {
            let most = calls.entry(name).or_insert(0);
            *most = count.max(*most);
        }
        calls
    }

    /// Every fault for the calls of this trace: each of `once` at every call, and each of `lasting` at that call and
    /// all that follow. They are actions of strace: `error=EIO`, `signal=KILL`.
    pub(crate) fn faults(&self, once: &[&str], lasting: &[&str]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (call, count) in self.calls() {
            for (actions, lasts) in [(once, false), (lasting, true)] {
                for action in actions {
                    faults.extend((1..=count).map(|nth| Fault {
                        call: call.clone(),
                        action: (*action).to_owned(),
                        nth,
                        lasts,
                    }));
                }
            }
        }
        faults
    }
}

/// A fault to inject.
pub(crate) struct Fault {
    pub(crate) call: String,
    pub(crate) action: String,
    /// Which of the calls it hits, counted from 1.
    pub(crate) nth: usize,
    /// Whether it hits all that follow, too.
    pub(crate) lasts: bool,
}

impl Fault {
    /// For [`Strace::inject`].
    pub(crate) fn text(&self) -> String {
        let Self {
            call, action, nth, ..
        } = self;
        format!(
            "{call}:{action}:when={nth}{}",
            if self.lasts { "+" } else { "" }
        )
    }
}

/// What a run under strace left. Bytes that are not UTF-8 read as U+FFFD.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) trace: Trace,
}

impl Ran {
    pub(crate) fn new(output: &std::process::Output, trace: Trace) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: output.status.code(),
            trace,
        }
    }
}
