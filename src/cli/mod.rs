//! The command line: its types, and how arguments become one of them.

mod args;
mod fast_path;
mod help;
mod next_words;

pub use args::*;
pub use help::{GROUPS, manual};
pub use next_words::{Next, next, visible_command};

use crate::output::sanitize::visible_bytes;
use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};
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
        Cli::try_parse_from(named).map(|cli| cli.command)
    };
    // Grouping the commands costs more than the parsing, so it is done for the help only.
    let grouped = |arguments: &[OsString], error: clap::Error| {
        let named = std::iter::once(OsString::from("awsbadge")).chain(arguments.iter().cloned());
        let result = help::grouped(Cli::command()).try_get_matches_from(named);
        result.err().unwrap_or(error).to_string()
    };
    read(&arguments).map_err(|error| {
        if !error.use_stderr() {
            return Stop::Help(grouped(&arguments, error));
        }
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Stop::Error(grouped(&arguments, error));
        }
        // clap repeats arguments verbatim, so it parses the escaped arguments again for its message.
        let escaped: Vec<OsString> = arguments
            .iter()
            .map(|argument| visible_bytes(argument.as_encoded_bytes()).into())
            .collect();
        let text = read(&escaped).err().unwrap_or(error).to_string();
        // clap's own word for a hint, and its indentation.
        let text = text.replace("\n\n  tip: ", "\nhint: ");
        // Hidden commands are for the hooks.
        let hidden = |line: &&str| line.starts_with("hint: ") && line.contains("'__");
        let lines: Vec<&str> = text.lines().filter(|line| !hidden(line)).collect();
        Stop::Error(lines.join("\n") + "\n")
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
    fn help_is_grouped_however_it_is_asked_for() {
        for words in [&[][..], &["-h"], &["--help"], &["help"]] {
            let stop = parse(words.iter().map(OsString::from).collect()).unwrap_err();
            let (Stop::Error(text) | Stop::Help(text)) = stop;
            assert!(text.contains("Every day:"), "{words:?}: {text}");
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
