//! `configure`: from a start URL to a profile that works. Asks only for what no option says, and writes once, at the
//! end.

mod answers;
mod write;

use super::listing::{self, Offer, Roles};
use super::login::{self, Options, portal};
use super::populate;
use crate::cli::{self, Configure};
use crate::context::{Context, Link};
use crate::error::{Failure, Word};
use crate::idc::listing::Account;
use crate::idc::request::DEFAULT_SCOPE;
use crate::library::{is_region, partition, safe_name, shorten, width};
use crate::plan::names::{self, Template, Values};
use crate::session::{self, Session};
use answers::Person;
use write::Wanted;

/// The output formats of the AWS CLI.
const OUTPUTS: [&str; 5] = ["json", "text", "table", "yaml", "yaml-stream"];

pub(crate) fn run(cx: &Context, args: &Configure) -> Result<u8, Failure> {
    check(args)?;
    let mut person = Person::new(cx, args.yes);
    let session = session(cx, args, &mut person)?;
    // The login has the terminal to itself.
    person.leave();
    let link = cx.link(session, None);
    login::login(cx, &link, &Options::of_configure())?;
    if let Some(warning) = link.clock_warning() {
        cx.warn(&warning);
    }
    match args.all {
        true => all(cx, args, link),
        false => one(cx, args, &mut person, link),
    }
}

/// What is wrong with the options by themselves.
fn check(args: &Configure) -> Result<(), Failure> {
    for (flag, region) in [
        ("--region", &args.region),
        ("--sso-region", &args.sso_region),
    ] {
        if let Some(region) = region.as_deref().filter(|region| !is_region(region)) {
            return Err(usage(
                format!("{flag}: '{region}' is not a region"),
                "Write it as eu-west-1.",
            ));
        }
    }
    if let Some(output) = args.output.as_deref().filter(|o| !OUTPUTS.contains(o)) {
        return Err(usage(
            format!("--output: '{output}' is not an output format"),
            &format!("Use one of {}.", OUTPUTS.join(", ")),
        ));
    }
    for (flag, name) in [("--session", &args.session), ("--profile", &args.profile)] {
        if let Some(why) = name.as_deref().and_then(answers::bad_name) {
            return Err(usage(
                format!("{flag}: the name {why}"),
                "Choose another name.",
            ));
        }
    }
    Ok(())
}

fn usage(message: String, next: &str) -> Failure {
    Failure::new(Word::Usage, message, next)
}

/// The session: one of the config file, or a new one.
fn session(cx: &Context, args: &Configure, person: &mut Person<'_>) -> Result<Session, Failure> {
    let mut named = args.session.clone();
    if named.is_none() && args.start_url.is_none() {
        named = known_session(cx, person)?;
    }
    if let Some(name) = named
        .as_deref()
        .filter(|name| cx.config.sso_session(name).is_some())
    {
        return existing(cx, args, name);
    }
    let start_url = match &args.start_url {
        Some(url) => answers::start_url(url).map_err(|why| {
            Failure::new(
                Word::BadStartUrl,
                format!("--start-url {why}: {}", safe_name(url)),
                "Write it as the access portal shows it, such as https://my-company.awsapps.com/start.",
            )
        })?,
        None => person.line_after(
            "The start URL is the address of your access portal:\nhttps://NAME.awsapps.com/start. NAME alone is enough.",
            "--start-url",
            "start URL: ",
            "",
            |typed| answers::start_url(typed).map_err(str::to_owned),
        )?,
    };
    if named.is_none()
        && let Some(name) = with_start_url(cx, &start_url)
    {
        cx.say(&format!("{} has this start URL", safe_name(&name)));
        return existing(cx, args, &name);
    }
    let name = match named {
        Some(name) => name,
        None => {
            let suggested =
                answers::session_name(&start_url, |name| cx.config.sso_session(name).is_none());
            person.line("--session", "name of the session: ", &suggested, |typed| {
                if cx.config.sso_session(typed).is_some() {
                    return Err("is that of another session".to_owned());
                }
                free_name(typed)
            })?
        }
    };
    let scopes = args.scopes.as_deref().unwrap_or(DEFAULT_SCOPE).split(',');
    let mut session = Session {
        key: name.clone(),
        name: Some(name),
        start_url,
        region: args.sso_region.clone().unwrap_or_default(),
        scopes: scopes
            .map(str::trim)
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    if session.region.is_empty() {
        session.region = portal_region(cx, &session, person)?;
    }
    Ok(session)
}

fn free_name(typed: &str) -> Result<String, String> {
    match answers::bad_name(typed) {
        Some(why) => Err(why.to_owned()),
        None => Ok(typed.to_owned()),
    }
}

/// Lets a person pick a session that is there; `None` for a new one.
fn known_session(cx: &Context, person: &mut Person<'_>) -> Result<Option<String>, Failure> {
    let sessions = &cx.config.sso_sessions;
    if sessions.is_empty() {
        return Ok(None);
    }
    let mut rows: Vec<[String; 2]> = sessions
        .iter()
        .map(|s| {
            [
                s.name.clone(),
                s.text("sso_start_url").unwrap_or_default().to_owned(),
            ]
        })
        .collect();
    rows.push(["a new session".to_owned(), String::new()]);
    let place = person.pick("--session", "session> ", &rows)?;
    Ok(sessions.get(place).map(|section| section.name.clone()))
}

/// A session of the config file. What the options say about it has to agree.
fn existing(cx: &Context, args: &Configure, name: &str) -> Result<Session, Failure> {
    let session = session::by_name(&cx.config, name)?;
    let typed = args.start_url.as_deref().map(answers::start_url);
    let other_url =
        typed.is_some_and(|url| url.as_deref() != Ok(answers::plain(&session.start_url)));
    let other_region = args
        .sso_region
        .as_ref()
        .is_some_and(|r| *r != session.region);
    for (other, what, is) in [
        (other_url, "start URL", &session.start_url),
        (other_region, "region", &session.region),
    ] {
        if other {
            return Err(usage(
                format!(
                    "the sso-session {} has another {what}: {is}",
                    session.label()
                ),
                "Name another session with --session, or change this one in the config file.",
            ));
        }
    }
    Ok(session)
}

fn with_start_url(cx: &Context, start_url: &str) -> Option<String> {
    let found = cx.config.sso_sessions.iter().find(|section| {
        section.text("sso_start_url").map(answers::plain) == Some(answers::plain(start_url))
    });
    found.map(|section| section.name.clone())
}

/// The region of the access portal: it says so itself, or a person knows it.
fn portal_region(
    cx: &Context,
    session: &Session,
    person: &mut Person<'_>,
) -> Result<String, Failure> {
    let link = cx.link(session.clone(), None);
    // Whatever leads to no portal is wrong now, not after more questions.
    portal::resolved(&link)?;
    if let Some(region) = portal::region(&link).filter(|region| is_region(region)) {
        return Ok(region);
    }
    cx.say("the access portal does not say which region it is in");
    person.line("--sso-region", "region of the access portal: ", "", region)
}

fn region(typed: &str) -> Result<String, String> {
    match is_region(typed) {
        true => Ok(typed.to_owned()),
        false => Err("is not a region, such as eu-west-1".to_owned()),
    }
}

/// The session alone, then everything that it offers.
fn all(cx: &Context, args: &Configure, link: Link) -> Result<u8, Failure> {
    let name = link.session.name.clone();
    let file = cx.config_file(true)?;
    let wanted = Wanted {
        session: link.session,
        profile: None,
    };
    if file.edit(|text| write::plan(text, &wanted))?.written {
        cx.say(&format!(
            "written to {}: {}",
            cx.path(file.path()),
            wanted.shown()
        ));
    }
    drop(file);
    // What was just written has to be read.
    let cx = Context::load(&cli::Cli {
        json: cx.json,
        endpoint_timeout: Some(cx.limit),
        command: cli::Command::Populate(Box::default()),
    })?;
    populate::run(
        &cx,
        &cli::Populate {
            session: name,
            region: args.region.clone(),
            output: args.output.clone(),
            yes: args.yes,
            ..cli::Populate::default()
        },
    )
}

/// One account and role, as a profile.
fn one(cx: &Context, args: &Configure, person: &mut Person<'_>, link: Link) -> Result<u8, Failure> {
    let accounts = listing::accounts(cx, &link)?;
    let account = account(args, person, &link, accounts)?;
    person.leave();
    let offers = listing::offers(cx, &link, |one| one.id == account.id)?;
    let role = role(args, person, &account, offers)?;
    let session = link.session;
    let there = write::profile_of(&cx.config, &session, &account.id, &role);
    let region = match &args.region {
        Some(region) => Some(region.clone()),
        None if there.is_some() => None,
        None => Some(person.line(
            "--region",
            "region of the profile: ",
            &session.region,
            region,
        )?),
    };
    let output = match &args.output {
        Some(output) => Some(output.clone()),
        None if there.is_some() => None,
        None => output(person)?,
    };
    let suggested = match &there {
        Some(name) => name.clone(),
        None => suggested(cx, &session, &account, &role),
    };
    let mut wanted = Wanted {
        profile: Some(write::Profile {
            name: String::new(),
            account: account.id,
            role,
            region,
            output,
        }),
        session,
    };
    let usable = |wanted: &mut Wanted, name: &str| {
        let name = free_name(name)?;
        if let Some(profile) = &mut wanted.profile {
            profile.name = name;
        }
        write::usable(&cx.config, wanted).map(|()| wanted.clone())
    };
    wanted = match &args.profile {
        Some(name) => usable(&mut wanted, name).map_err(|why| {
            usage(
                format!("the profile {} {why}", safe_name(name)),
                "Choose another name with --profile.",
            )
        })?,
        None => person.line("--profile", "name of the profile: ", &suggested, |typed| {
            usable(&mut wanted.clone(), typed)
        })?,
    };
    person.leave();
    let first = cx.config.profiles.is_empty();
    let file = cx.config_file(true)?;
    let edited = file.edit(|text| write::plan(text, &wanted))?;
    let path = cx.path(file.path());
    match edited.written {
        true => cx.say(&format!("written to {path}: {}", wanted.shown())),
        false => cx.say(&format!("{path} has all of it already: {}", wanted.shown())),
    }
    let name = wanted.profile.map(|p| p.name).unwrap_or_default();
    let name = answers::quoted(&name);
    cx.say(&format!("hint: run `asp {name}` to switch to it"));
    if first {
        cx.say("hint: run `awsbadge setup` to show it in your prompt");
        cx.say("hint: run `awsbadge populate` for a profile of every role");
    }
    Ok(0)
}

fn account(
    args: &Configure,
    person: &mut Person<'_>,
    link: &Link,
    mut accounts: Vec<Account>,
) -> Result<Account, Failure> {
    if let Some(wanted) = &args.account {
        let mut found = accounts.iter().filter(|account| {
            account.id == *wanted || account.name.as_ref().is_some_and(|name| name == wanted)
        });
        return match (found.next(), found.next()) {
            (Some(account), None) => Ok(account.clone()),
            (Some(_), Some(_)) => Err(usage(
                format!(
                    "--account: several accounts are called {}",
                    safe_name(wanted)
                ),
                "Name the account by its ID.",
            )),
            (None, _) => Err(no_access(
                format!(
                    "the login of {} gives no access to an account {}",
                    link.session.label(),
                    safe_name(wanted)
                ),
                "`awsbadge accounts` lists those that it does.",
            )),
        };
    }
    let rows: Vec<[String; 2]> = accounts
        .iter()
        .map(|account| {
            let email = account.email.as_deref().unwrap_or_default();
            let name = account.name.as_deref().unwrap_or("-");
            [name.to_owned(), format!("{}  {email}", account.id)]
        })
        .collect();
    let place = match accounts.len() {
        0 => {
            return Err(no_access(
                format!(
                    "the login of {} gives access to no account",
                    link.session.label()
                ),
                "Ask who administers IAM Identity Center for an assignment.",
            ));
        }
        1 => person.only("account> ", &rows),
        _ => person.pick("--account", "account> ", &rows)?,
    };
    Ok(accounts.swap_remove(place))
}

fn no_access(message: String, next: &str) -> Failure {
    Failure::new(Word::NoAccess, message, next)
}

fn role(
    args: &Configure,
    person: &mut Person<'_>,
    account: &Account,
    offers: Vec<Offer>,
) -> Result<String, Failure> {
    let offer = offers
        .into_iter()
        .find(|offer| offer.account.id == account.id);
    let mut roles = match offer.map(|offer| offer.roles) {
        Some(Roles::Listed(roles)) => roles,
        Some(Roles::Failed(failure)) => return Err(failure),
        Some(Roles::NotAsked) | None => Vec::new(),
    };
    if let Some(wanted) = &args.role {
        return match roles.contains(wanted) {
            true => Ok(wanted.clone()),
            false => Err(no_access(
                format!(
                    "account {} has no role {} for you",
                    account.id,
                    safe_name(wanted)
                ),
                "`awsbadge roles` lists those that it has.",
            )),
        };
    }
    let rows: Vec<[String; 2]> = roles
        .iter()
        .map(|role| [role.clone(), String::new()])
        .collect();
    let place = match roles.len() {
        0 => {
            return Err(no_access(
                format!("account {} has no role for you", account.id),
                "Ask who administers IAM Identity Center for an assignment.",
            ));
        }
        1 => person.only("role> ", &rows),
        _ => person.pick("--role", "role> ", &rows)?,
    };
    Ok(roles.swap_remove(place))
}

/// The output format; none is the AWS CLI's default.
fn output(person: &mut Person<'_>) -> Result<Option<String>, Failure> {
    person.line_or_none(
        "--output",
        "output format, or Enter for the default: ",
        |typed| match OUTPUTS.contains(&typed) {
            true => Ok(typed.to_owned()),
            false => Err(format!("is not one of {}", OUTPUTS.join(", "))),
        },
    )
}

/// The name that `populate` would give the profile.
fn suggested(cx: &Context, session: &Session, account: &Account, role: &str) -> String {
    let values = Values {
        account: account.name.as_deref(),
        account_id: &account.id,
        role,
        session: session.name.as_deref().unwrap_or_default(),
        email: account.email.as_deref(),
        partition: partition(&session.region),
    };
    let Ok(template) = Template::parse(names::DEFAULT) else {
        return String::new();
    };
    let name = template.name(&values);
    match names::is_usable(&name) && cx.config.profile(&name).is_none() {
        true => name,
        false => template.with_id(&values),
    }
}

/// Rows in columns that fit so many columns of a terminal.
fn columns(rows: &[[String; 2]], room: usize) -> Vec<String> {
    let name = |row: &[String; 2]| safe_name(&row[0]);
    let widest = rows.iter().map(|row| width(&name(row))).max().unwrap_or(0);
    let widest = widest.min(room / 2);
    rows.iter()
        .map(|row| {
            let name = shorten(&name(row), widest);
            let gap = " ".repeat(widest.saturating_sub(width(&name)) + 2);
            let text = format!("{name}{gap}{}", safe_name(&row[1]));
            shorten(text.trim_end(), room)
        })
        .collect()
}
