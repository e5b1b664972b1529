//! Clocks that jump: a wait is measured by a clock that can't be set, and dates by the one that people see.

use crate::support::{
    Approval, Call, Home, Knobs, StandIn, browser, expires_in, http, installed, now, seconds, skip,
    until,
};
use nix::sys::signal::Signal;
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

/// A machine that sleeps, as far as a test can put it to sleep: the program stands still, the service and the clocks go
/// on. A sleep of the machine itself is counted too, since the clock of waits is `CLOCK_BOOTTIME`.
#[test]
fn row_106_a_sleep_is_part_of_the_time_that_a_code_lives() {
    if !installed(&["/proc/self"]) {
        return;
    }
    for (lives, approved, code) in [(3, false, 5), (3, true, 5), (600, true, 0)] {
        let server = StandIn::start(Knobs {
            approval: Approval::Visit,
            device_ttl: lives,
            ..Knobs::default()
        });
        let home = Home::with_session();
        let run = home.run(["login", "my-sso", "--device"]).at(&server);
        let running = run.start();
        server.wait_for(Call::TokenByDevice, 1);
        running.signal(Signal::SIGSTOP);
        let stat = format!("/proc/{}/stat", running.id());
        let stands_still = || {
            let stat = std::fs::read_to_string(&stat).unwrap();
            stat.rsplit(')').next()?.starts_with(" T").then_some(())
        };
        until(stands_still).expect("it stops");
        if approved {
            server.approve();
        }
        let over = now() + lives.min(3) + 1;
        until(|| (now() > over).then_some(())).unwrap();
        let polls = server.count(Call::TokenByDevice);
        running.signal(Signal::SIGCONT);
        let output = running.wait().exits(code);
        if code == 0 {
            let token = home.read_token("my-sso");
            let left = seconds(token["expiresAt"].as_str().unwrap()) - now();
            assert!(
                (3500..=3600).contains(&left),
                "counted from the answer: {token}"
            );
        } else {
            assert!(output.stderr.contains("hint: "), "{}", output.show());
            // What was on its way, and no more.
            assert!(server.count(Call::TokenByDevice) <= polls + 1);
        }
    }
}
