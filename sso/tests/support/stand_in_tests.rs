//! The stand-in itself: it has to be as strict as the service.

use super::http::{self, Answer, encode};
use super::{Approval, Call, Fault, Knobs, Login, StandIn, html};
use serde_json::{Value, json};
use std::time::Duration;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The example of RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:41233/oauth/callback";

fn post(server: &StandIn, path: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    http::send(
        "POST",
        &format!("{}{path}", server.url()),
        &headers,
        &body.to_string(),
    )
    .unwrap()
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn kind(answer: &Answer) -> &str {
    answer
        .header("x-amzn-errortype")
        .unwrap_or_default()
        .split(':')
        .next()
        .unwrap_or_default()
}

/// A client for PKCE: its id and secret.
fn client(server: &StandIn) -> Value {
    json(&post(
        server,
        "/client/register",
        &json!({
        "clientName": "it", "clientType": "public", "scopes": ["sso:account:access"],
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"], "issuerUrl": "https://my.awsapps.com/start"}),
    ))
}

fn authorize(server: &StandIn, client: &Value, redirect: &str) -> Answer {
    let url = format!(
        "{}/authorize?response_type=code&client_id={}&redirect_uri={}&state=0123456789abcdef&\
         code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge={CHALLENGE}",
        server.url(),
        client["clientId"].as_str().unwrap(),
        encode(redirect)
    );
    http::get(&url).unwrap()
}

fn by_code(server: &StandIn, client: &Value, code: &str, verifier: &str, redirect: &str) -> Answer {
    post(
        server,
        "/token",
        &json!({"grantType": "authorization_code", "clientId": client["clientId"],
        "clientSecret": client["clientSecret"], "redirectUri": redirect, "codeVerifier": verifier, "code": code}),
    )
}

fn refresh(server: &StandIn, login: &Login, token: &str) -> Answer {
    post(
        server,
        "/token",
        &json!({"grantType": "refresh_token", "clientId": login.client_id,
        "clientSecret": login.client_secret, "refreshToken": token}),
    )
}

#[test]
fn a_code_needs_its_verifier_its_redirect_and_is_good_once() {
    let server = StandIn::start(Knobs::default());
    let client = client(&server);
    for (verifier, redirect, status) in [
        (VERIFIER, REDIRECT, 200),
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX", REDIRECT, 400),
        (VERIFIER, "http://127.0.0.1:41234/oauth/callback", 400),
        ("short", REDIRECT, 400),
    ] {
        let to = authorize(&server, &client, REDIRECT)
            .header("location")
            .unwrap()
            .to_owned();
        assert!(
            to.starts_with(&format!("{REDIRECT}?code=")) && to.ends_with("&state=0123456789abcdef"),
            "{to}"
        );
        let code = http::parameter(to.split_once('?').unwrap().1, "code").unwrap();
        let answer = by_code(&server, &client, &code, verifier, redirect);
        assert_eq!(
            answer.status,
            status,
            "{verifier} {redirect}: {}",
            answer.text()
        );
        let again = by_code(&server, &client, &code, VERIFIER, REDIRECT);
        assert_eq!((again.status, kind(&again)), (400, "InvalidGrantException"));
    }
    for redirect in [
        "http://127.0.0.1:41233/other",
        "http://evil.example:80/oauth/callback",
        "https://127.0.0.1/oauth/callback",
    ] {
        assert_eq!(
            authorize(&server, &client, redirect).status,
            400,
            "{redirect}"
        );
    }
    assert_eq!(server.count(Call::Authorize), 7);
}

#[test]
fn a_refresh_token_rotates_and_reuse_ends_the_session() {
    let server = StandIn::start(Knobs::default());
    let login = server.login();
    let first = json(&refresh(&server, &login, &login.refresh_token));
    let second = first["refreshToken"].as_str().unwrap();
    assert_ne!(second, login.refresh_token);
    assert!(server.is_refreshable(second) && !server.is_refreshable(&login.refresh_token));
    assert!(server.is_valid(first["accessToken"].as_str().unwrap()));
    let reused = refresh(&server, &login, &login.refresh_token);
    assert_eq!(
        (reused.status, kind(&reused)),
        (400, "InvalidGrantException")
    );
    assert_eq!(refresh(&server, &login, second).status, 400);
    assert!(!server.is_valid(first["accessToken"].as_str().unwrap()));
    // Another session is not concerned.
    let other = server.login();
    assert_eq!(refresh(&server, &other, &other.refresh_token).status, 200);
}

#[test]
fn without_rotation_a_refresh_token_stays_good() {
    let server = StandIn::start(Knobs {
        rotate: false,
        ..Knobs::default()
    });
    let login = server.login();
    for _ in 0..3 {
        let answer = json(&refresh(&server, &login, &login.refresh_token));
        assert_eq!(answer["refreshToken"], login.refresh_token.as_str());
    }
    server.set(|knobs| knobs.give_refresh_token = false);
    assert_eq!(
        json(&refresh(&server, &login, &login.refresh_token))["refreshToken"],
        Value::Null
    );
    assert!(server.is_refreshable(&login.refresh_token));
}

#[test]
fn a_wrong_secret_is_an_invalid_client() {
    let server = StandIn::start(Knobs::default());
    let login = Login {
        client_secret: "wrong".to_owned(),
        ..server.login()
    };
    let answer = refresh(&server, &login, &login.refresh_token);
    assert_eq!(
        (answer.status, kind(&answer)),
        (401, "InvalidClientException")
    );
}

#[test]
fn a_device_code_waits_for_its_approval() {
    let server = StandIn::start(Knobs {
        approval: Approval::Visit,
        ..Knobs::default()
    });
    let client = json(&post(
        &server,
        "/client/register",
        &json!({"clientName": "it", "clientType": "public"}),
    ));
    let device = json(&post(
        &server,
        "/device_authorization",
        &json!({"clientId": client["clientId"],
        "clientSecret": client["clientSecret"], "startUrl": "https://my.awsapps.com/start"}),
    ));
    let poll = || {
        post(
            &server,
            "/token",
            &json!({"grantType": "urn:ietf:params:oauth:grant-type:device_code",
        "clientId": client["clientId"], "clientSecret": client["clientSecret"], "deviceCode": device["deviceCode"]}),
        )
    };
    assert_eq!(kind(&poll()), "AuthorizationPendingException");
    assert_eq!(
        http::get(device["verificationUriComplete"].as_str().unwrap())
            .unwrap()
            .status,
        200
    );
    let token = json(&poll());
    assert!(server.is_valid(token["accessToken"].as_str().unwrap()));
    // Registered without scopes.
    assert_eq!(token["refreshToken"], Value::Null);
    assert_eq!(kind(&poll()), "InvalidGrantException");
}

#[test]
fn the_portal_wants_a_good_token_and_good_limits() {
    let server = StandIn::start(Knobs::default());
    let token = server.login().access_token;
    let get = |target: &str, token: &str| {
        http::send(
            "GET",
            &format!("{}{target}", server.url()),
            &[("x-amz-sso_bearer_token", token)],
            "",
        )
        .unwrap()
    };
    for (target, token, status) in [
        ("/assignment/accounts", token.as_str(), 200),
        ("/assignment/accounts", "other", 401),
        ("/assignment/accounts?max_result=100", &token, 200),
        ("/assignment/accounts?max_result=101", &token, 400),
        ("/assignment/accounts?max_result=0", &token, 400),
        ("/assignment/roles?account_id=123456789012", &token, 200),
        ("/assignment/roles?account_id=1", &token, 404),
        (
            "/federation/credentials?role_name=Admin&account_id=123456789012",
            &token,
            200,
        ),
        (
            "/federation/credentials?role_name=Nobody&account_id=123456789012",
            &token,
            403,
        ),
        ("/elsewhere", &token, 404),
    ] {
        assert_eq!(get(target, token).status, status, "{target}");
    }
    let first = json(&get("/assignment/accounts?max_result=1", &token));
    assert_eq!(
        (&first["accountList"][0]["accountId"], &first["nextToken"]),
        (&json!("123456789012"), &json!("page=1"))
    );
    let last = json(&get(
        "/assignment/accounts?max_result=1&next_token=page%3D1",
        &token,
    ));
    assert_eq!(
        (&last["accountList"][0]["accountId"], &last["nextToken"]),
        (&json!("210987654321"), &Value::Null)
    );
    let headers = [("x-amz-sso_bearer_token", token.as_str())];
    assert_eq!(
        http::send("POST", &format!("{}/logout", server.url()), &headers, "")
            .unwrap()
            .status,
        200
    );
    assert_eq!(get("/assignment/accounts", &token).status, 401);
}

#[test]
fn it_misbehaves_when_told_and_only_then() {
    let server = StandIn::start(Knobs {
        skew: 3600,
        calls_per_second: Some(1000),
        ..Knobs::default()
    });
    let login = server.login();
    server.on(
        Call::Refresh,
        1..=1,
        Fault::Error(500, "InternalServerException"),
    );
    server.on(Call::Refresh, 2..=2, html(200));
    server.on(
        Call::Refresh,
        3..=3,
        Fault::Edit(|body| body["expiresIn"] = "soon".into()),
    );
    assert_eq!(refresh(&server, &login, &login.refresh_token).status, 500);
    assert_eq!(
        refresh(&server, &login, &login.refresh_token).header("content-type"),
        Some("text/html")
    );
    let edited = json(&refresh(&server, &login, &login.refresh_token));
    assert_eq!(edited["expiresIn"], "soon");
    let token = edited["refreshToken"].as_str().unwrap();
    // Processed, and lost on the way.
    server.on(Call::Refresh, 4..=4, Fault::LoseAnswer);
    let body = json!({"grantType": "refresh_token", "clientId": login.client_id, "clientSecret": login.client_secret,
                      "refreshToken": token});
    assert!(
        http::send(
            "POST",
            &format!("{}/token", server.url()),
            &[],
            &body.to_string()
        )
        .is_err()
    );
    assert!(!server.is_refreshable(token));
    server.set(|knobs| knobs.calls_per_second = Some(0));
    assert_eq!(refresh(&server, &login, token).status, 429);
    assert_eq!(server.count(Call::Refresh), 5);
    let statuses: Vec<_> = server.log().iter().map(|logged| logged.status).collect();
    assert_eq!(
        statuses,
        [Some(500), Some(200), Some(200), Some(200), Some(429)]
    );
}

#[test]
fn a_held_request_waits_for_its_release() {
    let server = StandIn::start(Knobs::default());
    let login = server.login();
    server.hold(Call::Refresh);
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| refresh(&server, &login, &login.refresh_token).status);
        server.wait_for_held(1);
        assert!(server.is_refreshable(&login.refresh_token));
        server.release();
        assert_eq!(answer.join().unwrap(), 200);
    });
    // The server ends while it still would wait.
    server.always(Call::Logout, Fault::Delay(Duration::from_secs(3600)));
    std::thread::scope(|scope| {
        let url = format!("{}/logout", server.url());
        scope.spawn(move || http::send("POST", &url, &[], ""));
        server.wait_for(Call::Logout, 1);
        drop(server);
    });
}
