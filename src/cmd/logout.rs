//! `logout`: by the AWS CLI, which knows no single SSO session.

use super::Reply;
use super::login::{self, Target};
use super::look::{self, Look, Trail};
use crate::aws::Vars;
use crate::aws::source::Base;
use crate::cli::Logout;
use crate::error::{Error, code};
use crate::host::{self, terminal};

pub(super) fn run(args: &Logout, vars: &Vars) -> Result<Reply, Error> {
    let mut trail = Trail::default();
    let (settings, _) = look::settings(vars, &mut trail);
    let look = Look::new(vars, host::now(), trail);
    let typed = super::typed_if_any(args.profile.as_ref())?;
    let target = Target::of(login::wanted(&look, &settings, typed)?, &look)?;
    let program = login::aws(vars)?;
    let (words, done) = match (&target.base, &target.profile) {
        (Base::Login(_), Some(profile)) => {
            let mut words = vec!["logout".to_owned()];
            words.extend(login::option("--profile", profile));
            (words, format!("{}: logged out", target.name()))
        }
        _ => {
            terminal::complain("awsbadge: `aws sso logout` logs out of all SSO sessions\n");
            let words = vec!["sso".to_owned(), "logout".to_owned()];
            (words, "logged out of all SSO sessions".to_owned())
        }
    };
    let code = login::let_aws(&program, &words, vars)?;
    let stderr = match code {
        code::OK => format!("awsbadge: {done}\n"),
        _ => format!("awsbadge: not logged out, `aws` ended with code {code}\n"),
    };
    Ok(Reply {
        stderr,
        code,
        ..Reply::default()
    })
}
