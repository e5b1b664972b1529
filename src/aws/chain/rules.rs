//! What a tool's chain is described with. Only data: differences between tools are values here.

use super::model::Provider;
use crate::aws::config::{Dialect, FileKind, Section, Value};
use crate::aws::env_vars::EnvVar;
use crate::aws::paths::Reading;
use crate::diagnostic::Code;

/// One tool.
pub(super) struct Rules {
    /// Its name in a sentence.
    pub(super) title: &'static str,
    /// How it reads the two files.
    pub(super) dialect: Dialect,
    /// How it reads the variables that move them.
    pub(super) places: Reading,
    /// What it makes of a file that is not UTF-8.
    pub(super) bytes: Bytes,
    /// Whether it reads the files only when it comes to the profile, so that keys in the environment still work if it
    /// refuses a file.
    pub(super) reads_files_late: bool,
    /// The variables that name a profile, the first one first.
    pub(super) profile_vars: &'static [&'static EnvVar],
    /// Whether an empty one of those counts.
    pub(super) empty_profile: Empty,
    /// What it makes of a profile that no file has.
    pub(super) missing_profile: Missing,
    /// The variables that name a region, the first one first.
    pub(super) region_vars: &'static [&'static EnvVar],
    /// Whether an empty one of those, or an empty `region`, counts.
    pub(super) empty_region: Empty,
    /// Whether the region of a `source_profile` is used if the profile has none.
    pub(super) region_of_source: bool,
    /// The providers, in order.
    pub(super) chain: &'static [Entry],
    /// The same for a profile that another one names as its source.
    pub(super) source: &'static [Entry],
    /// Keys and web identity in the environment.
    pub(super) env: EnvRules,
    /// Whether keys with an empty value count in a profile.
    pub(super) empty_values: Empty,
    /// Whether a `web_identity_token_file` without a role is an error.
    pub(super) web_identity_needs_role: bool,
    /// Roles.
    pub(super) role: RoleRules,
    /// SSO.
    pub(super) sso: SsoRules,
    /// Keys in a profile of which one is missing.
    pub(super) half_keys: HalfKeys,
    /// Whether a `credential_process` is started without a shell, so that its program has to exist.
    pub(super) process_without_shell: bool,
    /// Whether an `aws login` session needs botocore's optional `crt` part.
    pub(super) login_needs_crt: bool,
    /// What turns the instance's metadata service off.
    pub(super) imds_off: ImdsOff,
    /// A check of each profile before it is used, and of the selected one before anything else.
    pub(super) check: Option<Check>,
    /// The errors after which it goes on to what follows the profile.
    pub(super) forgives: Forgives,
    /// Errors that it does not forgive in a source profile.
    pub(super) unforgiven_in_source: &'static [Code],
    /// Whether the role credentials that the AWS CLI caches are used.
    pub(super) role_cache: bool,
}

impl Rules {
    /// The value of a key that counts as present.
    pub(super) fn key<'s>(&self, section: &'s Section, name: &str) -> Option<&'s Value> {
        section
            .get(name)
            .filter(|v| self.empty_values == Empty::Counts || !v.text.is_empty())
    }

    /// Whether both static keys are present.
    pub(super) fn whole_keys(&self, section: &Section) -> bool {
        self.key(section, "aws_access_key_id").is_some()
            && self.key(section, "aws_secret_access_key").is_some()
    }
}

/// Checks a profile, which may be another one's source.
pub(super) type Check = fn(&Rules, &Section, bool) -> Option<Mistake>;

/// What is wrong with a profile.
pub(super) struct Mistake {
    pub(super) code: Code,
    pub(super) message: String,
    /// The value to blame.
    pub(super) value: Value,
}

/// Whether something empty counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    Counts,
    Absent,
}

/// What becomes of a file that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bytes {
    /// Nothing works any more.
    Refused,
    /// It counts as empty.
    Empty,
    /// The odd bytes are replaced.
    Lossy,
}

/// What becomes of a profile that no file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// An error, wherever the name comes from.
    Stops,
    /// An error if it is named by the tool's own means or by this variable.
    StopsIfNamedBy(&'static EnvVar),
    /// The profile has nothing to offer, no more.
    Skipped,
}

/// Which errors are forgiven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgives {
    Nothing,
    These(&'static [Code]),
    Everything,
}

impl Forgives {
    pub(super) fn forgives(self, code: Code) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(codes) => codes.contains(&code),
            Self::Everything => true,
        }
    }
}

/// Keys and web identity in the environment.
pub(super) struct EnvRules {
    /// The variables of the access key id, the first one first.
    pub(super) ids: &'static [&'static EnvVar],
    /// Those of the secret.
    pub(super) secrets: &'static [&'static EnvVar],
    /// Whether white space counts as a key.
    pub(super) blank: Empty,
    /// Whether an id without a secret is an error.
    pub(super) half_stops: bool,
    /// Whether `AWS_CREDENTIAL_EXPIRATION` is read.
    pub(super) expiry: bool,
    /// What makes the tool ignore the environment's keys (and its web identity).
    pub(super) off: Off,
    /// Whether empty variables of web identity and containers count.
    pub(super) empty: Empty,
    /// Whether `AWS_WEB_IDENTITY_TOKEN_FILE` without `AWS_ROLE_ARN` is an error.
    pub(super) web_identity_needs_role: bool,
}

/// What makes a tool ignore the environment's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    /// Nothing.
    Never,
    /// A profile that the tool is given by its own means.
    Explicit,
    /// Any profile that is named, by a variable too.
    Named,
}

/// Which values of `AWS_EC2_METADATA_DISABLED` turn the metadata service off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImdsOff {
    /// `true`, in any case.
    True,
    /// Anything but an empty value and `false`.
    NotFalse,
}

/// Roles of a profile.
pub(super) struct RoleRules {
    /// Whether `web_identity_token_file` beside `role_arn` makes it no role with a source.
    pub(super) web_identity_instead: bool,
    /// Whether `source_profile` and `credential_source` together are an error, or make it no role.
    pub(super) both_stop: bool,
    /// Likewise if there is neither.
    pub(super) neither_stops: bool,
    /// A source that was seen before.
    pub(super) again: Again,
    /// Whether a source with any static key is asked for its own credentials rather than its role.
    pub(super) any_key_of_source_first: bool,
    /// Whether the three values of `credential_source` may be written in any case.
    pub(super) any_case: bool,
    /// Whether `role_arn` is assumed on top of whatever the profile gives.
    pub(super) on_top: bool,
    /// What becomes of `mfa_serial`.
    pub(super) mfa: Mfa,
    /// The most profiles that a chain may have, if there is a limit.
    pub(super) longest_chain: Option<usize>,
}

/// What becomes of a `source_profile` that was seen before on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// A loop, but for a profile that names itself and has a static key.
    LoopUnlessOwnKey,
    /// A loop, but for a profile that names itself: its other sources are asked.
    LoopUnlessOwn,
    /// A loop at the second time; the selected profile itself does not count as seen.
    LoopAfterSecond,
    /// Its role is ignored the second time.
    RoleCleared,
    /// A loop.
    Loop,
}

/// What becomes of `mfa_serial`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mfa {
    /// The tool asks for the code on the terminal.
    Asked,
    /// It plays no part.
    Ignored,
    /// An error, unless the program brings a way to ask.
    Stops,
    /// The same, before the source's credentials are looked at.
    StopsFirst,
}

/// SSO.
pub(super) struct SsoRules {
    /// Any of these keys makes it an SSO profile.
    pub(super) triggers: &'static [&'static str],
    /// What becomes of a profile that repeats what its `sso-session` says.
    pub(super) repeats: Repeats,
    /// What must be there.
    pub(super) needs: Needs,
    /// Whether a region that cannot be part of a host name is an error before anything is called.
    pub(super) checks_region: bool,
}

/// What becomes of a profile that repeats keys of its `sso-session`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// Any key that both have must have the same value.
    Same,
    /// `sso_start_url` and `sso_region` must.
    SameUrlAndRegion,
    /// They must, in any case of letters.
    SameInAnyCase,
    /// `sso_start_url` and `sso_region` may not be repeated at all.
    Forbidden,
    /// The session's are taken.
    Ignored,
}

/// What an SSO profile must have, once the session's keys are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// All four keys.
    All,
    /// Account and role together or neither; without both it is only good for a bearer token.
    AccountWithRole,
    /// With a session: its start URL and region. Without: all four.
    SessionOrAll,
}

/// What becomes of static keys of which one is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HalfKeys {
    /// An id without its secret is an error; a lone secret is ignored.
    LoneIdStops,
    /// Either one alone, and a lone session token, is an error.
    Stop,
    /// They are ignored.
    Skipped,
    /// An id, or a session token, without the rest is an error; a lone secret is ignored.
    LoneIdOrTokenStops,
}

/// One entry of a tool's chain: a question to the environment or to a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Keys in the environment.
    Env,
    /// The environment's web identity.
    EnvWebIdentity,
    /// The profile's web identity, each part of which the environment overrides.
    MixedWebIdentity,
    /// The profile's web identity.
    WebIdentity,
    /// `role_arn` with `source_profile` or `credential_source`.
    Role,
    /// `role_arn` with `source_profile` only.
    RoleOfSource,
    /// `credential_source`, whether or not there is a role.
    NamedSource,
    /// SSO.
    Sso,
    /// `aws login`.
    Login,
    /// `credential_process`.
    Process,
    /// The same, after the profile as a whole failed.
    ProcessAgain,
    /// Static keys, wherever they are.
    Keys,
    /// Static keys if both are there; ignored otherwise.
    WholeKeys,
    /// Static keys in this file alone.
    KeysIn(FileKind),
    /// `AWS_CREDENTIAL_FILE`.
    Ec2File,
    /// boto's file.
    BotoConfig,
    /// A container's role.
    Container,
    /// An instance's role.
    Instance,
}

impl Entry {
    /// Whether it is put to a profile.
    pub(super) fn of_profile(self) -> bool {
        !matches!(
            self,
            Self::Env
                | Self::EnvWebIdentity
                | Self::ProcessAgain
                | Self::Ec2File
                | Self::BotoConfig
                | Self::Container
                | Self::Instance
        )
    }

    /// The provider that answers it, as far as the question tells.
    pub(super) fn provider(self) -> Provider {
        match self {
            Self::Env => Provider::Env,
            Self::EnvWebIdentity | Self::MixedWebIdentity | Self::WebIdentity => {
                Provider::WebIdentity
            }
            Self::Role | Self::RoleOfSource | Self::NamedSource => Provider::AssumeRole,
            Self::Sso => Provider::Sso,
            Self::Login => Provider::Login,
            Self::Process | Self::ProcessAgain => Provider::Process,
            Self::Keys | Self::WholeKeys | Self::KeysIn(FileKind::Credentials) => {
                Provider::SharedCredentialsFile
            }
            Self::KeysIn(FileKind::Config) => Provider::ConfigFile,
            Self::Ec2File => Provider::Ec2File,
            Self::BotoConfig => Provider::BotoConfig,
            Self::Container => Provider::Container,
            Self::Instance => Provider::Instance,
        }
    }
}
