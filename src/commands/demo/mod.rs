//! `demo`: every state of the badge, with sample files in a temporary home directory and the usual code; or a shell to
//! try it in.

mod fixtures;

use super::Output;
use crate::aws::Env;
use crate::aws::env_vars;
use crate::badge::Badge;
use crate::cli::{Demo, Init, ShellName, Side};
use crate::context::Context;
use crate::error::Error;
use crate::hook;
use crate::identity::resolve;
use crate::output::sanitize;
use crate::shell_rc;
use crate::shells::{self, Shell};
use crate::sys::throwaway::Throwaway;
use crate::sys::{self, process, terminal};
use fixtures::{SCENES, furnish};
use std::path::Path;

pub(super) fn run(args: &Demo, vars: &Env) -> Result<Output, Error> {
    let home = Throwaway::new()
        .and_then(|home| furnish(&home, sys::clock::now()).map(|()| home))
        .map_err(|e| Error::General {
            message: format!(
                "the temporary home directory can't be created: {}",
                sys::fs::reason(&e)
            ),
            hint: "make the directory for temporary files (TMPDIR, else /tmp) writable".to_owned(),
        })?;
    match args.shell {
        Some(shell) => play(shell, &home, vars),
        None => Ok(Output::print(show(&home, vars))),
    }
}

/// The environment for the temporary home directory: of the user's variables, only those for the terminal and the
/// language.
fn environment(home: &Throwaway, vars: &Env) -> Env {
    let kept = [
        "PATH",
        "TERM",
        "COLORTERM",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "NO_COLOR",
        "TZ",
        "TMPDIR",
    ];
    let kept: Env = kept
        .iter()
        .filter_map(|name| {
            vars.iter()
                .find(|(k, _)| k == name)
                .map(|(_, value)| (*name, value.to_owned()))
        })
        .collect();
    kept.with("HOME", home.path())
}

fn show(home: &Throwaway, vars: &Env) -> String {
    let base = environment(home, vars);
    let colour = terminal::colour(vars, terminal::output_is_terminal());
    let badges: Vec<(Badge, &str)> = SCENES
        .iter()
        .filter_map(|(pairs, about)| {
            let scene = pairs
                .iter()
                .fold(base.clone(), |vars, (name, value)| vars.with(name, *value));
            resolve::badge(&Context::new(&scene), None, None).map(|badge| (badge, *about))
        })
        .collect();
    let widest = badges
        .iter()
        .map(|(badge, _)| sanitize::width(&badge.text))
        .max()
        .unwrap_or(0);
    let mut out = String::from(
        "Every state of the badge, with sample files in a temporary home directory.\n",
    );
    let installed: Vec<Shell> = demo_order(vars)
        .into_iter()
        .filter(|shell| process::find(shell.name(), vars).is_some())
        .collect();
    // The first shell in full; the others draw the same, which one line of each shows.
    for (nth, shell) in installed.iter().enumerate() {
        let shown = if nth == 0 { badges.len() } else { 1 };
        let segments: Vec<String> = badges[..shown]
            .iter()
            .map(|(badge, _)| {
                let prompt = match shell {
                    Shell::Zsh => Some(shells::Prompt::Zsh),
                    Shell::Bash => Some(shells::Prompt::Bash),
                    _ => None,
                };
                shells::segment(prompt, &badge.text, colour.then(|| badge.class.sgr()))
            })
            .collect();
        let Some(drawn) = draw(*shell, &segments, &base) else {
            continue;
        };
        out += &format!("\nIn {}:\n", shell.name());
        for ((badge, about), line) in badges.iter().zip(&drawn) {
            let gap = " ".repeat(widest - sanitize::width(&badge.text) + 2);
            out += &format!("  {line}{gap}{about}\n");
        }
    }
    let Some(first) = installed.first() else {
        return out + "\nNone of zsh, bash and fish is on the PATH, so no prompt is shown.\n";
    };
    // Only commands that work at this moment.
    let program = if process::find("awsbadge", vars).is_some() {
        "awsbadge".to_owned()
    } else {
        shells::pasted_path(&sys::program(vars).to_string_lossy())
    };
    out + &format!(
        "\nPlay with it: {program} demo --shell {}; leaving that shell removes everything.\n",
        first.name()
    )
}

/// The login shell first.
fn demo_order(vars: &Env) -> Vec<Shell> {
    let mut shells = vec![Shell::Zsh, Shell::Bash, Shell::Fish];
    let own = shell_rc::login_shell(vars);
    shells.sort_by_key(|shell| Some(*shell) != own);
    shells
}

/// The segments as the shell draws them in its prompt, one per line; `None` if the shell is not installed.
fn draw(shell: Shell, segments: &[String], vars: &Env) -> Option<Vec<String>> {
    // Each shell handles the segment as in its prompt: zsh expands it, bash refers to it in PS1, fish prints it.
    let (arguments, script) = match shell {
        Shell::Zsh => (vec!["-f", "-c"], "for s; do print -rP -- \"$s\"; done"),
        Shell::Bash => (
            vec!["--norc", "--noprofile", "-c"],
            "for s; do p='$s'; printf '%s\\n' \"${p@P}\"; done",
        ),
        _ => (vec!["--no-config", "-c"], "for s in $argv; echo -- $s; end"),
    };
    let program = process::find(shell.name(), vars)?;
    let mut words = arguments;
    words.push(script);
    if shell != Shell::Fish {
        words.push(shell.name());
    }
    words.extend(segments.iter().map(String::as_str));
    let ended = process::output(&program, &words, vars).ok()?;
    // bash's markers for text without width are not for the terminal.
    let text = String::from_utf8_lossy(&ended.stdout).replace(['\u{1}', '\u{2}'], "");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    (lines.len() == segments.len()).then_some(lines)
}

/// Opens an interactive shell in the temporary home directory, which is removed when the shell ends.
fn play(shell: ShellName, home: &Throwaway, vars: &Env) -> Result<Output, Error> {
    let name = Shell::from(shell).name();
    let general = |message: String, hint: &str| Error::General {
        message,
        hint: hint.to_owned(),
    };
    if !(terminal::input_is_terminal() && terminal::errors_are_terminal()) {
        return Err(Error::Usage {
            message: "demo --shell needs a terminal".to_owned(),
            hint: "run `awsbadge demo` without `--shell` to print every state".to_owned(),
        });
    }
    let program = process::find(name, vars).ok_or_else(|| {
        general(
            format!("{name} is not on the PATH"),
            "install it, or try another shell",
        )
    })?;
    let options = Init {
        shell,
        cmd: "asp".to_owned(),
        prompt: Some(Side::Left),
        export: false,
        omz: false,
        live: false,
        warn: Vec::new(),
        psvar: None,
    };
    let hook = String::from_utf8_lossy(&hook::text(&options, &sys::program(vars))).into_owned();
    let (file, before, after, arguments): (_, _, _, &[&str]) = match shell {
        ShellName::Zsh => (
            ".zshrc",
            "autoload -Uz compinit && compinit -D\n",
            "PROMPT='%~ %# '\n",
            &["-i"],
        ),
        ShellName::Bash => (
            ".bashrc",
            "[ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion\n",
            "PS1='\\w \\$ '\n",
            &["-i"],
        ),
        _ => (
            ".config/fish/config.fish",
            "set -g fish_greeting\n",
            "",
            &["-i"],
        ),
    };
    home.put(file, &format!("{before}{after}{hook}"))
        .map_err(|e| {
            general(
                format!(
                    "can't write to the temporary home directory: {}",
                    sys::fs::reason(&e)
                ),
                "",
            )
        })?;
    terminal::print_error(
        "A shell on sample files. Try: asp <Tab>   asp myorg-dev-admin   asp myorg-prod-admin   asp -   awsbadge list\n\
         Leave it with exit: everything here is then removed.\n",
    );
    let folder = sys::program(vars)
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default();
    let path = std::iter::once(folder.into_os_string())
        .chain(vars.raw(&env_vars::PATH).map(Into::into))
        .collect::<Vec<_>>()
        .join(std::ffi::OsStr::new(":"));
    let inside = environment(home, vars)
        .with("PATH", path)
        .with("ZDOTDIR", home.path())
        .with("SHELL", &program);
    let code = process::interact(&program, arguments, &inside).map_err(|e| {
        general(
            format!("{name} can't be started: {}", sys::fs::reason(&e)),
            "",
        )
    })?;
    Ok(Output {
        code: u8::try_from(code).unwrap_or(1),
        ..Output::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::expiry::State;
    use crate::badge::Class;

    #[test]
    fn the_scenes_show_every_class_and_every_state_and_leave_nothing_behind() {
        let home = Throwaway::new().unwrap();
        furnish(&home, sys::clock::now()).unwrap();
        let base = environment(&home, &Env::from_iter([("LANG", "C.UTF-8")]));
        let badges: Vec<Badge> = SCENES
            .iter()
            .map(|(pairs, _)| {
                let scene = pairs
                    .iter()
                    .fold(base.clone(), |vars, (name, value)| vars.with(name, *value));
                resolve::badge(&Context::new(&scene), None, None).unwrap()
            })
            .collect();
        let texts: Vec<&str> = badges.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "aws:myorg-dev-admin 47m",
                "aws:team-renews 38m↻",
                "aws:team-idle ↻",
                "aws:team-weekend ↻?",
                "aws:client-soon 9m",
                "aws:client-over expired",
                "aws:client-new no login",
                "aws:client-garbled ?",
                "!aws:myorg-prod-admin 47m",
                "aws:auditor 47m",
                "aws:old-keys keys",
                "aws:build process",
                "aws:env over myorg-dev-admin keys",
                "aws:vaulted ?",
                "aws:break-glass mfa",
                "aws:half-done config error",
                "aws:region-only no credentials",
                "aws:myorg-dve-admin no such profile",
            ]
        );
        for class in [
            Class::Ok,
            Class::Warn,
            Class::Expired,
            Class::Prod,
            Class::Unknown,
        ] {
            assert!(badges.iter().any(|b| b.class == class), "{class:?}");
        }
        for state in State::ALL {
            // Not shown: states that need a shell's unexported variable, a machine's role or a token file.
            let elsewhere = matches!(
                state,
                State::NotExported | State::Container | State::Instance | State::WebIdentity
            );
            assert!(
                elsewhere || badges.iter().any(|b| b.state == state),
                "{state:?}"
            );
        }
        let path = home.path().to_owned();
        drop(home);
        assert_eq!(sys::fs::about(&path), None);
    }
}
