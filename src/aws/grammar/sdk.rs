//! The specification that the SDKs for Rust, Go, Java and .NET share.

use super::{FileKind, Named, SectionKind};

/// All that the specification counts as white space.
pub(super) const SPACE: [char; 2] = [' ', '\t'];
/// What begins a comment.
pub(super) const COMMENT: [char; 2] = ['#', ';'];

/// What stands between the brackets of a header line; `None` where the line does not end in `]` once the
/// comment is cut off, which makes the SDKs refuse the whole file.
pub(super) fn header(line: &str) -> Option<&str> {
    let line = line.find(COMMENT).map_or(line, |at| &line[..at]);
    line.trim_matches(SPACE)
        .strip_prefix('[')?
        .strip_suffix(']')
}

/// What the text between the brackets names; `None` where the SDKs pass over the section.
pub(super) fn named(inside: &str, file: FileKind) -> Option<Named<'_>> {
    let inside = inside.trim_matches(SPACE);
    match (file, inside.split_once(SPACE)) {
        (FileKind::Config, Some((prefix, name))) => {
            let name = name.trim();
            is_identifier(name).then_some(())?;
            SectionKind::of_prefix(prefix.trim()).map(|kind| Named::new(kind, name))
        }
        (FileKind::Config, None) => (inside.trim() == "default").then(Named::bare_default),
        (FileKind::Credentials, Some(_)) => None,
        (FileKind::Credentials, None) => {
            let name = inside.trim();
            is_identifier(name).then(|| Named::new(SectionKind::Profile, name))
        }
    }
}

/// Whether a name or a key may be spelled like that. An empty one may.
pub(super) fn is_identifier(text: &str) -> bool {
    text.bytes().all(is_identifier_byte)
}

/// One character of a name or a key.
pub(super) fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'/' | b'.' | b'%' | b'@' | b':' | b'+')
}

/// Cuts a comment off: `#` or `;` after white space. What touches a value belongs to it.
pub(super) fn without_comment(line: &str) -> &str {
    let mut spaced = false;
    for (at, c) in line.char_indices() {
        if spaced && COMMENT.contains(&c) {
            return line[..at].trim_matches(SPACE);
        }
        spaced = c.is_whitespace();
    }
    line.trim_matches(SPACE)
}
