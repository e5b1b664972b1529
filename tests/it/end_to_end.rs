//! A day with the badge: the line from README in a start-up file, and a user who switches, fails, goes back,
//! and whose login ends.

use crate::support::{Home, Shell, Term, binary, expires_in, installed, token, token_file};

const CONFIG: &str = "\
[sso-session my-sso]
sso_start_url = https://myorg.awsapps.com/start
sso_region = eu-west-1

[profile myorg-dev-admin]
sso_session = my-sso
sso_account_id = 123456789012
sso_role_name = Admin
region = eu-west-1

[profile myorg-test]
sso_session = my-sso
sso_account_id = 210987654321
sso_role_name = ReadOnly
region = us-east-1
";

/// What the badge of a token says that [`log_in`] wrote.
const DEV: &str = "aws:myorg-dev-admin 47m";
const TEST: &str = "aws:myorg-test 47m";

fn log_in(home: &Home) {
    home.token("my-sso", &expires_in(47 * 60 + 50));
}

/// A home that is logged in, and a shell in it with the badge on the left.
fn logged_in(test: impl Fn(&Home, Shell)) {
    for shell in Shell::installed() {
        if !installed(&["tmux"]) {
            return;
        }
        let home = Home::new();
        home.config(CONFIG);
        log_in(&home);
        test(&home, shell);
    }
}

fn open<'h>(home: &'h Home, shell: Shell) -> Term<'h> {
    home.term(shell).open(&shell.rc("--prompt left"))
}

/// The line above the prompt: the last word of what was run.
fn answer(term: &Term<'_>) -> String {
    let screen = term.screen();
    let mut lines = screen.trim_end().lines().rev();
    lines.nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_shell_without_a_profile_shows_nothing() {
    logged_in(|home, shell| {
        let term = open(home, shell);
        assert_eq!(term.screen().trim_end(), ">", "{shell}");
    });
}

#[test]
fn asp_switches_goes_back_and_clears() {
    logged_in(|home, shell| {
        let term = open(home, shell);

        term.type_line("asp myorg-dev-admin");
        assert_eq!(term.last_line(), format!("{DEV} >"), "{shell}");
        term.type_line(
            "echo \"$AWS_PROFILE,$AWS_DEFAULT_PROFILE,$AWS_EB_PROFILE,$AWS_PROFILE_REGION\"",
        );
        assert_eq!(
            answer(&term),
            "myorg-dev-admin,myorg-dev-admin,myorg-dev-admin,eu-west-1",
            "{shell}"
        );

        term.type_line("asp myorg-test");
        assert_eq!(term.last_line(), format!("{TEST} >"), "{shell}");
        term.type_line("asp -");
        assert_eq!(term.last_line(), format!("{DEV} >"), "{shell}");
        term.type_line("asp -");
        assert_eq!(term.last_line(), format!("{TEST} >"), "{shell}");

        term.type_line("asp");
        assert_eq!(
            (answer(&term).as_str(), term.last_line().as_str()),
            ("AWS profile cleared.", ">"),
            "{shell}"
        );
        let set = match shell {
            Shell::Fish => "set -q AWS_PROFILE; or echo unset",
            Shell::Zsh | Shell::Bash => "[[ -n ${AWS_PROFILE+x} ]] || echo unset",
        };
        term.type_line(set);
        assert_eq!(answer(&term), "unset", "{shell}");
    });
}

#[test]
fn the_exit_code_of_the_last_command_is_kept() {
    logged_in(|home, shell| {
        let (status, pipe) = match shell {
            Shell::Zsh => ("echo $?", "echo $pipestatus"),
            Shell::Bash => ("echo $?", "echo ${PIPESTATUS[@]}"),
            Shell::Fish => ("echo $status", "echo $pipestatus"),
        };
        let term = open(home, shell);
        term.type_line("asp myorg-dev-admin");
        for (command, question, wanted) in [
            ("false", status, "1"),
            ("true | false | true", pipe, "0 1 0"),
            ("asp no-such-profile", status, "3"),
        ] {
            // A refresh, and a prompt at which nothing has changed, keep it alike.
            for refresh in [false, true] {
                if refresh {
                    log_in(home);
                }
                term.type_line(command);
                term.type_line(question);
                assert_eq!(answer(&term), wanted, "{shell}: {command}");
            }
        }
    });
}

#[test]
fn a_switch_to_a_profile_that_is_not_there_changes_nothing() {
    logged_in(|home, shell| {
        let term = open(home, shell);
        term.type_line("asp myorg-dev-admin");
        term.type_line("clear");
        term.type_line("asp myorg-dev-admn");
        assert_eq!(term.last_line(), format!("{DEV} >"), "{shell}");
        // The nearest name is offered.
        assert!(
            term.screen()
                .lines()
                .any(|line| line.contains("myorg-dev-admin") && !line.contains(DEV)),
            "{shell}"
        );
    });
}

#[test]
fn the_badge_follows_the_login_at_the_next_prompt() {
    logged_in(|home, shell| {
        let term = open(home, shell);
        term.type_line("asp myorg-dev-admin");
        assert_eq!(term.last_line(), format!("{DEV} >"), "{shell}");

        home.token("my-sso", &expires_in(-60));
        term.type_line("");
        assert_eq!(term.last_line(), "aws:myorg-dev-admin expired >", "{shell}");

        home.no_token("my-sso");
        term.type_line("");
        assert_eq!(
            term.last_line(),
            "aws:myorg-dev-admin no login >",
            "{shell}"
        );

        log_in(home);
        term.type_line("");
        assert_eq!(term.last_line(), format!("{DEV} >"), "{shell}");

        home.token("my-sso", &expires_in(12 * 60 + 50));
        term.type_line("");
        assert_eq!(term.last_line(), "aws:myorg-dev-admin 12m >", "{shell}");

        home.renewing_token(
            "my-sso",
            &expires_in(47 * 60 + 50),
            &expires_in(80 * 86_400),
        );
        term.type_line("");
        assert_eq!(term.last_line(), format!("{DEV}↻ >"), "{shell}");
    });
}

#[test]
fn the_badge_follows_the_configuration_at_the_next_prompt() {
    logged_in(|home, shell| {
        let term = open(home, shell);
        term.type_line("asp myorg-test");
        home.config("[default]\nregion = eu-west-1\n");
        term.type_line("");
        assert_eq!(
            term.last_line(),
            "aws:myorg-test no such profile >",
            "{shell}"
        );
        home.config(CONFIG);
        term.type_line("");
        assert_eq!(term.last_line(), format!("{TEST} >"), "{shell}");
    });
}

#[test]
fn a_login_in_one_terminal_is_seen_in_the_other() {
    logged_in(|home, shell| {
        home.token("my-sso", &expires_in(-60));
        // Like the real one, it truncates the file and writes into it.
        home.file("fresh.json", token(&expires_in(47 * 60 + 50)).to_string());
        let token = token_file("my-sso");
        home.stub(
            "aws",
            &format!(
                "test \"$1 $2\" = 'sso login' && cat \"$HOME/fresh.json\" > \"$HOME/{token}\""
            ),
        );

        let (first, second) = (open(home, shell), open(home, shell));
        for term in [&first, &second] {
            term.type_line("asp myorg-dev-admin");
            assert_eq!(term.last_line(), "aws:myorg-dev-admin expired >", "{shell}");
        }
        second.type_line("aws sso login");
        assert_eq!(second.last_line(), format!("{DEV} >"), "{shell}");
        first.type_line("");
        assert_eq!(first.last_line(), format!("{DEV} >"), "{shell}");
    });
}

#[test]
fn terminals_do_not_share_their_profile() {
    logged_in(|home, shell| {
        let (first, second) = (open(home, shell), open(home, shell));
        first.type_line("asp myorg-dev-admin");
        second.type_line("asp myorg-test");
        second.type_line("asp myorg-dev-admin");
        first.type_line("asp myorg-test");
        first.type_line("asp");
        second.type_line("asp -");
        assert_eq!(
            (first.last_line(), second.last_line()),
            (">".to_owned(), format!("{TEST} >")),
            "{shell}"
        );
    });
}

/// The colour that stands before the badge on the screen: the numbers of its SGR sequences.
fn colour_of(term: &Term<'_>, badge: &str) -> String {
    let screen = term.coloured_screen();
    let before = screen
        .lines()
        .rev()
        .find_map(|line| line.split_once(badge))
        .unwrap_or_else(|| panic!("no {badge:?} in:\n{screen}"))
        .0;
    let numbers: Vec<&str> = before
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    numbers.join(";")
}

#[test]
fn each_class_has_its_colour() {
    logged_in(|home, shell| {
        home.config(&format!(
            "{CONFIG}[profile myorg-prod]\nsso_session = my-sso\n\
             sso_account_id = 123456789012\nsso_role_name = Admin\n"
        ));
        let term = open(home, shell);
        let dumb = home
            .term(shell)
            .env("NO_COLOR", "1")
            .open(&shell.rc("--prompt left"));
        #[rustfmt::skip]
        let cases = [
            ("myorg-test", token(&expires_in(47 * 60 + 50)).to_string(), TEST, "32"),
            ("myorg-test", token(&expires_in(12 * 60 + 50)).to_string(), "aws:myorg-test 12m", "30;43"),
            ("myorg-test", token(&expires_in(-60)).to_string(), "aws:myorg-test expired", "31"),
            ("myorg-test", "{".to_owned(), "aws:myorg-test ?", "35"),
            ("myorg-prod", token(&expires_in(47 * 60 + 50)).to_string(), "!aws:myorg-prod 47m", "97;41"),
        ];
        for (profile, token, badge, colour) in cases {
            home.token_json("my-sso", token);
            for term in [&term, &dumb] {
                term.type_line(&format!("asp {profile}"));
                term.type_line("clear");
                assert_eq!(term.last_line(), format!("{badge} >"), "{shell}");
            }
            assert_eq!(
                (
                    colour_of(&term, badge).as_str(),
                    colour_of(&dumb, badge).as_str()
                ),
                (colour, ""),
                "{shell}"
            );
        }
    });
}

#[test]
fn keys_that_are_global_and_universal_in_fish_go_too() {
    logged_in(|home, shell| {
        if shell != Shell::Fish {
            return;
        }
        let term = open(home, shell);
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            term.type_line(&format!("set -Ux {name} universal; set -gx {name} global"));
        }
        term.type_line("asp myorg-dev-admin");
        assert_eq!(term.last_line(), format!("{DEV} >"));
        term.type_line("env | string match -r 'AWS_.*KEY.*' | count");
        assert_eq!(answer(&term), "0");
    });
}

/// From an empty home: set up, first profile, login, work, the login ends, and home again.
#[test]
fn a_working_day_from_an_empty_home() {
    if !installed(&["tmux"]) {
        return;
    }
    for shell in Shell::installed() {
        let home = Home::new();
        let file = token_file("my-sso");
        home.file("fresh", token(&expires_in(5 * 3600 + 60)).to_string());
        home.stub(
            "aws",
            &format!(
                "case \"$1 $2\" in\n\
                 --version*) echo aws-cli/2.36.7;;\n\
                 'sso login') mkdir -p \"$HOME/.aws/sso/cache\"; cp \"$HOME/fresh\" \"$HOME/{file}\";;\n\
                 'sso logout') rm \"$HOME/{file}\";;\n\
                 esac"
            ),
        );
        std::os::unix::fs::symlink(binary(), home.path().join("bin/awsbadge")).unwrap();
        let term = home
            .term(shell)
            .env("BROWSER", "firefox")
            .size(80, 24)
            .open(&shell.rc("--prompt left"));
        // Nothing is there yet, and that is said.
        term.type_line("asp dev");
        term.wait_for("Available profiles: no profiles found");
        term.type_line("clear; awsbadge doctor");
        term.wait_for("there is no AWS configuration");
        // The first profiles.
        home.config(&format!(
            "{CONFIG}\n[profile myorg-prod]\nsso_session = my-sso\nsso_account_id = 333333333333\nsso_role_name = Admin\n"
        ));
        home.settings("[switch]\nconfirm = prod\n");
        term.type_line("clear; asp myorg-dev-admin");
        term.wait_for("awsbadge: there is no login; `asp myorg-dev-admin login` logs in");
        term.wait_for("aws:myorg-dev-admin no login");
        term.type_line("clear; asp myorg-dev-admin login");
        term.wait_for("aws:myorg-dev-admin 5h");
        // Production asks; another account has its own region.
        term.type_text("clear; asp myorg-prod");
        term.keys(&["Enter"]);
        term.wait_for("Switch to production, 'myorg-prod'? [y/N]");
        term.type_text("y");
        term.keys(&["Enter"]);
        term.wait_for("!aws:myorg-prod 5h");
        term.type_line("clear; asp myorg-test; agr");
        term.wait_for("us-east-1");
        term.type_text("clear; asp -");
        term.keys(&["Enter"]);
        term.wait_for("Switch to production, 'myorg-prod'? [y/N]");
        term.type_text("y");
        term.keys(&["Enter"]);
        term.wait_for("!aws:myorg-prod 5h");
        term.type_line("clear; awsbadge exec myorg-test sh -c 'echo as $AWS_PROFILE'");
        term.wait_for("as myorg-test");
        term.type_line("clear; awsbadge console myorg-dev-admin --print");
        term.wait_for("#/console?account_id=123456789012");
        term.type_line("clear; awsbadge list");
        let screen = term.wait_for("myorg-test");
        let row = screen
            .lines()
            .find(|line| line.contains("myorg-test"))
            .unwrap();
        assert!(
            row.trim_end().ends_with("5h1m") || row.trim_end().ends_with("5h0m"),
            "{screen}"
        );
        // The login ends: the next prompt says so, and what to do.
        home.token("my-sso", &expires_in(-60));
        term.type_line("clear; asp myorg-test");
        term.wait_for("aws:myorg-test expired");
        term.type_line("clear; awsbadge status");
        term.wait_for("log in with: awsbadge login");
        term.type_line("clear; asp myorg-test login");
        term.wait_for("aws:myorg-test 5h");
        // Somebody logs out in another terminal.
        assert_eq!(home.run(["logout", "myorg-test"]).output().code, 0);
        term.type_line("clear");
        term.wait_for("aws:myorg-test no login");
        term.type_line("clear; asp; echo end of the day");
        term.wait_until("a prompt without a badge", |s| {
            s.contains("end of the day") && s.trim_end().ends_with("\n>")
        });
    }
}
