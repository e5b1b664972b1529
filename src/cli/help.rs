//! The help of `awsbadge` itself: its commands in groups, the everyday ones first.

use clap::Command;
use std::ffi::OsString;

/// The groups, each with its commands.
pub const GROUPS: [(&str, &[&str]); 5] = [
    (
        "Every day",
        &["login", "logout", "status", "list", "exec", "console"],
    ),
    (
        "When something surprises you",
        &["explain", "doctor", "config", "whoami", "sessions"],
    ),
    (
        "Set up",
        &[
            "setup",
            "configure",
            "populate",
            "accounts",
            "roles",
            "settings",
            "demo",
        ],
    ),
    ("Hand over", &["export", "share"]),
    (
        "For shells and scripts",
        &["init", "prompt", "use", "clear", "region", "completions"],
    ),
];

const EXAMPLES: &str = "\
Examples:
  awsbadge setup --write        add the badge to your shell
  asp dev                       switch to the profile dev
  asp dev login                 log in if needed, then switch
  awsbadge exec dev aws s3 ls   run one command as dev";

/// The width of the list of commands, in columns.
const WIDTH: usize = 80;

/// The manual page of `PROGRAM help` or `PROGRAM help COMMAND`, and the arguments that print the help instead.
#[must_use]
pub fn manual(program: &str, arguments: &[OsString]) -> Option<(String, Vec<OsString>)> {
    let (first, of) = arguments.split_first()?;
    let word = |word: &OsString| {
        let plain = |text: &&str| text.starts_with(|c: char| c.is_ascii_alphabetic());
        word.to_str().filter(plain).map(str::to_owned)
    };
    let page = match of {
        _ if first != "help" => return None,
        [] => program.to_owned(),
        [command] if command != "help" => format!("{program}-{}", word(command)?),
        _ => return None,
    };
    Some((page, [of, &["--help".into()]].concat()))
}

/// The command line with its commands in groups.
pub(super) fn grouped(command: Command) -> Command {
    let mut text = String::new();
    for (group, names) in GROUPS {
        text += &format!("{group}:\n");
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            text += &row(name, &about);
        }
        text.push('\n');
    }
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{text}{EXAMPLES}\n\nOptions:\n{{options}}{{after-help}}"
    );
    command.help_template(template)
}

/// A command and what it does, in lines of at most [`WIDTH`] columns.
fn row(name: &str, about: &str) -> String {
    const INDENT: usize = 15;
    let mut out = format!("  {name:<width$}", width = INDENT - 2);
    let mut column = INDENT;
    for word in about.split(' ') {
        if column > INDENT && column + 1 + word.len() > WIDTH {
            out += &format!("\n{:INDENT$}", "");
            column = INDENT;
        } else if column > INDENT {
            out.push(' ');
            column += 1;
        }
        out += word;
        column += word.len();
    }
    out + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn every_visible_command_is_in_one_group() {
        let command = Cli::command();
        let mut listed: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        let visible = command.get_subcommands().filter(|c| !c.is_hide_set());
        let mut visible: Vec<&str> = visible.map(Command::get_name).collect();
        listed.sort_unstable();
        visible.sort_unstable();
        assert_eq!(listed, visible);
    }

    #[test]
    fn only_help_with_at_most_one_word_has_a_manual_page() {
        let words = |line: &str| -> Vec<OsString> { line.split(' ').map(Into::into).collect() };
        for (line, page, instead) in [
            ("help", "awsbadge", "--help"),
            ("help list", "awsbadge-list", "list --help"),
            ("help lst", "awsbadge-lst", "lst --help"),
        ] {
            let wanted = Some((page.to_owned(), words(instead)));
            assert_eq!(manual("awsbadge", &words(line)), wanted, "{line}");
        }
        for line in [
            "list",
            "list --help",
            "help help",
            "help -",
            "help --help",
            "help ../../x",
            "help list all",
            "login help",
        ] {
            assert_eq!(manual("awsbadge", &words(line)), None, "{line}");
        }
        assert_eq!(manual("awsbadge", &[]), None);
    }

    #[test]
    fn the_list_of_commands_fits_eighty_columns() {
        let help = grouped(Cli::command()).render_help().to_string();
        // clap wraps the first line itself.
        let long = help
            .lines()
            .skip(1)
            .filter(|line| line.chars().count() > WIDTH);
        assert_eq!(long.collect::<Vec<_>>(), [""; 0]);
        assert!(help.find("  login ") < help.find("  init "), "{help}");
    }
}
