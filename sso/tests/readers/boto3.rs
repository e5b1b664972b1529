//! boto3.

use crate::exchange::exchange;
use crate::install::{self, HERE};
use crate::support::{Home, Run, StandIn, unreachable};

/// A Python with boto3, unless it can't be installed: that is recorded.
pub(crate) fn python() -> Option<std::path::PathBuf> {
    install::python()
        .map_err(|why| unreachable(&format!("no boto3: {why}")))
        .ok()
}

#[test]
fn it_reads_and_refreshes_ours_and_we_read_what_it_wrote() {
    let Some(python) = python() else { return };
    exchange("boto3", |server: &StandIn, home: &Home, profile: &str| {
        let run: Run<'_> = home.program(python.to_str().unwrap());
        let script = format!("{HERE}/with_boto3.py");
        run.args([script.as_str(), profile])
            .at(server)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "1")
            .output()
    });
}
