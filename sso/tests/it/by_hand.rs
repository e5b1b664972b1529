//! The stand-in for a person: `cargo test --test it by_hand -- --ignored --nocapture` prints what to set, and serves
//! until the home directory that it names is removed. `AWSBADGE_SERVE=N` offers N accounts.

use crate::support::{Home, Knobs, StandIn, organisation};
use std::time::Duration;

#[test]
#[ignore = "serves until its home directory is removed"]
fn the_stand_in_serves_a_person() {
    let count = std::env::var("AWSBADGE_SERVE")
        .ok()
        .and_then(|n| n.parse().ok());
    let mut knobs = Knobs {
        calls_per_second: Some(20),
        ..Knobs::default()
    };
    if let Some(count) = count {
        knobs.accounts = organisation(count, &["AdministratorAccess", "ReadOnly"]);
    }
    let (server, home) = (StandIn::start(knobs), Home::with_session());
    home.token("my-sso", &server.login(), 3000);
    println!("export HOME=\"{}\"", home.path().display());
    for (name, value) in server.variables() {
        println!("export {name}={value}");
    }
    while home.path().join(".aws").exists() {
        std::thread::sleep(Duration::from_millis(200));
    }
}
