//! `login`, `logout`, `export` and `acp` with awsbadge-sso, which a stub stands in for: when it is used, what it is told,
//! and what becomes of its answer. sso/tests has the tests with the real one.

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

[profile top]
role_arn = arn:aws:iam::444444444444:role/Top
source_profile = dev

[profile console]
login_session = arn:aws:iam::555555555555:user/Admin

[profile -dash]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = Dash
"
);

/// A home with both programs. awsbadge-sso logs in, logs out and prints credentials; `aws` only fails.
fn home() -> Home {
    let home = Home::new();
    home.config(CONFIG).stub("aws", "exit 9");
    home.file("fresh", token(&expires_in(8 * 3600 + 30)).to_string());
    home.stub(
        "awsbadge-sso",
        &format!(
            "env > \"$HOME/seen\"\n\
             mkdir -p \"$HOME/.aws/sso/cache\"\n\
             case \"$*\" in\n\
             process*) echo '{{\"Version\":1,\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"SECRET-CANARY\",\"SessionToken\":\"t\"}}';;\n\
             login*legacy*) cp \"$HOME/fresh\" \"$HOME/{}\";;\n\
             login*rf*) cp \"$HOME/fresh\" \"$HOME/{}\";;\n\
             login*) cp \"$HOME/fresh\" \"$HOME/{my}\";;\n\
             logout*) rm \"$HOME/{my}\"; echo 'my-sso: logged out' >&2;;\n\
             esac",
            token_file("https://over.awsapps.com/start"),
            token_file("-rf"),
            my = token_file("my-sso"),
        ),
    );
    home
}

/// The calls of awsbadge-sso, each as one line.
fn calls(home: &Home) -> Vec<String> {
    let calls = home.calls("awsbadge-sso");
    calls.iter().map(|words| words.join(" ")).collect()
}

#[test]
fn each_login_of_an_sso_session_is_made_by_awsbadge_sso_if_it_is_installed() {
    for (arguments, called) in [
        (vec!["login", "dev"], "login --quiet --profile=dev"),
        (vec!["login", "legacy"], "login --quiet --profile=legacy"),
        (vec!["login", "top"], "login --quiet --profile=dev"),
        (
            vec!["login", "--", "-dash"],
            "login --quiet --profile=-dash",
        ),
        (
            vec!["login", "--session", "my-sso"],
            "login --quiet -- my-sso",
        ),
        (vec!["login", "--session=-rf"], "login --quiet -- -rf"),
        (
            vec!["login", "dev", "--force"],
            "login --quiet --force --profile=dev",
        ),
    ] {
        let home = home();
        let output = home.run(&arguments).output();
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (0, ""),
            "{}",
            output.stderr
        );
        assert!(
            output.stderr.starts_with("awsbadge: ")
                && output.stderr.contains(": logged in until ")
                && output.stderr.ends_with(", 8h0m left\n")
                && output.stderr.lines().count() == 1,
            "{}",
            output.stderr
        );
        assert_eq!(calls(&home), [called]);
        assert!(home.calls("aws").is_empty());
    }
}

/// What a command runs: `aws`, awsbadge-sso, or nothing.
fn ran(home: &Home) -> &'static str {
    match (
        home.calls("aws").is_empty(),
        home.calls("awsbadge-sso").is_empty(),
    ) {
        (true, true) => "nothing",
        (false, true) => "aws",
        (true, false) => "native",
        (false, false) => "both",
    }
}

#[test]
fn the_settings_say_which_program_is_used() {
    for (with, variable, installed, program) in [
        ("", None, true, "native"),
        ("with = auto", None, true, "native"),
        ("with = auto", None, false, "aws"),
        ("with = native", None, true, "native"),
        ("with = native", None, false, "nothing"),
        ("with = aws", None, true, "aws"),
        ("with = aws", Some("native"), true, "native"),
        ("with = native", Some("aws"), true, "aws"),
        ("with = native", Some("auto"), false, "aws"),
        // A word that is none: the default.
        ("with = perhaps", None, true, "native"),
    ] {
        for command in [
            vec!["login", "dev"],
            vec!["logout", "dev"],
            vec!["export", "dev"],
        ] {
            let home = home();
            home.token("my-sso", &expires_in(600));
            home.settings(&format!("[login]\n{with}\n"));
            if !installed {
                home.remove("bin/awsbadge-sso");
            }
            let run = home.run(&command);
            let run = match variable {
                Some(value) => run.env("AWSBADGE_LOGIN_WITH", value),
                None => run,
            };
            let output = run.output();
            assert_eq!(ran(&home), program, "{with} {variable:?} {command:?}");
            if program == "nothing" {
                assert_eq!((output.code, output.stdout.as_str()), (1, ""));
                assert_eq!(
                    output.stderr,
                    "error: this needs awsbadge-sso, which is not installed\nhint: run `cargo install --locked --path sso` in the source directory of awsbadge\n"
                );
            }
        }
    }
}

#[test]
fn what_only_the_aws_cli_can_do_is_left_to_it() {
    for command in [
        ["login", "console"],
        ["logout", "console"],
        ["export", "console"],
        // A role chain.
        ["export", "top"],
    ] {
        let home = home();
        home.settings("[login]\nwith = native\n");
        home.run(command).output();
        assert_eq!(ran(&home), "aws", "{command:?}");
    }
}

#[test]
fn a_token_that_can_be_renewed_is_renewed_with_twenty_minutes_left_else_nothing_is_done_above_fifteen()
 {
    // The end of the token from now, whether it renews itself, whether awsbadge-sso is called.
    for (left, renews, called) in [
        (3600, true, false),
        (1230, true, false),
        (1190, true, true),
        (-60, true, true),
        (3600, false, false),
        (1190, false, false),
        (890, false, true),
        (-60, false, true),
    ] {
        let home = home();
        if renews {
            home.renewing_token("my-sso", &expires_in(left), &expires_in(80 * 86_400))
        } else {
            home.token("my-sso", &expires_in(left))
        };
        let output = home.run(["login", "dev"]).output();
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(calls(&home).len(), usize::from(called), "{left} {renews}");
        let nothing_done = output.stderr.ends_with(" left; --force logs in anew\n");
        assert_eq!(nothing_done, !called, "{}", output.stderr);
    }
    // The registration has ended: nothing renews it.
    let home = home();
    home.renewing_token("my-sso", &expires_in(1190), &expires_in(-60));
    assert_eq!(home.run(["login", "dev"]).output().code, 0);
    assert!(calls(&home).is_empty());
}

#[test]
fn an_error_of_awsbadge_sso_is_the_only_one_and_keeps_its_exit_code() {
    for code in [1, 2, 3, 4, 5, 6, 7, 8, 130, 143] {
        for command in [["login", "dev"], ["logout", "dev"]] {
            let home = home();
            home.stub(
                "awsbadge-sso",
                &format!("printf 'error: no luck\\nhint: try again\\n' >&2; exit {code}"),
            );
            home.run(command)
                .stderr("error: no luck\nhint: try again\n")
                .code(code)
                .check();
        }
    }
    let home = home();
    home.stub("awsbadge-sso", "exit 0");
    home.run(["login", "dev"])
        .stderr("error: my-sso: `awsbadge-sso` succeeded, but no valid token was written\nhint: check that ~/.aws/sso/cache is writable\n")
        .code(5)
        .check();
}

#[test]
fn logout_names_the_session_that_it_ended_and_no_other() {
    for (profile, called) in [
        ("dev", "logout --profile=dev"),
        ("top", "logout --profile=dev"),
    ] {
        let home = home();
        home.token("my-sso", &expires_in(600));
        home.run(["logout", profile])
            .stderr("my-sso: logged out\n")
            .check();
        assert_eq!(calls(&home), [called]);
        assert!(home.calls("aws").is_empty());
    }
}

#[test]
fn credentials_come_from_awsbadge_sso() {
    let home = home();
    home.run(["export", "dev", "--format", "env"])
        .stdout("export AWS_ACCESS_KEY_ID='ASIA'\nexport AWS_SECRET_ACCESS_KEY='SECRET-CANARY'\nexport AWS_SESSION_TOKEN='t'\nunset AWS_CREDENTIAL_EXPIRATION\n")
        .check();
    home.run(["export", "--format", "dotenv", "--", "-dash"])
        .stdout(
            "AWS_ACCESS_KEY_ID=ASIA\nAWS_SECRET_ACCESS_KEY=SECRET-CANARY\nAWS_SESSION_TOKEN=t\n",
        )
        .check();
    assert_eq!(
        calls(&home),
        ["process --profile=dev", "process --profile=-dash"]
    );
    // A warning beside the credentials is passed on, with nothing in it that acts on a terminal.
    home.stub(
        "awsbadge-sso",
        "printf 'warning: cached\\033[2J\\n' >&2; echo '{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\"}'",
    );
    home.run(["export", "dev", "--format", "dotenv"])
        .stdout("AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\n")
        .stderr("warning: cached?[2J\n")
        .check();
}

#[test]
fn credentials_that_are_refused_keep_the_exit_code_and_print_nothing() {
    for (body, code, stderr) in [
        (
            "echo 'error: my-sso: not logged in' >&2; exit 5",
            5,
            "error: the profile 'dev' needs a login\nhint: run `awsbadge login dev`\n",
        ),
        (
            "printf 'error: no route\\nhint: wait\\n' >&2; exit 7",
            7,
            "error: no route\nhint: wait\n",
        ),
        (
            "echo '{\"AccessKeyId\":\"A\"}'; printf 'error: no role\\033[0m\\n' >&2; exit 8",
            8,
            "error: no role?[0m\n",
        ),
        (
            "echo '<html>'",
            1,
            "error: the credentials that `awsbadge-sso` printed can't be used: they are not JSON\n",
        ),
        (
            "echo '{\"AccessKeyId\":\"A\"}'",
            1,
            "error: the credentials that `awsbadge-sso` printed can't be used: SecretAccessKey is missing\n",
        ),
    ] {
        for format in ["zsh", "bash", "fish", "env", "json", "dotenv"] {
            let home = home();
            home.stub("awsbadge-sso", body);
            home.run(["export", "dev", "--format", format])
                .stderr(stderr)
                .code(code)
                .check();
        }
    }
}

#[test]
fn awsbadge_sso_sees_no_other_identity_than_the_one_that_it_is_told() {
    for command in [["login", "dev"], ["logout", "dev"], ["export", "dev"]] {
        let home = home();
        home.token("my-sso", &expires_in(600));
        let run = home
            .run(command)
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
}

#[test]
fn an_awsbadge_sso_in_the_working_directory_is_never_run() {
    let home = home();
    let sso = home.path().join("bin/awsbadge-sso");
    std::fs::rename(sso, home.path().join("awsbadge-sso")).unwrap();
    let path = format!(".::{}/bin", home.path().display());
    assert_eq!(
        home.run(["login", "dev"]).env("PATH", path).output().code,
        1
    );
    assert!(home.read("awsbadge-sso.calls").is_none());
}

#[test]
fn the_one_in_the_directory_of_awsbadge_comes_first() {
    let home = home();
    home.token("my-sso", &expires_in(600));
    std::fs::create_dir(home.path().join("tools")).unwrap();
    std::fs::copy(crate::support::binary(), home.path().join("tools/awsbadge")).unwrap();
    home.stub("../tools/awsbadge-sso", "exit 8");
    let run = Run::of(&home, &home.path().join("tools/awsbadge"));
    assert_eq!(run.args(["logout", "dev"]).output().code, 8);
    assert!(home.calls("awsbadge-sso").is_empty());
}

#[test]
fn asp_and_acp_use_it_in_every_shell_and_the_badge_is_right_at_the_next_prompt() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        let term = home.term(shell).open(&shell.rc("--prompt left"));
        term.type_line("asp dev");
        term.wait_for("aws:dev no login");
        term.type_line("clear; asp dev login");
        term.wait_for("aws:dev 8h0m");
        term.type_line("clear; asp dev logout");
        term.wait_for("aws:dev no login");
        term.type_line("clear; acp dev; echo \"key <$AWS_ACCESS_KEY_ID>\"");
        term.wait_for("key <ASIA>");
        assert_eq!(
            calls(&home),
            [
                "login --quiet --profile=dev",
                "logout --profile=dev",
                "process --profile=dev"
            ],
            "{shell}"
        );
    }
}

#[test]
fn ctrl_c_ends_login_with_130_and_leaves_the_terminal_and_the_profile_alone() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        home.stub("awsbadge-sso", "echo waiting; exec sleep 1000");
        let term = home.term(shell).open(&shell.rc("--prompt left"));
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
