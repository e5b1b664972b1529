//! The AWS SDK for JavaScript v3, whose reader never refuses a file.

use std::borrow::Cow;

use super::{FileKind, Named, SectionKind};

/// What `trim` takes away and `\s` matches.
pub(super) fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// A line without its comment (`#` or `;` at its start or after white space) and without outer white space.
pub(super) fn trimmed(line: &str) -> &str {
    let mut spaced = true;
    for (at, c) in line.char_indices() {
        if spaced && matches!(c, '#' | ';') {
            return line[..at].trim_matches(is_space);
        }
        spaced = is_space(c);
    }
    line.trim_matches(is_space)
}

/// What stands between the brackets of a trimmed line.
pub(super) fn header(trimmed: &str) -> Option<&str> {
    trimmed.strip_prefix('[')?.strip_suffix(']')
}

/// The name under which the reader keeps a section: `profile.NAME` for `[profile NAME]`, with or without
/// quotes; the text as it stands where that is no prefix and name. `None` where it drops the keys.
pub(super) fn stored_name(inside: &str) -> Option<Cow<'_, str>> {
    let Some((prefix, name)) = prefix_and_name(inside) else {
        return Some(inside)
            .filter(|text| !text.is_empty())
            .map(Cow::Borrowed);
    };
    SectionKind::of_prefix(prefix).map(|_| Cow::Owned(format!("{prefix}.{name}")))
}

/// The two halves of `PREFIX NAME`, `PREFIX 'NAME'` and `PREFIX "NAME"`: one space, and no odd character.
fn prefix_and_name(inside: &str) -> Option<(&str, &str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (prefix, rest) = inside.split_at(inside.find(is_space)?);
    let rest = &rest[rest.chars().next()?.len_utf8()..];
    let name = ['\'', '"']
        .into_iter()
        .find_map(|quote| rest.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(rest);
    let whole = !prefix.is_empty()
        && !name.is_empty()
        && prefix.chars().all(|c| is_word(c) || c == '-')
        && name
            .chars()
            .all(|c| is_word(c) || matches!(c, '-' | '@' | '+' | '.' | '%' | ':' | '/'));
    whole.then_some((prefix, name))
}

/// What the text between the brackets names; `None` where the reader drops the section.
pub(super) fn named(inside: &str, file: FileKind) -> Option<Named<'_>> {
    let stored = stored_name(inside)?;
    match (file, stored.split_once('.')) {
        (FileKind::Credentials, _) => Some(Named::new(SectionKind::Profile, stored)),
        (FileKind::Config, None) => (stored == "default").then(Named::bare_default),
        (FileKind::Config, Some((prefix, name))) => {
            SectionKind::of_prefix(prefix).map(|kind| Named::new(kind, name.to_owned()))
        }
    }
}
