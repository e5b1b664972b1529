//! Text that shells evaluate: quoting and statements. Pure, with one file per kind of shell.
//!
//! Statements are data until they are rendered, in the given order. Values are quoted by the shell's own rules; names
//! come from fixed lists in this program.

mod fish;
mod json;
mod paste;
mod posix;

pub use paste::{pasted, pasted_path};

/// A shell that awsbadge supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// zsh 5.1 and newer.
    Zsh,
    /// bash 3.2 and newer.
    Bash,
    /// fish 3.2 and newer.
    Fish,
    /// Nushell.
    Nushell,
    /// elvish 0.19 and newer.
    Elvish,
    /// Any POSIX shell.
    Plain,
}

/// What draws the badge, besides a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// zsh's `PROMPT`.
    Zsh,
    /// bash's `PS1`.
    Bash,
    /// ksh93's `PS1`.
    Ksh,
    /// tcsh's `prompt`.
    Tcsh,
}

impl Shell {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zsh => "zsh",
            Self::Bash => "bash",
            Self::Fish => "fish",
            Self::Nushell => "nushell",
            Self::Elvish => "elvish",
            Self::Plain => "plain",
        }
    }
}

/// One statement. Values are bytes, since paths and variables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// Remove a variable.
    Unset(&'static str),
    /// Set and export a variable.
    Export(&'static str, Vec<u8>),
    /// Set a variable without exporting it.
    Set(&'static str, Vec<u8>),
    /// Set a list without exporting it.
    List(&'static str, Vec<Vec<u8>>),
}

/// In the first line of every block. Shell functions recognise statements by it.
const MARK: &str = "# awsbadge 1";

/// The statements as one group, so that a shell does not run anything of a truncated block; for Nushell and elvish, one
/// JSON object.
///
/// # Errors
/// The name of an exported variable whose value JSON can't hold, because it is not UTF-8.
pub fn block(shell: Shell, statements: &[Statement]) -> Result<Vec<u8>, &'static str> {
    let (open, close) = match shell {
        Shell::Zsh | Shell::Bash | Shell::Plain => ("{", "}"),
        Shell::Fish => ("begin", "end"),
        Shell::Nushell | Shell::Elvish => return json::object(statements),
    };
    let mut out = format!("{open} {MARK}\n").into_bytes();
    // An empty group is a syntax error in POSIX shells.
    if statements.is_empty() {
        out.extend_from_slice(b":\n");
    }
    out.extend(lines(shell, statements));
    out.extend_from_slice(close.as_bytes());
    out.push(b'\n');
    Ok(out)
}

/// The statements, one per line, without a group.
#[must_use]
pub fn lines(shell: Shell, statements: &[Statement]) -> Vec<u8> {
    let mut out = Vec::new();
    for statement in statements {
        match shell {
            Shell::Zsh | Shell::Bash | Shell::Plain => {
                posix::statement(&mut out, statement, shell);
            }
            Shell::Fish => fish::statement(&mut out, statement),
            Shell::Nushell => json::assignment(&mut out, statement, true),
            Shell::Elvish => json::assignment(&mut out, statement, false),
        }
        out.push(b'\n');
    }
    out
}

/// `value` as one word of `shell`.
#[must_use]
pub fn quote(shell: Shell, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 2);
    match shell {
        Shell::Zsh | Shell::Bash | Shell::Plain => posix::quote(&mut out, value, shell),
        Shell::Fish => fish::quote(&mut out, value),
        Shell::Nushell => json::quote(&mut out, value, true),
        Shell::Elvish => json::quote(&mut out, value, false),
    }
    out
}

/// `text` in the colour `sgr` (parameters of ECMA-48 SGR), for a command substitution in `prompt`; without it, for a
/// terminal.
///
/// zsh expands `%` in such text, so it is doubled, ksh93 `!`, which is the number of the command. tcsh expands both, and
/// `\` and `^` before some letters. Nothing else is expanded. The shells must know which text has no width: zsh and tcsh
/// need `%{ %}`, bash the bytes 1 and 2, into which it translates `\[ \]`. ksh93 finds colours itself.
#[must_use]
pub fn segment(prompt: Option<Prompt>, text: &str, sgr: Option<&str>) -> String {
    let (text, open, close) = match prompt {
        Some(Prompt::Zsh) => (text.replace('%', "%%"), "%{", "%}"),
        Some(Prompt::Bash) => (text.to_owned(), "\u{1}", "\u{2}"),
        Some(Prompt::Ksh) => (text.replace('!', "!!"), "", ""),
        Some(Prompt::Tcsh) => {
            let mut escaped = text.replace('%', "%%");
            for special in ["\\", "!", "^"] {
                escaped = escaped.replace(special, &format!("\\{special}"));
            }
            (escaped, "%{", "%}")
        }
        None => (text.to_owned(), "", ""),
    };
    match sgr {
        Some(sgr) => format!("{open}\x1b[{sgr}m{close}{text}{open}\x1b[0m{close}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn statements_keep_their_order_and_are_grouped() {
        let statements = [
            Statement::Unset("AWS_ACCESS_KEY_ID"),
            Statement::Set("_awsbadge_region", b"r".to_vec()),
            Statement::List(
                "_awsbadge_x_watch",
                vec![b"/a b".to_vec(), b"it's".to_vec()],
            ),
            Statement::Export("AWS_PROFILE", b"x\\'$(id)".to_vec()),
        ];
        let posix = "{ # awsbadge 1\n\\builtin unset AWS_ACCESS_KEY_ID\n_awsbadge_region='r'\n\
                     _awsbadge_x_watch=('/a b' 'it'\\''s')\n\\builtin export AWS_PROFILE='x\\'\\''$(id)'\n}\n";
        assert_eq!(text(block(Shell::Zsh, &statements).unwrap()), posix);
        assert_eq!(text(block(Shell::Bash, &statements).unwrap()), posix);
        let fish = "begin # awsbadge 1\nbuiltin set -e AWS_ACCESS_KEY_ID AWS_ACCESS_KEY_ID\nbuiltin set -g _awsbadge_region 'r'\n\
                    builtin set -g _awsbadge_x_watch '/a b' 'it\\'s'\nbuiltin set -gx AWS_PROFILE 'x\\\\\\'$(id)'\nend\n";
        assert_eq!(text(block(Shell::Fish, &statements).unwrap()), fish);
    }

    #[test]
    fn a_value_is_one_word_of_its_shell() {
        let value = b"it's \\ $(id) `id` %n \"x\"\n";
        let zsh = r#"'it'\''s \ $(id) `id` %n "x"'$'\n'"#;
        assert_eq!(text(quote(Shell::Zsh, value)), zsh);
        let bash = "'it'\\''s \\ $(id) `id` %n \"x\"\n'";
        assert_eq!(text(quote(Shell::Bash, value)), bash);
        let fish = "'it\\'s \\\\ $(id) `id` %n \"x\"\n'";
        assert_eq!(text(quote(Shell::Fish, value)), fish);
        for shell in [Shell::Zsh, Shell::Bash, Shell::Fish] {
            assert_eq!(text(quote(shell, b"")), "''", "nothing is a word too");
        }
        assert_eq!(
            quote(Shell::Zsh, b"\xff"),
            b"'\xff'",
            "bytes stay as they are"
        );
        assert_eq!(text(quote(Shell::Zsh, b"\n\na\n")), r"''$'\n\n''a'$'\n'");
        let word = r"''$'\xe4\xb8\x81''0'\'''$'\xff'";
        assert_eq!(text(quote(Shell::Bash, b"\xe4\xb8\x810'\xff")), word);
        let word = r"''\Xe4\Xb8\Xad'\'\\x'\Xff\Xc3'\''\Xb8";
        assert_eq!(
            text(quote(Shell::Fish, b"\xe4\xb8\xad'\\x\xff\xc3'\xb8")),
            word
        );
    }

    #[test]
    fn shells_are_called_what_they_are_called_on_the_command_line() {
        let names = [Shell::Zsh, Shell::Bash, Shell::Fish].map(Shell::name);
        assert_eq!(names, ["zsh", "bash", "fish"]);
    }

    #[test]
    fn an_empty_block_is_still_a_block() {
        assert_eq!(
            text(block(Shell::Bash, &[]).unwrap()),
            "{ # awsbadge 1\n:\n}\n"
        );
    }

    #[test]
    fn a_segment_hides_its_colour_from_the_width_and_doubles_percent_for_zsh() {
        assert_eq!(
            segment(Some(Prompt::Zsh), "100%n", Some("32")),
            "%{\x1b[32m%}100%%n%{\x1b[0m%}"
        );
        assert_eq!(
            segment(Some(Prompt::Bash), "100%n", Some("32")),
            "\x01\x1b[32m\x02100%n\x01\x1b[0m\x02"
        );
        assert_eq!(
            segment(None, "100%n", Some("97;41")),
            "\x1b[97;41m100%n\x1b[0m"
        );
        assert_eq!(segment(None, "100%n", None), "100%n");
    }
}
