//! The functions: what they call, what they evaluate, and what they leave to the user.

use crate::hook_stub::{Answer, Hook, export, shells};
use crate::support::{Home, Shell, Term, expires_in, installed};

/// A block that exports variables, as lines of sh that print it.
fn block(shell: Shell, variables: &[(&str, &str)]) -> String {
    let (open, close, set) = match shell {
        Shell::Zsh | Shell::Bash => ("{", "}", "\\builtin export "),
        Shell::Fish => ("begin", "end", "builtin set -gx "),
    };
    let is = if shell == Shell::Fish { " " } else { "=" };
    let lines: String = variables
        .iter()
        .map(|(name, value)| format!("{set}{name}{is}{}\n", shell.quote(value)))
        .collect();
    format!("cat <<'E O F'\n{open} # awsbadge 1\n{lines}{close}\nE O F\n")
}

/// What `use` prints for a profile, with a region of its own.
fn switch(shell: Shell, profile: &str) -> String {
    block(
        shell,
        &[
            ("AWS_DEFAULT_PROFILE", profile),
            ("AWS_EB_PROFILE", profile),
            ("AWS_PROFILE", profile),
        ],
    )
}

/// What `clear` prints.
fn cleared(shell: Shell) -> String {
    let names = ["AWS_DEFAULT_PROFILE", "AWS_EB_PROFILE", "AWS_PROFILE"];
    let (open, close, unset) = match shell {
        Shell::Zsh | Shell::Bash => ("{", "}", "\\builtin unset "),
        Shell::Fish => ("begin", "end", "builtin set -e "),
    };
    let lines: String = names
        .iter()
        .map(|name| format!("{unset}{name}\n"))
        .collect();
    format!("cat <<'E O F'\n{open} # awsbadge 1\n{lines}{close}\nE O F\n")
}

/// A shell in which every command of the program works.
fn working(shell: Shell) -> Hook {
    let hook = Hook::new(shell, &Answer::new("aws"));
    hook.on("use", &switch(shell, "other"));
    hook.on("clear", &cleared(shell));
    hook.on("region", &block(shell, &[("AWS_REGION", "eu-west-1")]));
    hook.on(
        "export",
        &block(
            shell,
            &[
                ("AWS_ACCESS_KEY_ID", "AKIA"),
                ("AWS_SECRET_ACCESS_KEY", "SECRET-CANARY"),
            ],
        ),
    );
    hook.on("login", "echo 'opening the browser' >&2\n");
    hook.on("logout", "");
    hook.on("__pick", "echo 'picked one'\n");
    hook
}

/// What stands on the screen after a line was typed, without the line and the prompt after it.
fn said(term: &Term<'_>, line: &str) -> String {
    term.type_line("clear");
    term.type_line(line);
    let screen = term.screen();
    let mut lines: Vec<&str> = screen.trim_end().lines().collect();
    lines.pop();
    lines.drain(..1);
    lines.join("\n")
}

#[test]
fn each_line_calls_what_it_means() {
    for shell in shells() {
        let hook = working(shell);
        let term = hook.open(&[]);
        let profile =
            |call: &str| format!("use|--shell|{shell}|--previous|dev|--own-region||{call}");
        let plain = |call: &str| call.replace("SHELL", &shell.to_string());
        hook.called();
        // The first switch makes `dev` the previous profile.
        term.type_line("asp other");
        assert_eq!(
            hook.called(),
            [profile("--|other").replace("previous|dev", "previous|")],
            "{shell}"
        );
        for (line, calls) in [
            ("asp other", vec![profile("--|other")]),
            ("asp 'it'\\''s  $(a)'", vec![profile("--|it's  $(a)")]),
            ("asp -", vec![profile("--|-")]),
            (
                "asp other --region eu-west-1",
                vec![profile("--region|eu-west-1|--|other")],
            ),
            (
                "asp --region eu-west-1 other",
                vec![profile("--region|eu-west-1|--|other")],
            ),
            (
                "asp --region=eu-west-1 --keep-keys other",
                vec![profile("--region=eu-west-1|--keep-keys|--|other")],
            ),
            ("asp -- -x", vec![profile("--|-x")]),
            ("asp other word", vec![profile("--|other|word")]),
            ("asp other --region", vec![profile("--region|--|other")]),
            ("asp --help", vec![plain("__help|asp|--cmd|asp")]),
            ("asr -h", vec![plain("__help|asr|--cmd|asp")]),
            ("acp --help", vec![plain("__help|acp|--cmd|asp")]),
            ("agr --help", vec![plain("__help|agr|--cmd|asp")]),
            ("agp --help", vec![plain("__help|agp|--cmd|asp")]),
            (
                "asp other login",
                vec!["login|--|other".into(), profile("--|other")],
            ),
            (
                "asp other login my-sso",
                vec![
                    "login|--session=my-sso|--|other".into(),
                    profile("--|other"),
                ],
            ),
            (
                "asp other logout",
                vec![profile("--|other"), "logout|--|other".into()],
            ),
            (
                "asp --pick",
                vec!["__pick".into(), profile("--|picked one")],
            ),
            (
                "asp --pick oth",
                vec!["__pick|oth".into(), profile("--|picked one")],
            ),
            ("asr", vec![plain("region|--shell|SHELL")]),
            (
                "asr eu-west-1",
                vec![plain("region|--shell|SHELL|eu-west-1")],
            ),
            ("acp other", vec![plain("export|--format|SHELL|other")]),
            ("agp", vec![]),
            ("agr", vec![]),
        ] {
            // fish has quotes of its own.
            let typed = if shell == Shell::Fish {
                line.replace("'\\''", "\\'")
            } else {
                line.to_owned()
            };
            term.type_line(&typed);
            assert_eq!(hook.called(), calls, "{shell}: {line}");
        }
        for line in ["asp", "asp ''", "acp"] {
            term.type_line("asp other");
            hook.called();
            term.type_line(line);
            let keys = if line == "acp" {
                "clear|--shell|SHELL|--keys"
            } else {
                "clear|--shell|SHELL"
            };
            assert_eq!(hook.called(), [plain(keys)], "{shell}: {line}");
        }
    }
}

#[test]
fn options_are_options_where_a_question_mark_is_no_wildcard() {
    if !shells().contains(&Shell::Fish) {
        return;
    }
    let hook = working(Shell::Fish);
    // The default since fish 4.0.
    let term = hook
        .home
        .term(Shell::Fish)
        .env("fish_features", "qmark-noglob")
        .open(&hook.rc(&[]));
    hook.called();
    term.type_line("asp --keep-keys other; asp -");
    assert_eq!(
        hook.called(),
        [
            "use|--shell|fish|--previous||--own-region||--keep-keys|--|other",
            "use|--shell|fish|--previous||--own-region||--|-"
        ]
    );
}

#[test]
fn a_switch_is_silent_and_a_clearing_says_what_the_plugin_said() {
    for shell in shells() {
        let hook = working(shell);
        let term = hook.open(&[]);
        for (line, says) in [
            ("asp other", ""),
            ("agp", "other"),
            ("asr eu-west-1", ""),
            ("agr", "eu-west-1"),
            ("asr", "AWS region cleared."),
            ("asp", "AWS profile cleared."),
            ("agp", ""),
            ("acp", "AWS profile cleared."),
        ] {
            assert_eq!(said(&term, line), says, "{shell}: {line}");
        }
    }
}

#[test]
fn the_previous_profile_and_the_own_region_are_handed_over() {
    for shell in shells() {
        let hook = working(shell);
        let own = match shell {
            Shell::Zsh | Shell::Bash => "_awsbadge_region='eu-west-1'\n",
            Shell::Fish => "builtin set -g _awsbadge_region 'eu-west-1'\n",
        };
        hook.on(
            "use",
            &switch(shell, "other").replacen("# awsbadge 1\n", &format!("# awsbadge 1\n{own}"), 1),
        );
        let term = hook.open(&[]);
        term.type_line("asp other --region eu-west-1");
        hook.called();
        term.type_line("asp other");
        assert_eq!(
            hook.called(),
            [format!(
                "use|--shell|{shell}|--previous|dev|--own-region|eu-west-1|--|other"
            )],
            "{shell}"
        );
        // Cleared, it is the previous one.
        term.type_line("asp");
        hook.called();
        term.type_line("asp -");
        assert!(hook.called()[0].contains("--previous|other|"), "{shell}");
        // They stay in the shell.
        assert_eq!(said(&term, "env | grep -c _awsbadge"), "0", "{shell}");
    }
}

#[test]
fn a_failure_changes_nothing_and_keeps_its_exit_code() {
    for shell in shells() {
        let status = if shell == Shell::Fish {
            "$status"
        } else {
            "$?"
        };
        for code in [1, 3, 5, 130] {
            let hook = working(shell);
            let fails = format!("echo 'error: why' >&2; exit {code}\n");
            for command in ["use", "region", "export", "clear", "login", "__pick"] {
                hook.on(command, &fails);
            }
            let term = hook.open(&[]);
            for line in [
                "asp nosuch",
                "asr nosuch",
                "acp nosuch",
                "asp",
                "acp",
                "asp other login",
                "asp --pick",
            ] {
                assert_eq!(
                    said(&term, &format!("{line}; echo \"{status},$AWS_PROFILE\"")),
                    format!("error: why\n{code},dev"),
                    "{shell}: {line}"
                );
            }
            // A login that failed switches nothing; a logout comes after the switch.
            hook.on("use", &switch(shell, "other"));
            hook.on("logout", &fails);
            assert_eq!(
                said(
                    &term,
                    &format!("asp other login; echo \"{status},$AWS_PROFILE\"")
                ),
                format!("error: why\n{code},dev")
            );
            assert_eq!(
                said(
                    &term,
                    &format!("asp other logout; echo \"{status},$AWS_PROFILE\"")
                ),
                format!("error: why\n{code},other")
            );
        }
    }
}

#[test]
fn only_a_whole_block_is_evaluated() {
    for shell in shells() {
        let hook = working(shell);
        let term = hook.open(&[]);
        let whole = switch(shell, "other");
        let end = if shell == Shell::Fish { "end" } else { "}" };
        let cut = whole.replace(&format!("\n{end}\n"), "\n");
        for (what, lines, says) in [
            (
                "help",
                "echo 'touch pwned'; echo 'export AWS_PROFILE=other'\n",
                "touch pwned\nexport AWS_PROFILE=other",
            ),
            ("nothing", "", ""),
        ] {
            hook.on("use", lines);
            assert_eq!(said(&term, "asp --yes x"), says, "{shell}: {what}");
        }
        hook.on("use", &cut);
        term.type_line("asp other");
        hook.on("use", &format!("{whole}exit 1\n"));
        term.type_line("asp other");
        hook.on("use", &format!("echo 'Warning: noise'\n{whole}"));
        term.type_line("asp other");
        assert_eq!(said(&term, "agp"), "dev", "{shell}");
        assert!(!hook.path("pwned").exists(), "{shell}");
    }
}

#[test]
fn a_read_only_profile_is_an_error_and_nothing_else_changes() {
    for shell in shells().into_iter().filter(|s| *s != Shell::Fish) {
        let hook = working(shell);
        let term = hook.open(&[]);
        term.type_line("readonly AWS_PROFILE; export AWS_DEFAULT_PROFILE=mine");
        for line in ["asp other", "asp", "asp other login"] {
            let line =
                format!("{line}; echo \"$?,$AWS_PROFILE,$AWS_DEFAULT_PROFILE,$AWS_EB_PROFILE\"");
            let screen = said(&term, &line);
            assert!(
                screen.contains("asp: AWS_PROFILE is read-only; nothing was changed"),
                "{shell}: {screen}"
            );
            assert!(
                screen.ends_with("\n1,dev,mine,") && !screen.contains("cleared"),
                "{shell}: {screen}"
            );
        }
        // The region is another variable.
        let screen = said(&term, "asr eu-west-1; echo \"$?\"");
        assert!(screen.ends_with('0'), "{shell}: {screen}");
    }
}

#[test]
fn in_a_subshell_it_is_said_that_the_switch_is_lost() {
    for shell in shells().into_iter().filter(|s| *s != Shell::Fish) {
        let hook = working(shell);
        let term = hook.open(&[]);
        let lost = "asp: this is a subshell, what is set here ends with it";
        assert_eq!(
            said(&term, "(asp other; echo $AWS_PROFILE); agp"),
            format!("{lost}\nother\ndev"),
            "{shell}"
        );
        assert_eq!(
            said(&term, "asp other | cat; agp"),
            format!("{lost}\ndev"),
            "{shell}"
        );
        assert_eq!(
            said(&term, "(asp other login; agp)"),
            format!("opening the browser\n{lost}\nother"),
            "{shell}"
        );
    }
    if shells().contains(&Shell::Fish) {
        // fish has no subshells: the switch stays.
        let hook = working(Shell::Fish);
        let term = hook.open(&[]);
        assert_eq!(said(&term, "asp other | cat; agp"), "other");
    }
}

#[test]
fn after_each_function_the_next_prompt_asks() {
    for shell in shells() {
        // The profile stays what it is: only the login changed, perhaps in a file's last tick.
        let hook = working(shell);
        hook.on("use", &switch(shell, "dev"));
        let term = hook.open(&[("prompt", "left")]);
        for line in [
            "asp dev",
            "asp dev login",
            "asp dev logout",
            "asr eu-west-1",
            "acp dev",
        ] {
            term.type_line("true");
            let before = hook.asked();
            term.type_line(line);
            assert_eq!(hook.asked(), before + 1, "{shell}: {line}");
        }
    }
}

#[test]
fn under_errexit_and_nounset_the_functions_live() {
    for shell in Shell::installed().filter(|s| *s != Shell::Fish) {
        let hook = working(shell);
        let options: &[&str] = match shell {
            Shell::Zsh => &["-f", "-i"],
            _ => &["--noprofile", "--norc", "-i"],
        };
        let output = hook
            .home
            .tool(&shell.to_string())
            .args(options)
            .stdin(format!(
                "{}set -eu\nasp other\nasp\nasp -\nasp --pick\nasr\nasr eu-west-1\nagp\nagr\nacp other\nacp\n\
                 asp other login\nasp other logout\nif asp -x; then echo alive; fi\n",
                hook.rc(&[])
            ))
            .output();
        assert_eq!(
            output.stdout,
            "AWS profile cleared.\nAWS region cleared.\nother\neu-west-1\nAWS profile cleared.\nalive\n",
            "{shell}: {}",
            output.stderr
        );
        assert!(
            !output.stderr.contains("unbound") && !output.stderr.contains("parameter not set"),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn secrets_are_not_traced() {
    for shell in Shell::installed().filter(|s| *s != Shell::Fish) {
        let hook = working(shell);
        let options: &[&str] = match shell {
            Shell::Zsh => &["-f", "-i"],
            _ => &["--noprofile", "--norc", "-i"],
        };
        let lines = "set -x\nacp other\nset +x\n\\builtin echo \"${#AWS_SECRET_ACCESS_KEY}\"\n";
        let output = hook
            .home
            .tool(&shell.to_string())
            .args(options)
            .stdin(format!("{}{lines}", hook.rc(&[])))
            .output();
        assert_eq!(output.stdout, "13\n", "{shell}: {}", output.stderr);
        assert!(
            !output.stderr.contains("SECRET-CANARY"),
            "{shell}: {}",
            output.stderr
        );
        // The trace goes on afterwards.
        assert!(
            output.stderr.contains("set +x"),
            "{shell}: {}",
            output.stderr
        );
    }
}

#[test]
fn another_name_names_them_all() {
    for shell in shells() {
        let hook = working(shell);
        let term = hook.open(&[("cmd", "awsp")]);
        assert_eq!(said(&term, "awsp other"), "", "{shell}");
        assert_eq!(said(&term, "awspgp"), "other", "{shell}");
        assert_eq!(
            said(&term, "awspr eu-west-1; awspgr"),
            "eu-west-1",
            "{shell}"
        );
        assert_eq!(
            said(&term, "awspcp other; env | grep -c CANARY"),
            "1",
            "{shell}"
        );
        let kind = match shell {
            Shell::Zsh => "whence -w asp asr agp agr acp | grep -c function",
            _ => "type -t asp asr agp agr acp 2>/dev/null | grep -c function",
        };
        assert_eq!(said(&term, kind), "0", "{shell}");
    }
}

#[test]
fn an_alias_or_function_of_the_same_name_gives_way() {
    for shell in shells() {
        let hook = working(shell);
        let before = match shell {
            Shell::Zsh | Shell::Bash => "alias asp='echo alias' asr=ls\nagp() { echo function; }\n",
            Shell::Fish => "alias asp='echo alias'\nfunction agp\n  echo function\nend\n",
        };
        let term = hook
            .home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .open(&format!("{before}{}", hook.rc(&[])));
        assert_eq!(said(&term, "asp other"), "", "{shell}");
        assert_eq!(said(&term, "agp"), "other", "{shell}");
    }
}

/// oh-my-zsh's plugin, as it behaves with the same files.
#[test]
fn with_omz_the_plugins_functions_answer() {
    if !installed(&["tmux", "zsh"]) {
        return;
    }
    let home = Home::new();
    home.config(
        "[default]\nregion = eu-west-1\n[profile dev]\n[profile \"prod admin\"]\n[profile 50%n]\n",
    )
    .token("none", &expires_in(60));
    let term = home
        .term(Shell::Zsh)
        .size(160, 40)
        .open(&Shell::Zsh.rc("--omz"));
    for (line, says) in [
        ("aws_prompt_info", ""),
        (
            "export AWS_REGION=us-east-1; aws_prompt_info",
            "<region:us-east-1>",
        ),
        ("asp dev; aws_prompt_info", "<aws:dev> <region:us-east-1>"),
        (
            "unset AWS_REGION; AWS_DEFAULT_REGION=eu-west-2 aws_prompt_info",
            "<aws:dev> <region:eu-west-2>",
        ),
        (
            "AWS_PROFILE_REGION=eu-west-3 aws_prompt_info",
            "<aws:dev> <region:eu-west-3>",
        ),
        (
            "ZSH_THEME_AWS_PROFILE_PREFIX='(' ZSH_THEME_AWS_PROFILE_SUFFIX= aws_prompt_info",
            "(dev",
        ),
        (
            "ZSH_THEME_AWS_REGION_PREFIX=[ ZSH_THEME_AWS_REGION_SUFFIX=] ZSH_THEME_AWS_DIVIDER=, AWS_REGION=r aws_prompt_info",
            "<aws:dev>,[r]",
        ),
        ("AWS_PROFILE='50%n' aws_prompt_info", "<aws:50%%n>"),
        (
            "setopt prompt_subst; AWS_PROFILE='50%n'; print -P '$(aws_prompt_info)'",
            "<aws:50%n>",
        ),
        ("aws_profiles", "default\ndev\nprod admin\n50%n"),
        ("aws_regions | grep -c '^eu-west-1$'", "1"),
        ("print $RPROMPT", ""),
    ] {
        let mut got: Vec<String> = said(&term, line).lines().map(str::to_owned).collect();
        let mut wanted: Vec<String> = says.lines().map(str::to_owned).collect();
        if line == "aws_profiles" {
            got.sort();
            wanted.sort();
        }
        assert_eq!(got, wanted, "{line}");
    }
}

#[test]
fn without_omz_nothing_of_the_plugin_is_defined() {
    if !installed(&["tmux", "zsh"]) {
        return;
    }
    let hook = working(Shell::Zsh);
    let term = hook.open(&[]);
    assert_eq!(
        said(
            &term,
            "whence -w aws_prompt_info aws_profiles aws_regions | grep -c none"
        ),
        "3"
    );
}

#[test]
fn credentials_arrive_in_the_environment() {
    for shell in shells() {
        let hook = working(shell);
        let term = hook.open(&[]);
        term.type_line(&export(shell, "AWS_ACCESS_KEY_ID", "stale"));
        assert_eq!(
            said(&term, "acp other; env | grep '^AWS_ACCESS'"),
            "AWS_ACCESS_KEY_ID=AKIA",
            "{shell}"
        );
    }
}
