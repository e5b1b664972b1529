//! Clocks that jump: a wait is measured by a clock that can't be set, and dates by the one that people see.

use crate::support::{
    Approval, Call, Home, Knobs, StandIn, browser, expires_in, http, seconds, skip,
};
use std::path::Path;

const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// The variables that let a file set the clock, or nothing if libfaketime is not installed: that is recorded.
fn variables(home: &Home) -> Option<Vec<(&'static str, String)>> {
    if !Path::new(LIBRARY).exists() {
        skip("no libfaketime");
        return None;
    }
    home.file("clock", "+0");
    let clock = home.path().join("clock").to_str()?.to_owned();
    Some(vec![
        ("LD_PRELOAD", LIBRARY.to_owned()),
        ("FAKETIME_TIMESTAMP_FILE", clock),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ])
}

#[test]
fn row_105_a_jump_of_the_clock_ends_no_login() {
    for (jump, days) in [("+2d", 2), ("-2d", -2)] {
        for flow in ["--pkce", "--device"] {
            let server = StandIn::start(Knobs {
                approval: Approval::Visit,
                ..Knobs::default()
            });
            let home = Home::with_session();
            browser::install(&home);
            let Some(variables) = variables(&home) else {
                return;
            };
            let run = home.run(["login", "my-sso", flow]).at(&server);
            let run = run.env("DISPLAY", ":0").env("BROWSER", browser::BROWSER);
            let run = variables
                .iter()
                .fold(run, |run, (name, value)| run.env(name, value));
            let running = run.start();
            let url = browser::opened(&home);
            home.file("clock", jump);
            match flow {
                "--pkce" => {
                    // A turn of the wait with the new time.
                    http::get(&format!("{}?state=wrong", browser::callback(&url))).unwrap();
                    browser::visit(&url);
                }
                _ => {
                    let polls = server.count(Call::TokenByDevice);
                    server.wait_for(Call::TokenByDevice, polls + 2);
                    http::get(&url).unwrap();
                }
            }
            running.wait().exits(0);
            let token = home.read_token("my-sso");
            let ends = seconds(token["expiresAt"].as_str().unwrap()) - seconds(&expires_in(0));
            let left = ends - days * 86_400;
            assert!((3500..=3600).contains(&left), "{flow} {jump}: {token}");
        }
    }
}
