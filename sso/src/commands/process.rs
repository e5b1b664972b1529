//! `process`: credentials for any tool that knows `credential_process`.
//!
//! Standard output is all or nothing, for the SDK for Go prints it in its error.

use super::login::{self, Options};
use super::print;
use super::role_credentials::Job;
use crate::cli::Process;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::session::{self, Role};
use crate::store::roles::printed;
use crate::sys::Moment;
use std::time::Duration;

/// How long all of it may take: the SDKs for Java and .NET give a process about 15 seconds.
const LIMIT: Duration = Duration::from_secs(12);

/// How long all of it may take with a login: the SDK for Go ends a process after 60 seconds.
const WITH_LOGIN: Duration = Duration::from_secs(50);

pub(crate) fn run(cx: &Context, args: &Process) -> Result<u8, Failure> {
    let (session, role) = match (&args.profile, &args.session, &args.account, &args.role) {
        (Some(profile), ..) => session::role_of(&cx.config, profile)?,
        (None, Some(session), Some(account), Some(role)) => (
            session::by_name(&cx.config, session)?,
            Role {
                account: account.clone(),
                role: role.clone(),
            },
        ),
        _ => {
            return Err(Failure::new(
                Word::Usage,
                "neither a profile nor a session, account and role were given",
                "Name --profile, or --session, --account and --role.",
            ));
        }
    };
    let end = Moment::after(if args.login { WITH_LOGIN } else { LIMIT });
    let job = Job::new(cx, cx.link(session, args.profile.as_deref()), role, end);
    if !args.no_cache
        && let Some(cached) = job.cached()
    {
        return Ok(print(&printed(&cached, &job.role.account)));
    }
    let found = match job.fetch(args.no_cache) {
        Err(failure) if args.login && failure.word.exit() == 5 => {
            let options = Options::of_process(end);
            login::login(cx, &job.link, &options)?;
            job.fetch(true)?
        }
        found => found?,
    };
    Ok(print(&printed(&found, &job.role.account)))
}
