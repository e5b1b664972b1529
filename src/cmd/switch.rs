//! `use`: the statements that switch to a profile.

use super::look::{self, Look, Trail, View};
use super::{Reply, region};
use crate::aws::Vars;
use crate::aws::grammar::{self, SectionKind};
use crate::aws::select;
use crate::badge::{Settings, safe};
use crate::cli::Use;
use crate::error::{Error, Visible};
use crate::host::terminal;
use crate::shells::{self, Shell, Statement};

/// The variables that would win over a profile, or tell of an identity that is no more: keys and tokens, their
/// expiry, web identity, and the marks that other switchers leave. In the order in which they are unset.
pub(super) const SHADOWING: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_VAULT",
    "AWSUME_PROFILE",
    "AWSUME_EXPIRATION",
    "AWSUME_COMMAND",
    "AWS_SSO_PROFILE",
    "AWS_SSO_SESSION_EXPIRATION",
    "AWS_SSO_ACCOUNT_ID",
    "AWS_SSO_ROLE_NAME",
    "AWS_SSO_ROLE_ARN",
    "AWSU_PROFILE",
    "GRANTED_SSO",
    "GRANTED_SSO_START_URL",
    "GRANTED_SSO_ROLE_NAME",
    "GRANTED_SSO_REGION",
    "GRANTED_SSO_ACCOUNT_ID",
];

pub(super) fn run(args: &Use, vars: &Vars) -> Result<Reply, Error> {
    if let Some(word) = args.more.first() {
        let first = args.profile.to_string_lossy();
        // `asp` hands over its options before the profile.
        if first.starts_with("--") {
            return Err(Error::Usage {
                message: format!("there is no option '{}'", Visible(&first)),
                next: "`asp --help` shows all of them.".to_owned(),
            });
        }
        return Err(Error::Usage {
            message: format!(
                "'{}' behind a profile is neither login nor logout",
                Visible(&word.to_string_lossy())
            ),
            next: "A name with a space in it needs quotes.".to_owned(),
        });
    }
    let typed = super::typed(&args.profile)?;
    let name = match typed {
        "-" => match super::typed_if_any(args.previous.as_ref())? {
            None | Some("") => {
                return Err(Error::General {
                    message: "no previous profile in this terminal".to_owned(),
                    next: "Switch twice by name first; `asp -` then goes back and forth."
                        .to_owned(),
                });
            }
            Some(previous) => previous,
        },
        name => name,
    };
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, crate::host::now(), trail);
    let profile = match named(&look, &settings, name) {
        Err(unknown @ Error::NoSuchProfile { .. }) => meant(&look, &settings, name).ok_or(unknown),
        found => found,
    }?;
    let name = profile.name.clone();
    if let Some(region) = &args.region {
        region::check(region)?;
    }
    if settings.confirm_prod && !args.yes && terminal::can_ask() {
        let view = look.whole(profile.clone());
        if is_prod(&view, &settings)
            && !yes(
                &format!(
                    "Switch to production, '{}'? [y/N] ",
                    safe::name(&name, settings.ascii)
                ),
                false,
            )
        {
            return Err(Error::Refused {
                message: format!("not switched to '{}'", Visible(&name)),
                next: "--yes switches without a question.".to_owned(),
            });
        }
    }

    let mut statements = Vec::new();
    let mut notes = String::new();
    let unset: &[&str] = if args.keep_keys { &[] } else { SHADOWING };
    statements.extend(unset.iter().map(|name| Statement::Unset(name)));
    let removed: Vec<&str> = unset
        .iter()
        .copied()
        .filter(|name| vars.raw(name).is_some())
        .collect();
    if !removed.is_empty() {
        notes += &format!(
            "awsbadge: unset {}, which would hide the profile\n",
            removed.join(", ")
        );
    }

    let own = args
        .own_region
        .as_ref()
        .and_then(|r| r.to_str())
        .filter(|r| !r.is_empty());
    let environment = select::region(vars);
    let left_behind = own.is_some() && environment.as_ref().map(|r| r.value.as_str()) == own;
    match &args.region {
        Some(region) => {
            statements.push(Statement::Export(
                "AWS_DEFAULT_REGION",
                region.clone().into(),
            ));
            statements.push(Statement::Export("AWS_REGION", region.clone().into()));
        }
        None if left_behind => {
            statements.push(Statement::Unset("AWS_DEFAULT_REGION"));
            statements.push(Statement::Unset("AWS_REGION"));
        }
        None => {
            let of_profile = profile.text("region");
            if let (Some(env), Some(own)) = (&environment, of_profile)
                && env.value != own
            {
                notes += &format!(
                    "awsbadge: {}={} stays and wins over the profile's region {}; `asr` unsets it\n",
                    env.from,
                    Visible(&env.value),
                    Visible(own)
                );
            }
        }
    }
    statements.push(region_of(&profile));
    statements.push(Statement::Set(
        "_awsbadge_region",
        args.region.clone().unwrap_or_default().into(),
    ));
    statements.extend(name_as_profile(&profile));
    Ok(Reply {
        stderr: notes,
        ..Reply::print(shells::block(Shell::from(args.shell), &statements))
    })
}

/// `AWS_PROFILE_REGION`, which oh-my-zsh's prompt shows.
fn region_of(profile: &grammar::Section) -> Statement {
    match profile.text("region") {
        Some(region) if !region.chars().any(char::is_control) => {
            Statement::Export("AWS_PROFILE_REGION", region.into())
        }
        _ => Statement::Unset("AWS_PROFILE_REGION"),
    }
}

/// The variables that name the profile, `AWS_PROFILE` last.
fn name_as_profile(profile: &grammar::Section) -> impl Iterator<Item = Statement> {
    ["AWS_DEFAULT_PROFILE", "AWS_EB_PROFILE", "AWS_PROFILE"]
        .into_iter()
        .map(|variable| Statement::Export(variable, profile.name.clone().into()))
}

/// What makes `profile` the identity of an environment: nothing left that would win over it, then its name.
pub(super) fn identity(profile: &grammar::Section) -> Vec<Statement> {
    let unset = SHADOWING.iter().map(|name| Statement::Unset(name));
    unset
        .chain([region_of(profile)])
        .chain(name_as_profile(profile))
        .collect()
}

/// The environment without anything that names an identity: for a program that is told the profile by its
/// arguments.
pub(super) fn nobody(vars: &Vars) -> Vars {
    let names = SHADOWING
        .iter()
        .chain(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]);
    names.fold(vars.clone(), |vars, name| vars.without(name))
}

/// The environment without what is secret in it, for programs that have nothing to do with AWS.
pub(super) fn without_secrets(vars: &Vars) -> Vars {
    let names = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
    ];
    let names = names.iter();
    names.fold(vars.clone(), |vars, name| vars.without(name))
}

/// Whether a profile is production by the settings.
pub(super) fn is_prod(view: &View, settings: &Settings) -> bool {
    settings
        .prod
        .covers(Some(&view.section.name), view.origin.account_id())
}

/// Asks; `default` is the answer of Enter.
fn yes(question: &str, default: bool) -> bool {
    let answer = terminal::ask(question).unwrap_or_default().to_lowercase();
    match answer.as_str() {
        "" => default,
        answer => answer == "y" || answer == "yes",
    }
}

/// The one profile whose name contains `part`, where a person agrees that it was meant; never production.
fn meant(look: &Look<'_>, settings: &Settings, part: &str) -> Option<grammar::Section> {
    if part.is_empty() || !terminal::can_ask() {
        return None;
    }
    let part = part.to_lowercase();
    let names = grammar::names(&look.config.text, &look.credentials.text);
    let mut alike = names
        .iter()
        .filter(|n| n.name.to_lowercase().contains(&part));
    let (Some(only), None) = (alike.next(), alike.next()) else {
        return None;
    };
    let view = look.whole(look.section(SectionKind::Profile, &only.name)?);
    let agreed = !is_prod(&view, settings)
        && yes(
            &format!(
                "Switch to '{}'? [Y/n] ",
                safe::name(&only.name, settings.ascii)
            ),
            true,
        );
    agreed.then_some(view.section)
}

/// The profile that is called `name`, or has it as its short name in the settings.
pub(super) fn named(
    look: &Look<'_>,
    settings: &Settings,
    name: &str,
) -> Result<grammar::Section, Error> {
    let of_alias = || {
        let (profile, _) = settings.aliases.iter().find(|(_, alias)| alias == name)?;
        known(look, profile).ok()
    };
    match known(look, name) {
        Err(unknown @ Error::NoSuchProfile { .. }) => of_alias().ok_or(unknown),
        found => found,
    }
}

/// The profile `name`, or why it can't be switched to.
pub(super) fn known(look: &Look<'_>, name: &str) -> Result<grammar::Section, Error> {
    // What stands in a file in place of U+FFFD is not known here: bytes that are not UTF-8 were read as one.
    let lost = name.contains(char::REPLACEMENT_CHARACTER);
    if name.is_empty() || lost || name.chars().any(char::is_control) {
        let what = match lost {
            true => "holds bytes that are not UTF-8",
            false => "is empty or holds control characters",
        };
        return Err(Error::Refused {
            message: format!("the name '{}' {what}", Visible(name)),
            next: "Give the profile another name in ~/.aws/config.".to_owned(),
        });
    }
    if let Some(section) = look.section(SectionKind::Profile, name) {
        return Ok(section);
    }
    for file in [&look.config, &look.credentials] {
        if let (Some(path), Some(why)) = (&file.path, &file.trouble) {
            return Err(Error::BadFile {
                path: path.clone(),
                line: None,
                message: why.clone(),
                next: "Make it readable; AWS's tools need it too.".to_owned(),
            });
        }
    }
    Err(missing(look, name))
}

/// At most this many names are told where one was not found.
const TOLD: usize = 20;

/// "No such profile", with those that there are and those that look alike.
pub(super) fn missing(look: &Look<'_>, name: &str) -> Error {
    let names = grammar::names(&look.config.text, &look.credentials.text);
    Error::NoSuchProfile {
        name: name.to_owned(),
        config: look.config.path.clone(),
        available: names
            .iter()
            .take(TOLD)
            .map(|n| n.name.to_string())
            .collect(),
        more: names.len().saturating_sub(TOLD),
        near: nearest(name, names.iter().map(|n| n.name.as_ref())),
    }
}

/// The three names that look most like `name`: those with few letters changed, added, left out or swapped, and
/// those that contain it.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let wanted = name.to_lowercase();
    let few = (wanted.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = names
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let distance = strsim::damerau_levenshtein(&wanted, &lower);
            let contains = wanted.chars().count() > 1 && lower.contains(&wanted);
            (distance <= few || contains).then_some((distance, candidate))
        })
        .collect();
    near.sort();
    near.into_iter()
        .take(3)
        .map(|(_, candidate)| candidate.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first() {
        let names = [
            "myorg-dev-admin",
            "myorg-prod-admin",
            "default",
            "dev",
            "staging",
        ];
        for (typed, want) in [
            (
                "myorg-dve-admin",
                vec!["myorg-dev-admin", "myorg-prod-admin"],
            ),
            ("DEV", vec!["dev", "myorg-dev-admin"]),
            ("defualt", vec!["default"]),
            ("stag", vec!["staging"]),
            ("x", vec![]),
        ] {
            assert_eq!(nearest(typed, names.into_iter()), want, "{typed}");
        }
    }
}
