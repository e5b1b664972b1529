//! The hooks ask the program again when something changed, and only then.

use crate::hook_stub::{Answer, Hook, age, export, remembers, shells, unset};
use crate::support::{Shell, Term};
use awsbadge::aws::env_vars::{self, Watch};
use std::fs;
use std::os::unix::fs::symlink;

/// The variables that are compared by value, but for those that a shell cannot do without.
fn values() -> impl Iterator<Item = &'static str> {
    let shells_own = [
        "HOME",
        "XDG_CONFIG_HOME",
        "TERM",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
    ];
    env_vars::watched(Watch::Value)
        .map(|var| var.name)
        .filter(move |name| !shells_own.contains(name))
}

/// The variables of which only the presence matters: a secret is copied nowhere.
fn secrets() -> impl Iterator<Item = &'static str> {
    env_vars::watched(Watch::Presence).map(|var| var.name)
}

/// A line is typed; the hook has to ask, or not to.
#[track_caller]
fn asks(hook: &Hook, term: &Term<'_>, line: &str, wanted: bool) {
    let before = hook.asked();
    term.type_line(line);
    if wanted || remembers(hook.shell) {
        assert_eq!(
            hook.asked() - before,
            usize::from(wanted),
            "{}: {line}",
            hook.shell
        );
    }
}

#[test]
fn a_prompt_with_nothing_changed_asks_nothing() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 5h").lasts(600));
        let term = hook.open(&[]);
        for line in ["", "true", "false", "cd /", "true | false", "AWS=1", ""] {
            asks(&hook, &term, line, false);
        }
    }
}

#[test]
fn a_variable_is_seen_set_changed_emptied_and_unset_once() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let term = hook.open(&[]);
        // All of the table have their turn in `hook_truth`.
        for name in ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWSBADGE_ACP", "HOME"] {
            for line in [
                export(shell, name, "a"),
                // Compared by letters, whatever the user set.
                export(shell, name, "A"),
                export(shell, name, ""),
            ] {
                asks(&hook, &term, &line, true);
                asks(&hook, &term, "", false);
            }
            asks(&hook, &term, &unset(shell, name), true);
            asks(&hook, &term, "", false);
        }
        for name in secrets() {
            asks(&hook, &term, &export(shell, name, "a"), true);
            asks(&hook, &term, &export(shell, name, "b"), false);
            asks(&hook, &term, &export(shell, name, ""), true);
            asks(&hook, &term, &unset(shell, name), true);
        }
        for name in ["AWS_EB_PROFILE", "PATH", "PROFILE"] {
            asks(&hook, &term, &export(shell, name, "a"), false);
        }
    }
}

#[test]
fn a_profile_that_is_not_exported_is_told() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let term = hook.open(&[]);
        let (hide, show) = match shell {
            Shell::Zsh => ("typeset +x AWS_PROFILE", "export AWS_PROFILE"),
            // It has no `@a`: this is found out when something else changes, or after a minute.
            Shell::Bash if shell.version() < 404 => (
                "export -n AWS_PROFILE; export AWS_REGION=eu-west-1",
                "export AWS_PROFILE; export AWS_REGION=eu-west-2",
            ),
            Shell::Bash => ("export -n AWS_PROFILE", "export AWS_PROFILE"),
            Shell::Fish => (
                "set -gu AWS_PROFILE $AWS_PROFILE",
                "set -gx AWS_PROFILE $AWS_PROFILE",
            ),
        };
        let fixed = ["__refresh", "--shell", &shell.to_string(), "--proto", "1"].map(str::to_owned);
        asks(&hook, &term, hide, true);
        let expected = [fixed.as_slice(), &["--unexported".into(), "dev".into()]].concat();
        let last = || {
            let mut call = hook.home.calls("awsbadge").pop().unwrap();
            for option in ["--stamps", "--directory"] {
                if let Some(at) = call.iter().position(|word| word == option) {
                    call.drain(at..at + 2);
                }
            }
            call
        };
        assert_eq!(last(), expected, "{shell}");
        asks(&hook, &term, "", false);
        asks(&hook, &term, show, true);
        assert_eq!(last(), fixed, "{shell}");
    }
}

#[test]
fn a_bash_without_attributes_finds_the_end_of_an_export_out_within_a_minute() {
    if !shells().contains(&Shell::Bash) {
        return;
    }
    let hook = Hook::new(Shell::Bash, &Answer::new("aws:dev").lasts(60));
    let term = hook.open(&[]);
    // As if bash had no `@a`.
    term.type_line("_awsbadge_version=403; export AWS_REGION=eu-west-1");
    asks(&hook, &term, "export -n AWS_PROFILE", false);
    // A minute later, as far as the hook knows.
    asks(&hook, &term, "_awsbadge_until=$_awsbadge_at", true);
    let call = hook.home.calls("awsbadge").pop().unwrap();
    let unexported = call.windows(2).any(|two| two == ["--unexported", "dev"]);
    assert!(unexported, "{call:?}");
    asks(&hook, &term, "", false);
    asks(&hook, &term, "export AWS_PROFILE", false);
}

#[test]
fn a_fish_that_compares_no_files_asks_at_every_prompt() {
    if !shells().contains(&Shell::Fish) {
        return;
    }
    let hook = Hook::new(Shell::Fish, &Answer::new("aws:dev"));
    hook.answer(&old_files(&hook));
    let term = hook.open(&[]);
    // As it is in fish before 3.6.
    let without = "set -g _awsbadge_newer ''; functions -e _awsbadge_age";
    term.type_line(&format!(
        "{without}; {}",
        export(Shell::Fish, "AWS_REGION", "a")
    ));
    asks(&hook, &term, "", true);
    asks(&hook, &term, "", true);
    assert!(!term.screen().contains("Unknown"), "{}", term.screen());
}

#[test]
fn a_variable_that_the_answer_names_is_compared_too() {
    for shell in shells().into_iter().filter(|shell| remembers(*shell)) {
        let hook = Hook::new(shell, &Answer::new("aws:dev").env("WORK").env("TZ"));
        let term = hook.open(&[]);
        for name in ["WORK", "TZ"] {
            for line in [
                export(shell, name, "UTC"),
                export(shell, name, "Asia/Tokyo"),
                unset(shell, name),
            ] {
                asks(&hook, &term, &line, true);
                asks(&hook, &term, "", false);
            }
        }
        hook.answer(&Answer::new("aws:dev"));
        asks(&hook, &term, &export(shell, "WORK", "a"), true);
        // It does not depend on it any more.
        asks(&hook, &term, &export(shell, "WORK", "b"), false);
    }
}

#[test]
fn no_two_environments_look_the_same() {
    for shell in shells().into_iter().filter(|shell| remembers(*shell)) {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let term = hook.open(&[]);
        // Written one after the other with a separator, these would be alike.
        for separator in [",", ":", "|", " ", ",1:", "\n"] {
            let pair = |profile: &str, region: &str| {
                format!(
                    "{}; {}",
                    export(shell, "AWS_PROFILE", profile),
                    export(shell, "AWS_DEFAULT_PROFILE", region)
                )
            };
            term.type_line(&pair(&format!("a{separator}"), "b"));
            asks(&hook, &term, &pair("a", &format!("{separator}b")), true);
            asks(&hook, &term, "", false);
        }
        asks(
            &hook,
            &term,
            &format!(
                "{}; {}",
                export(shell, "AWS_REGION", ""),
                unset(shell, "AWS_DEFAULT_PROFILE")
            ),
            true,
        );
        asks(
            &hook,
            &term,
            &format!(
                "{}; {}",
                unset(shell, "AWS_REGION"),
                export(shell, "AWS_DEFAULT_PROFILE", "")
            ),
            true,
        );
    }
}

/// A change of what is watched, and the shells that can see it.
type Change = (&'static str, fn(&Hook));

const CHANGES: [Change; 10] = [
    ("written in place", |hook| {
        fs::write(hook.path("w/file"), "other").unwrap()
    }),
    ("written in place, as long as before", |hook| {
        fs::write(hook.path("w/file"), "FILE").unwrap()
    }),
    ("replaced", |hook| {
        fs::write(hook.path("new"), "other").unwrap();
        fs::rename(hook.path("new"), hook.path("w/file")).unwrap();
    }),
    ("replaced by an older one", |hook| {
        fs::write(hook.path("new"), "FILE").unwrap();
        age(&hook.path("new"), 100);
        fs::rename(hook.path("new"), hook.path("w/file")).unwrap();
    }),
    ("removed", |hook| {
        fs::remove_file(hook.path("w/file")).unwrap()
    }),
    ("turned to an older one by its link", |hook| {
        fs::remove_file(hook.path("w/link")).unwrap();
        symlink("../older", hook.path("w/link")).unwrap();
    }),
    ("appeared", |hook| {
        fs::write(hook.path("absent"), "").unwrap()
    }),
    ("appeared in a folder that is watched", |hook| {
        fs::write(hook.path("w/absent"), "").unwrap()
    }),
    ("its folder removed", |hook| {
        fs::remove_dir_all(hook.path("w")).unwrap()
    }),
    ("a folder below removed", |hook| {
        fs::remove_dir_all(hook.path("w/deep/folder")).unwrap()
    }),
];

/// What is watched lies in the directory `w`; nothing there changed of late.
fn old_files(hook: &Hook) -> Answer {
    for (name, hours) in [
        ("w/file", 1),
        ("w/one", 2),
        ("w/deep/folder/file", 2),
        ("older", 50),
    ] {
        hook.home.file(name, "file");
        age(&hook.path(name), hours);
    }
    let _ = fs::remove_file(hook.path("w/absent"));
    let _ = fs::remove_file(hook.path("w/link"));
    symlink("one", hook.path("w/link")).unwrap();
    let _ = fs::remove_file(hook.path("absent"));
    for folder in ["w/deep/folder", "w/deep", "w"] {
        age(&hook.path(folder), 1);
    }
    Answer::new("aws:dev")
        .watch(hook.path("w/file"))
        .watch(hook.path("w/link"))
        .watch(hook.path("w"))
        .watch(hook.path("w/deep/folder"))
        .absent(hook.path("absent"))
        .absent(hook.path("w/absent"))
}

#[test]
fn a_change_of_a_watched_file_is_seen_at_the_next_prompt() {
    for shell in shells() {
        for (what, change) in CHANGES {
            let hook = Hook::new(shell, &Answer::new("aws:dev"));
            hook.answer(&old_files(&hook));
            let term = hook.open(&[]);
            term.type_line("");
            term.type_line("");
            let before = hook.asked();
            if remembers(shell) {
                assert_eq!(before, 1, "{shell}: nothing changed");
            }
            hook.answer(&Answer::new("aws:dev changed"));
            change(&hook);
            term.type_line("");
            assert_eq!(hook.asked(), before + 1, "{shell}: {what}");
            asks(&hook, &term, "", false);
        }
    }
}

#[test]
fn a_file_that_changed_just_now_is_looked_at_again() {
    // It may have changed once more after it was read, within one tick of its file system's clock.
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let answer = old_files(&hook);
        hook.answer(&answer);
        let term = hook.open(&[]);
        // The program writes the file itself, after it was asked: what the hook knows is not what it was told.
        hook.home.stub(
            "awsbadge",
            "here=${0%/bin/*}; . \"$here/refresh\"; echo >> \"$here/w/file\"",
        );
        term.type_line(&export(shell, "AWS_REGION", "eu-west-1"));
        let before = hook.asked();
        term.type_line("");
        assert_eq!(hook.asked(), before + 1, "{shell}");
    }
}

#[test]
fn the_time_that_the_program_named_is_kept() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 1m").lasts(-5));
        let term = hook.open(&[]);
        asks(&hook, &term, "", true);
        asks(&hook, &term, "", true);
        hook.answer(&Answer::new("aws:dev 9h").lasts(540));
        asks(&hook, &term, "", true);
        for _ in 0..5 {
            asks(&hook, &term, "", false);
        }
    }
}

#[test]
fn every_variable_may_be_set_at_once() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let mut term = hook.home.term(shell);
        for name in values().chain(secrets()) {
            term = term.env(name, "x y");
        }
        let term = term.open(&hook.rc(&[("prompt", "left")]));
        asks(&hook, &term, "", false);
        for name in values() {
            asks(&hook, &term, &export(shell, name, ""), true);
            asks(&hook, &term, "", false);
        }
        assert_eq!(term.last_line(), "aws:dev >", "{shell}: {}", term.screen());
        assert!(
            !term.screen().contains("rror"),
            "{shell}: {}",
            term.screen()
        );
    }
}

#[test]
fn a_clock_that_went_back_is_seen() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 9h").lasts(540));
        let term = hook.open(&[]);
        // As if the last refresh had been tomorrow.
        let back = match shell {
            Shell::Zsh | Shell::Bash => "_awsbadge_until=99999999999 _awsbadge_at=99999999998",
            Shell::Fish => "set -g _awsbadge_at 99999999998; set -g _awsbadge_until 99999999999",
        };
        asks(&hook, &term, back, true);
        asks(&hook, &term, "", false);
    }
}

#[test]
fn without_files_to_look_at_time_decides() {
    for shell in shells().into_iter().filter(|shell| remembers(*shell)) {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        hook.answer(&old_files(&hook));
        let term = hook.open(&[]);
        asks(&hook, &term, &export(shell, "AWSBADGE_WATCH", "0"), true);
        let _ = fs::remove_dir_all(hook.path("w"));
        for _ in 0..3 {
            asks(&hook, &term, "", false);
        }
        asks(&hook, &term, &unset(shell, "AWSBADGE_WATCH"), true);
    }
}

#[test]
fn a_program_that_gives_no_answer_is_left_alone_for_a_while() {
    for shell in shells() {
        let whole = Answer::new("aws:dev 47m").lasts(540).block(shell);
        let cut = whole
            .rsplit_once('\n')
            .unwrap()
            .0
            .rsplit_once('\n')
            .unwrap()
            .0;
        let undone = whole.replace("_awsbadge_x_done", "_awsbadge_x_state");
        let changed = whole.replace("_awsbadge_x_until", "_awsbadge_x_state");
        let hostile = whole.replace("'1'", "'a[$(touch pwned)]'");
        let noisy = format!("Warning: something\n{whole}");
        for (what, output) in [
            ("silent", ""),
            ("cut off", cut),
            ("without its end", undone.as_str()),
            ("without a time", changed.as_str()),
            ("a time that is none", hostile.as_str()),
            ("with something before it", noisy.as_str()),
            ("not a block", "touch pwned\n"),
        ] {
            let hook = Hook::new(shell, &Answer::new(""));
            hook.home.file("answer", output);
            let term = hook.open(&[]);
            let said = "echo \"$AWSBADGE,$AWSBADGE_CLASS\"";
            term.type_line("clear");
            for _ in 0..3 {
                asks(&hook, &term, said, false);
            }
            let screen = term.screen();
            let wanted = format!("> {said}\naws:dev ?,unknown\n").repeat(3);
            assert_eq!(screen.trim_end(), format!("{wanted}>"), "{shell}: {what}");
            assert!(!hook.path("pwned").exists(), "{shell}: {what}");
            // Another profile is worth another try.
            hook.answer(&Answer::new("aws:other"));
            asks(&hook, &term, &export(shell, "AWS_PROFILE", "other"), true);
            term.type_line(said);
            assert!(
                term.screen().contains("\naws:other,ok\n"),
                "{shell}: {what}"
            );
        }
    }
}

#[test]
fn without_the_program_the_badge_names_the_profile_and_nothing_is_printed() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
        hook.home.remove("bin/awsbadge");
        let term = hook
            .home
            .term(shell)
            .env("AWS_PROFILE", "d\u{e9}v\t%n`id`")
            .open(&hook.rc(&[]));
        term.type_line("echo \"$AWSBADGE,$AWSBADGE_CLASS\"");
        term.type_line(&unset(shell, "AWS_PROFILE"));
        term.type_line("echo \"$AWSBADGE,$AWSBADGE_CLASS\"");
        let screen = term.screen();
        let answers: Vec<&str> = screen
            .lines()
            .filter(|l| !l.starts_with('>') && !l.is_empty())
            .collect();
        let question_marks = answers[0].replace('?', "");
        assert_eq!(
            (answers.len(), question_marks.as_str(), answers[1]),
            (2, "aws:dvnid ,unknown", ","),
            "{shell}: {screen}"
        );
    }
}
