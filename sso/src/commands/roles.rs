//! `roles`: what a login may be in its accounts.

use super::listing::{self, Roles};
use super::print;
use super::table::Table;
use crate::cli;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::library::{glob, safe_name};
use crate::session::{Session, profile_of};
use crate::sys::terminal;
use serde_json::{Value, json};

/// A role in an account.
struct Row {
    account: String,
    name: Option<String>,
    role: String,
    profile: Option<String>,
}

pub(crate) fn run(cx: &Context, args: &cli::Roles) -> Result<u8, Failure> {
    let link = cx.chosen(args.session.as_deref(), args.profile.as_deref())?;
    let wanted = |account: &crate::idc::listing::Account| {
        let matches = |pattern: &String| {
            glob(pattern, &account.id) || account.name.as_ref().is_some_and(|n| glob(pattern, n))
        };
        args.account.as_ref().is_none_or(matches)
    };
    let mut rows = Vec::new();
    let mut found = false;
    for offer in listing::offers(cx, &link, wanted)? {
        let account = offer.account;
        match offer.roles {
            Roles::NotAsked => {}
            Roles::Failed(failure) => return Err(failure),
            Roles::Listed(roles) => {
                found = true;
                rows.extend(
                    roles.into_iter().map(|role| Row {
                        profile: profile_of(&cx.config, &link.session, &account.id, &role)
                            .map(str::to_owned),
                        account: account.id.clone(),
                        name: account.name.clone(),
                        role,
                    }),
                );
            }
        }
    }
    if let (Some(pattern), false) = (&args.account, found) {
        return Err(no_account(&link.session, pattern));
    }
    if cx.json {
        let array: Value = rows.iter().map(Row::object).collect();
        return Ok(print(format!("{array}\n").as_bytes()));
    }
    if rows.is_empty() {
        cx.say(&format!("{}: no roles", link.session.label()));
    }
    let terminal = terminal::output_is_terminal();
    let mut table = match terminal {
        true => Table::new(&["ACCOUNT", "NAME", "ROLE", "PROFILE"]),
        false => Table::new(&["ACCOUNT", "ROLE"]),
    };
    for row in rows {
        match terminal {
            true => table.row([
                row.account,
                row.name.unwrap_or_default(),
                row.role,
                row.profile.unwrap_or_default(),
            ]),
            false => table.row([row.account, row.role]),
        }
    }
    Ok(print(super::shown(cx, &table, 2, terminal).as_bytes()))
}

fn no_account(session: &Session, pattern: &str) -> Failure {
    Failure::new(
        Word::NoAccess,
        format!(
            "the login of {} gives access to no account '{}'",
            session.label(),
            safe_name(pattern)
        ),
        "Run `awsbadge-sso accounts` to list the accounts.",
    )
}

impl Row {
    fn object(&self) -> Value {
        json!({
            "account_id": self.account,
            "account_name": self.name,
            "role": self.role,
            "profile": self.profile,
        })
    }
}
