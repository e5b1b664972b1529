//! The renewal of a token, one for all processes at once.
//!
//! The order of reading, locking, calling and reading again is what keeps a session alive at a server that takes
//! each refresh token once, and what keeps a logout a logout.

use crate::context::{Context, Link};
use crate::error::{Failure, Word};
use crate::idc::answer::{self, Granted, Kind, Refusal};
use crate::idc::endpoint::{Endpoint, Service};
use crate::idc::request;
use crate::library::{Epoch, Seconds, now};
use crate::net::Failed;
use crate::net::client::{refused, remote};
use crate::secret::Secret;
use crate::store::lock::{Over, Waited};
use crate::store::token::{self, Renewal, Stored, Token, load};
use crate::sys::{self, Moment};
use std::path::Path;
use std::time::Duration;

pub(super) use crate::library::RENEWED_WITH as EARLY;

/// A token that another process just made is taken with this much left, even if that is less than was asked
/// for: the server may not give longer ones.
const SHORT: Seconds = Seconds(60);

/// How long another process's renewal is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked for.
pub(super) struct Want<'a> {
    /// Renew with less than this left.
    pub(super) min: Seconds,
    /// An access token that the service refused, whatever its date says.
    pub(super) rejected: Option<&'a Secret>,
    /// When the caller has to be done, if it has such a limit.
    pub(super) end: Option<Moment>,
}

/// How a token came to be good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It was, or another process renewed it.
    Fresh,
    /// It was renewed.
    Renewed,
    /// It can't be renewed, and is good for some time yet.
    NotRenewable,
}

/// A good token.
pub(super) struct Good {
    pub(super) state: State,
    pub(super) access: Secret,
    pub(super) expires: Option<Epoch>,
    /// Whether it renews itself from now on.
    pub(super) renews: bool,
    /// Why it is not in the file, if it is not.
    pub(super) unsaved: Option<Failure>,
}

impl Good {
    /// The token in a file, if it is good for a minute yet: for when renewing it failed.
    pub(super) fn of_file(path: &Path) -> Option<Self> {
        let token = load(path).ok().flatten()?;
        (token.left(now()) >= SHORT).then(|| Self {
            state: State::NotRenewable,
            access: token.access.clone(),
            expires: token.expires,
            renews: false,
            unsaved: None,
        })
    }
}

/// Why there is no good token.
pub(super) enum Lacking {
    /// There is no token file.
    Missing(Failure),
    /// Only a login helps.
    Login(Failure),
    /// Something failed; an older token may still be good.
    Failed(Failure),
}

impl Lacking {
    pub(super) fn failure(self) -> Failure {
        match self {
            Self::Missing(failure) | Self::Login(failure) | Self::Failed(failure) => failure,
        }
    }
}

impl From<Failure> for Lacking {
    fn from(failure: Failure) -> Self {
        match failure.word.exit() {
            5 => Self::Login(failure),
            _ => Self::Failed(failure),
        }
    }
}

/// One renewal.
struct Renewing<'a> {
    cx: &'a Context,
    link: &'a Link,
    want: &'a Want<'a>,
}

/// Gives a token with at least `want.min` left, renewed if need be.
///
/// # Errors
/// [`Lacking`].
pub(super) fn ensure(cx: &Context, link: &Link, want: &Want<'_>) -> Result<Good, Lacking> {
    Renewing { cx, link, want }.run()
}

impl Renewing<'_> {
    fn load(&self) -> Result<Option<Box<Token>>, Lacking> {
        load(&self.link.token_file).map_err(Lacking::Failed)
    }

    fn missing(&self) -> Lacking {
        Lacking::Missing(self.link.session.login_needed("not logged in"))
    }

    fn login_needed(&self, why: &str) -> Lacking {
        Lacking::Login(self.link.session.login_needed(why))
    }

    fn is_good(&self, token: &Token) -> bool {
        let left = token.left(now());
        match self.want.rejected {
            Some(rejected) => token.access != *rejected && left >= SHORT,
            None => left >= self.want.min,
        }
    }

    /// Whether another process made this token since `before` was read, and it is good.
    fn is_new(&self, token: &Token, before: &Token) -> bool {
        token.access != before.access && token.left(now()) >= SHORT
    }

    fn good(&self, state: State, token: &Token) -> Good {
        Good {
            state,
            access: token.access.clone(),
            expires: token.expires,
            renews: !self.link.session.is_legacy() && token.renewal(now()).is_some(),
            unsaved: None,
        }
    }

    /// What a token is worth that can't be renewed.
    fn as_it_is(&self, token: &Token) -> Result<Good, Lacking> {
        let refused = self.want.rejected.is_some_and(|r| *r == token.access);
        if token.left(now()).0 > 0 && !refused {
            return Ok(self.good(State::NotRenewable, token));
        }
        Err(match (&token.renewal, token.expires) {
            _ if refused => self.login_needed("the service no longer accepts this login"),
            (Some(renewal), _) if !self.link.session.is_legacy() => self.login_needed(&format!(
                "the client registration expired {}",
                self.cx.at(renewal.until)
            )),
            (_, None) => self.login_needed("the date in the token file can't be read"),
            (_, Some(_)) => self.login_needed("the login has expired"),
        })
    }

    fn can_renew(&self, token: &Token) -> bool {
        !self.link.session.is_legacy() && token.renewal(now()).is_some()
    }

    fn run(&self) -> Result<Good, Lacking> {
        let Some(before) = self.load()? else {
            return Err(self.missing());
        };
        if self.is_good(&before) {
            return Ok(self.good(State::Fresh, &before));
        }
        if !self.can_renew(&before) {
            return self.as_it_is(&before);
        }
        let mut end = Moment::after(PATIENCE);
        if let Some(limit) = self.want.end {
            end = end.min(limit);
        }
        let key = &self.link.session.key;
        let look = || {
            let token = load(&self.link.token_file).ok().flatten();
            token.filter(|token| self.is_good(token) || self.is_new(token, &before))
        };
        let _lock = match self.cx.locks.wait(Over::Token, key, end, look) {
            Waited::Locked(lock) => lock,
            Waited::Found(token) => return Ok(self.good(State::Fresh, &token)),
            Waited::TimedOut => {
                return Err(Lacking::Failed(Failure::new(
                    Word::Busy,
                    format!(
                        "another process is still renewing {}",
                        self.link.session.label()
                    ),
                    "Try again.",
                )));
            }
        };
        let Some(token) = self.load()? else {
            return Err(self.login_needed("logged out meanwhile"));
        };
        if self.is_good(&token) || self.is_new(&token, &before) {
            return Ok(self.good(State::Fresh, &token));
        }
        if !self.can_renew(&token) {
            return self.as_it_is(&token);
        }
        let mut deadline = self.link.client.deadline();
        if let Some(limit) = self.want.end {
            deadline = deadline.min(limit);
        }
        self.renew(token, deadline, true)
    }

    /// Renews under the lock. `again` allows one more renewal, with another process's refresh token.
    fn renew(&self, token: Box<Token>, deadline: Moment, again: bool) -> Result<Good, Lacking> {
        let Some(renewal) = &token.renewal else {
            return self.as_it_is(&token);
        };
        let endpoint = self.link.endpoint(Service::Oidc)?;
        let mut result = self.call(&endpoint, renewal, deadline);
        if let Err(Failed::Trouble(trouble)) = &result
            && trouble.arrived
            && trouble.failure.word == Word::Unreachable
            && !deadline.is_over()
        {
            // The answer is lost, but perhaps not the renewal: somebody may have what came of it.
            let there = self.still_there()?;
            if self.is_new(&there, &token) {
                return Ok(self.good(State::Fresh, &there));
            }
            result = self.call(&endpoint, renewal, deadline);
        }
        match result {
            Ok(granted) => self.store(&token, &granted),
            Err(Failed::Trouble(trouble)) => Err(trouble.failure.into()),
            Err(Failed::Refused(refusal)) => {
                self.refused(&refusal, &endpoint, &token, deadline, again)
            }
        }
    }

    fn call(
        &self,
        endpoint: &Endpoint,
        renewal: &Renewal,
        deadline: Moment,
    ) -> Result<Granted, Failed> {
        let request = request::refresh_token(&renewal.client, &renewal.refresh);
        let body = self
            .link
            .client
            .call(endpoint, &request, deadline, answer::object)?;
        answer::granted(&body).map_err(|key| Failed::unbelievable(endpoint, key))
    }

    /// The file as it is now; a logout meanwhile stays one.
    fn still_there(&self) -> Result<Box<Token>, Lacking> {
        self.load()?.ok_or_else(|| self.logged_out())
    }

    fn logged_out(&self) -> Lacking {
        Lacking::Login(Failure::new(
            Word::LoggedOutMeanwhile,
            format!("{}: logged out meanwhile", self.link.session.label()),
            format!(
                "Run `{}` to log in again.",
                self.link.session.login_command()
            ),
        ))
    }

    fn refused(
        &self,
        refusal: &Refusal,
        endpoint: &Endpoint,
        sent: &Token,
        deadline: Moment,
        again: bool,
    ) -> Result<Good, Lacking> {
        match refusal.kind {
            Kind::InvalidGrant => {}
            Kind::InvalidClient | Kind::Unauthorized | Kind::Denied | Kind::CodeExpired => {
                let why = "the service no longer accepts this client registration";
                let failure = self.link.session.login_needed(why);
                return Err(Lacking::Login(failure.with(remote(refusal, endpoint))));
            }
            _ => return Err(refused(refusal, endpoint).into()),
        }
        // Another program, which knows no lock, may have used the refresh token first and not written yet.
        let end = Moment::after(Duration::from_secs(2));
        loop {
            let there = self.still_there()?;
            if let (Some(theirs), Some(ours)) = (&there.renewal, &sent.renewal)
                && theirs.refresh != ours.refresh
            {
                return match self.is_good(&there) || self.is_new(&there, sent) {
                    true => Ok(self.good(State::Fresh, &there)),
                    false if again => self.renew(there, deadline, false),
                    false => Err(self.over(refusal, endpoint, sent)),
                };
            }
            if self.is_new(&there, sent) {
                return Ok(self.good(State::Fresh, &there));
            }
            if end.is_over() {
                return Err(self.over(refusal, endpoint, sent));
            }
            sys::pause(Duration::from_millis(100));
        }
    }

    /// The session at the portal is over. The file stays: its access token may have some time left.
    fn over(&self, refusal: &Refusal, endpoint: &Endpoint, sent: &Token) -> Lacking {
        let lasted = sent.expires.map_or(String::new(), |at| {
            format!("; its last token is good until {}", self.cx.at(at))
        });
        let why = format!("the session has expired or was ended elsewhere{lasted}");
        let failure = self.link.session.login_needed(&why);
        Lacking::Login(failure.with(remote(refusal, endpoint)))
    }

    fn store(&self, sent: &Token, granted: &Granted) -> Result<Good, Lacking> {
        let now = now();
        let session = &self.link.session;
        let ours = |unsaved| Good {
            state: State::Renewed,
            access: granted.access.clone(),
            expires: Some(now.plus(granted.lasts)),
            renews: true,
            unsaved,
        };
        let place = (session.start_url.as_str(), session.region.as_str());
        match token::update(&self.link.token_file, sent, granted, place, now) {
            Ok(Stored::Ours) => Ok(ours(None)),
            Ok(Stored::Theirs(theirs)) => Ok(self.good(State::Fresh, &theirs)),
            Ok(Stored::Gone) => Err(self.logged_out()),
            Err(failure) => Ok(ours(Some(failure))),
        }
    }
}
