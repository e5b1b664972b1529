//! Signals while a person is asked, and while the AWS CLI logs in: the terminal is then as it was before, nothing
//! is left running, and the exit code tells of it.

use crate::support::fixtures;
use crate::support::strace::Strace;
use crate::support::{Home, Pty, binary, installed, until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::os::unix::process::ExitStatusExt;
use std::process::Child;

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().try_into().unwrap())
}

/// The exit code as shells say it.
fn code(child: &mut Child) -> i32 {
    let status = until(|| child.try_wait().unwrap()).expect("it ends");
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap())
}

/// The built-in list, in `pty`.
fn pick(home: &Home, pty: &Pty) -> Child {
    let mut command = pty.command(home, binary().to_str().unwrap());
    let child = pty.spawn(command.arg("__pick").env("PATH", "/nowhere"));
    pty.wait_for("aws profile> ", 1);
    child
}

#[test]
fn a_signal_ends_the_list_with_its_code_and_gives_the_terminal_back() {
    if !installed(&["setsid"]) {
        return;
    }
    for signal in [
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGQUIT,
    ] {
        let (home, pty) = (fixtures::two_profiles(), Pty::new(80, 24));
        let before = pty.modes();
        let mut list = pick(&home, &pty);
        until(|| (pty.modes() != before).then_some(())).expect("raw mode");
        // These change nothing: the list is drawn again.
        for (times, harmless) in [(2, Signal::SIGWINCH), (3, Signal::SIGCONT)] {
            kill(pid(&list), harmless).unwrap();
            pty.wait_for("aws profile> ", times);
        }
        kill(pid(&list), signal).unwrap();
        assert_eq!(code(&mut list), 128 + signal as i32);
        assert_eq!(pty.modes(), before, "{signal}");
        assert!(pty.last_screen().ends_with("\x1b[J\x1b[?7h"), "{signal}");
        assert!(home.read(".local/state/awsbadge/recent").is_none());
    }
}

#[test]
fn a_list_that_is_stopped_lends_the_terminal_to_the_shell() {
    if !installed(&["setsid", "bash", "/proc/self"]) {
        return;
    }
    let (home, pty) = (fixtures::two_profiles(), Pty::new(80, 24));
    let before = pty.modes();
    // Jobs have process groups of their own, as below a person's shell.
    let script = "set -m; PATH=/nowhere \"$0\" __pick; echo \"stopped $?\" >&2; read -r line; fg; echo \"ended $?\" >&2";
    let mut command = pty.command(&home, "/bin/bash");
    let mut shell = pty.spawn(command.args(["--norc", "-c", script]).arg(binary()));
    pty.wait_for("aws profile> ", 1);
    let raw = until(|| Some(pty.modes()).filter(|now| *now != before)).expect("raw mode");
    let list = until(|| {
        let children = format!("/proc/{0}/task/{0}/children", shell.id());
        let children = std::fs::read_to_string(children).unwrap();
        children
            .split_whitespace()
            .next()
            .map(|c| c.parse().unwrap())
    });
    kill(Pid::from_raw(list.unwrap()), Signal::SIGTSTP).unwrap();
    pty.wait_for("stopped 148", 1);
    assert_eq!(pty.modes(), before, "while it is stopped");
    pty.type_bytes(b"\n");
    pty.wait_for("aws profile> ", 2);
    until(|| (pty.modes() == raw).then_some(())).expect("raw mode again");
    pty.type_bytes(b"two\r");
    pty.wait_for("ended 0", 1);
    assert_eq!(code(&mut shell), 0);
    assert_eq!(pty.modes(), before);
    assert_eq!(home.read(".local/state/awsbadge/recent").unwrap(), b"two\n");
}

#[test]
fn a_terminal_of_any_size_will_do() {
    if !installed(&["setsid"]) {
        return;
    }
    for (columns, rows) in [(0, 0), (1, 1), (2, 1), (u16::MAX, u16::MAX)] {
        let (home, pty) = (fixtures::two_profiles(), Pty::new(columns, rows));
        let before = pty.modes();
        let list = pick(&home, &pty);
        pty.type_bytes(b"two\r");
        let output = list.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stdout),
            (Some(0), b"two\n".to_vec())
        );
        assert_eq!(pty.modes(), before);
    }
}

/// A home whose `aws` and `fzf` ask for something without showing what is typed, and wait.
fn waiting() -> Home {
    let home = Home::new();
    home.config(fixtures::SSO);
    for program in ["aws", "fzf"] {
        home.stub(
            program,
            "[ \"$1\" = --version ] && exit\nstty -echo </dev/tty; echo $$ >\"$HOME/pid\"; echo waiting >/dev/tty\n\
             exec sleep 1000",
        );
    }
    home
}

const WAYS: [(&str, &[u8], Option<Signal>, i32); 4] = [
    ("Ctrl-C", b"\x03", None, 130),
    ("Ctrl-\\", b"\x1c", None, 131),
    ("TERM", b"", Some(Signal::SIGTERM), 143),
    ("HUP", b"", Some(Signal::SIGHUP), 129),
];

#[test]
fn a_signal_ends_what_was_started_and_gives_the_terminal_back() {
    if !installed(&["setsid", "stty"]) {
        return;
    }
    for arguments in [&["login", "dev"][..], &["export", "dev"], &["__pick"]] {
        for (way, typed, signal, wanted) in WAYS {
            let (home, pty) = (waiting(), Pty::new(80, 24));
            let before = pty.modes();
            let mut command = pty.command(&home, binary().to_str().unwrap());
            let mut run = pty.spawn(command.args(arguments));
            pty.wait_for("waiting", 1);
            assert_ne!(pty.modes(), before, "the stub changed the terminal");
            pty.type_bytes(typed);
            if let Some(signal) = signal {
                kill(pid(&run), signal).unwrap();
            }
            let what = format!("{way} {arguments:?}: {}", pty.screen());
            assert_eq!(code(&mut run), wanted, "{what}");
            assert_eq!(pty.modes(), before, "{what}");
            assert_ended(&home, &what);
        }
    }
}

/// awsbadge is held at each call by which it starts a program or prepares for signals, while the AWS CLI runs and
/// sends it the signal at once.
#[test]
fn a_signal_in_the_moment_the_aws_cli_starts_ends_both() {
    if !installed(&["setsid", "stty", "strace"]) {
        return;
    }
    std::thread::scope(|scope| {
        for arguments in [["login", "dev"], ["export", "dev"]] {
            for (signal, wanted) in [(Signal::SIGTERM, 143), (Signal::SIGHUP, 129)] {
                scope.spawn(move || signalled_at_once(arguments, signal, wanted));
            }
        }
    });
}

fn signalled_at_once(arguments: [&str; 2], signal: Signal, wanted: i32) {
    let held = "clone,clone3,fork,vfork,rt_sigprocmask";
    let (home, pty) = (Home::new(), Pty::new(80, 24));
    home.config(fixtures::SSO);
    let number = signal as i32;
    home.stub(
        "aws",
        &format!(
            "[ \"$1\" = --version ] && exit\nstty -echo </dev/tty; echo $$ >\"$HOME/pid\"\n\
             kill -{number} $PPID; exec sleep 1000"
        ),
    );
    let before = pty.modes();
    let strace = Strace::new(&home, held).inject(&format!("{held}:delay_exit=300000"));
    let mut command = pty.command(&home, Strace::PROGRAM);
    command.args(strace.words());
    let mut run = pty.spawn(command.args(arguments));
    let what = format!("{signal} {arguments:?}");
    assert_eq!(code(&mut run), wanted, "{what}: {}", pty.screen());
    assert_eq!(pty.modes(), before, "{what}: {}", pty.screen());
    assert_ended(&home, &what);
    drop(strace.trace());
}

/// The stub wrote down its process id.
#[track_caller]
fn assert_ended(home: &Home, what: &str) {
    let pid = String::from_utf8(home.read("pid").unwrap()).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().unwrap());
    assert!(kill(pid, None).is_err(), "{what}: it is still running");
}
