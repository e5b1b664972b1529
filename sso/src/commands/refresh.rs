//! `refresh`: renews without any interaction.

use super::print;
use super::renew::{Good, Lacking, State, Want, ensure};
use crate::cli::Refresh;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::library::Seconds;
use crate::session;
use crate::sys::terminal;
use serde_json::{Value, json};

/// What became of one session.
struct Row {
    key: String,
    state: &'static str,
    expires: Option<String>,
    failure: Option<Failure>,
}

pub(crate) fn run(cx: &Context, args: &Refresh) -> Result<u8, Failure> {
    let names: Vec<Option<&str>> = match args.sessions.as_slice() {
        [] => vec![None],
        names => names.iter().map(|name| Some(name.as_str())).collect(),
    };
    let sessions: Vec<(String, Result<session::Session, Failure>)> = match args.all {
        true => session::all(&cx.config),
        false => names
            .into_iter()
            .map(|name| {
                let profile = args.profile.as_deref();
                let found = session::chosen(&cx.config, &cx.vars, name, profile);
                let key = match &found {
                    Ok(session) => session.key.clone(),
                    Err(_) => name.or(profile).unwrap_or_default().to_owned(),
                };
                (key, found)
            })
            .collect(),
    };
    let min = Seconds(i64::try_from(args.min.as_secs()).unwrap_or(i64::MAX));
    let mut rows: Vec<Row> = Vec::new();
    for (key, found) in sessions {
        if rows.iter().any(|row| row.key == key) {
            continue;
        }
        let row = match found {
            Ok(session) => one(cx, args, session, min),
            Err(failure) => error(key, failure),
        };
        if let (Some(failure), false) = (&row.failure, cx.json) {
            terminal::complain(&failure.text());
        }
        rows.push(row);
    }
    let printed = match cx.json {
        true => {
            let array: Vec<Value> = rows.iter().map(Row::object).collect();
            print(format!("{}\n", Value::Array(array)).as_bytes())
        }
        false => 0,
    };
    let words: Vec<Word> = rows
        .iter()
        .filter_map(|row| row.failure.as_ref().map(|f| f.word))
        .collect();
    Ok(if printed == 0 { code(&words) } else { printed })
}

/// The exit code of several failures: a file's first, then the network's, then that of a login that is needed.
fn code(words: &[Word]) -> u8 {
    let codes: Vec<u8> = words.iter().map(|word| word.exit()).collect();
    [4, 7, 5]
        .into_iter()
        .find(|code| codes.contains(code))
        .or_else(|| codes.first().copied())
        .unwrap_or(0)
}

fn error(key: String, failure: Failure) -> Row {
    Row {
        key,
        state: "error",
        expires: None,
        failure: Some(failure),
    }
}

fn one(cx: &Context, args: &Refresh, session: session::Session, min: Seconds) -> Row {
    let link = cx.link(session, args.profile.as_deref());
    let want = Want {
        min,
        rejected: None,
        end: None,
    };
    let key = link.session.key.clone();
    let row = match ensure(cx, &link, &want) {
        Ok(good) => {
            told(cx, args, &link.session.label(), &good);
            let state = match good.state {
                State::Fresh => "fresh",
                State::Renewed => "renewed",
                State::NotRenewable => "not-renewable",
            };
            Row {
                key,
                state: if good.unsaved.is_some() {
                    "error"
                } else {
                    state
                },
                expires: good.expires.map(|at| at.iso()),
                failure: good.unsaved.map(lost),
            }
        }
        Err(lacking) => {
            let state = match &lacking {
                Lacking::Missing(_) => "missing",
                Lacking::Login(_) => "login-needed",
                Lacking::Failed(_) => "error",
            };
            Row {
                state,
                ..error(key, lacking.failure())
            }
        }
    };
    if let Some(warning) = link.clock_warning().filter(|_| !args.quiet && !cx.json) {
        cx.warn(&warning);
    }
    row
}

/// A renewal that could not be written is lost to everybody else.
fn lost(mut failure: Failure) -> Failure {
    failure.next += " Then log in again: the old refresh token may be used up.";
    failure
}

fn told(cx: &Context, args: &Refresh, label: &str, good: &Good) {
    let (false, Some(at)) = (args.quiet, good.expires) else {
        return;
    };
    let what = match good.state {
        State::Fresh => "good until",
        State::Renewed => "renewed until",
        State::NotRenewable => "can't be renewed; good until",
    };
    cx.say(&format!("{label}: {what} {}", cx.until(at)));
}

impl Row {
    fn object(&self) -> Value {
        json!({
            "session": self.key,
            "state": self.state,
            "expires_at": self.expires,
            "error": self.failure.as_ref().map(Failure::object),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_that_of_the_gravest_failure() {
        for (words, want) in [
            (&[][..], 0),
            (&[Word::LoginNeeded], 5),
            (&[Word::LoginNeeded, Word::Dns], 7),
            (&[Word::LoginNeeded, Word::Dns, Word::BadConfig], 4),
            (&[Word::Busy], 1),
            (&[Word::Busy, Word::LoginNeeded], 5),
            (&[Word::NoSuchSession], 3),
        ] {
            assert_eq!(code(words), want, "{words:?}");
        }
    }
}
