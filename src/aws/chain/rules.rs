//! What a tool's chain is described with.

use super::Trouble;
use super::engine::Engine;
use crate::aws::env_vars::EnvVar;
use crate::aws::grammar::{Dialect, FileKind, Section};
use crate::aws::place::Reading;
use crate::aws::source::Method;

/// One tool.
pub(super) struct Rules {
    /// How it reads the two files.
    pub(super) dialect: Dialect,
    /// How it reads the variables that move them.
    pub(super) places: Reading,
    /// What it makes of a file that is not UTF-8.
    pub(super) bytes: Bytes,
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
    /// Whether the region of a `source_profile` stands in for one that the profile lacks.
    pub(super) region_of_source: bool,
    /// The providers, in order.
    pub(super) chain: &'static [Ask],
    /// The same for a profile that another one names as its source.
    pub(super) source: &'static [Ask],
    /// Keys in the environment.
    pub(super) env: EnvKeyRules,
    /// Whether keys with an empty value count in a profile.
    pub(super) empty_values: Empty,
    /// Roles.
    pub(super) role: Role,
    /// SSO.
    pub(super) sso: Sso,
    /// Keys in a profile of which one is missing.
    pub(super) half_keys: HalfKeys,
    /// A look at each profile before it is used, and at the selected one before anything else.
    pub(super) check: Option<Check>,
    /// The mistakes after which it goes on to what follows the profile.
    pub(super) forgives: Forgives,
    /// Whether the roles' credentials that the AWS CLI keeps are used.
    pub(super) role_cache: bool,
}

/// Looks at a profile, which may be somebody's source, and finds something wrong with it or not.
pub(super) type Check = fn(&Engine<'_>, &Section, bool) -> Option<Trouble>;

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
    /// It is taken for empty.
    Empty,
    /// The odd bytes are replaced.
    Lossy,
}

/// What becomes of a profile that no file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// The end, wherever the name comes from.
    Stops,
    /// The end where it is named by its own means or by this variable.
    StopsWhereNamedBy(&'static EnvVar),
    /// The profile has nothing to offer, no more.
    Skipped,
}

/// Which mistakes are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgives {
    Nothing,
    These(&'static [&'static str]),
    Everything,
}

impl Forgives {
    pub(super) fn forgives(self, code: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(codes) => codes.contains(&code),
            Self::Everything => true,
        }
    }
}

/// Keys in the environment.
pub(super) struct EnvKeyRules {
    /// The variables of the access key id, the first one first.
    pub(super) ids: &'static [&'static EnvVar],
    /// Those of the secret.
    pub(super) secrets: &'static [&'static EnvVar],
    /// Whether white space counts as a key.
    pub(super) blank: Empty,
    /// Whether an id without a secret is the end.
    pub(super) half_stops: bool,
    /// Whether `AWS_CREDENTIAL_EXPIRATION` is read.
    pub(super) expiry: bool,
    /// What takes the environment's keys (and its web identity) out of play.
    pub(super) off: Off,
}

/// What takes the environment's keys out of play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    /// Nothing.
    Never,
    /// A profile that the tool is told by its own means.
    Explicit,
    /// Any profile that is named, by a variable too.
    Named,
}

/// Roles of a profile.
pub(super) struct Role {
    /// Whether `web_identity_token_file` beside `role_arn` makes it no role with a source.
    pub(super) web_identity_instead: bool,
    /// Whether `source_profile` and `credential_source` together are the end, or make it no role.
    pub(super) both_stop: bool,
    /// Likewise where there is neither.
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
}

/// What becomes of a `source_profile` that was seen before on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// A loop, but for a profile that names itself and has a static key.
    LoopUnlessOwnKey,
    /// A loop, but for a profile that names itself: its other sources are asked.
    LoopUnlessOwn,
    /// A loop at the second time; the selected profile itself is not counted as seen.
    LoopAfterSecond,
    /// Its role is passed over the second time.
    RoleCleared,
    /// A loop.
    Loop,
}

/// What becomes of `mfa_serial`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mfa {
    /// The code is asked for on the terminal.
    Asked,
    /// It plays no part.
    Ignored,
    /// The end, unless the program brings a way to ask.
    Stops,
    /// The same, and before the source's credentials are looked at.
    StopsFirst,
}

/// SSO.
pub(super) struct Sso {
    /// Any of these keys makes it an SSO profile.
    pub(super) triggers: &'static [&'static str],
    /// What becomes of a profile that repeats what its `sso-session` says.
    pub(super) repeats: Repeats,
    /// What must be there.
    pub(super) needs: Needs,
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
    /// An id without its secret is the end; a lone secret is passed over.
    LoneIdStops,
    /// Either one alone, and a lone session token, is the end.
    Stop,
    /// They are passed over.
    Skipped,
    /// An id, or a session token, without the rest is the end; a lone secret is passed over.
    LoneIdOrTokenStops,
}

/// A question to the environment or to a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
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
    /// Static keys, wherever they stand.
    Keys,
    /// Static keys where both are there; passed over otherwise.
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

impl Ask {
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
    pub(super) fn provider(self) -> Method {
        match self {
            Self::Env => Method::Env,
            Self::EnvWebIdentity | Self::MixedWebIdentity | Self::WebIdentity => {
                Method::WebIdentity
            }
            Self::Role | Self::RoleOfSource | Self::NamedSource => Method::AssumeRole,
            Self::Sso => Method::Sso,
            Self::Login => Method::Login,
            Self::Process | Self::ProcessAgain => Method::Process,
            Self::Keys | Self::WholeKeys | Self::KeysIn(FileKind::Credentials) => {
                Method::SharedCredentialsFile
            }
            Self::KeysIn(FileKind::Config) => Method::ConfigFile,
            Self::Ec2File => Method::Ec2File,
            Self::BotoConfig => Method::BotoConfig,
            Self::Container => Method::Container,
            Self::Instance => Method::Instance,
        }
    }
}
