//! The grammar of `~/.aws/config` and `~/.aws/credentials`, in the dialects that exist.
//!
//! There is no one grammar: botocore (the AWS CLI, boto3) reads with Python's `configparser`, the SDKs for
//! Rust, Go, Java and .NET share a specification, and JavaScript has a third reader. [`read_file`] reads one
//! file exactly as a [`Dialect`] does, refusing what it refuses; [`read_leniently`] never fails, and is what
//! the badge, `list` and `use` see; [`find`] takes single sections out of a big file without reading the rest.

/// Whose reading of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The cross-SDK specification: Rust, Go, Java, .NET.
    Sdk,
    /// botocore's, which is Python's `configparser.RawConfigParser`: the AWS CLI and boto3.
    Botocore,
    /// The AWS SDK for JavaScript v3.
    Js,
}

/// Which of AWS's two files a thing was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `~/.aws/config`, or what `AWS_CONFIG_FILE` names.
    Config,
    /// `~/.aws/credentials`, or what `AWS_SHARED_CREDENTIALS_FILE` names.
    Credentials,
}

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// `[default]`, `[profile NAME]`, and any section of the credentials file.
    Profile,
    /// `[sso-session NAME]`.
    SsoSession,
    /// `[services NAME]`.
    Services,
}

/// The value of one key, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The text as the dialect keeps it; sub-properties as the SDKs do: `"\nname = value"`.
    pub text: String,
    /// The file it came from.
    pub file: FileKind,
    /// Its line, counted from 1.
    pub line: u32,
}

/// One profile, sso-session or services section, after its file's own duplicates were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
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
    /// The value of `key`, where there is one.
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

/// Something that a reader passes over, and a user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A stable name, such as `duplicate-section`: `--json` and `doctor` show it.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// The file to blame.
    pub file: FileKind,
    /// The line to blame, counted from 1.
    pub line: u32,
}

/// What makes a dialect refuse a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// One sentence.
    pub message: String,
    /// The file to blame.
    pub file: FileKind,
    /// The line to blame, counted from 1.
    pub line: u32,
}
