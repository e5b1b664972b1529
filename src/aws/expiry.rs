//! When credentials expire, and what that means at a given time.

use super::env_vars::EnvVar;
use super::time::{Epoch, Seconds};

/// awsbadge-sso renews a renewable token with less time left than this, which is before any other tool would.
pub const RENEWED_WITH: Seconds = Seconds(20 * 60);

/// What files and variables say about the expiry of an identity, independent of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// It expires at a known time.
    At {
        /// When the token or the keys expire.
        at: Epoch,
        /// The time until which the tools can renew it; `None` if they cannot.
        renewable_until: Option<Epoch>,
    },
    /// There is no token: a login is needed.
    NoLogin,
    /// Unknown.
    Unknown(UnknownReason),
    /// Long-term keys.
    Never,
    /// Something else fetches and renews the credentials.
    RenewedBy(RenewedBy),
    /// The tool will ask for an MFA code.
    Mfa,
}

/// Why an expiry is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownReason {
    /// A file exists but cannot be read.
    File,
    /// A file was half-written when it was read; read it again shortly.
    HalfWritten,
    /// A date in an unknown format.
    Date,
    /// Temporary keys, and nothing says when they expire.
    NoDate,
    /// A date in the past, in another tool's variable that may be left over.
    LeftoverDate(&'static EnvVar),
    /// This is an EC2 instance; only its metadata service knows whether it has a role.
    InstanceRole,
}

/// What renews credentials that need no login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewedBy {
    /// A container's credential endpoint.
    Container,
    /// The instance's role.
    Instance,
    /// A web identity token in a file.
    WebIdentity,
    /// A `credential_process`.
    Process,
}

/// The state of an identity at one time, with the same words in the badge, `status`, `list` and JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Works, and has more than 15 minutes left or renews itself.
    Valid,
    /// Works, has 15 minutes or less left, and does not renew itself.
    Expiring,
    /// Expired, but the next call renews it.
    Renewable,
    /// Unknown.
    Unknown,
    /// Expired, and nothing renews it.
    Expired,
    /// There is no token: a login is needed.
    NoLogin,
    /// Long-term keys.
    Keys,
    /// A `credential_process` fetches the credentials.
    Process,
    /// A container's endpoint fetches them.
    Container,
    /// The role of the instance.
    Instance,
    /// A web identity token.
    WebIdentity,
    /// The tool will ask for an MFA code.
    Mfa,
    /// The AWS CLI refuses the configuration.
    ConfigError,
    /// The chain finds no credentials.
    NoCredentials,
    /// The AWS CLI does not find the profile.
    NoSuchProfile,
    /// `AWS_PROFILE` is set in the shell but not exported, so no program sees it.
    NotExported,
}

impl State {
    /// All states, in the order of the documentation.
    pub const ALL: [Self; 16] = [
        Self::Valid,
        Self::Expiring,
        Self::Renewable,
        Self::Unknown,
        Self::Expired,
        Self::NoLogin,
        Self::Keys,
        Self::Process,
        Self::Container,
        Self::Instance,
        Self::WebIdentity,
        Self::Mfa,
        Self::ConfigError,
        Self::NoCredentials,
        Self::NoSuchProfile,
        Self::NotExported,
    ];

    /// Its name in `--json`, in `list --state` and in the exchange with the hooks.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expiring => "expiring",
            Self::Renewable => "renewable",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::NoLogin => "no-login",
            Self::Keys => "keys",
            Self::Process => "process",
            Self::Container => "container",
            Self::Instance => "instance",
            Self::WebIdentity => "web-identity",
            Self::Mfa => "mfa",
            Self::ConfigError => "config-error",
            Self::NoCredentials => "no-credentials",
            Self::NoSuchProfile => "no-such-profile",
            Self::NotExported => "not-exported",
        }
    }

    /// The name as text for people: with spaces.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoLogin => "no login",
            Self::WebIdentity => "web identity",
            Self::ConfigError => "config error",
            Self::NoCredentials => "no credentials",
            Self::NoSuchProfile => "no such profile",
            Self::NotExported => "not exported",
            other => other.name(),
        }
    }

    /// Whether a call would work now; `None` if only a call could tell.
    #[must_use]
    pub fn usable(self) -> Option<bool> {
        match self {
            Self::Valid
            | Self::Expiring
            | Self::Renewable
            | Self::Keys
            | Self::Process
            | Self::Container
            | Self::Instance
            | Self::WebIdentity
            | Self::Mfa => Some(true),
            Self::Unknown => None,
            Self::Expired
            | Self::NoLogin
            | Self::ConfigError
            | Self::NoCredentials
            | Self::NoSuchProfile
            | Self::NotExported => Some(false),
        }
    }
}

/// An [`Expiry`] at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiryState {
    /// The state.
    pub state: State,
    /// The time left, if the expiry is known and in the future.
    pub left: Option<Seconds>,
    /// Whether the tools can renew it at this time.
    pub renews: bool,
    /// The next time at which `state` or `renews` changes, or `left` ends; [`Epoch::NEVER`] if none.
    pub changes: Epoch,
}

impl ExpiryState {
    /// A state that does not change with time.
    #[must_use]
    pub fn fixed(state: State) -> Self {
        Self {
            state,
            left: None,
            renews: false,
            changes: Epoch::NEVER,
        }
    }
}

/// With this much left or less, credentials that do not renew themselves are `expiring`. It is the AWS CLI's own limit,
/// below which it refreshes credentials before it uses them.
pub const EXPIRING: Seconds = Seconds(15 * 60);

/// An expiry further away than this is a mistake in a file: no AWS credentials that expire last longer.
const ABSURD: Seconds = Seconds(400 * 86_400);

/// How long after its expiry a renewable token counts as still renewable: 8 hours, the default length of an IAM
/// Identity Center session. The file does not show whether the server will refuse.
pub const RENEW_TRUST: Seconds = Seconds(8 * 3600);

impl Expiry {
    /// The state at `now`, trusting a renewable token for `renew_trust` after its expiry.
    #[must_use]
    pub fn at(self, now: Epoch, renew_trust: Seconds) -> ExpiryState {
        let fixed = ExpiryState::fixed;
        match self {
            Self::NoLogin => fixed(State::NoLogin),
            // A writer that truncates and writes finishes within milliseconds.
            Self::Unknown(UnknownReason::HalfWritten) => ExpiryState {
                changes: now.plus(Seconds(2)),
                ..fixed(State::Unknown)
            },
            Self::Unknown(_) => fixed(State::Unknown),
            Self::Never => fixed(State::Keys),
            Self::RenewedBy(RenewedBy::Process) => fixed(State::Process),
            Self::RenewedBy(RenewedBy::Container) => fixed(State::Container),
            Self::RenewedBy(RenewedBy::Instance) => fixed(State::Instance),
            Self::RenewedBy(RenewedBy::WebIdentity) => fixed(State::WebIdentity),
            Self::Mfa => fixed(State::Mfa),
            Self::At {
                at,
                renewable_until,
            } => until(at, renewable_until, now, renew_trust),
        }
    }

    /// Whether no call can work at `now` without a login or other action by the user.
    #[must_use]
    pub fn is_over(self, now: Epoch) -> bool {
        match self {
            Self::NoLogin => true,
            Self::At {
                at,
                renewable_until,
            } => at <= now && renewable_until.is_none_or(|end| end <= now),
            _ => false,
        }
    }

    /// The next time after `now` at which [`Expiry::is_over`] may change.
    #[must_use]
    pub fn over_from(self, now: Epoch) -> Epoch {
        let ahead = |at: Epoch| if at > now { at } else { Epoch::NEVER };
        match self {
            Self::At {
                at,
                renewable_until,
            } => ahead(at).min(renewable_until.map_or(Epoch::NEVER, ahead)),
            _ => Epoch::NEVER,
        }
    }
}

fn until(
    at: Epoch,
    renewable_until: Option<Epoch>,
    now: Epoch,
    renew_trust: Seconds,
) -> ExpiryState {
    let left = at.since(now);
    if left > ABSURD {
        let changes = at.minus(ABSURD);
        return ExpiryState {
            state: State::Unknown,
            left: None,
            renews: false,
            changes,
        };
    }
    let renewal_ends = renewable_until.filter(|end| *end > now);
    let renews = renewal_ends.is_some();
    let renewal_ends = renewal_ends.unwrap_or(Epoch::NEVER);
    if left > Seconds(0) {
        let expiring_from = at.minus(EXPIRING);
        let (state, next) = if renews {
            (State::Valid, at)
        } else if left <= EXPIRING {
            (State::Expiring, at)
        } else {
            (State::Valid, expiring_from)
        };
        return ExpiryState {
            state,
            left: Some(left),
            renews,
            changes: next.min(renewal_ends),
        };
    }
    let doubted_from = at.plus(renew_trust);
    let (state, next) = if !renews {
        (State::Expired, Epoch::NEVER)
    } else if now < doubted_from {
        (State::Renewable, doubted_from)
    } else {
        (State::Unknown, Epoch::NEVER)
    };
    ExpiryState {
        state,
        left: None,
        renews,
        changes: next.min(renewal_ends),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Epoch = Epoch(1_000_000);
    const NEVER: i64 = Epoch::NEVER.0;

    #[test]
    fn a_life_passes_through_its_states_and_says_when_the_next_begins() {
        let hour = 3600;
        let once = |_: ()| Expiry::At {
            at: AT,
            renewable_until: None,
        };
        let renewing = |until: i64| Expiry::At {
            at: AT,
            renewable_until: Some(Epoch(AT.0 + until)),
        };
        use State::*;
        // life, now relative to its end, state, renews, next change relative to its end
        for (life, now, state, renews, changes) in [
            (once(()), -2 * hour, Valid, false, -900),
            (once(()), -901, Valid, false, -900),
            (once(()), -900, Expiring, false, 0),
            (once(()), -1, Expiring, false, 0),
            (once(()), 0, Expired, false, NEVER - AT.0),
            (once(()), 100 * hour, Expired, false, NEVER - AT.0),
            (renewing(90 * 24 * hour), -60, Valid, true, 0),
            (renewing(90 * 24 * hour), 0, Renewable, true, 8 * hour),
            (
                renewing(90 * 24 * hour),
                8 * hour - 1,
                Renewable,
                true,
                8 * hour,
            ),
            (
                renewing(90 * 24 * hour),
                8 * hour,
                Unknown,
                true,
                90 * 24 * hour,
            ),
            (renewing(hour), 60, Renewable, true, hour),
            (renewing(hour), hour, Expired, false, NEVER - AT.0),
            (renewing(-60), -61, Valid, true, -60),
            (renewing(-60), -60, Expiring, false, 0),
            (once(()), -401 * 24 * hour, Unknown, false, -400 * 24 * hour),
            (once(()), -400 * 24 * hour, Valid, false, -900),
        ] {
            let state_then = life.at(Epoch(AT.0 + now), RENEW_TRUST);
            let got = (
                state_then.state,
                state_then.renews,
                state_then.changes.0 - AT.0,
            );
            assert_eq!(got, (state, renews, changes), "{life:?} at {now}");
        }
    }

    #[test]
    fn a_token_that_renews_itself_is_never_expired_while_it_can() {
        for now in (-100_000..2_000_000).step_by(997) {
            let life = Expiry::At {
                at: AT,
                renewable_until: Some(Epoch(AT.0 + 2_000_000)),
            };
            assert_ne!(
                life.at(Epoch(AT.0 + now), RENEW_TRUST).state,
                State::Expired
            );
        }
    }

    #[test]
    fn the_next_change_is_exact() {
        let lives = [None, Some(500), Some(40_000), Some(-400)].map(|until| Expiry::At {
            at: AT,
            renewable_until: until.map(|u| Epoch(AT.0 + u)),
        });
        for life in lives {
            let mut before = life.at(Epoch(AT.0 - 3000), RENEW_TRUST);
            for now in AT.0 - 2999..AT.0 + 60_000 {
                let current = life.at(Epoch(now), RENEW_TRUST);
                let seen = |s: ExpiryState| (s.state, s.renews, s.left.is_some());
                let changed = seen(current) != seen(before);
                assert_eq!(
                    changed,
                    now == before.changes.0,
                    "{life:?} at {}",
                    now - AT.0
                );
                before = current;
            }
        }
    }

    #[test]
    #[rustfmt::skip]
    fn states_have_one_name_and_say_whether_a_call_would_work() {
        use State::*;
        let rows = [
            (Valid,         "valid",           "valid",           Some(true)),
            (Expiring,      "expiring",        "expiring",        Some(true)),
            (Renewable,     "renewable",       "renewable",       Some(true)),
            (Unknown,       "unknown",         "unknown",         None),
            (Expired,       "expired",         "expired",         Some(false)),
            (NoLogin,       "no-login",        "no login",        Some(false)),
            (Keys,          "keys",            "keys",            Some(true)),
            (Process,       "process",         "process",         Some(true)),
            (Container,     "container",       "container",       Some(true)),
            (Instance,      "instance",        "instance",        Some(true)),
            (WebIdentity,   "web-identity",    "web identity",    Some(true)),
            (Mfa,           "mfa",             "mfa",             Some(true)),
            (ConfigError,   "config-error",    "config error",    Some(false)),
            (NoCredentials, "no-credentials",  "no credentials",  Some(false)),
            (NoSuchProfile, "no-such-profile", "no such profile", Some(false)),
            (NotExported,   "not-exported",    "not exported",    Some(false)),
        ];
        assert_eq!(rows.map(|(state, ..)| state), State::ALL);
        for (state, name, words, usable) in rows {
            assert_eq!((state.name(), state.words(), state.usable()), (name, words, usable));
        }
    }

    #[test]
    fn is_over_agrees_with_the_state_and_changes_when_it_said() {
        let lives = [None, Some(500), Some(40_000), Some(-400)].map(|until| Expiry::At {
            at: AT,
            renewable_until: until.map(|u| Epoch(AT.0 + u)),
        });
        for expiry in lives
            .into_iter()
            .chain([Expiry::NoLogin, Expiry::Never, Expiry::Mfa])
        {
            let mut change = expiry.over_from(Epoch(AT.0 - 1000));
            let mut before = expiry.is_over(Epoch(AT.0 - 1000));
            for now in AT.0 - 999..AT.0 + 60_000 {
                let over = expiry.is_over(Epoch(now));
                let state = expiry.at(Epoch(now), RENEW_TRUST).state;
                assert_eq!(
                    over,
                    matches!(state, State::Expired | State::NoLogin),
                    "{expiry:?} at {now}"
                );
                assert!(over == before || now == change.0, "{expiry:?} at {now}");
                if now == change.0 {
                    change = expiry.over_from(Epoch(now));
                }
                before = over;
            }
        }
    }

    #[test]
    fn a_half_written_file_is_looked_at_again_in_two_seconds() {
        assert_eq!(
            Expiry::Unknown(UnknownReason::HalfWritten)
                .at(AT, RENEW_TRUST)
                .changes,
            Epoch(AT.0 + 2)
        );
        assert_eq!(
            Expiry::Unknown(UnknownReason::File)
                .at(AT, RENEW_TRUST)
                .changes,
            Epoch::NEVER
        );
    }

    #[test]
    fn extreme_moments_do_not_overflow() {
        for at in [i64::MIN, i64::MAX, 0, NEVER] {
            for now in [i64::MIN, i64::MAX, 0] {
                let life = Expiry::At {
                    at: Epoch(at),
                    renewable_until: Some(Epoch(at)),
                };
                let _ = std::panic::catch_unwind(|| life.at(Epoch(now), RENEW_TRUST))
                    .expect("no overflow");
            }
        }
    }
}
