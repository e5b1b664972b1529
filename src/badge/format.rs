//! The badge's text: fills in the format of the settings.

use super::{BadgeInput, IdentityLabel};
use crate::output::sanitize;
use crate::settings::{Field, Format, Piece, Settings};

/// The end of the badge while the settings may have lost a rule about production.
const IN_DOUBT: &str = " settings error";

/// The minimum width of the rest of such a badge, in columns.
const LEAST: usize = 10;

/// The fields that are left out of a badge that is too wide, in this order, before the name is shortened.
const LEAST_NEEDED: [Field; 5] = [
    Field::Session,
    Field::Role,
    Field::Account,
    Field::Region,
    Field::Config,
];

impl Format {
    /// The text of a badge, at most `max_width` columns wide: other fields are left out, then the name is shortened. While a
    /// rule about production may be lost, it ends in ` settings error`, whole even if `max_width` is less than 25.
    #[must_use]
    pub fn render(
        &self,
        input: &BadgeInput,
        mark: &str,
        left: &str,
        settings: &Settings,
    ) -> String {
        if !settings.production_in_doubt {
            self.within(settings.max_width, input, mark, left, settings)
        } else {
            let room = settings.max_width.saturating_sub(IN_DOUBT.len()).max(LEAST);
            let rest = self.within(room, input, mark, left, settings);
            if rest.is_empty() {
                IN_DOUBT.trim_start().to_owned()
            } else {
                rest + IN_DOUBT
            }
        }
    }

    /// The text in at most `room` columns.
    fn within(
        &self,
        room: usize,
        input: &BadgeInput,
        mark: &str,
        left: &str,
        settings: &Settings,
    ) -> String {
        let name = full_name(input, left, settings);
        let mut fewer = self.clone();
        let mut whole = fewer.compose(input, mark, left, &name, settings);
        for field in LEAST_NEEDED {
            if sanitize::width(&whole) <= room {
                return whole;
            }
            fewer
                .pieces
                .retain(|piece| !matches!(piece, Piece::Field { field: of, .. } if *of == field));
            whole = fewer.compose(input, mark, left, &name, settings);
        }
        let excess = sanitize::width(&whole).saturating_sub(room);
        if excess == 0 {
            return whole;
        }
        let least = sanitize::width(&name).saturating_sub(excess).max(2);
        let short = sanitize::shorten(&name, least, settings.ascii);
        let whole = fewer.compose(input, mark, left, &short, settings);
        sanitize::shorten(&whole, room, settings.ascii)
    }

    fn compose(
        &self,
        input: &BadgeInput,
        mark: &str,
        left: &str,
        name: &str,
        settings: &Settings,
    ) -> String {
        let show = |text: &str| sanitize::name(text, settings.ascii);
        // Spaces of the format and of the symbol are meant as spaces.
        let literal = |text: &str| {
            text.split(' ')
                .map(|word| {
                    if word.is_empty() {
                        String::new()
                    } else {
                        show(word)
                    }
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut out = mark.to_owned();
        for piece in &self.pieces {
            let (before, value, after) = match piece {
                Piece::Text(text) => ("", literal(text), ""),
                Piece::Field {
                    before,
                    field,
                    after,
                } => {
                    let value = match field {
                        Field::Symbol => literal(&settings.symbol),
                        Field::Profile => name.to_owned(),
                        Field::Region => input.region.as_deref().map(show).unwrap_or_default(),
                        Field::Left if matches!(input.label, IdentityLabel::Machine) => {
                            String::new()
                        }
                        Field::Left => left.to_owned(),
                        Field::Account => {
                            let id = input.account_id.as_deref();
                            id.map(|id| show(settings.account(id))).unwrap_or_default()
                        }
                        Field::Role => input.role_name.as_deref().map(show).unwrap_or_default(),
                        Field::Config => input.config.as_deref().map(show).unwrap_or_default(),
                        Field::Session => input.session.as_deref().map(show).unwrap_or_default(),
                    };
                    (before.as_str(), value, after.as_str())
                }
            };
            if !value.is_empty() {
                out.push_str(&literal(before));
                out.push_str(&value);
                out.push_str(&literal(after));
            }
        }
        out
    }
}

/// The name in the badge: a profile's alias, or what overrides which profile. The machine's own role is named by its
/// kind.
fn full_name(input: &BadgeInput, left: &str, settings: &Settings) -> String {
    let sanitized = |name: &str| sanitize::name(settings.alias(name), settings.ascii);
    match &input.label {
        IdentityLabel::Profile(name)
        | IdentityLabel::Keys {
            owner: Some(name),
            over: None,
        } => sanitized(name),
        IdentityLabel::Keys {
            owner: None,
            over: None,
        } => "env".to_owned(),
        IdentityLabel::Keys {
            owner: None,
            over: Some(over),
        } => format!("env over {}", sanitized(over)),
        IdentityLabel::Keys {
            owner: Some(owner),
            over: Some(over),
        } => format!("{} (env) over {}", sanitized(owner), sanitized(over)),
        IdentityLabel::Machine => left.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::expiry::{ExpiryState, State};
    use crate::settings::DEFAULT_FORMAT;

    #[test]
    fn a_form_is_filled_in_and_kept_to_its_width() {
        let input = BadgeInput {
            label: IdentityLabel::Profile("a-long-profile-name".into()),
            expiry: ExpiryState::fixed(State::NotExported),
            account_id: Some("123456789012".into()),
            role_name: Some("Admin".into()),
            session: Some("corp".into()),
            region: None,
            config: None,
        };
        let render = |form: &str, width| {
            let settings = Settings {
                format: Format::parse(form),
                max_width: width,
                account_names: vec![("123456789013".to_owned(), "other".to_owned())],
                ..Settings::default()
            };
            settings.format.render(&input, "", "47m", &settings)
        };
        assert_eq!(render(DEFAULT_FORMAT, 40), "aws:a-long-profile-name 47m");
        assert_eq!(render(DEFAULT_FORMAT, 16), "aws:a-long-… 47m");
        assert_eq!(
            render("[{profile}{|account}{ region}{ (left)}] {odd", 60),
            "[a-long-profile-name|123456789012 (47m)] {odd"
        );
        assert_eq!(render("{nope} {role}", 60), "{nope} Admin");
        assert_eq!(render("{left}\x1b[31m", 60), "47m?[31m");
        let all = "{symbol}{profile}{ account}{ role}{ session}{ region}{ left}";
        for (width, want) in [
            (60, "aws:a-long-profile-name 123456789012 Admin corp 47m"),
            (48, "aws:a-long-profile-name 123456789012 Admin 47m"),
            (42, "aws:a-long-profile-name 123456789012 47m"),
            (30, "aws:a-long-profile-name 47m"),
            (16, "aws:a-long-… 47m"),
        ] {
            assert_eq!(render(all, width), want);
        }
        assert_eq!(
            sanitize::width(&render(
                "{symbol}{symbol}{symbol}{symbol}{account}{profile}",
                12
            )),
            12
        );
    }

    #[test]
    fn the_config_is_shown_before_the_name_and_left_out_last() {
        let input = BadgeInput {
            label: IdentityLabel::Profile("dev".into()),
            expiry: ExpiryState::fixed(State::NotExported),
            account_id: None,
            role_name: None,
            session: None,
            region: Some("eu-west-1".into()),
            config: Some("client7\u{202e}".into()),
        };
        for (width, want) in [
            (40, "!aws:client7?/dev eu-west-1 47m"),
            (30, "!aws:client7?/dev 47m"),
            (20, "!aws:dev 47m"),
        ] {
            let settings = Settings {
                max_width: width,
                ..Settings::default()
            };
            let text = settings.format.render(&input, "!", "47m", &settings);
            assert_eq!(text, want);
        }
    }

    /// Its name is the text that other badges have instead of the time left.
    #[test]
    fn the_machines_own_role_is_named_once() {
        let input = BadgeInput {
            label: IdentityLabel::Machine,
            expiry: ExpiryState::fixed(State::NotExported),
            account_id: None,
            role_name: None,
            session: None,
            region: None,
            config: None,
        };
        let settings = Settings::default();
        let text = settings.format.render(&input, "", "ec2", &settings);
        assert_eq!(text, "aws:ec2");
    }
}
