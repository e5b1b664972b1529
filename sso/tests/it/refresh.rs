//! `refresh`: one request for everyone, a file that stays valid, and a logout that stays a logout.

use crate::support::{
    Call, Fault, Home, Knobs, Login, Running, StandIn, expires_in, installed, seconds, token_file,
    until,
};
use serde_json::{Value, json};
use std::os::unix::fs::symlink;

/// A stand-in, and a home that is logged in there with `left` seconds to go.
fn logged_in(left: i64) -> (StandIn, Home, Login) {
    let server = StandIn::start(Knobs::default());
    let home = Home::with_session();
    let login = server.login();
    home.token("my-sso", &login, left);
    (server, home, login)
}

/// `refresh my-sso --json`: the exit code, and the one element of the array.
#[track_caller]
fn refresh(server: &StandIn, home: &Home) -> (i32, Value) {
    let output = home
        .run(["refresh", "my-sso", "--json"])
        .at(server)
        .output();
    let array = output.json();
    let all = array.as_array().unwrap();
    assert_eq!(all.len(), 1, "{array}");
    assert_eq!(all[0]["session"], "my-sso");
    (output.code, all[0].clone())
}

/// The keys of a JSON object, in order.
fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// Nothing but whole files: no temporary one was left.
#[track_caller]
fn tidy(home: &Home) {
    let names = home.names(".aws/sso/cache");
    assert!(
        names.iter().all(|name| name.ends_with(".json")),
        "{names:?}"
    );
}

#[test]
fn a_fresh_token_is_left_alone() {
    let (server, home, _) = logged_in(47 * 60);
    let before = home.read(&token_file("my-sso"));
    let (code, state) = refresh(&server, &home);
    assert_eq!(
        (code, &state["state"], &state["error"]),
        (0, &json!("fresh"), &Value::Null)
    );
    assert_eq!(state["expires_at"], home.read_token("my-sso")["expiresAt"]);
    assert_eq!(home.read(&token_file("my-sso")), before);
    assert_eq!(server.total(), 0);
}

#[test]
fn a_token_is_renewed_below_twenty_minutes_or_what_min_says() {
    for (left, arguments, renewed) in [
        (21 * 60, vec![], false),
        (19 * 60, vec![], true),
        (-3600, vec![], true),
        (-9 * 86_400, vec![], true),
        (19 * 60, vec!["--min", "15m"], false),
        (47 * 60, vec!["--min", "50m"], true),
        (47 * 60, vec!["--min", "45m"], false),
    ] {
        let (server, home, _) = logged_in(left);
        let run = home
            .run(["refresh", "my-sso", "--json"])
            .args(&arguments)
            .at(&server);
        let state = run.output().exits(0).json()[0]["state"].clone();
        assert_eq!(
            state,
            if renewed { "renewed" } else { "fresh" },
            "{left} {arguments:?}"
        );
        assert_eq!(
            server.count(Call::Refresh),
            usize::from(renewed),
            "{left} {arguments:?}"
        );
        assert_eq!(server.total(), server.count(Call::Refresh));
    }
}

#[test]
fn the_request_is_that_of_the_aws_cli_and_the_file_keeps_its_keys_and_their_order() {
    let (server, home, login) = logged_in(60);
    let mut token = home.read_token("my-sso");
    // As another tool may have written it.
    token["idToken"] = Value::Null;
    token["toolkit"] = json!({"nested": ["kept", 1.5, 12_345_678_901_234_567_u64], "é": "ü\n"});
    home.file(
        &token_file("my-sso"),
        serde_json::to_string_pretty(&token).unwrap(),
    );
    let (code, state) = refresh(&server, &home);
    assert_eq!((code, &state["state"]), (0, &json!("renewed")));

    let sent = &server.calls(Call::Refresh)[0];
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("authorization"), None);
    let wanted = json!({"grantType": "refresh_token", "clientId": login.client_id,
        "clientSecret": login.client_secret, "refreshToken": login.refresh_token});
    assert_eq!(sent.json().to_string(), wanted.to_string());

    let after = home.read_token("my-sso");
    assert_eq!(keys(&after), keys(&token));
    for key in [
        "startUrl",
        "region",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
        "idToken",
        "toolkit",
    ] {
        assert_eq!(after[key], token[key], "{key}");
    }
    assert!(server.is_valid(after["accessToken"].as_str().unwrap()));
    assert!(server.is_refreshable(after["refreshToken"].as_str().unwrap()));
    let expires_at = after["expiresAt"].as_str().unwrap();
    assert_eq!(expires_at.len(), "2026-01-01T00:00:00Z".len());
    let left = seconds(expires_at) - seconds(&expires_in(0));
    assert!((3500..=3600).contains(&left), "{expires_at}");
    assert_eq!(state["expires_at"], expires_at);
    assert_eq!(home.mode(&token_file("my-sso")), 0o600);
    tidy(&home);
}

#[test]
fn row_114_the_old_refresh_token_is_kept_if_none_came() {
    let (server, home, login) = logged_in(60);
    server.set(|knobs| knobs.give_refresh_token = false);
    assert_eq!(refresh(&server, &home).0, 0);
    let after = home.read_token("my-sso");
    assert_eq!(after["refreshToken"], login.refresh_token.as_str());
    assert_ne!(after["accessToken"], login.access_token.as_str());
}

#[test]
fn every_form_of_a_time_is_read() {
    for suffix in ["Z", "UTC", ".123Z", ".084868123Z", "+00:00"] {
        let (server, home, _) = logged_in(47 * 60);
        let mut token = home.read_token("my-sso");
        let at = token["expiresAt"].as_str().unwrap().replace('Z', suffix);
        token["expiresAt"] = at.into();
        home.token_json("my-sso", &token);
        assert_eq!(refresh(&server, &home).1["state"], "fresh", "{suffix}");
    }
}

#[test]
fn what_cannot_be_renewed_is_not_tried() {
    type Case = (i64, Box<dyn Fn(&mut Value)>, i32, &'static str);
    let remove = |keys: &'static [&'static str]| {
        move |token: &mut Value| {
            for key in keys {
                token.as_object_mut().unwrap().shift_remove(*key);
            }
        }
    };
    let over: fn(&mut Value) = |token| token["registrationExpiresAt"] = expires_in(-60).into();
    let cases: [Case; 6] = [
        (600, Box::new(remove(&["refreshToken"])), 0, "not-renewable"),
        (600, Box::new(remove(&["clientSecret"])), 0, "not-renewable"),
        (600, Box::new(over), 0, "not-renewable"),
        (-60, Box::new(remove(&["refreshToken"])), 5, "login-needed"),
        (-60, Box::new(over), 5, "login-needed"),
        (
            -60,
            Box::new(remove(&[
                "refreshToken",
                "clientId",
                "clientSecret",
                "registrationExpiresAt",
            ])),
            5,
            "login-needed",
        ),
    ];
    for (number, (left, change, code, state)) in cases.into_iter().enumerate() {
        let (server, home, _) = logged_in(left);
        let mut token = home.read_token("my-sso");
        change(&mut token);
        home.token_json("my-sso", &token);
        let before = home.read(&token_file("my-sso"));
        let got = refresh(&server, &home);
        assert_eq!(
            (got.0, &got.1["state"]),
            (code, &json!(state)),
            "case {number}: {}",
            got.1
        );
        assert_eq!(
            (server.total(), home.read(&token_file("my-sso"))),
            (0, before),
            "case {number}"
        );
    }
    // No token at all, and one that is not JSON.
    let (server, home, _) = logged_in(600);
    home.remove(&token_file("my-sso"));
    let got = refresh(&server, &home);
    assert_eq!((got.0, &got.1["state"]), (5, &json!("missing")));
    assert!(home.names(".aws/sso/cache").is_empty());
    home.file(
        &token_file("my-sso"),
        "{\"accessToken\": \"SECRET-CANARY-half",
    );
    let got = refresh(&server, &home);
    assert_eq!(
        (got.0, got.1["error"]["code"].as_str()),
        (4, Some("cache-unreadable")),
        "{}",
        got.1
    );
    assert_eq!(server.total(), 0);
}

#[test]
fn a_dead_session_needs_a_login_and_nothing_is_deleted() {
    for (status, kind) in [
        (400, "InvalidGrantException"),
        (401, "InvalidClientException"),
        (400, "UnauthorizedClientException"),
    ] {
        let (server, home, _) = logged_in(60);
        server.always(Call::Refresh, Fault::Error(status, kind));
        let before = home.read(&token_file("my-sso"));
        let (code, state) = refresh(&server, &home);
        assert_eq!(
            (code, &state["state"]),
            (5, &json!("login-needed")),
            "{kind}: {state}"
        );
        assert_eq!(state["error"]["code"], "login-needed", "{kind}");
        assert_eq!(state["error"]["type"], kind);
        assert_eq!(server.count(Call::Refresh), 1, "{kind}");
        assert_eq!(home.read(&token_file("my-sso")), before, "{kind}");
        tidy(&home);
    }
}

/// Writes a token as the AWS CLI does: in place.
fn write_in_place(home: &Home, token: &Value) {
    std::fs::write(home.path().join(token_file("my-sso")), token.to_string()).unwrap();
}

/// Starts a refresh, and waits until its request is at the server.
fn held<'h>(server: &StandIn, home: &'h Home) -> Running<'h> {
    server.hold(Call::Refresh);
    let running = home.run(["refresh", "my-sso", "--json"]).at(server).start();
    server.wait_for_held(1);
    running
}

#[test]
fn a_tool_that_won_the_race_is_followed() {
    // It writes before the refusal, and after.
    for late in [false, true] {
        let (server, home, _) = logged_in(60);
        server.always(Call::Refresh, Fault::Error(400, "InvalidGrantException"));
        let running = held(&server, &home);
        let winner = crate::support::token(&server.login(), 3500);
        if !late {
            write_in_place(&home, &winner);
        }
        server.release();
        if late {
            until(|| {
                server
                    .log()
                    .iter()
                    .any(|logged| logged.status == Some(400))
                    .then_some(())
            })
            .unwrap();
            write_in_place(&home, &winner);
        }
        let output = running.wait().exits(0);
        let state = &output.json()[0];
        assert!(
            state["state"] == "fresh" || state["state"] == "renewed",
            "{state}"
        );
        assert_eq!(state["expires_at"], winner["expiresAt"]);
        assert_eq!(
            (home.read_token("my-sso"), server.count(Call::Refresh)),
            (winner, 1),
            "late: {late}"
        );
        tidy(&home);
    }
}

#[test]
fn a_winner_whose_token_is_old_is_refreshed_once() {
    let (server, home, _) = logged_in(60);
    server.on(
        Call::Refresh,
        1..=1,
        Fault::Error(400, "InvalidGrantException"),
    );
    let running = held(&server, &home);
    write_in_place(&home, &crate::support::token(&server.login(), 30));
    server.release();
    let output = running.wait().exits(0);
    assert_eq!(output.json()[0]["state"], "renewed");
    assert_eq!(server.count(Call::Refresh), 2);
    assert!(server.is_refreshable(home.read_token("my-sso")["refreshToken"].as_str().unwrap()));
}

#[test]
fn what_another_tool_wrote_during_the_call_is_kept() {
    // A later token of another tool stays.
    let (server, home, _) = logged_in(60);
    let running = held(&server, &home);
    let theirs = crate::support::token(&server.login(), 8 * 3600);
    write_in_place(&home, &theirs);
    server.release();
    running.wait().exits(0);
    assert_eq!(home.read_token("my-sso"), theirs);
    tidy(&home);

    // So does a new login with another client, whenever it ends.
    let (server, home, _) = logged_in(60);
    let running = held(&server, &home);
    let theirs = crate::support::token(&server.login(), 600);
    write_in_place(&home, &theirs);
    server.release();
    running.wait().exits(0);
    assert_eq!(home.read_token("my-sso"), theirs);
    tidy(&home);

    // One that is about to end gives way, and our refresh token stays with its own client.
    let (server, home, login) = logged_in(60);
    let running = held(&server, &home);
    write_in_place(&home, &crate::support::token(&server.login(), 30));
    server.release();
    running.wait().exits(0);
    let after = home.read_token("my-sso");
    assert!(server.is_valid(after["accessToken"].as_str().unwrap()));
    assert!(server.is_refreshable(after["refreshToken"].as_str().unwrap()));
    assert_eq!(after["clientId"], login.client_id.as_str());
    assert_eq!(after["clientSecret"], login.client_secret.as_str());
    tidy(&home);

    // A key that was added meanwhile stays too.
    let (server, home, _) = logged_in(60);
    let running = held(&server, &home);
    let mut theirs = home.read_token("my-sso");
    theirs["added"] = "meanwhile".into();
    write_in_place(&home, &theirs);
    server.release();
    running.wait().exits(0);
    let after = home.read_token("my-sso");
    assert_eq!(after["added"], "meanwhile");
    assert_ne!(after["accessToken"], theirs["accessToken"]);
    tidy(&home);
}

#[test]
fn a_logout_during_a_refresh_stays_a_logout() {
    for round in 0..12 {
        let (server, home, _) = logged_in(60);
        let running = held(&server, &home);
        // As the AWS CLI logs out.
        home.remove(&token_file("my-sso"));
        server.release();
        let output = running.wait().exits(5);
        assert_eq!(
            output.json()[0]["error"]["code"],
            "logged-out-meanwhile",
            "round {round}"
        );
        assert!(
            home.names(".aws/sso/cache").is_empty(),
            "round {round}: {:?}",
            home.names(".aws/sso/cache")
        );
    }
}

#[test]
fn our_own_logout_during_a_refresh_stays_a_logout() {
    for round in 0..12 {
        let (server, home, _) = logged_in(60);
        let running = held(&server, &home);
        let logout = home.run(["logout", "my-sso"]).at(&server).start();
        server.release();
        let (refresh, logout) = (running.wait(), logout.wait());
        assert!(
            matches!(refresh.code, 0 | 5),
            "round {round}: {}",
            refresh.show()
        );
        assert_eq!(logout.code, 0, "round {round}: {}", logout.show());
        let names = home.names(".aws/sso/cache");
        assert!(names.is_empty(), "round {round}: {names:?}");
        assert_eq!(server.count(Call::Logout), 1, "round {round}");
        // The server was told about the token that was there last.
        let told = server.calls(Call::Logout)[0].clone();
        let sent = told.header("x-amz-sso_bearer_token").unwrap();
        assert!(!server.is_valid(sent), "round {round}");
    }
}

#[test]
fn a_lost_answer_is_asked_for_once_more() {
    // The old refresh token is still good.
    let (server, home, _) = logged_in(60);
    server.set(|knobs| knobs.rotate = false);
    server.on(Call::Refresh, 1..=1, Fault::LoseAnswer);
    assert_eq!(refresh(&server, &home).1["state"], "renewed");
    assert_eq!(server.count(Call::Refresh), 2);
    // It is not: that is a login, and no third try.
    let (server, home, _) = logged_in(60);
    server.on(Call::Refresh, 1..=1, Fault::LoseAnswer);
    let before = home.read(&token_file("my-sso"));
    let (code, state) = refresh(&server, &home);
    assert_eq!((code, &state["state"]), (5, &json!("login-needed")));
    assert_eq!(
        (
            server.count(Call::Refresh),
            home.read(&token_file("my-sso"))
        ),
        (2, before)
    );
}

#[test]
fn a_server_that_recovers_in_time_is_asked_again() {
    for (status, kind) in [
        (500, "InternalServerException"),
        (503, "ServiceUnavailable"),
        (429, "TooManyRequestsException"),
    ] {
        let (server, home, _) = logged_in(60);
        server.on(Call::Refresh, 1..=2, Fault::Error(status, kind));
        let (code, state) = refresh(&server, &home);
        assert_eq!(
            (code, &state["state"]),
            (0, &json!("renewed")),
            "{status}: {state}"
        );
        assert_eq!(server.count(Call::Refresh), 3, "{status}");
    }
}

#[test]
fn a_hundred_processes_make_one_request_and_none_fails() {
    for left in [60, -60] {
        let (server, home, _) = logged_in(left);
        server.hold(Call::Refresh);
        let running: Vec<Running> = (0..100)
            .map(|_| {
                home.run(["refresh", "my-sso", "--json"])
                    .at(&server)
                    .start()
            })
            .collect();
        server.wait_for_held(1);
        server.release();
        let mut renewed = 0;
        for run in running {
            let output = run.wait().exits(0);
            renewed += usize::from(output.json()[0]["state"] == "renewed");
        }
        assert_eq!(server.count(Call::Refresh), 1);
        assert!(renewed >= 1);
        assert!(server.is_refreshable(home.read_token("my-sso")["refreshToken"].as_str().unwrap()));
        tidy(&home);
    }
}

#[test]
fn a_killed_holder_frees_the_lock() {
    let (server, home, _) = logged_in(60);
    let running = held(&server, &home);
    running.signal(nix::sys::signal::Signal::SIGKILL);
    assert_eq!(running.wait().code, 128 + 9);
    server.set(|knobs| knobs.rotate = false);
    server.release();
    assert_eq!(refresh(&server, &home).1["state"], "renewed");
    tidy(&home);
}

#[test]
fn a_symlinked_token_file_stays_one() {
    let (server, home, _) = logged_in(60);
    let name = token_file("my-sso");
    let real = home.read(&name).unwrap();
    home.file("elsewhere/token.json", real).remove(&name);
    symlink(
        home.path().join("elsewhere/token.json"),
        home.path().join(&name),
    )
    .unwrap();
    assert_eq!(refresh(&server, &home).1["state"], "renewed");
    assert!(home.path().join(&name).is_symlink());
    assert!(server.is_valid(home.read_token("my-sso")["accessToken"].as_str().unwrap()));
    assert_eq!(home.names("elsewhere"), ["token.json"]);
    assert_eq!(home.mode("elsewhere/token.json"), 0o600);
}

#[test]
fn all_sessions_are_refreshed_each_for_itself() {
    let (server, home, _) = logged_in(60);
    home.more_config(
        "[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-east-1\n\
         [sso-session third]\nsso_start_url = https://third.awsapps.com/start\nsso_region = us-east-1\n",
    );
    let (other, third) = (server.login(), server.login());
    home.token("other", &other, 3000).token("third", &third, 60);
    server.revoke(&third.access_token);
    let output = home
        .run(["refresh", "--all", "--json"])
        .at(&server)
        .output()
        .exits(5);
    let states = output.json();
    let states: Vec<(&str, &str)> = states
        .as_array()
        .unwrap()
        .iter()
        .map(|state| {
            (
                state["session"].as_str().unwrap(),
                state["state"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            ("my-sso", "renewed"),
            ("other", "fresh"),
            ("third", "login-needed")
        ]
    );
    assert_eq!(
        home.read_token("other")["accessToken"],
        other.access_token.as_str()
    );
    // Two of them by name.
    let output = home
        .run(["refresh", "other", "my-sso", "--json"])
        .at(&server)
        .output()
        .exits(0);
    assert_eq!(output.json().as_array().unwrap().len(), 2);
}

#[test]
fn the_session_is_found_by_profile_or_as_the_only_one() {
    for (arguments, variable) in [
        (vec![], None),
        (vec![], Some("dev")),
        (vec!["my-sso"], None),
    ] {
        let (server, home, _) = logged_in(60);
        let mut run = home.run(["refresh", "--json"]).args(&arguments).at(&server);
        if let Some(profile) = variable {
            run = run.env("AWS_PROFILE", profile);
        }
        assert_eq!(
            run.output().exits(0).json()[0]["session"],
            "my-sso",
            "{arguments:?} {variable:?}"
        );
    }
    let (server, home, _) = logged_in(60);
    home.more_config("[sso-session other]\nsso_start_url = https://o.awsapps.com/start\nsso_region = us-east-1\n");
    let output = home.run(["refresh"]).at(&server).output().exits(2);
    assert!(
        output.stderr.contains("my-sso") && output.stderr.contains("other"),
        "{}",
        output.show()
    );
    let output = home.run(["refresh", "--json"]).at(&server).output();
    assert_eq!(
        output.exits(2).json()[0]["error"]["code"],
        "ambiguous-session"
    );
    home.run(["refresh", "nowhere"])
        .at(&server)
        .output()
        .exits(3);
    assert_eq!(server.total(), 0);
}

#[test]
fn row_113_a_lifetime_that_cannot_be_is_a_bad_answer() {
    let edits: [fn(&mut Value); 8] = [
        |body| body["expiresIn"] = 0.into(),
        |body| body["expiresIn"] = (-1).into(),
        |body| body["expiresIn"] = 1_000_000_000_000_000_000_u64.into(),
        |body| body["expiresIn"] = "3600".into(),
        |body| body["expiresIn"] = Value::Null,
        |body| body["accessToken"] = Value::Null,
        |body| body["accessToken"] = "".into(),
        |body| *body = json!([]),
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        let (server, home, _) = logged_in(60);
        server.set(|knobs| knobs.rotate = false);
        server.always(Call::Refresh, Fault::Edit(edit));
        let before = home.read(&token_file("my-sso"));
        let (code, state) = refresh(&server, &home);
        assert_eq!(
            (code, &state["error"]["code"]),
            (7, &json!("bad-answer")),
            "edit {number}: {state}"
        );
        assert_eq!(home.read(&token_file("my-sso")), before, "edit {number}");
        tidy(&home);
    }
}

#[test]
fn quiet_is_quiet() {
    let (server, home, _) = logged_in(60);
    home.run(["refresh", "my-sso", "--quiet"])
        .at(&server)
        .check();
    assert_eq!(server.count(Call::Refresh), 1);
    // Nothing on standard output without --json, either.
    let output = home
        .run(["refresh", "my-sso"])
        .at(&server)
        .output()
        .exits(0);
    assert_eq!(output.stdout, "");
}

/// The number of `renameat2`.
const RENAMEAT2: &str = if cfg!(target_arch = "x86_64") {
    "316"
} else {
    "276"
};

#[test]
fn a_logout_in_the_instant_before_the_swap_stays_a_logout() {
    if !installed(&["strace"]) {
        return;
    }
    for round in 0..12 {
        let (server, home, _) = logged_in(60);
        // The swap takes a second to begin.
        let running = home
            .program("strace")
            .args(["-o", "/dev/null", "-e", "trace=renameat2"])
            .args(["-e", "inject=renameat2:delay_enter=1000000"])
            .arg_binary()
            .args(["refresh", "my-sso", "--json"])
            .at(&server)
            .start();
        let swaps = || {
            let strace = running.id();
            let children = format!("/proc/{strace}/task/{strace}/children");
            let child = std::fs::read_to_string(children).ok()?;
            let call = std::fs::read_to_string(format!("/proc/{}/syscall", child.trim())).ok()?;
            call.starts_with(&format!("{RENAMEAT2} ")).then_some(())
        };
        until(swaps).expect("the swap begins");
        home.remove(&token_file("my-sso"));
        let output = running.wait().exits(5);
        assert_eq!(
            output.json()[0]["error"]["code"],
            "logged-out-meanwhile",
            "round {round}"
        );
        assert_eq!(home.names(".aws/sso/cache"), [""; 0], "round {round}");
    }
}
