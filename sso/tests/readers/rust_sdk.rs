//! The SDK for Rust.

use crate::exchange::exchange;
use crate::install;
use crate::support::{Home, StandIn, unreachable};

#[test]
fn it_reads_and_refreshes_ours_and_we_read_what_it_wrote() {
    let reader = match install::rust() {
        Ok(reader) => reader,
        Err(why) => return unreachable(&format!("no SDK for Rust: {why}")),
    };
    exchange(
        "the SDK for Rust",
        |server: &StandIn, home: &Home, profile: &str| {
            home.program(reader.to_str().unwrap())
                .args([profile])
                .at(server)
                .env("AWS_PROFILE", profile)
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .output()
        },
    );
}
