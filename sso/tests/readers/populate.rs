//! What `populate` writes, read by botocore, the SDK for Rust and the AWS CLI; and the AWS CLI writing beside it.

use crate::aws_cli::{aws, program};
use crate::boto3::python;
use crate::install::{self, HERE};
use crate::support::{Account, Config, Home, Knobs, StandIn, configs, unreachable};
use serde_json::{Map, Value, json};

/// The config file before and after `populate`, and the profiles that it added, for each of the many.
fn populated() -> Vec<(Config, String, Vec<Value>)> {
    let all = configs().into_iter().map(|config| {
        let (server, home) = (StandIn::start(Knobs::default()), Home::new());
        home.config(&config.text)
            .token("my-sso", &server.login(), 3000);
        let report = home
            .run([
                "populate",
                "my-sso",
                "--yes",
                "--json",
                "--region",
                "eu-west-1",
            ])
            .at(&server)
            .output()
            .exits(0)
            .json();
        let after = String::from_utf8(home.read(".aws/config").unwrap()).unwrap();
        let added = report["added"].as_array().unwrap().clone();
        (config, after, added)
    });
    all.collect()
}

/// What a reader makes of the config file of each case.
fn read(home: &Home, program: &str, arguments: &[&str], texts: &[&str]) -> Vec<Value> {
    let cases: Vec<Value> = texts
        .iter()
        .map(|text| json!({"config": text, "credentials": ""}))
        .collect();
    home.file("cases.json", Value::from(cases).to_string());
    let cases = home.path().join("cases.json");
    let output = home
        .program(program)
        .args(arguments)
        .args([cases.to_str().unwrap()])
        .output()
        .exits(0);
    let answers = output.json();
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), texts.len());
    answers
        .iter()
        .map(|answer| answer["config"].clone())
        .collect()
}

/// Both readers see what was there before as it was, and the new profiles beside it.
fn sees_the_same_and_the_new(name: &str, before: &Value, after: &Value, added: &[Value]) {
    let mut wanted: Map<String, Value> = before["profiles"].as_object().unwrap().clone();
    for profile in added {
        let name = profile["profile"].as_str().unwrap();
        let found = &after["profiles"][name];
        for (key, want) in [
            ("sso_session", &json!("my-sso")),
            ("sso_account_id", &profile["account_id"]),
            ("sso_role_name", &profile["role"]),
            ("region", &json!("eu-west-1")),
        ] {
            assert_eq!(&found[key], want, "{name}: {key}: {after}");
        }
        wanted.insert(name.to_owned(), found.clone());
    }
    assert_eq!(&after["profiles"], &Value::Object(wanted), "{name}");
    assert_eq!(after["sso_sessions"], before["sso_sessions"], "{name}");
}

fn compared(what: &str, reads: impl Fn(&Config) -> bool, read: impl Fn(&[&str]) -> Vec<Value>) {
    let populated = populated();
    let before: Vec<&str> = populated
        .iter()
        .map(|(config, ..)| config.text.as_str())
        .collect();
    let after: Vec<&str> = populated
        .iter()
        .map(|(_, after, _)| after.as_str())
        .collect();
    let (before, after) = (read(&before), read(&after));
    let mut count = 0;
    for ((config, _, added), (before, after)) in populated.iter().zip(before.iter().zip(&after)) {
        let name = format!("{what}, {}", config.name);
        assert_eq!(before["error"].is_null(), reads(config), "{name}: {before}");
        assert_eq!(after["error"].is_null(), reads(config), "{name}: {after}");
        if reads(config) {
            count += 1;
            sees_the_same_and_the_new(&name, before, after, added);
        }
    }
    println!("{what} reads {count} of {}", populated.len());
}

#[test]
fn botocore_reads_what_populate_wrote() {
    let Some(python) = python() else { return };
    let home = Home::new();
    let script = format!("{HERE}/../../../tests/differential/read.py");
    compared(
        "botocore",
        |config| config.botocore,
        |texts| read(&home, python.to_str().unwrap(), &[&script], texts),
    );
}

#[test]
fn the_sdk_for_rust_reads_what_populate_wrote() {
    let reader = match install::rust_config() {
        Ok(reader) => reader,
        Err(why) => return unreachable(&format!("no SDK for Rust: {why}")),
    };
    let home = Home::new();
    compared(
        "the SDK for Rust",
        |config| config.rust,
        |texts| read(&home, reader.to_str().unwrap(), &[], texts),
    );
}

fn organised() -> (StandIn, Home) {
    let server = StandIn::start(Knobs {
        accounts: vec![
            Account::new("111111111111", "Shop (Prod) é", &["Admin", "ReadOnly"]),
            Account::new("222222222222", "a/b", &["Admin"]),
        ],
        ..Knobs::default()
    });
    let home = Home::with_session();
    home.token("my-sso", &server.login(), 3000);
    (server, home)
}

#[test]
fn the_aws_cli_lists_and_uses_the_profiles() {
    let Some(aws2) = program() else { return };
    let (server, home) = organised();
    let report = home
        .run(["populate", "--yes", "--json", "--region", "eu-west-1"])
        .at(&server)
        .output()
        .exits(0)
        .json();
    let list = aws(&aws2, &server, &home, &["configure", "list-profiles"])
        .output()
        .exits(0);
    let listed: Vec<&str> = list.stdout.lines().collect();
    let added = report["added"].as_array().unwrap();
    assert_eq!(added.len(), 3);
    for profile in added {
        let name = profile["profile"].as_str().unwrap();
        assert!(listed.contains(&name), "{name}: {listed:?}");
        let identity = aws(
            &aws2,
            &server,
            &home,
            &["sts", "get-caller-identity", "--profile", name],
        )
        .output()
        .exits(0)
        .json();
        assert_eq!(identity["Account"], profile["account_id"], "{name}");
        let role = format!("assumed-role/{}/", profile["role"].as_str().unwrap());
        assert!(
            identity["Arn"].as_str().unwrap().contains(&role),
            "{name}: {identity}"
        );
    }
    // What it changes is no longer ours to change.
    let name = added[0]["profile"].as_str().unwrap();
    aws(
        &aws2,
        &server,
        &home,
        &["configure", "set", "output", "text", "--profile", name],
    )
    .output()
    .exits(0);
    let report = home
        .run(["populate", "--yes", "--json", "--region", "us-east-1"])
        .at(&server)
        .output()
        .exits(0)
        .json();
    assert!(
        report["kept"]
            .to_string()
            .contains(&json!({"profile": name, "why": "edited"}).to_string()),
        "{report}"
    );
    assert_eq!(report["changed"].as_array().unwrap().len(), 2, "{report}");
}

#[test]
fn the_aws_cli_and_a_second_populate_at_the_same_moment_lose_nothing() {
    let Some(aws2) = program() else { return };
    for round in 0..3 {
        let (server, home) = organised();
        let set = |number: usize| {
            let (key, value) = (format!("key{number}"), format!("value{number}"));
            aws(
                &aws2,
                &server,
                &home,
                &["configure", "set", &key, &value, "--profile", "theirs"],
            )
            .start()
        };
        // One after another, as its own processes lose each other's keys.
        let mut sets = Vec::new();
        let mut running = Vec::new();
        for number in 0..4 {
            let theirs = set(number);
            for role in ["Admin", "ReadOnly"] {
                let output = format!("format-{}", ["a", "b", "c", "d"][number]);
                running.push(
                    home.run(["populate", "--yes", "--role", role, "--output", &output])
                        .at(&server)
                        .start(),
                );
            }
            sets.push(theirs.wait().exits(0));
            for populate in running.drain(..) {
                populate.wait().exits(0);
            }
        }
        let text = String::from_utf8(home.read(".aws/config").unwrap()).unwrap();
        for number in 0..4 {
            let line = format!("key{number} = value{number}\n");
            assert_eq!(text.matches(&line).count(), 1, "round {round}: {text}");
        }
        assert_eq!(
            text.matches("awsbadge_populated = my-sso").count(),
            3,
            "round {round}: {text}"
        );
        assert_eq!(
            text.matches("output = format-d\n").count(),
            3,
            "round {round}: {text}"
        );
    }
}
