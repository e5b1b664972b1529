//! `explain` and `config`: why those credentials, and what the files say to each tool.

use crate::support::fixtures::{SESSION, sso};
use crate::support::{Home, expires_in};
use serde_json::{Value, json};

const CONFIG: &str = concat!(
    sso!(),
    "\
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = SECRET-CANARY-key
region = eu-central-1 # home

[profile audit]
role_arn = arn:aws:iam::222222222222:role/Auditor
source_profile = dev
"
);

fn explained(home: &Home, arguments: &[&str], env: &[(&str, &str)]) -> Value {
    let mut run = home.run([&["explain", "--json"], arguments].concat());
    for (name, value) in env {
        run = run.env(name, *value);
    }
    let run = run.env("AWS_EC2_METADATA_DISABLED", "true").output();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_json_is_the_documented_object() {
    let home = Home::new();
    home.config(CONFIG).token(SESSION, &expires_in(3600));
    let answer = explained(&home, &["--profile", "audit"], &[]);
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["tool", "profile", "winner", "error", "steps", "warnings"]
    );
    assert_eq!(answer["tool"], "cli");
    assert_eq!(answer["profile"], "audit");
    assert_eq!(answer["error"], Value::Null);
    assert_eq!(
        answer["winner"],
        json!({
            "provider": "assume-role",
            "profile": "audit",
            "chain": [
                { "provider": "sso", "profile": "dev", "role_arn": null },
                {
                    "provider": "assume-role", "profile": "audit",
                    "role_arn": "arn:aws:iam::222222222222:role/Auditor",
                },
            ],
        })
    );
    let steps: Vec<[&str; 2]> = answer["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| [&step["provider"], &step["verdict"]].map(|v| v.as_str().unwrap()))
        .collect();
    assert_eq!(steps[0], ["env", "skipped"]);
    assert_eq!(steps[1], ["assume-role", "used"]);
    assert!(
        steps[2..]
            .iter()
            .all(|[_, verdict]| *verdict == "not reached")
    );
    let reason = answer["steps"][1]["reason"].as_str().unwrap();
    assert!(reason.contains("$HOME/.aws/config:14"), "{reason}");
    assert_eq!(answer["warnings"], json!([]));
}

#[test]
fn every_tool_is_asked_by_its_name() {
    let home = Home::new();
    home.config(CONFIG).token(SESSION, &expires_in(3600));
    for (tool, provider) in [
        ("cli", "sso"),
        ("boto3", "sso"),
        ("rust", "sso"),
        ("js", "config-file"),
        ("go", "config-file"),
        ("java", "sso"),
    ] {
        let answer = explained(&home, &["--tool", tool, "--profile", "dev"], &[]);
        assert_eq!(answer["tool"], tool);
        assert_eq!(answer["winner"]["provider"], provider, "{tool}");
    }
}

#[test]
fn the_story_names_file_and_line_and_the_tools_that_differ() {
    let home = Home::new();
    home.config(CONFIG).token(SESSION, &expires_in(3600));
    let run = home
        .run(["explain"])
        .env("AWS_PROFILE", "dev")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for wanted in [
        "The AWS CLI uses sso of dev\n",
        "profile  dev (AWS_PROFILE)\n",
        "region   eu-central-1 # home ($HOME/.aws/config:11)\n",
        "sso_role_name at $HOME/.aws/config:8",
        "keys at $HOME/.aws/config:9",
        "  js    config-file of dev; region eu-central-1 ",
    ] {
        assert!(run.stdout.contains(wanted), "{wanted}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("CANARY"));
}

#[test]
fn a_tool_without_credentials_is_told_with_the_reason() {
    let home = Home::new();
    home.config(CONFIG);
    for (env, code) in [
        (&[("AWS_PROFILE", "nope")][..], "profile-not-found"),
        (&[("AWS_PROFILE", "")], "profile-not-found"),
        (
            &[("AWS_PROFILE", "dev"), ("AWS_ACCESS_KEY_ID", "A")],
            "partial-credentials",
        ),
        (&[], "no-credentials"),
    ] {
        let answer = explained(&home, &[], env);
        assert_eq!(answer["winner"], Value::Null, "{env:?}");
        assert_eq!(answer["error"]["code"], code, "{env:?}");
        assert!(!answer["error"]["message"].as_str().unwrap().is_empty());
    }
    home.config("[profile dev]\nregion\n");
    let answer = explained(&home, &["--profile", "dev"], &[]);
    assert_eq!(answer["error"]["code"], "config-parse");
    assert!(answer["error"]["message"].as_str().unwrap().contains(":2"));
}

#[test]
fn nothing_is_run_and_no_secret_is_shown() {
    let home = Home::new();
    home.config("[profile dev]\ncredential_process = canary\n")
        .stub("canary", "exit 0");
    for tool in ["cli", "boto3", "rust", "js", "go", "java"] {
        let answer = explained(&home, &["--tool", tool, "--profile", "dev"], &[]);
        assert_eq!(answer["winner"]["provider"], "custom-process", "{tool}");
    }
    home.run(["config"]).output();
    assert!(home.calls("canary").is_empty());
}

#[test]
fn config_shows_what_a_tool_reads_and_masks_secrets() {
    let home = Home::new();
    home.config(CONFIG).credentials(
        "[dev]\naws_session_token = SECRET-CANARY-token\nmy_password = SECRET-CANARY-password\nregion = us-east-1\n",
    );
    let text = home.run(["config"]).output().stdout;
    assert!(!text.contains("CANARY"), "{text}");
    for (line, place) in [
        ("[profile dev]", "config:5"),
        ("aws_access_key_id = AKIA…MPLE", "config:9"),
        ("aws_secret_access_key = ***", "config:10"),
        ("aws_session_token = ***", "credentials:2"),
        ("my_password = ***", "credentials:3"),
        ("region = us-east-1", "credentials:4"),
        ("[sso-session my-sso]", "config:1"),
    ] {
        let found = text
            .lines()
            .any(|l| l.starts_with(line) && l.ends_with(&format!("# $HOME/.aws/{place}")));
        assert!(found, "{line} # {place}: {text}");
    }
    let json = home.run(["config", "--json", "--tool", "rust"]).output();
    assert!(!json.stdout.contains("CANARY"));
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["profiles", "sso_sessions", "services", "warnings"]);
    assert_eq!(json["profiles"]["dev"]["aws_secret_access_key"], "***");
    assert_eq!(json["sso_sessions"][SESSION]["sso_region"], "eu-west-1");
}

#[test]
fn config_masks_whatever_is_not_known_to_be_harmless() {
    let home = Home::new();
    home.config(
        "[default]\nexternal_id = CANARY\napi_key = CANARY\npwd = CANARY\ncookie = CANARY\nnew_key = CANARY\n\
         proxy = http://me:CANARY@h\nendpoint_url = https://me:CANARY@h/x\nca_bundle = /ca.pem\n\
         credential_process = \"/a b/get\" --password CANARY\n\
         s3 =\n  endpoint_url = https://me:CANARY@h\n  password = CANARY\n  addressing_style = path\n\
         [services mine]\ndynamodb =\n  endpoint_url = http://me:CANARY@h:8000\n  cookie = CANARY\n\
         [sso-session s]\nsso_start_url = https://me:CANARY@h/start\nclient = CANARY\n\
         [profile indented]\nregion = eu-west-1\n  aws_secret_access_key = CANARY\n  CANARY\n",
    );
    home.credentials("[default]\naws_security_token = CANARY\nnote = CANARY\n");
    for tool in ["cli", "boto3", "rust", "js", "go", "java"] {
        for json in [None, Some("--json")] {
            let words = ["config", "--tool", tool].into_iter().chain(json);
            let output = home.run(words).output();
            assert_eq!(output.code, 0, "{tool}: {}", output.stderr);
            let said = output.stdout;
            assert!(!said.contains("CANARY"), "{tool}: {said}");
            for seen in ["https://***@h/x", "/ca.pem", "/a b/get", "***", "path"] {
                assert!(said.contains(seen), "{tool}: no {seen}: {said}");
            }
        }
    }
}

#[test]
fn a_file_that_the_tool_refuses_is_exit_4_with_its_line() {
    let home = Home::new();
    home.config("[profile a]\nregion = x\n[profile a]\nregion = y\n");
    for tool in ["cli", "boto3"] {
        let run = home.run(["config", "--tool", tool]).output();
        assert_eq!((run.code, run.stdout.as_str()), (4, ""), "{tool}");
        assert!(
            run.stderr.starts_with("error: $HOME/.aws/config:3: "),
            "{}",
            run.stderr
        );
    }
    let run = home.run(["config", "--tool", "rust"]).output();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("region = y"), "the last one counts");
}
