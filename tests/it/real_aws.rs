//! The AWS CLI itself writes the configuration; what it reads back is what awsbadge says.

use crate::support::{Home, expires_in, installed, skip};
use serde_json::Value;

/// A call of `aws` that has to succeed; its stdout.
#[track_caller]
fn aws(home: &Home, arguments: &[&str], stdin: &str) -> String {
    let run = home.tool("aws").args(arguments).stdin(stdin).output();
    assert_eq!(
        run.code, 0,
        "aws {arguments:?}: {}{}",
        run.stdout, run.stderr
    );
    run.stdout
}

#[test]
fn what_the_aws_cli_wrote_reads_the_same() {
    if !installed(&["aws"]) {
        return;
    }
    let home = Home::new();
    if !aws(&home, &["--version"], "").starts_with("aws-cli/2") {
        return skip("aws is not version 2");
    }
    // Each call takes most of a second, so they are few.
    for (profile, key, value) in [
        ("my dev", "region", "eu-west-1"),
        ("my dev", "sso_session", "my-sso"),
        ("my dev", "sso_account_id", "012345678901"),
        ("my dev", "sso_role_name", "Admin"),
        ("it's", "role_arn", "arn:aws:iam::123456789012:role/Build"),
        ("ci", "aws_access_key_id", "AKIAIOSFODNN7EXAMPLE"),
        ("ci", "aws_secret_access_key", "SECRET-CANARY/with+signs="),
        ("default", "region", "us-east-1"),
    ] {
        aws(
            &home,
            &["configure", "set", key, value, "--profile", profile],
            "",
        );
    }
    aws(
        &home,
        &["configure", "sso-session"],
        "my-sso\nhttps://myorg.awsapps.com/start\neu-west-1\n\n",
    );
    home.token("my-sso", &expires_in(3600));

    let names = aws(&home, &["configure", "list-profiles"], "");
    home.run(["list"]).stdout(&names).check();

    let list: Value = serde_json::from_str(&home.run(["list", "--json"]).output().stdout).unwrap();
    let profile = |name: &str| -> &Value {
        list.as_array()
            .unwrap()
            .iter()
            .find(|profile| profile["profile"] == name)
            .unwrap()
    };
    assert_eq!(list.as_array().unwrap().len(), names.lines().count());
    for (name, key, pointer) in [
        ("my dev", "region", "/region"),
        ("my dev", "sso_account_id", "/account_id"),
        ("my dev", "sso_role_name", "/role_name"),
        ("my dev", "sso_session", "/sso/session"),
        ("default", "region", "/region"),
    ] {
        let said = aws(&home, &["configure", "get", key, "--profile", name], "");
        assert_eq!(
            profile(name).pointer(pointer).and_then(Value::as_str),
            Some(said.trim_end()),
            "{name}: {key}"
        );
    }
    let session = &profile("my dev")["sso"];
    assert_eq!(session["start_url"], "https://myorg.awsapps.com/start");
    assert_eq!(session["region"], "eu-west-1");
    assert_eq!(profile("my dev")["expiry"]["state"], "valid");
    assert_eq!(profile("ci")["source"], "shared-credentials-file");
    assert_eq!(profile("ci")["expiry"]["state"], "keys");
    assert!(
        !list.to_string().contains("SECRET-CANARY"),
        "a secret is in the list"
    );
}
