//! The specification that the SDKs for Rust, Go, Java and .NET share.

use super::gather::Index;
use super::{Fault, FileKind, FileSections, Named, Section, SectionKind, Value, Warning};

/// All that the specification counts as white space.
pub(super) const SPACE: [char; 2] = [' ', '\t'];
/// What begins a comment.
pub(super) const COMMENT: [char; 2] = ['#', ';'];

/// Reads one file.
///
/// A line that can't be read refuses the file. Sections and keys whose name is no identifier are passed over.
pub(super) fn read(text: &str, file: FileKind) -> Result<FileSections, Fault> {
    let mut sections = Index::<Section>::default();
    let mut warnings = Vec::new();
    let mut section: Option<&mut Section> = None;
    let mut above = Above::Nothing;
    for (number, line) in (1..).zip(text.lines()) {
        let fault = |message: &str| Fault {
            message: message.to_owned(),
            file,
            line: number,
        };
        let mut warn = |code, message| {
            warnings.push(Warning {
                code,
                message,
                file,
                line: number,
            })
        };
        if line.trim_matches(SPACE).is_empty() || line.starts_with(COMMENT) {
            continue;
        }
        if line.starts_with('[') {
            let inside =
                header(line).ok_or_else(|| fault("a section header does not end in `]`"))?;
            let named = named(inside, file);
            if named.is_none() {
                warn("ignored-section", format!("the SDKs pass over [{inside}]"));
            }
            section = named.and_then(|named| sections.open(named, file, number));
            above = Above::Header;
        } else if line.starts_with(SPACE) {
            let piece = line.trim_matches(SPACE);
            match above {
                Above::Nothing => return Err(fault("a line stands before any section")),
                Above::Header => return Err(fault("an indented line follows a section header")),
                Above::Key { empty: true, .. } => {
                    property(piece).map_err(|lack| fault(&format!("a sub-property {lack}")))?;
                }
                Above::Key { .. } => {}
            }
            if let (Above::Key { kept: true, .. }, Some(section)) = (&above, &mut section)
                && let Some((_, value)) = section.keys.last_mut()
            {
                value.text.push('\n');
                value.text.push_str(piece);
            }
        } else {
            if let Above::Nothing = above {
                return Err(fault("a line stands before any section"));
            }
            let (key, value) = property(line).map_err(|lack| fault(&format!("a line {lack}")))?;
            let kept = is_identifier(key);
            if !kept {
                warn("ignored-key", format!("the SDKs pass over the key `{key}`"));
            } else if let Some(section) = &mut section {
                let value = Value {
                    text: value.to_owned(),
                    file,
                    line: number,
                };
                section.keys.push((key.to_ascii_lowercase(), value));
            }
            above = Above::Key {
                empty: value.is_empty(),
                kept,
            };
        }
    }
    Ok(sections.finish(warnings))
}

/// What an indented line continues.
enum Above {
    Nothing,
    Header,
    Key { empty: bool, kept: bool },
}

/// Key and value of a trimmed line, or what it lacks.
fn property(line: &str) -> Result<(&str, &str), &'static str> {
    let (key, value) = without_comment(line).split_once('=').ok_or("has no `=`")?;
    match key.trim_matches(SPACE) {
        "" => Err("has no name before its `=`"),
        key => Ok((key, value.trim_matches(SPACE))),
    }
}

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

/// A trimmed line without its comment: `#` or `;` after white space. What touches a value belongs to it.
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
