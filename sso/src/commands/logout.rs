//! `logout`: here first, then at the server. Works offline, and touches no other tool's files.

use super::forget_roles;
use crate::cli::Logout;
use crate::context::{Context, Link};
use crate::error::{Failure, Word};
use crate::idc::answer::{self, Kind};
use crate::idc::endpoint::Service;
use crate::idc::request;
use crate::library::{reason, token_file};
use crate::net::Failed;
use crate::session;
use crate::store::lock::{Over, Waited};
use crate::store::token::{Found, Token, read};
use crate::store::{names_in, remove, roles};
use crate::sys::Moment;
use std::time::Duration;

/// How long a running renewal is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the server is asked.
const SERVER: Duration = Duration::from_secs(4);

pub(crate) fn run(cx: &Context, args: &Logout) -> Result<u8, Failure> {
    if !args.all {
        let link = cx.chosen(args.session.as_deref(), args.profile.as_deref())?;
        return one(cx, &link, args.local).map(|()| 0);
    }
    let mut first = None;
    for (_, found) in session::all(&cx.config) {
        let result = found.and_then(|session| one(cx, &cx.link(session, None), args.local));
        if let Err(failure) = result {
            // The first is told at the end, as that of a single logout is.
            match first {
                None => first = Some(failure),
                Some(_) => cx.warn(&failure.message),
            }
        }
    }
    let directory = cx.home.join(".aws/cli/cache");
    if let (_, Some(failure)) = roles::remove_all(roles::all_of_sso(&directory)) {
        first.get_or_insert(failure);
    }
    name_others(cx);
    match first {
        Some(failure) => Err(failure),
        None => Ok(0),
    }
}

fn one(cx: &Context, link: &Link, local: bool) -> Result<(), Failure> {
    let label = link.session.label();
    let end = Moment::after(PATIENCE);
    let token = {
        // A renewal that runs is let finish; one that hangs does not keep anybody logged in.
        let lock = cx
            .locks
            .wait(Over::Token, &link.session.key, end, || None::<()>);
        let _lock = match lock {
            Waited::Locked(lock) => Some(lock),
            Waited::Found(()) | Waited::TimedOut => None,
        };
        let token = read(&link.token_file);
        if !matches!(token, Found::Absent) {
            remove(&link.token_file).map_err(|e| {
                Failure::new(
                    Word::CacheUnwritable,
                    format!(
                        "{} can't be removed: {}",
                        link.token_file.display(),
                        reason(&e)
                    ),
                    "Check the permissions of its directory.",
                )
            })?;
        }
        token
    };
    forget_roles(cx, link);
    match token {
        Found::Absent => {
            cx.say(&format!("{label}: not logged in"));
            Ok(())
        }
        Found::Unusable(_) => {
            cx.say(&format!(
                "{label}: logged out; the token file could not be read"
            ));
            Ok(())
        }
        Found::Token(_) if local => {
            cx.say(&format!("{label}: logged out here"));
            Ok(())
        }
        Found::Token(token) => tell_server(cx, link, &token).map(|()| {
            cx.say(&format!("{label}: logged out"));
        }),
    }
}

/// Ends the session at the portal. A token that it does not take any more needs no ending.
fn tell_server(cx: &Context, link: &Link, token: &Token) -> Result<(), Failure> {
    let endpoint = link.endpoint(Service::Portal)?;
    let request = request::logout(&token.access);
    let deadline = Moment::after(SERVER).min(link.client.deadline());
    let result = link
        .client
        .call(&endpoint, &request, deadline, answer::nothing);
    let failed = match result {
        Ok(()) => return Ok(()),
        Err(Failed::Refused(refusal)) if refusal.kind == Kind::Unauthorized => return Ok(()),
        Err(failed) => failed,
    };
    let ends = match token.expires {
        Some(at) => format!(" at {}", cx.at(at)),
        None => String::new(),
    };
    let mut failure = failed.into_failure(&endpoint);
    failure.message = format!(
        "{}: logged out here, but the server could not be told: {}",
        link.session.label(),
        failure.message
    );
    failure.next = format!("The server ends the session on its own{ends}.");
    Err(failure)
}

/// Logins of other tools in the same directory: named, and left alone.
fn name_others(cx: &Context) {
    let ours: Vec<_> = session::all(&cx.config)
        .into_iter()
        .map(|(key, _)| token_file(&cx.home, &key))
        .collect();
    let others: Vec<String> = names_in(&cx.home.join(".aws/sso/cache"))
        .into_iter()
        .filter(|path| !ours.contains(path) && matches!(read(path), Found::Token(_)))
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    if !others.is_empty() {
        cx.say(&format!(
            "not touched, because no session in the config file uses them: {}",
            others.join(", ")
        ));
    }
}
