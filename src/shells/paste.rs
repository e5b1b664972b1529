//! Names in commands for the user to paste, into an unknown shell.

use crate::output::sanitize::acts;

/// The profile or session `name` as the last argument of a command to paste. `PROFILE` replaces a name that a terminal
/// can't show, so that the pasted command does no harm.
///
/// A plain name is not quoted. Others are quoted so that zsh, bash and fish read the name correctly in every locale: in
/// single quotes, with `'` and `\` outside them, each after a backslash. The backslash always follows a quote, and a
/// quote is never the second byte of a character. In GB18030, bash reads a quote after a digit as the third byte, so if
/// a digit follows a character beyond ASCII, only such characters are in quotes. A name that looks like an option comes
/// after `--`.
#[must_use]
pub fn pasted(name: &str) -> String {
    argument(name, "PROFILE")
}

/// `path` as an argument of a command to paste; `FILE` replaces a path that a terminal can't show.
#[must_use]
pub fn pasted_path(path: &str) -> String {
    argument(path, "FILE")
}

fn argument(name: &str, stand_in: &str) -> String {
    if name.chars().any(acts) {
        return stand_in.to_owned();
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@+-".contains(c);
    let end_of_options = if name.starts_with('-') { "-- " } else { "" };
    if !name.is_empty() && name.chars().all(plain) {
        return format!("{end_of_options}{name}");
    }
    let mut out = end_of_options.to_owned();
    let after_digit = name
        .chars()
        .zip(name.chars().skip(1))
        .any(|(c, next)| !c.is_ascii() && next.is_ascii_digit());
    if after_digit {
        let mut inside = false;
        for c in name.chars() {
            if inside == c.is_ascii() {
                out.push('\'');
                inside = !inside;
            }
            if c.is_ascii() && !plain(c) {
                out.push('\\');
            }
            out.push(c);
        }
        if inside {
            out.push('\'');
        }
        return out;
    }
    out.push('\'');
    for c in name.chars() {
        match c {
            '\'' | '\\' => out.extend(['\'', '\\', c, '\'']),
            _ => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::{pasted, pasted_path};

    #[test]
    fn plain_names_stay_bare_and_others_are_one_word_everywhere() {
        for (name, want) in [
            ("dev", "dev"),
            ("my-org.dev_1/a:b@c+d", "my-org.dev_1/a:b@c+d"),
            ("prod admin", "'prod admin'"),
            ("it's", r"'it'\''s'"),
            (r"a\b", r"'a'\\'b'"),
            ("$(touch x)", "'$(touch x)'"),
            ("`id`", "'`id`'"),
            ("!!", "'!!'"),
            ("~root", "'~root'"),
            ("=ls", "'=ls'"),
            ("%1", "'%1'"),
            ("a=b", "'a=b'"),
            ("a,b", "'a,b'"),
            ("Zürich", "'Zürich'"),
            ("Zürich admin", "'Zürich admin'"),
            ("丁0\\;x", r"'丁'0\\\;x"),
            ("1é2 é", r"1'é'2\ 'é'"),
            ("-rf", "-- -rf"),
            ("--x y", "-- '--x y'"),
            ("", "''"),
            ("a\nb", "PROFILE"),
            ("a\u{202e}b", "PROFILE"),
        ] {
            assert_eq!(pasted(name), want, "{name:?}");
        }
        assert_eq!(pasted_path("/h/it's"), r"'/h/it'\''s'");
        assert_eq!(pasted_path("/h/a\tb"), "FILE");
    }
}
