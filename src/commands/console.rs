//! `console`: the access portal's deep link to an account and role.

use super::Output;
use crate::aws::chain::{Provider, SsoLogin};
use crate::aws::{Env, portal};
use crate::cli::Console;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{env_changes, login_target};
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::sys::{browser, fs, process};

pub(super) fn run(args: &Console, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    let identity = login_target::wanted(&ctx, typed)?;
    let name = sanitize::name(identity.profile.as_deref().unwrap_or_default(), false);
    if identity.error.is_some() && identity.sso().is_none() {
        return Err(login_target::refused(&identity, &ctx));
    }
    let (Some(sso), Provider::Sso | Provider::None) = (identity.sso(), identity.provider()) else {
        return Err(Error::General {
            message: format!(
                "the profile '{name}' does not use SSO, so it has no access portal page"
            ),
            hint: "use \"Switch role\" in the AWS console to assume a role".to_owned(),
        });
    };
    let address = address(sso).map_err(|(why, safety)| {
        let message = format!("the profile '{name}': {why}");
        let hint = "correct sso_start_url, sso_account_id and sso_role_name in AWS's config file"
            .to_owned();
        if safety {
            Error::Refused { message, hint }
        } else {
            Error::General { message, hint }
        }
    })?;
    match browser::find(vars).filter(|_| !args.print) {
        None => Ok(Output::print(address + "\n")),
        Some((program, mut words)) => {
            words.push(address.clone());
            process::launch(&program, &words, &env_changes::without_secrets(vars)).map_err(
                |e| Error::General {
                    message: format!(
                        "{} can't be started: {}",
                        Escaped(&program.to_string_lossy()),
                        fs::reason(&e)
                    ),
                    hint: format!("open {address} yourself"),
                },
            )?;
            Ok(Output {
                stderr: format!("awsbadge: opening {address}\n"),
                ..Output::default()
            })
        }
    }
}

/// The address, or why there is none and whether that is a refusal for safety.
fn address(sso: &SsoLogin) -> Result<String, (String, bool)> {
    let missing = |key: &str| (format!("{key} is missing"), false);
    let start_url = sso
        .start_url
        .as_deref()
        .ok_or_else(|| missing("sso_start_url"))?;
    let account = sso
        .account_id
        .as_deref()
        .ok_or_else(|| missing("sso_account_id"))?;
    let role = sso
        .role_name
        .as_deref()
        .ok_or_else(|| missing("sso_role_name"))?;
    portal::console(start_url, account, role).map_err(|why| (why, true))
}
