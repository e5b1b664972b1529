//! botocore: Python's `configparser.RawConfigParser`, and `shlex` for the names.

use std::borrow::Cow;

use super::{FileKind, Named, SectionKind};

/// The section whose keys Python's configparser hands to all the others.
pub(super) const MAGIC: &str = "DEFAULT";

/// What `str.strip` takes away.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// What stands between the brackets of a header line: everything up to the last `]`, whatever follows it.
pub(super) fn header(line: &str) -> Option<&str> {
    let inside = line.trim_matches(is_space).strip_prefix('[')?;
    inside
        .rfind(']')
        .filter(|&at| at > 0)
        .map(|at| &inside[..at])
}

/// What the text between the brackets names; `None` where botocore makes nothing of the section.
pub(super) fn named(inside: &str, file: FileKind) -> Option<Named<'_>> {
    if inside == MAGIC {
        return None;
    }
    if file == FileKind::Credentials {
        return Some(Named::new(SectionKind::Profile, inside));
    }
    if inside == "default" {
        return Some(Named::bare_default());
    }
    // The prefix is only looked at, not compared: `[profiles a]` is profile `a` too.
    let kind = ["profile", "sso-session", "services"]
        .into_iter()
        .find(|&prefix| inside.starts_with(prefix))
        .and_then(SectionKind::of_prefix)?;
    second_of_two(inside).map(|name| Named::new(kind, name))
}

/// The second word, where `shlex.split` finds exactly two.
fn second_of_two(text: &str) -> Option<Cow<'_, str>> {
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    if !text.contains(['\'', '"', '\\']) {
        let mut words = text.split(SPACE).filter(|word| !word.is_empty()).skip(1);
        return words
            .next()
            .filter(|_| words.next().is_none())
            .map(Cow::Borrowed);
    }
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            _ if SPACE.contains(&c) => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        end if end == c => break,
                        '\\' if c == '"' => match chars.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    let [_, name] = <[String; 2]>::try_from(words).ok()?;
    Some(Cow::Owned(name))
}
