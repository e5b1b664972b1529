//! The unified diff of two texts, as it may be shown.

use crate::library::{masked, visible};
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// After this long a diff may be larger than need be.
const LIMIT: Duration = Duration::from_millis(500);

/// How a diff is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// For a program.
    Plain,
    /// For a terminal, where control characters must not act.
    Screen,
    /// For a terminal with colours.
    Colour,
}

/// The diff, with three lines of context; empty if the texts are the same. Values that may be secrets are masked.
pub(crate) fn unified(before: &str, after: &str, path: &str, look: Look) -> String {
    if before == after {
        return String::new();
    }
    let diff = TextDiff::configure()
        .timeout(LIMIT)
        .diff_lines(before, after);
    let mut out = String::new();
    let mut line = |code: &str, text: &str| {
        let text = match look {
            Look::Plain => text.to_owned(),
            _ => visible(text.trim_end_matches('\r')),
        };
        match look == Look::Colour && !code.is_empty() {
            true => out += &format!("\x1b[{code}m{text}\x1b[0m\n"),
            false => out += &format!("{text}\n"),
        }
    };
    line("1", &format!("--- {path}"));
    line("1", &format!("+++ {path}"));
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        line("36", &hunk.header().to_string());
        for change in hunk.iter_changes() {
            let (sign, code) = match change.tag() {
                ChangeTag::Equal => (' ', ""),
                ChangeTag::Delete => ('-', "31"),
                ChangeTag::Insert => ('+', "32"),
            };
            let value = change.value();
            let text = value.strip_suffix('\n').unwrap_or(value);
            line(code, &format!("{sign}{}", harmless(text)));
            if change.missing_newline() {
                line("", "\\ No newline at end of file");
            }
        }
    }
    out
}

/// A line of a config file without what may be a secret. Comments too: many a key is only commented out.
fn harmless(line: &str) -> String {
    let (head, rest) =
        line.split_at(line.len() - line.trim_start_matches(['#', ';', ' ', '\t']).len());
    let Some((key, value)) = rest.split_once('=') else {
        return line.to_owned();
    };
    let name = key.trim();
    if name == super::mark::MARK || name.contains([' ', '[']) {
        return line.to_owned();
    }
    let end = if value.ends_with('\r') { "\r" } else { "" };
    let value = value.strip_suffix('\r').unwrap_or(value);
    let blank = &value[..value.len() - value.trim_start().len()];
    let shown = masked(&name.to_ascii_lowercase(), value.trim());
    match shown == value.trim() {
        true => line.to_owned(),
        false => format!("{head}{key}={blank}{shown}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "[a]\nregion = eu-west-1\n# aws_secret_access_key = SECRET\naws_session_token=SECRET\r\nz = \x1b[2J";

    #[test]
    fn a_diff_shows_the_change_and_no_secret() {
        let after = format!("{BEFORE}\n\n[b]\nregion = x\n");
        let text = unified(BEFORE, &after, "~/.aws/config", Look::Plain);
        assert!(
            text.starts_with("--- ~/.aws/config\n+++ ~/.aws/config\n@@ -2,4 +2,7 @@\n"),
            "{text}"
        );
        assert!(text.contains("\\ No newline at end of file"), "{text}");
        assert!(text.contains("+[b]\n+region = x\n"), "{text}");
        assert!(!text.contains("SECRET"), "{text}");
        assert_eq!(unified(BEFORE, BEFORE, "", Look::Plain), "");
    }

    #[test]
    fn a_terminal_gets_colours_and_no_control_characters_of_the_file() {
        let after = BEFORE.replace("eu-west-1", "eu-west-2");
        let text = unified(BEFORE, &after, "c", Look::Colour);
        assert!(
            text.contains("\x1b[31m-region = eu-west-1\x1b[0m\n\x1b[32m+region = eu-west-2"),
            "{text:?}"
        );
        let plain = unified(BEFORE, &after, "c", Look::Screen);
        assert!(!plain.contains(['\x1b', '\r']), "{plain:?}");
    }
}
