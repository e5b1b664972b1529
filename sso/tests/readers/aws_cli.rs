//! The newest official AWS CLI: the same requests, the same files, each reads and refreshes what the other wrote.

use crate::install;
use crate::support::{
    ACCOUNT, Approval, Call, Home, Knobs, Output, Run, Running, StandIn, browser, http, role_file,
    token_file, unreachable, until,
};
use serde_json::Value;
use std::path::PathBuf;

/// The program, unless it can't be installed: that is recorded.
pub(crate) fn program() -> Option<PathBuf> {
    install::aws2()
        .map_err(|why| unreachable(&format!("no AWS CLI: {why}")))
        .ok()
}

/// A call of it.
pub(crate) fn aws<'h>(
    program: &std::path::Path,
    server: &StandIn,
    home: &'h Home,
    arguments: &[&str],
) -> Run<'h> {
    home.program(program.to_str().unwrap())
        .args(arguments)
        .at(server)
        .env("AWS_PROFILE", "dev")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("AWS_PAGER", "")
}

/// Our program, with a pretend browser.
fn ours<'h>(server: &StandIn, home: &'h Home, arguments: &[&str]) -> Run<'h> {
    home.run(arguments)
        .at(server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
}

fn furnished() -> (StandIn, Home) {
    let (server, home) = (StandIn::start(Knobs::default()), Home::with_session());
    browser::install(&home);
    (server, home)
}

/// A login of the AWS CLI by device code.
#[track_caller]
fn their_login(aws2: &std::path::Path, server: &StandIn, home: &Home) {
    let arguments = [
        "sso",
        "login",
        "--sso-session",
        "my-sso",
        "--no-browser",
        "--use-device-code",
    ];
    aws(aws2, server, home, &arguments).output().exits(0);
}

/// Makes the access token end in `seconds`.
fn age(home: &Home, seconds: i64) {
    let mut token = home.read_token("my-sso");
    token["expiresAt"] = crate::support::expires_in(seconds).into();
    home.token_json("my-sso", &token);
}

#[track_caller]
fn credentials(output: Output) -> Value {
    output.exits(0).json()
}

/// The bodies of these calls, without what is secret or new each time; and the client's name.
fn bodies(server: &StandIn) -> Vec<(Call, String)> {
    let blur = |value: &mut Value, key: &str| {
        if value.get(key).is_some_and(Value::is_string) {
            value[key] = format!("<{key}>").into();
        }
    };
    let mut bodies = Vec::new();
    for logged in server.log() {
        let mut body = logged.request.json();
        for key in [
            "clientName",
            "clientId",
            "clientSecret",
            "deviceCode",
            "code",
            "codeVerifier",
            "refreshToken",
        ] {
            blur(&mut body, key);
        }
        if let Some(uri) = body["redirectUri"].as_str() {
            let port = uri
                .split(':')
                .nth(2)
                .and_then(|rest| rest.split('/').next())
                .unwrap_or_default()
                .to_owned();
            body["redirectUri"] = uri.replace(&port, "PORT").into();
        }
        let names: Vec<&str> = logged
            .request
            .query
            .split('&')
            .filter_map(|pair| pair.split('=').next())
            .collect();
        bodies.push((
            logged.call,
            format!("{}?{} {body}", logged.request.path, names.join("&")),
        ));
    }
    bodies
}

#[test]
fn a_login_by_device_code_sends_the_same() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished();
    their_login(&aws2, &server, &home);
    let theirs = bodies(&server);
    let (server, home) = furnished();
    ours(
        &server,
        &home,
        &["login", "my-sso", "--device", "--no-browser"],
    )
    .output()
    .exits(0);
    let mut once = bodies(&server);
    // How often is asked is a matter of time.
    once.dedup();
    let mut wanted = theirs;
    wanted.dedup();
    assert_eq!(once, wanted);
}

#[test]
fn a_login_by_pkce_sends_the_same() {
    let Some(aws2) = program() else { return };
    let login = |run: Run<'_>, home: &Home, server: &StandIn| {
        let running = run.start();
        let url = browser::opened(home);
        browser::visit(&url);
        running.wait().exits(0);
        bodies(server)
    };
    let (server, home) = furnished();
    let arguments = ["sso", "login", "--sso-session", "my-sso"];
    let run = aws(&aws2, &server, &home, &arguments)
        .env("DISPLAY", ":0")
        .env("BROWSER", "pretend-browser %s &");
    let theirs = login(run, &home, &server);
    assert!(
        theirs.iter().any(|(call, _)| *call == Call::TokenByCode),
        "{theirs:?}"
    );
    let (server, home) = furnished();
    let run = ours(&server, &home, &["login", "my-sso", "--pkce"]);
    assert_eq!(login(run, &home, &server), theirs);
}

#[test]
fn a_refresh_and_a_call_for_credentials_and_a_logout_send_the_same() {
    let Some(aws2) = program() else { return };
    let steps = |ours_too: bool| {
        let (server, home) = furnished();
        home.token("my-sso", &server.login(), 60);
        if ours_too {
            ours(&server, &home, &["refresh", "my-sso"])
                .output()
                .exits(0);
            ours(&server, &home, &["process", "--profile", "dev"])
                .may_print_secrets()
                .output()
                .exits(0);
            ours(&server, &home, &["logout", "my-sso"])
                .output()
                .exits(0);
        } else {
            let export = ["configure", "export-credentials"];
            aws(&aws2, &server, &home, &export)
                .may_print_secrets()
                .output()
                .exits(0);
            aws(&aws2, &server, &home, &["sso", "logout"])
                .output()
                .exits(0);
        }
        bodies(&server)
    };
    assert_eq!(steps(true), steps(false));
}

#[test]
fn it_reads_the_login_and_the_roles_that_we_wrote() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished();
    ours(
        &server,
        &home,
        &["login", "my-sso", "--device", "--no-browser"],
    )
    .output()
    .exits(0);
    server.forget();
    let identity = aws(&aws2, &server, &home, &["sts", "get-caller-identity"])
        .output()
        .exits(0)
        .json();
    assert_eq!(identity["Account"], ACCOUNT);
    assert_eq!(
        (
            server.count(Call::Credentials),
            server.count(Call::Identity),
            server.total()
        ),
        (1, 1, 2)
    );

    // From our role cache, without a request.
    let (server, home) = furnished();
    home.token("my-sso", &server.login(), 3000);
    let process = ours(&server, &home, &["process", "--profile", "dev"])
        .may_print_secrets()
        .output();
    let ours = credentials(process);
    server.forget();
    let export = aws(&aws2, &server, &home, &["configure", "export-credentials"])
        .may_print_secrets()
        .output();
    let theirs = credentials(export);
    for key in ["AccessKeyId", "SecretAccessKey", "SessionToken"] {
        assert_eq!(theirs[key], ours[key], "{key}");
    }
    assert_eq!(server.total(), 0);
}

#[test]
fn we_read_the_login_and_the_roles_that_it_wrote() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished();
    their_login(&aws2, &server, &home);
    server.forget();
    let output = ours(&server, &home, &["refresh", "my-sso", "--json"])
        .output()
        .exits(0);
    assert_eq!(
        (output.json()[0]["state"].as_str(), server.total()),
        (Some("fresh"), 0)
    );
    let export = aws(&aws2, &server, &home, &["configure", "export-credentials"])
        .may_print_secrets()
        .output();
    let theirs = credentials(export);
    server.forget();
    let process = ours(&server, &home, &["process", "--profile", "dev"])
        .may_print_secrets()
        .output();
    let ours = credentials(process);
    for key in ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken"] {
        assert_eq!(ours[key], theirs[key], "{key}");
    }
    // It prints `+00:00`.
    let date = |value: &Value| {
        value["Expiration"]
            .as_str()
            .map(|text| text[..19].to_owned())
    };
    assert_eq!(date(&ours), date(&theirs));
    assert_eq!(server.total(), 0);
}

#[test]
fn each_refreshes_what_the_other_got() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished();
    their_login(&aws2, &server, &home);
    server.forget();
    for round in 1..=2 {
        age(&home, 60);
        ours(&server, &home, &["refresh", "my-sso"])
            .output()
            .exits(0);
        assert_eq!(server.count(Call::Refresh), 2 * round - 1);
        age(&home, 60);
        aws(
            &aws2,
            &server,
            &home,
            &["sso", "list-accounts", "--access-token", "none"],
        )
        .output();
        aws(&aws2, &server, &home, &["sts", "get-caller-identity"])
            .output()
            .exits(0);
        // Only a call that needs the token refreshes it.
        if home.read(&role_file(ACCOUNT, "Admin", "my-sso")).is_some() {
            home.remove(&role_file(ACCOUNT, "Admin", "my-sso"));
        }
        assert_eq!(server.count(Call::Refresh), 2 * round, "round {round}");
        let token = home.read_token("my-sso");
        assert!(
            server.is_refreshable(token["refreshToken"].as_str().unwrap()),
            "{token}"
        );
    }
}

#[test]
fn our_process_serves_it() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished();
    home.token("my-sso", &server.login(), 3000);
    let program = crate::support::binary().display();
    home.more_config(&format!(
        "\n[profile via]\nregion = eu-west-1\ncredential_process = \"{program}\" process --profile dev\n\
         [profile dead]\nregion = eu-west-1\ncredential_process = \"{program}\" process --profile dev --no-cache\n"
    ));
    let call = |profile: &str| {
        aws(
            &aws2,
            &server,
            &home,
            &["sts", "get-caller-identity", "--profile", profile],
        )
        .output()
    };
    assert_eq!(call("via").exits(0).json()["Account"], ACCOUNT);
    assert_eq!(server.count(Call::Credentials), 1);
    // What we say on failure reaches the person.
    home.remove(&token_file("my-sso"));
    let output = call("dead");
    assert_ne!(output.code, 0);
    assert!(output.stderr.contains("login"), "{}", output.show());
}

#[test]
fn its_logout_during_our_refresh_stays_a_logout() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished();
    home.token("my-sso", &server.login(), 60);
    server.hold(Call::Refresh);
    let refresh: Running<'_> = ours(&server, &home, &["refresh", "my-sso", "--json"]).start();
    server.wait_for_held(1);
    aws(&aws2, &server, &home, &["sso", "logout"])
        .output()
        .exits(0);
    server.release();
    let output = refresh.wait().exits(5);
    let word = output.json()[0]["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    // The service may have ended the session before it came to our refresh.
    assert!(
        matches!(word.as_str(), "logged-out-meanwhile" | "login-needed"),
        "{word}"
    );
    assert_eq!(home.read(&token_file("my-sso")), None);
}

#[test]
fn our_callback_does_not_end_as_its_does() {
    // The stand-in's own view of the AWS CLI, so that it is known when this changes: any request ends its login.
    let Some(aws2) = program() else { return };
    let (server, home) = furnished();
    server.set(|knobs| knobs.approval = Approval::Visit);
    let arguments = ["sso", "login", "--sso-session", "my-sso"];
    let running = aws(&aws2, &server, &home, &arguments)
        .env("DISPLAY", ":0")
        .env("BROWSER", "pretend-browser %s &")
        .start();
    let url = browser::opened(&home);
    let callback = browser::callback(&url);
    until(|| http::get(&format!("{callback}?error=access_denied")).ok()).unwrap();
    let output = running.wait();
    assert_ne!(output.code, 0, "{}", output.show());
}
