//! Rounds of a race: ours, a tool that refreshes and writes in place as the AWS CLI does, and a logout, all at the same
//! moment and on a server that rotates refresh tokens. `AWSBADGE_ALL_FAULTS=1` makes 200 rounds of each.

use crate::support::{Call, Home, Knobs, Running, StandIn, http, strace, token_file};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const OURS: usize = 8;

fn rounds() -> usize {
    if strace::all() { 200 } else { 12 }
}

/// A refresh as the AWS CLI makes it: without a lock, written in place, and lost if the answer is a refusal.
fn careless(server: &StandIn, home: &Home) -> bool {
    let mut token = home.read_token("my-sso");
    let body = json!({"grantType": "refresh_token", "clientId": token["clientId"],
        "clientSecret": token["clientSecret"], "refreshToken": token["refreshToken"]});
    let headers = [("Content-Type", "application/json")];
    let url = format!("{}/token", server.url());
    let answer = http::send("POST", &url, &headers, &body.to_string()).unwrap();
    if answer.status != 200 {
        return false;
    }
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    token["accessToken"] = answer["accessToken"].clone();
    token["refreshToken"] = answer["refreshToken"].clone();
    token["expiresAt"] = crate::support::expires_in(3600).into();
    std::fs::write(home.path().join(token_file("my-sso")), token.to_string()).unwrap();
    true
}

fn ours<'h>(server: &StandIn, home: &'h Home) -> Vec<Running<'h>> {
    (0..OURS)
        .map(|_| home.run(["refresh", "my-sso", "--json"]).at(server).start())
        .collect()
}

#[test]
fn beside_a_careless_tool_none_of_ours_fails_and_the_login_stays() {
    for round in 0..rounds() {
        let server = StandIn::start(Knobs {
            revoke_on_reuse: false,
            ..Knobs::default()
        });
        let home = Home::with_session();
        home.token("my-sso", &server.login(), -60);
        // Both are at the server at once, and either may win.
        server.hold(Call::Refresh);
        std::thread::scope(|scope| {
            let theirs = scope.spawn(|| careless(&server, &home));
            let running = ours(&server, &home);
            server.wait_for_held(2);
            server.release();
            for run in running {
                let output = run.wait();
                assert_eq!(output.code, 0, "round {round}: {}", output.show());
            }
            theirs.join().unwrap();
        });
        let token = home.read_token("my-sso");
        let refresh = token["refreshToken"].as_str().unwrap_or_default();
        assert!(server.is_refreshable(refresh), "round {round}: {token}");
        assert_eq!(server.count(Call::Refresh), 2, "round {round}");
        assert_eq!(home.names(".aws/sso/cache").len(), 1, "round {round}");
    }
}

#[test]
fn a_logout_at_the_same_moment_stays_a_logout() {
    for round in 0..rounds() {
        let server = StandIn::start(Knobs::default());
        let home = Home::with_session();
        home.token("my-sso", &server.login(), -60);
        server.hold(Call::Refresh);
        let running = ours(&server, &home);
        server.wait_for_held(1);
        std::thread::scope(|scope| {
            // The answer and the logout of another tool race.
            scope.spawn(|| server.release());
            scope.spawn(|| home.remove(&token_file("my-sso")));
        });
        for run in running {
            let output = run.wait();
            assert!(
                matches!(output.code, 0 | 5),
                "round {round}: {}",
                output.show()
            );
        }
        assert_eq!(home.names(".aws/sso/cache"), [""; 0], "round {round}");
        assert_eq!(server.count(Call::Refresh), 1, "round {round}");
    }
}

/// What `aws configure set` does: reads the file, then writes it in place, without a look at what came between. The
/// longest time for which it held an old text.
fn set_in_place(home: &Home, key: &str, value: &str) -> Duration {
    let path = home.path().join(".aws/config");
    let since = Instant::now();
    let text = std::fs::read_to_string(&path).unwrap();
    let header = "[profile theirs]\n";
    let line = format!("{key} = {value}\n");
    let text = match text.find(header) {
        Some(at) => {
            let at = at + header.len();
            format!("{}{line}{}", &text[..at], &text[at..])
        }
        None => format!("{text}{header}{line}"),
    };
    std::fs::write(&path, text).unwrap();
    since.elapsed()
}

#[test]
fn populate_beside_another_and_beside_a_tool_that_writes_in_place_loses_nothing() {
    let mut counted = 0;
    for round in 0..rounds() {
        let server = StandIn::start(Knobs::default());
        let home = Home::with_session();
        home.token("my-sso", &server.login(), 3000);
        let (done, keys) = (AtomicBool::new(false), 6);
        let (slowest, outputs) = std::thread::scope(|scope| {
            let theirs = scope.spawn(|| {
                let mut slowest = Duration::ZERO;
                for key in 0..keys {
                    slowest = slowest.max(set_in_place(&home, &format!("key{key}"), "x"));
                    std::thread::sleep(Duration::from_millis(20));
                }
                while !done.load(Ordering::Relaxed) {
                    slowest = slowest.max(set_in_place(&home, "again", "x"));
                    std::thread::sleep(Duration::from_millis(150));
                }
                slowest
            });
            let running: Vec<Running> = ["ReadOnly", "Admin"]
                .into_iter()
                .map(|role| {
                    home.run(["populate", "--yes", "--role", role])
                        .at(&server)
                        .start()
                })
                .collect();
            let outputs: Vec<_> = running.into_iter().map(Running::wait).collect();
            done.store(true, Ordering::Relaxed);
            (theirs.join().unwrap(), outputs)
        });
        // A tool that held an old text for longer than populate looks can't be helped.
        if slowest > Duration::from_millis(15) {
            continue;
        }
        counted += 1;
        for output in outputs {
            // It gave up, and said so: then it is no loss.
            assert!(
                output.code == 0 || output.stderr.contains("is being changed by"),
                "round {round}: {}",
                output.show()
            );
        }
        for role in ["ReadOnly", "Admin"] {
            let output = home
                .run(["populate", "--check", "--role", role])
                .at(&server)
                .output();
            assert_eq!(output.code, 0, "round {round}: {}", output.show());
        }
        let text = String::from_utf8(home.read(".aws/config").unwrap()).unwrap();
        for key in 0..keys {
            let line = format!("key{key} = x\n");
            assert_eq!(text.matches(&line).count(), 1, "round {round}: {text}");
        }
        assert!(text.contains("[profile dev]\n"), "round {round}: {text}");
        assert_eq!(home.names(".aws"), ["config", "sso"], "round {round}");
    }
    println!("rounds beside a tool that writes in place: {counted}");
    assert!(counted > 0);
}
