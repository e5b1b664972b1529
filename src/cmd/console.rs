//! `console`: the access portal's deep link to an account and role.

use super::look::{self, Look, Trail};
use super::{Reply, login, switch};
use crate::aws::source::{Base, Method, Sso};
use crate::aws::{Vars, portal};
use crate::badge::safe;
use crate::cli::Console;
use crate::error::{Error, Visible};
use crate::host::{self, files, process};

pub(super) fn run(args: &Console, vars: &Vars) -> Result<Reply, Error> {
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    let view = login::wanted(&look, &settings, typed)?;
    let name = safe::name(&view.section.name, false);
    let (Base::Sso(sso), Method::Sso) = (&view.origin.base, view.origin.method()) else {
        return Err(Error::General {
            message: format!(
                "the profile '{name}' has no place in an access portal: it is no SSO profile"
            ),
            next: "A role that a profile assumes is reached by the console's own \"Switch role\"."
                .to_owned(),
        });
    };
    let address = address(sso).map_err(|(why, safety)| {
        let message = format!("the profile '{name}': {why}");
        let next =
            "Mend sso_start_url, sso_account_id and sso_role_name in AWS's config file.".to_owned();
        match safety {
            true => Error::Refused { message, next },
            false => Error::General { message, next },
        }
    })?;
    match process::browser(vars).filter(|_| !args.print) {
        None => Ok(Reply::print(address + "\n")),
        Some((browser, mut words)) => {
            words.push(address.clone());
            process::launch(&browser, &words, &switch::without_secrets(vars)).map_err(|e| {
                Error::General {
                    message: format!(
                        "{} can't be started: {}",
                        Visible(&browser.to_string_lossy()),
                        files::reason(&e)
                    ),
                    next: format!("Open it yourself: {address}"),
                }
            })?;
            Ok(Reply {
                stderr: format!("awsbadge: opening {address}\n"),
                ..Reply::default()
            })
        }
    }
}

/// The address, or why there is none and whether that is for safety.
fn address(sso: &Sso) -> Result<String, (String, bool)> {
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
