//! The words that people type: what they mean, and what is said if they mean nothing.

use crate::support::{Home, Shell, expires_in, installed, token, token_file};

fn home() -> Home {
    let home = Home::new();
    home.config(
        "[sso-session corp]\nsso_start_url = https://c.awsapps.com/start\nsso_region = eu-west-1\n\
         [profile dev]\nsso_session = corp\nsso_account_id = 111111111111\nsso_role_name = Admin\nregion = eu-west-1\n\
         [profile dev-read]\nsso_session = corp\nsso_account_id = 111111111111\nsso_role_name = Read\n\
         [profile audit]\nrole_arn = arn:aws:iam::222222222222:role/Audit\nsource_profile = dev\n\
         [profile live]\nsso_session = corp\nsso_account_id = 333333333333\nsso_role_name = Admin\n",
    );
    home
}

/// The arguments of `use`, the exit code, and what it says.
#[test]
#[rustfmt::skip]
fn a_switch_says_what_the_words_mean() {
    for (words, code, says) in [
        (&["222222222222"][..],  0, ""),
        (&["111111111111"],      2, "error: account 111111111111 has 2 profiles\nhint: choose one: dev, dev-read\n"),
        (&["444444444444"],      3, "error: Profile '444444444444' not found"),
        (&["--", "--pikc"],      2, "error: unknown option '--pikc'\nhint: did you mean --pick? `asp --help` lists the options\n"),
        (&["--", "-x"],          2, "error: unknown option '-x'\nhint: run `asp --help` to list the options\n"),
        (&["login"],             2, "error: `asp login` needs a profile\nhint: run `asp NAME login`, or `awsbadge login` for the active profile\n"),
        (&["logout"],            2, "error: `asp logout` needs a profile"),
    ] {
        let output = home().run([&["use", "--shell", "zsh"], words].concat()).output();
        assert_eq!(output.code, code, "{words:?}: {}", output.stderr);
        assert!(output.stderr.starts_with(says), "{words:?}: {}", output.stderr);
        assert_eq!(output.stdout.contains("AWS_PROFILE='audit'"), code == 0, "{words:?}");
    }
}

#[test]
fn statements_without_a_shell_to_evaluate_them_say_how_to_switch() {
    for (command, instead) in [
        (&["use", "dev"][..], "asp dev"),
        (&["clear"], "asp"),
        (&["region", "eu-west-1"], "asr eu-west-1"),
        (&["region"], "asr"),
    ] {
        home()
            .run(command)
            .stderr(format!(
                "error: this prints statements for a shell to evaluate, and changes nothing by itself\n\
                 hint: run `{instead}`, which `awsbadge setup` adds to your shell; in a script, add --shell\n"
            ))
            .code(2)
            .check();
    }
}

#[test]
fn after_a_switch_a_login_that_helps_is_named() {
    let says = |home: &Home, words: &[&str]| {
        let output = home
            .run([&["use", "--shell", "zsh"], words].concat())
            .output();
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.stderr
    };
    let home = home();
    assert_eq!(
        says(&home, &["dev"]),
        "awsbadge: there is no login; `asp dev login` logs in\n"
    );
    home.token("corp", &expires_in(-3600));
    assert_eq!(
        says(&home, &["dev"]),
        "awsbadge: the login has expired; `asp dev login` logs in\n"
    );
    home.token("corp", &expires_in(3600));
    assert_eq!(says(&home, &["dev"]), "");
}

#[test]
fn a_login_is_offered_if_the_settings_say_so_but_not_on_the_way_back() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        home.settings("[login]\noffer = on\n");
        let file = token_file("corp");
        home.file("fresh", token(&expires_in(3600 * 5 + 60)).to_string());
        home.stub(
            "aws",
            &format!(
                "[ \"$1\" = --version ] && echo aws-cli/2.36.7 && exit\n\
                 mkdir -p \"$HOME/.aws/sso/cache\"\ncp \"$HOME/fresh\" \"$HOME/{file}\""
            ),
        );
        let term = home.term(shell).open(&shell.rc("--prompt left"));
        term.type_text("asp dev");
        term.keys(&["Enter"]);
        term.wait_for("dev: there is no login. Log in now? [Y/n]");
        term.type_text("n");
        term.keys(&["Enter"]);
        term.wait_for("aws:dev no login");
        term.type_text("asp dev-read");
        term.keys(&["Enter"]);
        term.wait_until("a second question", |s| s.matches("[Y/n]").count() == 2);
        term.type_text("n");
        term.keys(&["Enter"]);
        term.wait_for("aws:dev-read no login");
        // A question would swallow what is typed next.
        term.type_line("asp -");
        term.wait_until("the way back without a question", |s| {
            s.matches("aws:dev no login").count() >= 2 && s.matches("[Y/n]").count() == 2
        });
        term.type_text("asp dev");
        term.keys(&["Enter"]);
        term.wait_until("a third question", |s| s.matches("[Y/n]").count() == 3);
        term.keys(&["Enter"]);
        term.wait_for("aws:dev 5h");
    }
}

#[test]
fn functions_describe_themselves_and_take_what_people_type() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        home.token("corp", &expires_in(3600 * 5 + 60));
        let term = home.term(shell).open(&shell.rc("--prompt left"));
        for (line, first) in [
            ("asp --help", "Switch this terminal to an AWS profile"),
            ("asp -h", "Switch this terminal to an AWS profile"),
            ("asr --help", "Set the AWS region of this terminal"),
            ("agp --help", "Print the name of the active AWS profile"),
            ("agr --help", "Print the AWS region in effect"),
            (
                "acp --help",
                "Take a profile's credentials into the environment",
            ),
        ] {
            term.type_line("clear");
            term.type_line(line);
            term.wait_for(first);
        }
        term.type_line("clear");
        term.type_line("asp -p dev");
        term.wait_for("aws:dev 5h");
        // Of the profile, then of the variable.
        term.type_line("clear; agr");
        term.wait_for("eu-west-1");
        term.type_line("asr us-east-1; clear; agr");
        term.wait_for("us-east-1");
        term.type_line("clear; asp; asr; agr; echo end");
        term.wait_for("end");
        // A single match is taken without a list.
        term.type_line("asp --pick audit");
        term.wait_for("aws:audit");
    }
}

#[test]
fn asp_name_login_force_logs_in_again() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = home();
        home.token("corp", &expires_in(3600 * 5));
        let file = token_file("corp");
        home.file("fresh", token(&expires_in(3600 * 7 + 60)).to_string());
        home.stub(
            "aws",
            &format!("[ \"$1\" = --version ] && echo aws-cli/2.36.7 && exit\ncp \"$HOME/fresh\" \"$HOME/{file}\""),
        );
        let term = home.term(shell).open(&shell.rc("--prompt left"));
        term.type_line("asp dev login --force");
        term.wait_for("aws:dev 7h");
    }
}

#[test]
fn version_1_of_the_aws_cli_is_named_before_it_is_tried() {
    let home = home();
    home.stub("aws", "echo aws-cli/1.42.0 Python/3.13");
    home.run(["login", "dev"])
        .stderr(
            "error: $HOME/bin/aws is version 1, which can't log in to SSO\n\
             hint: install version 2 of the AWS CLI, or awsbadge-sso\n",
        )
        .code(1)
        .check();
    assert_eq!(home.calls("aws"), [["--version"]]);
}

#[test]
fn lists_and_configurations_can_be_narrowed() {
    let home = home();
    home.token("corp", &expires_in(3600));
    home.run(["list", "dev"]).stdout("dev\ndev-read\n").check();
    home.run(["list", "--state", "expired"])
        .stderr("awsbadge: no profile in state expired\n")
        .check();
    home.run(["list", "nope", "--state", "keys,expired"])
        .stderr("awsbadge: no profile with 'nope' in its name and in state keys or expired\n")
        .check();
    let config = home.run(["config", "dev-read"]).output().stdout;
    let sections: Vec<&str> = config.lines().filter(|l| l.starts_with('[')).collect();
    assert_eq!(sections.len(), 2, "{config}");
    assert!(
        sections[0].starts_with("[profile dev-read]")
            && sections[1].starts_with("[sso-session corp]")
    );
    assert_eq!(home.run(["config", "nope"]).output().code, 3);
}

#[test]
fn a_duration_can_have_hours_and_minutes() {
    let home = home();
    home.token("corp", &expires_in(3600));
    for (min, code) in [("30m", 0), ("1h30m", 5), ("59m30s", 0), ("30m1h", 2)] {
        let run = home
            .run(["status", "-q", "--min", min])
            .env("AWS_PROFILE", "dev");
        assert_eq!(run.output().code, code, "{min}");
    }
}

#[test]
fn init_refuses_options_that_do_nothing_for_a_shell() {
    for shell in ["zsh", "bash", "fish"] {
        for options in [&["--omz"][..], &["--live"], &["--psvar", "20"]] {
            let output = Home::new()
                .run([&["init", shell], options].concat())
                .output();
            let want = if shell == "zsh" { 0 } else { 2 };
            assert_eq!(output.code, want, "{shell} {options:?}: {}", output.stderr);
            assert_eq!(output.stdout.is_empty(), want != 0);
        }
    }
}
