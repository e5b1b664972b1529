//! STS: botocore signs a request as `whoami` does, and the AWS CLI uses the role that `whoami` kept.

use crate::install::{self, HERE};
use crate::support::{Call, Home, Knobs, StandIn, Trust, unreachable};

const CONFIG: &str = "[profile role]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = keys\n\
    role_session_name = me\nregion = eu-west-1\n";

#[test]
fn botocore_signs_the_same() {
    let Ok(python) = install::python().map_err(|why| unreachable(&format!("no boto3: {why}")))
    else {
        return;
    };
    for temporary in [false, true] {
        let server = StandIn::start(Knobs::default());
        let keys = server.keys("1:user/me", temporary);
        let token = keys.token.clone().unwrap_or_default();
        let home = Home::new();
        let run = |run: crate::support::Run<'_>| {
            run.env("AWS_ACCESS_KEY_ID", &keys.id)
                .env("AWS_SECRET_ACCESS_KEY", &keys.secret)
                .env("AWS_SESSION_TOKEN", &token)
                .env("AWS_REGION", "eu-central-1")
                .output()
                .exits(0)
        };
        run(home.run(["whoami"]).at(&server));
        let request = &server.calls(Call::Identity)[0];
        let header = |name: &str| request.header(name).unwrap().to_owned();
        let script = format!("{HERE}/sign.py");
        let arguments = [
            script,
            format!("{}{}", server.url(), request.path),
            request.text(),
            header("content-type"),
            header("x-amz-date"),
        ];
        let theirs = run(home.program(python.to_str().unwrap()).args(arguments));
        assert_eq!(theirs.stdout, header("authorization") + "\n");
    }
}

#[test]
fn the_aws_cli_uses_the_role_that_was_kept() {
    let Ok(aws2) = install::aws2().map_err(|why| unreachable(&format!("no AWS CLI: {why}"))) else {
        return;
    };
    let server = StandIn::start(Knobs::default());
    server.trust("arn:aws:iam::1:role/R", Trust::default());
    let keys = server.keys("1:user/me", false);
    let home = Home::new();
    home.config(CONFIG);
    home.file(
        ".aws/credentials",
        format!(
            "[keys]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            keys.id, keys.secret
        ),
    );
    home.run(["whoami", "role"]).at(&server).output().exits(0);
    assert_eq!(server.count(Call::AssumeRole), 1);
    let said = home
        .program(aws2.to_str().unwrap())
        .args(["sts", "get-caller-identity", "--profile", "role"])
        .at(&server)
        .output()
        .exits(0)
        .json();
    assert_eq!(said["Arn"], "arn:aws:sts::1:assumed-role/R/me");
    assert_eq!(server.count(Call::AssumeRole), 1);
}
