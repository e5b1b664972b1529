//! Draws the badge: from an identity and the time to text, class and the time of the next change. Pure.

pub mod class;
pub mod countdown;
mod format;

use crate::aws::Epoch;
use crate::aws::expiry::{ExpiryState, State};
use crate::settings::Settings;
pub use class::Class;

/// The identity that the badge names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityLabel {
    /// A profile, by its name.
    Profile(String),
    /// Keys in the environment.
    Keys {
        /// The other switcher's profile that they belong to, if one says so.
        owner: Option<String>,
        /// The profile that they override.
        over: Option<String>,
    },
    /// The role of the machine or of the environment.
    Machine,
}

/// Everything that the badge depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgeInput {
    /// The identity.
    pub label: IdentityLabel,
    /// The state of the identity now.
    pub expiry: ExpiryState,
    /// The account, if a file names it.
    pub account_id: Option<String>,
    /// The role's name, if a file names it.
    pub role_name: Option<String>,
    /// The SSO session, likewise.
    pub session: Option<String>,
    /// The region, if the settings want it shown.
    pub region: Option<String>,
    /// The set of config files, if it is not the usual one.
    pub config: Option<String>,
}

/// The badge at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// Plain text, safe on any terminal: no control characters, colours or escape sequences.
    pub text: String,
    /// The class.
    pub class: Class,
    /// The state.
    pub state: State,
    /// The time at which text or class next changes; [`Epoch::NEVER`] if they do not.
    pub until: Epoch,
}

/// Draws the badge of `input` at `now`.
#[must_use]
pub fn draw(input: &BadgeInput, settings: &Settings, now: Epoch) -> Badge {
    let state = input.expiry.state;
    let text = time_left(input.expiry, settings);
    let tick = input
        .expiry
        .left
        .map_or(Epoch::NEVER, |left| countdown::next_tick(now, left));
    let prod = is_prod(input, settings);
    let overrides = matches!(&input.label, IdentityLabel::Keys { over: Some(_), .. });
    let class = match class(state) {
        Class::Expired => Class::Expired,
        _ if prod => Class::Prod,
        Class::Unknown => Class::Unknown,
        _ if overrides || settings.production_in_doubt => Class::Warn,
        class => class,
    };
    let mark = if prod { "!" } else { "" };
    Badge {
        text: settings.format.render(input, mark, &text, settings),
        class,
        state,
        until: input.expiry.changes.min(tick),
    }
}

/// Whether the identity belongs to production: by its account if the settings list accounts and the account is known,
/// else by its name.
#[must_use]
pub fn is_prod(input: &BadgeInput, settings: &Settings) -> bool {
    let name = match &input.label {
        IdentityLabel::Profile(name)
        | IdentityLabel::Keys {
            owner: Some(name), ..
        } => Some(name.as_str()),
        IdentityLabel::Keys { .. } | IdentityLabel::Machine => None,
    };
    settings.prod.covers(name, input.account_id.as_deref())
}

/// The time left or the state, as in the badge: `47m`, `expired`, `no login`.
#[must_use]
pub fn time_left(expiry: ExpiryState, settings: &Settings) -> String {
    let renewal = match (expiry.renews, settings.ascii) {
        (false, _) => "",
        (true, false) => "↻",
        (true, true) => "~",
    };
    match expiry.state {
        State::Valid | State::Expiring => {
            expiry.left.map(countdown::text).unwrap_or_default() + renewal
        }
        State::Renewable => renewal.to_owned(),
        State::Unknown => format!("{renewal}?"),
        other => other.words().to_owned(),
    }
}

/// The class of a state.
fn class(state: State) -> Class {
    match state {
        State::Valid
        | State::Renewable
        | State::Keys
        | State::Process
        | State::Container
        | State::Instance
        | State::WebIdentity => Class::Ok,
        State::Expiring | State::Mfa | State::NotExported => Class::Warn,
        State::Unknown => Class::Unknown,
        State::Expired
        | State::NoLogin
        | State::ConfigError
        | State::NoCredentials
        | State::NoSuchProfile => Class::Expired,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::expiry::{Expiry, RENEW_TRUST, RenewedBy, UnknownReason};

    const NOW: Epoch = Epoch(1_800_000_000);

    fn input(label: IdentityLabel, expiry: ExpiryState) -> BadgeInput {
        BadgeInput {
            label,
            expiry,
            account_id: None,
            role_name: None,
            session: None,
            region: None,
            config: None,
        }
    }

    fn profile(name: &str, expiry: Expiry, now: Epoch) -> BadgeInput {
        input(
            IdentityLabel::Profile(name.into()),
            expiry.at(now, RENEW_TRUST),
        )
    }

    fn ends_in(seconds: i64) -> Expiry {
        Expiry::At {
            at: Epoch(NOW.0 + seconds),
            renewable_until: None,
        }
    }

    fn renews(seconds: i64) -> Expiry {
        Expiry::At {
            at: Epoch(NOW.0 + seconds),
            renewable_until: Some(Epoch(NOW.0 + 80 * 86_400)),
        }
    }

    #[test]
    fn every_state_has_its_text_its_class_and_its_next_change() {
        use Class::{Expired, Ok, Unknown, Warn};
        let h = 3600;
        let never = Epoch::NEVER.0 - NOW.0;
        for (expiry, text, class, state, until) in [
            (
                ends_in(2 * 86_400 + 4 * h + 59),
                "aws:dev 2d4h",
                Ok,
                State::Valid,
                60,
            ),
            (
                ends_in(3 * h + 12 * 60),
                "aws:dev 3h12m",
                Ok,
                State::Valid,
                1,
            ),
            (ends_in(47 * 60 + 30), "aws:dev 47m", Ok, State::Valid, 31),
            (ends_in(901), "aws:dev 15m", Ok, State::Valid, 1),
            (ends_in(900), "aws:dev 15m", Warn, State::Expiring, 1),
            (ends_in(59), "aws:dev <1m", Warn, State::Expiring, 59),
            (
                ends_in(0),
                "aws:dev expired",
                Expired,
                State::Expired,
                never,
            ),
            (
                ends_in(-86_400),
                "aws:dev expired",
                Expired,
                State::Expired,
                never,
            ),
            (renews(47 * 60 + 30), "aws:dev 47m↻", Ok, State::Valid, 31),
            (renews(59), "aws:dev <1m↻", Ok, State::Valid, 59),
            (renews(0), "aws:dev ↻", Ok, State::Renewable, 8 * h),
            (
                renews(-8 * h),
                "aws:dev ↻?",
                Unknown,
                State::Unknown,
                80 * 86_400,
            ),
            (
                Expiry::NoLogin,
                "aws:dev no login",
                Expired,
                State::NoLogin,
                never,
            ),
            (
                Expiry::Unknown(UnknownReason::File),
                "aws:dev ?",
                Unknown,
                State::Unknown,
                never,
            ),
            (
                Expiry::Unknown(UnknownReason::HalfWritten),
                "aws:dev ?",
                Unknown,
                State::Unknown,
                2,
            ),
            (Expiry::Never, "aws:dev keys", Ok, State::Keys, never),
            (
                Expiry::RenewedBy(RenewedBy::Process),
                "aws:dev process",
                Ok,
                State::Process,
                never,
            ),
            (
                Expiry::RenewedBy(RenewedBy::WebIdentity),
                "aws:dev web identity",
                Ok,
                State::WebIdentity,
                never,
            ),
            (Expiry::Mfa, "aws:dev mfa", Warn, State::Mfa, never),
        ] {
            let badge = draw(&profile("dev", expiry, NOW), &Settings::default(), NOW);
            let want = Badge {
                text: text.into(),
                class,
                state,
                until: Epoch(NOW.0 + until),
            };
            assert_eq!(badge, want, "{expiry:?}");
        }
    }

    #[test]
    fn the_text_changes_exactly_when_it_said() {
        for life in [ends_in(5000), renews(5000), ends_in(100_000)] {
            let at = |now| {
                let now = Epoch(now);
                draw(&profile("dev", life, now), &Settings::default(), now)
            };
            let mut before = at(NOW.0);
            for now in NOW.0 + 1..NOW.0 + 40_000 {
                let current = at(now);
                let changed = (&current.text, current.class) != (&before.text, before.class);
                assert_eq!(
                    changed,
                    now == before.until.0,
                    "{} -> {} at +{}",
                    before.text,
                    current.text,
                    now - NOW.0
                );
                before = current;
            }
        }
    }

    #[test]
    fn production_is_marked_and_only_a_needed_login_outranks_it() {
        let text_and_class = |life| {
            let badge = draw(
                &profile("acme-prod-admin", life, NOW),
                &Settings::default(),
                NOW,
            );
            (badge.text, badge.class)
        };
        assert_eq!(
            text_and_class(ends_in(4000)),
            ("!aws:acme-prod-admin 1h6m".into(), Class::Prod)
        );
        assert_eq!(
            text_and_class(ends_in(60)),
            ("!aws:acme-prod-admin 1m".into(), Class::Prod)
        );
        assert_eq!(
            text_and_class(Expiry::Unknown(UnknownReason::File)),
            ("!aws:acme-prod-admin ?".into(), Class::Prod)
        );
        assert_eq!(
            text_and_class(ends_in(-1)),
            ("!aws:acme-prod-admin expired".into(), Class::Expired)
        );
    }

    #[test]
    fn keys_in_the_environment_are_named_with_what_they_shadow() {
        let keys = |owner: Option<&str>, over: Option<&str>, expiry: Expiry| {
            let label = IdentityLabel::Keys {
                owner: owner.map(Into::into),
                over: over.map(Into::into),
            };
            let badge = draw(
                &input(label, expiry.at(NOW, RENEW_TRUST)),
                &Settings::default(),
                NOW,
            );
            (badge.text, badge.class)
        };
        assert_eq!(
            keys(None, None, Expiry::Never),
            ("aws:env keys".into(), Class::Ok)
        );
        assert_eq!(
            keys(None, Some("dev"), Expiry::Never),
            ("aws:env over dev keys".into(), Class::Warn)
        );
        assert_eq!(
            keys(None, Some("dev"), ends_in(3000)),
            ("aws:env over dev 50m".into(), Class::Warn)
        );
        assert_eq!(
            keys(None, Some("dev"), ends_in(-1)),
            ("aws:env over dev expired".into(), Class::Expired)
        );
        assert_eq!(
            keys(Some("vault"), None, ends_in(3000)),
            ("aws:vault 50m".into(), Class::Ok)
        );
        assert_eq!(
            keys(Some("vault"), Some("dev"), ends_in(3000)),
            ("aws:vault (env) over dev 50m".into(), Class::Warn)
        );
    }

    #[test]
    #[rustfmt::skip]
    fn while_production_is_in_doubt_the_badge_says_so_and_is_never_ok() {
        let settings = Settings { production_in_doubt: true, ..Settings::default() };
        let unknown = Expiry::Unknown(UnknownReason::File);
        for (name, expiry, text, class) in [
            ("dev", ends_in(3000), "aws:dev 50m settings error", Class::Warn),
            ("dev", ends_in(60), "aws:dev 1m settings error", Class::Warn),
            ("prod", ends_in(3000), "!aws:prod 50m settings error", Class::Prod),
            ("dev", ends_in(0), "aws:dev expired settings error", Class::Expired),
            ("dev", unknown, "aws:dev ? settings error", Class::Unknown),
            ("a-name-that-is-longer-than-it-may-be", ends_in(3000),
                "aws:a-name-that-is-l… 50m settings error", Class::Warn),
        ] {
            let badge = draw(&profile(name, expiry, NOW), &settings, NOW);
            assert_eq!((badge.text.as_str(), badge.class), (text, class));
        }
        // The format does not matter.
        let settings = Settings { format: crate::settings::Format::parse("{role}"), ..settings };
        let badge = draw(&profile("dev", ends_in(3000), NOW), &settings, NOW);
        assert_eq!(badge.text, "settings error");
    }

    #[test]
    fn a_state_that_no_time_changes_says_why() {
        for (state, text, class) in [
            (
                State::NoSuchProfile,
                "aws:dev no such profile",
                Class::Expired,
            ),
            (State::ConfigError, "aws:dev config error", Class::Expired),
            (
                State::NoCredentials,
                "aws:dev no credentials",
                Class::Expired,
            ),
            (State::NotExported, "aws:dev not exported", Class::Warn),
        ] {
            let label = IdentityLabel::Profile("dev".into());
            let badge = draw(
                &input(label, ExpiryState::fixed(state)),
                &Settings::default(),
                NOW,
            );
            assert_eq!(
                (badge.text.as_str(), badge.class, badge.state),
                (text, class, state)
            );
        }
        let container = ExpiryState::fixed(State::Container);
        let machine = input(IdentityLabel::Machine, container);
        assert_eq!(
            draw(&machine, &Settings::default(), NOW).text,
            "aws:container"
        );
    }

    #[test]
    fn the_class_says_the_worst_first() {
        let keys = |owner: &str, over: &str| IdentityLabel::Keys {
            owner: Some(owner.into()),
            over: Some(over.into()),
        };
        for (label, state, class) in [
            (keys("a", "b"), State::Unknown, Class::Unknown),
            (keys("prod", "b"), State::Unknown, Class::Prod),
            (keys("prod", "b"), State::Expired, Class::Expired),
            (keys("a", "prod"), State::Keys, Class::Warn),
        ] {
            let badge = draw(
                &input(label.clone(), ExpiryState::fixed(state)),
                &Settings::default(),
                NOW,
            );
            assert_eq!(badge.class, class, "{label:?} {state:?}");
        }
    }
}
