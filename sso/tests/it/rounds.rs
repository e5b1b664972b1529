//! Rounds of a race: ours, a tool that refreshes and writes in place as the AWS CLI does, and a logout, all at the same
//! moment and on a server that rotates refresh tokens. `AWSBADGE_ALL_FAULTS=1` makes 200 rounds of each.

use crate::support::{Call, Home, Knobs, Running, StandIn, http, strace, token_file};
use serde_json::{Value, json};

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
