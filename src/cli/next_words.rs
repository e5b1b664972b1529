//! What may come next on a command line of `awsbadge`. The hooks complete with it, because a completion script cannot
//! contain the user's profile names.

use super::args::{Cli, NamesOf};
use clap::{Arg, Command, CommandFactory};
use std::ffi::OsString;

/// The command line without hidden commands and options.
#[must_use]
pub fn visible_command() -> Command {
    visible(&Cli::command())
}

/// Removes hidden commands and options, which the completion generators would offer too.
fn visible(command: &Command) -> Command {
    let arguments = command
        .get_arguments()
        .filter(|a| !a.is_hide_set())
        .cloned();
    let commands = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set())
        .map(visible);
    let copy = Command::new(command.get_name().to_owned())
        .args(arguments)
        .subcommands(commands);
    let copy = match command.get_version() {
        Some(version) => copy.version(version.to_owned()),
        None => copy.disable_version_flag(true),
    };
    match command.get_about() {
        Some(about) => copy.about(about.clone()),
        None => copy,
    }
}

/// What can be completed at the cursor.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// These words, each with its description.
    Words(Vec<(String, String)>),
    /// Names of this kind, each with this prefix.
    Names(NamesOf, String),
    /// Nothing is known.
    Nothing,
}

/// What can replace the last of `words`, the words after `awsbadge` on the command line.
#[must_use]
pub fn next(words: &[OsString]) -> Next {
    let words: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let Some((current, before)) = words.split_last() else {
        return Next::Nothing;
    };
    let root = visible(&Cli::command());
    let flags = |of: &Command| {
        let own = of.get_arguments().filter_map(|arg| {
            let help = arg.get_help().map(ToString::to_string);
            Some((format!("--{}", arg.get_long()?), help.unwrap_or_default()))
        });
        let own: Vec<_> = own.collect();
        Next::Words([own, vec![("--help".to_owned(), "Print help".to_owned())]].concat())
    };
    let commands = || {
        let all = root.get_subcommands().map(|command| {
            let about = command.get_about().map(ToString::to_string);
            (command.get_name().to_owned(), about.unwrap_or_default())
        });
        Next::Words(all.collect())
    };
    let Some((name, arguments)) = before.split_first() else {
        return if current.starts_with('-') {
            flags(&root)
        } else {
            commands()
        };
    };
    let Some(command) = root.find_subcommand(name) else {
        return match name.as_str() {
            "help" if arguments.is_empty() => commands(),
            _ => Next::Nothing,
        };
    };
    let option = |word: &str| {
        let long = word.strip_prefix("--")?;
        command
            .get_arguments()
            .find(|arg| arg.get_long() == Some(long) && arg.get_action().takes_values())
    };

    let mut places = 0;
    let mut end = false;
    let mut waiting = None;
    for word in arguments {
        match word.as_str() {
            _ if waiting.take().is_some() => {}
            "--" if !end => end = true,
            flag if !end && flag.len() > 1 && flag.starts_with('-') => waiting = option(flag),
            _ => places += 1,
        }
    }
    if let Some(arg) = waiting {
        return values(arg, "");
    }
    if !end && current.starts_with('-') {
        return match current.split_once('=') {
            Some((flag, _)) => {
                option(flag).map_or(Next::Nothing, |arg| values(arg, &format!("{flag}=")))
            }
            None => flags(command),
        };
    }
    match (name.as_str(), places) {
        ("whoami", 0) => return Next::Names(NamesOf::Profiles, String::new()),
        ("populate" | "accounts" | "roles", 0) => {
            return Next::Names(NamesOf::Sessions, String::new());
        }
        _ => {}
    }
    let place = command.get_positionals().enumerate().find(|(at, arg)| {
        *at == places || matches!(arg.get_num_args(), Some(n) if n.max_values() > 1)
    });
    match place {
        // The words after `--` belong to another program.
        Some((_, arg)) if !arg.is_last_set() => values(arg, ""),
        _ => Next::Nothing,
    }
}

/// The possible values of an argument.
fn values(arg: &Arg, before: &str) -> Next {
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        let all = possible.iter().map(|value| {
            let help = value.get_help().map(ToString::to_string);
            (
                format!("{before}{}", value.get_name()),
                help.unwrap_or_default(),
            )
        });
        return Next::Words(all.collect());
    }
    let name = arg.get_value_names().and_then(|names| names.first());
    let of = match name.map(|name| name.as_str()) {
        Some("PROFILE") => NamesOf::Profiles,
        Some("SESSION") => NamesOf::Sessions,
        Some("REGION") => NamesOf::Regions,
        Some("CONFIG") => NamesOf::Configs,
        _ => return Next::Nothing,
    };
    Next::Names(of, before.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: &str) -> Next {
        next(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    fn words(line: &str) -> Vec<String> {
        match at(line) {
            Next::Words(words) => words.into_iter().map(|(word, _)| word).collect(),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn each_place_of_the_command_line_has_its_own_words() {
        for name in [
            "use", "exec", "login", "logout", "status", "export", "console", "share",
        ] {
            let profiles = Next::Names(NamesOf::Profiles, String::new());
            assert_eq!(at(&format!("{name} ")), profiles, "{name}");
        }
        for (line, next) in [
            ("share a ", Next::Names(NamesOf::Profiles, String::new())),
            (
                "login --force ",
                Next::Names(NamesOf::Profiles, String::new()),
            ),
            ("login -- ", Next::Names(NamesOf::Profiles, String::new())),
            (
                "explain --profile ",
                Next::Names(NamesOf::Profiles, String::new()),
            ),
            (
                "explain --profile=d",
                Next::Names(NamesOf::Profiles, "--profile=".to_owned()),
            ),
            (
                "login --session ",
                Next::Names(NamesOf::Sessions, String::new()),
            ),
            (
                "use --region ",
                Next::Names(NamesOf::Regions, String::new()),
            ),
            ("region ", Next::Names(NamesOf::Regions, String::new())),
            (
                "use --config ",
                Next::Names(NamesOf::Configs, String::new()),
            ),
            ("login a ", Next::Nothing),
            ("exec a ", Next::Nothing),
            ("exec a -- ", Next::Nothing),
            ("doctor ", Next::Nothing),
            ("nothing ", Next::Nothing),
        ] {
            assert_eq!(at(line), next, "{line}");
        }
        assert!(words("").contains(&"login".to_owned()));
        assert!(!words("").iter().any(|word| word.starts_with("__")));
        assert_eq!(words("help "), words(""));
        assert_eq!(
            words("login -"),
            ["--session", "--force", "--config", "--help"]
        );
        assert_eq!(words("init "), ["zsh", "bash", "fish", "nushell", "elvish"]);
        assert_eq!(words("demo --shell "), ["zsh", "bash", "fish"]);
        assert_eq!(words("export a --format j")[6], "json");
        assert_eq!(words("export --format=j")[6], "--format=json");
    }
}
