//! The inputs and results of a provider chain.

use crate::aws::expiry::Expiry;
use crate::aws::{Env, Epoch};
use crate::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A source of credentials. The names are botocore's for every tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Keys in the environment.
    Env,
    /// `role_arn`, with `source_profile` or `credential_source`.
    AssumeRole,
    /// `web_identity_token_file`.
    WebIdentity,
    /// IAM Identity Center.
    Sso,
    /// Keys in the credentials file.
    SharedCredentialsFile,
    /// An `aws login` session.
    Login,
    /// `credential_process`.
    Process,
    /// Keys in the config file.
    ConfigFile,
    /// The file that `AWS_CREDENTIAL_FILE` names, of the EC2 tools that preceded the AWS CLI.
    Ec2File,
    /// The configuration file of boto, the library that preceded boto3.
    BotoConfig,
    /// A container's endpoint.
    Container,
    /// The instance's role.
    Instance,
    /// Nothing.
    None,
}

impl Provider {
    /// The name that `aws configure list` prints.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Env => "env",
            Self::AssumeRole => "assume-role",
            Self::WebIdentity => "assume-role-with-web-identity",
            Self::Sso => "sso",
            Self::SharedCredentialsFile => "shared-credentials-file",
            Self::Login => "login",
            Self::Process => "custom-process",
            Self::ConfigFile => "config-file",
            Self::Ec2File => "ec2-credentials-file",
            Self::BotoConfig => "boto-config",
            Self::Container => "container-role",
            Self::Instance => "iam-role",
            Self::None => "none",
        }
    }
}

/// The content of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// These bytes.
    Bytes(Vec<u8>),
    /// There is no such file.
    Absent,
    /// It cannot be read, with the reason.
    Unusable(String),
    /// An incomplete file that was written within the last seconds.
    Partial,
}

/// The machine that the chain runs on. Implementations record what was read, because the answer depends on it.
pub trait Host {
    /// The content of a configuration or token file.
    fn read(&self, path: &Path) -> FileContent;

    /// The text of an AWS file that is already in memory as UTF-8. It may be a megabyte, so it is shared, not copied.
    fn shared_text(&self, _path: &Path) -> Option<Rc<String>> {
        None
    }

    /// The content of a JSON cache that other programs rewrite in place. It is read once more if it is not `whole`.
    fn read_cache(&self, path: &Path, whole: &dyn Fn(&[u8]) -> bool) -> FileContent;

    /// Whether a program exists: a path if the name has a slash, else looked up on the `PATH`.
    fn has_program(&self, name: &str) -> bool;

    /// The home directory of a user (`None`: the current user), from the password database.
    fn home_of(&self, user: Option<&str>) -> Option<PathBuf>;

    /// Converts a wall clock time of the local time zone. `wall` is that time read as if it were UTC.
    fn local_time(&self, wall: Epoch) -> Epoch;

    /// Whether this is an EC2 instance, according to its files.
    fn is_ec2(&self) -> bool;
}

/// Everything except the AWS files that an answer depends on.
pub struct Inputs<'a> {
    /// The environment.
    pub env: &'a Env,
    /// A profile selected explicitly: `aws --profile`, `boto3.Session(profile_name=…)`, the builder of an SDK.
    pub profile: Option<&'a str>,
    /// The current time.
    pub now: Epoch,
    /// The machine.
    pub host: &'a dyn Host,
}

/// The result of one provider in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The tool uses it.
    Used,
    /// It has nothing to offer.
    Skipped,
    /// The tool does not reach it.
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

/// One provider in a tool's order, and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The provider.
    pub provider: Provider,
    /// The result.
    pub verdict: Verdict,
    /// The reason, with the variable or the file and line.
    pub reason: String,
    /// Whether it would answer or fail if asked, even if it is not reached.
    pub would_answer: bool,
}

/// One set of credentials in the role chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it comes from.
    pub provider: Provider,
    /// The profile that configures it; `None` for the environment, a container or an instance.
    pub profile: Option<String>,
    /// The role, if this link assumes one.
    pub role_arn: Option<String>,
}

/// An IAM Identity Center login, from which role credentials are obtained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsoLogin {
    /// The name of the `[sso-session]`; `None` for a legacy profile.
    pub session: Option<String>,
    /// The access portal.
    pub start_url: Option<String>,
    /// The region of the portal, which is independent of the region of API calls.
    pub region: Option<String>,
    /// `sso_account_id`.
    pub account_id: Option<String>,
    /// `sso_role_name`.
    pub role_name: Option<String>,
}

impl SsoLogin {
    /// The key of the token file's name: the session, or the legacy start URL as written.
    #[must_use]
    pub fn token_key(&self) -> Option<&str> {
        self.session.as_deref().or(self.start_url.as_deref())
    }
}

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// IAM Identity Center.
    Sso(SsoLogin),
    /// `aws login`, by the value of `login_session`.
    Console(String),
}

/// What expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expires {
    /// The token of an SSO login.
    SsoToken,
    /// The session of `aws login`.
    LoginSession,
    /// Keys in a file or in the environment.
    Keys,
    /// Role credentials in the AWS CLI's cache.
    RoleCredentials,
    /// Unknown.
    Nothing,
}

impl Expires {
    /// Its name in `--json`.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::SsoToken => Some("sso token"),
            Self::LoginSession => Some("login session"),
            Self::Keys => Some("keys"),
            Self::RoleCredentials => Some("role credentials"),
            Self::Nothing => None,
        }
    }
}

/// The credentials that a tool uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Winner {
    /// From the base credentials to the last role assumed; never empty.
    pub chain: Vec<Link>,
    /// When they expire.
    pub expiry: Expiry,
    /// What expires.
    pub expires: Expires,
    /// When to check again because another source may then determine the expiry; [`Epoch::NEVER`] if none.
    pub recheck: Epoch,
    /// The login at the base, if there is one.
    pub login: Option<Login>,
    /// The token file of that login.
    pub token_file: Option<PathBuf>,
}

impl Winner {
    /// The last link, which provides the credentials.
    #[must_use]
    pub fn last(&self) -> Option<&Link> {
        self.chain.last()
    }

    /// The provider of the last link.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.last().map_or(Provider::None, |link| link.provider)
    }

    /// The account of the last role or the login, if the configuration names one.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        match (self.role_arn(), &self.login) {
            (Some(arn), _) => arn_account(arn),
            (None, Some(Login::Sso(sso))) => sso.account_id.as_deref(),
            (None, Some(Login::Console(arn))) => arn_account(arn),
            (None, None) => None,
        }
    }

    /// The role of the last link or the login, if the configuration names one.
    #[must_use]
    pub fn role_name(&self) -> Option<&str> {
        match (self.role_arn(), &self.login) {
            (Some(arn), _) => arn.rsplit_once('/').map(|(_, name)| name),
            (None, Some(Login::Sso(sso))) => sso.role_name.as_deref(),
            (None, _) => None,
        }
    }

    fn role_arn(&self) -> Option<&str> {
        self.last().and_then(|link| link.role_arn.as_deref())
    }
}

/// The account in an ARN: its fifth field.
fn arn_account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// A region, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The value that the tool uses; it may be empty.
    pub value: String,
    /// A variable, or a file and its line.
    pub from: String,
}

/// The decision of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The profile that it selects.
    pub profile: String,
    /// What selected the profile: a variable, `--profile`, or `default`.
    pub profile_from: &'static str,
    /// The credentials, or why there are none. The codes `no-credentials`, `profile-not-found` and `config-parse` mark
    /// the three failures that are not a mistake in one profile.
    pub outcome: Result<Winner, Diagnostic>,
    /// The steps of the chain in the tool's order; empty if the tool fails before it looks for credentials.
    pub steps: Vec<Step>,
    /// Warnings for the user.
    pub warnings: Vec<Diagnostic>,
}
