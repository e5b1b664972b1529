//! A problem in the configuration, the environment or the settings: what it is, where, and what to do about it.

use crate::tool::Tools;
use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something does not work. In the settings: a rule about production may not be in force.
    Error,
    /// It works, or may, but not as one would think.
    Warning,
    /// Nothing is wrong, but something could be better.
    Advice,
}

impl Severity {
    /// Its name in JSON and in `doctor`'s lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// Declares [`Code`]: one row per code, with its name in JSON, its usual severity, and its usual fix, which is one
/// sentence without a period, or empty.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal, $severity:ident, $fix:literal;)*) => {
        /// What kind of problem it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* #[doc = concat!("`", $name, "`.")] $code,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// The stable name that `--json` shows.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }

            fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }

            fn fix(self) -> &'static str {
                match self { $(Self::$code => $fix,)* }
            }
        }
    };
}

#[rustfmt::skip]
codes! {
    // The AWS files.
    NoConfiguration                  = "no-configuration",                   Advice,  "Run `awsbadge configure` or `aws configure sso`";
    ConfigParse                      = "config-parse",                       Error,   "Correct that line";
    IgnoredFile                      = "ignored-file",                       Warning, "";
    IgnoredSection                   = "ignored-section",                    Warning, "";
    IgnoredKey                       = "ignored-key",                        Warning, "";
    IgnoredLine                      = "ignored-line",                       Warning, "";
    ReplacedSection                  = "replaced-section",                   Warning, "";
    InvalidName                      = "invalid-name",                       Warning, "";
    CommentInValue                   = "comment-in-value",                   Warning, "Put the comment on a line of its own";
    UnknownKey                       = "unknown-key",                        Warning, "";
    UnreadKey                        = "unread-key",                         Warning, "Remove it";
    QuotedKey                        = "quoted-key",                         Error,   "";
    QuotedValue                      = "quoted-value",                       Error,   "";
    ProfilePrefix                    = "profile-prefix",                     Warning, "";
    InvalidAccountId                 = "invalid-account-id",                 Error,   "Write all 12 digits";
    StartUrlVariant                  = "start-url-variant",                  Warning, "";
    TildeInPath                      = "tilde-in-path",                      Error,   "Write the whole path";
    MfaWithoutRole                   = "mfa-without-role",                   Warning, "Add role_arn, or remove mfa_serial";
    ProcessCallsItself               = "process-calls-itself",               Error,   "Name the profile that has the credentials";
    ProcessNeedsLogin                = "process-needs-login",                Warning, "";
    UnknownRegion                    = "unknown-region",                     Warning, "Press Tab after `asr` to list them";
    InvalidDuration                  = "invalid-duration",                   Warning, "Write one, or leave the key out for an hour";
    // The profile, and the providers of its chain.
    ProfileNotFound                  = "profile-not-found",                  Error,   "Correct the name, or add the profile";
    NoCredentials                    = "no-credentials",                     Error,   "Add a source of credentials, or run `awsbadge configure`";
    PartialCredentials               = "partial-credentials",                Error,   "Set key id and secret in the same place, or remove both";
    MultipleSources                  = "multiple-sources",                   Error,   "Leave one of them";
    MultipleCredentialSources        = "multiple-credential-sources",        Warning, "Leave one of them";
    RoleWithoutSource                = "role-without-source",                Error,   "Add source_profile or credential_source";
    RoleWithBothSources              = "role-with-both-sources",             Error,   "Leave one of them";
    RoleArnMissing                   = "role-arn-missing",                   Error,   "Add role_arn";
    RoleChainTooLong                 = "role-chain-too-long",                Error,   "Shorten the chain";
    SourceProfileNotFound            = "source-profile-not-found",           Error,   "Correct the name, or add the profile";
    SourceProfileLoop                = "source-profile-loop",                Error,   "Let one profile of the circle have credentials of its own";
    SourceProfileWithoutCredentials  = "source-profile-without-credentials", Error,   "Give the source credentials";
    SelfSourceWithoutCredentials     = "self-source-without-credentials",    Error,   "Give the source credentials";
    CredentialSourceUnknown          = "credential-source-unknown",          Error,   "Write it as Environment, EcsContainer or Ec2InstanceMetadata";
    CredentialSourceEmpty            = "credential-source-empty",            Error,   "Set the variables that it needs";
    MfaNeeded                        = "mfa-needed",                         Error,   "Use a profile without mfa_serial there, or the AWS CLI";
    MfaPrompt                        = "mfa-prompt",                         Warning, "";
    MfaIgnored                       = "mfa-ignored",                        Warning, "";
    WebIdentityWithoutRole           = "web-identity-without-role",          Error,   "Add role_arn";
    TokenFileMissing                 = "token-file-missing",                 Error,   "Correct the path";
    ProcessNotFound                  = "process-not-found",                  Error,   "Correct the path";
    Ec2CredentialsFileMissing        = "ec2-credentials-file-missing",       Error,   "Correct the path";
    SsoSessionNotFound               = "sso-session-not-found",              Error,   "Correct the name, or add the section";
    SsoIncomplete                    = "sso-incomplete",                     Error,   "Add what is missing";
    SsoRoleIncomplete                = "sso-role-incomplete",                Error,   "Add what is missing";
    SsoTokenOnly                     = "sso-token-only",                     Error,   "Add what is missing";
    SsoInconsistent                  = "sso-inconsistent",                   Error,   "Take the key out of the profile: the sso-session has it";
    SsoRedundantKeys                 = "sso-redundant-keys",                 Error,   "Take the key out of the profile: the sso-session has it";
    SsoRegionInvalid                 = "sso-region-invalid",                 Error,   "Put the comment on a line of its own, or correct the region";
    LoginNeeded                      = "login-needed",                       Warning, "";
    CachedRole                       = "cached-role",                        Warning, "";
    NeedsCrt                         = "needs-crt",                          Warning, "";
    IgnoredError                     = "ignored-error",                      Warning, "";
    // The environment.
    InvalidExpiry                    = "invalid-expiry",                     Error,   "Unset it";
    KeysExpired                      = "keys-expired",                       Warning, "Unset the keys, or get new ones";
    ExpiryWithoutKeys                = "expiry-without-keys",                Warning, "Unset it";
    KeysOverrideProfile              = "keys-override-profile",              Warning, "Unset the keys, or AWS_PROFILE";
    ProfileOverridesKeys             = "profile-overrides-keys",             Warning, "Unset the keys, or AWS_PROFILE";
    ConflictingProfiles              = "conflicting-profiles",               Warning, "Set both to the same, or unset AWS_DEFAULT_PROFILE";
    VariableIgnored                  = "variable-ignored",                   Warning, "";
    EmptyProfile                     = "empty-profile",                      Warning, "Unset it";
    EmptyRegion                      = "empty-region",                       Warning, "Unset it";
    StaleSwitcherVariable            = "stale-switcher-variable",            Warning, "";
    FileVariable                     = "file-variable",                      Warning, "";
    // Token files and caches.
    TokenUnreadable                  = "token-unreadable",                   Error,   "Make it readable";
    NotAToken                        = "not-a-token",                        Error,   "Log in again: awsbadge login";
    InvalidToken                     = "invalid-token",                      Error,   "Log in again: awsbadge login";
    InvalidTokenExpiry               = "invalid-token-expiry",               Error,   "Log in again: awsbadge login";
    TokenStartUrlMismatch            = "token-start-url-mismatch",           Error,   "Log in again: awsbadge login";
    TokenExpiryFormat                = "token-expiry-format",                Warning, "Log in again with a newer tool";
    UnusedTokens                     = "unused-tokens",                      Advice,  "They do no harm; `aws sso logout` removes all tokens";
    InsecurePermissions              = "insecure-permissions",               Warning, "";
    // The machine.
    HookNotLoaded                    = "hook-not-loaded",                    Advice,  "";
    AwsCliNotFound                   = "aws-cli-not-found",                  Advice,  "Install the AWS CLI v2";
    AwsbadgeSsoNotFound              = "awsbadge-sso-not-found",             Warning, "Run `cargo install --locked --path sso` in the source directory of awsbadge";
    AwsCliVersion                    = "aws-cli-version",                    Warning, "Install a newer one";
    // The settings. A problem that may hide production is an error.
    SettingsUnreadable               = "settings-unreadable",                Error,   "Make it a readable file";
    SettingsEncoding                 = "settings-encoding",                  Error,   "Save the file as UTF-8";
    SettingsParser                   = "settings-parser",                    Error,   "Remove what is unusual about that line";
    SettingsBrokenLine               = "settings-broken-line",               Warning, "";
    SettingsBrokenHeader             = "settings-broken-header",             Warning, "";
    SettingsFinalBackslash           = "settings-final-backslash",           Warning, "Write the whole value on one line, or leave the backslash out";
    SettingsUnknownSection           = "settings-unknown-section",           Warning, "";
    SettingsDuplicateSection         = "settings-duplicate-section",         Warning, "Put the keys of both into one";
    SettingsUnknownKey               = "settings-unknown-key",               Warning, "";
    SettingsDuplicateKey             = "settings-duplicate-key",             Warning, "Remove one of them";
    SettingsValue                    = "settings-value",                     Warning, "";
    SettingsAccountId                = "settings-account-id",                Warning, "Write all 12 digits";
    SettingsDirectoryProfile         = "settings-directory-profile",         Warning, "Correct the name, or add the profile";
    SettingsFormatField              = "settings-format-field",              Warning, "The fields are {symbol}, {profile}, {region}, {left}, {account}, {role} and {session}";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The file to blame, if one is.
    pub location: Option<Location>,
    /// The tools that it affects; empty if it is not about particular tools.
    pub tools: Tools,
    /// One sentence, without the location and without a period.
    pub message: String,
    /// What to do about it, in one sentence without a period; empty if there is nothing to say.
    pub fix: Cow<'static, str>,
    /// What the line at `location` has to be, if changing that line is all, and safe. It may be several lines.
    pub replacement: Option<String>,
}

impl Diagnostic {
    /// One with the usual severity and fix of its code, without a location, about no particular tool.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            location: None,
            tools: Tools::default(),
            message: message.into(),
            fix: Cow::Borrowed(code.fix()),
            replacement: None,
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

    /// The same, with another fix.
    #[must_use]
    pub fn fix(self, fix: impl Into<Cow<'static, str>>) -> Self {
        Self {
            fix: fix.into(),
            ..self
        }
    }

    /// The same, fixed by replacing its line with `line`.
    #[must_use]
    pub fn replace_with(self, line: String) -> Self {
        let fix = match line.split_once('\n') {
            None => format!("Write `{line}`"),
            Some((first, second)) => format!("Write `{first}`, and below it `{second}`"),
        };
        Self {
            replacement: Some(line),
            ..self.fix(fix)
        }
    }

    /// The same, with another severity.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// `PATH:LINE: MESSAGE. FIX`.
    #[must_use]
    pub fn with_fix(&self) -> String {
        match &*self.fix {
            "" => self.to_string(),
            fix => format!("{self}. {fix}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_codes_are_words_with_hyphens_and_different() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        let words = |name: &&str| {
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        assert!(names.iter().all(words), "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn fixes_are_sentences_without_a_period() {
        for code in Code::ALL {
            let fix = code.fix();
            assert!(
                !fix.ends_with('.') && !fix.starts_with(char::is_lowercase),
                "{code}: {fix}"
            );
        }
    }

    #[test]
    fn text_has_the_location_first_and_the_fix_last() {
        let one = Diagnostic::new(Code::EmptyRegion, "a variable gives an empty region");
        assert_eq!(one.with_fix(), "a variable gives an empty region. Unset it");
        let one = one.at(Location::line(Path::new("config"), 3)).fix("");
        assert_eq!(one.with_fix(), "config:3: a variable gives an empty region");
    }
}
