//! The shell files are good guests: they work whatever the user has set, keep what they find, say nothing, and
//! leave nothing but their own behind.

use crate::hook_stub::{Answer, Hook, age, bash_with_lists, export, rc, remembers, shells};
use crate::support::{Home, Shell, Term, binary, given, installed, unreachable};

/// Two profiles whose badge never changes.
fn home() -> Home {
    let home = Home::new();
    home.config("[profile dev]\n[profile other]\n");
    home.credentials(
        "[dev]\naws_access_key_id = A\naws_secret_access_key = B\n\
         [other]\naws_access_key_id = A\naws_secret_access_key = B\n",
    );
    home
}

/// Runs `lines` in an interactive shell, one prompt each, after the line from README; hands over what was printed.
fn session(home: &Home, shell: Shell, before: &str, lines: &str) -> String {
    let output = home
        .tool(&shell.to_string())
        .args(shell.bare())
        .args(["-i"])
        .stdin(format!("{before}\n{}{lines}\n", shell.rc("--prompt left")))
        .output();
    output.stdout
}

/// What every shell has to get right, and what it has to print for it.
const DAY: &str = "\
\\false
\\builtin printf '%s\\n' \"status $?\"
\\asp dev
\\builtin printf '%s\\n' \"$AWSBADGE,$AWSBADGE_CLASS,$AWS_PROFILE\"
\\asp other
\\asp -
\\builtin printf '%s\\n' \"$AWSBADGE,$AWSBADGE_CLASS,$AWS_PROFILE\"
\\asr eu-west-1
\\agr
\\asp
\\builtin printf '%s\\n' \"${AWSBADGE-unset},${AWS_PROFILE-unset},$AWS_REGION\"
\\env | \\grep -i awsbadge
";
const DAY_SAYS: &str = "\
status 1
aws:dev keys,ok,dev
aws:dev keys,ok,dev
eu-west-1
AWS profile cleared.
unset,unset,eu-west-1
";

#[track_caller]
fn a_day(home: &Home, shell: Shell, before: &str) {
    if !Shell::installed().any(|installed| installed == shell) {
        return;
    }
    let lines = match shell {
        // Under errexit a failing command ends the shell: that is not the hook's doing.
        _ if before.contains("errexit") || before.contains("set -e") => DAY
            .replace("\\false\n", "")
            .replace("status $?", "status 1")
            .replace("\\env |", "true; \\env |"),
        _ => DAY.to_owned(),
    };
    let said = session(home, shell, before, &lines);
    assert_eq!(said, DAY_SAYS, "{shell}: {before}");
}

#[test]
fn every_option_of_zsh_is_fine() {
    if !installed(&["zsh"]) {
        return;
    }
    let home = home();
    let all = "zmodload zsh/parameter; for o in ${(ko)options}; do \
               if [[ $options[$o] == on ]]; then print no$o; else print $o; fi; done";
    let all = home.script(Shell::Zsh, all).output().stdout;
    // What turns the session itself into another: no commands, no line after the first, no terminal, words on the
    // screen.
    let left_out = [
        "exec",
        "noexec",
        "interactive",
        "shinstdin",
        "stdin",
        "singlecommand",
        "onecmd",
        "restricted",
        "privileged",
        "zle",
        "monitor",
        "login",
        "rcs",
        "globalrcs",
        "verbose",
        "ignoreeof",
        "norcs",
        "noglobalrcs",
        "noshinstdin",
        "nostdin",
        "nointeractive",
        // `\\builtin` and `$?` of the session mean something else.
        "cshjunkiehistory",
    ];
    let options: Vec<&str> = all.lines().filter(|o| !left_out.contains(o)).collect();
    assert!(options.len() > 150, "{options:?}");
    for option in options {
        a_day(&home, Shell::Zsh, &format!("setopt {option}"));
    }
}

#[test]
fn every_option_of_bash_is_fine() {
    if !installed(&["bash"]) {
        return;
    }
    let home = home();
    let list = "shopt | while read name on; do \
                if [[ $on = on ]]; then echo \"shopt -u $name\"; else echo \"shopt -s $name\"; fi; done\n\
                set -o | while read name on; do \
                if [[ $on = on ]]; then echo \"set +o $name\"; else echo \"set -o $name\"; fi; done";
    let all = home.script(Shell::Bash, list).output().stdout;
    let left_out = [
        "noexec",
        "onecmd",
        "privileged",
        "restricted_shell",
        "verbose",
        "login_shell",
        "monitor",
        "ignoreeof",
        "interactive-comments",
        "interactive_comments",
        "emacs",
        " vi",
        "history",
        // `!` in the session would be an event.
        "histexpand",
        // Words of the form a=b become variables: no program survives that.
        "keyword",
    ];
    let options: Vec<&str> = all
        .lines()
        .filter(|o| !left_out.iter().any(|out| o.contains(out)))
        .collect();
    assert!(options.len() > 40, "{options:?}");
    for option in options {
        a_day(&home, Shell::Bash, option);
    }
}

#[test]
fn odd_settings_are_fine() {
    let home = home();
    let both = [
        "IFS=0as",
        "IFS=",
        "unset EPOCHSECONDS SECONDS RANDOM",
        "set -eu",
        "readonly TMOUT=600",
        "CDPATH=/tmp",
        "POSIXLY_CORRECT=1",
        "GREP_OPTIONS=-v LC_ALL=C",
        "LC_ALL=tr_TR.UTF-8",
        "function _direnv_hook { :; }",
    ];
    for before in both {
        for shell in [Shell::Zsh, Shell::Bash] {
            a_day(&home, shell, before);
        }
    }
    for before in [
        "zmodload() { return 1; }; functions[builtin]=",
        "emulate ksh",
        "emulate sh",
        "precmd() { psvar=(); }",
        "typeset -U precmd_functions",
        "KEYTIMEOUT=1; bindkey -v",
    ] {
        // A function named `builtin` is beyond help, and of no use to anyone.
        if !before.contains("functions[builtin]") {
            a_day(&home, Shell::Zsh, before);
        }
    }
    for before in [
        "PROMPT_COMMAND='true;'",
        "PROMPT_COMMAND=$'true\\n'",
        "PROMPT_COMMAND=(true 'false')",
        "PROMPT_COMMAND=()",
        "unset PROMPT_COMMAND",
        "set -o posix",
        "set -o vi",
        "shopt -s expand_aliases nocasematch failglob",
    ] {
        a_day(&home, Shell::Bash, before);
    }
}

#[test]
fn aliases_and_functions_named_like_commands_are_passed_by() {
    let home = home();
    let zsh = "zmodload zsh/parameter; names=(${(k)builtins} command tmux mkdir rm env asp asr agr awsbadge)";
    let bash = "names=\"$(compgen -b) tmux mkdir rm env asp asr agr awsbadge\"";
    for (shell, before) in [
        (
            Shell::Zsh,
            format!("{zsh}; for n in $names; do \\builtin alias -- \"$n=echo HIJACKED\"; done"),
        ),
        (
            Shell::Zsh,
            format!(
                "{zsh}; for n in ${{names:#(builtin|false|env)}}; do functions[$n]='\\builtin printf HIJACKED'; done"
            ),
        ),
        (
            Shell::Bash,
            format!(
                "{bash}; for n in $names; do [[ $n = '[' ]] || \\builtin alias -- \"$n=echo HIJACKED\"; done"
            ),
        ),
        (
            Shell::Bash,
            // `eval` and the like are the session's own line.
            format!(
                "{bash}; for n in $names; do case $n in builtin|false|.|:|'['|env|eval) ;; \
                 *) \\builtin eval \"function $n {{ \\builtin printf HIJACKED; }}\" ;; esac; done"
            ),
        ),
    ] {
        if !Shell::installed().any(|installed| installed == shell) {
            continue;
        }
        // The line from README is the user's own, and would be hijacked.
        let own = shell
            .rc("--prompt left")
            .replacen("eval", "\\builtin eval", 1);
        let output = home
            .tool(&shell.to_string())
            .args(shell.bare())
            .args(["-i"])
            .stdin(format!("{before}\n{own}{DAY}"))
            .output();
        assert_eq!(
            output.stdout, DAY_SAYS,
            "{shell}: {before}\n{}",
            output.stderr
        );
    }
}

#[test]
fn without_its_modules_zsh_uses_a_stamp() {
    if !installed(&["zsh"]) {
        return;
    }
    let home = home();
    a_day(
        &home,
        Shell::Zsh,
        "module_path=(); zmodload -u zsh/stat zsh/datetime zsh/sched zsh/parameter",
    );
    let said = session(
        &home,
        Shell::Zsh,
        "module_path=()",
        "asp dev\nprint ${+EPOCHSECONDS}${+builtins[zstat]}\nls ~/.local/state/awsbadge | grep -c \"^${_awsbadge_id}[.]0$\"\n",
    );
    assert_eq!(said.lines().last(), Some("1"), "{said}");
}

/// What a shell printed, without the switches that an old fish sends to anything.
fn said(stdout: &str) -> String {
    stdout.replace("\x1b[?2004h", "").replace("\x1b[?2004l", "")
}

/// Prints the names of everything that a shell has: variables, functions, aliases, completions.
fn names_of(shell: Shell) -> &'static str {
    match shell {
        Shell::Zsh => {
            "print -rl -- ${(ok)parameters/#/v:} ${(ok)functions/#/f:} ${(ok)aliases/#/a:} ${(ok)galiases/#/g:}"
        }
        Shell::Bash => {
            "{ compgen -A variable -P v:; compgen -A function -P f:; compgen -A alias -P a:; \
             complete -p | sed 's/.* /c:/'; trap; }"
        }
        Shell::Fish => {
            "begin; string replace -r '^' v: (set -n); string replace -r '^' f: (functions -an); end"
        }
    }
}

#[test]
fn nothing_is_left_behind_but_our_own_names() {
    for shell in Shell::installed() {
        let home = home();
        let look = names_of(shell);
        let modules = if shell == Shell::Zsh {
            "zmodload zsh/parameter"
        } else {
            ""
        };
        let used = match shell {
            Shell::Zsh | Shell::Bash => {
                "asp other; asp -; asr eu-west-1; asp nosuch; _awsbadge_precmd; acp"
            }
            Shell::Fish => {
                "emit fish_prompt; asp other; emit fish_prompt; asp -; asr eu-west-1; asp nosuch; acp"
            }
        };
        let script = format!(
            "{modules}\n{look} > before\n{}asp dev > /dev/null\n{used} > /dev/null 2>&1\n{look} > after\n",
            shell.rc("--prompt left --export"),
        );
        home.file("script", script);
        let output = home
            .tool(&shell.to_string())
            .args(shell.bare())
            .args(["-i", "script"])
            .env("fish_greeting", "")
            .output();
        assert_eq!(said(&output.stdout), "", "{shell}: {}", output.stderr);
        let read = |name| {
            let text = home.read(name);
            String::from_utf8(text.unwrap_or_else(|| panic!("{shell}: {}", output.stderr))).unwrap()
        };
        let (before, after) = (read("before"), read("after"));
        let before: Vec<&str> = before.lines().collect();
        let own = ["asp", "asr", "agp", "agr", "acp"].map(|name| format!("f:{name}"));
        let foreign: Vec<&str> = after
            .lines()
            .filter(|name| !before.contains(name))
            .filter(|name| !name[2..].starts_with("_awsbadge"))
            .filter(|name| !own.iter().any(|own| own == name))
            .filter(|name| !name.starts_with("v:AWS") && !name.starts_with("v:POSH_AWSBADGE"))
            // The hook itself, the clock of zsh/datetime, and the completions: ours, and of `export AWS_PROFILE=`.
            .filter(|name| {
                ![
                    "v:precmd_functions",
                    "v:PROMPT_COMMAND",
                    "v:EPOCHSECONDS",
                    "c:asp",
                    "c:asr",
                    "c:acp",
                    "c:awsbadge",
                    "c:aws",
                    "c:export",
                    "c:declare",
                    "c:typeset",
                ]
                .contains(name)
            })
            // The shells' own: what fish loads when it draws a prompt, and bash's last status.
            .filter(|name| !["v:PIPESTATUS", "v:BASH_ARGC", "v:BASH_ARGV"].contains(name))
            .filter(|name| {
                shell != Shell::Fish
                    || !(["v:last_pid", "f:__init_uvar"].contains(name)
                        || name.starts_with("f:fish_")
                        || name.starts_with("v:fish_")
                        || name.starts_with("v:__fish")
                        || name.starts_with("f:__fish"))
            })
            .collect();
        assert_eq!(foreign, [""; 0], "{shell}");
        assert!(after.lines().any(|name| name == own[0]), "{shell}: {after}");
    }
}

#[test]
fn no_function_survives_a_shell_that_is_not_interactive() {
    for shell in Shell::installed() {
        let home = home();
        let look = names_of(shell);
        let modules = if shell == Shell::Zsh {
            "zmodload zsh/parameter"
        } else {
            ""
        };
        let settings = shell.rc("");
        // A script goes on after the line: it does not end with it.
        home.script(
            shell,
            &format!("{modules}\n{settings}{look} > after\necho still here\n"),
        )
        .stdout("still here\n")
        .check();
        let after = String::from_utf8(home.read("after").unwrap()).unwrap();
        let functions: Vec<&str> = after
            .lines()
            .filter(|n| n.starts_with("f:") && n.contains("aws"))
            .collect();
        assert_eq!(functions, [""; 0], "{shell}");
        assert!(!after.contains("f:asp"), "{shell}");
    }
}

#[test]
fn the_file_alone_is_enough() {
    for shell in Shell::installed() {
        let home = home();
        // The defaults: `awsbadge` on the PATH, `asp`, nothing drawn, nothing exported.
        std::os::unix::fs::symlink(binary(), home.path().join("bin/awsbadge")).unwrap();
        let prompt = if shell == Shell::Fish {
            "emit fish_prompt\n"
        } else {
            ""
        };
        let output = home
            .tool(&shell.to_string())
            .args(shell.bare())
            .args(["-i"])
            .env("fish_greeting", "")
            .stdin(format!(
                "{}asp dev\n{prompt}echo \"$AWSBADGE,$AWSBADGE_CLASS,$PS1$PROMPT\"\nenv | grep AWSBADGE\n",
                rc(shell, &[])
            ))
            .output();
        assert!(
            said(&output.stdout).starts_with("aws:dev keys,ok,"),
            "{shell}: {output:?}"
        );
        assert!(
            !output.stdout.contains("awsbadge") && !output.stdout.contains("AWSBADGE"),
            "{shell}: {output:?}"
        );
    }
}

/// fish refuses a file that names a builtin it has not.
#[test]
fn no_builtin_is_named_that_fish_3_2_lacks() {
    let file = include_str!("../../shell/awsbadge.fish");
    let words: Vec<&str> = file
        .lines()
        // What stands after an `eval` is read when it comes to that.
        .filter(|line| !line.trim_start().starts_with('#') && !line.contains("eval '"))
        .flat_map(str::split_whitespace)
        .collect();
    for pair in words.windows(2) {
        if pair[0].trim_start_matches('(') == "builtin" {
            let old = ["complete", "contains", "count", "echo", "printf"];
            assert!(old.contains(&pair[1]), "{pair:?}");
        }
    }
}

/// What a nested shell may find in its environment.
const STALE: [&str; 5] = [
    "AWSBADGE",
    "AWSBADGE_CLASS",
    "AWSBADGE_PROD",
    "POSH_AWSBADGE",
    "POSH_AWSBADGE_CLASS",
];

#[test]
fn what_a_parent_exported_is_not_taken_over() {
    for shell in shells() {
        let home = home();
        let mut builder = home.term(shell);
        for name in STALE {
            builder = builder.env(name, "stale");
        }
        let term = builder.open(&shell.rc("--prompt left"));
        term.type_line("env | grep stale");
        assert_eq!(term.screen().trim_end(), "> env | grep stale\n>", "{shell}");
        // Nor does it stay exported once it is set again.
        term.type_line("asp dev");
        term.type_line("clear");
        term.type_line("env | grep -E '^(POSH_)?AWSBADGE|^_awsbadge'");
        assert_eq!(
            term.screen().trim_end(),
            "aws:dev keys > env | grep -E '^(POSH_)?AWSBADGE|^_awsbadge'\naws:dev keys >",
            "{shell}"
        );
    }
}

#[test]
fn a_shell_that_takes_the_place_of_another_starts_afresh() {
    for shell in shells() {
        let home = home();
        let term = home.term(shell).open(&shell.rc("--prompt left --export"));
        term.type_line("asp dev");
        let again = match shell {
            Shell::Zsh => "exec zsh -d -i",
            Shell::Bash => "exec bash --noprofile -i",
            Shell::Fish => "exec fish -i",
        };
        for line in [again, again.strip_prefix("exec ").unwrap()] {
            term.type_line(line);
            term.type_line("");
            assert_eq!(term.last_line(), "aws:dev keys >", "{shell}: {line}");
            term.type_line("asp");
            term.type_line("env | grep -c AWSBADGE");
            assert_eq!(term.last_line(), ">", "{shell}: {line}");
            assert!(term.screen().contains("\n0\n"), "{shell}: {line}");
            term.type_line("asp dev");
        }
    }
}

#[test]
fn the_line_twice_works_once() {
    for shell in shells() {
        let home = home();
        let line = shell.rc("--prompt left");
        let term = home.term(shell).open(&format!("{line}{line}"));
        term.type_line("asp dev");
        assert_eq!(term.last_line(), "aws:dev keys >", "{shell}");
        term.type_line(line.trim_end());
        term.type_line("");
        assert_eq!(term.last_line(), "aws:dev keys >", "{shell}");
        if shell == Shell::Fish {
            continue;
        }
        let count = match shell {
            Shell::Zsh => "print -l $precmd_functions | grep -c awsbadge_precmd",
            _ => "printf '%s\\n' \"${PROMPT_COMMAND[@]}\" | grep -c awsbadge_precmd",
        };
        term.type_line("clear");
        term.type_line(count);
        assert_eq!(term.screen().lines().nth(1), Some("1"), "{shell}");
    }
}

#[test]
fn a_subshell_asks_nothing() {
    for shell in shells() {
        // fish has none.
        if shell == Shell::Fish {
            continue;
        }
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let term = hook.open(&[]);
        let line = format!(
            "( {}; _awsbadge_precmd )",
            export(shell, "AWS_PROFILE", "other")
        );
        term.type_line(&line);
        assert_eq!(hook.asked(), 1, "{shell}");
    }
}

#[test]
fn an_interrupt_at_a_refresh_leaves_a_usable_prompt() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 47m"));
        let term = hook.open(&[("prompt", "left")]);
        hook.home.stub(
            "awsbadge",
            "echo hanging > \"${0%/bin/*}/hanging\"; exec sleep 1000",
        );
        term.type_text(&export(shell, "AWS_PROFILE", "other"));
        term.keys(&["Enter"]);
        while hook.home.read("hanging").is_none() {
            std::thread::yield_now();
        }
        term.keys(&["C-c"]);
        if shell == Shell::Fish {
            // It interrupts the whole prompt, which fish then leaves empty.
            term.wait_for("'other'");
            term.keys(&["Enter"]);
        }
        term.wait_until("the prompt after an interrupt", |screen| {
            screen.trim_end().ends_with("aws:other ? >")
        });
        if !remembers(shell) {
            continue;
        }
        // It is not tried again at once.
        term.type_line("echo \"$AWS_PROFILE\"");
        assert_eq!(term.last_line(), "aws:other ? >", "{shell}");
        assert_eq!(hook.asked(), 2, "{shell}");
    }
}

#[test]
fn a_restricted_bash_has_its_badge() {
    if !shells().contains(&Shell::Bash) {
        return;
    }
    let home = home();
    std::os::unix::fs::symlink(binary(), home.path().join("bin/awsbadge")).unwrap();
    let term = home
        .term(Shell::Bash)
        .env("AWS_PROFILE", "dev")
        .open(&format!("{}set -r\n", Shell::Bash.rc("--prompt left")));
    term.type_line("asp other");
    term.type_line("cd /");
    assert_eq!(term.last_line(), "aws:other keys >");
    let screen = term.screen();
    assert_eq!(
        screen.matches("restricted").count(),
        1,
        "only our own cd: {screen}"
    );
}

#[test]
fn a_dumb_terminal_gets_plain_text() {
    for shell in shells() {
        for (name, value) in [("TERM", "dumb"), ("NO_COLOR", "1")] {
            let home = home();
            let term = home.term(shell).open(&format!(
                "{}\n{}asp dev\n",
                export(shell, name, value),
                shell.rc("--prompt left")
            ));
            term.type_line("");
            assert!(
                term.last_line().starts_with("aws:dev keys >"),
                "{shell}: {}",
                term.screen()
            );
            let coloured = term.coloured_screen();
            let line = coloured
                .lines()
                .rev()
                .find(|l| l.contains("aws:dev"))
                .unwrap();
            assert!(line.starts_with("aws:dev keys >"), "{shell}: {line:?}");
        }
    }
}

/// A hook that changes the environment, as direnv's and mise's do, and a theme that reads the badge, as hooks.
#[test]
fn the_badge_is_right_behind_direnv_and_before_a_theme() {
    let shells = shells();
    let lists = bash_with_lists();
    let setter = "_direnv_hook() { export AWS_PROFILE=${PWD##*/}; }\n";
    // In one text a theme is known by its name.
    let theme = "_theme() { SEEN=${AWSBADGE-none}; }\n_theme_with_PS1() { _theme; }\n";
    let orders: &[(Shell, &str, &str, &str)] = &[
        // Shell, before our line, after it, what it is about.
        (
            Shell::Zsh,
            "precmd_functions=(_direnv_hook _theme)",
            "",
            "both were there",
        ),
        (
            Shell::Zsh,
            "precmd_functions=(_theme)",
            "precmd_functions=(_direnv_hook $precmd_functions)",
            "direnv came later",
        ),
        (
            Shell::Zsh,
            "",
            "precmd_functions+=(_theme); precmd_functions=(_direnv_hook $precmd_functions)",
            "both came later",
        ),
        (
            Shell::Zsh,
            "precmd_functions=(_theme)",
            "precmd_functions+=(_direnv_hook)",
            "direnv came last",
        ),
        (
            Shell::Bash,
            "PROMPT_COMMAND='_direnv_hook;_theme_with_PS1'",
            "",
            "both were there, as one text",
        ),
        (
            Shell::Bash,
            "PROMPT_COMMAND=_theme_with_PS1",
            "PROMPT_COMMAND=\"_direnv_hook;$PROMPT_COMMAND\"",
            "direnv came later, as one text",
        ),
        (
            Shell::Bash,
            "PROMPT_COMMAND=(_direnv_hook _theme)",
            "",
            "both were there, as a list",
        ),
        (
            Shell::Bash,
            "PROMPT_COMMAND=_theme",
            "PROMPT_COMMAND=(_direnv_hook \"${PROMPT_COMMAND[@]}\")",
            "direnv came later",
        ),
        (
            Shell::Bash,
            "",
            "PROMPT_COMMAND+=(_theme); PROMPT_COMMAND=(_direnv_hook \"${PROMPT_COMMAND[@]}\")",
            "both came later",
        ),
    ];
    for (shell, before, after, what) in orders {
        let list = before.contains("COMMAND=(")
            || after.contains("COMMAND+=(")
            || after.contains("COMMAND=(");
        if !shells.contains(shell) || (*shell == Shell::Bash && list && !lists) {
            continue;
        }
        let home = home();
        for name in ["dev", "other"] {
            std::fs::create_dir(home.path().join(name)).unwrap();
        }
        let term = home.term(*shell).open(&format!(
            "{setter}{theme}{before}\n{}{after}\n",
            shell.rc("")
        ));
        for folder in ["dev", "../other", "../dev"] {
            term.type_line(&format!("cd {folder}"));
            term.type_line("clear");
            term.type_line("echo \"$SEEN\"");
            let name = folder.trim_start_matches("../");
            assert_eq!(
                term.screen().lines().nth(1),
                Some(format!("aws:{name} keys").as_str()),
                "{shell}: {what}"
            );
        }
    }
}

#[test]
fn the_badge_is_right_at_the_very_prompt_at_which_direnv_changes_the_profile() {
    for shell in shells() {
        if !installed(&["direnv"]) {
            return;
        }
        let direnv_line = match shell {
            Shell::Fish => "direnv hook fish | source\n".to_owned(),
            _ => format!("eval \"$(direnv hook {shell})\"\n"),
        };
        let awsbadge_line = shell.rc("--prompt left");
        for (before, after, order) in [
            (direnv_line.as_str(), awsbadge_line.as_str(), "direnv first"),
            (&awsbadge_line, &direnv_line, "awsbadge first"),
        ] {
            let home = home();
            let path = home.path().join("project");
            home.file("project/.envrc", "export AWS_PROFILE=dev\n");
            let term = home
                .term(shell)
                .env("DIRENV_LOG_FORMAT", "")
                .open(&format!("{before}{after}"));
            let allow = |to: &str, hours, wanted: &str| {
                home.file("project/.envrc", format!("export AWS_PROFILE={to}\n"));
                // direnv compares whole seconds.
                age(&home.path().join("project/.envrc"), hours);
                term.type_line(&format!(
                    "direnv allow {}",
                    shell.quote(path.to_str().unwrap())
                ));
                assert_eq!(term.last_line(), wanted, "{shell}: {order}");
            };
            allow("dev", 3, ">");
            for (folder, wanted) in [
                ("project", "aws:dev keys >"),
                ("..", ">"),
                ("project", "aws:dev keys >"),
            ] {
                term.type_line(&format!("cd {folder}"));
                assert_eq!(term.last_line(), wanted, "{shell}: {order}: {folder}");
            }
            // Without another directory.
            allow("other", 2, "aws:other keys >");
            allow("dev", 1, "aws:dev keys >");
            // At the first prompt of all.
            let term = home
                .term(shell)
                .env("DIRENV_LOG_FORMAT", "")
                .open(&format!("{before}{after}cd project\n"));
            assert_eq!(term.last_line(), "aws:dev keys >", "{shell}: {order}");
        }
    }
}

/// bash-preexec makes one list of its own of all hooks; it may come before us or behind us.
#[test]
fn bash_preexec_has_the_badge_and_calls_its_hooks_as_before() {
    if !shells().contains(&Shell::Bash) {
        return;
    }
    let Some(file) = given("AWSBADGE_BASH_PREEXEC") else {
        unreachable("AWSBADGE_BASH_PREEXEC names no bash-preexec.sh");
        return;
    };
    let preexec_line = format!("source {}\n", Shell::Bash.quote(file.to_str().unwrap()));
    let awsbadge_line = Shell::Bash.rc("--prompt left");
    for (before, after, order) in [
        (
            preexec_line.as_str(),
            awsbadge_line.as_str(),
            "bash-preexec first",
        ),
        (&awsbadge_line, &preexec_line, "awsbadge first"),
    ] {
        // Before 0.5 it knows no PROMPT_COMMAND that is a list: docs/prompts.md says to put it first.
        let knows_lists = std::fs::read_to_string(&file)
            .unwrap()
            .contains("bash_preexec_imported");
        if order == "awsbadge first" && !knows_lists && Shell::Bash.version() >= 501 {
            continue;
        }
        let home = home();
        let term = home.term(Shell::Bash).open(&format!(
            "{before}{after}precmd() {{ SEEN=$?; }}\npreexec() {{ echo \"about to: $1\"; }}\n"
        ));
        // The first command of all is none to bash-preexec 0.6 where PROMPT_COMMAND is a list, whoever made it one.
        term.type_line("clear");
        let mut typed = 0;
        for (line, wanted) in [
            ("export AWS_PROFILE=dev", "aws:dev keys >"),
            ("asp other", "aws:other keys >"),
            ("true; asp", ">"),
            ("export AWS_PROFILE=dev; false", "aws:dev keys >"),
        ] {
            term.type_line(line);
            typed += 1;
            assert_eq!(term.last_line(), wanted, "{order}: {line}");
        }
        term.type_line("echo \"seen $SEEN\"");
        typed += 1;
        let screen = term.screen();
        assert!(screen.contains("\nseen 1\n"), "{order}: {screen}");
        let said = screen.lines().filter(|line| line.starts_with("about to: "));
        assert_eq!(said.count(), typed, "{order}: {screen}");
        assert!(!screen.contains("_awsbadge"), "{order}: {screen}");
    }
}

/// What follows ours in the list of hooks sees the status of the user's command.
#[test]
fn hooks_behind_ours_see_the_status() {
    let lists = bash_with_lists();
    for (shell, later) in [
        (
            Shell::Zsh,
            "_later() { SEEN=$?,$pipestatus; }; precmd_functions+=(_later)",
        ),
        (
            Shell::Bash,
            "_later() { SEEN=$?,${PIPESTATUS[*]}; }; PROMPT_COMMAND+=(_later)",
        ),
    ] {
        if !shells().contains(&shell) || (shell == Shell::Bash && !lists) {
            continue;
        }
        let home = home();
        let term = home
            .term(shell)
            .open(&format!("{}{later}\n", shell.rc("--prompt left")));
        for before in ["true", "asp dev"] {
            term.type_line(before);
            term.type_line("clear");
            term.type_line("true | false");
            term.type_line("echo \"$SEEN\"");
            assert_eq!(term.screen().lines().nth(2), Some("1,0 1"), "{shell}");
        }
    }
}

/// The screen of a terminal that has only ever shown prompts.
#[track_caller]
fn only_prompts(term: &Term<'_>) {
    let screen = term.screen();
    assert!(
        screen.trim_end().lines().all(|line| line.ends_with('>')),
        "{screen}"
    );
}

#[test]
fn nothing_is_printed_when_a_shell_starts() {
    for shell in shells() {
        for options in [
            "",
            "--prompt left",
            "--prompt right",
            "--export",
            "--live --psvar 30 --omz",
            "--cmd aws_p",
        ] {
            if options.contains("--omz") && shell != Shell::Zsh {
                continue;
            }
            let home = home();
            let term = home.term(shell).open(&shell.rc(options));
            term.type_line("");
            only_prompts(&term);
        }
        // Not even where PROMPT_COMMAND can't be changed.
        if shell == Shell::Bash {
            let home = home();
            let line = shell.rc("--prompt left");
            let term = home
                .term(shell)
                .open(&format!("readonly PROMPT_COMMAND\n{line}after=1\n"));
            only_prompts(&term);
            term.type_line("echo \"$after\"");
            assert!(term.screen().contains("\n1\n"), "the start-up file goes on");
        }
    }
}
