//! Requests: one deadline for all phases together, few repeats, no redirects.

use super::proxy::{self, Unusable};
use super::roots;
use super::trouble::{Phase, Scene, Trouble, bad_answer};
use crate::error::{Failure, Remote, Word};
use crate::idc::answer::{Answer, Kind, Refusal};
use crate::idc::endpoint::Endpoint;
use crate::idc::request::Request;
use crate::library::{Section, Vars, now, parse_time};
use crate::sys::{self, Moment};
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Agent, Error};
use zeroize::Zeroizing;

/// The largest body that is read, in bytes.
const BODY: u64 = 1 << 20;

/// How often a request is sent at most, as in botocore's standard mode.
const ATTEMPTS: u32 = 3;

/// How the service is called from one environment.
pub(crate) struct Client {
    vars: Vars,
    bundle: Option<(PathBuf, &'static str)>,
    attempts: u32,
    limit: Duration,
    /// For plain HTTP, which needs no certificates: the system's are some hundred files.
    plain: OnceLock<Agent>,
    secure: OnceLock<Agent>,
    progress: Progress,
    /// The authorities, once they are needed.
    roots: Arc<OnceLock<RootCerts>>,
    /// The server's clock less this machine's; `i64::MIN` while unknown.
    skew: Arc<AtomicI64>,
}

/// Why a call gave no value.
pub(crate) enum Failed {
    /// There was no answer.
    Trouble(Trouble),
    /// The service refused, or something else answered.
    Refused(Refusal),
}

impl Failed {
    /// An answer whose `key` is missing or can't be believed.
    pub(crate) fn unbelievable(endpoint: &Endpoint, key: &str) -> Self {
        Self::Trouble(Trouble {
            failure: bad_answer(endpoint, &format!("{key} is missing or invalid")),
            arrived: true,
        })
    }

    /// The failure if nothing more is known about the purpose of the call.
    pub(crate) fn into_failure(self, endpoint: &Endpoint) -> Failure {
        match self {
            Self::Trouble(trouble) => trouble.failure,
            Self::Refused(refusal) => refused(&refusal, endpoint),
        }
    }

    /// Whether the service is not to blame and neither is the user: trying again later may help.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Trouble(trouble) => trouble.failure.word.exit() == 7,
            Self::Refused(refusal) => {
                matches!(refusal.kind, Kind::Server | Kind::Throttled | Kind::Foreign)
            }
        }
    }
}

/// What the service said, for the error object.
pub(crate) fn remote(refusal: &Refusal, endpoint: &Endpoint) -> Remote {
    Remote {
        http: Some(refusal.status),
        kind: refusal.name.clone(),
        request_id: refusal.request_id.clone(),
        endpoint: Some(endpoint.address.origin()),
    }
}

/// The failure for a refusal, by its kind alone.
pub(crate) fn refused(refusal: &Refusal, endpoint: &Endpoint) -> Failure {
    let host = endpoint.address.authority();
    let said = match (&refusal.name, refusal.words.as_str()) {
        (Some(name), "") => format!("{name}, {}", refusal.status),
        (Some(name), words) => format!("{name}, {}: {words}", refusal.status),
        (None, "") => refusal.status.to_string(),
        (None, words) => format!("{}: {words}", refusal.status),
    };
    let make = |word, message: String, next: &str| {
        Failure::new(word, message, next).with(remote(refusal, endpoint))
    };
    match refusal.kind {
        Kind::Throttled | Kind::SlowDown => make(
            Word::Throttled,
            format!("{host} is throttling requests ({said})"),
            "Wait a minute and try again.",
        ),
        Kind::Server => make(
            Word::ServerError,
            format!("{host} failed ({said})"),
            "Try again in a while.",
        ),
        Kind::Foreign => {
            let why = match refusal.status {
                300..=399 => format!("a redirect ({})", refusal.status),
                status => format!("no JSON, status {status}"),
            };
            let failure = bad_answer(endpoint, &why);
            failure.with(remote(refusal, endpoint))
        }
        Kind::Settings => make(
            Word::BadConfig,
            format!("{host} does not accept these settings ({said})"),
            "Check sso_registration_scopes of the session.",
        ),
        Kind::Denied => make(
            Word::Denied,
            format!("the login was refused ({said})"),
            "Log in again and approve it, or ask who administers IAM Identity Center.",
        ),
        Kind::Forbidden | Kind::NotFound => make(
            Word::NoAccess,
            format!("{host} gives no access ({said})"),
            "Ask who administers IAM Identity Center for the assignment.",
        ),
        Kind::Unauthorized | Kind::InvalidGrant | Kind::InvalidClient | Kind::CodeExpired => make(
            Word::LoginNeeded,
            format!("{host} no longer accepts this login ({said})"),
            "Log in again.",
        ),
        _ => make(
            Word::BadAnswer,
            format!("{host} refuses the request ({said})"),
            "Check sso_start_url and sso_region.",
        ),
    }
}

impl Client {
    /// A client for an environment and the profile that counts there. `limit` is how long one call may take.
    pub(crate) fn new(vars: &Vars, profile: Option<&Section>, limit: Duration) -> Self {
        let attempts = vars
            .text("AWS_MAX_ATTEMPTS")
            .and_then(|v| v.trim().parse().ok())
            .or_else(|| profile?.text("max_attempts")?.trim().parse().ok());
        Self {
            vars: vars.clone(),
            bundle: roots::bundle(vars, profile),
            attempts: attempts.unwrap_or(ATTEMPTS).clamp(1, 10),
            limit,
            plain: OnceLock::new(),
            secure: OnceLock::new(),
            progress: Progress::default(),
            roots: Arc::default(),
            skew: Arc::new(AtomicI64::new(i64::MIN)),
        }
    }

    /// Another one, for another thread: how far a request is concerns one request only.
    pub(crate) fn sibling(&self) -> Self {
        Self {
            vars: self.vars.clone(),
            bundle: self.bundle.clone(),
            attempts: self.attempts,
            limit: self.limit,
            plain: OnceLock::new(),
            secure: OnceLock::new(),
            progress: Progress::default(),
            roots: Arc::clone(&self.roots),
            skew: Arc::clone(&self.skew),
        }
    }

    /// The authorities, read once for all siblings.
    fn roots(&self) -> Result<RootCerts, Failure> {
        if let Some(roots) = self.roots.get() {
            return Ok(roots.clone());
        }
        let roots = roots::load(self.bundle.as_ref(), &self.vars)?;
        Ok(self.roots.get_or_init(|| roots).clone())
    }

    /// The end of a call that begins now.
    pub(crate) fn deadline(&self) -> Moment {
        Moment::after(self.limit)
    }

    /// The server's clock less this machine's, in seconds, as far as an answer told.
    pub(crate) fn skew(&self) -> Option<i64> {
        Some(self.skew.load(Ordering::Relaxed)).filter(|skew| *skew != i64::MIN)
    }

    /// The proxy that requests to `endpoint` go through, and the variable that names it.
    ///
    /// # Errors
    /// One that is named and can't be used.
    pub(crate) fn proxy(&self, endpoint: &Endpoint) -> Result<Option<proxy::Proxy>, Failure> {
        proxy::choose(&endpoint.address, &self.vars).map_err(|Unusable { from, why }| {
            Failure::new(
                Word::ProxyUnreachable,
                format!("{from} names a proxy that can't be used: {why}"),
                format!("Write {from} as http://HOST:PORT."),
            )
        })
    }

    /// Calls the service and reads its answer, within `deadline`, and repeats what can be repeated: a request
    /// that can't have arrived, one that does no harm twice, and what a server with a fault or with too many
    /// calls did not do.
    ///
    /// # Errors
    /// [`Failed`] of the last attempt.
    pub(crate) fn call<T>(
        &self,
        endpoint: &Endpoint,
        request: &Request,
        deadline: Moment,
        read: impl Fn(&Answer) -> Result<T, Refusal>,
    ) -> Result<T, Failed> {
        self.repeat(endpoint, request, deadline, true, read)
    }

    /// As [`Client::call`], but what the service answers is final: for whoever asks again anyway.
    ///
    /// # Errors
    /// [`Failed`].
    pub(crate) fn call_once<T>(
        &self,
        endpoint: &Endpoint,
        request: &Request,
        deadline: Moment,
        read: impl Fn(&Answer) -> Result<T, Refusal>,
    ) -> Result<T, Failed> {
        self.repeat(endpoint, request, deadline, false, read)
    }

    fn repeat<T>(
        &self,
        endpoint: &Endpoint,
        request: &Request,
        deadline: Moment,
        refusals: bool,
        read: impl Fn(&Answer) -> Result<T, Refusal>,
    ) -> Result<T, Failed> {
        let mut attempt = 0;
        loop {
            let (failed, pause) = match self.send(endpoint, request, deadline) {
                Err(trouble) => {
                    let again = (!trouble.arrived || request.repeatable)
                        && matches!(
                            trouble.failure.word,
                            Word::Dns | Word::Unreachable | Word::ProxyUnreachable
                        );
                    (Failed::Trouble(trouble), again.then_some(None))
                }
                Ok(answer) => match read(&answer) {
                    Ok(value) => return Ok(value),
                    Err(refusal) => {
                        let again = refusals
                            && matches!(
                                refusal.kind,
                                Kind::Throttled | Kind::SlowDown | Kind::Server
                            );
                        let after = refusal.retry_after.map(Duration::from_secs);
                        (Failed::Refused(refusal), again.then_some(after))
                    }
                },
            };
            attempt += 1;
            let Some(after) = pause.filter(|_| attempt < self.attempts) else {
                return Err(failed);
            };
            let pause = after.unwrap_or_else(|| backoff(attempt));
            if pause >= deadline.left() {
                return Err(failed);
            }
            sys::pause(pause);
        }
    }

    /// Sends a request once.
    pub(crate) fn send(
        &self,
        endpoint: &Endpoint,
        request: &Request,
        deadline: Moment,
    ) -> Result<Answer, Trouble> {
        let not_sent = |failure| Trouble {
            failure,
            arrived: false,
        };
        let proxy = match request.direct {
            true => None,
            false => self.proxy(endpoint).map_err(not_sent)?,
        };
        let agent = self.agent(endpoint.address.secure).map_err(not_sent)?;
        // Less than a millisecond would be no limit at all to some system calls.
        let left = deadline.left().max(Duration::from_millis(1));
        self.progress.reset(proxy.is_some());
        let result = exchange(agent, endpoint, request, proxy.as_ref(), left);
        match result {
            Ok((answer, date)) => {
                if let Some(date) = date {
                    self.skew.store(date.since(now()).0, Ordering::Relaxed);
                }
                Ok(answer)
            }
            Err(error) => Err(Scene {
                endpoint,
                proxy: proxy.as_ref(),
                phase: self.progress.phase(),
                limit: self
                    .limit
                    .min(left.saturating_add(Duration::from_millis(50))),
                now: now(),
                roots: self.bundle.as_ref().map(|(_, from)| *from),
            }
            .trouble(error)),
        }
    }

    fn agent(&self, secure: bool) -> Result<&Agent, Failure> {
        let cell = if secure { &self.secure } else { &self.plain };
        if let Some(agent) = cell.get() {
            return Ok(agent);
        }
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("awsbadge-sso/", env!("CARGO_PKG_VERSION")));
        if secure {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let tls = TlsConfig::builder()
                .provider(TlsProvider::Rustls)
                .unversioned_rustls_crypto_provider(provider)
                .root_certs(self.roots()?);
            config = config.tls_config(tls.build());
        }
        let connector = DefaultConnector::new().chain(Probe(self.progress.clone()));
        let resolver = Marking(DefaultResolver::default(), self.progress.clone());
        Ok(cell.get_or_init(|| Agent::with_parts(config.build(), connector, resolver)))
    }
}

fn exchange(
    agent: &Agent,
    endpoint: &Endpoint,
    request: &Request,
    proxy: Option<&proxy::Proxy>,
    left: Duration,
) -> Result<(Answer, Option<crate::library::Epoch>), Error> {
    let url = format!("{}{}", endpoint.address.text, request.target);
    let proxy = proxy.map(|p| ureq::Proxy::new(&p.url)).transpose()?;
    let bearer = request.bearer.as_ref().map(|b| b.reveal());
    let mut response = match (request.method, &request.body) {
        (method @ ("POST" | "PUT"), body) => {
            let mut call = match method {
                "PUT" => agent.put(&url),
                _ => agent.post(&url),
            };
            if let Some(bearer) = bearer {
                call = call.header("x-amz-sso_bearer_token", bearer);
            }
            for (name, value) in &request.headers {
                call = call.header(*name, value.reveal());
            }
            if body.is_some() {
                call = call.header("content-type", request.content);
            }
            let call = call
                .config()
                .timeout_global(Some(left))
                .proxy(proxy)
                .build();
            match body {
                Some(body) => call.send(body.as_slice())?,
                None => call.send_empty()?,
            }
        }
        (method, _) => {
            let mut call = match method {
                "HEAD" => agent.head(&url),
                _ => agent.get(&url),
            };
            if let Some(bearer) = bearer {
                call = call.header("x-amz-sso_bearer_token", bearer);
            }
            for (name, value) in &request.headers {
                call = call.header(*name, value.reveal());
            }
            let call = call
                .config()
                .timeout_global(Some(left))
                .proxy(proxy)
                .build();
            call.call()?
        }
    };
    let status = response.status().as_u16();
    let headers = response.headers();
    let date = header(headers, "date").and_then(|text| http_date(&text));
    let answer = Answer {
        status,
        error_type: header(headers, "x-amzn-errortype"),
        request_id: header(headers, "x-amzn-requestid")
            .or_else(|| header(headers, "x-amz-request-id")),
        location: header(headers, "location"),
        retry_after: header(headers, "retry-after").and_then(|text| text.parse().ok()),
        body: Zeroizing::new(Vec::new()),
    };
    let body = response
        .body_mut()
        .with_config()
        .limit(BODY)
        .read_to_vec()?;
    let body = Zeroizing::new(body);
    Ok((Answer { body, ..answer }, date))
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// `Sat, 28 Nov 2026 07:09:01 GMT`, the only form that servers write today.
fn http_date(text: &str) -> Option<crate::library::Epoch> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|m| *m == month)? + 1;
    parse_time(&format!("{year}-{month:02}-{day}T{time}Z"))
}

/// Full jitter over half a second, then one, two, four.
fn backoff(attempt: u32) -> Duration {
    let most = 250_u64 << attempt.min(4);
    let random = sys::random::<8>().map_or(most / 2, u64::from_le_bytes);
    Duration::from_millis(random % most)
}

/// How far the request in progress is.
#[derive(Debug, Clone, Default)]
struct Progress {
    phase: Arc<AtomicU8>,
    proxied: Arc<AtomicU8>,
}

impl Progress {
    fn reset(&self, proxied: bool) {
        self.phase.store(Phase::Start as u8, Ordering::Relaxed);
        self.proxied.store(proxied.into(), Ordering::Relaxed);
    }

    fn reached(&self, phase: Phase) {
        self.phase.fetch_max(phase as u8, Ordering::Relaxed);
    }

    fn phase(&self) -> Phase {
        let phase = self.phase.load(Ordering::Relaxed);
        [
            Phase::Open,
            Phase::Proxied,
            Phase::Connecting,
            Phase::Resolving,
        ]
        .into_iter()
        .find(|p| phase >= *p as u8)
        .unwrap_or(Phase::Start)
    }
}

/// Notes that names are looked up.
struct Marking(DefaultResolver, Progress);

impl fmt::Debug for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Marking")
    }
}

impl Resolver for Marking {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.1.reached(Phase::Resolving);
        let found = self.0.resolve(uri, config, timeout)?;
        self.1.reached(Phase::Connecting);
        Ok(found)
    }
}

/// Notes that a connection is made, and wraps it to note that something is sent through it.
#[derive(Debug)]
struct Probe(Progress);

impl<In: Transport> Connector<In> for Probe {
    type Out = Sending<In>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        // The connection to the proxy itself is made by a chain of its own, which knows of no proxy.
        let to_proxy =
            self.0.proxied.load(Ordering::Relaxed) != 0 && details.config.proxy().is_none();
        let phase = if to_proxy {
            Phase::Proxied
        } else {
            Phase::Open
        };
        Ok(chained.map(|transport| Sending {
            transport,
            phase,
            progress: self.0.clone(),
        }))
    }
}

/// A connection that notes when something is sent.
#[derive(Debug)]
struct Sending<T> {
    transport: T,
    phase: Phase,
    progress: Progress,
}

impl<T: Transport> Transport for Sending<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.progress.reached(self.phase);
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.transport.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Epoch;

    #[test]
    fn the_servers_clock_is_read() {
        for (text, want) in [
            ("Thu, 01 Jan 2026 00:00:00 GMT", Some(1_767_225_600)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("now", None),
            ("Thu, 01 Foo 2026 00:00:00 GMT", None),
        ] {
            assert_eq!(http_date(text), want.map(Epoch), "{text}");
        }
    }

    #[test]
    fn pauses_grow_and_stay_short() {
        for attempt in 1..20 {
            assert!(backoff(attempt) < Duration::from_secs(4));
        }
    }

    #[test]
    fn attempts_come_from_variable_profile_or_rule() {
        let config = crate::library::config_of("[profile p]\nmax_attempts = 5");
        let profile = config.profile("p");
        let limit = Duration::from_secs(1);
        for (value, profile, want) in [
            (Some("1"), profile, 1),
            (None, profile, 5),
            (None, None, 3),
            (Some("x"), None, 3),
            (Some("0"), None, 1),
            (Some("99"), None, 10),
        ] {
            let vars = Vars::from_iter(value.map(|v| ("AWS_MAX_ATTEMPTS", v)));
            assert_eq!(Client::new(&vars, profile, limit).attempts, want);
        }
    }
}
