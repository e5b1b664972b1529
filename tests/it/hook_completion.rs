//! Tab: names of profiles and regions, inserted so that the shell reads the name back, and running nothing.

use crate::hook_stub::{Answer, Hook, shells};
use crate::support::{Shell, Term, installed};

/// Names that a shell might take for something else.
const NAMES: [&str; 16] = [
    "dev",
    "prod admin",
    "it's",
    "a\"b",
    "x$(touch pwned)",
    "`touch pwned`",
    "back\\slash",
    "a:b",
    "a=b",
    "a@b",
    "50%",
    "日本",
    "*",
    "~root",
    "#1",
    "a;touch pwned;{b,c}&",
];

/// The shells, and in what state their completion system is when our line comes.
fn setups() -> Vec<(Shell, &'static str, &'static str, &'static str)> {
    let mut setups = Vec::new();
    for shell in shells() {
        match shell {
            Shell::Zsh => {
                let compinit = "autoload -Uz compinit; compinit -u -D\n";
                setups.push((shell, compinit, "", "compinit before"));
                setups.push((shell, "", compinit, "compinit after"));
            }
            Shell::Bash => {
                setups.push((shell, "", "", "without bash-completion"));
                let loaded = "source /usr/share/bash-completion/bash_completion\n";
                // Its newest needs bash 4.2.
                if shell.version() >= 402
                    && std::path::Path::new("/usr/share/bash-completion/bash_completion").exists()
                {
                    setups.push((shell, loaded, "", "bash-completion before"));
                    setups.push((shell, "", loaded, "bash-completion after"));
                }
            }
            Shell::Fish => setups.push((shell, "", "", "")),
        }
    }
    setups
}

pub(crate) fn names(hook: &Hook, names: &[&str]) {
    let lines: String = names
        .iter()
        .map(|name| format!("{name}\tabout it\n"))
        .collect();
    hook.on("__names", &format!("cat <<'E O F'\n{lines}E O F\n"));
    hook.on("use", "");
    hook.on("region", "");
    hook.on("export", "");
}

fn open<'h>(hook: &'h Hook, before: &str, after: &str) -> Term<'h> {
    hook.home
        .term(hook.shell)
        .env("AWS_PROFILE", "dev")
        .open(&format!("{before}{}{after}", hook.rc(&[])))
}

/// Types `start`, presses Tab, waits until something was inserted, and Enter: the calls that come of it, without
/// those for names.
pub(crate) fn completed(hook: &Hook, term: &Term<'_>, start: &str) -> Vec<String> {
    hook.called();
    term.type_text(start);
    let typed = format!("> {start}");
    term.wait_until(start, |screen| {
        // fish before 3.3 can't be kept from suggesting more.
        let shown = screen.trim_end();
        shown.ends_with(typed.trim_end())
            || (hook.shell == Shell::Fish && shown.contains(typed.trim_end()))
    });
    let column = term.cursor().0;
    term.keys(&["Tab"]);
    term.wait_until("something inserted", |_| term.cursor().0 > column);
    term.type_line("");
    let calls = hook.called();
    calls
        .into_iter()
        .filter(|call| !call.starts_with("__names"))
        .collect()
}

#[test]
fn names_of_profiles_are_inserted_as_the_shell_reads_them() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, before, after);
        for name in NAMES {
            // fish itself leaves a tilde at the start as it is.
            if shell == Shell::Fish && name.starts_with('~') {
                continue;
            }
            names(&hook, &[name]);
            let calls = completed(&hook, &term, "asp ");
            let wanted = format!("use|--shell|{shell}|--previous||--own-region||--|{name}");
            assert_eq!(calls, [wanted], "{shell}, {what}: {name}");
            assert!(!hook.path("pwned").exists(), "{shell}, {what}: {name}");
            term.type_line("clear");
        }
    }
}

#[test]
fn a_name_is_completed_from_its_beginning_in_and_out_of_quotes() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, before, after);
        names(
            &hook,
            &[
                "prod admin",
                "acct:role",
                "a=b",
                "x@y",
                "日本語",
                "cash$(touch pwned)",
                "it's",
                "say \"hi\" you",
            ],
        );
        for (start, name) in [
            ("asp pro", "prod admin"),
            ("asp prod\\ a", "prod admin"),
            ("asp 'prod a", "prod admin"),
            ("asp \"prod a", "prod admin"),
            ("asp acct:", "acct:role"),
            ("asp acct:r", "acct:role"),
            ("asp a=", "a=b"),
            ("asp x@", "x@y"),
            ("asp 日", "日本語"),
            ("asp 'cas", "cash$(touch pwned)"),
            ("asp \"cas", "cash$(touch pwned)"),
            ("asp it", "it's"),
            ("asp \"it", "it's"),
            ("asp 'say", "say \"hi\" you"),
            ("asp \"say", "say \"hi\" you"),
            ("true; asp pro", "prod admin"),
        ] {
            let calls = completed(&hook, &term, start);
            let wanted = format!("use|--shell|{shell}|--previous||--own-region||--|{name}");
            assert_eq!(calls, [wanted], "{shell}, {what}: {start}");
            term.type_line("clear");
        }
        assert!(!hook.path("pwned").exists(), "{shell}, {what}");
    }
}

#[test]
fn each_place_gets_its_own_names() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, before, after);
        names(&hook, &["name"]);
        hook.on("login", "");
        hook.on("logout", "");
        for (start, asked, calls) in [
            (
                "asr ",
                "__names|regions",
                format!("region|--shell|{shell}|name"),
            ),
            (
                "acp ",
                "__names|profiles",
                format!("export|--format|{shell}|name"),
            ),
            ("asp dev logo", "", "logout|--|dev".to_owned()),
            (
                "asp dev login ",
                "__names|sessions",
                "login|--session=name|--|dev".to_owned(),
            ),
            (
                "asp dev --kee",
                "",
                format!("use|--shell|{shell}|--previous||--own-region||--keep-keys|--|dev"),
            ),
            (
                "asp --config ",
                "__names|configs",
                format!("use|--shell|{shell}|--previous||--own-region||--config=name"),
            ),
            (
                "asp --config a ",
                "__names|profiles|--config|a",
                format!("use|--shell|{shell}|--previous||--own-region||--config=a|--|name"),
            ),
            (
                "asp --region a ",
                "__names|profiles",
                format!("use|--shell|{shell}|--previous||--own-region||--region|a|--|name"),
            ),
            (
                "asp --config a dev login ",
                "__names|sessions",
                "login|--config=a|--session=name|--|dev".to_owned(),
            ),
            (
                "asp dev --region ",
                "__names|regions",
                format!("use|--shell|{shell}|--previous||--own-region||--region|name|--|dev"),
            ),
        ] {
            hook.called();
            term.type_text(start);
            let column = u16::try_from(2 + start.len()).unwrap();
            term.wait_for_column(column, start);
            term.keys(&["Tab"]);
            term.wait_until("something inserted", |_| term.cursor().0 > column);
            term.type_line("");
            let all = hook.called();
            assert!(all.contains(&calls), "{shell}, {what}: {start}: {all:?}");
            assert!(
                asked.is_empty() || all.iter().any(|call| call == asked),
                "{shell}, {what}: {start}: {all:?}"
            );
            term.type_line("clear");
        }
    }
}

#[test]
fn descriptions_are_shown_where_the_shell_shows_them() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, before, after);
        hook.on(
            "__names",
            "printf 'dev\\t1234 Admin\\nprod admin\\t5678 Reader\\n'",
        );
        term.type_text("asp ");
        term.keys(&["Tab", "Tab"]);
        let screen = term.wait_for("5678 Reader");
        assert!(
            screen.contains("dev") && screen.contains("1234 Admin"),
            "{shell}, {what}: {screen}"
        );
        // What is inserted has none.
        term.keys(&["C-u", "C-l"]);
        let calls = completed(&hook, &term, "asp pr");
        assert!(calls.is_empty() || calls[0].ends_with("--|prod admin"));
    }
}

#[test]
fn menu_completion_in_bash_inserts_names_and_no_descriptions() {
    for shell in shells().into_iter().filter(|s| *s == Shell::Bash) {
        let hook = Hook::new(shell, &Answer::new(""));
        hook.on("use", "");
        hook.on(
            "__names",
            "printf 'dev\\t1234 Admin\\nprod admin\\t5678 Reader\\n'",
        );
        let term = open(&hook, "bind 'TAB: menu-complete'\n", "");
        term.type_text("asp ");
        term.wait_for_column(6, "typed");
        term.keys(&["Tab", "Tab"]);
        term.wait_until("the second name", |screen| {
            screen.trim_end().ends_with("asp prod\\ admin")
        });
        term.keys(&["C-u"]);
        // insert-completions inserts them all.
        term.type_line("bind '\"\\C-t\": insert-completions'");
        hook.called();
        term.type_text("asp ");
        term.keys(&["C-t"]);
        term.wait_until("both names", |screen| {
            screen.contains("asp dev prod\\ admin")
        });
    }
}

#[test]
fn a_part_of_a_name_is_enough() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, before, after);
        names(
            &hook,
            &["acme-prod-admin", "acme-test-one", "other-two", "say hi"],
        );
        for (start, name) in [
            ("asp prod", "acme-prod-admin"),
            ("asp \"prod", "acme-prod-admin"),
            ("asp 'y hi", "say hi"),
            ("asp t-o", "acme-test-one"),
        ] {
            // fish takes no blank out of an open quote.
            if shell == Shell::Fish && start.contains('\'') {
                continue;
            }
            let calls = completed(&hook, &term, start);
            let wanted = format!("use|--shell|{shell}|--previous||--own-region||--|{name}");
            assert_eq!(calls, [wanted], "{shell}, {what}: {start}");
            term.type_line("clear");
        }
        // What was typed stays if several names contain it and have nothing else in common.
        if shell == Shell::Bash {
            term.type_text("asp e");
            term.keys(&["Tab", "Tab"]);
            term.wait_for("other-two");
            let screen = term.wait_until("the word as typed", |screen| {
                screen.trim_end().ends_with("> asp e")
            });
            assert!(screen.contains("acme-prod-admin  -- about it"), "{screen}");
        }
    }
}

#[test]
fn the_aws_cli_keeps_its_own_completion_and_gets_profiles() {
    for (shell, before, after, what) in setups() {
        // The completer of the AWS CLI, as its manual says to load it.
        let (ready, own) = match shell {
            Shell::Zsh => (
                "autoload -Uz compinit bashcompinit; compinit -u -D; bashcompinit\n",
                "complete -C aws_completer aws\n",
            ),
            Shell::Bash => ("", "complete -C \"aws_completer\" aws\n"),
            Shell::Fish => (
                "",
                "complete -c aws -f -a '(begin; set -lx COMP_LINE (commandline); aws_completer; end)'\n",
            ),
        };
        for (early, late, when) in [(own, "", "before"), ("", own, "after"), ("", "", "never")] {
            let hook = Hook::new(shell, &Answer::new(""));
            let what = format!("{what}, its own {when}");
            hook.home.stub("aws", "").stub(
                "aws_completer",
                "case \"$COMP_LINE\" in *--profile*) ;; *' zz') echo zz-own ;; esac",
            );
            let before = format!("{ready}{before}{early}");
            let term = open(&hook, &before, &format!("{after}{late}"));
            names(&hook, &["prod admin"]);
            // The first use may load more.
            for start in [
                "aws --profile ",
                "aws --profile pro",
                "aws s3 --profile=pro",
            ] {
                completed(&hook, &term, start);
                term.type_line("clear");
                let calls = hook.home.calls("aws");
                let last = calls.last().unwrap().join("|");
                assert!(
                    last.replace('=', "|").ends_with("--profile|prod admin"),
                    "{shell}, {what}: {start}: {last}"
                );
            }
            // The system may have a completion for it, too.
            if when == "never" {
                continue;
            }
            completed(&hook, &term, "aws zz");
            let calls = hook.home.calls("aws");
            assert_eq!(calls.last().unwrap(), &["zz-own"], "{shell}, {what}");
        }
    }
}

#[test]
fn the_command_of_exec_is_completed_without_dashes() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        hook.home.stub("tool", "").file("some-file", "");
        let own = match shell {
            Shell::Zsh => "_mine() { compadd one:word; }; compdef _mine tool\n",
            Shell::Bash => {
                "_mine() { COMPREPLY=(\"one:word\"); [[ ${COMP_WORDS[0]}:$COMP_CWORD:$COMP_LINE:$3 == tool:2:tool\\ x\\ o:x ]] || \
                 COMPREPLY=(\"bad\"); }; complete -F _mine tool\n"
            }
            Shell::Fish => "complete -c tool -f -a one:word\n",
        };
        let compinit = if shell == Shell::Zsh && before.is_empty() {
            after
        } else {
            ""
        };
        let term = open(&hook, before, &format!("{after}{compinit}{own}"));
        names(&hook, &["--help"]);
        hook.on("exec", "");
        for (start, call) in [
            ("awsbadge exec dev tmu", "exec|dev|tmux"),
            (
                "awsbadge exec --region eu-west-1 a:b tmu",
                "exec|--region|eu-west-1|a:b|tmux",
            ),
            ("awsbadge exec dev -- tmu", "exec|dev|--|tmux"),
            ("awsbadge exec -- dev tmu", "exec|--|dev|tmux"),
            ("awsbadge exec dev tool x o", "exec|dev|tool|x|one:word"),
            (
                "true; awsbadge exec 'a b' -- tool x o",
                "exec|a b|--|tool|x|one:word",
            ),
            ("awsbadge exec dev cat some-f", "exec|dev|cat|some-file"),
            ("awsbadge exec dev --h", "exec|dev|--help"),
        ] {
            let calls = completed(&hook, &term, start);
            assert_eq!(calls, [call], "{shell}, {what}: {start}");
            term.type_line("clear");
        }
    }
}

#[test]
fn a_variable_is_completed_where_the_shell_asks() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, before, after);
        names(&hook, &["prod admin"]);
        let starts: &[&str] = match shell {
            Shell::Zsh => &[
                "AWS_PROFILE=",
                "export AWS_PROFILE=",
                "export AWS_PROFILE=pro",
                "AWS_DEFAULT_PROFILE=",
            ],
            Shell::Bash => &[
                "export AWS_PROFILE=",
                "export AWS_PROFILE=pro",
                "export AWS_PROFILE=\"pro",
                "declare -x AWS_PROFILE=pro",
            ],
            Shell::Fish => &[
                "set -gx AWS_PROFILE ",
                "set -gx AWS_PROFILE pro",
                "export AWS_PROFILE=pro",
            ],
        };
        for start in starts {
            term.type_line(if shell == Shell::Fish {
                "set -e AWS_PROFILE"
            } else {
                "unset AWS_PROFILE AWS_DEFAULT_PROFILE"
            });
            completed(&hook, &term, start);
            term.type_line("clear");
            term.type_line("echo \"<$AWS_PROFILE$AWS_DEFAULT_PROFILE>\"");
            assert_eq!(
                term.screen().lines().nth(1),
                Some("<prod admin>"),
                "{shell}, {what}: {start}"
            );
        }
    }
}

#[test]
fn what_export_completed_before_it_completes_still() {
    if !installed(&["tmux", "bash"]) {
        return;
    }
    for (shell, before, after, what) in setups() {
        if shell != Shell::Bash {
            continue;
        }
        let hook = Hook::new(shell, &Answer::new(""));
        hook.home.file("some-file", "");
        let term = open(&hook, before, after);
        // A file for a value, as bash does by itself.
        for _ in 0..2 {
            term.type_text("export SOME_VARIABLE=some-f");
            term.keys(&["Tab"]);
            term.wait_until(what, |screen| {
                screen.trim_end().ends_with("SOME_VARIABLE=some-file")
            });
            term.type_line("");
            if !before.is_empty() || !after.is_empty() {
                // A variable's name, as bash-completion does.
                term.type_text("export SOME_VAR");
                term.keys(&["Tab"]);
                term.wait_until(what, |screen| {
                    screen.trim_end().ends_with("export SOME_VARIABLE=")
                });
                term.type_line("");
            }
        }
        // A function of the user's.
        let own = "_mine() { COMPREPLY=(mine-alone); }; complete -F _mine export\n";
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, &format!("{before}{own}"), after);
        for _ in 0..2 {
            term.type_text("export ");
            term.keys(&["Tab"]);
            term.wait_for("export mine-alone");
            term.type_line("");
            term.type_line("clear");
        }
    }
}

#[test]
fn the_program_itself_is_completed_with_nothing_more_to_set_up() {
    for (shell, before, after, what) in setups() {
        let hook = Hook::new(shell, &Answer::new(""));
        let term = open(&hook, before, after);
        for (start, asked, name, run) in [
            ("awsbadge log", "log", "login", "login"),
            ("awsbadge login ", "login|", "it's me", "login|it's me"),
            (
                "awsbadge share a 'pro",
                "share|a|pro",
                "prod admin",
                "share|a|prod admin",
            ),
            (
                "awsbadge login --session=co",
                "login|--session=co",
                "--session=corp",
                "login|--session=corp",
            ),
            ("true; awsbadge status a:", "status|a:", "a:b", "status|a:b"),
        ] {
            names(&hook, &[name]);
            hook.on("login", "");
            hook.on("share", "");
            hook.on("status", "");
            hook.called();
            term.type_text(start);
            let column = u16::try_from(2 + start.len()).unwrap();
            term.wait_for_column(column, start);
            term.keys(&["Tab"]);
            term.wait_until("something inserted", |_| term.cursor().0 > column);
            term.type_line("");
            let calls = hook.called();
            for wanted in [format!("__names|words|--|{asked}"), run.to_owned()] {
                assert!(
                    calls.contains(&wanted),
                    "{shell}, {what}: {start}: {calls:?}"
                );
            }
            term.type_line("clear");
        }
        // What stands behind `--` is another program's.
        hook.on("exec", "");
        let calls = completed(&hook, &term, "awsbadge exec dev -- tmu");
        assert_eq!(calls, ["exec|dev|--|tmux"], "{shell}, {what}");
    }
}

#[test]
fn with_another_name_tab_follows() {
    for shell in shells() {
        let compinit = if shell == Shell::Zsh {
            "autoload -Uz compinit; compinit -u -D\n"
        } else {
            ""
        };
        let hook = Hook::new(shell, &Answer::new(""));
        names(&hook, &["prod admin"]);
        let term = hook
            .home
            .term(shell)
            .open(&format!("{compinit}{}", hook.rc(&[("cmd", "awsp")])));
        let calls = completed(&hook, &term, "awsp ");
        assert!(calls[0].ends_with("--|prod admin"), "{shell}: {calls:?}");
    }
}
