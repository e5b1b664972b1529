//! Which credentials a tool would use, and why: its credential provider chain, followed step by step.
//!
//! Every tool has a file here that says, as data, how it chooses a profile and a region, in which order it looks
//! for credentials, under which conditions a provider is one, and what it makes of mistakes; [`engine`] follows
//! those rules. All of it works without the network and runs nothing: a `credential_process` is named and not
//! started, the roles of containers and instances are known by their variables alone, and what a login is good
//! for is read from the token files.

mod boto3;
mod botocore;
mod cli;
mod engine;
mod files;
mod go;
mod java;
mod js;
mod notices;
mod rules;
mod rust;
#[cfg(test)]
mod tests;

use super::source::Method;
use super::{Env, Epoch};
use std::path::{Path, PathBuf};

pub use files::{Files, Refusal, read_files};

/// A tool whose chain is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tool {
    /// The AWS CLI v2.
    Cli,
    /// boto3, and everything else on botocore as PyPI has it; the AWS CLI v1 too.
    Boto3,
    /// The AWS SDK for Rust.
    Rust,
    /// The AWS SDK for JavaScript v3, `fromNodeProviderChain`.
    Js,
    /// The AWS SDK for Go v2.
    Go,
    /// The AWS SDK for Java v2.
    Java,
}

impl Tool {
    /// All of them, the AWS CLI first.
    pub const ALL: [Self; 6] = [
        Self::Cli,
        Self::Boto3,
        Self::Rust,
        Self::Js,
        Self::Go,
        Self::Java,
    ];

    /// Its name on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Boto3 => "boto3",
            Self::Rust => "rust",
            Self::Js => "js",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Cli => "the AWS CLI",
            Self::Boto3 => "boto3",
            Self::Rust => "the SDK for Rust",
            Self::Js => "the SDK for JavaScript",
            Self::Go => "the SDK for Go",
            Self::Java => "the SDK for Java",
        }
    }

    fn rules(self) -> &'static rules::Rules {
        match self {
            Self::Cli => &cli::RULES,
            Self::Boto3 => &boto3::RULES,
            Self::Rust => &rust::RULES,
            Self::Js => &js::RULES,
            Self::Go => &go::RULES,
            Self::Java => &java::RULES,
        }
    }
}

/// What a path holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing: there is no such file.
    Absent,
    /// Something that can't be read: why, in words.
    Unusable(String),
}

/// All that an answer depends on.
pub struct World<'a> {
    /// The environment.
    pub vars: &'a Env,
    /// A profile that the tool is told by its own means: `aws --profile`, `boto3.Session(profile_name=…)`, the
    /// builder of an SDK.
    pub profile: Option<&'a str>,
    /// The moment.
    pub now: Epoch,
    /// Reads a file; it is asked for those that matter, perhaps more than once.
    pub read: &'a dyn Fn(&Path) -> Content,
}

/// What became of one provider in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The tool uses it.
    Used,
    /// It has nothing to offer.
    Skipped,
    /// The tool never comes this far.
    NotReached,
    /// It fails.
    Error,
}

impl Verdict {
    /// Its name in `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Skipped => "skipped",
            Self::NotReached => "not reached",
            Self::Error => "error",
        }
    }
}

/// One provider in a tool's order, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The provider, under botocore's name whatever the tool.
    pub provider: Method,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, naming the variable or the file and line.
    pub reason: String,
    /// Whether it would answer, or fail, if it were asked: also where it is not reached.
    pub would_answer: bool,
}

/// One set of credentials on the way to those that are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Where it comes from.
    pub provider: Method,
    /// The profile that says so; `None` for the environment, a container, an instance.
    pub profile: Option<String>,
    /// The role, where this is the assuming of one.
    pub role_arn: Option<String>,
}

/// The credentials that the tool settles on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Winner {
    /// From the base credentials to the last role assumed; never empty.
    pub chain: Vec<Used>,
}

impl Winner {
    /// What gives the credentials in the end.
    #[must_use]
    pub fn last(&self) -> Option<&Used> {
        self.chain.last()
    }
}

/// Why a tool gets no credentials, or passes over a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// A stable name, such as `sso-session-not-found`.
    pub code: &'static str,
    /// One sentence, naming the file and line.
    pub message: String,
}

/// Something that will surprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A stable name, such as `keys-over-profile`.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// The file, and its line where one is to blame.
    pub place: Option<(PathBuf, Option<u32>)>,
}

/// A region, and what gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The value, as the tool takes it; it may be empty.
    pub value: String,
    /// A variable, or a file and its line.
    pub from: String,
}

/// A tool's answer to an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The tool.
    pub tool: Tool,
    /// The profile that it selects.
    pub profile: String,
    /// What named the profile: a variable, `--profile`, or `default`.
    pub profile_from: &'static str,
    /// The region, where one is given.
    pub region: Option<Region>,
    /// The credentials that it settles on. Whether they still work is in the warnings.
    pub winner: Option<Winner>,
    /// Why there are none; exactly where there is no winner.
    pub error: Option<Trouble>,
    /// The chain in the tool's order; empty where the tool fails before it looks for credentials.
    pub steps: Vec<Step>,
    /// What will surprise.
    pub warnings: Vec<Notice>,
}

/// Follows a tool's chain.
#[must_use]
pub fn explain(tool: Tool, world: &World<'_>) -> Explanation {
    explain_files(tool, world, &read_files(tool, world.vars, world.read))
}

/// The same, of files that [`read_files`] has read for this tool already: for many profiles in a row.
#[must_use]
pub fn explain_files(tool: Tool, world: &World<'_>, files: &Result<Files, Refusal>) -> Explanation {
    engine::explain(tool, world, files)
}
