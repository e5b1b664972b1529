//! Until when an identity works, and what that means at a given moment.

use super::time::{Epoch, Seconds};

/// What files and variables say about the end of an identity, whatever the clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It ends at a known moment.
    Until {
        /// The end of the token or of the keys.
        at: Epoch,
        /// Until when the tools can renew it by themselves; `None` where they can't.
        renewable_until: Option<Epoch>,
    },
    /// There is no token: a login is needed.
    Missing,
    /// It can't be told.
    Unknown(Puzzle),
    /// Long-term keys.
    Forever,
    /// Something else fetches and renews the credentials.
    Managed(Manager),
}

/// Why an end is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Puzzle {
    /// A file is there and can't be read.
    File,
    /// A file was half-written when it was read: worth a second look in a moment.
    HalfWritten,
    /// A date in no known form, or absurdly far away.
    Date,
    /// The configuration contradicts itself, leads nowhere or runs in a circle.
    Config,
    /// The profile names no source of credentials.
    NoSource,
}

/// Who looks after credentials that need no login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// A container's credential endpoint.
    Container,
    /// The instance's role.
    Instance,
    /// A web identity token in a file.
    WebIdentity,
    /// A `credential_process`.
    Process,
    /// Temporary keys that somebody put there, without a word on their end.
    Temporary,
}

impl Manager {
    /// The word for it in the badge; empty where there is nothing to say.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Instance => "instance",
            Self::WebIdentity => "web identity",
            Self::Process => "process",
            Self::Temporary => "",
        }
    }
}

/// The state of an identity at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Works; or is past its time, and the next call renews it.
    Valid,
    /// Works, 15 minutes or less are left, and it does not renew itself.
    Expiring,
    /// Over: a login is needed.
    Expired,
    /// No token: a login is needed.
    Missing,
    /// Can't be told.
    Unknown,
    /// Long-term keys: no end.
    Never,
    /// Renewed by something else.
    Managed,
}

impl State {
    /// Its name in `--json` and in the exchange with the hooks.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::Never => "never",
            Self::Managed => "managed",
        }
    }

    /// Whether only a login helps.
    #[must_use]
    pub fn needs_login(self) -> bool {
        matches!(self, Self::Expired | Self::Missing)
    }
}

/// A [`Life`] seen at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// What is left, where an end is known and ahead.
    pub left: Option<Seconds>,
    /// Whether the tools can renew it by themselves at this moment.
    pub renews: bool,
    /// The next moment at which `state` or `renews` changes, or `left` ends; [`Epoch::NEVER`] where none does.
    pub changes: Epoch,
}

impl Standing {
    /// Whether a call would work now; `None` where only a call could tell.
    #[must_use]
    pub fn usable(self) -> Option<bool> {
        match self.state {
            State::Valid | State::Expiring | State::Never | State::Managed => Some(true),
            State::Expired | State::Missing => Some(false),
            State::Unknown => None,
        }
    }
}

/// With this much left or less, what does not renew itself is `expiring`: the AWS CLI's own window, below
/// which it no longer hands out credentials without a refresh.
pub const EXPIRING: Seconds = Seconds(15 * 60);

/// An end further away than this is a mistake in a file: no AWS credential with an end lasts longer.
const ABSURD: Seconds = Seconds(400 * 86_400);

/// For how long after its end a renewable token is still taken to be renewable: 8 hours, the default length of
/// an IAM Identity Center session. The file can't tell that the server will refuse.
pub const RENEW_TRUST: Seconds = Seconds(8 * 3600);

impl Life {
    /// The state at `now`, trusting a renewable token for `renew_trust` after its end.
    #[must_use]
    pub fn at(self, now: Epoch, renew_trust: Seconds) -> Standing {
        let fixed = |state| Standing {
            state,
            left: None,
            renews: false,
            changes: Epoch::NEVER,
        };
        match self {
            Self::Missing => fixed(State::Missing),
            // A writer that truncates and writes is done within milliseconds.
            Self::Unknown(Puzzle::HalfWritten) => Standing {
                changes: now.plus(Seconds(2)),
                ..fixed(State::Unknown)
            },
            Self::Unknown(_) => fixed(State::Unknown),
            Self::Forever => fixed(State::Never),
            Self::Managed(_) => fixed(State::Managed),
            Self::Until {
                at,
                renewable_until,
            } => until(at, renewable_until, now, renew_trust),
        }
    }
}

fn until(at: Epoch, renewable_until: Option<Epoch>, now: Epoch, renew_trust: Seconds) -> Standing {
    let left = at.since(now);
    if left > ABSURD {
        let changes = at.minus(ABSURD);
        return Standing {
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
        let (state, next) = match renews {
            true => (State::Valid, at),
            false if left <= EXPIRING => (State::Expiring, at),
            false => (State::Valid, expiring_from),
        };
        return Standing {
            state,
            left: Some(left),
            renews,
            changes: next.min(renewal_ends),
        };
    }
    let doubted_from = at.plus(renew_trust);
    let (state, next) = match renews {
        true if now < doubted_from => (State::Valid, doubted_from),
        true => (State::Unknown, Epoch::NEVER),
        false => (State::Expired, Epoch::NEVER),
    };
    Standing {
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
        let once = |_: ()| Life::Until {
            at: AT,
            renewable_until: None,
        };
        let renewing = |until: i64| Life::Until {
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
            (renewing(90 * 24 * hour), 0, Valid, true, 8 * hour),
            (
                renewing(90 * 24 * hour),
                8 * hour - 1,
                Valid,
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
            (renewing(hour), 60, Valid, true, hour),
            (renewing(hour), hour, Expired, false, NEVER - AT.0),
            (renewing(-60), -61, Valid, true, -60),
            (renewing(-60), -60, Expiring, false, 0),
            (once(()), -401 * 24 * hour, Unknown, false, -400 * 24 * hour),
            (once(()), -400 * 24 * hour, Valid, false, -900),
        ] {
            let standing = life.at(Epoch(AT.0 + now), RENEW_TRUST);
            let got = (standing.state, standing.renews, standing.changes.0 - AT.0);
            assert_eq!(got, (state, renews, changes), "{life:?} at {now}");
        }
    }

    #[test]
    fn a_token_that_renews_itself_is_never_expired_while_it_can() {
        for now in (-100_000..2_000_000).step_by(997) {
            let life = Life::Until {
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
        let lives = [None, Some(500), Some(40_000), Some(-400)].map(|until| Life::Until {
            at: AT,
            renewable_until: until.map(|u| Epoch(AT.0 + u)),
        });
        for life in lives {
            let mut before = life.at(Epoch(AT.0 - 3000), RENEW_TRUST);
            for now in AT.0 - 2999..AT.0 + 60_000 {
                let here = life.at(Epoch(now), RENEW_TRUST);
                let seen = |s: Standing| (s.state, s.renews, s.left.is_some());
                let changed = seen(here) != seen(before);
                assert_eq!(
                    changed,
                    now == before.changes.0,
                    "{life:?} at {}",
                    now - AT.0
                );
                before = here;
            }
        }
    }

    #[test]
    fn usable_is_true_false_or_not_known() {
        for (life, usable) in [
            (Life::Forever, Some(true)),
            (Life::Managed(Manager::Process), Some(true)),
            (Life::Missing, Some(false)),
            (Life::Unknown(Puzzle::File), None),
            (
                Life::Until {
                    at: AT,
                    renewable_until: None,
                },
                Some(false),
            ),
        ] {
            assert_eq!(life.at(AT, RENEW_TRUST).usable(), usable, "{life:?}");
        }
    }

    #[test]
    fn only_what_is_over_or_was_never_there_needs_a_login() {
        use State::*;
        for (state, name, needs_login) in [
            (Valid, "valid", false),
            (Expiring, "expiring", false),
            (Expired, "expired", true),
            (Missing, "missing", true),
            (Unknown, "unknown", false),
            (Never, "never", false),
            (Managed, "managed", false),
        ] {
            assert_eq!((state.name(), state.needs_login()), (name, needs_login));
        }
    }

    #[test]
    fn the_badge_says_who_manages_credentials_as_far_as_anyone_does() {
        for (manager, word) in [
            (Manager::Container, "container"),
            (Manager::Instance, "instance"),
            (Manager::WebIdentity, "web identity"),
            (Manager::Process, "process"),
            (Manager::Temporary, ""),
        ] {
            assert_eq!(manager.word(), word);
        }
    }

    #[test]
    fn a_half_written_file_is_looked_at_again_in_two_seconds() {
        assert_eq!(
            Life::Unknown(Puzzle::HalfWritten)
                .at(AT, RENEW_TRUST)
                .changes,
            Epoch(AT.0 + 2)
        );
        assert_eq!(
            Life::Unknown(Puzzle::File).at(AT, RENEW_TRUST).changes,
            Epoch::NEVER
        );
    }

    #[test]
    fn extreme_moments_do_not_overflow() {
        for at in [i64::MIN, i64::MAX, 0, NEVER] {
            for now in [i64::MIN, i64::MAX, 0] {
                let life = Life::Until {
                    at: Epoch(at),
                    renewable_until: Some(Epoch(at)),
                };
                let _ = std::panic::catch_unwind(|| life.at(Epoch(now), RENEW_TRUST))
                    .expect("no overflow");
            }
        }
    }
}
