//! The command line: its types, and how arguments become one of them.

mod args;
mod fast_path;
mod help;
mod next_words;

pub use args::*;
pub use next_words::{Next, next, visible_command};

use crate::output::sanitize::visible_bytes;
use clap::{CommandFactory as _, FromArgMatches as _};
use std::ffi::OsString;

/// Reads the arguments (without the program's name).
///
/// The exact arguments that hooks and prompts pass are matched first: clap costs more than the rest of a refresh.
/// Everything else goes to clap.
///
/// # Errors
/// A usage error, or the text of `--help` or `--version`.
pub fn parse(arguments: Vec<OsString>) -> Result<Command, Stop> {
    if let Some(command) = fast_path::fixed_shape(&arguments) {
        return Ok(command);
    }
    let read = |arguments: &[OsString]| {
        let named = std::iter::once(OsString::from("awsbadge")).chain(arguments.iter().cloned());
        let mut matches = help::grouped(Cli::command()).try_get_matches_from(named)?;
        Cli::from_arg_matches_mut(&mut matches).map(|cli| cli.command)
    };
    read(&arguments).map_err(|error| {
        // clap repeats arguments verbatim, so it parses the escaped arguments again for its message.
        let escaped: Vec<OsString> = arguments
            .iter()
            .map(|argument| visible_bytes(argument.as_encoded_bytes()).into())
            .collect();
        if error.use_stderr() {
            let text = read(&escaped).err().unwrap_or(error).to_string();
            // clap's own word for a hint, and its indentation.
            let text = text.replace("\n\n  tip: ", "\nhint: ");
            // Hidden commands are for the hooks.
            let hidden = |line: &&str| line.starts_with("hint: ") && line.contains("'__");
            let lines: Vec<&str> = text.lines().filter(|line| !hidden(line)).collect();
            Stop::Error(lines.join("\n") + "\n")
        } else {
            Stop::Help(error.to_string())
        }
    })
}

/// Why there is nothing to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A usage error: its text for standard error.
    Error(String),
    /// `--help` or `--version`: its text for standard output.
    Help(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_error_shows_no_argument_that_acts_on_a_terminal() {
        let hostile = "\x1b[31m\u{9b}\u{202e}\u{200b}\r\n\u{e0041}x";
        for words in [
            vec![hostile],
            vec!["doctor", hostile],
            vec!["list", "--state", hostile],
            vec!["use", "--shell", hostile, "dev"],
            vec!["clear", "--shell", "zsh", hostile],
            vec!["prompt", hostile],
            vec!["__refresh", "--shell", "zsh", "--proto", hostile],
            vec!["init", "zsh", "--cmd", hostile],
        ] {
            let Err(Stop::Error(text)) = parse(words.iter().map(OsString::from).collect()) else {
                panic!("{words:?}");
            };
            let acting = |c: &char| crate::output::sanitize::acts(*c) && *c != '\n';
            assert_eq!(text.chars().find(acting), None, "{words:?}: {text}");
            assert!(
                text.contains("\\u{1b}[31m\\u{9b}\\u{202e}"),
                "{words:?}: {text}"
            );
        }
    }

    #[test]
    fn a_similar_name_is_a_hint() {
        for words in [&["lst"][..], &["list", "--jsn"]] {
            let Err(Stop::Error(text)) = parse(words.iter().map(OsString::from).collect()) else {
                panic!("{words:?}");
            };
            let mut lines = text.lines();
            assert!(lines.next().unwrap().starts_with("error: "), "{text}");
            assert!(
                lines.next().unwrap().starts_with("hint: a similar "),
                "{text}"
            );
            assert!(!text.contains("tip:"), "{text}");
        }
    }

    #[test]
    fn hidden_commands_are_not_suggested() {
        for word in ["refresh", "names", "pick", "__nams"] {
            let Err(Stop::Error(text)) = parse(vec![word.into()]) else {
                panic!("{word}");
            };
            assert!(
                !text.replace(&format!("'{word}'"), "").contains("__"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_profile_may_begin_with_a_dash() {
        let read = |line: &str| parse(line.split(' ').map(OsString::from).collect());
        for line in [
            "use --shell zsh -- -rf",
            "use --shell zsh -",
            "use --shell zsh --previous -x -- a",
        ] {
            assert!(
                matches!(read(line), Ok(Command::Use(_))),
                "{line}: {:?}",
                read(line)
            );
        }
    }
}
