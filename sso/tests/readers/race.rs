//! Many processes and one expired token, with the AWS CLI in every mix. The server rotates refresh tokens.
//!
//! Each test prints its figures: `cargo test --test readers race -- --nocapture`.

use crate::aws_cli::{aws, program};
use crate::support::{Call, Home, Knobs, Output, Running, StandIn};
use std::time::Instant;

const THEIRS: usize = 8;

fn furnished(revoke_on_reuse: bool) -> (StandIn, Home) {
    let server = StandIn::start(Knobs {
        revoke_on_reuse,
        ..Knobs::default()
    });
    let home = Home::with_session();
    home.token("my-sso", &server.login(), -60);
    (server, home)
}

/// `aws sts get-caller-identity`, `THEIRS` times at once.
fn theirs<'h>(aws2: &std::path::Path, server: &StandIn, home: &'h Home) -> Vec<Running<'h>> {
    (0..THEIRS)
        .map(|_| aws(aws2, server, home, &["sts", "get-caller-identity"]).start())
        .collect()
}

fn wait(running: Vec<Running<'_>>) -> Vec<Output> {
    running.into_iter().map(Running::wait).collect()
}

fn worked(outputs: &[Output]) -> usize {
    outputs.iter().filter(|output| output.code == 0).count()
}

#[track_caller]
fn usable(server: &StandIn, home: &Home) {
    let token = home.read_token("my-sso");
    assert!(
        server.is_valid(token["accessToken"].as_str().unwrap_or_default()),
        "{token}"
    );
    assert!(
        server.is_refreshable(token["refreshToken"].as_str().unwrap_or_default()),
        "{token}"
    );
}

#[test]
fn alone_the_aws_cli_loses_all_but_one() {
    let Some(aws2) = program() else { return };
    for revoke_on_reuse in [false, true] {
        let (server, home) = furnished(revoke_on_reuse);
        // All of them have read the same token before the first is answered.
        server.hold(Call::Refresh);
        let running = theirs(&aws2, &server, &home);
        server.wait_for_held(THEIRS);
        server.release();
        let outputs = wait(running);
        println!(
            "figure: {THEIRS} AWS CLI processes at once, one expired token, rotation, revocation on reuse {revoke_on_reuse}: \
             {} work, {} refreshes",
            worked(&outputs),
            server.count(Call::Refresh)
        );
        // Not ours to promise; only that there is something to compare with.
        assert_eq!(server.count(Call::Refresh), THEIRS);
    }
}

#[test]
fn after_ours_the_aws_cli_makes_no_refresh_and_all_of_them_work() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished(true);
    let start = Instant::now();
    let ours: Vec<Running<'_>> = (0..100)
        .map(|_| {
            home.run(["refresh", "my-sso", "--quiet"])
                .at(&server)
                .start()
        })
        .collect();
    let outputs = wait(ours);
    let took = start.elapsed();
    assert_eq!(
        (worked(&outputs), server.count(Call::Refresh)),
        (100, 1),
        "{outputs:?}"
    );
    let outputs = wait(theirs(&aws2, &server, &home));
    println!(
        "figure: 100 of ours, rotation: {} work, 1 refresh, {:.2} s; then {THEIRS} AWS CLI processes: {} work, {} refreshes",
        100,
        took.as_secs_f64(),
        worked(&outputs),
        server.count(Call::Refresh) - 1
    );
    let failed: Vec<&Output> = outputs.iter().filter(|output| output.code != 0).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(server.count(Call::Refresh), 1);
    usable(&server, &home);
}

#[test]
fn in_a_mix_none_of_ours_fails_and_the_file_keeps_a_usable_token() {
    let Some(aws2) = program() else { return };
    for ours in [1, 20, 100] {
        let (server, home) = furnished(false);
        // All of theirs and the one of ours that asks are at the server at the same moment.
        server.hold(Call::Refresh);
        let their_runs = theirs(&aws2, &server, &home);
        server.wait_for_held(THEIRS);
        let our_runs: Vec<Running<'_>> = (0..ours)
            .map(|_| {
                home.run(["refresh", "my-sso", "--json"])
                    .at(&server)
                    .start()
            })
            .collect();
        server.wait_for_held(THEIRS + 1);
        server.release();
        let (our_outputs, their_outputs) = (wait(our_runs), wait(their_runs));
        println!(
            "figure: {ours} of ours beside {THEIRS} AWS CLI processes, rotation: {} of ours work, {} of theirs, {} refreshes",
            worked(&our_outputs),
            worked(&their_outputs),
            server.count(Call::Refresh)
        );
        let failed: Vec<&Output> = our_outputs
            .iter()
            .filter(|output| output.code != 0)
            .collect();
        assert!(failed.is_empty(), "{failed:?}");
        usable(&server, &home);
    }
}

#[test]
fn when_ours_come_first_all_of_theirs_work_too() {
    let Some(aws2) = program() else { return };
    let (server, home) = furnished(false);
    // Ours is at the server when theirs start.
    server.hold(Call::Refresh);
    let ours: Vec<Running<'_>> = (0..20)
        .map(|_| {
            home.run(["refresh", "my-sso", "--json"])
                .at(&server)
                .start()
        })
        .collect();
    server.wait_for_held(1);
    let their_runs = theirs(&aws2, &server, &home);
    server.release();
    let (our_outputs, their_outputs) = (wait(ours), wait(their_runs));
    println!(
        "figure: 20 of ours first, {THEIRS} AWS CLI processes at once after them: {} of ours work, {} of theirs, {} refreshes",
        worked(&our_outputs),
        worked(&their_outputs),
        server.count(Call::Refresh)
    );
    assert_eq!(worked(&our_outputs), 20);
    usable(&server, &home);
}
