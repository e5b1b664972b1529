//! The description of a tool's chain. It is only data: differences between tools are values.

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
    /// How it reads the variables that change their paths.
    pub(super) places: Reading,
    /// How it treats a file that is not UTF-8.
    pub(super) bytes: Bytes,
    /// Whether it reads the files only when it reaches the profile, so that keys in the environment still work if it
    /// refuses a file.
    pub(super) reads_files_late: bool,
    /// The variables that name a profile, the first one first.
    pub(super) profile_vars: &'static [&'static EnvVar],
    /// Whether an empty one of those counts.
    pub(super) empty_profile: Empty,
    /// How it treats a profile that no file contains.
    pub(super) missing_profile: Missing,
    /// The variables that name a region, the first one first.
    pub(super) region_vars: &'static [&'static EnvVar],
    /// Whether an empty one of those, or an empty `region`, counts.
    pub(super) empty_region: Empty,
    /// Whether the region of a `source_profile` is used if the profile has none.
    pub(super) region_of_source: bool,
    /// The providers, in order.
    pub(super) chain: &'static [Entry],
    /// The providers for a source profile, in order.
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
    /// How it treats a profile with only one of the two keys.
    pub(super) half_keys: HalfKeys,
    /// Whether a `credential_process` is started without a shell, so that its program must exist.
    pub(super) process_without_shell: bool,
    /// Whether an `aws login` session needs botocore's optional `crt` part.
    pub(super) login_needs_crt: bool,
    /// What turns the instance's metadata service off.
    pub(super) imds_off: ImdsOff,
    /// A check of each profile before it is used, and of the selected one before anything else.
    pub(super) check: Option<Check>,
    /// The errors of a profile after which it continues with the next provider.
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

/// Whether an empty value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    Counts,
    Absent,
}

/// How a file that is not UTF-8 is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bytes {
    /// Every command fails.
    Refused,
    /// It counts as empty.
    Empty,
    /// Invalid bytes are replaced.
    Lossy,
}

/// How a profile that no file contains is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Always an error.
    Stops,
    /// An error if it is selected explicitly or by this variable.
    StopsIfNamedBy(&'static EnvVar),
    /// It is skipped.
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
    /// The variables of the secret, the first one first.
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
    /// A profile that is selected explicitly.
    Explicit,
    /// Any selected profile, also by a variable.
    Named,
}

/// Which values of `AWS_EC2_METADATA_DISABLED` turn the metadata service off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImdsOff {
    /// `true`, in any case.
    True,
    /// Anything except an empty value and `false`.
    NotFalse,
}

/// Roles of a profile.
pub(super) struct RoleRules {
    /// Whether a `web_identity_token_file` beside `role_arn` means that it does not assume the role with a source.
    pub(super) web_identity_instead: bool,
    /// Whether `source_profile` and `credential_source` together are an error; otherwise the role is ignored.
    pub(super) both_stop: bool,
    /// Whether having neither is an error; otherwise the role is ignored.
    pub(super) neither_stops: bool,
    /// How a source is treated that was seen before.
    pub(super) again: Again,
    /// Whether a source with any static key uses its own credentials instead of its role.
    pub(super) any_key_of_source_first: bool,
    /// Whether the three values of `credential_source` may be written in any case.
    pub(super) any_case: bool,
    /// Whether `role_arn` is assumed with whatever credentials the profile has.
    pub(super) on_top: bool,
    /// How `mfa_serial` is treated.
    pub(super) mfa: Mfa,
    /// The maximum number of profiles in a role chain, if there is one.
    pub(super) longest_chain: Option<usize>,
}

/// How a `source_profile` is treated that was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// A loop, except for a profile that names itself and has a static key.
    LoopUnlessOwnKey,
    /// A loop, except for a profile that names itself: its other sources are asked.
    LoopUnlessOwn,
    /// A loop the second time; the selected profile itself does not count as seen.
    LoopAfterSecond,
    /// Its role is ignored the second time.
    RoleCleared,
    /// A loop.
    Loop,
}

/// How `mfa_serial` is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mfa {
    /// The tool asks for the code on the terminal.
    Asked,
    /// It is ignored.
    Ignored,
    /// An error, unless the program provides a way to ask.
    Stops,
    /// As `Stops`, before the source's credentials are looked up.
    StopsFirst,
}

/// SSO.
pub(super) struct SsoRules {
    /// Any of these keys makes it an SSO profile.
    pub(super) triggers: &'static [&'static str],
    /// How a profile is treated that repeats keys of its `sso-session`.
    pub(super) repeats: Repeats,
    /// The required keys.
    pub(super) needs: Needs,
    /// Whether a region that cannot be part of a host name is an error before anything is called.
    pub(super) checks_region: bool,
}

/// How a profile is treated that repeats keys of its `sso-session`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// Any key that both have must have the same value.
    Same,
    /// `sso_start_url` and `sso_region` must be the same.
    SameUrlAndRegion,
    /// `sso_start_url` and `sso_region` must be the same, ignoring case.
    SameInAnyCase,
    /// `sso_start_url` and `sso_region` must not be repeated.
    Forbidden,
    /// The session's values are used.
    Ignored,
}

/// The keys that an SSO profile must have, including those of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// All four keys.
    All,
    /// Account and role together or neither; without them it has only a bearer token.
    AccountWithRole,
    /// With a session: its start URL and region. Without: all four.
    SessionOrAll,
}

/// How incomplete static keys are treated.
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

/// One entry of a tool's chain, for the environment or for a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Keys in the environment.
    Env,
    /// The environment's web identity.
    EnvWebIdentity,
    /// The profile's web identity; variables override each part of it.
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
    /// `credential_process` again, after the profile failed.
    ProcessAgain,
    /// Static keys in either file.
    Keys,
    /// Static keys if both are present; ignored otherwise.
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
    /// Whether it is about a profile.
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

    /// The provider that answers it.
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
