//! Errors of the system and signals at every call of every command that writes: a file is the old one or the new
//! one, and the next run needs no help.
//!
//! Each run takes a sample of the calls; with `AWSBADGE_ALL_FAULTS=1` all of them are tried.

use crate::support::{
    ACCOUNT, Approval, CANARY, Call, Home, Knobs, StandIn, installed, role_file, strace, token_file,
};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A command that writes, and the home in which it does.
struct Writer {
    arguments: &'static [&'static str],
    furnish: fn(&StandIn, &Home),
    /// What has to hold after any fault. `done`: the command said that all went well.
    holds: fn(&StandIn, &Home, bool) -> Result<(), String>,
    /// What has to hold after the next run, too.
    done: fn(&StandIn, &Home) -> bool,
}

const WRITERS: [Writer; 5] = [
    Writer {
        arguments: &["refresh", "my-sso"],
        furnish: |server, home| {
            home.token("my-sso", &server.login(), 60);
            let mut token = home.read_token("my-sso");
            token["unknown"] = "kept".into();
            home.token_json("my-sso", &token);
        },
        holds: |server, home, done| {
            let token = whole_token(home)?.ok_or("the token is gone")?;
            if token["unknown"] != "kept" {
                return Err(format!("an unknown key was lost: {token}"));
            }
            if !server.is_refreshable(token["refreshToken"].as_str().unwrap_or_default()) {
                return Err("the refresh token is none".to_owned());
            }
            // What can't be written serves the process and is a warning (3.2 of the contract), so `done` says nothing.
            let _ = done;
            Ok(())
        },
        done: |_, home| {
            home.read_token("my-sso")["expiresAt"].as_str()
                > Some(&crate::support::expires_in(3000))
        },
    },
    Writer {
        arguments: &["process", "--profile", "dev"],
        furnish: |server, home| {
            home.token("my-sso", &server.login(), 3000);
            home.role(ACCOUNT, "Admin", 30);
        },
        holds: |_, home, _| {
            whole_token(home)?.ok_or("the token is gone")?;
            let text = home
                .read(&role_file(ACCOUNT, "Admin", "my-sso"))
                .ok_or("the role is gone")?;
            let role: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
            let complete = [
                "AccessKeyId",
                "SecretAccessKey",
                "SessionToken",
                "Expiration",
                "AccountId",
            ]
            .iter()
            .all(|key| role["Credentials"][key].is_string());
            if complete {
                Ok(())
            } else {
                Err(format!("half a role: {role}"))
            }
        },
        done: |_, home| {
            let text = home
                .read(&role_file(ACCOUNT, "Admin", "my-sso"))
                .unwrap_or_default();
            !String::from_utf8_lossy(&text).contains("ASIACACHED")
        },
    },
    Writer {
        arguments: &["login", "my-sso", "--device", "--no-browser", "--force"],
        furnish: |server, home| {
            home.token("my-sso", &server.login(), 3000);
        },
        holds: |server, home, done| {
            let token = whole_token(home)?.ok_or("the token is gone")?;
            if !server.is_valid(token["accessToken"].as_str().unwrap_or_default()) {
                return Err("the access token is none".to_owned());
            }
            let clients = home.names(".aws/sso/cache");
            for name in clients.iter().filter(|name| name.ends_with(".json")) {
                let text = home
                    .read(&format!(".aws/sso/cache/{name}"))
                    .unwrap_or_default();
                serde_json::from_slice::<Value>(&text)
                    .map_err(|error| format!("{name}: {error}"))?;
            }
            if done && server.count(Call::TokenByDevice) == 0 {
                return Err("it never logged in".to_owned());
            }
            Ok(())
        },
        done: |server, _| server.count(Call::TokenByDevice) > 0,
    },
    Writer {
        arguments: &["logout", "my-sso"],
        furnish: |server, home| {
            home.token("my-sso", &server.login(), 3000)
                .token("other", &server.login(), 3000);
            home.role(ACCOUNT, "Admin", 3000);
        },
        holds: |_, home, done| {
            let token = whole_token(home)?;
            if home.read_token("other").is_null() {
                return Err("another session was logged out".to_owned());
            }
            if done && token.is_some() {
                return Err("it says that it is done, and the token is there".to_owned());
            }
            Ok(())
        },
        done: |_, home| {
            home.read(&token_file("my-sso")).is_none()
                && home.read(&role_file(ACCOUNT, "Admin", "my-sso")).is_none()
        },
    },
    Writer {
        arguments: &["populate", "my-sso", "--yes"],
        furnish: |server, home| {
            home.token("my-sso", &server.login(), 3000)
                .config(POPULATED.split("\n[profile Production-").next().unwrap());
        },
        holds: |_, home, done| {
            whole_token(home)?.ok_or("the token is gone")?;
            let text = String::from_utf8(home.read(".aws/config").ok_or("the config is gone")?)
                .map_err(|error| error.to_string())?;
            if home.mode(".aws/config") != 0o600 {
                return Err(format!("mode {:o}", home.mode(".aws/config")));
            }
            let is_new = text == POPULATED;
            if !is_new && (done || !POPULATED.starts_with(&format!("{text}\n[profile Production-")))
            {
                return Err(format!("neither the old file nor the new one: {text}"));
            }
            // What was written can be taken back.
            let records = home.names(".local/state/awsbadge/undo");
            match is_new && !records.iter().any(|name| name.ends_with("Z-config")) {
                true => Err(format!("no record of the write: {records:?}")),
                false => Ok(()),
            }
        },
        done: |_, home| {
            home.read(".aws/config")
                .is_some_and(|text| text == POPULATED.as_bytes())
        },
    },
];

/// What `populate` makes of the usual config file.
const POPULATED: &str = "\
[sso-session my-sso]
sso_start_url = https://my.awsapps.com/start
sso_region = eu-west-1

[profile dev]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = Admin

[profile Production-ReadOnly]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = ReadOnly
awsbadge_populated = my-sso 617ee43d

[profile Sandbox-Admin]
sso_session = my-sso
sso_account_id = 210987654321
sso_role_name = Admin
awsbadge_populated = my-sso 745ba09b
";

/// The token, if there is one: parsed whole, and 0600.
fn whole_token(home: &Home) -> Result<Option<Value>, String> {
    let Some(text) = home.read(&token_file("my-sso")) else {
        return Ok(None);
    };
    let token: Value =
        serde_json::from_slice(&text).map_err(|error| format!("{error}: {:?}", text))?;
    let mode = home.mode(&token_file("my-sso"));
    if mode != 0o600 {
        return Err(format!("mode {mode:o}"));
    }
    Ok(Some(token))
}

/// A server that forgives the second use of a refresh token: a killed process has used one without telling.
fn knobs() -> Knobs {
    Knobs {
        rotate: false,
        approval: Approval::AfterPolls(0),
        // strace counts per thread, so a fault of the network may last for every call of a login.
        device_ttl: 6,
        ..Knobs::default()
    }
}

/// What a run with a fault must never do.
fn told(ran: &strace::Traced, writer: &Writer, what: &str) {
    if let Some(code) = ran.code {
        assert!(
            (0..=8).contains(&code) || matches!(code, 130 | 143),
            "{what}"
        );
        let panicked = ran.stderr.contains("panicked");
        assert!(!panicked, "{what}");
        if code != 0 {
            assert_eq!(ran.stdout, "", "{what}");
        }
    }
    let prints = writer.arguments[0] == "process";
    assert!(
        !ran.stderr.contains(CANARY) && (prints || !ran.stdout.contains(CANARY)),
        "{what}"
    );
    if prints && !ran.stdout.is_empty() {
        let object: Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {what}"));
        assert!(object["SessionToken"].is_string(), "{what}");
    }
}

fn inject_into(writer: &Writer, actions: &[&str], step: usize) -> usize {
    let server = StandIn::start(knobs());
    let home = Home::with_session();
    (writer.furnish)(&server, &home);
    let whole = strace::run(&home, Some(&server), writer.arguments, strace::CALLS, None);
    assert_eq!(
        whole.code,
        Some(0),
        "{:?}: {}",
        writer.arguments,
        whole.stderr
    );
    assert!((writer.done)(&server, &home), "{:?}", writer.arguments);
    let points = strace::points(&whole.trace);
    let next = AtomicUsize::new(0);
    let jobs: Vec<(&str, &(String, usize))> = actions
        .iter()
        .enumerate()
        .flat_map(|(shift, action)| {
            points
                .iter()
                .skip(shift % step)
                .step_by(step)
                .map(move |point| (*action, point))
        })
        .collect();
    // A few at once: most of it is waiting for strace.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((action, (call, number))) =
                    jobs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    inject(writer, &format!("{call}:{action}:when={number}"));
                }
            });
        }
    });
    jobs.len()
}

fn inject(writer: &Writer, fault: &str) {
    let server = StandIn::start(knobs());
    let home = Home::with_session();
    (writer.furnish)(&server, &home);
    let ran = strace::run(
        &home,
        Some(&server),
        writer.arguments,
        strace::CALLS,
        Some(fault),
    );
    let what = format!(
        "{:?} with {fault}: code {:?}\n{}{}\n{}",
        writer.arguments, ran.code, ran.stdout, ran.stderr, ran.trace
    );
    told(&ran, writer, &what);
    if let Err(why) = (writer.holds)(&server, &home, ran.code == Some(0)) {
        panic!("{why}: {what}");
    }
    // A call that was interrupted is made again. Only those that Linux interrupts.
    let interrupted = [
        "openat", "read", "write", "fsync", "flock", "recvfrom", "sendto", "poll",
    ];
    if fault.contains("EINTR") && interrupted.contains(&fault.split(':').next().unwrap_or_default())
    {
        assert_eq!(ran.code, Some(0), "{what}");
        assert!((writer.done)(&server, &home), "{what}");
    }
    // The next run needs no help.
    let again = strace::run(&home, Some(&server), writer.arguments, "none", None);
    assert_eq!(again.code, Some(0), "then {}: {what}", again.stderr);
    assert!((writer.done)(&server, &home), "then: {what}");
    if let Err(why) = (writer.holds)(&server, &home, true) {
        panic!("then {why}: {what}");
    }
    // What a writer could not remove any more, the next one that writes there does.
    if left(&home) > 0 && writer.arguments[0] != "logout" {
        (writer.furnish)(&server, &home);
        let again = strace::run(&home, Some(&server), writer.arguments, "none", None);
        assert_eq!(again.code, Some(0), "then {}: {what}", again.stderr);
    }
    assert_eq!(left(&home), 0, "{:?}: {what}", home.names(".aws/sso/cache"));
}

/// How many temporary files there are.
fn left(home: &Home) -> usize {
    let caches = [".aws/sso/cache", ".aws/cli/cache"]
        .iter()
        .flat_map(|directory| home.names(directory))
        .filter(|name| !name.ends_with(".json"))
        .count();
    let others = [".aws", ".local/state/awsbadge/undo"]
        .iter()
        .flat_map(|directory| home.names(directory))
        .filter(|name| name.ends_with(".tmp"))
        .count();
    caches + others
}

#[test]
fn a_logout_removes_what_a_killed_writer_left() {
    if !installed(&["strace"]) {
        return;
    }
    let server = StandIn::start(knobs());
    let home = Home::with_session();
    (WRITERS[0].furnish)(&server, &home);
    let killed = strace::run(
        &home,
        Some(&server),
        WRITERS[0].arguments,
        strace::CALLS,
        Some("renameat2:signal=KILL"),
    );
    assert_eq!((killed.code, left(&home)), (None, 1), "{}", killed.trace);
    home.run(["logout", "my-sso"]).at(&server).output().exits(0);
    // It holds a token: a logout that leaves it is none.
    assert_eq!(home.names(".aws/sso/cache"), [""; 0]);
}

/// A few kills of `populate`, for the tests that run each time.
pub(crate) fn kill_populate_at_some_calls() {
    if installed(&["strace"]) {
        let count = inject_into(&WRITERS[4], &["signal=KILL"], 12);
        assert!(count > 5, "only {count} faults were tried");
    }
}

/// Every action at the calls of one writer; a seventh of the calls in a normal run.
fn at_every_call(writer: usize) {
    if !installed(&["strace"]) {
        return;
    }
    let actions = [
        "signal=KILL",
        "signal=TERM",
        "error=ENOSPC",
        "error=EIO",
        "error=EINTR",
        "error=EDQUOT",
        "error=EACCES",
    ];
    let step = if strace::all() { 1 } else { 5 };
    let count = inject_into(&WRITERS[writer], &actions, step);
    println!("faults of {}: {count}", WRITERS[writer].arguments[0]);
    assert!(count > 50, "only {count} faults were tried");
}

#[test]
fn refresh_keeps_a_valid_token() {
    at_every_call(0);
}

#[test]
fn process_keeps_a_valid_cache() {
    at_every_call(1);
}

#[test]
fn login_keeps_a_valid_token() {
    at_every_call(2);
}

#[test]
fn logout_ends_or_leaves_the_login() {
    at_every_call(3);
}

#[test]
fn populate_keeps_a_valid_config() {
    at_every_call(4);
}

#[test]
fn row_104_the_new_token_is_flushed_before_it_takes_the_name_and_the_directory_after() {
    if !installed(&["strace"]) {
        return;
    }
    let server = StandIn::start(knobs());
    let home = Home::with_session();
    (WRITERS[0].furnish)(&server, &home);
    let trace = strace::run(
        &home,
        Some(&server),
        WRITERS[0].arguments,
        strace::CALLS,
        None,
    )
    .trace;
    let directory = home.path().join(".aws/sso/cache");
    let name = token_file("my-sso").replace(".aws/sso/cache/", "");
    let after = |lines: &[&str], from: usize, wanted: &dyn Fn(&str) -> bool, what: &str| {
        let found = lines[from..].iter().position(|line| wanted(line));
        from + found.unwrap_or_else(|| panic!("{what} never came:\n{trace}"))
    };
    let lines: Vec<&str> = trace.lines().collect();
    let made = after(
        &lines,
        0,
        &|line| {
            line.contains(".aws/sso/cache/")
                && line.contains("O_CREAT")
                && line.contains("O_EXCL")
                && line.contains(", 0600)")
        },
        "a new file of 0600",
    );
    assert!(lines[made].contains("O_CLOEXEC"), "{}", lines[made]);
    let written = after(&lines, made, &|line| line.contains("write("), "its content");
    let flushed = after(
        &lines,
        written,
        &|line| line.contains("fsync(") || line.contains("fdatasync("),
        "its flush",
    );
    let reread = after(
        &lines,
        flushed,
        &|line| line.contains("openat(") && line.contains(&name) && line.contains("O_RDONLY"),
        "the last look",
    );
    let swapped = after(
        &lines,
        reread,
        &|line| line.contains("renameat2(") && line.contains("RENAME_EXCHANGE"),
        "the swap",
    );
    let removed = after(
        &lines,
        swapped,
        &|line| line.contains("unlink"),
        "the end of the old file",
    );
    let opened = after(
        &lines,
        swapped,
        &|line| line.contains("openat(") && line.contains(&format!("{}\"", directory.display())),
        "the directory",
    );
    after(
        &lines,
        opened.max(removed),
        &|line| line.contains("fsync(") || line.contains("fdatasync("),
        "its flush",
    );
}

#[test]
fn a_file_system_without_the_swap_gets_a_rename() {
    if !installed(&["strace"]) {
        return;
    }
    for error in ["ENOSYS", "EINVAL"] {
        let server = StandIn::start(Knobs::default());
        let home = Home::with_session();
        (WRITERS[0].furnish)(&server, &home);
        let fault = format!("renameat2:error={error}");
        let ran = strace::run(
            &home,
            Some(&server),
            WRITERS[0].arguments,
            strace::CALLS,
            Some(&fault),
        );
        assert_eq!(ran.code, Some(0), "{error}: {}", ran.stderr);
        assert!((WRITERS[0].done)(&server, &home), "{error}: {}", ran.trace);
        assert_eq!(home.names(".aws/sso/cache").len(), 1, "{error}");
    }
}

#[test]
fn without_locks_the_rules_of_reading_again_are_enough_for_one() {
    if !installed(&["strace"]) {
        return;
    }
    let server = StandIn::start(Knobs::default());
    let home = Home::with_session();
    (WRITERS[0].furnish)(&server, &home);
    // As some network file systems answer.
    let ran = strace::run(
        &home,
        Some(&server),
        WRITERS[0].arguments,
        strace::CALLS,
        Some("flock:error=ENOLCK"),
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!((WRITERS[0].done)(&server, &home));
}

#[test]
fn a_network_call_that_is_interrupted_for_ever_is_no_hang() {
    if !installed(&["strace"]) {
        return;
    }
    let server = StandIn::start(Knobs::default());
    let home = Home::with_session();
    (WRITERS[0].furnish)(&server, &home);
    server.always(Call::Refresh, crate::support::Fault::Silence);
    let arguments = ["refresh", "my-sso", "--endpoint-timeout", "2s"];
    let ran = strace::run(
        &home,
        Some(&server),
        &arguments,
        strace::CALLS,
        Some("recvfrom:error=EINTR:when=1+"),
    );
    assert_eq!(ran.code, Some(7), "{}", ran.stderr);
}

#[test]
fn what_is_made_is_for_its_owner_alone_whatever_the_umask_says() {
    for umask in ["000", "077"] {
        let server = StandIn::start(knobs());
        let home = Home::with_session();
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        let run = |arguments: &[&str]| {
            home.program("bash")
                .args(["-c", &script])
                .arg_binary()
                .args(arguments)
                .at(&server)
                .may_print_secrets()
                .output()
        };
        run(&["login", "my-sso", "--device", "--no-browser"]).exits(0);
        run(&["process", "--profile", "dev"]).exits(0);
        for (directory, _) in [
            (".aws/sso/cache", 1),
            (".aws/cli/cache", 1),
            (".local/state/awsbadge/locks", 1),
        ] {
            assert_eq!(home.mode(directory), 0o700, "{directory} under {umask}");
            let names = home.names(directory);
            assert!(!names.is_empty(), "{directory}");
            for name in names {
                assert_eq!(
                    home.mode(&format!("{directory}/{name}")),
                    0o600,
                    "{name} under {umask}"
                );
            }
        }
    }
}
