//! The names that new profiles get.

use crate::error::{Failure, Word};

/// What a profile is called if nobody says otherwise.
pub(crate) const DEFAULT: &str = "{account}-{role}";

/// The longest name, in characters.
const LONGEST: usize = 128;

/// The fields of a template.
const FIELDS: [&str; 6] = [
    "account",
    "account_id",
    "role",
    "session",
    "email",
    "partition",
];

/// A template, such as `{account:lower}-{role:strip=AWS}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(&'static str, Vec<Change>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    /// In lower case.
    Lower,
    /// Without this at its beginning and at its end.
    Strip(String),
}

/// What a name is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    /// The account's name.
    pub(crate) account: Option<&'a str>,
    /// The account's id.
    pub(crate) account_id: &'a str,
    /// The role's name.
    pub(crate) role: &'a str,
    /// The session's name.
    pub(crate) session: &'a str,
    /// The account's address.
    pub(crate) email: Option<&'a str>,
    /// The partition of the session's region, such as `aws-cn`.
    pub(crate) partition: Option<&'a str>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// `usage`: what can't be understood.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = |why: String| {
            Failure::new(
                Word::Usage,
                format!("the template '{text}': {why}"),
                format!(
                    "Use the fields {}, with :lower or :strip=TEXT after a name.",
                    FIELDS.map(|field| format!("{{{field}}}")).join(", ")
                ),
            )
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(open);
            let inside = from
                .strip_prefix('{')
                .and_then(|from| from.split_once('}'))
                .ok_or_else(|| wrong("a brace has no partner".to_owned()))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let mut words = inside.0.split(':');
            let name = words.next().unwrap_or_default();
            let field = FIELDS
                .into_iter()
                .find(|field| *field == name)
                .ok_or_else(|| wrong(format!("there is no field '{name}'")))?;
            let changes = words.map(|word| match (word, word.strip_prefix("strip=")) {
                ("lower", _) => Ok(Change::Lower),
                (_, Some(strip)) if !strip.is_empty() => Ok(Change::Strip(strip.to_owned())),
                _ => Err(wrong(format!("'{word}' is not lower or strip=TEXT"))),
            });
            parts.push(Part::Field(field, changes.collect::<Result<_, _>>()?));
            rest = inside.1;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if !parts.iter().any(|part| matches!(part, Part::Field(..))) {
            return Err(wrong(
                "it has no field, so all profiles had one name".to_owned(),
            ));
        }
        Ok(Self(parts))
    }

    /// The name. It may be taken, too long, or `default`: see [`Template::with_id`].
    pub(crate) fn name(&self, values: &Values<'_>) -> String {
        clean(&self.render(values, usize::MAX))
    }

    /// The name with the account's id behind it, which tells it from one that is taken. The account's part is
    /// shortened if it would be too long.
    pub(crate) fn with_id(&self, values: &Values<'_>) -> String {
        let room = LONGEST - 1 - values.account_id.len();
        let most = self.name(values).len();
        let name = (1..=most)
            .rev()
            .map(|account| clean(&self.render(values, account)))
            .find(|name| name.len() <= room)
            .unwrap_or_else(|| {
                let mut name = self.name(values);
                name.truncate(room);
                name
            });
        let name = name.trim_end_matches('-');
        match name.is_empty() {
            true => values.account_id.to_owned(),
            false => format!("{name}-{}", values.account_id),
        }
    }

    /// The text before it is cleaned, with at most `most` characters of the account's name.
    fn render(&self, values: &Values<'_>, most: usize) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(part) => text += part,
                Part::Field(field, changes) => {
                    let value = match *field {
                        "account" => values.account,
                        "role" => Some(values.role),
                        "session" => Some(values.session),
                        "email" => values.email,
                        "partition" => values.partition,
                        _ => Some(values.account_id),
                    };
                    let mut value = changed(value.unwrap_or_default(), changes);
                    if *field == "account" {
                        value = clean(&value).chars().take(most).collect();
                    }
                    match clean(&value).is_empty() {
                        true => text += values.account_id,
                        false => text += &value,
                    }
                }
            }
        }
        text
    }
}

/// Whether a profile may have this name.
pub(crate) fn is_usable(name: &str) -> bool {
    name != "default" && (1..=LONGEST).contains(&name.len())
}

fn changed(value: &str, changes: &[Change]) -> String {
    let mut value = value.to_owned();
    for change in changes {
        value = match change {
            Change::Lower => value.to_lowercase(),
            Change::Strip(text) => {
                let rest = value.strip_prefix(text.as_str()).unwrap_or(&value);
                rest.strip_suffix(text.as_str()).unwrap_or(rest).to_owned()
            }
        };
    }
    value
}

/// What all tools take as a profile's name: runs of other characters become one `-`, and none is at an end.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Whether the last `-` is one that something else became.
    let mut run = false;
    for c in text.chars() {
        let allowed = c.is_ascii_alphanumeric() || "_./%@:+".contains(c);
        match (allowed, c) {
            (true, _) => out.push(c),
            (_, '-') if !run => out.push(c),
            _ if !out.ends_with('-') => out.push('-'),
            _ => {}
        }
        run = !allowed && (c != '-' || run);
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: Values<'_> = Values {
        account: Some("Shop (Prod) é"),
        account_id: "123456789012",
        role: "AWSAdministratorAccess",
        session: "my-sso",
        email: Some("aws+1@example.com"),
        partition: Some("aws"),
    };

    fn name(template: &str, values: &Values<'_>) -> String {
        Template::parse(template).unwrap().name(values)
    }

    #[test]
    fn names_have_only_what_every_tool_takes() {
        for (template, want) in [
            (DEFAULT, "Shop-Prod-AWSAdministratorAccess"),
            (
                "{account:lower}.{role:strip=AWS}",
                "shop-prod.AdministratorAccess",
            ),
            ("{account:strip=Shop} -- {session}", "Prod-my-sso"),
            ("{account_id}/{role}", "123456789012/AWSAdministratorAccess"),
            ("{role:strip=AWS:strip=Access:lower}", "administrator"),
            (
                "{session}:{partition} {email}",
                "my-sso:aws-aws+1@example.com",
            ),
            ("--{role}--", "AWSAdministratorAccess"),
        ] {
            assert_eq!(name(template, &VALUES), want, "{template}");
        }
    }

    #[test]
    fn a_field_that_says_nothing_is_the_accounts_id() {
        for account in [None, Some(""), Some("日本"), Some("--")] {
            let values = Values { account, ..VALUES };
            let want = "123456789012-AWSAdministratorAccess";
            assert_eq!(name(DEFAULT, &values), want, "{account:?}");
        }
        let values = Values {
            email: None,
            ..VALUES
        };
        assert_eq!(name("{email}", &values), "123456789012");
    }

    #[test]
    fn a_name_with_the_id_is_short_enough() {
        let template = Template::parse(DEFAULT).unwrap();
        assert_eq!(
            template.with_id(&VALUES),
            "Shop-Prod-AWSAdministratorAccess-123456789012"
        );
        let long = "a".repeat(300);
        let values = Values {
            account: Some(&long),
            ..VALUES
        };
        assert!(!is_usable(&template.name(&values)));
        let short = template.with_id(&values);
        assert!(is_usable(&short) && short.ends_with("aa-AWSAdministratorAccess-123456789012"));
        assert_eq!(short.len(), 128);
        let fixed = Template::parse(&format!("{}{{role}}", "b".repeat(200))).unwrap();
        assert_eq!(fixed.with_id(&values).len(), 128);
        let default = Template::parse("{account}").unwrap();
        let values = Values {
            account: Some("default"),
            ..VALUES
        };
        assert!(!is_usable(&default.name(&values)));
        assert_eq!(default.with_id(&values), "default-123456789012");
    }

    #[test]
    fn templates_that_can_not_be_understood_are_refused() {
        for template in [
            "",
            "x",
            "{acount}",
            "{role",
            "role}",
            "{role}}",
            "{role:upper}",
            "{role:strip=}",
            "{}",
        ] {
            let failure = Template::parse(template).unwrap_err();
            assert_eq!(failure.word, Word::Usage, "{template}");
            assert!(failure.next.contains("{account_id}"));
        }
    }
}
