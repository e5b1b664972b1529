//! What a login may use: accounts, and the roles in them.
//!
//! A few threads send the requests; this one says what and when, so that one rate counts for all of them, the token
//! is renewed once, and Ctrl-C ends it at once.

use super::renew::{EARLY, Good, Lacking, Want, ensure};
use crate::context::{Context, Link};
use crate::error::{Failure, Word};
use crate::idc::answer::{self, Kind};
use crate::idc::endpoint::{Endpoint, Service};
use crate::idc::listing::{self, Account, Page};
use crate::library::{Epoch, Seconds, now, safe_name};
use crate::net::Failed;
use crate::net::client::{Client, refused, remote};
use crate::net::pace::{self, Pace, backoff};
use crate::secret::Secret;
use crate::sys::bar::Bar;
use crate::sys::signals::{self, Signal};
use crate::sys::{self, Moment};
use std::collections::{HashSet, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many requests may be under way at once.
const WORKERS: usize = 8;

/// On the way, a token is renewed when it has less than this left.
const LATE: Seconds = Seconds(5 * 60);

/// How often one request is sent while other ones succeed.
const ATTEMPTS: u32 = 8;

/// How often the first one is sent if the service has a fault.
const FIRST_ATTEMPTS: u32 = 3;

/// The longest list that is believed, in pages.
const PAGES: usize = 1000;

/// An account, and what the login may be in it.
pub(super) struct Offer {
    /// The account.
    pub(super) account: Account,
    /// Its roles.
    pub(super) roles: Roles,
}

/// The roles of an account.
pub(super) enum Roles {
    /// Nobody asked for them.
    NotAsked,
    /// Their names, sorted.
    Listed(Vec<String>),
    /// They could not be listed.
    Failed(Failure),
}

/// The accounts that a login may use, by name.
///
/// # Errors
/// As `process`: what keeps the list from being complete.
pub(super) fn accounts(cx: &Context, link: &Link) -> Result<Vec<Account>, Failure> {
    let offers = offers(cx, link, |_| false)?;
    Ok(offers.into_iter().map(|offer| offer.account).collect())
}

/// The accounts that a login may use, by name, and the roles in those that are `wanted`.
///
/// # Errors
/// What keeps the list of accounts from being complete; the service gone for five minutes. An account whose roles
/// can't be listed is no error.
pub(super) fn offers(
    cx: &Context,
    link: &Link,
    wanted: impl Fn(&Account) -> bool,
) -> Result<Vec<Offer>, Failure> {
    let want = Want {
        min: EARLY,
        rejected: None,
        end: None,
    };
    let good = match ensure(cx, link, &want) {
        Ok(good) => good,
        Err(lacking) => still_usable(link, lacking)?,
    };
    let endpoint = link.endpoint(Service::Portal)?;
    let (tell, heard) = channel();
    let of_signals = tell.clone();
    signals::watch(move |signal| of_signals.send(Heard::Signal(signal)).is_ok());
    let jobs = start(link, &endpoint, &tell);
    let started = Moment::now();
    let mut fetch = Fetch {
        cx,
        link,
        endpoint,
        access: good.access.clone(),
        renew: None,
        renewed: false,
        started,
        pace: Pace::new(Duration::ZERO),
        jobs,
        heard,
        ready: VecDeque::from([Job::new(What::Accounts(None))]),
        delayed: Vec::new(),
        under_way: 0,
        seen: HashSet::new(),
        offers: Vec::new(),
        done: 0,
        asked: 0,
        pages: 0,
        last: None,
        bar: Bar::new(&cx.vars, &link.session.label()),
    };
    fetch.took(&good);
    let result = fetch.run(&wanted);
    // The screen first: a signal that waits may end the process.
    drop(fetch.bar);
    let mut offers = fetch.offers;
    drop(fetch.heard);
    signals::release();
    result?;
    offers.sort_by_cached_key(|offer| {
        let name = offer.account.name.clone().unwrap_or_default();
        (name.to_lowercase(), offer.account.id.clone())
    });
    Ok(offers)
}

/// The token that there is, if renewing it failed for now.
fn still_usable(link: &Link, lacking: Lacking) -> Result<Good, Failure> {
    match lacking {
        Lacking::Failed(failure) if failure.word != Word::CacheUnreadable => {
            Good::of_file(&link.token_file).ok_or(failure)
        }
        lacking => Err(lacking.failure()),
    }
}

/// A request to be sent.
struct Job {
    what: What,
    /// How often it was sent.
    attempts: u32,
    /// The token that it goes with.
    access: Option<Secret>,
    /// When it was sent, from the start of the list.
    sent: Duration,
}

/// What is asked for.
enum What {
    /// A page of the accounts.
    Accounts(Option<String>),
    /// A page of the roles of an account, by its place in the list.
    Roles {
        at: usize,
        account: String,
        next: Option<String>,
    },
}

impl Job {
    fn new(what: What) -> Self {
        Self {
            what,
            attempts: 0,
            access: None,
            sent: Duration::ZERO,
        }
    }
}

/// What came of a request.
enum Got {
    Accounts(Page<Account>),
    Roles(Page<String>),
    Failed(Failed),
}

/// What the thread that decides waits for.
enum Heard {
    Answer(Job, Got),
    Signal(Signal),
}

/// Starts the threads. They end with the sender that this returns.
fn start(link: &Link, endpoint: &Endpoint, tell: &Sender<Heard>) -> Sender<Job> {
    let (jobs, queue) = channel::<Job>();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..WORKERS {
        let queue = Arc::clone(&queue);
        let tell = tell.clone();
        let endpoint = endpoint.clone();
        let client = link.client.sibling();
        std::thread::spawn(move || {
            loop {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = next else { return };
                let got = send(&client, &endpoint, &job);
                if tell.send(Heard::Answer(job, got)).is_err() {
                    return;
                }
            }
        });
    }
    jobs
}

fn send(client: &Client, endpoint: &Endpoint, job: &Job) -> Got {
    let access = job.access.clone().unwrap_or_default();
    let request = match &job.what {
        What::Accounts(next) => listing::accounts(&access, next.as_deref()),
        What::Roles { account, next, .. } => listing::roles(&access, account, next.as_deref()),
    };
    let body = match client.call_once(endpoint, &request, client.deadline(), answer::object) {
        Ok(body) => body,
        Err(failed) => return Got::Failed(failed),
    };
    let page = match &job.what {
        What::Accounts(_) => listing::accounts_page(&body).map(Got::Accounts),
        What::Roles { .. } => listing::roles_page(&body).map(Got::Roles),
    };
    page.unwrap_or_else(|key| Got::Failed(Failed::unbelievable(endpoint, key)))
}

/// A list that is being fetched.
struct Fetch<'a> {
    cx: &'a Context,
    link: &'a Link,
    endpoint: Endpoint,
    access: Secret,
    /// When the token is renewed, if it can be.
    renew: Option<Moment>,
    /// Whether it was renewed because the service did not take it.
    renewed: bool,
    started: Moment,
    pace: Pace,
    jobs: Sender<Job>,
    heard: Receiver<Heard>,
    ready: VecDeque<Job>,
    delayed: Vec<(Moment, Job)>,
    under_way: usize,
    /// The ids so far: pages may overlap if the list changes meanwhile.
    seen: HashSet<String>,
    offers: Vec<Offer>,
    /// How many accounts are done, and of how many the roles are wanted.
    done: usize,
    asked: usize,
    pages: usize,
    last: Option<Failure>,
    bar: Bar,
}

impl Fetch<'_> {
    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn run(&mut self, wanted: &dyn Fn(&Account) -> bool) -> Result<(), Failure> {
        while self.under_way + self.ready.len() + self.delayed.len() > 0 {
            self.renew_in_time()?;
            self.dispatch();
            let heard = match self.heard.recv_timeout(self.pause()) {
                Ok(heard) => Some(heard),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Err(self.stuck()),
            };
            match heard {
                Some(Heard::Signal(Signal::SIGTSTP)) => {
                    self.bar.clear();
                    signals::stop();
                }
                Some(Heard::Signal(Signal::SIGCONT)) | None => {}
                Some(Heard::Signal(Signal::SIGINT)) => {
                    return Err(Failure::new(Word::Interrupted, "interrupted", ""));
                }
                Some(Heard::Signal(_)) => {
                    return Err(Failure::new(Word::Terminated, "ended by a signal", ""));
                }
                Some(Heard::Answer(job, got)) => {
                    self.under_way -= 1;
                    self.answered(job, got, wanted)?;
                }
            }
            if self.pace.is_stuck(self.now()) {
                return Err(self.stuck());
            }
            match self.asked {
                0 => {}
                asked => self.bar.draw(self.done, asked, pace::RATE),
            }
        }
        Ok(())
    }

    /// Nothing came for too long.
    fn stuck(&mut self) -> Failure {
        self.last.take().unwrap_or_else(|| {
            Failure::new(
                Word::Unreachable,
                format!(
                    "{} has not answered for five minutes",
                    self.endpoint.address.authority()
                ),
                "Try again.",
            )
        })
    }

    /// Hands out what may be sent now.
    fn dispatch(&mut self) {
        let (due, delayed): (Vec<_>, Vec<_>) = std::mem::take(&mut self.delayed)
            .into_iter()
            .partition(|(at, _)| at.is_over());
        self.delayed = delayed;
        self.ready.extend(due.into_iter().map(|(_, job)| job));
        while self.under_way < WORKERS && self.pace.wait(self.now()).is_zero() {
            let Some(mut job) = self.ready.pop_front() else {
                return;
            };
            job.attempts += 1;
            job.access = Some(self.access.clone());
            job.sent = self.now();
            self.pace.sent(job.sent);
            if self.jobs.send(job).is_err() {
                return;
            }
            self.under_way += 1;
        }
    }

    /// How long there is nothing to do but to wait for answers.
    fn pause(&self) -> Duration {
        let mut pause = Duration::from_millis(100);
        if self.under_way < WORKERS && !self.ready.is_empty() {
            pause = pause.min(self.pace.wait(self.now()));
        }
        for (at, _) in &self.delayed {
            pause = pause.min(at.left());
        }
        pause
    }

    fn answered(
        &mut self,
        job: Job,
        got: Got,
        wanted: &dyn Fn(&Account) -> bool,
    ) -> Result<(), Failure> {
        let failed = match got {
            Got::Failed(failed) => return self.failed(job, failed),
            Got::Accounts(page) => self.took_accounts(&job, page, wanted),
            Got::Roles(page) => self.took_roles(&job, page),
        };
        match failed {
            Some(key) => {
                let failed = Failed::unbelievable(&self.endpoint, key);
                self.failed(job, failed)
            }
            None => {
                let now = self.now();
                self.pace.progressed(now);
                self.last = None;
                Ok(())
            }
        }
    }

    /// Takes a page of accounts, and asks for what comes of it. The key that can't be believed, if one can't.
    fn took_accounts(
        &mut self,
        job: &Job,
        page: Page<Account>,
        wanted: &dyn Fn(&Account) -> bool,
    ) -> Option<&'static str> {
        self.pages += 1;
        if let (What::Accounts(before), Some(_)) = (&job.what, &page.next)
            && (*before == page.next || self.pages >= PAGES)
        {
            return Some("nextToken");
        }
        for account in page.items {
            if !self.seen.insert(account.id.clone()) {
                continue;
            }
            let roles = match wanted(&account) {
                true => {
                    self.asked += 1;
                    self.ready.push_back(Job::new(What::Roles {
                        at: self.offers.len(),
                        account: account.id.clone(),
                        next: None,
                    }));
                    Roles::Listed(Vec::new())
                }
                false => Roles::NotAsked,
            };
            self.offers.push(Offer { account, roles });
        }
        if page.next.is_some() {
            // First: how many there are tells the time that is left.
            self.ready.push_front(Job::new(What::Accounts(page.next)));
        }
        None
    }

    fn took_roles(&mut self, job: &Job, page: Page<String>) -> Option<&'static str> {
        let What::Roles { at, account, next } = &job.what else {
            return None;
        };
        let Some(Offer {
            roles: Roles::Listed(roles),
            ..
        }) = self.offers.get_mut(*at)
        else {
            return None;
        };
        if page.next.is_some() && (page.next == *next || roles.len() > PAGES * 100) {
            return Some("nextToken");
        }
        roles.extend(page.items);
        if page.next.is_some() {
            self.ready.push_front(Job::new(What::Roles {
                at: *at,
                account: account.clone(),
                next: page.next,
            }));
        } else {
            roles.sort();
            roles.dedup();
            self.done += 1;
        }
        None
    }

    /// A request without a page: it is sent again, or the account goes without roles, or all of it ends.
    fn failed(&mut self, job: Job, failed: Failed) -> Result<(), Failure> {
        let mut after = None;
        let most = match &failed {
            Failed::Refused(refusal)
                if matches!(refusal.kind, Kind::Throttled | Kind::SlowDown) =>
            {
                after = refusal.retry_after.map(Duration::from_secs);
                let now = self.now();
                self.pace.refused(job.sent, now, after);
                u32::MAX
            }
            Failed::Refused(refusal) if refusal.kind == Kind::Unauthorized => {
                let (refusal, endpoint) = (refusal.clone(), self.endpoint.clone());
                return match self.rejected(&job) {
                    Ok(()) => {
                        self.ready.push_front(job);
                        Ok(())
                    }
                    Err(failure) if failure.remote.is_none() => {
                        Err(failure.with(remote(&refusal, &endpoint)))
                    }
                    Err(failure) => Err(failure),
                };
            }
            Failed::Trouble(trouble) if trouble.failure.word == Word::BadAnswer => {
                if self.offers.is_empty() { 1 } else { ATTEMPTS }
            }
            // What the client itself repeated was tried often enough, unless it worked before.
            Failed::Trouble(_) if self.offers.is_empty() => 1,
            Failed::Trouble(_) if failed.is_passing() => u32::MAX,
            Failed::Refused(_) if failed.is_passing() => {
                if self.offers.is_empty() {
                    FIRST_ATTEMPTS
                } else {
                    ATTEMPTS
                }
            }
            _ => 1,
        };
        let failure = self.meaning(failed);
        if job.attempts < most {
            let [a, b, c, d] = sys::random().unwrap_or([128; 4]);
            let pause = backoff(job.attempts, u32::from_le_bytes([a, b, c, d]));
            let pause = pause.max(after.unwrap_or_default());
            self.last = Some(failure);
            self.delayed.push((Moment::after(pause), job));
            return Ok(());
        }
        let What::Roles { at, .. } = job.what else {
            return Err(failure);
        };
        if let Some(offer) = self.offers.get_mut(at) {
            offer.roles = Roles::Failed(of_account(failure, &offer.account));
        }
        self.done += 1;
        let now = self.now();
        self.pace.progressed(now);
        Ok(())
    }

    fn meaning(&self, failed: Failed) -> Failure {
        match failed {
            Failed::Refused(refusal) if refusal.kind == Kind::Forbidden => Failure::new(
                Word::NoAccess,
                format!("the login of {} gives no access", self.link.session.label()),
                format!("Run `{} --fresh`.", self.link.session.login_command()),
            )
            .with(remote(&refusal, &self.endpoint)),
            Failed::Refused(refusal) => refused(&refusal, &self.endpoint),
            failed => failed.into_failure(&self.endpoint),
        }
    }

    /// The service does not take the token of a request: another one is got, once.
    fn rejected(&mut self, job: &Job) -> Result<(), Failure> {
        if job.access.as_ref() != Some(&self.access) {
            return Ok(());
        }
        if self.renewed {
            let session = &self.link.session;
            return Err(session.login_needed("the service no longer accepts this login"));
        }
        self.renewed = true;
        let want = Want {
            min: LATE,
            rejected: Some(&self.access),
            end: None,
        };
        let good = ensure(self.cx, self.link, &want).map_err(Lacking::failure)?;
        self.took(&good);
        Ok(())
    }

    fn renew_in_time(&mut self) -> Result<(), Failure> {
        if !self.renew.is_some_and(Moment::is_over) {
            return Ok(());
        }
        let want = Want {
            min: LATE,
            rejected: None,
            end: None,
        };
        match ensure(self.cx, self.link, &want) {
            Ok(good) => self.took(&good),
            // The token has some minutes yet.
            Err(Lacking::Failed(_)) => self.renew = Some(Moment::after(Duration::from_secs(30))),
            Err(lacking) => return Err(lacking.failure()),
        }
        Ok(())
    }

    /// Goes on with this token.
    fn took(&mut self, good: &Good) {
        self.access = good.access.clone();
        if let Some(failure) = &good.unsaved {
            self.bar.clear();
            self.cx
                .warn(&format!("{}; log in again after this", failure.message));
        }
        self.renew = good
            .expires
            .filter(|_| good.renews)
            .map(|at| Moment::after(renewal(at, now())));
    }
}

/// How long a token is used before it is renewed: until five minutes before its end, or half of what it has left.
fn renewal(expires: Epoch, now: Epoch) -> Duration {
    let left = expires.since(now).0.max(0);
    let seconds = (left - LATE.0).max(left / 2);
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0).max(1))
}

/// The failure with the account that it is about.
fn of_account(mut failure: Failure, account: &Account) -> Failure {
    let name = account.name.as_deref().map(safe_name).unwrap_or_default();
    let name = if name.is_empty() {
        name
    } else {
        format!(" ({name})")
    };
    failure.message = format!(
        "the roles in account {}{name} can't be listed: {}",
        account.id, failure.message
    );
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_five_minutes_before_its_end_or_after_half_its_time() {
        for (left, want) in [
            (3600, 3300),
            (700, 400),
            (400, 200),
            (60, 30),
            (0, 1),
            (-5, 1),
        ] {
            let wait = renewal(Epoch(1000 + left), Epoch(1000));
            assert_eq!(wait, Duration::from_secs(want), "{left}");
        }
    }
}
