//! What goes into a credential provider chain, and what comes out of it.

use crate::aws::expiry::Expiry;
use crate::aws::{Env, Epoch};
use crate::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A source of credentials, under botocore's name for it, whatever the tool.
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
    /// Something that cannot be read: why, in words.
    Unusable(String),
    /// Half of a file, which somebody was writing within the last seconds.
    Partial,
}

/// The machine that the chain runs on. Implementations note what was asked: the answer depends on it.
pub trait Host {
    /// The content of a configuration or token file.
    fn read(&self, path: &Path) -> FileContent;

    /// The text of a file of AWS that is already in memory as UTF-8: it may be a megabyte, and need not be copied.
    fn shared_text(&self, _path: &Path) -> Option<Rc<String>> {
        None
    }

    /// The content of a JSON cache that other programs rewrite in place. If it is not `whole`, it is read once more.
    fn read_cache(&self, path: &Path, whole: &dyn Fn(&[u8]) -> bool) -> FileContent;

    /// Whether a program can be started under this name: a path if it has a slash, else found on the `PATH`.
    fn has_program(&self, name: &str) -> bool;

    /// The home directory of the user with that name, or with `None` of this user, from the password database.
    fn home_of(&self, user: Option<&str>) -> Option<PathBuf>;

    /// The moment that a wall clock of the local time zone means. `wall` is that clock read as if it were UTC.
    fn local_time(&self, wall: Epoch) -> Epoch;

    /// Whether this is an EC2 instance, as far as its files say.
    fn is_ec2(&self) -> bool;
}

/// Everything that an answer depends on, beside the AWS files.
pub struct Inputs<'a> {
    /// The environment.
    pub env: &'a Env,
    /// A profile that the tool is given by its own means: `aws --profile`, `boto3.Session(profile_name=…)`, the
    /// builder of an SDK.
    pub profile: Option<&'a str>,
    /// The moment.
    pub now: Epoch,
    /// The machine.
    pub host: &'a dyn Host,
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
    /// The provider.
    pub provider: Provider,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, naming the variable or the file and line.
    pub reason: String,
    /// Whether it would answer, or fail, if it were asked: also if it is not reached.
    pub would_answer: bool,
}

/// One set of credentials on the way to those that are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it comes from.
    pub provider: Provider,
    /// The profile that says so; `None` for the environment, a container, an instance.
    pub profile: Option<String>,
    /// The role, if this link assumes one.
    pub role_arn: Option<String>,
}

/// An IAM Identity Center login that credentials are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsoLogin {
    /// The name of the `[sso-session]`; `None` for a legacy profile.
    pub session: Option<String>,
    /// The access portal.
    pub start_url: Option<String>,
    /// The region of the portal: never the region of the calls.
    pub region: Option<String>,
    /// `sso_account_id`.
    pub account_id: Option<String>,
    /// `sso_role_name`.
    pub role_name: Option<String>,
}

impl SsoLogin {
    /// What the token file is named after: the session, or the legacy start URL as written.
    #[must_use]
    pub fn token_key(&self) -> Option<&str> {
        self.session.as_deref().or(self.start_url.as_deref())
    }
}

/// What a person logs in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// IAM Identity Center.
    Sso(SsoLogin),
    /// `aws login`, by the value of `login_session`.
    Console(String),
}

/// What it is that expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expires {
    /// The token of an SSO login.
    SsoToken,
    /// The session of `aws login`.
    LoginSession,
    /// Keys in a file or in the environment.
    Keys,
    /// Role credentials that the AWS CLI keeps in its cache.
    RoleCredentials,
    /// Nothing that is known.
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

/// The credentials that a tool settles on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Winner {
    /// From the base credentials to the last role assumed; never empty.
    pub chain: Vec<Link>,
    /// Until when they work.
    pub expiry: Expiry,
    /// What it is that expires.
    pub expires: Expires,
    /// When something else may decide how long they work; [`Epoch::NEVER`] if nothing will.
    pub recheck: Epoch,
    /// The login at the base, if there is one.
    pub login: Option<Login>,
    /// The token file of that login.
    pub token_file: Option<PathBuf>,
}

impl Winner {
    /// What gives the credentials in the end.
    #[must_use]
    pub fn last(&self) -> Option<&Link> {
        self.chain.last()
    }

    /// The provider of the credentials in the end.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.last().map_or(Provider::None, |link| link.provider)
    }

    /// The account, as far as the configuration names one: of the last role, or of the login.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        match (self.role_arn(), &self.login) {
            (Some(arn), _) => arn_account(arn),
            (None, Some(Login::Sso(sso))) => sso.account_id.as_deref(),
            (None, Some(Login::Console(arn))) => arn_account(arn),
            (None, None) => None,
        }
    }

    /// The name of the role, likewise.
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

/// A region, and what gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The value, as the tool takes it; it may be empty.
    pub value: String,
    /// A variable, or a file and its line.
    pub from: String,
}

/// What a tool decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The profile that it selects.
    pub profile: String,
    /// What named the profile: a variable, `--profile`, or `default`.
    pub profile_from: &'static str,
    /// The credentials, or why there are none. The codes `no-credentials`, `profile-not-found` and `config-parse`
    /// tell the three outcomes apart that are not a mistake of one profile.
    pub outcome: Result<Winner, Diagnostic>,
    /// The chain in the tool's order, as far as it was followed; empty if the tool fails before it looks for
    /// credentials.
    pub steps: Vec<Step>,
    /// What will surprise.
    pub warnings: Vec<Diagnostic>,
}
