//! The specification that the SDKs for Rust, Go, Java and .NET share.

use memchr::arch;

use super::sections::Index;
use super::{FileKind, FileSections, Named, ParseError, Section, SectionKind, Value};
use crate::diagnostic::{Code, Diagnostic, Location};
use std::path::Path;

/// White space in the specification.
pub(super) const SPACE: [char; 2] = [' ', '\t'];
/// The characters that begin a comment.
pub(super) const COMMENT: [char; 2] = ['#', ';'];

/// Reads one file.
///
/// An invalid line refuses the file. Sections and keys whose name is not an identifier are ignored.
pub(super) fn read(text: &str, file: FileKind, path: &Path) -> Result<FileSections, ParseError> {
    let mut sections = Index::<Section>::default();
    let mut warnings = Vec::new();
    let mut section: Option<&mut Section> = None;
    let mut above = Above::Nothing;
    for (number, line) in (1..).zip(text.lines()) {
        let fault = |message: &str| ParseError {
            message: message.to_owned(),
            file,
            line: number,
        };
        let mut warn = |warning: Diagnostic| {
            warnings.push(warning.at(Location::line(path, number)));
        };
        if trim(line).is_empty() || line.starts_with(COMMENT) {
            continue;
        }
        if line.starts_with('[') {
            let inside =
                header(line).ok_or_else(|| fault("a section header does not end in `]`"))?;
            let named = named(inside, file);
            if named.is_none() {
                let message = format!("the SDKs ignore [{inside}]");
                let fix = inside
                    .starts_with("profile ")
                    .then_some("Use only ASCII letters, digits and _ - . % @ : / + in the name");
                warn(Diagnostic::new(Code::IgnoredSection, message).fix(fix.unwrap_or_default()));
            }
            section = named.and_then(|named| sections.open(named, file, number));
            above = Above::Header;
        } else if line.starts_with(SPACE) {
            let piece = trim(line);
            match above {
                Above::Nothing => return Err(fault("a line before the first section")),
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
                return Err(fault("a line before the first section"));
            }
            let (key, value) = property(line).map_err(|lack| fault(&format!("a line {lack}")))?;
            let kept = is_identifier(key);
            if !kept {
                let message = format!("the SDKs ignore the key `{key}`");
                warn(Diagnostic::new(Code::IgnoredKey, message));
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

/// The key and value of a trimmed line, or what is missing.
fn property(line: &str) -> Result<(&str, &str), &'static str> {
    let (key, value) = without_comment(line).split_once('=').ok_or("has no `=`")?;
    match trim(key) {
        "" => Err("has no name before its `=`"),
        key => Ok((key, trim(value))),
    }
}

/// The text between the brackets of a header line; `None` if the line without its comment does not end in `]`, which
/// makes the SDKs refuse the whole file.
pub(super) fn header(line: &str) -> Option<&str> {
    let comment = line.bytes().position(|byte| matches!(byte, b'#' | b';'));
    trim(&line[..comment.unwrap_or(line.len())])
        .strip_prefix('[')?
        .strip_suffix(']')
}

/// The meaning of the text between the brackets; `None` if the SDKs ignore the section.
pub(super) fn named(inside: &str, file: FileKind) -> Option<Named<'_>> {
    let inside = trim(inside);
    let blank = inside.bytes().position(|byte| matches!(byte, b' ' | b'\t'));
    let split = blank.map(|at| inside.split_at(at));
    match (file, split) {
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

/// Whether a text is a valid name or key. An empty one is.
pub(super) fn is_identifier(text: &str) -> bool {
    text.bytes().all(is_identifier_byte)
}

/// Whether a byte is valid in a name or key. A table, because every byte of every key in a big file is checked.
pub(super) fn is_identifier_byte(byte: u8) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = matches!(byte as u8, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'
                | b'_' | b'-' | b'/' | b'.' | b'%' | b'@' | b':' | b'+');
            byte += 1;
        }
        table
    };
    TABLE[usize::from(byte)]
}

/// A trimmed line without its comment: `#` or `;` after white space. Without white space before it, it belongs to the
/// value.
pub(super) fn without_comment(line: &str) -> &str {
    // Lines are short: to choose the fastest way of searching would take longer than this way does.
    let commented = arch::all::memchr::Two::new(b'#', b';')
        .iter(line.as_bytes())
        .find(|&at| line[..at].ends_with(char::is_whitespace));
    trim(&line[..commented.unwrap_or(line.len())])
}

/// Trims white space at both ends, byte by byte, because every line of a big file passes through here.
pub(super) fn trim(text: &str) -> &str {
    trim_end(trim_start(text))
}

/// Trims white space at the start.
pub(super) fn trim_start(mut text: &str) -> &str {
    while let [b' ' | b'\t', ..] = text.as_bytes() {
        text = &text[1..];
    }
    text
}

/// Trims white space at the end.
pub(super) fn trim_end(mut text: &str) -> &str {
    while let [.., b' ' | b'\t'] = text.as_bytes() {
        text = &text[..text.len() - 1];
    }
    text
}
