//! `console`: the access portal's deep link to an account and role, and to a page of the console.

use super::Output;
use crate::aws::chain::{Provider, SsoLogin};
use crate::aws::{Env, portal, shlex};
use crate::cli::Console;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{Report, env_changes, login_target, region};
use crate::output::sanitize;
use crate::output::sanitize::Escaped;
use crate::sys::{browser, fs, process};
use std::path::PathBuf;

pub(super) fn run(args: &Console, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    let identity = login_target::wanted(&ctx, typed)?;
    let name = sanitize::name(identity.profile.as_deref().unwrap_or_default(), false);
    if identity.error.is_some() && identity.sso().is_none() {
        return Err(login_target::refused(&identity, &ctx));
    }
    if !matches!(identity.provider(), Provider::Sso | Provider::None) || identity.sso().is_none() {
        return Err(Error::General {
            message: format!(
                "the profile '{name}' does not use SSO, so it has no access portal page"
            ),
            hint: "use \"Switch role\" in the AWS console to assume a role".to_owned(),
        });
    }
    // The environment's region counts for the active profile only.
    let report = Report::new(identity, typed.is_none(), &ctx);
    let page = page(args, report.region.as_ref().map(|r| r.value.as_str()))?;
    let Some(sso) = report.identity.sso() else {
        return Ok(Output::default());
    };
    let address = address(sso, page.as_deref()).map_err(|(why, safety)| {
        let message = format!("the profile '{name}': {why}");
        let hint = "correct sso_start_url, sso_account_id and sso_role_name in AWS's config file"
            .to_owned();
        if safety {
            Error::Refused { message, hint }
        } else {
            Error::General { message, hint }
        }
    })?;
    if args.print {
        return Ok(Output::print(address + "\n"));
    }
    let command = match &ctx.settings.console {
        Some(open) => Some(opener(open, &address, vars)?),
        None => browser::find(vars).map(|(program, mut words)| {
            words.push(address.clone());
            (program, words)
        }),
    };
    let Some((program, words)) = command else {
        return Ok(Output::print(address + "\n"));
    };
    process::launch(&program, &words, &env_changes::without_secrets(vars)).map_err(|e| {
        Error::General {
            message: format!(
                "{} can't be started: {}",
                Escaped(&program.to_string_lossy()),
                fs::reason(&e)
            ),
            hint: format!("open {address} yourself"),
        }
    })?;
    Ok(Output {
        stderr: format!("awsbadge: opening {address}\n"),
        ..Output::default()
    })
}

/// The page of the console to go to, if the arguments name one.
fn page(args: &Console, in_effect: Option<&str>) -> Result<Option<String>, Error> {
    if let Some(url) = &args.url {
        return if portal::is_page(url) {
            Ok(Some(url.clone()))
        } else {
            Err(Error::Refused {
                message: format!("'{}' is not a plain https address", Escaped(url)),
                hint: "copy the address from the console".to_owned(),
            })
        };
    }
    let service = args.service.as_ref().or(args.service_of_active.as_ref());
    if let Some(region) = &args.region {
        region::check(region)?;
    }
    if service.is_none() && args.region.is_none() {
        return Ok(None);
    }
    let service = service.map_or("console", String::as_str);
    let region = args.region.as_deref().or(in_effect);
    portal::service_page(service, region)
        .map(Some)
        .map_err(|why| Error::General {
            message: Escaped(&why).to_string(),
            hint: "use `--url` with the address of the page".to_owned(),
        })
}

/// The program and arguments of `[console] open`. There is no shell: the address is one argument, whatever is in it.
fn opener(open: &str, address: &str, vars: &Env) -> Result<(PathBuf, Vec<String>), Error> {
    let bad = |message: String| Error::General {
        message: format!("[console] open: {message}"),
        hint: "correct it in the settings, or use `--print`".to_owned(),
    };
    let mut words = shlex::split(open).unwrap_or_default();
    if words.is_empty() {
        return Err(bad(format!("'{}' is not a command", Escaped(open))));
    }
    let program = words.remove(0);
    let path = if program.contains('/') {
        Some(PathBuf::from(&program))
    } else {
        process::find(&program, vars)
    };
    let path = path.ok_or_else(|| bad(format!("{} is not on the PATH", Escaped(&program))))?;
    if words.iter().any(|word| word.contains("{url}")) {
        for word in &mut words {
            *word = word.replace("{url}", address);
        }
    } else {
        words.push(address.to_owned());
    }
    Ok((path, words))
}

/// The address, or why there is none and whether that is for safety.
fn address(sso: &SsoLogin, page: Option<&str>) -> Result<String, (String, bool)> {
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
    portal::console(start_url, account, role, page).map_err(|why| (why, true))
}
