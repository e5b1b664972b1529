//! The grammar of `~/.aws/config` and `~/.aws/credentials`, in each dialect.
//!
//! There is no common grammar: botocore (the AWS CLI, boto3) uses Python's `configparser`, the SDKs for Rust, Go, Java
//! and .NET share a specification, and JavaScript has a third reader. [`read_file`] reads one file exactly as a
//! [`Dialect`] does, with the same errors. [`read_leniently`] never fails; the badge, `list` and `use` use it. [`find`]
//! reads single sections of a big file without the rest.

mod botocore;
mod js;
mod lenient;
mod names;
mod pieces;
mod sdk;
mod sections;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::Diagnostic;
use memchr::memchr2;
use std::path::Path;

pub use botocore::Outline;
pub use lenient::{find, read_leniently};
pub use names::{About, Listed, Source, names};
pub use pieces::{Part, Piece, pieces};

/// The rules by which a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The cross-SDK specification: Rust, Go, Java, .NET.
    Sdk,
    /// botocore, which uses Python's `configparser.RawConfigParser`: the AWS CLI and boto3.
    Botocore,
    /// The AWS SDK for JavaScript v3.
    Js,
}

/// One of the two AWS files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `~/.aws/config`, or what `AWS_CONFIG_FILE` names.
    Config,
    /// `~/.aws/credentials`, or what `AWS_SHARED_CREDENTIALS_FILE` names.
    Credentials,
}

/// The kinds of section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// `[default]`, `[profile NAME]`, and any section of the credentials file.
    Profile,
    /// `[sso-session NAME]`.
    SsoSession,
    /// `[services NAME]`.
    Services,
}

/// The value of one key, and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The text in the dialect's form; sub-properties in the form of the SDKs: `"\nname = value"`.
    pub text: String,
    /// The file it came from.
    pub file: FileKind,
    /// Its line, counted from 1.
    pub line: u32,
}

/// One profile, sso-session or services section, with duplicates in its file merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The kind.
    pub kind: SectionKind,
    /// The name without prefix and quotes, as the dialect reads it.
    pub name: String,
    /// The file of its first header.
    pub file: FileKind,
    /// The line of its first header, counted from 1.
    pub line: u32,
    /// Keys in the order in which they first appear, each once.
    pub keys: Vec<(String, Value)>,
}

impl Section {
    /// The value of `key`, if it exists.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The text of `key`; an empty value counts as absent.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)
            .map(|v| v.text.as_str())
            .filter(|t| !t.is_empty())
    }
}

/// The error for which a dialect refuses a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// One sentence.
    pub message: String,
    /// The file to blame.
    pub file: FileKind,
    /// The line to blame, counted from 1.
    pub line: u32,
}

/// Reads one file exactly as a dialect does. `path` is only for the locations of warnings.
///
/// # Errors
/// A [`ParseError`] if the dialect refuses the file: then the SDKs refuse both files, and botocore refuses
/// every command. JavaScript's reader never refuses a file.
pub fn read_file(
    dialect: Dialect,
    kind: FileKind,
    path: &Path,
    text: &str,
) -> Result<FileSections, ParseError> {
    match dialect {
        Dialect::Sdk => sdk::read(text, kind, path),
        Dialect::Botocore => botocore::read(text, kind, path),
        Dialect::Js => Ok(js::read(text, kind, path)),
    }
}

/// One file as a dialect reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSections {
    /// Profiles, sso-sessions and services in the order of the file.
    pub sections: Vec<Section>,
    /// What the dialect ignores without refusing the file.
    pub warnings: Vec<Diagnostic>,
}

/// Both files, merged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Profiles: those of the config file in its order, then those that only the credentials file has.
    pub profiles: Vec<Section>,
    /// `[sso-session NAME]`, which only the config file can have.
    pub sso_sessions: Vec<Section>,
    /// `[services NAME]`, which only the config file can have.
    pub services: Vec<Section>,
    /// The warnings of the config file, then those of the credentials file.
    pub warnings: Vec<Diagnostic>,
}

impl Merged {
    /// The profile with this name.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.profiles.iter().find(|s| s.name == name)
    }

    /// The sso-session with this name.
    #[must_use]
    pub fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sso_sessions.iter().find(|s| s.name == name)
    }
}

/// Merges both files key by key; the credentials file takes precedence. All dialects agree on that. The caller keeps
/// the two files, for botocore's providers that read only one of them.
#[must_use]
pub fn merge(config: &FileSections, credentials: &FileSections) -> Merged {
    let mut merged = Merged::default();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for section in config.sections.iter().chain(&credentials.sections) {
        let (list, place) = match section.kind {
            SectionKind::SsoSession => (&mut merged.sso_sessions, None),
            SectionKind::Services => (&mut merged.services, None),
            SectionKind::Profile => {
                let next = merged.profiles.len();
                let place = *places.entry(&section.name).or_insert(next);
                (&mut merged.profiles, Some(place))
            }
        };
        match place.and_then(|p| list.get_mut(p)) {
            Some(below) => below.keys.extend_from_slice(&section.keys),
            None => list.push(section.clone()),
        }
    }
    for profile in &mut merged.profiles {
        keep_last(&mut profile.keys);
    }
    merged.warnings = [config.warnings.as_slice(), &credentials.warnings].concat();
    merged
}

/// Merges the keys of a profile in the credentials file into those of the config file; the former take precedence.
pub fn merge_keys(below: &mut Section, above: Section) {
    below.keys.extend(above.keys);
    keep_last(&mut below.keys);
}

/// Removes duplicate keys: keeps the first position and the last value.
fn keep_last(keys: &mut Vec<(String, Value)>) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<(String, Value)> = Vec::with_capacity(keys.len());
    for (key, value) in keys.drain(..) {
        match places.get(&key).and_then(|&place| kept.get_mut(place)) {
            Some(slot) => slot.1 = value,
            None => {
                places.insert(key.clone(), kept.len());
                kept.push((key, value));
            }
        }
    }
    *keys = kept;
}

/// The first line of a text, and the position of the next one. A line ends in `\n`, `\r\n` or `\r`.
fn first_line(text: &str) -> (&str, usize) {
    match memchr2(b'\n', b'\r', text.as_bytes()) {
        None => (text, text.len()),
        Some(end) => (
            &text[..end],
            end + if text[end..].starts_with("\r\n") {
                2
            } else {
                1
            },
        ),
    }
}

/// The meaning of a section header for one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named<'a> {
    kind: SectionKind,
    name: Cow<'a, str>,
    /// Whether it is the config file's `[default]`, which `[profile default]` replaces.
    bare: bool,
}

impl<'a> Named<'a> {
    fn new(kind: SectionKind, name: impl Into<Cow<'a, str>>) -> Self {
        Named {
            kind,
            name: name.into(),
            bare: false,
        }
    }

    fn bare_default() -> Self {
        Named {
            kind: SectionKind::Profile,
            name: Cow::Borrowed("default"),
            bare: true,
        }
    }
}

impl SectionKind {
    /// The kind of section for a prefix in the config file.
    fn of_prefix(prefix: &str) -> Option<Self> {
        match prefix {
            "profile" => Some(SectionKind::Profile),
            "sso-session" => Some(SectionKind::SsoSession),
            "services" => Some(SectionKind::Services),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
