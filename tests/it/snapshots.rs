//! Whole outputs, kept in `snapshots/`: the help of every command, JSON, and explanations. Where one is meant to
//! change, `INSTA_UPDATE=always cargo test --test it snapshots::` writes the new one.

use crate::support::{Home, commands};

use crate::support::fixtures;
use insta::assert_snapshot;
use std::os::unix::fs::PermissionsExt;

/// Compares with the file of this name, or writes it.
#[track_caller]
fn snapshot(name: impl AsRef<str>, text: impl AsRef<str>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name.as_ref(), text.as_ref()));
}

#[test]
fn help() {
    let home = Home::new();
    let said = |words: &[&str]| {
        let output = home.run(words).output();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{words:?}");
        output.stdout
    };
    let help = said(&["--help"]);
    let commands = commands(&help);
    assert!(commands.len() > 15, "{commands:?}");
    snapshot("help", help);
    // `awsbadge help` has none of its own.
    for command in commands.iter().filter(|command| *command != "help") {
        snapshot(format!("help-{command}"), said(&[command, "--help"]));
    }
}

/// What a command prints, then its exit code. What differs from run to run is redacted: it is tested elsewhere.
fn output(home: &Home, words: &[&str], env: &[(&str, &str)]) -> String {
    let mut run = home
        .run(words)
        .env("SHELL", "/bin/zsh")
        .env("TZ", "UTC")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    for (name, value) in env {
        run = run.env(name, *value);
    }
    let output = run.output();
    assert_eq!(output.stderr, "", "{words:?}");
    assert!(!output.stdout.contains("CANARY"), "{}", output.stdout);
    // As a word of a shell, and that in JSON.
    let word = home.path().to_str().unwrap().replace('\'', r"'\''");
    let stdout = output.stdout.replace(&word, "$HOME");
    let stdout = stdout.replace(&word.replace('\\', r"\\"), "$HOME");
    let lines = stdout.lines().map(redact);
    let text: String = lines.map(|line| line + "\n").collect();
    format!("{text}--- exit code {}\n", output.code)
}

/// A line of JSON without the time left, and without a time but for those that the fixture fixes.
fn redact(line: &str) -> String {
    match line.split_once(": ") {
        Some((key, value)) if key.trim() == "\"seconds_left\"" && value != "null," => {
            format!("{key}: [seconds],")
        }
        Some((key, value))
            if key.trim() == "\"at\"" && !value.starts_with("\"2020-") && value != "null," =>
        {
            format!("{key}: [time],")
        }
        _ => line.to_owned(),
    }
}

#[test]
fn status_json() {
    let home = fixtures::every_kind();
    for profile in ["dev", "over", "chained", "process", "keys", "nope"] {
        let said = output(&home, &["status", "--json"], &[("AWS_PROFILE", profile)]);
        snapshot(format!("status-{profile}"), &said);
    }
    let keys = [
        ("AWS_PROFILE", "dev"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "SECRET-CANARY"),
    ];
    snapshot(
        "status-shadowed",
        output(&home, &["status", "--json"], &keys),
    );
    snapshot("status-none", output(&home, &["status", "--json"], &[]));
}

#[test]
fn list_json() {
    let home = fixtures::every_kind();
    snapshot(
        "list",
        output(&home, &["list", "--json"], &[("AWS_PROFILE", "dev")]),
    );
}

#[test]
fn config_json() {
    let home = fixtures::every_kind();
    for tool in ["cli", "rust"] {
        let said = output(&home, &["config", "--json", "--tool", tool], &[]);
        snapshot(format!("config-{tool}"), &said);
    }
}

#[test]
fn explain_json_and_text() {
    let home = fixtures::every_kind();
    for (tool, profile) in [
        ("cli", "dev"),
        ("cli", "over"),
        ("js", "chained"),
        ("rust", "process"),
        ("java", "keys"),
    ] {
        let words = ["explain", "--tool", tool, "--profile", profile];
        snapshot(
            format!("explain-{tool}-{profile}"),
            output(&home, &words, &[]),
        );
        let json = output(&home, &[&words[..], &["--json"]].concat(), &[]);
        snapshot(format!("explain-{tool}-{profile}-json"), &json);
    }
    // An error, and keys over a profile.
    home.config("[profile a]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = b\n");
    snapshot(
        "explain-error",
        output(&home, &["explain", "--profile", "a"], &[]),
    );
    let keys = [
        ("AWS_PROFILE", "a"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "SECRET-CANARY"),
    ];
    snapshot("explain-shadowed", output(&home, &["explain"], &keys));
}

#[test]
fn doctor_json_and_text() {
    let home = fixtures::every_kind();
    snapshot(
        "doctor-sound",
        output(&home, &["doctor", "--json"], &[("AWS_PROFILE", "dev")]),
    );
    // A mistake of each kind of place: the files, a token, the permissions, the shell, the settings, the AWS CLI.
    home.config(
        "[sso-session my-sso]\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west1\n\
         [profile dev]\nsso_session = my-sso\nsso_account_id = 1\nsso_role_name = R\n\
         [profile a]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = gone\nduration_seconds = -1\n\
         [profile My Team]\nregion = eu-west-1\n",
    )
    .file(".zshrc", "# nothing\n")
    .settings("[badge]\nshow = sometimes\n")
    .stub("aws", "echo aws-cli/1.40.0 Python/3.13")
    .private(".aws");
    std::fs::set_permissions(
        home.path().join(".aws/credentials"),
        PermissionsExt::from_mode(0o644),
    )
    .unwrap();
    let env = [("AWS_PROFILE", "dev"), ("AWS_VAULT", "old")];
    snapshot("doctor-mistakes", output(&home, &["doctor"], &env));
    snapshot(
        "doctor-mistakes-json",
        output(&home, &["doctor", "--json"], &env),
    );
}
