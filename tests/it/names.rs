//! A profile may have any name, and whoever wrote the file chose it. Every name comes out of `use` and `eval`
//! byte for byte, stands on the screen as it is written, and none of them ever runs.

use crate::support::{Home, Shell, binary, installed};
use unicode_width::UnicodeWidthStr as _;

/// Names that mean something to a shell, to a prompt, to `getopt`, or to whoever splits a line. Each that could
/// run something makes a file `canary` in the current directory.
pub(crate) const NAMES: [&str; 58] = [
    "plain",
    "with space",
    "two  spaces",
    "it's",
    "'",
    "''",
    "'$(touch canary)'",
    "say \"hi\"",
    "\"",
    "\"$(touch canary)\"",
    "$(touch canary)",
    "`touch canary`",
    "${x:=$(touch canary)}",
    "$((a[$(touch canary)]))",
    "$HOME",
    "$",
    "$$",
    "(touch canary)",
    "{ touch canary; }",
    "\\'(touch canary)\\'",
    "x\\''; touch canary;#",
    "\\",
    "\\\\",
    "ends in \\",
    "a\\nb\\tc\\e[31m",
    "\\u\\w\\$\\!",
    "\\[\\e[31m\\]",
    "%",
    "%%",
    "100%",
    "%n%m%~",
    "%F{red}x",
    "%D{x}%v%1v",
    "%(?.a.b)",
    "%{x%}",
    ";",
    "a;touch canary",
    "a&touch canary&",
    "a|touch canary",
    "a>canary",
    "<(touch canary)",
    "=(touch canary)",
    "=ls",
    "!!",
    "a!b",
    "^a^b",
    "*",
    "?",
    "a[bc",
    "{a,b}",
    "~",
    "~root/x",
    "#x",
    "-rf",
    "--help",
    "a=b:c@d,e+f",
    "Zürich 東京",
    "🚀 rocket",
];

/// A home whose credentials file has every name.
fn home() -> Home {
    let home = Home::new();
    let sections = NAMES
        .map(|name| format!("[{name}]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"));
    home.credentials(&sections.concat());
    home.file("names", NAMES.join("\n") + "\n");
    home
}

#[track_caller]
fn nothing_ran(home: &Home, what: &str) {
    assert!(home.read("canary").is_none(), "{what}: a name was run");
}

/// Switches to every name in one shell, and prints what a program then finds in its environment.
fn switch_to_all(shell: Shell) -> String {
    let awsbadge = shell.quote(binary().to_str().unwrap());
    match shell {
        Shell::Zsh | Shell::Bash => format!(
            "while IFS= read -r name; do\n\
             statements=\"$({awsbadge} use --shell {shell} -- \"$name\")\" || exit\n\
             eval \"$statements\"\n\
             printenv AWS_PROFILE AWS_DEFAULT_PROFILE AWS_EB_PROFILE\n\
             done < names\n"
        ),
        Shell::Fish => format!(
            "for name in (cat names)\n\
             {awsbadge} use --shell fish -- $name | source\n\
             printenv AWS_PROFILE AWS_DEFAULT_PROFILE AWS_EB_PROFILE\n\
             end\n"
        ),
    }
}

#[test]
fn a_name_comes_out_of_eval_byte_for_byte() {
    // Whatever a start-up file may have done to the shell before.
    let aliases = "for word in export unset set typeset declare local builtin command; do\n\
                   alias $word='touch canary; true'; done\n";
    let functions =
        "export() { touch canary; }; unset() { touch canary; }; typeset() { touch canary; }\n";
    let bash_aliases = format!("shopt -s expand_aliases\n{aliases}");
    let cases: [(Shell, &[&str]); 3] = [
        (
            Shell::Zsh,
            &[
                "",
                "export LC_ALL=C\n",
                aliases,
                functions,
                "IFS='xA= '$'\\n'\n",
                "set -eu\n",
                "set -fCak\n",
                "setopt ksharrays shwordsplit globsubst\n",
                "setopt extendedglob nullglob bareglobqual kshglob cshnullglob noequals\n",
                "setopt rcquotes cshjunkiequotes ignorebraces braceccl histsubstpattern\n",
                "setopt posixbuiltins warncreateglobal rcexpandparam promptsubst\n",
                "emulate sh\n",
                "emulate ksh\n",
                "emulate csh\n",
            ],
        ),
        (
            Shell::Bash,
            &[
                "",
                "export LC_ALL=C\n",
                &bash_aliases,
                functions,
                "IFS='xA= '$'\\n'\n",
                "set -euo pipefail\n",
                "set -fCaH\n",
                "set -o posix\n",
                // bash 3.2 has no globstar.
                "shopt -s extglob nullglob nocaseglob dotglob xpg_echo; shopt -s globstar 2>/dev/null\n",
                "shopt -s failglob compat31\n",
            ],
        ),
        (
            Shell::Fish,
            &[
                "",
                "set -gx LC_ALL C\n",
                "set -g IFS xA\n",
                "function export; touch canary; end\n",
            ],
        ),
    ];
    let wanted: String = NAMES.map(|name| format!("{name}\n").repeat(3)).concat();
    let home = home();
    for shell in Shell::installed() {
        let (_, preludes) = cases.iter().find(|(of, _)| *of == shell).unwrap();
        for prelude in *preludes {
            println!("{shell} after {prelude:?}");
            let script = format!("{prelude}{}", switch_to_all(shell));
            home.script(shell, &script).stdout(&wanted).check();
            nothing_ran(&home, &format!("{shell} after {prelude:?}"));
        }
    }
}

#[test]
fn a_name_that_no_variable_should_hold_is_refused() {
    let home = home();
    for name in [
        "a\nb",
        "a\tb",
        "\x1b[31mred",
        "a\x7f",
        "a\u{9b}b",
        "\r",
        "\x01x\x02",
    ] {
        for shell in ["zsh", "bash", "fish"] {
            let run = home.run(["use", "--shell", shell, "--", name]).output();
            assert_eq!(
                (run.stdout.as_str(), run.code),
                ("", 6),
                "{name:?}: {}",
                run.stderr
            );
            let raw = run
                .stderr
                .trim_end_matches('\n')
                .chars()
                .find(|c| c.is_control() && *c != '\n');
            assert_eq!(raw, None, "{name:?} is shown raw: {:?}", run.stderr);
        }
    }
}

/// A prompt with the badge in it, in one of the ways that the documentation offers.
struct Form {
    shell: Shell,
    /// The end of the start-up file.
    rc: String,
    /// The badge stands at the right edge.
    right: bool,
    /// What switches to the profile `$name`.
    switch: &'static str,
}

fn forms(shell: Shell) -> Vec<Form> {
    let awsbadge = shell.quote(binary().to_str().unwrap());
    let hook = |options: &str, rest: &str| format!("{}{rest}", shell.rc(options));
    let form = |rc: String, switch| Form {
        shell,
        rc,
        right: false,
        switch,
    };
    let at_right = |rc: String, switch| Form {
        right: true,
        ..form(rc, switch)
    };
    match shell {
        Shell::Zsh => vec![
            form(hook("--prompt left", ""), "asp -- $name"),
            at_right(hook("--prompt right", ""), "asp -- $name"),
            form(
                hook("--psvar 97", "PROMPT='%97v > '$_term_mark\n"),
                "export AWS_PROFILE=$name",
            ),
            form(
                hook(
                    "",
                    "setopt prompt_subst\nPROMPT='${AWSBADGE//\\%/%%} > '$_term_mark\n",
                ),
                "export AWS_PROFILE=$name",
            ),
            form(
                format!(
                    "setopt prompt_subst\nPROMPT=\"\\$({awsbadge} prompt --shell zsh) > $_term_mark\"\n"
                ),
                "export AWS_PROFILE=$name",
            ),
        ],
        Shell::Bash => vec![
            form(hook("--prompt left", ""), "asp -- \"$name\""),
            form(
                hook("", "PS1='${AWSBADGE} > '$_term_mark\n"),
                "export AWS_PROFILE=$name",
            ),
            form(
                format!("PS1=\"\\$({awsbadge} prompt --shell bash) > $_term_mark\"\n"),
                "export AWS_PROFILE=$name",
            ),
        ],
        Shell::Fish => vec![
            form(hook("--prompt left", ""), "asp -- $name"),
            at_right(hook("--prompt right", ""), "asp -- $name"),
            form(
                hook(
                    "",
                    "function fish_prompt; echo -n \"$AWSBADGE > \"; _term_mark; end\n",
                ),
                "set -gx AWS_PROFILE $name",
            ),
            form(
                format!(
                    "function fish_prompt; echo -n ({awsbadge} prompt --shell fish)' > '; _term_mark; end\n"
                ),
                "set -gx AWS_PROFILE $name",
            ),
        ],
    }
}

/// A function that goes to the next of the names at every call.
fn next(form: &Form) -> String {
    let switch = form.switch;
    match form.shell {
        Shell::Zsh => format!(
            "names=(\"${{(@f)$(<names)}}\"); next() {{ name=$names[1]; shift names; {switch}; }}\n"
        ),
        Shell::Bash => format!(
            "names=(); while IFS= read -r name; do names+=(\"$name\"); done < names; next() {{ name=${{names[0]}}; names=(\"${{names[@]:1}}\"); {switch}; }}\n"
        ),
        Shell::Fish => format!(
            "set -g names (cat names); function next; set -g name $names[1]; set -e names[1]; {switch}; end\n"
        ),
    }
}

#[test]
fn a_name_stands_in_the_prompt_as_it_is_written() {
    for shell in Shell::installed() {
        if !installed(&["tmux"]) {
            return;
        }
        for form in forms(shell) {
            let home = home();
            let term = home
                .term(shell)
                .open(&format!("{}{}", form.rc, next(&form)));
            for name in NAMES {
                let badge = format!("aws:{name} keys");
                let what = format!("{badge:?} in the prompt of {shell} with {}", form.rc);
                term.type_line("next");
                if form.right {
                    let wanted = |line: &str| {
                        line.starts_with('>') && line.trim_end().ends_with(&format!(" {badge}"))
                    };
                    term.wait_until(&what, |screen| {
                        screen.trim_end().lines().last().is_some_and(wanted)
                    });
                    continue;
                }
                let prompt = format!("{badge} >");
                term.wait_until(&what, |screen| {
                    screen.trim_end().lines().last() == Some(&prompt)
                });
                // The shell knows how wide its prompt is: it finds the way back to the start of the line.
                term.type_text("x");
                term.keys(&["C-a"]);
                let column = u16::try_from(prompt.width() + 1).unwrap();
                term.wait_for_column(column, &what);
                term.keys(&["C-k"]);
            }
            nothing_ran(&home, &format!("{shell} with {}", form.rc));
        }
    }
}
