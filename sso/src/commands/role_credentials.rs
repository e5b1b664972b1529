//! Credentials of a role at the access portal: from the AWS CLI's cache if that has some, else one call for
//! everybody who waits.

use super::renew::{EARLY, Good, Lacking, Want, ensure};
use crate::context::{Context, Link};
use crate::error::{Failure, Word};
use crate::idc::answer::{self, Kind, Refusal, RoleCredentials};
use crate::idc::endpoint::{Endpoint, Service};
use crate::idc::request;
use crate::library::{Seconds, now, role_file, safe_name};
use crate::net::Failed;
use crate::net::client::{refused, remote};
use crate::secret::Secret;
use crate::session::Role;
use crate::store::lock::{Over, Waited};
use crate::store::roles::{self, ENOUGH, Index, lasts};
use crate::store::token::load;
use crate::sys::Moment;
use std::path::PathBuf;
use std::time::Duration;

/// Cached credentials with this much left are better than none.
const LAST: Seconds = Seconds(60);

/// A role whose credentials are wanted.
pub(super) struct Job<'a> {
    cx: &'a Context,
    pub(super) link: Link,
    pub(super) role: Role,
    file: PathBuf,
    end: Moment,
}

impl<'a> Job<'a> {
    /// For `role` by the login of `link`, until `end`.
    pub(super) fn new(cx: &'a Context, link: Link, role: Role, end: Moment) -> Self {
        let session = &link.session;
        let file = role_file(
            &cx.home,
            &role.account,
            &role.role,
            &session.key,
            session.is_legacy(),
        );
        Self {
            cx,
            link,
            role,
            file,
            end,
        }
    }

    /// What the cache has, if that lasts as long as the AWS CLI wants it to.
    pub(super) fn cached(&self) -> Option<RoleCredentials> {
        roles::load(&self.file).filter(|found| lasts(found, now(), ENOUGH))
    }

    /// Credentials from another process's work, from the service, or the last of the cache.
    pub(super) fn fetch(&self, no_cache: bool) -> Result<RoleCredentials, Failure> {
        let before = roles::load(&self.file).map(|found| found.token);
        let look = || {
            let found = self.cached()?;
            // Without the cache, what another process just fetched is as new as what would be fetched now.
            (!no_cache || before.as_ref() != Some(&found.token)).then_some(found)
        };
        let key = self.file.file_name().unwrap_or_default().to_string_lossy();
        let end = Moment::after(Duration::from_secs(10)).min(self.end);
        let _lock = match self.cx.locks.wait(Over::Role, &key, end, look) {
            Waited::Locked(lock) => lock,
            Waited::Found(found) => return Ok(found),
            Waited::TimedOut => {
                let busy = Failure::new(
                    Word::Busy,
                    format!(
                        "another process is still fetching credentials for {}",
                        self.name()
                    ),
                    "Try again.",
                );
                return self.last_of_cache(busy);
            }
        };
        match look() {
            Some(found) => Ok(found),
            None => self.ask(),
        }
    }

    fn name(&self) -> String {
        format!(
            "{} in account {}",
            safe_name(&self.role.role),
            safe_name(&self.role.account)
        )
    }

    /// What the cache has, if the network is to blame and it lasts a minute; else the failure.
    fn last_of_cache(&self, failure: Failure) -> Result<RoleCredentials, Failure> {
        let helps = failure.word.exit() == 7 || failure.word == Word::Busy;
        let cached = roles::load(&self.file).filter(|found| helps && lasts(found, now(), LAST));
        match cached {
            Some(found) => {
                self.cx.warn(&format!(
                    "{}; using credentials from the cache, good until {}",
                    failure.message,
                    self.cx.until(found.expires)
                ));
                Ok(found)
            }
            None => Err(failure),
        }
    }

    fn token(&self, rejected: Option<&Secret>) -> Result<Good, Lacking> {
        let want = Want {
            min: EARLY,
            rejected,
            end: Some(self.end),
        };
        ensure(self.cx, &self.link, &want)
    }

    /// The access token: renewed if need be; if that fails for now, the one that there is.
    fn access(&self) -> Result<Secret, Failure> {
        match self.token(None) {
            Ok(good) => {
                if let Some(failure) = good.unsaved {
                    self.cx
                        .warn(&format!("{}; log in again after this", failure.message));
                }
                Ok(good.access)
            }
            Err(Lacking::Failed(failure)) if failure.word != Word::CacheUnreadable => {
                let there = load(&self.link.token_file).ok().flatten();
                let usable = there.filter(|token| token.left(now()) >= LAST);
                usable.map(|token| token.access).ok_or(failure)
            }
            Err(lacking) => Err(lacking.failure()),
        }
    }

    fn ask(&self) -> Result<RoleCredentials, Failure> {
        let access = match self.access() {
            Ok(access) => access,
            Err(failure) => return self.last_of_cache(failure),
        };
        let endpoint = self.link.endpoint(Service::Portal)?;
        let mut result = self.call(&endpoint, &access);
        if let Err(Failed::Refused(refusal)) = &result
            && refusal.kind == Kind::Unauthorized
        {
            // Dead before its date: ended elsewhere, or revoked. One renewal tells whether the session lives.
            let renewed = self.token(Some(&access)).map_err(Lacking::failure)?;
            result = self.call(&endpoint, &renewed.access);
        }
        match result {
            Ok(found) => {
                self.keep(&found);
                Ok(found)
            }
            Err(Failed::Trouble(trouble)) => self.last_of_cache(trouble.failure),
            Err(Failed::Refused(refusal)) => self.last_of_cache(self.meaning(&refusal, &endpoint)),
        }
    }

    fn call(&self, endpoint: &Endpoint, access: &Secret) -> Result<RoleCredentials, Failed> {
        let request = request::role_credentials(access, &self.role.account, &self.role.role);
        let deadline = self.link.client.deadline().min(self.end);
        let body = self
            .link
            .client
            .call(endpoint, &request, deadline, answer::object)?;
        answer::role_credentials(&body, now()).map_err(|key| Failed::unbelievable(endpoint, key))
    }

    fn meaning(&self, refusal: &Refusal, endpoint: &Endpoint) -> Failure {
        let session = &self.link.session;
        let failure = match refusal.kind {
            Kind::Forbidden => Failure::new(
                Word::NoAccess,
                format!(
                    "the login of {1} gives no access to {0}",
                    self.name(),
                    session.label()
                ),
                format!(
                    "If it was assigned to you just now, run `{} --fresh`; otherwise ask for the assignment.",
                    session.login_command()
                ),
            ),
            Kind::NotFound => Failure::new(
                Word::NoAccess,
                format!(
                    "{} does not exist at the portal of {}",
                    self.name(),
                    session.label()
                ),
                "Check sso_account_id and sso_role_name.",
            ),
            Kind::Unauthorized => session.login_needed("the service no longer accepts this login"),
            _ => return refused(refusal, endpoint),
        };
        failure.with(remote(refusal, endpoint))
    }

    /// Writes the credentials for everybody, unless the session was logged out while they were fetched.
    fn keep(&self, found: &RoleCredentials) {
        if !matches!(load(&self.link.token_file), Ok(Some(_))) {
            return;
        }
        let session = &self.link.session.key;
        Index::new(self.cx.state.as_deref(), &self.cx.locks).note(session, &self.file);
        if let Err(failure) = roles::save(&self.file, found, &self.role.account) {
            self.cx.warn(&failure.message);
        }
    }
}
