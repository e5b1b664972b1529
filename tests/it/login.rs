//! `login` and `logout`: which login a profile needs, when there is nothing to do, and what the AWS CLI is told.

use crate::support::fixtures::sso;
use crate::support::{Home, Run, Shell, expires_in, installed, token, token_file};

const CONFIG: &str = concat!(
    sso!(),
    "
[sso-session -rf]
sso_start_url = https://rf.awsapps.com/start
sso_region = eu-west-1

[profile legacy]
sso_start_url = https://over.awsapps.com/start
sso_region = us-east-1
sso_account_id = 210987654321
sso_role_name = ReadOnly

[profile mid]
role_arn = arn:aws:iam::333333333333:role/Mid
source_profile = legacy

[profile top]
role_arn = arn:aws:iam::444444444444:role/Top
source_profile = mid

[profile console]
login_session = arn:aws:iam::555555555555:user/Admin

[profile -dash]
login_session = arn:aws:iam::666666666666:user/Admin

[profile keys]
aws_access_key_id = AKIA
aws_secret_access_key = SECRET-CANARY-keys

[profile build]
credential_process = /bin/false SECRET-CANARY-process

[profile nothing]
region = eu-west-1

[profile broken]
sso_session = gone
sso_account_id = 1
sso_role_name = R
"
);

/// A home with a browser to see, and an `aws` that logs in to whatever it is asked for.
fn home() -> Home {
    let home = Home::new();
    home.config(CONFIG);
    home.stub("firefox", "");
    let fresh = token(&expires_in(8 * 3600 + 30)).to_string();
    let login = r#"{"accessToken":{"accessKeyId":"A","secretAccessKey":"SECRET-CANARY","sessionToken":"t",
        "accountId":"5","expiresAt":"@"},"tokenType":"aws_sigv4","clientId":"c","refreshToken":"r","dpopKey":"k"}"#
        .replace('@', &expires_in(900));
    home.file("fresh", fresh).file("fresh-login", login);
    let name = |key: &str| token_file(key);
    let login_name = ".aws/login/cache/$(printf %s \"$arn\" | sha256sum | cut -d' ' -f1).json";
    home.stub(
        "aws",
        &format!(
            "env > \"$HOME/seen\"\n\
             if [ \"$1\" = --version ]; then echo 'aws-cli/2.36.7 Python/3.13'; exit; fi\n\
             echo 'a word on stdout'; echo 'a word on stderr' >&2\n\
             mkdir -p \"$HOME/.aws/sso/cache\" \"$HOME/.aws/login/cache\"\n\
             case \"$*\" in\n\
             *my-sso*) cp \"$HOME/fresh\" \"$HOME/{}\";;\n\
             *legacy*) cp \"$HOME/fresh\" \"$HOME/{}\";;\n\
             *rf*) cp \"$HOME/fresh\" \"$HOME/{}\";;\n\
             *console*) arn=arn:aws:iam::555555555555:user/Admin; cp \"$HOME/fresh-login\" \"$HOME/{login_name}\";;\n\
             *dash*) arn=arn:aws:iam::666666666666:user/Admin; cp \"$HOME/fresh-login\" \"$HOME/{login_name}\";;\n\
             esac",
            name("my-sso"),
            name("https://over.awsapps.com/start"),
            name("-rf"),
        ),
    );
    home
}

/// The calls of `aws`, but for its version.
fn aws_calls(home: &Home) -> Vec<Vec<String>> {
    let mut calls = home.calls("aws");
    calls.retain(|call| call[..] != ["--version"]);
    calls
}

fn seeing(run: Run<'_>) -> Run<'_> {
    run.env("BROWSER", "firefox")
}

#[test]
fn each_kind_of_profile_gets_the_login_that_it_stands_on() {
    for (arguments, called) in [
        (vec!["login", "dev"], "sso login --sso-session my-sso"),
        (vec!["login", "legacy"], "sso login --profile legacy"),
        (vec!["login", "mid"], "sso login --profile legacy"),
        (vec!["login", "top"], "sso login --profile legacy"),
        (vec!["login", "console"], "login --profile console"),
        (vec!["login", "--", "-dash"], "login --profile=-dash"),
        (
            vec!["login", "--session", "my-sso"],
            "sso login --sso-session my-sso",
        ),
        (
            vec!["login", "keys", "--session=my-sso"],
            "sso login --sso-session my-sso",
        ),
        (
            vec!["login", "--session=-rf"],
            "sso login --sso-session=-rf",
        ),
    ] {
        let home = home();
        let output = seeing(home.run(&arguments)).output();
        let (stdout, stderr, code) = (output.stdout, output.stderr, output.code);
        assert_eq!(code, 0, "{arguments:?}: {stderr}");
        assert_eq!(
            stdout, "",
            "{arguments:?}: the AWS CLI's words belong on stderr"
        );
        let lines: Vec<&str> = stderr.lines().collect();
        assert_eq!(lines.len(), 3, "{stderr}");
        assert_eq!(lines[..2], ["a word on stdout", "a word on stderr"]);
        assert!(
            lines[2].starts_with("awsbadge: ") && lines[2].contains(": logged in until "),
            "{stderr}"
        );
        assert_eq!(aws_calls(&home), [called.split(' ').collect::<Vec<_>>()]);
    }
}

#[test]
fn the_active_profile_is_the_one_that_is_logged_in() {
    let home = home();
    let run = seeing(home.run(["login"])).env("AWS_PROFILE", "mid");
    assert_eq!(run.output().code, 0);
    assert_eq!(aws_calls(&home), [["sso", "login", "--profile", "legacy"]]);
    home.run(["login"])
        .stderr("error: no profile is given or active\nhint: name a profile; `awsbadge list` shows them\n")
        .code(2)
        .check();
}

#[test]
fn there_is_nothing_to_do_while_more_than_15_minutes_are_left() {
    // The end of the token from now, whether it renews itself, whether the AWS CLI is called.
    for (left, renews, called) in [
        (3600, false, false),
        (3600, true, false),
        (930, false, false),
        (890, false, true),
        (890, true, true),
        (-60, false, true),
        (-60, true, true),
        (-30 * 86_400, true, true),
    ] {
        let home = home();
        if renews {
            home.renewing_token("my-sso", &expires_in(left), &expires_in(80 * 86_400))
        } else {
            home.token("my-sso", &expires_in(left))
        };
        let output = seeing(home.run(["login", "dev"])).output();
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(
            aws_calls(&home).len(),
            usize::from(called),
            "{left} {renews}"
        );
        if !called {
            assert!(
                output
                    .stderr
                    .starts_with("awsbadge: my-sso: logged in until ")
            );
            assert!(
                output.stderr.ends_with(" left; --force logs in anew\n"),
                "{}",
                output.stderr
            );
        }
    }
    let home = home();
    home.token("my-sso", &expires_in(3600));
    assert_eq!(
        seeing(home.run(["login", "dev", "--force"])).output().code,
        0
    );
    assert_eq!(aws_calls(&home).len(), 1, "--force");
}

#[test]
fn what_needs_no_login_is_told_and_nothing_is_run() {
    #[rustfmt::skip]
    let cases = [
        ("keys", 1, "error: the profile 'keys' needs no login: it has static keys\n"),
        ("build", 1, "error: the profile 'build' needs no login: its credentials come from a credential_process\n"),
        ("nothing", 1, "error: the profile 'nothing' has no source of credentials\nhint: run `cargo install --locked --path sso` in the source directory of awsbadge, then `awsbadge configure`\n"),
        ("broken", 4, "error: $HOME/.aws/config:45: there is no [sso-session gone]\nhint: correct the name, or add the section\n"),
    ];
    for (profile, code, message) in cases {
        let home = home();
        seeing(home.run(["login", profile]))
            .stderr(message)
            .code(code)
            .check();
        assert!(aws_calls(&home).is_empty());
    }
    let home = home();
    assert_eq!(home.run(["login", "dve"]).output().code, 3);
    home.run(["login", "--session", "my"])
        .stderr("error: unknown SSO session 'my'\nhint: use one of: my-sso, -rf\n")
        .code(1)
        .check();
}

#[test]
fn without_a_browser_the_aws_cli_is_told_so_in_options_that_it_knows() {
    #[rustfmt::skip]
    let cases = [
        ("2.36.7", vec![], "", "--use-device-code --no-browser"),
        ("2.9.19", vec![], "", "--no-browser"),
        ("2.36.7", vec![("SSH_CONNECTION", "x")], "", "--use-device-code --no-browser"),
        ("2.36.7", vec![("BROWSER", "firefox")], "", ""),
        ("2.36.7", vec![("BROWSER", "firefox")], "[login]\ndevice_code = my-sso\n", "--use-device-code"),
        ("2.36.7", vec![("BROWSER", "firefox")], "[login]\ndevice_code = *\n", "--use-device-code"),
        ("2.36.7", vec![("BROWSER", "firefox")], "[login]\ndevice_code = other\n", ""),
        ("2.9.19", vec![("BROWSER", "firefox")], "[login]\ndevice_code = *\n", ""),
        ("2.36.7", vec![("WSL_DISTRO_NAME", "Debian")], "", "--use-device-code --no-browser"),
    ];
    for (version, vars, settings, options) in cases {
        let home = home();
        home.settings(settings);
        home.stub(
            "aws",
            &format!("if [ \"$1\" = --version ]; then echo aws-cli/{version}; else exit 9; fi"),
        );
        let run = home.run(["login", "dev"]);
        let run = vars
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value));
        assert_eq!(run.output().code, 1);
        let login = format!("sso login --sso-session my-sso {options}");
        assert_eq!(
            aws_calls(&home).last().unwrap().join(" "),
            login.trim_end(),
            "{version} {vars:?} {settings:?}"
        );
    }
    let home = home();
    assert_eq!(home.run(["login", "console"]).output().code, 0);
    assert_eq!(
        aws_calls(&home),
        [["login", "--profile", "console", "--remote"]]
    );
    // A display and a program that opens a browser there.
    home.stub("xdg-open", "");
    assert_eq!(
        home.run(["login", "dev"])
            .env("DISPLAY", ":0")
            .output()
            .code,
        0
    );
    assert_eq!(
        aws_calls(&home).last().unwrap().join(" "),
        "sso login --sso-session my-sso"
    );
}

#[test]
fn the_aws_cli_sees_no_other_identity_than_the_one_that_it_is_told() {
    let home = home();
    let run = seeing(home.run(["login", "dev"]))
        .env("AWS_PROFILE", "no-such-profile")
        .env("AWS_DEFAULT_PROFILE", "keys")
        .env("AWS_ACCESS_KEY_ID", "A")
        .env("AWS_SECRET_ACCESS_KEY", "S")
        .env("AWS_SESSION_TOKEN", "T")
        .env("AWS_VAULT", "v")
        .env("AWS_CA_BUNDLE", "/ca")
        .env("AWS_REGION", "eu-west-1");
    assert_eq!(run.output().code, 0);
    let seen = String::from_utf8(home.read("seen").unwrap()).unwrap();
    let mut seen: Vec<&str> = seen.lines().filter(|l| l.starts_with("AWS")).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["AWS_CA_BUNDLE=/ca", "AWS_REGION=eu-west-1"]);
}

#[test]
fn a_login_that_fails_has_our_exit_code_and_names_the_other() {
    for code in [255, 254, 130, 1] {
        let home = home();
        home.stub("aws", &format!("echo 'no such luck' >&2; exit {code}"));
        seeing(home.run(["login", "dev"]))
            .stderr(format!(
                "no such luck\nawsbadge: my-sso: not logged in, `aws` ended with code {code}\n"
            ))
            .code(if code == 130 { 130 } else { 1 })
            .check();
    }
    let home = home();
    home.stub("aws", "exit 0");
    seeing(home.run(["login", "dev"]))
        .stderr("error: my-sso: `aws` succeeded, but no valid token was written\nhint: check that ~/.aws/sso/cache is writable\n")
        .code(5)
        .check();
}

#[test]
fn without_the_aws_cli_it_says_what_to_install() {
    let home = home();
    home.remove("bin/aws");
    for arguments in [["login", "dev"], ["logout", "dev"], ["export", "dev"]] {
        let output = home
            .run(arguments)
            .env("PATH", format!("{}/bin:.::aws", home.path().display()))
            .output();
        assert_eq!((output.code, output.stdout.as_str()), (1, ""));
        assert!(
            output.stderr.starts_with("error: this needs the AWS CLI, but `aws` is not on the PATH\nhint: install version 2: https://"),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn an_aws_in_the_working_folder_is_never_run() {
    let home = home();
    home.stub("aws", "");
    std::fs::rename(home.path().join("bin/aws"), home.path().join("aws")).unwrap();
    let output = home.run(["login", "dev"]).env("PATH", ".::").output();
    assert_eq!(output.code, 1);
    assert!(home.read("aws.calls").is_none());
}

#[test]
fn logout_says_that_it_takes_all_sessions_along() {
    let home = home();
    home.stub("aws", "");
    home.run(["logout", "top"])
        .stderr("awsbadge: `aws sso logout` logs out of all SSO sessions\nawsbadge: logged out of all SSO sessions\n")
        .check();
    home.run(["logout"])
        .env("AWS_PROFILE", "console")
        .stderr("awsbadge: console: logged out\n")
        .check();
    assert_eq!(
        aws_calls(&home),
        [
            vec!["sso", "logout"],
            vec!["logout", "--profile", "console"]
        ]
    );
    home.stub("aws", "exit 255");
    home.run(["logout", "console"])
        .stderr("awsbadge: not logged out, `aws` ended with code 255\n")
        .code(1)
        .check();
}

#[test]
fn ctrl_c_ends_login_with_130_and_leaves_the_terminal_and_the_profile_alone() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        home.stub(
            "aws",
            "[ \"$1\" = --version ] && echo aws-cli/2.36.7 && exit\necho waiting; exec sleep 1000",
        );
        let term = home
            .term(shell)
            .env("BROWSER", "firefox")
            .open(&shell.rc("--prompt left"));
        term.type_line("stty -g > before");
        term.type_text("asp dev login");
        term.keys(&["Enter"]);
        term.wait_for("waiting");
        term.keys(&["C-c"]);
        let code = match shell {
            Shell::Fish => "echo \"code $status, profile <$AWS_PROFILE>\"",
            _ => "echo \"code $?, profile <$AWS_PROFILE>\"",
        };
        term.wait_until("a prompt", |screen| screen.trim_end().ends_with('>'));
        term.type_line(code);
        term.wait_for("code 130, profile <>");
        term.type_line("stty -g > after");
        assert_eq!(home.read("before"), home.read("after"), "{shell}");
    }
}
