//! One thing that is wrong or will surprise: what it is and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1, if one is to blame.
    pub line: Option<u32>,
}

impl Location {
    /// A line of a file.
    #[must_use]
    pub fn line(path: &Path, line: u32) -> Self {
        Self {
            path: path.to_owned(),
            line: Some(line),
        }
    }

    /// A file as a whole.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
        }
    }
}

impl fmt::Display for Location {
    /// `PATH:LINE`, or `PATH`. Control characters are not escaped here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}

/// Something that is wrong or will surprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name, such as `sso-session-not-found`: `--json` shows it.
    pub code: &'static str,
    /// One sentence, without the location.
    pub message: String,
    /// The file to blame, if one is.
    pub location: Option<Location>,
}

impl Diagnostic {
    /// One without a location.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            location: None,
        }
    }

    /// The same, at a location.
    #[must_use]
    pub fn at(self, location: impl Into<Option<Location>>) -> Self {
        Self {
            location: location.into(),
            ..self
        }
    }
}

impl fmt::Display for Diagnostic {
    /// `PATH:LINE: MESSAGE`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// What to do about a mistake, in one sentence without a period; empty if there is nothing to say.
#[must_use]
pub fn fix(code: &str) -> &'static str {
    match code {
        "config-parse" => "Correct that line",
        "partial-credentials" => "Set key id and secret in the same place, or remove both",
        "role-without-source" => "Add source_profile or credential_source",
        "role-with-both-sources" | "multiple-credential-sources" | "multiple-sources" => {
            "Leave one of them"
        }
        "source-profile-not-found" | "profile-not-found" => "Correct the name, or add the profile",
        "source-profile-loop" => "Let one profile of the circle have credentials of its own",
        "source-profile-without-credentials" | "self-source-without-credentials" => {
            "Give the source credentials"
        }
        "credential-source-unknown" => {
            "Write it as Environment, EcsContainer or Ec2InstanceMetadata"
        }
        "credential-source-empty" => "Set the variables that it needs",
        "web-identity-without-role" | "role-arn-missing" => "Add role_arn",
        "sso-session-not-found" => "Correct the name, or add the section",
        "sso-incomplete" | "sso-role-incomplete" | "sso-token-only" => "Add what is missing",
        "sso-inconsistent" | "sso-redundant-keys" => {
            "Take the key out of the profile: the sso-session has it"
        }
        "mfa-needed" => "Use a profile without mfa_serial there, or the AWS CLI",
        "token-file-missing" | "process-not-found" | "ec2-credentials-file-missing" => {
            "Correct the path"
        }
        "sso-region-invalid" => "Put the comment on a line of its own, or correct the region",
        "role-chain-too-long" => "Shorten the chain",
        "no-credentials" => "Add a source of credentials, or run `aws configure sso`",
        "invalid-expiry" => "Unset it",
        "keys-expired" => "Unset the keys, or get new ones",
        "empty-profile" | "empty-region" => "Unset it",
        "keys-override-profile" | "profile-overrides-keys" => "Unset the keys, or AWS_PROFILE",
        "conflicting-profiles" => "Set both to the same, or unset AWS_DEFAULT_PROFILE",
        _ => "",
    }
}
