//! The exact arguments that hooks and prompts pass: clap costs more than the rest of a refresh.

use super::args::{Command, Names, NamesOf, Prompt, PromptHost, Refresh, ShellName};
use std::ffi::OsString;

/// Matches the arguments that need no clap; a test checks that clap parses them to the same command.
pub(super) fn fixed_shape(arguments: &[OsString]) -> Option<Command> {
    let words: Vec<&str> = arguments
        .iter()
        .map(|a| a.to_str().unwrap_or("\0"))
        .collect();
    let shell = |name: &str| match name {
        "zsh" => Some(ShellName::Zsh),
        "bash" => Some(ShellName::Bash),
        "fish" => Some(ShellName::Fish),
        "nushell" => Some(ShellName::Nushell),
        "elvish" => Some(ShellName::Elvish),
        _ => None,
    };
    match words.as_slice() {
        ["__refresh", "--shell", name, "--proto", "1", options @ ..] => {
            // In this order, each of which may be missing.
            let mut rest = options;
            let mut option = |name: &str| match rest {
                [first, _, more @ ..] if *first == name => {
                    let at = arguments.len() + 1 - rest.len();
                    rest = more;
                    arguments.get(at).cloned()
                }
                _ => None,
            };
            let stamps = option("--stamps");
            let unexported = option("--unexported");
            let directory = option("--directory");
            if !rest.is_empty() {
                return None;
            }
            Some(Command::Refresh(Refresh {
                shell: shell(name)?,
                proto: 1,
                stamps,
                unexported,
                directory,
            }))
        }
        ["__names", "profiles"] => Some(Command::Names(Names {
            of: NamesOf::Profiles,
            config: None,
            words: Vec::new(),
        })),
        ["__names", "regions"] => Some(Command::Names(Names {
            of: NamesOf::Regions,
            config: None,
            words: Vec::new(),
        })),
        ["prompt"] => Some(Command::Prompt(Prompt {
            shell: None,
            profile: None,
        })),
        ["prompt", "--shell", name] => {
            let host = match *name {
                "plain" => PromptHost::Plain,
                "ksh" => PromptHost::Ksh,
                "tcsh" => PromptHost::Tcsh,
                _ => match shell(name)? {
                    ShellName::Zsh => PromptHost::Zsh,
                    ShellName::Bash => PromptHost::Bash,
                    ShellName::Fish => PromptHost::Fish,
                    _ => return None,
                },
            };
            Some(Command::Prompt(Prompt {
                shell: Some(host),
                profile: None,
            }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::Cli;
    use super::*;
    use clap::Parser as _;

    #[test]
    fn clap_reads_the_fixed_shapes_the_same() {
        let mut shapes = vec![
            "__names profiles".to_owned(),
            "__names regions".into(),
            "prompt".into(),
            "prompt --shell plain".into(),
            "prompt --shell ksh".into(),
            "prompt --shell tcsh".into(),
        ];
        for shell in ["zsh", "bash", "fish", "nushell", "elvish"] {
            shapes.push(format!("__refresh --shell {shell} --proto 1"));
            for options in [
                "--unexported -x$(id)",
                "--stamps 12.34",
                "--stamps -12.34 --unexported -x$(id)",
                "--directory asp\n\n",
                "--stamps -12.34 --unexported -x$(id) --directory -",
            ] {
                shapes.push(format!("__refresh --shell {shell} --proto 1 {options}"));
            }
            if !matches!(shell, "nushell" | "elvish") {
                shapes.push(format!("prompt --shell {shell}"));
            }
        }
        for shape in shapes {
            let words: Vec<OsString> = shape.split(' ').map(OsString::from).collect();
            let by_hand = fixed_shape(&words).expect(&shape);
            let by_clap = Cli::try_parse_from(std::iter::once("awsbadge".into()).chain(words))
                .expect(&shape)
                .command;
            assert_eq!(by_hand, by_clap, "{shape}");
        }
    }

    #[test]
    fn anything_else_is_claps() {
        for line in [
            "__refresh --shell tcsh --proto 1",
            "__refresh --shell zsh --proto 2",
            "__refresh --shell zsh --proto 1 --stamps",
            "__refresh --shell zsh --proto 1 --unexported x --stamps 1",
            "__refresh --shell zsh --proto 1 --stamps 1 x",
            "__refresh --shell zsh --proto 1 --directory x --stamps 1",
            "prompt --shell",
            "prompt --shell elvish",
            "prompt --help",
            "list",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(fixed_shape(&words), None, "{line}");
        }
    }
}
