//! `login`: by PKCE with pretend browsers, by device code, by pasting the address back; one login for all terminals.

use crate::support::{
    Approval, Call, Fault, Home, Knobs, Pty, Run, Running, START_URL, StandIn, browser, expires_in,
    http, installed, seconds, token_file, until,
};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

fn furnished(knobs: Knobs) -> (StandIn, Home) {
    let (server, home) = (StandIn::start(knobs), Home::with_session());
    browser::install(&home);
    (server, home)
}

/// `login` with a display and the pretend browser.
fn login<'h>(server: &StandIn, home: &'h Home, arguments: &[&str]) -> Run<'h> {
    home.run(["login"])
        .args(arguments)
        .at(server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
}

/// A login by PKCE that has opened its browser, and the address.
#[track_caller]
fn opened<'h>(server: &StandIn, home: &'h Home, arguments: &[&str]) -> (Running<'h>, String) {
    let running = login(server, home, &[&["my-sso", "--pkce"], arguments].concat()).start();
    let url = browser::opened(home);
    (running, url)
}

/// Asserts that the token file of `my-sso` is whole and good at the server.
#[track_caller]
fn logged_in(server: &StandIn, home: &Home) {
    let token = home.read_token("my-sso");
    assert!(
        server.is_valid(token["accessToken"].as_str().unwrap_or_default()),
        "{token}"
    );
    assert!(server.is_refreshable(token["refreshToken"].as_str().unwrap_or_default()));
    assert_eq!(home.mode(&token_file("my-sso")), 0o600);
    let keys: Vec<&String> = token.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "startUrl",
            "region",
            "accessToken",
            "expiresAt",
            "clientId",
            "clientSecret",
            "registrationExpiresAt",
            "refreshToken"
        ]
    );
    assert_eq!(
        (&token["startUrl"], &token["region"]),
        (&json!(START_URL), &json!("eu-west-1"))
    );
    let left = seconds(token["expiresAt"].as_str().unwrap()) - seconds(&expires_in(0));
    assert!((3500..=3600).contains(&left), "{token}");
    let names = home.names(".aws/sso/cache");
    assert!(
        names.iter().all(|name| name.ends_with(".json")),
        "{names:?}"
    );
}

/// Asserts that nothing was written to the token file.
#[track_caller]
fn not_logged_in(home: &Home) {
    assert_eq!(home.read(&token_file("my-sso")), None);
    let names = home.names(".aws/sso/cache");
    assert!(
        names.iter().all(|name| name.ends_with(".json")),
        "{names:?}"
    );
}

#[test]
fn pkce_by_a_good_browser() {
    let (server, home) = furnished(Knobs::default());
    home.role("123456789012", "Admin", 3000);
    let (running, url) = opened(&server, &home, &[]);
    let page = browser::visit(&url);
    let output = running.wait().exits(0);
    assert_eq!(output.stdout, "");
    logged_in(&server, &home);
    // A new login is new everywhere.
    assert_eq!(home.names(".aws/cli/cache"), [""; 0]);

    // The page on which the browser ends.
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(
        page.header("content-type")
            .unwrap_or_default()
            .starts_with("text/html")
    );
    let text = page.text();
    let (_, query) = url.split_once('?').unwrap();
    let state = http::parameter(query, "state").unwrap();
    for word in [
        "SECRET-CANARY",
        state.as_str(),
        "http://",
        "https://",
        "src=",
        "href=",
        "<script",
    ] {
        assert!(!text.contains(word), "{word} in {text}");
    }

    // The requests are those of the AWS CLI, but for the client's name.
    let registered = server.calls(Call::Register);
    let issuer = START_URL;
    let wanted = json!({"clientName": "awsbadge", "clientType": "public", "scopes": ["sso:account:access"],
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"], "issuerUrl": issuer});
    assert_eq!(registered.len(), 1);
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(keys(&registered[0].json()), keys(&wanted));
    assert_eq!(registered[0].json(), wanted);
    let asked = &server.calls(Call::Authorize)[0];
    let names: Vec<&str> = asked
        .query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .collect();
    let order = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "code_challenge_method",
        "scopes",
        "code_challenge",
    ];
    assert_eq!(names, order);
    assert_eq!(
        asked.parameter("scopes").as_deref(),
        Some("sso:account:access")
    );
    let state = asked.parameter("state").unwrap();
    assert!(
        state.len() == 36 && state.as_bytes()[14] == b'4',
        "a version 4 UUID: {state}"
    );
    let sent = server.calls(Call::TokenByCode)[0].json();
    let names: Vec<&String> = sent.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "grantType",
            "clientId",
            "clientSecret",
            "redirectUri",
            "codeVerifier",
            "code"
        ]
    );
    assert_eq!(sent["redirectUri"], browser::callback(&url));
    assert_eq!(server.total(), 3);
}

#[test]
fn strangers_at_the_callback_end_nothing() {
    let (server, home) = furnished(Knobs::default());
    let (running, url) = opened(&server, &home, &[]);
    let (silent, answers) = browser::annoy(&url);
    for (request, status) in answers {
        assert!(matches!(status, 400 | 404 | 405), "{request}: {status}");
    }
    let page = browser::visit(&url);
    running.wait().exits(0);
    assert_eq!(page.status, 200);
    logged_in(&server, &home);
    assert_eq!(
        server.count(Call::TokenByCode),
        1,
        "no forged code was tried"
    );
    drop(silent);
}

#[test]
fn the_callback_listens_on_loopback_only() {
    if !installed(&["/proc/net/tcp"]) {
        return;
    }
    let (server, home) = furnished(Knobs::default());
    let (running, url) = opened(&server, &home, &[]);
    let port = browser::callback(&url)
        .split(':')
        .nth(2)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let hex = format!("{:04X}", port.parse::<u16>().unwrap());
    // State 0A is LISTEN; 0100007F is 127.0.0.1.
    let listeners = |path: &str| {
        let table = std::fs::read_to_string(path).unwrap_or_default();
        let local = |line: &str| {
            let mut words = line.split_whitespace().skip(1);
            let (local, state) = (words.next()?.to_owned(), words.nth(1)?.to_owned());
            (state == "0A" && local.ends_with(&format!(":{hex}"))).then_some(local)
        };
        table.lines().filter_map(local).collect::<Vec<_>>()
    };
    assert_eq!(listeners("/proc/net/tcp"), [format!("0100007F:{hex}")]);
    assert_eq!(listeners("/proc/net/tcp6"), [""; 0]);
    browser::visit(&url);
    running.wait().exits(0);
}

#[test]
fn a_browser_may_answer_before_anyone_accepts() {
    if !installed(&["strace", "bash"]) {
        return;
    }
    let (server, home) = furnished(Knobs::default());
    // The browser itself goes the whole way, while the program is kept from its first accept for two seconds.
    home.stub(
        browser::BROWSER,
        "exec bash -c '\n\
         get() { local rest=${1#http://}; local host=${rest%%/*}; exec 3<>/dev/tcp/${host%:*}/${host#*:}\n\
         printf \"GET /%s HTTP/1.1\\r\\nHost: %s\\r\\n\\r\\n\" \"${rest#*/}\" \"$host\" >&3; }\n\
         get \"$1\"; to=$(sed -n \"s/^Location: //p\" <&3 | tr -d \"\\r\"); get \"$to\"\n\
         : >\"$HOME/sent\"; cat <&3 >\"$HOME/page\"' browser \"$1\"",
    );
    let running = home
        .program("strace")
        .args([
            "-f",
            "-o",
            "/dev/null",
            "-e",
            "trace=accept4,poll,ppoll",
            "-e",
            "inject=accept4:delay_enter=2000000:when=1",
        ])
        .args([
            crate::support::binary().to_str().unwrap(),
            "login",
            "my-sso",
            "--pkce",
        ])
        .at(&server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
        .start();
    running.wait().exits(0);
    logged_in(&server, &home);
    until(|| {
        home.read("page")
            .filter(|page| page.starts_with(b"HTTP/1.1 200"))
    })
    .expect("the page came");
}

#[test]
fn a_refusal_in_the_browser_is_a_refusal() {
    let (server, home) = furnished(Knobs {
        consent: Err("access_denied"),
        ..Knobs::default()
    });
    let (running, url) = opened(&server, &home, &["--json"]);
    let page = browser::visit(&url);
    let output = running.wait().exits(8);
    assert_eq!(output.error_code(), "denied");
    assert!(
        !page.text().contains("access_denied"),
        "nothing of the query is shown: {}",
        page.text()
    );
    not_logged_in(&home);
}

#[test]
fn a_code_that_the_service_refuses_is_no_login() {
    let (server, home) = furnished(Knobs::default());
    server.always(
        Call::TokenByCode,
        Fault::Error(400, "InvalidGrantException"),
    );
    let (running, url) = opened(&server, &home, &[]);
    browser::visit(&url);
    let output = running.wait();
    assert!(matches!(output.code, 4 | 5), "{}", output.show());
    not_logged_in(&home);
}

#[test]
fn events_are_lines_of_json() {
    let (server, home) = furnished(Knobs::default());
    let running = login(&server, &home, &["my-sso", "--pkce", "--json"]).start();
    let url = browser::opened(&home);
    running.wait_for_stdout("\n");
    browser::visit(&url);
    let output = running.wait().exits(0);
    let events: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (first, last) = (&events[0], events.last().unwrap());
    assert_eq!(
        (&first["event"], &first["flow"], &first["code"]),
        (&json!("open"), &json!("pkce"), &Value::Null)
    );
    assert_eq!(first["url"], url.as_str());
    assert!(seconds(first["expires_at"].as_str().unwrap()) > seconds(&expires_in(500)));
    assert_eq!(
        (&last["event"], &last["session"], &last["flow"]),
        (&json!("done"), &json!("my-sso"), &json!("pkce"))
    );
    assert_eq!(last["refreshable"], true);
    assert_eq!(last["expires_at"], home.read_token("my-sso")["expiresAt"]);
    assert!(
        last["token_file"]
            .as_str()
            .unwrap()
            .ends_with(&token_file("my-sso")),
        "{last}"
    );
    assert!(
        events[1..events.len() - 1]
            .iter()
            .all(|event| event["event"] == "waiting" && event["left"].is_number())
    );
}

#[test]
fn device_code() {
    let (server, home) = furnished(Knobs {
        approval: Approval::Visit,
        ..Knobs::default()
    });
    let running = login(&server, &home, &["my-sso", "--device", "--no-browser"]).start();
    let text = running.wait_for_stderr("user_code=");
    let address = text
        .lines()
        .find(|line| line.contains("user_code="))
        .unwrap();
    // Alone on its line: a terminal takes what follows along.
    assert_eq!(
        address.trim(),
        format!("{}/device?user_code=ABCD-EFGH", server.url())
    );
    assert!(text.contains("ABCD-EFGH"), "{text}");
    server.wait_for(Call::TokenByDevice, 2);
    http::get(address.trim()).unwrap();
    let output = running.wait().exits(0);
    assert_eq!(output.stdout, "");
    logged_in(&server, &home);
    assert!(home.calls(browser::BROWSER).is_empty());

    let registered = server.calls(Call::Register)[0].json();
    let wanted =
        json!({"clientName": "awsbadge", "clientType": "public", "scopes": ["sso:account:access"]});
    assert_eq!(registered.to_string(), wanted.to_string());
    let sent = server.calls(Call::Device)[0].json();
    let names: Vec<&String> = sent.as_object().unwrap().keys().collect();
    assert_eq!(names, ["clientId", "clientSecret", "startUrl"]);
    assert_eq!(sent["startUrl"], START_URL);
    let sent = server.calls(Call::TokenByDevice)[0].json();
    let names: Vec<&String> = sent.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["grantType", "clientId", "clientSecret", "deviceCode"]
    );
}

#[test]
fn row_115_what_the_polls_of_a_device_code_may_answer() {
    for (fault, code, word) in [
        (Fault::Error(400, "AccessDeniedException"), 8, "denied"),
        (
            Fault::Error(400, "ExpiredTokenException"),
            5,
            "code-expired",
        ),
        (
            Fault::Error(400, "InvalidRequestException"),
            7,
            "bad-answer",
        ),
    ] {
        let (server, home) = furnished(Knobs::default());
        server.on(Call::TokenByDevice, 2..=usize::MAX, fault.clone());
        server.set(|knobs| knobs.approval = Approval::Visit);
        let output = login(&server, &home, &["my-sso", "--device", "--json"]).output();
        if word == "bad-answer" {
            // Another refusal ends it, whatever it is called.
            assert_ne!(output.code, 0, "{fault:?}: {}", output.show());
        } else {
            assert_eq!(
                (output.code, output.error_code().as_str()),
                (code, word),
                "{}",
                output.show()
            );
        }
        assert_eq!(server.count(Call::TokenByDevice), 2, "{fault:?}");
        not_logged_in(&home);
    }
    // Asked to slow down, it waits five seconds more: this code does not live that long.
    let (server, home) = furnished(Knobs {
        approval: Approval::Visit,
        device_ttl: 4,
        ..Knobs::default()
    });
    server.on(
        Call::TokenByDevice,
        1..=1,
        Fault::Error(400, "SlowDownException"),
    );
    let output = login(&server, &home, &["my-sso", "--device", "--json"]).output();
    assert_eq!(output.error_code(), "code-expired", "{}", output.show());
    assert_eq!(server.count(Call::TokenByDevice), 1);
    // Faults of the network and of the server are waited out.
    for fault in [
        Fault::Error(500, "InternalServerException"),
        Fault::Drop,
        Fault::Error(429, "TooManyRequestsException"),
    ] {
        let (server, home) = furnished(Knobs {
            approval: Approval::AfterPolls(0),
            ..Knobs::default()
        });
        server.on(Call::TokenByDevice, 1..=2, fault.clone());
        login(&server, &home, &["my-sso", "--device"])
            .output()
            .exits(0);
        logged_in(&server, &home);
    }
}

#[test]
fn a_code_that_is_never_approved_ends() {
    let (server, home) = furnished(Knobs {
        approval: Approval::Visit,
        device_ttl: 3,
        ..Knobs::default()
    });
    let output = login(&server, &home, &["my-sso", "--device", "--json"])
        .output()
        .exits(5);
    assert_eq!(output.error_code(), "code-expired");
    not_logged_in(&home);
}

#[test]
fn a_dead_registration_is_replaced_once() {
    let (server, home) = furnished(Knobs::default());
    login(&server, &home, &["my-sso", "--device"])
        .output()
        .exits(0);
    assert_eq!(server.count(Call::Register), 1);
    // The registration is used again.
    login(&server, &home, &["my-sso", "--device", "--force"])
        .output()
        .exits(0);
    assert_eq!(server.count(Call::Register), 1);
    // The service has forgotten it.
    server.on(
        Call::Device,
        3..=3,
        Fault::Error(401, "InvalidClientException"),
    );
    login(&server, &home, &["my-sso", "--device", "--force"])
        .output()
        .exits(0);
    assert_eq!(server.count(Call::Register), 2);
    logged_in(&server, &home);
    // It goes on forgetting: one new one, and no more.
    server.always(Call::Device, Fault::Error(401, "InvalidClientException"));
    let output = login(&server, &home, &["my-sso", "--device", "--force"]).output();
    assert_ne!(output.code, 0);
    assert_eq!(server.count(Call::Register), 3);
}

#[test]
fn a_registration_with_less_than_seven_days_is_not_used() {
    let (server, home) = furnished(Knobs {
        client_ttl: 6 * 86_400,
        ..Knobs::default()
    });
    for count in [1, 2] {
        login(&server, &home, &["my-sso", "--device", "--force"])
            .output()
            .exits(0);
        assert_eq!(server.count(Call::Register), count);
    }
    server.set(|knobs| knobs.client_ttl = 8 * 86_400);
    for _ in 0..2 {
        login(&server, &home, &["my-sso", "--device", "--force"])
            .output()
            .exits(0);
        assert_eq!(server.count(Call::Register), 3);
    }
}

#[test]
fn the_flows_have_registrations_of_their_own_and_leave_those_of_the_aws_cli() {
    let (server, home) = furnished(Knobs::default());
    // Named as the AWS CLI names it.
    let key = r#"{"region": "eu-west-1", "scopes": ["sso:account:access"], "session_name": "my-sso", "startUrl": "https://my.awsapps.com/start", "tool": "botocore"}"#;
    let theirs = token_file(key);
    let content = r#"{"clientId": "theirs", "clientSecret": "SECRET-CANARY-theirs", "expiresAt": "2030-01-01T00:00:00Z", "scopes": ["sso:account:access"]}"#;
    home.file(&theirs, content);
    login(&server, &home, &["my-sso", "--device", "--no-browser"])
        .output()
        .exits(0);
    let (running, url) = opened(&server, &home, &["--force"]);
    browser::visit(&url);
    running.wait().exits(0);
    login(
        &server,
        &home,
        &["my-sso", "--device", "--no-browser", "--force"],
    )
    .output()
    .exits(0);
    assert_eq!(server.count(Call::Register), 2);
    assert_eq!(home.read(&theirs).as_deref(), Some(content.as_bytes()));
    for name in home.names(".aws/sso/cache") {
        assert_eq!(
            home.mode(&format!(".aws/sso/cache/{name}")),
            0o600,
            "{name}"
        );
    }
}

#[test]
fn a_login_that_is_not_needed_is_not_made() {
    // Renewable with little left, or past its time: renewed at the server.
    for left in [60, -3600] {
        let (server, home) = furnished(Knobs::default());
        home.token("my-sso", &server.login(), left);
        login(&server, &home, &["my-sso"]).output().exits(0);
        assert_eq!((server.count(Call::Refresh), server.total()), (1, 1));
        assert!(home.calls(browser::BROWSER).is_empty());
        logged_in(&server, &home);
    }
    // Enough left, renewable or not.
    for renewable in [true, false] {
        let (server, home) = furnished(Knobs::default());
        home.token("my-sso", &server.login(), 47 * 60);
        if !renewable {
            let mut token = home.read_token("my-sso");
            token.as_object_mut().unwrap().shift_remove("refreshToken");
            home.token_json("my-sso", &token);
        }
        let output = login(&server, &home, &["my-sso"]).output().exits(0);
        assert_eq!(server.total(), 0);
        assert!(!output.stderr.is_empty(), "says until when");
    }
    // The refresh token is dead: a login.
    let (server, home) = furnished(Knobs::default());
    home.token("my-sso", &server.login(), 60);
    server.always(Call::Refresh, Fault::Error(400, "InvalidGrantException"));
    login(&server, &home, &["my-sso", "--device"])
        .output()
        .exits(0);
    assert_eq!(server.count(Call::TokenByDevice), 2);
    logged_in(&server, &home);
    // --force is a login, whatever is there.
    let (server, home) = furnished(Knobs::default());
    let before = server.login();
    home.token("my-sso", &before, 47 * 60);
    login(&server, &home, &["my-sso", "--device", "--force"])
        .output()
        .exits(0);
    assert_ne!(
        home.read_token("my-sso")["accessToken"],
        before.access_token.as_str()
    );
    assert_eq!(server.count(Call::Refresh), 0);
}

#[test]
fn two_terminals_make_one_login() {
    let (server, home) = furnished(Knobs {
        approval: Approval::Visit,
        ..Knobs::default()
    });
    let first = login(&server, &home, &["my-sso", "--device"]).start();
    server.wait_for(Call::TokenByDevice, 2);
    let second = login(&server, &home, &["my-sso", "--device"]).start();
    second.wait_for_stderr("waiting");
    server.approve();
    first.wait().exits(0);
    second.wait().exits(0);
    assert_eq!(
        (server.count(Call::Register), server.count(Call::Device)),
        (1, 1)
    );
    logged_in(&server, &home);
}

#[test]
fn the_second_terminal_goes_on_when_the_first_is_killed() {
    let (server, home) = furnished(Knobs {
        approval: Approval::Visit,
        ..Knobs::default()
    });
    let first = login(&server, &home, &["my-sso", "--device"]).start();
    server.wait_for(Call::TokenByDevice, 2);
    let second = login(&server, &home, &["my-sso", "--device"]).start();
    second.wait_for_stderr("waiting");
    first.signal(Signal::SIGKILL);
    first.wait();
    server.wait_for(Call::Device, 2);
    server.approve();
    second.wait().exits(0);
    logged_in(&server, &home);
}

#[test]
fn a_taken_port_is_an_error_and_opens_no_browser() {
    let (server, home) = furnished(Knobs::default());
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = login(
        &server,
        &home,
        &["my-sso", "--pkce", "--json", "--redirect-port", &port],
    )
    .output()
    .exits(1);
    assert_eq!(output.error_code(), "port-taken");
    assert!(home.calls(browser::BROWSER).is_empty());
    assert_eq!(output.stdout, "");
    drop(taken);
    let (running, url) = opened(&server, &home, &["--redirect-port", &port]);
    assert_eq!(
        browser::callback(&url),
        format!("http://127.0.0.1:{port}/oauth/callback")
    );
    browser::visit(&url);
    running.wait().exits(0);
}

#[test]
fn an_end_by_a_signal_or_by_time_writes_nothing() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        for flow in ["--pkce", "--device"] {
            let (server, home) = furnished(Knobs {
                approval: Approval::Visit,
                ..Knobs::default()
            });
            let running = login(&server, &home, &["my-sso", flow]).start();
            match flow {
                "--pkce" => drop(browser::opened(&home)),
                _ => server.wait_for(Call::TokenByDevice, 2),
            }
            running.signal(signal);
            running.wait().exits(code);
            not_logged_in(&home);
        }
    }
    let (server, home) = furnished(Knobs::default());
    let output = login(
        &server,
        &home,
        &["my-sso", "--pkce", "--json", "--timeout", "1s"],
    )
    .output()
    .exits(5);
    assert_eq!(output.error_code(), "timed-out");
    not_logged_in(&home);
}

#[test]
fn the_flow_is_chosen_by_what_is_there() {
    let (server, home) = furnished(Knobs {
        approval: Approval::Visit,
        ..Knobs::default()
    });
    home.stub("xdg-open", "");
    let container = ["/.dockerenv", "/run/.containerenv"]
        .iter()
        .any(|file| Path::new(file).exists());
    let (display, browser) = (("DISPLAY", ":0"), ("BROWSER", browser::BROWSER));
    let here = [display, browser];
    let with = |more: (&'static str, &'static str)| vec![display, browser, more];
    for (variables, flow) in [
        (here.to_vec(), "pkce"),
        (vec![("WAYLAND_DISPLAY", "wayland-0"), browser], "pkce"),
        (vec![display], "pkce"),
        (vec![browser], "pkce"),
        (vec![], "device"),
        (with(("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22")), "device"),
        (with(("SSH_TTY", "/dev/pts/1")), "device"),
        (with(("SSH_CLIENT", "1.2.3.4 5 22")), "device"),
        (with(("WSL_DISTRO_NAME", "Debian")), "device"),
        (with(("CODESPACES", "true")), "device"),
        (with(("CLOUD_SHELL", "true")), "device"),
        (with(("REMOTE_CONTAINERS", "true")), "device"),
        (with(("CI", "true")), "device"),
    ] {
        let run = home
            .run(["login", "my-sso", "--json", "--force"])
            .at(&server);
        let run = variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value));
        let running = run.start();
        let first = running.wait_for_stdout("\n");
        let event: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
        let flow = if container { "device" } else { flow };
        assert_eq!(event["flow"], flow, "{variables:?}");
        running.signal(Signal::SIGINT);
        running.wait();
    }
}

#[test]
fn a_legacy_profile_logs_in_by_device_code_without_scopes() {
    let (server, home) = furnished(Knobs::default());
    home.config(
        "[profile old]\nsso_start_url = https://old.awsapps.com/start#/\nsso_region = us-east-1\n\
         sso_account_id = 123456789012\nsso_role_name = Admin\n",
    );
    login(&server, &home, &["--profile", "old"])
        .output()
        .exits(0);
    let token = home.read_token("https://old.awsapps.com/start#/");
    assert!(
        server.is_valid(token["accessToken"].as_str().unwrap()),
        "{token}"
    );
    assert_eq!(
        (&token["refreshToken"], &token["region"]),
        (&Value::Null, &json!("us-east-1"))
    );
    let registered = server.calls(Call::Register)[0].json();
    assert_eq!(registered["scopes"], Value::Null);
    assert_eq!(
        server.calls(Call::Device)[0].json()["startUrl"],
        "https://old.awsapps.com/start#/"
    );
}

#[test]
fn row_117_an_address_that_is_not_the_services_own_is_refused() {
    for address in [
        "http://device.sso.eu-west-1.amazonaws.com/",
        "https://evil.example/",
        "https://device.sso.eu-west-1.amazonaws.com.evil.example/",
        "https://my.awsapps.com@evil.example/",
        "https://evil.example/#.awsapps.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://awsapps.com.evil.example\\.awsapps.com/",
    ] {
        let (server, home) = furnished(Knobs {
            verification_uri: Some(address.to_owned()),
            ..Knobs::default()
        });
        let output = login(&server, &home, &["my-sso", "--device", "--json"]).output();
        assert_eq!(
            (output.code, output.error_code().as_str()),
            (6, "unsafe-address"),
            "{address:?}: {}",
            output.show()
        );
        assert!(home.calls(browser::BROWSER).is_empty(), "{address:?}");
        assert_eq!(output.stdout, "", "{address:?}");
        not_logged_in(&home);
    }
    for address in [
        "https://device.sso.eu-west-1.amazonaws.com/",
        "https://my.awsapps.com/start/#/device",
    ] {
        let (server, home) = furnished(Knobs {
            verification_uri: Some(address.to_owned()),
            ..Knobs::default()
        });
        login(&server, &home, &["my-sso", "--device"])
            .output()
            .exits(0);
    }
}

#[test]
fn row_118_a_user_code_cannot_draw_on_the_terminal() {
    let code = "AB\u{1b}]0;x\u{7}\u{1b}[2J\u{202e}CD\r\n\u{9b}1m";
    let (server, home) = furnished(Knobs {
        user_code: code.to_owned(),
        ..Knobs::default()
    });
    let output = login(&server, &home, &["my-sso", "--device", "--no-browser"]).output();
    for bad in ['\u{1b}', '\u{7}', '\u{202e}', '\r', '\u{9b}'] {
        assert!(
            !output.stderr.contains(bad) && !output.stdout.contains(bad),
            "{bad:?}: {}",
            output.show()
        );
    }
}

#[test]
fn a_device_code_with_hostile_numbers_is_a_bad_answer() {
    let edits: [fn(&mut Value); 5] = [
        |body| body["expiresIn"] = (-5).into(),
        |body| body["expiresIn"] = "soon".into(),
        |body| body["deviceCode"] = Value::Null,
        |body| body["userCode"] = Value::Null,
        |body| body["verificationUri"] = 5.into(),
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        let (server, home) = furnished(Knobs::default());
        server.always(Call::Device, Fault::Edit(edit));
        let output = login(&server, &home, &["my-sso", "--device", "--json"]).output();
        assert!(
            matches!(output.code, 6 | 7),
            "edit {number}: {}",
            output.show()
        );
        not_logged_in(&home);
    }
}

/// A login in a terminal, and its address.
fn in_a_terminal<'h>(
    server: &StandIn,
    home: &'h Home,
    arguments: &[&str],
) -> (Pty, std::process::Child, &'h Home) {
    let pty = Pty::new(300, 50);
    let mut command = pty.command(home, crate::support::binary().to_str().unwrap());
    command
        .arg("login")
        .args(arguments)
        .envs(server.variables())
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER);
    let child = pty.spawn(&mut command);
    (pty, child, home)
}

/// The address that the screen shows.
#[track_caller]
fn shown(pty: &Pty) -> String {
    until(|| {
        let screen = pty.screen();
        let start = screen.find("http://127.0.0.1")?;
        let rest = &screen[start..];
        let address = rest.split_whitespace().next()?;
        (rest.len() > address.len() && address.contains("code_challenge="))
            .then(|| address.to_owned())
    })
    .unwrap_or_else(|| panic!("no address: {:?}", pty.screen()))
}

#[test]
fn the_address_may_be_pasted_back() {
    if !installed(&["setsid", "stty"]) {
        return;
    }
    let forms: [fn(&str) -> String; 3] = [
        |address| address.to_owned(),
        |address| format!("  {address}  "),
        |address| address.split_once('?').unwrap().1.to_owned(),
    ];
    for form in forms {
        let (server, home) = furnished(Knobs::default());
        let (pty, mut child, _) =
            in_a_terminal(&server, &home, &["my-sso", "--pkce", "--no-browser"]);
        let modes = pty.modes();
        let address = browser::sent_to(&shown(&pty));
        pty.type_bytes(b"nonsense\r");
        let forged = address.replace("state=", "state=0");
        pty.type_bytes(format!("{forged}\r").as_bytes());
        pty.wait_for("its state is of another login", 1);
        assert_eq!(server.count(Call::TokenByCode), 0);
        pty.type_bytes(format!("{}\r", form(&address)).as_bytes());
        let status = child.wait().unwrap();
        assert!(status.success(), "{status}: {:?}", pty.screen());
        logged_in(&server, &home);
        assert_eq!(pty.modes(), modes, "the terminal is as it was");
        assert_eq!(server.count(Call::TokenByCode), 1);
        assert!(home.calls(browser::BROWSER).is_empty());
    }
}

#[test]
fn a_code_may_be_long_also_when_it_is_pasted() {
    if !installed(&["setsid", "stty"]) {
        return;
    }
    // A terminal's own line ends at 4096 bytes; the request line of a browser is taken up to 8 KiB.
    for length in [1500, 6000] {
        let (server, home) = furnished(Knobs {
            code_length: length,
            ..Knobs::default()
        });
        let (running, url) = opened(&server, &home, &[]);
        browser::visit(&url);
        running.wait().exits(0);
        logged_in(&server, &home);

        let (server, home) = furnished(Knobs {
            code_length: length,
            ..Knobs::default()
        });
        let (pty, mut child, _) =
            in_a_terminal(&server, &home, &["my-sso", "--pkce", "--no-browser"]);
        let address = browser::sent_to(&shown(&pty));
        pty.type_bytes(format!("{address}\r").as_bytes());
        let status = child.wait().unwrap();
        assert!(status.success(), "{length}: {status}: {:?}", pty.screen());
        logged_in(&server, &home);
    }
}

#[test]
fn control_c_at_the_terminal_leaves_it_as_it_was() {
    if !installed(&["setsid", "stty"]) {
        return;
    }
    let (server, home) = furnished(Knobs {
        approval: Approval::Visit,
        ..Knobs::default()
    });
    for flow in ["--pkce", "--device"] {
        let (pty, mut child, _) = in_a_terminal(&server, &home, &["my-sso", flow, "--no-browser"]);
        let modes = pty.modes();
        pty.wait_for("http://127.0.0.1", 1);
        pty.type_bytes(b"\x03");
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{flow}: {:?}", pty.screen());
        assert_eq!(pty.modes(), modes, "{flow}");
        not_logged_in(&home);
    }
}

#[test]
fn no_secret_reaches_a_child_or_an_argument() {
    if !installed(&["strace"]) {
        return;
    }
    let (server, home) = furnished(Knobs::default());
    home.stub(browser::BROWSER, "env > \"$HOME/seen\"");
    let running = home
        .program("strace")
        .args([
            "-f",
            "-v",
            "-s",
            "65536",
            "-o",
            "trace",
            "-e",
            "trace=execve",
        ])
        .args([
            crate::support::binary().to_str().unwrap(),
            "login",
            "my-sso",
            "--pkce",
        ])
        .at(&server)
        .env("DISPLAY", ":0")
        .env("BROWSER", browser::BROWSER)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .start();
    let url = browser::opened(&home);
    browser::visit(&url);
    running.wait().exits(0);
    let trace = String::from_utf8(home.read("trace").unwrap()).unwrap();
    assert!(trace.matches("execve(").count() >= 2, "{trace}");
    assert!(!trace.contains("SECRET-CANARY"), "{trace}");
    let seen = until(|| home.read("seen").filter(|seen| !seen.is_empty())).unwrap();
    assert!(!String::from_utf8(seen).unwrap().contains("SECRET-CANARY"));
    // And in no file but the two caches.
    for (name, content) in home.contents() {
        let secret = content.windows(13).any(|window| window == b"SECRET-CANARY");
        assert!(!secret || name.starts_with(".aws/sso/cache/"), "{name}");
    }
}

#[test]
fn the_countdown_fits_its_line_and_the_qr_code_its_terminal() {
    if !installed(&["setsid", "stty"]) {
        return;
    }
    for (columns, rows) in [(80, 24), (40, 10)] {
        for flow in ["--pkce", "--device"] {
            let (server, home) = furnished(Knobs {
                approval: Approval::Visit,
                ..Knobs::default()
            });
            let pty = Pty::new(columns, rows);
            let mut command = pty.command(&home, crate::support::binary().to_str().unwrap());
            command
                .args(["login", "my-sso", flow, "--no-browser"])
                .envs(server.variables());
            let mut child = pty.spawn(&mut command);
            pty.wait_for(" left; ", 2);
            let screen = pty.screen();
            // What a carriage return without a new line draws over.
            let drawn: Vec<&str> = screen
                .split('\r')
                .skip(1)
                .filter(|piece| !piece.starts_with('\n') && piece.contains(" left; "))
                .collect();
            assert!(!drawn.is_empty(), "{screen:?}");
            for line in drawn {
                let width = line
                    .split('\u{1b}')
                    .next()
                    .unwrap()
                    .trim_end()
                    .chars()
                    .count();
                assert!(width < usize::from(columns), "{flow} {columns}: {line:?}");
            }
            // A QR code needs 45 columns and 24 rows.
            let shown = screen.contains('█');
            assert_eq!(
                shown,
                flow == "--device" && columns == 80,
                "{flow} {columns}: {screen}"
            );
            pty.type_bytes(b"\x03");
            child.wait().unwrap();
        }
    }
}
