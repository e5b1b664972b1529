//! What is said before a command, where it is asked for: `init --warn`.

use crate::hook_stub::{Answer, Hook, age, shells};
use crate::support::Shell;

const COMMANDS: (&str, &str) = ("warn", "aws terraform");

/// What makes the shell tell its hooks of the line that it is about to run, where it does not by itself.
fn teller(shell: Shell) -> &'static str {
    match shell {
        // In place of bash-preexec.
        Shell::Bash => {
            "bash_preexec_imported=defined\nrun() { for hook in \"${preexec_functions[@]}\"; do \"$hook\" \"$1\"; done; eval \"$1\"; }\n"
        }
        Shell::Zsh | Shell::Fish => "",
    }
}

fn typed(shell: Shell, line: &str) -> String {
    match shell {
        Shell::Bash => format!("run {}", shell.quote(line)),
        Shell::Zsh | Shell::Fish => line.to_owned(),
    }
}

#[test]
fn before_a_command_a_login_that_is_over_and_production_are_told() {
    for shell in shells() {
        let over = Answer::new("aws:dev expired")
            .class("expired")
            .state("expired");
        let prod = Answer::new("!aws:live 47m").class("prod").state("valid");
        let unknown = Answer::new("aws:dev no such profile")
            .class("expired")
            .state("no-such-profile");
        let over_told = "awsbadge: aws:dev expired; `asp dev login` logs in\n";
        for (answer, line, expected) in [
            (&over, "aws s3 ls", over_told),
            (&over, "env LC_ALL=C  /usr/bin/true; :", ""),
            (&over, "env LC_ALL=C aws s3 ls", over_told),
            (&over, "terraform plan", over_told),
            (&over, "awsx", ""),
            (&over, "echo aws", ""),
            (&over, "env AWS_PROFILE=other aws s3 ls", ""),
            (&over, "env AWS_PAGER= aws s3 ls", over_told),
            (&over, "env AWS_ACCESS_KEY_ID=x aws s3 ls", ""),
            (&over, "true && aws s3 ls", over_told),
            (&over, "true;aws s3 ls", over_told),
            (&over, "cd /; aws s3 ls | cat", over_told),
            (&over, "\\aws s3 ls", over_told),
            (&over, "'aws' s3 ls", over_told),
            (&over, "echo '; aws' \"& aws\"", ""),
            (&over, "echo \\; aws", ""),
            (&over, "env AWS_PROFILE=other true; aws", over_told),
            (&over, "env AWS_PROFILE=other aws; true", ""),
            (&prod, "aws s3 ls", "awsbadge: !aws:live 47m: production\n"),
            (&unknown, "aws", "awsbadge: aws:dev no such profile\n"),
            (&Answer::new("aws:dev 47m"), "aws s3 ls", ""),
            (&Answer::new(""), "aws s3 ls", ""),
        ] {
            let hook = Hook::new(shell, answer);
            for program in ["aws", "terraform", "awsx"] {
                hook.home.stub(program, "echo ran");
            }
            let term = hook
                .home
                .term(shell)
                .env("AWS_PROFILE", "dev")
                .open(&format!("{}{}", hook.rc(&[COMMANDS]), teller(shell)));
            term.type_line("clear");
            term.type_line(&typed(shell, line));
            let screen = term.screen();
            let said: String = screen
                .lines()
                .filter(|l| l.starts_with("awsbadge:"))
                .map(|l| format!("{l}\n"))
                .collect();
            assert_eq!(said, expected, "{shell}: {line}\n{screen}");
        }
    }
}

#[test]
fn what_is_told_before_a_command_is_of_that_moment() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
        hook.home.stub("aws", "echo ran").file("token", "1");
        age(&hook.path("token"), 1);
        hook.answer(&Answer::new("aws:dev 47m").watch(hook.path("token")));
        let term = hook
            .home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .open(&format!("{}{}", hook.rc(&[COMMANDS]), teller(shell)));
        term.type_line(&typed(shell, "aws s3 ls"));
        assert!(
            !term.screen().contains("awsbadge:"),
            "{shell}: {}",
            term.screen()
        );
        // The prompt stands there, and somebody logs out in another terminal.
        hook.answer(
            &Answer::new("aws:dev no login")
                .class("expired")
                .state("no-login"),
        );
        hook.home.remove("token");
        term.type_line(&typed(shell, "aws s3 ls"));
        term.wait_for("awsbadge: aws:dev no login; `asp dev login` logs in");
    }
}

#[test]
fn in_posix_shells_assignments_and_subshells_are_seen() {
    for shell in shells().into_iter().filter(|s| *s != Shell::Fish) {
        let over = Answer::new("aws:dev expired")
            .class("expired")
            .state("expired");
        let hook = Hook::new(shell, &over);
        hook.home.stub("aws", "echo ran");
        let term = hook
            .home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .open(&format!("{}{}", hook.rc(&[COMMANDS]), teller(shell)));
        for (line, told) in [
            ("AWS_PAGER= aws s3 ls", true),
            ("AWS_PROFILE=other aws s3 ls", false),
            ("(aws s3 ls)", true),
            ("x=$(aws s3 ls)", true),
            ("{ aws s3 ls; }", true),
            ("if true; then aws s3 ls; fi", true),
            ("! aws s3 ls", true),
        ] {
            term.type_line("clear");
            term.type_line(&typed(shell, line));
            let screen = term.screen();
            let said = screen.lines().any(|l| l.starts_with("awsbadge:"));
            assert_eq!(said, told, "{shell}: {line}\n{screen}");
        }
    }
}

#[test]
fn bash_without_preexec_says_once_that_it_can_not_warn() {
    for shell in shells().into_iter().filter(|s| *s == Shell::Bash) {
        let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
        let term = hook.open(&[COMMANDS]);
        term.type_line("export AWS_REGION=eu-west-1");
        let screen = term.screen();
        let flat = screen.replace('\n', "");
        let line = "init --warn needs bash-preexec or ble.sh";
        assert_eq!(flat.matches(line).count(), 1, "{screen}");
        let term =
            hook.home
                .term(shell)
                .open(&format!("{}{}", hook.rc(&[COMMANDS]), teller(shell)));
        assert!(!term.screen().contains("--warn"), "{}", term.screen());
    }
}

#[test]
fn without_the_option_nothing_is_told() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev expired").class("expired"));
        hook.home.stub("aws", "echo ran");
        let term = hook.open(&[]);
        term.type_line("aws s3 ls");
        assert!(
            !term.screen().contains("awsbadge:"),
            "{shell}: {}",
            term.screen()
        );
    }
}
