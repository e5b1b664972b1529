//! The commands of every day: exec, export, console, share, and the switch with its questions.

use crate::support::{Home, Shell, expires_in, installed};
use serde_json::{Value, json};

const CONFIG: &str = "\
[sso-session my-sso]
sso_start_url = https://my.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = Admin
region = eu-west-1

[profile legacy]
sso_start_url = https://over.awsapps.com/start/#/
sso_region = us-east-1
sso_account_id = 210987654321
sso_role_name = Read Only&x=y

[profile role]
role_arn = arn:aws:iam::333333333333:role/Auditor
source_profile = dev

[profile it's $(touch canary) `x` \"y\"]
region = us-east-1

[profile build]
credential_process = touch canary

[profile acme-prod]
sso_session = my-sso
sso_account_id = 999999999999
sso_role_name = Admin
";

const CREDENTIALS: &str = "\
[keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = SECRET-CANARY/keys+==

[temporary]
aws_access_key_id = ASIATEMP
aws_secret_access_key = SECRET-CANARY-temporary
aws_session_token = SECRET-CANARY-token
x_security_token_expires = 2001-01-01T00:00:00Z
";

/// The names that the AWS CLI gives its cached credentials of these two profiles.
const CACHED_DEV: &str = ".aws/cli/cache/c30b99aca80d8f5b3178e353f05b2abcc9a4ccd3.json";

fn home() -> Home {
    let home = Home::new();
    home.config(CONFIG).credentials(CREDENTIALS);
    home
}

fn cached(seconds: i64) -> String {
    json!({"ProviderType": "sso", "Credentials": {
        "AccessKeyId": "ASIACACHE", "SecretAccessKey": "SECRET-CANARY-cache",
        "SessionToken": "SECRET-CANARY-cached-token", "Expiration": expires_in(seconds)}})
    .to_string()
}

#[test]
fn exec_becomes_the_command_with_nothing_that_would_win_over_the_profile() {
    let home = home();
    let run = home
        .run(["exec", "dev", "--", "env"])
        .env("AWS_ACCESS_KEY_ID", "A")
        .env("AWS_SECRET_ACCESS_KEY", "S")
        .env("AWS_SESSION_TOKEN", "T")
        .env("AWS_SECURITY_TOKEN", "T")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")
        .env("AWS_ROLE_ARN", "r")
        .env("AWS_VAULT", "v")
        .env("AWS_CREDENTIAL_EXPIRATION", "2001-01-01T00:00:00Z")
        .env("AWS_PROFILE", "keys")
        .env("AWS_DEFAULT_PROFILE", "keys")
        .env("OTHER", "stays");
    let output = run.output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let mut seen: Vec<&str> = output.stdout.lines().collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            "AWS_DEFAULT_PROFILE=dev",
            "AWS_EB_PROFILE=dev",
            "AWS_PROFILE=dev",
            "AWS_PROFILE_REGION=eu-west-1",
            "HOME=$HOME",
            "LANG=C.UTF-8",
            "OTHER=stays",
            "PATH=$HOME/bin:/usr/local/bin:/usr/bin:/bin",
        ]
    );
}

#[test]
fn exec_hands_over_words_streams_and_the_exit_code() {
    let home = home();
    home.run([
        "exec",
        "dev",
        "--",
        "sh",
        "-c",
        "cat; printf '<%s>' \"$@\"; echo err >&2; exit 7",
        "sh",
        "a b",
        "",
        "--",
        "$(x)",
    ])
    .stdin("in ")
    .stdout("in <a b><><--><$(x)>")
    .stderr("err\n")
    .code(7)
    .check();
    home.run(["exec", "dev", "--", "sh", "-c", "kill -TERM $$"])
        .code(143)
        .check();
    home.file("bin/no-program", "x");
    home.run(["exec", "dev", "--", "no-such-command"])
        .stderr("error: no-such-command: no such command\n")
        .code(127)
        .check();
    home.run(["exec", "dev", "--", "no-program"])
        .stderr("error: no-program: permission denied\n")
        .code(126)
        .check();
    assert_eq!(home.run(["exec", "dve", "--", "true"]).output().code, 3);
    assert_eq!(home.run(["exec", "dev"]).output().code, 2);
    assert_eq!(home.run(["exec", "dev", "true"]).output().code, 2);
}

#[test]
fn export_takes_what_the_aws_cli_has_cached_and_asks_nobody() {
    let home = home();
    home.stub("aws", "exit 99");
    home.file(CACHED_DEV, cached(3600));
    let output = home.run(["export", "dev", "--format", "json"]).output();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let printed: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        (
            &printed["Version"],
            &printed["AccessKeyId"],
            &printed["SecretAccessKey"],
            &printed["SessionToken"]
        ),
        (
            &json!(1),
            &json!("ASIACACHE"),
            &json!("SECRET-CANARY-cache"),
            &json!("SECRET-CANARY-cached-token")
        )
    );
    assert!(printed["Expiration"].is_string());
    // A role's credentials, under the name that the AWS CLI gives them.
    let name =
        sha1_smol::Sha1::from(r#"{"RoleArn": "arn:aws:iam::333333333333:role/Auditor"}"#).digest();
    home.file(&format!(".aws/cli/cache/{name}.json"), cached(3600));
    assert_eq!(home.run(["export", "role"]).output().code, 0);
    assert!(home.calls("aws").is_empty());
    // With less than 15 minutes left the AWS CLI is asked.
    home.file(CACHED_DEV, cached(890));
    assert_eq!(home.run(["export", "dev"]).output().code, 5);
    assert_eq!(
        home.calls("aws"),
        [[
            "configure",
            "export-credentials",
            "--format",
            "process",
            "--profile",
            "dev"
        ]]
    );
}

#[test]
fn export_prints_each_form() {
    let home = home();
    let exported = |format: &'static str| home.run(["export", "keys", "--format", format]);
    exported("env")
        .stdout("export AWS_ACCESS_KEY_ID='AKIAKEYS'\nexport AWS_SECRET_ACCESS_KEY='SECRET-CANARY/keys+=='\nunset AWS_SESSION_TOKEN\nunset AWS_CREDENTIAL_EXPIRATION\n")
        .check();
    exported("dotenv")
        .stdout("AWS_ACCESS_KEY_ID=AKIAKEYS\nAWS_SECRET_ACCESS_KEY=SECRET-CANARY/keys+==\n")
        .check();
    exported("json")
        .stdout("{\n  \"Version\": 1,\n  \"AccessKeyId\": \"AKIAKEYS\",\n  \"SecretAccessKey\": \"SECRET-CANARY/keys+==\"\n}\n")
        .check();
    home.run(["export", "temporary"])
        .env("TZ", "UTC")
        .stderr("error: the keys of the profile 'temporary' ended 2001-01-01 00:00\nThe tool that wrote them makes new ones.\n")
        .code(5)
        .check();
}

#[test]
fn what_a_shell_evaluates_leaves_one_identity() {
    for shell in Shell::installed() {
        let home = home();
        home.file(CACHED_DEV, cached(3600));
        for (profile, token) in [("dev", "SECRET-CANARY-cached-token"), ("keys", "unset")] {
            let output = home
                .run(["export", profile, "--format", &shell.to_string()])
                .output();
            assert_eq!((output.code, output.stderr.as_str()), (0, ""));
            let (open, close) = match shell {
                Shell::Fish => ("begin", "end"),
                _ => ("{", "}"),
            };
            assert!(output.stdout.starts_with(&format!("{open} # awsbadge 1\n")));
            assert!(output.stdout.ends_with(&format!("\n{close}\n")));
            home.file("block", &output.stdout);
            let script = match shell {
                Shell::Fish => "source block; env | grep ^AWS | sort | grep -v EXPIRATION\n",
                _ => "eval \"$(cat block)\"; env | grep ^AWS | sort | grep -v EXPIRATION\n",
            };
            let seen = home
                .script(shell, script)
                .env("AWS_SESSION_TOKEN", "old")
                .env("AWS_SECURITY_TOKEN", "old")
                .env("AWS_PROFILE", "role")
                .env("AWS_VAULT", "old")
                .output();
            let region = if profile == "dev" {
                "AWS_PROFILE_REGION=eu-west-1\n"
            } else {
                ""
            };
            let (key, secret) = match profile {
                "dev" => ("ASIACACHE", "SECRET-CANARY-cache"),
                _ => ("AKIAKEYS", "SECRET-CANARY/keys+=="),
            };
            let token = match token {
                "unset" => String::new(),
                token => format!("AWS_SESSION_TOKEN={token}\n"),
            };
            assert_eq!(
                seen.stdout,
                format!(
                    "AWS_ACCESS_KEY_ID={key}\nAWS_DEFAULT_PROFILE={profile}\nAWS_EB_PROFILE={profile}\n\
                     AWS_PROFILE={profile}\n{region}AWS_SECRET_ACCESS_KEY={secret}\n{token}"
                ),
                "{shell}: {}",
                seen.stderr
            );
        }
    }
}

#[test]
fn export_lets_the_aws_cli_fetch_what_is_nowhere_yet() {
    let home = home();
    home.stub(
        "aws",
        "printf '%s' '{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"it'\\''s $(x)\", \"Expiration\": null}'",
    );
    home.run(["export", "build"])
        .stdout("export AWS_ACCESS_KEY_ID='A'\nexport AWS_SECRET_ACCESS_KEY='it'\\''s $(x)'\nunset AWS_SESSION_TOKEN\nunset AWS_CREDENTIAL_EXPIRATION\n")
        .check();
    home.run(["export", "build", "--format", "dotenv"])
        .stderr("error: AWS_SECRET_ACCESS_KEY has characters that readers of env files take differently\nUse --format json or env.\n")
        .code(6)
        .check();
    for printed in [
        "",
        "not JSON SECRET-CANARY",
        "{\"AccessKeyId\": \"A\", \"SecretAccessKey\": \"SECRET-CANARY\\u0007\"}",
        "[]",
    ] {
        home.file("printed", printed);
        home.stub("aws", "cat \"$HOME/printed\"");
        let output = home.run(["export", "build", "--format", "zsh"]).output();
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{printed}");
        assert!(
            output
                .stderr
                .starts_with("error: the credentials that `aws` printed can't be used: ")
        );
        assert!(!output.stderr.contains("CANARY"), "{}", output.stderr);
    }
}

#[test]
fn export_that_fails_prints_nothing_but_the_tools_own_words() {
    let home = home();
    home.stub(
        "aws",
        "printf 'half a secret'; printf '\\nError loading \\033[31mSSO Token\\n' >&2; exit 255",
    );
    home.run(["export", "dev"])
        .stderr("Error loading ?[31mSSO Token\nerror: the profile 'dev' needs a login\nawsbadge login dev\n")
        .code(5)
        .check();
    home.token("my-sso", &expires_in(3600));
    home.run(["export", "dev"])
        .stderr("Error loading ?[31mSSO Token\nerror: `aws` has no credentials for 'dev' (code 255)\nA new login may help: awsbadge login --force dev\n")
        .code(1)
        .check();
    home.run(["export", "build"])
        .stderr("Error loading ?[31mSSO Token\nerror: `aws` has no credentials for 'build' (code 255)\n")
        .code(1)
        .check();
    assert_eq!(home.run(["export", "dve"]).output().code, 3);
}

#[test]
fn without_a_profile_the_active_identity_is_exported() {
    let home = home();
    home.run(["export", "--format", "dotenv"])
        .env("AWS_PROFILE", "keys")
        .stdout("AWS_ACCESS_KEY_ID=AKIAKEYS\nAWS_SECRET_ACCESS_KEY=SECRET-CANARY/keys+==\n")
        .check();
    home.run(["export", "--format", "dotenv"])
        .env("AWS_PROFILE", "keys")
        .env("AWS_ACCESS_KEY_ID", "ENV")
        .env("AWS_SECRET_ACCESS_KEY", "S")
        .stdout("AWS_ACCESS_KEY_ID=ENV\nAWS_SECRET_ACCESS_KEY=S\n")
        .check();
    let half = home.run(["export"]).env("AWS_ACCESS_KEY_ID", "ENV");
    half.stderr("error: the credentials of the environment can't be used: AWS_SECRET_ACCESS_KEY is missing\n")
        .code(1)
        .check();
}

#[test]
fn acp_brings_the_credentials_into_the_shell() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        home.file(CACHED_DEV, cached(3600));
        let term = home.term(shell).open(&shell.rc(""));
        term.type_line("acp dev");
        term.type_line("env | grep -c '^AWS_ACCESS_KEY_ID=ASIACACHE\\|^AWS_PROFILE=dev'");
        let screen = term.screen();
        assert_eq!(
            screen.trim_end().lines().rev().nth(1),
            Some("2"),
            "{shell}: {screen}"
        );
        assert!(!screen.contains("CANARY"), "{shell}: {screen}");
    }
}
