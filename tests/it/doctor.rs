//! `doctor`: every mistake is found, at its place, and none where there is none.

use crate::support::fixtures::{SESSION, sso};
use crate::support::{Home, Pty, binary, expires_in};
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
        // As the AWS CLI makes it.
        (".aws/sso/cache", 0o755, ""),
        (".aws/sso/cache", 0o777, "error insecure-permissions cache"),
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
fn a_directory_of_the_settings_names_a_profile_that_exists() {
    for (profile, fix) in [
        ("dev", None),
        ("dve", Some("Write 'dev', or add the profile")),
        ("zzzzzzz", Some("Correct the name, or add the profile")),
        // The name is exact here: a switch by directory asks nobody.
        ("de", Some("Write 'dev', or add the profile")),
    ] {
        let home = sound();
        home.private(".aws")
            .settings(&format!("[directory ~/src]\nprofile = {profile}\n"));
        let found = findings(&home, &[]).0;
        let found: Vec<_> = found
            .iter()
            .filter(|f| f["code"] == "settings-directory-profile")
            .map(|f| {
                assert_eq!(f["severity"], "warning");
                assert!(f["file"].as_str().unwrap().ends_with("config.ini"), "{f}");
                f["fix"].as_str().unwrap()
            })
            .collect();
        assert_eq!(found, fix.into_iter().collect::<Vec<_>>(), "{profile}");
    }
}

#[test]
fn what_logs_in_is_missed_only_if_nothing_else_can() {
    for (settings, installed, wanted) in [
        ("", "", "aws-cli-not-found"),
        ("", "aws", ""),
        ("", "awsbadge-sso", ""),
        ("with = aws", "awsbadge-sso", "aws-cli-not-found"),
        ("with = native", "aws", "awsbadge-sso-not-found"),
        ("renew = on", "aws", "awsbadge-sso-not-found"),
        ("renew = on", "awsbadge-sso", ""),
    ] {
        let home = sound();
        home.private(".aws");
        home.settings(&format!("[login]\n{settings}\n"));
        home.remove("bin/aws");
        if !installed.is_empty() {
            home.stub(installed, "echo aws-cli/2.36.7 Python/3.13");
        }
        let path = home.path().join("bin");
        let run = home.run(["doctor"]).env("PATH", path).output();
        let found: Vec<&str> = run
            .stdout
            .lines()
            .filter_map(|line| line.split([' ', ':']).nth(1))
            .filter(|code| code.ends_with("-not-found"))
            .collect();
        assert_eq!(
            found.join(" "),
            wanted,
            "{settings} {installed}: {}",
            run.stdout
        );
    }
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
            "Write [profile \"{name}\"], or use a plain name, because the SDKs accept only those"
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

/// What is nearly right: the config file, the credentials file, code and line, and the fix.
#[test]
#[rustfmt::skip]
fn what_is_nearly_right_is_told_how_to_be_written() {
    let legacy = |name: &str, url: &str| format!("[profile {name}]\nsso_start_url = {url}\nsso_region = eu-west-1\nsso_account_id = 111111111111\nsso_role_name = R\n");
    let variants = legacy("a", "https://x.awsapps.com/start") + &legacy("b", "https://x.awsapps.com/start/#/");
    let wrapped = legacy("a", "https://x.awsapps.com/start") + "[profile b]\ncredential_process = aws configure export-credentials --profile a\n";
    let cases = [
        ("[dev]\nregion = eu-west-1\n",                        "", "ignored-section config:1",    "Write `[profile dev]`"),
        ("[sso_session corp]\nsso_region = eu-west-1\n",       "", "ignored-section config:1",    "Write `[sso-session corp]`"),
        ("[sso-session \"my sso\"]\nsso_region = eu-west-1\n", "", "ignored-section config:1",    "Give the session another name, of ASCII letters, digits, - and _, there and in sso_session"),
        ("", "[profile x]\naws_access_key_id = A\naws_secret_access_key = S\n", "profile-prefix credentials:1", "Write `[x]`"),
        ("[profile a]\nsso_acount_id = 111111111111\n",        "", "unknown-key config:2",        "Write `sso_account_id = 111111111111`"),
        ("", "[a]\naccessKeyId = A\naws_secret_access_key = S\n", "unknown-key credentials:2",    "Write `aws_access_key_id = A`"),
        ("", "[a]\n\"aws_access_key_id\" = A\naws_secret_access_key = S\n", "quoted-key credentials:2", "Write `aws_access_key_id = A`"),
        ("", "[a]\naws_access_key_id = \"A\"\naws_secret_access_key = S\n", "quoted-value credentials:2", "Write `aws_access_key_id = A`"),
        ("", "[a]\naws_access_key_id = A\naws_secret_access_key = 'SECRET-CANARY'\n", "quoted-value credentials:3", "Remove them"),
        ("[profile a]\nregion = 'eu-west-1'\n",                "", "quoted-value config:2",       "Write `region = eu-west-1`"),
        ("[profile a]\nregion = eu-west-1 # near\n",           "", "comment-in-value config:2",   "Write `# near`, and below it `region = eu-west-1`"),
        ("[profile a]\ncredentials_file = ~/x\n",              "", "unread-key config:2",         "Set the variable AWS_SHARED_CREDENTIALS_FILE"),
        ("[profile a]\nsso_start_url = u\nsso_region = eu-west-1\nsso_account_id = 11111\nsso_role_name = R\n", "", "invalid-account-id config:4", "Write all 12 digits"),
        ("[profile a]\nmfa_serial = arn\n",                    "", "mfa-without-role config:2",   "Add role_arn, or remove mfa_serial"),
        ("[profile a]\nrole_arn = r\nweb_identity_token_file = ~/t\n", "", "tilde-in-path config:3", "Write the whole path"),
        ("[profile a]\ncredential_process = /nowhere/creds\n", "", "process-not-found config:2",  "Correct the path"),
        ("[profile a]\ncredential_process = aws configure export-credentials --profile a\n", "", "process-calls-itself config:2", "Name the profile that has the credentials"),
        (&wrapped,                                             "", "process-needs-login config:7", "Log in: awsbadge login a"),
        (&variants,                                            "", "start-url-variant config:7",  "Write https://x.awsapps.com/start everywhere"),
    ];
    for (config, credentials, want, fix) in cases {
        let home = sound();
        home.config(config).credentials(credentials);
        home.private(".aws");
        let (found, _) = findings(&home, &[]);
        let (code, place) = want.split_once(' ').unwrap();
        let (file, line) = place.split_once(':').unwrap();
        let line: u32 = line.parse().unwrap();
        let fits = |f: &&Value| f["code"] == code && f["line"] == line && f["file"].as_str().is_some_and(|f| f.ends_with(file));
        let finding = found.iter().find(fits);
        assert_eq!(finding.map(|f| f["fix"].as_str().unwrap()), Some(fix), "{config}{credentials}: {:#?}", told(&found));
        // One finding per cause.
        let others: Vec<_> = found.iter().filter(|f| f["line"] == line && f["code"] != code).collect();
        assert_eq!(others, Vec::<&Value>::new(), "{config}{credentials}");
    }
}

#[test]
fn what_is_right_has_no_finding() {
    let home = sound();
    home.config(&format!(
        "{SOUND}[plugins]\ncli_legacy_plugin_path = /x\n[preview]\ncloudfront = true\n\
         [profile b]\nx_principal_arn = x\ngranted_color = red\ns3 =\n  max_concurrent_requests = 20\n\
         credential_process = \"cat\" 'a b'\n"
    ));
    home.private(".aws");
    assert_eq!(told(&findings(&home, &[]).0), [""; 0]);
}

#[test]
#[rustfmt::skip]
fn variables_that_move_the_files_are_looked_at() {
    for (var, value, want) in [
        ("AWS_CONFIG_FILE", "/nowhere/config",                "AWS_CONFIG_FILE names a file that does not exist"),
        ("AWS_CONFIG_FILE", "/nowhere/a:/nowhere/b",          "AWS_CONFIG_FILE is a list, and every tool takes it as the name of one file"),
        ("AWS_CONFIG_FILE", "~/.aws/config",                  "AWS_CONFIG_FILE begins with ~, which Go does not expand"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials",        "AWS_SHARED_CREDENTIALS_FILE is a relative path: which file it is depends on the directory"),
        ("AWS_DEFAULT_PROFILE", "dev",                        "AWS_DEFAULT_PROFILE is set without AWS_PROFILE, and not every tool reads it"),
        ("AWS_PROFILE", "DEV",                                "no file has a profile 'DEV' (AWS_PROFILE)"),
    ] {
        let home = sound();
        home.file("credentials", "");
        home.private(".aws");
        let (found, _) = findings(&home, &[(var, value)]);
        let messages: Vec<&str> = found.iter().filter_map(|f| f["message"].as_str()).collect();
        assert!(messages.contains(&want), "{var}={value}: {messages:#?}");
        if value == "DEV" {
            assert_eq!(found[0]["fix"], "Write 'dev', or add the profile");
            let status = home.run(["status"]).env(var, value).output();
            assert!(status.stdout.contains("write 'dev', or add the profile"), "{}", status.stdout);
        }
    }
}

#[test]
fn without_a_configuration_nothing_is_said_to_be_right() {
    let home = Home::new();
    home.file(".zshrc", "eval \"$(awsbadge init zsh)\"\n")
        .aws_stub();
    assert_eq!(
        told(&findings(&home, &[]).0),
        ["advice no-configuration -:null "]
    );
}

/// The profiles whose chains are too long are as many as the AWS CLI would refuse first, not all of them.
#[test]
fn a_chain_of_two_thousand_roles_is_checked() {
    let home = sound();
    let mut config =
        String::from("[profile p0]\naws_access_key_id = A\naws_secret_access_key = S\n");
    for n in 1..2000 {
        config += &format!(
            "[profile p{n}]\nrole_arn = r\nsource_profile = p{}\n",
            n - 1
        );
    }
    home.config(&config);
    home.private(".aws");
    let (found, code) = findings(&home, &[]);
    let found = told(&found);
    assert_eq!(code, 1);
    assert!(found.len() < 20, "{}", found.len());
    assert!(
        found
            .iter()
            .all(|f| f.starts_with("error role-chain-too-long config:")),
        "{found:#?}"
    );
}

#[test]
fn single_lines_are_fixed_after_a_question() {
    let home = sound();
    let before = "# mine\r\n[dev]\r\nsso_acount_id = 111111111111\r\nregion = eu-west-1 # near\r\n";
    home.file(".aws/config", before);
    home.private(".aws");
    let run = home
        .run(["doctor", "--fix"])
        .env("SHELL", "/bin/zsh")
        .output();
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("there is no terminal"),
        "{}",
        run.stderr
    );
    let fixed = before.replace("[dev]", "[profile dev]");
    for (answer, want) in [("n", before), ("y", &fixed)] {
        let pty = Pty::new(100, 30);
        let mut child = pty.spawn(
            pty.command(&home, binary().to_str().unwrap())
                .args(["doctor", "--fix"]),
        );
        pty.wait_for("Change this line? [y/N]", 1);
        assert!(pty.screen().contains("+[profile dev]"), "{}", pty.screen());
        pty.type_bytes(format!("{answer}\r").as_bytes());
        assert!(child.wait().unwrap().success(), "{}", pty.screen());
        assert_eq!(home.read(".aws/config").as_deref(), Some(want.as_bytes()));
    }
    assert_eq!(
        home.read(".aws/config.awsbadge-backup").as_deref(),
        Some(before.as_bytes())
    );
}
