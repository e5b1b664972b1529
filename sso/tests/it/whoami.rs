//! `whoami`: every kind of credentials, asked at STS, which checks the signature, and compared with the files.

use crate::support::http::Answer;
use crate::support::{
    ACCOUNT, Call, Fault, Home, Keys, Knobs, Pty, Run, Small, StandIn, Trust, binary, expires_in,
    html, role_file, seconds,
};
use serde_json::{Value, json};

const USER: &str = "123456789012:user/me";

fn whoami<'h>(server: &StandIn, home: &'h Home, arguments: &[&str]) -> Run<'h> {
    home.run(["whoami"])
        .args(arguments)
        .at(server)
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

fn logged_in(server: &StandIn) -> Home {
    let home = Home::with_session();
    home.token("my-sso", &server.login(), 3000);
    home
}

fn section(name: &str, keys: &Keys) -> String {
    let token = keys.token.as_ref().map_or(String::new(), |token| {
        format!("aws_session_token = {token}\n")
    });
    format!(
        "[{name}]\naws_access_key_id = {}\naws_secret_access_key = {}\n{token}",
        keys.id, keys.secret
    )
}

fn process_json(keys: &Keys) -> String {
    json!({"Version": 1, "AccessKeyId": keys.id, "SecretAccessKey": keys.secret,
           "SessionToken": keys.token, "Expiration": expires_in(1800)})
    .to_string()
}

/// A home with every kind of credentials, a profile each.
fn every_kind(server: &StandIn) -> Home {
    let home = logged_in(server);
    let role = |name: &str| format!("arn:aws:iam::210987654321:role/{name}");
    server
        .trust(&role("Plain"), Trust::default())
        .trust(
            &role("Far"),
            Trust {
                external_id: Some("e&x"),
                ..Trust::default()
            },
        )
        .trust(
            &role("Web"),
            Trust {
                web_token: Some("SECRET-CANARY-web+/="),
                ..Trust::default()
            },
        );
    home.file("web token", "SECRET-CANARY-web+/=\n");
    home.file(
        "answer.json",
        process_json(&server.keys("123456789012:assumed-role/Made/x", true)),
    );
    home.stub("give", "cat \"$HOME/answer.json\"");
    home.file(
        ".aws/credentials",
        section("keys", &server.keys(USER, false))
            + &section(
                "temporary",
                &server.keys("123456789012:assumed-role/T/x", true),
            ),
    );
    let home_path = home.path().display().to_string();
    home.more_config(&format!(
        "{}region = eu-west-1\n\
         [profile legacy]\nsso_start_url = https://my.awsapps.com/start#/\nsso_region = eu-west-1\n\
         sso_account_id = {ACCOUNT}\nsso_role_name = ReadOnly\n\
         [profile once]\nrole_arn = {plain}\nsource_profile = keys\nrole_session_name = named\n\
         [profile twice]\nrole_arn = {far}\nexternal_id = e&x\nsource_profile = once\nduration_seconds = 900\n\
         [profile ofsso]\nrole_arn = {plain}\nsource_profile = dev\n\
         [profile ofenv]\nrole_arn = {plain}\ncredential_source = Environment\n\
         [profile web]\nrole_arn = {web}\nweb_identity_token_file = {home_path}/web token\n\
         [profile made]\ncredential_process = give 'one word' two\n",
        section("profile inconfig", &server.keys("123456789012:user/config", false)),
        plain = role("Plain"),
        far = role("Far"),
        web = role("Web"),
    ));
    home.token_json(
        "https://my.awsapps.com/start#/",
        &crate::support::token(&server.login(), 3000),
    );
    home
}

#[test]
fn credentials_of_every_kind_are_asked_about() {
    let server = StandIn::start(Knobs::default());
    let home = every_kind(&server);
    let of_env = server.keys("123456789012:user/env", false);
    for (profile, source, arn) in [
        (
            "keys",
            "shared-credentials-file",
            "arn:aws:iam::123456789012:user/me",
        ),
        (
            "temporary",
            "shared-credentials-file",
            "arn:aws:sts::123456789012:assumed-role/T/x",
        ),
        (
            "inconfig",
            "config-file",
            "arn:aws:iam::123456789012:user/config",
        ),
        (
            "dev",
            "sso",
            "arn:aws:sts::123456789012:assumed-role/Admin/me",
        ),
        (
            "legacy",
            "sso",
            "arn:aws:sts::123456789012:assumed-role/ReadOnly/me",
        ),
        (
            "once",
            "assume-role",
            "arn:aws:sts::210987654321:assumed-role/Plain/named",
        ),
        (
            "twice",
            "assume-role",
            "arn:aws:sts::210987654321:assumed-role/Far/awsbadge-*",
        ),
        (
            "ofsso",
            "assume-role",
            "arn:aws:sts::210987654321:assumed-role/Plain/awsbadge-*",
        ),
        (
            "ofenv",
            "assume-role",
            "arn:aws:sts::210987654321:assumed-role/Plain/awsbadge-*",
        ),
        (
            "web",
            "assume-role-with-web-identity",
            "arn:aws:sts::210987654321:assumed-role/Web/awsbadge-*",
        ),
        (
            "made",
            "custom-process",
            "arn:aws:sts::123456789012:assumed-role/Made/x",
        ),
    ] {
        // What one of them keeps in the cache is no help to the next.
        let _ = std::fs::remove_dir_all(home.path().join(".aws/cli/cache"));
        let output = whoami(&server, &home, &[profile, "--json"])
            .env("AWS_ACCESS_KEY_ID", &of_env.id)
            .env("AWS_SECRET_ACCESS_KEY", &of_env.secret)
            .output()
            .exits(0);
        let got = output.json();
        let (begin, end) = arn.split_once('*').unwrap_or((arn, ""));
        let said = got["arn"].as_str().unwrap();
        assert!(
            said.starts_with(begin) && said.ends_with(end),
            "{profile}: {said}"
        );
        assert_eq!(
            (&got["source"], &got["profile"]),
            (&json!(source), &json!(profile))
        );
        assert_eq!(got["differs"], json!([]), "{profile}: {got}");
        assert_eq!(output.stderr, "");
    }
    // With the environment's keys and no name.
    let output = whoami(&server, &home, &["--json"])
        .env("AWS_ACCESS_KEY_ID", &of_env.id)
        .env("AWS_SECRET_ACCESS_KEY", &of_env.secret)
        .output()
        .exits(0);
    let got = output.json();
    assert_eq!(
        (&got["source"], &got["profile"]),
        (&json!("env"), &Value::Null)
    );
    assert_eq!(got["arn"], "arn:aws:iam::123456789012:user/env");
    assert_eq!(home.calls("give"), [["one word", "two"]]);
}

#[test]
fn the_answer_has_what_the_contract_says() {
    let server = StandIn::start(Knobs::default());
    let home = logged_in(&server);
    server.set(|k| k.sts_role = Some("AWSReservedSSO_Admin_0123456789abcdef".to_owned()));
    let mut got = whoami(&server, &home, &["dev", "--json"])
        .output()
        .exits(0)
        .json();
    let keys: Vec<&String> = got.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "arn",
            "account_id",
            "user_id",
            "principal",
            "role",
            "session_name",
            "profile",
            "source",
            "region",
            "endpoint",
            "expires_at",
            "clock_skew",
            "latency_ms",
            "differs"
        ]
    );
    let left = seconds(got["expires_at"].as_str().unwrap()) - seconds(&expires_in(0));
    assert!((3500..=3600).contains(&left), "{got}");
    assert!(got["clock_skew"].as_i64().unwrap().abs() <= 2, "{got}");
    assert!(got["latency_ms"].is_u64(), "{got}");
    for key in ["expires_at", "clock_skew", "latency_ms"] {
        got[key] = Value::Null;
    }
    let role = "AWSReservedSSO_Admin_0123456789abcdef";
    assert_eq!(
        got,
        json!({
            "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/me"),
            "account_id": ACCOUNT, "user_id": "AROASTANDIN:me", "principal": "assumed-role", "role": role,
            "session_name": "me", "profile": "dev", "source": "sso", "region": "eu-west-1",
            "endpoint": server.url(), "expires_at": null, "clock_skew": null, "latency_ms": null, "differs": [],
        })
    );
    let asked = &server.calls(Call::Identity)[0];
    let signed = asked.header("authorization").unwrap();
    assert!(signed.contains("/eu-west-1/sts/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"));
    // The text: the ARN alone on its line, then one line.
    let output = whoami(&server, &home, &["dev"]).output().exits(0);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(
        lines[0],
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/me")
    );
    assert!(
        lines[1].starts_with(&format!("Admin in {ACCOUNT} by sso, eu-west-1, until ")),
        "{}",
        lines[1]
    );
    assert_eq!((lines.len(), output.stderr.as_str()), (2, ""));
    // The role's credentials were kept, as `process` keeps them.
    assert_eq!(server.count(Call::Credentials), 1);
}

#[test]
fn a_region_that_is_named_is_asked_and_one_that_is_missing_is_guessed_from_the_login() {
    let server = StandIn::start(Knobs::default());
    let home = logged_in(&server);
    home.more_config("[profile noregion]\nsso_session = my-sso\nsso_account_id = 123456789012\nsso_role_name = Admin\n");
    for (arguments, region) in [
        (vec!["dev", "--region", "ap-south-1"], "ap-south-1"),
        (vec!["noregion"], "eu-west-1"),
    ] {
        let got = whoami(&server, &home, &arguments)
            .args(["--json"])
            .output()
            .exits(0)
            .json();
        assert_eq!(got["region"], region);
        let asked = server.calls(Call::Identity).pop().unwrap();
        assert!(
            asked
                .header("authorization")
                .unwrap()
                .contains(&format!("/{region}/sts/"))
        );
    }
    whoami(&server, &home, &["dev", "--region", "x.evil.example"])
        .code(4)
        .stderr("error: 'x.evil.example' is not a region\nhint: Write it as eu-west-1.\n")
        .check();
}

#[test]
fn what_differs_from_the_files_is_named() {
    let server = StandIn::start(Knobs::default());
    let home = logged_in(&server);
    server.set(|k| k.sts_role = Some("AWSReservedSSO_Other_0123456789abcdef".to_owned()));
    let output = whoami(&server, &home, &["dev"]).output().exits(0);
    assert_eq!(
        output.stderr,
        "warning: role Other differs from the configuration's, Admin\n"
    );
    let output = whoami(&server, &home, &["dev", "--json"]).output().exits(0);
    assert_eq!(
        output.json()["differs"],
        json!([{"what": "role", "offline": "Admin", "online": "Other"}])
    );
    // The cached credentials are another account's, and the region is of another partition.
    let other = server.keys("999999999999:assumed-role/Admin/me", true);
    home.file(
        &role_file(ACCOUNT, "Admin", "my-sso"),
        json!({"ProviderType": "sso", "Credentials": {"AccessKeyId": other.id, "SecretAccessKey": other.secret,
               "SessionToken": other.token, "Expiration": expires_in(3600)}}).to_string(),
    );
    let output = whoami(&server, &home, &["dev", "--region", "cn-north-1"])
        .output()
        .exits(0);
    assert_eq!(
        output.stderr,
        format!(
            "warning: account 999999999999 differs from the configuration's, {ACCOUNT}\n\
                 warning: partition aws differs from the region's, aws-cn\n"
        )
    );
}

#[test]
fn a_wrong_clock_is_told_and_does_no_harm() {
    for (skew, way) in [(3600, "behind"), (-7200, "ahead of")] {
        let server = StandIn::start(Knobs {
            skew,
            ..Knobs::default()
        });
        let home = Home::new();
        home.file(
            ".aws/credentials",
            section("keys", &server.keys(USER, false)),
        );
        let output = whoami(&server, &home, &["keys"]).output().exits(0);
        assert_eq!(server.count(Call::Identity), 2);
        assert!(
            output.stderr.starts_with(&format!(
                "warning: the clock of this machine is {} minutes {way} the service's",
                skew.abs() / 60
            )),
            "{}",
            output.stderr
        );
        let got = whoami(&server, &home, &["keys", "--json"])
            .output()
            .exits(0)
            .json();
        let told = got["clock_skew"].as_i64().unwrap();
        assert!((told - skew).abs() <= 2, "{told} {skew}");
        // Once: a signature that is wrong for another reason stays so.
        let mut wrong = server.keys(USER, false);
        wrong.secret.push('x');
        home.file(".aws/credentials", section("keys", &wrong));
        server.forget();
        let output = whoami(&server, &home, &["keys", "--json"])
            .output()
            .exits(8);
        assert_eq!(
            (output.error_code().as_str(), server.count(Call::Identity)),
            ("no-access", 2)
        );
    }
}

#[test]
fn exit_codes_are_those_of_status_and_7_and_8() {
    let server = StandIn::start(Knobs::default());
    let home = logged_in(&server);
    let expired = server.keys("1:assumed-role/R/x", true);
    server.expire_keys(&expired.id);
    let unknown = Keys {
        id: "AKIAUNKNOWN".into(),
        secret: "SECRET-CANARY-u".into(),
        token: None,
    };
    home.file(
        ".aws/credentials",
        section("expired", &expired)
            + &section("unknown", &unknown)
            + &section("keys", &server.keys(USER, false)),
    );
    home.more_config(
        "[profile nothing]\nregion = eu-west-1\n\
         [profile half]\nrole_arn = arn:aws:iam::1:role/R\n\
         [profile denied]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = keys\n\
         [profile fails]\ncredential_process = false\n\
         [profile missing]\ncredential_process = no-such-program\n\
         [profile chats]\ncredential_process = echo hello\n\
         [profile nofile]\nrole_arn = arn:aws:iam::1:role/R\nweb_identity_token_file = /no/such/file\n\
         [profile other]\nsso_session = my-sso\nsso_account_id = 123456789012\nsso_role_name = Nobody\n\
         [sso-session away]\nsso_start_url = https://away.awsapps.com/start\nsso_region = eu-west-1\n\
         [profile away]\nsso_session = away\nsso_account_id = 123456789012\nsso_role_name = Admin\n",
    );
    for (profile, code, word) in [
        ("nobody", 3, "no-such-profile"),
        ("nothing", 1, "no-credentials"),
        ("half", 4, "bad-config"),
        ("missing", 4, "bad-config"),
        ("fails", 1, "no-credentials"),
        ("chats", 1, "no-credentials"),
        ("nofile", 1, "no-credentials"),
        ("away", 5, "login-needed"),
        ("expired", 8, "no-access"),
        ("unknown", 8, "no-access"),
        ("denied", 8, "no-access"),
        ("other", 8, "no-access"),
    ] {
        let output = whoami(&server, &home, &[profile, "--json"]).output();
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (code, ""),
            "{profile}: {}",
            output.show()
        );
        assert_eq!(output.error_code(), word, "{profile}: {}", output.show());
        let text = whoami(&server, &home, &[profile]).output();
        assert_eq!((text.code, text.stdout.as_str()), (code, ""), "{profile}");
        assert!(
            text.stderr.starts_with("error: ") && text.stderr.lines().count() <= 2,
            "{}",
            text.stderr
        );
    }
    for (fault, word) in [
        (Fault::Drop, "unreachable"),
        (Fault::Error(503, "ServiceUnavailable"), "server-error"),
        (html(200), "bad-answer"),
        (html(403), "bad-answer"),
        (Fault::Endless, "bad-answer"),
    ] {
        server.behave().always(Call::Identity, fault);
        let output = whoami(&server, &home, &["keys", "--json"])
            .output()
            .exits(7);
        assert_eq!(output.error_code(), word, "{}", output.show());
    }
}

#[test]
fn credentials_that_were_revoked_are_fetched_anew_once() {
    let server = StandIn::start(Knobs::default());
    let home = logged_in(&server);
    home.role(ACCOUNT, "Admin", 3000);
    whoami(&server, &home, &["dev"]).output().exits(0);
    assert_eq!(
        (
            server.count(Call::Identity),
            server.count(Call::Credentials)
        ),
        (2, 1)
    );
    // STS refuses the new ones too: only a login can help.
    server.always(Call::Identity, Fault::Instead(Answer::new(
        403,
        "text/xml",
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>over</Message></Error></ErrorResponse>",
    )));
    server.forget();
    let output = whoami(&server, &home, &["dev"]).output().exits(5);
    assert_eq!(server.count(Call::Identity), 2);
    assert_eq!(
        output.stderr,
        "error: STS does not accept these credentials: ExpiredToken: over\nhint: Run `awsbadge-sso login my-sso --force`.\n"
    );
}

#[test]
fn a_role_that_is_cached_needs_neither_its_source_nor_a_code() {
    let server = StandIn::start(Knobs::default());
    let home = every_kind(&server);
    whoami(&server, &home, &["twice"]).output().exits(0);
    assert_eq!(server.count(Call::AssumeRole), 2);
    whoami(&server, &home, &["twice"]).output().exits(0);
    assert_eq!(server.count(Call::AssumeRole), 2, "from the cache");
    assert_eq!(home.names(".aws/cli/cache").len(), 2);
    for name in home.names(".aws/cli/cache") {
        assert_eq!(home.mode(&format!(".aws/cli/cache/{name}")), 0o600);
    }
}

#[test]
fn the_code_of_a_device_is_asked_for_once_on_the_terminal() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let device = "arn:aws:iam::123456789012:mfa/me";
    server.trust(
        "arn:aws:iam::1:role/M",
        Trust {
            mfa: Some((device, "123456")),
            ..Trust::default()
        },
    );
    home.file(
        ".aws/credentials",
        section("keys", &server.keys(USER, false)),
    );
    home.config(&format!("[profile m]\nrole_arn = arn:aws:iam::1:role/M\nsource_profile = keys\nmfa_serial = {device}\n"));
    let output = whoami(&server, &home, &["m", "--json"]).output().exits(5);
    assert_eq!(output.error_code(), "no-terminal");
    let pty = Pty::new(80, 24);
    let run = |typed: &[u8]| {
        let mut command = pty.command(&home, binary().to_str().unwrap());
        command.args(["whoami", "m"]).envs(server.variables());
        let before = pty.modes();
        let asked = pty.screen().matches("MFA code of arn").count();
        let child = pty.spawn(&mut command);
        if !typed.is_empty() {
            pty.wait_for("MFA code of arn", asked + 1);
            pty.type_bytes(typed);
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(pty.modes(), before);
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    assert_eq!(run(b"\x03"), (Some(130), String::new()));
    assert_eq!(server.total(), 0);
    assert_eq!(run(b"999999\r").0, Some(8));
    let (code, said) = run(b"12345\x7f56\r");
    assert_eq!(code, Some(0), "{said} {}", pty.screen());
    assert!(
        said.starts_with("arn:aws:sts::1:assumed-role/M/awsbadge-"),
        "{said}"
    );
    // The code counts once, and what it gave is kept.
    assert_eq!(run(b"").0, Some(0));
}

#[test]
fn a_containers_endpoint_is_asked_as_botocore_asks_it() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let keys = server.keys("123456789012:assumed-role/Task/x", true);
    let body = json!({"AccessKeyId": keys.id, "SecretAccessKey": keys.secret, "Token": keys.token, "Expiration": expires_in(1800)}).to_string();
    let endpoint = Small::start(move |request| match request.header("authorization") {
        Some("Bearer SECRET-CANARY-eks") => Answer::new(200, "application/json", body.clone()),
        _ => Answer::new(401, "application/json", "{}"),
    });
    home.file("token", "Bearer SECRET-CANARY-eks\n");
    let run = || {
        home.run(["whoami", "--json"])
            .at(&server)
            .env("AWS_REGION", "eu-west-1")
            .env(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                format!("{}/v1/credentials?x=1", endpoint.url()),
            )
            // A proxy is not for what is on this machine.
            .env("https_proxy", "http://127.0.0.1:9")
    };
    let got = run()
        .env(
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            home.path().join("token"),
        )
        .output()
        .exits(0)
        .json();
    assert_eq!(
        (&got["source"], &got["profile"]),
        (&json!("container-role"), &Value::Null)
    );
    assert_eq!(got["arn"], "arn:aws:sts::123456789012:assumed-role/Task/x");
    let asked = &endpoint.log()[0];
    assert_eq!(
        (
            asked.method.as_str(),
            asked.path.as_str(),
            asked.query.as_str()
        ),
        ("GET", "/v1/credentials", "x=1")
    );
    run()
        .env(
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "Bearer SECRET-CANARY-eks",
        )
        .output()
        .exits(0);
    let output = run().output().exits(1);
    assert_eq!(output.error_code(), "no-credentials");
    let output = run()
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/no/such/file")
        .output()
        .exits(1);
    assert_eq!(output.error_code(), "no-credentials");
    let output = run()
        .env(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://containers.example/x",
        )
        .output()
        .exits(6);
    assert_eq!(output.error_code(), "unsafe-address");
}

#[test]
fn an_instance_is_asked_by_version_2_and_only_if_nothing_else_gives_credentials() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let keys = server.keys("123456789012:assumed-role/Web Server/i-0", true);
    let body = json!({"Code": "Success", "AccessKeyId": keys.id, "SecretAccessKey": keys.secret, "Token": keys.token, "Expiration": expires_in(1800)}).to_string();
    let imds = Small::start(move |request| {
        let token = request.header("x-aws-ec2-metadata-token") == Some("SECRET-CANARY-imds");
        match (request.method.as_str(), request.path.as_str()) {
            ("PUT", "/latest/api/token")
                if request.header("x-aws-ec2-metadata-token-ttl-seconds") == Some("21600") =>
            {
                Answer::new(200, "text/plain", "SECRET-CANARY-imds")
            }
            ("GET", "/latest/meta-data/iam/security-credentials/") if token => {
                Answer::new(200, "text/plain", "Web Server\n")
            }
            ("GET", "/latest/meta-data/iam/security-credentials/Web%20Server") if token => {
                Answer::new(200, "application/json", body.clone())
            }
            _ => Answer::new(401, "text/plain", ""),
        }
    });
    let run = || {
        home.run(["whoami", "--json"])
            .at(&server)
            .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.url())
    };
    let got = run().output().exits(0).json();
    assert_eq!(
        (&got["source"], &got["region"]),
        (&json!("iam-role"), &json!("us-east-1"))
    );
    assert_eq!(got["session_name"], "i-0");
    assert_eq!(imds.log().len(), 3);
    // A profile may say where it is, and a role may rest on it.
    server.trust("arn:aws:iam::1:role/R", Trust::default());
    home.config(&format!("[profile r]\nrole_arn = arn:aws:iam::1:role/R\ncredential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint = {}\n", imds.url()));
    let got = run()
        .without("AWS_EC2_METADATA_SERVICE_ENDPOINT")
        .args(["r"])
        .output()
        .exits(0)
        .json();
    assert_eq!(
        (&got["source"], &got["account_id"]),
        (&json!("assume-role"), &json!("1"))
    );
    let before = imds.log().len();
    let output = run()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .exits(1);
    assert_eq!(
        (output.error_code().as_str(), imds.log().len()),
        ("no-credentials", before)
    );
    home.file(
        ".aws/credentials",
        section("default", &server.keys(USER, false)),
    );
    run().output().exits(0);
    assert_eq!(imds.log().len(), before);
}

#[test]
fn an_instance_without_a_role_and_a_machine_that_is_none_have_no_credentials() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let imds = Small::start(|request| match request.method.as_str() {
        "PUT" => Answer::new(200, "text/plain", "t"),
        _ => Answer::new(404, "text/html", "<html>Not Found</html>"),
    });
    let run = |url: String| {
        home.run(["whoami", "--json"])
            .at(&server)
            .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
            .output()
    };
    let output = run(imds.url()).exits(1);
    assert_eq!(output.error_code(), "no-credentials");
    assert_eq!(server.total(), 0);
    // An address of one's own that nobody answers at is not the same as no instance.
    assert_eq!(
        run("http://127.0.0.1:9".to_owned()).exits(7).error_code(),
        "unreachable"
    );
    assert_eq!(
        run("http://imds.example".to_owned()).exits(6).error_code(),
        "unsafe-address"
    );
}

#[test]
fn an_aws_login_session_works_while_its_token_lasts_and_else_by_the_aws_cli() {
    let server = StandIn::start(Knobs::default());
    let home = Home::new();
    let keys = server.keys("123456789012:assumed-role/Admin/console", true);
    home.config(
        "[profile c]\nlogin_session = arn:aws:iam::123456789012:user/Admin\nregion = eu-west-1\n",
    );
    let output = whoami(&server, &home, &["c", "--json"]).output().exits(5);
    assert_eq!(output.error_code(), "login-needed");
    home.file("answer.json", process_json(&keys));
    home.stub("aws", "cat \"$HOME/answer.json\"");
    let got = whoami(&server, &home, &["c", "--json"])
        .output()
        .exits(0)
        .json();
    assert_eq!(got["source"], "login");
    assert_eq!(
        home.calls("aws"),
        [["configure", "export-credentials", "--profile", "c"]]
    );
    // From now on it is in the file.
    let digest = hmac_sha256::Hash::hash(b"arn:aws:iam::123456789012:user/Admin");
    let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let token = |left: i64| {
        let keys = server.keys("123456789012:assumed-role/Admin/file", true);
        json!({"accessToken": {"accessKeyId": keys.id, "secretAccessKey": keys.secret, "sessionToken": keys.token,
               "accountId": "123456789012", "expiresAt": expires_in(left)},
               "refreshToken": "r", "clientId": "c", "dpopKey": "k"})
        .to_string()
    };
    for (left, session) in [(600, "file"), (30, "console")] {
        home.file(&format!(".aws/login/cache/{name}.json"), token(left));
        let output = whoami(&server, &home, &["c", "--json"]).output().exits(0);
        assert_eq!(output.json()["session_name"], session);
    }
}

#[test]
fn interrupted_it_ends_at_once() {
    let server = StandIn::start(Knobs::default());
    let home = logged_in(&server);
    server.hold(Call::Identity);
    let mut run = whoami(&server, &home, &["dev"]).start();
    server.wait_for_held(1);
    assert!(!run.ended());
    run.signal(nix::sys::signal::Signal::SIGINT);
    assert_eq!(run.wait().code, 130);
}
