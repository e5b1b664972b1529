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

fn for_every_fault(arguments: &[&str], check: impl Fn(&Ran, &Ran, &str)) {
    if !installed(&["strace"]) {
        return;
    }
    let home = Home::new();
    home.config(CONFIG)
        .credentials("[x]\naws_access_key_id = A\n")
        .settings("[badge]\nshow = set\n");
    home.token("s", &expires_in(47 * 60 + 50));
    let mut faults = 0;
    for calls in CALLS {
        let (whole, count) = run(&home, arguments, calls, None);
        for error in ["EIO", "ENOSPC", "EINTR", "EMFILE", "EACCES"] {
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
    assert!(faults > 50, "only {faults} faults were tried");
}

#[test]
fn the_prompt_survives_every_fault() {
    for arguments in [
        vec!["prompt"],
        vec!["__refresh", "--shell", "zsh", "--proto", "1"],
    ] {
        for_every_fault(&arguments, |_, ran, fault| {
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
fn a_command_gives_all_or_nothing() {
    for arguments in [
        vec!["use", "--shell", "zsh", "dev"],
        vec!["list"],
        vec!["status", "--json"],
    ] {
        for_every_fault(&arguments, |whole, ran, fault| {
            let code = ran.code.unwrap_or(-1);
            assert!((0..=6).contains(&code), "{arguments:?} {fault}: {code}");
            if code != 0 && !matches!(arguments[0], "status") {
                assert_eq!(ran.stdout, "", "{arguments:?} {fault}");
                assert!(
                    ran.stderr.starts_with("error: ") || fault.starts_with("write"),
                    "{arguments:?} {fault}: {}",
                    ran.stderr
                );
            }
            if code == 0 && arguments[0] == "use" {
                assert_eq!(ran.stdout, whole.stdout, "{fault}");
            }
        });
    }
}
