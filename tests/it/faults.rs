//! Errors of the system at every call: the prompt stays whole, and a command gives all or nothing.

use crate::support::fixtures;
use crate::support::strace::{Ran, Strace};
use crate::support::{Home, installed};

/// The calls through which files and output go. The rest are the runtime's own start.
const CALLS: &str = "openat,read,statx,fstat,newfstatat,write,close";

/// Runs `arguments` under strace, with a fault or without.
fn run(home: &Home, arguments: &[&str], fault: Option<&str>) -> Ran {
    let strace = Strace::new(home, CALLS);
    let strace = match fault {
        Some(fault) => strace.inject(fault),
        None => strace,
    };
    let output = strace
        .command()
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("LANG", "C.UTF-8")
        .env("AWS_PROFILE", "dev")
        .output()
        .unwrap();
    Ran::new(&output, strace.trace())
}

/// Errors of the system that each run tries.
const ERRORS: [&str; 5] = ["EIO", "ENOSPC", "EINTR", "EMFILE", "EACCES"];

/// Those that are left to `tests/long faults`, too.
const MORE_ERRORS: [&str; 5] = ["EDQUOT", "ENFILE", "ENOMEM", "ESTALE", "EPERM"];

fn furnished() -> Home {
    let home = fixtures::logged_in();
    home.credentials("[x]\naws_access_key_id = A\n")
        .settings("[badge]\nshow = set\n");
    home
}

/// Hands each run with a fault to `check`; how many there were.
fn for_every_fault(arguments: &[&str], errors: &[&str], check: impl Fn(&Ran, &Ran, &str)) -> usize {
    if !installed(&["strace"]) {
        return 0;
    }
    let home = furnished();
    let mut faults = 0;
    let whole = run(&home, arguments, None);
    let errors_of_strace: Vec<String> = errors.iter().map(|e| format!("error={e}")).collect();
    let once: Vec<&str> = errors_of_strace.iter().map(String::as_str).collect();
    for fault in whole.trace.faults(&once, &["error=EIO"]) {
        // One that lasts begins with the first call.
        if fault.lasts && fault.nth > 1 {
            continue;
        }
        let ran = run(&home, arguments, Some(&fault.text()));
        check(&whole, &ran, &fault.text());
        faults += usize::from(!fault.lasts);
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
    let whole = run(&home, &["prompt"], None);
    let calls = whole.trace.calls();
    for call in ["openat", "read", "write"] {
        for nth in 1..=calls[call] {
            // Three times in a row.
            let fault = format!("{call}:error=EINTR:when={nth}..{}", nth + 2);
            let ran = run(&home, &["prompt"], Some(&fault));
            assert_eq!(
                (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
                (Some(0), whole.stdout.as_str(), ""),
                "{fault}"
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
