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
