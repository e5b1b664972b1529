//! Asks before a switch to production, or while the settings may have lost a rule about production.

use super::resolve::{self, Identity};
use crate::context::Context;
use crate::error::Error;
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::settings::Confirm;
use crate::sys::terminal;

/// The consequence of a problem that may hide production.
pub(crate) const IN_DOUBT: &str =
    "awsbadge: production may not be recognised; every switch asks first until this is fixed\n";

/// Asks whether to switch to the profile `name`, if the settings say so or are in doubt. Without a terminal the switch
/// continues; the returned text says so if a doubt was the reason to ask.
///
/// # Errors
/// [`Error::Refused`] if the answer is no.
pub(crate) fn before_switch(
    ctx: &Context<'_>,
    name: &str,
    identity: impl FnOnce() -> Identity,
) -> Result<String, Error> {
    let doubt = ctx.settings_doubt();
    if !terminal::can_ask() {
        return Ok(doubt.map_or_else(String::new, |doubt| {
            format!(
                "awsbadge: {doubt}\nawsbadge: production may not be recognised; switched without asking, because there is no terminal\n"
            )
        }));
    }
    let confirm = ctx.settings.confirm;
    if confirm == Confirm::Never && doubt.is_none() {
        return Ok(String::new());
    }
    let prod = resolve::is_production(ctx, &identity());
    if confirm == Confirm::Prod && !prod && doubt.is_none() {
        return Ok(String::new());
    }
    let why = doubt.map_or_else(String::new, |doubt| {
        format!("awsbadge: {doubt}\n{IN_DOUBT}")
    });
    let to = if prod { "to production, " } else { "to " };
    let question = format!(
        "{why}Switch {to}'{}'? [y/N] ",
        sanitize::name(name, ctx.settings.ascii)
    );
    if yes(&question, false) {
        Ok(String::new())
    } else {
        Err(Error::Refused {
            message: format!("not switched to '{}'", Escaped(name)),
            hint: "use `--yes` to switch without being asked".to_owned(),
        })
    }
}

/// Asks a question; Enter means `default`.
#[must_use]
pub(crate) fn yes(question: &str, default: bool) -> bool {
    let answer = terminal::ask(question).unwrap_or_default().to_lowercase();
    match answer.as_str() {
        "" => default,
        answer => answer == "y" || answer == "yes",
    }
}
