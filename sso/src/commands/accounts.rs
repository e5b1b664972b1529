//! `accounts`: what a login may use.

use super::table::Table;
use super::{listing, print};
use crate::cli::Accounts;
use crate::context::Context;
use crate::error::Failure;
use crate::sys::terminal;
use serde_json::{Value, json};

pub(crate) fn run(cx: &Context, args: &Accounts) -> Result<u8, Failure> {
    let link = cx.chosen(args.session.as_deref(), args.profile.as_deref())?;
    let accounts = listing::accounts(cx, &link)?;
    if cx.json {
        let array = accounts
            .iter()
            .map(|a| json!({"account_id": a.id, "name": a.name, "email": a.email}));
        let array: Value = array.collect();
        return Ok(print(format!("{array}\n").as_bytes()));
    }
    if accounts.is_empty() {
        cx.say(&format!("{}: no accounts", link.session.label()));
    }
    let mut table = Table::new(&["ACCOUNT", "NAME", "EMAIL"]);
    for account in accounts {
        table.row([
            account.id,
            account.name.unwrap_or_default(),
            account.email.unwrap_or_default(),
        ]);
    }
    Ok(print(
        super::shown(cx, &table, 3, terminal::output_is_terminal()).as_bytes(),
    ))
}
