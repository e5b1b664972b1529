//! The commands of every day: exec, export, console, share, and the switch with its questions.

use crate::support::{Home, Shell, expires_in, installed, token, token_file};
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

[profile \"it's $(touch canary) `x`\"]
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
    assert_eq!(home.run(["exec", "dev"]).without("SHELL").output().code, 2);
}

/// The arguments, the environment's region, and what the command sees of `AWS_PROFILE` and `AWS_REGION`.
#[test]
#[rustfmt::skip]
fn exec_takes_a_command_without_dashes_and_a_region() {
    let script = r#"printf '%s %s\n' "$AWS_PROFILE" "${AWS_REGION-none}""#;
    let run = ["sh", "-c", script];
    for (options, region, want, note) in [
        (&["dev"][..],                            None,              "dev none",       false),
        (&["dev", "--"],                          None,              "dev none",       false),
        (&["dev"],                                Some("us-east-1"), "dev us-east-1",  true),
        (&["dev"],                                Some("eu-west-1"), "dev eu-west-1",  false),
        (&["--region", "eu-north-1", "dev"],      Some("us-east-1"), "dev eu-north-1", false),
        (&["dev", "--region", "eu-north-1"],      None,              "dev eu-north-1", false),
        (&["--profile-region", "dev"],            Some("us-east-1"), "dev none",       false),
    ] {
        let home = home();
        let mut command = home.run([&["exec"], options, &run].concat());
        if let Some(region) = region {
            command = command.env("AWS_REGION", region);
        }
        let output = command.output();
        assert_eq!(output.stdout, format!("{want}\n"), "{options:?} {}", output.stderr);
        let told = output.stderr.contains("AWS_REGION=us-east-1 overrides the profile's region eu-west-1");
        assert_eq!(told, note, "{options:?}: {}", output.stderr);
    }
    // What begins with a dash after the command is the command's.
    let output = home().run(["exec", "dev", "printf", "%s|", "--region", "-x"]).output();
    assert_eq!(output.stdout, "--region|-x|");
    assert_eq!(home().run(["exec", "--region", "mars", "dev", "true"]).output().code, 1);
}

#[test]
fn exec_without_a_command_is_a_shell() {
    let home = home();
    home.stub("mysh", "echo \"$AWS_PROFILE $#\"");
    home.run(["exec", "dev"])
        .env("SHELL", home.path().join("bin/mysh"))
        .stdout("dev 0\n")
        .stderr("awsbadge: a shell as 'dev'; leave it with exit\n")
        .check();
}

#[test]
fn exec_can_log_in_first() {
    for (code, want) in [(0, "ran\n"), (9, "")] {
        let home = home();
        let file = token_file("my-sso");
        home.file("fresh", token(&expires_in(3600)).to_string());
        let script = format!(
            "[ \"$1\" = --version ] && echo aws-cli/2.36.7 && exit\n\
             mkdir -p \"$HOME/.aws/sso/cache\"\n\
             [ {code} = 0 ] && cp \"$HOME/fresh\" \"$HOME/{file}\"\nexit {code}"
        );
        home.stub("aws", &script);
        let output = home.run(["exec", "--login", "dev", "echo", "ran"]).output();
        assert_eq!(
            (output.stdout.as_str(), output.code == 0),
            (want, code == 0),
            "{}",
            output.stderr
        );
    }
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
        .stderr("error: the keys of the profile 'temporary' expired 2001-01-01 00:00\nhint: run the tool that wrote them again\n")
        .code(1)
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
                    "AWSBADGE_ACP={key} {profile}\nAWS_ACCESS_KEY_ID={key}\nAWS_DEFAULT_PROFILE={profile}\nAWS_EB_PROFILE={profile}\n\
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
        .stderr("error: AWS_SECRET_ACCESS_KEY contains characters that dotenv readers treat differently\nhint: use `--format json` or `--format env`\n")
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
        .stderr("Error loading ?[31mSSO Token\nerror: the profile 'dev' needs a login\nhint: run `awsbadge login dev`\n")
        .code(5)
        .check();
    home.token("my-sso", &expires_in(3600));
    home.run(["export", "dev"])
        .stderr("Error loading ?[31mSSO Token\nerror: `aws` has no credentials for 'dev' (code 255)\nhint: run `awsbadge login --force dev` to log in again\n")
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

#[test]
fn console_prints_the_portals_address_where_there_is_no_browser() {
    let home = home();
    let dev = "https://my.awsapps.com/start/#/console?account_id=123456789012&role_name=Admin\n";
    home.run(["console", "dev"]).stdout(dev).check();
    home.run(["console"])
        .env("AWS_PROFILE", "dev")
        .stdout(dev)
        .check();
    home.run(["console", "legacy"])
        .stdout("https://over.awsapps.com/start/#/console?account_id=210987654321&role_name=Read%20Only%26x%3Dy\n")
        .check();
    home.stub("firefox", "");
    home.run(["console", "dev", "--print"])
        .env("BROWSER", "firefox")
        .stdout(dev)
        .check();
    assert!(home.calls("firefox").is_empty());
    for profile in ["role", "keys", "build"] {
        assert_eq!(home.run(["console", profile]).output().code, 1, "{profile}");
    }
}

#[test]
fn console_hands_the_address_to_the_browser_as_one_word() {
    let address = "https://my.awsapps.com/start/#/console?account_id=123456789012&role_name=Admin";
    for (browser, words) in [
        ("firefox", vec![address]),
        ("firefox --new-tab %s:other", vec!["--new-tab", address]),
        (
            "firefox --x $(touch canary) ; %s",
            vec!["--x", "$(touch", "canary)", ";", address],
        ),
    ] {
        let home = home();
        home.stub("firefox", "");
        home.run(["console", "dev"])
            .env("BROWSER", browser)
            .stderr(format!("awsbadge: opening {address}\n"))
            .check();
        // It is not waited for.
        home.wait_for_call("firefox");
        assert_eq!(home.calls("firefox"), [words]);
        assert!(home.read("canary").is_none());
    }
}

#[test]
fn console_goes_to_a_service_a_region_or_a_page() {
    let portal = "https://my.awsapps.com/start/#/console?account_id=123456789012&role_name=Admin&destination=https%3A%2F%2F";
    let home = home();
    for (arguments, want) in [
        (
            &["dev", "s3"][..],
            "eu-west-1.console.aws.amazon.com%2Fs3%2Fhome%3Fregion%3Deu-west-1",
        ),
        (
            &["--service", "s3"],
            "us-east-1.console.aws.amazon.com%2Fs3%2Fhome%3Fregion%3Dus-east-1",
        ),
        (
            &["dev", "s3", "--region", "eu-north-1"],
            "eu-north-1.console.aws.amazon.com%2Fs3%2Fhome%3Fregion%3Deu-north-1",
        ),
        (
            &["dev", "--region", "eu-north-1"],
            "eu-north-1.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion%3Deu-north-1",
        ),
        (
            &["dev", "--url", "https://x.console.aws.amazon.com/a?b=c#d"],
            "x.console.aws.amazon.com%2Fa%3Fb%3Dc%23d",
        ),
    ] {
        home.run([&["console", "--print"], arguments].concat())
            .env("AWS_PROFILE", "dev")
            .env("AWS_REGION", "us-east-1")
            .stdout(format!("{portal}{want}\n"))
            .check();
    }
    for (arguments, code) in [
        (&["dev", "--url", "http://x"][..], 6),
        (&["dev", "--url", "javascript:alert(1)"], 6),
        (&["dev", "S3 "], 1),
        (&["dev", "--region", "mars"], 1),
        (&["dev", "s3", "--url", "https://x"], 2),
    ] {
        let output = home.run([&["console"], arguments].concat()).output();
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (code, ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn console_is_opened_by_the_command_of_the_settings() {
    let address = "https://my.awsapps.com/start/#/console?account_id=123456789012&role_name=Admin";
    for (open, words) in [
        ("firefox -P work {url}", vec!["-P", "work", address]),
        ("firefox", vec![address]),
        (
            "firefox 'ext+container:name=a b&url={url}'",
            vec![&*format!("ext+container:name=a b&url={address}")],
        ),
        (
            "firefox $(touch canary) ; {url}",
            vec!["$(touch", "canary)", ";", address],
        ),
    ] {
        let home = home();
        home.stub("firefox", "");
        home.settings(&format!("[console]\nopen = {open}\n"));
        home.run(["console", "dev"])
            .stderr(format!("awsbadge: opening {address}\n"))
            .check();
        home.wait_for_call("firefox");
        assert_eq!(home.calls("firefox"), [words]);
        assert!(home.read("canary").is_none());
    }
    let home = home();
    home.settings("[console]\nopen = no-such-browser\n");
    let output = home.run(["console", "dev"]).output();
    assert_eq!(output.code, 1);
    assert!(
        output
            .stderr
            .contains("[console] open: no-such-browser is not on the PATH"),
        "{}",
        output.stderr
    );
}

#[test]
fn status_and_list_say_which_region_wins() {
    let home = home();
    let status = |region: &str| {
        let run = home
            .run(["status"])
            .env("AWS_PROFILE", "dev")
            .env("AWS_REGION", region);
        run.output().stdout
    };
    let line = "region   us-east-1 (from AWS_REGION, which overrides the profile's eu-west-1)\n";
    assert!(
        status("us-east-1").contains(line),
        "{}",
        status("us-east-1")
    );
    let line = "region   eu-west-1 (from AWS_REGION)\n";
    assert!(
        status("eu-west-1").contains(line),
        "{}",
        status("eu-west-1")
    );
}

#[test]
fn console_refuses_a_start_url_that_is_no_plain_https_address() {
    for start_url in [
        "http://my.awsapps.com/start",
        "javascript:alert(1)",
        "--help",
        "file:///etc/passwd",
        "https://a@evil.example/",
    ] {
        let home = Home::new();
        home.config(&format!(
            "[profile x]\nsso_start_url = {start_url}\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = R\n"
        ));
        home.stub("firefox", "");
        for arguments in [vec!["console", "x"], vec!["console", "x", "--print"]] {
            let output = home.run(&arguments).env("BROWSER", "firefox").output();
            assert_eq!(
                (output.code, output.stdout.as_str()),
                (6, ""),
                "{start_url}"
            );
        }
        assert!(home.calls("firefox").is_empty());
    }
}

#[test]
fn share_prints_what_a_colleague_needs_and_each_session_once() {
    let home = home();
    let warning = "awsbadge: this contains account ids, roles and your start URL; give it only to colleagues\n";
    home.run(["share", "role", "acme-prod"])
        .stdout(
            "[profile role]\nrole_arn = arn:aws:iam::333333333333:role/Auditor\nsource_profile = dev\n\n\
             [profile dev]\nsso_session = my-sso\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-west-1\n\n\
             [sso-session my-sso]\nsso_start_url = https://my.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n\n\
             [profile acme-prod]\nsso_session = my-sso\nsso_account_id = 999999999999\nsso_role_name = Admin\n",
        )
        .stderr(warning)
        .check();
    home.config(
        "[profile \"a b\"]\nregion = eu-west-1\nservices = mine\ns3 =\n  addressing_style = path\n",
    );
    home.run(["share", "a b"])
        .stdout("[profile \"a b\"]\nregion = eu-west-1\n")
        .stderr(format!("{warning}awsbadge: omitted: s3, services\n"))
        .check();
}

#[test]
fn what_share_prints_reads_the_same_again() {
    let home = home();
    let shared = home
        .run(["share", "role", "legacy", "acme-prod"])
        .output()
        .stdout;
    let other = Home::new();
    other.config(&shared);
    for profile in ["dev", "role", "legacy", "acme-prod"] {
        let facts = |home: &Home| {
            let output = home.run(["status", "--json", profile]).output();
            let json: Value = serde_json::from_str(&output.stdout).unwrap();
            let sso = ["session", "start_url", "region"].map(|key| json["sso"][key].clone());
            (
                json["account_id"].clone(),
                json["role_name"].clone(),
                json["region"].clone(),
                json["chain"].clone(),
                sso,
            )
        };
        assert_eq!(facts(&home), facts(&other), "{profile}");
    }
}

#[test]
fn share_refuses_what_holds_a_secret_and_says_where_it_stands() {
    let home = home();
    home.run(["share", "dev", "keys"])
        .stderr(
            "error: $HOME/.aws/credentials:2: 'keys' can't be shared: aws_access_key_id is a key\n\
             hint: share a profile that logs in through SSO instead\n",
        )
        .code(6)
        .check();
    for (key, value) in [
        ("aws_secret_access_key", "SECRET-CANARY"),
        ("aws_session_token", "SECRET-CANARY"),
        ("credential_process", "vault --password SECRET-CANARY"),
        ("login_session", "arn:aws:iam::1:user/SECRET-CANARY"),
        ("external_id", "SECRET-CANARY"),
        ("mfa_serial", "arn:aws:iam::1:mfa/SECRET-CANARY"),
        ("sso_start_url", "https://me:SECRET-CANARY@x.test/start"),
    ] {
        home.config(&format!(
            "[profile base]\n{key} = {value}\n[profile top]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = base\n"
        ));
        let output = home.run(["share", "top"]).output();
        assert_eq!((output.code, output.stdout.as_str()), (6, ""), "{key}");
        assert!(
            output.stderr.starts_with(&format!(
                "error: $HOME/.aws/config:2: 'base' can't be shared: {key} is "
            )),
            "{}",
            output.stderr
        );
        assert!(!output.stderr.contains("CANARY"));
    }
}

#[test]
fn a_short_name_of_the_settings_is_a_name() {
    let home = home();
    home.settings("[alias]\nacme-prod = p\nkeys = dev\n");
    let switched = |typed: &'static str| {
        let output = home.run(["use", "--shell", "zsh", "--", typed]).output();
        let line = output
            .stdout
            .lines()
            .rev()
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        (output.code, line)
    };
    assert_eq!(
        switched("p"),
        (0, "\\builtin export AWS_PROFILE='acme-prod'".into())
    );
    // A profile of that very name wins over the short name of another.
    assert_eq!(
        switched("dev"),
        (0, "\\builtin export AWS_PROFILE='dev'".into())
    );
    assert_eq!(switched("q").0, 3);
    home.run(["exec", "p", "--", "sh", "-c", "echo $AWS_PROFILE"])
        .stdout("acme-prod\n")
        .check();
}

#[test]
fn a_switch_to_production_asks_where_the_settings_say_so_and_a_person_is_there() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        home.settings("[switch]\nconfirm = prod\n");
        // Nobody to ask: scripts go on.
        assert_eq!(
            home.run(["use", "--shell", "zsh", "acme-prod"])
                .output()
                .code,
            0
        );
        let term = home.term(shell).open(&shell.rc("--prompt left"));
        term.type_text("asp acme-prod");
        term.keys(&["Enter"]);
        term.wait_for("Switch to production, 'acme-prod'? [y/N]");
        term.keys(&["Enter"]);
        term.wait_for("not switched to 'acme-prod'");
        term.type_line("asp dev");
        term.wait_for("aws:dev");
        term.type_text("asp acme-prod");
        term.keys(&["Enter"]);
        term.wait_until("a second question", |s| s.matches("[y/N]").count() == 2);
        term.type_text("y");
        term.keys(&["Enter"]);
        term.wait_for("!aws:acme-prod");
        term.type_line("asp dev");
        term.type_line("asp --yes acme-prod");
        term.wait_until("no third question", |s| {
            s.trim_end()
                .lines()
                .last()
                .unwrap_or_default()
                .starts_with("!aws:acme-prod")
                && s.matches("[y/N]").count() == 2
        });
    }
}

#[test]
fn a_part_that_fits_one_name_is_offered_but_never_production() {
    if !installed(&["tmux"]) {
        return;
    }
    let home = home();
    assert_eq!(
        home.run(["use", "--shell", "zsh", "lega"]).output().code,
        3,
        "nobody to ask"
    );
    let shell = Shell::Bash;
    let term = home.term(shell).open(&shell.rc("--prompt left"));
    term.type_text("asp LEGA");
    term.keys(&["Enter"]);
    term.wait_for("Switch to 'legacy'? [Y/n]");
    term.keys(&["Enter"]);
    term.wait_for("aws:legacy");
    term.type_line("asp acme");
    let screen = term.wait_for("Profile 'acme' not found");
    assert!(!screen.contains("Switch to 'acme"), "{screen}");
}

#[test]
fn picking_needs_a_terminal_and_says_so_at_once() {
    home()
        .run(["__pick"])
        .stderr("error: picking a profile needs a terminal\nhint: run `awsbadge list` to print the names\n")
        .code(2)
        .check();
}

/// A home where `pick` runs the built-in list and writes what came of it to a file.
fn picking() -> Home {
    let home = home();
    home.stub(
        "pick",
        &format!(
            "PATH=/nowhere '{}' __pick \"$@\" > \"$HOME/picked\"; code=$?; stty -g > \"$HOME/after\"; echo \"code $code\"",
            crate::support::binary().display()
        ),
    );
    home
}

#[test]
fn the_built_in_list_gives_the_name_back_byte_for_byte() {
    if !installed(&["tmux"]) {
        return;
    }
    let home = picking();
    let term = home
        .term(Shell::Bash)
        .env("AWS_PROFILE", "dev")
        .size(90, 20)
        .open("");
    term.type_line("stty -g > before");
    let pick = |keys: &[&str], code: i32, picked: &str| {
        term.type_line("clear");
        term.type_text("pick");
        term.keys(&["Enter"]);
        term.wait_for("aws profile> ");
        for key in keys {
            match key.strip_prefix('=') {
                Some(text) => term.type_text(text),
                None => term.keys(&[key]),
            }
        }
        let screen = term.wait_for(&format!("code {code}"));
        assert_eq!(
            String::from_utf8_lossy(&home.read("picked").unwrap()),
            picked,
            "{keys:?}"
        );
        assert_eq!(
            home.read("before"),
            home.read("after"),
            "{keys:?}: the terminal is not as it was"
        );
        assert!(
            !screen.contains("aws profile>"),
            "{keys:?}: the list is left on the screen\n{screen}"
        );
    };
    pick(&["=its", "Enter"], 0, "it's $(touch canary) `x`\n");
    // What was picked last comes first now.
    pick(&["Enter"], 0, "it's $(touch canary) `x`\n");
    pick(&["=9999 admin", "Enter"], 0, "acme-prod\n");
    pick(&["=zzzz", "Enter", "C-u", "=build", "Enter"], 0, "build\n");
    pick(&["Down", "Down", "Up", "Enter"], 0, "acme-prod\n");
    pick(&["=legacyx", "BSpace", "Enter"], 0, "legacy\n");
    pick(&["Escape"], 130, "");
    pick(&["C-c"], 130, "");
    assert_eq!(
        home.read(".local/state/awsbadge/recent").unwrap(),
        b"legacy\nacme-prod\nbuild\nit's $(touch canary) `x`\n"
    );
    assert!(home.read("canary").is_none());
    // What does not fit is cut, and nothing of it is heaped up in the last column.
    let narrow = home
        .term(Shell::Bash)
        .env("AWS_PROFILE", "dev")
        .size(30, 20)
        .open("");
    narrow.type_text("pick");
    narrow.keys(&["Enter"]);
    narrow.wait_for("aws profile> ");
    narrow.type_text("dev");
    narrow.wait_until("a row that ends before the last column", |screen| {
        let mut rows = screen.lines().filter(|line| line.contains("* dev"));
        rows.next()
            .is_some_and(|row| row.trim_end().chars().count() < 30)
    });
    narrow.keys(&["Escape"]);
    // Rows tell what a name alone does not.
    term.type_line("clear");
    term.type_text("pick");
    term.keys(&["Enter"]);
    term.wait_for("aws profile> ");
    term.type_text("dev");
    let screen = term.wait_for("* dev");
    let row = screen.lines().find(|l| l.contains("* dev")).unwrap();
    for part in ["123456789012", "Admin", "eu-west-1", "no login"] {
        assert!(row.contains(part), "{row}");
    }
    term.keys(&["Escape"]);
    term.wait_for("code 130");
}

#[test]
fn asp_pick_switches_by_fzf_in_every_shell() {
    if !installed(&["tmux", "fzf"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        let term = home.term(shell).open(&shell.rc("--prompt left"));
        term.type_text("asp --pick");
        term.keys(&["Enter"]);
        term.wait_for("aws profile>");
        term.type_text("'touch");
        term.wait_until("one row", |s| s.contains("1/7") || s.contains("1/8"));
        term.keys(&["Enter"]);
        term.wait_until("the switch", |s| {
            !s.contains("aws profile>") && s.contains("aws:it's")
        });
        term.type_line("printf '<%s>\\n' \"$AWS_PROFILE\"");
        term.wait_for("<it's $(touch canary) `x`>");
        term.type_text("asp --pick");
        term.keys(&["Enter"]);
        term.wait_for("aws profile>");
        term.keys(&["Escape"]);
        term.wait_until("a prompt", |s| !s.contains("aws profile>"));
        let status = if shell == Shell::Fish {
            "echo code $status"
        } else {
            "echo code $?"
        };
        term.type_line(status);
        term.wait_for("code 130");
        assert!(home.read("canary").is_none());
    }
}

#[test]
fn secrets_stand_in_what_export_prints_and_nowhere_else() {
    let home = home();
    home.renewing_token("my-sso", &expires_in(600), &expires_in(80 * 86_400))
        .file(CACHED_DEV, cached(3600));
    // An `aws` that shows its arguments and its whole environment.
    home.stub("aws", "env; printf '%s\\n' \"$@\"; exit 3");
    home.stub("firefox", "");
    for arguments in [
        vec!["login", "dev"],
        vec!["logout", "dev"],
        vec!["login", "keys"],
        vec!["exec", "keys", "--", "env"],
        vec!["console", "dev", "--print"],
        vec!["console", "keys"],
        vec!["share", "keys"],
        vec!["share", "dev"],
        vec!["settings"],
        vec!["export", "role"],
        vec!["export", "temporary"],
        vec!["list", "--json"],
        vec!["status", "keys", "--json"],
        vec!["use", "keys", "--shell", "zsh"],
    ] {
        let output = home
            .run(&arguments)
            .env("AWS_SECRET_ACCESS_KEY", "SECRET-CANARY-env")
            .env("AWS_SESSION_TOKEN", "SECRET-CANARY-env")
            .env("RUST_BACKTRACE", "full")
            .output();
        for text in [&output.stdout, &output.stderr] {
            assert!(!text.contains("CANARY"), "{arguments:?}: {text}");
        }
    }
    let exported = home.run(["export", "keys"]).output();
    assert!(exported.stdout.contains("SECRET-CANARY/keys") && exported.stderr.is_empty());
}
