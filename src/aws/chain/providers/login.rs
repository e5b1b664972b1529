//! A session of `aws login`.

use super::{Answer, Context, Found, no_token};
use crate::aws::cache;
use crate::aws::chain::model::{Expires, FileContent, Login, Provider};
use crate::aws::config::Section;
use crate::aws::expiry::{Expiry, UnknownReason};
use crate::aws::token;
use crate::diagnostic::{Code, Diagnostic};

pub(in crate::aws::chain) fn answer(ctx: &Context<'_>, profile: &Section) -> Answer {
    let Some(session) = ctx.key(profile, "login_session") else {
        return Answer::Skip("the profile has no login_session".to_owned());
    };
    let directory = ctx.places().logins;
    let path = directory.map(|directory| cache::login_token(&directory, &session.text));
    let mut expiry = Expiry::NoLogin;
    if let Some(path) = &path {
        let problem;
        (expiry, problem) = match ctx.read_cache(path) {
            FileContent::Absent => (
                Expiry::NoLogin,
                Some("there is no login for it yet".to_owned()),
            ),
            FileContent::Unusable(why) => (
                Expiry::Unknown(UnknownReason::File),
                Some(format!("its token file cannot be read: {why}")),
            ),
            FileContent::Partial => (
                Expiry::Unknown(UnknownReason::HalfWritten),
                Some("its token file is half-written".to_owned()),
            ),
            FileContent::Bytes(json) => match token::login_expiry(&json) {
                Ok(expiry) => (expiry, None),
                Err(why) => (token::expiry_without_token(&why), Some(no_token(why))),
            },
        };
        if let Some(why) = problem {
            ctx.warn_of_login(format!("`aws login` is needed: {why}"), path);
        }
    }
    if ctx.rules.login_needs_crt {
        ctx.warn(Diagnostic::new(
            Code::NeedsCrt,
            format!(
                "{} uses an `aws login` session only if botocore[crt] is installed",
                ctx.rules.title
            ),
        ));
    }
    let reason = format!("login_session at {}", ctx.location(session));
    Found::new(Provider::Login, Some(&profile.name), expiry, reason)
        .expires(Expires::LoginSession)
        .login(Login::Console(session.text.clone()), path)
        .into()
}
