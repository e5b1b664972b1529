//! `doctor`: every mistake is found, at its place, and none where there is none.

use crate::support::fixtures::{SESSION, sso};
use crate::support::{Home, expires_in};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const SOUND: &str = concat!(sso!(), "region = eu-west-1\n");

fn sound() -> Home {
    let home = Home::new();
    home.config(SOUND)
        .file(".zshrc", "eval \"$(awsbadge init zsh --prompt left)\"\n")
        .aws_stub();
    home
}

/// The findings, and the exit code.
fn findings(home: &Home, env: &[(&str, &str)]) -> (Vec<Value>, i32) {
    let mut run = home.run(["doctor", "--json"]).env("SHELL", "/bin/zsh");
    for (name, value) in env {
        run = run.env(name, *value);
    }
    let run = run.output();
    assert_eq!(run.stderr, "");
    assert!(!run.stdout.contains("CANARY"), "{}", run.stdout);
    (serde_json::from_str(&run.stdout).unwrap(), run.code)
}

/// `severity code file:line tools` of each.
fn told(found: &[Value]) -> Vec<String> {
    found
        .iter()
        .map(|f| {
            let file = f["file"]
                .as_str()
                .unwrap_or("-")
                .rsplit('/')
                .next()
                .unwrap();
            let tools: Vec<&str> = f["tools"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| t.as_str().unwrap())
                .collect();
            let text = |key: &str| f[key].as_str().unwrap().to_owned();
            format!(
                "{} {} {file}:{} {}",
                text("severity"),
                text("code"),
                f["line"],
                tools.join(",")
            )
        })
        .collect()
}

#[test]
fn where_nothing_is_wrong_nothing_is_said() {
    let home = sound();
    home.token(SESSION, &expires_in(3600));
    home.private(".aws");
    home.run(["doctor"])
        .env("SHELL", "/bin/zsh")
        .stdout("Nothing is wrong.\n")
        .check();
    assert_eq!(findings(&home, &[]), (vec![], 0));
}

#[test]
fn mistakes_of_the_files_are_found_with_line_and_tools() {
    const ALL: &str = "cli,boto3,rust,js,go,java";
    for (about, config, credentials, wanted, code) in [
        (
            "a session that is not there",
            "[profile a]\nsso_session = x\nsso_account_id = 1\nsso_role_name = R\n",
            "",
            vec![format!("error sso-session-not-found config:2 {ALL}")],
            1,
        ),
        (
            "an SSO profile without a role",
            "[profile a]\nsso_start_url = https://x\nsso_region = r\nsso_account_id = 1\n",
            "",
            vec![
                "error sso-incomplete config:4 cli,boto3".into(),
                // One cause, which the SDKs give other names.
                "warning sso-role-incomplete config:2 rust,js,go,java".into(),
            ],
            1,
        ),
        (
            "a circle of sources",
            "[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = a\n",
            "",
            vec![
                "error source-profile-loop config:6 cli,boto3,rust,js,go,java".into(),
                "error source-profile-loop config:3 cli,boto3,rust,js,go,java".into(),
            ],
            1,
        ),
        (
            "a header without its bracket, above keys that are then there twice",
            "[profile a]\nregion = eu-west-1\n[profile b\nregion = eu-west-1\n",
            "",
            vec!["error config-parse config:4 cli,boto3".into()],
            1,
        ),
        (
            "a repeated region",
            &format!("{SOUND}sso_region = eu-west-1\n"),
            "",
            vec!["warning sso-redundant-keys config:10 rust".into()],
            0,
        ),
        (
            "another region",
            &format!("{SOUND}sso_region = us-east-1\n"),
            "",
            vec!["error sso-inconsistent config:10 cli,boto3,rust,go,java".into()],
            1,
        ),
        (
            "a source that is not there",
            "[profile a]\nrole_arn = r\nsource_profile = b\n",
            "",
            vec![format!("error source-profile-not-found config:3 {ALL}")],
            1,
        ),
        (
            "keys in two files",
            "[profile a]\naws_secret_access_key = SECRET-CANARY\n",
            "[a]\naws_access_key_id = A\n",
            vec!["error partial-credentials credentials:2 cli,boto3".into()],
            1,
        ),
        (
            "two defaults",
            "[default]\nregion = a\n[profile default]\nregion = b\n",
            "",
            vec!["warning replaced-section".into()],
            0,
        ),
        (
            "a section twice",
            "[profile a]\nregion = x\n[profile a]\noutput = json\n",
            "",
            vec!["error config-parse config:3 cli,boto3".into()],
            1,
        ),
        (
            "a region that is none",
            &format!("{SOUND}\n[profile b]\nregion = eu-west1\n"),
            "",
            vec![format!("warning unknown-region config:12 {ALL}")],
            0,
        ),
        (
            "a time that is none",
            &format!("{SOUND}duration_seconds = -1\n"),
            "",
            vec![format!("warning invalid-duration config:10 {ALL}")],
            0,
        ),
        (
            "more than 12 hours",
            &format!("{SOUND}duration_seconds = 99999999999999999999\n"),
            "",
            vec![format!("warning invalid-duration config:10 {ALL}")],
            0,
        ),
        (
            "a comment after a value",
            "[profile a]\nregion = x # y\n",
            "",
            vec!["warning comment-in-value config:2 cli,boto3".into()],
            0,
        ),
        (
            "keys beside SSO",
            &format!("{SOUND}aws_access_key_id = A\naws_secret_access_key = SECRET-CANARY\n"),
            "",
            vec!["warning multiple-credential-sources config:5 cli".into()],
            0,
        ),
    ] {
        let home = sound();
        home.config(config);
        if !credentials.is_empty() {
            home.credentials(credentials);
        }
        home.private(".aws");
        let (found, exit) = findings(&home, &[]);
        let found = told(&found);
        for wanted in &wanted {
            assert!(
                found.iter().any(|f| f.starts_with(wanted.as_str())),
                "{about}: {wanted}: {found:#?}"
            );
        }
        assert_eq!(exit, code, "{about}: {found:#?}");
    }
}

#[test]
fn a_circle_of_roles_is_found_wherever_it_is_entered() {
    let home = sound();
    home.config("[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = a\n");
    home.private(".aws");
    let (found, code) = findings(&home, &[]);
    let found = told(&found);
    assert_eq!(code, 1);
    for line in [3, 6] {
        let wanted = format!("error source-profile-loop config:{line} ");
        assert!(found.iter().any(|f| f.starts_with(&wanted)), "{found:#?}");
    }
}

#[test]
fn the_environment_is_looked_at() {
    let keys = [
        ("AWS_ACCESS_KEY_ID", "A"),
        ("AWS_SECRET_ACCESS_KEY", "SECRET-CANARY"),
    ];
    #[rustfmt::skip]
    let cases = [
        (vec![("AWS_PROFILE", "nope")], "error profile-not-found -:null cli,boto3,rust,js,go,java", 1),
        (vec![("AWS_PROFILE", "")], "error profile-not-found -:null cli,boto3", 1),
        (vec![("AWS_PROFILE", "")], "warning empty-profile", 1),
        (vec![("AWS_PROFILE", "dev"), ("AWS_DEFAULT_PROFILE", "other")], "warning conflicting-profiles", 1),
        ([&keys[..], &[("AWS_PROFILE", "dev")]].concat(), "warning keys-override-profile -:null cli,boto3,rust,go,java", 0),
        ([&keys[..], &[("AWS_PROFILE", "dev")]].concat(), "warning profile-overrides-keys -:null js", 0),
        (vec![keys[0]], "error partial-credentials -:null cli,boto3", 1),
        ([&keys[..], &[("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")]].concat(), "warning keys-expired", 0),
        ([&keys[..], &[("AWSUME_EXPIRATION", "soon")]].concat(), "warning invalid-expiry", 0),
        (vec![("AWS_SESSION_EXPIRATION", "2099-01-01T00:00:00Z")], "warning expiry-without-keys", 0),
        (vec![("AWS_PROFILE", "dev"), ("AWS_VAULT", "old")], "warning stale-switcher-variable", 0),
    ];
    for (env, wanted, code) in cases {
        let home = sound();
        home.token(SESSION, &expires_in(3600));
        home.private(".aws");
        let (found, exit) = findings(&home, &env);
        let found = told(&found);
        assert!(
            found.iter().any(|f| f.starts_with(wanted)),
            "{env:?}: {wanted}: {found:#?}"
        );
        assert_eq!(exit, code, "{env:?}: {found:#?}");
    }
}

#[test]
fn token_files_are_looked_into() {
    let token = |url: &str, at: &str| {
        format!(r#"{{"startUrl":"{url}","accessToken":"SECRET-CANARY","expiresAt":"{at}"}}"#)
    };
    let (url, future) = ("https://myorg.awsapps.com/start", expires_in(3600));
    for (json, wanted, code) in [
        (token(url, &future), "", 0),
        (token(url, "2020-01-01T00:00:00Z"), "", 0),
        (
            token("https://other.awsapps.com/start", &future),
            "error token-start-url-mismatch",
            1,
        ),
        (token(url, "soon"), "error invalid-token-expiry", 1),
        (
            token(url, &future.replace('Z', "UTC")),
            "warning token-expiry-format",
            0,
        ),
        ("{\"accessToken\":".into(), "error invalid-token", 1),
        (
            r#"{"clientId":"c","clientSecret":"SECRET-CANARY","expiresAt":"2099-01-01T00:00:00Z"}"#
                .into(),
            "error not-a-token",
            1,
        ),
    ] {
        let home = sound();
        home.token_json(SESSION, &json);
        home.private(".aws");
        let (found, exit) = findings(&home, &[]);
        let found = told(&found);
        match wanted {
            "" => assert!(found.is_empty(), "{json}: {found:#?}"),
            wanted => assert!(
                found.iter().any(|f| f.starts_with(wanted)),
                "{json}: {found:#?}"
            ),
        }
        assert_eq!(exit, code, "{json}: {found:#?}");
    }
}

#[test]
fn secrets_that_others_may_read_or_write_are_found() {
    for (path, mode, wanted) in [
        (
            ".aws/credentials",
            0o644,
            "warning insecure-permissions credentials",
        ),
        (
            ".aws/credentials",
            0o660,
            "error insecure-permissions credentials",
        ),
        (".aws", 0o775, "error insecure-permissions .aws"),
        (".aws", 0o755, ""),
        (
            ".aws/sso/cache",
            0o755,
            "warning insecure-permissions cache",
        ),
    ] {
        let home = sound();
        home.token(SESSION, &expires_in(3600))
            .credentials("[ci]\naws_access_key_id = A\naws_secret_access_key = S\n");
        home.private(".aws");
        fs::set_permissions(home.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
        let found = told(&findings(&home, &[]).0);
        match wanted {
            "" => assert!(found.is_empty(), "{path} {mode:o}: {found:#?}"),
            wanted => assert!(
                found.iter().any(|f| f.starts_with(wanted)),
                "{path} {mode:o}: {found:#?}"
            ),
        }
    }
}

#[test]
fn the_shell_the_settings_and_the_aws_cli_are_looked_at() {
    let home = sound();
    home.private(".aws");
    let has = |wanted: &str| {
        let found = told(&findings(&home, &[]).0);
        assert!(
            found.iter().any(|f| f.starts_with(wanted)),
            "{wanted}: {found:#?}"
        );
    };
    home.file(".zshrc", "# awsbadge init zsh\n");
    has("advice hook-not-loaded .zshrc");
    home.stub("aws", "echo aws-cli/1.40.0 Python/3.13");
    has("warning aws-cli-version aws");
    home.stub("aws", "echo aws-cli/2.8.1 Python/3.13");
    has("warning aws-cli-version aws");
    home.settings("[badge]\nshow = sometimes\n");
    has("warning settings-value");
}

#[test]
fn a_finding_is_one_line_with_the_fix() {
    let home = sound();
    home.config("[profile a]\nrole_arn = r\nsource_profile = b\n");
    home.private(".aws");
    let run = home.run(["doctor"]).env("SHELL", "/bin/zsh").output();
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stdout,
        "error source-profile-not-found: $HOME/.aws/config:3: profile 'a': no file has the source_profile 'b' \
         (every tool). Correct the name, or add the profile\n"
    );
}

#[test]
fn a_header_that_is_passed_over_is_told_how_to_be_written() {
    let home = sound();
    home.config(
        "[profile My Team]\nregion = eu-west-1\n[profile it's]\nregion = eu-west-1\n[profile büro]\nregion = eu-west-1\n",
    );
    let (found, _) = findings(&home, &[]);
    let fixes: Vec<_> = found
        .iter()
        .filter(|f| f["code"] == "ignored-section")
        .map(|f| (f["line"].as_u64(), f["fix"].as_str().unwrap_or_default()))
        .collect();
    let quote = |name| {
        format!(
            "Write [profile \"{name}\"], or give it a plain name, because the SDKs accept no other"
        )
    };
    let letters = "Use only ASCII letters, digits and _ - . % @ : / + in the name";
    let wanted = [
        (Some(1), &*quote("My Team")),
        (Some(3), &*quote("it's")),
        (Some(5), letters),
    ];
    assert_eq!(fixes, wanted);
}
