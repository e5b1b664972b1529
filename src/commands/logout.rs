//! `logout`: by awsbadge-sso, or by the AWS CLI, which knows no single SSO session.

use super::Output;
use crate::aws::Env;
use crate::aws::chain::Login;
use crate::aws_cli;
use crate::cli::Logout;
use crate::context::Context;
use crate::error::Error;
use crate::identity::{LoginTarget, env_changes, login_target};
use crate::sso_program;
use crate::sys::terminal;

pub(super) fn run(args: &Logout, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    let target = LoginTarget::of(&login_target::wanted(&ctx, typed)?, &ctx)?;
    if let (Login::Sso(_), Some(profile)) = (&target.login, &target.profile)
        && let Some(program) = sso_program::preferred(ctx.settings.login.with, vars)?
    {
        // It says itself which session it ended, or what went wrong.
        let words = ["logout".to_owned(), format!("--profile={profile}")];
        let code = sso_program::run(&program, &words, &env_changes::without_identity(vars))?;
        return Ok(Output {
            code,
            ..Output::default()
        });
    }
    let program = aws_cli::find_or_error(vars)?;
    let (words, done) = match (&target.login, &target.profile) {
        (Login::Console(_), Some(profile)) => {
            let mut words = vec!["logout".to_owned()];
            words.extend(aws_cli::option("--profile", profile));
            (words, format!("{}: logged out", target.name()))
        }
        _ => {
            terminal::print_error("awsbadge: `aws sso logout` logs out of all SSO sessions\n");
            let words = vec!["sso".to_owned(), "logout".to_owned()];
            (words, "logged out of all SSO sessions".to_owned())
        }
    };
    let code = aws_cli::run(&program, &words, vars)?;
    let stderr = match code {
        0 => format!("awsbadge: {done}\n"),
        _ => format!("awsbadge: not logged out, `aws` ended with code {code}\n"),
    };
    Ok(Output {
        stderr,
        code: aws_cli::exit_code(code),
        ..Output::default()
    })
}
