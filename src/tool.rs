//! The tools that awsbadge knows: how they read the AWS files, and their provider chains.

/// A tool that uses AWS credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tool {
    /// The AWS CLI v2.
    Cli,
    /// boto3 and everything else that uses botocore from PyPI, including the AWS CLI v1.
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
}

/// A set of tools.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tools(u8);

impl Tools {
    /// Adds a tool.
    pub fn insert(&mut self, tool: Tool) {
        self.0 |= 1 << tool as u8;
    }

    /// Whether a tool is in it.
    #[must_use]
    pub fn contains(self, tool: Tool) -> bool {
        self.0 & 1 << tool as u8 != 0
    }

    /// Its tools, in the order of [`Tool::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Tool> {
        Tool::ALL
            .into_iter()
            .filter(move |tool| self.contains(*tool))
    }
}
