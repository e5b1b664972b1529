//! What the badge says: an identity and a clock in, text, class and the next change out. Pure.

pub mod class;
mod format;
pub mod left;
pub mod safe;

use crate::aws::life::{Life, Manager, State};
use crate::aws::{Epoch, Seconds};
pub use crate::settings::Settings;
pub use class::Class;

/// Whose badge it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A profile, by its name.
    Profile(String),
    /// Keys in the environment.
    Keys {
        /// The other switcher's profile that they belong to, where one says so.
        owner: Option<String>,
        /// The profile that they shadow.
        over: Option<String>,
    },
    /// The role of the machine or of the environment.
    Machine,
}

/// What is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Until when it works.
    Life(Life),
    /// No file knows the profile.
    NoSuchProfile,
    /// The shell has the variable and does not export it: no program sees it.
    NotExported,
}

/// All that the badge is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Whose badge.
    pub who: Who,
    /// What is known.
    pub what: What,
    /// The account, as far as a file names it.
    pub account_id: Option<String>,
    /// The role's name, likewise.
    pub role_name: Option<String>,
    /// The region, where the settings want it shown.
    pub region: Option<String>,
}

/// The badge at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// Plain text, fit for any terminal: no control character, no colour, no escape.
    pub text: String,
    /// How it is coloured.
    pub class: Class,
    /// The state's name in the exchange with the hooks.
    pub state: &'static str,
    /// The moment at which text or class next changes; [`Epoch::NEVER`] where they don't.
    pub until: Epoch,
}

/// Draws the badge of `subject` at `now`.
#[must_use]
pub fn draw(subject: &Subject, settings: &Settings, now: Epoch) -> Badge {
    let (state, left, until, mut class) = match subject.what {
        What::NoSuchProfile => (
            "no-such-profile",
            "no such profile".to_owned(),
            Epoch::NEVER,
            Class::Expired,
        ),
        What::NotExported => (
            "not-exported",
            "not exported".to_owned(),
            Epoch::NEVER,
            Class::Warn,
        ),
        What::Life(life) => outlook(life, settings, now),
    };
    let shadowing = matches!(&subject.who, Who::Keys { over: Some(_), .. });
    if shadowing && class != Class::Expired {
        class = Class::Warn;
    }
    if settings.production_in_doubt && class == Class::Ok {
        class = Class::Warn;
    }
    let prod = is_prod(subject, settings);
    if prod && class != Class::Expired {
        class = Class::Prod;
    }
    let mark = if prod { "!" } else { "" };
    Badge {
        text: settings.format.render(subject, mark, &left, settings),
        class,
        state,
        until,
    }
}

/// Whether the subject belongs to production: by its account where the settings list accounts and the account
/// is known, else by its name.
#[must_use]
pub fn is_prod(subject: &Subject, settings: &Settings) -> bool {
    let name = match &subject.who {
        Who::Profile(name)
        | Who::Keys {
            owner: Some(name), ..
        } => Some(name.as_str()),
        Who::Keys { .. } | Who::Machine => None,
    };
    settings.prod.covers(name, subject.account_id.as_deref())
}

/// What the badge says of how long: `47m`, `expired`, `no login`.
#[must_use]
pub fn how_long(life: Life, settings: &Settings, now: Epoch) -> String {
    outlook(life, settings, now).1
}

/// State, text of what is left, next change, and the class that the state alone would have.
fn outlook(life: Life, settings: &Settings, now: Epoch) -> (&'static str, String, Epoch, Class) {
    let standing = life.at(now, settings.renew_trust);
    let renewal = match (standing.renews, settings.ascii) {
        (false, _) => "",
        (true, false) => "↻",
        (true, true) => "~",
    };
    let (left, tick) = match standing.left {
        Some(left) => (left::text(left), left::next_tick(now, left)),
        None => (String::new(), Epoch::NEVER),
    };
    let until = standing.changes.min(tick);
    let (text, class) = match standing.state {
        State::Valid => (left + renewal, Class::Ok),
        State::Expiring => (left, Class::Warn),
        State::Expired => ("expired".to_owned(), Class::Expired),
        State::Missing => ("no login".to_owned(), Class::Expired),
        State::Unknown => (format!("{renewal}?"), Class::Unknown),
        State::Never => ("keys".to_owned(), Class::Ok),
        State::Managed => (manager(life).word().to_owned(), Class::Ok),
    };
    (standing.state.name(), text, until, class)
}

fn manager(life: Life) -> Manager {
    match life {
        Life::Managed(manager) => manager,
        _ => Manager::Temporary,
    }
}

/// How often a hook may look where it can't watch files: once a minute.
pub const TIME_TO_LIVE: Seconds = Seconds(60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::life::Puzzle;

    const NOW: Epoch = Epoch(1_800_000_000);

    fn subject(who: Who, what: What) -> Subject {
        Subject {
            who,
            what,
            account_id: None,
            role_name: None,
            region: None,
        }
    }

    fn profile(name: &str, life: Life) -> Subject {
        subject(Who::Profile(name.into()), What::Life(life))
    }

    fn ends_in(seconds: i64) -> Life {
        Life::Until {
            at: Epoch(NOW.0 + seconds),
            renewable_until: None,
        }
    }

    fn renews(seconds: i64) -> Life {
        Life::Until {
            at: Epoch(NOW.0 + seconds),
            renewable_until: Some(Epoch(NOW.0 + 80 * 86_400)),
        }
    }

    #[test]
    fn every_state_has_its_text_its_class_and_its_next_change() {
        use Class::*;
        let h = 3600;
        let never = Epoch::NEVER.0 - NOW.0;
        for (life, text, class, state, until) in [
            (
                ends_in(2 * 86_400 + 4 * h + 59),
                "aws:dev 2d4h",
                Ok,
                "valid",
                60,
            ),
            (ends_in(3 * h + 12 * 60), "aws:dev 3h12m", Ok, "valid", 1),
            (ends_in(47 * 60 + 30), "aws:dev 47m", Ok, "valid", 31),
            (ends_in(901), "aws:dev 15m", Ok, "valid", 1),
            (ends_in(900), "aws:dev 15m", Warn, "expiring", 1),
            (ends_in(59), "aws:dev <1m", Warn, "expiring", 59),
            (ends_in(0), "aws:dev expired", Expired, "expired", never),
            (
                ends_in(-86_400),
                "aws:dev expired",
                Expired,
                "expired",
                never,
            ),
            (renews(47 * 60 + 30), "aws:dev 47m↻", Ok, "valid", 31),
            (renews(59), "aws:dev <1m↻", Ok, "valid", 59),
            (renews(0), "aws:dev ↻", Ok, "valid", 8 * h),
            (
                renews(-8 * h),
                "aws:dev ↻?",
                Unknown,
                "unknown",
                80 * 86_400,
            ),
            (Life::Missing, "aws:dev no login", Expired, "missing", never),
            (
                Life::Unknown(Puzzle::File),
                "aws:dev ?",
                Unknown,
                "unknown",
                never,
            ),
            (
                Life::Unknown(Puzzle::HalfWritten),
                "aws:dev ?",
                Unknown,
                "unknown",
                2,
            ),
            (Life::Forever, "aws:dev keys", Ok, "never", never),
            (
                Life::Managed(Manager::Process),
                "aws:dev process",
                Ok,
                "managed",
                never,
            ),
            (
                Life::Managed(Manager::Temporary),
                "aws:dev",
                Ok,
                "managed",
                never,
            ),
        ] {
            let badge = draw(&profile("dev", life), &Settings::default(), NOW);
            let want = Badge {
                text: text.into(),
                class,
                state,
                until: Epoch(NOW.0 + until),
            };
            assert_eq!(badge, want, "{life:?}");
        }
    }

    #[test]
    fn the_text_changes_exactly_when_it_said() {
        for life in [ends_in(5000), renews(5000), ends_in(100_000)] {
            let subject = profile("dev", life);
            let at = |now| draw(&subject, &Settings::default(), Epoch(now));
            let mut before = at(NOW.0);
            for now in NOW.0 + 1..NOW.0 + 40_000 {
                let here = at(now);
                let changed = (&here.text, here.class) != (&before.text, before.class);
                assert_eq!(
                    changed,
                    now == before.until.0,
                    "{} -> {} at +{}",
                    before.text,
                    here.text,
                    now - NOW.0
                );
                before = here;
            }
        }
    }

    #[test]
    fn production_is_marked_and_only_a_needed_login_outranks_it() {
        let text_and_class = |life| {
            let badge = draw(&profile("acme-prod-admin", life), &Settings::default(), NOW);
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
            text_and_class(Life::Unknown(Puzzle::File)),
            ("!aws:acme-prod-admin ?".into(), Class::Prod)
        );
        assert_eq!(
            text_and_class(ends_in(-1)),
            ("!aws:acme-prod-admin expired".into(), Class::Expired)
        );
    }

    #[test]
    fn keys_in_the_environment_are_named_with_what_they_shadow() {
        let keys = |owner: Option<&str>, over: Option<&str>, life| {
            let who = Who::Keys {
                owner: owner.map(Into::into),
                over: over.map(Into::into),
            };
            let badge = draw(&subject(who, What::Life(life)), &Settings::default(), NOW);
            (badge.text, badge.class)
        };
        assert_eq!(
            keys(None, None, Life::Forever),
            ("aws:env keys".into(), Class::Ok)
        );
        assert_eq!(
            keys(None, Some("dev"), Life::Forever),
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
    fn while_production_is_in_doubt_the_badge_says_so_and_is_never_ok() {
        let settings = Settings {
            production_in_doubt: true,
            ..Settings::default()
        };
        for (name, life, text, class) in [
            (
                "dev",
                ends_in(3000),
                "aws:dev 50m settings error",
                Class::Warn,
            ),
            ("dev", ends_in(60), "aws:dev 1m settings error", Class::Warn),
            (
                "prod",
                ends_in(3000),
                "!aws:prod 50m settings error",
                Class::Prod,
            ),
            (
                "dev",
                ends_in(0),
                "aws:dev expired settings error",
                Class::Expired,
            ),
            (
                "dev",
                Life::Unknown(Puzzle::File),
                "aws:dev ? settings error",
                Class::Unknown,
            ),
            (
                "a-name-that-is-longer-than-it-may-be",
                ends_in(3000),
                "aws:a-name-that-is-l… 50m settings error",
                Class::Warn,
            ),
        ] {
            let badge = draw(&profile(name, life), &settings, NOW);
            assert_eq!((badge.text.as_str(), badge.class), (text, class));
        }
        // The format has no say in it.
        let settings = Settings {
            format: crate::settings::Format::parse("{role}"),
            ..settings
        };
        let badge = draw(&profile("dev", ends_in(3000)), &settings, NOW);
        assert_eq!(badge.text, "settings error");
    }

    #[test]
    fn what_is_no_identity_says_why() {
        let say = |what| {
            draw(
                &subject(Who::Profile("dev".into()), what),
                &Settings::default(),
                NOW,
            )
        };
        let badge = say(What::NoSuchProfile);
        assert_eq!(
            (badge.text.as_str(), badge.class, badge.state),
            ("aws:dev no such profile", Class::Expired, "no-such-profile")
        );
        let badge = say(What::NotExported);
        assert_eq!(
            (badge.text.as_str(), badge.class, badge.state),
            ("aws:dev not exported", Class::Warn, "not-exported")
        );
        let machine = subject(Who::Machine, What::Life(Life::Managed(Manager::Container)));
        assert_eq!(
            draw(&machine, &Settings::default(), NOW).text,
            "aws:container"
        );
    }
}
