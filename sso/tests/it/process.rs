//! `process`, the `credential_process`: from the cache, else one call for everyone, and never a browser.

use crate::support::{
    ACCOUNT, Call, Fault, Home, Knobs, Login, Output, Run, Running, StandIn, browser, expires_in,
    html, role_file, seconds, token_file,
};
use serde_json::{Value, json};
use std::time::Duration;

fn furnished(left: i64) -> (StandIn, Home, Login) {
    let server = StandIn::start(Knobs::default());
    let home = Home::with_session();
    let login = server.login();
    home.token("my-sso", &login, left);
    browser::install(&home);
    (server, home, login)
}

fn process<'h>(server: &StandIn, home: &'h Home, arguments: &[&str]) -> Run<'h> {
    home.run(["process"])
        .args(arguments)
        .at(server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
        .may_print_secrets()
}

/// Asserts that stdout is one good object, and returns it.
#[track_caller]
fn credentials(output: &Output) -> Value {
    assert_eq!(output.code, 0, "{}", output.show());
    let object = output.json();
    let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "Version",
            "AccessKeyId",
            "SecretAccessKey",
            "SessionToken",
            "Expiration",
            "AccountId"
        ]
    );
    assert_eq!(
        (&object["Version"], &object["AccountId"]),
        (&json!(1), &json!(ACCOUNT))
    );
    object
}

/// Asserts that nothing but at most two lines on stderr came.
#[track_caller]
fn refused(output: &Output, code: i32) {
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (code, ""),
        "{}",
        output.show()
    );
    let lines = output.stderr.lines().count();
    assert!((1..=2).contains(&lines), "{}", output.show());
}

#[test]
fn cached_credentials_need_no_request() {
    let (server, home, _) = furnished(-3600);
    home.role(ACCOUNT, "Admin", 16 * 60);
    let output = process(&server, &home, &["--profile", "dev"]).output();
    let object = credentials(&output);
    assert_eq!(object["AccessKeyId"], "ASIACACHED");
    assert_eq!(output.stderr, "");
    assert_eq!(server.total(), 0);
    // Without any token, too: the AWS CLI does the same.
    home.remove(&token_file("my-sso"));
    credentials(&process(&server, &home, &["--profile", "dev"]).output());
    assert_eq!(server.total(), 0);
}

#[test]
fn what_is_fetched_is_cached_as_the_aws_cli_does() {
    for arguments in [
        vec!["--profile", "dev"],
        vec![
            "--session",
            "my-sso",
            "--account",
            ACCOUNT,
            "--role",
            "Admin",
        ],
    ] {
        let (server, home, login) = furnished(3000);
        home.role(ACCOUNT, "Admin", 14 * 60);
        let object = credentials(&process(&server, &home, &arguments).output());
        assert_eq!((server.count(Call::Credentials), server.total()), (1, 1));
        let asked = &server.calls(Call::Credentials)[0];
        assert_eq!(
            asked.header("x-amz-sso_bearer_token"),
            Some(login.access_token.as_str())
        );
        assert_eq!(asked.query, format!("role_name=Admin&account_id={ACCOUNT}"));
        let file = role_file(ACCOUNT, "Admin", "my-sso");
        let cached: Value = serde_json::from_slice(&home.read(&file).unwrap()).unwrap();
        let wanted = json!({"ProviderType": "sso", "Credentials": {
            "AccessKeyId": object["AccessKeyId"], "SecretAccessKey": object["SecretAccessKey"],
            "SessionToken": object["SessionToken"], "Expiration": object["Expiration"], "AccountId": ACCOUNT}});
        assert_eq!(cached.to_string(), wanted.to_string());
        assert_eq!(home.mode(&file), 0o600);
        let left = seconds(object["Expiration"].as_str().unwrap()) - seconds(&expires_in(0));
        assert!((3500..=3600).contains(&left), "{object}");
        // The next one is from the cache.
        assert_eq!(
            credentials(&process(&server, &home, &arguments).output()),
            object
        );
        assert_eq!(server.total(), 1);
        // And --no-cache is not.
        assert_ne!(
            credentials(
                &process(&server, &home, &[&arguments[..], &["--no-cache"]].concat()).output()
            ),
            object
        );
        assert_eq!(server.total(), 2);
    }
}

#[test]
fn a_hundred_processes_make_one_call() {
    for (left, refreshes) in [(3000, 0), (60, 1), (-60, 1)] {
        let (server, home, _) = furnished(left);
        server.hold(Call::Credentials);
        let running: Vec<Running> = (0..100)
            .map(|_| process(&server, &home, &["--profile", "dev"]).start())
            .collect();
        server.wait_for_held(1);
        server.release();
        let all: Vec<Value> = running
            .into_iter()
            .map(|run| credentials(&run.wait()))
            .collect();
        assert!(all.iter().all(|object| *object == all[0]));
        assert_eq!(
            (server.count(Call::Credentials), server.count(Call::Refresh)),
            (1, refreshes),
            "{left}"
        );
    }
}

#[test]
fn a_token_that_died_early_is_refreshed_once() {
    let (server, home, login) = furnished(3000);
    server.expire(&login.access_token);
    credentials(&process(&server, &home, &["--profile", "dev"]).output());
    assert_eq!(
        (server.count(Call::Credentials), server.count(Call::Refresh)),
        (2, 1)
    );
    assert!(server.is_valid(home.read_token("my-sso")["accessToken"].as_str().unwrap()));
    // The refresh does not help: once, and then a login is needed.
    let (server, home, _) = furnished(3000);
    server.always(
        Call::Credentials,
        Fault::Error(401, "UnauthorizedException"),
    );
    let output = process(&server, &home, &["--profile", "dev"]).output();
    refused(&output, 5);
    assert_eq!(
        (server.count(Call::Credentials), server.count(Call::Refresh)),
        (2, 1)
    );
    // The session is over.
    let (server, home, login) = furnished(3000);
    server.revoke(&login.access_token);
    let output = process(&server, &home, &["--profile", "dev"]).output();
    refused(&output, 5);
    assert_eq!(
        (server.count(Call::Credentials), server.count(Call::Refresh)),
        (1, 1)
    );
}

#[test]
fn it_never_opens_a_browser() {
    let (server, home, _) = furnished(3000);
    home.remove(&token_file("my-sso"));
    let output = process(&server, &home, &["--profile", "dev"]).output();
    refused(&output, 5);
    assert!(
        output.stderr.contains("login"),
        "says what to run: {}",
        output.show()
    );
    let output = process(&server, &home, &["--profile", "dev", "--json"]).output();
    assert_eq!(
        (output.code, output.error_code().as_str()),
        (5, "login-needed")
    );
    assert_eq!(server.total(), 0);
    assert!(home.calls(browser::BROWSER).is_empty());
}

#[test]
fn a_role_that_one_may_not_use_is_named() {
    for (fault, status) in [
        (None, 403),
        (Some(Fault::Error(404, "ResourceNotFoundException")), 404),
    ] {
        let (server, home, _) = furnished(3000);
        if let Some(fault) = fault {
            server.always(Call::Credentials, fault);
        }
        let arguments = [
            "--session",
            "my-sso",
            "--account",
            ACCOUNT,
            "--role",
            "Nobody",
        ];
        let output = process(&server, &home, &arguments).output();
        refused(&output, 8);
        assert!(
            output.stderr.contains(ACCOUNT) && output.stderr.contains("Nobody"),
            "{}",
            output.show()
        );
        let output = process(&server, &home, &[&arguments[..], &["--json"]].concat()).output();
        assert_eq!(output.error()["http"], status);
        assert_eq!(output.error_code(), "no-access");
        assert_eq!(home.names(".aws/cli/cache"), [""; 0]);
    }
}

#[test]
fn without_a_network_a_minute_of_cache_is_enough() {
    for (left, code) in [(14 * 60, 0), (90, 0), (30, 7)] {
        let (server, home, _) = furnished(3000);
        home.role(ACCOUNT, "Admin", left);
        server.always(
            Call::Credentials,
            Fault::Error(500, "InternalServerException"),
        );
        let output = process(&server, &home, &["--profile", "dev"]).output();
        match code {
            0 => {
                assert_eq!(credentials(&output)["AccessKeyId"], "ASIACACHED", "{left}");
                assert!(
                    (1..=2).contains(&output.stderr.lines().count()),
                    "a warning: {}",
                    output.show()
                );
            }
            _ => refused(&output, code),
        }
    }
}

#[test]
fn a_logout_during_the_call_leaves_no_credentials_in_the_cache() {
    let (server, home, _) = furnished(3000);
    server.hold(Call::Credentials);
    let running = process(&server, &home, &["--profile", "dev"]).start();
    server.wait_for_held(1);
    home.remove(&token_file("my-sso"));
    server.release();
    credentials(&running.wait());
    assert_eq!(home.names(".aws/cli/cache"), [""; 0]);
    assert_eq!(home.names(".aws/sso/cache"), [""; 0]);
}

#[test]
fn a_bad_answer_prints_nothing() {
    let edits: [fn(&mut Value); 6] = [
        |body| body["roleCredentials"]["expiration"] = 1000.into(),
        |body| body["roleCredentials"]["expiration"] = "soon".into(),
        |body| body["roleCredentials"]["expiration"] = 9_000_000_000_000_000_000_u64.into(),
        |body| body["roleCredentials"]["secretAccessKey"] = Value::Null,
        |body| body["roleCredentials"]["accessKeyId"] = "".into(),
        |body| *body = json!({}),
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        let (server, home, _) = furnished(3000);
        server.always(Call::Credentials, Fault::Edit(edit));
        let output = process(&server, &home, &["--profile", "dev"]).output();
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (7, ""),
            "edit {number}: {}",
            output.show()
        );
        assert!(!output.stderr.contains("SECRET-CANARY"), "edit {number}");
        assert_eq!(home.names(".aws/cli/cache"), [""; 0], "edit {number}");
    }
    let (server, home, _) = furnished(3000);
    server.always(Call::Credentials, html(200));
    refused(&process(&server, &home, &["--profile", "dev"]).output(), 7);
}

#[test]
fn a_broken_cache_is_fetched_anew() {
    for content in [
        "",
        "{",
        "[]",
        "{\"Credentials\": {}}",
        "\u{0}",
        r#"{"ProviderType":"sso","Credentials":{"AccessKeyId":"A","SecretAccessKey":"b","SessionToken":"c","Expiration":"never"}}"#,
    ] {
        let (server, home, _) = furnished(3000);
        home.file(&role_file(ACCOUNT, "Admin", "my-sso"), content);
        credentials(&process(&server, &home, &["--profile", "dev"]).output());
        assert_eq!(server.count(Call::Credentials), 1, "{content:?}");
    }
}

#[test]
fn what_is_no_sso_profile_is_a_usage_error() {
    let (server, home, _) = furnished(3000);
    home.more_config(
        "[profile keys]\naws_access_key_id = A\naws_secret_access_key = SECRET-CANARY-k\n",
    );
    for (arguments, code, word) in [
        (vec!["--profile", "keys"], 2, "not-sso"),
        (vec!["--profile", "nowhere"], 3, "no-such-profile"),
        (
            vec!["--session", "nowhere", "--account", "1", "--role", "R"],
            3,
            "no-such-session",
        ),
    ] {
        let output = process(&server, &home, &[&arguments[..], &["--json"]].concat()).output();
        assert_eq!(
            (output.code, output.error_code().as_str()),
            (code, word),
            "{}",
            output.show()
        );
        assert_eq!(output.stdout, "");
    }
    for arguments in [
        vec![],
        vec!["--session", "my-sso"],
        vec!["--profile", "dev", "--role", "R", "--session", "my-sso"],
    ] {
        let output = process(&server, &home, &arguments).output();
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (2, ""),
            "{arguments:?}: {}",
            output.show()
        );
    }
    assert_eq!(server.total(), 0);
}

#[test]
fn its_deadline_is_before_that_of_the_sdks() {
    let (server, home, _) = furnished(3000);
    server.always(Call::Credentials, Fault::Silence);
    let start = std::time::Instant::now();
    let output = process(&server, &home, &["--profile", "dev"]).output();
    refused(&output, 7);
    // .NET and Java give a credential_process about 15 s.
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn with_login_it_logs_in_first() {
    let (server, home, _) = furnished(3000);
    home.remove(&token_file("my-sso"));
    // By device code, as over SSH.
    let run = process(&server, &home, &["--profile", "dev", "--login"]);
    credentials(&run.env("SSH_TTY", "/dev/pts/1").output());
    assert_eq!(
        (server.count(Call::Device), server.count(Call::Credentials)),
        (1, 1)
    );
    assert!(server.is_valid(home.read_token("my-sso")["accessToken"].as_str().unwrap()));
}
