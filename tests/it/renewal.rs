//! `[login] renew = on`: `__refresh` starts awsbadge-sso in the background, which a stub stands in for.

use crate::support::fixtures::{SESSION, sso};
use crate::support::strace::{Ran, Strace};
use crate::support::{Home, Output, Shell, expires_in, installed, token_file, until};
use std::os::unix::fs::PermissionsExt as _;

const CONFIG: &str = concat!(
    sso!(),
    "
[profile legacy]
sso_start_url = https://myorg.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 210987654321
sso_role_name = ReadOnly

[profile top]
role_arn = arn:aws:iam::444444444444:role/Top
source_profile = dev

[profile bearer]
sso_session = my-sso

[profile keys]
aws_access_key_id = AKIA
aws_secret_access_key = SECRET-CANARY
"
);

/// The registration in a token is good for so many seconds more.
const REGISTERED: i64 = 80 * 86_400;

/// A home with `renew = on`, and a token with `left` seconds left that can be renewed.
fn home(left: i64) -> Home {
    let home = Home::new();
    home.config(CONFIG).settings("[login]\nrenew = on\n");
    home.renewing_token(SESSION, &expires_in(left), &expires_in(REGISTERED));
    home.stub("awsbadge-sso", "");
    home
}

/// What the hook runs, with `profile` active.
#[track_caller]
fn refresh(home: &Home, profile: &str) -> Output {
    let run = home.run(["__refresh", "--shell", "zsh", "--proto", "1"]);
    let output = run.env("AWS_PROFILE", profile).output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert!(output.stdout.contains("_awsbadge_x_done"));
    output
}

/// The note of the last attempt.
fn note(key: &str) -> String {
    let token = token_file(key);
    let name = token.rsplit('/').next().unwrap().trim_end_matches(".json");
    format!(".local/state/awsbadge/renewal-{name}")
}

/// Whether an attempt was made: the note is there before the program is started.
fn noted(home: &Home) -> bool {
    home.read(&note(SESSION)).is_some()
}

#[test]
fn it_is_off_unless_the_settings_turn_it_on_and_then_nothing_is_written() {
    for settings in ["", "[login]\nrenew = off\n", "[login]\nrenew = yes\n"] {
        let home = home(60);
        home.settings(settings);
        refresh(&home, "dev");
        assert!(home.calls("awsbadge-sso").is_empty());
        assert!(!home.path().join(".local").exists(), "{settings}");
    }
}

#[test]
fn a_login_is_renewed_if_it_can_be_and_has_less_than_twenty_minutes_left() {
    for (left, registered, profile, due) in [
        (1230, REGISTERED, "dev", false),
        (1190, REGISTERED, "dev", true),
        (1190, REGISTERED, "top", true),
        (1190, REGISTERED, "bearer", true),
        (-60, REGISTERED, "dev", true),
        (-7 * 3600, REGISTERED, "dev", true),
        // Longer ago than `renew_trust`.
        (-9 * 3600, REGISTERED, "dev", false),
        (1190, -60, "dev", false),
        (1190, REGISTERED, "keys", false),
        (1190, REGISTERED, "nobody", false),
    ] {
        let home = home(left);
        home.renewing_token(SESSION, &expires_in(left), &expires_in(registered));
        refresh(&home, profile);
        assert_eq!(noted(&home), due, "{left} {registered} {profile}");
        if due {
            home.wait_for_call("awsbadge-sso");
            assert_eq!(
                home.calls("awsbadge-sso"),
                [["refresh", "--quiet", "--", "my-sso"]]
            );
        }
    }
    let home = home(1190);
    home.token(SESSION, &expires_in(60));
    refresh(&home, "dev");
    assert!(!noted(&home), "a token without a refresh token");
    let start_url = "https://myorg.awsapps.com/start";
    home.renewing_token(start_url, &expires_in(60), &expires_in(REGISTERED));
    refresh(&home, "legacy");
    assert!(home.read(&note(start_url)).is_none(), "no tool renews it");
}

#[test]
fn it_needs_awsbadge_sso_and_settings_that_allow_it() {
    for (settings, installed) in [
        ("[login]\nrenew = on\nwith = aws\n", true),
        ("[login]\nrenew = on\n", false),
        ("[login]\nrenew = on\nwith = native\n", false),
    ] {
        let home = home(60);
        home.settings(settings);
        if !installed {
            home.remove("bin/awsbadge-sso");
        }
        refresh(&home, "dev");
        assert!(!noted(&home), "{settings}");
    }
}

#[test]
fn the_prompt_does_not_wait_for_it_and_nothing_of_it_reaches_the_terminal() {
    if !installed(&["/proc/self"]) {
        return;
    }
    let home = home(60);
    // It ends with the test's home.
    home.stub(
        "awsbadge-sso",
        "env > \"$HOME/seen\"\n\
         for fd in 0 1 2; do there=$(readlink /proc/$$/fd/$fd); echo \"$there\" >> \"$HOME/streams\"; done\n\
         cut -d' ' -f1,5 /proc/$$/stat > \"$HOME/group\"\n\
         echo noise; echo noise >&2\n\
         : > \"$HOME/started\"\n\
         while [ -d \"$HOME/bin\" ] && [ ! -e \"$HOME/end\" ]; do sleep 0.05; done; : > \"$HOME/ended\"",
    );
    let run = home.run(["__refresh", "--shell", "zsh", "--proto", "1"]);
    let output = run
        .env("AWS_PROFILE", "dev")
        .env("AWS_BEARER_TOKEN_BEDROCK", "SECRET-CANARY-bedrock")
        .output();
    assert_eq!(output.stderr, "");
    until(|| home.read("started")).unwrap();
    assert!(
        home.read("ended").is_none(),
        "awsbadge was done before it was"
    );
    let text = |name: &str| String::from_utf8(home.read(name).unwrap()).unwrap();
    assert_eq!(text("streams"), "/dev/null\n".repeat(3));
    let group = text("group");
    let (pid, group) = group.trim().split_once(' ').unwrap();
    assert_eq!(pid, group, "a Ctrl-C is for the shell alone");
    assert!(!text("seen").contains("SECRET-CANARY"));
    assert!(text("seen").contains("AWS_PROFILE=dev"));
    home.file("end", "");
    until(|| home.read("ended")).unwrap();
}

#[test]
fn many_prompts_at_once_and_one_after_the_other_start_one() {
    let home = home(60);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| refresh(&home, "dev"));
        }
    });
    home.wait_for_call("awsbadge-sso");
    for _ in 0..3 {
        refresh(&home, "top");
    }
    // One that came later would have to come before this one.
    home.remove(&note(SESSION));
    home.stub("awsbadge-sso", ": > \"$HOME/last\"");
    refresh(&home, "dev");
    until(|| home.read("last")).unwrap();
    assert_eq!(home.calls("awsbadge-sso").len(), 2);
}

#[test]
fn after_an_attempt_that_changed_nothing_it_waits_five_minutes_and_then_twice_as_long_each_time() {
    let expires = chrono::Utc::now().timestamp() + 60;
    let expires_at = chrono::DateTime::from_timestamp(expires, 0).unwrap();
    let expires_at = expires_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    for (ago, of, count, next) in [
        (270, expires, 1, None),
        (330, expires, 1, Some(2)),
        (570, expires, 2, None),
        (630, expires, 2, Some(3)),
        (3570, expires, 9, None),
        (3630, expires, 9, Some(10)),
        // That one was renewed: this one is the next.
        (330, expires - 3600, 5, Some(1)),
        (270, expires - 3600, 5, None),
    ] {
        let home = home(60);
        home.renewing_token(SESSION, &expires_at, &expires_in(REGISTERED));
        let before = format!("{} {of} {count}\n", chrono::Utc::now().timestamp() - ago);
        home.file(&note(SESSION), &before);
        refresh(&home, "dev");
        let after = String::from_utf8(home.read(&note(SESSION)).unwrap()).unwrap();
        match next {
            None => assert_eq!(after, before, "{ago} {count}"),
            Some(next) => {
                let (_, rest) = after.split_once(' ').unwrap();
                assert_eq!(rest, format!("{expires} {next}\n"), "{ago} {count}");
                home.wait_for_call("awsbadge-sso");
            }
        }
    }
}

#[test]
fn without_a_place_for_the_note_nothing_is_started() {
    let home = home(60);
    home.file(".local/state/awsbadge", "in the way");
    refresh(&home, "dev");
    home.remove(".local/state/awsbadge");
    refresh(&home, "dev");
    home.wait_for_call("awsbadge-sso");
    assert_eq!(home.calls("awsbadge-sso").len(), 1);
    let about = std::fs::metadata(home.path().join(note(SESSION))).unwrap();
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
}

#[test]
fn whatever_fails_the_badge_is_whole_and_the_note_is_whole_after_the_next_prompt() {
    if !installed(&["strace"]) {
        return;
    }
    let home = || {
        let home = home(60);
        home.remove("bin/awsbadge-sso");
        std::os::unix::fs::symlink("/bin/true", home.path().join("bin/awsbadge-sso")).unwrap();
        home
    };
    let traced = |home: &Home, fault: Option<&str>| {
        let strace = Strace::new(
            home,
            "openat,mkdir,flock,pwrite64,clone,clone3,vfork,execve",
        );
        let strace = fault.into_iter().fold(strace, Strace::inject);
        let output = strace
            .command()
            .args(["__refresh", "--shell", "zsh", "--proto", "1"])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", home.path().join("bin"))
            .env("LANG", "C.UTF-8")
            .env("AWS_PROFILE", "dev")
            .output()
            .unwrap();
        Ran::new(&output, strace.trace())
    };
    let good = traced(&home(), None);
    for call in ["flock", "pwrite64"] {
        assert_eq!(good.trace.count(call), 1, "{call}: {}", good.trace.0);
    }
    let mut faults = good.trace.faults(
        &["error=EIO", "error=ENOSPC", "error=EINTR", "signal=KILL"],
        &["error=EACCES"],
    );
    // The first one starts awsbadge itself.
    faults.retain(|fault| fault.call != "execve" || fault.nth > 1);
    assert!(faults.len() > 20, "{}", faults.len());
    for fault in faults {
        let home = home();
        let ran = traced(&home, Some(&fault.text()));
        let killed = fault.action == "signal=KILL";
        assert!(ran.stderr.is_empty(), "{}: {}", fault.text(), ran.stderr);
        assert_eq!(ran.code, (!killed).then_some(0), "{}", fault.text());
        refresh(&home, "dev");
        let note = String::from_utf8(home.read(&note(SESSION)).unwrap()).unwrap();
        let numbers: Vec<&str> = note.trim_end().split(' ').collect();
        assert!(
            note.ends_with(" 1\n") && numbers.len() == 3,
            "{}: {note:?}",
            fault.text()
        );
    }
}

#[test]
fn the_badge_shows_the_renewed_login_at_the_next_prompt() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home(10 * 60 + 50);
        let fresh = token_file("fresh");
        home.renewing_token("fresh", &expires_in(8 * 3600 + 50), &expires_in(REGISTERED));
        home.stub(
            "awsbadge-sso",
            &format!(
                "cd \"$HOME\" && cp {fresh} new && mv new {}; : > done",
                token_file(SESSION)
            ),
        );
        let term = home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .open(&shell.rc("--prompt left"));
        until(|| home.read("done")).unwrap();
        term.type_line("clear; echo again");
        term.wait_for("aws:dev 8h0m↻");
        assert_eq!(home.calls("awsbadge-sso").len(), 1, "{shell}");
    }
}
