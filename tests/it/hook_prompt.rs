//! The badge in the prompt, in the environment and in tmux: verbatim, coloured, of the right width.

use crate::hook_stub::{Answer, Hook, export, shells, unset};
use crate::support::{Shell, Term, installed, unreachable};

/// Text that a prompt or a shell might expand. (The program lets no control character through.)
const HOSTILE: [&str; 12] = [
    "$(touch pwned)",
    "`touch pwned`",
    "%F{red}%n%(?.x.y)%D{%s}%1v%B",
    "\\u\\w\\$\\[\\e[31m\\]\\n",
    "${HOME}$HOME$$!!",
    "'; touch pwned; '",
    "\"; touch pwned; \"",
    "#[fg=red]#{pid}#(touch pwned)",
    "100%",
    "a\\",
    "${x:=$(touch pwned)}$((a[$(touch pwned)]))",
    "*?[a-z]~ {a,b} -n",
];

/// Wide and narrow letters, and the columns that they take.
const WIDE: [(&str, u16); 3] = [("aws:日本 5h", 11), ("aws:dév 47m↻", 12), ("aws:x", 5)];

fn hostile(test: impl Fn(&Hook, &str)) {
    for shell in shells() {
        for text in HOSTILE {
            let hook = Hook::new(shell, &Answer::new(text).watch("/".into()));
            test(&hook, text);
            assert!(!hook.path("pwned").exists(), "{shell}: {text}");
        }
    }
}

/// Two prompts, typed into, show `text` and then what the user has.
#[track_caller]
fn shows(term: &Term<'_>, text: &str, what: &str) {
    for _ in 0..2 {
        term.type_line("");
        assert_eq!(term.last_line(), format!("{text} >"), "{what}");
    }
}

#[test]
fn hostile_text_stands_in_the_prompt_as_it_is() {
    hostile(|hook, text| {
        let term = hook.open(&[("prompt", "left")]);
        shows(&term, text, &hook.shell.to_string());
        // The cursor is where the shell takes it to be: what is typed stands right behind.
        term.type_text("echo typed");
        let column = text.chars().count() + " > echo typed".len();
        term.wait_for_column(column.try_into().unwrap(), text);
        term.wait_for(&format!("{text} > echo typed"));
    });
}

#[test]
fn hostile_text_is_inert_in_zsh_whatever_its_prompt_options_are() {
    if !installed(&["tmux", "zsh"]) {
        return;
    }
    for options in [
        "setopt prompt_subst prompt_bang",
        "unsetopt prompt_subst",
        "setopt ksh_arrays prompt_subst",
    ] {
        for text in HOSTILE {
            let hook = Hook::new(Shell::Zsh, &Answer::new(text));
            let term = hook.open(&[("prompt", "left")]);
            term.type_line(options);
            shows(&term, text, options);
            assert!(!hook.path("pwned").exists(), "{options}: {text}");
        }
    }
}

#[test]
fn hostile_text_is_inert_in_the_right_prompt() {
    for shell in [Shell::Zsh, Shell::Fish] {
        if !shells().contains(&shell) {
            continue;
        }
        for text in HOSTILE {
            let hook = Hook::new(shell, &Answer::new(text));
            let term = hook.open(&[("prompt", "right")]);
            term.type_text("echo typed");
            term.wait_until(text, |screen| {
                let line = screen.trim_end();
                line.starts_with("> echo typed  ") && line.ends_with(text)
            });
            term.wait_for_column(12, text);
            assert!(!hook.path("pwned").exists(), "{shell}: {text}");
        }
    }
}

#[test]
fn bash_without_promptvars_shows_no_badge_rather_than_its_reference() {
    if !installed(&["tmux", "bash"]) {
        return;
    }
    let hook = Hook::new(Shell::Bash, &Answer::new("aws:dev"));
    let term = hook.open(&[("prompt", "left")]);
    term.type_line("shopt -u promptvars; PS1=\"> $_term_mark\"");
    term.type_line("true");
    assert_eq!(term.last_line(), ">");
    term.type_line("shopt -s promptvars");
    assert_eq!(term.last_line(), "aws:dev >");
}

#[test]
fn wide_letters_take_their_columns() {
    for shell in shells() {
        for (text, columns) in WIDE {
            let hook = Hook::new(shell, &Answer::new(text));
            let term = hook.open(&[("prompt", "left")]);
            term.type_text("x");
            term.wait_for(&format!("{text} > x"));
            term.wait_for_column(columns + 4, text);
        }
    }
}

#[test]
fn a_line_longer_than_the_terminal_is_edited_in_the_right_place() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev 47m").class("prod"));
        let term = hook
            .home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .size(40, 10)
            .open(&hook.rc(&[("prompt", "left")]));
        // "aws:dev 47m > " and 40 letters: the second line has 14.
        term.type_text("echo abcdefghijklmnopqrstuvwxyz 123456789");
        term.wait_for_column(14 + 40 + 1 - 40, "after a wrapped line");
        term.keys(&["C-a"]);
        term.wait_for_column(14, "at the line's start");
    }
}

#[test]
fn a_prompt_that_begins_with_an_empty_line_keeps_it() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let prompt = match shell {
            Shell::Zsh => "PROMPT=$'\\n'$PROMPT\n",
            Shell::Bash => "PS1='\\n'$PS1\n",
            Shell::Fish => {
                "functions -c fish_prompt plain\nfunction fish_prompt\necho\nplain\nend\n"
            }
        };
        let term = hook
            .home
            .term(shell)
            .env("AWS_PROFILE", "dev")
            .open(&format!("{prompt}{}", hook.rc(&[("prompt", "left")])));
        term.type_line("true");
        assert_eq!(
            term.screen().trim_end(),
            "\naws:dev > true\n\naws:dev >",
            "{shell}"
        );
    }
}

#[test]
fn a_theme_that_sets_the_prompt_anew_keeps_the_badge() {
    if !installed(&["tmux", "zsh", "bash"]) {
        return;
    }
    for (shell, theme) in [
        (
            Shell::Zsh,
            "_theme() { psvar=(x); PROMPT=\"> $_term_mark\"; }; precmd_functions+=(_theme)",
        ),
        (
            Shell::Zsh,
            "precmd() { psvar=(x); PROMPT=\"> $_term_mark\"; }",
        ),
        (
            Shell::Bash,
            "_theme() { PS1=\"> $_term_mark\"; }; PROMPT_COMMAND=_theme",
        ),
    ] {
        for theme_first in [true, false] {
            let hook = Hook::new(shell, &Answer::new("aws:dev"));
            // One that comes later in bash is last.
            if shell == Shell::Bash && !theme_first {
                continue;
            }
            let rc = hook.rc(&[("prompt", "left")]);
            let rc = if theme_first {
                format!("{theme}\n{rc}")
            } else {
                format!("{rc}{theme}\n")
            };
            let term = hook.home.term(shell).env("AWS_PROFILE", "dev").open(&rc);
            shows(&term, "aws:dev", &format!("{shell}: {theme}"));
        }
    }
}

#[test]
fn the_users_prompt_in_fish_sees_the_status() {
    if !shells().contains(&Shell::Fish) {
        return;
    }
    for side in ["left", "right"] {
        let hook = Hook::new(Shell::Fish, &Answer::new("aws:dev"));
        let prompts = "function fish_prompt\n  printf '%s/%s> ' $status \"$pipestatus\"\n  _term_mark\nend\n\
                       function fish_right_prompt\n  printf '%s/%s' $status \"$pipestatus\"\nend\n";
        let term = hook
            .home
            .term(Shell::Fish)
            .env("AWS_PROFILE", "dev")
            .open(&format!("{prompts}{}", hook.rc(&[("prompt", side)])));
        term.type_line("true | false");
        term.wait_until(side, |screen| {
            let line = screen
                .trim_end()
                .lines()
                .last()
                .unwrap_or_default()
                .to_owned();
            line.matches("1/0 1").count() == 2 && line.matches("aws:dev").count() == 1
        });
    }
}

#[test]
fn a_transient_prompt_of_fish_has_no_badge() {
    if !shells().contains(&Shell::Fish) {
        return;
    }
    let hook = Hook::new(Shell::Fish, &Answer::new("aws:dev"));
    let term = hook.open(&[("prompt", "left")]);
    if Shell::Fish.version() >= 401 {
        term.type_line("set -g fish_transient_prompt 1");
        term.type_line("echo hi");
        let screen = term.wait_for("\n> echo hi\nhi\naws:dev >");
        assert_eq!(screen.matches("aws:dev").count(), 2, "{screen}");
    }
    // As fish calls it for one.
    term.type_line("clear");
    term.type_line("echo (fish_prompt --final-rendering | string replace -ar '\\e.*' '')'|'");
    assert_eq!(term.screen().lines().nth(1), Some("> |"));
}

#[test]
fn slots_of_psvar_hold_the_badge_by_class() {
    if !installed(&["tmux", "zsh"]) {
        return;
    }
    let hook = Hook::new(Shell::Zsh, &Answer::new("aws:dev"));
    let term = hook.open(&[("psvar", "30")]);
    term.type_line("setopt ksh_arrays");
    for (class, slot) in [
        ("ok", 30),
        ("warn", 31),
        ("expired", 32),
        ("prod", 33),
        ("unknown", 34),
    ] {
        hook.answer(&Answer::new("aws:%n").class(class));
        // Whoever empties it in between.
        term.type_line(&format!("export AWS_REGION={class}; psvar=(mine)"));
        term.type_line("clear");
        let slots: String = (30..35).map(|n| format!("[%{n}v]")).collect();
        term.type_line(&format!("print -P '%1v {slots}'"));
        let wanted: String = (30..35)
            .map(|n| if n == slot { "[aws:%n]" } else { "[]" })
            .collect();
        assert_eq!(
            term.screen().lines().nth(1),
            Some(format!("mine {wanted}").as_str()),
            "{class}"
        );
    }
    // Without a badge none, and the prompt is the user's own.
    hook.answer(&Answer::new(""));
    term.type_line("unset AWS_PROFILE");
    term.type_line("clear");
    term.type_line("print -r -- \"<${psvar[*]:29:5}>\"");
    assert_eq!(
        term.screen().lines().next(),
        Some("> print -r -- \"<${psvar[*]:29:5}>\"")
    );
    assert_eq!(
        term.screen().lines().nth(1).map(|l| l.replace(' ', "")),
        Some("<>".to_owned())
    );
}

#[test]
fn exported_is_set_or_unset_and_never_empty() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:dev"));
        let term = hook.open(&[("export", "1")]);
        for class in ["ok", "warn", "expired", "prod", "unknown"] {
            hook.answer(&Answer::new("aws:%n $x").class(class));
            term.type_line(&export(shell, "AWS_REGION", class));
            term.type_line("clear");
            term.type_line("env | grep -E '^(POSH_)?AWSBADGE' | sort");
            let upper = class.to_uppercase();
            let wanted = format!(
                "AWSBADGE=aws:%n $x\nAWSBADGE_CLASS={class}\nAWSBADGE_{upper}=aws:%n $x\n\
                 POSH_AWSBADGE=aws:%n $x\nPOSH_AWSBADGE_CLASS={class}\nPOSH_AWSBADGE_{upper}=aws:%n $x\n>"
            );
            let screen = term.screen();
            assert_eq!(
                screen.trim_end().split_once('\n').unwrap().1,
                wanted,
                "{shell}"
            );
        }
        hook.answer(&Answer::new(""));
        term.type_line(&unset(shell, "AWS_PROFILE"));
        term.type_line("clear");
        term.type_line("env | grep -cE '^(POSH_)?AWSBADGE'");
        assert_eq!(term.screen().lines().nth(1), Some("0"), "{shell}");
    }
}

#[test]
fn tmux_is_told_when_the_text_changed() {
    for shell in shells() {
        let hook = Hook::new(shell, &Answer::new("aws:#[fg=red]#{pid} 100%"));
        // What a user of tmux would have in the status line.
        let term = hook.open(&[("export", "1")]);
        let status = "tmux set -g status on; tmux set -g status-right '<#{@awsbadge}>'";
        term.type_line(status);
        let command = "tmux display -p '<#{@awsbadge}>'";
        let shows = |wanted: &str| {
            term.type_line("clear");
            term.type_line(command);
            assert_eq!(term.screen().lines().nth(1), Some(wanted), "{shell}");
        };
        shows("<aws:##[fg=red]##{pid} 100%>");
        // Text that did not change is not told again: what somebody else wrote stays.
        term.type_line("tmux set -p @awsbadge other");
        term.type_line(&export(shell, "AWS_REGION", "eu-west-1"));
        shows("<other>");
        hook.answer(&Answer::new("aws:dev"));
        term.type_line(&export(shell, "AWS_REGION", "eu-west-2"));
        shows("<aws:dev>");
        hook.answer(&Answer::new(""));
        term.type_line(&export(shell, "AWS_REGION", "eu-west-3"));
        shows("<>");
    }
}

#[test]
fn a_live_badge_changes_at_its_second_and_leaves_the_line_alone() {
    if !installed(&["tmux", "zsh"]) {
        return;
    }
    let hook = Hook::new(Shell::Zsh, &Answer::new("aws:dev 2m").lasts(2));
    let term = hook.open(&[("prompt", "left"), ("live", "1")]);
    term.type_line("echo first; false");
    hook.answer(&Answer::new("aws:dev 1m").lasts(1));
    term.type_line("export AWS_REGION=eu-west-1; false");
    hook.answer(&Answer::new("aws:dev expired").class("expired"));
    term.type_text("echo \"half");
    term.keys(&["Left"]);
    term.wait_for("aws:dev expired > echo \"half");
    let asked = hook.asked();
    // Nothing is due any more.
    term.type_text("x");
    term.wait_for("echo \"halxf");
    term.keys(&["C-a", "C-k"]);
    term.type_line("sched; echo $?");
    assert_eq!(hook.asked(), asked);
    assert!(
        !term.screen().contains("_awsbadge_tick"),
        "{}",
        term.screen()
    );
}

#[test]
fn a_live_badge_keeps_the_search_in_the_history_and_the_status() {
    if !installed(&["tmux", "zsh"]) {
        return;
    }
    if Shell::Zsh.version() < 508 {
        unreachable("in zsh before 5.8 reset-prompt becomes the last widget, however it is called");
        return;
    }
    let hook = Hook::new(Shell::Zsh, &Answer::new("aws:dev 1m"));
    let before = "autoload -Uz up-line-or-beginning-search; zle -N up-line-or-beginning-search\n\
                  bindkey '^P' up-line-or-beginning-search\n\
                  PROMPT='%? > '$_term_mark\n";
    let term = hook
        .home
        .term(Shell::Zsh)
        .env("AWS_PROFILE", "dev")
        .open(&format!(
            "{before}{}",
            hook.rc(&[("prompt", "left"), ("live", "1")])
        ));
    for line in ["echo a1", "echo b", "echo a2", "echo a3"] {
        term.type_line(line);
    }
    hook.answer(&Answer::new("aws:dev 1m").lasts(2));
    term.type_line("export AWS_REGION=eu-west-1; false");
    hook.answer(&Answer::new("aws:dev 0m"));
    term.type_text("echo a");
    term.keys(&["C-p", "C-p"]);
    term.wait_for("1 > echo a2");
    term.wait_for("aws:dev 0m 1 > echo a2");
    term.keys(&["C-p"]);
    term.wait_for("aws:dev 0m 1 > echo a1");
}

#[test]
fn nothing_is_scheduled_where_nothing_is_shown_or_due() {
    if !installed(&["tmux", "zsh"]) {
        return;
    }
    for answer in [
        Answer::new(""),
        Answer::new("").lasts(600),
        Answer::new("aws:dev keys"),
    ] {
        let hook = Hook::new(Shell::Zsh, &answer);
        let term = hook.open(&[("prompt", "left"), ("live", "1")]);
        term.type_line("sched");
        assert!(!term.screen().contains("_awsbadge"), "{}", term.screen());
    }
    // One that is due is there once, however often it was put there.
    let hook = Hook::new(Shell::Zsh, &Answer::new("aws:dev 9h").lasts(600));
    let term = hook.open(&[("live", "1")]);
    for region in ["a", "b", "c"] {
        term.type_line(&format!("export AWS_REGION={region}"));
    }
    term.type_line("sched +3600 true");
    term.type_line("sched | grep -c _awsbadge_tick; sched | wc -l");
    assert!(term.screen().contains("\n1\n2\n"), "{}", term.screen());
}
