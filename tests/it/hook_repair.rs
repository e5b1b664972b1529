//! What goes wrong around the hook, and how it recovers: variables changed by hand or read-only, a missing binary, options
//! that change how the shell reads a line.

use crate::hook_stub::{Answer, Hook, shells};
use crate::support::{Shell, until};

fn set(shell: Shell, name: &str, value: &str) -> String {
    match shell {
        Shell::Zsh | Shell::Bash => format!("{name}={}", shell.quote(value)),
        Shell::Fish => format!("set -g {name} {}", shell.quote(value)),
    }
}

/// The text without its blanks and line ends.
fn flat(screen: &str) -> String {
    screen.split_whitespace().collect()
}

#[test]
fn a_badge_overwritten_by_hand_is_back_at_the_next_prompt() {
    for shell in shells() {
        for settings in [&[][..], &[("export", "1"), ("prompt", "left")][..]] {
            let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
            let term = hook.open(settings);
            let asked = hook.asked();
            for line in [
                set(shell, "AWSBADGE", "mine"),
                match shell {
                    Shell::Zsh | Shell::Bash => "unset AWSBADGE".to_owned(),
                    Shell::Fish => "set -e AWSBADGE".to_owned(),
                },
            ] {
                term.type_line(&line);
                term.type_line("clear");
                term.type_line("echo \"<$AWSBADGE,$AWSBADGE_CLASS>\"");
                let screen = term.screen();
                assert!(
                    screen.contains("<aws:dev 47m,ok>"),
                    "{shell}: {line}: {screen}"
                );
            }
            if crate::hook_stub::remembers(shell) {
                assert_eq!(hook.asked(), asked, "{shell}: restored without asking");
            }
        }
        // Without a badge, too.
        let hook = Hook::new(shell, &Answer::new(""));
        let term = hook.open(&[]);
        term.type_line(&set(shell, "AWSBADGE", "mine"));
        term.type_line("echo \"<$AWSBADGE>\"");
        assert!(term.screen().contains("\n<>"), "{shell}: {}", term.screen());
    }
}

#[test]
fn a_read_only_badge_stays_and_nothing_is_said() {
    for shell in shells().into_iter().filter(|s| *s != Shell::Fish) {
        for when in ["before", "after"] {
            for settings in [
                &[("prompt", "left")][..],
                &[("prompt", "left"), ("export", "1")][..],
            ] {
                let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
                let read_only = "readonly AWSBADGE=mine\n";
                let rc = hook.rc(settings);
                let rc = match when {
                    "before" => format!("{read_only}{rc}after=1\n"),
                    _ => format!("{rc}{read_only}after=1\n"),
                };
                let term = hook.home.term(shell).env("AWS_PROFILE", "dev").open(&rc);
                hook.answer(&Answer::new("aws:dev 46m"));
                term.type_line("export AWS_REGION=eu-west-1");
                assert_eq!(
                    term.last_line(),
                    "aws:dev 46m >",
                    "{shell}, {when}: {}",
                    term.screen()
                );
                term.type_line("echo \"<$AWSBADGE,$after>\"");
                let screen = term.screen();
                assert!(screen.contains("<mine,1>"), "{shell}, {when}: {screen}");
                assert!(
                    !screen.contains("read") || screen.matches("read").count() == 0,
                    "{shell}, {when}: {screen}"
                );
                let asked = hook.asked();
                term.type_line("");
                assert_eq!(hook.asked(), asked, "{shell}, {when}");
            }
        }
    }
}

#[test]
fn a_binary_that_vanishes_is_named_once_and_comes_back() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
        let program = hook.path("bin/awsbadge");
        let setting = [("bin", program.to_str().unwrap()), ("prompt", "left")];
        let term = hook.open(&setting);
        std::fs::rename(&program, hook.path("kept")).unwrap();
        let other = |value: &str| crate::hook_stub::export(shell, "AWS_PROFILE", value);
        for name in ["one", "two", "three"] {
            term.type_line(&other(name));
        }
        let screen = term.screen();
        let line = "ismissing;untilitisback,";
        // The line is wrapped somewhere.
        assert_eq!(flat(&screen).matches(line).count(), 1, "{shell}: {screen}");
        assert_eq!(term.last_line(), "aws:three ? >", "{shell}");
        // A switch says it, too, in one line.
        term.type_line("clear");
        term.type_line("asp four");
        let screen = term.screen();
        assert!(
            screen.starts_with("asp: ") || screen.contains("\nasp: "),
            "{shell}: {screen}"
        );
        assert!(
            flat(&screen).contains("awsbadgeismissing"),
            "{shell}: {screen}"
        );
        assert!(
            !screen.to_lowercase().contains("no such file"),
            "{shell}: {screen}"
        );
        assert!(!screen.contains("nknown command"), "{shell}: {screen}");
        std::fs::rename(hook.path("kept"), &program).unwrap();
        term.type_line(&other("dev"));
        assert_eq!(term.last_line(), "aws:dev 47m >", "{shell}");
        // The next time it is said again.
        std::fs::rename(&program, hook.path("kept")).unwrap();
        term.type_line("clear");
        term.type_line(&other("five"));
        let screen = term.screen();
        assert!(flat(&screen).contains(line), "{shell}: {screen}");
    }
}

#[test]
fn with_keyword_arguments_bash_has_its_badge_and_switches() {
    for shell in shells().into_iter().filter(|s| *s == Shell::Bash) {
        for (first, then) in [("set -k\n", ""), ("", "set -k")] {
            let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
            hook.on(
                "use",
                "printf '{ # awsbadge 1\\n\\\\builtin export AWS_DEFAULT_PROFILE='\\''other'\\''\\n\\\\builtin export AWS_PROFILE='\\''other'\\''\\n}\\n'",
            );
            hook.on("__names", "printf 'prod admin\\t\\n'");
            let rc = format!("{first}{}", hook.rc(&[("prompt", "left")]));
            let term = hook.home.term(shell).env("AWS_PROFILE", "dev").open(&rc);
            term.type_line(then);
            hook.answer(&Answer::new("aws:other 46m"));
            term.type_line("asp other");
            assert_eq!(term.last_line(), "aws:other 46m >", "{}", term.screen());
            term.type_line("echo \"<$AWS_PROFILE,$-,${result-},${old-},${now-}>\"");
            let screen = term.screen();
            let line = screen.lines().find(|l| l.starts_with("<other,")).unwrap();
            assert!(line.contains('k') && line.ends_with(",,,>"), "{screen}");
            term.type_text("asp pro");
            term.keys(&["Tab"]);
            term.wait_for("asp prod\\ admin");
        }
    }
}

#[test]
fn without_promptpercent_nothing_is_shown_literally() {
    for shell in shells().into_iter().filter(|s| *s == Shell::Zsh) {
        for side in ["left", "right"] {
            let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
            let term = hook.open(&[("prompt", side)]);
            assert!(term.last_line().contains("aws:dev 47m"), "{side}");
            term.type_line("clear; unsetopt promptpercent");
            for _ in 0..2 {
                term.type_text("x");
                let screen = term.wait_for("x");
                assert!(!screen.contains("97"), "{side}: {screen}");
                term.keys(&["C-u"]);
                term.keys(&["Enter"]);
            }
            term.type_text("setopt promptpercent");
            term.keys(&["Enter"]);
            term.wait_until(side, |screen| screen.contains("aws:dev 47m"));
        }
    }
}

#[test]
fn a_restricted_zsh_has_its_badge() {
    for shell in shells().into_iter().filter(|s| *s == Shell::Zsh) {
        let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
        hook.on(
            "use",
            "printf '{ # awsbadge 1\\n\\\\builtin export AWS_DEFAULT_PROFILE='\\''other'\\''\\n\\\\builtin export AWS_PROFILE='\\''other'\\''\\n}\\n'",
        );
        let program = hook.path("bin/awsbadge");
        let rc = hook.rc(&[("bin", program.to_str().unwrap()), ("prompt", "left")]);
        let term = hook
            .home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .open(&format!("{rc}setopt restricted\n"));
        assert_eq!(term.last_line(), "aws:dev 47m >", "{}", term.screen());
        hook.answer(&Answer::new("aws:other 46m"));
        term.type_line("asp other");
        assert_eq!(term.last_line(), "aws:other 46m >", "{}", term.screen());
        term.type_line("cd /");
        let screen = term.screen();
        assert_eq!(
            screen.matches("restricted").count(),
            1,
            "only our own cd: {screen}"
        );
    }
}

#[test]
fn a_text_that_ends_with_a_semicolon_reaches_tmux() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("a;b;"));
        let term = hook.open(&[("export", "1")]);
        term.type_line("tmux show -pv @awsbadge; tmux show -pv @awsbadge_class");
        let screen = term.screen();
        assert!(screen.contains("\na;b;\nok\n"), "{shell}: {screen}");
    }
}

#[test]
fn the_stamps_of_a_fish_go_with_it() {
    for shell in shells().into_iter().filter(|s| *s == Shell::Fish) {
        if !crate::hook_stub::remembers(shell) {
            continue;
        }
        let home = crate::support::fixtures::logged_in();
        std::os::unix::fs::symlink(crate::support::binary(), home.path().join("bin/awsbadge"))
            .unwrap();
        let term = home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .open(&shell.rc("--prompt left"));
        let stamps = || {
            std::fs::read_dir(home.path().join(".local/state/awsbadge")).map_or(0, |found| {
                let names = found.map(|entry| entry.unwrap().file_name());
                names.filter(|n| n.to_string_lossy().contains('.')).count()
            })
        };
        assert!(stamps() > 0, "{}", term.screen());
        term.type_text("exit");
        term.keys(&["Enter"]);
        term.wait_for_end();
        assert!(until(|| (stamps() == 0).then_some(())).is_some());
    }
}
