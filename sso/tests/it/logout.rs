//! `logout`: here first, then at the server, and no other tool's files.

use crate::support::{Call, Fault, Home, Knobs, Login, StandIn, role_file, token_file};
use serde_json::json;

/// A stand-in, and a home with two sessions, roles of both, and what other tools keep there.
fn furnished() -> (StandIn, Home, Login) {
    let server = StandIn::start(Knobs::default());
    let home = Home::with_session();
    home.more_config(
        "\n[profile second]\nsso_session = my-sso\nsso_account_id = 210987654321\nsso_role_name = Admin\n\
         \n[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-east-1\n\
         \n[profile theirs]\nsso_session = other\nsso_account_id = 123456789012\nsso_role_name = Admin\n",
    );
    let login = server.login();
    home.token("my-sso", &login, 3000)
        .token("other", &server.login(), 3000);
    home.role("123456789012", "Admin", 3000)
        .role("210987654321", "Admin", 3000);
    home.file(
        &role_file("123456789012", "Admin", "other"),
        role_of_other().to_string(),
    );
    home.file(".aws/cli/cache/session.db", "SECRET-CANARY-db");
    home.file(
        ".aws/sso/cache/registration.json",
        r#"{"clientId":"c","clientSecret":"SECRET-CANARY-r","expiresAt":"2030-01-01T00:00:00Z"}"#,
    );
    home.file(
        ".aws/sso/cache/kiro-auth-token.json",
        r#"{"accessToken":"SECRET-CANARY-kiro","expiresAt":"2030-01-01T00:00:00Z"}"#,
    );
    (server, home, login)
}

fn role_of_other() -> serde_json::Value {
    json!({"ProviderType": "sso", "Credentials": {"AccessKeyId": "ASIAOTHER", "SecretAccessKey": "SECRET-CANARY-o",
           "SessionToken": "SECRET-CANARY-t", "Expiration": "2030-01-01T00:00:00Z", "AccountId": "123456789012"}})
}

/// The files below `~/.aws/sso/cache` and `~/.aws/cli/cache`.
fn files(home: &Home) -> Vec<String> {
    [".aws/sso/cache", ".aws/cli/cache"]
        .iter()
        .flat_map(|directory| {
            home.names(directory)
                .into_iter()
                .map(move |name| format!("{directory}/{name}"))
        })
        .collect()
}

/// What is left of `before` after the logout of `my-sso`.
fn without_my_sso(before: &[String]) -> Vec<String> {
    let gone = [
        token_file("my-sso"),
        role_file("123456789012", "Admin", "my-sso"),
        role_file("210987654321", "Admin", "my-sso"),
    ];
    before
        .iter()
        .filter(|file| !gone.contains(file))
        .cloned()
        .collect()
}

#[test]
fn one_session_ends_and_only_its_files_go() {
    let (server, home, login) = furnished();
    let before = files(&home);
    let output = home.run(["logout", "my-sso"]).at(&server).output().exits(0);
    assert_eq!(output.stdout, "");
    assert_eq!(files(&home), without_my_sso(&before));
    let told = server.calls(Call::Logout);
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].header("x-amz-sso_bearer_token"),
        Some(login.access_token.as_str())
    );
    assert_eq!(told[0].body, b"");
    assert_eq!(server.total(), 1);
    // The second time there is nothing to do.
    let again = home.run(["logout", "my-sso"]).at(&server).output().exits(0);
    assert!(again.stderr.contains("not logged in"), "{}", again.show());
    assert_eq!(server.total(), 1);
}

#[test]
fn the_files_are_gone_before_the_server_is_asked() {
    let (server, home, _) = furnished();
    let before = files(&home);
    server.hold(Call::Logout);
    let running = home.run(["logout", "my-sso"]).at(&server).start();
    server.wait_for_held(1);
    assert_eq!(files(&home), without_my_sso(&before));
    server.release();
    running.wait().exits(0);
}

#[test]
fn offline_it_ends_here_all_the_same() {
    let (server, home, _) = furnished();
    let before = files(&home);
    let address = server.variables();
    drop(server);
    let run = address.into_iter().fold(
        home.run(["logout", "my-sso", "--json"]),
        |run, (name, value)| run.env(name, value),
    );
    let output = run.output().exits(7);
    assert_eq!(output.error_code(), "unreachable");
    assert!(
        output.stderr.contains("logged out here"),
        "{}",
        output.show()
    );
    assert_eq!(files(&home), without_my_sso(&before));
}

#[test]
fn local_asks_no_server() {
    let (server, home, _) = furnished();
    let before = files(&home);
    home.run(["logout", "my-sso", "--local"])
        .at(&server)
        .output()
        .exits(0);
    assert_eq!((files(&home), server.total()), (without_my_sso(&before), 0));
}

#[test]
fn a_token_that_the_server_does_not_know_is_fine() {
    let (server, home, login) = furnished();
    server.revoke(&login.access_token);
    home.run(["logout", "my-sso"]).at(&server).output().exits(0);
    assert_eq!(server.count(Call::Logout), 1);
}

#[test]
fn a_server_that_fails_is_reported_after_the_files_are_gone() {
    for (fault, word) in [
        (Fault::Error(500, "InternalServerException"), "server-error"),
        (crate::support::html(200), "bad-answer"),
        (Fault::Error(429, "TooManyRequestsException"), "throttled"),
    ] {
        let (server, home, _) = furnished();
        let before = files(&home);
        server.always(Call::Logout, fault);
        let output = home
            .run(["logout", "my-sso", "--json"])
            .at(&server)
            .output()
            .exits(7);
        assert_eq!(output.error_code(), word);
        assert_eq!(files(&home), without_my_sso(&before), "{word}");
    }
}

#[test]
fn all_ends_every_session_of_the_config_and_no_other_tools_login() {
    let (server, home, _) = furnished();
    let output = home.run(["logout", "--all"]).at(&server).output().exits(0);
    assert_eq!(server.count(Call::Logout), 2);
    let left = files(&home);
    assert_eq!(
        left,
        [
            ".aws/sso/cache/kiro-auth-token.json",
            ".aws/sso/cache/registration.json",
            ".aws/cli/cache/session.db"
        ]
    );
    assert!(
        output.stderr.contains("kiro-auth-token"),
        "other logins are named: {}",
        output.show()
    );
}

#[test]
fn roles_that_no_profile_names_any_more_go_too() {
    let (server, home, _) = furnished();
    // `process` fetches a role that no profile has.
    home.run([
        "process",
        "--session",
        "my-sso",
        "--account",
        "123456789012",
        "--role",
        "ReadOnly",
    ])
    .at(&server)
    .may_print_secrets()
    .output()
    .exits(0);
    let file = role_file("123456789012", "ReadOnly", "my-sso");
    assert!(home.read(&file).is_some());
    home.run(["logout", "my-sso"]).at(&server).output().exits(0);
    assert!(home.read(&file).is_none());
    assert!(
        home.read(&role_file("123456789012", "Admin", "other"))
            .is_some()
    );
}
