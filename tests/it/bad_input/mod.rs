//! Files, variables and streams as bad as they come. The prompt then exits 0, prints one line at most and nothing on
//! standard error, and claims nothing that it can't know; other commands say what is wrong, where, and what to do,
//! and print nothing that a shell would evaluate.

mod changes;
mod content;
mod environment;
mod kinds;
mod limits;
mod secrets;
mod streams;
mod system_calls;

use crate::support::Home;
use std::process::Command;

/// The badge of `dev`, after the promises that hold for every prompt are held.
#[track_caller]
fn badge(home: &Home, what: &str) -> String {
    let output = home.run(["prompt"]).env("AWS_PROFILE", "dev").output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{what}");
    assert!(
        output.stdout.lines().count() <= 1,
        "{what}: {}",
        output.stdout
    );
    for shell in ["zsh", "bash", "fish"] {
        let answer = home
            .run(["__refresh", "--shell", shell, "--proto", "1"])
            .env("AWS_PROFILE", "dev")
            .output();
        assert_eq!(
            (answer.code, answer.stderr.as_str()),
            (0, ""),
            "{what} in {shell}"
        );
        assert!(
            answer.stdout.contains("_awsbadge_x_done"),
            "{what} in {shell}"
        );
    }
    output.stdout.trim_end().to_owned()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}
