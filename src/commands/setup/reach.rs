//! Whether the shell would reach lines at a place of the start-up file. The shell itself parses the text before that
//! place (with `-n`, so it runs nothing).

use super::rc_file::Rc;
use crate::aws::Env;
use crate::output::sanitize::Escaped;
use crate::shells::Shell;
use crate::sys::process;
use std::path::PathBuf;

/// The shell as a parser.
pub(super) struct Parser<'v> {
    shell: Shell,
    program: PathBuf,
    vars: &'v Env,
}

impl<'v> Parser<'v> {
    /// `None` if the shell is not installed, or is elvish: that resolves names when it parses, and those of its editor
    /// exist in a terminal only.
    pub(super) fn find(shell: Shell, vars: &'v Env) -> Option<Self> {
        if shell == Shell::Elvish {
            return None;
        }
        Some(Self {
            shell,
            program: process::find(shell.name(), vars)?,
            vars,
        })
    }

    /// Whether the shell can parse `text`.
    fn accepts(&self, text: &str) -> bool {
        let options: &[&str] = match self.shell {
            Shell::Zsh => &["-fn"],
            // The start-up file may set extglob, which changes the syntax.
            Shell::Bash => &["-O", "extglob", "-n"],
            _ => &["-n"],
        };
        process::accepts(&self.program, options, self.vars, text.as_bytes()).unwrap_or(true)
    }

    /// Whether a line after `before` would be text in a here-document: even an invalid line is not an error there.
    pub(super) fn is_text(&self, before: &str) -> bool {
        let wrong = match self.shell {
            Shell::Zsh | Shell::Bash => ")",
            _ => "end",
        };
        self.accepts(before) && self.accepts(&format!("{before}\n{wrong}\n"))
    }

    /// Why lines at the place of the block, or at the end, would not run.
    pub(super) fn problem(&self, rc: &Rc) -> Option<String> {
        let place = rc.block.as_ref().map_or(rc.text.len(), |block| block.start);
        let before = &rc.text[..place];
        let shell = self.shell.name();
        if !self.accepts(before) {
            return Some(format!(
                "{shell} can't read it to its end, perhaps because a quote is open (`{shell} -n {}` shows the place)",
                rc.shown
            ));
        }
        if self.is_text(before) {
            return Some("it ends in a here-document, which has no last line".to_owned());
        }
        let mut at = 0;
        for (number, line) in (1..).zip(before.split_inclusive('\n')) {
            // If the shell can parse what comes before, the line is in no function and no condition.
            let above = &before[..at];
            if ends(line) && self.accepts(above) && !self.is_text(above) {
                return Some(format!(
                    "line {number} (`{}`) ends it before the new lines",
                    Escaped(line.trim())
                ));
            }
            at += line.len();
        }
        None
    }
}

/// Whether a line ends the file: `return`, `exit`, or `exec` with a command.
fn ends(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    match first.trim_end_matches(';') {
        "return" | "exit" => true,
        "exec" => words.next().is_some_and(|word| {
            !word.starts_with(|c: char| c.is_ascii_digit() || "<>&{-#".contains(c))
        }),
        _ => false,
    }
}
