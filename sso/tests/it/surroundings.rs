//! What a process is surrounded by: locks that another one holds, odd files in place of a token, a browser that never
//! ends, and what others may see of it.

use crate::support::{
    ACCOUNT, Call, Home, Knobs, StandIn, browser, expires_in, installed, token, token_file, until,
};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

fn logged_in(left: i64) -> (StandIn, Home) {
    let (server, home) = (StandIn::start(Knobs::default()), Home::with_session());
    home.token("my-sso", &server.login(), left);
    browser::install(&home);
    (server, home)
}

/// Takes the lock over the token of `my-sso`, as a process does that hangs.
fn hold_the_lock(home: &Home) -> File {
    let name = token_file("my-sso");
    let key = name
        .rsplit('/')
        .next()
        .unwrap()
        .strip_suffix(".json")
        .unwrap();
    let path = format!(".local/state/awsbadge/locks/token-{key}.lock");
    home.file(&path, "");
    let file = File::open(home.path().join(path)).unwrap();
    file.lock().unwrap();
    file
}

#[test]
fn a_lock_that_is_never_freed_is_waited_for_only_so_long() {
    let (server, home) = logged_in(60);
    home.role(ACCOUNT, "Admin", 120);
    let _lock = hold_the_lock(&home);
    let refresh = home
        .run(["refresh", "my-sso", "--json"])
        .at(&server)
        .start();
    let cached = home
        .run(["process", "--profile", "dev"])
        .at(&server)
        .may_print_secrets()
        .start();
    let other = [
        "--session",
        "my-sso",
        "--account",
        ACCOUNT,
        "--role",
        "ReadOnly",
    ];
    let uncached = home
        .run(["process", "--json"])
        .args(other)
        .at(&server)
        .start();
    let output = refresh.wait().exits(1);
    assert_eq!(output.json()[0]["error"]["code"], "busy");
    // Two minutes of cached credentials are better than none.
    assert_eq!(cached.wait().exits(0).json()["AccessKeyId"], "ASIACACHED");
    assert_eq!(uncached.wait().exits(1).error_code(), "busy");
    assert_eq!(server.total(), 0);
    // A logout goes on.
    home.run(["logout", "my-sso"]).at(&server).output().exits(0);
    assert_eq!(home.read(&token_file("my-sso")), None);
}

#[test]
fn what_another_process_writes_ends_the_wait_for_its_lock() {
    let (server, home) = logged_in(60);
    let _lock = hold_the_lock(&home);
    let refresh = home
        .run(["refresh", "my-sso", "--json"])
        .at(&server)
        .start();
    let theirs = token(&server.login(), 3500);
    home.token_json("my-sso", &theirs);
    let output = refresh.wait().exits(0);
    assert_eq!(output.json()[0]["expires_at"], theirs["expiresAt"]);
    assert_eq!(server.total(), 0);
}

#[test]
fn what_is_no_file_is_no_token_and_no_hang() {
    if !installed(&["mkfifo"]) {
        return;
    }
    type Make = fn(&Home, &str);
    let makes: [(&str, Make); 4] = [
        ("a FIFO", |home, path| {
            home.program("mkfifo").args([path]).output().exits(0);
        }),
        ("a directory", |home, path| {
            fs::create_dir(home.path().join(path)).unwrap()
        }),
        ("a device", |home, path| {
            std::os::unix::fs::symlink("/dev/zero", home.path().join(path)).unwrap();
        }),
        ("a gigabyte", |home, path| {
            File::create(home.path().join(path))
                .unwrap()
                .set_len(1 << 30)
                .unwrap();
        }),
    ];
    for (what, make) in makes {
        let (server, home) = logged_in(60);
        home.remove(&token_file("my-sso"));
        make(&home, &token_file("my-sso"));
        let output = home
            .run(["refresh", "my-sso", "--json"])
            .at(&server)
            .output()
            .exits(4);
        assert_eq!(
            output.json()[0]["error"]["code"],
            "cache-unreadable",
            "{what}"
        );
        assert_eq!(server.total(), 0, "{what}");
    }
}

#[test]
fn a_token_that_others_could_read_is_ours_alone_afterwards() {
    let (server, home) = logged_in(60);
    let path = home.path().join(token_file("my-sso"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let before = fs::metadata(&path).unwrap().uid();
    home.run(["refresh", "my-sso"])
        .at(&server)
        .output()
        .exits(0);
    assert_eq!(home.mode(&token_file("my-sso")), 0o600);
    assert_eq!(fs::metadata(&path).unwrap().uid(), before);
}

#[test]
fn a_browser_is_never_waited_for() {
    let (server, home) = logged_in(60);
    home.remove(&token_file("my-sso"));
    home.stub(
        browser::BROWSER,
        "until [ -e \"$HOME/stop\" ]; do sleep 0.05; done; : > \"$HOME/stopped\"",
    );
    let running = home
        .run(["login", "my-sso", "--pkce"])
        .at(&server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
        .start();
    browser::visit(&browser::opened(&home));
    running.wait().exits(0);
    assert_eq!(home.read("stopped"), None);
    home.file("stop", "");
    until(|| home.read("stopped")).expect("the browser outlives the login");
}

#[test]
fn a_stop_in_the_middle_does_no_harm() {
    if !installed(&["/proc/self"]) {
        return;
    }
    let (server, home) = logged_in(60);
    home.remove(&token_file("my-sso"));
    let running = home
        .run(["login", "my-sso", "--pkce"])
        .at(&server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
        .start();
    let url = browser::opened(&home);
    let id = running.id();
    let state = || {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        text.rsplit(')')
            .next()
            .unwrap()
            .trim()
            .chars()
            .next()
            .unwrap()
    };
    running.signal(Signal::SIGSTOP);
    until(|| (state() == 'T').then_some(())).expect("it stops");
    let answer = std::thread::spawn(move || browser::visit(&url).status);
    server.wait_for(Call::Authorize, 1);
    running.signal(Signal::SIGCONT);
    assert_eq!(answer.join().unwrap(), 200);
    running.wait().exits(0);
}

#[test]
fn a_running_process_shows_no_secret_and_leaves_no_core() {
    if !installed(&["/proc/self"]) {
        return;
    }
    let (server, home) = logged_in(60);
    server.hold(Call::Refresh);
    let running = home.run(["refresh", "my-sso"]).at(&server).start();
    server.wait_for_held(1);
    let of = |file: &str| {
        String::from_utf8_lossy(&fs::read(format!("/proc/{}/{file}", running.id())).unwrap())
            .into_owned()
    };
    let limits = of("limits");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert!(core.split_whitespace().nth(4) == Some("0"), "{core}");
    for file in ["cmdline", "environ"] {
        assert!(!of(file).contains("SECRET-CANARY"), "{file}");
    }
    server.release();
    running.wait().exits(0);
}

#[test]
fn a_legacy_profile_is_served_and_never_refreshed() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let url = "https://old.awsapps.com/start#/";
    home.config(&format!(
        "[profile old]\nsso_start_url = {url}\nsso_region = us-east-1\nsso_account_id = {ACCOUNT}\n\
         sso_role_name = Admin\n"
    ));
    // Even with a refresh token: no tool refreshes one of these.
    home.token_json(url, &token(&server.login(), 600));
    let before = home.read(&token_file(url));
    let run = || {
        home.run(["process", "--profile", "old"])
            .at(&server)
            .may_print_secrets()
    };
    run().output().exits(0);
    assert_eq!(
        (server.count(Call::Refresh), server.count(Call::Credentials)),
        (0, 1)
    );
    let key = format!(r#"{{"accountId":"{ACCOUNT}","roleName":"Admin","startUrl":"{url}"}}"#);
    let file = format!(
        ".aws/cli/cache/{}.json",
        sha1_smol::Sha1::from(key).digest()
    );
    let cached: Value = serde_json::from_slice(&home.read(&file).unwrap()).unwrap();
    assert_eq!(cached["ProviderType"], json!("sso"));
    assert_eq!(home.read(&token_file(url)), before);
    // Past its time: a login is needed.
    home.remove(&file)
        .token_json(url, &token(&server.login(), -60));
    run().output().exits(5);
    assert_eq!(server.count(Call::Refresh), 0);
    assert!(home.read_token(url)["expiresAt"].as_str() < Some(&expires_in(0)));
}
