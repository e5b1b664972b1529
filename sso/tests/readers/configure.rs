//! What `configure` writes into an empty home is read by the AWS CLI and by botocore.

use crate::install;
use crate::support::{Home, Knobs, StandIn, unreachable};

const LIST: &str = "import botocore.session as s; p = s.Session().full_config['profiles']; print(sorted(p), p['Sandbox-Admin'])";

#[test]
fn the_aws_cli_and_botocore_use_the_profile_that_configure_wrote() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let url = format!("{}/start", server.url());
    home.run([
        "configure",
        "--start-url",
        &url,
        "--account",
        "Sandbox",
        "--output",
        "json",
        "--yes",
    ])
    .at(&server)
    .output()
    .exits(0);
    match install::aws2() {
        Err(why) => unreachable(&format!("no AWS CLI: {why}")),
        Ok(aws2) => {
            let aws = |words: &[&str]| {
                let run = home.program(aws2.to_str().unwrap()).args(words).at(&server);
                run.output().exits(0)
            };
            assert_eq!(
                aws(&["configure", "list-profiles"]).stdout,
                "Sandbox-Admin\n"
            );
            let said = aws(&["sts", "get-caller-identity", "--profile", "Sandbox-Admin"]).json();
            assert_eq!(
                said["Arn"],
                "arn:aws:sts::210987654321:assumed-role/Admin/me"
            );
        }
    }
    match install::python() {
        Err(why) => unreachable(&format!("no boto3: {why}")),
        Ok(python) => {
            let run = home.program(python.to_str().unwrap()).args(["-c", LIST]);
            let said = run.output().exits(0).stdout;
            for part in [
                "['Sandbox-Admin']",
                "'sso_session': 'my-sso'",
                "'sso_account_id': '210987654321'",
                "'sso_role_name': 'Admin'",
                "'region': 'eu-west-1'",
                "'output': 'json'",
            ] {
                assert!(said.contains(part), "{part}: {said}");
            }
        }
    }
}
