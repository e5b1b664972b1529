//! The SDK for JavaScript.

use crate::exchange::exchange;
use crate::install::{self, HERE};
use crate::support::{Home, StandIn, unreachable};

#[test]
fn it_reads_and_refreshes_ours_and_we_read_what_it_wrote() {
    let directory = match install::javascript() {
        Ok(directory) => directory,
        Err(why) => return unreachable(&format!("no SDK for JavaScript: {why}")),
    };
    exchange(
        "the SDK for JavaScript",
        |server: &StandIn, home: &Home, profile: &str| {
            let script = format!("{HERE}/with_javascript.cjs");
            home.program("node")
                .args([script.as_str(), directory.to_str().unwrap(), profile])
                .at(server)
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .env("AWS_REGION", "eu-west-1")
                .output()
        },
    );
}
