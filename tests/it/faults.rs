//! Errors of the system at every call: the prompt stays whole, and a command gives all or nothing.

use crate::support::{Home, binary, expires_in, installed};
use std::path::Path;
use std::process::Command;

const CONFIG: &str = "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\n\
                      [profile dev]\nsso_session = s\nsso_account_id = 1\nsso_role_name = R\n";

/// The calls through which files and output go. The rest are the runtime's own start.
const CALLS: [&str; 5] = ["openat", "read", "statx,fstat,newfstatat", "write", "close"];

struct Ran {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

/// Runs `arguments` under strace with `inject`, such as `openat:error=EIO:when=3`; without it, only counts.
fn run(home: &Home, arguments: &[&str], calls: &str, inject: Option<&str>) -> (Ran, usize) {
    let trace = home.path().join("trace");
    let mut command = Command::new("/usr/bin/strace");
    command
        .arg("-o")
        .arg(&trace)
        .arg("-e")
        .arg(format!("trace={calls}"));
    if let Some(inject) = inject {
        command.arg("-e").arg(format!("inject={inject}"));
    }
    let output = command
        .arg(binary())
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("LANG", "C.UTF-8")
        .env("AWS_PROFILE", "dev")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let ran = Ran {
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code: output.status.code(),
    };
    (ran, made(&trace))
}

/// How many calls a trace holds.
fn made(trace: &Path) -> usize {
    let text = std::fs::read_to_string(trace).unwrap();
    text.lines()
        .filter(|l| l.contains('(') && !l.starts_with(['+', '-']))
        .count()
}

/// Errors of the system that each run tries.
const ERRORS: [&str; 5] = ["EIO", "ENOSPC", "EINTR", "EMFILE", "EACCES"];

/// Those that are left to `tests/long faults`, too.
const MORE_ERRORS: [&str; 5] = ["EDQUOT", "ENFILE", "ENOMEM", "ESTALE", "EPERM"];

fn furnished() -> Home {
    let home = Home::new();
    home.config(CONFIG)
        .credentials("[x]\naws_access_key_id = A\n")
        .settings("[badge]\nshow = set\n");
    home.token("s", &expires_in(47 * 60 + 50));
    home
}

/// Hands each run with a fault to `check`; how many there were.
fn for_every_fault(arguments: &[&str], errors: &[&str], check: impl Fn(&Ran, &Ran, &str)) -> usize {
    if !installed(&["strace"]) {
        return 0;
    }
    let home = furnished();
    let mut faults = 0;
    for calls in CALLS {
        let (whole, count) = run(&home, arguments, calls, None);
        for error in errors {
            for nth in 1..=count {
                let inject = format!("{calls}:error={error}:when={nth}");
                let (ran, _) = run(&home, arguments, calls, Some(&inject));
                check(&whole, &ran, &inject);
                faults += 1;
            }
        }
        // A fault that lasts, too: from the first call of ours on.
        let (ran, _) = run(
            &home,
            arguments,
            calls,
            Some(&format!("{calls}:error=EIO:when=1+")),
        );
        check(&whole, &ran, &format!("{calls} always"));
    }
    assert!(faults > 4 * errors.len(), "only {faults} faults were tried");
    faults
}

#[test]
fn the_prompt_survives_every_fault() {
    for arguments in [
        vec!["prompt"],
        vec!["__refresh", "--shell", "zsh", "--proto", "1"],
    ] {
        for_every_fault(&arguments, &ERRORS, |_, ran, fault| {
            assert_eq!(
                (ran.code, ran.stderr.as_str()),
                (Some(0), ""),
                "{arguments:?} {fault}: {}",
                ran.stdout
            );
            for wrong in ["expired", "no login"] {
                // A file that can't be opened is not a file that is not there.
                assert!(
                    !ran.stdout.contains(wrong),
                    "{arguments:?} {fault}: {}",
                    ran.stdout
                );
            }
        });
    }
}

#[test]
fn an_interrupted_call_is_made_again() {
    if !installed(&["strace"]) {
        return;
    }
    let home = furnished();
    for call in ["openat", "read", "write"] {
        let (whole, count) = run(&home, &["prompt"], call, None);
        for nth in 1..=count {
            // Three times in a row.
            let inject = format!("{call}:error=EINTR:when={nth}..{}", nth + 2);
            let (ran, _) = run(&home, &["prompt"], call, Some(&inject));
            assert_eq!(
                (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
                (Some(0), whole.stdout.as_str(), ""),
                "{inject}"
            );
        }
    }
}

/// What a command may say that met a fault: all, or nothing and why.
#[track_caller]
fn all_or_nothing(arguments: &[&str], whole: &Ran, ran: &Ran, fault: &str) {
    let code = ran.code.unwrap_or(-1);
    let what = format!(
        "{arguments:?} {fault}: {code}\n{}{}",
        ran.stdout, ran.stderr
    );
    assert!((0..=6).contains(&code), "{what}");
    // These answer a script by their code, and say what they found all the same.
    let answers = matches!(arguments[0], "status" | "doctor");
    if code != 0 && !answers {
        assert_eq!(ran.stdout, "", "{what}");
        assert!(
            ran.stderr.starts_with("error: ") || fault.starts_with("write"),
            "{what}"
        );
    }
    // What a shell evaluates is the same or nothing.
    if code == 0 && matches!(arguments[0], "use" | "clear" | "region") {
        assert_eq!(ran.stdout, whole.stdout, "{what}");
    }
}

#[test]
fn a_command_gives_all_or_nothing() {
    for arguments in [
        vec!["use", "--shell", "zsh", "dev"],
        vec!["list"],
        vec!["status", "--json"],
    ] {
        for_every_fault(&arguments, &ERRORS, |whole, ran, fault| {
            all_or_nothing(&arguments, whole, ran, fault);
        });
    }
}

#[test]
#[ignore = "minutes: tests/long faults"]
fn every_command_gives_all_or_nothing_at_every_fault() {
    let errors = [ERRORS, MORE_ERRORS].concat();
    let commands: [&[&str]; 21] = [
        &["use", "--shell", "zsh", "dev"],
        &["use", "--shell", "fish", "dev", "--region", "eu-west-1"],
        &["clear", "--shell", "bash"],
        &["region", "--shell", "bash", "eu-west-1"],
        &["list"],
        &["list", "--json"],
        &["status"],
        &["status", "--json"],
        &["explain"],
        &["doctor"],
        &["config"],
        &["export", "x"],
        &["console", "--print"],
        &["share", "dev"],
        &["settings"],
        &["setup", "--shell", "zsh"],
        &["login"],
        &["exec", "x", "--", "/nowhere"],
        &["init", "zsh"],
        &["completions", "zsh"],
        &["__names", "profiles"],
    ];
    // Several at a time: most of it is waiting for strace.
    let faults: usize = std::thread::scope(|scope| {
        let runs = commands.map(|arguments| {
            let errors = &errors;
            scope.spawn(move || {
                // 126 and 127 are its own, as a shell's.
                let of_shells = arguments[0] == "exec";
                for_every_fault(arguments, errors, |whole, ran, fault| {
                    if !(of_shells && matches!(ran.code, Some(126 | 127))) {
                        all_or_nothing(arguments, whole, ran, fault);
                    }
                })
            })
        });
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    println!("faults of commands that read: {faults}");
    assert!(faults > 3000, "{faults}");
}
