//! Tab after something has replaced or removed the shell's completions: compinit runs again, `complete -r`, `complete -e`.

use crate::hook_completion::{completed, names};
use crate::hook_stub::{Answer, Hook, export, shells};
use crate::support::{Shell, Term};

/// When compinit runs.
struct Case {
    name: &'static str,
    /// The lines before ours in the start-up file, and after them.
    before: &'static str,
    after: &'static str,
    /// What is typed at the prompt later.
    typed: &'static [&'static str],
}

const CASES: [Case; 14] = [
    Case {
        name: "before",
        before: "compinit -u",
        after: "",
        typed: &[],
    },
    Case {
        name: "after",
        before: "",
        after: "compinit -u",
        typed: &[],
    },
    Case {
        name: "before and after, the second time from the dump file",
        before: "compinit -u",
        after: "compinit -u",
        typed: &[],
    },
    Case {
        name: "before and after, without a dump file",
        before: "compinit -u -D",
        after: "compinit -u -D",
        typed: &[],
    },
    Case {
        name: "twice after",
        before: "",
        after: "compinit -u; compinit -u -C",
        typed: &[],
    },
    Case {
        name: "in a hook of the first prompt, after ours",
        before: "compinit -u",
        after: "late() { compinit -u; precmd_functions=(${precmd_functions:#late}); }; precmd_functions+=(late)",
        typed: &[],
    },
    Case {
        name: "while the line editor waits",
        before: "compinit -u",
        after: "late() { compinit -u; zle -F $1; exec {fd}<&-; }; exec {fd}</dev/null; zle -F $fd late",
        typed: &[],
    },
    Case {
        name: "at the prompt",
        before: "compinit -u",
        after: "",
        typed: &["compinit -u"],
    },
    Case {
        name: "at the prompt, without a dump file",
        before: "compinit -u",
        after: "",
        typed: &["compinit -u -D"],
    },
    Case {
        name: "from another dump file",
        before: "compinit -u",
        after: "",
        typed: &["compinit -u -d ~/other", "compinit -u -C -d ~/other"],
    },
    Case {
        name: "from a compiled dump file",
        before: "compinit -u",
        after: "",
        typed: &["zcompile ~/.zcompdump", "compinit -u -C"],
    },
    Case {
        name: "the dump file is read without compinit",
        before: "compinit -u",
        after: "",
        typed: &["source ~/.zcompdump"],
    },
    Case {
        name: "it was only prepared, and runs at the prompt",
        before: "",
        after: "",
        typed: &["compinit -u"],
    },
    Case {
        name: "all completions are emptied",
        before: "compinit -u",
        after: "",
        typed: &["_comps=(); _patcomps=(); compinit -u -C"],
    },
];

/// The lines before: compinit as a function, and a completion of the AWS CLI that compinit finds by itself.
const READY: &str = "autoload -Uz compinit; fpath=(~/functions $fpath)\n";

fn hook() -> Hook {
    let hook = Hook::new(Shell::Zsh, &Answer::new(""));
    hook.home
        .file("functions/_aws", "#compdef aws\ncompadd zz-own\n")
        .stub("aws", "");
    names(&hook, &["prod admin"]);
    hook
}

/// Tab completes every command, and the AWS CLI's own completion is still there.
fn all_complete(hook: &Hook, term: &Term<'_>, command: &str, what: &str) {
    let use_it = "use|--shell|zsh|--previous||--own-region||--|prod admin";
    let short = if command == "asp" { "as" } else { command };
    let long = if command == "asp" { "a" } else { command };
    for (start, call) in [
        (format!("{command} pro"), use_it),
        (format!("{short}r pro"), "region|--shell|zsh|prod admin"),
        (format!("{long}cp pro"), "export|--format|zsh|prod admin"),
        ("awsbadge pro".to_owned(), "prod admin"),
    ] {
        hook.on("prod admin", "");
        let calls = completed(hook, term, &start);
        assert_eq!(calls, [call], "{what}: {start}");
        term.type_line("clear");
    }
    for (start, call) in [
        ("aws --profile pro", "--profile|prod admin"),
        ("aws --profile=pro", "--profile=prod admin"),
        ("aws zz", "zz-own"),
    ] {
        completed(hook, term, start);
        let calls = hook.home.calls("aws");
        assert_eq!(
            calls.last().unwrap().join("|"),
            call,
            "{what}: {start}: {calls:?}"
        );
        term.type_line("clear");
    }
    completed(hook, term, "AWS_DEFAULT_PROFILE=pro");
    term.type_line("clear; echo \"<$AWS_DEFAULT_PROFILE>\"; unset AWS_DEFAULT_PROFILE");
    assert!(term.screen().contains("<prod admin>"), "{what}");
    term.type_line("clear; echo $#compprefuncs");
    assert!(term.screen().lines().any(|line| line == "1"), "{what}");
    term.type_line("clear");
}

#[test]
fn compinit_may_run_whenever_and_as_often_as_it_likes() {
    if !shells().contains(&Shell::Zsh) {
        return;
    }
    for case in CASES {
        let hook = hook();
        let rc = format!("{READY}{}\n{}{}\n", case.before, hook.rc(&[]), case.after);
        let term = hook.home.term(Shell::Zsh).open(&rc);
        for line in case.typed {
            term.type_line(line);
        }
        // What runs after our hook at the first prompt is seen at the next one.
        term.type_line("clear");
        all_complete(&hook, &term, "asp", case.name);
    }
}

#[test]
fn a_dump_file_with_our_completions_of_another_shell_is_as_good_as_one_without() {
    if !shells().contains(&Shell::Zsh) {
        return;
    }
    for (cmd, compiled) in [("asp", false), ("asp", true), ("awsp", false)] {
        let hook = hook();
        let rc = format!("{READY}compinit -u\n{}", hook.rc(&[]));
        let term = hook.home.term(Shell::Zsh).open(&rc);
        // A new function: compinit writes the dump file again, with all that is registered now.
        hook.home.file("functions/_new", "#compdef new\n");
        term.type_line("compinit -u");
        let dump = hook.home.read(".zcompdump").unwrap();
        let dump = String::from_utf8(dump).unwrap();
        assert!(dump.contains("'asp' '_awsbadge_complete_asp'"), "{dump}");
        if compiled {
            term.type_line("zcompile ~/.zcompdump");
        }
        drop(term);

        let rc = format!("{READY}compinit -u\n{}", hook.rc(&[("cmd", cmd)]));
        let term = hook.home.term(Shell::Zsh).open(&rc);
        let what = format!("{cmd}, compiled: {compiled}");
        all_complete(&hook, &term, cmd, &what);
        term.type_line("compinit -u -C");
        all_complete(&hook, &term, cmd, &what);
    }
}

#[test]
fn a_completion_of_the_users_own_for_asp_stays() {
    if !shells().contains(&Shell::Zsh) {
        return;
    }
    let hook = hook();
    let rc = format!("{READY}compinit -u\n{}", hook.rc(&[]));
    let term = hook.home.term(Shell::Zsh).open(&rc);
    term.type_line("mine() { compadd mine-alone; }; compdef mine asp");
    term.type_line("clear");
    let calls = completed(&hook, &term, "asp mi");
    assert_eq!(
        calls,
        ["use|--shell|zsh|--previous||--own-region||--|mine-alone"]
    );
}

#[test]
fn without_compinit_no_prompt_says_anything() {
    if !shells().contains(&Shell::Zsh) {
        return;
    }
    for lines in ["", "setopt nounset\n", "setopt ksharrays errexit\n"] {
        let hook = Hook::new(Shell::Zsh, &Answer::new(""));
        let rc = format!("{lines}{}", hook.rc(&[]));
        let term = hook.home.term(Shell::Zsh).open(&rc);
        term.type_line("");
        assert_eq!(term.screen().trim_end(), ">\n>", "{lines}");
    }
}

#[test]
fn bash_and_fish_get_back_what_was_removed() {
    for shell in shells() {
        let removals: &[&str] = match shell {
            Shell::Zsh => continue,
            Shell::Bash => &["complete -r", "complete -r asp"],
            Shell::Fish => &[
                "complete -e -c asp",
                "complete -c asp -e; complete -c asr -e",
            ],
        };
        for removal in removals {
            for at_start in [true, false] {
                let hook = Hook::new(shell, &Answer::new(""));
                names(&hook, &["prod admin"]);
                let after = if at_start { removal } else { "" };
                let term = hook
                    .home
                    .term(shell)
                    .open(&format!("{}{after}\n", hook.rc(&[])));
                if !at_start {
                    // The next refresh is the one that sees a change.
                    term.type_line(removal);
                    term.type_line(&export(shell, "AWS_PROFILE", "dev"));
                }
                let what = format!("{shell}: {removal}, at the start: {at_start}");
                for (start, call) in [
                    ("asp pro", "--own-region||--|prod admin"),
                    ("asr pro", "|prod admin"),
                ] {
                    let calls = completed(&hook, &term, start);
                    assert!(calls[0].ends_with(call), "{what}: {calls:?}");
                    term.type_line("clear");
                }
            }
        }
    }
}
