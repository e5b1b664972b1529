//! `login`: which login a profile needs, and awsbadge-sso or the AWS CLI to log in there.

use super::Output;
use crate::aws::Env;
use crate::aws::chain::{Login as LoginKind, SsoLogin};
use crate::aws_cli;
use crate::badge::countdown;
use crate::cli::Login;
use crate::context::Context;
use crate::error::{Error, code};
use crate::identity::{LoginTarget, env_changes, login_target};
use crate::output::sanitize::Escaped;
use crate::settings::Settings;
use crate::sso_program;
use crate::sys::{self, browser};

/// The AWS CLI's words for a login.
fn words(target: &LoginTarget) -> Vec<String> {
    let mut words: Vec<String> = match &target.login {
        LoginKind::Sso(_) => vec!["sso".to_owned(), "login".to_owned()],
        LoginKind::Console(_) => vec!["login".to_owned()],
    };
    match (&target.login, &target.profile) {
        (
            LoginKind::Sso(SsoLogin {
                session: Some(session),
                ..
            }),
            _,
        ) => words.extend(aws_cli::option("--sso-session", session)),
        (_, Some(profile)) => words.extend(aws_cli::option("--profile", profile)),
        _ => {}
    }
    words
}

/// awsbadge-sso's words for a login.
fn native_words(target: &LoginTarget, force: bool) -> Vec<String> {
    // awsbadge says itself how long the login lasts.
    let mut words = vec!["login".to_owned(), "--quiet".to_owned()];
    if force {
        words.push("--force".to_owned());
    }
    match (&target.profile, &target.login) {
        (Some(profile), _) => words.push(format!("--profile={profile}")),
        (None, LoginKind::Sso(sso)) => {
            words.push("--".to_owned());
            words.extend(sso.session.clone());
        }
        (None, LoginKind::Console(_)) => {}
    }
    words
}

/// What is logged in to: the session or the profile that was named, or what is active.
fn target(args: &Login, ctx: &Context<'_>) -> Result<LoginTarget, Error> {
    match &args.session {
        Some(session) => LoginTarget::session(ctx, super::typed(session)?),
        None => {
            let typed = super::typed_if_any(args.profile.as_ref())?;
            LoginTarget::of(&login_target::wanted(ctx, typed)?, ctx)
        }
    }
}

pub(super) fn run(args: &Login, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let target = target(args, &ctx)?;
    let name = target.name();
    let native = match &target.login {
        LoginKind::Sso(_) => sso_program::preferred(ctx.settings.login.with, vars)?,
        LoginKind::Console(_) => None,
    };
    // Past that the AWS CLI would renew or refuse: which, no file tells. A login settles it.
    let ahead = target.good_until(ctx.now, native.is_some());
    if let Some(at) = ahead.filter(|_| !args.force) {
        return Ok(Output {
            stderr: format!(
                "awsbadge: {name}: logged in until {}, {} left; --force logs in anew\n",
                sys::clock::local_text(at, ctx.now),
                countdown::text(at.since(ctx.now)),
            ),
            ..Output::default()
        });
    }
    let (ended, code, by) = match &native {
        Some(program) => {
            let words = native_words(&target, args.force);
            let vars = env_changes::without_identity(vars);
            let code = sso_program::run(program, &words, &vars)?;
            (code.into(), code, sso_program::NAME)
        }
        None => {
            let program = aws_cli::find_or_error(vars)?;
            let version = aws_cli::version(&program, vars);
            if let Some((1, _)) = version {
                return Err(Error::General {
                    message: format!(
                        "{} is version 1, which can't log in to SSO",
                        Escaped(&program.to_string_lossy())
                    ),
                    hint: "install version 2 of the AWS CLI, or awsbadge-sso".to_owned(),
                });
            }
            let mut words = words(&target);
            let options = without_browser(&target, &ctx.settings, version, vars);
            words.extend(options.into_iter().map(str::to_owned));
            let code = aws_cli::run(&program, &words, vars)?;
            (code, aws_cli::exit_code(code), "aws")
        }
    };
    if code != code::OK {
        return Ok(Output {
            // awsbadge-sso says itself what went wrong.
            stderr: match native {
                Some(_) => String::new(),
                None => format!("awsbadge: {name}: not logged in, `aws` ended with code {ended}\n"),
            },
            code,
            ..Output::default()
        });
    }
    // Whatever was read before is old now.
    let after = Context::new(vars);
    let now = after.now;
    let state = target_again(args, &after, &target)
        .expiry
        .at(now, after.settings.renew_trust);
    let Some(left) = state.left else {
        return Err(Error::LoginNeeded {
            message: format!("{name}: `{by}` succeeded, but no valid token was written"),
            hint: "check that ~/.aws/sso/cache is writable".to_owned(),
        });
    };
    Ok(Output {
        stderr: format!(
            "awsbadge: {name}: logged in until {}, {} left\n",
            sys::clock::local_text(now.plus(left), now),
            countdown::text(left),
        ),
        ..Output::default()
    })
}

/// The same login, read anew.
fn target_again(args: &Login, ctx: &Context<'_>, before: &LoginTarget) -> LoginTarget {
    target(args, ctx).unwrap_or_else(|_| before.clone())
}

/// The options for a machine on which no browser can be seen, as far as this AWS CLI knows them.
fn without_browser(
    target: &LoginTarget,
    settings: &Settings,
    version: Option<(u32, u32)>,
    vars: &Env,
) -> Vec<&'static str> {
    let name = match &target.login {
        LoginKind::Sso(sso) => sso.token_key().unwrap_or_default(),
        // `aws login` knows no device code; its --remote prints an address and asks for a code.
        _ if browser::find(vars).is_none() => return vec!["--remote"],
        _ => return Vec::new(),
    };
    let by_code = settings.device_code.iter().any(|s| s == "*" || s == name);
    let blind = browser::find(vars).is_none();
    if !by_code && !blind {
        return Vec::new();
    }
    options(version, by_code, blind)
}

/// `--use-device-code` came with 2.22, when a browser on the same machine became the rule; before, a device code
/// was the only way. An unknown version is treated as a new one.
fn options(version: Option<(u32, u32)>, by_code: bool, blind: bool) -> Vec<&'static str> {
    let old = matches!(version, Some((2, ..22)));
    let code = (by_code || blind) && !old;
    let options = [(code, "--use-device-code"), (blind, "--no-browser")];
    options
        .into_iter()
        .filter_map(|(on, o)| on.then_some(o))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_options_that_the_installed_version_knows_are_passed() {
        for (version, by_code, blind, want) in [
            (Some((2, 9)), false, true, "--no-browser"),
            (Some((2, 9)), true, false, ""),
            (Some((2, 21)), true, true, "--no-browser"),
            (Some((2, 22)), false, true, "--use-device-code --no-browser"),
            (Some((2, 36)), true, false, "--use-device-code"),
            (None, false, true, "--use-device-code --no-browser"),
            (Some((2, 36)), false, false, ""),
        ] {
            let got = options(version, by_code, blind).join(" ");
            assert_eq!(got, want, "{version:?} {by_code} {blind}");
        }
    }
}
