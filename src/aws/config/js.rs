//! The AWS SDK for JavaScript v3. Its reader never refuses a file.

use std::borrow::Cow;

use super::sections::Index;
use super::{FileKind, FileSections, Named, Section, SectionKind, Value};
use crate::diagnostic::{Code, Diagnostic, Location};
use std::path::Path;

/// Names that make the reader fail; the SDK then treats the file as empty.
const FORBIDDEN: [&str; 2] = ["__proto__", "profile __proto__"];

/// Reads one file.
///
/// A section exists from its first key with a value. A value is one line. Keys keep their case. Lines indented below a
/// key without a value get that key as a prefix: `s3.addressing_style`.
pub(super) fn read(text: &str, file: FileKind, path: &Path) -> FileSections {
    let mut sections = Index::<Section>::default();
    let mut warnings = Vec::new();
    let mut current: Option<(u32, Named<'_>)> = None;
    let mut parent: Option<&str> = None;
    for (number, line) in (1..).zip(text.split('\n')) {
        let mut warn = |warning: Diagnostic| {
            warnings.push(warning.at(Location::line(path, number)));
        };
        let text = trimmed(line);
        if let Some(inside) = header(text) {
            if FORBIDDEN.contains(&inside) {
                let message = format!("JavaScript treats a file with [{inside}] as empty");
                let warning = Diagnostic::new(Code::InvalidName, message);
                return FileSections {
                    sections: Vec::new(),
                    warnings: vec![warning.at(Location::line(path, number))],
                };
            }
            current = named(inside, file).map(|named| (number, named));
            parent = None;
            if current.is_none() {
                let message = format!("JavaScript ignores [{inside}]");
                warn(Diagnostic::new(Code::IgnoredSection, message));
            }
            continue;
        }
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                let (key, value) = (key.trim_matches(is_space), value.trim_matches(is_space));
                let Some((header, named)) = &current else {
                    continue;
                };
                if value.is_empty() {
                    parent = Some(key);
                    continue;
                }
                parent = parent.filter(|_| line.starts_with(is_space));
                let key = parent.map_or_else(|| key.to_owned(), |parent| format!("{parent}.{key}"));
                // The prototype of an object cannot be set to a string.
                let section = sections.open(named.clone(), file, *header);
                if let Some(section) = section.filter(|_| key != "__proto__") {
                    section.keys.push((
                        key,
                        Value {
                            text: value.to_owned(),
                            file,
                            line: number,
                        },
                    ));
                }
            }
            _ if text.is_empty() => {}
            _ => {
                let message = "JavaScript ignores a line without a key and `=`";
                warn(Diagnostic::new(Code::IgnoredLine, message));
            }
        }
    }
    sections.finish(warnings)
}

/// The white space of `trim` and `\s`.
pub(super) fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// A trimmed line without its comment (`#` or `;` at its start or after white space).
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

/// The text between the brackets of a trimmed line.
pub(super) fn header(trimmed: &str) -> Option<&str> {
    trimmed.strip_prefix('[')?.strip_suffix(']')
}

/// The name under which the reader keeps a section: `profile.NAME` for `[profile NAME]`, with or without quotes; else
/// the text itself. `None` if the reader drops the keys.
pub(super) fn stored_name(inside: &str) -> Option<Cow<'_, str>> {
    let Some((prefix, name)) = prefix_and_name(inside) else {
        return Some(inside)
            .filter(|text| !text.is_empty())
            .map(Cow::Borrowed);
    };
    SectionKind::of_prefix(prefix).map(|_| Cow::Owned(format!("{prefix}.{name}")))
}

/// The two halves of `PREFIX NAME`, `PREFIX 'NAME'` and `PREFIX "NAME"`: one space, and only allowed characters.
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

/// The meaning of the text between the brackets; `None` if the reader drops the section.
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
